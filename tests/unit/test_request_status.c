/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/request_status.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/verifier.h>

#include "certificate_maker.h"
#include "vectors.h"

static const uint8_t request_id[ICWS_REQUEST_ID_BYTES] = {5, 6, 7};

#define BYTES(literal) icws_bytes_of(literal, sizeof(literal) - 1)

/* The fields of a request, in the order of their labels; |label| NULL ends them. */
struct field {
  const char *label;
  struct icws_bytes value;
};

static void put_fields(struct icws_buf *tree, const struct field *fields)
{
  for (; fields->label != NULL; fields++) {
    if (fields[1].label != NULL)
      maker_put_fork(tree);
    maker_put_label(tree, icws_bytes_text(fields->label));
    maker_put_leaf(tree, fields->value);
  }
}

static enum icws_error read_fields(const struct field *fields, struct icws_buf *tree,
                                   struct icws_request_outcome *outcome)
{
  struct icws_hashtree decoded;
  enum icws_error error;
  icws_buf_clear(tree);
  maker_put_label(tree, icws_bytes_text("request_status"));
  maker_put_label(tree, icws_bytes_of(request_id, sizeof request_id));
  put_fields(tree, fields);
  icws_hashtree_init(&decoded, NULL);
  assert_int_equal(icws_hashtree_decode(&decoded, icws_buf_bytes(tree), 100, NULL), ICWS_OK);
  error = icws_request_status_read(&decoded, request_id, outcome, NULL);
  icws_hashtree_wipe(&decoded);
  return error;
}

#define MAX_FIELDS 5

static void statuses(void **state)
{
  static const struct {
    enum icws_request_status status;
    const char *text;
  } cases[] = {
      {ICWS_STATUS_RECEIVED, "received"},
      {ICWS_STATUS_PROCESSING, "processing"},
      {ICWS_STATUS_DONE, "done"},
  };
  struct icws_request_outcome outcome;
  struct icws_buf tree;
  size_t i;
  (void)state;
  icws_buf_init(&tree, 0, NULL);
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const struct field fields[] = {{"status", icws_bytes_text(cases[i].text)}, {NULL, {NULL, 0}}};
    assert_int_equal(read_fields(fields, &tree, &outcome), ICWS_OK);
    assert_int_equal(outcome.status, cases[i].status);
  }
  const struct field replied[] = {
      {"reply", BYTES("hello")}, {"status", BYTES("replied")}, {NULL, {NULL, 0}}};
  assert_int_equal(read_fields(replied, &tree, &outcome), ICWS_OK);
  assert_int_equal(outcome.status, ICWS_STATUS_REPLIED);
  assert_true(icws_bytes_equal(outcome.reply, BYTES("hello")));
  const struct field rejected[] = {{"error_code", BYTES("IC0503")},
                                   {"reject_code", BYTES("\x05")},
                                   {"reject_message", BYTES("trapped")},
                                   {"status", BYTES("rejected")},
                                   {NULL, {NULL, 0}}};
  assert_int_equal(read_fields(rejected, &tree, &outcome), ICWS_OK);
  assert_int_equal(outcome.status, ICWS_STATUS_REJECTED);
  assert_int_equal(outcome.reject.code, ICWS_REJECT_CANISTER_ERROR);
  assert_true(icws_bytes_equal(outcome.reject.text, BYTES("trapped")));
  assert_true(outcome.reject.has_error_code);
  assert_true(icws_bytes_equal(outcome.reject.error_code, BYTES("IC0503")));
  assert_int_equal(read_fields(rejected + 1, &tree, &outcome), ICWS_OK);
  assert_false(outcome.reject.has_error_code);
  icws_buf_wipe(&tree);
}

static void bad(void **state)
{
  static const char *const names[] = {"",          "unknown status", "replied without reply",
                                      "code zero", "code seven",     "code and more",
                                      "no text",   "text not UTF-8"};
  const struct field cases[][MAX_FIELDS] = {
      {{"status", BYTES("")}},
      {{"status", BYTES("Replied")}},
      {{"status", BYTES("replied")}},
      {{"reject_code", BYTES("\x00")},
       {"reject_message", BYTES("x")},
       {"status", BYTES("rejected")}},
      {{"reject_code", BYTES("\x07")},
       {"reject_message", BYTES("x")},
       {"status", BYTES("rejected")}},
      {{"reject_code", BYTES("\x01\x01")},
       {"reject_message", BYTES("x")},
       {"status", BYTES("rejected")}},
      {{"reject_code", BYTES("\x01")}, {"status", BYTES("rejected")}},
      {{"reject_code", BYTES("\x01")},
       {"reject_message", BYTES("\xff")},
       {"status", BYTES("rejected")}},
  };
  struct icws_request_outcome outcome;
  struct icws_buf tree;
  size_t i;
  (void)state;
  icws_buf_init(&tree, 0, NULL);
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
    if (read_fields(cases[i], &tree, &outcome) != ICWS_ERR_CERTIFICATE)
      fail_msg("%s", names[i]);
  icws_buf_wipe(&tree);
}

static enum icws_request_status status_in(const char *encoding, size_t len)
{
  struct icws_request_outcome outcome;
  struct icws_hashtree tree;
  icws_hashtree_init(&tree, NULL);
  assert_int_equal(icws_hashtree_decode(&tree, icws_bytes_of(encoding, len), 100, NULL), ICWS_OK);
  assert_int_equal(icws_request_status_read(&tree, request_id, &outcome, NULL), ICWS_OK);
  icws_hashtree_wipe(&tree);
  return outcome.status;
}

/* What is pruned is not absent. */
static void absent_and_unknown(void **state)
{
  static const char empty[] = "\x81\x00";
  static const char other[] = "\x83\x02\x44time\x82\x03\x40";
  static const char pruned[] = "\x82\x04\x58\x20"
                               "0123456789abcdef0123456789abcdef";
  static const char half[] = "\x83\x01\x82\x04\x58\x20"
                             "0123456789abcdef0123456789abcdef"
                             "\x83\x02\x44time\x82\x03\x40";
  (void)state;
  assert_int_equal(status_in(empty, sizeof empty - 1), ICWS_STATUS_ABSENT);
  assert_int_equal(status_in(other, sizeof other - 1), ICWS_STATUS_ABSENT);
  assert_int_equal(status_in(pruned, sizeof pruned - 1), ICWS_STATUS_UNKNOWN);
  assert_int_equal(status_in(half, sizeof half - 1), ICWS_STATUS_UNKNOWN);
}

/* A real call of mainnet, whose certificate holds its request id. */
static void from_mainnet(void **state)
{
  json_t *file = vectors_shared("requests_with_certificates.json");
  const json_t *vector = json_array_get(file, 0);
  struct vectors_blob request = vectors_hex_at(vector, "request_cbor_hex");
  struct vectors_blob certificate = vectors_hex_at(vector, "certificate_hex");
  const struct icws_certificate *verified;
  struct icws_request_outcome outcome;
  struct icws_envelope envelope;
  struct icws_verifier *verifier;
  (void)state;
  assert_int_equal(icws_verifier_new(NULL, &verifier, NULL), ICWS_OK);
  assert_int_equal(icws_envelope_decode(vectors_bytes(&request), &envelope, NULL), ICWS_OK);
  assert_int_equal(icws_verifier_certificate(verifier, &envelope.canister,
                                             vectors_bytes(&certificate), &verified, NULL),
                   ICWS_OK);
  assert_int_equal(icws_request_status_read(verified->tree, envelope.request_id, &outcome, NULL),
                   ICWS_OK);
  assert_int_equal(outcome.status, ICWS_STATUS_REPLIED);
  assert_string_equal(vectors_text(vector, "status_in_certificate"), "replied");
  assert_true(outcome.reply.len > 4 && memcmp(outcome.reply.data, "DIDL", 4) == 0);
  envelope.request_id[0] ^= 1;
  assert_int_equal(icws_request_status_read(verified->tree, envelope.request_id, &outcome, NULL),
                   ICWS_OK);
  assert_int_equal(outcome.status, ICWS_STATUS_UNKNOWN);
  icws_verifier_del(verifier);
  free(request.data);
  free(certificate.data);
  json_decref(file);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(statuses),
      cmocka_unit_test(bad),
      cmocka_unit_test(absent_and_unknown),
      cmocka_unit_test(from_mainnet),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
