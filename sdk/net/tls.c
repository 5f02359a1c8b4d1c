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

/* OpenSSL's verdict stands; the reason of a bad one is kept. */
static int note_verification(int good, X509_STORE_CTX *store)
{
  const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
  struct icws_tls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
  if (!good && tls->reason[0] == '\0')
    snprintf(tls->reason, sizeof tls->reason, "the certificate is not trusted: %s",
             X509_verify_cert_error_string(X509_STORE_CTX_get_error(store)));
  return good;
}

/* libwebsockets sets a callback of its own, which finds its connection by a global that each new
 * context changes: a client made while another is in its handshake would have that one's
 * certificate refused. */
void icws_tls_begin(const struct icws_tls *tls, SSL *ssl)
{
  SSL_set_verify(ssl, SSL_VERIFY_PEER, note_verification);
  if (tls->url->numeric) /* addresses are no server names (RFC 6066, 3) */
    SSL_set_tlsext_host_name(ssl, NULL);
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

static bool set_expected_name(SSL_CTX *ctx, const struct icws_url *url)
{
  X509_VERIFY_PARAM *param = SSL_CTX_get0_param(ctx);
  if (url->numeric)
    return X509_VERIFY_PARAM_set1_ip_asc(param, url->host) == 1;
  X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_host(param, url->host, 0) == 1;
}

enum icws_error icws_tls_init(struct icws_tls *tls, const char *ca_file,
                              struct icws_failure *failure)
{
  tls->ctx = SSL_CTX_new(TLS_client_method());
  if (tls->ctx == NULL || SSL_CTX_set_app_data(tls->ctx, tls) != 1 ||
      SSL_CTX_set_min_proto_version(tls->ctx, TLS1_2_VERSION) != 1 ||
      !set_expected_name(tls->ctx, tls->url))
    return icws_fail(failure, ICWS_ERR_SYSTEM, "OpenSSL cannot be set up for TLS");
  SSL_CTX_set_info_callback(tls->ctx, note_info);
  SSL_CTX_set_verify(tls->ctx, SSL_VERIFY_PEER, note_verification);
  if (ca_file != NULL)
    return load_ca_file(tls->ctx, ca_file, failure);
  if (SSL_CTX_set_default_verify_paths(tls->ctx) != 1)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "the system's CAs cannot be read");
  return ICWS_OK;
}

void icws_tls_wipe(struct icws_tls *tls)
{
  SSL_CTX_free(tls->ctx);
  tls->ctx = NULL;
}

enum icws_error icws_tls_check_ca_file(const char *ca_file, struct icws_failure *failure)
{
  SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
  enum icws_error error;
  if (ctx == NULL)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "OpenSSL cannot be set up for TLS");
  error = load_ca_file(ctx, ca_file, failure);
  SSL_CTX_free(ctx);
  return error;
}
