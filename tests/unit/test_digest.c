/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/digest.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include <icws/principal.h>

#include "vectors.h"

static void assert_hex(const uint8_t *digest, size_t len, const char *expected)
{
  struct vectors_blob blob = vectors_hex(expected);
  assert_int_equal(blob.len, len);
  assert_memory_equal(digest, blob.data, len);
  free(blob.data);
}

/* The examples of FIPS 180-4 and of NIST's CAVP. */
static const struct {
  const char *message;
  const char *sha256;
  const char *sha224;
} examples[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
     "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
     "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
     "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525"},
};

static void examples_of_the_standard(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
    uint8_t digest[ICWS_SHA256_BYTES];
    struct icws_bytes message = icws_bytes_text(examples[i].message);
    icws_sha256(&message, 1, digest);
    assert_hex(digest, ICWS_SHA256_BYTES, examples[i].sha256);
    icws_sha224(message, digest);
    assert_hex(digest, ICWS_SHA224_BYTES, examples[i].sha224);
  }
}

static void million_times_a(void **state)
{
  (void)state;
  enum { MILLION = 1000000, PART = 100000 };
  uint8_t digest[ICWS_SHA256_BYTES];
  uint8_t *text = malloc(MILLION);
  assert_non_null(text);
  memset(text, 'a', MILLION);
  struct icws_bytes whole = icws_bytes_of(text, MILLION);
  icws_sha256(&whole, 1, digest);
  assert_hex(digest, sizeof digest,
             "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");

  struct icws_bytes parts[MILLION / PART];
  for (size_t i = 0; i < MILLION / PART; i++)
    parts[i] = icws_bytes_of(text + i * PART, PART);
  icws_sha256(parts, MILLION / PART, digest);
  assert_hex(digest, sizeof digest,
             "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");

  icws_sha224(whole, digest);
  assert_hex(digest, ICWS_SHA224_BYTES, "20794655980c91d8bbb4c1ea97618a4bf03f42581948b2ee4ee7ad67");
  free(text);
}

static void no_parts_is_the_empty_message(void **state)
{
  (void)state;
  uint8_t digest[ICWS_SHA256_BYTES];
  icws_sha256(NULL, 0, digest);
  assert_hex(digest, sizeof digest, examples[0].sha256);
  struct icws_bytes empty[] = {{.data = NULL, .len = 0}, {.data = NULL, .len = 0}};
  icws_sha256(empty, 2, digest);
  assert_hex(digest, sizeof digest, examples[0].sha256);
}

/* Lengths around the block size and around what is joined before hashing; libsodium is the judge. */
static void parts_split_anywhere(void **state)
{
  (void)state;
  static const size_t lengths[] = {1, 55, 56, 63, 64, 65, 127, 128, 1023, 1024, 1025, 1100};
  uint8_t text[1100];
  for (size_t i = 0; i < sizeof text; i++)
    text[i] = (uint8_t)(i * 7);
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
    uint8_t expected[ICWS_SHA256_BYTES];
    uint8_t digest[ICWS_SHA256_BYTES];
    size_t len = lengths[i];
    crypto_hash_sha256(expected, text, len);
    for (size_t split = 0; split <= len; split++) {
      struct icws_bytes parts[] = {icws_bytes_of(text, split),
                                   {.data = NULL, .len = 0},
                                   icws_bytes_of(text + split, len - split)};
      icws_sha256(parts, 3, digest);
      assert_memory_equal(digest, expected, sizeof digest);
    }
  }
}

static void principals_of_keys(void **state)
{
  (void)state;
  json_t *file = vectors_own("identities.json");
  json_t *identity;
  size_t i;
  size_t checked = 0;
  json_array_foreach(vectors_get(file, "cases"), i, identity)
  {
    if (json_object_get(identity, "principal") == NULL)
      continue;
    struct vectors_blob der = vectors_hex_at(identity, "public_key_der");
    struct icws_principal principal;
    char text[ICWS_PRINCIPAL_TEXT_BYTES];
    icws_principal_self_authenticating(&principal, vectors_bytes(&der));
    icws_principal_to_text(&principal, text);
    assert_string_equal(text, vectors_text(identity, "principal"));
    der.data[der.len - 1] ^= 1;
    icws_principal_self_authenticating(&principal, vectors_bytes(&der));
    icws_principal_to_text(&principal, text);
    assert_string_not_equal(text, vectors_text(identity, "principal"));
    free(der.data);
    checked++;
  }
  assert_true(checked > 0);
  json_decref(file);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(examples_of_the_standard), cmocka_unit_test(million_times_a),
      cmocka_unit_test(no_parts_is_the_empty_message), cmocka_unit_test(parts_split_anywhere),
      cmocka_unit_test(principals_of_keys)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
