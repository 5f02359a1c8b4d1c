/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include <icws/cbor.h>
#include <icws/hashtree.h>
#include <icws/message.h>

#include "devnet/canisters/canisters.h"
#include "devnet/http_api.h"
#include "devnet/replica_state.h"
#include "replica_fixture.h"

/* Answers are judged by the SDK's verifier, by libsodium, and by texts that are written here. */

struct fixture {
  struct replica_fixture base;
  struct icws_principal canister;
  char id[ICWS_PRINCIPAL_TEXT_BYTES];
  struct icws_identity *alice;
  struct icws_identity *bob;
  struct icws_http_api_answer answer;
  struct icws_http_api_wait wait;
  bool answered;
  struct icws_hashtree tree; /* of the last certificate */
};

static int set_up(void **state)
{
  static struct fixture f;
  struct icws_canister_system system;
  struct icws_canister canister;
  const struct icws_app_config config = {0};
  memset(&f, 0, sizeof f);
  replica_fixture_init(&f.base);
  f.alice = replica_fixture_identity(1);
  f.bob = replica_fixture_identity(2);
  assert_int_equal(icws_replica_reserve(f.base.replica, &f.canister, &system), ICWS_OK);
  assert_int_equal(icws_app_new(&icws_canister_echo, &config, &system, &canister), ICWS_OK);
  icws_replica_install(f.base.replica, &f.canister, &canister);
  replica_fixture_round(&f.base);
  (void)icws_principal_to_text(&f.canister, f.id);
  icws_buf_init(&f.answer.body, 0, NULL);
  icws_hashtree_init(&f.tree, NULL);
  *state = &f;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *f = *state;
  icws_hashtree_wipe(&f->tree);
  icws_buf_wipe(&f->answer.body);
  icws_identity_del(f->alice);
  icws_identity_del(f->bob);
  replica_fixture_wipe(&f->base);
  return 0;
}

/* --- Asking ------------------------------------------------------------------------------------ */

static void ask(struct fixture *f, const char *method, const char *path, const char *type,
                struct icws_bytes body)
{
  const struct icws_http_request request = {
      .method = method, .path = path, .content_type = type, .origin = "", .body = body};
  f->answer.status = 0;
  f->answer.content_type = NULL;
  f->answer.field_count = 0;
  icws_buf_clear(&f->answer.body);
  f->answered = icws_http_api_handle(f->base.replica, &request, &f->answer, &f->wait);
  assert_int_equal(f->answered, f->answer.status != 0);
}

/* Posts the envelope that was signed last to "/api/|version|/canister/<id>/|endpoint|". */
static void post(struct fixture *f, const char *version, const char *endpoint)
{
  char path[200];
  (void)snprintf(path, sizeof path, "/api/%s/canister/%s/%s", version, f->id, endpoint);
  ask(f, "POST", path, "application/cbor", icws_buf_bytes(&f->base.envelope));
}

/* Signs a call of ws_open in which |nonce| is the client's. */
static void sign_open(struct fixture *f, const struct icws_identity *identity, uint8_t nonce)
{
  struct icws_buf candid;
  const struct icws_open_args args = {.client_nonce = nonce,
                                      .gateway = replica_fixture_sender(f->bob)};
  icws_buf_init(&candid, 0, NULL);
  icws_open_args_put(&candid, &args);
  replica_fixture_sign(&f->base, identity, ICWS_REQUEST_CALL, &f->canister, "ws_open",
                       icws_buf_bytes(&candid));
  icws_buf_wipe(&candid);
}

/* Signs a read_state of one path, or of none. */
static void sign_read(struct fixture *f, const struct icws_identity *identity,
                      const struct icws_bytes *labels, size_t count, size_t times)
{
  struct icws_buf content;
  struct icws_signer signer = icws_identity_signer(identity);
  uint8_t to_sign[ICWS_REQUEST_TO_SIGN_BYTES];
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  icws_buf_init(&content, 0, NULL);
  icws_cbor_put_map(&content, 4);
  icws_cbor_put_key(&content, "request_type");
  icws_cbor_put_text(&content, icws_bytes_text("read_state"));
  icws_cbor_put_key(&content, "sender");
  icws_cbor_put_bytes(&content, icws_principal_bytes(&signer.sender));
  icws_cbor_put_key(&content, "ingress_expiry");
  icws_cbor_put_uint(&content, f->base.now + 240 * REPLICA_FIXTURE_SECOND);
  icws_cbor_put_key(&content, "paths");
  icws_cbor_put_array(&content, times);
  for (size_t i = 0; i < times; i++) {
    icws_cbor_put_array(&content, count);
    for (size_t j = 0; j < count; j++) {
      icws_cbor_put_bytes(&content, labels[j]);
    }
  }
  assert_int_equal(icws_content_request_id(icws_buf_bytes(&content), f->base.request_id, NULL),
                   ICWS_OK);
  icws_request_to_sign(f->base.request_id, to_sign);
  icws_identity_sign(identity, icws_bytes_of(to_sign, sizeof to_sign), signature);
  icws_buf_clear(&f->base.envelope);
  icws_cbor_put_map(&f->base.envelope, 3);
  icws_cbor_put_key(&f->base.envelope, "content");
  icws_buf_put(&f->base.envelope, content.data, content.len);
  icws_cbor_put_key(&f->base.envelope, "sender_pubkey");
  icws_cbor_put_bytes(&f->base.envelope, signer.public_key);
  icws_cbor_put_key(&f->base.envelope, "sender_sig");
  icws_cbor_put_bytes(&f->base.envelope, icws_bytes_of(signature, sizeof signature));
  icws_buf_wipe(&content);
}

/* --- Judging ----------------------------------------------------------------------------------- */

static void expect_text(struct fixture *f, unsigned status, const char *text)
{
  assert_true(f->answered);
  if (f->answer.body.len != strlen(text) ||
      memcmp(f->answer.body.data, text, f->answer.body.len) != 0) {
    fail_msg("answered: %u %.*s", f->answer.status, (int)f->answer.body.len,
             (const char *)f->answer.body.data);
  }
  assert_int_equal(f->answer.status, status);
  assert_string_equal(f->answer.content_type, "text/plain; charset=utf-8");
}

/* Decodes the answer's map into |fields|. */
static void expect_map(struct fixture *f, struct icws_cbor_field *fields, size_t count)
{
  static const uint8_t tag[] = {0xd9, 0xd9, 0xf7};
  assert_true(f->answered);
  if (f->answer.status != 200) {
    fail_msg("answered: %u %.*s", f->answer.status, (int)f->answer.body.len,
             (const char *)f->answer.body.data);
  }
  assert_string_equal(f->answer.content_type, "application/cbor");
  assert_memory_equal(f->answer.body.data, tag, sizeof tag);
  assert_int_equal(
      icws_cbor_decode_fields(icws_buf_bytes(&f->answer.body), "answer", fields, count, NULL),
      ICWS_OK);
}

static bool is_text(const struct icws_cbor_field *field, const char *text)
{
  return icws_bytes_equal(field->value.bytes, icws_bytes_text(text));
}

/* The delegation's certificate names its ranges once, in the form that was asked for. */
static void expect_ranges(struct fixture *f, struct icws_bytes encoding, enum icws_ranges_form form)
{
  struct icws_cbor_field delegation = {
      .name = "delegation", .type = ICWS_CBOR_MAP, .required = true};
  struct icws_cbor_field inner = {.name = "certificate", .type = ICWS_CBOR_BYTES, .required = true};
  struct icws_cbor_field tree = {.name = "tree", .type = ICWS_CBOR_OTHER, .required = true};
  struct icws_principal subnet = icws_replica_subnet(f->base.replica);
  struct icws_hashtree decoded;
  const struct icws_bytes flat[] = {icws_bytes_text("subnet"), icws_principal_bytes(&subnet),
                                    icws_bytes_text("canister_ranges")};
  const struct icws_bytes sharded[] = {icws_bytes_text("canister_ranges"),
                                       icws_principal_bytes(&subnet)};
  struct icws_bytes value;
  size_t at = 0;
  assert_int_equal(icws_cbor_decode_fields(encoding, "", &delegation, 1, NULL), ICWS_OK);
  assert_int_equal(icws_cbor_decode_fields(delegation.value.bytes, "", &inner, 1, NULL), ICWS_OK);
  assert_int_equal(icws_cbor_decode_fields(inner.value.bytes, "", &tree, 1, NULL), ICWS_OK);
  icws_hashtree_init(&decoded, NULL);
  assert_int_equal(icws_hashtree_decode(&decoded, tree.value.bytes, 65536, NULL), ICWS_OK);
  assert_int_equal(icws_hashtree_lookup(&decoded, flat, 3, &value),
                   form == ICWS_RANGES_FLAT ? ICWS_LOOKUP_FOUND : ICWS_LOOKUP_UNKNOWN);
  assert_int_equal(icws_hashtree_lookup_subtree(&decoded, sharded, 2, &at),
                   form == ICWS_RANGES_SHARDED ? ICWS_LOOKUP_FOUND : ICWS_LOOKUP_UNKNOWN);
  icws_hashtree_wipe(&decoded);
}

/* Verifies the answer's certificate and keeps its tree; |status| is the map's, or NULL. */
static void expect_certificate(struct fixture *f, const char *status, enum icws_ranges_form form)
{
  struct icws_cbor_field fields[] = {
      {.name = "certificate", .type = ICWS_CBOR_BYTES, .required = true},
      {.name = "status", .type = ICWS_CBOR_TEXT}};
  struct icws_cbor_field tree = {.name = "tree", .type = ICWS_CBOR_OTHER, .required = true};
  const struct icws_certificate *certificate;
  expect_map(f, fields, 2);
  struct icws_bytes encoding = fields[0].value.bytes;
  assert_int_equal(fields[1].present, status != NULL);
  assert_true(status == NULL || is_text(&fields[1], status));
  assert_int_equal(
      icws_verifier_certificate(f->base.verifier, &f->canister, encoding, &certificate, NULL),
      ICWS_OK);
  assert_true(certificate->delegated);
  assert_int_equal(certificate->time_ns, f->base.now);
  assert_int_equal(icws_cbor_decode_fields(encoding, "certificate", &tree, 1, NULL), ICWS_OK);
  assert_int_equal(icws_hashtree_decode(&f->tree, tree.value.bytes, 65536, NULL), ICWS_OK);
  expect_ranges(f, encoding, form);
}

static enum icws_lookup look_up(struct fixture *f, struct icws_bytes a, struct icws_bytes b,
                                const char *c, struct icws_bytes *value)
{
  const struct icws_bytes path[] = {a, b, icws_bytes_text(c)};
  return icws_hashtree_lookup(&f->tree, path, 3, value);
}

/* What the last certificate says about the call that was signed last. */
static void expect_status(struct fixture *f, const uint8_t *id, const char *label,
                          const char *expected)
{
  struct icws_bytes value;
  assert_int_equal(look_up(f, icws_bytes_text("request_status"),
                           icws_bytes_of(id, ICWS_REQUEST_ID_BYTES), label, &value),
                   ICWS_LOOKUP_FOUND);
  assert_int_equal(value.len, strlen(expected));
  assert_memory_equal(value.data, expected, value.len);
}

/* --- Status and everything that is not a request ------------------------------------------------ */

static void test_status(void **state)
{
  struct fixture *f = *state;
  struct icws_cbor_field fields[] = {
      {.name = "root_key", .type = ICWS_CBOR_BYTES, .required = true},
      {.name = "replica_health_status", .type = ICWS_CBOR_TEXT, .required = true},
      {.name = "impl_version", .type = ICWS_CBOR_TEXT, .required = true},
      {.name = "certified_height", .type = ICWS_CBOR_UINT, .required = true}};
  ask(f, "GET", "/api/v2/status", "", icws_bytes_text(""));
  expect_map(f, fields, 4);
  assert_true(icws_bytes_equal(fields[0].value.bytes, icws_replica_root_key(f->base.replica)));
  assert_true(is_text(&fields[1], "healthy"));
  assert_int_equal(fields[3].value.uint, 2);
  replica_fixture_round(&f->base);
  ask(f, "GET", "/api/v2/status", "", icws_bytes_text(""));
  expect_map(f, fields, 4);
  assert_int_equal(fields[3].value.uint, 3);
}

static void test_paths_that_are_not_served(void **state)
{
  static const char *const paths[] = {
      "/",
      "/api",
      "/api/v2",
      "/api/v2/",
      "/api/v2/status/",
      "/api/v3/status",
      "/api/v1/canister/aaaaa-aa/call",
      "/api/v5/canister/aaaaa-aa/call",
      "/api/v22/canister/aaaaa-aa/call",
      "/api/v4/canister/aaaaa-aa/query",
      "/api/v4/canister/aaaaa-aa/read_state",
      "/api/v2/canister/aaaaa-aa",
      "/api/v2/canister/aaaaa-aa/",
      "/api/v2/canister/aaaaa-aa/call/",
      "/api/v2/canister//aaaaa-aa/call",
      "/api/v2/subnet/aaaaa-aa/call",
      "/api/v2/subnets/aaaaa-aa/read_state",
      "api/v2/status",
  };
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
    ask(f, "POST", paths[i], "application/cbor", icws_bytes_text(""));
    expect_text(f, 404, "There is nothing here: the paths begin with /api/v2/status.");
  }
}

static void test_methods(void **state)
{
  static const char *const methods[] = {"GET", "PUT", "DELETE", "PATCH", "post"};
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
    ask(f, methods[i], "/api/v2/canister/aaaaa-aa/query", "application/cbor", icws_bytes_text(""));
    expect_text(f, 405, "The path is served, but not by this method.");
  }
  ask(f, "POST", "/api/v2/status", "application/cbor", icws_bytes_text(""));
  expect_text(f, 405, "The path is served, but not by this method.");
}

static void test_preflight(void **state)
{
  struct fixture *f = *state;
  size_t count = 0;
  const struct icws_http_field *fields = icws_http_api_fields(&count);
  assert_int_equal(count, 1);
  assert_string_equal(fields[0].name, "access-control-allow-origin");
  assert_string_equal(fields[0].value, "*");
  ask(f, "OPTIONS", "/api/v3/canister/aaaaa-aa/query", "", icws_bytes_text(""));
  assert_int_equal(f->answer.status, 204);
  assert_int_equal(f->answer.body.len, 0);
  assert_int_equal(f->answer.field_count, 3);
  assert_string_equal(f->answer.fields[0].name, "access-control-allow-methods");
  assert_string_equal(f->answer.fields[0].value, "GET, POST");
  assert_string_equal(f->answer.fields[1].name, "access-control-allow-headers");
  assert_string_equal(f->answer.fields[1].value, "Authorization, Accept, Content-Type");
}

static void test_content_types(void **state)
{
  static const char *const types[] = {"", "application/json", "application/cbor; charset=utf-8"};
  struct fixture *f = *state;
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    ask(f, "POST", "/api/v2/canister/aaaaa-aa/query", types[i], icws_bytes_text(""));
    expect_text(f, 400, "Unexpected content type: the body must come as application/cbor.");
  }
  replica_fixture_sign(&f->base, f->alice, ICWS_REQUEST_QUERY, &f->canister, "x",
                       icws_bytes_text(""));
  char path[200];
  (void)snprintf(path, sizeof path, "/api/v2/canister/%s/query", f->id);
  ask(f, "POST", path, "Application/CBOR", icws_buf_bytes(&f->base.envelope));
  assert_int_equal(f->answer.status, 200);
}

static void test_bodies_that_are_no_requests(void **state)
{
  static const char *const endpoints[] = {"call", "query", "read_state"};
  struct fixture *f = *state;
  static uint8_t large[ICWS_ENVELOPE_MAX_BYTES + 1];
  for (size_t i = 0; i < 3; i++) {
    char path[200];
    (void)snprintf(path, sizeof path, "/api/v2/canister/%s/%s", f->id, endpoints[i]);
    ask(f, "POST", path, "application/cbor", icws_bytes_text("\x81"));
    assert_int_equal(f->answer.status, 400);
    assert_memory_equal(f->answer.body.data, "Invalid request: envelope", 25);
    ask(f, "POST", path, "application/cbor", icws_bytes_of(large, sizeof large));
    assert_int_equal(f->answer.status, i == 0 ? 413 : 400);
  }
  ask(f, "POST", "/api/v2/canister/aaaaa-ab/call", "application/cbor", icws_bytes_text(""));
  expect_text(f, 400, "Malformed id in the path: it must be the text of a principal.");
}

/* --- Calls ------------------------------------------------------------------------------------- */

static void test_synchronous_call(void **state)
{
  static const char *const versions[] = {"v3", "v4"};
  struct fixture *f = *state;
  for (size_t i = 0; i < 2; i++) {
    sign_open(f, f->alice, (uint8_t)(i + 1));
    post(f, versions[i], "call");
    assert_false(f->answered);
    assert_memory_equal(f->wait.request_id, f->base.request_id, ICWS_REQUEST_ID_BYTES);
    assert_int_equal(f->wait.form, i == 0 ? ICWS_RANGES_FLAT : ICWS_RANGES_SHARDED);
    assert_false(icws_http_api_resume(f->base.replica, &f->wait, false, &f->answer));
    replica_fixture_round(&f->base);
    f->answered = icws_http_api_resume(f->base.replica, &f->wait, false, &f->answer);
    expect_certificate(f, "replied", f->wait.form);
    expect_status(f, f->base.request_id, "status", "replied");

    /* Once more the same: its certificate at once. */
    replica_fixture_round(&f->base);
    post(f, versions[i], "call");
    expect_certificate(f, "replied", f->wait.form);
    expect_status(f, f->base.request_id, "status", "replied");
  }
}

static void test_impatience(void **state)
{
  struct fixture *f = *state;
  sign_open(f, f->alice, 1);
  post(f, "v4", "call");
  assert_false(f->answered);
  f->answered = icws_http_api_resume(f->base.replica, &f->wait, true, &f->answer);
  expect_text(f, 202, "The call was accepted; its outcome is not known yet.");
}

/* As after a round for which memory was short: nothing is certified until the next one. */
static void test_without_certified_state(void **state)
{
  struct fixture *f = *state;
  const struct icws_bytes time = icws_bytes_text("time");
  struct icws_cbor_field health = {
      .name = "replica_health_status", .type = ICWS_CBOR_TEXT, .required = true};
  struct icws_cbor_field message = {
      .name = "reject_message", .type = ICWS_CBOR_TEXT, .required = true};
  sign_open(f, f->alice, 1);
  post(f, "v4", "call");
  replica_fixture_round(&f->base);
  icws_replica_forget_state(f->base.replica);
  f->answered = icws_http_api_resume(f->base.replica, &f->wait, false, &f->answer);
  expect_text(f, 202, "The call was accepted; its outcome is not known yet.");
  ask(f, "GET", "/api/v2/status", "", icws_bytes_text(""));
  expect_map(f, &health, 1);
  assert_true(is_text(&health, "waiting_for_certified_state"));
  sign_read(f, f->alice, &time, 1, 1);
  post(f, "v3", "read_state");
  expect_text(f, 503, "The replica has no certified state at present.");
  replica_fixture_sign(&f->base, f->alice, ICWS_REQUEST_QUERY, &f->canister, "ws_get_messages",
                       icws_bytes_text("?"));
  post(f, "v3", "query");
  expect_map(f, &message, 1);
  assert_true(is_text(&message, "there is no certified state"));

  replica_fixture_round(&f->base);
  post(f, "v3", "query");
  assert_int_equal(f->answer.status, 200);
  icws_buf_clear(&f->answer.body);
  f->answered = icws_http_api_resume(f->base.replica, &f->wait, false, &f->answer);
  expect_certificate(f, "replied", ICWS_RANGES_SHARDED);
}

static void test_asynchronous_call(void **state)
{
  struct fixture *f = *state;
  uint8_t id[ICWS_REQUEST_ID_BYTES];
  struct icws_bytes value;
  sign_open(f, f->alice, 1);
  memcpy(id, f->base.request_id, sizeof id);
  post(f, "v2", "call");
  assert_true(f->answered);
  assert_int_equal(f->answer.status, 202);
  assert_int_equal(f->answer.body.len, 0);

  /* Until the round its status is absent, then replied. */
  const struct icws_bytes path[] = {icws_bytes_text("request_status"),
                                    icws_bytes_of(id, sizeof id)};
  sign_read(f, f->alice, path, 2, 1);
  post(f, "v2", "read_state");
  expect_certificate(f, NULL, ICWS_RANGES_FLAT);
  assert_int_equal(look_up(f, path[0], path[1], "status", &value), ICWS_LOOKUP_ABSENT);
  replica_fixture_round(&f->base);
  sign_read(f, f->alice, path, 2, 1);
  post(f, "v2", "read_state");
  expect_certificate(f, NULL, ICWS_RANGES_FLAT);
  expect_status(f, id, "status", "replied");
}

static void test_certified_rejection(void **state)
{
  struct fixture *f = *state;
  replica_fixture_sign(&f->base, f->alice, ICWS_REQUEST_CALL, &f->canister, "ws_open",
                       icws_bytes_text("?"));
  post(f, "v4", "call");
  assert_false(f->answered);
  replica_fixture_round(&f->base);
  f->answered = icws_http_api_resume(f->base.replica, &f->wait, false, &f->answer);
  expect_certificate(f, "replied", ICWS_RANGES_SHARDED);
  expect_status(f, f->base.request_id, "status", "rejected");
  expect_status(f, f->base.request_id, "reject_code", "\5");
  expect_status(f, f->base.request_id, "error_code", "IC0503");
}

static void expect_rejection(struct fixture *f, const char *status, unsigned code,
                             const char *error_code, const char *text)
{
  struct icws_cbor_field fields[] = {
      {.name = "reject_code", .type = ICWS_CBOR_UINT, .required = true},
      {.name = "reject_message", .type = ICWS_CBOR_TEXT, .required = true},
      {.name = "error_code", .type = ICWS_CBOR_TEXT, .required = true},
      {.name = "status", .type = ICWS_CBOR_TEXT}};
  expect_map(f, fields, 4);
  assert_int_equal(fields[0].value.uint, code);
  assert_true(is_text(&fields[1], text));
  assert_true(is_text(&fields[2], error_code));
  assert_int_equal(fields[3].present, status != NULL);
  assert_true(status == NULL || is_text(&fields[3], status));
}

static void test_rejection_before_replication(void **state)
{
  static const char *const versions[] = {"v2", "v3", "v4"};
  struct fixture *f = *state;
  for (size_t i = 0; i < 3; i++) {
    const char *status = i == 0 ? NULL : "non_replicated_rejection";
    replica_fixture_sign(&f->base, f->alice, ICWS_REQUEST_CALL, &f->canister, "nothing",
                         icws_bytes_text(""));
    post(f, versions[i], "call");
    expect_rejection(f, status, 5, "IC0536", "the canister has no such method");
    struct icws_principal management = {.len = 0};
    replica_fixture_sign(&f->base, f->alice, ICWS_REQUEST_CALL, &management, "raw_rand",
                         icws_bytes_text(""));
    post(f, versions[i], "call");
    expect_rejection(f, status, 3, "IC0301", "this local network has no management canister");
  }
}

static void test_envelopes_that_are_refused(void **state)
{
  static const char *const endpoints[] = {"call", "query", "read_state"};
  static const enum icws_request_type types[] = {ICWS_REQUEST_CALL, ICWS_REQUEST_QUERY};
  struct fixture *f = *state;
  struct icws_principal other = f->canister;
  other.bytes[7]++;
  for (size_t i = 0; i < 2; i++) {
    replica_fixture_sign(&f->base, f->alice, types[i], &other, "ws_open", icws_bytes_text(""));
    post(f, "v2", endpoints[i]);
    expect_text(f, 400, "Invalid request: the request was sent to another canister");
    replica_fixture_sign(&f->base, f->alice, types[1 - i], &f->canister, "ws_open",
                         icws_bytes_text(""));
    post(f, "v3", endpoints[i]);
    expect_text(f, 400, "Invalid request: the envelope holds another type of request");
    replica_fixture_sign(&f->base, f->alice, types[i], &f->canister, "ws_open",
                         icws_bytes_text(""));
    f->base.envelope.data[f->base.envelope.len - 1] ^= 1;
    post(f, "v3", endpoints[i]);
    assert_int_equal(f->answer.status, 400);
    assert_memory_equal(f->answer.body.data, "Invalid request: ", 17);
  }
}

static void test_expired_envelopes(void **state)
{
  static const char prefix[] =
      "Invalid request expiry: Specified ingress_expiry not within expected range: ";
  struct fixture *f = *state;
  sign_open(f, f->alice, 1);
  f->base.now += 241 * REPLICA_FIXTURE_SECOND;
  post(f, "v4", "call");
  assert_int_equal(f->answer.status, 400);
  assert_memory_equal(f->answer.body.data, prefix, sizeof prefix - 1);
  struct icws_call call = {.type = ICWS_REQUEST_CALL,
                           .canister = f->canister,
                           .method = icws_bytes_text("ws_open"),
                           .ingress_expiry = f->base.now + 331 * REPLICA_FIXTURE_SECOND};
  replica_fixture_sign_call(&f->base, f->alice, call);
  post(f, "v4", "call");
  assert_int_equal(f->answer.status, 400);
  assert_memory_equal(f->answer.body.data, prefix, sizeof prefix - 1);
}

/* --- Queries ----------------------------------------------------------------------------------- */

/* Verifies the one signature over the map |signable|, all but its last fields. */
static void expect_signature(struct fixture *f, struct icws_buf *signable)
{
  struct icws_cbor_field list = {.name = "signatures", .type = ICWS_CBOR_ARRAY, .required = true};
  struct icws_cbor_field fields[] = {
      {.name = "timestamp", .type = ICWS_CBOR_UINT, .required = true},
      {.name = "signature", .type = ICWS_CBOR_BYTES, .required = true},
      {.name = "identity", .type = ICWS_CBOR_BYTES, .required = true}};
  struct icws_cbor_reader reader;
  struct icws_signer node = icws_identity_signer(icws_replica_node(f->base.replica));
  uint8_t message[12 + ICWS_SHA256_BYTES] = "\x0bic-response";
  uint64_t count = 0;
  expect_map(f, &list, 1);
  icws_cbor_reader_init(&reader, list.value.bytes);
  assert_int_equal(icws_cbor_read_array(&reader, &count), ICWS_OK);
  assert_int_equal(count, 1);
  assert_int_equal(icws_cbor_read_fields(&reader, fields, 3, NULL), ICWS_OK);
  assert_int_equal(fields[0].value.uint, f->base.now);
  assert_true(icws_bytes_equal(fields[2].value.bytes, icws_principal_bytes(&node.sender)));
  icws_cbor_put_key(signable, "timestamp");
  icws_cbor_put_uint(signable, f->base.now);
  icws_cbor_put_key(signable, "request_id");
  icws_cbor_put_bytes(signable, icws_bytes_of(f->base.request_id, ICWS_REQUEST_ID_BYTES));
  assert_int_equal(icws_content_request_id(icws_buf_bytes(signable), message + 12, NULL), ICWS_OK);
  assert_int_equal(fields[1].value.bytes.len, crypto_sign_BYTES);
  assert_int_equal(crypto_sign_verify_detached(fields[1].value.bytes.data, message, sizeof message,
                                               node.public_key.data + 12),
                   0);
  icws_buf_wipe(signable);
}

static void test_query(void **state)
{
  static const char *const versions[] = {"v2", "v3"};
  struct fixture *f = *state;
  struct icws_buf candid;
  icws_buf_init(&candid, 0, NULL);
  icws_get_messages_args_put(&candid, 0);
  for (size_t i = 0; i < 2; i++) {
    struct icws_cbor_field fields[] = {{.name = "status", .type = ICWS_CBOR_TEXT, .required = true},
                                       {.name = "reply", .type = ICWS_CBOR_MAP, .required = true}};
    struct icws_buf signable;
    replica_fixture_sign(&f->base, f->alice, ICWS_REQUEST_QUERY, &f->canister, "ws_get_messages",
                         icws_buf_bytes(&candid));
    post(f, versions[i], "query");
    expect_map(f, fields, 2);
    assert_true(is_text(&fields[0], "replied"));
    icws_buf_init(&signable, 0, NULL);
    icws_cbor_put_map(&signable, 4);
    icws_cbor_put_key(&signable, "status");
    icws_cbor_put_text(&signable, icws_bytes_text("replied"));
    icws_cbor_put_key(&signable, "reply");
    icws_buf_put(&signable, fields[1].value.bytes.data, fields[1].value.bytes.len);
    expect_signature(f, &signable);
  }
  icws_buf_wipe(&candid);
}

static void test_rejected_query_is_signed(void **state)
{
  struct fixture *f = *state;
  struct icws_buf signable;
  replica_fixture_sign(&f->base, f->alice, ICWS_REQUEST_QUERY, &f->canister, "nothing",
                       icws_bytes_text(""));
  post(f, "v3", "query");
  expect_rejection(f, "rejected", 5, "IC0536", "the canister has no such method");
  icws_buf_init(&signable, 0, NULL);
  icws_cbor_put_map(&signable, 6);
  icws_cbor_put_key(&signable, "status");
  icws_cbor_put_text(&signable, icws_bytes_text("rejected"));
  icws_cbor_put_key(&signable, "reject_code");
  icws_cbor_put_uint(&signable, 5);
  icws_cbor_put_key(&signable, "reject_message");
  icws_cbor_put_text(&signable, icws_bytes_text("the canister has no such method"));
  icws_cbor_put_key(&signable, "error_code");
  icws_cbor_put_text(&signable, icws_bytes_text("IC0536"));
  expect_signature(f, &signable);
}

/* --- read_state -------------------------------------------------------------------------------- */

static void test_subnet_and_canister_are_readable(void **state)
{
  struct fixture *f = *state;
  struct icws_principal subnet = icws_replica_subnet(f->base.replica);
  struct icws_signer node = icws_identity_signer(icws_replica_node(f->base.replica));
  const struct icws_bytes whole = icws_bytes_text("subnet");
  const struct icws_bytes key[] = {whole, icws_principal_bytes(&subnet), icws_bytes_text("node"),
                                   icws_principal_bytes(&node.sender),
                                   icws_bytes_text("public_key")};
  struct icws_bytes value;
  sign_read(f, f->alice, &whole, 1, 1);
  post(f, "v3", "read_state");
  expect_certificate(f, NULL, ICWS_RANGES_SHARDED);
  assert_int_equal(icws_hashtree_lookup(&f->tree, key, 5, &value), ICWS_LOOKUP_FOUND);
  assert_true(icws_bytes_equal(value, node.public_key));
  assert_int_equal(look_up(f, key[0], key[1], "type", &value), ICWS_LOOKUP_FOUND);
  assert_true(icws_bytes_equal(value, icws_bytes_text("application")));
  assert_int_equal(look_up(f, key[0], key[1], "canister_ranges", &value), ICWS_LOOKUP_FOUND);

  const struct icws_bytes interface[] = {
      icws_bytes_text("canister"), icws_principal_bytes(&f->canister), icws_bytes_text("metadata"),
      icws_bytes_text("candid:service")};
  sign_read(f, f->bob, interface, 4, 1000);
  post(f, "v2", "read_state");
  expect_certificate(f, NULL, ICWS_RANGES_FLAT);
  assert_int_equal(icws_hashtree_lookup(&f->tree, interface, 4, &value), ICWS_LOOKUP_FOUND);
  assert_true(icws_bytes_equal(
      value, icws_bytes_text(icws_replica_interface(f->base.replica, &f->canister))));
}

static void test_paths_that_may_not_be_read(void **state)
{
  struct fixture *f = *state;
  struct icws_principal other = f->canister;
  other.bytes[7]++;
  const struct icws_bytes mine = icws_principal_bytes(&f->canister);
  const struct icws_bytes theirs = icws_principal_bytes(&other);
#define TEXT(text)                                                                                 \
  {                                                                                                \
    (const uint8_t *)(text), sizeof(text) - 1                                                      \
  }
  const struct {
    struct icws_bytes labels[5];
    size_t count;
    unsigned status;
    const char *text;
  } rows[] = {
      {{TEXT("")}, 0, 404, "Invalid path requested."},
      {{TEXT("nothing")}, 1, 404, "Invalid path requested."},
      {{TEXT("canister")}, 1, 404, "Invalid path requested."},
      {{TEXT("canister"), mine}, 2, 404, "Invalid path requested."},
      {{TEXT("canister"), mine, TEXT("certified_data")}, 3, 404, "Invalid path requested."},
      {{TEXT("canister"), mine, TEXT("metadata")}, 3, 404, "Invalid path requested."},
      {{TEXT("canister"), mine, TEXT("metadata"), TEXT("x")}, 4, 404, "Custom section not found."},
      {{TEXT("canister"), theirs, TEXT("module_hash")},
       3,
       400,
       "Effective canister id in URL does not match the canister id in the path."},
      {{TEXT("time"), TEXT("x")}, 2, 404, "Invalid path requested."},
      {{TEXT("request_status")}, 1, 404, "Invalid path requested."},
      {{TEXT("request_status"), TEXT("short")},
       2,
       400,
       "Invalid request id in paths: it must have 32 bytes."},
      {{TEXT("request_status"), TEXT("01234567890123456789012345678901"), TEXT("x")},
       3,
       404,
       "Invalid path requested."},
      {{TEXT("subnet"), mine, TEXT("x")}, 3, 404, "Invalid path requested."},
  };
#undef TEXT
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    sign_read(f, f->alice, rows[i].labels, rows[i].count, 1);
    post(f, "v3", "read_state");
    expect_text(f, rows[i].status, rows[i].text);
  }
  const struct icws_bytes time = icws_bytes_text("time");
  sign_read(f, f->alice, &time, 1, 1001);
  post(f, "v3", "read_state");
  assert_int_equal(f->answer.status, 400);
}

static void test_status_is_its_senders(void **state)
{
  struct fixture *f = *state;
  uint8_t id[ICWS_REQUEST_ID_BYTES];
  sign_open(f, f->alice, 1);
  memcpy(id, f->base.request_id, sizeof id);
  post(f, "v2", "call");
  replica_fixture_round(&f->base);
  const struct icws_bytes path[] = {icws_bytes_text("request_status"), icws_bytes_of(id, sizeof id),
                                    icws_bytes_text("reply")};
  sign_read(f, f->bob, path, 3, 1);
  post(f, "v3", "read_state");
  expect_text(f, 403, "The user tries to access Request ID not signed by the caller.");
  sign_read(f, f->alice, path, 3, 1);
  post(f, "v3", "read_state");
  expect_certificate(f, NULL, ICWS_RANGES_SHARDED);
}

static void test_subnet_endpoint(void **state)
{
  struct fixture *f = *state;
  struct icws_principal subnet = icws_replica_subnet(f->base.replica);
  const struct icws_bytes whole = icws_bytes_text("subnet");
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  char path[200];
  const struct icws_bytes of_canister[] = {icws_bytes_text("canister"),
                                           icws_principal_bytes(&f->canister),
                                           icws_bytes_text("controllers")};
  (void)icws_principal_to_text(&subnet, text);
  (void)snprintf(path, sizeof path, "/api/v3/subnet/%s/read_state", text);
  sign_read(f, f->alice, &whole, 1, 1);
  ask(f, "POST", path, "application/cbor", icws_buf_bytes(&f->base.envelope));
  expect_certificate(f, NULL, ICWS_RANGES_SHARDED);
  sign_read(f, f->alice, of_canister, 3, 1);
  ask(f, "POST", path, "application/cbor", icws_buf_bytes(&f->base.envelope));
  expect_text(f, 404, "Invalid path requested.");
  static const uint8_t request[ICWS_REQUEST_ID_BYTES] = {1};
  const struct icws_bytes of_call[] = {icws_bytes_text("request_status"),
                                       icws_bytes_of(request, sizeof request)};
  sign_read(f, f->alice, of_call, 2, 1);
  ask(f, "POST", path, "application/cbor", icws_buf_bytes(&f->base.envelope));
  expect_text(f, 404, "Invalid path requested.");
  (void)snprintf(path, sizeof path, "/api/v3/subnet/%s/read_state", f->id);
  sign_read(f, f->alice, &whole, 1, 1);
  ask(f, "POST", path, "application/cbor", icws_buf_bytes(&f->base.envelope));
  expect_text(f, 400, "This replica is not of that subnet.");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_status),
      TEST(test_paths_that_are_not_served),
      TEST(test_methods),
      TEST(test_preflight),
      TEST(test_content_types),
      TEST(test_bodies_that_are_no_requests),
      TEST(test_synchronous_call),
      TEST(test_impatience),
      TEST(test_without_certified_state),
      TEST(test_asynchronous_call),
      TEST(test_certified_rejection),
      TEST(test_rejection_before_replication),
      TEST(test_envelopes_that_are_refused),
      TEST(test_expired_envelopes),
      TEST(test_query),
      TEST(test_rejected_query_is_signed),
      TEST(test_subnet_and_canister_are_readable),
      TEST(test_paths_that_may_not_be_read),
      TEST(test_status_is_its_senders),
      TEST(test_subnet_endpoint),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
