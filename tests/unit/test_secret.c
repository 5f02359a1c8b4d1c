/* SPDX-License-Identifier: Apache-2.0 */
#include "secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <sodium.h>

#include <icws/identity.h>

/* More than the pages that sodium_malloc can give before it runs into the limit on memory maps. */
#define MANY 20000

static void test_fresh_secrets_are_zero(void **state)
{
  static const uint8_t zeros[ICWS_SECRET_BYTES];
  (void)state;
  uint8_t *first = icws_secret_new();
  assert_non_null(first);
  memset(first, 0xa5, ICWS_SECRET_BYTES);
  uint8_t *second = icws_secret_new();
  assert_non_null(second);
  assert_memory_equal(second, zeros, sizeof zeros);
  icws_secret_del(first);
  icws_secret_del(second);
}

/* A neighbour keeps the page alive, so that what was released can still be looked at. */
static void test_released_secrets_are_wiped(void **state)
{
  static const uint8_t zeros[ICWS_SECRET_BYTES];
  uint8_t kept[ICWS_SECRET_BYTES];
  (void)state;
  uint8_t *neighbour = icws_secret_new();
  uint8_t *secret = icws_secret_new();
  assert_non_null(neighbour);
  assert_non_null(secret);
  assert_int_equal(labs((long)(secret - neighbour)), ICWS_SECRET_BYTES);
  memset(neighbour, 0x11, ICWS_SECRET_BYTES);
  memset(kept, 0x11, sizeof kept);
  memset(secret, 0x22, ICWS_SECRET_BYTES);
  icws_secret_del(secret);
  assert_memory_equal(secret, zeros, sizeof zeros);
  assert_memory_equal(neighbour, kept, sizeof kept);
  icws_secret_del(neighbour);
}

static void test_released_places_are_used_again(void **state)
{
  (void)state;
  uint8_t *neighbour = icws_secret_new();
  uint8_t *secret = icws_secret_new();
  icws_secret_del(secret);
  uint8_t *again = icws_secret_new();
  assert_ptr_equal(again, secret);
  icws_secret_del(again);
  icws_secret_del(neighbour);
}

static void test_null_is_ignored(void **state)
{
  (void)state;
  icws_secret_del(NULL);
  icws_identity_del(NULL);
}

static void test_an_identity_leaves_no_seed_behind(void **state)
{
  uint8_t seed[ICWS_ED25519_SEED_BYTES];
  struct icws_identity *identity;
  (void)state;
  memset(seed, 0x5a, sizeof seed);
  uint8_t *neighbour = icws_secret_new();
  uint8_t *place = icws_secret_new(); /* where the identity's secret will lie */
  icws_secret_del(place);
  assert_int_equal(icws_identity_from_seed(seed, &identity), ICWS_OK);
  assert_memory_equal(place, seed, sizeof seed);
  icws_identity_del(identity);
  for (size_t i = 0; i < ICWS_SECRET_BYTES; i++)
    assert_int_equal(place[i], 0);
  icws_secret_del(neighbour);
}

static void seed_of(uint32_t number, uint8_t seed[ICWS_ED25519_SEED_BYTES])
{
  memset(seed, 0, ICWS_ED25519_SEED_BYTES);
  memcpy(seed, &number, sizeof number);
}

static void test_many_identities_live_at_once(void **state)
{
  static struct icws_identity *identities[MANY];
  uint8_t seed[ICWS_ED25519_SEED_BYTES];
  (void)state;
  for (uint32_t i = 0; i < MANY; i++) {
    seed_of(i, seed);
    assert_int_equal(icws_identity_from_seed(seed, &identities[i]), ICWS_OK);
  }
  /* Each still signs with its own key. */
  for (uint32_t i = 0; i < MANY; i += 997) {
    uint8_t signature[ICWS_SIGNATURE_BYTES];
    uint8_t expected[ICWS_SIGNATURE_BYTES];
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
    seed_of(i, seed);
    crypto_sign_seed_keypair(public_key, secret_key, seed);
    crypto_sign_detached(expected, NULL, seed, sizeof seed, secret_key);
    icws_identity_sign(identities[i], icws_bytes_of(seed, sizeof seed), signature);
    assert_memory_equal(signature, expected, sizeof expected);
  }
  for (size_t i = 0; i < MANY; i++)
    icws_identity_del(identities[i]);
}

#define ROUNDS 2000
#define HELD 100

static void *use_the_pool(void *argument)
{
  uint8_t *held[HELD] = {NULL};
  uint8_t mark = *(const uint8_t *)argument;
  for (size_t i = 0; i < ROUNDS; i++) {
    uint8_t **place = &held[i * 37 % HELD];
    if (*place != NULL && ((*place)[0] != mark || (*place)[ICWS_SECRET_BYTES - 1] != mark))
      return argument;
    icws_secret_del(*place);
    *place = icws_secret_new();
    if (*place == NULL)
      return argument;
    memset(*place, mark, ICWS_SECRET_BYTES);
  }
  for (size_t i = 0; i < HELD; i++)
    icws_secret_del(held[i]);
  return NULL;
}

static void test_threads_share_the_pool(void **state)
{
  static uint8_t marks[4] = {1, 2, 3, 4};
  pthread_t threads[4];
  (void)state;
  for (size_t i = 0; i < 4; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, use_the_pool, &marks[i]), 0);
  for (size_t i = 0; i < 4; i++) {
    void *failed = NULL;
    assert_int_equal(pthread_join(threads[i], &failed), 0);
    assert_null(failed);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fresh_secrets_are_zero),
      cmocka_unit_test(test_released_secrets_are_wiped),
      cmocka_unit_test(test_released_places_are_used_again),
      cmocka_unit_test(test_null_is_ignored),
      cmocka_unit_test(test_an_identity_leaves_no_seed_behind),
      cmocka_unit_test(test_many_identities_live_at_once),
      cmocka_unit_test(test_threads_share_the_pool),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
