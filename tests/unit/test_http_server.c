/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "gateway/http_server.h"
#include "raw_websocket.h"

/* The server on a real socket, with clients that send what they like. */

#define MAX_BODY_BYTES 100000
#define MAX_CONNECTIONS 4

struct fixture {
  uv_loop_t loop;
  struct icws_http_server *server;
  bool keeps; /* the handler answers later */
  struct icws_http_exchange *kept[8];
  size_t kept_count;
  size_t handled;
  char seen[400]; /* the last request */
};

/* Long: libmicrohttpd has one of its own, by the system's clock, which is to come after the server's. */
#define TIMEOUT_MS 3600000

static uint64_t fake_now_ns;

static uint64_t fake_monotonic_ns(void)
{
  return fake_now_ns;
}

/* Answers with method, path, fields, and the length and first bytes of the body. */
static void answer(struct icws_http_exchange *exchange)
{
  static const struct icws_http_field more = {"x-more", "yes"};
  const struct icws_http_request *request = icws_http_exchange_request(exchange);
  char text[2000];

  (void)snprintf(text, sizeof text, "%s %s [%s] [%s] %zu %.*s\n", request->method, request->path,
                 request->content_type, request->origin, request->body.len,
                 (int)(request->body.len < 20 ? request->body.len : 20),
                 request->body.len > 0 ? (const char *)request->body.data : "");
  icws_http_exchange_answer(exchange, &(struct icws_http_answer){.status = 200,
                                                                 .content_type = "text/x-test",
                                                                 .body = icws_bytes_text(text),
                                                                 .fields = &more,
                                                                 .field_count = 1});
}

static void handle(void *user_data, struct icws_http_exchange *exchange)
{
  struct fixture *f = user_data;
  const struct icws_http_request *request = icws_http_exchange_request(exchange);

  f->handled++;
  (void)snprintf(f->seen, sizeof f->seen, "%s %s", request->method, request->path);
  if (strcmp(request->path, "/large") == 0) {
    static uint8_t large[3000000];

    memset(large, 'x', sizeof large);
    icws_http_exchange_answer(exchange, &(struct icws_http_answer){.status = 200,
                                                                   .content_type = "text/plain",
                                                                   .body = {large, sizeof large}});
  } else if (strcmp(request->path, "/empty") == 0) {
    icws_http_exchange_answer(exchange, &(struct icws_http_answer){.status = 204});
  } else if (f->keeps) {
    f->kept[f->kept_count++] = exchange;
  } else {
    answer(exchange);
  }
}

static void pump(void *user_data)
{
  struct fixture *f = user_data;
  const struct timespec a_moment = {.tv_nsec = 200000};

  (void)uv_run(&f->loop, UV_RUN_NOWAIT);
  (void)nanosleep(&a_moment, NULL);
}

static const struct icws_http_field common = {"x-common", "always"};

static struct icws_http_server_config configuration(struct fixture *f)
{
  return (struct icws_http_server_config){.loop = &f->loop,
                                          .handler = handle,
                                          .user_data = f,
                                          .name = "test-server",
                                          .max_connections = MAX_CONNECTIONS,
                                          .max_body_bytes = MAX_BODY_BYTES,
                                          .timeout_ms = TIMEOUT_MS,
                                          .fields = &common,
                                          .field_count = 1,
                                          .monotonic_ns = fake_monotonic_ns};
}

static int set_up(void **state)
{
  static struct fixture f;
  struct icws_failure failure = {0};

  memset(&f, 0, sizeof f);
  fake_now_ns = 1;
  assert_int_equal(uv_loop_init(&f.loop), 0);
  const struct icws_http_server_config config = configuration(&f);
  if (icws_http_server_new(&config, &f.server, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  *state = &f;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *f = *state;

  icws_http_server_del(f->server);
  (void)uv_run(&f->loop, UV_RUN_NOWAIT);
  return uv_loop_close(&f->loop);
}

static void connect_to(struct fixture *f, struct raw_websocket *raw)
{
  raw_connect(raw, icws_http_server_port(f->server), pump, f);
}

static void say(struct raw_websocket *raw, const char *text)
{
  raw_send(raw, text, strlen(text));
}

static bool has(struct raw_websocket *raw, const char *text)
{
  icws_buf_put_u8(&raw->in, 0);
  icws_buf_truncate(&raw->in, raw->in.len - 1);
  return strstr((const char *)raw->in.data, text) != NULL;
}

static void forget(struct raw_websocket *raw)
{
  icws_buf_truncate(&raw->in, 0);
}

static void expect(struct raw_websocket *raw, const char *status, const char *body)
{
  if (!raw_receive_until(raw, body))
    fail_msg("not answered with %s but: %.*s", body, (int)raw->in.len, (const char *)raw->in.data);
  assert_memory_equal(raw->in.data, status, strlen(status));
}

static void expect_end(struct raw_websocket *raw)
{
  assert_false(raw_receive_until(raw, "this never comes"));
  assert_true(raw->ended);
}

/* --- Requests that are answered ---------------------------------------------------------------- */

static void test_get_is_answered(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raw;

  connect_to(f, &raw);
  say(&raw, "GET /a/b%20c?d=e HTTP/1.1\r\nHost: x\r\nOrigin: https://o.example\r\n\r\n");
  expect(&raw, "HTTP/1.1 200 ", "GET /a/b c [] [https://o.example] 0 \n");
  assert_true(has(&raw, "content-type: text/x-test\r\n"));
  assert_true(has(&raw, "x-common: always\r\n"));
  assert_true(has(&raw, "x-more: yes\r\n"));
  assert_true(has(&raw, "server: test-server\r\n"));
  raw_disconnect(&raw, false);
}

static void test_connection_is_kept(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raw;

  connect_to(f, &raw);
  for (int i = 0; i < 5; i++) {
    say(&raw, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Type: application/cbor\r\n"
              "Content-Length: 5\r\n\r\nhel");
    say(&raw, "lo");
    expect(&raw, "HTTP/1.1 200 ", "POST /p [application/cbor] [] 5 hello\n");
    assert_false(has(&raw, "Connection: close"));
    forget(&raw);
    say(&raw, "GET /g HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(&raw, "HTTP/1.1 200 ", "GET /g [] [] 0 \n");
    forget(&raw);
  }
  assert_int_equal(f->handled, 10);
  raw_disconnect(&raw, false);
}

static void test_methods(void **state)
{
  static const char *const methods[] = {"GET", "OPTIONS", "DELETE"};
  struct fixture *f = *state;
  struct raw_websocket raw;
  char text[100];

  connect_to(f, &raw);
  for (size_t i = 0; i < 3; i++) {
    (void)snprintf(text, sizeof text, "%s /m HTTP/1.1\r\nHost: x\r\n\r\n", methods[i]);
    say(&raw, text);
    (void)snprintf(text, sizeof text, "%s /m [] [] 0 \n", methods[i]);
    expect(&raw, "HTTP/1.1 200 ", text);
    forget(&raw);
  }
  say(&raw, "PUT /m HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  expect(&raw, "HTTP/1.1 200 ", "PUT /m [] [] 0 \n");
  forget(&raw);
  say(&raw, "HEAD /m HTTP/1.1\r\nHost: x\r\n\r\nGET /n HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(&raw, "HTTP/1.1 200 ", "GET /n [] [] 0 \n");
  assert_true(has(&raw, "Content-Length: 16\r\n"));
  assert_false(has(&raw, "GET /m"));
  raw_disconnect(&raw, false);
}

static void test_no_content(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raw;

  connect_to(f, &raw);
  say(&raw, "OPTIONS /empty HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(&raw, "HTTP/1.1 204 ", "\r\n\r\n");
  assert_false(has(&raw, "Content-Length"));
  forget(&raw);
  say(&raw, "GET /g HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(&raw, "HTTP/1.1 200 ", "GET /g [] [] 0 \n");
  raw_disconnect(&raw, false);
}

static void test_pipelined_requests_are_answered_in_order(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raw;

  connect_to(f, &raw);
  f->keeps = true;
  say(&raw, "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
            "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
            "POST /3 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nde"
            "GET /4 HTTP/1.1\r\nHost: x\r\n\r\n");
  for (size_t i = 0; i < 4; i++) {
    while (f->kept_count == i)
      pump(f);
    for (int turns = 0; turns < 20; turns++)
      pump(f);
    assert_int_equal(f->kept_count, i + 1); /* one at a time */
    answer(f->kept[i]);
  }
  assert_true(raw_receive_until(&raw, "GET /4"));
  assert_true(has(&raw, "POST /1 [] [] 3 abc\n"));
  assert_true(has(&raw, "GET /2 [] [] 0 \n"));
  assert_true(has(&raw, "POST /3 [] [] 2 de\n"));
  assert_true(strstr((char *)raw.in.data, "/1 ") < strstr((char *)raw.in.data, "/2 "));
  assert_true(strstr((char *)raw.in.data, "/2 ") < strstr((char *)raw.in.data, "/3 "));
  raw_disconnect(&raw, false);
}

static void test_large_bodies(void **state)
{
  static uint8_t body[MAX_BODY_BYTES];
  struct fixture *f = *state;
  struct raw_websocket raw;
  size_t head;

  memset(body, 'b', sizeof body);
  connect_to(f, &raw);
  say(&raw, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
  raw_send(&raw, body, sizeof body);
  expect(&raw, "HTTP/1.1 200 ", "POST /p [] [] 100000 bbbbbbbbbbbbbbbbbbbb\n");
  forget(&raw);
  say(&raw, "GET /large HTTP/1.1\r\nHost: x\r\n\r\nGET /g HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(&raw, "HTTP/1.1 200 ", "GET /g [] [] 0 \n");
  head = (size_t)(strstr((char *)raw.in.data, "\r\n\r\n") + 4 - (char *)raw.in.data);
  for (size_t i = 0; i < 3000000; i++)
    if (raw.in.data[head + i] != 'x')
      fail_msg("byte %zu is not as sent", i);
  assert_memory_equal(raw.in.data + head + 3000000, "HTTP/1.1 200 ", 13);
  raw_disconnect(&raw, false);
}

static void test_expectation_is_met(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raw;

  connect_to(f, &raw);
  say(&raw, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  expect(&raw, "HTTP/1.1 100 Continue\r\n", "\r\n\r\n");
  forget(&raw);
  say(&raw, "ok");
  expect(&raw, "HTTP/1.1 200 ", "POST /p [] [] 2 ok\n");
  raw_disconnect(&raw, false);
}

static void test_close_is_obeyed(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raw;

  connect_to(f, &raw);
  say(&raw, "GET /g HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  expect(&raw, "HTTP/1.1 200 ", "GET /g [] [] 0 \n");
  expect_end(&raw);
  raw_disconnect(&raw, false);
  connect_to(f, &raw);
  say(&raw, "GET /g HTTP/1.0\r\n\r\n");
  expect(&raw, "HTTP/1.1 200 ", "GET /g [] [] 0 \n");
  expect_end(&raw);
  raw_disconnect(&raw, false);
}

/* --- Requests that are refused ----------------------------------------------------------------- */

static void test_too_large_body_is_refused(void **state)
{
  static uint8_t body[MAX_BODY_BYTES + 1];
  struct fixture *f = *state;
  struct raw_websocket raw;

  connect_to(f, &raw);
  say(&raw, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n");
  raw_send(&raw, body, sizeof body);
  expect(&raw, "HTTP/1.1 413 ", "The body is too large.\n");
  assert_true(has(&raw, "x-common: always\r\n"));
  forget(&raw);
  say(&raw, "GET /g HTTP/1.1\r\nHost: x\r\n\r\n"); /* the body was read and dropped */
  expect(&raw, "HTTP/1.1 200 ", "GET /g [] [] 0 \n");
  forget(&raw);
  say(&raw, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 16777217\r\n\r\n");
  expect(&raw, "HTTP/1.1 413 ", "The body is too large.\n");
  assert_true(has(&raw, "Connection: close\r\n"));
  expect_end(&raw);
  assert_int_equal(f->handled, 1);
  raw_disconnect(&raw, false);
}

static void test_bodies_may_come_in_chunks(void **state)
{
  static const char head[] = "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  static char chunk[0x4000];
  struct fixture *f = *state;
  struct raw_websocket raw;

  connect_to(f, &raw);
  say(&raw, head);
  say(&raw, "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
  expect(&raw, "HTTP/1.1 200 ", "POST /p [] [] 11 hello world\n");
  forget(&raw);
  say(&raw, head);
  for (size_t sent = 0; sent <= MAX_BODY_BYTES; sent += sizeof chunk) {
    say(&raw, "4000\r\n");
    raw_send(&raw, chunk, sizeof chunk);
    say(&raw, "\r\n");
  }
  say(&raw, "0\r\n\r\n");
  expect(&raw, "HTTP/1.1 413 ", "The body is too large.\n");
  assert_int_equal(f->handled, 1);
  raw_disconnect(&raw, false);
}

/* One that announces no length is dropped when it has become too long to be skimmed. */
static void test_endless_body_is_dropped(void **state)
{
  static uint8_t chunk[0x100000];
  static const char head[] = "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  struct fixture *f = *state;
  struct icws_http_server_config config = configuration(f);
  struct raw_websocket raw;

  config.timeout_ms = 60000; /* longer than the test waits */
  icws_http_server_del(f->server);
  assert_int_equal(icws_http_server_new(&config, &f->server, NULL), ICWS_OK);
  connect_to(f, &raw);
  say(&raw, head);
  for (size_t sent = 0; sent <= ICWS_HTTP_MAX_SKIMMED_BYTES; sent += sizeof chunk) {
    say(&raw, "100000\r\n");
    raw_send(&raw, chunk, sizeof chunk);
    say(&raw, "\r\n");
  }
  expect_end(&raw); /* though the body has not */
  assert_int_equal(f->handled, 0);
  raw_disconnect(&raw, false);
}

static void test_no_http_is_answered_or_dropped(void **state)
{
  static const struct {
    const char *request;
    const char *answer; /* NULL: none */
  } rows[] = {
      {"hello\r\n\r\n", NULL},
      {"BREW /pot HTCPCP/1.0\r\n\r\n", "HTTP/1.1 400 "},
      {"GET / HTTP/3.0\r\n\r\n", "HTTP/1.1 505 "},
      {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "}, /* without a host */
      {"MUCHTOOLONGAMETHOD / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 501 "},
      {"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 400 "},
      {"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5x\r\n\r\n", "HTTP/1.1 400 "},
      {"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
       "HTTP/1.1 413 "},
  };
  struct fixture *f = *state;
  struct raw_websocket raw;

  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    connect_to(f, &raw);
    say(&raw, rows[i].request);
    expect_end(&raw);
    if (rows[i].answer && !has(&raw, rows[i].answer))
      fail_msg("row %zu: %.*s", i, (int)raw.in.len, (const char *)raw.in.data);
    if (!rows[i].answer)
      assert_int_equal(raw.in.len, 0);
    raw_disconnect(&raw, false);
  }
  assert_int_equal(f->handled, 0);
}

static void test_long_heads_are_refused(void **state)
{
  static char text[40000];
  struct fixture *f = *state;
  struct raw_websocket raw;

  connect_to(f, &raw);
  (void)snprintf(text, sizeof text, "GET /%02000d HTTP/1.1\r\nHost: x\r\n\r\n", 0);
  say(&raw, text);
  expect(&raw, "HTTP/1.1 414 ", "The path is too long.\n");
  expect_end(&raw);
  raw_disconnect(&raw, false);
  connect_to(f, &raw);
  (void)snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: x\r\nOrigin: %0300d\r\n\r\n", 0);
  say(&raw, text);
  expect(&raw, "HTTP/1.1 431 ", "A header field is too long.\n");
  expect_end(&raw);
  raw_disconnect(&raw, false);
  connect_to(f, &raw);
  say(&raw, "GET / HTTP/1.1\r\nHost: x\r\nOther: ");
  memset(text, 'o', sizeof text - 1);
  say(&raw, text);
  expect(&raw, "HTTP/1.1 431 ", "Your HTTP header was too big");
  expect_end(&raw);
  raw_disconnect(&raw, false);
  assert_int_equal(f->handled, 0);
}

static void test_upgrades_are_ignored(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raw;

  connect_to(f, &raw);
  say(&raw, "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  expect(&raw, "HTTP/1.1 200 ", "GET /ws [] [] 0 \n");
  forget(&raw);
  say(&raw, "GET /h2 HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
  expect(&raw, "HTTP/1.1 200 ", "GET /h2 [] [] 0 \n");
  raw_disconnect(&raw, false);
}

static void test_too_many_connections_are_refused(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raws[MAX_CONNECTIONS + 1];

  for (size_t round = 0; round < 3; round++) {
    for (size_t i = 0; i < MAX_CONNECTIONS; i++) {
      connect_to(f, &raws[i]);
      say(&raws[i], "GET /g HTTP/1.1\r\nHost: x\r\n\r\n");
      expect(&raws[i], "HTTP/1.1 200 ", "GET /g [] [] 0 \n");
    }
    connect_to(f, &raws[MAX_CONNECTIONS]);
    say(&raws[MAX_CONNECTIONS], "GET /g HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(&raws[MAX_CONNECTIONS], "HTTP/1.1 503 ",
           "This server has as many connections as it takes. Try again later.\n");
    expect_end(&raws[MAX_CONNECTIONS]);
    for (size_t i = 0; i <= MAX_CONNECTIONS; i++)
      raw_disconnect(&raws[i], round == 1);
    for (int turns = 0; turns < 20; turns++)
      pump(f);
  }
}

/* --- Clients that are slow or leave ------------------------------------------------------------ */

/* A byte now and then does not help. */
static void test_slow_requests_time_out(void **state)
{
  static const char *const starts[] = {
      "", "GET / HT", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhe",
      "GET /g HTTP/1.1\r\nHost: x\r\n\r\n"};
  struct fixture *f = *state;
  struct raw_websocket raw;

  for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
    connect_to(f, &raw);
    say(&raw, starts[i]);
    for (int turns = 0; turns < 20; turns++)
      pump(f);
    fake_now_ns += TIMEOUT_MS * UINT64_C(1000000) - 1;
    say(&raw, "l");
    for (int turns = 0; turns < 20; turns++)
      pump(f);
    assert_false(raw.ended);
    fake_now_ns += UINT64_C(1000000000); /* more than between two looks */
    expect_end(&raw);
    raw_disconnect(&raw, false);
  }
  assert_int_equal(f->handled, 1);
}

/* The handler may take its time. */
static void test_handling_has_no_timeout(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raw;

  f->keeps = true;
  connect_to(f, &raw);
  say(&raw, "GET /g HTTP/1.1\r\nHost: x\r\n\r\n");
  while (f->kept_count == 0)
    pump(f);
  fake_now_ns += 2 * TIMEOUT_MS * UINT64_C(1000000);
  for (int turns = 0; turns < 20; turns++)
    pump(f);
  answer(f->kept[0]);
  expect(&raw, "HTTP/1.1 200 ", "GET /g [] [] 0 \n");
  raw_disconnect(&raw, false);
}

/* Descriptors of this process: of the client, and of the server while it keeps the connection. */
static size_t count_descriptors(void)
{
  DIR *folder = opendir("/proc/self/fd");
  size_t count = 0;

  assert_non_null(folder);
  while (readdir(folder))
    count++;
  assert_int_equal(closedir(folder), 0);
  return count;
}

/* libmicrohttpd's own clock, which counts in seconds, finds this one. */
static void test_client_that_takes_nothing_is_dropped(void **state)
{
  struct fixture *f = *state;
  struct icws_http_server_config config = configuration(f);
  const time_t give_up = time(NULL) + 60;
  struct icws_failure failure;
  struct raw_websocket raw;
  size_t before;

  icws_http_server_del(f->server);
  config.timeout_ms = 1000;
  assert_int_equal(icws_http_server_new(&config, &f->server, &failure), ICWS_OK);
  connect_to(f, &raw);
  before = count_descriptors();
  for (int i = 0; i < 4; i++)
    say(&raw, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  while (f->handled == 0)
    pump(f);
  while (count_descriptors() > before) {
    pump(f);
    assert_true(time(NULL) < give_up);
  }
  expect_end(&raw);
  assert_true(raw.in.len < 12000000);
  raw_disconnect(&raw, false);
}

static void test_clients_may_leave_at_any_moment(void **state)
{
  static const char *const starts[] = {
      "",
      "G",
      "GET /g HTT",
      "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe",
      "GET /large HTTP/1.1\r\nHost: x\r\n\r\n",
  };
  struct fixture *f = *state;
  struct raw_websocket raw;

  for (size_t i = 0; i < 2 * sizeof starts / sizeof starts[0]; i++) {
    connect_to(f, &raw);
    say(&raw, starts[i / 2]);
    for (int turns = 0; turns < 5; turns++)
      pump(f);
    raw_disconnect(&raw, i % 2 == 1);
    for (int turns = 0; turns < 5; turns++)
      pump(f);
  }
  connect_to(f, &raw);
  say(&raw, "GET /g HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(&raw, "HTTP/1.1 200 ", "GET /g [] [] 0 \n");
  raw_disconnect(&raw, false);
}

static void test_exchange_outlives_client(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raw;

  f->keeps = true;
  for (size_t i = 0; i < 2; i++) {
    connect_to(f, &raw);
    say(&raw, "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
    while (f->kept_count == i)
      pump(f);
    raw_disconnect(&raw, i == 1);
    for (int turns = 0; turns < 20; turns++)
      pump(f);
    assert_string_equal(icws_http_exchange_request(f->kept[i])->path, "/later");
    answer(f->kept[i]);
  }
}

static void test_exchange_outlives_server(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raw;

  f->keeps = true;
  connect_to(f, &raw);
  say(&raw, "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  while (f->kept_count == 0)
    pump(f);
  icws_http_server_del(f->server);
  f->server = NULL;
  assert_memory_equal(icws_http_exchange_request(f->kept[0])->body.data, "hello", 5);
  answer(f->kept[0]);
  expect_end(&raw);
  raw_disconnect(&raw, false);
}

/* --- Configurations ---------------------------------------------------------------------------- */

static void test_bad_configurations_are_refused(void **state)
{
  struct fixture *f = *state;
  struct icws_http_server *server = NULL;
  struct icws_failure failure;
  struct icws_http_server_config config = configuration(f);

  config.address = "localhost";
  assert_int_equal(icws_http_server_new(&config, &server, &failure), ICWS_ERR_INVALID_ARGUMENT);
  assert_string_equal(failure.text, "localhost is not a numeric address");
  config = configuration(f);
  config.handler = NULL;
  assert_int_equal(icws_http_server_new(&config, &server, &failure), ICWS_ERR_INVALID_ARGUMENT);
  config = configuration(f);
  config.port = icws_http_server_port(f->server);
  assert_int_equal(icws_http_server_new(&config, &server, &failure), ICWS_ERR_SYSTEM);
  assert_non_null(strstr(failure.text, "cannot listen on 127.0.0.1 port "));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_get_is_answered),
      TEST(test_connection_is_kept),
      TEST(test_methods),
      TEST(test_no_content),
      TEST(test_pipelined_requests_are_answered_in_order),
      TEST(test_large_bodies),
      TEST(test_expectation_is_met),
      TEST(test_close_is_obeyed),
      TEST(test_too_large_body_is_refused),
      TEST(test_bodies_may_come_in_chunks),
      TEST(test_endless_body_is_dropped),
      TEST(test_no_http_is_answered_or_dropped),
      TEST(test_long_heads_are_refused),
      TEST(test_upgrades_are_ignored),
      TEST(test_too_many_connections_are_refused),
      TEST(test_slow_requests_time_out),
      TEST(test_handling_has_no_timeout),
      TEST(test_client_that_takes_nothing_is_dropped),
      TEST(test_clients_may_leave_at_any_moment),
      TEST(test_exchange_outlives_client),
      TEST(test_exchange_outlives_server),
      TEST(test_bad_configurations_are_refused),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
