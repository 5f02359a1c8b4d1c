/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vectors.h"

/* RFC 8410, section 10.3: the first key as version 1, and its public key for version 2. */
#define SEED "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"
#define PUBLIC_KEY "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1"
#define ALGORITHM "300506032b6570"
#define PRIVATE_KEY "04220420" SEED
#define V1 "302e020100" ALGORITHM PRIVATE_KEY
#define V2_EXPLICIT "3053020101" ALGORITHM PRIVATE_KEY "a123032100" PUBLIC_KEY
#define V2_IMPLICIT "3051020101" ALGORITHM PRIVATE_KEY "812100" PUBLIC_KEY

static enum icws_error decode(const char *hex, struct icws_pkcs8 *key)
{
  struct icws_failure failure = {0};
  struct vectors_blob der = vectors_hex(hex);
  enum icws_error error = icws_pkcs8_decode(vectors_bytes(&der), key, &failure);
  assert_int_equal(failure.code, error);
  free(der.data);
  return error;
}

static void assert_decodes(const char *hex, bool has_public_key)
{
  struct icws_pkcs8 key = {0};
  struct icws_failure failure;
  struct vectors_blob der = vectors_hex(hex);
  struct vectors_blob seed = vectors_hex(SEED);
  struct vectors_blob public_key = vectors_hex(has_public_key ? PUBLIC_KEY : "");
  assert_int_equal(icws_pkcs8_decode(vectors_bytes(&der), &key, &failure), ICWS_OK);
  assert_true(icws_bytes_equal(key.seed, vectors_bytes(&seed)));
  assert_true(icws_bytes_equal(key.public_key, vectors_bytes(&public_key)));
  free(der.data);
  free(seed.data);
  free(public_key.data);
}

static void test_all_forms_are_read(void **state)
{
  (void)state;
  assert_decodes(V1, false);
  assert_decodes(V2_EXPLICIT, true);
  assert_decodes(V2_IMPLICIT, true);
}

static void test_malformed_keys_are_refused(void **state)
{
  static const struct {
    const char *reason;
    const char *hex;
    enum icws_error error;
  } keys[] = {
      {"nothing", "", ICWS_ERR_DER},
      {"only a tag", "30", ICWS_ERR_DER},
      {"an empty sequence", "3000", ICWS_ERR_DER},
      {"an indefinite length", "3080020100" ALGORITHM PRIVATE_KEY "0000", ICWS_ERR_DER},
      {"a length in the long form", "30812e020100" ALGORITHM PRIVATE_KEY, ICWS_ERR_DER},
      {"an inner length in the long form", "302f020100" ALGORITHM "0481220420" SEED, ICWS_ERR_DER},
      {"a trailing byte", V1 "00", ICWS_ERR_DER},
      {"a trailing byte of version 2", V2_EXPLICIT "00", ICWS_ERR_DER},
      {"a trailing byte inside", "302f020100" ALGORITHM PRIVATE_KEY "00", ICWS_ERR_DER},
      {"a length beyond the end", "302f020100" ALGORITHM PRIVATE_KEY, ICWS_ERR_DER},
      {"a set for a sequence", "312e020100" ALGORITHM PRIVATE_KEY, ICWS_ERR_DER},
      {"version 3", "302e020102" ALGORITHM PRIVATE_KEY, ICWS_ERR_DER},
      {"a version of two bytes", "302f02020000" ALGORITHM PRIVATE_KEY, ICWS_ERR_DER},
      {"an empty version", "302d0200" ALGORITHM PRIVATE_KEY, ICWS_ERR_DER},
      {"X25519", "302e020100300506032b656e" PRIVATE_KEY, ICWS_ERR_KEY},
      {"an OID that goes on", "302f020100300606042b657000" PRIVATE_KEY, ICWS_ERR_KEY},
      {"parameters", "3030020100300706032b65700500" PRIVATE_KEY, ICWS_ERR_DER},
      {"a seed without its inner tag", "302c020100" ALGORITHM "0420" SEED, ICWS_ERR_DER},
      {"a seed of 31 bytes",
       "302d020100" ALGORITHM
       "0421041fd4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f447558",
       ICWS_ERR_DER},
      {"version 1 with a public key", "3053020100" ALGORITHM PRIVATE_KEY "a123032100" PUBLIC_KEY,
       ICWS_ERR_DER},
      {"version 2 without one", "302e020101" ALGORITHM PRIVATE_KEY, ICWS_ERR_DER},
      {"attributes", "3030020100" ALGORITHM PRIVATE_KEY "a000", ICWS_ERR_DER},
      {"unused bits, explicit", "3053020101" ALGORITHM PRIVATE_KEY "a123032101" PUBLIC_KEY,
       ICWS_ERR_DER},
      {"unused bits, implicit", "3051020101" ALGORITHM PRIVATE_KEY "812101" PUBLIC_KEY,
       ICWS_ERR_DER},
      {"a public key twice",
       "3074020101" ALGORITHM PRIVATE_KEY "812100" PUBLIC_KEY "812100" PUBLIC_KEY, ICWS_ERR_DER},
  };
  (void)state;
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    struct icws_pkcs8 key = {0};
    enum icws_error error = decode(keys[i].hex, &key);
    if (error != keys[i].error)
      fail_msg("%s: %s", keys[i].reason, icws_error_name(error));
    assert_null(key.seed.data);
  }
}

/* Shorter than it says, wherever it is cut. */
static void test_truncated_keys_are_refused(void **state)
{
  struct vectors_blob der = vectors_hex(V2_EXPLICIT);
  (void)state;
  for (size_t len = 0; len < der.len; len++) {
    struct icws_pkcs8 key;
    struct icws_failure failure;
    uint8_t *cut = malloc(len > 0 ? len : 1); /* of exactly that size, for the sanitizer */
    assert_non_null(cut);
    memcpy(cut, der.data, len);
    assert_int_equal(icws_pkcs8_decode(icws_bytes_of(cut, len), &key, &failure), ICWS_ERR_DER);
    free(cut);
  }
  free(der.data);
}

/* Any other byte makes another key, or none: never the same, and never one whose halves differ. */
static void flip_every_byte(const char *hex)
{
  static const uint8_t flips[] = {0x01, 0x80, 0xff};
  struct vectors_blob der = vectors_hex(hex);
  struct icws_identity *original;
  struct icws_failure failure;
  assert_int_equal(icws_identity_from_pkcs8(vectors_bytes(&der), &original, &failure), ICWS_OK);
  struct icws_signer expected = icws_identity_signer(original);
  for (size_t i = 0; i < 3 * der.len; i++) {
    struct icws_identity *identity = NULL;
    der.data[i / 3] ^= flips[i % 3];
    enum icws_error error = icws_identity_from_pkcs8(vectors_bytes(&der), &identity, &failure);
    der.data[i / 3] ^= flips[i % 3];
    if (error == ICWS_OK) {
      /* Only the seed of a key that states no public half can change unnoticed. */
      struct icws_signer signer = icws_identity_signer(identity);
      assert_string_equal(hex, V1);
      assert_in_range(i / 3, 16, 47);
      assert_false(icws_principal_equal(&signer.sender, &expected.sender));
      icws_identity_del(identity);
    } else {
      assert_true(error == ICWS_ERR_DER || error == ICWS_ERR_KEY);
      assert_null(identity);
    }
  }
  icws_identity_del(original);
  free(der.data);
}

static void test_no_byte_is_ignored(void **state)
{
  (void)state;
  flip_every_byte(V1);
  flip_every_byte(V2_EXPLICIT);
  flip_every_byte(V2_IMPLICIT);
}

static void test_both_versions_are_written(void **state)
{
  uint8_t out[ICWS_PKCS8_MAX_BYTES];
  struct vectors_blob seed = vectors_hex(SEED);
  struct vectors_blob public_key = vectors_hex(PUBLIC_KEY);
  struct vectors_blob v1 = vectors_hex(V1);
  struct vectors_blob v2 = vectors_hex(V2_EXPLICIT);
  (void)state;
  assert_int_equal(icws_pkcs8_encode(seed.data, public_key.data, ICWS_PKCS8_V1, out), v1.len);
  assert_memory_equal(out, v1.data, v1.len);
  assert_int_equal(icws_pkcs8_encode(seed.data, public_key.data, ICWS_PKCS8_V2, out), v2.len);
  assert_memory_equal(out, v2.data, v2.len);
  free(seed.data);
  free(public_key.data);
  free(v1.data);
  free(v2.data);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_all_forms_are_read),
      cmocka_unit_test(test_malformed_keys_are_refused),
      cmocka_unit_test(test_truncated_keys_are_refused),
      cmocka_unit_test(test_no_byte_is_ignored),
      cmocka_unit_test(test_both_versions_are_written),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
