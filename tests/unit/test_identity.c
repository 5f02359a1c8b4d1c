/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/identity.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "vectors.h"

static struct icws_identity *identity_of(const json_t *vector)
{
  struct icws_identity *identity;
  struct vectors_blob seed = vectors_hex_at(vector, "seed");
  assert_int_equal(seed.len, ICWS_ED25519_SEED_BYTES);
  assert_int_equal(icws_identity_from_seed(seed.data, &identity), ICWS_OK);
  free(seed.data);
  return identity;
}

static void assert_public_half(const struct icws_identity *identity, const json_t *vector,
                               const char *der_key)
{
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  struct icws_signer signer = icws_identity_signer(identity);
  struct vectors_blob der = vectors_hex_at(vector, der_key);
  assert_true(icws_bytes_equal(signer.public_key, vectors_bytes(&der)));
  icws_principal_to_text(&signer.sender, text);
  assert_string_equal(text, vectors_text(vector, "principal"));
  free(der.data);
}

static void assert_signature(const struct icws_identity *identity, const json_t *vector)
{
  uint8_t made[ICWS_SIGNATURE_BYTES];
  struct vectors_blob message = vectors_hex_at(vector, "message");
  struct vectors_blob signature = vectors_hex_at(vector, "signature");
  icws_identity_sign(identity, vectors_bytes(&message), made);
  assert_int_equal(signature.len, sizeof made);
  assert_memory_equal(made, signature.data, sizeof made);
  free(message.data);
  free(signature.data);
}

static void assert_reads(const char *pem, const json_t *vector)
{
  struct icws_identity *identity;
  struct icws_failure failure = {0};
  assert_int_equal(icws_identity_from_pem(icws_bytes_text(pem), &identity, &failure), ICWS_OK);
  assert_public_half(identity, vector, "public_key_der");
  assert_signature(identity, vector);
  icws_identity_del(identity);
}

static void assert_writes(const struct icws_identity *identity, enum icws_pkcs8_version version,
                          const char *pem)
{
  char made[ICWS_IDENTITY_PEM_BYTES];
  icws_identity_to_pem(identity, version, made);
  assert_string_equal(made, pem);
}

static size_t check_ed25519_cases(const json_t *cases)
{
  size_t index;
  size_t checked = 0;
  const json_t *vector;
  json_array_foreach(cases, index, vector)
  {
    if (strcmp(vectors_text(vector, "kind"), "ed25519") != 0)
      continue;
    struct icws_identity *identity = identity_of(vector);
    assert_public_half(identity, vector, "public_key_der");
    assert_signature(identity, vector);
    assert_writes(identity, ICWS_PKCS8_V1, vectors_text(vector, "pem_pkcs8_v1"));
    assert_writes(identity, ICWS_PKCS8_V2, vectors_text(vector, "pem_pkcs8_v2"));
    assert_reads(vectors_text(vector, "pem_pkcs8_v1"), vector);
    assert_reads(vectors_text(vector, "pem_pkcs8_v2"), vector);
    if (json_object_get(vector, "pem_pkcs8_v2_rfc8410") != NULL)
      assert_reads(vectors_text(vector, "pem_pkcs8_v2_rfc8410"), vector);
    icws_identity_del(identity);
    checked++;
  }
  return checked;
}

static void test_own_vectors(void **state)
{
  json_t *vectors = vectors_own("identities.json");
  (void)state;
  assert_int_equal(check_ed25519_cases(vectors_get(vectors, "cases")), 3);
  json_decref(vectors);
}

static void test_vectors_of_the_javascript_agent(void **state)
{
  json_t *vectors = vectors_shared("js-identities.json");
  (void)state;
  assert_true(check_ed25519_cases(vectors_get(vectors, "cases")) >= 3);
  json_decref(vectors);
}

static void test_shared_keys(void **state)
{
  json_t *vectors = vectors_shared("keys.json");
  const json_t *key = json_array_get(vectors_get(vectors, "own_keys"), 0);
  struct icws_identity *identity;
  (void)state;
  assert_string_equal(vectors_text(key, "type"), "ed25519");
  struct vectors_blob seed = vectors_hex_at(key, "seed_or_secret_hex");
  assert_int_equal(icws_identity_from_seed(seed.data, &identity), ICWS_OK);
  assert_public_half(identity, key, "der_hex");
  icws_identity_del(identity);
  free(seed.data);
  json_decref(vectors);
}

/* Keys of other kinds and what a strict reader must refuse. */
static enum icws_error expected_error(const json_t *vector)
{
  static const struct {
    const char *reason;
    enum icws_error error;
  } errors[] = {
      {"public key of another seed in v2", ICWS_ERR_KEY},
      {"version 2", ICWS_ERR_DER},
      {"version 1 without a public key", ICWS_ERR_DER},
      {"algorithm X25519", ICWS_ERR_KEY},
      {"seed of 31 bytes", ICWS_ERR_DER},
      {"seed of 33 bytes", ICWS_ERR_DER},
      {"trailing byte", ICWS_ERR_DER},
      {"truncated", ICWS_ERR_DER},
      {"outer length in long form", ICWS_ERR_DER},
      {"no end line", ICWS_ERR_PEM},
      {"end line of another label", ICWS_ERR_PEM},
      {"not base64", ICWS_ERR_PEM},
      {"a public key", ICWS_ERR_PEM},
      {"empty file", ICWS_ERR_PEM},
  };
  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
    if (strcmp(errors[i].reason, vectors_text(vector, "reason")) == 0)
      return errors[i].error;
  }
  fail_msg("no error is expected for: %s", vectors_text(vector, "reason"));
  return ICWS_OK;
}

static void assert_refused(const char *pem, enum icws_error error)
{
  struct icws_identity *identity = NULL;
  struct icws_failure failure = {0};
  assert_int_equal(icws_identity_from_pem(icws_bytes_text(pem), &identity, &failure), error);
  assert_int_equal(failure.code, error);
  assert_true(strlen(failure.text) > 0);
  assert_null(identity);
}

static void test_invalid_files_are_refused(void **state)
{
  json_t *vectors = vectors_own("identities.json");
  size_t index;
  size_t checked = 0;
  const json_t *vector;
  (void)state;
  json_array_foreach(vectors_get(vectors, "cases"), index, vector)
  {
    const char *kind = vectors_text(vector, "kind");
    if (strcmp(kind, "invalid_pem") == 0) {
      assert_refused(vectors_text(vector, "pem"), expected_error(vector));
      checked++;
    } else if (strcmp(kind, "ed25519_encrypted") == 0) {
      assert_refused(vectors_text(vector, "pem_encrypted"), ICWS_ERR_UNSUPPORTED);
    } else if (strcmp(kind, "ed25519") != 0) {
      assert_refused(vectors_text(vector, "pem_sec1"), ICWS_ERR_PEM);
      assert_refused(vectors_text(vector, "pem_pkcs8"), ICWS_ERR_KEY);
    }
  }
  assert_int_equal(checked, 14);
  json_decref(vectors);
}

static enum icws_error fill_counting(uint8_t *out, size_t len, void *user_data)
{
  (void)user_data;
  for (size_t i = 0; i < len; i++)
    out[i] = (uint8_t)i;
  return ICWS_OK;
}

static enum icws_error fill_failing(uint8_t *out, size_t len, void *user_data)
{
  (void)out;
  (void)len;
  (void)user_data;
  return ICWS_ERR_SYSTEM;
}

static void test_new_takes_its_seed_from_the_source(void **state)
{
  const struct icws_random counting = {NULL, fill_counting};
  uint8_t seed[ICWS_ED25519_SEED_BYTES];
  struct icws_identity *fresh;
  struct icws_identity *same;
  (void)state;
  (void)fill_counting(seed, sizeof seed, NULL);
  assert_int_equal(icws_identity_new(&counting, &fresh), ICWS_OK);
  assert_int_equal(icws_identity_from_seed(seed, &same), ICWS_OK);
  struct icws_signer a = icws_identity_signer(fresh);
  struct icws_signer b = icws_identity_signer(same);
  assert_true(icws_principal_equal(&a.sender, &b.sender));
  icws_identity_del(fresh);
  icws_identity_del(same);
}

static void test_new_identities_differ(void **state)
{
  struct icws_identity *first;
  struct icws_identity *second;
  (void)state;
  assert_int_equal(icws_identity_new(NULL, &first), ICWS_OK);
  assert_int_equal(icws_identity_new(NULL, &second), ICWS_OK);
  struct icws_signer a = icws_identity_signer(first);
  struct icws_signer b = icws_identity_signer(second);
  assert_false(icws_principal_equal(&a.sender, &b.sender));
  icws_identity_del(first);
  icws_identity_del(second);
}

static void test_a_failing_source_is_an_error(void **state)
{
  const struct icws_random failing = {NULL, fill_failing};
  struct icws_identity *identity = NULL;
  (void)state;
  assert_int_equal(icws_identity_new(&failing, &identity), ICWS_ERR_RANDOM);
  assert_null(identity);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_own_vectors),
      cmocka_unit_test(test_vectors_of_the_javascript_agent),
      cmocka_unit_test(test_shared_keys),
      cmocka_unit_test(test_invalid_files_are_refused),
      cmocka_unit_test(test_new_takes_its_seed_from_the_source),
      cmocka_unit_test(test_new_identities_differ),
      cmocka_unit_test(test_a_failing_source_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
