/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/cbor.h>
#include <icws/hashtree.h>

#include "replica_fixture.h"
#include "vectors.h"

#define SECOND REPLICA_FIXTURE_SECOND

/* --- A canister that writes down ---------------------------------------------------------------
 *
 * "append" adds the argument to a log and certifies the log as the content of the key "log"; "fail"
 * fails; "read" answers with certificate, tree and log.  Its timer adds "!" once.
 */

struct recorder {
  struct icws_canister_system system;
  struct icws_buf log;
  uint64_t deadline;
  uint64_t last_time;
  struct icws_principal last_caller;
  int runs;
};

static enum icws_method_kind method_kind(struct icws_bytes method)
{
  if (icws_bytes_equal(method, icws_bytes_text("append")) ||
      icws_bytes_equal(method, icws_bytes_text("fail"))) {
    return ICWS_METHOD_UPDATE;
  }
  return icws_bytes_equal(method, icws_bytes_text("read")) ? ICWS_METHOD_QUERY : ICWS_METHOD_NONE;
}

/* The tree is "websocket", "log", hash of the log; there is nothing to prune. */
static void certify_log(struct recorder *recorder)
{
  struct icws_bytes log = icws_buf_bytes(&recorder->log);
  uint8_t hash[ICWS_SHA256_BYTES];
  icws_sha256(&log, 1, hash);
  icws_treehash_leaf(icws_sha256, icws_bytes_of(hash, sizeof hash), hash);
  icws_treehash_labeled(icws_sha256, icws_bytes_text("log"), hash, hash);
  icws_treehash_labeled(icws_sha256, icws_bytes_text("websocket"), hash, hash);
  recorder->system.set_certified_data(hash, recorder->system.user_data);
}

static void put_log_tree(const struct recorder *recorder, struct icws_buf *out)
{
  struct icws_bytes log = icws_buf_bytes(&recorder->log);
  uint8_t hash[ICWS_SHA256_BYTES];
  icws_sha256(&log, 1, hash);
  static const char *const labels[] = {"websocket", "log"};
  for (size_t i = 0; i < 2; i++) {
    icws_cbor_put_array(out, 3);
    icws_cbor_put_uint(out, ICWS_HASHTREE_LABELED);
    icws_cbor_put_bytes(out, icws_bytes_text(labels[i]));
  }
  icws_cbor_put_array(out, 2);
  icws_cbor_put_uint(out, ICWS_HASHTREE_LEAF);
  icws_cbor_put_bytes(out, icws_bytes_of(hash, sizeof hash));
}

static enum icws_error update(void *self, struct icws_bytes method,
                              const struct icws_principal *caller, struct icws_bytes arg,
                              struct icws_buf *reply, struct icws_failure *failure)
{
  struct recorder *recorder = self;
  recorder->runs++;
  recorder->last_caller = *caller;
  recorder->last_time = recorder->system.time(recorder->system.user_data);
  if (icws_bytes_equal(method, icws_bytes_text("fail"))) {
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT, "this method always fails");
  }
  assert_int_equal(recorder->system.data_certificate(recorder->system.user_data).len, 0);
  icws_buf_put(&recorder->log, arg.data, arg.len);
  certify_log(recorder);
  icws_buf_put(reply, "done", 4);
  return ICWS_OK;
}

static enum icws_error query(void *self, struct icws_bytes method,
                             const struct icws_principal *caller, struct icws_bytes arg,
                             struct icws_buf *reply, struct icws_failure *failure)
{
  struct recorder *recorder = self;
  (void)method;
  (void)caller;
  (void)failure;
  if (arg.len > 0) {
    return ICWS_ERR_CANDID; /* without a word in |failure| */
  }
  recorder->last_time = recorder->system.time(recorder->system.user_data);
  struct icws_buf tree;
  icws_buf_init(&tree, 0, NULL);
  put_log_tree(recorder, &tree);
  const struct icws_certified certified = {
      .key = icws_bytes_text("log"),
      .content = icws_buf_bytes(&recorder->log),
      .cert = recorder->system.data_certificate(recorder->system.user_data),
      .tree = icws_buf_bytes(&tree)};
  icws_certified_put(reply, &certified);
  icws_buf_wipe(&tree);
  return ICWS_OK;
}

static uint64_t deadline(void *self)
{
  const struct recorder *recorder = self;
  return recorder->deadline;
}

static void tick(void *self)
{
  struct recorder *recorder = self;
  recorder->deadline = UINT64_MAX;
  icws_buf_put(&recorder->log, "!", 1);
  certify_log(recorder);
}

static void del(void *self)
{
  struct recorder *recorder = self;
  icws_buf_wipe(&recorder->log);
}

/* --- The fixture ------------------------------------------------------------------------------- */

struct fixture {
  struct replica_fixture base;
  struct icws_identity *alice;
  struct icws_identity *bob;
  struct icws_principal id;
  struct recorder recorder;
};

static int set_up(void **state)
{
  static struct fixture fixture;
  memset(&fixture, 0, sizeof fixture);
  replica_fixture_init(&fixture.base);
  fixture.alice = replica_fixture_identity(1);
  fixture.bob = replica_fixture_identity(2);
  icws_buf_init(&fixture.recorder.log, 0, NULL);
  fixture.recorder.deadline = UINT64_MAX;
  assert_int_equal(
      icws_replica_reserve(fixture.base.replica, &fixture.id, &fixture.recorder.system), ICWS_OK);
  const struct icws_canister canister = {.self = &fixture.recorder,
                                         .interface = "service : {}",
                                         .method_kind = method_kind,
                                         .update = update,
                                         .query = query,
                                         .deadline = deadline,
                                         .tick = tick,
                                         .del = del};
  icws_replica_install(fixture.base.replica, &fixture.id, &canister);
  replica_fixture_round(&fixture.base);
  *state = &fixture;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *fixture = *state;
  replica_fixture_wipe(&fixture->base);
  icws_identity_del(fixture->alice);
  icws_identity_del(fixture->bob);
  return 0;
}

static void assert_log(const struct fixture *fixture, const char *expected)
{
  assert_int_equal(fixture->recorder.log.len, strlen(expected));
  if (expected[0] != '\0') {
    assert_memory_equal(fixture->recorder.log.data, expected, strlen(expected));
  }
}

static void assert_replied(const struct icws_replica_answer *answer, const char *expected)
{
  assert_int_equal(answer->status, ICWS_REPLICA_REPLIED);
  assert_int_equal(answer->reply.len, strlen(expected));
  assert_memory_equal(answer->reply.data, expected, strlen(expected));
}

static void sign_append(struct fixture *fixture, const struct icws_identity *identity,
                        const char *text)
{
  replica_fixture_sign(&fixture->base, identity, ICWS_REQUEST_CALL, &fixture->id, "append",
                       icws_bytes_text(text));
}

/* --- Ingress ----------------------------------------------------------------------------------- */

static void test_canister_id(void **state)
{
  struct fixture *fixture = *state;
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  struct icws_canister_system system;
  struct icws_principal second = {0};
  icws_principal_to_text(&fixture->id, text);
  assert_string_equal(text, "bnz7o-iuaaa-aaaaa-qaaaa-cai");
  assert_int_equal(icws_replica_reserve(fixture->base.replica, &second, &system), ICWS_OK);
  icws_principal_to_text(&second, text);
  assert_string_equal(text, "bkyz2-fmaaa-aaaaa-qaaaq-cai");
}

static void test_call_is_executed_by_the_next_round(void **state)
{
  struct fixture *fixture = *state;
  sign_append(fixture, fixture->alice, "one");
  struct icws_replica_answer answer = replica_fixture_submit(&fixture->base, &fixture->id);
  assert_int_equal(answer.status, ICWS_REPLICA_RECEIVED);
  assert_log(fixture, "");
  replica_fixture_round(&fixture->base);
  answer = icws_replica_call_status(fixture->base.replica, fixture->base.request_id);
  assert_replied(&answer, "done");
  assert_log(fixture, "one");
  struct icws_principal alice = replica_fixture_sender(fixture->alice);
  assert_true(icws_principal_equal(&fixture->recorder.last_caller, &alice));
}

static void test_calls_keep_their_order(void **state)
{
  struct fixture *fixture = *state;
  static const char *const texts[] = {"c", "a", "b", "e", "d"};
  for (size_t i = 0; i < 5; i++) {
    sign_append(fixture, i % 2 == 0 ? fixture->alice : fixture->bob, texts[i]);
    assert_int_equal(replica_fixture_submit(&fixture->base, &fixture->id).status,
                     ICWS_REPLICA_RECEIVED);
  }
  replica_fixture_round(&fixture->base);
  assert_log(fixture, "cabed");
}

static void test_duplicates_are_executed_once(void **state)
{
  struct fixture *fixture = *state;
  sign_append(fixture, fixture->alice, "x");
  for (int i = 0; i < 3; i++) {
    assert_int_equal(replica_fixture_submit(&fixture->base, &fixture->id).status,
                     ICWS_REPLICA_RECEIVED);
  }
  replica_fixture_round(&fixture->base);
  struct icws_replica_answer answer = replica_fixture_submit(&fixture->base, &fixture->id);
  assert_replied(&answer, "done");
  replica_fixture_round(&fixture->base);
  assert_log(fixture, "x");

  /* As long as it could be valid, and then neither executed nor known. */
  fixture->base.now += 239 * SECOND;
  assert_int_equal(icws_replica_round(fixture->base.replica), ICWS_OK);
  answer = replica_fixture_submit(&fixture->base, &fixture->id);
  assert_replied(&answer, "done");
  fixture->base.now += 10 * SECOND;
  assert_int_equal(icws_replica_round(fixture->base.replica), ICWS_OK);
  answer = replica_fixture_submit(&fixture->base, &fixture->id);
  assert_int_equal(answer.status, ICWS_REPLICA_REJECTED);
  assert_int_equal(answer.reject_code, ICWS_REJECT_NONE);
  assert_int_equal(icws_replica_call_status(fixture->base.replica, fixture->base.request_id).status,
                   ICWS_REPLICA_UNKNOWN);
  assert_int_equal(fixture->recorder.runs, 1);
}

static void test_failed_call_is_rejected_and_remembered(void **state)
{
  struct fixture *fixture = *state;
  struct icws_replica_answer answer = replica_fixture_call(
      &fixture->base, fixture->alice, &fixture->id, "fail", icws_bytes_text(""));
  replica_fixture_assert_rejected(&answer, ICWS_REJECT_CANISTER_ERROR, "this method always fails");
  answer = replica_fixture_submit(&fixture->base, &fixture->id);
  replica_fixture_assert_rejected(&answer, ICWS_REJECT_CANISTER_ERROR, "this method always fails");
  replica_fixture_round(&fixture->base);
  assert_int_equal(fixture->recorder.runs, 1);
}

static void test_expires_before_it_is_executed(void **state)
{
  struct fixture *fixture = *state;
  const struct icws_call call = {.canister = fixture->id,
                                 .method = icws_bytes_text("append"),
                                 .arg = icws_bytes_text("late"),
                                 .ingress_expiry = fixture->base.now + 1};
  replica_fixture_sign_call(&fixture->base, fixture->alice, call);
  assert_int_equal(replica_fixture_submit(&fixture->base, &fixture->id).status,
                   ICWS_REPLICA_RECEIVED);
  replica_fixture_round(&fixture->base);
  struct icws_replica_answer answer =
      icws_replica_call_status(fixture->base.replica, fixture->base.request_id);
  replica_fixture_assert_rejected(&answer, ICWS_REJECT_SYS_TRANSIENT,
                                  "the call expired before it could be executed");
  assert_int_equal(fixture->recorder.runs, 0);
}

static void test_refused_calls(void **state)
{
  struct fixture *fixture = *state;
  struct icws_principal elsewhere = fixture->id;
  elsewhere.bytes[7]++;

  replica_fixture_sign(&fixture->base, fixture->alice, ICWS_REQUEST_CALL, &elsewhere, "append",
                       icws_bytes_text("x"));
  struct icws_replica_answer answer = replica_fixture_submit(&fixture->base, &elsewhere);
  replica_fixture_assert_rejected(&answer, ICWS_REJECT_DESTINATION_INVALID,
                                  "there is no such canister");
  answer = replica_fixture_submit(&fixture->base, &fixture->id);
  replica_fixture_assert_rejected(&answer, ICWS_REJECT_NONE,
                                  "the request was sent to another canister");

  replica_fixture_sign(&fixture->base, fixture->alice, ICWS_REQUEST_CALL, &fixture->id, "appen",
                       icws_bytes_text("x"));
  answer = replica_fixture_submit(&fixture->base, &fixture->id);
  replica_fixture_assert_rejected(&answer, ICWS_REJECT_CANISTER_ERROR,
                                  "the canister has no such method");

  replica_fixture_sign(&fixture->base, fixture->alice, ICWS_REQUEST_QUERY, &fixture->id, "append",
                       icws_bytes_text("x"));
  answer = replica_fixture_submit(&fixture->base, &fixture->id);
  replica_fixture_assert_rejected(&answer, ICWS_REJECT_NONE,
                                  "the envelope holds another type of request");

  icws_buf_clear(&fixture->base.envelope);
  icws_buf_put_u8(&fixture->base.envelope, 0xff);
  answer = replica_fixture_submit(&fixture->base, &fixture->id);
  assert_int_equal(answer.status, ICWS_REPLICA_REJECTED);
  assert_int_equal(answer.reject_code, ICWS_REJECT_NONE);

  replica_fixture_round(&fixture->base);
  assert_int_equal(fixture->recorder.runs, 0);
}

/* Every byte of a good envelope matters. */
static void test_tampered_envelopes(void **state)
{
  struct fixture *fixture = *state;
  sign_append(fixture, fixture->alice, "x");
  for (size_t i = 0; i < fixture->base.envelope.len; i++) {
    fixture->base.envelope.data[i] ^= 0x01;
    struct icws_replica_answer answer = replica_fixture_submit(&fixture->base, &fixture->id);
    assert_int_equal(answer.status, ICWS_REPLICA_REJECTED);
    assert_int_equal(answer.reject_code, ICWS_REJECT_NONE);
    fixture->base.envelope.data[i] ^= 0x01;
  }
  assert_int_equal(replica_fixture_submit(&fixture->base, &fixture->id).status,
                   ICWS_REPLICA_RECEIVED);
}

/* Envelopes of the official packages.  Their canister is not here, so that a good one is rejected
 * after all checks on the envelope, for that reason. */
static void test_envelopes_of_others(void **state)
{
  (void)state;
  struct replica_fixture fixture;
  json_t *root = vectors_own("envelopes.json");
  size_t i;
  json_t *row;
  size_t good = 0;
  size_t bad = 0;
  replica_fixture_init(&fixture);
  assert_int_equal(fixture.now, vectors_uint(root, "now_ns"));
  json_array_foreach(vectors_get(root, "cases"), i, row)
  {
    const char *type = vectors_text(row, "request_type");
    if (strcmp(type, "read_state") == 0) {
      continue; /* names no canister */
    }
    struct vectors_blob envelope = vectors_hex_at(row, "envelope_hex");
    struct icws_principal canister;
    uint8_t id[ICWS_REQUEST_ID_BYTES];
    assert_int_equal(
        icws_principal_from_text(&canister, icws_bytes_text(vectors_text(row, "canister_id"))),
        ICWS_OK);
    struct icws_replica_answer answer =
        strcmp(type, "query") == 0
            ? icws_replica_query(fixture.replica, &canister, vectors_bytes(&envelope),
                                 ICWS_RANGES_FLAT, id)
            : icws_replica_call(fixture.replica, &canister, vectors_bytes(&envelope), id);
    bool valid = strcmp(vectors_text(row, "expected"), "valid") == 0;
    assert_int_equal(answer.status, ICWS_REPLICA_REJECTED);
    if (answer.reject_code != (valid ? ICWS_REJECT_DESTINATION_INVALID : ICWS_REJECT_NONE)) {
      fail_msg("%s: code %d, %.*s", vectors_text(row, "name"), (int)answer.reject_code,
               (int)answer.text.len, (const char *)answer.text.data);
    }
    assert_true(answer.text.len > 0);
    good += valid ? 1 : 0;
    bad += valid ? 0 : 1;
    free(envelope.data);
  }
  assert_int_equal(good, 24);
  assert_int_equal(bad, 39);
  replica_fixture_wipe(&fixture);
  json_decref(root);
}

/* --- Time and certificates --------------------------------------------------------------------- */

static void test_time_never_stands_still(void **state)
{
  struct fixture *fixture = *state;
  uint64_t before = icws_replica_time(fixture->base.replica);
  assert_int_equal(before, fixture->base.now);
  assert_int_equal(icws_replica_round(fixture->base.replica), ICWS_OK);
  assert_int_equal(icws_replica_time(fixture->base.replica), before + 1);
  fixture->base.now -= 3600 * SECOND; /* the clock of the machine was set back */
  assert_int_equal(icws_replica_round(fixture->base.replica), ICWS_OK);
  assert_int_equal(icws_replica_time(fixture->base.replica), before + 2);
  fixture->base.now += 3601 * SECOND;
  assert_int_equal(icws_replica_round(fixture->base.replica), ICWS_OK);
  assert_int_equal(icws_replica_time(fixture->base.replica), before + SECOND);
}

/* Asks the recorder and verifies what it certifies; the error of the verifier. */
static enum icws_error read_certified(struct fixture *fixture,
                                      const struct icws_principal *canister, const char *expected,
                                      uint64_t *time_ns)
{
  struct icws_replica_answer answer = replica_fixture_query(
      &fixture->base, fixture->bob, &fixture->id, "read", icws_bytes_text(""));
  struct icws_certified certified;
  const struct icws_certificate *certificate;
  assert_int_equal(answer.status, ICWS_REPLICA_REPLIED);
  assert_int_equal(icws_certified_decode(answer.reply, &certified, NULL), ICWS_OK);
  assert_int_equal(certified.content.len, strlen(expected));
  enum icws_error error =
      icws_verifier_certified(fixture->base.verifier, canister, &certified, &certificate, NULL);
  if (error == ICWS_OK) {
    *time_ns = certificate->time_ns;
  }
  return error;
}

static void test_queries_see_the_certified_state(void **state)
{
  struct fixture *fixture = *state;
  uint64_t time_ns = 0;
  replica_fixture_call(&fixture->base, fixture->alice, &fixture->id, "append",
                       icws_bytes_text("one"));
  assert_int_equal(read_certified(fixture, &fixture->id, "one", &time_ns), ICWS_OK);
  assert_int_equal(time_ns, fixture->base.now);
  assert_int_equal(fixture->recorder.last_time, time_ns);

  /* What waits is not seen; the wall clock moves on, the certificate's time does not. */
  sign_append(fixture, fixture->alice, " two");
  assert_int_equal(replica_fixture_submit(&fixture->base, &fixture->id).status,
                   ICWS_REPLICA_RECEIVED);
  fixture->base.now += SECOND / 20;
  assert_int_equal(read_certified(fixture, &fixture->id, "one", &time_ns), ICWS_OK);
  assert_int_equal(time_ns, fixture->base.now - SECOND / 20);
  replica_fixture_round(&fixture->base);
  assert_int_equal(read_certified(fixture, &fixture->id, "one two", &time_ns), ICWS_OK);
  assert_int_equal(time_ns, fixture->base.now);
  assert_int_equal(fixture->recorder.last_time, time_ns);
}

static void test_certificate_is_for_one_canister(void **state)
{
  struct fixture *fixture = *state;
  struct icws_principal other = fixture->id;
  uint64_t time_ns = 0;
  replica_fixture_call(&fixture->base, fixture->alice, &fixture->id, "append",
                       icws_bytes_text("one"));
  other.bytes[7]++; /* within the subnet's ranges, but without certified data */
  assert_int_equal(read_certified(fixture, &other, "one", &time_ns), ICWS_ERR_CERTIFIED_DATA);
  other.bytes[0] = 0; /* of another subnet */
  assert_int_equal(read_certified(fixture, &other, "one", &time_ns), ICWS_ERR_CERTIFICATE_RANGE);
}

static void test_what_is_not_certified_is_refused(void **state)
{
  struct fixture *fixture = *state;
  uint64_t time_ns = 0;
  replica_fixture_call(&fixture->base, fixture->alice, &fixture->id, "append",
                       icws_bytes_text("one"));
  icws_buf_put(&fixture->recorder.log, "?", 1); /* behind the replica's back */
  assert_int_equal(read_certified(fixture, &fixture->id, "one?", &time_ns),
                   ICWS_ERR_CERTIFIED_DATA);
}

static void test_refused_queries(void **state)
{
  struct fixture *fixture = *state;
  struct icws_replica_answer answer = replica_fixture_query(
      &fixture->base, fixture->bob, &fixture->id, "append", icws_bytes_text(""));
  replica_fixture_assert_rejected(&answer, ICWS_REJECT_CANISTER_ERROR,
                                  "the canister has no such query method");
  answer =
      replica_fixture_query(&fixture->base, fixture->bob, &fixture->id, "rea", icws_bytes_text(""));
  replica_fixture_assert_rejected(&answer, ICWS_REJECT_CANISTER_ERROR,
                                  "the canister has no such method");
  answer = replica_fixture_query(&fixture->base, fixture->bob, &fixture->id, "read",
                                 icws_bytes_text("?"));
  replica_fixture_assert_rejected(&answer, ICWS_REJECT_CANISTER_ERROR,
                                  icws_strerror(ICWS_ERR_CANDID));
  sign_append(fixture, fixture->alice, "x");
  answer = icws_replica_query(fixture->base.replica, &fixture->id,
                              icws_buf_bytes(&fixture->base.envelope), ICWS_RANGES_FLAT,
                              fixture->base.request_id);
  replica_fixture_assert_rejected(&answer, ICWS_REJECT_NONE,
                                  "the envelope holds another type of request");
}

/* A query method called as an update runs, but has no certificate to show. */
static void test_query_as_a_call(void **state)
{
  struct fixture *fixture = *state;
  struct icws_certified certified;
  struct icws_replica_answer answer = replica_fixture_call(
      &fixture->base, fixture->alice, &fixture->id, "read", icws_bytes_text(""));
  assert_int_equal(answer.status, ICWS_REPLICA_REPLIED);
  assert_int_equal(icws_certified_decode(answer.reply, &certified, NULL), ICWS_OK);
  assert_int_equal(certified.cert.len, 0);
}

static void test_timers(void **state)
{
  struct fixture *fixture = *state;
  uint64_t time_ns = 0;
  fixture->recorder.deadline = fixture->base.now + SECOND / 10 + 1;
  replica_fixture_round(&fixture->base);
  assert_log(fixture, "");
  replica_fixture_round(&fixture->base);
  assert_log(fixture, "!");
  replica_fixture_round(&fixture->base);
  assert_log(fixture, "!");
  assert_int_equal(read_certified(fixture, &fixture->id, "!", &time_ns), ICWS_OK);
}

static void test_interface_is_certified(void **state)
{
  struct fixture *fixture = *state;
  const struct icws_bytes labels[] = {
      icws_bytes_text("canister"), icws_principal_bytes(&fixture->id), icws_bytes_text("metadata"),
      icws_bytes_text("candid:service")};
  const struct icws_state_path path = {labels, 4};
  const struct icws_certificate *certificate;
  struct icws_bytes interface = {0};
  struct icws_buf encoding;
  icws_buf_init(&encoding, 0, NULL);
  assert_int_equal(
      icws_replica_certificate(fixture->base.replica, &path, 1, ICWS_RANGES_SHARDED, &encoding),
      ICWS_OK);
  assert_int_equal(icws_verifier_certificate(fixture->base.verifier, &fixture->id,
                                             icws_buf_bytes(&encoding), &certificate, NULL),
                   ICWS_OK);
  assert_int_equal(icws_hashtree_lookup(certificate->tree, labels, 4, &interface),
                   ICWS_LOOKUP_FOUND);
  assert_true(icws_bytes_equal(interface, icws_bytes_text("service : {}")));
  icws_buf_wipe(&encoding);
}

/* As long as a network runs, its delegation is never old. */
static void test_delegation_is_renewed(void **state)
{
  struct fixture *fixture = *state;
  const struct icws_certificate *certificate;
  struct icws_buf encoding;
  uint64_t start = REPLICA_FIXTURE_START;
  icws_buf_init(&encoding, 0, NULL);
  fixture->base.now = start + 3600 * SECOND + 1;
  assert_int_equal(icws_replica_round(fixture->base.replica), ICWS_OK);
  assert_int_equal(
      icws_replica_certificate(fixture->base.replica, NULL, 0, ICWS_RANGES_FLAT, &encoding),
      ICWS_OK);
  assert_int_equal(icws_verifier_certificate(fixture->base.verifier, &fixture->id,
                                             icws_buf_bytes(&encoding), &certificate, NULL),
                   ICWS_OK);
  assert_int_equal(certificate->delegation_time_ns, fixture->base.now);
  icws_buf_wipe(&encoding);
}

#define with_fixture(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      with_fixture(test_canister_id),
      with_fixture(test_call_is_executed_by_the_next_round),
      with_fixture(test_calls_keep_their_order),
      with_fixture(test_duplicates_are_executed_once),
      with_fixture(test_failed_call_is_rejected_and_remembered),
      with_fixture(test_expires_before_it_is_executed),
      with_fixture(test_refused_calls),
      with_fixture(test_tampered_envelopes),
      cmocka_unit_test(test_envelopes_of_others),
      with_fixture(test_time_never_stands_still),
      with_fixture(test_queries_see_the_certified_state),
      with_fixture(test_certificate_is_for_one_canister),
      with_fixture(test_what_is_not_certified_is_refused),
      with_fixture(test_refused_queries),
      with_fixture(test_query_as_a_call),
      with_fixture(test_timers),
      with_fixture(test_interface_is_certified),
      with_fixture(test_delegation_is_renewed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
