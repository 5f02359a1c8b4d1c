/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/bls_key.h"

#include <string.h>

#include <blst.h>
#include <sodium.h>

/* SubjectPublicKeyInfo of a BLS12-381 key in G2, up to the 96 bytes of the compressed point. */
static const uint8_t der_prefix[] = {0x30, 0x81, 0x82, 0x30, 0x1d, 0x06, 0x0d, 0x2b, 0x06, 0x01,
                                     0x04, 0x01, 0x82, 0xdc, 0x7c, 0x05, 0x03, 0x01, 0x02, 0x01,
                                     0x06, 0x0c, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0xdc, 0x7c,
                                     0x05, 0x03, 0x02, 0x01, 0x03, 0x61, 0x00};

static const char ciphersuite[] = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

struct icws_bls_key {
  blst_scalar secret;
};

enum icws_error icws_bls_key_new(const uint8_t seed[ICWS_BLS_SEED_BYTES], const char *purpose,
                                 struct icws_bls_key **key)
{
  if (sodium_init() < 0) {
    return ICWS_ERR_NOMEM;
  }
  struct icws_bls_key *made = sodium_malloc(sizeof *made);
  if (made == NULL) {
    return ICWS_ERR_NOMEM;
  }
  blst_keygen(&made->secret, seed, ICWS_BLS_SEED_BYTES, (const byte *)purpose, strlen(purpose));
  if (sodium_mprotect_readonly(made) != 0) {
    sodium_free(made);
    return ICWS_ERR_NOMEM;
  }
  *key = made;
  return ICWS_OK;
}

void icws_bls_key_del(struct icws_bls_key *key)
{
  sodium_free(key);
}

void icws_bls_key_public(const struct icws_bls_key *key, uint8_t out[ICWS_ROOT_KEY_DER_BYTES])
{
  _Static_assert(sizeof der_prefix + 96 == ICWS_ROOT_KEY_DER_BYTES, "prefix and compressed point");
  blst_p2 point;
  blst_sk_to_pk_in_g2(&point, &key->secret);
  memcpy(out, der_prefix, sizeof der_prefix);
  blst_p2_compress(out + sizeof der_prefix, &point);
}

void icws_bls_key_sign(const struct icws_bls_key *key, struct icws_bytes message,
                       uint8_t out[ICWS_BLS_SIGNATURE_BYTES])
{
  blst_p1 point;
  blst_hash_to_g1(&point, message.data, message.len, (const byte *)ciphersuite,
                  sizeof ciphersuite - 1, NULL, 0);
  blst_sign_pk_in_g2(&point, &point, &key->secret);
  blst_p1_compress(out, &point);
}
