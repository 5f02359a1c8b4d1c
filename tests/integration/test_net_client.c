/* SPDX-License-Identifier: Apache-2.0 */

/* A client that talks: with a scripted gateway in front of a scripted canister. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <time.h>

#include <libwebsockets.h>

#include <icws/client.h>
#include <icws/icws.h>

#include "scripted_canister.h"
#include "scripted_certificates.h"
#include "scripted_gateway.h"

static char folder[] = "/tmp/icws-test-XXXXXX";
static char ca_file[64];
static char certificate_file[64];
static char key_file[64];

/* --- A client and its canister ---------------------------------------------------------------- */

struct fixture {
  struct scripted_canister canister;
  struct scripted_gateway *gateway;
  struct icws_client *client;
  char url[64];

  unsigned expected; /* messages; then the client closes */
  unsigned opened;
  unsigned received;
  unsigned sent;
  unsigned closed;
  uint64_t last_ticket;
  struct icws_buf last;
  bool close_in_phase;
  enum icws_client_phase phase_to_close_in;
  bool send_in_open;
  unsigned close_when_sent;                        /* so many messages; 0: do not */
  const struct icws_client_config *another_config; /* of a client to make in the TLS phase */
  struct icws_client *another;
};

static void on_phase(struct icws_client *client, enum icws_client_phase phase, void *user_data)
{
  struct fixture *fixture = user_data;
  assert_int_equal(icws_client_phase(client), phase);
  assert_true(icws_client_process(client) || phase == ICWS_PHASE_CLOSED); /* does nothing here */
  assert_int_equal(icws_client_run(client), ICWS_ERR_INVALID_STATE);
  if (fixture->close_in_phase && fixture->phase_to_close_in == phase)
    icws_client_close(client);
  if (fixture->another_config != NULL && phase == ICWS_PHASE_TLS)
    assert_int_equal(icws_client_new(fixture->another_config, &fixture->another, NULL), ICWS_OK);
}

static void on_open(struct icws_client *client, void *user_data)
{
  struct fixture *fixture = user_data;
  fixture->opened++;
  if (fixture->send_in_open)
    assert_int_equal(icws_client_send(client, icws_bytes_text("from on_open"), NULL), ICWS_OK);
}

static void on_message(struct icws_client *client, const struct icws_event_message *message,
                       void *user_data)
{
  struct fixture *fixture = user_data;
  fixture->received++;
  assert_int_equal(message->sequence_num, fixture->received + 1);
  icws_buf_clear(&fixture->last);
  icws_buf_put(&fixture->last, message->content.data, message->content.len);
  if (fixture->received == fixture->expected)
    icws_client_close(client);
}

static void on_sent(struct icws_client *client, const struct icws_event_sent *sent, void *user_data)
{
  struct fixture *fixture = user_data;
  fixture->sent++;
  assert_int_equal(sent->ticket, fixture->sent);
  assert_int_equal(sent->sequence_num, fixture->sent);
  fixture->last_ticket = sent->ticket;
  if (fixture->sent == fixture->close_when_sent)
    icws_client_close(client);
}

static void on_closed(struct icws_client *client, const struct icws_failure *failure,
                      void *user_data)
{
  struct fixture *fixture = user_data;
  assert_ptr_equal(failure, icws_client_failure(client));
  fixture->closed++;
}

static void start_gateway(struct fixture *fixture, scripted_gateway_fn *script)
{
  memset(fixture, 0, sizeof *fixture);
  icws_buf_init(&fixture->last, 0, NULL);
  scripted_canister_init(&fixture->canister);
  fixture->gateway = scripted_gateway_start(script, &fixture->canister, certificate_file, key_file);
  snprintf(fixture->url, sizeof fixture->url, "ws://127.0.0.1:%u",
           (unsigned)scripted_gateway_port(fixture->gateway));
}

static struct icws_client_config default_config(struct fixture *fixture)
{
  struct icws_client_config config = {
      .gateway_url = fixture->url,
      .canister = fixture->canister.id,
      .root_key = maker_key_der(&fixture->canister.root),
      .callbacks = {.on_phase = on_phase,
                    .on_open = on_open,
                    .on_message = on_message,
                    .on_sent = on_sent,
                    .on_closed = on_closed},
      .user_data = fixture,
  };
  return config;
}

static void make_client(struct fixture *fixture, const struct icws_client_config *config)
{
  struct icws_failure failure;
  if (icws_client_new(config, &fixture->client, &failure) != ICWS_OK)
    fail_msg("icws_client_new: %s", failure.text);
  assert_int_equal(icws_client_phase(fixture->client), ICWS_PHASE_IDLE);
}

static void send_text(struct fixture *fixture, const char *text, uint64_t ticket)
{
  uint64_t given = 0;
  assert_int_equal(icws_client_send(fixture->client, icws_bytes_text(text), &given), ICWS_OK);
  assert_int_equal(given, ticket);
}

static void assert_closed(struct fixture *fixture, enum icws_error code)
{
  const struct icws_failure *failure = icws_client_failure(fixture->client);
  if (failure->code != code)
    fail_msg("%s: %s", icws_error_name(failure->code), failure->text);
  assert_int_equal(fixture->closed, 1);
  assert_int_equal(icws_client_phase(fixture->client), ICWS_PHASE_CLOSED);
  assert_false(icws_client_process(fixture->client));
  assert_int_equal(icws_client_timeout_ms(fixture->client), -1);
}

static void tear_down_fixture(struct fixture *fixture)
{
  icws_client_del(fixture->client);
  fixture->client = NULL;
  scripted_gateway_stop(fixture->gateway);
  icws_buf_wipe(&fixture->last);
  assert_int_equal(fixture->canister.faults, 0);
}

/* Sends three messages, before there is a connection, and gets them back. */
static void talk(struct fixture *fixture, const struct icws_client_config *config,
                 void (*drive)(struct icws_client *client))
{
  struct icws_session_stats stats;
  fixture->expected = 3;
  make_client(fixture, config);
  send_text(fixture, "one", 1);
  send_text(fixture, "two", 2);
  send_text(fixture, "three", 3);
  assert_int_equal(icws_client_start(fixture->client), ICWS_OK);
  drive(fixture->client);
  assert_closed(fixture, ICWS_OK);
  assert_int_equal(fixture->opened, 1);
  assert_int_equal(fixture->received, 3);
  assert_int_equal(fixture->sent, 3);
  assert_true(icws_bytes_equal(icws_buf_bytes(&fixture->last), icws_bytes_text("three")));
  stats = icws_client_stats(fixture->client);
  assert_int_equal(stats.messages_received, 3);
  assert_int_equal(stats.messages_sent, 3);
  tear_down_fixture(fixture);
  assert_int_equal(fixture->canister.opens, 1);
  assert_int_equal(fixture->canister.messages, 3);
  assert_int_equal(fixture->canister.close_code, ICWS_CLOSE_CODE_DONE);
}

static void run(struct icws_client *client)
{
  enum icws_error error = icws_client_run(client);
  assert_int_equal(error, icws_client_failure(client)->code);
}

/* --- Talking ---------------------------------------------------------------------------------- */

static void test_talk(void **state)
{
  struct fixture fixture;
  struct icws_client_config config;
  (void)state;
  start_gateway(&fixture, scripted_canister_serve);
  config = default_config(&fixture);
  talk(&fixture, &config, run);
}

/* Whatever the frames are, the messages are the same; pings between them are answered. */
static void test_fragments(void **state)
{
  static const size_t fragments[] = {1, 2, 125, 126, 1000};
  size_t i;
  (void)state;
  for (i = 0; i < sizeof fragments / sizeof fragments[0]; i++) {
    struct fixture fixture;
    struct icws_client_config config;
    start_gateway(&fixture, scripted_canister_serve);
    fixture.canister.fragment = fragments[i];
    fixture.canister.ping = true;
    config = default_config(&fixture);
    talk(&fixture, &config, run);
    assert_in_range(fixture.canister.pongs, 1, 5);
  }
}

static void serve_tls(struct scripted_connection *connection, void *user_data)
{
  if (scripted_accept_tls(connection))
    scripted_canister_serve(connection, user_data);
}

static void test_talk_tls(void **state)
{
  static const char *const hosts[] = {"localhost", "127.0.0.1"};
  size_t i;
  (void)state;
  for (i = 0; i < 2; i++) {
    struct fixture fixture;
    struct icws_client_config config;
    start_gateway(&fixture, serve_tls);
    snprintf(fixture.url, sizeof fixture.url, "wss://%s:%u", hosts[i],
             (unsigned)scripted_gateway_port(fixture.gateway));
    config = default_config(&fixture);
    config.ca_file = ca_file;
    talk(&fixture, &config, run);
  }
}

/* libwebsockets has a global that tells its connections' certificates apart: badly. */
static void test_two_clients(void **state)
{
  struct fixture fixture;
  struct icws_client_config config;
  (void)state;
  start_gateway(&fixture, serve_tls);
  snprintf(fixture.url, sizeof fixture.url, "wss://localhost:%u",
           (unsigned)scripted_gateway_port(fixture.gateway));
  config = default_config(&fixture);
  config.ca_file = ca_file;
  fixture.another_config = &config;
  talk(&fixture, &config, run);
  assert_non_null(fixture.another);
  icws_client_del(fixture.another);
}

/* As an application under its own loop does it; the client must not keep it busy. */
static void poll_loop(struct icws_client *client)
{
  const int fd = icws_client_fd(client);
  unsigned rounds = 0;
  while (icws_client_process(client)) {
    struct pollfd pollfd = {.fd = fd, .events = POLLIN};
    assert_int_equal(icws_client_fd(client), fd);
    assert_true(poll(&pollfd, 1, icws_client_timeout_ms(client)) >= 0);
    rounds++;
    assert_true(rounds < 1000);
  }
}

static void test_poll(void **state)
{
  struct fixture fixture;
  struct icws_client_config config;
  (void)state;
  start_gateway(&fixture, scripted_canister_serve);
  config = default_config(&fixture);
  talk(&fixture, &config, poll_loop);
}

/* An open client with nothing to do sleeps: its descriptor stays silent, its deadline is far. */
static void test_idle_is_idle(void **state)
{
  struct fixture fixture;
  struct icws_client_config config;
  struct pollfd pollfd = {.events = POLLIN};
  unsigned rounds = 0;
  (void)state;
  start_gateway(&fixture, scripted_canister_serve);
  config = default_config(&fixture);
  make_client(&fixture, &config);
  assert_int_equal(icws_client_start(fixture.client), ICWS_OK);
  pollfd.fd = icws_client_fd(fixture.client);
  while (fixture.opened == 0) {
    assert_true(icws_client_process(fixture.client));
    poll(&pollfd, 1, icws_client_timeout_ms(fixture.client));
  }
  while (rounds < 100 &&
         (icws_client_timeout_ms(fixture.client) == 0 || poll(&pollfd, 1, 0) == 1)) {
    assert_true(icws_client_process(fixture.client));
    rounds++;
  }
  assert_true(rounds < 100);
  icws_client_close(fixture.client);
  assert_int_equal(icws_client_timeout_ms(fixture.client), 0);
  run(fixture.client);
  assert_closed(&fixture, ICWS_OK);
  tear_down_fixture(&fixture);
  assert_int_equal(fixture.canister.close_code, ICWS_CLOSE_CODE_DONE);
}

static void test_big_message(void **state)
{
  enum { SIZE = 1000000 };
  struct fixture fixture;
  struct icws_client_config config;
  uint8_t *content = malloc(SIZE);
  size_t i;
  (void)state;
  assert_non_null(content);
  for (i = 0; i < SIZE; i++)
    content[i] = (uint8_t)(i * 7 + i / 256);
  start_gateway(&fixture, scripted_canister_serve);
  config = default_config(&fixture);
  fixture.expected = 1;
  make_client(&fixture, &config);
  assert_int_equal(icws_client_send(fixture.client, icws_bytes_of(content, SIZE), NULL), ICWS_OK);
  assert_int_equal(icws_client_start(fixture.client), ICWS_OK);
  run(fixture.client);
  assert_closed(&fixture, ICWS_OK);
  assert_true(icws_bytes_equal(icws_buf_bytes(&fixture.last), icws_bytes_of(content, SIZE)));
  tear_down_fixture(&fixture);
  free(content);
}

static void test_send_inside_a_callback(void **state)
{
  struct fixture fixture;
  struct icws_client_config config;
  (void)state;
  start_gateway(&fixture, scripted_canister_serve);
  fixture.send_in_open = true;
  fixture.expected = 1;
  config = default_config(&fixture);
  make_client(&fixture, &config);
  assert_int_equal(icws_client_start(fixture.client), ICWS_OK);
  run(fixture.client);
  assert_closed(&fixture, ICWS_OK);
  assert_true(icws_bytes_equal(icws_buf_bytes(&fixture.last), icws_bytes_text("from on_open")));
  tear_down_fixture(&fixture);
}

/* --- Closing ---------------------------------------------------------------------------------- */

/* Opens, takes the first bytes of a message, and is gone. */
static void hang_up(struct scripted_connection *connection, void *user_data)
{
  char bytes[4];
  if (scripted_accept(connection) && scripted_canister_open(user_data, connection))
    (void)scripted_read_request(connection, bytes, sizeof bytes);
}

/* Opens, and then takes what comes without a word. */
static void listen_only(struct scripted_connection *connection, void *user_data)
{
  struct scripted_canister *canister = user_data;
  struct scripted_frame frame;
  bool more = scripted_accept(connection) && scripted_canister_open(canister, connection);
  while (more && scripted_read_frame(connection, &frame)) {
    more = frame.opcode == SCRIPTED_BINARY;
    if (more)
      canister->messages++;
    else if (frame.opcode == SCRIPTED_CLOSE && frame.len >= 2)
      canister->close_code = (unsigned)frame.payload[0] << 8 | frame.payload[1];
    free(frame.payload);
  }
}

static void listen_only_tls(struct scripted_connection *connection, void *user_data)
{
  if (scripted_accept_tls(connection))
    listen_only(connection, user_data);
}

/* Hands over |count| messages of |size| bytes, more than the sockets take at once, and closes. */
static void close_with_much_unsent(struct fixture *fixture, scripted_gateway_fn *script,
                                   const char *url, unsigned count, size_t size)
{
  struct icws_client_config config;
  uint8_t *content = calloc(1, size);
  assert_non_null(content);
  start_gateway(fixture, script);
  snprintf(fixture->url, sizeof fixture->url, "%s:%u", url,
           (unsigned)scripted_gateway_port(fixture->gateway));
  config = default_config(fixture);
  config.ca_file = ca_file;
  config.max_message_bytes = size;
  config.max_queued_bytes = size * count;
  config.close_timeout_ms = 20000;
  fixture->close_when_sent = count;
  make_client(fixture, &config);
  for (unsigned i = 0; i < count; i++)
    assert_int_equal(icws_client_send(fixture->client, icws_bytes_of(content, size), NULL),
                     ICWS_OK);
  free(content);
  assert_int_equal(icws_client_start(fixture->client), ICWS_OK);
  run(fixture->client);
  assert_int_equal(fixture->sent, count);
}

/* What was handed over goes out, and then the close frame. */
static void test_close_with_much_unsent(void **state)
{
  static const struct {
    scripted_gateway_fn *script;
    const char *url;
  } cases[] = {{listen_only, "ws://127.0.0.1"}, {listen_only_tls, "wss://localhost"}};
  (void)state;
  for (size_t i = 0; i < 2; i++) {
    struct fixture fixture;
    close_with_much_unsent(&fixture, cases[i].script, cases[i].url, 4, 2000000);
    assert_closed(&fixture, ICWS_OK);
    tear_down_fixture(&fixture);
    assert_int_equal(fixture.canister.messages, 4);
    assert_int_equal(fixture.canister.close_code, ICWS_CLOSE_CODE_DONE);
  }
}

/* A connection that breaks before all has gone out did not end as the application wished. */
static void test_connection_lost_with_much_unsent(void **state)
{
  struct fixture fixture;
  (void)state;
  close_with_much_unsent(&fixture, hang_up, "ws://127.0.0.1", 1, (size_t)32 << 20);
  assert_closed(&fixture, ICWS_ERR_DISCONNECTED);
  tear_down_fixture(&fixture);
}

static void test_close_in_every_phase(void **state)
{
  static const struct {
    enum icws_client_phase phase;
    unsigned close_code; /* what the gateway sees */
  } cases[] = {
      {ICWS_PHASE_RESOLVE, 0},
      {ICWS_PHASE_CONNECT, 0},
      {ICWS_PHASE_TLS, 0},
      {ICWS_PHASE_UPGRADE, 0},
      {ICWS_PHASE_HANDSHAKE, ICWS_CLOSE_CODE_DONE},
      {ICWS_PHASE_OPENING, ICWS_CLOSE_CODE_DONE},
      {ICWS_PHASE_OPEN, ICWS_CLOSE_CODE_DONE},
      {ICWS_PHASE_CLOSING, ICWS_CLOSE_CODE_ERROR},
      {ICWS_PHASE_CLOSED, ICWS_CLOSE_CODE_ERROR},
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bool late = cases[i].phase >= ICWS_PHASE_CLOSING; /* the session has failed by then */
    struct fixture fixture;
    struct icws_client_config config;
    start_gateway(&fixture, serve_tls);
    snprintf(fixture.url, sizeof fixture.url, "wss://127.0.0.1:%u",
             (unsigned)scripted_gateway_port(fixture.gateway));
    fixture.close_in_phase = true;
    fixture.phase_to_close_in = cases[i].phase;
    config = default_config(&fixture);
    config.ca_file = ca_file;
    if (late)
      config.root_key = icws_root_key_mainnet(); /* not the one that signs here */
    make_client(&fixture, &config);
    assert_int_equal(icws_client_start(fixture.client), ICWS_OK);
    run(fixture.client);
    assert_closed(&fixture, late ? ICWS_ERR_CERTIFICATE_SIGNATURE : ICWS_OK);
    assert_int_equal(icws_client_send(fixture.client, icws_bytes_text("late"), NULL),
                     late ? ICWS_ERR_CERTIFICATE_SIGNATURE : ICWS_ERR_CLOSED);
    icws_client_del(fixture.client);
    scripted_gateway_stop(fixture.gateway);
    icws_buf_wipe(&fixture.last);
    assert_int_equal(fixture.canister.close_code, cases[i].close_code);
  }
}

static void test_close_before_start(void **state)
{
  struct fixture fixture;
  struct icws_client_config config;
  (void)state;
  start_gateway(&fixture, scripted_canister_serve);
  config = default_config(&fixture);
  make_client(&fixture, &config);
  assert_int_equal(icws_client_timeout_ms(fixture.client), -1);
  assert_true(icws_client_process(fixture.client));
  assert_int_equal(icws_client_run(fixture.client), ICWS_ERR_INVALID_STATE);
  icws_client_close(fixture.client);
  assert_int_equal(fixture.closed, 0);
  assert_int_equal(icws_client_timeout_ms(fixture.client), 0);
  assert_false(icws_client_process(fixture.client));
  assert_closed(&fixture, ICWS_OK);
  assert_int_equal(icws_client_start(fixture.client), ICWS_ERR_INVALID_STATE);
  tear_down_fixture(&fixture);
}

/* Deleting at any moment until it is open: nothing leaks, and the gateway sees no close frame. */
static void test_delete_any_time(void **state)
{
  bool opened = false;
  (void)state;
  for (unsigned rounds = 0; !opened; rounds++) {
    struct fixture fixture;
    struct icws_client_config config;
    struct pollfd pollfd = {.events = POLLIN};
    unsigned round;
    start_gateway(&fixture, serve_tls);
    snprintf(fixture.url, sizeof fixture.url, "wss://localhost:%u",
             (unsigned)scripted_gateway_port(fixture.gateway));
    config = default_config(&fixture);
    config.ca_file = ca_file;
    make_client(&fixture, &config);
    assert_int_equal(icws_client_start(fixture.client), ICWS_OK);
    pollfd.fd = icws_client_fd(fixture.client);
    for (round = 0; round < rounds && fixture.opened == 0; round++) {
      assert_true(icws_client_process(fixture.client));
      poll(&pollfd, 1, icws_client_timeout_ms(fixture.client));
    }
    opened = fixture.opened > 0;
    tear_down_fixture(&fixture);
    assert_int_equal(fixture.closed, 0);
    assert_int_equal(fixture.canister.close_code, 0);
    assert_true(rounds < 1000);
  }
}

static void test_start_twice(void **state)
{
  struct fixture fixture;
  struct icws_client_config config;
  (void)state;
  start_gateway(&fixture, scripted_canister_serve);
  config = default_config(&fixture);
  make_client(&fixture, &config);
  assert_int_equal(icws_client_start(fixture.client), ICWS_OK);
  assert_int_equal(icws_client_start(fixture.client), ICWS_ERR_INVALID_STATE);
  tear_down_fixture(&fixture);
}

/* --- What is sent before the session is there ------------------------------------------------- */

static void test_queue_limits(void **state)
{
  struct fixture fixture;
  struct icws_client_config config;
  uint64_t ticket = 0;
  (void)state;
  start_gateway(&fixture, scripted_canister_serve);
  config = default_config(&fixture);
  config.max_message_bytes = 10;
  config.max_queued_messages = 3;
  config.max_queued_bytes = 15;
  make_client(&fixture, &config);
  assert_int_equal(icws_client_send(fixture.client, icws_bytes_text("12345678901"), &ticket),
                   ICWS_ERR_LIMIT);
  send_text(&fixture, "1234567890", 1);
  assert_int_equal(icws_client_send(fixture.client, icws_bytes_text("123456"), &ticket),
                   ICWS_ERR_QUEUE_FULL);
  send_text(&fixture, "12345", 2);
  send_text(&fixture, "", 3);
  assert_int_equal(icws_client_send(fixture.client, icws_bytes_text(""), &ticket),
                   ICWS_ERR_QUEUE_FULL);
  assert_int_equal(icws_client_stats(fixture.client).queued_messages, 0);
  fixture.expected = 3;
  assert_int_equal(icws_client_start(fixture.client), ICWS_OK);
  run(fixture.client);
  assert_closed(&fixture, ICWS_OK);
  tear_down_fixture(&fixture);
}

/* Before there is a session, too, "full" means that trying again may help. */
static void test_message_larger_than_the_queue(void **state)
{
  struct fixture fixture;
  struct icws_client_config config;
  (void)state;
  start_gateway(&fixture, scripted_canister_serve);
  config = default_config(&fixture);
  config.max_queued_bytes = 5;
  make_client(&fixture, &config);
  assert_int_equal(icws_client_send(fixture.client, icws_bytes_text("123456"), NULL),
                   ICWS_ERR_LIMIT);
  send_text(&fixture, "12345", 1);
  fixture.expected = 1;
  assert_int_equal(icws_client_start(fixture.client), ICWS_OK);
  run(fixture.client);
  assert_closed(&fixture, ICWS_OK);
  tear_down_fixture(&fixture);
}

/* --- The process ------------------------------------------------------------------------------ */

static void test_process_is_left_alone(void **state)
{
  struct fixture fixture;
  struct icws_client_config config;
  struct sigaction before, after;
  sigset_t mask_before, mask_after;
  (void)state;
  sigaction(SIGPIPE, NULL, &before);
  pthread_sigmask(SIG_BLOCK, NULL, &mask_before);
  setenv("http_proxy", "127.0.0.1:1", 1); /* which would be refused */
  lws_set_log_level(LLL_ERR | LLL_USER, NULL);
  start_gateway(&fixture, scripted_canister_serve);
  config = default_config(&fixture);
  talk(&fixture, &config, run);
  unsetenv("http_proxy");
  assert_int_equal(lwsl_visible(LLL_ERR), LLL_ERR);
  assert_int_equal(lwsl_visible(LLL_USER), LLL_USER);
  lws_set_log_level(0, NULL);
  sigaction(SIGPIPE, NULL, &after);
  assert_ptr_equal(after.sa_handler, before.sa_handler);
  pthread_sigmask(SIG_BLOCK, NULL, &mask_after);
  assert_int_equal(sigismember(&mask_after, SIGPIPE), sigismember(&mask_before, SIGPIPE));
}

static void hang_up_when_open(struct scripted_connection *connection, void *user_data)
{
  if (scripted_accept_tls(connection) && scripted_accept(connection))
    scripted_canister_open(user_data, connection);
}

/* TLS writes to a connection that is gone: an error, not a signal. */
static void test_broken_pipe(void **state)
{
  struct fixture fixture;
  struct icws_client_config config;
  struct pollfd nothing = {.fd = -1};
  struct pollfd pollfd = {.events = POLLIN};
  struct sigaction deadly = {.sa_handler = SIG_DFL};
  (void)state;
  sigaction(SIGPIPE, &deadly, NULL);
  start_gateway(&fixture, hang_up_when_open);
  snprintf(fixture.url, sizeof fixture.url, "wss://127.0.0.1:%u",
           (unsigned)scripted_gateway_port(fixture.gateway));
  config = default_config(&fixture);
  config.ca_file = ca_file;
  make_client(&fixture, &config);
  assert_int_equal(icws_client_start(fixture.client), ICWS_OK);
  pollfd.fd = icws_client_fd(fixture.client);
  while (fixture.opened == 0 && icws_client_process(fixture.client))
    poll(&pollfd, 1, icws_client_timeout_ms(fixture.client));
  poll(&nothing, 1, 50);
  (void)!icws_client_send(fixture.client, icws_bytes_text("into the void"), NULL);
  run(fixture.client);
  assert_closed(&fixture, ICWS_ERR_DISCONNECTED);
  tear_down_fixture(&fixture);
}

/* --- The root key, fetched -------------------------------------------------------------------- */

static void serve_status(struct scripted_connection *connection, void *user_data)
{
  static const char answer[] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
  const struct fixture *fixture = user_data;
  struct icws_buf status;
  char head[4096];
  if (!scripted_read_request(connection, head, sizeof head) ||
      strstr(head, "GET /api/v2/status HTTP/1.1\r\n") != head)
    return;
  icws_buf_init(&status, 0, NULL);
  icws_cbor_put_self_describe(&status);
  icws_cbor_put_map(&status, 2);
  icws_cbor_put_key(&status, "ic_api_version");
  icws_cbor_put_text(&status, icws_bytes_text("0.18.0"));
  icws_cbor_put_key(&status, "root_key");
  icws_cbor_put_bytes(&status, maker_key_der(&fixture->canister.root));
  scripted_send_bytes(connection, answer, sizeof answer - 1);
  scripted_send_bytes(connection, status.data, status.len);
  icws_buf_wipe(&status);
}

static void test_fetched_root_key(void **state)
{
  struct fixture fixture;
  struct icws_client_config config;
  struct scripted_gateway *network;
  char url[64];
  (void)state;
  start_gateway(&fixture, scripted_canister_serve);
  network = scripted_gateway_start(serve_status, &fixture, NULL, NULL);
  snprintf(url, sizeof url, "http://localhost:%u/", (unsigned)scripted_gateway_port(network));
  config = default_config(&fixture);
  config.root_key = icws_bytes_of(NULL, 0);
  config.root_key_url = url;
  talk(&fixture, &config, run);
  scripted_gateway_stop(network);
}

static int set_up(void **state)
{
  (void)state;
  if (mkdtemp(folder) == NULL)
    return -1;
  scripted_certificates_make(folder);
  snprintf(ca_file, sizeof ca_file, "%s/ca.pem", folder);
  snprintf(certificate_file, sizeof certificate_file, "%s/good.pem", folder);
  snprintf(key_file, sizeof key_file, "%s/key.pem", folder);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  scripted_certificates_remove(folder);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_talk),
      cmocka_unit_test(test_fragments),
      cmocka_unit_test(test_talk_tls),
      cmocka_unit_test(test_two_clients),
      cmocka_unit_test(test_poll),
      cmocka_unit_test(test_idle_is_idle),
      cmocka_unit_test(test_big_message),
      cmocka_unit_test(test_send_inside_a_callback),
      cmocka_unit_test(test_close_with_much_unsent),
      cmocka_unit_test(test_connection_lost_with_much_unsent),
      cmocka_unit_test(test_close_in_every_phase),
      cmocka_unit_test(test_close_before_start),
      cmocka_unit_test(test_delete_any_time),
      cmocka_unit_test(test_start_twice),
      cmocka_unit_test(test_queue_limits),
      cmocka_unit_test(test_message_larger_than_the_queue),
      cmocka_unit_test(test_process_is_left_alone),
      cmocka_unit_test(test_broken_pipe),
      cmocka_unit_test(test_fetched_root_key),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
