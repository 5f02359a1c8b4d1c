/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_TLS_H
#define ICWS_NET_TLS_H

#include <stdbool.h>

#include <openssl/ssl.h>

#include <icws/error.h>

#include "url.h"

/*
 * TLS for the one server that |url| names: what libwebsockets is given to use, and the reason of a
 * failed handshake, which it does not tell.
 */
struct icws_tls {
  const struct icws_url *url;
  SSL_CTX *ctx;
  void (*on_start)(void *user_data); /* a handshake begins */
  void *user_data;
  char reason[128]; /* why it failed, or "" */
};

/* icws_tls_init makes |tls|->ctx, after the other members are set; |ca_file| may be NULL.  Returns
 * ICWS_OK, ICWS_ERR_SYSTEM or ICWS_ERR_PEM (the CA file).  icws_tls_wipe may follow in any case. */
ICWS_NODISCARD enum icws_error icws_tls_init(struct icws_tls *tls, const char *ca_file,
                                             struct icws_failure *failure);
void icws_tls_wipe(struct icws_tls *tls);

/* icws_tls_check_ca_file tells whether |ca_file| can be used.  Returns as icws_tls_init does. */
ICWS_NODISCARD enum icws_error icws_tls_check_ca_file(const char *ca_file,
                                                      struct icws_failure *failure);

/* icws_tls_begin prepares the connection |ssl| when its handshake begins. */
void icws_tls_begin(const struct icws_tls *tls, SSL *ssl);

#endif
