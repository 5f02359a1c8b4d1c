/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/keys.h>

#include <stdbool.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#define POINT_BYTES 65  /* 4, x and y: the IC takes no other form of a point */
#define SCALAR_BYTES 32 /* r and s each */
#define DER_SIGNATURE_MAX_BYTES 72

/* A curve and its SubjectPublicKeyInfo up to the point (IC interface specification, "Signatures").
 * The last byte of each prefix is the first of the point. */
struct curve {
  const char *name;
  size_t prefix_len;
  uint8_t prefix[27];
};

static const struct curve curves[] = {
    {SN_secp256k1, 24, {0x30, 0x56, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
                        0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a, 0x03, 0x42, 0x00, 0x04}},
    {SN_X9_62_prime256v1, 27, {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                               0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                               0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04}},
};

static const struct curve *find_curve(struct icws_bytes key)
{
  for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
    const struct curve *curve = &curves[i];
    if (key.len == curve->prefix_len - 1 + POINT_BYTES &&
        memcmp(key.data, curve->prefix, curve->prefix_len) == 0)
      return curve;
  }
  return NULL;
}

/* NULL if |point| is not on the curve. */
static EVP_PKEY *load_key(const struct curve *curve, const uint8_t *point)
{
  char group[32];
  uint8_t copy[POINT_BYTES]; /* OSSL_PARAM takes no pointers to const */
  EVP_PKEY *key = NULL;
  strcpy(group, curve->name);
  memcpy(copy, point, sizeof copy);
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy, sizeof copy),
      OSSL_PARAM_construct_end(),
  };
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
  if (context != NULL && EVP_PKEY_fromdata_init(context) == 1 &&
      EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
    key = NULL;
  EVP_PKEY_CTX_free(context);
  return key;
}

/* The IC writes r and s side by side, libcrypto wants them as DER.  Returns the length, or 0. */
static size_t signature_to_der(const uint8_t *signature, uint8_t out[DER_SIGNATURE_MAX_BYTES])
{
  BIGNUM *r = BN_bin2bn(signature, SCALAR_BYTES, NULL);
  BIGNUM *s = BN_bin2bn(signature + SCALAR_BYTES, SCALAR_BYTES, NULL);
  ECDSA_SIG *pair = ECDSA_SIG_new();
  uint8_t *end = out;
  int len = 0;
  if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1) {
    r = NULL; /* both belong to the pair now */
    s = NULL;
    len = i2d_ECDSA_SIG(pair, &end);
  }
  ECDSA_SIG_free(pair);
  BN_free(r);
  BN_free(s);
  return len > 0 ? (size_t)len : 0;
}

static bool verify(EVP_PKEY *key, struct icws_bytes message, const uint8_t *der, size_t der_len)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  bool valid = context != NULL &&
               EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
               EVP_DigestVerify(context, der, der_len, message.data, message.len) == 1;
  EVP_MD_CTX_free(context);
  return valid;
}

static enum icws_error verify_on(const struct curve *curve, struct icws_bytes key,
                                 struct icws_bytes message, struct icws_bytes signature)
{
  uint8_t der[DER_SIGNATURE_MAX_BYTES];
  EVP_PKEY *loaded = load_key(curve, key.data + curve->prefix_len - 1);
  if (loaded == NULL)
    return ICWS_ERR_KEY;
  size_t der_len = signature_to_der(signature.data, der);
  bool valid = der_len > 0 && verify(loaded, message, der, der_len);
  EVP_PKEY_free(loaded);
  return valid ? ICWS_OK : ICWS_ERR_SIGNATURE;
}

enum icws_error icws_keys_verify_ecdsa(struct icws_bytes key, struct icws_bytes message,
                                       struct icws_bytes signature)
{
  const struct curve *curve = find_curve(key);
  if (curve == NULL)
    return ICWS_ERR_KEY;
  if (signature.len != ICWS_SIGNATURE_BYTES)
    return ICWS_ERR_SIGNATURE;
  /* Whoever else uses libcrypto in this thread, TLS for one, must not find our errors. */
  ERR_set_mark();
  enum icws_error error = verify_on(curve, key, message, signature);
  ERR_pop_to_mark();
  return error;
}
