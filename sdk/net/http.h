/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_HTTP_H
#define ICWS_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include <icws/bytes.h>
#include <icws/error.h>

#include "proxy.h"
#include "url.h"

/*
 * HTTP requests to one server with libcurl, on a loop and without a thread: many at a time, over one
 * connection where the server speaks HTTP/2 (over TLS), else over as many as there are requests.
 * Names are looked up with c-ares, anew after a minute or a failure to connect.  Redirects are not
 * followed, and nothing is taken from the environment.
 */
struct icws_http;
struct icws_http_transfer;

struct icws_http_config {
  uv_loop_t *loop;
  const struct icws_url *url;     /* scheme, host and port of the server */
  const struct icws_proxy *proxy; /* or NULL */
  const char *ca_file;            /* or NULL: the system's */
  uint64_t resolve_timeout_ms;
  uint64_t connect_timeout_ms;  /* of TCP and TLS */
  uint64_t exchange_timeout_ms; /* of a request and its answer, from when it has a turn */
  size_t max_exchanges;         /* under way at a time; others wait for their turn */
  size_t max_answer_bytes;
};

/* icws_http_new keeps |config|, whose pointers are borrowed for its life.  Returns ICWS_OK or
 * ICWS_ERR_NOMEM.  icws_http_del forgets what is under way; it may be called in callbacks. */
ICWS_NODISCARD enum icws_error icws_http_new(const struct icws_http_config *config,
                                             struct icws_http **http, struct icws_failure *failure);
void icws_http_del(struct icws_http *http);

/* Borrowed until the callback returns. */
struct icws_http_result {
  unsigned status;
  uint64_t retry_after_s; /* Retry-After (RFC 9110, 10.2.3); 0 if it is absent */
  struct icws_bytes body;
};

/*
 * Exactly once, on the loop: |answer|, whatever its status; or NULL and |failure|: ICWS_ERR_RESOLVE,
 * _RESOLVE_TIMEOUT, _CONNECT, _CONNECT_TIMEOUT, _TLS, which all say that the request has not been
 * sent, ICWS_ERR_HTTP, _HTTP_TIMEOUT, _LIMIT or _NOMEM.  The transfer is gone when it returns.
 */
typedef void icws_http_fn(void *user_data, const struct icws_http_result *answer,
                          const struct icws_failure *failure);

/* icws_http_get and icws_http_post (of CBOR) begin a transfer; |path| is copied, |body| borrowed
 * until the transfer ends.  Return ICWS_OK or ICWS_ERR_NOMEM.  icws_http_cancel ends one without a
 * callback. */
ICWS_NODISCARD enum icws_error icws_http_get(struct icws_http *http, const char *path,
                                             icws_http_fn *fn, void *user_data,
                                             struct icws_http_transfer **transfer);
ICWS_NODISCARD enum icws_error icws_http_post(struct icws_http *http, const char *path,
                                              struct icws_bytes body, icws_http_fn *fn,
                                              void *user_data,
                                              struct icws_http_transfer **transfer);
void icws_http_cancel(struct icws_http_transfer *transfer);

#endif
