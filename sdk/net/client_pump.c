/* SPDX-License-Identifier: Apache-2.0 */
#include "client_impl.h"

#include <time.h>

#include <icws/session.h>

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S UINT64_C(1000000000)

static uint64_t read_clock(clockid_t clock)
{
  struct timespec time;
  clock_gettime(clock, &time); /* cannot fail with these clocks */
  return (uint64_t)time.tv_sec * NS_PER_S + (uint64_t)time.tv_nsec;
}

static struct icws_now read_clocks(void)
{
  return (struct icws_now){.wall_ns = read_clock(CLOCK_REALTIME),
                           .mono_ns = read_clock(CLOCK_MONOTONIC)};
}

/* --- From the session ------------------------------------------------------------------------- */

static void sign(struct icws_client *client, struct icws_bytes to_sign)
{
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  icws_identity_sign(client->config.identity, to_sign, signature);
  /* An error closes the session, which says so by an event. */
  (void)!icws_session_signed(client->session, icws_bytes_of(signature, sizeof signature));
}

static void act_on_event(struct icws_client *client, const struct icws_event *event)
{
  const struct icws_client_callbacks *callbacks = &client->config.callbacks;
  void *user_data = client->config.user_data;
  switch (event->type) {
  case ICWS_EVENT_SIGN:
    sign(client, event->u.to_sign);
    break;
  case ICWS_EVENT_OPEN:
    icws_client_set_phase(client, ICWS_PHASE_OPEN);
    if (callbacks->on_open != NULL)
      callbacks->on_open(client, user_data);
    break;
  case ICWS_EVENT_MESSAGE:
    if (callbacks->on_message != NULL)
      callbacks->on_message(client, &event->u.message, user_data);
    break;
  case ICWS_EVENT_SENT:
    if (callbacks->on_sent != NULL)
      callbacks->on_sent(client, &event->u.sent, user_data);
    break;
  case ICWS_EVENT_ACK:
    if (callbacks->on_ack != NULL)
      callbacks->on_ack(client, &event->u.ack, user_data);
    break;
  case ICWS_EVENT_CLOSED:
    client->failure = *event->u.closed;
    break;
  }
}

static void close_transport(struct icws_client *client, const struct icws_output *output)
{
  if (client->phase == ICWS_PHASE_CLOSING)
    return;
  icws_timer_start(client->phase_timer, client->config.close_timeout_ms);
  icws_transport_close(client->transport, output->close_code, output->close_reason);
  icws_client_set_phase(client, ICWS_PHASE_CLOSING);
}

static void set_session_timer(struct icws_client *client)
{
  uint64_t deadline = icws_session_deadline(client->session);
  uint64_t now = read_clock(CLOCK_MONOTONIC);
  if (deadline == ICWS_NEVER)
    icws_timer_stop(client->session_timer);
  else
    icws_timer_start(client->session_timer,
                     deadline > now ? (deadline - now + NS_PER_MS - 1) / NS_PER_MS : 0);
}

void icws_client_drive(struct icws_client *client)
{
  struct icws_event event;
  struct icws_output output;
  while (icws_session_next_event(client->session, read_clocks(), &event))
    act_on_event(client, &event);
  if (icws_session_state(client->session) == ICWS_SESSION_OPENING)
    icws_client_set_phase(client, ICWS_PHASE_OPENING);
  if (icws_session_next_output(client->session, &output)) {
    if (output.type == ICWS_OUTPUT_CLOSE)
      close_transport(client, &output);
    else
      icws_transport_want_write(client->transport);
  }
  set_session_timer(client);
}

void icws_client_session_timer_fired(void *user_data)
{
  struct icws_client *client = user_data;
  (void)icws_session_tick(client->session, read_clocks());
  icws_client_drive(client);
}

void icws_client_begin_session(struct icws_client *client)
{
  const struct icws_client_config *config = &client->config;
  const struct icws_session_config session = {
      .canister = config->canister,
      .signer = icws_identity_signer(config->identity),
      .verifier = client->verifier,
      .ack_interval_ms = config->ack_interval_ms,
      .handshake_timeout_ms = config->handshake_timeout_ms,
      .open_timeout_ms = config->open_timeout_ms,
      .max_frame_bytes = config->max_frame_bytes,
      .max_message_bytes = config->max_message_bytes,
      .max_queued_messages = config->max_queued_messages,
      .max_queued_bytes = config->max_queued_bytes,
  };
  struct icws_failure failure;
  enum icws_error error = icws_session_new(&session, read_clocks(), &client->session, &failure);
  if (error == ICWS_OK) {
    error = icws_outbox_hand_over(&client->outbox, client->session);
    if (error != ICWS_OK)
      (void)icws_fail(&failure, error, "cannot queue what was sent before the upgrade");
  }
  if (error != ICWS_OK) {
    icws_client_finish(client, &failure);
    return;
  }
  icws_client_set_phase(client, ICWS_PHASE_HANDSHAKE);
  icws_client_drive(client);
}

/* --- From the transport ----------------------------------------------------------------------- */

static void on_stage(void *user_data, enum icws_transport_stage stage)
{
  icws_client_transport_stage(user_data, stage);
}

static void on_message(void *user_data, enum icws_frame_type type, struct icws_bytes message)
{
  struct icws_client *client = user_data;
  /* An error closes the session, which says so by an event. */
  (void)!icws_session_recv(client->session, type, message, read_clocks());
  icws_client_drive(client);
}

static void on_writable(void *user_data)
{
  struct icws_client *client = user_data;
  struct icws_output output;
  if (!icws_session_next_output(client->session, &output))
    return;
  if (output.type == ICWS_OUTPUT_FRAME) {
    icws_transport_write(client->transport, output.frame);
    icws_session_output_done(client->session, read_clocks());
  }
  icws_client_drive(client);
}

static void on_closed(void *user_data, const struct icws_failure *failure)
{
  struct icws_client *client = user_data;
  if (client->session == NULL) {
    icws_client_connection_failed(client, failure);
    return;
  }
  if (client->phase == ICWS_PHASE_CLOSING) {
    icws_client_finish(client, failure);
    return;
  }
  icws_session_disconnected(client->session, failure);
  icws_client_drive(client);
  icws_client_finish(client, failure);
}

const struct icws_transport_handler icws_client_transport_handler = {
    .on_stage = on_stage,
    .on_message = on_message,
    .on_writable = on_writable,
    .on_closed = on_closed,
};
