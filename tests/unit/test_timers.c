/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cdk_fixture.h"

static struct cdk_fixture fixture;

static int setup(void **state)
{
  (void)state;
  cdk_fixture_init(&fixture, NULL);
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  cdk_fixture_wipe(&fixture);
  return 0;
}

/* Advances to |seconds| after the start and ticks. */
static void tick_at(uint64_t seconds)
{
  fixture.now = FIXTURE_START + seconds * FIXTURE_SECOND;
  icws_cdk_tick(fixture.cdk);
}

static void assert_deadline(uint64_t seconds)
{
  assert_int_equal(icws_cdk_deadline(fixture.cdk), FIXTURE_START + seconds * FIXTURE_SECOND);
}

static void open_at(uint64_t seconds, const char *client, const char *gateway)
{
  fixture.now = FIXTURE_START + seconds * FIXTURE_SECOND;
  assert_string_equal(cdk_fixture_open(&fixture, client, 1, gateway), "ok");
}

static void keep_alive_at(uint64_t seconds, const char *client, uint64_t sequence_num)
{
  fixture.now = FIXTURE_START + seconds * FIXTURE_SECOND;
  assert_string_equal(cdk_fixture_keep_alive(&fixture, client, 1, sequence_num), "ok");
}

static void test_reference_deadlines(void **state)
{
  (void)state;
  assert_deadline(300);
  tick_at(299);
  assert_deadline(300);
  tick_at(300);
  assert_deadline(360);
  tick_at(359);
  assert_deadline(360);
  tick_at(360);
  assert_deadline(600);
  tick_at(600);
  assert_deadline(660);
}

static void test_deadlines_are_parameters(void **state)
{
  (void)state;
  struct icws_cdk_config config = {.ack_interval_ms = 10000, .keep_alive_window_ms = 2000};
  cdk_fixture_wipe(&fixture);
  cdk_fixture_init(&fixture, &config);
  assert_deadline(10);
  tick_at(10);
  assert_deadline(12);
  tick_at(12);
  assert_deadline(20);
}

static void test_every_client_is_acknowledged(void **state)
{
  (void)state;
  open_at(0, "alice", "gw");
  open_at(0, "bob", "other");
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 1, "a"), "ok");
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 2, "b"), "ok");
  tick_at(299);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), "end");
  size_t before = fixture.certifications;
  tick_at(300);
  assert_int_equal(fixture.certifications, before + 1);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), "1 alice/1 #2 ack 2; end");
  assert_string_equal(cdk_fixture_poll(&fixture, "other", 1), "1 bob/1 #2 ack 0; end");
  tick_at(300);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 2), "end");
}

/* Keep-alives and refused service messages have used up numbers, and are acknowledged. */
static void test_acknowledgement_counts_service_messages(void **state)
{
  (void)state;
  open_at(0, "alice", "gw");
  keep_alive_at(1, "alice", 1);
  struct icws_service_message service = {.type = ICWS_SERVICE_ACK};
  assert_string_equal(cdk_fixture_service(&fixture, "alice", 1, 2, &service),
                      "clients may send no other service message than KeepAliveMessage");
  tick_at(300);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), "1 alice/1 #2 ack 2; end");
}

static void test_silent_client_is_dropped(void **state)
{
  (void)state;
  open_at(0, "alice", "gw");
  cdk_fixture_log_is(&fixture, "open alice/1; ");
  tick_at(300);
  tick_at(359);
  cdk_fixture_log_is(&fixture, "");
  tick_at(360);
  cdk_fixture_log_is(&fixture, "close alice/1; ");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1),
                      "1 alice/1 #2 ack 0; 2 alice/1 #3 close KeepAliveTimeout; end");
  assert_int_equal(cdk_fixture_send(&fixture, "alice", "x"), ICWS_ERR_CLOSED);
}

static void test_keep_alives_keep_alive(void **state)
{
  (void)state;
  open_at(0, "alice", "gw");
  open_at(0, "bob", "gw");
  cdk_fixture_log_is(&fixture, "open alice/1; open bob/1; ");
  for (uint64_t round = 1; round <= 5; round++) {
    tick_at(300 * round);
    keep_alive_at(300 * round + 30, "alice", round);
    keep_alive_at(300 * round + 59, "bob", round);
    tick_at(300 * round + 60);
  }
  cdk_fixture_log_is(&fixture, "");
}

/* Messages of the application do not stand in for a keep-alive. */
static void test_only_keep_alives_count(void **state)
{
  (void)state;
  open_at(0, "alice", "gw");
  tick_at(300);
  fixture.now += 10 * FIXTURE_SECOND;
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 1, "here"), "ok");
  tick_at(360);
  cdk_fixture_log_is(&fixture, "open alice/1; message alice/1 here; close alice/1; ");
}

/* A keep-alive counts for the window: one from just before the acknowledgement is too old, one of
 * the same moment is not. */
static void test_age_of_the_keep_alive(void **state)
{
  (void)state;
  open_at(0, "alice", "gw");
  open_at(0, "bob", "gw");
  cdk_fixture_log_is(&fixture, "open alice/1; open bob/1; ");
  keep_alive_at(299, "alice", 1);
  keep_alive_at(300, "bob", 1);
  tick_at(300);
  tick_at(360);
  cdk_fixture_log_is(&fixture, "close alice/1; ");
}

/* Who came after the acknowledgement was not sent it; who came just before was, and must answer. */
static void test_newcomers(void **state)
{
  (void)state;
  open_at(299, "alice", "gw");
  tick_at(300);
  open_at(300, "bob", "gw");
  cdk_fixture_log_is(&fixture, "open alice/1; open bob/1; ");
  tick_at(360);
  cdk_fixture_log_is(&fixture, "close alice/1; ");
  tick_at(600);
  tick_at(660);
  cdk_fixture_log_is(&fixture, "close bob/1; ");
}

/* A newer connection of a principal is not held to the acknowledgement of its predecessor. */
static void test_replacement_is_a_newcomer(void **state)
{
  (void)state;
  open_at(0, "alice", "gw");
  tick_at(300);
  fixture.now += 10 * FIXTURE_SECOND;
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 2, "gw"), "ok");
  tick_at(360);
  cdk_fixture_log_is(&fixture, "open alice/1; close alice/1; open alice/2; ");
}

/* The host may be late; the clients are judged as of the deadline. */
static void test_late_ticks(void **state)
{
  (void)state;
  open_at(0, "alice", "gw");
  cdk_fixture_log_is(&fixture, "open alice/1; ");
  tick_at(310);
  assert_deadline(370);
  keep_alive_at(311, "alice", 1);
  tick_at(1000);
  cdk_fixture_log_is(&fixture, "");
  assert_deadline(1060);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 2), "2 alice/1 #3 ack 1; end");
  tick_at(5000);
  cdk_fixture_log_is(&fixture, "close alice/1; ");
}

/* A queue without room: who cannot be acknowledged is not expected to answer. */
static void test_unacknowledged_client_is_not_dropped(void **state)
{
  (void)state;
  struct icws_cdk_config config = {.max_gateway_messages = 6};
  cdk_fixture_wipe(&fixture);
  cdk_fixture_init(&fixture, &config);
  open_at(299, "alice", "gw");
  cdk_fixture_log_is(&fixture, "open alice/1; ");
  for (int i = 0; i < 5; i++)
    assert_int_equal(cdk_fixture_send(&fixture, "alice", "x"), ICWS_OK);
  tick_at(300);
  tick_at(360);
  cdk_fixture_log_is(&fixture, "");
  tick_at(600);
  tick_at(660);
  cdk_fixture_log_is(&fixture, "close alice/1; ");
}

static void close_carol(struct cdk_fixture *f, const struct icws_client_key *client)
{
  (void)client;
  struct icws_principal carol = cdk_fixture_principal("carol");
  struct icws_principal aaron = cdk_fixture_principal("aaron");
  icws_cdk_close(f->cdk, &carol);
  icws_cdk_close(f->cdk, &aaron);
}

/* on_close may close others while the silent ones are being dropped. */
static void test_closing_while_dropping(void **state)
{
  (void)state;
  open_at(0, "aaron", "gw");
  open_at(0, "bob", "gw");
  open_at(0, "carol", "gw");
  open_at(0, "dave", "gw");
  cdk_fixture_log_is(&fixture, "open aaron/1; open bob/1; open carol/1; open dave/1; ");
  fixture.in_close = close_carol;
  tick_at(300);
  keep_alive_at(301, "aaron", 1);
  keep_alive_at(301, "dave", 1);
  tick_at(360);
  cdk_fixture_log_is(&fixture, "close bob/1; close carol/1; close aaron/1; ");
}

/* --- Gateways --------------------------------------------------------------------------------- */

static void test_gateways_without_clients_are_forgotten(void **state)
{
  (void)state;
  struct icws_cdk_config config = {.max_gateways = 1};
  cdk_fixture_wipe(&fixture);
  cdk_fixture_init(&fixture, &config);
  open_at(0, "alice", "gw");
  fixture.now = FIXTURE_START + 60 * FIXTURE_SECOND;
  assert_string_equal(cdk_fixture_close(&fixture, "gw", "alice", 1), "ok");
  tick_at(300);
  tick_at(360);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0), "0 alice/1 #1 open alice/1; end");
  assert_string_equal(cdk_fixture_open(&fixture, "bob", 1, "new"), "too many gateways are in use");
  tick_at(600);
  tick_at(660);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0), "end");
  assert_string_equal(cdk_fixture_open(&fixture, "bob", 1, "new"), "ok");
  assert_string_equal(cdk_fixture_poll(&fixture, "new", 0), "0 bob/1 #1 open bob/1; end");
}

static void test_gateways_with_clients_stay(void **state)
{
  (void)state;
  open_at(0, "alice", "gw");
  assert_string_equal(cdk_fixture_close(&fixture, "gw", "alice", 1), "ok");
  open_at(250, "bob", "gw");
  tick_at(300);
  keep_alive_at(301, "bob", 1);
  tick_at(360);
  tick_at(600);
  keep_alive_at(601, "bob", 2);
  tick_at(660);
  assert_int_equal(cdk_fixture_send(&fixture, "bob", "hi"), ICWS_OK);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 4), "4 bob/1 #4 hi; end");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_reference_deadlines),
      TEST(test_deadlines_are_parameters),
      TEST(test_every_client_is_acknowledged),
      TEST(test_acknowledgement_counts_service_messages),
      TEST(test_silent_client_is_dropped),
      TEST(test_keep_alives_keep_alive),
      TEST(test_only_keep_alives_count),
      TEST(test_age_of_the_keep_alive),
      TEST(test_newcomers),
      TEST(test_replacement_is_a_newcomer),
      TEST(test_late_ticks),
      TEST(test_unacknowledged_client_is_not_dropped),
      TEST(test_closing_while_dropping),
      TEST(test_gateways_without_clients_are_forgotten),
      TEST(test_gateways_with_clients_stay),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
