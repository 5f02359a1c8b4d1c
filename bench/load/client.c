/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "devnet/canisters/app_message.h"

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_MS UINT64_C(1000000)
#define TEXT_BYTES 64

static uint64_t read_clock(clockid_t clock)
{
  struct timespec time;
  clock_gettime(clock, &time); /* cannot fail with these clocks */
  return (uint64_t)time.tv_sec * NS_PER_S + (uint64_t)time.tv_nsec;
}

uint64_t load_monotonic_ns(void)
{
  return read_clock(CLOCK_MONOTONIC);
}

static struct icws_now read_clocks(void)
{
  return (struct icws_now){.wall_ns = read_clock(CLOCK_REALTIME), .mono_ns = load_monotonic_ns()};
}

/* --- Steps ------------------------------------------------------------------------------------ */

static void enter(struct load_client *client, enum load_client_state state)
{
  bool rests = state == LOAD_CLIENT_READY || state == LOAD_CLIENT_DONE;
  client->state = state;
  client->deadline_ns = rests ? ICWS_NEVER : load_monotonic_ns() + client->world->timeout_ns;
  if (rests)
    client->world->changed(client->world->user_data, client);
}

static void end(struct load_client *client)
{
  icws_session_del(client->session);
  client->session = NULL;
  client->state = LOAD_CLIENT_ENDED;
  client->deadline_ns = ICWS_NEVER;
  client->world->changed(client->world->user_data, client);
}

/* The first reason counts. */
static void note_failure(struct load_client *client, enum icws_error error, const char *text)
{
  if (client->failure.code == ICWS_OK)
    (void)icws_fail(&client->failure, error, "client %lu: %s", client->number, text);
}

/* Closes the session for a reason that it does not know. */
static void fail(struct load_client *client, enum icws_error error, const char *text)
{
  note_failure(client, error, text);
  icws_session_close(client->session);
}

/* --- Pings and pongs -------------------------------------------------------------------------- */

static void format_ping(const struct load_client *client, const char *suffix, char text[TEXT_BYTES])
{
  (void)snprintf(text, TEXT_BYTES, "%lu-%" PRIu64 "%s", client->number, client->pongs, suffix);
}

static void send_ping(struct load_client *client)
{
  struct load_world *world = client->world;
  char text[TEXT_BYTES];
  struct icws_buf message;
  format_ping(client, "", text);
  icws_buf_init(&message, 0, NULL);
  client->ping_ns = load_monotonic_ns();
  icws_app_message_put(&message, icws_bytes_text(text), read_clock(CLOCK_REALTIME));
  enum icws_error error = icws_buf_error(&message);
  if (error == ICWS_OK)
    error = icws_session_send(client->session, icws_buf_bytes(&message), NULL);
  icws_buf_wipe(&message);
  if (error != ICWS_OK) {
    fail(client, error, icws_strerror(error));
    return;
  }
  if (world->first_ping_ns == 0)
    world->first_ping_ns = client->ping_ns;
  world->sent++;
  enter(client, LOAD_CLIENT_PINGING);
}

static void take_pong(struct load_client *client, struct icws_bytes text)
{
  struct load_world *world = client->world;
  char wanted[TEXT_BYTES];
  format_ping(client, " ping", wanted);
  if (!icws_bytes_equal(text, icws_bytes_text(wanted))) {
    fail(client, ICWS_ERR_UNSUPPORTED,
         "the canister answered a ping with another text: is it the ping-pong canister?");
    return;
  }
  world->last_pong_ns = load_monotonic_ns();
  load_histogram_add(&world->round_trip, world->last_pong_ns - client->ping_ns);
  world->pongs++;
  client->pongs++;
  if (client->pongs < world->pings)
    send_ping(client);
  else
    enter(client, LOAD_CLIENT_DONE);
}

static void take_message(struct load_client *client, const struct icws_event_message *message)
{
  struct load_world *world = client->world;
  struct icws_bytes text;
  uint64_t timestamp;
  enum icws_error error = icws_app_message_decode(message->content, &text, &timestamp);
  if (error != ICWS_OK) {
    fail(client, error, "the canister's message is not one of text and timestamp");
    return;
  }
  if (client->state != LOAD_CLIENT_GREETING && client->state != LOAD_CLIENT_PINGING) {
    fail(client, ICWS_ERR_UNSUPPORTED, "a message came that nothing asked for");
    return;
  }
  world->received++;
  load_histogram_add(&world->receive_latency,
                     message->delay_ns > 0 ? (uint64_t)message->delay_ns : 0);
  if (client->state == LOAD_CLIENT_PINGING)
    take_pong(client, text);
  else
    enter(client, LOAD_CLIENT_READY);
}

/* --- The session ------------------------------------------------------------------------------ */

static void sign(struct load_client *client, struct icws_bytes to_sign)
{
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  icws_identity_sign(client->identity, to_sign, signature);
  /* An error closes the session, which says so by an event. */
  (void)!icws_session_signed(client->session, icws_bytes_of(signature, sizeof signature));
}

static void act_on_event(struct load_client *client, const struct icws_event *event)
{
  struct load_world *world = client->world;
  switch (event->type) {
  case ICWS_EVENT_SIGN:
    sign(client, event->u.to_sign);
    break;
  case ICWS_EVENT_OPEN:
    load_histogram_add(&world->open_latency, load_monotonic_ns() - client->started_ns);
    world->opened++;
    enter(client, LOAD_CLIENT_GREETING);
    break;
  case ICWS_EVENT_MESSAGE:
    take_message(client, &event->u.message);
    break;
  case ICWS_EVENT_SENT:
  case ICWS_EVENT_ACK:
    break;
  case ICWS_EVENT_CLOSED:
    if (event->u.closed->code != ICWS_OK)
      note_failure(client, event->u.closed->code, event->u.closed->text);
    break;
  }
}

/* Carries out what the session wants. */
static void drive(struct load_client *client)
{
  struct icws_event event;
  struct icws_output output;
  while (icws_session_next_event(client->session, read_clocks(), &event))
    act_on_event(client, &event);
  if (!icws_session_next_output(client->session, &output))
    return;
  if (output.type == ICWS_OUTPUT_FRAME) {
    load_socket_want_write(&client->socket);
  } else if (client->state != LOAD_CLIENT_CLOSING) {
    enter(client, LOAD_CLIENT_CLOSING);
    load_socket_close(&client->socket, output.close_code, output.close_reason);
  }
}

/* --- From the socket -------------------------------------------------------------------------- */

static void on_up(void *user_data)
{
  struct load_client *client = user_data;
  const struct load_world *world = client->world;
  const struct icws_session_config config = {
      .canister = world->canister,
      .signer = icws_identity_signer(client->identity),
      .verifier = world->verifier,
      .handshake_timeout_ms = world->timeout_ns / NS_PER_MS,
      .open_timeout_ms = world->timeout_ns / NS_PER_MS,
  };
  struct icws_failure failure;
  if (icws_session_new(&config, read_clocks(), &client->session, &failure) != ICWS_OK) {
    note_failure(client, failure.code, failure.text);
    load_socket_close(&client->socket, ICWS_CLOSE_CODE_ERROR, "");
    enter(client, LOAD_CLIENT_CLOSING);
    return;
  }
  enter(client, LOAD_CLIENT_OPENING);
  drive(client);
}

static void on_message(void *user_data, enum icws_frame_type type, struct icws_bytes frame)
{
  struct load_client *client = user_data;
  if (client->session == NULL)
    return;
  /* An error closes the session, which says so by an event. */
  (void)!icws_session_recv(client->session, type, frame, read_clocks());
  drive(client);
}

static void on_writable(void *user_data)
{
  struct load_client *client = user_data;
  struct icws_output output;
  if (client->session == NULL || !icws_session_next_output(client->session, &output) ||
      output.type != ICWS_OUTPUT_FRAME)
    return;
  load_socket_write(&client->socket, output.frame);
  icws_session_output_done(client->session, read_clocks());
  drive(client);
}

static void on_gone(void *user_data, const struct icws_failure *failure)
{
  struct load_client *client = user_data;
  if (failure != NULL)
    note_failure(client, failure->code, failure->text);
  end(client);
}

const struct load_socket_handler load_client_socket_handler = {
    .up = on_up,
    .message = on_message,
    .writable = on_writable,
    .gone = on_gone,
};

/* --- From the crowd --------------------------------------------------------------------------- */

void load_client_start(struct load_client *client)
{
  client->started_ns = load_monotonic_ns();
  enum icws_error error = icws_identity_new(icws_random_default(), &client->identity);
  if (error != ICWS_OK) {
    note_failure(client, error, "there is no memory or randomness for a key");
    end(client);
    return;
  }
  enter(client, LOAD_CLIENT_CONNECTING);
  if (load_socket_open(&client->socket, client->world->sockets, client))
    return;
  note_failure(client, ICWS_ERR_CONNECT, "it could not begin to connect");
  end(client);
}

void load_client_ping(struct load_client *client)
{
  send_ping(client);
  drive(client);
}

void load_client_finish(struct load_client *client)
{
  icws_session_close(client->session);
  drive(client);
}

static void give_up(struct load_client *client, enum icws_error error, const char *text)
{
  note_failure(client, error, text);
  load_socket_drop(&client->socket);
  end(client);
}

static void pass_deadline(struct load_client *client)
{
  switch (client->state) {
  case LOAD_CLIENT_CONNECTING:
    give_up(client, ICWS_ERR_CONNECT_TIMEOUT, "no WebSocket within the time given by --timeout");
    break;
  case LOAD_CLIENT_CLOSING:
    give_up(client, ICWS_ERR_DISCONNECTED,
            "the gateway did not answer the close within the time given by --timeout");
    break;
  case LOAD_CLIENT_GREETING:
    fail(client, ICWS_ERR_ACK_TIMEOUT,
         "no greeting within the time given by --timeout: is it the ping-pong canister?");
    drive(client);
    break;
  case LOAD_CLIENT_PINGING:
    fail(client, ICWS_ERR_ACK_TIMEOUT,
         "a ping was not answered within the time given by --timeout");
    drive(client);
    break;
  default: /* opening has the session's deadline; the others have none */
    break;
  }
}

void load_client_tick(struct load_client *client)
{
  if (load_monotonic_ns() >= client->deadline_ns)
    pass_deadline(client);
  if (client->session == NULL)
    return;
  (void)icws_session_tick(client->session, read_clocks());
  drive(client);
}

void load_client_wipe(struct load_client *client)
{
  load_socket_drop(&client->socket);
  icws_session_del(client->session);
  client->session = NULL;
  icws_identity_del(client->identity);
  client->identity = NULL;
}
