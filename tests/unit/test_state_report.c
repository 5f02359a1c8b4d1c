/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "icws/state_report.h"
#include "vectors.h"

#define PATHS 4

/* The example of the IC interface specification, "Certification", "Example", pruned as there: /a but
 * for /a/y, /b, /c, and /d; and one of the same shape with /time. */
#define PRUNED                                                                                     \
  "83018301830241618301820458201b4feff9bef8131788b0c9dc6dbad6e81e524249c879e9f10f71ce3749f5a638"   \
  "83024179820345776f726c6483024162820458207b32ac0c6ba8ce35ac82c255fc7906f7fc130dab2a090f80fe12"   \
  "f9c2cae83ba6830182045820ec8324b8a1f1ac16bd2e806edba78006479c9877fed4eb464a25485465af601d8302"   \
  "41648203476d6f726e696e67"
#define TIMED                                                                                      \
  "830183024863616e6973746572"                                                                     \
  "83024a00000000000000020101"                                                                     \
  "8301"                                                                                           \
  "83024b636f6e74726f6c6c657273"                                                                   \
  "820343814104"                                                                                   \
  "8302486d65746164617461"                                                                         \
  "83024178820343610a62"                                                                           \
  "83024474696d65"                                                                                 \
  "8203498080a8b1e39fe7cb17"

struct reading {
  struct vectors_blob blob;
  struct icws_hashtree tree;
  struct icws_state_path paths[PATHS];
  struct icws_state_report report;
  struct icws_buf out;
};

static void begin(struct reading *reading, const char *hex, const char *const *paths, size_t count)
{
  reading->blob = vectors_hex(hex);
  icws_hashtree_init(&reading->tree, NULL);
  assert_int_equal(icws_hashtree_decode(&reading->tree, vectors_bytes(&reading->blob), 100, NULL),
                   ICWS_OK);
  for (size_t i = 0; i < count; i++)
    assert_int_equal(icws_state_path_parse(&reading->paths[i], paths[i], NULL), ICWS_OK);
  reading->report = (struct icws_state_report){.paths = reading->paths,
                                               .count = count,
                                               .tree = &reading->tree,
                                               .time_ns = UINT64_C(1700000000000000000)};
  icws_buf_init(&reading->out, 0, NULL);
}

static void end(struct reading *reading, const char *expected)
{
  icws_buf_put_u8(&reading->out, '\0');
  assert_int_equal(icws_buf_error(&reading->out), ICWS_OK);
  assert_string_equal((const char *)reading->out.data, expected);
  icws_buf_wipe(&reading->out);
  for (size_t i = 0; i < reading->report.count; i++)
    icws_state_path_wipe(&reading->paths[i]);
  icws_hashtree_wipe(&reading->tree);
  free(reading->blob.data);
}

static void check(const char *hex, const char *const *paths, size_t count, bool has_all,
                  const char *text, const char *json)
{
  struct reading reading;
  begin(&reading, hex, paths, count);
  assert_int_equal(icws_state_report_put(&reading.report, &reading.out), has_all);
  end(&reading, text);
  begin(&reading, hex, paths, count);
  assert_int_equal(icws_state_report_put_json(&reading.report, &reading.out), has_all);
  end(&reading, json);
}

/* What is there, what is proven not to be, and what is pruned. */
static void test_lookups(void **state)
{
  static const char *const paths[] = {"/d", "/0x", "/b", "/d/x"};
  (void)state;
  check(PRUNED, paths, 4, false,
        "/d = 0x6d6f726e696e67\n"
        "/0x: absent, which the certificate proves\n"
        "/b: not shown: it may be there or not\n"
        "/d/x: absent, which the certificate proves\n",
        "{\"time\":\"2023-11-14T22:13:20.000000000Z\",\"values\":{"
        "\"/d\":{\"state\":\"found\",\"hex\":\"6d6f726e696e67\"},"
        "\"/0x\":{\"state\":\"absent\"},\"/b\":{\"state\":\"unknown\"},"
        "\"/d/x\":{\"state\":\"absent\"}}}\n");
  check(PRUNED, paths, 1, true, "/d = 0x6d6f726e696e67\n",
        "{\"time\":\"2023-11-14T22:13:20.000000000Z\",\"values\":{"
        "\"/d\":{\"state\":\"found\",\"hex\":\"6d6f726e696e67\"}}}\n");
}

static void test_values(void **state)
{
  static const char *const paths[] = {"/time", "/canister/ryjl3-tyaaa-aaaaa-aaaba-cai"};
  (void)state;
  check(TIMED, paths, 2, true,
        "/time = 1700000000000000000 (2023-11-14T22:13:20.000000000Z)\n"
        "/canister/ryjl3-tyaaa-aaaaa-aaaba-cai/controllers = 2vxsx-fae\n"
        "/canister/ryjl3-tyaaa-aaaaa-aaaba-cai/metadata/x =\n  a\n  b\n",
        "{\"time\":\"2023-11-14T22:13:20.000000000Z\",\"values\":{"
        "\"/time\":{\"state\":\"found\",\"value\":\"2023-11-14T22:13:20.000000000Z\","
        "\"hex\":\"8080a8b1e39fe7cb17\"},"
        "\"/canister/ryjl3-tyaaa-aaaaa-aaaba-cai/controllers\":{\"state\":\"found\","
        "\"value\":[\"2vxsx-fae\"],\"hex\":\"814104\"},"
        "\"/canister/ryjl3-tyaaa-aaaaa-aaaba-cai/metadata/x\":{\"state\":\"found\","
        "\"value\":\"a\\nb\",\"hex\":\"610a62\"}}}\n");
}

static void test_raw(void **state)
{
  static const char *const found[] = {"/d"};
  static const char *const pruned[] = {"/b"};
  static const char *const subtree[] = {"/a"};
  struct reading reading;
  (void)state;
  begin(&reading, PRUNED, found, 1);
  assert_true(icws_state_report_put_raw(&reading.report, &reading.out));
  end(&reading, "morning");
  begin(&reading, PRUNED, pruned, 1);
  assert_false(icws_state_report_put_raw(&reading.report, &reading.out));
  end(&reading, "");
  begin(&reading, PRUNED, subtree, 1);
  assert_false(icws_state_report_put_raw(&reading.report, &reading.out));
  end(&reading, "");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_lookups),
      cmocka_unit_test(test_values),
      cmocka_unit_test(test_raw),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
