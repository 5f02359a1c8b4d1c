/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "candid/table_types.h"
#include "leb128.h"
#include "mem_meter.h"
#include "mem_probe.h"
#include "vectors.h"

/* The types of the message |bytes|, which must be whole. */
static enum icws_error read_types(struct icws_bytes bytes, const struct icws_mem *mem,
                                  struct icws_candid_types *types)
{
  struct icws_candid_reader reader;
  assert_int_equal(icws_candid_reader_init(&reader, bytes), ICWS_OK);
  return icws_candid_table_types(&reader, NULL, mem, types);
}

static struct icws_candid_types *new_types(const struct icws_mem *mem)
{
  struct icws_candid_types *types = NULL;
  assert_int_equal(icws_candid_types_new(mem, &types), ICWS_OK);
  return types;
}

/* opt 3; vec nat8; record { 5 : 0; 4294967295 : text }; func (3, nat) -> (bool) query composite_query;
 * variant {}; service { "a" : 3; "bc" : 3 }; one to come */
#define EVERYTHING                                                                                 \
  "4449444c07"                                                                                     \
  "6e03"                                                                                           \
  "6d7b"                                                                                           \
  "6c020500ffffffff0f71"                                                                           \
  "6a02037d017e020103"                                                                             \
  "6b00"                                                                                           \
  "6902016103026263"                                                                               \
  "03"                                                                                             \
  "6703aabbcc"                                                                                     \
  "00"

static void each_kind_of_type(void **state)
{
  (void)state;
  struct vectors_blob blob = vectors_hex(EVERYTHING);
  struct icws_candid_types *types = new_types(NULL);
  assert_int_equal(read_types(vectors_bytes(&blob), NULL, types), ICWS_OK);
  free(blob.data); /* names are copies */
  static const int constructors[] = {ICWS_CANDID_OPT,   ICWS_CANDID_VEC,     ICWS_CANDID_RECORD,
                                     ICWS_CANDID_FUNC,  ICWS_CANDID_VARIANT, ICWS_CANDID_SERVICE,
                                     ICWS_CANDID_FUTURE};
  assert_int_equal(icws_candid_types_count(types), 7);
  for (int i = 0; i < 7; i++)
    assert_int_equal(icws_candid_types_constructor(types, i), constructors[i]);
  assert_int_equal(icws_candid_types_get(types, 0)->item, 3);
  assert_int_equal(icws_candid_types_get(types, 1)->item, ICWS_CANDID_NAT8);

  const struct icws_candid_type *record = icws_candid_types_get(types, 2);
  assert_int_equal(record->field_count, 2);
  assert_int_equal(record->fields[0].id, 5);
  assert_int_equal(record->fields[0].type, 0);
  assert_int_equal(record->fields[1].id, UINT32_MAX);
  assert_int_equal(record->fields[1].type, ICWS_CANDID_TEXT);
  assert_null(record->fields[0].name.data);

  const struct icws_candid_type *func = icws_candid_types_get(types, 3);
  assert_int_equal(func->field_count, 2);
  assert_int_equal(func->fields[0].type, 3);
  assert_int_equal(func->fields[1].id, 1);
  assert_int_equal(func->fields[1].type, ICWS_CANDID_NAT);
  assert_int_equal(func->result_count, 1);
  assert_int_equal(func->results[0].type, ICWS_CANDID_BOOL);
  assert_int_equal(func->annotations, ICWS_CANDID_QUERY | ICWS_CANDID_COMPOSITE_QUERY);

  assert_int_equal(icws_candid_types_get(types, 4)->field_count, 0);
  const struct icws_candid_type *service = icws_candid_types_get(types, 5);
  assert_int_equal(service->method_count, 2);
  assert_true(icws_bytes_equal(service->methods[0].name, icws_bytes_text("a")));
  assert_true(icws_bytes_equal(service->methods[1].name, icws_bytes_text("bc")));
  assert_int_equal(service->methods[1].type, 3);
  icws_candid_types_del(types);
}

static void an_empty_table(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types(NULL);
  assert_int_equal(read_types(icws_bytes_of("DIDL\0\0", 6), NULL, types), ICWS_OK);
  assert_int_equal(icws_candid_types_count(types), 0);
  icws_candid_types_del(types);
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  struct vectors_blob blob = vectors_hex(EVERYTHING);
  enum icws_error error = ICWS_ERR_NOMEM;
  size_t fail_from = 1; /* the first one is the table itself */
  for (; error != ICWS_OK; fail_from++) {
    struct mem_probe probe;
    mem_probe_init(&probe);
    probe.fail_from = fail_from;
    struct icws_candid_types *types = new_types(&probe.mem);
    error = read_types(vectors_bytes(&blob), &probe.mem, types);
    assert_int_equal(error, probe.allocations > fail_from ? ICWS_ERR_NOMEM : ICWS_OK);
    icws_candid_types_del(types);
    assert_int_equal(probe.live, 0);
  }
  assert_true(fail_from > 3);
  free(blob.data);
}

/* A function with as many arguments as there are bytes: more memory than a table may take. */
static void the_memory_is_limited(void **state)
{
  (void)state;
  const size_t count = (size_t)1 << 20;
  struct icws_candid_types *types;
  struct mem_meter meter;
  struct icws_buf message;
  icws_buf_init(&message, 0, NULL);
  icws_buf_put(&message, "DIDL\1\x6a", 6);
  icws_leb128_put(&message, count);
  uint8_t *args = icws_buf_reserve(&message, count);
  assert_non_null(args);
  memset(args, 0x7f, count);
  icws_buf_put(&message, "\0\0\0", 3);
  mem_meter_init(&meter);
  types = new_types(&meter.mem);
  assert_int_equal(read_types(icws_buf_bytes(&message), &meter.mem, types), ICWS_ERR_LIMIT);
  assert_int_equal(icws_candid_types_error(types), ICWS_ERR_LIMIT);
  /* What is read from the message is, for a while, outside the table. */
  assert_true(meter.peak <=
              ICWS_CANDID_TYPES_MAX_BYTES + count * sizeof(struct icws_candid_field_type) + 65536);
  icws_candid_types_del(types);
  assert_int_equal(meter.live, 0);
  icws_buf_wipe(&message);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_kind_of_type),
      cmocka_unit_test(an_empty_table),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(the_memory_is_limited),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
