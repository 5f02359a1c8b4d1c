/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/identity.h>

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "pem.h"
#include "pkcs8.h"
#include "secret.h"
#include "signature.h"

struct icws_identity {
  uint8_t *secret; /* as libsodium has it: the seed, then the public key */
  struct icws_principal sender;
  uint8_t public_key[ICWS_ED25519_DER_BYTES];
};

_Static_assert(crypto_sign_SECRETKEYBYTES == ICWS_SECRET_BYTES, "a secret key fills one slot");
_Static_assert(crypto_sign_SEEDBYTES == ICWS_ED25519_SEED_BYTES, "seeds are libsodium's");
_Static_assert(crypto_sign_BYTES == ICWS_SIGNATURE_BYTES, "signatures are libsodium's");
_Static_assert(ICWS_ED25519_DER_PREFIX_BYTES + crypto_sign_PUBLICKEYBYTES == ICWS_ED25519_DER_BYTES,
               "prefix and key make the DER form");

enum icws_error icws_identity_from_seed(const uint8_t seed[ICWS_ED25519_SEED_BYTES],
                                        struct icws_identity **identity)
{
  struct icws_identity *made = malloc(sizeof *made);
  uint8_t *secret = icws_secret_new();
  if (made == NULL || secret == NULL) {
    free(made);
    icws_secret_del(secret);
    return ICWS_ERR_NOMEM;
  }
  made->secret = secret;
  memcpy(made->public_key, icws_ed25519_der_prefix, ICWS_ED25519_DER_PREFIX_BYTES);
  crypto_sign_seed_keypair(made->public_key + ICWS_ED25519_DER_PREFIX_BYTES, secret, seed);
  icws_principal_self_authenticating(&made->sender,
                                     icws_bytes_of(made->public_key, sizeof made->public_key));
  *identity = made;
  return ICWS_OK;
}

enum icws_error icws_identity_new(const struct icws_random *random, struct icws_identity **identity)
{
  if (random == NULL)
    random = icws_random_default();
  uint8_t *seed = icws_secret_new();
  if (!seed)
    return ICWS_ERR_NOMEM;
  enum icws_error error = ICWS_ERR_RANDOM;
  if (random->fill(seed, ICWS_ED25519_SEED_BYTES, random->user_data) == ICWS_OK)
    error = icws_identity_from_seed(seed, identity);
  icws_secret_del(seed);
  return error;
}

void icws_identity_del(struct icws_identity *identity)
{
  if (identity != NULL) {
    icws_secret_del(identity->secret);
    free(identity);
  }
}

enum icws_error icws_identity_from_pkcs8(struct icws_bytes der, struct icws_identity **identity,
                                         struct icws_failure *failure)
{
  struct icws_pkcs8 key;
  struct icws_identity *made;
  enum icws_error error = icws_pkcs8_decode(der, &key, failure);
  if (error != ICWS_OK)
    return error;
  error = icws_identity_from_seed(key.seed.data, &made);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "no locked memory for a secret key");
  if (key.public_key.len > 0 &&
      memcmp(key.public_key.data, made->public_key + ICWS_ED25519_DER_PREFIX_BYTES,
             key.public_key.len) != 0) {
    icws_identity_del(made);
    return icws_fail(failure, ICWS_ERR_KEY,
                     "PKCS#8: the public key does not belong to the private key");
  }
  *identity = made;
  return ICWS_OK;
}

enum icws_error icws_identity_from_pem(struct icws_bytes pem, struct icws_identity **identity,
                                       struct icws_failure *failure)
{
  uint8_t der[2 * ICWS_PKCS8_MAX_BYTES]; /* room for keys of other kinds, to say so */
  size_t len;
  if (icws_pem_has_label(pem, "ENCRYPTED PRIVATE KEY"))
    return icws_fail(failure, ICWS_ERR_UNSUPPORTED, "PEM: the private key is encrypted");
  enum icws_error error = icws_pem_decode(pem, "PRIVATE KEY", der, sizeof der, &len, failure);
  if (error == ICWS_OK)
    error = icws_identity_from_pkcs8(icws_bytes_of(der, len), identity, failure);
  sodium_memzero(der, sizeof der);
  return error;
}

void icws_identity_to_pem(const struct icws_identity *identity, enum icws_pkcs8_version version,
                          char out[ICWS_IDENTITY_PEM_BYTES])
{
  uint8_t der[ICWS_PKCS8_MAX_BYTES];
  size_t len = icws_pkcs8_encode(
      identity->secret, identity->public_key + ICWS_ED25519_DER_PREFIX_BYTES, version, der);
  icws_pem_encode("PRIVATE KEY", icws_bytes_of(der, len), out, ICWS_IDENTITY_PEM_BYTES);
  sodium_memzero(der, sizeof der);
}

struct icws_signer icws_identity_signer(const struct icws_identity *identity)
{
  return (struct icws_signer){
      .sender = identity->sender,
      .public_key = icws_bytes_of(identity->public_key, sizeof identity->public_key),
  };
}

void icws_identity_sign(const struct icws_identity *identity, struct icws_bytes message,
                        uint8_t out[ICWS_SIGNATURE_BYTES])
{
  crypto_sign_detached(out, NULL, message.data, message.len, identity->secret);
}
