/* SPDX-License-Identifier: Apache-2.0 */
#include "bls.h"

#include <string.h>

static const char ciphersuite[] = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/* SubjectPublicKeyInfo with the algorithm 1.3.6.1.4.1.44668.5.3.1.2.1 and the curve
 * 1.3.6.1.4.1.44668.5.3.2.1; then come the 96 bytes of the key.  DER leaves no choice, so that the
 * bytes can be compared. */
static const uint8_t der_prefix[] = {
    0x30, 0x81, 0x82, 0x30, 0x1d, 0x06, 0x0d, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82,
    0xdc, 0x7c, 0x05, 0x03, 0x01, 0x02, 0x01, 0x06, 0x0c, 0x2b, 0x06, 0x01, 0x04,
    0x01, 0x82, 0xdc, 0x7c, 0x05, 0x03, 0x02, 0x01, 0x03, 0x61, 0x00,
};

void icws_bls_engine_init(struct icws_bls_engine *engine)
{
  blst_precompute_lines(engine->generator.lines, blst_p2_affine_generator());
  engine->verified = 0;
}

/* blst checks the encoding and that the point is on the curve; the subgroup is up to us.  Under the
 * point at infinity anything could be signed. */
bool icws_bls_key_init(struct icws_bls_key *key, struct icws_bytes der)
{
  blst_p2_affine point;
  if (der.len != ICWS_BLS_KEY_DER_BYTES || memcmp(der.data, der_prefix, sizeof der_prefix) != 0)
    return false;
  if (blst_p2_uncompress(&point, der.data + sizeof der_prefix) != BLST_SUCCESS ||
      blst_p2_affine_is_inf(&point) || !blst_p2_affine_in_g2(&point))
    return false;
  blst_precompute_lines(key->lines, &point);
  return true;
}

static bool decode_signature(blst_p1_affine *point, struct icws_bytes signature)
{
  return signature.len == ICWS_BLS_SIGNATURE_BYTES &&
         blst_p1_uncompress(point, signature.data) == BLST_SUCCESS &&
         !blst_p1_affine_is_inf(point) && blst_p1_affine_in_g1(point);
}

/* The signature is right if e(signature, generator) = e(H(message), key). */
bool icws_bls_verify(struct icws_bls_engine *engine, const struct icws_bls_key *key,
                     struct icws_bytes message, struct icws_bytes signature)
{
  blst_p1_affine signature_point;
  blst_p1_affine hash_point;
  blst_p1 hash;
  blst_fp12 left;
  blst_fp12 right;
  engine->verified++;
  if (!decode_signature(&signature_point, signature))
    return false;
  blst_hash_to_g1(&hash, message.data, message.len, (const uint8_t *)ciphersuite,
                  sizeof ciphersuite - 1, NULL, 0);
  blst_p1_to_affine(&hash_point, &hash);
  blst_miller_loop_lines(&left, engine->generator.lines, &signature_point);
  blst_miller_loop_lines(&right, key->lines, &hash_point);
  return blst_fp12_finalverify(&left, &right);
}
