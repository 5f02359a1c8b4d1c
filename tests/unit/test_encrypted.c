/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/keys.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ui.h>
#include <openssl/x509.h>

#include "vectors.h"

static int libcrypto_asked;

/* Somebody to ask: how often, and the answer. */
struct person {
  const char *passphrase;
  int asked;
};

static enum icws_error answer(char *out, size_t size, size_t *len, void *user_data)
{
  struct person *person = user_data;
  person->asked++;
  assert_int_equal(size, ICWS_PASSPHRASE_MAX_BYTES);
  if (person->passphrase == NULL)
    return ICWS_ERR_PASSPHRASE;
  *len = strlen(person->passphrase);
  memcpy(out, person->passphrase, *len);
  return ICWS_OK;
}

static enum icws_error say_too_much(char *out, size_t size, size_t *len, void *user_data)
{
  (void)out;
  (void)user_data;
  *len = size + 1;
  return ICWS_OK;
}

static enum icws_error open_pem(const char *pem, const char *passphrase,
                                struct icws_identity **identity)
{
  struct person person = {passphrase, 0};
  struct icws_failure failure = {0};
  enum icws_error error =
      icws_keys_from_pem(icws_bytes_text(pem), answer, &person, identity, &failure);
  assert_int_equal(failure.code, error);
  assert_true(person.asked <= 1);
  return error;
}

static void assert_refused(const char *pem, const char *passphrase, enum icws_error expected)
{
  struct icws_identity *identity = NULL;
  assert_int_equal(open_pem(pem, passphrase, &identity), expected);
  assert_null(identity);
}

static void assert_opens(const char *pem, const char *passphrase, const json_t *vector)
{
  struct icws_identity *identity;
  struct vectors_blob public_key = vectors_hex_at(vector, "public_key_der");
  assert_int_equal(open_pem(pem, passphrase, &identity), ICWS_OK);
  assert_true(
      icws_bytes_equal(icws_identity_signer(identity).public_key, vectors_bytes(&public_key)));
  icws_identity_del(identity);
  free(public_key.data);
}

/* Calls |check| with every vector of |kind|, and returns how many there are. */
static size_t each(const char *kind, void (*check)(const json_t *))
{
  json_t *vectors = vectors_own("identities.json");
  size_t index;
  size_t count = 0;
  const json_t *vector;
  json_array_foreach(vectors_get(vectors, "cases"), index, vector)
  {
    if (strcmp(vectors_text(vector, "kind"), kind) == 0) {
      check(vector);
      count++;
    }
  }
  json_decref(vectors);
  return count;
}

static void check_encrypted(const json_t *vector)
{
  const char *pem = vectors_text(vector, "pem_encrypted");
  assert_opens(pem, vectors_text(vector, "passphrase"), vector);
  assert_refused(pem, vectors_text(vector, "wrong_passphrase"), ICWS_ERR_PASSPHRASE);
  assert_refused(pem, "", ICWS_ERR_PASSPHRASE);
  assert_refused(pem, NULL, ICWS_ERR_PASSPHRASE);
}

static void test_encrypted_keys(void **state)
{
  (void)state;
  assert_int_equal(each("ed25519_encrypted", check_encrypted), 4);
}

static void check_plain(const json_t *vector)
{
  struct person person = {"unused", 0};
  struct icws_identity *identity;
  assert_int_equal(icws_keys_from_pem(icws_bytes_text(vectors_text(vector, "pem_pkcs8_v2")), answer,
                                      &person, &identity, NULL),
                   ICWS_OK);
  assert_int_equal(person.asked, 0);
  icws_identity_del(identity);
}

static void check_plain_of_another_kind(const json_t *vector)
{
  assert_refused(vectors_text(vector, "pem_pkcs8"), "unused", ICWS_ERR_KEY);
}

static void test_plain_keys_need_no_passphrase(void **state)
{
  (void)state;
  assert_int_equal(each("ed25519", check_plain), 3);
  assert_int_equal(each("p256", check_plain_of_another_kind), 1);
}

static void check_nobody_to_ask(const json_t *vector)
{
  struct icws_identity *identity = NULL;
  struct icws_bytes pem = icws_bytes_text(vectors_text(vector, "pem_encrypted"));
  assert_int_equal(icws_keys_from_pem(pem, NULL, NULL, &identity, NULL), ICWS_ERR_PASSPHRASE);
  assert_int_equal(icws_keys_from_pem(pem, say_too_much, NULL, &identity, NULL),
                   ICWS_ERR_PASSPHRASE);
  assert_null(identity);
}

static void test_nobody_to_ask(void **state)
{
  (void)state;
  each("ed25519_encrypted", check_nobody_to_ask);
}

static int note_question(UI *ui)
{
  (void)ui;
  libcrypto_asked++;
  return 0;
}

/* The headers of PEM's own encryption: libcrypto must not ask for a passphrase by itself, and the
 * person has nothing to answer. */
static void test_pem_headers_are_refused(void **state)
{
  static const char pem[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                            "Proc-Type: 4,ENCRYPTED\n"
                            "DEK-Info: AES-128-CBC,000102030405060708090A0B0C0D0E0F\n"
                            "\n"
                            "MIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBDQyM5Yb0gJcb3VxL+h\n"
                            "-----END ENCRYPTED PRIVATE KEY-----\n";
  struct person person = {"passphrase", 0};
  struct icws_identity *identity = NULL;
  struct icws_failure failure;
  (void)state;
  UI_METHOD *method = UI_create_method("note questions");
  UI_method_set_opener(method, note_question);
  UI_set_default_method(method);
  assert_int_equal(icws_keys_from_pem(icws_bytes_text(pem), answer, &person, &identity, &failure),
                   ICWS_ERR_PEM);
  UI_set_default_method(UI_OpenSSL());
  UI_destroy_method(method);
  assert_int_equal(libcrypto_asked, 0);
  assert_int_equal(person.asked, 0);
  assert_null(identity);
}

/* The DER inside a PEM text. */
static struct vectors_blob der_of(const char *pem)
{
  BIO *input = BIO_new_mem_buf(pem, -1);
  char *name = NULL;
  char *header = NULL;
  unsigned char *data = NULL;
  long len = 0;
  assert_int_equal(PEM_read_bio(input, &name, &header, &data, &len), 1);
  struct vectors_blob der = {.data = malloc((size_t)len), .len = (size_t)len};
  assert_non_null(der.data);
  memcpy(der.data, data, der.len);
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_free(data);
  BIO_free(input);
  return der;
}

static enum icws_error open_der(const struct vectors_blob *der, const char *passphrase,
                                struct icws_identity **identity)
{
  static const uint8_t no_header[] = "";
  char *pem;
  BIO *output = BIO_new(BIO_s_mem());
  PEM_write_bio(output, "ENCRYPTED PRIVATE KEY", (const char *)no_header, der->data,
                (long)der->len);
  BIO_write(output, "", 1);
  BIO_get_mem_data(output, &pem);
  enum icws_error error = open_pem(pem, passphrase, identity);
  BIO_free(output);
  return error;
}

static enum icws_error error_of(const struct vectors_blob *der, const char *passphrase)
{
  struct icws_identity *identity = NULL;
  enum icws_error error = open_der(der, passphrase, &identity);
  assert_null(identity);
  return error;
}

/* Replaces the run of bytes |from| in the DER by |to|, of the same length. */
static void assert_replaced(const char *pem, const char *from_hex, const char *to_hex,
                            enum icws_error expected)
{
  struct vectors_blob der = der_of(pem);
  struct vectors_blob from = vectors_hex(from_hex);
  struct vectors_blob to = vectors_hex(to_hex);
  size_t at = 0;
  assert_int_equal(from.len, to.len);
  while (at + from.len <= der.len && memcmp(der.data + at, from.data, from.len) != 0)
    at++;
  assert_true(at + from.len <= der.len);
  memcpy(der.data + at, to.data, to.len);
  assert_int_equal(error_of(&der, "correct horse battery staple"), expected);
  free(der.data);
  free(from.data);
  free(to.data);
}

static void check_parameters(const json_t *vector)
{
  const char *pem = vectors_text(vector, "pem_encrypted");
  const char *protection = vectors_text(vector, "protection");
  /* The scheme becomes one of PKCS #5 version 1.5, the cipher AES-256-GCM. */
  assert_replaced(pem, "2a864886f70d01050d", "2a864886f70d010503", ICWS_ERR_UNSUPPORTED);
  assert_replaced(pem, "60864801650304012a", "60864801650304012e", ICWS_ERR_UNSUPPORTED);
  if (strncmp(protection, "PBKDF2", 6) == 0) {
    assert_replaced(pem, "2a864886f70d01050c", "2a864886f70d01050b", ICWS_ERR_UNSUPPORTED);
    assert_replaced(pem, "2a864886f70d0209", "2a864886f70d0203", ICWS_ERR_UNSUPPORTED);
    assert_replaced(pem, "02020800", "02020000", ICWS_ERR_DER); /* not minimal */
    assert_replaced(pem, "02020800", "0202f800", ICWS_ERR_DER); /* negative */
    assert_replaced(pem, "02020800", "02020801", ICWS_ERR_PASSPHRASE);
  } else if (strstr(protection, "16384") != NULL) {
    assert_replaced(pem, "02024000", "02024001", ICWS_ERR_DER); /* no power of two */
    assert_replaced(pem, "020108020101", "020100020101", ICWS_ERR_DER);
    assert_replaced(pem, "020108020101", "020108020111", ICWS_ERR_LIMIT);
    assert_replaced(pem, "02024000020108", "02024000020178", ICWS_ERR_PASSPHRASE);
  } else {
    assert_replaced(pem, "0203020000020108", "0203040000020108", ICWS_ERR_PASSPHRASE);
    assert_replaced(pem, "0203020000020108", "0203080000020108", ICWS_ERR_LIMIT);
  }
}

static void test_parameters(void **state)
{
  (void)state;
  each("ed25519_encrypted", check_parameters);
}

static enum icws_error open_with_rounds(int rounds)
{
  uint8_t zeros[48] = {0};
  X509_SIG *file = X509_SIG_new();
  X509_ALGOR *algorithm;
  ASN1_OCTET_STRING *bytes;
  uint8_t *encoding = NULL;
  X509_SIG_getm(file, &algorithm, &bytes);
  X509_ALGOR *scheme = PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), rounds, zeros, 16, zeros, -1);
  assert_non_null(scheme);
  assert_int_equal(X509_ALGOR_copy(algorithm, scheme), 1);
  assert_int_equal(ASN1_OCTET_STRING_set(bytes, zeros, sizeof zeros), 1);
  int len = i2d_X509_SIG(file, &encoding);
  assert_true(len > 0);
  struct vectors_blob der = {.data = encoding, .len = (size_t)len};
  enum icws_error error = error_of(&der, "passphrase");
  OPENSSL_free(encoding);
  X509_ALGOR_free(scheme);
  X509_SIG_free(file);
  return error;
}

static void test_rounds_are_bounded(void **state)
{
  (void)state;
  assert_int_equal(open_with_rounds(1), ICWS_ERR_PASSPHRASE);
  assert_int_equal(open_with_rounds(10000001), ICWS_ERR_LIMIT);
  assert_int_equal(open_with_rounds(INT_MAX), ICWS_ERR_LIMIT);
}

/* PBES2 does not authenticate: in version 1 another byte may make another key.  Version 2 holds the
 * public key as well, so that there it makes an error or, where it means nothing, the same key. */
static void check_flips(const json_t *vector)
{
  const char *passphrase = vectors_text(vector, "passphrase");
  const char *protection = vectors_text(vector, "protection");
  if (strncmp(protection, "PBKDF2", 6) != 0)
    return;
  struct vectors_blob der = der_of(vectors_text(vector, "pem_encrypted"));
  struct vectors_blob public_key = vectors_hex_at(vector, "public_key_der");
  for (size_t i = 0; i < der.len; i++) {
    struct icws_identity *identity = NULL;
    der.data[i] ^= 0x01;
    enum icws_error error = open_der(&der, passphrase, &identity);
    der.data[i] ^= 0x01;
    assert_int_equal(identity != NULL, error == ICWS_OK);
    if (identity != NULL && strstr(protection, "version 2") != NULL)
      assert_true(
          icws_bytes_equal(icws_identity_signer(identity).public_key, vectors_bytes(&public_key)));
    icws_identity_del(identity);
  }
  free(der.data);
  free(public_key.data);
}

static void test_every_byte_changed(void **state)
{
  (void)state;
  each("ed25519_encrypted", check_flips);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_encrypted_keys),
      cmocka_unit_test(test_plain_keys_need_no_passphrase),
      cmocka_unit_test(test_nobody_to_ask),
      cmocka_unit_test(test_pem_headers_are_refused),
      cmocka_unit_test(test_parameters),
      cmocka_unit_test(test_rounds_are_bounded),
      cmocka_unit_test(test_every_byte_changed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
