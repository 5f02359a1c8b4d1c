/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/cbor.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vectors.h"

#define TAG "d9d9f7"

/* A reader over a copy of exactly the given bytes, so that a sanitizer sees any over-read. */
struct fixture {
  struct vectors_blob blob;
  struct icws_cbor_reader reader;
};

static struct icws_cbor_reader *open_hex(struct fixture *fixture, const char *hex)
{
  struct vectors_blob roomy = vectors_hex(hex);
  fixture->blob = (struct vectors_blob){.data = NULL, .len = roomy.len};
  if (roomy.len > 0) {
    fixture->blob.data = malloc(roomy.len);
    assert_non_null(fixture->blob.data);
    memcpy(fixture->blob.data, roomy.data, roomy.len);
  }
  free(roomy.data);
  icws_cbor_reader_init(&fixture->reader, vectors_bytes(&fixture->blob));
  return &fixture->reader;
}

static void close_hex(struct fixture *fixture)
{
  free(fixture->blob.data);
}

static void unsigned_integers(void **state)
{
  (void)state;
  static const struct {
    const char *hex;
    uint64_t value;
  } cases[] = {
      {"00", 0},
      {"17", 23},
      {"1818", 24},
      {"18ff", 255},
      {"190100", 256},
      {"1a00010000", 65536},
      {"1bffffffffffffffff", UINT64_MAX},
      {"1800", 0}, /* longer than it need be, which RFC 8949 allows */
      {TAG "05", 5},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct fixture fixture;
    struct icws_cbor_reader *reader = open_hex(&fixture, cases[i].hex);
    uint64_t value = 99;
    assert_int_equal(icws_cbor_peek(reader), ICWS_CBOR_UINT);
    assert_int_equal(icws_cbor_read_uint(reader, &value), ICWS_OK);
    assert_true(value == cases[i].value);
    assert_int_equal(icws_cbor_peek(reader), ICWS_CBOR_END);
    assert_int_equal(icws_cbor_finish(reader), ICWS_OK);
    close_hex(&fixture);
  }
}

static void strings_and_flags(void **state)
{
  (void)state;
  struct fixture fixture;
  struct icws_cbor_reader *reader = open_hex(&fixture, "43010203"
                                                       "40"
                                                       "62c3a4"
                                                       "f5"
                                                       "f4");
  struct icws_bytes bytes;
  bool flag = false;
  assert_int_equal(icws_cbor_read_bytes(reader, &bytes), ICWS_OK);
  assert_ptr_equal(bytes.data, fixture.blob.data + 1); /* borrowed, not copied */
  assert_true(icws_bytes_equal(bytes, icws_bytes_of("\1\2\3", 3)));
  assert_int_equal(icws_cbor_read_bytes(reader, &bytes), ICWS_OK);
  assert_int_equal(bytes.len, 0);
  assert_int_equal(icws_cbor_peek(reader), ICWS_CBOR_TEXT);
  assert_int_equal(icws_cbor_read_text(reader, &bytes), ICWS_OK);
  assert_true(icws_bytes_equal(bytes, icws_bytes_text("\xc3\xa4")));
  assert_int_equal(icws_cbor_read_bool(reader, &flag), ICWS_OK);
  assert_true(flag);
  assert_int_equal(icws_cbor_read_bool(reader, &flag), ICWS_OK);
  assert_false(flag);
  assert_int_equal(icws_cbor_finish(reader), ICWS_OK);
  close_hex(&fixture);
}

/* One reading function after another on the same wrong input: each refuses, and stays where the
 * item starts. */
static void refused_by_all(const char *hex)
{
  uint64_t number = 77;
  bool flag = true;
  struct icws_bytes bytes = {.data = NULL, .len = 77};
  for (int function = 0; function < 7; function++) {
    struct fixture fixture;
    struct icws_cbor_reader *reader = open_hex(&fixture, hex);
    size_t start = reader->offset;
    enum icws_error results[] = {
        function == 0 ? icws_cbor_read_uint(reader, &number) : ICWS_ERR_CBOR,
        function == 1 ? icws_cbor_read_bool(reader, &flag) : ICWS_ERR_CBOR,
        function == 2 ? icws_cbor_read_bytes(reader, &bytes) : ICWS_ERR_CBOR,
        function == 3 ? icws_cbor_read_text(reader, &bytes) : ICWS_ERR_CBOR,
        function == 4 ? icws_cbor_read_array(reader, &number) : ICWS_ERR_CBOR,
        function == 5 ? icws_cbor_read_map(reader, &number) : ICWS_ERR_CBOR,
        function == 6 ? icws_cbor_skip(reader) : ICWS_ERR_CBOR,
    };
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
      assert_int_equal(results[i], ICWS_ERR_CBOR);
    assert_int_equal(reader->error, ICWS_ERR_CBOR);
    assert_non_null(reader->reason);
    assert_true(function == 6 || reader->offset == start);
    assert_int_equal(icws_cbor_peek(reader), ICWS_CBOR_END);
    assert_int_equal(icws_cbor_read_uint(reader, &number), ICWS_ERR_CBOR); /* it sticks */
    assert_int_equal(icws_cbor_finish(reader), ICWS_ERR_CBOR);
    close_hex(&fixture);
  }
  assert_true(number == 77 && flag && bytes.len == 77);
}

static void malformed_items(void **state)
{
  (void)state;
  static const char *const inputs[] = {
      "",                     /* nothing */
      "d9d9",                 /* half a tag */
      TAG,                    /* a tag of nothing */
      TAG TAG "00",           /* the tag twice */
      "dad9d9f700",           /* another tag */
      "d9d9f800",             /* another tag */
      "c000",                 /* another tag */
      "18",                   /* argument missing */
      "1bffffff",             /* argument cut */
      "1c00",                 /* reserved */
      "5c00",                 /* reserved */
      "4201",                 /* string cut */
      "5bffffffffffffffff01", /* string of 2^64 - 1 bytes */
      "5b7fffffffffffffff01", /* string of 2^63 - 1 bytes */
      "5f4101ff",             /* indefinite string */
      "7f6161ff",             /* indefinite text */
      "9f00ff",               /* indefinite array */
      "bf00ff",               /* indefinite map */
      "ff",                   /* break */
      "61ff",                 /* not UTF-8 */
      "62c080",               /* overlong */
      "63eda080",             /* surrogate */
      "9bffffffffffffffff00", /* array of 2^64 - 1 */
      "8200",                 /* array of 2, one there */
      "bbffffffffffffffff00", /* map of 2^64 - 1 */
      "bb800000000000000000", /* map whose doubled count is 0 */
      "a2000000",             /* map of 2, one and a half there */
  };
  for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
    refused_by_all(inputs[i]);
}

static void types_are_exact(void **state)
{
  (void)state;
  static const struct {
    const char *hex;
    enum icws_cbor_type type;
  } cases[] = {
      {"01", ICWS_CBOR_UINT},
      {"f5", ICWS_CBOR_BOOL},
      {"4161", ICWS_CBOR_BYTES},
      {"6161", ICWS_CBOR_TEXT},
      {"8100", ICWS_CBOR_ARRAY},
      {"a10000", ICWS_CBOR_MAP},
      {"f6", ICWS_CBOR_OTHER},
      {"f7", ICWS_CBOR_OTHER},
      {"20", ICWS_CBOR_OTHER},
      {"390100", ICWS_CBOR_OTHER},
      {"3bffffffffffffffff", ICWS_CBOR_OTHER},
      {"3a00010000", ICWS_CBOR_OTHER},
      {"f90000", ICWS_CBOR_OTHER},
      {"fa00000000", ICWS_CBOR_OTHER},
      {"fb0000000000000000", ICWS_CBOR_OTHER},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    for (int type = ICWS_CBOR_UINT; type <= ICWS_CBOR_MAP; type++) {
      struct fixture fixture;
      struct icws_cbor_reader *reader = open_hex(&fixture, cases[i].hex);
      uint64_t number;
      bool flag;
      struct icws_bytes bytes;
      assert_int_equal(icws_cbor_peek(reader), cases[i].type);
      enum icws_error error = type == ICWS_CBOR_UINT    ? icws_cbor_read_uint(reader, &number)
                              : type == ICWS_CBOR_BOOL  ? icws_cbor_read_bool(reader, &flag)
                              : type == ICWS_CBOR_BYTES ? icws_cbor_read_bytes(reader, &bytes)
                              : type == ICWS_CBOR_TEXT  ? icws_cbor_read_text(reader, &bytes)
                              : type == ICWS_CBOR_ARRAY ? icws_cbor_read_array(reader, &number)
                                                        : icws_cbor_read_map(reader, &number);
      assert_int_equal(error, type == (int)cases[i].type ? ICWS_OK : ICWS_ERR_CBOR);
      close_hex(&fixture);
    }
    struct fixture fixture;
    struct icws_cbor_reader *reader = open_hex(&fixture, cases[i].hex);
    assert_int_equal(icws_cbor_skip(reader), ICWS_OK);
    assert_int_equal(icws_cbor_finish(reader), ICWS_OK);
    close_hex(&fixture);
  }
}

static void skipping(void **state)
{
  (void)state;
  static const struct {
    const char *hex;
    enum icws_error error;
  } cases[] = {
      {"a2"
       "6161"
       "83010243aabbcc"
       "6162"
       "a161634161",
       ICWS_OK},
      {"80", ICWS_OK},
      {"a0", ICWS_OK},
      {"8301"
       "02"
       "c003",
       ICWS_ERR_CBOR}, /* a tag inside */
      {"8301"
       "02" TAG "03",
       ICWS_ERR_CBOR}, /* even this one */
      {"8201"
       "9fff",
       ICWS_ERR_CBOR}, /* indefinite inside */
      {"8201"
       "61ff",
       ICWS_ERR_CBOR},           /* not UTF-8 inside */
      {"828101", ICWS_ERR_CBOR}, /* the second is missing */
      {"83838383", ICWS_ERR_CBOR},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct fixture fixture;
    struct icws_cbor_reader *reader = open_hex(&fixture, cases[i].hex);
    assert_int_equal(icws_cbor_skip(reader), cases[i].error);
    assert_int_equal(icws_cbor_finish(reader), cases[i].error);
    close_hex(&fixture);
  }
}

static void skipping_what_is_deep(void **state)
{
  (void)state;
  enum { FAR_TOO_DEEP = 1000000 };
  static const struct {
    size_t depth;
    enum icws_error error;
  } cases[] = {
      {ICWS_CBOR_MAX_DEPTH, ICWS_OK},
      {ICWS_CBOR_MAX_DEPTH + 1, ICWS_ERR_LIMIT},
      {FAR_TOO_DEEP, ICWS_ERR_LIMIT},
  };
  uint8_t *input = malloc(FAR_TOO_DEEP + 1);
  assert_non_null(input);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct icws_cbor_reader reader;
    memset(input, 0x81, cases[i].depth);
    input[cases[i].depth] = 0x00;
    icws_cbor_reader_init(&reader, icws_bytes_of(input, cases[i].depth + 1));
    assert_int_equal(icws_cbor_skip(&reader), cases[i].error);
    assert_int_equal(icws_cbor_finish(&reader), cases[i].error);
    icws_cbor_reader_init(&reader, icws_bytes_of(input, cases[i].depth)); /* one byte missing */
    assert_int_not_equal(icws_cbor_skip(&reader), ICWS_OK);
  }
  free(input);
}

static void trailing_bytes(void **state)
{
  (void)state;
  struct fixture fixture;
  struct icws_cbor_reader *reader = open_hex(&fixture, "0001");
  uint64_t value;
  assert_int_equal(icws_cbor_read_uint(reader, &value), ICWS_OK);
  assert_int_equal(icws_cbor_finish(reader), ICWS_ERR_CBOR);
  assert_string_equal(reader->reason, "bytes are left over");
  close_hex(&fixture);
}

/* --- Maps ------------------------------------------------------------------------------------- */

enum { NUMBER, FLAG, BLOB, TEXT, LIST, TABLE, ANY, FIELDS };

static void set_fields(struct icws_cbor_field fields[FIELDS])
{
  static const struct icws_cbor_field all[FIELDS] = {
      {.name = "n", .type = ICWS_CBOR_UINT, .required = true},
      {.name = "f", .type = ICWS_CBOR_BOOL},
      {.name = "b", .type = ICWS_CBOR_BYTES},
      {.name = "t", .type = ICWS_CBOR_TEXT},
      {.name = "l", .type = ICWS_CBOR_ARRAY},
      {.name = "m", .type = ICWS_CBOR_MAP},
      {.name = "x", .type = ICWS_CBOR_OTHER},
  };
  memcpy(fields, all, sizeof all);
}

static void all_kinds_of_fields(void **state)
{
  (void)state;
  struct fixture fixture;
  struct icws_cbor_field fields[FIELDS];
  const char *culprit = "unset";
  struct icws_cbor_reader *reader = open_hex(&fixture, "a8"
                                                       "616d"
                                                       "a161610f"
                                                       "6178"
                                                       "f6"
                                                       "6162"
                                                       "4101"
                                                       "6174"
                                                       "6177"
                                                       "616c"
                                                       "820102"
                                                       "6166"
                                                       "f5"
                                                       "617a"
                                                       "8101"
                                                       "616e"
                                                       "07");
  set_fields(fields);
  assert_int_equal(icws_cbor_read_fields(reader, fields, FIELDS, &culprit), ICWS_OK);
  assert_int_equal(icws_cbor_finish(reader), ICWS_OK);
  for (size_t i = 0; i < FIELDS; i++)
    assert_true(fields[i].present);
  assert_null(culprit);
  assert_int_equal(fields[NUMBER].value.uint, 7);
  assert_true(fields[FLAG].value.boolean);
  assert_true(icws_bytes_equal(fields[BLOB].value.bytes, icws_bytes_of("\1", 1)));
  assert_true(icws_bytes_equal(fields[TEXT].value.bytes, icws_bytes_text("w")));
  assert_true(icws_bytes_equal(fields[LIST].value.bytes, icws_bytes_of("\x82\1\2", 3)));
  assert_true(icws_bytes_equal(fields[TABLE].value.bytes, icws_bytes_of("\xa1\x61\x61\x0f", 4)));
  assert_true(icws_bytes_equal(fields[ANY].value.bytes, icws_bytes_of("\xf6", 1)));
  close_hex(&fixture);
}

static void maps_that_are_refused(void **state)
{
  (void)state;
  static const struct {
    const char *hex;
    const char *culprit;
    const char *reason;
    size_t offset;
  } cases[] = {
      {"a0", "n", "it is missing", 0},
      {"a1616602", "f", "true or false was expected", 3},
      {"a2616e07616e07", NULL, "a key occurs twice", 4},
      {"a3616e07617a00617a00", NULL, "a key occurs twice", 7}, /* unknown, but twice */
      {"a1616e20", "n", "an unsigned integer was expected", 3},
      {"a1616ec107", "n", "a tag where none may be", 3},
      {"a16162f6", "b", "a byte string was expected", 3},
      {"a161626161", "b", "a byte string was expected", 3},
      {"a161744161", "t", "text was expected", 3},
      {"a1616c4161", "l", "an array was expected", 3},
      {"a1616d80", "m", "a map was expected", 3},
      {"a1616d9fff", "m", "an indefinite length", 3},
      {"a1616cc100", "l", "a tag where none may be", 3},
      {"a14161f6", NULL, "text was expected", 1}, /* a key that is bytes */
      {"a10007", NULL, "text was expected", 1},
      {"80", NULL, "a map was expected", 0},
      {"bf616e07ff", NULL, "an indefinite length", 0},
      {"a2616e07", NULL, "the input ends early", 0},
      {"a1617ac100", NULL, "a tag where none may be", 3},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct fixture fixture;
    struct icws_cbor_field fields[FIELDS];
    const char *culprit = "unset";
    struct icws_cbor_reader *reader = open_hex(&fixture, cases[i].hex);
    set_fields(fields);
    assert_int_equal(icws_cbor_read_fields(reader, fields, FIELDS, &culprit), ICWS_ERR_CBOR);
    if (cases[i].culprit == NULL)
      assert_null(culprit);
    else
      assert_string_equal(culprit, cases[i].culprit);
    assert_string_equal(reader->reason, cases[i].reason);
    assert_int_equal(reader->offset, cases[i].offset);
    close_hex(&fixture);
  }
}

static void number_of_keys(void **state)
{
  (void)state;
  for (size_t count = ICWS_CBOR_MAX_KEYS; count <= ICWS_CBOR_MAX_KEYS + 1; count++) {
    uint8_t input[2 + 3 * (ICWS_CBOR_MAX_KEYS + 1)];
    size_t len = 0;
    struct icws_cbor_reader reader;
    struct icws_cbor_field field = {.name = "A", .type = ICWS_CBOR_UINT, .required = true};
    input[len++] = 0xb8;
    input[len++] = (uint8_t)count;
    for (size_t i = 0; i < count; i++) {
      input[len++] = 0x61;
      input[len++] = (uint8_t)('A' + i);
      input[len++] = 0x00;
    }
    icws_cbor_reader_init(&reader, icws_bytes_of(input, len));
    assert_int_equal(icws_cbor_read_fields(&reader, &field, 1, NULL),
                     count == ICWS_CBOR_MAX_KEYS ? ICWS_OK : ICWS_ERR_LIMIT);
  }
}

static void failures_say_where(void **state)
{
  (void)state;
  struct icws_cbor_field field = {.name = "n", .type = ICWS_CBOR_UINT, .required = true};
  struct icws_failure failure = {.code = ICWS_OK};
  assert_int_equal(
      icws_cbor_decode_fields(icws_bytes_of("\xa1\x61n\x07", 4), "thing", &field, 1, &failure),
      ICWS_OK);
  assert_int_equal(failure.code, ICWS_OK);
  assert_int_equal(
      icws_cbor_decode_fields(icws_bytes_of("\xa1\x61n\x40", 4), "thing", &field, 1, &failure),
      ICWS_ERR_CBOR);
  assert_int_equal(failure.code, ICWS_ERR_CBOR);
  assert_string_equal(failure.text, "thing, field n: an unsigned integer was expected (byte 3)");
  assert_int_equal(
      icws_cbor_decode_fields(icws_bytes_of("\xa1\x61n\x07\x00", 5), "thing", &field, 1, &failure),
      ICWS_ERR_CBOR);
  assert_string_equal(failure.text, "thing: bytes are left over (byte 4)");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(unsigned_integers),
      cmocka_unit_test(strings_and_flags),
      cmocka_unit_test(malformed_items),
      cmocka_unit_test(types_are_exact),
      cmocka_unit_test(skipping),
      cmocka_unit_test(skipping_what_is_deep),
      cmocka_unit_test(trailing_bytes),
      cmocka_unit_test(all_kinds_of_fields),
      cmocka_unit_test(maps_that_are_refused),
      cmocka_unit_test(number_of_keys),
      cmocka_unit_test(failures_say_where),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
