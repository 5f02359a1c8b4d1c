/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_TLS_H
#define ICWS_NET_TLS_H

#include <stdbool.h>

#include <openssl/ssl.h>

#include <icws/error.h>

#include "url.h"

/*
 * TLS as libwebsockets' client uses it: settings of its SSL_CTX, and the reason of a failed
 * handshake, which libwebsockets does not tell.
 */
struct icws_tls {
  const struct icws_url *url;
  void (*on_start)(void *user_data); /* a handshake begins */
  void *user_data;
  char reason[128]; /* why it failed, or "" */
};

/* icws_tls_configure sets up |ctx| for |tls|, which it borrows for its life.  |ca_file| may be NULL.
 * Returns ICWS_OK, ICWS_ERR_SYSTEM or ICWS_ERR_PEM (the CA file). */
ICWS_NODISCARD enum icws_error icws_tls_configure(struct icws_tls *tls, SSL_CTX *ctx,
                                                  const char *ca_file,
                                                  struct icws_failure *failure);

/* icws_tls_note_verification keeps the reason why a certificate was refused. */
void icws_tls_note_verification(struct icws_tls *tls, X509_STORE_CTX *store);

#endif
