/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs8.h"

#include <stdbool.h>
#include <string.h>

enum tag {
  TAG_INTEGER = 0x02,
  TAG_BIT_STRING = 0x03,
  TAG_OCTET_STRING = 0x04,
  TAG_OID = 0x06,
  TAG_SEQUENCE = 0x30,
  TAG_PUBLIC_KEY_IMPLICIT = 0x81, /* [1] IMPLICIT BIT STRING */
  TAG_PUBLIC_KEY_EXPLICIT = 0xa1, /* [1] EXPLICIT, a BIT STRING within */
};

#define LONG_FORM 0x80 /* from here on, the first byte of a length says how many follow */

static const uint8_t oid_ed25519[] = {0x2b, 0x65, 0x70}; /* 1.3.101.112, RFC 8410 */

/* Reading: |rest| is what is left of an element; elements are taken off its front. */

static bool next_is(const struct icws_bytes *rest, enum tag tag)
{
  return rest->len > 0 && rest->data[0] == tag;
}

/* Takes one element with |tag|.  A key of 85 bytes at most needs no length in the long form, and
 * DER forbids that for lengths below 128; so a longer element, which is no Ed25519 key, is refused
 * here as well. */
static bool take(struct icws_bytes *rest, enum tag tag, struct icws_bytes *contents)
{
  if (rest->len < 2 || rest->data[0] != tag || rest->data[1] >= LONG_FORM ||
      rest->data[1] > rest->len - 2)
    return false;
  *contents = icws_bytes_of(rest->data + 2, rest->data[1]);
  rest->data += 2 + contents->len;
  rest->len -= 2 + contents->len;
  return true;
}

/* Takes an element that fills |whole|. */
static bool take_all(struct icws_bytes whole, enum tag tag, struct icws_bytes *contents)
{
  return take(&whole, tag, contents) && whole.len == 0;
}

/* A bit string of whole bytes starts with the number of unused bits. */
static bool bits_to_key(struct icws_bytes bits, struct icws_bytes *public_key)
{
  if (bits.len != 1 + ICWS_ED25519_PUBLIC_KEY_BYTES || bits.data[0] != 0)
    return false;
  *public_key = icws_bytes_of(bits.data + 1, ICWS_ED25519_PUBLIC_KEY_BYTES);
  return true;
}

static bool take_public_key(struct icws_bytes *rest, struct icws_bytes *public_key)
{
  struct icws_bytes bits;
  struct icws_bytes explicit_tag;
  if (next_is(rest, TAG_PUBLIC_KEY_IMPLICIT))
    return take(rest, TAG_PUBLIC_KEY_IMPLICIT, &bits) && bits_to_key(bits, public_key);
  return take(rest, TAG_PUBLIC_KEY_EXPLICIT, &explicit_tag) &&
         take_all(explicit_tag, TAG_BIT_STRING, &bits) && bits_to_key(bits, public_key);
}

static bool take_version(struct icws_bytes *rest, uint8_t *version)
{
  struct icws_bytes integer;
  if (!take(rest, TAG_INTEGER, &integer) || integer.len != 1 || integer.data[0] > 1)
    return false;
  *version = integer.data[0];
  return true;
}

/* Another algorithm has another OID, or parameters behind it. */
static enum icws_error take_algorithm(struct icws_bytes *rest, struct icws_failure *failure)
{
  struct icws_bytes algorithm;
  struct icws_bytes oid;
  if (!take(rest, TAG_SEQUENCE, &algorithm) || !take(&algorithm, TAG_OID, &oid))
    return icws_fail(failure, ICWS_ERR_DER, "PKCS#8: the algorithm is malformed");
  if (!icws_bytes_equal(oid, icws_bytes_of(oid_ed25519, sizeof oid_ed25519)))
    return icws_fail(failure, ICWS_ERR_KEY, "PKCS#8: the key is not an Ed25519 key");
  if (algorithm.len != 0)
    return icws_fail(failure, ICWS_ERR_DER, "PKCS#8: Ed25519 has no parameters");
  return ICWS_OK;
}

static bool take_seed(struct icws_bytes *rest, struct icws_bytes *seed)
{
  struct icws_bytes private_key;
  return take(rest, TAG_OCTET_STRING, &private_key) &&
         take_all(private_key, TAG_OCTET_STRING, seed) && seed->len == ICWS_ED25519_SEED_BYTES;
}

enum icws_error icws_pkcs8_decode(struct icws_bytes der, struct icws_pkcs8 *key,
                                  struct icws_failure *failure)
{
  struct icws_bytes rest;
  struct icws_pkcs8 found = {0};
  uint8_t version;
  /* RSA and EC keys need lengths in the long form: say what is wrong with them. */
  if (der.len >= LONG_FORM && der.data[0] == TAG_SEQUENCE)
    return icws_fail(failure, ICWS_ERR_KEY, "PKCS#8: %zu bytes are no Ed25519 key", der.len);
  if (!take_all(der, TAG_SEQUENCE, &rest) || !take_version(&rest, &version))
    return icws_fail(failure, ICWS_ERR_DER, "PKCS#8: not a private key of version 1 or 2");
  enum icws_error error = take_algorithm(&rest, failure);
  if (error != ICWS_OK)
    return error;
  if (!take_seed(&rest, &found.seed))
    return icws_fail(failure, ICWS_ERR_DER, "PKCS#8: the private key is not a seed of 32 bytes");
  if (version == 1 && !take_public_key(&rest, &found.public_key))
    return icws_fail(failure, ICWS_ERR_DER, "PKCS#8: version 2 lacks a public key of 32 bytes");
  if (rest.len != 0)
    return icws_fail(failure, ICWS_ERR_DER, "PKCS#8: %zu unexpected bytes at the end", rest.len);
  *key = found;
  return ICWS_OK;
}

/* Writing: all lengths are fixed, so what stands around seed and public key is fixed as well. */

size_t icws_pkcs8_encode(const uint8_t seed[ICWS_ED25519_SEED_BYTES],
                         const uint8_t public_key[ICWS_ED25519_PUBLIC_KEY_BYTES],
                         enum icws_pkcs8_version version, uint8_t out[ICWS_PKCS8_MAX_BYTES])
{
  static const uint8_t before_seed[] = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                                        0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};
  static const uint8_t before_public_key[] = {0xa1, 0x23, 0x03, 0x21, 0x00};
  static const uint8_t length_of_version_2 = ICWS_PKCS8_MAX_BYTES - 2;
  uint8_t *end = out;

  memcpy(end, before_seed, sizeof before_seed);
  end += sizeof before_seed;
  memcpy(end, seed, ICWS_ED25519_SEED_BYTES);
  end += ICWS_ED25519_SEED_BYTES;
  if (version == ICWS_PKCS8_V2) {
    out[1] = length_of_version_2;
    out[4] = 1; /* the INTEGER that says version 2 */
    memcpy(end, before_public_key, sizeof before_public_key);
    end += sizeof before_public_key;
    memcpy(end, public_key, ICWS_ED25519_PUBLIC_KEY_BYTES);
    end += ICWS_ED25519_PUBLIC_KEY_BYTES;
  }
  return (size_t)(end - out);
}
