/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/canisters/app.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cdk/icws_cdk.h>

#include "devnet/canisters/members.h"

#define NS_PER_MS UINT64_C(1000000)
#define MAX_MESSAGE_BYTES (1024 * 1024)

/* The kit keeps what it sends for an ack interval, 300 s as a rule: room for more than a replica on
 * one processor can carry in that time. */
#define MAX_GATEWAY_MESSAGES 1000000
#define MAX_GATEWAY_BYTES ((size_t)256 * 1024 * 1024)

struct icws_app {
  const struct icws_app_type *type;
  struct icws_canister_system system;
  struct icws_cdk *cdk;
  struct icws_members members;
  struct icws_buf message;
  uint64_t period_ns; /* 0: none */
  uint64_t next_period_ns;
  uint64_t period_count;
};

uint64_t icws_app_time(const struct icws_app *app)
{
  return app->system.time(app->system.user_data);
}

struct icws_buf *icws_app_message(struct icws_app *app)
{
  icws_buf_clear(&app->message);
  return &app->message;
}

/* --- Sending ----------------------------------------------------------------------------------- */

static enum icws_error check_message(const struct icws_buf *message)
{
  if (icws_buf_error(message) != ICWS_OK) {
    return icws_buf_error(message);
  }
  return message->len > MAX_MESSAGE_BYTES ? ICWS_ERR_LIMIT : ICWS_OK;
}

static void send_or_lose(struct icws_app *app, const struct icws_principal *client,
                         const struct icws_buf *message)
{
  enum icws_error error = icws_cdk_send(app->cdk, client, icws_buf_bytes(message));
  if (error != ICWS_OK) {
    icws_members_lose(&app->members, client);
  }
}

enum icws_error icws_app_send(struct icws_app *app, const struct icws_principal *client,
                              const struct icws_buf *message)
{
  enum icws_error error = check_message(message);
  if (error == ICWS_OK) {
    send_or_lose(app, client, message);
  }
  return error;
}

enum icws_error icws_app_broadcast(struct icws_app *app, const struct icws_buf *message)
{
  enum icws_error error = check_message(message);
  if (error == ICWS_OK) {
    for (size_t i = 0; i < app->members.count; i++) {
      send_or_lose(app, &app->members.list[i].principal, message);
    }
  }
  return error;
}

void icws_app_close(struct icws_app *app, const struct icws_principal *client)
{
  (void)icws_cdk_close(app->cdk, client);
}

/* --- The handlers of the kit ------------------------------------------------------------------- */

static const char *on_open(struct icws_cdk *cdk, const struct icws_client_key *client,
                           void *user_data)
{
  (void)cdk;
  struct icws_app *app = user_data;
  if (!icws_members_add(&app->members, &client->principal)) {
    return "the canister is out of memory";
  }
  if (app->type->on_open != NULL) {
    app->type->on_open(app, client);
  }
  return NULL;
}

static const char *on_message(struct icws_cdk *cdk, const struct icws_client_key *client,
                              struct icws_bytes content, void *user_data)
{
  (void)cdk;
  struct icws_app *app = user_data;
  return app->type->on_message == NULL ? NULL : app->type->on_message(app, client, content);
}

static void on_close(struct icws_cdk *cdk, const struct icws_client_key *client, void *user_data)
{
  (void)cdk;
  struct icws_app *app = user_data;
  icws_members_remove(&app->members, &client->principal);
  if (app->type->on_close != NULL) {
    app->type->on_close(app, client);
  }
}

/* --- The canister as its replica sees it ------------------------------------------------------- */

typedef enum icws_error method_fn(struct icws_cdk *cdk, const struct icws_principal *caller,
                                  struct icws_bytes arg, struct icws_buf *reply,
                                  struct icws_failure *failure);

static const struct method {
  const char *name;
  enum icws_method_kind kind;
  method_fn *run;
} methods[] = {
    {"ws_open", ICWS_METHOD_UPDATE, icws_cdk_ws_open},
    {"ws_message", ICWS_METHOD_UPDATE, icws_cdk_ws_message},
    {"ws_close", ICWS_METHOD_UPDATE, icws_cdk_ws_close},
    {"ws_get_messages", ICWS_METHOD_QUERY, icws_cdk_ws_get_messages},
};

static const struct method *find_method(struct icws_bytes name)
{
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
    if (icws_bytes_equal(icws_bytes_text(methods[i].name), name)) {
      return &methods[i];
    }
  }
  return NULL;
}

static enum icws_method_kind method_kind(struct icws_bytes name)
{
  const struct method *method = find_method(name);
  return method == NULL ? ICWS_METHOD_NONE : method->kind;
}

static enum icws_error run(void *self, struct icws_bytes name, const struct icws_principal *caller,
                           struct icws_bytes arg, struct icws_buf *reply,
                           struct icws_failure *failure)
{
  struct icws_app *app = self;
  const struct method *method = find_method(name);
  if (method == NULL) {
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT, "the canister has no such method");
  }
  return method->run(app->cdk, caller, arg, reply, failure);
}

static uint64_t deadline(void *self)
{
  const struct icws_app *app = self;
  uint64_t at = app->members.lost > 0 ? 0 : icws_cdk_deadline(app->cdk);
  return app->period_ns > 0 && app->next_period_ns < at ? app->next_period_ns : at;
}

/* Closing one may lose others, when the application tells them; each is closed once. */
static void close_lost(struct icws_app *app)
{
  struct icws_principal client;
  while (icws_members_next_lost(&app->members, &client)) {
    if (icws_cdk_close(app->cdk, &client) == ICWS_ERR_CLOSED) {
      icws_members_remove(&app->members, &client);
    }
  }
}

static void tick(void *self)
{
  struct icws_app *app = self;
  uint64_t now = icws_app_time(app);
  icws_cdk_tick(app->cdk);
  if (app->period_ns > 0 && app->next_period_ns <= now) {
    app->next_period_ns += app->period_ns;
    if (app->next_period_ns <= now) { /* rounds are rarer than periods, or the clock jumped */
      app->next_period_ns = now + app->period_ns;
    }
    app->type->on_period(app, ++app->period_count);
  }
  close_lost(app);
}

static void del(void *self)
{
  struct icws_app *app = self;
  icws_cdk_del(app->cdk);
  icws_members_wipe(&app->members);
  icws_buf_wipe(&app->message);
  free(app);
}

static enum icws_error make_cdk(struct icws_app *app, const struct icws_app_config *config)
{
  const struct icws_cdk_config cdk_config = {.ack_interval_ms = config->ack_interval_ms,
                                             .keep_alive_window_ms = config->keep_alive_window_ms,
                                             .max_message_bytes = MAX_MESSAGE_BYTES,
                                             .max_gateway_messages = MAX_GATEWAY_MESSAGES,
                                             .max_gateway_bytes = MAX_GATEWAY_BYTES};
  const struct icws_cdk_host host = {.time = app->system.time,
                                     .set_certified_data = app->system.set_certified_data,
                                     .data_certificate = app->system.data_certificate,
                                     .sha256 = icws_sha256,
                                     .user_data = app->system.user_data};
  const struct icws_cdk_handlers handlers = {
      .on_open = on_open, .on_message = on_message, .on_close = on_close, .user_data = app};
  return icws_cdk_new(&cdk_config, &host, &handlers, &app->cdk);
}

enum icws_error icws_app_new(const struct icws_app_type *type, const struct icws_app_config *config,
                             const struct icws_canister_system *system,
                             struct icws_canister *canister)
{
  struct icws_app *app = calloc(1, sizeof *app);
  if (app == NULL) {
    return ICWS_ERR_NOMEM;
  }
  app->type = type;
  app->system = *system;
  icws_buf_init(&app->message, 0, NULL);
  if (type->on_period != NULL) {
    app->period_ns = config->period_ms * NS_PER_MS;
    app->next_period_ns = icws_app_time(app) + app->period_ns;
  }
  enum icws_error error = make_cdk(app, config);
  if (error != ICWS_OK) {
    del(app);
    return error;
  }
  *canister = (struct icws_canister){.self = app,
                                     .interface = type->interface,
                                     .method_kind = method_kind,
                                     .update = run,
                                     .query = run,
                                     .deadline = deadline,
                                     .tick = tick,
                                     .del = del};
  return ICWS_OK;
}
