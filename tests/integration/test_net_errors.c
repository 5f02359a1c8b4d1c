/* SPDX-License-Identifier: Apache-2.0 */

/* Connections that fail, each in its own way: the code, and that the text names host and reason. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <icws/client.h>
#include <icws/icws.h>

#include "scripted_certificates.h"
#include "scripted_gateway.h"

/* Long enough for a busy machine where it must not pass, short where it must. */
#define PLENTY_MS 20000
#define SHORT_MS 300

static char folder[] = "/tmp/icws-test-XXXXXX";
static char ca_file[64];
static char other_ca_file[64];

struct seen {
  unsigned phases; /* bit by phase */
  unsigned opened;
  unsigned messages;
  unsigned closed;
};

static void on_phase(struct icws_client *client, enum icws_client_phase phase, void *user_data)
{
  struct seen *seen = user_data;
  (void)client;
  seen->phases |= 1u << phase;
}

static void on_open(struct icws_client *client, void *user_data)
{
  struct seen *seen = user_data;
  (void)client;
  seen->opened++;
}

static void on_message(struct icws_client *client, const struct icws_event_message *message,
                       void *user_data)
{
  struct seen *seen = user_data;
  (void)client;
  (void)message;
  seen->messages++;
}

static void on_closed(struct icws_client *client, const struct icws_failure *failure,
                      void *user_data)
{
  struct seen *seen = user_data;
  assert_ptr_equal(failure, icws_client_failure(client));
  seen->closed++;
}

static struct icws_client_config plain_config(const char *url)
{
  struct icws_client_config config = {
      .gateway_url = url,
      .canister = {.len = 10, .bytes = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1}},
      .ca_file = ca_file,
      .resolve_timeout_ms = PLENTY_MS,
      .connect_timeout_ms = PLENTY_MS,
      .tls_timeout_ms = PLENTY_MS,
      .upgrade_timeout_ms = PLENTY_MS,
      .handshake_timeout_ms = PLENTY_MS,
      .open_timeout_ms = PLENTY_MS,
      .root_key_timeout_ms = PLENTY_MS,
      .close_timeout_ms = PLENTY_MS,
      .callbacks = {.on_phase = on_phase,
                    .on_open = on_open,
                    .on_message = on_message,
                    .on_closed = on_closed},
  };
  return config;
}

/* Runs a client to its end, which must not be the application's doing. */
static struct icws_failure run(struct icws_client_config config, struct seen *seen)
{
  struct icws_failure failure = {0};
  struct icws_client *client = NULL;
  enum icws_error error;
  memset(seen, 0, sizeof *seen);
  config.user_data = seen;
  if (icws_client_new(&config, &client, &failure) != ICWS_OK)
    fail_msg("icws_client_new: %s", failure.text);
  assert_int_equal(icws_client_start(client), ICWS_OK);
  error = icws_client_run(client);
  failure = *icws_client_failure(client);
  assert_int_equal(error, failure.code);
  assert_int_equal(icws_client_phase(client), ICWS_PHASE_CLOSED);
  assert_false(icws_client_process(client));
  assert_int_equal(seen->closed, 1);
  assert_int_equal(seen->opened, 0);
  assert_int_equal(seen->messages, 0);
  icws_client_del(client);
  return failure;
}

static void assert_failure(const struct icws_failure *failure, enum icws_error code,
                           const char *where, const char *why)
{
  if (failure->code != code || strstr(failure->text, where) == NULL ||
      strstr(failure->text, why) == NULL)
    fail_msg("expected %s with \"%s\" and \"%s\", got %s: %s", icws_error_name(code), where, why,
             icws_error_name(failure->code), failure->text);
}

/* --- Without a gateway ------------------------------------------------------------------------ */

static void test_bad_urls(void **state)
{
  static const char *const urls[] = {
      "",
      "localhost",
      "http://localhost",
      "ws:/localhost",
      "ws://",
      "ws://:80",
      "ws://localhost:",
      "ws://localhost:0",
      "ws://localhost:65536",
      "ws://localhost:000080",
      "ws://localhost:8x",
      "ws://user@localhost",
      "ws://user:password@localhost",
      "ws://local host",
      "ws://a..b",
      "ws://.",
      "ws://1.2.3",
      "ws://256.0.0.1",
      "ws://[::1",
      "ws://[::1]x",
      "ws://[::1%25eth0]",
      "ws://[127.0.0.1]",
      "ws://::1",
      "ws://localhost/#fragment",
      "ws://localhost/%4",
      "ws://localhost/a b",
      "ws://localhost/\r\nX: y",
      "ws://localhost/\"",
  };
  struct icws_failure failure;
  struct icws_client *client;
  size_t i;
  (void)state;
  for (i = 0; i < sizeof urls / sizeof urls[0]; i++) {
    struct icws_client_config config = plain_config(urls[i]);
    if (icws_client_new(&config, &client, &failure) != ICWS_ERR_URL)
      fail_msg("taken: %s", urls[i]);
  }
}

static void test_bad_configurations(void **state)
{
  static const uint8_t no_key[ICWS_ROOT_KEY_DER_BYTES];
  struct icws_client_config config = plain_config(NULL);
  struct icws_failure failure;
  struct icws_client *client;
  (void)state;
  assert_int_equal(icws_client_new(&config, &client, &failure), ICWS_ERR_INVALID_ARGUMENT);
  config = plain_config("ws://localhost");
  config.canister.len = 0;
  assert_int_equal(icws_client_new(&config, &client, &failure), ICWS_ERR_INVALID_ARGUMENT);
  config = plain_config("ws://localhost");
  config.root_key = icws_bytes_of(no_key, sizeof no_key);
  assert_int_equal(icws_client_new(&config, &client, &failure), ICWS_ERR_ROOT_KEY);
  config.root_key_url = "http://localhost";
  assert_int_equal(icws_client_new(&config, &client, &failure), ICWS_ERR_INVALID_ARGUMENT);
  config.root_key = icws_bytes_of(NULL, 0);
  config.root_key_url = "http://localhost/path";
  assert_int_equal(icws_client_new(&config, &client, &failure), ICWS_ERR_URL);
  config = plain_config("wss://localhost");
  config.ca_file = "/nonexistent/ca.pem";
  assert_int_equal(icws_client_new(&config, &client, &failure), ICWS_ERR_SYSTEM);
  assert_failure(&failure, ICWS_ERR_SYSTEM, "/nonexistent/ca.pem", "No such file");
  config.ca_file = "/dev/null";
  assert_int_equal(icws_client_new(&config, &client, &failure), ICWS_ERR_PEM);
}

/* ".invalid" has no names (RFC 6761).  Where no DNS server can be reached, c-ares says that instead,
 * or nothing in time: both are failures to resolve. */
static void test_unknown_name(void **state)
{
  struct icws_client_config config = plain_config("ws://gateway.invalid:81/path");
  struct icws_failure failure;
  struct seen seen;
  (void)state;
  config.resolve_timeout_ms = 2000;
  failure = run(config, &seen);
  if (failure.code != ICWS_ERR_RESOLVE_TIMEOUT)
    assert_int_equal(failure.code, ICWS_ERR_RESOLVE);
  assert_non_null(strstr(failure.text, "gateway.invalid"));
  assert_int_equal(seen.phases, 1u << ICWS_PHASE_RESOLVE | 1u << ICWS_PHASE_CLOSED);
}

/* A port on which nobody listens, but which nobody else gets. */
static int bind_port(char *url, size_t size, const char *origin)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t len = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
  assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
  snprintf(url, size, "%s:%u", origin, (unsigned)ntohs(address.sin_port));
  return fd;
}

static void test_refused(void **state)
{
  char url[64];
  struct icws_failure failure;
  struct seen seen;
  int fd = bind_port(url, sizeof url, "ws://127.0.0.1");
  (void)state;
  failure = run(plain_config(url), &seen);
  assert_failure(&failure, ICWS_ERR_CONNECT, url + strlen("ws://"), "connection refused");
  assert_int_equal(seen.phases,
                   1u << ICWS_PHASE_RESOLVE | 1u << ICWS_PHASE_CONNECT | 1u << ICWS_PHASE_CLOSED);
  close(fd);
}

static void test_refused_at_every_address(void **state)
{
  char url[64];
  struct icws_failure failure;
  struct seen seen;
  int fd = bind_port(url, sizeof url, "wss://localhost");
  (void)state;
  failure = run(plain_config(url), &seen);
  assert_failure(&failure, ICWS_ERR_CONNECT, url + strlen("wss://"),
                 "127.0.0.1: connection refused");
  close(fd);
}

/* A listener whose queue is full drops what else wants to connect. */
static void test_connect_timeout(void **state)
{
  char url[64];
  struct sockaddr_in address;
  socklen_t len = sizeof address;
  struct icws_client_config config;
  struct icws_failure failure;
  struct seen seen;
  int fillers[4];
  size_t i;
  int fd = bind_port(url, sizeof url, "ws://127.0.0.1");
  (void)state;
  assert_int_equal(listen(fd, 0), 0);
  assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
  for (i = 0; i < 4; i++) {
    fillers[i] = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(fcntl(fillers[i], F_SETFL, O_NONBLOCK), 0);
    (void)!connect(fillers[i], (struct sockaddr *)&address, len);
  }
  config = plain_config(url);
  config.connect_timeout_ms = SHORT_MS;
  failure = run(config, &seen);
  assert_failure(&failure, ICWS_ERR_CONNECT_TIMEOUT, url + strlen("ws://"), "no answer in time");
  for (i = 0; i < 4; i++)
    close(fillers[i]);
  close(fd);
}

/* --- Scripts ---------------------------------------------------------------------------------- */

static void stall(struct scripted_connection *connection, void *user_data)
{
  (void)user_data;
  scripted_wait_for_end(connection);
}

static void hang_up(struct scripted_connection *connection, void *user_data)
{
  (void)connection;
  (void)user_data;
}

static void accept_tls(struct scripted_connection *connection, void *user_data)
{
  (void)user_data;
  if (scripted_accept_tls(connection))
    scripted_wait_for_end(connection);
}

/* Answers whatever comes with the text in |user_data|. */
static void answer(struct scripted_connection *connection, void *user_data)
{
  char head[4096];
  if (scripted_read_request(connection, head, sizeof head))
    scripted_send_bytes(connection, user_data, strlen(user_data));
}

static void speak_at_once(struct scripted_connection *connection, void *user_data)
{
  scripted_send_bytes(connection, user_data, strlen(user_data));
  scripted_wait_for_end(connection);
}

static void upgrade_and_hang_up(struct scripted_connection *connection, void *user_data)
{
  (void)user_data;
  scripted_accept(connection);
}

static void upgrade_and_stall(struct scripted_connection *connection, void *user_data)
{
  (void)user_data;
  if (scripted_accept(connection))
    scripted_wait_for_end(connection);
}

/* The last frame that a client sent, or what it sent instead of one. */
struct last_frame {
  unsigned frames;
  bool binary_or_close; /* all of them */
  unsigned close_code;
  char close_reason[ICWS_CLOSE_REASON_BYTES];
};

static void read_to_the_end(struct scripted_connection *connection, struct last_frame *last)
{
  struct scripted_frame frame;
  last->binary_or_close = true;
  while (scripted_read_frame(connection, &frame)) {
    last->frames++;
    if (frame.opcode != SCRIPTED_BINARY && frame.opcode != SCRIPTED_CLOSE)
      last->binary_or_close = false;
    if (frame.opcode == SCRIPTED_CLOSE && frame.len >= 2 &&
        frame.len < 2 + sizeof last->close_reason) {
      last->close_code = (unsigned)frame.payload[0] << 8 | frame.payload[1];
      memcpy(last->close_reason, frame.payload + 2, frame.len - 2); /* of 123 at most */
      scripted_send_frame(connection, SCRIPTED_CLOSE, true, frame.payload, 2);
      free(frame.payload);
      return;
    }
    free(frame.payload);
  }
}

static void upgrade_and_read(struct scripted_connection *connection, void *user_data)
{
  if (scripted_accept(connection))
    read_to_the_end(connection, user_data);
}

static void send_text_frame(struct scripted_connection *connection, void *user_data)
{
  if (scripted_accept(connection) &&
      scripted_send_frame(connection, SCRIPTED_TEXT, true, "hello", 5))
    read_to_the_end(connection, user_data);
}

static void send_big_frame(struct scripted_connection *connection, void *user_data)
{
  static const uint8_t zeros[100000];
  if (scripted_accept(connection) &&
      scripted_send_fragments(connection, SCRIPTED_BINARY, zeros, sizeof zeros, 1000))
    read_to_the_end(connection, user_data);
}

static void send_rubbish(struct scripted_connection *connection, void *user_data)
{
  if (scripted_accept(connection) &&
      scripted_send_frame(connection, SCRIPTED_BINARY, true, "hello", 5))
    read_to_the_end(connection, user_data);
}

static void send_close(struct scripted_connection *connection, void *user_data)
{
  (void)user_data;
  if (scripted_accept(connection) && scripted_send_close(connection, 4008, "go \033[31maway\n"))
    scripted_wait_for_end(connection);
}

static void send_close_without_code(struct scripted_connection *connection, void *user_data)
{
  (void)user_data;
  if (scripted_accept(connection) && scripted_send_frame(connection, SCRIPTED_CLOSE, true, NULL, 0))
    scripted_wait_for_end(connection);
}

/* Runs a client against a script.  |origin| is the URL without the port; |where| (of at least 64) gets its host
 * and port. */
static struct icws_failure run_script(scripted_gateway_fn *script, void *user_data,
                                      struct icws_client_config config, const char *origin,
                                      const char *certificate, char *where, struct seen *seen)
{
  char certificate_file[64];
  char key_file[64];
  char url[64];
  struct scripted_gateway *gateway;
  struct icws_failure failure;
  snprintf(certificate_file, sizeof certificate_file, "%s/%s", folder, certificate);
  snprintf(key_file, sizeof key_file, "%s/key.pem", folder);
  gateway = scripted_gateway_start(script, user_data, certificate_file, key_file);
  snprintf(url, sizeof url, "%s:%u", origin, (unsigned)scripted_gateway_port(gateway));
  strcpy(where, strstr(url, "//") + 2);
  config.gateway_url = url;
  failure = run(config, seen);
  scripted_gateway_stop(gateway);
  return failure;
}

#define PLAIN "ws://127.0.0.1"
#define SECURE "wss://localhost"
#define SECURE_ADDRESS "wss://127.0.0.1"

/* --- TLS -------------------------------------------------------------------------------------- */

#define PHASES_TO_TLS                                                                              \
  (1u << ICWS_PHASE_RESOLVE | 1u << ICWS_PHASE_CONNECT | 1u << ICWS_PHASE_TLS |                    \
   1u << ICWS_PHASE_CLOSED)

struct tls_case {
  const char *url;
  const char *certificate;
  const char *ca; /* NULL: the system's */
  const char *reason;
};

static void test_tls_certificates(void **state)
{
  const struct tls_case cases[] = {
      {SECURE, "good.pem", other_ca_file, "unable to get local issuer certificate"},
      {SECURE, "good.pem", NULL, "unable to get local issuer certificate"},
      {SECURE, "expired.pem", ca_file, "certificate has expired"},
      {SECURE, "other-name.pem", ca_file, "hostname mismatch"},
      {SECURE_ADDRESS, "other-name.pem", ca_file, "IP address mismatch"},
      {SECURE_ADDRESS, "good.pem", other_ca_file, "unable to get local issuer certificate"},
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct icws_client_config config = plain_config(NULL);
    struct icws_failure failure;
    struct seen seen;
    char where[64];
    config.ca_file = cases[i].ca;
    failure =
        run_script(accept_tls, NULL, config, cases[i].url, cases[i].certificate, where, &seen);
    assert_failure(&failure, ICWS_ERR_TLS, where, cases[i].reason);
    assert_int_equal(seen.phases, PHASES_TO_TLS);
  }
}

static void assert_good_certificate(const char *url, const char *ca)
{
  struct icws_client_config config = plain_config(NULL);
  struct icws_failure failure;
  struct seen seen;
  char where[64];
  config.upgrade_timeout_ms = SHORT_MS;
  config.ca_file = ca;
  failure = run_script(accept_tls, NULL, config, url, "good.pem", where, &seen);
  assert_failure(&failure, ICWS_ERR_UPGRADE_TIMEOUT, where, "300 ms");
  assert_int_equal(seen.phases, PHASES_TO_TLS | 1u << ICWS_PHASE_UPGRADE);
}

/* The twins of the above: with the right certificate TLS is done, and the upgrade is what fails. */
static void test_tls_good_certificate(void **state)
{
  (void)state;
  assert_good_certificate(SECURE, ca_file);
  assert_good_certificate(SECURE_ADDRESS, ca_file);
}

/* Without a CA file the system's CAs count, which OpenSSL finds where this says. */
static void test_tls_system_cas(void **state)
{
  (void)state;
  assert_int_equal(setenv("SSL_CERT_FILE", ca_file, 1), 0);
  assert_good_certificate(SECURE, NULL);
  assert_int_equal(unsetenv("SSL_CERT_FILE"), 0);
}

static void test_tls_with_a_plain_server(void **state)
{
  static char hello[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
  struct icws_failure failure;
  struct seen seen;
  char where[64];
  (void)state;
  failure = run_script(speak_at_once, hello, plain_config(NULL), SECURE, "good.pem", where, &seen);
  assert_failure(&failure, ICWS_ERR_TLS, where, "wrong version number");
}

static void test_tls_hang_up(void **state)
{
  struct icws_failure failure;
  struct seen seen;
  char where[64];
  (void)state;
  failure = run_script(hang_up, NULL, plain_config(NULL), SECURE, "good.pem", where, &seen);
  assert_failure(&failure, ICWS_ERR_TLS, where, ""); /* an end or a reset, by what came first */
  assert_int_equal(seen.phases, PHASES_TO_TLS);
}

static void test_tls_timeout(void **state)
{
  struct icws_client_config config = plain_config(NULL);
  struct icws_failure failure;
  struct seen seen;
  char where[64];
  (void)state;
  config.tls_timeout_ms = SHORT_MS;
  failure = run_script(stall, NULL, config, SECURE, "good.pem", where, &seen);
  assert_failure(&failure, ICWS_ERR_TLS_TIMEOUT, where, "300 ms");
}

/* --- The upgrade ------------------------------------------------------------------------------ */

static void test_upgrade_refused(void **state)
{
  static const struct {
    char answer[160];
    const char *reason;
  } cases[] = {
      {"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", "HTTP status 403"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "HTTP status 200"},
      {"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "HTTP status 401"},
      {"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
       "HTTP status 302"},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
       "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
       "did not upgrade"},
      {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "did not upgrade"},
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct icws_failure failure;
    struct seen seen;
    char where[64];
    char text[160];
    memcpy(text, cases[i].answer, sizeof text);
    failure = run_script(answer, text, plain_config(NULL), PLAIN, "good.pem", where, &seen);
    assert_failure(&failure, ICWS_ERR_UPGRADE, where, cases[i].reason);
  }
}

static void test_upgrade_hang_up(void **state)
{
  struct icws_failure failure;
  struct seen seen;
  char where[64];
  (void)state;
  failure = run_script(hang_up, NULL, plain_config(NULL), PLAIN, "good.pem", where, &seen);
  assert_failure(&failure, ICWS_ERR_UPGRADE, where, "closed the connection");
}

static void test_upgrade_timeout(void **state)
{
  struct icws_client_config config = plain_config(NULL);
  struct icws_failure failure;
  struct seen seen;
  char where[64];
  (void)state;
  config.upgrade_timeout_ms = SHORT_MS;
  failure = run_script(stall, NULL, config, PLAIN, "good.pem", where, &seen);
  assert_failure(&failure, ICWS_ERR_UPGRADE_TIMEOUT, where, "300 ms");
}

/* --- After the upgrade ------------------------------------------------------------------------ */

static void test_handshake_timeout(void **state)
{
  struct icws_client_config config = plain_config(NULL);
  struct last_frame last = {0};
  struct icws_failure failure;
  struct seen seen;
  char where[64];
  (void)state;
  config.handshake_timeout_ms = SHORT_MS;
  failure = run_script(upgrade_and_read, &last, config, PLAIN, "good.pem", where, &seen);
  assert_int_equal(failure.code, ICWS_ERR_HANDSHAKE_TIMEOUT);
  assert_int_equal(last.frames, 1);
  assert_int_equal(last.close_code, ICWS_CLOSE_CODE_ERROR);
  assert_int_not_equal(last.close_reason[0], '\0');
}

static void test_disconnected(void **state)
{
  struct icws_failure failure;
  struct seen seen;
  char where[64];
  (void)state;
  failure =
      run_script(upgrade_and_hang_up, NULL, plain_config(NULL), PLAIN, "good.pem", where, &seen);
  assert_failure(&failure, ICWS_ERR_DISCONNECTED, where, "dropped the connection");
}

static void test_close_with_code_and_reason(void **state)
{
  struct icws_failure failure;
  struct seen seen;
  char where[64];
  (void)state;
  failure = run_script(send_close, NULL, plain_config(NULL), PLAIN, "good.pem", where, &seen);
  assert_failure(&failure, ICWS_ERR_DISCONNECTED, where, "code 4008: go \\x1b[31maway\\x0a");
}

static void test_close_without_code(void **state)
{
  struct icws_failure failure;
  struct seen seen;
  char where[64];
  (void)state;
  failure = run_script(send_close_without_code, NULL, plain_config(NULL), PLAIN, "good.pem", where,
                       &seen);
  assert_failure(&failure, ICWS_ERR_DISCONNECTED, where, "without a code");
}

/* What comes that no gateway may send: the session refuses it, and the close frame says so. */
static void test_bad_frames(void **state)
{
  static const struct {
    scripted_gateway_fn *script;
    enum icws_error code;
  } cases[] = {
      {send_text_frame, ICWS_ERR_FRAME},
      {send_big_frame, ICWS_ERR_LIMIT},
      {send_rubbish, ICWS_ERR_HANDSHAKE},
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct icws_client_config config = plain_config(NULL);
    struct last_frame last = {0};
    struct icws_failure failure;
    struct seen seen;
    char where[64];
    config.max_frame_bytes = 50000;
    failure = run_script(cases[i].script, &last, config, PLAIN, "good.pem", where, &seen);
    assert_failure(&failure, cases[i].code, "", "");
    assert_int_equal(last.frames, 1);
    assert_true(last.binary_or_close);
    assert_int_equal(last.close_code, ICWS_CLOSE_CODE_ERROR);
  }
}

/* A peer that does not answer the closing handshake does not hold the client. */
static void test_close_timeout(void **state)
{
  struct icws_client_config config = plain_config(NULL);
  struct icws_failure failure;
  struct seen seen;
  char where[64];
  (void)state;
  config.handshake_timeout_ms = SHORT_MS;
  config.close_timeout_ms = SHORT_MS;
  failure = run_script(upgrade_and_stall, NULL, config, PLAIN, "good.pem", where, &seen);
  assert_int_equal(failure.code, ICWS_ERR_HANDSHAKE_TIMEOUT);
  assert_true(seen.phases & 1u << ICWS_PHASE_CLOSING);
}

static void close_at_handshake(struct icws_client *client, enum icws_client_phase phase,
                               void *user_data)
{
  on_phase(client, phase, user_data);
  if (phase == ICWS_PHASE_HANDSHAKE)
    icws_client_close(client);
}

/* That the gateway did not go along is told, since what was sent last may be lost. */
static void test_close_unanswered(void **state)
{
  struct icws_client_config config = plain_config(NULL);
  struct icws_failure failure;
  struct seen seen;
  char where[64];
  (void)state;
  config.close_timeout_ms = SHORT_MS;
  config.callbacks.on_phase = close_at_handshake;
  failure = run_script(upgrade_and_stall, NULL, config, PLAIN, "good.pem", where, &seen);
  assert_failure(&failure, ICWS_ERR_DISCONNECTED, where, "no answer to the closing");
}

/* --- The root key ----------------------------------------------------------------------------- */

struct root_key_case {
  char answer[256];
  size_t len; /* 0: its length as text */
  enum icws_error code;
  const char *reason;
};

static void answer_status(struct scripted_connection *connection, void *user_data)
{
  const struct root_key_case *row = user_data;
  char head[4096];
  if (scripted_read_request(connection, head, sizeof head) &&
      strstr(head, "GET /api/v2/status HTTP/1.1\r\n") == head)
    scripted_send_bytes(connection, row->answer, row->len == 0 ? strlen(row->answer) : row->len);
}

#define STATUS_HEAD "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
#define WITH_LENGTH(text) text, sizeof text - 1

static void test_root_key(void **state)
{
  static const struct root_key_case cases[] = {
      {WITH_LENGTH("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n"), ICWS_ERR_HTTP,
       "HTTP status 404"},
      {WITH_LENGTH("nonsense\r\n\r\n"), ICWS_ERR_HTTP, "HTTP/0.9"},
      {WITH_LENGTH(STATUS_HEAD "\xa0"), ICWS_ERR_HTTP, "not a status with a root key"},
      {WITH_LENGTH(STATUS_HEAD "\xa1\x68root_key\x63"
                               "abc"),
       ICWS_ERR_HTTP, "not a status with a root key"},
      {WITH_LENGTH(STATUS_HEAD "\xa1\x68root_key\x43"
                               "abc"),
       ICWS_ERR_ROOT_KEY, ""},
      {WITH_LENGTH(STATUS_HEAD "\xa1\x68root_key\x40"), ICWS_ERR_ROOT_KEY, "empty"},
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct icws_client_config config = plain_config("ws://gateway.invalid");
    struct root_key_case row = cases[i];
    struct scripted_gateway *network = scripted_gateway_start(answer_status, &row, NULL, NULL);
    struct icws_failure failure;
    struct seen seen;
    char url[64];
    snprintf(url, sizeof url, "http://localhost:%u", (unsigned)scripted_gateway_port(network));
    config.root_key_url = url;
    failure = run(config, &seen);
    scripted_gateway_stop(network);
    assert_failure(&failure, row.code, "", row.reason);
    assert_int_equal(seen.phases, 1u << ICWS_PHASE_ROOT_KEY | 1u << ICWS_PHASE_CLOSED);
  }
}

static void test_root_key_refused_and_timeout(void **state)
{
  struct icws_client_config config = plain_config("ws://gateway.invalid");
  struct scripted_gateway *network = scripted_gateway_start(stall, NULL, NULL, NULL);
  struct icws_failure failure;
  struct seen seen;
  char url[64];
  int fd;
  (void)state;
  snprintf(url, sizeof url, "http://127.0.0.1:%u", (unsigned)scripted_gateway_port(network));
  config.root_key_url = url;
  config.root_key_timeout_ms = SHORT_MS;
  failure = run(config, &seen);
  assert_failure(&failure, ICWS_ERR_HTTP, url + strlen("http://"), "300 ms");
  scripted_gateway_stop(network);
  fd = bind_port(url, sizeof url, "http://127.0.0.1");
  config.root_key_timeout_ms = PLENTY_MS;
  failure = run(config, &seen);
  assert_failure(&failure, ICWS_ERR_HTTP, url + strlen("http://"), "onnect");
  close(fd);
}

static int set_up(void **state)
{
  (void)state;
  if (mkdtemp(folder) == NULL)
    return -1;
  scripted_certificates_make(folder);
  snprintf(ca_file, sizeof ca_file, "%s/ca.pem", folder);
  snprintf(other_ca_file, sizeof other_ca_file, "%s/other-ca.pem", folder);
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
      cmocka_unit_test(test_bad_urls),
      cmocka_unit_test(test_bad_configurations),
      cmocka_unit_test(test_unknown_name),
      cmocka_unit_test(test_refused),
      cmocka_unit_test(test_refused_at_every_address),
      cmocka_unit_test(test_connect_timeout),
      cmocka_unit_test(test_tls_certificates),
      cmocka_unit_test(test_tls_good_certificate),
      cmocka_unit_test(test_tls_system_cas),
      cmocka_unit_test(test_tls_with_a_plain_server),
      cmocka_unit_test(test_tls_hang_up),
      cmocka_unit_test(test_tls_timeout),
      cmocka_unit_test(test_upgrade_refused),
      cmocka_unit_test(test_upgrade_hang_up),
      cmocka_unit_test(test_upgrade_timeout),
      cmocka_unit_test(test_handshake_timeout),
      cmocka_unit_test(test_disconnected),
      cmocka_unit_test(test_close_with_code_and_reason),
      cmocka_unit_test(test_close_without_code),
      cmocka_unit_test(test_bad_frames),
      cmocka_unit_test(test_close_timeout),
      cmocka_unit_test(test_close_unanswered),
      cmocka_unit_test(test_root_key),
      cmocka_unit_test(test_root_key_refused_and_timeout),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
