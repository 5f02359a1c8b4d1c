/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/verifier.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/cbor.h>
#include <icws/digest.h>
#include <icws/hashtree.h>

#include "certificate_maker.h"
#include "vectors.h"

static struct icws_verifier *new_verifier(struct icws_bytes root_key)
{
  struct icws_verifier_config config = {.root_key = root_key};
  struct icws_verifier *verifier = NULL;
  assert_int_equal(icws_verifier_new(&config, &verifier, NULL), ICWS_OK);
  assert_non_null(verifier);
  return verifier;
}

static struct icws_principal principal_of(const char *text)
{
  struct icws_principal principal;
  assert_int_equal(icws_principal_from_text(&principal, icws_bytes_text(text)), ICWS_OK);
  return principal;
}

static const uint8_t changes[] = {0x01, 0x80, 0xff};

/* In this vector the root key itself is not in the right subgroup. */
static const char bad_root_key[] = "respver_rdmx6_http_asset_2022_wrong_root_key";

/* What the strict outcome is, by the reason that the vectors give.  Those with a free choice are
 * decided here: lengths may be longer than they need be, all else is refused. */
static enum icws_error expected_error(const json_t *vector)
{
  static const struct {
    const char *part;
    enum icws_error error;
  } reasons[] = {
      {"delegation inside delegation", ICWS_ERR_CERTIFICATE_DELEGATION},
      {"47-byte signature", ICWS_ERR_CERTIFICATE_SIGNATURE},
      {"not the root", ICWS_ERR_CERTIFICATE_SIGNATURE},
      {"y sign bit flipped", ICWS_ERR_CERTIFICATE_SIGNATURE},
      {"compression flag cleared", ICWS_ERR_CERTIFICATE_SIGNATURE},
      {"main certificate signed by root", ICWS_ERR_CERTIFICATE_SIGNATURE},
      {"delegation signature", ICWS_ERR_CERTIFICATE_DELEGATION},
      {"signature", ICWS_ERR_CERTIFICATE_SIGNATURE},
      {"certificate without /time", ICWS_ERR_CERTIFICATE_DELEGATION},
      {"/time pruned", ICWS_ERR_CERTIFICATE},
      {"nested delegation", ICWS_ERR_CERTIFICATE_DELEGATION},
      {"not in the delegation certificate", ICWS_ERR_CERTIFICATE_DELEGATION},
      {"not signed by root", ICWS_ERR_CERTIFICATE_DELEGATION},
      {"no public_key", ICWS_ERR_CERTIFICATE_DELEGATION},
      {"subnet key", ICWS_ERR_CERTIFICATE_DELEGATION},
      {"raw 96-byte key", ICWS_ERR_CERTIFICATE_DELEGATION},
      {"range", ICWS_ERR_CERTIFICATE_RANGE},
      {"prefix of start", ICWS_ERR_CERTIFICATE_RANGE},
      {"shard", ICWS_ERR_CERTIFICATE_RANGE},
      {"other subnet", ICWS_ERR_CERTIFICATE_RANGE},
      {"pruned hash must be 32", ICWS_ERR_CERTIFICATE},
      {"unknown node type", ICWS_ERR_CERTIFICATE},
      {"duplicate key", ICWS_ERR_CERTIFICATE},
      {"tag twice", ICWS_ERR_CERTIFICATE},
      {"indefinite-length", ICWS_ERR_CERTIFICATE},
      {"non-minimal", ICWS_OK},
      {"delegation: null", ICWS_ERR_CERTIFICATE},
      {"set a limit", ICWS_ERR_LIMIT},
  };
  if (strcmp(vectors_text(vector, "expected"), "valid") == 0)
    return ICWS_OK;
  if (strcmp(vectors_text(vector, "name"), bad_root_key) == 0)
    return ICWS_ERR_ROOT_KEY;
  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
    if (strstr(vectors_text(vector, "reason"), reasons[i].part) != NULL)
      return reasons[i].error;
  }
  fail_msg("no outcome known for %s", vectors_text(vector, "name"));
  return ICWS_OK;
}

static enum icws_error verify_vector(struct icws_verifier *verifier, const json_t *vector,
                                     struct icws_bytes encoding,
                                     const struct icws_certificate **certificate,
                                     struct icws_failure *failure)
{
  const char *canister = json_string_value(json_object_get(vector, "canister_id"));
  if (canister != NULL) {
    struct icws_principal id = principal_of(canister);
    return icws_verifier_certificate(verifier, &id, encoding, certificate, failure);
  }
  struct icws_principal subnet = principal_of(vectors_text(vector, "subnet_id"));
  return icws_verifier_subnet_certificate(verifier, &subnet, encoding, certificate, failure);
}

static void check_facts(const struct icws_certificate *certificate, const json_t *vector)
{
  const char *root_hash = json_string_value(json_object_get(vector, "root_hash_hex"));
  const json_t *delegation_time = json_object_get(vector, "delegation_time_ns");
  const char *subnet = json_string_value(json_object_get(vector, "delegation_subnet_hex"));
  assert_true(certificate->time_ns == vectors_uint(vector, "time_ns"));
  if (json_is_string(delegation_time)) {
    assert_true(certificate->delegated);
    assert_true(certificate->delegation_time_ns == vectors_uint(vector, "delegation_time_ns"));
  }
  if (subnet != NULL) {
    struct vectors_blob id = vectors_hex(subnet);
    assert_true(icws_bytes_equal(icws_principal_bytes(&certificate->subnet), vectors_bytes(&id)));
    free(id.data);
  }
  if (root_hash != NULL) {
    struct vectors_blob expected = vectors_hex(root_hash);
    uint8_t digest[ICWS_SHA256_BYTES];
    icws_hashtree_digest(certificate->tree, digest);
    assert_memory_equal(digest, expected.data, sizeof digest);
    free(expected.data);
  }
}

static void check_vector(const json_t *vector)
{
  struct vectors_blob root_key = vectors_hex_at(vector, "root_key_hex");
  struct vectors_blob encoding = vectors_hex_at(vector, "certificate_hex");
  struct icws_verifier_config config = {.root_key = vectors_bytes(&root_key)};
  struct icws_verifier *verifier = NULL;
  const struct icws_certificate *certificate = NULL;
  struct icws_failure failure = {.code = ICWS_OK};
  enum icws_error expected = expected_error(vector);
  enum icws_error error = icws_verifier_new(&config, &verifier, &failure);
  if (error == ICWS_OK)
    error = verify_vector(verifier, vector, vectors_bytes(&encoding), &certificate, &failure);
  if (error != expected)
    fail_msg("%s: %s (%s) instead of %s", vectors_text(vector, "name"), icws_error_name(error),
             failure.text, icws_error_name(expected));
  assert_int_equal(failure.code, expected);
  if (error == ICWS_OK)
    check_facts(certificate, vector);
  else
    assert_null(certificate);
  icws_verifier_del(verifier);
  free(encoding.data);
  free(root_key.data);
}

static void check_file(const char *name, size_t count)
{
  json_t *file = vectors_shared(name);
  json_t *vector;
  size_t i;
  json_array_foreach(vectors_get(file, "vectors"), i, vector) check_vector(vector);
  assert_int_equal(i, count);
  json_decref(file);
}

static void real_certificates(void **state)
{
  (void)state;
  check_file("certificates.json", 31);
}

static void synthetic_certificates(void **state)
{
  (void)state;
  check_file("synthetic_certificates.json", 47);
}

/* Certificates whose root key is mainnet's verify under the default. */
static void mainnet_is_the_default(void **state)
{
  (void)state;
  json_t *file = vectors_shared("certificates.json");
  struct icws_verifier *verifier;
  json_t *vector;
  size_t i;
  size_t checked = 0;
  assert_int_equal(icws_verifier_new(NULL, &verifier, NULL), ICWS_OK);
  json_array_foreach(vectors_get(file, "vectors"), i, vector)
  {
    struct vectors_blob root_key = vectors_hex_at(vector, "root_key_hex");
    struct vectors_blob encoding = vectors_hex_at(vector, "certificate_hex");
    const struct icws_certificate *certificate;
    if (icws_bytes_equal(vectors_bytes(&root_key), icws_root_key_mainnet())) {
      assert_int_equal(
          verify_vector(verifier, vector, vectors_bytes(&encoding), &certificate, NULL),
          expected_error(vector));
      checked++;
    }
    free(encoding.data);
    free(root_key.data);
  }
  assert_true(checked >= 10);
  icws_verifier_del(verifier);
  json_decref(file);
}

/* The id of the certified requests is found under /request_status. */
static void requests_in_certificates(void **state)
{
  (void)state;
  json_t *file = vectors_shared("requests_with_certificates.json");
  const json_t *vector = json_array_get(file, 0);
  struct vectors_blob encoding = vectors_hex_at(vector, "certificate_hex");
  struct vectors_blob id = vectors_hex_at(vector, "request_id_hex");
  struct icws_principal canister = principal_of(vectors_text(vector, "canister"));
  const struct icws_certificate *certificate;
  struct icws_failure failure;
  struct icws_verifier *verifier = new_verifier(icws_root_key_mainnet());
  struct icws_bytes path[] = {icws_bytes_text("request_status"), vectors_bytes(&id),
                              icws_bytes_text("status")};
  struct icws_bytes status;
  if (icws_verifier_certificate(verifier, &canister, vectors_bytes(&encoding), &certificate,
                                &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  assert_int_equal(icws_hashtree_lookup(certificate->tree, path, 3, &status), ICWS_LOOKUP_FOUND);
  assert_true(
      icws_bytes_equal(status, icws_bytes_text(vectors_text(vector, "status_in_certificate"))));
  id.data[0] ^= 1;
  assert_int_not_equal(icws_hashtree_lookup(certificate->tree, path, 3, &status),
                       ICWS_LOOKUP_FOUND);
  icws_verifier_del(verifier);
  free(encoding.data);
  free(id.data);
  json_decref(file);
}

/* The certificate inside a canister signature, and what it certifies. */
static void certificate_of_a_canister_signature(void **state)
{
  (void)state;
  json_t *file = vectors_shared("canister_signatures.json");
  const json_t *vector = json_array_get(file, 0);
  struct vectors_blob root_key = vectors_hex_at(vector, "root_key_hex");
  struct vectors_blob encoding = vectors_hex_at(vector, "certificate_hex");
  struct vectors_blob tree_hex = vectors_hex_at(vector, "tree_hex");
  struct icws_principal canister = principal_of(vectors_text(vector, "signing_canister"));
  struct icws_verifier *verifier = new_verifier(vectors_bytes(&root_key));
  const struct icws_certificate *certificate;
  struct icws_failure failure;
  struct icws_hashtree tree;
  struct icws_bytes data;
  uint8_t digest[ICWS_SHA256_BYTES];
  struct icws_bytes path[] = {icws_bytes_text("canister"), icws_principal_bytes(&canister),
                              icws_bytes_text("certified_data")};
  if (icws_verifier_certificate(verifier, &canister, vectors_bytes(&encoding), &certificate,
                                &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  assert_true(certificate->time_ns == vectors_uint(vector, "time_ns"));
  icws_hashtree_init(&tree, NULL);
  assert_int_equal(icws_hashtree_decode(&tree, vectors_bytes(&tree_hex), 1000, NULL), ICWS_OK);
  icws_hashtree_digest(&tree, digest);
  assert_int_equal(icws_hashtree_lookup(certificate->tree, path, 3, &data), ICWS_LOOKUP_FOUND);
  assert_true(icws_bytes_equal(data, icws_bytes_of(digest, sizeof digest)));
  icws_hashtree_wipe(&tree);
  icws_verifier_del(verifier);
  free(root_key.data);
  free(encoding.data);
  free(tree_hex.data);
  json_decref(file);
}

/* Nothing changed is ever accepted.  A change costs up to two signatures: to bound the time only
 * every 29th byte is changed, with the changes taking turns. */
static void change_certificate(const json_t *vector)
{
  enum { STEP = 29 };
  struct vectors_blob root_key = vectors_hex_at(vector, "root_key_hex");
  struct vectors_blob encoding = vectors_hex_at(vector, "certificate_hex");
  struct icws_verifier *verifier = new_verifier(vectors_bytes(&root_key));
  const struct icws_certificate *certificate;
  for (size_t i = 0; i < encoding.len; i += STEP) {
    uint8_t change = changes[i / STEP % sizeof changes];
    assert_int_equal(verify_vector(verifier, vector, vectors_bytes(&encoding), &certificate, NULL),
                     ICWS_OK);
    encoding.data[i] ^= change;
    assert_int_not_equal(
        verify_vector(verifier, vector, vectors_bytes(&encoding), &certificate, NULL), ICWS_OK);
    encoding.data[i] ^= change;
  }
  icws_verifier_del(verifier);
  free(encoding.data);
  free(root_key.data);
}

static void changed_real_certificates(void **state)
{
  (void)state;
  json_t *file = vectors_shared("certificates.json");
  json_t *vector;
  size_t i;
  size_t changed = 0;
  json_array_foreach(vectors_get(file, "vectors"), i, vector)
  {
    if (expected_error(vector) == ICWS_OK) {
      change_certificate(vector);
      changed++;
    }
  }
  assert_true(changed >= 10);
  json_decref(file);
}

/* How long a delegation lasts, by certificates made here: valid but for its age. */
static void ages_of_delegations(void **state)
{
  (void)state;
  const uint64_t time = UINT64_C(1700000000000000000);
  static const struct {
    uint64_t age_ns;
    enum icws_error error;
  } cases[] = {
      {0, ICWS_OK},
      {ICWS_DELEGATION_MAX_AGE_NS, ICWS_OK},
      {ICWS_DELEGATION_MAX_AGE_NS + 1, ICWS_ERR_CERTIFICATE_DELEGATION},
  };
  struct icws_principal canister = principal_of("rrkah-fqaaa-aaaaa-aaaaq-cai");
  struct icws_principal subnet;
  struct maker_key root;
  struct maker_key key;
  maker_key_init(&root, "root");
  maker_key_init(&key, "subnet");
  icws_principal_self_authenticating(&subnet, maker_key_der(&key));
  struct icws_verifier *verifier = new_verifier(maker_key_der(&root));
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const struct icws_certificate *certificate;
    struct icws_buf tree;
    struct icws_buf delegation;
    struct icws_buf encoding;
    icws_buf_init(&tree, 0, NULL);
    icws_buf_init(&delegation, 0, NULL);
    icws_buf_init(&encoding, 0, NULL);
    maker_put_subnet_state(&tree, &subnet, &key, &canister, time - cases[i].age_ns);
    maker_put_certificate(&delegation, icws_buf_bytes(&tree), &root, NULL, icws_bytes_of(NULL, 0));
    icws_buf_clear(&tree);
    maker_put_state(&tree, &canister, icws_bytes_text("data"), time);
    maker_put_certificate(&encoding, icws_buf_bytes(&tree), &key, &subnet,
                          icws_buf_bytes(&delegation));
    assert_int_equal(icws_buf_error(&encoding), ICWS_OK);
    assert_int_equal(icws_verifier_certificate(verifier, &canister, icws_buf_bytes(&encoding),
                                               &certificate, NULL),
                     cases[i].error);
    icws_buf_wipe(&encoding);
    icws_buf_wipe(&delegation);
    icws_buf_wipe(&tree);
  }
  icws_verifier_del(verifier);
}

/* --- Certificates of one state ----------------------------------------------------------------- */

/* What two who ask in one round get: the same state, signed once, of which either is shown a part. */
struct one_state {
  struct maker_key root;
  struct icws_principal canister;
  struct icws_buf whole; /* certificates */
  struct icws_buf pruned;
  struct icws_buf altered; /* as |pruned|, but of another state, with the signature of this one */
};

static void put_pruned(struct icws_buf *tree, const uint8_t digest[ICWS_SHA256_BYTES])
{
  icws_cbor_put_array(tree, 2);
  icws_cbor_put_uint(tree, ICWS_HASHTREE_PRUNED);
  icws_cbor_put_bytes(tree, icws_bytes_of(digest, ICWS_SHA256_BYTES));
}

/* The digest of ["canister", canister, "certified_data"], in steps as the specification has them. */
static void digest_canister(const struct one_state *state, uint8_t digest[ICWS_SHA256_BYTES])
{
  icws_treehash_leaf(icws_sha256, icws_bytes_text("data"), digest);
  icws_treehash_labeled(icws_sha256, icws_bytes_text("certified_data"), digest, digest);
  icws_treehash_labeled(icws_sha256, icws_principal_bytes(&state->canister), digest, digest);
  icws_treehash_labeled(icws_sha256, icws_bytes_text("canister"), digest, digest);
}

static void make_one_state(struct one_state *state)
{
  uint8_t digest[ICWS_SHA256_BYTES];
  struct icws_buf tree;
  maker_key_init(&state->root, "root");
  state->canister = principal_of("rrkah-fqaaa-aaaaa-aaaaq-cai");
  icws_buf_init(&tree, 0, NULL);
  icws_buf_init(&state->whole, 0, NULL);
  icws_buf_init(&state->pruned, 0, NULL);
  icws_buf_init(&state->altered, 0, NULL);
  maker_put_state(&tree, &state->canister, icws_bytes_text("data"), 7);
  maker_put_certificate(&state->whole, icws_buf_bytes(&tree), &state->root, NULL,
                        icws_bytes_of(NULL, 0));
  digest_canister(state, digest);
  icws_buf_clear(&tree);
  maker_put_fork(&tree);
  put_pruned(&tree, digest);
  maker_put_time(&tree, 7);
  maker_put_certificate(&state->pruned, icws_buf_bytes(&tree), &state->root, NULL,
                        icws_bytes_of(NULL, 0));
  icws_buf_put(&state->altered, state->pruned.data, state->pruned.len);
  size_t at = 0;
  while (memcmp(state->altered.data + at, digest, sizeof digest) != 0)
    assert_true(++at + sizeof digest <= state->altered.len);
  state->altered.data[at] ^= 0x01;
  icws_buf_wipe(&tree);
}

static void wipe_one_state(struct one_state *state)
{
  icws_buf_wipe(&state->whole);
  icws_buf_wipe(&state->pruned);
  icws_buf_wipe(&state->altered);
}

static void one_signature_serves_all_of_a_round(void **unused)
{
  struct one_state state;
  const struct icws_certificate *certificate;
  struct icws_principal other = principal_of("aaaaa-aa");
  (void)unused;
  make_one_state(&state);
  struct icws_verifier *verifier = new_verifier(maker_key_der(&state.root));
  assert_int_equal(icws_verifier_certificate(verifier, &state.canister,
                                             icws_buf_bytes(&state.whole), &certificate, NULL),
                   ICWS_OK);
  assert_int_equal(icws_verifier_stats(verifier).signatures, 1);
  assert_int_equal(icws_verifier_certificate(verifier, &state.canister,
                                             icws_buf_bytes(&state.pruned), &certificate, NULL),
                   ICWS_OK);
  assert_int_equal(certificate->time_ns, 7);
  assert_int_equal(
      icws_verifier_certificate(verifier, &other, icws_buf_bytes(&state.whole), &certificate, NULL),
      ICWS_OK);
  assert_int_equal(icws_verifier_stats(verifier).signatures, 1);
  assert_int_equal(icws_verifier_certificate(verifier, &state.canister,
                                             icws_buf_bytes(&state.altered), &certificate, NULL),
                   ICWS_ERR_CERTIFICATE_SIGNATURE);
  assert_int_equal(icws_verifier_stats(verifier).signatures, 2);
  icws_verifier_del(verifier);
  wipe_one_state(&state);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(real_certificates),
      cmocka_unit_test(synthetic_certificates),
      cmocka_unit_test(mainnet_is_the_default),
      cmocka_unit_test(requests_in_certificates),
      cmocka_unit_test(certificate_of_a_canister_signature),
      cmocka_unit_test(changed_real_certificates),
      cmocka_unit_test(ages_of_delegations),
      cmocka_unit_test(one_signature_serves_all_of_a_round),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
