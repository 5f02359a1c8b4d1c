/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/verifier.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void root_keys(void **state)
{
  (void)state;
  struct icws_verifier *verifier = NULL;
  struct icws_failure failure = {.code = ICWS_OK};
  uint8_t key[ICWS_ROOT_KEY_DER_BYTES];
  struct icws_bytes mainnet = icws_root_key_mainnet();
  assert_int_equal(mainnet.len, sizeof key);
  memcpy(key, mainnet.data, sizeof key);
  key[60] ^= 1;
  struct icws_verifier_config config = {.root_key = icws_bytes_of(key, sizeof key)};
  assert_int_equal(icws_verifier_new(&config, &verifier, &failure), ICWS_ERR_ROOT_KEY);
  assert_int_equal(failure.code, ICWS_ERR_ROOT_KEY);
  config.root_key = icws_bytes_of(mainnet.data, mainnet.len - 1);
  assert_int_equal(icws_verifier_new(&config, &verifier, &failure), ICWS_ERR_ROOT_KEY);
  assert_null(verifier);
  icws_verifier_del(NULL);
}

static void ages(void **state)
{
  (void)state;
  const uint64_t max = ICWS_CERTIFICATE_MAX_AGE_NS;
  const uint64_t time = UINT64_C(1700000000000000000);
  static const uint64_t second = UINT64_C(1000000000);
  struct icws_failure failure;
  struct icws_verifier_config short_config = {.max_age_ns = second};
  struct icws_verifier *verifier;
  assert_int_equal(icws_verifier_new(NULL, &verifier, NULL), ICWS_OK);
  assert_int_equal(icws_verifier_age(verifier, time, time, NULL), ICWS_OK);
  assert_int_equal(icws_verifier_age(verifier, time, time + max, NULL), ICWS_OK);
  assert_int_equal(icws_verifier_age(verifier, time, time - max, NULL), ICWS_OK);
  assert_int_equal(icws_verifier_age(verifier, time, time + max + 1, &failure),
                   ICWS_ERR_CERTIFICATE_STALE);
  assert_int_equal(failure.code, ICWS_ERR_CERTIFICATE_STALE);
  assert_int_equal(icws_verifier_age(verifier, time, time - max - 1, &failure),
                   ICWS_ERR_CERTIFICATE_FUTURE);
  assert_int_equal(failure.code, ICWS_ERR_CERTIFICATE_FUTURE);
  assert_int_equal(icws_verifier_age(verifier, 0, UINT64_MAX, NULL), ICWS_ERR_CERTIFICATE_STALE);
  assert_int_equal(icws_verifier_age(verifier, UINT64_MAX, 0, NULL), ICWS_ERR_CERTIFICATE_FUTURE);
  icws_verifier_del(verifier);

  assert_int_equal(icws_verifier_new(&short_config, &verifier, NULL), ICWS_OK);
  assert_int_equal(icws_verifier_age(verifier, time, time + second, NULL), ICWS_OK);
  assert_int_equal(icws_verifier_age(verifier, time, time + second + 1, NULL),
                   ICWS_ERR_CERTIFICATE_STALE);
  icws_verifier_del(verifier);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(root_keys),
      cmocka_unit_test(ages),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
