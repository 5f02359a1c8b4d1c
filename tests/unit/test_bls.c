/* SPDX-License-Identifier: Apache-2.0 */
#include "bls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "certificate_maker.h"
#include "vectors.h"

static const char der_prefix[] =
    "308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100";

static struct icws_bls_engine engine;
static struct icws_bls_key key;

/* Gives the DER encoding around a raw key. */
static struct vectors_blob wrap(const char *raw)
{
  char text[2 * ICWS_BLS_KEY_DER_BYTES + 1];
  assert_int_equal(strlen(raw), 192);
  snprintf(text, sizeof text, "%s%s", der_prefix, raw);
  return vectors_hex(text);
}

static bool verifies(const json_t *vector)
{
  struct vectors_blob der = wrap(vectors_text(vector, "pk_hex"));
  struct vectors_blob message = vectors_hex_at(vector, "msg_hex");
  struct vectors_blob signature = vectors_hex_at(vector, "sig_hex");
  bool good = icws_bls_key_init(&key, vectors_bytes(&der)) &&
              icws_bls_verify(&engine, &key, vectors_bytes(&message), vectors_bytes(&signature));
  free(der.data);
  free(message.data);
  free(signature.data);
  return good;
}

static void sign_point(const struct maker_key *maker, struct icws_bytes message, blst_p1 *point)
{
  static const char suite[] = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
  blst_hash_to_g1(point, message.data, message.len, (const uint8_t *)suite, sizeof suite - 1, NULL,
                  0);
  blst_sign_pk_in_g2(point, point, &maker->secret);
}

static void all_vectors(void **state)
{
  (void)state;
  json_t *file = vectors_shared("bls_g1_signatures.json");
  json_t *vector;
  size_t i;
  icws_bls_engine_init(&engine);
  json_array_foreach(vectors_get(file, "vectors"), i, vector)
  {
    bool expected = strcmp(vectors_text(vector, "expected"), "valid") == 0;
    if (verifies(vector) != expected)
      fail_msg("%s", vectors_text(vector, "name"));
  }
  assert_int_equal(i, 37);
  json_decref(file);
}

/* A key and signature of our own vectors' kind: the first valid one of the file, then altered. */
static void altered_inputs(void **state)
{
  (void)state;
  json_t *file = vectors_shared("bls_g1_signatures.json");
  const json_t *vector = json_array_get(vectors_get(file, "vectors"), 0);
  struct vectors_blob der = wrap(vectors_text(vector, "pk_hex"));
  struct vectors_blob message = vectors_hex_at(vector, "msg_hex");
  struct vectors_blob signature = vectors_hex_at(vector, "sig_hex");
  struct icws_bytes message_bytes = vectors_bytes(&message);
  struct icws_bytes signature_bytes = vectors_bytes(&signature);
  icws_bls_engine_init(&engine);
  assert_true(icws_bls_key_init(&key, vectors_bytes(&der)));
  assert_true(icws_bls_verify(&engine, &key, message_bytes, signature_bytes));

  for (size_t i = 0; i < signature.len; i++) {
    signature.data[i] ^= 0x01;
    assert_false(icws_bls_verify(&engine, &key, message_bytes, signature_bytes));
    signature.data[i] ^= 0x01;
  }
  for (size_t i = 0; i < message.len; i++) {
    message.data[i] ^= 0x01;
    assert_false(icws_bls_verify(&engine, &key, message_bytes, signature_bytes));
    message.data[i] ^= 0x01;
  }
  assert_false(icws_bls_verify(&engine, &key, icws_bytes_of(message.data, message.len - 1),
                               signature_bytes));
  assert_false(icws_bls_verify(&engine, &key, message_bytes,
                               icws_bytes_of(signature.data, signature.len - 1)));
  assert_false(icws_bls_verify(&engine, &key, message_bytes, icws_bytes_of(NULL, 0)));
  assert_int_equal(engine.verified, 1 + signature.len + message.len + 3);
  free(der.data);
  free(message.data);
  free(signature.data);
  json_decref(file);
}

static void signature_at_infinity(void **state)
{
  (void)state;
  static const uint8_t infinity[ICWS_BLS_SIGNATURE_BYTES] = {0xc0};
  json_t *file = vectors_own("certified_messages.json");
  struct vectors_blob der = vectors_hex_at(file, "root_key_hex");
  icws_bls_engine_init(&engine);
  assert_true(icws_bls_key_init(&key, vectors_bytes(&der)));
  assert_false(icws_bls_verify(&engine, &key, icws_bytes_text("message"),
                               icws_bytes_of(infinity, sizeof infinity)));
  free(der.data);
  json_decref(file);
}

/* A point on the curve whose order divides the cofactor: added to a signature, it changes the bytes,
 * and no pairing notices. */
static void find_small_order(blst_p1 *point)
{
  static const uint8_t order[32] = {
      1, 0,    0,    0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0x5b, 0xfe, 0xff, 2,    0xa4, 0xbd, 0x53,
      5, 0xd8, 0xa1, 9, 8,    0xd8, 0x39, 0x33, 0x48, 0x7d, 0x9d, 0x29, 0x53, 0xa7, 0xed, 0x73};
  uint8_t encoding[ICWS_BLS_SIGNATURE_BYTES] = {0x80};
  blst_p1_affine affine;
  do
    encoding[47]++;
  while (blst_p1_uncompress(&affine, encoding) != BLST_SUCCESS || blst_p1_affine_in_g1(&affine));
  blst_p1_from_affine(point, &affine);
  blst_p1_mult(point, point, order, 255);
  assert_false(blst_p1_is_inf(point));
}

static void signature_outside_the_group(void **state)
{
  uint8_t signature[ICWS_BLS_SIGNATURE_BYTES];
  const struct icws_bytes message = icws_bytes_text("message");
  struct maker_key maker;
  blst_p1 small;
  blst_p1 point;
  (void)state;
  maker_key_init(&maker, "root");
  icws_bls_engine_init(&engine);
  assert_true(icws_bls_key_init(&key, maker_key_der(&maker)));
  find_small_order(&small);
  sign_point(&maker, message, &point);
  blst_p1_add_or_double(&small, &small, &point);
  blst_p1_compress(signature, &small);
  assert_false(icws_bls_verify(&engine, &key, message, icws_bytes_of(signature, sizeof signature)));
  blst_p1_compress(signature, &point);
  assert_true(icws_bls_verify(&engine, &key, message, icws_bytes_of(signature, sizeof signature)));
}

static void keys_that_are_none(void **state)
{
  (void)state;
  json_t *file = vectors_own("certified_messages.json");
  struct vectors_blob der = vectors_hex_at(file, "root_key_hex");
  assert_true(icws_bls_key_init(&key, vectors_bytes(&der)));
  assert_false(icws_bls_key_init(&key, icws_bytes_of(der.data, der.len - 1)));
  assert_false(icws_bls_key_init(&key, icws_bytes_of(NULL, 0)));
  assert_false(icws_bls_key_init(&key, icws_bytes_of(der.data + 37, 96)));
  for (size_t i = 0; i < 37; i++) {
    der.data[i] ^= 0x01;
    assert_false(icws_bls_key_init(&key, vectors_bytes(&der)));
    der.data[i] ^= 0x01;
  }
  memset(der.data + 37, 0, 96);
  der.data[37] = 0xc0; /* infinity, well encoded */
  assert_false(icws_bls_key_init(&key, vectors_bytes(&der)));
  free(der.data);
  json_decref(file);
}

/* --- Two at once -------------------------------------------------------------------------------- */

struct two {
  struct icws_bls_key keys[2];
  uint8_t signatures[2][ICWS_BLS_SIGNATURE_BYTES];
};

static const char *const two_messages[] = {"delegation", "certificate"};

static void sign_two(struct two *two, blst_p1 points[2])
{
  static const char *const seeds[] = {"root", "subnet"};
  for (size_t i = 0; i < 2; i++) {
    struct maker_key maker;
    maker_key_init(&maker, seeds[i]);
    assert_true(icws_bls_key_init(&two->keys[i], maker_key_der(&maker)));
    sign_point(&maker, icws_bytes_text(two_messages[i]), &points[i]);
    blst_p1_compress(two->signatures[i], &points[i]);
  }
}

static bool both_verify(const struct two *two)
{
  struct icws_bls_signed signed_by[2];
  for (size_t i = 0; i < 2; i++)
    signed_by[i] = (struct icws_bls_signed){
        .key = &two->keys[i],
        .message = icws_bytes_text(two_messages[i]),
        .signature = icws_bytes_of(two->signatures[i], ICWS_BLS_SIGNATURE_BYTES),
    };
  return icws_bls_verify_both(&engine, &signed_by[0], &signed_by[1]);
}

static void two_right_signatures(void **state)
{
  static struct two two;
  blst_p1 points[2];
  (void)state;
  icws_bls_engine_init(&engine);
  sign_two(&two, points);
  assert_true(both_verify(&two));
  assert_int_equal(engine.verified, 2);
}

static void one_of_two_is_wrong(void **state)
{
  static struct two two;
  blst_p1 points[2];
  (void)state;
  icws_bls_engine_init(&engine);
  for (size_t i = 0; i < 2; i++) {
    sign_two(&two, points);
    blst_p1_add_or_double(&points[i], &points[i], blst_p1_generator());
    blst_p1_compress(two.signatures[i], &points[i]);
    assert_false(both_verify(&two)); /* another point of the group */
    for (size_t byte = 0; byte < ICWS_BLS_SIGNATURE_BYTES; byte++) {
      sign_two(&two, points);
      two.signatures[i][byte] ^= 0x01;
      assert_false(both_verify(&two));
    }
  }
}

/* Without a weight the faults of these two would cancel each other out. */
static void two_wrong_signatures_do_not_cancel_out(void **state)
{
  static struct two two;
  blst_p1 points[2];
  blst_p1 fault = *blst_p1_generator();
  (void)state;
  icws_bls_engine_init(&engine);
  sign_two(&two, points);
  points[1] = points[0]; /* one key and message twice */
  blst_p1_add_or_double(&points[0], &points[0], &fault);
  blst_p1_cneg(&fault, true);
  blst_p1_add_or_double(&points[1], &points[1], &fault);
  blst_p1_compress(two.signatures[0], &points[0]);
  blst_p1_compress(two.signatures[1], &points[1]);
  struct icws_bls_signed signed_by[2];
  for (size_t i = 0; i < 2; i++)
    signed_by[i] = (struct icws_bls_signed){
        .key = &two.keys[0],
        .message = icws_bytes_text(two_messages[0]),
        .signature = icws_bytes_of(two.signatures[i], ICWS_BLS_SIGNATURE_BYTES),
    };
  assert_false(icws_bls_verify_both(&engine, &signed_by[0], &signed_by[1]));
}

static void two_signatures_swapped(void **state)
{
  static struct two two;
  blst_p1 points[2];
  (void)state;
  icws_bls_engine_init(&engine);
  sign_two(&two, points);
  blst_p1_compress(two.signatures[0], &points[1]);
  blst_p1_compress(two.signatures[1], &points[0]);
  assert_false(both_verify(&two));
}

/* --- What is known ------------------------------------------------------------------------------ */

static bool verify_one_of(const struct two *two, size_t i, const char *message, size_t key_of)
{
  return icws_bls_verify(&engine, &two->keys[key_of], icws_bytes_text(message),
                         icws_bytes_of(two->signatures[i], ICWS_BLS_SIGNATURE_BYTES));
}

/* A good signature is verified once.  Another message, key or signature is not what is known. */
static void good_ones_are_known(void **state)
{
  static struct two two;
  blst_p1 points[2];
  (void)state;
  icws_bls_engine_init(&engine);
  sign_two(&two, points);
  assert_true(verify_one_of(&two, 0, two_messages[0], 0));
  assert_int_equal(engine.verified, 1);
  assert_true(verify_one_of(&two, 0, two_messages[0], 0));
  assert_int_equal(engine.verified, 1);
  assert_false(verify_one_of(&two, 0, two_messages[1], 0));
  assert_false(verify_one_of(&two, 0, two_messages[0], 1));
  assert_false(verify_one_of(&two, 1, two_messages[0], 0));
  assert_int_equal(engine.verified, 4);
}

/* The last byte of the signature before the message: the same bytes in a row are not the same. */
static void a_byte_moved_is_not_known(void **state)
{
  static struct two two;
  blst_p1 points[2];
  uint8_t message[1 + 10];
  uint8_t *moved = &two.signatures[0][ICWS_BLS_SIGNATURE_BYTES - 1];
  (void)state;
  icws_bls_engine_init(&engine);
  sign_two(&two, points);
  assert_true(verify_one_of(&two, 0, two_messages[0], 0));
  assert_int_equal(strlen(two_messages[0]), sizeof message - 1);
  message[0] = *moved;
  memcpy(message + 1, two_messages[0], sizeof message - 1);
  assert_false(icws_bls_verify(&engine, &two.keys[0], icws_bytes_of(message, sizeof message),
                               icws_bytes_of(two.signatures[0], ICWS_BLS_SIGNATURE_BYTES - 1)));
  assert_int_equal(engine.verified, 2);
}

static void bad_ones_are_not_known(void **state)
{
  static struct two two;
  blst_p1 points[2];
  (void)state;
  icws_bls_engine_init(&engine);
  sign_two(&two, points);
  for (uint64_t i = 1; i <= 3; i++) {
    assert_false(verify_one_of(&two, 0, "another message", 0));
    assert_int_equal(engine.verified, i);
  }
}

/* Of two, what is known is not verified again; both are known afterwards. */
static void both_are_known(void **state)
{
  static struct two two;
  blst_p1 points[2];
  (void)state;
  for (size_t first = 0; first < 2; first++) {
    icws_bls_engine_init(&engine);
    sign_two(&two, points);
    assert_true(verify_one_of(&two, first, two_messages[first], first));
    assert_true(both_verify(&two));
    assert_int_equal(engine.verified, 2);
    assert_true(both_verify(&two));
    assert_int_equal(engine.verified, 2);

    two.signatures[1 - first][ICWS_BLS_SIGNATURE_BYTES - 1] ^= 0x01;
    assert_false(both_verify(&two)); /* the other one is known as long as one likes */
    assert_int_equal(engine.verified, 3);
  }
}

/* Four are known: with a fifth the one that was used longest ago is forgotten. */
static void the_oldest_is_forgotten(void **state)
{
  struct maker_key maker;
  uint8_t signatures[ICWS_RECENCY_SLOTS + 1][ICWS_BLS_SIGNATURE_BYTES];
  (void)state;
  maker_key_init(&maker, "root");
  icws_bls_engine_init(&engine);
  assert_true(icws_bls_key_init(&key, maker_key_der(&maker)));
  for (uint8_t i = 0; i <= ICWS_RECENCY_SLOTS; i++) {
    blst_p1 point;
    sign_point(&maker, icws_bytes_of(&i, 1), &point);
    blst_p1_compress(signatures[i], &point);
    assert_true(icws_bls_verify(&engine, &key, icws_bytes_of(&i, 1),
                                icws_bytes_of(signatures[i], ICWS_BLS_SIGNATURE_BYTES)));
  }
  assert_int_equal(engine.verified, ICWS_RECENCY_SLOTS + 1);
  for (uint8_t i = ICWS_RECENCY_SLOTS; i > 0; i--)
    assert_true(icws_bls_verify(&engine, &key, icws_bytes_of(&i, 1),
                                icws_bytes_of(signatures[i], ICWS_BLS_SIGNATURE_BYTES)));
  assert_int_equal(engine.verified, ICWS_RECENCY_SLOTS + 1);
  uint8_t forgotten = 0;
  assert_true(icws_bls_verify(&engine, &key, icws_bytes_of(&forgotten, 1),
                              icws_bytes_of(signatures[0], ICWS_BLS_SIGNATURE_BYTES)));
  assert_int_equal(engine.verified, ICWS_RECENCY_SLOTS + 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(all_vectors),
                                     cmocka_unit_test(altered_inputs),
                                     cmocka_unit_test(signature_at_infinity),
                                     cmocka_unit_test(signature_outside_the_group),
                                     cmocka_unit_test(keys_that_are_none),
                                     cmocka_unit_test(two_right_signatures),
                                     cmocka_unit_test(one_of_two_is_wrong),
                                     cmocka_unit_test(two_wrong_signatures_do_not_cancel_out),
                                     cmocka_unit_test(two_signatures_swapped),
                                     cmocka_unit_test(good_ones_are_known),
                                     cmocka_unit_test(a_byte_moved_is_not_known),
                                     cmocka_unit_test(bad_ones_are_not_known),
                                     cmocka_unit_test(both_are_known),
                                     cmocka_unit_test(the_oldest_is_forgotten)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
