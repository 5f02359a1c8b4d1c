/* SPDX-License-Identifier: Apache-2.0 */
#include "http_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_LIFE_MS 60000

/* --- Names ------------------------------------------------------------------------------------ */

/* Every transfer in |list| fails; new ones try again.  False if a callback has deleted the owner. */
static bool fail_all(struct icws_link *list, const struct icws_failure *failure)
{
  struct icws_link *link;
  size_t count = 0;
  for (link = list->next; link != list; link = link->next)
    count++;
  for (; count > 0 && (link = icws_list_first(list)) != NULL; count--)
    if (!icws_http_finish((struct icws_http_transfer *)link, NULL, failure))
      return false;
  return true;
}

static void stop_resolving(struct icws_http *http)
{
  icws_resolver_del(http->resolver);
  http->resolver = NULL;
  icws_timer_stop(http->name_timer);
}

/* libcurl would look the name up in a thread of its own: it is given the addresses. */
static bool keep_addresses(struct icws_http *http, const struct icws_addresses *addresses)
{
  char entry[ICWS_URL_AUTHORITY_BYTES + ICWS_ADDRESSES_MAX * (ICWS_ADDRESS_TEXT_BYTES + 2)];
  size_t used = (size_t)snprintf(entry, sizeof entry, "%s", http->peer->authority);
  size_t i;
  for (i = 0; i < addresses->count; i++) {
    char text[ICWS_ADDRESS_TEXT_BYTES];
    icws_address_format(&addresses->list[i], text);
    used += (size_t)snprintf(entry + used, sizeof entry - used, "%c%s", i == 0 ? ':' : ',', text);
  }
  curl_slist_free_all(http->addresses); /* only what begins reads it */
  http->addresses = curl_slist_append(NULL, entry);
  return http->addresses != NULL;
}

static void resolved(void *user_data, const struct icws_addresses *addresses,
                     const struct icws_failure *failure)
{
  struct icws_http *http = user_data;
  struct icws_failure no_memory;
  if (failure == NULL && !keep_addresses(http, addresses)) {
    (void)icws_fail(&no_memory, ICWS_ERR_NOMEM, "out of memory");
    failure = &no_memory;
  }
  stop_resolving(http); /* to which |addresses| belong */
  http->has_addresses = failure == NULL;
  if (failure != NULL) {
    (void)fail_all(&http->waiting, failure);
    return;
  }
  icws_timer_start(http->name_timer, NAME_LIFE_MS);
  icws_http_next_turns(http);
}

static void name_timer_fired(void *user_data)
{
  struct icws_http *http = user_data;
  struct icws_failure failure;
  if (http->resolver == NULL) {
    http->has_addresses = false;
    return;
  }
  stop_resolving(http);
  (void)icws_fail(&failure, ICWS_ERR_RESOLVE_TIMEOUT,
                  "no answer to the look-up of the host name %s within %llu ms", http->peer->host,
                  (unsigned long long)http->config.resolve_timeout_ms);
  (void)fail_all(&http->waiting, &failure);
}

/* Starts a look-up, unless one is under way. */
static void resolve(struct icws_http *http)
{
  struct icws_failure failure;
  if (http->resolver != NULL)
    return;
  icws_timer_start(http->name_timer, http->config.resolve_timeout_ms);
  if (icws_resolver_new(http->config.loop, http->peer, resolved, http, &http->resolver, &failure) ==
      ICWS_OK)
    return;
  icws_timer_stop(http->name_timer);
  (void)fail_all(&http->waiting, &failure);
}

void icws_http_forget_addresses(struct icws_http *http)
{
  http->has_addresses = http->peer->numeric;
}

/* --- Turns ------------------------------------------------------------------------------------ */

void icws_http_next_turns(struct icws_http *http)
{
  struct icws_link *link;
  while ((link = icws_list_first(&http->waiting)) != NULL &&
         http->running_count < http->config.max_exchanges) {
    struct icws_http_transfer *transfer = (struct icws_http_transfer *)link;
    struct icws_failure failure;
    if (!http->has_addresses) {
      resolve(http);
      return;
    }
    icws_list_remove(link);
    icws_list_append(&http->running, link);
    http->running_count++;
    transfer->has_turn = true;
    if (icws_http_transfer_begin(transfer) == ICWS_OK)
      continue;
    (void)icws_fail(&failure, ICWS_ERR_NOMEM, "out of memory");
    if (!icws_http_finish(transfer, NULL, &failure))
      return;
  }
}

static void remove_transfer(struct icws_http_transfer *transfer)
{
  if (transfer->has_turn)
    transfer->http->running_count--;
  icws_http_transfer_end(transfer);
  icws_list_remove(&transfer->link);
}

static void free_transfer(struct icws_http_transfer *transfer)
{
  icws_buf_wipe(&transfer->answer);
  free(transfer->path);
  free(transfer);
}

bool icws_http_finish(struct icws_http_transfer *transfer, const struct icws_http_result *answer,
                      const struct icws_failure *failure)
{
  struct icws_http *http = transfer->http;
  bool deleted = false;
  remove_transfer(transfer);
  http->deleted = &deleted;
  transfer->fn(transfer->user_data, answer, failure);
  free_transfer(transfer);
  if (!deleted)
    http->deleted = NULL;
  return !deleted;
}

/* --- Exchanges -------------------------------------------------------------------------------- */

static enum icws_error begin(struct icws_http *http, const char *path, bool is_post,
                             struct icws_bytes body, icws_http_fn *fn, void *user_data,
                             struct icws_http_transfer **transfer)
{
  struct icws_http_transfer *made = calloc(1, sizeof *made);
  if (made == NULL)
    return ICWS_ERR_NOMEM;
  made->path = strdup(path);
  if (made->path == NULL) {
    free(made);
    return ICWS_ERR_NOMEM;
  }
  made->http = http;
  made->fn = fn;
  made->user_data = user_data;
  made->is_post = is_post;
  made->body = body;
  icws_buf_init(&made->answer, http->config.max_answer_bytes, NULL);
  icws_list_append(&http->waiting, &made->link);
  /* Later, on the loop, which never lets a callback run inside this call. */
  icws_timer_start(http->turn_timer, 0);
  *transfer = made;
  return ICWS_OK;
}

enum icws_error icws_http_get(struct icws_http *http, const char *path, icws_http_fn *fn,
                              void *user_data, struct icws_http_transfer **transfer)
{
  return begin(http, path, false, icws_bytes_of(NULL, 0), fn, user_data, transfer);
}

enum icws_error icws_http_post(struct icws_http *http, const char *path, struct icws_bytes body,
                               icws_http_fn *fn, void *user_data,
                               struct icws_http_transfer **transfer)
{
  return begin(http, path, true, body, fn, user_data, transfer);
}

void icws_http_cancel(struct icws_http_transfer *transfer)
{
  struct icws_http *http = transfer->http;
  remove_transfer(transfer);
  free_transfer(transfer);
  icws_timer_start(http->turn_timer, 0);
}

/* --- Life ------------------------------------------------------------------------------------- */

void icws_http_starve(struct icws_http *http)
{
  http->is_starved = true;
  icws_timer_start(http->turn_timer, 0);
}

static void turn_timer_fired(void *user_data)
{
  struct icws_http *http = user_data;
  struct icws_failure failure;
  if (http->is_starved) {
    http->is_starved = false;
    (void)icws_fail(&failure, ICWS_ERR_NOMEM, "out of memory");
    if (!fail_all(&http->running, &failure))
      return;
  }
  icws_http_next_turns(http);
}

static bool make_headers(struct icws_http *http)
{
  /* No "Expect: 100-continue", for which libcurl would wait. */
  static const char *const headers[] = {"Content-Type: application/cbor", "Expect:"};
  size_t i;
  for (i = 0; i < sizeof headers / sizeof headers[0]; i++) {
    struct curl_slist *longer = curl_slist_append(http->headers, headers[i]);
    if (longer == NULL)
      return false;
    http->headers = longer;
  }
  return true;
}

enum icws_error icws_http_new(const struct icws_http_config *config, struct icws_http **http,
                              struct icws_failure *failure)
{
  struct icws_http *made = calloc(1, sizeof *made);
  if (made == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "out of memory");
  made->config = *config;
  made->peer = config->proxy == NULL ? config->url : &config->proxy->url;
  made->has_addresses = made->peer->numeric;
  icws_list_init(&made->waiting);
  icws_list_init(&made->running);
  made->name_timer = icws_timer_new(config->loop, name_timer_fired, made);
  made->turn_timer = icws_timer_new(config->loop, turn_timer_fired, made);
  if (made->name_timer == NULL || made->turn_timer == NULL || !make_headers(made) ||
      icws_http_multi_init(made) != ICWS_OK) {
    icws_http_del(made);
    return icws_fail(failure, ICWS_ERR_NOMEM, "out of memory");
  }
  *http = made;
  return ICWS_OK;
}

static void forget_all(struct icws_link *list)
{
  struct icws_link *link;
  while ((link = icws_list_first(list)) != NULL) {
    remove_transfer((struct icws_http_transfer *)link);
    free_transfer((struct icws_http_transfer *)link);
  }
}

void icws_http_del(struct icws_http *http)
{
  if (http == NULL)
    return;
  if (http->deleted != NULL)
    *http->deleted = true;
  forget_all(&http->running);
  forget_all(&http->waiting);
  icws_resolver_del(http->resolver);
  icws_http_multi_wipe(http);
  curl_slist_free_all(http->addresses);
  curl_slist_free_all(http->headers);
  icws_timer_del(http->name_timer);
  icws_timer_del(http->turn_timer);
  free(http);
}
