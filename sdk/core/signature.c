/* SPDX-License-Identifier: Apache-2.0 */
#include "signature.h"

#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include <icws/identity.h>

const uint8_t icws_ed25519_der_prefix[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                           0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

/* The algorithms of the IC's own keys, 1.3.6.1.4.1.56387.1.1 (WebAuthn) and .2 (canister
 * signatures), without the last byte (IC interface specification, "Signatures"). */
static const uint8_t ic_algorithm[] = {0x30, 0x0c, 0x06, 0x0a, 0x2b, 0x06, 0x01,
                                       0x04, 0x01, 0x83, 0xb8, 0x43, 0x01};

static bool is_ed25519(struct icws_bytes key)
{
  return key.len == ICWS_ED25519_DER_BYTES &&
         memcmp(key.data, icws_ed25519_der_prefix, ICWS_ED25519_DER_PREFIX_BYTES) == 0;
}

/* The algorithm stands behind the tag and the length of the outer sequence: 2 to 4 bytes. */
static bool is_ic_key(struct icws_bytes key)
{
  for (size_t at = 2; at <= 4; at++)
    if (key.len > at + sizeof ic_algorithm &&
        memcmp(key.data + at, ic_algorithm, sizeof ic_algorithm) == 0)
      return true;
  return false;
}

static enum icws_error verify(struct icws_bytes key, struct icws_bytes message,
                              struct icws_bytes signature, icws_ecdsa_verify_fn *ecdsa)
{
  if (is_ic_key(key))
    return ICWS_ERR_UNSUPPORTED;
  if (!is_ed25519(key))
    return ecdsa != NULL ? ecdsa(key, message, signature) : ICWS_ERR_UNSUPPORTED;
  if (signature.len != crypto_sign_BYTES ||
      crypto_sign_verify_detached(signature.data, message.data, message.len,
                                  key.data + ICWS_ED25519_DER_PREFIX_BYTES) != 0)
    return ICWS_ERR_SIGNATURE;
  return ICWS_OK;
}

enum icws_error icws_signature_verify(struct icws_bytes key, struct icws_bytes message,
                                      struct icws_bytes signature, icws_ecdsa_verify_fn *ecdsa,
                                      const char *what, struct icws_failure *failure)
{
  enum icws_error error = verify(key, message, signature, ecdsa);
  switch ((int)error) {
  case ICWS_OK:
    return ICWS_OK;
  case ICWS_ERR_SIGNATURE:
    return icws_fail(failure, error, "%s: the signature does not verify", what);
  case ICWS_ERR_KEY:
    return icws_fail(failure, error, "%s: the public key is malformed or of an unknown kind", what);
  case ICWS_ERR_UNSUPPORTED:
    return icws_fail(failure, error, "%s: signatures by this kind of key cannot be verified here",
                     what);
  default:
    return icws_fail(failure, error, "%s: %s", what, icws_strerror(error));
  }
}
