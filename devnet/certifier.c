/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/certifier.h"

#include <stdlib.h>
#include <string.h>

#include <icws/cbor.h>
#include <icws/verifier.h>

struct icws_certifier {
  struct icws_bls_key *root;
  struct icws_bls_key *subnet;
  uint8_t root_der[ICWS_ROOT_KEY_DER_BYTES];
  uint8_t subnet_der[ICWS_ROOT_KEY_DER_BYTES];
  struct icws_principal subnet_id;
  struct icws_canister_range range;
  struct icws_buf ranges; /* encoded */
  /* The root subnet's state, as far as it is about our subnet. */
  struct icws_state_tree *root_tree;
  uint8_t root_signature[ICWS_BLS_SIGNATURE_BYTES];
  uint64_t delegation_time;
};

static enum icws_error make_keys(struct icws_certifier *certifier,
                                 const uint8_t seed[ICWS_BLS_SEED_BYTES])
{
  enum icws_error error = icws_bls_key_new(seed, "root", &certifier->root);
  if (error == ICWS_OK) {
    error = icws_bls_key_new(seed, "subnet", &certifier->subnet);
  }
  if (error != ICWS_OK) {
    return error;
  }
  icws_bls_key_public(certifier->root, certifier->root_der);
  icws_bls_key_public(certifier->subnet, certifier->subnet_der);
  icws_principal_self_authenticating(&certifier->subnet_id,
                                     icws_bytes_of(certifier->subnet_der, ICWS_ROOT_KEY_DER_BYTES));
  return ICWS_OK;
}

static void put_ranges(struct icws_buf *buf, const struct icws_canister_range *range)
{
  icws_cbor_put_self_describe(buf);
  icws_cbor_put_array(buf, 1);
  icws_cbor_put_array(buf, 2);
  icws_cbor_put_bytes(buf, icws_principal_bytes(&range->first));
  icws_cbor_put_bytes(buf, icws_principal_bytes(&range->last));
}

enum icws_error icws_certifier_new(const uint8_t seed[ICWS_BLS_SEED_BYTES],
                                   const struct icws_canister_range *range, uint64_t now_ns,
                                   struct icws_certifier **certifier)
{
  struct icws_certifier *made = calloc(1, sizeof *made);
  if (made == NULL) {
    return ICWS_ERR_NOMEM;
  }
  made->range = *range;
  icws_buf_init(&made->ranges, 0, NULL);
  put_ranges(&made->ranges, range);
  enum icws_error error = icws_buf_error(&made->ranges);
  if (error == ICWS_OK) {
    error = make_keys(made, seed);
  }
  if (error == ICWS_OK) {
    error = icws_certifier_delegate(made, now_ns);
  }
  if (error != ICWS_OK) {
    icws_certifier_del(made);
    return error;
  }
  *certifier = made;
  return ICWS_OK;
}

void icws_certifier_del(struct icws_certifier *certifier)
{
  if (certifier == NULL) {
    return;
  }
  icws_bls_key_del(certifier->root);
  icws_bls_key_del(certifier->subnet);
  icws_state_tree_del(certifier->root_tree);
  icws_buf_wipe(&certifier->ranges);
  free(certifier);
}

struct icws_bytes icws_certifier_root_key(const struct icws_certifier *certifier)
{
  return icws_bytes_of(certifier->root_der, ICWS_ROOT_KEY_DER_BYTES);
}

struct icws_principal icws_certifier_subnet(const struct icws_certifier *certifier)
{
  return certifier->subnet_id;
}

uint64_t icws_certifier_delegation_time(const struct icws_certifier *certifier)
{
  return certifier->delegation_time;
}

/* "\x0d" "ic-state-root" and the root hash. */
static void sign_tree(const struct icws_bls_key *key, const struct icws_state_tree *tree,
                      uint8_t signature[ICWS_BLS_SIGNATURE_BYTES])
{
  static const char separator[] = "\ric-state-root";
  uint8_t message[sizeof separator - 1 + ICWS_SHA256_BYTES];
  memcpy(message, separator, sizeof separator - 1);
  icws_state_tree_digest(tree, message + sizeof separator - 1);
  icws_bls_key_sign(key, icws_bytes_of(message, sizeof message), signature);
}

void icws_certifier_sign(const struct icws_certifier *certifier, const struct icws_state_tree *tree,
                         uint8_t signature[ICWS_BLS_SIGNATURE_BYTES])
{
  sign_tree(certifier->subnet, tree, signature);
}

void icws_certifier_put_subnet(const struct icws_certifier *certifier, struct icws_state_tree *tree)
{
  struct icws_bytes subnet = icws_principal_bytes(&certifier->subnet_id);
  struct icws_bytes ranges = icws_buf_bytes(&certifier->ranges);
  const struct icws_bytes key[] = {icws_bytes_text("subnet"), subnet,
                                   icws_bytes_text("public_key")};
  const struct icws_bytes type[] = {icws_bytes_text("subnet"), subnet, icws_bytes_text("type")};
  const struct icws_bytes flat[] = {icws_bytes_text("subnet"), subnet,
                                    icws_bytes_text("canister_ranges")};
  const struct icws_bytes shard[] = {icws_bytes_text("canister_ranges"), subnet,
                                     icws_principal_bytes(&certifier->range.first)};
  icws_state_tree_put(tree, (struct icws_state_path){key, 3},
                      icws_bytes_of(certifier->subnet_der, ICWS_ROOT_KEY_DER_BYTES));
  icws_state_tree_put(tree, (struct icws_state_path){type, 3}, icws_bytes_text("application"));
  icws_state_tree_put(tree, (struct icws_state_path){flat, 3}, ranges);
  icws_state_tree_put(tree, (struct icws_state_path){shard, 3}, ranges);
}

static enum icws_error fill_root_tree(struct icws_state_tree *tree,
                                      const struct icws_certifier *certifier, uint64_t now_ns)
{
  const struct icws_bytes time = icws_bytes_text("time");
  icws_state_tree_put_nat(tree, (struct icws_state_path){&time, 1}, now_ns);
  icws_certifier_put_subnet(certifier, tree);
  return icws_state_tree_seal(tree);
}

enum icws_error icws_certifier_delegate(struct icws_certifier *certifier, uint64_t now_ns)
{
  struct icws_state_tree *tree = icws_state_tree_new();
  if (tree == NULL) {
    return ICWS_ERR_NOMEM;
  }
  enum icws_error error = fill_root_tree(tree, certifier, now_ns);
  if (error != ICWS_OK) {
    icws_state_tree_del(tree);
    return error;
  }
  icws_state_tree_del(certifier->root_tree);
  certifier->root_tree = tree;
  certifier->delegation_time = now_ns;
  sign_tree(certifier->root, tree, certifier->root_signature);
  return ICWS_OK;
}

/* The certificate inside the delegation: what the root subnet says about ours. */
static void put_delegation_certificate(const struct icws_certifier *certifier,
                                       enum icws_ranges_form form, struct icws_buf *out)
{
  struct icws_bytes subnet = icws_principal_bytes(&certifier->subnet_id);
  const struct icws_bytes time[] = {icws_bytes_text("time")};
  const struct icws_bytes key[] = {icws_bytes_text("subnet"), subnet,
                                   icws_bytes_text("public_key")};
  const struct icws_bytes type[] = {icws_bytes_text("subnet"), subnet, icws_bytes_text("type")};
  const struct icws_bytes flat[] = {icws_bytes_text("subnet"), subnet,
                                    icws_bytes_text("canister_ranges")};
  const struct icws_bytes sharded[] = {icws_bytes_text("canister_ranges"), subnet};
  const struct icws_state_path paths[] = {
      {time, 1},
      {key, 3},
      {type, 3},
      form == ICWS_RANGES_FLAT ? (struct icws_state_path){flat, 3}
                               : (struct icws_state_path){sharded, 2},
  };
  icws_cbor_put_self_describe(out);
  icws_cbor_put_map(out, 2);
  icws_cbor_put_key(out, "tree");
  icws_state_tree_witness(certifier->root_tree, paths, sizeof paths / sizeof paths[0], out);
  icws_cbor_put_key(out, "signature");
  icws_cbor_put_bytes(out, icws_bytes_of(certifier->root_signature, ICWS_BLS_SIGNATURE_BYTES));
}

static void put_delegation(const struct icws_certifier *certifier, enum icws_ranges_form form,
                           struct icws_buf *out)
{
  struct icws_buf certificate;
  icws_buf_init(&certificate, 0, out->mem);
  put_delegation_certificate(certifier, form, &certificate);
  enum icws_error error = icws_buf_error(&certificate);
  if (error != ICWS_OK) {
    icws_buf_fail(out, error);
  }
  icws_cbor_put_map(out, 2);
  icws_cbor_put_key(out, "subnet_id");
  icws_cbor_put_bytes(out, icws_principal_bytes(&certifier->subnet_id));
  icws_cbor_put_key(out, "certificate");
  icws_cbor_put_bytes(out, icws_buf_bytes(&certificate));
  icws_buf_wipe(&certificate);
}

void icws_certifier_put(const struct icws_certifier *certifier, struct icws_state_tree *tree,
                        const uint8_t signature[ICWS_BLS_SIGNATURE_BYTES],
                        const struct icws_state_path *paths, size_t count,
                        enum icws_ranges_form form, struct icws_buf *out)
{
  icws_cbor_put_self_describe(out);
  icws_cbor_put_map(out, 3);
  icws_cbor_put_key(out, "tree");
  icws_state_tree_witness(tree, paths, count, out);
  icws_cbor_put_key(out, "signature");
  icws_cbor_put_bytes(out, icws_bytes_of(signature, ICWS_BLS_SIGNATURE_BYTES));
  icws_cbor_put_key(out, "delegation");
  put_delegation(certifier, form, out);
}
