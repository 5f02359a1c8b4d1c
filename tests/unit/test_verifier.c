/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/verifier.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/message.h>

#include "certificate_maker.h"
#include "mem_probe.h"
#include "vectors.h"

static struct icws_verifier *new_verifier(struct icws_bytes root_key, const struct icws_mem *mem)
{
  struct icws_verifier_config config = {.root_key = root_key, .mem = mem};
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

/* --- Certificates ------------------------------------------------------------------------------
 */

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
  struct icws_verifier *verifier = new_verifier(icws_root_key_mainnet(), NULL);
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
  struct icws_verifier *verifier = new_verifier(vectors_bytes(&root_key), NULL);
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

/* --- Certified messages ------------------------------------------------------------------------
 */

static void recorded_session(void **state)
{
  (void)state;
  json_t *file = vectors_shared("recorded-session.json");
  struct vectors_blob root_key = vectors_hex_at(file, "root_key_der");
  struct icws_principal canister = principal_of(vectors_text(file, "canister_id"));
  struct icws_verifier *verifier = new_verifier(vectors_bytes(&root_key), NULL);
  json_t *vector;
  size_t i;
  json_array_foreach(vectors_get(file, "messages"), i, vector)
  {
    struct vectors_blob content = vectors_hex_at(vector, "content");
    struct vectors_blob cert = vectors_hex_at(vector, "cert");
    struct vectors_blob tree = vectors_hex_at(vector, "tree");
    const struct icws_certificate *certificate;
    struct icws_certified certified = {.key = icws_bytes_text(vectors_text(vector, "key")),
                                       .content = vectors_bytes(&content),
                                       .cert = vectors_bytes(&cert),
                                       .tree = vectors_bytes(&tree)};
    assert_int_equal(icws_verifier_certified(verifier, &canister, &certified, &certificate, NULL),
                     ICWS_OK);
    assert_true(certificate->time_ns == vectors_uint(vector, "certificate_time_ns"));
    assert_false(certificate->delegated);
    content.data[0] ^= 1;
    assert_int_equal(icws_verifier_certified(verifier, &canister, &certified, &certificate, NULL),
                     ICWS_ERR_CONTENT);
    free(content.data);
    free(cert.data);
    free(tree.data);
  }
  assert_int_equal(i, 4);
  icws_verifier_del(verifier);
  free(root_key.data);
  json_decref(file);
}

static void check_frame(struct icws_verifier *verifier, const struct icws_principal *canister,
                        const json_t *frame, int failed_check)
{
  struct vectors_blob blob = vectors_hex_at(frame, "hex");
  struct icws_certified certified;
  const struct icws_certificate *certificate = NULL;
  struct icws_failure failure = {.code = ICWS_OK};
  assert_int_equal(icws_certified_decode(vectors_bytes(&blob), &certified, NULL), ICWS_OK);
  enum icws_error error =
      icws_verifier_certified(verifier, canister, &certified, &certificate, &failure);
  if (error == ICWS_OK)
    error =
        icws_verifier_age(verifier, certificate->time_ns, vectors_uint(frame, "now_ns"), &failure);
  assert_int_equal(failure.code, error);
  if (failed_check < 1 || failed_check > 3) {
    assert_int_equal(error, ICWS_OK);
  } else {
    assert_int_equal(icws_error_check(error), failed_check);
  }
  free(blob.data);
}

/* The project's own sessions: what passes checks 1 to 3, and what fails in exactly one of them. */
static void own_sessions(void **state)
{
  (void)state;
  json_t *file = vectors_own("certified_messages.json");
  struct vectors_blob root_key = vectors_hex_at(file, "root_key_hex");
  struct icws_principal canister = principal_of(vectors_text(file, "canister_id"));
  json_t *vector;
  size_t i;
  json_array_foreach(vectors_get(file, "cases"), i, vector)
  {
    struct icws_verifier *verifier = new_verifier(vectors_bytes(&root_key), NULL);
    const json_t *frames = vectors_get(vector, "frames");
    size_t accepted = (size_t)vectors_uint(vector, "accepted");
    print_message("%s\n", vectors_text(vector, "name"));
    for (size_t j = 0; j < accepted; j++)
      check_frame(verifier, &canister, json_array_get(frames, j), 0);
    if (strcmp(vectors_text(vector, "failed_check"), "none") != 0)
      check_frame(verifier, &canister, json_array_get(frames, accepted),
                  atoi(vectors_text(vector, "failed_check")));
    icws_verifier_del(verifier);
  }
  assert_true(i > 100);
  free(root_key.data);
  json_decref(file);
}

/* --- One session of our own, for all that follows ----------------------------------------------
 */

struct fixture {
  json_t *file;
  struct vectors_blob root_key;
  struct icws_principal canister;
  struct vectors_blob frame; /* under a subnet delegation with sharded ranges */
  struct icws_certified certified;
  uint64_t now_ns;
};

static const json_t *find_case(const json_t *file, const char *name)
{
  json_t *vector;
  size_t i;
  json_array_foreach(vectors_get(file, "cases"), i, vector)
  {
    if (strcmp(vectors_text(vector, "name"), name) == 0)
      return vector;
  }
  fail_msg("no case %s", name);
  return NULL;
}

static void load_frame(struct fixture *fixture, const char *name, size_t index)
{
  const json_t *frames = vectors_get(find_case(fixture->file, name), "frames");
  const json_t *frame = json_array_get(frames, index);
  assert_non_null(frame);
  fixture->frame = vectors_hex_at(frame, "hex");
  fixture->now_ns = vectors_uint(frame, "now_ns");
  assert_int_equal(icws_certified_decode(vectors_bytes(&fixture->frame), &fixture->certified, NULL),
                   ICWS_OK);
}

static void setup(struct fixture *fixture)
{
  fixture->file = vectors_own("certified_messages.json");
  fixture->root_key = vectors_hex_at(fixture->file, "root_key_hex");
  fixture->canister = principal_of(vectors_text(fixture->file, "canister_id"));
  load_frame(fixture, "subnet delegation, ranges: sharded", 0);
}

static void teardown(struct fixture *fixture)
{
  free(fixture->frame.data);
  free(fixture->root_key.data);
  json_decref(fixture->file);
}

/* The fixture's message, with one byte of |bytes|, a part of its frame, changed for the time of the
 * call. */
static enum icws_error verify_changed(struct icws_verifier *verifier, struct fixture *fixture,
                                      struct icws_bytes bytes, size_t at, uint8_t change)
{
  const struct icws_certificate *certificate;
  size_t offset = bytes.data != NULL ? (size_t)(bytes.data - fixture->frame.data) + at : 0;
  fixture->frame.data[offset] ^= change;
  enum icws_error error = icws_verifier_certified(verifier, &fixture->canister, &fixture->certified,
                                                  &certificate, NULL);
  fixture->frame.data[offset] ^= change;
  return error;
}

static enum icws_error verify_fixture(struct icws_verifier *verifier, struct fixture *fixture)
{
  return verify_changed(verifier, fixture, fixture->certified.content, 0, 0);
}

static void what_is_known_costs_no_signature(void **state)
{
  (void)state;
  struct fixture fixture;
  setup(&fixture);
  struct icws_verifier *verifier = new_verifier(vectors_bytes(&fixture.root_key), NULL);
  assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
  assert_int_equal(icws_verifier_stats(verifier).signatures, 2); /* delegation and certificate */
  assert_int_equal(icws_verifier_stats(verifier).pair_hits, 0);
  assert_int_equal(icws_verifier_stats(verifier).pair_misses, 1);
  assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
  assert_int_equal(icws_verifier_stats(verifier).signatures, 2);
  assert_int_equal(icws_verifier_stats(verifier).pair_hits, 1);
  assert_int_equal(icws_verifier_stats(verifier).pair_misses, 1);

  /* The next certificate of the session is under the same delegation. */
  struct vectors_blob first = fixture.frame;
  load_frame(&fixture, "subnet delegation, ranges: sharded", 1);
  assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
  assert_int_equal(icws_verifier_stats(verifier).signatures, 3);
  assert_int_equal(icws_verifier_stats(verifier).pair_misses, 2);
  free(first.data);
  icws_verifier_del(verifier);
  teardown(&fixture);
}

static void what_is_known_is_known_by_all_its_bytes(void **state)
{
  (void)state;
  struct fixture fixture;
  setup(&fixture);
  struct icws_verifier *verifier = new_verifier(vectors_bytes(&fixture.root_key), NULL);
  const struct icws_certified *certified = &fixture.certified;
  assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);

  size_t last = certified->cert.len - 1;
  assert_int_not_equal(verify_changed(verifier, &fixture, certified->cert, last, 1), ICWS_OK);
  last = certified->tree.len - 1;
  assert_int_equal(verify_changed(verifier, &fixture, certified->tree, last, 1),
                   ICWS_ERR_CERTIFIED_DATA);
  last = certified->content.len - 1;
  assert_int_equal(verify_changed(verifier, &fixture, certified->content, last, 1),
                   ICWS_ERR_CONTENT);
  last = certified->key.len - 1;
  assert_int_equal(verify_changed(verifier, &fixture, certified->key, last, 1), ICWS_ERR_CONTENT);

  /* Another canister has to earn the same certificate anew, and fails. */
  struct icws_principal other = principal_of("rrkah-fqaaa-aaaaa-aaaaq-cai");
  const struct icws_certificate *certificate;
  assert_int_not_equal(icws_verifier_certified(verifier, &other, certified, &certificate, NULL),
                       ICWS_OK);
  assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
  icws_verifier_del(verifier);
  teardown(&fixture);
}

static const uint8_t changes[] = {0x01, 0x80, 0xff};

/* A verifier that has just accepted the message is asked again with each byte of certificate and
 * tree changed.  Nothing changed is ever accepted, and it is the right check that fails. */
static void changed_bytes(void **state)
{
  (void)state;
  struct fixture fixture;
  setup(&fixture);
  struct icws_verifier *verifier = new_verifier(vectors_bytes(&fixture.root_key), NULL);
  const struct icws_certified *certified = &fixture.certified;
  assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
  for (size_t j = 0; j < sizeof changes; j++) {
    for (size_t i = 0; i < certified->cert.len; i++) {
      enum icws_error error = verify_changed(verifier, &fixture, certified->cert, i, changes[j]);
      assert_true(icws_error_check(error) == 1 || error == ICWS_ERR_LIMIT);
    }
    for (size_t i = 0; i < certified->tree.len; i++) {
      enum icws_error error = verify_changed(verifier, &fixture, certified->tree, i, changes[j]);
      assert_true(error == ICWS_ERR_CERTIFIED_DATA || error == ICWS_ERR_LIMIT);
    }
  }
  assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
  icws_verifier_del(verifier);
  teardown(&fixture);
}

/* The same with real certificates.  A change costs up to two signatures: to bound the time only
 * every 29th byte is changed, with the changes taking turns. */
static void change_certificate(const json_t *vector)
{
  enum { STEP = 29 };
  struct vectors_blob root_key = vectors_hex_at(vector, "root_key_hex");
  struct vectors_blob encoding = vectors_hex_at(vector, "certificate_hex");
  struct icws_verifier *verifier = new_verifier(vectors_bytes(&root_key), NULL);
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

static void reload(struct fixture *fixture, const char *name, size_t index)
{
  free(fixture->frame.data);
  load_frame(fixture, name, index);
}

/* Five certificates, one more than are kept: the first has to be verified again. */
static void old_ones_are_forgotten(void **state)
{
  (void)state;
  struct fixture fixture;
  setup(&fixture);
  struct icws_verifier *verifier = new_verifier(vectors_bytes(&fixture.root_key), NULL);
  for (size_t i = 0; i < 6; i++) { /* two pairs of these share one */
    reload(&fixture, "subnet delegation, ranges: flat", i);
    assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
  }
  assert_int_equal(icws_verifier_stats(verifier).signatures, 1 + 4);
  assert_int_equal(icws_verifier_stats(verifier).pair_hits, 2);
  reload(&fixture, "subnet delegation, ranges: flat", 0);
  assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
  assert_int_equal(icws_verifier_stats(verifier).signatures, 1 + 4);

  reload(&fixture, "subnet delegation, ranges: sharded", 0);
  assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
  assert_int_equal(icws_verifier_stats(verifier).signatures, 1 + 4 + 2);
  reload(&fixture, "subnet delegation, ranges: flat", 0); /* used lately, so still known */
  assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
  assert_int_equal(icws_verifier_stats(verifier).signatures, 1 + 4 + 2);
  reload(&fixture, "subnet delegation, ranges: flat", 1); /* forgotten, but not its delegation */
  assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
  assert_int_equal(icws_verifier_stats(verifier).signatures, 1 + 4 + 2 + 1);
  icws_verifier_del(verifier);
  teardown(&fixture);
}

static void failed_allocations(void **state)
{
  (void)state;
  struct fixture fixture;
  setup(&fixture);
  size_t fail_from = 0;
  enum icws_error error;
  do {
    struct mem_probe probe;
    struct icws_verifier *verifier = NULL;
    struct icws_verifier_config config = {.root_key = vectors_bytes(&fixture.root_key),
                                          .mem = &probe.mem};
    mem_probe_init(&probe);
    probe.fail_from = fail_from++;
    error = icws_verifier_new(&config, &verifier, NULL);
    if (error == ICWS_OK)
      error = verify_fixture(verifier, &fixture);
    if (error != ICWS_OK)
      assert_int_equal(error, ICWS_ERR_NOMEM);
    if (error != ICWS_OK && verifier != NULL) {
      probe.fail_from = SIZE_MAX; /* it recovers */
      assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
    }
    icws_verifier_del(verifier);
    assert_int_equal(probe.live, 0);
  } while (error != ICWS_OK);
  assert_true(fail_from > 5);
  teardown(&fixture);
}

/* Known pairs allocate nothing; nor do new certificates, once each slot has been used. */
static void the_steady_state_allocates_nothing(void **state)
{
  (void)state;
  struct fixture fixture;
  struct mem_probe probe;
  setup(&fixture);
  mem_probe_init(&probe);
  struct icws_verifier *verifier = new_verifier(vectors_bytes(&fixture.root_key), &probe.mem);
  size_t allocations = 0;
  for (int round = 0; round < 6; round++) {
    for (size_t i = 0; i < 12; i++) { /* eight certificates, two delegations */
      reload(&fixture,
             i < 6 ? "subnet delegation, ranges: flat" : "subnet delegation, ranges: sharded",
             i % 6);
      assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
      assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
    }
    if (round == 4)
      allocations = probe.allocations;
  }
  assert_int_equal(probe.allocations, allocations);
  icws_verifier_del(verifier);
  assert_int_equal(probe.live, 0);
  teardown(&fixture);
}

static void limits(void **state)
{
  (void)state;
  struct fixture fixture;
  setup(&fixture);
  const struct icws_certified *certified = &fixture.certified;
  for (int limit = 0; limit < 3; limit++) {
    for (size_t below = 0; below <= 1; below++) {
      struct icws_verifier_config config = {.root_key = vectors_bytes(&fixture.root_key)};
      struct icws_verifier *verifier;
      if (limit == 0)
        config.max_certificate_bytes = certified->cert.len - below;
      else if (limit == 1)
        config.max_tree_bytes = certified->tree.len - below;
      else
        config.max_tree_nodes = below == 0 ? 1000 : 4;
      assert_int_equal(icws_verifier_new(&config, &verifier, NULL), ICWS_OK);
      assert_int_equal(verify_fixture(verifier, &fixture), below == 0 ? ICWS_OK : ICWS_ERR_LIMIT);
      icws_verifier_del(verifier);
    }
  }
  teardown(&fixture);
}

/* --- Keys and times ----------------------------------------------------------------------------
 */

static void root_keys(void **state)
{
  (void)state;
  struct icws_verifier *verifier = NULL;
  struct icws_failure failure = {.code = ICWS_OK};
  uint8_t key[ICWS_ROOT_KEY_DER_BYTES];
  struct icws_bytes mainnet = icws_root_key_mainnet();
  assert_int_equal(mainnet.len, sizeof key);
  memcpy(key, mainnet.data, sizeof key);
  key[60] ^= 1;
  struct icws_verifier_config config = {.root_key = icws_bytes_of(key, sizeof key)};
  assert_int_equal(icws_verifier_new(&config, &verifier, &failure), ICWS_ERR_ROOT_KEY);
  assert_int_equal(failure.code, ICWS_ERR_ROOT_KEY);
  config.root_key = icws_bytes_of(mainnet.data, mainnet.len - 1);
  assert_int_equal(icws_verifier_new(&config, &verifier, &failure), ICWS_ERR_ROOT_KEY);
  assert_null(verifier);
  icws_verifier_del(NULL);
}

static void ages(void **state)
{
  (void)state;
  const uint64_t max = ICWS_CERTIFICATE_MAX_AGE_NS;
  const uint64_t time = UINT64_C(1700000000000000000);
  static const uint64_t second = UINT64_C(1000000000);
  struct icws_failure failure;
  struct icws_verifier_config short_config = {.max_age_ns = second};
  struct icws_verifier *verifier;
  assert_int_equal(icws_verifier_new(NULL, &verifier, NULL), ICWS_OK);
  assert_int_equal(icws_verifier_age(verifier, time, time, NULL), ICWS_OK);
  assert_int_equal(icws_verifier_age(verifier, time, time + max, NULL), ICWS_OK);
  assert_int_equal(icws_verifier_age(verifier, time, time - max, NULL), ICWS_OK);
  assert_int_equal(icws_verifier_age(verifier, time, time + max + 1, &failure),
                   ICWS_ERR_CERTIFICATE_STALE);
  assert_int_equal(failure.code, ICWS_ERR_CERTIFICATE_STALE);
  assert_int_equal(icws_verifier_age(verifier, time, time - max - 1, &failure),
                   ICWS_ERR_CERTIFICATE_FUTURE);
  assert_int_equal(failure.code, ICWS_ERR_CERTIFICATE_FUTURE);
  assert_int_equal(icws_verifier_age(verifier, 0, UINT64_MAX, NULL), ICWS_ERR_CERTIFICATE_STALE);
  assert_int_equal(icws_verifier_age(verifier, UINT64_MAX, 0, NULL), ICWS_ERR_CERTIFICATE_FUTURE);
  icws_verifier_del(verifier);

  assert_int_equal(icws_verifier_new(&short_config, &verifier, NULL), ICWS_OK);
  assert_int_equal(icws_verifier_age(verifier, time, time + second, NULL), ICWS_OK);
  assert_int_equal(icws_verifier_age(verifier, time, time + second + 1, NULL),
                   ICWS_ERR_CERTIFICATE_STALE);
  icws_verifier_del(verifier);
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
  struct icws_verifier *verifier = new_verifier(maker_key_der(&root), NULL);
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

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(real_certificates),
      cmocka_unit_test(synthetic_certificates),
      cmocka_unit_test(mainnet_is_the_default),
      cmocka_unit_test(requests_in_certificates),
      cmocka_unit_test(certificate_of_a_canister_signature),
      cmocka_unit_test(recorded_session),
      cmocka_unit_test(own_sessions),
      cmocka_unit_test(what_is_known_costs_no_signature),
      cmocka_unit_test(what_is_known_is_known_by_all_its_bytes),
      cmocka_unit_test(changed_bytes),
      cmocka_unit_test(changed_real_certificates),
      cmocka_unit_test(old_ones_are_forgotten),
      cmocka_unit_test(failed_allocations),
      cmocka_unit_test(the_steady_state_allocates_nothing),
      cmocka_unit_test(limits),
      cmocka_unit_test(root_keys),
      cmocka_unit_test(ages),
      cmocka_unit_test(ages_of_delegations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
