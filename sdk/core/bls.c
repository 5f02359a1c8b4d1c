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
  blst_p2_affine_compress(engine->generator.encoding, blst_p2_affine_generator());
  engine->verified = 0;
  engine->good_recency = (struct icws_recency){.uses = 0};
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
  memcpy(key->encoding, der.data + sizeof der_prefix, sizeof key->encoding);
  return true;
}

static bool decode_signature(blst_p1_affine *point, struct icws_bytes signature)
{
  return signature.len == ICWS_BLS_SIGNATURE_BYTES &&
         blst_p1_uncompress(point, signature.data) == BLST_SUCCESS &&
         !blst_p1_affine_is_inf(point) && blst_p1_affine_in_g1(point);
}

static void hash_message(blst_p1 *point, struct icws_bytes message)
{
  blst_hash_to_g1(point, message.data, message.len, (const uint8_t *)ciphersuite,
                  sizeof ciphersuite - 1, NULL, 0);
}

static void pair(blst_fp12 *value, const struct icws_bls_key *key, const blst_p1 *point)
{
  blst_p1_affine affine;
  blst_p1_to_affine(&affine, point);
  blst_miller_loop_lines(value, key->lines, &affine);
}

/* --- What is known ---------------------------------------------------------------------------- */

/* False if the signature cannot be right.  Key and signature are of one length each, so that nothing
 * else has the same fingerprint. */
static bool take_fingerprint(const struct icws_bls_signed *it, uint8_t out[ICWS_SHA256_BYTES])
{
  const struct icws_bytes parts[] = {
      icws_bytes_of(it->key->encoding, sizeof it->key->encoding),
      it->signature,
      it->message,
  };
  if (it->signature.len != ICWS_BLS_SIGNATURE_BYTES)
    return false;
  icws_sha256(parts, sizeof parts / sizeof *parts, out);
  return true;
}

static bool is_known(struct icws_bls_engine *engine, const struct icws_bls_signed *it)
{
  uint8_t fingerprint[ICWS_SHA256_BYTES];
  if (!take_fingerprint(it, fingerprint))
    return false;
  for (size_t i = 0; i < ICWS_RECENCY_SLOTS; i++) {
    if (icws_recency_holds(&engine->good_recency, i) &&
        memcmp(engine->good[i], fingerprint, sizeof fingerprint) == 0) {
      icws_recency_use(&engine->good_recency, i);
      return true;
    }
  }
  return false;
}

static void remember(struct icws_bls_engine *engine, const struct icws_bls_signed *it)
{
  size_t slot = icws_recency_evict(&engine->good_recency);
  if (take_fingerprint(it, engine->good[slot]))
    icws_recency_use(&engine->good_recency, slot);
}

/* --- One -------------------------------------------------------------------------------------- */

/* The signature is right if e(signature, generator) = e(H(message), key). */
static bool verify(const struct icws_bls_engine *engine, const struct icws_bls_signed *it)
{
  blst_p1_affine signature_point;
  blst_p1 hash;
  blst_fp12 left;
  blst_fp12 right;
  if (!decode_signature(&signature_point, it->signature))
    return false;
  hash_message(&hash, it->message);
  blst_miller_loop_lines(&left, engine->generator.lines, &signature_point);
  pair(&right, it->key, &hash);
  return blst_fp12_finalverify(&left, &right);
}

bool icws_bls_verify(struct icws_bls_engine *engine, const struct icws_bls_key *key,
                     struct icws_bytes message, struct icws_bytes signature)
{
  const struct icws_bls_signed it = {.key = key, .message = message, .signature = signature};
  if (is_known(engine, &it))
    return true;
  engine->verified++;
  if (!verify(engine, &it))
    return false;
  remember(engine, &it);
  return true;
}

/* --- Two at once ------------------------------------------------------------------------------ */

#define WEIGHT_BYTES 16

/* The weight of the other signature depends on all that is verified, keys included: whoever makes
 * a pair of wrong signatures cancel each other out needs a chance in 2^128. */
static void draw_weight(const struct icws_bls_signed *one, const struct icws_bls_signed *other,
                        uint8_t weight[ICWS_SHA256_BYTES])
{
  struct icws_bytes parts[] = {
      icws_bytes_of(one->key->encoding, sizeof one->key->encoding),
      icws_bytes_of(other->key->encoding, sizeof other->key->encoding),
      one->signature, /* of one length, checked before; messages come last */
      other->signature,
      one->message,
      other->message,
  };
  icws_sha256(parts, sizeof parts / sizeof *parts, weight);
}

static void weigh(blst_p1 *point, const uint8_t weight[ICWS_SHA256_BYTES])
{
  blst_p1_mult(point, point, weight, 8 * WEIGHT_BYTES);
}

/* Both are right if, with a weight w that nobody can choose,
 * e(signature1 + w signature2, generator) = e(H(message1), key1) e(w H(message2), key2). */
static bool verify_both(const struct icws_bls_engine *engine, const struct icws_bls_signed *one,
                        const struct icws_bls_signed *other)
{
  uint8_t weight[ICWS_SHA256_BYTES];
  blst_p1_affine first;
  blst_p1_affine second;
  blst_p1 sum;
  blst_p1 hash;
  blst_fp12 left;
  blst_fp12 right;
  blst_fp12 other_right;
  if (!decode_signature(&first, one->signature) || !decode_signature(&second, other->signature))
    return false;
  draw_weight(one, other, weight);
  blst_p1_from_affine(&sum, &second);
  weigh(&sum, weight);
  blst_p1_add_or_double_affine(&sum, &sum, &first);
  if (blst_p1_is_inf(&sum))
    return false; /* no right signatures do this but by a chance in 2^128 */
  pair(&left, &engine->generator, &sum);
  hash_message(&hash, one->message);
  pair(&right, one->key, &hash);
  hash_message(&hash, other->message);
  weigh(&hash, weight);
  pair(&other_right, other->key, &hash);
  blst_fp12_mul(&right, &right, &other_right);
  return blst_fp12_finalverify(&left, &right);
}

bool icws_bls_verify_both(struct icws_bls_engine *engine, const struct icws_bls_signed *one,
                          const struct icws_bls_signed *other)
{
  if (is_known(engine, one))
    return icws_bls_verify(engine, other->key, other->message, other->signature);
  if (is_known(engine, other))
    return icws_bls_verify(engine, one->key, one->message, one->signature);
  engine->verified += 2;
  if (!verify_both(engine, one, other))
    return false;
  remember(engine, one);
  remember(engine, other);
  return true;
}
