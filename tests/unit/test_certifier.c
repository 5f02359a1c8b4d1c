/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <icws/cbor.h>
#include <icws/hashtree.h>
#include <icws/verifier.h>

#include "devnet/certifier.h"

/* The judge is the SDK's own verifier, which has vectors of the real network in its own tests. */

#define NOW UINT64_C(1700000000000000000)

static const uint8_t seed[ICWS_BLS_SEED_BYTES] = {1, 2, 3};

static struct icws_principal id_of(const char *bytes)
{
  struct icws_principal id;
  assert_int_equal(icws_principal_init(&id, icws_bytes_text(bytes)), ICWS_OK);
  return id;
}

struct fixture {
  struct icws_certifier *certifier;
  struct icws_verifier *verifier;
  struct icws_state_tree *tree;
  struct icws_buf certificate;
};

static struct icws_certifier *make_certifier(const uint8_t *key_seed)
{
  struct icws_certifier *certifier = NULL;
  const struct icws_canister_range range = {id_of("canister 10"), id_of("canister 19")};
  assert_int_equal(icws_certifier_new(key_seed, &range, NOW, &certifier), ICWS_OK);
  return certifier;
}

static int set_up(void **state)
{
  static struct fixture fixture;
  fixture.certifier = make_certifier(seed);
  const struct icws_verifier_config config = {.root_key =
                                                  icws_certifier_root_key(fixture.certifier)};
  assert_int_equal(icws_verifier_new(&config, &fixture.verifier, NULL), ICWS_OK);
  fixture.tree = icws_state_tree_new();
  const struct icws_bytes time = icws_bytes_text("time");
  const struct icws_bytes other = icws_bytes_text("other");
  icws_state_tree_put_nat(fixture.tree, (struct icws_state_path){&time, 1}, NOW + 7);
  icws_state_tree_put(fixture.tree, (struct icws_state_path){&other, 1}, icws_bytes_text("value"));
  assert_int_equal(icws_state_tree_seal(fixture.tree), ICWS_OK);
  icws_buf_init(&fixture.certificate, 0, NULL);
  *state = &fixture;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *fixture = *state;
  icws_buf_wipe(&fixture->certificate);
  icws_state_tree_del(fixture->tree);
  icws_verifier_del(fixture->verifier);
  icws_certifier_del(fixture->certifier);
  return 0;
}

/* A certificate of the fixture's tree by |certifier|. */
static void certify(struct fixture *fixture, const struct icws_certifier *certifier,
                    enum icws_ranges_form form)
{
  const struct icws_bytes time = icws_bytes_text("time");
  const struct icws_state_path path = {&time, 1};
  uint8_t signature[ICWS_BLS_SIGNATURE_BYTES];
  icws_certifier_sign(certifier, fixture->tree, signature);
  icws_buf_clear(&fixture->certificate);
  icws_certifier_put(certifier, fixture->tree, signature, &path, 1, form, &fixture->certificate);
  assert_int_equal(icws_buf_error(&fixture->certificate), ICWS_OK);
}

static enum icws_error verify(struct fixture *fixture, const char *canister)
{
  const struct icws_certificate *certificate;
  const struct icws_principal id = id_of(canister);
  return icws_verifier_certificate(fixture->verifier, &id, icws_buf_bytes(&fixture->certificate),
                                   &certificate, NULL);
}

static void check_ranges(struct fixture *fixture)
{
  assert_int_equal(verify(fixture, "canister 10"), ICWS_OK);
  assert_int_equal(verify(fixture, "canister 15"), ICWS_OK);
  assert_int_equal(verify(fixture, "canister 19"), ICWS_OK);
  assert_int_equal(verify(fixture, "canister 09"), ICWS_ERR_CERTIFICATE_RANGE);
  assert_int_equal(verify(fixture, "canister 1"), ICWS_ERR_CERTIFICATE_RANGE);
  assert_int_equal(verify(fixture, "canister 190"), ICWS_ERR_CERTIFICATE_RANGE);
  assert_int_equal(verify(fixture, "canister 20"), ICWS_ERR_CERTIFICATE_RANGE);
}

static void test_flat_ranges(void **state)
{
  struct fixture *fixture = *state;
  certify(fixture, fixture->certifier, ICWS_RANGES_FLAT);
  check_ranges(fixture);
}

static void test_sharded_ranges(void **state)
{
  struct fixture *fixture = *state;
  certify(fixture, fixture->certifier, ICWS_RANGES_SHARDED);
  check_ranges(fixture);
}

/* What the delegation's certificate in the fixture's says about one form of the ranges. */
static enum icws_lookup look_up_ranges(const struct fixture *fixture, enum icws_ranges_form form)
{
  const struct icws_principal subnet = icws_certifier_subnet(fixture->certifier);
  const struct icws_principal first = id_of("canister 10");
  const struct icws_bytes flat[] = {icws_bytes_text("subnet"), icws_principal_bytes(&subnet),
                                    icws_bytes_text("canister_ranges")};
  const struct icws_bytes sharded[] = {icws_bytes_text("canister_ranges"),
                                       icws_principal_bytes(&subnet), icws_principal_bytes(&first)};
  struct icws_cbor_field outer = {.name = "delegation", .type = ICWS_CBOR_MAP, .required = true};
  struct icws_cbor_field middle = {
      .name = "certificate", .type = ICWS_CBOR_BYTES, .required = true};
  struct icws_cbor_field inner = {.name = "tree", .type = ICWS_CBOR_ARRAY, .required = true};
  struct icws_cbor_reader reader;
  icws_cbor_reader_init(&reader, icws_buf_bytes(&fixture->certificate));
  assert_int_equal(icws_cbor_read_fields(&reader, &outer, 1, NULL), ICWS_OK);
  icws_cbor_reader_init(&reader, outer.value.bytes);
  assert_int_equal(icws_cbor_read_fields(&reader, &middle, 1, NULL), ICWS_OK);
  icws_cbor_reader_init(&reader, middle.value.bytes);
  assert_int_equal(icws_cbor_read_fields(&reader, &inner, 1, NULL), ICWS_OK);

  struct icws_hashtree tree;
  struct icws_bytes value;
  icws_hashtree_init(&tree, NULL);
  assert_int_equal(icws_hashtree_decode(&tree, inner.value.bytes, 1000, NULL), ICWS_OK);
  enum icws_lookup lookup =
      icws_hashtree_lookup(&tree, form == ICWS_RANGES_FLAT ? flat : sharded, 3, &value);
  icws_hashtree_wipe(&tree);
  return lookup;
}

static void test_only_one_form_is_revealed(void **state)
{
  struct fixture *fixture = *state;
  certify(fixture, fixture->certifier, ICWS_RANGES_FLAT);
  assert_int_equal(look_up_ranges(fixture, ICWS_RANGES_FLAT), ICWS_LOOKUP_FOUND);
  assert_int_equal(look_up_ranges(fixture, ICWS_RANGES_SHARDED), ICWS_LOOKUP_UNKNOWN);
  certify(fixture, fixture->certifier, ICWS_RANGES_SHARDED);
  assert_int_equal(look_up_ranges(fixture, ICWS_RANGES_FLAT), ICWS_LOOKUP_UNKNOWN);
  assert_int_equal(look_up_ranges(fixture, ICWS_RANGES_SHARDED), ICWS_LOOKUP_FOUND);
}

static void test_what_is_certified(void **state)
{
  struct fixture *fixture = *state;
  const struct icws_certificate *certificate;
  const struct icws_principal canister = id_of("canister 15");
  certify(fixture, fixture->certifier, ICWS_RANGES_FLAT);
  assert_int_equal(icws_verifier_certificate(fixture->verifier, &canister,
                                             icws_buf_bytes(&fixture->certificate), &certificate,
                                             NULL),
                   ICWS_OK);
  const struct icws_principal subnet = icws_certifier_subnet(fixture->certifier);
  assert_int_equal(certificate->time_ns, NOW + 7);
  assert_true(certificate->delegated);
  assert_int_equal(certificate->delegation_time_ns, NOW);
  assert_true(icws_principal_equal(&certificate->subnet, &subnet));
  assert_int_equal(subnet.len, 29); /* self-authenticating */
  assert_int_equal(subnet.bytes[28], 2);
}

static void test_renewed_delegation(void **state)
{
  struct fixture *fixture = *state;
  const struct icws_certificate *certificate;
  const struct icws_principal canister = id_of("canister 15");
  assert_int_equal(icws_certifier_delegate(fixture->certifier, NOW + 5), ICWS_OK);
  assert_int_equal(icws_certifier_delegation_time(fixture->certifier), NOW + 5);
  certify(fixture, fixture->certifier, ICWS_RANGES_FLAT);
  assert_int_equal(icws_verifier_certificate(fixture->verifier, &canister,
                                             icws_buf_bytes(&fixture->certificate), &certificate,
                                             NULL),
                   ICWS_OK);
  assert_int_equal(certificate->delegation_time_ns, NOW + 5);
}

static void test_another_network_is_refused(void **state)
{
  struct fixture *fixture = *state;
  static const uint8_t other_seed[ICWS_BLS_SEED_BYTES] = {1, 2, 4};
  struct icws_certifier *other = make_certifier(other_seed);
  assert_false(icws_bytes_equal(icws_certifier_root_key(other),
                                icws_certifier_root_key(fixture->certifier)));
  certify(fixture, other, ICWS_RANGES_FLAT);
  assert_int_equal(verify(fixture, "canister 15"), ICWS_ERR_CERTIFICATE_DELEGATION);
  icws_certifier_del(other);
}

static void test_same_seed_gives_same_keys(void **state)
{
  struct fixture *fixture = *state;
  struct icws_certifier *again = make_certifier(seed);
  assert_true(icws_bytes_equal(icws_certifier_root_key(again),
                               icws_certifier_root_key(fixture->certifier)));
  certify(fixture, again, ICWS_RANGES_SHARDED);
  assert_int_equal(verify(fixture, "canister 15"), ICWS_OK);
  icws_certifier_del(again);
}

static void test_tree_is_not_replaceable(void **state)
{
  struct fixture *fixture = *state;
  certify(fixture, fixture->certifier, ICWS_RANGES_FLAT);
  /* The signature of another tree. */
  struct icws_state_tree *tree = icws_state_tree_new();
  const struct icws_bytes time = icws_bytes_text("time");
  const struct icws_state_path path = {&time, 1};
  uint8_t signature[ICWS_BLS_SIGNATURE_BYTES];
  icws_state_tree_put_nat(tree, path, NOW + 8);
  assert_int_equal(icws_state_tree_seal(tree), ICWS_OK);
  icws_certifier_sign(fixture->certifier, fixture->tree, signature);
  icws_buf_clear(&fixture->certificate);
  icws_certifier_put(fixture->certifier, tree, signature, &path, 1, ICWS_RANGES_FLAT,
                     &fixture->certificate);
  assert_int_equal(verify(fixture, "canister 15"), ICWS_ERR_CERTIFICATE_SIGNATURE);
  icws_state_tree_del(tree);
}

#define with_fixture(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      with_fixture(test_flat_ranges),
      with_fixture(test_sharded_ranges),
      with_fixture(test_only_one_form_is_revealed),
      with_fixture(test_what_is_certified),
      with_fixture(test_renewed_delegation),
      with_fixture(test_another_network_is_refused),
      with_fixture(test_same_seed_gives_same_keys),
      with_fixture(test_tree_is_not_replaceable),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
