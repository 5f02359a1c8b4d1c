/* SPDX-License-Identifier: Apache-2.0 */
#include "http_impl.h"

#include <limits.h>
#include <stdio.h>

#include <icws/version.h>

#define HEAD_MAX_BYTES 65536

static long to_long(uint64_t value)
{
  return value > LONG_MAX ? LONG_MAX : (long)value;
}

static size_t receive(char *data, size_t size, size_t count, void *user_data)
{
  struct icws_http_transfer *transfer = user_data;
  icws_buf_put(&transfer->answer, data, size * count);
  return icws_buf_error(&transfer->answer) == ICWS_OK ? size * count : 0;
}

static size_t receive_head(char *data, size_t size, size_t count, void *user_data)
{
  struct icws_http_transfer *transfer = user_data;
  (void)data;
  transfer->head_bytes += size * count;
  return transfer->head_bytes <= HEAD_MAX_BYTES ? size * count : 0;
}

static bool set_request(const struct icws_http_transfer *transfer, const char *url)
{
  CURL *easy = transfer->easy;
  if (curl_easy_setopt(easy, CURLOPT_URL, url) != CURLE_OK)
    return false;
  if (!transfer->is_post)
    return true;
  return curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer->body.data) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->body.len) ==
             CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->http->headers) == CURLE_OK;
}

static bool set_connection(CURL *easy, const struct icws_http *http)
{
  const struct icws_http_config *config = &http->config;
  const char *proxy = config->proxy == NULL ? "" : (const char *)config->proxy->whole.data;
  return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_PROXY, proxy) == CURLE_OK && /* "": none */
         curl_easy_setopt(easy, CURLOPT_NOPROXY, "") == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_RESOLVE, http->addresses) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_PIPEWAIT, (long)config->url->secure) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, to_long(config->connect_timeout_ms)) ==
             CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, to_long(config->exchange_timeout_ms)) ==
             CURLE_OK &&
         (config->ca_file == NULL ||
          curl_easy_setopt(easy, CURLOPT_CAINFO, config->ca_file) == CURLE_OK);
}

static bool set_callbacks(struct icws_http_transfer *transfer)
{
  CURL *easy = transfer->easy;
  return curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_USERAGENT, "libicws/" ICWS_VERSION) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_head) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) == CURLE_OK;
}

enum icws_error icws_http_transfer_begin(struct icws_http_transfer *transfer)
{
  char url[sizeof "https://" + ICWS_URL_AUTHORITY_BYTES + ICWS_URL_PATH_BYTES];
  struct icws_http *http = transfer->http;
  snprintf(url, sizeof url, "%s://%s%s", http->config.url->secure ? "https" : "http",
           http->config.url->authority, transfer->path);
  transfer->easy = curl_easy_init();
  if (transfer->easy == NULL || !set_request(transfer, url) ||
      !set_connection(transfer->easy, http) || !set_callbacks(transfer) ||
      curl_multi_add_handle(http->multi, transfer->easy) != CURLM_OK)
    return ICWS_ERR_NOMEM;
  return ICWS_OK;
}

void icws_http_transfer_end(struct icws_http_transfer *transfer)
{
  if (transfer->easy == NULL)
    return;
  curl_multi_remove_handle(transfer->http->multi, transfer->easy); /* harmless if not added */
  curl_easy_cleanup(transfer->easy);
  transfer->easy = NULL;
}

/* Whether the request's first byte was about to be sent. */
static bool was_connected(CURL *easy)
{
  curl_off_t us = 0;
  curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &us);
  return us > 0;
}

static enum icws_error error_of(const struct icws_http_transfer *transfer, CURLcode result)
{
  bool connected = was_connected(transfer->easy);
  switch ((int)result) {
  case CURLE_OUT_OF_MEMORY:
    return ICWS_ERR_NOMEM;
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_RESOLVE_PROXY:
    return ICWS_ERR_RESOLVE;
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
    return connected ? ICWS_ERR_HTTP : ICWS_ERR_TLS;
  case CURLE_OPERATION_TIMEDOUT:
    return connected ? ICWS_ERR_HTTP_TIMEOUT : ICWS_ERR_CONNECT_TIMEOUT;
  default:
    return connected ? ICWS_ERR_HTTP : ICWS_ERR_CONNECT;
  }
}

static void explain(const struct icws_http_transfer *transfer, CURLcode result,
                    struct icws_failure *failure)
{
  const struct icws_http_config *config = &transfer->http->config;
  const char *reason = transfer->error[0] != '\0' ? transfer->error : curl_easy_strerror(result);
  enum icws_error error = icws_buf_error(&transfer->answer);
  if (error == ICWS_ERR_LIMIT || transfer->head_bytes > HEAD_MAX_BYTES)
    (void)icws_fail(failure, ICWS_ERR_LIMIT, "the answer of %s is too long",
                    config->url->authority);
  else if (error != ICWS_OK)
    (void)icws_fail(failure, error, "out of memory");
  else
    (void)icws_fail(failure, error_of(transfer, result), "%s: %s", config->url->authority, reason);
}

bool icws_http_transfer_done(struct icws_http_transfer *transfer, CURLcode result)
{
  struct icws_http_result answer = {.body = icws_buf_bytes(&transfer->answer)};
  struct icws_failure failure;
  curl_off_t retry_after_s = 0;
  long status = 0;
  if (result == CURLE_OK) {
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    answer.status = (unsigned)status;
    answer.retry_after_s = retry_after_s > 0 ? (uint64_t)retry_after_s : 0;
    return icws_http_finish(transfer, &answer, NULL);
  }
  explain(transfer, result, &failure);
  if (failure.code == ICWS_ERR_CONNECT || failure.code == ICWS_ERR_CONNECT_TIMEOUT)
    icws_http_forget_addresses(transfer->http);
  return icws_http_finish(transfer, NULL, &failure);
}
