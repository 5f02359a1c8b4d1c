/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_HTTP_IMPL_H
#define ICWS_NET_HTTP_IMPL_H

#include <curl/curl.h>

#include "http.h"
#include "list.h"
#include "loop.h"
#include "resolve.h"

/* HTTP in three files: http.c has its life, names and turns, http_transfer.c a request and its
 * answer, http_multi.c drives libcurl on the loop. */
struct icws_http {
  struct icws_http_config config;
  CURLM *multi;
  struct icws_timer *multi_timer; /* what libcurl waits for */
  struct curl_slist *headers;     /* of a request with CBOR */

  struct icws_link waiting; /* transfers without a turn */
  struct icws_link running;
  size_t running_count;
  struct icws_timer *turn_timer; /* at once: transfers have come or gone */
  bool is_starved;

  const struct icws_url *peer; /* whose name is looked up: the server or the proxy */
  struct icws_resolver *resolver;
  struct icws_timer *name_timer; /* of a look-up: its end; after it: the end of what it found */
  struct curl_slist *addresses;  /* for CURLOPT_RESOLVE; NULL for a numeric host */
  bool has_addresses;

  bool *deleted; /* where to note that a callback has deleted this, or NULL */
};

struct icws_http_transfer {
  struct icws_link link;
  struct icws_http *http;
  icws_http_fn *fn;
  void *user_data;
  char *path;
  bool is_post;
  struct icws_bytes body;

  bool has_turn;
  CURL *easy; /* NULL without a turn */
  struct icws_buf answer;
  size_t head_bytes; /* of the answer so far */
  char error[CURL_ERROR_SIZE];
};

/* --- http.c --- */

/* icws_http_next_turns begins waiting transfers as far as there is room. */
void icws_http_next_turns(struct icws_http *http);

/* icws_http_finish ends a transfer and tells how; false if that has deleted |http|. */
bool icws_http_finish(struct icws_http_transfer *transfer, const struct icws_http_result *answer,
                      const struct icws_failure *failure);

/* icws_http_starve has all transfers that run end for lack of memory, later. */
void icws_http_starve(struct icws_http *http);

/* icws_http_forget_addresses has the name looked up anew for the next transfer. */
void icws_http_forget_addresses(struct icws_http *http);

/* --- http_transfer.c --- */

/* icws_http_transfer_begin hands the request to libcurl.  Returns ICWS_OK or ICWS_ERR_NOMEM. */
ICWS_NODISCARD enum icws_error icws_http_transfer_begin(struct icws_http_transfer *transfer);

/* icws_http_transfer_end takes it back from libcurl; harmless if it has not begun. */
void icws_http_transfer_end(struct icws_http_transfer *transfer);

/* icws_http_transfer_done: libcurl has finished it with |result|.  False as icws_http_finish. */
bool icws_http_transfer_done(struct icws_http_transfer *transfer, CURLcode result);

/* --- http_multi.c --- */

/* Sets up and frees |http|'s multi handle and its timer.  Returns ICWS_OK or ICWS_ERR_NOMEM. */
ICWS_NODISCARD enum icws_error icws_http_multi_init(struct icws_http *http);
void icws_http_multi_wipe(struct icws_http *http);

#endif
