/* SPDX-License-Identifier: Apache-2.0 */
#include "tls.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

/* What OpenSSL says while a handshake goes on (SSL_CTX_set_info_callback). */
static void note_info(const SSL *ssl, int where, int result)
{
  struct icws_tls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
  unsigned long error = ERR_peek_last_error();
  const char *reason;
  if ((where & SSL_CB_HANDSHAKE_START) != 0)
    tls->on_start(tls->user_data);
  if ((where & SSL_CB_EXIT) == 0 || result >= 0 || error == 0 || tls->reason[0] != '\0')
    return;
  reason = ERR_reason_error_string(error);
  snprintf(tls->reason, sizeof tls->reason, "%s", reason == NULL ? "unknown reason" : reason);
}

void icws_tls_note_verification(struct icws_tls *tls, X509_STORE_CTX *store)
{
  int error = X509_STORE_CTX_get_error(store);
  if (tls->reason[0] == '\0')
    snprintf(tls->reason, sizeof tls->reason, "the certificate is not trusted: %s",
             X509_verify_cert_error_string(error));
}

static enum icws_error load_ca_file(SSL_CTX *ctx, const char *ca_file, struct icws_failure *failure)
{
  FILE *file = fopen(ca_file, "r");
  if (file == NULL)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "cannot read the CA file %s: %s", ca_file,
                     strerror(errno));
  fclose(file);
  ERR_clear_error();
  if (SSL_CTX_load_verify_file(ctx, ca_file) == 1)
    return ICWS_OK;
  ERR_clear_error();
  return icws_fail(failure, ICWS_ERR_PEM, "no certificate can be read from the CA file %s",
                   ca_file);
}

enum icws_error icws_tls_configure(struct icws_tls *tls, SSL_CTX *ctx, const char *ca_file,
                                   struct icws_failure *failure)
{
  SSL_CTX_set_app_data(ctx, tls);
  SSL_CTX_set_info_callback(ctx, note_info);
  if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
      (tls->url->numeric &&
       X509_VERIFY_PARAM_set1_ip_asc(SSL_CTX_get0_param(ctx), tls->url->host) != 1))
    return icws_fail(failure, ICWS_ERR_SYSTEM, "OpenSSL cannot be set up for TLS");
  return ca_file == NULL ? ICWS_OK : load_ca_file(ctx, ca_file, failure);
}
