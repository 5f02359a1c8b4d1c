/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/verifier.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/message.h>

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
  if (failed_check < 1 || failed_check > 3)
    assert_int_equal(error, ICWS_OK);
  else
    assert_int_equal(icws_error_check(error), failed_check);
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

/* --- One session of our own, for all that follows --------------------------------------------- */

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

  /* Of the same state, whose signature is known; but not that of the delegation any more. */
  reload(&fixture, "subnet delegation, ranges: sharded", 0);
  assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
  assert_int_equal(icws_verifier_stats(verifier).signatures, 1 + 4 + 1);
  reload(&fixture, "subnet delegation, ranges: flat", 0); /* used lately, so still known */
  assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
  assert_int_equal(icws_verifier_stats(verifier).signatures, 1 + 4 + 1);
  reload(&fixture, "subnet delegation, ranges: flat", 1); /* forgotten, but not its delegation */
  assert_int_equal(verify_fixture(verifier, &fixture), ICWS_OK);
  assert_int_equal(icws_verifier_stats(verifier).signatures, 1 + 4 + 1 + 1);
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

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(recorded_session),
      cmocka_unit_test(own_sessions),
      cmocka_unit_test(what_is_known_costs_no_signature),
      cmocka_unit_test(what_is_known_is_known_by_all_its_bytes),
      cmocka_unit_test(changed_bytes),
      cmocka_unit_test(old_ones_are_forgotten),
      cmocka_unit_test(failed_allocations),
      cmocka_unit_test(the_steady_state_allocates_nothing),
      cmocka_unit_test(limits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
