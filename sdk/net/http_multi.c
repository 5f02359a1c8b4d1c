/* SPDX-License-Identifier: Apache-2.0 */
#include "http_impl.h"

/* Tells of the transfers that libcurl has finished.  The last thing that a callback of the loop
 * does. */
static void tell_finished(struct icws_http *http)
{
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
    struct icws_http_transfer *transfer = NULL;
    CURLcode result = message->data.result;
    if (message->msg != CURLMSG_DONE)
      continue;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
    if (!icws_http_transfer_done(transfer, result))
      return;
  }
  icws_http_next_turns(http);
}

static void timer_fired(void *user_data)
{
  struct icws_http *http = user_data;
  int running;
  curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  tell_finished(http);
}

static void socket_ready(void *user_data, int fd, int status, int events)
{
  struct icws_http *http = user_data;
  int flags =
      (events & UV_READABLE ? CURL_CSELECT_IN : 0) | (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0);
  int running;
  curl_multi_socket_action(http->multi, fd, status < 0 ? CURL_CSELECT_ERR : flags, &running);
  tell_finished(http);
}

static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *user_data, void *socket_data)
{
  struct icws_http *http = user_data;
  struct icws_watch *watch = socket_data;
  (void)easy;
  if (what == CURL_POLL_REMOVE) {
    icws_watch_del(watch);
    curl_multi_assign(http->multi, fd, NULL);
    return 0;
  }
  if (watch == NULL) {
    watch = icws_watch_new(http->config.loop, fd, socket_ready, http);
    curl_multi_assign(http->multi, fd, watch);
  }
  if (watch == NULL) { /* an error here would end libcurl's handle for good */
    icws_http_starve(http);
    return 0;
  }
  icws_watch_set(watch, (what & CURL_POLL_IN ? UV_READABLE : 0) |
                            (what & CURL_POLL_OUT ? UV_WRITABLE : 0));
  return 0;
}

static int set_timer(CURLM *multi, long ms, void *user_data)
{
  struct icws_http *http = user_data;
  (void)multi;
  if (ms < 0)
    icws_timer_stop(http->multi_timer);
  else
    icws_timer_start(http->multi_timer, (uint64_t)ms);
  return 0;
}

enum icws_error icws_http_multi_init(struct icws_http *http)
{
  http->multi_timer = icws_timer_new(http->config.loop, timer_fired, http);
  http->multi = curl_multi_init();
  if (http->multi_timer == NULL || http->multi == NULL ||
      curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX) != CURLM_OK ||
      curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, watch_socket) != CURLM_OK ||
      curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http) != CURLM_OK ||
      curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, set_timer) != CURLM_OK ||
      curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http) != CURLM_OK)
    return ICWS_ERR_NOMEM;
  return ICWS_OK;
}

void icws_http_multi_wipe(struct icws_http *http)
{
  if (http->multi != NULL)
    curl_multi_cleanup(http->multi); /* closes connections, whose watches go with them */
  icws_timer_del(http->multi_timer);
}
