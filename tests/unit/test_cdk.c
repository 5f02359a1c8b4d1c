/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "cdk_fixture.h"

static struct cdk_fixture fixture;

/* --- icws_cdk_new ----------------------------------------------------------------------------- */

static uint64_t some_time(void *user_data)
{
  (void)user_data;
  return FIXTURE_START;
}

static void ignore_data(const uint8_t data[ICWS_SHA256_BYTES], void *user_data)
{
  (void)data;
  (void)user_data;
}

static struct icws_bytes no_certificate(void *user_data)
{
  (void)user_data;
  return icws_bytes_of(NULL, 0);
}

static const struct icws_cdk_host whole_host = {
    .time = some_time,
    .set_certified_data = ignore_data,
    .data_certificate = no_certificate,
    .sha256 = icws_sha256,
};

static enum icws_error try_new(const struct icws_cdk_config *config,
                               const struct icws_cdk_host *host)
{
  static const struct icws_cdk_handlers none = {.on_open = NULL};
  struct icws_cdk *cdk = NULL;
  enum icws_error error = icws_cdk_new(config, host, &none, &cdk);
  assert_int_equal(error == ICWS_OK, cdk != NULL);
  icws_cdk_del(cdk);
  return error;
}

static void test_host_must_be_whole(void **state)
{
  (void)state;
  assert_int_equal(try_new(NULL, &whole_host), ICWS_OK);
  struct icws_cdk_host host = whole_host;
  host.time = NULL;
  assert_int_equal(try_new(NULL, &host), ICWS_ERR_INVALID_ARGUMENT);
  host = whole_host;
  host.set_certified_data = NULL;
  assert_int_equal(try_new(NULL, &host), ICWS_ERR_INVALID_ARGUMENT);
  host = whole_host;
  host.data_certificate = NULL;
  assert_int_equal(try_new(NULL, &host), ICWS_ERR_INVALID_ARGUMENT);
  host = whole_host;
  host.sha256 = NULL;
  assert_int_equal(try_new(NULL, &host), ICWS_ERR_INVALID_ARGUMENT);
}

static void test_window_must_be_less_than_the_interval(void **state)
{
  (void)state;
  static const struct {
    uint64_t interval;
    uint64_t window;
    enum icws_error error;
  } rows[] = {
      {0, 0, ICWS_OK},
      {60001, 0, ICWS_OK},
      {60000, 0, ICWS_ERR_INVALID_ARGUMENT}, /* the default window is as long */
      {0, 299999, ICWS_OK},
      {0, 300000, ICWS_ERR_INVALID_ARGUMENT},
      {2, 1, ICWS_OK},
      {UINT64_MAX / 1000000, 1, ICWS_OK},
      {UINT64_MAX / 1000000 + 1, 1, ICWS_ERR_INVALID_ARGUMENT},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct icws_cdk_config config = {.ack_interval_ms = rows[i].interval,
                                     .keep_alive_window_ms = rows[i].window};
    assert_int_equal(try_new(&config, &whole_host), rows[i].error);
  }
}

/* The hash of the tree { websocket: {} }, from its parts. */
static void test_nothing_is_certified_at_first(void **state)
{
  (void)state;
  static const char empty_node[] = "\x11ic-hashtree-empty";
  static const char labeled_node[] = "\x13ic-hashtree-labeledwebsocket";
  uint8_t empty[ICWS_SHA256_BYTES];
  uint8_t expected[ICWS_SHA256_BYTES];
  crypto_hash_sha256(empty, (const uint8_t *)empty_node, sizeof empty_node - 1);
  crypto_hash_sha256_state sha;
  crypto_hash_sha256_init(&sha);
  crypto_hash_sha256_update(&sha, (const uint8_t *)labeled_node, sizeof labeled_node - 1);
  crypto_hash_sha256_update(&sha, empty, sizeof empty);
  crypto_hash_sha256_final(&sha, expected);

  cdk_fixture_init(&fixture, NULL);
  assert_int_equal(fixture.certifications, 1);
  assert_memory_equal(fixture.certified_data, expected, sizeof expected);
  cdk_fixture_wipe(&fixture);
}

static const char *call_open(struct icws_cdk *cdk, const struct icws_principal *caller)
{
  struct icws_open_args args = {.client_nonce = 1, .gateway = cdk_fixture_principal("gw")};
  struct icws_buf arg;
  struct icws_buf reply;
  icws_buf_init(&arg, 0, NULL);
  icws_buf_init(&reply, 0, NULL);
  icws_open_args_put(&arg, &args);
  assert_int_equal(icws_cdk_ws_open(cdk, caller, icws_buf_bytes(&arg), &reply, NULL), ICWS_OK);
  struct icws_result result;
  assert_int_equal(icws_result_decode(icws_buf_bytes(&reply), &result, NULL), ICWS_OK);
  icws_buf_wipe(&arg);
  icws_buf_wipe(&reply);
  return result.ok ? "ok" : "error";
}

static void test_application_without_handlers(void **state)
{
  (void)state;
  static const struct icws_cdk_handlers none = {.on_open = NULL};
  struct icws_cdk *cdk;
  assert_int_equal(icws_cdk_new(NULL, &whole_host, &none, &cdk), ICWS_OK);
  struct icws_principal alice = cdk_fixture_principal("alice");
  assert_string_equal(call_open(cdk, &alice), "ok");
  assert_int_equal(icws_cdk_send(cdk, &alice, icws_bytes_text("hi")), ICWS_OK);
  assert_int_equal(icws_cdk_close(cdk, &alice), ICWS_OK);
  icws_cdk_del(cdk);
}

/* --- icws_cdk_send and icws_cdk_close --------------------------------------------------------- */

static void test_send(void **state)
{
  (void)state;
  cdk_fixture_init(&fixture, NULL);
  assert_int_equal(cdk_fixture_send(&fixture, "alice", "early"), ICWS_ERR_CLOSED);
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "gw"), "ok");
  size_t before = fixture.certifications;
  assert_int_equal(cdk_fixture_send(&fixture, "alice", "hi"), ICWS_OK);
  assert_int_equal(fixture.certifications, before + 1);
  assert_int_equal(cdk_fixture_send(&fixture, "alice", ""), ICWS_OK);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), "1 alice/1 #2 hi; 2 alice/1 #3 ; end");
  cdk_fixture_wipe(&fixture);
}

static void test_length_of_a_message_is_limited(void **state)
{
  (void)state;
  struct icws_cdk_config config = {.max_message_bytes = 4};
  cdk_fixture_init(&fixture, &config);
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "gw"), "ok");
  assert_int_equal(cdk_fixture_send(&fixture, "alice", "five5"), ICWS_ERR_LIMIT);
  assert_int_equal(cdk_fixture_send(&fixture, "alice", "four"), ICWS_OK);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), "1 alice/1 #2 four; end");
  cdk_fixture_wipe(&fixture);
}

static void test_close(void **state)
{
  (void)state;
  cdk_fixture_init(&fixture, NULL);
  struct icws_principal alice = cdk_fixture_principal("alice");
  assert_int_equal(icws_cdk_close(fixture.cdk, &alice), ICWS_ERR_CLOSED);
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "gw"), "ok");
  size_t before = fixture.certifications;
  assert_int_equal(icws_cdk_close(fixture.cdk, &alice), ICWS_OK);
  assert_int_equal(fixture.certifications, before + 1);
  cdk_fixture_log_is(&fixture, "open alice/1; close alice/1; ");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1),
                      "1 alice/1 #2 close ClosedByApplication; end");
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "gw"), "ok");
  cdk_fixture_wipe(&fixture);
}

/* Who cannot be served is told so; for others there is no room. */
static void test_close_finds_room_in_a_full_queue(void **state)
{
  (void)state;
  struct icws_cdk_config config = {.max_gateway_messages = 1};
  cdk_fixture_init(&fixture, &config);
  struct icws_principal alice = cdk_fixture_principal("alice");
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "gw"), "ok");
  assert_int_equal(cdk_fixture_send(&fixture, "alice", "x"), ICWS_ERR_QUEUE_FULL);
  assert_int_equal(icws_cdk_close(fixture.cdk, &alice), ICWS_OK);
  cdk_fixture_log_is(&fixture, "open alice/1; close alice/1; ");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0),
                      "0 alice/1 #1 open alice/1; 1 alice/1 #2 close ClosedByApplication; end");
  assert_string_equal(cdk_fixture_open(&fixture, "bob", 1, "gw"), "the queue is full");
  cdk_fixture_wipe(&fixture);
}

static void test_del_runs_no_handlers(void **state)
{
  (void)state;
  cdk_fixture_init(&fixture, NULL);
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "gw"), "ok");
  cdk_fixture_wipe(&fixture);
  cdk_fixture_log_is(&fixture, "open alice/1; ");
  icws_cdk_del(NULL);
}

/* --- Costs ------------------------------------------------------------------------------------ */

/* How many hashes the dearest of |count| sends takes. */
static size_t dearest_send(int count)
{
  size_t dearest = 0;
  for (int i = 0; i < count; i++) {
    cdk_fixture_hashes = 0;
    assert_int_equal(cdk_fixture_send(&fixture, "alice", "x"), ICWS_OK);
    if (cdk_fixture_hashes > dearest)
      dearest = cdk_fixture_hashes;
  }
  return dearest;
}

/* A send hashes the content, the entry, the common label, the path to the root, and what a rotation
 * touches beside it; one that deletes hashes the path at the other end of the queue as well, with
 * at most as many rotations as messages go. */
static void check_send_costs(int backlog, size_t height)
{
  cdk_fixture_init(&fixture, NULL);
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "gw"), "ok");
  dearest_send(backlog - 1);
  assert_true(dearest_send(10) <= height + 6);
  fixture.now += 301 * FIXTURE_SECOND;
  assert_true(dearest_send(10) <= 2 * height + 6 + 2 * 5);
  cdk_fixture_wipe(&fixture);
}

static void test_backlog_does_not_make_sends_dearer(void **state)
{
  (void)state;
  check_send_costs(100, 7);
  check_send_costs(10000, 14);
}

static const char *tell_everybody(struct cdk_fixture *f, const struct icws_client_key *client)
{
  (void)client;
  for (int i = 0; i < 500; i++) {
    char name[16];
    snprintf(name, sizeof name, "c%03d", i);
    assert_int_equal(cdk_fixture_send(f, name, "news"), ICWS_OK);
  }
  return NULL;
}

/* Messages that a handler sends to many share the hashes of the tree above them: four each, for
 * content, value, label and fork. */
static void test_many_messages_at_once(void **state)
{
  (void)state;
  cdk_fixture_init(&fixture, NULL);
  for (int i = 0; i < 500; i++) {
    char name[16];
    snprintf(name, sizeof name, "c%03d", i);
    assert_string_equal(cdk_fixture_open(&fixture, name, 1, "gw"), "ok");
  }
  fixture.in_message = tell_everybody;
  size_t before = fixture.certifications;
  cdk_fixture_hashes = 0;
  assert_string_equal(cdk_fixture_message(&fixture, "c007", 1, 1, "hi"), "ok");
  assert_true(cdk_fixture_hashes <= 4 * 500 + 30);
  assert_int_equal(fixture.certifications, before + 1);
  cdk_fixture_wipe(&fixture);
}

/* --- Memory that runs out --------------------------------------------------------------------- */

static bool is_out_of_memory(const char *text)
{
  return strcmp(text, "out of memory") == 0 || strcmp(text, "ICWS_ERR_NOMEM") == 0;
}

/* What fails for lack of memory has changed nothing, and works the second time. */
#define AGAIN(call)                                                                                \
  do {                                                                                             \
    const char *text_ = call;                                                                      \
    if (is_out_of_memory(text_))                                                                   \
      text_ = call;                                                                                \
    assert_string_equal(text_, "ok");                                                              \
  } while (0)

static const char *send_text(const char *client, const char *content)
{
  enum icws_error error = cdk_fixture_send(&fixture, client, content);
  return error == ICWS_OK ? "ok" : icws_error_name(error);
}

static const char *poll_again(const char *gateway, uint64_t nonce)
{
  const char *text = cdk_fixture_poll(&fixture, gateway, nonce);
  return is_out_of_memory(text) ? cdk_fixture_poll(&fixture, gateway, nonce) : text;
}

static void run_repeatable_part(void)
{
  AGAIN(cdk_fixture_open(&fixture, "alice", 1, "gw"));
  AGAIN(cdk_fixture_open(&fixture, "bob", 1, "other"));
  AGAIN(send_text("alice", "hi"));
  AGAIN(cdk_fixture_message(&fixture, "alice", 1, 1, "one"));
  AGAIN(cdk_fixture_open(&fixture, "alice", 2, "other"));
  AGAIN(cdk_fixture_keep_alive(&fixture, "alice", 2, 1));
  AGAIN(cdk_fixture_message(&fixture, "alice", 2, 2, "two"));
  fixture.now += 299 * FIXTURE_SECOND;
  AGAIN(send_text("alice", "a longer message, so that more memory is needed for it than before"));
  AGAIN(cdk_fixture_close(&fixture, "other", "bob", 1));
  assert_string_equal(poll_again("gw", 0), "0 alice/1 #1 open alice/1; 1 alice/1 #2 hi; end");
  assert_string_equal(poll_again("other", 0),
                      "0 bob/1 #1 open bob/1; 1 alice/2 #1 open alice/2; "
                      "2 alice/2 #2 a longer message, so that more memory is needed for it than "
                      "before; end");
  cdk_fixture_log_is(&fixture, "open alice/1; open bob/1; message alice/1 one; close alice/1; "
                               "open alice/2; message alice/2 two; close bob/1; ");
}

/* Here messages may be missing if there is no memory for them, but nobody stays who must go. */
static void run_closing_part(void)
{
  AGAIN(cdk_fixture_open(&fixture, "carol", 1, "gw"));
  AGAIN(cdk_fixture_open(&fixture, "dave", 1, "gw"));
  cdk_fixture_log_is(&fixture, "open carol/1; open dave/1; ");
  fixture.now += FIXTURE_SECOND;
  icws_cdk_tick(fixture.cdk);
  cdk_fixture_message(&fixture, "carol", 1, 9, "wrong");
  cdk_fixture_message(&fixture, "carol", 1, 9, "wrong");
  cdk_fixture_log_is(&fixture, "close carol/1; ");
  struct icws_principal dave = cdk_fixture_principal("dave");
  icws_cdk_close(fixture.cdk, &dave);
  cdk_fixture_log_is(&fixture, "close dave/1; ");
  poll_again("gw", 0);
  assert_true(fixture.poll.is_end_of_queue);
}

static void test_every_allocation_may_fail(void **state)
{
  (void)state;
  size_t fail_at = 0;
  bool failed = true;
  while (failed) {
    cdk_fixture_init(&fixture, NULL);
    fail_at++;
    fixture.fail_at = fixture.allocations + fail_at;
    run_repeatable_part();
    run_closing_part();
    failed = fixture.allocations >= fixture.fail_at;
    cdk_fixture_wipe(&fixture);
  }
  assert_true(fail_at > 25);
}

static void *allocate_while_left(void *pointer, size_t size, void *user_data)
{
  size_t *left = user_data;
  return (*left)-- > 0 ? icws_mem_default()->reallocate(pointer, size, NULL) : NULL;
}

static void release(void *pointer, void *user_data)
{
  (void)user_data;
  icws_mem_default()->release(pointer, NULL);
}

static void test_new_without_memory(void **state)
{
  (void)state;
  for (size_t allocations = 0; allocations < 2; allocations++) {
    size_t left = allocations;
    struct icws_mem mem = {
        .user_data = &left, .reallocate = allocate_while_left, .release = release};
    struct icws_cdk_host host = whole_host;
    host.mem = &mem;
    assert_int_equal(try_new(NULL, &host), ICWS_ERR_NOMEM);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_host_must_be_whole),
      cmocka_unit_test(test_window_must_be_less_than_the_interval),
      cmocka_unit_test(test_nothing_is_certified_at_first),
      cmocka_unit_test(test_application_without_handlers),
      cmocka_unit_test(test_send),
      cmocka_unit_test(test_length_of_a_message_is_limited),
      cmocka_unit_test(test_close),
      cmocka_unit_test(test_close_finds_room_in_a_full_queue),
      cmocka_unit_test(test_del_runs_no_handlers),
      cmocka_unit_test(test_backlog_does_not_make_sends_dearer),
      cmocka_unit_test(test_many_messages_at_once),
      cmocka_unit_test(test_every_allocation_may_fail),
      cmocka_unit_test(test_new_without_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
