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

static void test_open(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 7, "gw"), "ok");
  cdk_fixture_log_is(&fixture, "open alice/7; ");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0), "0 alice/7 #1 open alice/7; end");
}

static void test_anonymous_is_refused(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_open(&fixture, "\x04", 7, "gw"),
                      "the anonymous principal cannot open a connection");
  cdk_fixture_log_is(&fixture, "");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0), "end");
}

static void test_same_client_key_is_refused(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 7, "gw"), "ok");
  cdk_fixture_log_is(&fixture, "open alice/7; ");
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 7, "other"),
                      "this client key is already connected");
  cdk_fixture_log_is(&fixture, "");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0), "0 alice/7 #1 open alice/7; end");
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 7, 1, "still here"), "ok");
}

/* The older connection goes without a message, and the numbers of the newer one start again. */
static void test_newer_connection_replaces_older(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 7, "gw"), "ok");
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 7, 1, "old"), "ok");
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 8, "other"), "ok");
  cdk_fixture_log_is(&fixture, "open alice/7; message alice/7 old; close alice/7; open alice/8; ");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), "end");
  assert_string_equal(cdk_fixture_poll(&fixture, "other", 0), "0 alice/8 #1 open alice/8; end");
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 8, 1, "new"), "ok");
  assert_string_equal(cdk_fixture_close(&fixture, "gw", "alice", 7), "there is no such client");
  cdk_fixture_log_is(&fixture, "message alice/8 new; ");
}

static const char *greet(struct cdk_fixture *f, const struct icws_client_key *client)
{
  assert_int_equal(icws_cdk_send(f->cdk, &client->principal, icws_bytes_text("hello")), ICWS_OK);
  return NULL;
}

static void test_what_on_open_sends_follows_the_open_message(void **state)
{
  (void)state;
  fixture.in_open = greet;
  size_t before = fixture.certifications;
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 7, "gw"), "ok");
  assert_int_equal(fixture.certifications, before + 1);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0),
                      "0 alice/7 #1 open alice/7; 1 alice/7 #2 hello; end");
}

/* What on_close of the replaced connection says to others comes before the OpenMessage. */
static void tell_bob(struct cdk_fixture *f, const struct icws_client_key *client)
{
  assert_int_equal(icws_cdk_send(f->cdk, &client->principal, icws_bytes_text("x")),
                   ICWS_ERR_CLOSED);
  assert_int_equal(cdk_fixture_send(f, "bob", "alice left"), ICWS_OK);
}

static void test_on_close_sends_before_the_replacement_opens(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_open(&fixture, "bob", 1, "gw"), "ok");
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 7, "gw"), "ok");
  fixture.in_close = tell_bob;
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 8, "gw"), "ok");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 2),
                      "2 bob/1 #2 alice left; 3 alice/8 #1 open alice/8; end");
}

static const char *refuse(struct cdk_fixture *f, const struct icws_client_key *client)
{
  (void)f;
  (void)client;
  return "nobody may come in";
}

/* Nothing is left of an opening that the application refuses: not even a number is used up. */
static void test_refused_opening_leaves_nothing(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_open(&fixture, "bob", 1, "gw"), "ok");
  fixture.in_open = refuse;
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 7, "gw"), "nobody may come in");
  assert_string_equal(cdk_fixture_open(&fixture, "carol", 7, "fresh"), "nobody may come in");
  cdk_fixture_log_is(&fixture, "open bob/1; open alice/7; open carol/7; ");
  assert_int_equal(cdk_fixture_send(&fixture, "alice", "hi"), ICWS_ERR_CLOSED);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0), "0 bob/1 #1 open bob/1; end");
  assert_string_equal(cdk_fixture_poll(&fixture, "fresh", 0), "end");

  fixture.in_open = NULL;
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 7, "gw"), "ok");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), "1 alice/7 #1 open alice/7; end");
}

static void test_refusal_does_not_bring_the_older_connection_back(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 7, "gw"), "ok");
  fixture.in_open = refuse;
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 8, "gw"), "nobody may come in");
  cdk_fixture_log_is(&fixture, "open alice/7; close alice/7; open alice/8; ");
  assert_int_equal(cdk_fixture_send(&fixture, "alice", "hi"), ICWS_ERR_CLOSED);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), "end");
}

static const char *greet_and_refuse(struct cdk_fixture *f, const struct icws_client_key *client)
{
  greet(f, client);
  return "changed my mind";
}

/* Gateways insist on numbers without gaps: what was sent cannot be taken back. */
static void test_refusal_after_sending_closes(void **state)
{
  (void)state;
  fixture.in_open = greet_and_refuse;
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 7, "gw"), "changed my mind");
  cdk_fixture_log_is(&fixture, "open alice/7; ");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0),
                      "0 alice/7 #1 open alice/7; 1 alice/7 #2 hello; "
                      "2 alice/7 #3 close ClosedByApplication; end");
  assert_int_equal(cdk_fixture_send(&fixture, "alice", "hi"), ICWS_ERR_CLOSED);
}

static const char *close_and_refuse(struct cdk_fixture *f, const struct icws_client_key *client)
{
  assert_int_equal(icws_cdk_close(f->cdk, &client->principal), ICWS_OK);
  return "closed already";
}

static void test_refusal_after_closing(void **state)
{
  (void)state;
  fixture.in_open = close_and_refuse;
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 7, "gw"), "closed already");
  cdk_fixture_log_is(&fixture, "open alice/7; close alice/7; ");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0),
                      "0 alice/7 #1 open alice/7; 1 alice/7 #2 close ClosedByApplication; end");
}

static void test_too_many_clients(void **state)
{
  (void)state;
  struct icws_cdk_config config = {.max_clients = 2};
  cdk_fixture_wipe(&fixture);
  cdk_fixture_init(&fixture, &config);
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "gw"), "ok");
  assert_string_equal(cdk_fixture_open(&fixture, "bob", 1, "gw"), "ok");
  assert_string_equal(cdk_fixture_open(&fixture, "carol", 1, "gw"),
                      "too many clients are connected");
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 2, "gw"), "ok");
  assert_string_equal(cdk_fixture_close(&fixture, "gw", "bob", 1), "ok");
  assert_string_equal(cdk_fixture_open(&fixture, "carol", 1, "gw"), "ok");
}

static void test_too_many_gateways(void **state)
{
  (void)state;
  struct icws_cdk_config config = {.max_gateways = 2};
  cdk_fixture_wipe(&fixture);
  cdk_fixture_init(&fixture, &config);
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "one"), "ok");
  assert_string_equal(cdk_fixture_open(&fixture, "bob", 1, "two"), "ok");
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 2, "three"),
                      "too many gateways are in use");
  cdk_fixture_log_is(&fixture, "open alice/1; open bob/1; ");
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 3, "two"), "ok");
}

static void test_failed_openings_take_no_place_of_a_gateway(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "gw"), "ok");
  cdk_fixture_poll(&fixture, "gw", 0);
  struct icws_cdk_config config = {
      .max_gateways = 1,
      .max_gateway_bytes = fixture.messages[0].content.len,
  };
  cdk_fixture_wipe(&fixture);
  cdk_fixture_init(&fixture, &config);
  fixture.in_open = refuse;
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "one"), "nobody may come in");
  fixture.in_open = NULL;
  /* The OpenMessage of a longer principal is too long for this queue. */
  assert_string_equal(cdk_fixture_open(&fixture, "alexandra", 1, "two"), "the queue is full");
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 2, "three"), "ok");
}

/* A failed opening, for whatever reason, costs nobody an older connection. */
static void test_full_queue_refuses_without_dropping(void **state)
{
  (void)state;
  struct icws_cdk_config config = {.max_gateway_messages = 1};
  cdk_fixture_wipe(&fixture);
  cdk_fixture_init(&fixture, &config);
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "gw"), "ok");
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 2, "gw"), "the queue is full");
  cdk_fixture_log_is(&fixture, "open alice/1; ");
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 1, "hi"), "ok");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_open),
      TEST(test_anonymous_is_refused),
      TEST(test_same_client_key_is_refused),
      TEST(test_newer_connection_replaces_older),
      TEST(test_what_on_open_sends_follows_the_open_message),
      TEST(test_on_close_sends_before_the_replacement_opens),
      TEST(test_refused_opening_leaves_nothing),
      TEST(test_refusal_does_not_bring_the_older_connection_back),
      TEST(test_refusal_after_sending_closes),
      TEST(test_refusal_after_closing),
      TEST(test_too_many_clients),
      TEST(test_too_many_gateways),
      TEST(test_failed_openings_take_no_place_of_a_gateway),
      TEST(test_full_queue_refuses_without_dropping),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
