/* SPDX-License-Identifier: Apache-2.0 */
#include "sender_delegation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include <icws/cbor.h>
#include <icws/identity.h>
#include <icws/keys.h>

#include "vectors.h"

#define NOW UINT64_C(1700000000000000000)

/* --- Chains from vectors ---------------------------------------------------------------------- */

static void put_hex(struct icws_buf *buf, const char *key, const char *hex)
{
  struct vectors_blob blob = vectors_hex(hex);
  icws_cbor_put_key(buf, key);
  icws_cbor_put_bytes(buf, vectors_bytes(&blob));
  free(blob.data);
}

static void put_vector(struct icws_buf *buf, const json_t *vector)
{
  const json_t *delegation = vectors_get(vector, "delegation");
  const json_t *targets = json_object_get(delegation, "targets_hex");
  const json_t *permissions = json_object_get(delegation, "permissions");
  size_t index;
  const json_t *target;
  icws_cbor_put_map(buf, 2);
  icws_cbor_put_key(buf, "delegation");
  icws_cbor_put_map(buf, 2U + (targets != NULL) + (permissions != NULL));
  put_hex(buf, "pubkey", vectors_text(delegation, "pubkey_hex"));
  icws_cbor_put_key(buf, "expiration");
  icws_cbor_put_uint(buf, vectors_uint(delegation, "expiration"));
  if (targets != NULL) {
    icws_cbor_put_key(buf, "targets");
    icws_cbor_put_array(buf, json_array_size(targets));
    json_array_foreach(targets, index, target)
    {
      struct vectors_blob blob = vectors_hex(json_string_value(target));
      icws_cbor_put_bytes(buf, vectors_bytes(&blob));
      free(blob.data);
    }
  }
  if (permissions != NULL) {
    icws_cbor_put_key(buf, "permissions");
    icws_cbor_put_text(buf, icws_bytes_text(json_string_value(permissions)));
  }
  put_hex(buf, "signature", vectors_text(vector, "signature_hex"));
}

static void test_shared_vectors(void **state)
{
  json_t *vectors = vectors_shared("delegations.json");
  size_t index;
  const json_t *vector;
  (void)state;
  json_array_foreach(vectors, index, vector)
  {
    struct icws_delegation_chain chain;
    struct icws_buf buf;
    struct vectors_blob root = vectors_hex_at(vector, "signer_pubkey_hex");
    struct vectors_blob hash = vectors_hex_at(vector, "hash_hex");
    icws_buf_init(&buf, 0, NULL);
    icws_cbor_put_array(&buf, 1);
    put_vector(&buf, vector);
    assert_int_equal(icws_delegation_chain_decode(icws_buf_bytes(&buf), &chain, NULL), ICWS_OK);
    assert_int_equal(chain.count, 1);
    assert_memory_equal(chain.links[0].hash, hash.data, sizeof chain.links[0].hash);
    assert_int_equal(
        icws_delegation_chain_verify(&chain, vectors_bytes(&root), icws_keys_verify_ecdsa, NULL),
        ICWS_OK);
    chain.links[0].hash[index] ^= 1;
    assert_int_equal(
        icws_delegation_chain_verify(&chain, vectors_bytes(&root), icws_keys_verify_ecdsa, NULL),
        ICWS_ERR_DELEGATION);
    icws_buf_wipe(&buf);
    free(root.data);
    free(hash.data);
  }
  assert_int_equal(index, 4);
  json_decref(vectors);
}

/* --- Chains made here ------------------------------------------------------------------------- */

/* Who a link is for is not looked at unless it is verified: any bytes may stand for a key. */
struct link {
  const char *key;
  uint64_t expiration;
  size_t targets; /* how many; of them, the last is the canister */
  bool without_canister;
  const char *permissions;
};

static struct icws_principal canister(void)
{
  struct icws_principal principal;
  assert_int_equal(icws_principal_init(&principal, icws_bytes_text("canister")), ICWS_OK);
  return principal;
}

static void put_link(struct icws_buf *buf, const struct link *link)
{
  bool has_targets = link->targets > 0 || link->without_canister;
  icws_cbor_put_map(buf, 2);
  icws_cbor_put_key(buf, "signature");
  icws_cbor_put_bytes(buf, icws_bytes_text("signature"));
  icws_cbor_put_key(buf, "delegation");
  icws_cbor_put_map(buf, 2U + has_targets + (link->permissions != NULL));
  icws_cbor_put_key(buf, "pubkey");
  icws_cbor_put_bytes(buf, icws_bytes_text(link->key));
  icws_cbor_put_key(buf, "expiration");
  icws_cbor_put_uint(buf, link->expiration);
  if (has_targets) {
    icws_cbor_put_key(buf, "targets");
    icws_cbor_put_array(buf, link->targets);
    for (size_t i = 1; i <= link->targets; i++) {
      bool is_canister = i == link->targets && !link->without_canister;
      icws_cbor_put_bytes(buf, icws_bytes_text(is_canister ? "canister" : "another"));
    }
  }
  if (link->permissions != NULL) {
    icws_cbor_put_key(buf, "permissions");
    icws_cbor_put_text(buf, icws_bytes_text(link->permissions));
  }
}

/* Decodes a chain of the links and asks whether it covers a request at NOW. */
static enum icws_error covers(const struct link *links, size_t count, enum icws_request_type type)
{
  struct icws_delegation_chain chain;
  struct icws_failure failure = {0};
  struct icws_envelope request = {.type = type, .canister = canister()};
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_cbor_put_array(&buf, count);
  for (size_t i = 0; i < count; i++)
    put_link(&buf, &links[i]);
  enum icws_error error = icws_delegation_chain_decode(icws_buf_bytes(&buf), &chain, &failure);
  if (error == ICWS_OK)
    error = icws_delegation_chain_covers(&chain, icws_bytes_text("root"), &request, NOW, &failure);
  assert_int_equal(failure.code, error);
  icws_buf_wipe(&buf);
  return error;
}

static enum icws_error one_covers(struct link link, enum icws_request_type type)
{
  return covers(&link, 1, type);
}

static void test_expiration(void **state)
{
  (void)state;
  assert_int_equal(one_covers((struct link){"a", NOW, 0, false, NULL}, ICWS_REQUEST_CALL), ICWS_OK);
  assert_int_equal(one_covers((struct link){"a", NOW - 1, 0, false, NULL}, ICWS_REQUEST_CALL),
                   ICWS_ERR_DELEGATION);
}

static void test_targets(void **state)
{
  const struct link with = {"a", NOW, 2, false, NULL};
  const struct link without = {"b", NOW, 2, true, NULL};
  const struct link both[] = {with, without};
  (void)state;
  assert_int_equal(covers(&with, 1, ICWS_REQUEST_CALL), ICWS_OK);
  assert_int_equal(covers(&without, 1, ICWS_REQUEST_CALL), ICWS_ERR_DELEGATION);
  assert_int_equal(covers(&without, 1, ICWS_REQUEST_QUERY), ICWS_ERR_DELEGATION);
  assert_int_equal(covers(&without, 1, ICWS_REQUEST_READ_STATE), ICWS_OK);
  assert_int_equal(covers(both, 2, ICWS_REQUEST_CALL), ICWS_ERR_DELEGATION);
  /* No targets at all is not the same as none named. */
  assert_int_equal(one_covers((struct link){"a", NOW, 0, true, NULL}, ICWS_REQUEST_CALL),
                   ICWS_ERR_DELEGATION);
  assert_int_equal(one_covers((struct link){"a", NOW, ICWS_DELEGATION_MAX_TARGETS, false, NULL},
                              ICWS_REQUEST_CALL),
                   ICWS_OK);
  assert_int_equal(one_covers((struct link){"a", NOW, ICWS_DELEGATION_MAX_TARGETS + 1, false, NULL},
                              ICWS_REQUEST_CALL),
                   ICWS_ERR_DELEGATION);
}

static void test_permissions(void **state)
{
  const struct link queries = {"a", NOW, 0, false, "queries"};
  const struct link all = {"b", NOW, 0, false, "all"};
  const struct link both[] = {queries, all};
  (void)state;
  assert_int_equal(covers(&all, 1, ICWS_REQUEST_CALL), ICWS_OK);
  assert_int_equal(covers(&queries, 1, ICWS_REQUEST_CALL), ICWS_ERR_DELEGATION);
  assert_int_equal(covers(&queries, 1, ICWS_REQUEST_QUERY), ICWS_OK);
  assert_int_equal(covers(&queries, 1, ICWS_REQUEST_READ_STATE), ICWS_OK);
  assert_int_equal(covers(both, 2, ICWS_REQUEST_CALL), ICWS_ERR_DELEGATION);
  assert_int_equal(one_covers((struct link){"a", NOW, 0, false, "nothing"}, ICWS_REQUEST_QUERY),
                   ICWS_ERR_DELEGATION);
}

static void test_no_key_occurs_twice(void **state)
{
  const struct link links[] = {
      {"a", NOW, 0, false, NULL}, {"b", NOW, 0, false, NULL}, {"a", NOW, 0, false, NULL}};
  (void)state;
  assert_int_equal(covers(links, 2, ICWS_REQUEST_CALL), ICWS_OK);
  assert_int_equal(covers(links, 3, ICWS_REQUEST_CALL), ICWS_ERR_DELEGATION);
  assert_int_equal(one_covers((struct link){"root", NOW, 0, false, NULL}, ICWS_REQUEST_CALL),
                   ICWS_ERR_DELEGATION);
}

static void test_at_most_twenty(void **state)
{
  static const char *const keys[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k",
                                     "l", "m", "n", "o", "p", "q", "r", "s", "t", "u"};
  struct link links[ICWS_ENVELOPE_MAX_DELEGATIONS + 1];
  (void)state;
  for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
    links[i] = (struct link){.key = keys[i], .expiration = NOW};
  assert_int_equal(covers(links, ICWS_ENVELOPE_MAX_DELEGATIONS, ICWS_REQUEST_CALL), ICWS_OK);
  assert_int_equal(covers(links, ICWS_ENVELOPE_MAX_DELEGATIONS + 1, ICWS_REQUEST_CALL),
                   ICWS_ERR_DELEGATION);
}

static enum icws_error decode(const char *hex)
{
  struct icws_delegation_chain chain;
  struct vectors_blob encoding = vectors_hex(hex);
  enum icws_error error = icws_delegation_chain_decode(vectors_bytes(&encoding), &chain, NULL);
  free(encoding.data);
  return error;
}

static void test_forms(void **state)
{
  (void)state;
  assert_int_equal(decode(""), ICWS_OK);
  assert_int_equal(decode("80"), ICWS_OK);
  assert_int_equal(decode("8000"), ICWS_ERR_CBOR);
  assert_int_equal(decode("a0"), ICWS_ERR_CBOR);
  assert_int_equal(decode("8100"), ICWS_ERR_CBOR);
  assert_int_equal(decode("81a0"), ICWS_ERR_DELEGATION); /* neither delegation nor signature */
  assert_int_equal(decode("81a1697369676e617475726540"), ICWS_ERR_DELEGATION);
  assert_int_equal(decode("81a26a64656c65676174696f6ea0697369676e617475726540"),
                   ICWS_ERR_DELEGATION); /* neither pubkey nor expiration */
}

/* --- Signatures ------------------------------------------------------------------------------- */

static void test_the_last_key_signs_requests(void **state)
{
  struct icws_delegation_chain chain = {.count = 0};
  struct icws_bytes root = icws_bytes_text("root");
  (void)state;
  assert_true(icws_bytes_equal(icws_delegation_chain_last(&chain, root), root));
  chain.count = 2;
  chain.links[1].public_key = icws_bytes_text("last");
  assert_true(icws_bytes_equal(icws_delegation_chain_last(&chain, root), icws_bytes_text("last")));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_shared_vectors),
      cmocka_unit_test(test_expiration),
      cmocka_unit_test(test_targets),
      cmocka_unit_test(test_permissions),
      cmocka_unit_test(test_no_key_occurs_twice),
      cmocka_unit_test(test_at_most_twenty),
      cmocka_unit_test(test_forms),
      cmocka_unit_test(test_the_last_key_signs_requests),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
