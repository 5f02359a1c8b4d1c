/* SPDX-License-Identifier: Apache-2.0 */
#include "certificate_maker.h"

#include <string.h>

#include <icws/cbor.h>
#include <icws/digest.h>
#include <icws/hashtree.h>

#define MAX_NODES 100000

static const char ciphersuite[] = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
static const char state_root[] = "\x0dic-state-root";

void maker_key_init(struct maker_key *key, const char *seed)
{
  static const uint8_t prefix[] = {
      0x30, 0x81, 0x82, 0x30, 0x1d, 0x06, 0x0d, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82,
      0xdc, 0x7c, 0x05, 0x03, 0x01, 0x02, 0x01, 0x06, 0x0c, 0x2b, 0x06, 0x01, 0x04,
      0x01, 0x82, 0xdc, 0x7c, 0x05, 0x03, 0x02, 0x01, 0x03, 0x61, 0x00,
  };
  uint8_t material[ICWS_SHA256_BYTES];
  blst_p2 point;
  struct icws_bytes part = icws_bytes_text(seed);
  icws_sha256(&part, 1, material);
  blst_keygen(&key->secret, material, sizeof material, NULL, 0);
  blst_sk_to_pk_in_g2(&point, &key->secret);
  memcpy(key->der, prefix, sizeof prefix);
  blst_p2_compress(key->der + sizeof prefix, &point);
}

struct icws_bytes maker_key_der(const struct maker_key *key)
{
  return icws_bytes_of(key->der, sizeof key->der);
}

void maker_put_fork(struct icws_buf *tree)
{
  icws_cbor_put_array(tree, 3);
  icws_cbor_put_uint(tree, ICWS_HASHTREE_FORK);
}

void maker_put_label(struct icws_buf *tree, struct icws_bytes label)
{
  icws_cbor_put_array(tree, 3);
  icws_cbor_put_uint(tree, ICWS_HASHTREE_LABELED);
  icws_cbor_put_bytes(tree, label);
}

void maker_put_leaf(struct icws_buf *tree, struct icws_bytes value)
{
  icws_cbor_put_array(tree, 2);
  icws_cbor_put_uint(tree, ICWS_HASHTREE_LEAF);
  icws_cbor_put_bytes(tree, value);
}

void maker_put_time(struct icws_buf *tree, uint64_t time_ns)
{
  uint8_t leb128[10];
  size_t len = 0;
  for (; time_ns >= 0x80; time_ns >>= 7)
    leb128[len++] = (uint8_t)(time_ns | 0x80);
  leb128[len++] = (uint8_t)time_ns;
  maker_put_label(tree, icws_bytes_text("time"));
  maker_put_leaf(tree, icws_bytes_of(leb128, len));
}

void maker_put_state(struct icws_buf *tree, const struct icws_principal *canister,
                     struct icws_bytes certified_data, uint64_t time_ns)
{
  maker_put_fork(tree);
  maker_put_label(tree, icws_bytes_text("canister"));
  maker_put_label(tree, icws_principal_bytes(canister));
  maker_put_label(tree, icws_bytes_text("certified_data"));
  maker_put_leaf(tree, certified_data);
  maker_put_time(tree, time_ns);
}

static void put_ranges(struct icws_buf *tree, const struct icws_principal *subnet,
                       const struct icws_principal *canister)
{
  struct icws_buf list;
  icws_buf_init(&list, 0, NULL);
  icws_cbor_put_array(&list, 1);
  icws_cbor_put_array(&list, 2);
  icws_cbor_put_bytes(&list, icws_principal_bytes(canister));
  icws_cbor_put_bytes(&list, icws_principal_bytes(canister));
  maker_put_label(tree, icws_bytes_text("canister_ranges"));
  maker_put_label(tree, icws_principal_bytes(subnet));
  maker_put_label(tree, icws_principal_bytes(canister));
  maker_put_leaf(tree, icws_buf_bytes(&list));
  icws_buf_wipe(&list);
}

void maker_put_subnet_state(struct icws_buf *tree, const struct icws_principal *subnet,
                            const struct maker_key *key, const struct icws_principal *canister,
                            uint64_t time_ns)
{
  maker_put_fork(tree);
  put_ranges(tree, subnet, canister);
  maker_put_fork(tree);
  maker_put_label(tree, icws_bytes_text("subnet"));
  maker_put_label(tree, icws_principal_bytes(subnet));
  maker_put_label(tree, icws_bytes_text("public_key"));
  maker_put_leaf(tree, maker_key_der(key));
  maker_put_time(tree, time_ns);
}

static enum icws_error sign(struct icws_bytes encoding, const struct maker_key *key,
                            uint8_t signature[48])
{
  enum { SEPARATOR = sizeof state_root - 1 };
  uint8_t message[SEPARATOR + ICWS_SHA256_BYTES];
  struct icws_hashtree tree;
  blst_p1 point;
  icws_hashtree_init(&tree, NULL);
  enum icws_error error = icws_hashtree_decode(&tree, encoding, MAX_NODES, NULL);
  if (error == ICWS_OK) {
    memcpy(message, state_root, SEPARATOR);
    icws_hashtree_digest(&tree, message + SEPARATOR);
    blst_hash_to_g1(&point, message, sizeof message, (const uint8_t *)ciphersuite,
                    sizeof ciphersuite - 1, NULL, 0);
    blst_sign_pk_in_g2(&point, &point, &key->secret);
    blst_p1_compress(signature, &point);
  }
  icws_hashtree_wipe(&tree);
  return error;
}

void maker_put_certificate(struct icws_buf *out, struct icws_bytes tree,
                           const struct maker_key *key, const struct icws_principal *subnet,
                           struct icws_bytes delegation)
{
  uint8_t signature[48];
  enum icws_error error = sign(tree, key, signature);
  if (error != ICWS_OK) {
    icws_buf_fail(out, error);
    return;
  }
  icws_cbor_put_self_describe(out);
  icws_cbor_put_map(out, delegation.len > 0 ? 3 : 2);
  icws_cbor_put_key(out, "tree");
  icws_buf_put(out, tree.data, tree.len);
  icws_cbor_put_key(out, "signature");
  icws_cbor_put_bytes(out, icws_bytes_of(signature, sizeof signature));
  if (delegation.len == 0)
    return;
  icws_cbor_put_key(out, "delegation");
  icws_cbor_put_map(out, 2);
  icws_cbor_put_key(out, "subnet_id");
  icws_cbor_put_bytes(out, icws_principal_bytes(subnet));
  icws_cbor_put_key(out, "certificate");
  icws_cbor_put_bytes(out, delegation);
}
