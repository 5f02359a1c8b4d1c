/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/http_port.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include "devnet/http_api.h"

#define MAX_CONNECTIONS 4096
#define SWEEP_INTERVAL_MS 500

struct waiting_call {
  struct icws_http_exchange *exchange;
  struct icws_http_api_wait wait;
  uint64_t until_ms; /* on the loop's clock */
  struct waiting_call *next;
};

struct icws_http_port {
  uv_loop_t *loop;
  struct icws_replica *replica;
  struct icws_http_server *server;
  struct waiting_call *waiting;
  struct waiting_call **end;
  size_t waiting_count;
  uv_timer_t sweep; /* for calls that wait longer than they should, when rounds are long */
  bool sweep_open;
};

static void reply(struct icws_http_exchange *exchange, struct icws_http_api_answer *answer)
{
  if (icws_buf_error(&answer->body) == ICWS_OK) {
    icws_http_exchange_answer(exchange,
                              &(struct icws_http_answer){.status = answer->status,
                                                         .content_type = answer->content_type,
                                                         .body = icws_buf_bytes(&answer->body),
                                                         .fields = answer->fields,
                                                         .field_count = answer->field_count});
  } else {
    icws_http_exchange_refuse(exchange, 503, "Out of memory.\n");
  }
  icws_buf_wipe(&answer->body);
}

/* Lets |exchange| wait; false if it cannot. */
static bool let_wait(struct icws_http_port *port, struct icws_http_exchange *exchange,
                     const struct icws_http_api_wait *wait)
{
  struct waiting_call *call =
      port->waiting_count < ICWS_HTTP_PORT_MAX_WAITING ? malloc(sizeof *call) : NULL;
  if (call == NULL) {
    return false;
  }
  *call = (struct waiting_call){.exchange = exchange,
                                .wait = *wait,
                                .until_ms = uv_now(port->loop) + ICWS_HTTP_PORT_PATIENCE_MS};
  *port->end = call;
  port->end = &call->next;
  port->waiting_count++;
  return true;
}

static void on_request(void *user_data, struct icws_http_exchange *exchange)
{
  struct icws_http_port *port = user_data;
  struct icws_http_api_answer answer = {0};
  struct icws_http_api_wait wait;
  icws_buf_init(&answer.body, 0, NULL);
  if (!icws_http_api_handle(port->replica, icws_http_exchange_request(exchange), &answer, &wait)) {
    if (let_wait(port, exchange, &wait)) {
      return;
    }
    (void)icws_http_api_resume(port->replica, &wait, true, &answer);
  }
  reply(exchange, &answer);
}

/* Takes the call at |link| off the list, and answers it if it can be. */
static bool settle(struct icws_http_port *port, struct waiting_call **link, bool impatient)
{
  struct waiting_call *call = *link;
  struct icws_http_api_answer answer = {0};
  icws_buf_init(&answer.body, 0, NULL);
  if (!icws_http_api_resume(port->replica, &call->wait,
                            impatient || uv_now(port->loop) >= call->until_ms, &answer)) {
    return false;
  }
  *link = call->next;
  if (*link == NULL) {
    port->end = link;
  }
  port->waiting_count--;
  reply(call->exchange, &answer);
  free(call);
  return true;
}

/* Answering calls nothing back that could change the list. */
void icws_http_port_settle(struct icws_http_port *port)
{
  struct waiting_call **link = &port->waiting;
  while (*link != NULL) {
    if (!settle(port, link, false)) {
      link = &(*link)->next;
    }
  }
}

static void on_sweep(uv_timer_t *timer)
{
  icws_http_port_settle(timer->data);
}

static void start_sweeping(struct icws_http_port *port)
{
  uv_timer_init(port->loop, &port->sweep); /* this and the next cannot fail here */
  port->sweep.data = port;
  port->sweep_open = true;
  uv_timer_start(&port->sweep, on_sweep, SWEEP_INTERVAL_MS, SWEEP_INTERVAL_MS);
}

static void on_sweep_closed(uv_handle_t *handle)
{
  struct icws_http_port *port = handle->data;
  port->sweep_open = false;
}

enum icws_error icws_http_port_new(uv_loop_t *loop, struct icws_replica *replica,
                                   const char *address, uint16_t port,
                                   struct icws_http_port **http_port, struct icws_failure *failure)
{
  struct icws_http_port *made = calloc(1, sizeof *made);
  if (made == NULL) {
    return icws_fail(failure, ICWS_ERR_NOMEM, "%s", icws_strerror(ICWS_ERR_NOMEM));
  }
  made->loop = loop;
  made->replica = replica;
  made->end = &made->waiting;
  struct icws_http_server_config config = {.loop = loop,
                                           .handler = on_request,
                                           .user_data = made,
                                           .name = "icws-devnet",
                                           .address = address,
                                           .port = port,
                                           .max_connections = MAX_CONNECTIONS,
                                           .max_body_bytes = ICWS_HTTP_API_MAX_BODY_BYTES};
  config.fields = icws_http_api_fields(&config.field_count);
  enum icws_error error = icws_http_server_new(&config, &made->server, failure);
  if (error != ICWS_OK) {
    free(made);
    return error;
  }
  start_sweeping(made);
  *http_port = made;
  return ICWS_OK;
}

void icws_http_port_del(struct icws_http_port *port)
{
  if (port == NULL) {
    return;
  }
  icws_http_server_del(port->server);
  uv_close((uv_handle_t *)&port->sweep, on_sweep_closed);
  while (port->sweep_open) {
    uv_run(port->loop, UV_RUN_NOWAIT);
  }
  while (port->waiting != NULL) {
    (void)settle(port, &port->waiting, true);
  }
  assert(port->waiting_count == 0);
  free(port);
}

uint16_t icws_http_port_number(const struct icws_http_port *port)
{
  return icws_http_server_port(port->server);
}
