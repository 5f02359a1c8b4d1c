/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A client that has nothing to say for longer than libwebsockets would let it: left alone, it pings
 * after 300 s and hangs up after 310, and IC WebSocket gateways answer a ping by closing.  Runs on
 * demand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <poll.h>
#include <time.h>

#include <icws/client.h>

#include "scripted_canister.h"
#include "scripted_gateway.h"

#define SILENCE_S 330

/* Whatever comes but the close frame is a fault, a pong aside, which is counted. */
static void serve_patiently(struct scripted_connection *connection, void *user_data)
{
  scripted_be_patient(connection, 2 * SILENCE_S);
  scripted_canister_serve(connection, user_data);
}

static time_t monotonic_s(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

static void stay(struct icws_client *client, time_t seconds)
{
  struct pollfd pollfd = {.fd = icws_client_fd(client), .events = POLLIN};
  time_t end = monotonic_s() + seconds;
  while (monotonic_s() < end) {
    if (!icws_client_process(client))
      fail_msg("hung up: %s", icws_client_failure(client)->text);
    poll(&pollfd, 1, 1000);
  }
}

static void test_long_silence(void **state)
{
  struct scripted_canister canister;
  struct scripted_gateway *gateway;
  struct icws_client *client;
  struct icws_client_config config = {.ack_interval_ms = 2 * SILENCE_S * 1000};
  char url[64];
  (void)state;
  if (getenv("ICWS_LONG_TESTS") == NULL) {
    print_message("SKIPPED: takes %d s; set ICWS_LONG_TESTS=1 to run it\n", SILENCE_S);
    skip();
  }
  scripted_canister_init(&canister);
  gateway = scripted_gateway_start(serve_patiently, &canister, NULL, NULL);
  snprintf(url, sizeof url, "ws://127.0.0.1:%u", (unsigned)scripted_gateway_port(gateway));
  config.gateway_url = url;
  config.canister = canister.id;
  config.root_key = maker_key_der(&canister.root);
  assert_int_equal(icws_client_new(&config, &client, NULL), ICWS_OK);
  assert_int_equal(icws_client_start(client), ICWS_OK);
  stay(client, SILENCE_S);
  assert_int_equal(icws_client_phase(client), ICWS_PHASE_OPEN);
  icws_client_close(client);
  assert_int_equal(icws_client_run(client), ICWS_OK);
  icws_client_del(client);
  scripted_gateway_stop(gateway);
  assert_int_equal(canister.opens, 1);
  assert_int_equal(canister.messages, 0);
  assert_int_equal(canister.pongs, 0);
  assert_int_equal(canister.faults, 0);
  assert_int_equal(canister.close_code, ICWS_CLOSE_CODE_DONE);
  print_message("%d s after the opening: no ping, no pong, no text, still open\n", SILENCE_S);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_long_silence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
