/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "live_gateway.h"

/* Who is let in, how many, how fast: limits and allow-lists on a real socket. */

#define PROXY "127.0.0.0/8" /* where the raw clients come from */

static void start_with(struct live *f, void (*set)(struct icws_gateway_config *config))
{
  struct icws_gateway_config config = live_configuration(f);

  set(&config);
  live_start(f, &config);
}

static void connect_raw(struct live *f, struct raw_websocket *raw)
{
  raw_connect(raw, icws_gateway_port(f->gateway), live_pump, f);
}

static void enter(struct live *f, struct raw_websocket *raw, const char *headers)
{
  connect_raw(f, raw);
  raw_upgrade_with(raw, headers);
}

/* Is let in, and leaves again. */
static void assert_admitted(struct live *f, const char *headers)
{
  struct raw_websocket raw;

  enter(f, &raw, headers);
  raw_disconnect(&raw, false);
}

static void assert_refused(struct live *f, const char *headers, unsigned status, const char *text)
{
  struct raw_websocket raw;

  connect_raw(f, &raw);
  raw_expect_refusal(&raw, headers, status, text);
  raw_disconnect(&raw, false);
}

static uint64_t refusals(const struct live *f, enum icws_gateway_refusal refusal)
{
  return icws_gateway_stats(f->gateway).refusals[refusal];
}

/* --- Origins ---------------------------------------------------------------------------------- */

static void two_origins(struct icws_gateway_config *config)
{
  static const char *const origins[] = {"https://app.example", "http://localhost:8080"};

  config->origins = origins;
  config->origin_count = 2;
}

static void any_origin(struct icws_gateway_config *config)
{
  static const char *const origins[] = {"https://app.example", "*"};

  config->origins = origins;
  config->origin_count = 2;
}

static void test_only_allowed_origins_are_let_in(void **state)
{
  struct live *f = *state;
  static const char *const others[] = {
      "Origin: https://evil.example\r\n",
      "Origin: null\r\n",
      "Origin: http://app.example\r\n",
      "Origin: https://app.example:444\r\n",
      "Origin: https://app.example.evil\r\n",
      "Origin: https://app.exampl\r\n",
      "Origin: https://app.example\r\nOrigin: https://evil.example\r\n",
  };

  start_with(f, two_origins);
  assert_admitted(f, "Origin: https://app.example\r\n");
  assert_admitted(f, "Origin: http://localhost:8080\r\n");
  assert_admitted(f, ""); /* no browser */
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    assert_refused(f, others[i], 403, "This gateway does not serve pages of this origin.");
    assert_int_equal(refusals(f, ICWS_GATEWAY_REFUSED_ORIGIN), i + 1);
  }
}

static void test_a_star_lets_all_origins_in(void **state)
{
  struct live *f = *state;

  start_with(f, any_origin);
  assert_admitted(f, "Origin: https://anybody.example\r\n");
  assert_admitted(f, "Origin: null\r\n");
}

/* --- Clients ---------------------------------------------------------------------------------- */

static void one_client(struct icws_gateway_config *config)
{
  config->max_clients = 1;
}

static bool both_are_closed(struct live *f)
{
  return live_count_requests(f, "ws_close") == 2;
}

/* Whose calls are under way takes room when it has left, too, and is not without a limit. */
static void test_clients_that_left_count_until_they_are_settled(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;

  start_with(f, one_client);
  f->answers_calls = false;
  for (uint64_t nonce = 0; nonce < 2; nonce++) {
    live_connect(f, &raw);
    live_send_open(f, &raw, f->client, nonce);
    live_until(f, live_all_is_received);
    raw_disconnect(&raw, false);
    live_until(f, live_nobody_is_here);
  }
  assert_refused(f, "", 503, "as many clients as it takes");
  f->answers_calls = true;
  live_until(f, both_are_closed);
  assert_admitted(f, "");
}

/* --- Addresses -------------------------------------------------------------------------------- */

static void two_of_an_address(struct icws_gateway_config *config)
{
  config->max_clients = 100;
  config->max_clients_per_address = 2;
}

static void behind_a_proxy(struct icws_gateway_config *config)
{
  static const char *const proxies[] = {"2001:db8::/32", PROXY};

  two_of_an_address(config);
  config->trusted_proxies = proxies;
  config->trusted_proxy_count = 2;
}

static bool one_is_here(struct live *f)
{
  return icws_gateway_stats(f->gateway).connections == 1;
}

static const char full[] = "as many clients from your address as it takes";

static void test_clients_of_an_address_are_limited(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw[3];

  start_with(f, two_of_an_address);
  enter(f, &raw[0], "");
  enter(f, &raw[1], "");
  assert_refused(f, "", 503, full);
  assert_refused(f, "X-Forwarded-For: 192.0.2.1\r\n", 503, full); /* from nobody's proxy */
  assert_int_equal(refusals(f, ICWS_GATEWAY_REFUSED_CLIENTS_PER_ADDRESS), 2);
  assert_int_equal(icws_gateway_stats(f->gateway).addresses, 1);
  raw_disconnect(&raw[0], false);
  live_until(f, one_is_here);
  enter(f, &raw[2], "");
  assert_refused(f, "", 503, full);
  raw_disconnect(&raw[1], false);
  raw_disconnect(&raw[2], false);
  live_until(f, live_nobody_is_here);
}

static void test_clients_behind_a_proxy_have_addresses_of_their_own(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw[6];

  start_with(f, behind_a_proxy);
  enter(f, &raw[0], "X-Forwarded-For: 192.0.2.1\r\n");
  enter(f, &raw[1], "X-Forwarded-For: 198.51.100.7, 192.0.2.1:4711\r\n");
  assert_refused(f, "X-Forwarded-For: 192.0.2.1\r\n", 503, full);
  assert_refused(f, "X-Forwarded-For: 203.0.113.1, 192.0.2.1\r\n", 503, full);
  enter(f, &raw[2], "X-Forwarded-For: 192.0.2.2\r\n");
  enter(f, &raw[3], "X-Forwarded-For: [2001:db9::1]:80\r\n");
  enter(f, &raw[4], "X-Forwarded-For: 2001:db9::2\r\n"); /* the same /64 */
  assert_refused(f, "X-Forwarded-For: 2001:db9::3\r\n", 503, full);
  enter(f, &raw[5], "");
  assert_int_equal(icws_gateway_stats(f->gateway).addresses, 4);
  for (int i = 0; i < 6; i++)
    raw_disconnect(&raw[i], false);
  live_until(f, live_nobody_is_here);
}

/* A client's own line stands before that of its proxy, and counts for nothing. */
static void test_several_lines_are_one_list(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw[2];

  start_with(f, behind_a_proxy);
  enter(f, &raw[0], "X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-For: 192.0.2.1\r\n");
  enter(f, &raw[1], "X-Forwarded-For: 198.51.100.8\r\nX-Forwarded-For: 192.0.2.1\r\n");
  assert_refused(f, "X-Forwarded-For: 192.0.2.1\r\n", 503, full);
  assert_admitted(f, "X-Forwarded-For: 198.51.100.7\r\n");
  raw_disconnect(&raw[0], false);
  raw_disconnect(&raw[1], false);
}

/* --- Rates ------------------------------------------------------------------------------------ */

static void three_connections_at_once(struct icws_gateway_config *config)
{
  behind_a_proxy(config);
  config->max_clients_per_address = 0;
  config->connections_per_second = 1;
  config->connection_burst = 3;
  config->monotonic_ns = fake_monotonic_ns;
}

static void test_connections_of_an_address_come_so_fast(void **state)
{
  struct live *f = *state;
  static const char too_fast[] = "Connections from your address come too fast";

  start_with(f, three_connections_at_once);
  for (int i = 0; i < 3; i++)
    assert_admitted(f, "");
  assert_refused(f, "", 429, too_fast);
  assert_admitted(f, "X-Forwarded-For: 192.0.2.1\r\n"); /* somebody else */
  fake_pass_ms(999);
  assert_refused(f, "", 429, too_fast);
  fake_pass_ms(1);
  assert_admitted(f, "");
  assert_refused(f, "", 429, too_fast);
  assert_int_equal(refusals(f, ICWS_GATEWAY_REFUSED_CONNECTION_RATE), 3);
}

static void two_messages_at_once(struct icws_gateway_config *config)
{
  config->messages_per_second = 10;
  config->message_burst = 2;
  config->monotonic_ns = fake_monotonic_ns;
}

static bool is_throttled(struct live *f)
{
  return icws_gateway_stats(f->gateway).throttled > 0;
}

static bool all_messages_came(struct live *f)
{
  return live_count_requests(f, "ws_message") == 40;
}

/* Forty messages at ten a second and two at once take 3.8 s; nothing is lost, nobody is closed. */
static void test_messages_that_come_faster_are_read_later(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;
  uint64_t start_ns;

  start_with(f, two_messages_at_once);
  live_connect(f, &raw);
  live_send_open(f, &raw, f->client, 9);
  live_until(f, live_one_open_came);
  start_ns = fake_monotonic_now_ns;
  for (uint64_t i = 1; i <= 40; i++)
    live_send_message(f, &raw, 9, i);
  live_until(f, is_throttled);
  assert_true(live_count_requests(f, "ws_message") < 40);
  f->pump_passes_ms = 1;
  live_until(f, all_messages_came);
  assert_true(fake_monotonic_now_ns - start_ns >= UINT64_C(3000000000));
  raw_disconnect(&raw, false);
}

/* --- Configuration ---------------------------------------------------------------------------- */

static void test_proxies_that_are_none(void **state)
{
  struct live *f = *state;
  struct icws_gateway_config config = live_configuration(f);
  static const char *const proxies[] = {"10.0.0.0/8", "10.0.0.1/8"};
  struct icws_failure failure = {0};

  config.trusted_proxies = proxies;
  config.trusted_proxy_count = 2;
  assert_int_equal(icws_gateway_new(&config, &f->gateway, &failure), ICWS_ERR_INVALID_ARGUMENT);
  assert_string_equal(failure.text, "10.0.0.1/8 is neither a numeric address nor a network such as "
                                    "192.0.2.0/24");
  assert_null(f->gateway);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, live_set_up, live_tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_only_allowed_origins_are_let_in),
      TEST(test_a_star_lets_all_origins_in),
      TEST(test_clients_that_left_count_until_they_are_settled),
      TEST(test_clients_of_an_address_are_limited),
      TEST(test_clients_behind_a_proxy_have_addresses_of_their_own),
      TEST(test_several_lines_are_one_list),
      TEST(test_connections_of_an_address_come_so_fast),
      TEST(test_messages_that_come_faster_are_read_later),
      TEST(test_proxies_that_are_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
