/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/keys.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/err.h>

#include "vectors.h"

struct vector {
  struct vectors_blob key;
  struct vectors_blob message;
  struct vectors_blob signature;
};

static void load(const json_t *json, struct vector *vector)
{
  bool shared = json_object_get(json, "signature_r_s") != NULL;
  vector->key = vectors_hex_at(json, "public_key_der");
  vector->message = vectors_hex_at(json, "message");
  vector->signature = vectors_hex_at(json, shared ? "signature_r_s" : "signature");
}

static void unload(struct vector *vector)
{
  free(vector->key.data);
  free(vector->message.data);
  free(vector->signature.data);
}

static enum icws_error verify(const struct vector *vector)
{
  return icws_keys_verify_ecdsa(vectors_bytes(&vector->key), vectors_bytes(&vector->message),
                                vectors_bytes(&vector->signature));
}

static void flip_every_byte(struct vector *vector, struct vectors_blob *part, bool is_key)
{
  static const uint8_t flips[] = {0x01, 0x80, 0xff};
  for (size_t i = 0; i < 3 * part->len; i++) {
    part->data[i / 3] ^= flips[i % 3];
    enum icws_error error = verify(vector);
    part->data[i / 3] ^= flips[i % 3];
    if (is_key)
      assert_true(error == ICWS_ERR_KEY || error == ICWS_ERR_SIGNATURE);
    else
      assert_int_equal(error, ICWS_ERR_SIGNATURE);
  }
}

static size_t check(const json_t *cases)
{
  size_t index;
  size_t checked = 0;
  const json_t *json;
  json_array_foreach(cases, index, json)
  {
    struct vector vector;
    const char *kind = vectors_text(json, "kind");
    if (strcmp(kind, "secp256k1") != 0 && strcmp(kind, "p256") != 0)
      continue;
    load(json, &vector);
    assert_int_equal(verify(&vector), ICWS_OK);
    flip_every_byte(&vector, &vector.key, true);
    flip_every_byte(&vector, &vector.message, false);
    flip_every_byte(&vector, &vector.signature, false);
    unload(&vector);
    checked++;
  }
  return checked;
}

static void test_own_vectors(void **state)
{
  json_t *vectors = vectors_own("identities.json");
  (void)state;
  assert_int_equal(check(vectors_get(vectors, "cases")), 2);
  json_decref(vectors);
}

static void test_vectors_of_the_javascript_agent(void **state)
{
  json_t *vectors = vectors_shared("js-identities.json");
  (void)state;
  assert_int_equal(check(vectors_get(vectors, "cases")), 2);
  json_decref(vectors);
}

/* Runs |check_one| on our vector of |kind|. */
static void with_vector(const char *kind, void (*check_one)(struct vector *))
{
  json_t *vectors = vectors_own("identities.json");
  size_t index;
  const json_t *json;
  json_array_foreach(vectors_get(vectors, "cases"), index, json)
  {
    struct vector vector;
    if (strcmp(vectors_text(json, "kind"), kind) != 0)
      continue;
    load(json, &vector);
    assert_int_equal(verify(&vector), ICWS_OK);
    check_one(&vector);
    unload(&vector);
  }
  json_decref(vectors);
}

static void check_signature_forms(struct vector *vector)
{
  struct vector other = *vector;
  uint8_t zeros[ICWS_SIGNATURE_BYTES] = {0};
  uint8_t ones[ICWS_SIGNATURE_BYTES];
  other.signature.len = ICWS_SIGNATURE_BYTES - 1;
  assert_int_equal(verify(&other), ICWS_ERR_SIGNATURE);
  other.signature.len = 0;
  assert_int_equal(verify(&other), ICWS_ERR_SIGNATURE);
  other.signature = (struct vectors_blob){zeros, sizeof zeros};
  assert_int_equal(verify(&other), ICWS_ERR_SIGNATURE);
  memset(ones, 0xff, sizeof ones);
  other.signature = (struct vectors_blob){ones, sizeof ones};
  assert_int_equal(verify(&other), ICWS_ERR_SIGNATURE);
}

static void check_key_forms(struct vector *vector)
{
  struct vector other = *vector;
  size_t point = vector->key.len - 65;
  other.key.len--;
  assert_int_equal(verify(&other), ICWS_ERR_KEY);
  other.key.len = 0;
  assert_int_equal(verify(&other), ICWS_ERR_KEY);
  other.key = (struct vectors_blob){vector->key.data + point, 65};
  assert_int_equal(verify(&other), ICWS_ERR_KEY);
  /* The hybrid form, which libcrypto would take. */
  other.key = vector->key;
  other.key.data[point] = (uint8_t)(6 | (other.key.data[other.key.len - 1] & 1));
  assert_int_equal(verify(&other), ICWS_ERR_KEY);
  other.key.data[point] = 4;
  /* A point that is not on the curve. */
  other.key.data[other.key.len - 1] ^= 1;
  assert_int_equal(verify(&other), ICWS_ERR_KEY);
  other.key.data[other.key.len - 1] ^= 1;
}

static void check_error_queue(struct vector *vector)
{
  ERR_clear_error();
  ERR_raise(ERR_LIB_USER, 1); /* somebody else's */
  check_key_forms(vector);
  check_signature_forms(vector);
  assert_int_equal(ERR_GET_LIB(ERR_get_error()), ERR_LIB_USER);
  assert_int_equal(ERR_get_error(), 0);
}

static void test_signatures_of_another_form_are_refused(void **state)
{
  (void)state;
  with_vector("secp256k1", check_signature_forms);
  with_vector("p256", check_signature_forms);
}

static void test_keys_of_another_form_are_refused(void **state)
{
  (void)state;
  with_vector("secp256k1", check_key_forms);
  with_vector("p256", check_key_forms);
}

static void test_no_error_is_left_in_the_queue(void **state)
{
  (void)state;
  with_vector("secp256k1", check_error_queue);
}

static void test_other_kinds_of_keys_are_refused(void **state)
{
  json_t *vectors = vectors_own("identities.json");
  const json_t *json = json_array_get(vectors_get(vectors, "cases"), 0);
  struct vector vector;
  (void)state;
  assert_string_equal(vectors_text(json, "kind"), "ed25519");
  load(json, &vector);
  assert_int_equal(verify(&vector), ICWS_ERR_KEY);
  unload(&vector);
  json_decref(vectors);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_own_vectors),
      cmocka_unit_test(test_vectors_of_the_javascript_agent),
      cmocka_unit_test(test_signatures_of_another_form_are_refused),
      cmocka_unit_test(test_keys_of_another_form_are_refused),
      cmocka_unit_test(test_no_error_is_left_in_the_queue),
      cmocka_unit_test(test_other_kinds_of_keys_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
