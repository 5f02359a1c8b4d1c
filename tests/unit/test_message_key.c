/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/message.h>

#include "vectors.h"

static void check_key(const char *key, const char *gateway_text, uint64_t nonce)
{
  struct icws_principal gateway;
  char text[ICWS_MESSAGE_KEY_BYTES];
  assert_int_equal(icws_principal_from_text(&gateway, icws_bytes_text(gateway_text)), ICWS_OK);
  assert_int_equal(icws_message_key_format(&gateway, nonce, text), strlen(key));
  assert_string_equal(text, key);

  struct icws_principal read_gateway;
  uint64_t read_nonce = ~nonce;
  assert_int_equal(icws_message_key_parse(icws_bytes_text(key), &read_gateway, &read_nonce),
                   ICWS_OK);
  assert_true(icws_principal_equal(&read_gateway, &gateway));
  assert_true(read_nonce == nonce);
}

static void shared_recorded_keys(void **state)
{
  (void)state;
  json_t *root = vectors_shared("recorded-session.json");
  const json_t *message;
  size_t i;
  json_array_foreach(vectors_get(root, "messages"), i, message)
      check_key(vectors_text(message, "key"), vectors_text(root, "gateway_principal"), i);
  assert_int_equal(i, 4);
  json_decref(root);
}

#define GATEWAY "sqdfl-mr4km-2hfjy-gajqo-xqvh7-hf4mf-nra4i-3it6l-neaw4-soolw-tae"

static void ends_of_the_range(void **state)
{
  (void)state;
  check_key("aaaaa-aa_00000000000000000000", "aaaaa-aa", 0);
  check_key("2vxsx-fae_18446744073709551615", "2vxsx-fae", UINT64_MAX);
  check_key(GATEWAY "_18446744073709551615", GATEWAY, UINT64_MAX);
  assert_int_equal(strlen(GATEWAY "_18446744073709551615"), ICWS_MESSAGE_KEY_BYTES - 1);
}

static void other_keys_are_refused(void **state)
{
  (void)state;
  static const char *const keys[] = {
      "",
      "_",
      "_00000000000000000000",
      "aaaaa-aa",
      "aaaaa-aa_",
      "aaaaa-aa_0",
      "aaaaa-aa_0000000000000000000",   /* 19 digits */
      "aaaaa-aa_000000000000000000000", /* 21 digits */
      "aaaaa-aa_18446744073709551616",  /* 2^64 */
      "aaaaa-aa_99999999999999999999",
      "aaaaa-aa_+0000000000000000001",
      "aaaaa-aa_-0000000000000000001",
      "aaaaa-aa_ 0000000000000000001",
      "aaaaa-aa_0000000000000000000a",
      "aaaaa-aa-00000000000000000000",
      "aaaaa-aa__00000000000000000000",
      "aaaaa-ab_00000000000000000000", /* checksum */
      "AAAAA-AA_00000000000000000000", /* a right principal, but not as keys have it */
      "aaaaaaa_00000000000000000000",
      " aaaaa-aa_00000000000000000000",
      "aaaaa-aa_00000000000000000000 ",
      GATEWAY "a_00000000000000000000", /* longer than any */
  };
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    struct icws_principal gateway = icws_principal_anonymous();
    uint64_t nonce = 5;
    if (icws_message_key_parse(icws_bytes_text(keys[i]), &gateway, &nonce) != ICWS_ERR_MESSAGE_KEY)
      fail_msg("\"%s\" is taken", keys[i]);
    assert_int_equal(nonce, 5);
    assert_int_equal(gateway.len, 1);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ends_of_the_range),
      cmocka_unit_test(other_keys_are_refused),
      cmocka_unit_test(shared_recorded_keys),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
