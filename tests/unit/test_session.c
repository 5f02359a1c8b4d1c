/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "session_driver.h"
#include "vectors.h"

#define MS UINT64_C(1000000)

/* --- A client of tests/vectors/certified_messages.json ------------------------------------------ */

struct fixture {
  json_t *vectors;
  struct icws_verifier *verifier;
  struct vectors_blob handshake;
  struct icws_principal canister;
  uint8_t seed[ICWS_ED25519_SEED_BYTES];
  uint64_t nonce;
};

static struct icws_principal principal_at(const json_t *object, const char *key)
{
  struct icws_principal principal;

  assert_int_equal(icws_principal_from_text(&principal, icws_bytes_text(vectors_text(object, key))),
                   ICWS_OK);
  return principal;
}

static int set_up(void **state)
{
  struct fixture *fixture = calloc(1, sizeof *fixture);
  struct vectors_blob root;
  struct vectors_blob seed;

  fixture->vectors = vectors_own("certified_messages.json");
  root = vectors_hex_at(fixture->vectors, "root_key_hex");
  seed = vectors_hex_at(fixture->vectors, "client_seed_hex");
  fixture->handshake = vectors_hex_at(fixture->vectors, "handshake_hex");
  fixture->canister = principal_at(fixture->vectors, "canister_id");
  fixture->nonce = vectors_uint(fixture->vectors, "client_nonce");
  assert_int_equal(seed.len, sizeof fixture->seed);
  memcpy(fixture->seed, seed.data, seed.len);
  assert_int_equal(
      icws_verifier_new(&(struct icws_verifier_config){.root_key = vectors_bytes(&root)},
                        &fixture->verifier, NULL),
      ICWS_OK);
  free(root.data);
  free(seed.data);
  *state = fixture;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *fixture = *state;

  icws_verifier_del(fixture->verifier);
  free(fixture->handshake.data);
  json_decref(fixture->vectors);
  free(fixture);
  return 0;
}

/* The client of the vectors before it is opened; the caller may still change the configuration. */
static void prepare(const struct fixture *fixture, struct session_driver *driver)
{
  session_driver_init(driver);
  driver->client_nonce = fixture->nonce;
  driver->config.canister = fixture->canister;
  driver->config.verifier = fixture->verifier;
  driver->now = (struct icws_now){.wall_ns = UINT64_C(1700000002000000000), .mono_ns = 77};
  assert_int_equal(icws_identity_from_seed(fixture->seed, &driver->identity), ICWS_OK);
}

static json_t *case_named(const struct fixture *fixture, const char *name)
{
  json_t *cases = vectors_get(fixture->vectors, "cases");
  size_t i;
  json_t *value;

  json_array_foreach(cases, i, value)
  {
    if (strcmp(vectors_text(value, "name"), name) == 0)
      return value;
  }
  fail_msg("no case %s", name);
  return NULL;
}

/* Feeds the |i|-th frame of a case at its time. */
static enum icws_error recv_frame(struct session_driver *driver, const json_t *of_case, size_t i)
{
  json_t *frame = json_array_get(vectors_get(of_case, "frames"), i);
  struct vectors_blob bytes = vectors_hex_at(frame, "hex");
  enum icws_error error;

  driver->now.wall_ns = vectors_uint(frame, "now_ns");
  error = session_driver_recv(driver, vectors_bytes(&bytes));
  free(bytes.data);
  return error;
}

/* A session that is open, by the first frame of the plain valid case. */
static void open_session(const struct fixture *fixture, struct session_driver *driver)
{
  assert_int_equal(session_driver_open(driver), ICWS_OK);
  assert_int_equal(session_driver_recv(driver, vectors_bytes(&fixture->handshake)), ICWS_OK);
  assert_int_equal(recv_frame(driver, case_named(fixture, "signed by the root"), 0), ICWS_OK);
  assert_true(driver->opened);
}

static void send_text(struct session_driver *driver, const char *text)
{
  assert_int_equal(icws_session_send(driver->session, icws_bytes_text(text), NULL), ICWS_OK);
  session_driver_pump(driver);
}

/* --- Every certified session of the vectors ----------------------------------------------------- */

static void send_up_to(struct session_driver *driver, uint64_t sequence)
{
  while (icws_session_stats(driver->session).last_sequence_sent < sequence)
    send_text(driver, "x");
}

static void assert_failed_check(const struct session_driver *driver, const char *failed_check,
                                enum icws_error error)
{
  const struct icws_failure *failure = icws_session_failure(driver->session);

  assert_int_equal(error, failure->code);
  if (strcmp(failed_check, "service") == 0)
    assert_true(error == ICWS_ERR_SERVICE_MESSAGE || error == ICWS_ERR_ACK);
  else if (strcmp(failed_check, "content") == 0)
    assert_int_equal(error, ICWS_ERR_CBOR);
  else
    assert_int_equal(icws_error_check(error), atoi(failed_check));
  assert_true(failure->text[0] != '\0');
  assert_true(driver->closed);
  assert_int_equal(driver->close_code, ICWS_CLOSE_CODE_ERROR);
}

static enum icws_error expected_of_reason(const char *reason)
{
  if (strcmp(reason, "WrongSequenceNumber") == 0)
    return ICWS_ERR_CANISTER_SEQUENCE;
  if (strcmp(reason, "InvalidServiceMessage") == 0)
    return ICWS_ERR_CANISTER_SERVICE;
  if (strcmp(reason, "KeepAliveTimeout") == 0)
    return ICWS_ERR_CANISTER_KEEP_ALIVE;
  assert_string_equal(reason, "ClosedByApplication");
  return ICWS_ERR_CLOSED_BY_CANISTER;
}

/* The error of an accepted frame: ICWS_OK, or why the canister closed in the last one. */
static enum icws_error expected_of_accepted(const json_t *of_case, size_t i)
{
  const json_t *reason = json_object_get(of_case, "close_reason");
  bool last = i + 1 == (size_t)vectors_uint(of_case, "accepted");

  return reason != NULL && last ? expected_of_reason(json_string_value(reason)) : ICWS_OK;
}

static void assert_delivered(const struct session_driver *driver, const json_t *of_case)
{
  json_t *expected = vectors_get(of_case, "delivered");

  assert_int_equal(driver->delivered_count, json_array_size(expected));
  for (size_t i = 0; i < driver->delivered_count; i++) {
    struct vectors_blob bytes = vectors_hex(json_string_value(json_array_get(expected, i)));

    assert_true(icws_bytes_equal(icws_buf_bytes(&driver->delivered[i]), vectors_bytes(&bytes)));
    free(bytes.data);
  }
}

static void run_case(const struct fixture *fixture, const json_t *of_case)
{
  const char *failed_check = vectors_text(of_case, "failed_check");
  size_t accepted = (size_t)vectors_uint(of_case, "accepted");
  json_t *frames = vectors_get(of_case, "frames");
  struct session_driver driver;

  prepare(fixture, &driver);
  assert_int_equal(session_driver_open(&driver), ICWS_OK);
  assert_int_equal(session_driver_recv(&driver, vectors_bytes(&fixture->handshake)), ICWS_OK);
  for (size_t i = 0; i < json_array_size(frames); i++) {
    json_t *sent = json_object_get(json_array_get(frames, i), "client_sent");
    enum icws_error error;

    if (sent != NULL)
      send_up_to(&driver, (uint64_t)json_integer_value(sent));
    error = recv_frame(&driver, of_case, i);
    if (i < accepted)
      assert_int_equal(error, expected_of_accepted(of_case, i));
    else if (json_object_get(of_case, "after_close") != NULL)
      assert_int_equal(error, ICWS_ERR_CLOSED_BY_CANISTER); /* ignored: the first error sticks */
    else
      assert_failed_check(&driver, failed_check, error);
  }
  assert_int_equal(driver.opened, accepted > 0);
  assert_delivered(&driver, of_case);
  session_driver_wipe(&driver);
}

static void test_certified_sessions(void **state)
{
  const struct fixture *fixture = *state;
  json_t *cases = vectors_get(fixture->vectors, "cases");
  size_t i;
  json_t *value;

  assert_int_equal(json_array_size(cases), 113);
  json_array_foreach(cases, i, value)
  {
    print_message("  %s\n", vectors_text(value, "name"));
    run_case(fixture, value);
  }
}

/* --- What the client sends ---------------------------------------------------------------------- */

static struct icws_envelope envelope_of(const struct icws_buf *frame)
{
  struct icws_envelope envelope;
  struct icws_bytes encoding;

  assert_int_equal(icws_client_frame_decode(icws_buf_bytes(frame), &encoding, NULL), ICWS_OK);
  assert_int_equal(icws_envelope_decode(encoding, &envelope, NULL), ICWS_OK);
  return envelope;
}

static struct icws_websocket_message message_of(const struct icws_buf *frame)
{
  struct icws_envelope envelope = envelope_of(frame);
  struct icws_websocket_message message;

  assert_true(icws_bytes_equal(envelope.method, icws_bytes_text("ws_message")));
  assert_int_equal(icws_message_args_decode(envelope.arg, &message, NULL), ICWS_OK);
  return message;
}

static void test_ws_open(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;
  struct icws_envelope envelope;
  struct icws_open_args args;

  prepare(fixture, &driver);
  assert_int_equal(session_driver_open(&driver), ICWS_OK);
  assert_int_equal(icws_session_state(driver.session), ICWS_SESSION_HANDSHAKE);
  session_driver_pump(&driver);
  assert_int_equal(driver.frame_count, 0);

  assert_int_equal(session_driver_recv(&driver, vectors_bytes(&fixture->handshake)), ICWS_OK);
  assert_int_equal(icws_session_state(driver.session), ICWS_SESSION_OPENING);
  assert_int_equal(driver.frame_count, 1);
  envelope = envelope_of(&driver.frames[0]);
  assert_int_equal(icws_envelope_verify(&envelope, driver.now.wall_ns, NULL, NULL), ICWS_OK);
  assert_true(icws_bytes_equal(envelope.method, icws_bytes_text("ws_open")));
  assert_true(icws_principal_equal(&envelope.canister, &fixture->canister));
  assert_true(envelope.ingress_expiry == driver.now.wall_ns + UINT64_C(240000000000));
  assert_int_equal(envelope.nonce.len, 16);
  assert_int_equal(icws_open_args_decode(envelope.arg, &args, NULL), ICWS_OK);
  assert_true(args.client_nonce == fixture->nonce);
  struct icws_principal gateway = principal_at(fixture->vectors, "gateway_principal");
  assert_true(icws_principal_equal(&args.gateway, &gateway));
  session_driver_wipe(&driver);
}

static void test_messages_wait_for_the_opening(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;
  struct icws_websocket_message message;
  struct icws_envelope envelope;
  uint64_t ticket;

  prepare(fixture, &driver);
  assert_int_equal(session_driver_open(&driver), ICWS_OK);
  assert_int_equal(icws_session_send(driver.session, icws_bytes_text("one"), &ticket), ICWS_OK);
  assert_int_equal(ticket, 1);
  assert_int_equal(icws_session_send(driver.session, icws_bytes_text("two"), &ticket), ICWS_OK);
  assert_int_equal(ticket, 2);
  session_driver_pump(&driver);
  assert_int_equal(driver.frame_count, 0);
  assert_int_equal(session_driver_recv(&driver, vectors_bytes(&fixture->handshake)), ICWS_OK);
  assert_int_equal(driver.frame_count, 1); /* ws_open alone */
  assert_int_equal(recv_frame(&driver, case_named(fixture, "signed by the root"), 0), ICWS_OK);

  assert_int_equal(driver.frame_count, 3);
  assert_int_equal(driver.last_ticket, 2);
  envelope = envelope_of(&driver.frames[2]);
  assert_int_equal(icws_envelope_verify(&envelope, driver.now.wall_ns, NULL, NULL), ICWS_OK);
  message = message_of(&driver.frames[1]);
  assert_int_equal(message.sequence_num, 1);
  assert_true(icws_bytes_equal(message.content, icws_bytes_text("one")));
  message = message_of(&driver.frames[2]);
  assert_int_equal(message.sequence_num, 2);
  assert_false(message.is_service_message);
  assert_true(message.timestamp == driver.now.wall_ns);
  assert_true(message.client_key.nonce == fixture->nonce);
  assert_true(icws_bytes_equal(message.content, icws_bytes_text("two")));
  session_driver_wipe(&driver);
}

static void test_keep_alive_answers_an_ack_first(void **state)
{
  const struct fixture *fixture = *state;
  json_t *acks = case_named(fixture, "acks of three messages, one of them going backwards");
  struct session_driver driver;
  struct icws_websocket_message message;
  struct icws_service_message service;

  prepare(fixture, &driver);
  open_session(fixture, &driver);
  send_up_to(&driver, 3);
  assert_int_equal(icws_session_stats(driver.session).last_sequence_acked, 0);
  assert_int_equal(icws_session_send(driver.session, icws_bytes_text("late"), NULL), ICWS_OK);
  assert_int_equal(recv_frame(&driver, acks, 1), ICWS_OK);
  assert_int_equal(driver.ack_count, 1);
  assert_int_equal(driver.frame_count, 6); /* ws_open, 3, keep-alive, late */

  message = message_of(&driver.frames[4]);
  assert_true(message.is_service_message);
  assert_int_equal(message.sequence_num, 4);
  assert_int_equal(icws_service_message_decode(message.content, &service, NULL), ICWS_OK);
  assert_int_equal(service.type, ICWS_SERVICE_KEEP_ALIVE);
  assert_int_equal(service.last_incoming_sequence_num, 2);
  message = message_of(&driver.frames[5]);
  assert_false(message.is_service_message);
  assert_int_equal(message.sequence_num, 5);
  assert_int_equal(icws_session_stats(driver.session).keep_alives_sent, 1);
  session_driver_wipe(&driver);
}

static void test_one_message_is_signed_at_a_time(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;
  struct icws_event event;
  struct icws_output output;
  uint8_t signature[ICWS_SIGNATURE_BYTES] = {0};

  prepare(fixture, &driver);
  open_session(fixture, &driver);
  assert_int_equal(icws_session_send(driver.session, icws_bytes_text("a"), NULL), ICWS_OK);
  assert_int_equal(icws_session_send(driver.session, icws_bytes_text("b"), NULL), ICWS_OK);
  assert_true(icws_session_next_event(driver.session, driver.now, &event));
  assert_int_equal(event.type, ICWS_EVENT_SIGN);
  assert_int_equal(event.u.to_sign.len, ICWS_REQUEST_TO_SIGN_BYTES);
  assert_memory_equal(event.u.to_sign.data, "\x0aic-request", 11);
  assert_false(icws_session_next_event(driver.session, driver.now, &event));
  assert_false(icws_session_next_output(driver.session, &output));

  /* Receiving goes on while a slow signer thinks. */
  assert_int_equal(recv_frame(&driver, case_named(fixture, "signed by the root"), 1), ICWS_OK);
  assert_int_equal(driver.delivered_count, 1);

  assert_int_equal(icws_session_signed(driver.session, icws_bytes_of(NULL, 0)),
                   ICWS_ERR_INVALID_ARGUMENT);
  assert_int_equal(icws_session_signed(driver.session, icws_bytes_of(signature, 64)), ICWS_OK);
  assert_int_equal(icws_session_signed(driver.session, icws_bytes_of(signature, 64)),
                   ICWS_ERR_INVALID_STATE);
  assert_true(icws_session_next_output(driver.session, &output));
  assert_int_equal(output.type, ICWS_OUTPUT_FRAME);
  assert_false(icws_session_next_event(driver.session, driver.now, &event));
  icws_session_output_done(driver.session, driver.now);
  assert_true(icws_session_next_event(driver.session, driver.now, &event));
  assert_int_equal(event.type, ICWS_EVENT_SENT);
  assert_int_equal(event.u.sent.ticket, 1);
  assert_true(icws_session_next_event(driver.session, driver.now, &event));
  assert_int_equal(event.type, ICWS_EVENT_SIGN);
  session_driver_wipe(&driver);
}

static void test_signer_refuses(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;
  struct icws_event event;
  struct icws_failure failure;

  prepare(fixture, &driver);
  open_session(fixture, &driver);
  icws_fail(&failure, ICWS_ERR_KEY, "the token was unplugged");
  icws_session_sign_failed(driver.session, &failure); /* nothing to sign: no effect */
  assert_int_equal(icws_session_state(driver.session), ICWS_SESSION_OPEN);
  assert_int_equal(icws_session_send(driver.session, icws_bytes_text("a"), NULL), ICWS_OK);
  assert_true(icws_session_next_event(driver.session, driver.now, &event));
  icws_session_sign_failed(driver.session, &failure);
  session_driver_pump(&driver);
  assert_true(driver.closed);
  assert_int_equal(icws_session_failure(driver.session)->code, ICWS_ERR_KEY);
  assert_string_equal(icws_session_failure(driver.session)->text, "the token was unplugged");
  assert_int_equal(driver.close_code, 4000);
  assert_string_equal(driver.close_reason, "the token was unplugged");
  session_driver_wipe(&driver);
}

/* --- Limits ------------------------------------------------------------------------------------- */

static void test_queue_bounds(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;
  struct icws_session_stats stats;

  prepare(fixture, &driver);
  driver.config.max_message_bytes = 10;
  driver.config.max_queued_messages = 3;
  driver.config.max_queued_bytes = 25;
  assert_int_equal(session_driver_open(&driver), ICWS_OK);
  assert_int_equal(icws_session_send(driver.session, icws_bytes_of("12345678901", 11), NULL),
                   ICWS_ERR_LIMIT);
  for (int i = 0; i < 2; i++)
    assert_int_equal(icws_session_send(driver.session, icws_bytes_of("1234567890", 10), NULL),
                     ICWS_OK);
  assert_int_equal(icws_session_send(driver.session, icws_bytes_of("123456", 6), NULL),
                   ICWS_ERR_QUEUE_FULL);
  assert_int_equal(icws_session_send(driver.session, icws_bytes_of("12345", 5), NULL), ICWS_OK);
  assert_int_equal(icws_session_send(driver.session, icws_bytes_of("", 0), NULL),
                   ICWS_ERR_QUEUE_FULL);
  stats = icws_session_stats(driver.session);
  assert_int_equal(stats.queued_messages, 3);
  assert_int_equal(stats.queued_bytes, 25);
  session_driver_wipe(&driver);
}

/* "Full" means try again later, which would be of no use here. */
static void test_message_larger_than_the_queue(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;

  prepare(fixture, &driver);
  driver.config.max_queued_bytes = 5;
  assert_int_equal(session_driver_open(&driver), ICWS_OK);
  assert_int_equal(icws_session_send(driver.session, icws_bytes_of("123456", 6), NULL),
                   ICWS_ERR_LIMIT);
  assert_int_equal(icws_session_send(driver.session, icws_bytes_of("12345", 5), NULL), ICWS_OK);
  session_driver_wipe(&driver);
}

static void test_frame_limit(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;

  prepare(fixture, &driver);
  driver.config.max_frame_bytes = fixture->handshake.len - 1;
  assert_int_equal(session_driver_open(&driver), ICWS_OK);
  assert_int_equal(session_driver_recv(&driver, vectors_bytes(&fixture->handshake)),
                   ICWS_ERR_LIMIT);
  assert_int_equal(driver.close_code, 4000);
  session_driver_wipe(&driver);
}

static void test_text_frame(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;

  prepare(fixture, &driver);
  open_session(fixture, &driver);
  assert_int_equal(
      icws_session_recv(driver.session, ICWS_FRAME_TEXT, icws_bytes_text("hello"), driver.now),
      ICWS_ERR_FRAME);
  session_driver_pump(&driver);
  assert_int_equal(driver.close_code, 4000);
  session_driver_wipe(&driver);
}

static void test_bad_handshake(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;

  for (size_t i = 0; i < fixture->handshake.len; i++) { /* cut short anywhere */
    prepare(fixture, &driver);
    assert_int_equal(session_driver_open(&driver), ICWS_OK);
    assert_int_equal(session_driver_recv(&driver, icws_bytes_of(fixture->handshake.data, i)),
                     ICWS_ERR_HANDSHAKE);
    assert_int_equal(driver.frame_count, 0);
    session_driver_wipe(&driver);
  }
}

static void test_undrained_events(void **state)
{
  const struct fixture *fixture = *state;
  json_t *of_case = case_named(fixture, "signed by the root");
  struct vectors_blob frame =
      vectors_hex_at(json_array_get(vectors_get(of_case, "frames"), 1), "hex");
  struct session_driver driver;

  prepare(fixture, &driver);
  open_session(fixture, &driver);
  assert_int_equal(
      icws_session_recv(driver.session, ICWS_FRAME_BINARY, vectors_bytes(&frame), driver.now),
      ICWS_OK);
  assert_int_equal(
      icws_session_recv(driver.session, ICWS_FRAME_BINARY, vectors_bytes(&frame), driver.now),
      ICWS_ERR_INVALID_STATE);
  session_driver_pump(&driver);
  assert_int_equal(driver.delivered_count, 1);
  assert_int_equal(icws_session_state(driver.session), ICWS_SESSION_OPEN);
  free(frame.data);
  session_driver_wipe(&driver);
}

static void test_configuration(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;
  struct icws_failure failure;

  prepare(fixture, &driver);
  driver.config.signer = icws_identity_signer(driver.identity);
  driver.config.signer.sender = icws_principal_anonymous();
  assert_int_equal(icws_session_new(&driver.config, driver.now, &driver.session, &failure),
                   ICWS_ERR_INVALID_ARGUMENT);
  driver.config.signer = icws_identity_signer(driver.identity);
  driver.config.signer.public_key.len = 0;
  assert_int_equal(icws_session_new(&driver.config, driver.now, &driver.session, &failure),
                   ICWS_ERR_INVALID_ARGUMENT);
  driver.config.signer = icws_identity_signer(driver.identity);
  driver.config.verifier = NULL;
  assert_int_equal(icws_session_new(&driver.config, driver.now, &driver.session, &failure),
                   ICWS_ERR_INVALID_ARGUMENT);
  assert_null(driver.session);
  session_driver_wipe(&driver);
}

/* --- Deadlines ---------------------------------------------------------------------------------- */

static void test_handshake_timeout(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;

  prepare(fixture, &driver);
  assert_int_equal(session_driver_open(&driver), ICWS_OK);
  assert_true(icws_session_deadline(driver.session) == 77 + 30000 * MS);
  assert_int_equal(session_driver_wait(&driver, 29999), ICWS_OK);
  assert_int_equal(session_driver_wait(&driver, 1), ICWS_ERR_HANDSHAKE_TIMEOUT);
  assert_true(driver.closed);
  assert_true(icws_session_deadline(driver.session) == ICWS_NEVER);
  session_driver_wipe(&driver);
}

static void test_open_timeout(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;

  prepare(fixture, &driver);
  assert_int_equal(session_driver_open(&driver), ICWS_OK);
  assert_int_equal(session_driver_recv(&driver, vectors_bytes(&fixture->handshake)), ICWS_OK);
  assert_int_equal(session_driver_wait(&driver, 59999), ICWS_OK);
  assert_int_equal(session_driver_wait(&driver, 1), ICWS_ERR_OPEN_TIMEOUT);
  assert_int_equal(driver.close_code, 4000);
  session_driver_wipe(&driver);
}

static void test_ack_timeout(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;

  prepare(fixture, &driver);
  driver.config.ack_interval_ms = 1000;
  open_session(fixture, &driver);
  send_text(&driver, "unheard");
  assert_int_equal(session_driver_wait(&driver, 30999), ICWS_OK);
  assert_int_equal(session_driver_wait(&driver, 1), ICWS_ERR_ACK_TIMEOUT);
  assert_non_null(strstr(icws_session_failure(driver.session)->text, "1 messages from number 1"));
  session_driver_wipe(&driver);
}

/* The longest interval that can be asked for is no acknowledgement ever, not one at once. */
static void test_no_ack_timeout(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;

  prepare(fixture, &driver);
  driver.config.ack_interval_ms = UINT64_MAX;
  open_session(fixture, &driver);
  assert_true(icws_session_deadline(driver.session) == ICWS_NEVER);
  send_text(&driver, "unheard");
  assert_true(icws_session_deadline(driver.session) == ICWS_NEVER);
  assert_int_equal(session_driver_wait(&driver, 400000), ICWS_OK);
  session_driver_wipe(&driver);
}

/* A client that only listens notices a dead link as well. */
static void test_ack_timeout_of_a_listener(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;

  prepare(fixture, &driver);
  open_session(fixture, &driver);
  assert_int_equal(session_driver_wait(&driver, 329999), ICWS_OK);
  assert_int_equal(session_driver_wait(&driver, 1), ICWS_ERR_ACK_TIMEOUT);
  session_driver_wipe(&driver);
}

static void test_ack_moves_the_deadline(void **state)
{
  const struct fixture *fixture = *state;
  json_t *acks = case_named(fixture, "acks of three messages, one of them going backwards");
  struct session_driver driver;

  prepare(fixture, &driver);
  open_session(fixture, &driver);
  send_up_to(&driver, 3);
  driver.now.mono_ns += 300000 * MS;
  assert_int_equal(recv_frame(&driver, acks, 1), ICWS_OK);
  assert_true(icws_session_deadline(driver.session) > driver.now.mono_ns);
  assert_int_equal(icws_session_tick(driver.session, driver.now), ICWS_OK);
  session_driver_wipe(&driver);
}

/* The wall clock may jump; deadlines do not care. */
static void test_clock_jump(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;

  prepare(fixture, &driver);
  open_session(fixture, &driver);
  driver.now.wall_ns += 86400000 * MS;
  assert_int_equal(icws_session_tick(driver.session, driver.now), ICWS_OK);
  assert_int_equal(icws_session_state(driver.session), ICWS_SESSION_OPEN);
  session_driver_wipe(&driver);
}

/* --- Closing ------------------------------------------------------------------------------------ */

static void test_close(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;

  prepare(fixture, &driver);
  open_session(fixture, &driver);
  icws_session_close(driver.session);
  icws_session_close(driver.session);
  session_driver_pump(&driver);
  assert_true(driver.closed);
  assert_int_equal(driver.close_code, 1000);
  assert_string_equal(driver.close_reason, "");
  assert_int_equal(icws_session_failure(driver.session)->code, ICWS_OK);
  assert_int_equal(icws_session_send(driver.session, icws_bytes_text("x"), NULL), ICWS_ERR_CLOSED);
  assert_int_equal(recv_frame(&driver, case_named(fixture, "signed by the root"), 1),
                   ICWS_ERR_CLOSED);
  assert_int_equal(driver.delivered_count, 0);
  session_driver_wipe(&driver);
}

static void test_closed_by_the_application(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;

  prepare(fixture, &driver);
  open_session(fixture, &driver);
  assert_int_equal(recv_frame(&driver, case_named(fixture, "frames after CloseMessage"), 1),
                   ICWS_ERR_CLOSED_BY_CANISTER);
  assert_int_equal(driver.close_code, 4001);
  assert_int_equal(icws_session_send(driver.session, icws_bytes_text("x"), NULL),
                   ICWS_ERR_CLOSED_BY_CANISTER);
  session_driver_wipe(&driver);
}

static void test_disconnected(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;
  struct icws_failure failure;

  prepare(fixture, &driver);
  open_session(fixture, &driver);
  icws_fail(&failure, ICWS_ERR_DISCONNECTED, "connection reset by peer");
  icws_session_disconnected(driver.session, &failure);
  session_driver_pump(&driver);
  assert_true(driver.closed);
  assert_int_equal(driver.close_code, 0); /* there is nobody to tell */
  assert_int_equal(icws_session_failure(driver.session)->code, ICWS_ERR_DISCONNECTED);
  session_driver_wipe(&driver);
}

/* --- Memory and randomness that fail ------------------------------------------------------------- */

struct counted_mem {
  struct icws_mem mem;
  unsigned left;
};

static void *reallocate_counted(void *pointer, size_t size, void *user_data)
{
  struct counted_mem *counted = user_data;

  if (counted->left == 0)
    return NULL;
  counted->left--;
  return realloc(pointer, size);
}

static void release_counted(void *pointer, void *user_data)
{
  (void)user_data;
  free(pointer);
}

/* One whole session in which the |fail_at|-th allocation and all after it fail; whether any did. */
static bool run_with_allocations(const struct fixture *fixture, unsigned fail_at)
{
  struct counted_mem counted = {
      .mem = {.user_data = &counted, .reallocate = reallocate_counted, .release = release_counted},
      .left = fail_at};
  json_t *of_case = case_named(fixture, "acks of three messages, one of them going backwards");
  struct session_driver driver;
  enum icws_error error;

  prepare(fixture, &driver);
  driver.config.mem = &counted.mem;
  error = session_driver_open(&driver);
  if (error == ICWS_OK)
    error = session_driver_recv(&driver, vectors_bytes(&fixture->handshake));
  if (error == ICWS_OK)
    error = recv_frame(&driver, of_case, 0);
  for (int i = 0; i < 3 && error == ICWS_OK && driver.opened; i++) {
    error = icws_session_send(driver.session, icws_bytes_text("message"), NULL);
    if (error == ICWS_OK)
      session_driver_pump(&driver);
  }
  if (error == ICWS_OK && !driver.closed)
    error = recv_frame(&driver, of_case, 1);
  if (error == ICWS_OK && driver.closed)
    error = icws_session_failure(driver.session)->code;
  assert_true(error == ICWS_OK || error == ICWS_ERR_NOMEM);
  session_driver_wipe(&driver);
  return error != ICWS_OK;
}

static void test_every_allocation_failed(void **state)
{
  unsigned fail_at = 0;

  while (run_with_allocations(*state, fail_at))
    fail_at++;
  assert_in_range(fail_at, 4, 40);
}

static enum icws_error fill_nothing(uint8_t *out, size_t len, void *user_data)
{
  (void)out;
  (void)len;
  (void)user_data;
  return ICWS_ERR_RANDOM;
}

static void test_no_randomness(void **state)
{
  const struct fixture *fixture = *state;
  struct session_driver driver;

  prepare(fixture, &driver);
  driver.random.fill = fill_nothing;
  assert_int_equal(session_driver_open(&driver), ICWS_ERR_RANDOM);
  assert_null(driver.session);
  session_driver_wipe(&driver);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_certified_sessions),
      cmocka_unit_test(test_ws_open),
      cmocka_unit_test(test_messages_wait_for_the_opening),
      cmocka_unit_test(test_keep_alive_answers_an_ack_first),
      cmocka_unit_test(test_one_message_is_signed_at_a_time),
      cmocka_unit_test(test_signer_refuses),
      cmocka_unit_test(test_queue_bounds),
      cmocka_unit_test(test_message_larger_than_the_queue),
      cmocka_unit_test(test_frame_limit),
      cmocka_unit_test(test_text_frame),
      cmocka_unit_test(test_bad_handshake),
      cmocka_unit_test(test_undrained_events),
      cmocka_unit_test(test_configuration),
      cmocka_unit_test(test_handshake_timeout),
      cmocka_unit_test(test_open_timeout),
      cmocka_unit_test(test_ack_timeout),
      cmocka_unit_test(test_no_ack_timeout),
      cmocka_unit_test(test_ack_timeout_of_a_listener),
      cmocka_unit_test(test_ack_moves_the_deadline),
      cmocka_unit_test(test_clock_jump),
      cmocka_unit_test(test_close),
      cmocka_unit_test(test_closed_by_the_application),
      cmocka_unit_test(test_disconnected),
      cmocka_unit_test(test_every_allocation_failed),
      cmocka_unit_test(test_no_randomness),
  };

  return cmocka_run_group_tests(tests, set_up, tear_down);
}
