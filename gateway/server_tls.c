/* SPDX-License-Identifier: Apache-2.0 */

/* The certificate of a server, on OpenSSL.  A pair is read and checked as a whole before anything of
 * it is used, so that a bad one changes nothing. */

#include <errno.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "server_state.h"

struct pair {
  X509 *certificate;
  STACK_OF(X509) * chain;
  EVP_PKEY *key;
};

static void wipe(struct pair *pair)
{
  X509_free(pair->certificate);
  sk_X509_pop_free(pair->chain, X509_free);
  EVP_PKEY_free(pair->key);
  ERR_clear_error();
}

static enum icws_error fail(struct icws_failure *failure, const char *file, const char *what)
{
  const char *reason = ERR_reason_error_string(ERR_peek_error());

  return icws_fail(failure, ICWS_ERR_TLS, "%s: %s%s%s", file, what, reason ? ": " : "",
                   reason ? reason : "");
}

static BIO *open_file(const char *file, struct icws_failure *failure)
{
  BIO *bio;

  errno = 0;
  bio = BIO_new_file(file, "r");
  if (!bio) {
    ERR_clear_error();
    (void)icws_fail(failure, ICWS_ERR_TLS, "%s: cannot be opened: %s", file,
                    errno != 0 ? strerror(errno) : "no memory");
  }
  return bio;
}

/* Whether OpenSSL stopped because the file had no more PEM blocks. */
static bool is_end_of_file(void)
{
  return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

static enum icws_error read_certificates(struct pair *pair, const char *file,
                                         struct icws_failure *failure)
{
  BIO *bio = open_file(file, failure);
  enum icws_error error = ICWS_OK;
  X509 *certificate;

  if (!bio)
    return ICWS_ERR_TLS;
  pair->certificate = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL);
  pair->chain = sk_X509_new_null();
  if (!pair->certificate || !pair->chain) {
    BIO_free(bio);
    return fail(failure, file, "has no certificate");
  }
  while ((certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)))
    if (sk_X509_push(pair->chain, certificate) == 0)
      X509_free(certificate);
  if (!is_end_of_file())
    error = fail(failure, file, "has a malformed certificate in its chain");
  ERR_clear_error();
  BIO_free(bio);
  return error;
}

/* Without this OpenSSL would ask for the password at the terminal. */
static int no_password(char *buffer, int size, int writing, void *user_data)
{
  (void)buffer;
  (void)size;
  (void)writing;
  *(bool *)user_data = true;
  return -1;
}

static enum icws_error read_key(struct pair *pair, const char *file, struct icws_failure *failure)
{
  BIO *bio = open_file(file, failure);
  bool encrypted = false;

  if (!bio)
    return ICWS_ERR_TLS;
  pair->key = PEM_read_bio_PrivateKey(bio, NULL, no_password, &encrypted);
  BIO_free(bio);
  if (encrypted) {
    ERR_clear_error();
    return icws_fail(failure, ICWS_ERR_TLS,
                     "%s: the key is encrypted, and nobody is there to type its password", file);
  }
  if (!pair->key)
    return icws_fail(failure, ICWS_ERR_TLS, "%s: has no private key that can be read", file);
  return ICWS_OK;
}

static void warn_of_time(const struct server *server, const struct pair *pair)
{
  const char *file = server->context->config.tls_certificate_file;

  if (X509_cmp_current_time(X509_get0_notAfter(pair->certificate)) < 0)
    gateway_log(server->context, ICWS_GATEWAY_LOG_WARN, "certificate_expired", NULL,
                "%s: the certificate has expired", file);
  else if (X509_cmp_current_time(X509_get0_notBefore(pair->certificate)) > 0)
    gateway_log(server->context, ICWS_GATEWAY_LOG_WARN, "certificate_not_yet_valid", NULL,
                "%s: the certificate is not valid yet", file);
}

enum icws_error server_load_tls(struct server *server, struct icws_failure *failure)
{
  const struct icws_gateway_config *config = &server->context->config;
  struct pair pair = {0};
  enum icws_error error = read_certificates(&pair, config->tls_certificate_file, failure);

  if (error == ICWS_OK)
    error = read_key(&pair, config->tls_key_file, failure);
  if (error == ICWS_OK && X509_check_private_key(pair.certificate, pair.key) != 1)
    error = icws_fail(failure, ICWS_ERR_TLS, "%s: is not the key of the certificate in %s",
                      config->tls_key_file, config->tls_certificate_file);
  if (error == ICWS_OK &&
      SSL_CTX_use_cert_and_key(server->tls, pair.certificate, pair.key, pair.chain, 1) != 1)
    error = fail(failure, config->tls_certificate_file, "cannot be used");
  if (error == ICWS_OK)
    warn_of_time(server, &pair);
  wipe(&pair);
  return error;
}

void server_init_tls(struct server *server, void *ssl_ctx)
{
  server->tls = ssl_ctx;
  (void)SSL_CTX_set_min_proto_version(server->tls, TLS1_2_VERSION);
}
