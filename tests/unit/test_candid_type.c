/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <icws/candid_types.h>

static void constructors_have_names(void **state)
{
  (void)state;
  static const char *const names[] = {
      "null",  "bool",   "nat",     "int",     "nat8",    "nat16",     "nat32",    "nat64",  "int8",
      "int16", "int32",  "int64",   "float32", "float64", "text",      "reserved", "empty",  "opt",
      "vec",   "record", "variant", "func",    "service", "principal", "future",   "future",
  };
  for (int i = 0; i < 26; i++)
    assert_string_equal(icws_candid_constructor_name(-1 - i), names[i]);
  assert_string_equal(icws_candid_constructor_name(INT32_MIN), "future");
}

/* Of services of each size each method is found, and no other. */
static void methods_are_found_by_name(void **state)
{
  (void)state;
  static const char *const names[] = {"a", "c", "e", "g", "i"};
  static const char *const missing[] = {"", "A", "b", "d", "f", "h", "j", "aa"};
  struct icws_candid_method_type methods[5];
  for (size_t i = 0; i < 5; i++)
    methods[i] = (struct icws_candid_method_type){.name = icws_bytes_text(names[i])};
  for (size_t count = 0; count <= 5; count++) {
    const struct icws_candid_type service = {
        .constructor = ICWS_CANDID_SERVICE, .methods = methods, .method_count = count};
    for (size_t i = 0; i < 5; i++)
      assert_ptr_equal(icws_candid_type_method(&service, icws_bytes_text(names[i])),
                       i < count ? &methods[i] : NULL);
    for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
      assert_null(icws_candid_type_method(&service, icws_bytes_text(missing[i])));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(constructors_have_names),
      cmocka_unit_test(methods_are_found_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
