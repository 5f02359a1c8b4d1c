/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/response.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(literal) icws_bytes_of(literal, sizeof(literal) - 1)

/* Map entries, written by hand: RFC 8949. */
#define REPLIED "\x66status\x67replied"
#define REJECTED "\x66status\x68rejected"
#define REFUSED "\x66status\x78\x18non_replicated_rejection"
#define CODE "\x6breject_code\x04"
#define TEXT "\x6ereject_message\x62no"
#define ERROR_CODE                                                                                 \
  "\x6a"                                                                                           \
  "error_code\x66IC0406"
#define CERTIFICATE                                                                                \
  "\x6b"                                                                                           \
  "certificate\x43"                                                                                \
  "abc"

static void call(void **state)
{
  struct icws_call_response response;
  (void)state;
  assert_int_equal(
      icws_call_response_decode(BYTES("\xd9\xd9\xf7\xa2" REPLIED CERTIFICATE), &response, NULL),
      ICWS_OK);
  assert_int_equal(response.type, ICWS_CALL_RESPONSE_CERTIFICATE);
  assert_true(icws_bytes_equal(response.certificate, BYTES("abc")));
  assert_int_equal(
      icws_call_response_decode(BYTES("\xa4" REFUSED CODE TEXT ERROR_CODE), &response, NULL),
      ICWS_OK);
  assert_int_equal(response.type, ICWS_CALL_RESPONSE_REJECTED);
  assert_int_equal(response.reject.code, ICWS_REJECT_CANISTER_REJECT);
  assert_true(icws_bytes_equal(response.reject.text, BYTES("no")));
  assert_true(response.reject.has_error_code);
  assert_true(icws_bytes_equal(response.reject.error_code, BYTES("IC0406")));
  /* v2: no status */
  assert_int_equal(icws_call_response_decode(BYTES("\xa2" CODE TEXT), &response, NULL), ICWS_OK);
  assert_int_equal(response.type, ICWS_CALL_RESPONSE_REJECTED);
  assert_false(response.reject.has_error_code);
}

static void bad_call(void **state)
{
  const struct icws_bytes cases[] = {
      BYTES(""),
      BYTES("\xa0"),
      BYTES("\x80"),
      BYTES("\xa1" REPLIED),
      BYTES("\xa1" REFUSED),
      BYTES("\xa2" REFUSED CODE),
      BYTES("\xa2" REFUSED TEXT),
      BYTES("\xa2" REJECTED CERTIFICATE),
      BYTES("\xa2" REPLIED CERTIFICATE "\x00"),
      BYTES("\xa3" REPLIED CERTIFICATE CERTIFICATE),
      BYTES("\xa2" REPLIED "\x6b"
            "certificate\x63"
            "abc"),
      BYTES("\xa2\x66status\x47replied" CERTIFICATE),
      BYTES("\xa2\x6breject_code\x00" TEXT),
      BYTES("\xa2\x6breject_code\x07" TEXT),
      BYTES("\xa2\x6breject_code\x24" TEXT),
      BYTES("\xa2\x6breject_code\x1b\x00\x00\x00\x01\x00\x00\x00\x01" TEXT),
      BYTES("\xa2" CODE "\x6ereject_message\x62\xff\xff"),
      BYTES("\xbf" REPLIED CERTIFICATE "\xff"),
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct icws_call_response response;
    struct icws_failure failure;
    if (icws_call_response_decode(cases[i], &response, &failure) != ICWS_ERR_CBOR)
      fail_msg("case %zu", i);
    assert_int_equal(failure.code, ICWS_ERR_CBOR);
  }
}

static void read_state(void **state)
{
  struct icws_bytes certificate;
  (void)state;
  assert_int_equal(icws_read_state_response_decode(BYTES("\xa1" CERTIFICATE), &certificate, NULL),
                   ICWS_OK);
  assert_true(icws_bytes_equal(certificate, BYTES("abc")));
  assert_int_equal(icws_read_state_response_decode(BYTES("\xa0"), &certificate, NULL),
                   ICWS_ERR_CBOR);
  assert_int_equal(
      icws_read_state_response_decode(BYTES("\xa1" CERTIFICATE "\xa0"), &certificate, NULL),
      ICWS_ERR_CBOR);
}

#define REPLY                                                                                      \
  "\x65reply\xa1\x63"                                                                              \
  "arg\x42hi"
#define SIGNATURES "\x6asignatures\x80"

static void query(void **state)
{
  struct icws_query_response response;
  (void)state;
  assert_int_equal(
      icws_query_response_decode(BYTES("\xa3" REPLIED REPLY SIGNATURES), &response, NULL), ICWS_OK);
  assert_true(response.replied);
  assert_true(icws_bytes_equal(response.reply, BYTES("hi")));
  assert_true(icws_bytes_equal(response.signatures, BYTES("\x80")));
  assert_int_equal(icws_query_response_decode(BYTES("\xa3" REJECTED CODE TEXT), &response, NULL),
                   ICWS_OK);
  assert_false(response.replied);
  assert_int_equal(response.reject.code, ICWS_REJECT_CANISTER_REJECT);
  assert_false(response.reject.has_error_code);
  assert_int_equal(response.signatures.len, 0);
}

static void bad_query(void **state)
{
  const struct icws_bytes cases[] = {
      BYTES("\xa0"),
      BYTES("\xa1" REPLIED),
      BYTES("\xa2" REJECTED CODE),
      BYTES("\xa2" REFUSED REPLY),
      BYTES("\xa2" REPLIED "\x65reply\xa0"),
      BYTES("\xa2" REPLIED "\x65reply\x42hi"),
      BYTES("\xa3" REPLIED REPLY "\x6asignatures\xa0"),
      BYTES("\xa3" REPLIED REPLY REPLY),
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct icws_query_response response;
    if (icws_query_response_decode(cases[i], &response, NULL) != ICWS_ERR_CBOR)
      fail_msg("case %zu", i);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(call),  cmocka_unit_test(bad_call),  cmocka_unit_test(read_state),
      cmocka_unit_test(query), cmocka_unit_test(bad_query),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
