/* SPDX-License-Identifier: Apache-2.0 */
#include "root_key.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include <icws/cbor.h>

#include "loop.h"
#include "resolve.h"

#define ANSWER_MAX_BYTES 65536
#define STATUS_PATH "/api/v2/status"

struct icws_root_key_fetch {
  uv_loop_t *loop;
  const struct icws_url *url;
  const char *ca_file;
  icws_root_key_fn *fn;
  void *user_data;
  struct icws_resolver *resolver;
  CURLM *multi;
  CURL *easy;
  struct curl_slist *addresses;
  struct icws_timer *timer;
  struct icws_buf answer;
  char error[CURL_ERROR_SIZE];
};

static void fail(struct icws_root_key_fetch *fetch, const char *reason)
{
  struct icws_failure failure;
  (void)icws_fail(&failure, ICWS_ERR_HTTP, "cannot fetch the root key from %s://%s%s: %s",
                  fetch->url->secure ? "https" : "http", fetch->url->authority, STATUS_PATH,
                  reason);
  fetch->fn(fetch->user_data, icws_bytes_of(NULL, 0), &failure);
}

static void read_answer(struct icws_root_key_fetch *fetch)
{
  struct icws_cbor_field root_key = {.name = "root_key", .type = ICWS_CBOR_BYTES, .required = true};
  struct icws_cbor_reader reader;
  icws_cbor_reader_init(&reader, icws_buf_bytes(&fetch->answer));
  if (icws_cbor_read_fields(&reader, &root_key, 1, NULL) != ICWS_OK ||
      icws_cbor_finish(&reader) != ICWS_OK)
    fail(fetch, "the answer is not a status with a root key");
  else
    fetch->fn(fetch->user_data, root_key.value.bytes, NULL);
}

/* Tells the result if there is one.  The last thing that a callback of the loop does. */
static void check_finished(struct icws_root_key_fetch *fetch)
{
  int left;
  long status = 0;
  char text[sizeof "HTTP status -9223372036854775808"];
  CURLMsg *message = curl_multi_info_read(fetch->multi, &left);
  if (message == NULL || message->msg != CURLMSG_DONE)
    return;
  curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &status);
  snprintf(text, sizeof text, "HTTP status %ld", status);
  if (icws_buf_error(&fetch->answer) == ICWS_ERR_LIMIT)
    fail(fetch, "the answer is too long");
  else if (message->data.result != CURLE_OK)
    fail(fetch, fetch->error[0] != '\0' ? fetch->error : curl_easy_strerror(message->data.result));
  else if (status != 200)
    fail(fetch, text);
  else
    read_answer(fetch);
}

/* --- libcurl's multi-socket interface --------------------------------------------------------- */

static void timer_fired(void *user_data)
{
  struct icws_root_key_fetch *fetch = user_data;
  int running;
  curl_multi_socket_action(fetch->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  check_finished(fetch);
}

static void socket_ready(void *user_data, int fd, int status, int events)
{
  struct icws_root_key_fetch *fetch = user_data;
  int flags =
      (events & UV_READABLE ? CURL_CSELECT_IN : 0) | (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0);
  int running;
  curl_multi_socket_action(fetch->multi, fd, status < 0 ? CURL_CSELECT_ERR : flags, &running);
  check_finished(fetch);
}

static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *user_data, void *socket_data)
{
  struct icws_root_key_fetch *fetch = user_data;
  struct icws_watch *watch = socket_data;
  (void)easy;
  if (what == CURL_POLL_REMOVE) {
    icws_watch_del(watch);
    curl_multi_assign(fetch->multi, fd, NULL);
    return 0;
  }
  if (watch == NULL) {
    watch = icws_watch_new(fetch->loop, fd, socket_ready, fetch);
    curl_multi_assign(fetch->multi, fd, watch);
  }
  if (watch == NULL)
    return -1;
  icws_watch_set(watch, (what & CURL_POLL_IN ? UV_READABLE : 0) |
                            (what & CURL_POLL_OUT ? UV_WRITABLE : 0));
  return 0;
}

static int set_timer(CURLM *multi, long ms, void *user_data)
{
  struct icws_root_key_fetch *fetch = user_data;
  (void)multi;
  if (ms < 0)
    icws_timer_stop(fetch->timer);
  else
    icws_timer_start(fetch->timer, (uint64_t)ms);
  return 0;
}

static size_t receive(char *data, size_t size, size_t count, void *user_data)
{
  struct icws_root_key_fetch *fetch = user_data;
  icws_buf_put(&fetch->answer, data, size * count);
  return icws_buf_error(&fetch->answer) == ICWS_OK ? size * count : 0;
}

static bool configure(struct icws_root_key_fetch *fetch, const char *url)
{
  CURL *easy = fetch->easy;
  return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK && /* as for the gateway: none */
         curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_RESOLVE, fetch->addresses) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, fetch->error) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch) == CURLE_OK &&
         (fetch->ca_file == NULL ||
          curl_easy_setopt(easy, CURLOPT_CAINFO, fetch->ca_file) == CURLE_OK) &&
         curl_multi_setopt(fetch->multi, CURLMOPT_SOCKETFUNCTION, watch_socket) == CURLM_OK &&
         curl_multi_setopt(fetch->multi, CURLMOPT_SOCKETDATA, fetch) == CURLM_OK &&
         curl_multi_setopt(fetch->multi, CURLMOPT_TIMERFUNCTION, set_timer) == CURLM_OK &&
         curl_multi_setopt(fetch->multi, CURLMOPT_TIMERDATA, fetch) == CURLM_OK &&
         curl_multi_add_handle(fetch->multi, easy) == CURLM_OK;
}

/* libcurl would look the name up in a thread of its own: it is given the addresses. */
static bool give_addresses(struct icws_root_key_fetch *fetch,
                           const struct icws_addresses *addresses)
{
  char entry[ICWS_URL_AUTHORITY_BYTES + ICWS_ADDRESSES_MAX * (ICWS_ADDRESS_TEXT_BYTES + 2)];
  size_t used = (size_t)snprintf(entry, sizeof entry, "%s", fetch->url->authority);
  size_t i;
  for (i = 0; i < addresses->count; i++) {
    char text[ICWS_ADDRESS_TEXT_BYTES];
    icws_address_format(&addresses->list[i], text);
    used += (size_t)snprintf(entry + used, sizeof entry - used, "%c%s", i == 0 ? ':' : ',', text);
  }
  fetch->addresses = curl_slist_append(NULL, entry);
  return fetch->addresses != NULL;
}

static void resolved(void *user_data, const struct icws_addresses *addresses,
                     const struct icws_failure *failure)
{
  struct icws_root_key_fetch *fetch = user_data;
  char url[sizeof "https://" + ICWS_URL_AUTHORITY_BYTES + sizeof STATUS_PATH];
  if (failure != NULL) {
    fetch->fn(fetch->user_data, icws_bytes_of(NULL, 0), failure);
    return;
  }
  snprintf(url, sizeof url, "%s://%s%s", fetch->url->secure ? "https" : "http",
           fetch->url->authority, STATUS_PATH);
  if (!fetch->url->numeric && !give_addresses(fetch, addresses))
    fail(fetch, "out of memory");
  else if (!configure(fetch, url))
    fail(fetch, "libcurl cannot be set up");
}

enum icws_error icws_root_key_fetch_new(uv_loop_t *loop, const struct icws_url *url,
                                        const char *ca_file, icws_root_key_fn *fn, void *user_data,
                                        struct icws_root_key_fetch **fetch,
                                        struct icws_failure *failure)
{
  struct icws_root_key_fetch *made = calloc(1, sizeof *made);
  enum icws_error error = ICWS_ERR_NOMEM;
  if (made == NULL)
    return icws_fail(failure, error, "out of memory");
  made->loop = loop;
  made->url = url;
  made->ca_file = ca_file;
  made->fn = fn;
  made->user_data = user_data;
  icws_buf_init(&made->answer, ANSWER_MAX_BYTES, NULL);
  made->timer = icws_timer_new(loop, timer_fired, made);
  made->multi = curl_multi_init();
  made->easy = curl_easy_init();
  if (made->timer == NULL || made->multi == NULL || made->easy == NULL)
    (void)icws_fail(failure, error, "out of memory");
  else
    error = icws_resolver_new(loop, url, resolved, made, &made->resolver, failure);
  if (error != ICWS_OK) {
    icws_root_key_fetch_del(made);
    return error;
  }
  *fetch = made;
  return ICWS_OK;
}

void icws_root_key_fetch_del(struct icws_root_key_fetch *fetch)
{
  if (fetch == NULL)
    return;
  icws_resolver_del(fetch->resolver);
  if (fetch->multi != NULL && fetch->easy != NULL)
    curl_multi_remove_handle(fetch->multi, fetch->easy); /* harmless if it was not added */
  curl_easy_cleanup(fetch->easy);
  curl_multi_cleanup(fetch->multi); /* closes connections, whose watches go with them */
  curl_slist_free_all(fetch->addresses);
  icws_timer_del(fetch->timer);
  icws_buf_wipe(&fetch->answer);
  free(fetch);
}
