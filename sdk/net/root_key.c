/* SPDX-License-Identifier: Apache-2.0 */
#include "root_key.h"

#include <stdio.h>
#include <stdlib.h>

#include <icws/cbor.h>

#include "http.h"

#define ANSWER_MAX_BYTES 65536
#define STATUS_PATH "/api/v2/status"

/* Its own timeouts are not to come before the caller's: a day. */
#define TIMEOUT_MS UINT64_C(86400000)

struct icws_root_key_fetch {
  const struct icws_url *url;
  icws_root_key_fn *fn;
  void *user_data;
  struct icws_http *http;
};

static void fail(struct icws_root_key_fetch *fetch, enum icws_error error, const char *reason)
{
  struct icws_failure failure;
  (void)icws_fail(&failure, error, "cannot fetch the root key from %s://%s%s: %s",
                  fetch->url->secure ? "https" : "http", fetch->url->authority, STATUS_PATH,
                  reason);
  fetch->fn(fetch->user_data, icws_bytes_of(NULL, 0), &failure);
}

static void read_answer(struct icws_root_key_fetch *fetch, struct icws_bytes body)
{
  struct icws_cbor_field root_key = {.name = "root_key", .type = ICWS_CBOR_BYTES, .required = true};
  if (icws_cbor_decode_fields(body, "status", &root_key, 1, NULL) != ICWS_OK)
    fail(fetch, ICWS_ERR_HTTP, "the answer is not a status with a root key");
  else
    fetch->fn(fetch->user_data, root_key.value.bytes, NULL);
}

static void answered(void *user_data, const struct icws_http_result *answer,
                     const struct icws_failure *failure)
{
  struct icws_root_key_fetch *fetch = user_data;
  char text[sizeof "HTTP status 4294967295"];
  if (failure != NULL) {
    enum icws_error error = failure->code;
    fail(fetch, error == ICWS_ERR_RESOLVE || error == ICWS_ERR_NOMEM ? error : ICWS_ERR_HTTP,
         failure->text);
  } else if (answer->status != 200) {
    snprintf(text, sizeof text, "HTTP status %u", answer->status);
    fail(fetch, ICWS_ERR_HTTP, text);
  } else {
    read_answer(fetch, answer->body);
  }
}

enum icws_error icws_root_key_fetch_new(uv_loop_t *loop, const struct icws_url *url,
                                        const char *ca_file, icws_root_key_fn *fn, void *user_data,
                                        struct icws_root_key_fetch **fetch,
                                        struct icws_failure *failure)
{
  const struct icws_http_config config = {
      .loop = loop,
      .url = url,
      .ca_file = ca_file,
      .resolve_timeout_ms = TIMEOUT_MS,
      .connect_timeout_ms = TIMEOUT_MS,
      .exchange_timeout_ms = TIMEOUT_MS,
      .max_exchanges = 1,
      .max_answer_bytes = ANSWER_MAX_BYTES,
  };
  struct icws_http_transfer *transfer;
  struct icws_root_key_fetch *made = calloc(1, sizeof *made);
  enum icws_error error = ICWS_ERR_NOMEM;
  if (made == NULL)
    return icws_fail(failure, error, "out of memory");
  made->url = url;
  made->fn = fn;
  made->user_data = user_data;
  error = icws_http_new(&config, &made->http, failure);
  if (error == ICWS_OK) {
    error = icws_http_get(made->http, STATUS_PATH, answered, made, &transfer);
    if (error != ICWS_OK)
      (void)icws_fail(failure, error, "out of memory");
  }
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
  icws_http_del(fetch->http);
  free(fetch);
}
