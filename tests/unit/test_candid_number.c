/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "candid/number.h"
#include "candid_number_table.h"
#include "mem_probe.h"
#include "vectors.h"

#define ROWS (sizeof(number_table) / sizeof(number_table[0]))

static struct icws_candid_value number_of(int type)
{
  return (struct icws_candid_value){.type = type};
}

/* --- What a number must be --------------------------------------------------------------------- */

static void check_text(const struct icws_buf *buf, const char *expected)
{
  assert_int_equal(icws_buf_error(buf), ICWS_OK);
  assert_int_equal(buf->len, strlen(expected));
  assert_memory_equal(buf->data, expected, buf->len);
}

static void check_hex(struct icws_bytes bytes, const char *expected)
{
  struct vectors_blob blob = vectors_hex(expected);
  assert_int_equal(bytes.len, blob.len);
  assert_memory_equal(bytes.data, blob.data, blob.len);
  free(blob.data);
}

static void check_short(const struct icws_candid_value *value, const struct number_row *row)
{
  char digits[24];
  if (value->type == ICWS_CANDID_NAT)
    (void)snprintf(digits, sizeof(digits), "%" PRIu64, value->as.nat);
  else
    (void)snprintf(digits, sizeof(digits), "%" PRId64, value->as.integer);
  assert_int_equal(digits[0] == '-', row->nat == NULL);
  assert_string_equal(digits + (row->nat == NULL), row->decimal);
}

/* The value as such, and as what is written of it. */
static void check_number(const struct icws_candid_value *value, const struct number_row *row)
{
  bool is_nat = value->type == ICWS_CANDID_NAT;
  const char *bytes = is_nat ? row->nat_bytes : row->integer_bytes;
  struct icws_buf out;
  assert_int_equal(value->count, strlen(bytes) / 2);
  if (value->count > 0)
    check_hex(icws_candid_value_bytes(value), bytes);
  else
    check_short(value, row);

  icws_buf_init(&out, 0, NULL);
  icws_candid_number_put_leb(value, &out);
  check_hex(icws_buf_bytes(&out), is_nat ? row->nat : row->integer);
  icws_buf_clear(&out);
  if (row->nat == NULL)
    icws_buf_put_u8(&out, 'x'); /* what is there before stays */
  icws_candid_number_put_decimal(value, &out);
  if (row->nat == NULL) {
    assert_memory_equal(out.data, "x-", 2);
    assert_int_equal(out.len, 2 + strlen(row->decimal));
    assert_memory_equal(out.data + 2, row->decimal, out.len - 2);
  } else {
    check_text(&out, row->decimal);
  }
  icws_buf_wipe(&out);
}

/* --- LEB128 ------------------------------------------------------------------------------------ */

static void check_leb(int type, struct icws_bytes leb, bool leb_is_signed,
                      const struct number_row *row)
{
  struct icws_arena arena;
  struct icws_candid_value value = number_of(type);
  icws_arena_init(&arena, 0, NULL);
  assert_int_equal(icws_candid_number_from_leb(&value, leb, leb_is_signed, &arena), ICWS_OK);
  check_number(&value, row);
  if (value.count == 0)
    assert_int_equal(arena.used, 0);
  icws_arena_wipe(&arena);
}

static void leb128_of_any_size(void **state)
{
  (void)state;
  for (size_t i = 0; i < ROWS; i++) {
    const struct number_row *row = &number_table[i];
    struct vectors_blob integer = vectors_hex(row->integer);
    check_leb(ICWS_CANDID_INT, vectors_bytes(&integer), true, row);
    free(integer.data);
    if (row->nat == NULL)
      continue;
    struct vectors_blob nat = vectors_hex(row->nat);
    check_leb(ICWS_CANDID_NAT, vectors_bytes(&nat), false, row);
    check_leb(ICWS_CANDID_INT, vectors_bytes(&nat), false, row); /* a nat is an int */
    free(nat.data);
  }
}

/* The same number with |more| bytes that add nothing. */
static void check_longer(int type, const char *hex, size_t more, bool negative,
                         const struct number_row *row)
{
  struct vectors_blob blob = vectors_hex(hex);
  size_t len = blob.len + more;
  uint8_t filler = negative ? 0x7f : 0;
  uint8_t *leb = malloc(len);
  assert_non_null(leb);
  memcpy(leb, blob.data, blob.len);
  leb[blob.len - 1] |= 0x80;
  memset(leb + blob.len, 0x80 | filler, more);
  leb[len - 1] = filler;
  check_leb(type, icws_bytes_of(leb, len), type == ICWS_CANDID_INT, row);
  free(leb);
  free(blob.data);
}

static void leb128_may_be_longer_than_needed(void **state)
{
  (void)state;
  static const size_t more[] = {1, 2, 3, 8, 9, 10, 20, 6000};
  for (size_t i = 0; i < ROWS; i++) {
    const struct number_row *row = &number_table[i];
    for (size_t j = 0; j < sizeof(more) / sizeof(more[0]); j++) {
      check_longer(ICWS_CANDID_INT, row->integer, more[j], row->nat == NULL, row);
      if (row->nat != NULL)
        check_longer(ICWS_CANDID_NAT, row->nat, more[j], false, row);
    }
  }
}

/* --- Digits ------------------------------------------------------------------------------------ */

static void check_digits(int type, const char *digits, unsigned base, const struct number_row *row)
{
  struct icws_arena arena;
  struct icws_candid_value value = number_of(type);
  icws_arena_init(&arena, 0, NULL);
  assert_int_equal(icws_candid_number_from_digits(&value, row->nat == NULL, icws_bytes_text(digits),
                                                  base, &arena),
                   ICWS_OK);
  check_number(&value, row);
  icws_arena_wipe(&arena);
}

/* Underscores between all digits, and a zero in front. */
static char *spread(const char *digits)
{
  size_t count = strlen(digits);
  char *text = malloc(2 * count + 2);
  assert_non_null(text);
  text[0] = '0';
  for (size_t i = 0; i < count; i++) {
    text[2 * i + 1] = '_';
    text[2 * i + 2] = digits[i];
  }
  text[2 * count + 1] = '\0';
  return text;
}

static void capitalise(char *text)
{
  for (; *text != '\0'; text++) {
    if (*text >= 'a' && *text <= 'f')
      *text = (char)(*text - 'a' + 'A');
  }
}

static void digits_of_any_number(void **state)
{
  (void)state;
  for (size_t i = 0; i < ROWS; i++) {
    const struct number_row *row = &number_table[i];
    int first = row->nat == NULL ? ICWS_CANDID_INT : ICWS_CANDID_NAT;
    char *decimal = spread(row->decimal);
    char *hex = spread(row->hex);
    capitalise(hex);
    for (int type = first; type >= ICWS_CANDID_INT; type--) {
      check_digits(type, row->decimal, 10, row);
      check_digits(type, row->hex, 16, row);
      check_digits(type, decimal, 10, row);
      check_digits(type, hex, 16, row);
    }
    free(decimal);
    free(hex);
  }
}

struct digits_row {
  const char *digits;
  unsigned base;
  enum icws_error error;
  uint64_t value;
};

static void digits_are_checked(void **state)
{
  (void)state;
  static const struct digits_row rows[] = {
      {"0", 10, ICWS_OK, 0},
      {"00", 10, ICWS_OK, 0},
      {"0_0", 10, ICWS_OK, 0},
      {"1_000", 10, ICWS_OK, 1000},
      {"f_F", 16, ICWS_OK, 0xff},
      {"0123456789", 10, ICWS_OK, 123456789},
      {"abcdef", 16, ICWS_OK, 0xabcdef},
      {"ABCDEF", 16, ICWS_OK, 0xabcdef},
      {"", 10, ICWS_ERR_CANDID, 0},
      {"_", 10, ICWS_ERR_CANDID, 0},
      {"_1", 10, ICWS_ERR_CANDID, 0},
      {"1_", 10, ICWS_ERR_CANDID, 0},
      {"1__2", 10, ICWS_ERR_CANDID, 0},
      {"a", 10, ICWS_ERR_CANDID, 0},
      {"1a", 10, ICWS_ERR_CANDID, 0},
      {"g", 16, ICWS_ERR_CANDID, 0},
      {"0x1", 16, ICWS_ERR_CANDID, 0},
      {"/", 10, ICWS_ERR_CANDID, 0},
      {":", 10, ICWS_ERR_CANDID, 0},
      {"@", 16, ICWS_ERR_CANDID, 0},
      {"`", 16, ICWS_ERR_CANDID, 0},
      {"G", 16, ICWS_ERR_CANDID, 0},
      {" 1", 10, ICWS_ERR_CANDID, 0},
      {"1 ", 10, ICWS_ERR_CANDID, 0},
      {"-1", 10, ICWS_ERR_CANDID, 0},
      {"+1", 10, ICWS_ERR_CANDID, 0},
      {"1.0", 10, ICWS_ERR_CANDID, 0},
      {"\xd9\xa1", 10, ICWS_ERR_CANDID, 0}, /* a digit, but not one of ASCII */
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct icws_candid_value value = number_of(ICWS_CANDID_NAT);
    struct icws_bytes digits = icws_bytes_text(rows[i].digits);
    enum icws_error error =
        icws_candid_number_from_digits(&value, false, digits, rows[i].base, NULL);
    if (error != rows[i].error)
      fail_msg("\"%s\" gives %s", rows[i].digits, icws_error_name(error));
    if (error == ICWS_OK)
      assert_true(value.as.nat == rows[i].value && value.count == 0);
  }
}

static void a_nat_is_not_below_zero(void **state)
{
  (void)state;
  struct icws_candid_value value = number_of(ICWS_CANDID_NAT);
  value.as.nat = 7;
  assert_int_equal(icws_candid_number_from_digits(&value, true, icws_bytes_text("0_0"), 10, NULL),
                   ICWS_OK);
  assert_true(value.as.nat == 0 && value.count == 0);
  static const char *const digits[] = {"1", "18446744073709551615", "18446744073709551616"};
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(
        icws_candid_number_from_digits(&value, true, icws_bytes_text(digits[i]), 10, NULL),
        ICWS_ERR_CANDID);
  value = number_of(ICWS_CANDID_INT);
  assert_int_equal(icws_candid_number_from_digits(&value, true, icws_bytes_text("0"), 10, NULL),
                   ICWS_OK);
  assert_true(value.as.integer == 0 && value.count == 0);
}

/* --- Limits ------------------------------------------------------------------------------------ */

#define MAX ICWS_CANDID_NUMBER_MAX_BYTES
#define MAX_LEB 4682 /* bytes of LEB128 for 8 * MAX bits: rounded up from a seventh of them */

/* The greatest nat is 2^32768 - 1, ints go from -2^32767 to 2^32767 - 1: LEB128 in which all bytes but
 * the last are alike. */
struct limit_row {
  int type;
  uint8_t filler;
  uint8_t before_last;
  uint8_t last;
  enum icws_error error;
  bool negative;
  /* The digits, computed elsewhere: how many they are, the last ones, and a sum of all of them. */
  size_t count;
  const char *end;
  uint32_t sum;
};

static const struct limit_row limits[] = {
    {ICWS_CANDID_NAT, 0xff, 0xff, 0x01, ICWS_OK, false, 9865, "22668104633712377855", 1794203588},
    {ICWS_CANDID_NAT, 0x80, 0x80, 0x02, ICWS_ERR_LIMIT, false, 0, NULL, 0},
    {ICWS_CANDID_INT, 0xff, 0xff, 0x00, ICWS_OK, false, 9864, "61334052316856188927", 1557606650},
    {ICWS_CANDID_INT, 0x80, 0x80, 0x01, ICWS_ERR_LIMIT, false, 0, NULL, 0},
    {ICWS_CANDID_INT, 0x80, 0x80, 0x7f, ICWS_OK, true, 9864, "61334052316856188928", 1557606651},
    {ICWS_CANDID_INT, 0xff, 0xff, 0x7e, ICWS_ERR_LIMIT, true, 0, NULL, 0},
};

static uint32_t sum_of(struct icws_bytes text)
{
  uint32_t sum = 0;
  for (size_t i = 0; i < text.len; i++)
    sum = sum * 31 + text.data[i];
  return sum;
}

static void check_greatest_digits(const struct limit_row *row,
                                  const struct icws_candid_value *value, struct icws_arena *arena)
{
  struct icws_buf digits;
  struct icws_buf leb;
  struct icws_buf leb_again;
  struct icws_candid_value again = number_of(row->type);
  icws_buf_init(&digits, 0, NULL);
  icws_buf_init(&leb, 0, NULL);
  icws_buf_init(&leb_again, 0, NULL);
  icws_candid_number_put_decimal(value, &digits);
  struct icws_bytes text = icws_buf_bytes(&digits);
  assert_int_equal(text.data[0] == '-', row->negative);
  if (row->negative)
    text = icws_bytes_of(text.data + 1, text.len - 1);
  assert_int_equal(text.len, row->count);
  assert_memory_equal(text.data + text.len - strlen(row->end), row->end, strlen(row->end));
  assert_true(sum_of(text) == row->sum);

  assert_int_equal(icws_candid_number_from_digits(&again, row->negative, text, 10, arena), ICWS_OK);
  icws_candid_number_put_leb(value, &leb);
  icws_candid_number_put_leb(&again, &leb_again);
  assert_true(icws_bytes_equal(icws_buf_bytes(&leb), icws_buf_bytes(&leb_again)));

  /* One more, away from zero: the digits end in 5, 7 and 8. */
  digits.data[digits.len - 1]++;
  assert_int_equal(icws_candid_number_from_digits(&again, row->negative, text, 10, arena),
                   ICWS_ERR_LIMIT);
  icws_buf_wipe(&digits);
  icws_buf_wipe(&leb);
  icws_buf_wipe(&leb_again);
}

static void numbers_have_a_limit(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
    const struct limit_row *row = &limits[i];
    struct icws_candid_value value = number_of(row->type);
    struct icws_arena arena;
    struct icws_buf out;
    uint8_t leb[MAX_LEB];
    icws_arena_init(&arena, 0, NULL);
    icws_buf_init(&out, 0, NULL);
    memset(leb, row->filler, sizeof(leb));
    leb[MAX_LEB - 2] = row->before_last;
    leb[MAX_LEB - 1] = row->last;
    assert_int_equal(icws_candid_number_from_leb(&value, icws_bytes_of(leb, MAX_LEB),
                                                 row->type == ICWS_CANDID_INT, &arena),
                     row->error);
    if (row->error == ICWS_OK) {
      assert_int_equal(value.count, MAX);
      icws_candid_number_put_leb(&value, &out);
      assert_true(icws_bytes_equal(icws_buf_bytes(&out), icws_bytes_of(leb, MAX_LEB)));
      check_greatest_digits(row, &value, &arena);
    } else {
      assert_int_equal(arena.used, 0);
    }
    icws_buf_wipe(&out);
    icws_arena_wipe(&arena);
  }
}

/* A nat that is the greatest one is an int that is too great. */
static void a_nat_may_be_too_great_for_an_int(void **state)
{
  (void)state;
  struct icws_candid_value value = number_of(ICWS_CANDID_INT);
  struct icws_arena arena;
  uint8_t leb[MAX_LEB + 1];
  icws_arena_init(&arena, 0, NULL);
  memset(leb, 0xff, sizeof(leb));
  leb[MAX_LEB - 1] = 0x01;
  assert_int_equal(icws_candid_number_from_leb(&value, icws_bytes_of(leb, MAX_LEB), false, &arena),
                   ICWS_ERR_LIMIT);
  leb[MAX_LEB - 1] = 0x00; /* without its greatest bit it is 2^32767 - 1 */
  assert_int_equal(icws_candid_number_from_leb(&value, icws_bytes_of(leb, MAX_LEB), false, &arena),
                   ICWS_OK);
  assert_int_equal(value.count, MAX);
  /* One significant byte more than any number that fits. */
  leb[MAX_LEB - 1] = 0x80;
  leb[MAX_LEB] = 0x01;
  value = number_of(ICWS_CANDID_NAT);
  assert_int_equal(
      icws_candid_number_from_leb(&value, icws_bytes_of(leb, MAX_LEB + 1), false, &arena),
      ICWS_ERR_LIMIT);
  icws_arena_wipe(&arena);
}

#define MILLION 1000000

static void a_million_digits(void **state)
{
  (void)state;
  struct icws_candid_value value = number_of(ICWS_CANDID_NAT);
  char *digits = malloc(MILLION);
  assert_non_null(digits);
  for (unsigned base = 10; base <= 16; base += 6) {
    memset(digits, '9', MILLION);
    assert_int_equal(
        icws_candid_number_from_digits(&value, false, icws_bytes_of(digits, MILLION), base, NULL),
        ICWS_ERR_LIMIT);
    memset(digits, '0', MILLION);
    digits[MILLION - 1] = '7';
    assert_int_equal(
        icws_candid_number_from_digits(&value, false, icws_bytes_of(digits, MILLION), base, NULL),
        ICWS_OK);
    assert_true(value.count == 0 && value.as.nat == 7);
  }
  free(digits);
}

/* Just beyond the limit, where a number still would fit into the memory for counting it. */
static void some_digits_too_many(void **state)
{
  (void)state;
  char digits[9900];
  memset(digits, '9', sizeof(digits));
  for (size_t count = 9866; count <= sizeof(digits); count++) {
    for (int type = ICWS_CANDID_NAT; type >= ICWS_CANDID_INT; type--) {
      struct icws_candid_value value = number_of(type);
      struct icws_bytes text = icws_bytes_of(digits, count);
      bool negative = type == ICWS_CANDID_INT;
      assert_int_equal(icws_candid_number_from_digits(&value, negative, text, 10, NULL),
                       ICWS_ERR_LIMIT);
    }
  }
}

static void memory_may_fail(void **state)
{
  (void)state;
  struct mem_probe probe;
  struct icws_arena arena;
  struct icws_candid_value value = number_of(ICWS_CANDID_NAT);
  struct icws_bytes digits = icws_bytes_text("18446744073709551616"); /* 2^64 */
  struct icws_bytes leb = icws_bytes_of("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02", 10);
  mem_probe_init(&probe);
  icws_arena_init(&arena, 0, &probe.mem);
  probe.fail_from = 0;
  assert_int_equal(icws_candid_number_from_digits(&value, false, digits, 10, &arena),
                   ICWS_ERR_NOMEM);
  icws_arena_wipe(&arena);
  assert_int_equal(icws_candid_number_from_leb(&value, leb, false, &arena), ICWS_ERR_NOMEM);
  icws_arena_wipe(&arena);
  probe.fail_from = SIZE_MAX;

  icws_arena_init(&arena, 8, &probe.mem);
  assert_int_equal(icws_candid_number_from_leb(&value, leb, false, &arena), ICWS_ERR_LIMIT);
  assert_int_equal(icws_arena_error(&arena), ICWS_ERR_LIMIT);
  icws_arena_wipe(&arena);
  icws_arena_init(&arena, 64, &probe.mem);
  assert_int_equal(icws_candid_number_from_leb(&value, leb, false, &arena), ICWS_OK);
  assert_int_equal(value.count, 9);
  icws_arena_wipe(&arena);
  assert_int_equal(probe.live, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(leb128_of_any_size),
      cmocka_unit_test(leb128_may_be_longer_than_needed),
      cmocka_unit_test(digits_of_any_number),
      cmocka_unit_test(digits_are_checked),
      cmocka_unit_test(a_nat_is_not_below_zero),
      cmocka_unit_test(numbers_have_a_limit),
      cmocka_unit_test(a_nat_may_be_too_great_for_an_int),
      cmocka_unit_test(a_million_digits),
      cmocka_unit_test(some_digits_too_many),
      cmocka_unit_test(memory_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
