/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/keys.h>

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/asn1t.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sodium.h>

/*
 * Encrypted private keys: PBES2 (RFC 8018) with PBKDF2 or scrypt (RFC 7914) and AES in CBC mode.
 * libcrypto reads the outer form and does the cryptography.  Its own PKCS8_decrypt does not serve:
 * it reads no version 2 inside, allows scrypt less memory than icp-cli asks for, and PBKDF2 as many
 * rounds as a file says.
 */

#define PBKDF2_MAX_ROUNDS 10000000
#define SCRYPT_MAX_BYTES (UINT64_C(256) * 1024 * 1024)
#define SCRYPT_MAX_PARALLEL 16
#define KEY_MAX_BYTES 32
#define IV_BYTES 16 /* of AES */

/* The parts of an encrypted key while it is opened. */
struct sealed {
  X509_SIG *file;
  PBE2PARAM *scheme;
  const EVP_CIPHER *cipher;
  const ASN1_OCTET_STRING *iv;
  const ASN1_OCTET_STRING *bytes;
};

/* In locked memory. */
struct secrets {
  char passphrase[ICWS_PASSPHRASE_MAX_BYTES];
  size_t passphrase_len;
  uint8_t key[KEY_MAX_BYTES];
  uint8_t der[ICWS_KEY_FILE_MAX_BYTES];
  size_t der_len;
};

static enum icws_error unsupported(struct icws_failure *failure, const char *what)
{
  return icws_fail(failure, ICWS_ERR_UNSUPPORTED,
                   "encrypted key: %s (PBES2 with PBKDF2 or scrypt and AES-CBC is)", what);
}

/* --- The outer form --------------------------------------------------------------------------- */

static enum icws_error find_cipher(struct sealed *sealed, struct icws_failure *failure)
{
  const ASN1_OBJECT *name;
  const void *parameter;
  int type;
  X509_ALGOR_get0(&name, &type, &parameter, sealed->scheme->encryption);
  switch (OBJ_obj2nid(name)) {
  case NID_aes_128_cbc:
    sealed->cipher = EVP_aes_128_cbc();
    break;
  case NID_aes_192_cbc:
    sealed->cipher = EVP_aes_192_cbc();
    break;
  case NID_aes_256_cbc:
    sealed->cipher = EVP_aes_256_cbc();
    break;
  default:
    return unsupported(failure, "the cipher is not supported");
  }
  sealed->iv = parameter;
  if (type != V_ASN1_OCTET_STRING || ASN1_STRING_length(sealed->iv) != IV_BYTES)
    return icws_fail(failure, ICWS_ERR_DER, "encrypted key: not an initialisation vector of AES");
  return ICWS_OK;
}

static enum icws_error find_scheme(struct sealed *sealed, struct icws_failure *failure)
{
  const X509_ALGOR *algorithm;
  const ASN1_OBJECT *name;
  const void *parameter;
  int type;
  X509_SIG_get0(sealed->file, &algorithm, &sealed->bytes);
  X509_ALGOR_get0(&name, &type, &parameter, algorithm);
  if (OBJ_obj2nid(name) != NID_pbes2)
    return unsupported(failure, "the encryption scheme is not supported");
  if (type == V_ASN1_SEQUENCE)
    sealed->scheme = ASN1_item_unpack(parameter, ASN1_ITEM_rptr(PBE2PARAM));
  if (sealed->scheme == NULL)
    return icws_fail(failure, ICWS_ERR_DER, "encrypted key: malformed parameters");
  return find_cipher(sealed, failure);
}

/* PEM may be encrypted a second time, by its headers (RFC 1421).  Nobody writes keys so; but without
 * a callback libcrypto would ask the terminal for a passphrase, and wait. */
static int refuse_pem_headers(char *out, int size, int writing, void *user_data)
{
  (void)out;
  (void)size;
  (void)writing;
  (void)user_data;
  return -1;
}

static enum icws_error read_file(struct icws_bytes pem, struct sealed *sealed,
                                 struct icws_failure *failure)
{
  if (pem.len > ICWS_KEY_FILE_MAX_BYTES)
    return icws_fail(failure, ICWS_ERR_LIMIT, "encrypted key: more than %d bytes",
                     ICWS_KEY_FILE_MAX_BYTES);
  BIO *input = BIO_new_mem_buf(pem.data, (int)pem.len);
  if (input == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "encrypted key: no memory");
  sealed->file = PEM_read_bio_PKCS8(input, NULL, refuse_pem_headers, NULL);
  BIO_free(input);
  if (sealed->file == NULL)
    return icws_fail(failure, ICWS_ERR_PEM, "encrypted key: malformed PEM or PKCS#8");
  return find_scheme(sealed, failure);
}

/* --- The key that the passphrase makes -------------------------------------------------------- */

static bool key_length_fits(const ASN1_INTEGER *length, int wanted)
{
  return length == NULL || ASN1_INTEGER_get(length) == wanted;
}

/* The pseudorandom function: HMAC with some digest, SHA-1 if none is named. */
static const EVP_MD *find_digest(const X509_ALGOR *prf)
{
  const ASN1_OBJECT *name;
  int digest;
  if (prf == NULL)
    return EVP_sha1();
  X509_ALGOR_get0(&name, NULL, NULL, prf);
  if (EVP_PBE_find(EVP_PBE_TYPE_PRF, OBJ_obj2nid(name), NULL, &digest, NULL) != 1)
    return NULL;
  return EVP_get_digestbynid(digest);
}

static enum icws_error derive_pbkdf2(const PBKDF2PARAM *parameters, int key_len,
                                     struct secrets *secrets, struct icws_failure *failure)
{
  const EVP_MD *digest = find_digest(parameters->prf);
  long rounds = ASN1_INTEGER_get(parameters->iter);
  if (digest == NULL)
    return unsupported(failure, "the digest of PBKDF2 is not supported");
  if (rounds > PBKDF2_MAX_ROUNDS)
    return icws_fail(failure, ICWS_ERR_LIMIT, "encrypted key: more than %d rounds of PBKDF2",
                     PBKDF2_MAX_ROUNDS);
  if (rounds < 1 || parameters->salt->type != V_ASN1_OCTET_STRING ||
      !key_length_fits(parameters->keylength, key_len))
    return icws_fail(failure, ICWS_ERR_DER, "encrypted key: malformed parameters of PBKDF2");
  const ASN1_OCTET_STRING *salt = parameters->salt->value.octet_string;
  if (PKCS5_PBKDF2_HMAC(secrets->passphrase, (int)secrets->passphrase_len,
                        ASN1_STRING_get0_data(salt), ASN1_STRING_length(salt), (int)rounds, digest,
                        key_len, secrets->key) != 1)
    return icws_fail(failure, ICWS_ERR_NOMEM, "encrypted key: PBKDF2 failed");
  return ICWS_OK;
}

static enum icws_error derive_scrypt(const SCRYPT_PARAMS *parameters, int key_len,
                                     struct secrets *secrets, struct icws_failure *failure)
{
  uint64_t cost;
  uint64_t block;
  uint64_t parallel;
  if (ASN1_INTEGER_get_uint64(&cost, parameters->costParameter) != 1 ||
      ASN1_INTEGER_get_uint64(&block, parameters->blockSize) != 1 ||
      ASN1_INTEGER_get_uint64(&parallel, parameters->parallelizationParameter) != 1 || cost < 2 ||
      (cost & (cost - 1)) != 0 || block == 0 || parallel == 0 ||
      !key_length_fits(parameters->keyLength, key_len))
    return icws_fail(failure, ICWS_ERR_DER, "encrypted key: malformed parameters of scrypt");
  if (cost > SCRYPT_MAX_BYTES / 128 || block > SCRYPT_MAX_BYTES / 128 / cost ||
      parallel > SCRYPT_MAX_PARALLEL)
    return icws_fail(failure, ICWS_ERR_LIMIT, "encrypted key: scrypt would take more than 256 MiB");
  /* libcrypto counts the blocks beside the large table as well. */
  if (EVP_PBE_scrypt(secrets->passphrase, secrets->passphrase_len,
                     ASN1_STRING_get0_data(parameters->salt),
                     (size_t)ASN1_STRING_length(parameters->salt), cost, block, parallel,
                     2 * SCRYPT_MAX_BYTES, secrets->key, (size_t)key_len) != 1)
    return icws_fail(failure, ICWS_ERR_NOMEM, "encrypted key: no memory for scrypt");
  return ICWS_OK;
}

static enum icws_error derive_key(const struct sealed *sealed, struct secrets *secrets,
                                  struct icws_failure *failure)
{
  const ASN1_OBJECT *name;
  const void *parameter;
  int type;
  enum icws_error error;
  int key_len = EVP_CIPHER_get_key_length(sealed->cipher);
  assert(key_len <= KEY_MAX_BYTES);
  X509_ALGOR_get0(&name, &type, &parameter, sealed->scheme->keyfunc);
  int function = OBJ_obj2nid(name);
  if (function != NID_id_pbkdf2 && function != NID_id_scrypt)
    return unsupported(failure, "the key derivation is not supported");
  const ASN1_ITEM *item =
      function == NID_id_pbkdf2 ? ASN1_ITEM_rptr(PBKDF2PARAM) : ASN1_ITEM_rptr(SCRYPT_PARAMS);
  void *parameters = type == V_ASN1_SEQUENCE ? ASN1_item_unpack(parameter, item) : NULL;
  if (parameters == NULL)
    return icws_fail(failure, ICWS_ERR_DER, "encrypted key: malformed key derivation");
  if (function == NID_id_pbkdf2)
    error = derive_pbkdf2(parameters, key_len, secrets, failure);
  else
    error = derive_scrypt(parameters, key_len, secrets, failure);
  ASN1_item_free(parameters, item);
  return error;
}

/* --- Opening ---------------------------------------------------------------------------------- */

static bool decrypt(const struct sealed *sealed, struct secrets *secrets)
{
  int len = ASN1_STRING_length(sealed->bytes);
  int head = 0;
  int tail = 0;
  /* What is decrypted is never longer than what was encrypted, and that came from a file of bounded
   * length. */
  assert((size_t)len + EVP_MAX_BLOCK_LENGTH <= sizeof secrets->der);
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  bool opened = context != NULL &&
                EVP_DecryptInit_ex(context, sealed->cipher, NULL, secrets->key,
                                   ASN1_STRING_get0_data(sealed->iv)) == 1 &&
                EVP_DecryptUpdate(context, secrets->der, &head,
                                  ASN1_STRING_get0_data(sealed->bytes), len) == 1 &&
                EVP_DecryptFinal_ex(context, secrets->der + head, &tail) == 1;
  EVP_CIPHER_CTX_free(context);
  secrets->der_len = (size_t)head + (size_t)tail;
  return opened;
}

/* A wrong passphrase shows in the padding or, once in 256 times, in what stands before it. */
static enum icws_error open_sealed(const struct sealed *sealed, struct secrets *secrets,
                                   struct icws_identity **identity, struct icws_failure *failure)
{
  enum icws_error error = derive_key(sealed, secrets, failure);
  if (error != ICWS_OK)
    return error;
  error = ICWS_ERR_DER;
  if (decrypt(sealed, secrets))
    error =
        icws_identity_from_pkcs8(icws_bytes_of(secrets->der, secrets->der_len), identity, failure);
  if (error == ICWS_ERR_DER)
    return icws_fail(failure, ICWS_ERR_PASSPHRASE, "encrypted key: wrong passphrase");
  return error;
}

static enum icws_error ask(icws_passphrase_fn *passphrase, void *user_data, struct secrets *secrets,
                           struct icws_failure *failure)
{
  if (passphrase(secrets->passphrase, sizeof secrets->passphrase, &secrets->passphrase_len,
                 user_data) != ICWS_OK ||
      secrets->passphrase_len > sizeof secrets->passphrase)
    return icws_fail(failure, ICWS_ERR_PASSPHRASE, "encrypted key: no passphrase");
  return ICWS_OK;
}

static enum icws_error from_encrypted(struct icws_bytes pem, icws_passphrase_fn *passphrase,
                                      void *user_data, struct icws_identity **identity,
                                      struct icws_failure *failure)
{
  struct sealed sealed = {0};
  struct secrets *secrets = sodium_init() < 0 ? NULL : sodium_malloc(sizeof *secrets);
  enum icws_error error = ICWS_ERR_NOMEM;
  if (secrets == NULL)
    return icws_fail(failure, error, "encrypted key: no locked memory");
  secrets->passphrase_len = 0;
  error = read_file(pem, &sealed, failure);
  if (error == ICWS_OK)
    error = ask(passphrase, user_data, secrets, failure);
  if (error == ICWS_OK)
    error = open_sealed(&sealed, secrets, identity, failure);
  PBE2PARAM_free(sealed.scheme);
  X509_SIG_free(sealed.file);
  sodium_free(secrets); /* which wipes them */
  return error;
}

enum icws_error icws_keys_from_pem(struct icws_bytes pem, icws_passphrase_fn *passphrase,
                                   void *user_data, struct icws_identity **identity,
                                   struct icws_failure *failure)
{
  struct icws_failure plain;
  enum icws_error error = icws_identity_from_pem(pem, identity, &plain);
  if (error != ICWS_ERR_UNSUPPORTED) {
    if (error != ICWS_OK && failure != NULL)
      *failure = plain;
    return error;
  }
  if (passphrase == NULL)
    return icws_fail(failure, ICWS_ERR_PASSPHRASE,
                     "the key is encrypted, and there is nobody to ask for its passphrase");
  /* Whoever else uses libcrypto in this thread, TLS for one, must not find our errors. */
  ERR_set_mark();
  error = from_encrypted(pem, passphrase, user_data, identity, failure);
  ERR_pop_to_mark();
  return error;
}
