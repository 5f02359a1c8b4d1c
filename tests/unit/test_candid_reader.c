/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid.h>

#include "vectors.h"

/* --- The official test suite ----------------------------------------------------------------- */

/*
 * Tests of the suite that fail only because the value is not of the type that the test expects.
 * This reader learns what is expected when it is asked for it: skipping the message succeeds.
 */
static const char *const fail_by_type_alone[] = {
    "construct#51",  /* a field that is expected is missing */
    "construct#57",  /* fields of other types */
    "construct#112", /* a case that is not expected */
    "construct#140", /* an argument that is expected is missing */
    "construct#145", /* a field that is expected is missing */
    "construct#148", /* reserved where null is expected */
    "construct#153", /* a case with reserved where one with null is expected */
    "construct#155", /* items of type reserved where null is expected */
    "construct#158", /* a nat where null is expected */
    "prim#12",       /* an argument that is expected is missing */
    "prim#13",       /* likewise: nothing can be of type empty */
    "reference#9",   /* a principal where a service is expected */
    "reference#20",  /* a function where a principal is expected */
    "reference#21",  /* a record where a principal is expected */
    "reference#22",  /* an opt where a principal is expected */
    "reference#44",  /* a composite query where an update function is expected */
    "reference#45",  /* a service without a method that is expected */
    "reference#46",  /* a service with a query where an update function is expected */
    "reference#47",  /* a service with an update function where a query is expected */
    "reference#49",  /* a function of other arguments */
};

static bool fails_by_type_alone(const char *name)
{
  for (size_t i = 0; i < sizeof fail_by_type_alone / sizeof fail_by_type_alone[0]; i++) {
    if (strcmp(fail_by_type_alone[i], name) == 0)
      return true;
  }
  return false;
}

static enum icws_error skip_message(struct icws_bytes message)
{
  struct icws_candid_reader reader;
  if (icws_candid_reader_init(&reader, message) != ICWS_OK)
    return reader.error;
  return icws_candid_finish(&reader);
}

static void check_suite_message(const json_t *test, const char *key)
{
  if (json_object_get(test, key) == NULL)
    return;
  const char *name = vectors_text(test, "name");
  bool fails = strcmp(vectors_text(test, "kind"), "fails") == 0;
  struct vectors_blob blob = vectors_hex_at(test, key);
  enum icws_error error = skip_message(vectors_bytes(&blob));
  if ((error != ICWS_OK) != (fails && !fails_by_type_alone(name)))
    fail_msg("%s gives %s", name, icws_error_name(error));
  /* What is left out of a message that is whole cannot be done without. */
  if (error == ICWS_OK && blob.len > 0)
    assert_int_not_equal(skip_message(icws_bytes_of(blob.data, blob.len - 1)), ICWS_OK);
  free(blob.data);
}

static void shared_official_suite(void **state)
{
  (void)state;
  json_t *root = vectors_shared("candid_tests.json");
  const json_t *test;
  size_t i;
  json_array_foreach(vectors_get(root, "tests"), i, test)
  {
    check_suite_message(test, "blob_hex");
    check_suite_message(test, "other_blob_hex");
  }
  assert_int_equal(i, 322);
  json_decref(root);
}

/* --- Typed reading --------------------------------------------------------------------------- */

/* A message under construction: raw bytes, so that these tests do not hang on the writer. */
struct message {
  struct vectors_blob blob;
  struct icws_candid_reader reader;
};

static void open_message(struct message *message, const char *hex)
{
  message->blob = vectors_hex(hex);
  assert_int_equal(icws_candid_reader_init(&message->reader, vectors_bytes(&message->blob)),
                   ICWS_OK);
}

static int next_arg(struct message *message)
{
  int type = 0;
  assert_true(icws_candid_next_arg(&message->reader, &type));
  return type;
}

static void close_message(struct message *message, enum icws_error expected)
{
  assert_int_equal(icws_candid_finish(&message->reader), expected);
  free(message->blob.data);
}

#define DIDL "4449444c"

static void primitives_are_read(void **state)
{
  (void)state;
  struct message message;
  open_message(&message, DIDL "00067f7e787168"
                              "78"
                              "01"
                              "0807060504030201"
                              "03e29883"
                              "0102caff"
                              "ffffffffffffffff");
  bool truth = false;
  uint64_t number = 0;
  struct icws_bytes text;
  struct icws_principal principal;
  struct icws_candid_reader *reader = &message.reader;
  assert_int_equal(icws_candid_read_null(reader, next_arg(&message)), ICWS_OK);
  assert_int_equal(icws_candid_read_bool(reader, next_arg(&message), &truth), ICWS_OK);
  assert_true(truth);
  assert_int_equal(icws_candid_read_nat64(reader, next_arg(&message), &number), ICWS_OK);
  assert_true(number == UINT64_C(0x0102030405060708));
  assert_int_equal(icws_candid_read_text(reader, next_arg(&message), &text), ICWS_OK);
  assert_true(icws_bytes_equal(text, icws_bytes_text("\xe2\x98\x83")));
  assert_int_equal(icws_candid_read_principal(reader, next_arg(&message), &principal), ICWS_OK);
  assert_true(icws_bytes_equal(icws_principal_bytes(&principal), icws_bytes_of("\xca\xff", 2)));
  assert_int_equal(icws_candid_read_nat64(reader, next_arg(&message), &number), ICWS_OK);
  assert_true(number == UINT64_MAX);
  int type;
  assert_false(icws_candid_next_arg(reader, &type));
  close_message(&message, ICWS_OK);
}

static enum icws_error read_as(struct icws_candid_reader *reader, int kind, int type)
{
  bool truth;
  uint64_t number;
  int inner;
  uint32_t id;
  struct icws_bytes bytes;
  struct icws_principal principal;
  struct icws_candid_record record;
  switch (kind) {
  case ICWS_CANDID_NULL:
    return icws_candid_read_null(reader, type);
  case ICWS_CANDID_BOOL:
    return icws_candid_read_bool(reader, type, &truth);
  case ICWS_CANDID_NAT64:
    return icws_candid_read_nat64(reader, type, &number);
  case ICWS_CANDID_TEXT:
    return icws_candid_read_text(reader, type, &bytes);
  case ICWS_CANDID_PRINCIPAL:
    return icws_candid_read_principal(reader, type, &principal);
  case ICWS_CANDID_OPT:
    return icws_candid_read_opt(reader, type, &truth, &inner);
  case ICWS_CANDID_VEC:
    return icws_candid_read_vec(reader, type, &number, &inner);
  case ICWS_CANDID_NAT8:
    return icws_candid_read_blob(reader, type, &bytes);
  case ICWS_CANDID_RECORD:
    return icws_candid_read_record(reader, type, &record);
  default:
    return icws_candid_read_variant(reader, type, &id, &inner);
  }
}

/* Each way to read, on a value of each type: only the right one succeeds, and
 * principal for a service. */
static void values_of_other_types_are_refused(void **state)
{
  (void)state;
  static const struct {
    const char *hex;
    int kinds[2]; /* the ways that fit */
  } rows[] = {
      {DIDL "00017f", {ICWS_CANDID_NULL, ICWS_CANDID_OPT}},
      {DIDL "000170", {ICWS_CANDID_OPT, ICWS_CANDID_OPT}},
      {DIDL "00017e00", {ICWS_CANDID_BOOL, ICWS_CANDID_BOOL}},
      {DIDL "0001780000000000000000", {ICWS_CANDID_NAT64, ICWS_CANDID_NAT64}},
      {DIDL "0001740000000000000000", {0, 0}},
      {DIDL "0001720000000000000000", {0, 0}},
      {DIDL "00017d00", {0, 0}},
      {DIDL "00017900000000", {0, 0}},
      {DIDL "00017b00", {0, 0}},
      {DIDL "00017100", {ICWS_CANDID_TEXT, ICWS_CANDID_TEXT}},
      {DIDL "0001680100", {ICWS_CANDID_PRINCIPAL, ICWS_CANDID_PRINCIPAL}},
      {DIDL "016e7e010000", {ICWS_CANDID_OPT, ICWS_CANDID_OPT}},
      {DIDL "016d7e010000", {ICWS_CANDID_VEC, ICWS_CANDID_VEC}},
      {DIDL "016d7b010000", {ICWS_CANDID_VEC, ICWS_CANDID_NAT8}},
      {DIDL "016c000100", {ICWS_CANDID_RECORD, ICWS_CANDID_RECORD}},
      {DIDL "016b01007f010000", {ICWS_CANDID_VARIANT, ICWS_CANDID_VARIANT}},
      {DIDL "01690001000100", {ICWS_CANDID_PRINCIPAL, ICWS_CANDID_PRINCIPAL}},
  };
  static const int kinds[] = {ICWS_CANDID_NULL,      ICWS_CANDID_BOOL, ICWS_CANDID_NAT64,
                              ICWS_CANDID_TEXT,      ICWS_CANDID_OPT,  ICWS_CANDID_VEC,
                              ICWS_CANDID_PRINCIPAL, ICWS_CANDID_NAT8, ICWS_CANDID_RECORD,
                              ICWS_CANDID_VARIANT};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
      struct message message;
      open_message(&message, rows[i].hex);
      bool fits = rows[i].kinds[0] == kinds[k] || rows[i].kinds[1] == kinds[k];
      int type = next_arg(&message);
      if (read_as(&message.reader, kinds[k], type) != (fits ? ICWS_OK : ICWS_ERR_CANDID))
        fail_msg("%s read as %d", rows[i].hex, kinds[k]);
      assert_int_equal(message.reader.reason == NULL, fits);
      free(message.blob.data);
    }
  }
}

static void the_first_error_sticks(void **state)
{
  (void)state;
  struct message message;
  open_message(&message, DIDL "00027e7e0201");
  bool truth = false;
  int type = next_arg(&message);
  assert_int_equal(icws_candid_read_bool(&message.reader, type, &truth), ICWS_ERR_CANDID);
  const char *reason = message.reader.reason;
  assert_string_equal(reason, "a bool is neither 0 nor 1");
  assert_int_equal(icws_candid_read_bool(&message.reader, type, &truth), ICWS_ERR_CANDID);
  assert_false(truth);
  assert_false(icws_candid_next_arg(&message.reader, &type));
  assert_int_equal(icws_candid_fail(&message.reader, "another", "field"), ICWS_ERR_CANDID);
  assert_ptr_equal(message.reader.reason, reason);
  assert_null(message.reader.field);
  close_message(&message, ICWS_ERR_CANDID);
}

static void records_are_walked_by_increasing_id(void **state)
{
  (void)state;
  struct message message;
  /* record { 1 : bool; 5 : text; 300 : null }, then a text */
  open_message(&message, DIDL "016c03017e0571ac027f"
                              "020071"
                              "01"
                              "0161"
                              "0162");
  struct icws_candid_record record;
  struct icws_bytes text;
  uint32_t id = 0;
  int type = 0;
  struct icws_candid_reader *reader = &message.reader;
  assert_int_equal(icws_candid_read_record(reader, next_arg(&message), &record), ICWS_OK);
  assert_true(icws_candid_next_field(reader, &record, &id, &type));
  assert_int_equal(id, 1);
  assert_int_equal(type, ICWS_CANDID_BOOL);
  assert_int_equal(icws_candid_skip(reader, type), ICWS_OK);
  assert_true(icws_candid_next_field(reader, &record, &id, &type));
  assert_int_equal(id, 5);
  assert_int_equal(icws_candid_read_text(reader, type, &text), ICWS_OK);
  assert_true(icws_bytes_equal(text, icws_bytes_text("a")));
  assert_true(icws_candid_next_field(reader, &record, &id, &type));
  assert_int_equal(id, 300);
  assert_int_equal(icws_candid_read_null(reader, type), ICWS_OK);
  assert_false(icws_candid_next_field(reader, &record, &id, &type));
  assert_int_equal(icws_candid_read_text(reader, next_arg(&message), &text), ICWS_OK);
  assert_true(icws_bytes_equal(text, icws_bytes_text("b")));
  close_message(&message, ICWS_OK);
}

static void opts_vecs_and_variants_are_read(void **state)
{
  (void)state;
  struct message message;
  /* opt text (present), opt text (not), vec bool, variant { 7 : null; 9 : bool } with the latter */
  open_message(&message, DIDL "036e716d7e6b02077f097e"
                              "0400000102"
                              "010178"
                              "00"
                              "020001"
                              "0101");
  struct icws_candid_reader *reader = &message.reader;
  bool present = false;
  int inner = 0;
  uint64_t count = 0;
  uint32_t id = 0;
  struct icws_bytes text;
  bool truth = true;
  assert_int_equal(icws_candid_read_opt(reader, next_arg(&message), &present, &inner), ICWS_OK);
  assert_true(present);
  assert_int_equal(icws_candid_read_text(reader, inner, &text), ICWS_OK);
  assert_true(icws_bytes_equal(text, icws_bytes_text("x")));
  assert_int_equal(icws_candid_read_opt(reader, next_arg(&message), &present, &inner), ICWS_OK);
  assert_false(present);
  assert_int_equal(icws_candid_read_vec(reader, next_arg(&message), &count, &inner), ICWS_OK);
  assert_int_equal(count, 2);
  assert_int_equal(icws_candid_read_bool(reader, inner, &truth), ICWS_OK);
  assert_false(truth);
  assert_int_equal(icws_candid_read_bool(reader, inner, &truth), ICWS_OK);
  assert_true(truth);
  assert_int_equal(icws_candid_read_variant(reader, next_arg(&message), &id, &inner), ICWS_OK);
  assert_int_equal(id, 9);
  assert_int_equal(inner, ICWS_CANDID_BOOL);
  assert_int_equal(icws_candid_read_bool(reader, inner, &truth), ICWS_OK);
  close_message(&message, ICWS_OK);
}

/* A principal may be sent as a service, but not the other way round. */
static void references_are_read(void **state)
{
  (void)state;
  static const char hex[] = DIDL "026a00000069000400010168"
                                 "010103caffee0161"
                                 "0103caffee"
                                 "0103caffee"
                                 "0103caffee";
  struct icws_bytes caffee = icws_bytes_of("\xca\xff\xee", 3);
  struct icws_candid_method method;
  struct icws_principal principal;
  struct message message;
  open_message(&message, hex);
  struct icws_candid_reader *reader = &message.reader;
  assert_int_equal(icws_candid_read_func(reader, next_arg(&message), &method), ICWS_OK);
  assert_true(icws_bytes_equal(icws_principal_bytes(&method.service), caffee));
  assert_true(icws_bytes_equal(method.name, icws_bytes_text("a")));
  assert_int_equal(icws_candid_read_service(reader, next_arg(&message), &principal), ICWS_OK);
  assert_true(icws_bytes_equal(icws_principal_bytes(&principal), caffee));
  assert_int_equal(icws_candid_read_principal(reader, next_arg(&message), &principal), ICWS_OK);
  assert_int_equal(icws_candid_read_service(reader, next_arg(&message), &principal),
                   ICWS_ERR_CANDID);
  assert_string_equal(reader->reason, "a value is not a service");
  close_message(&message, ICWS_ERR_CANDID);

  open_message(&message, hex);
  assert_int_equal(icws_candid_skip(reader, next_arg(&message)), ICWS_OK);
  assert_int_equal(icws_candid_read_func(reader, next_arg(&message), &method), ICWS_ERR_CANDID);
  assert_string_equal(reader->reason, "a value is not a func");
  close_message(&message, ICWS_ERR_CANDID);
}

static void types_say_what_they_are(void **state)
{
  (void)state;
  struct message message;
  /* a table of one of each; the constructor 0x66 is of the future */
  open_message(&message, DIDL "076e716d7e6c006b006a0000006900660161"
                              "00");
  static const int constructors[] = {ICWS_CANDID_OPT,     ICWS_CANDID_VEC,  ICWS_CANDID_RECORD,
                                     ICWS_CANDID_VARIANT, ICWS_CANDID_FUNC, ICWS_CANDID_SERVICE,
                                     ICWS_CANDID_FUTURE};
  for (int i = 0; i < 7; i++)
    assert_int_equal(icws_candid_constructor_of(&message.reader, i), constructors[i]);
  assert_int_equal(icws_candid_constructor_of(&message.reader, ICWS_CANDID_TEXT), ICWS_CANDID_TEXT);
  close_message(&message, ICWS_OK);
}

/* --- Limits ---------------------------------------------------------------------------------- */

static void put_hex(struct icws_buf *buf, const char *hex)
{
  assert_int_equal(icws_hex_decode(icws_bytes_text(hex), buf), ICWS_OK);
}

static void put_repeated(struct icws_buf *buf, const char *hex, unsigned count)
{
  while (count-- > 0)
    put_hex(buf, hex);
}

static void check_skip(struct icws_buf *buf, enum icws_error expected)
{
  assert_int_equal(skip_message(icws_buf_bytes(buf)), expected);
  icws_buf_clear(buf);
}

static void tables_and_arguments_are_bounded(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  put_hex(&buf, DIDL "8008"); /* 1024 */
  put_repeated(&buf, "6e7e", ICWS_CANDID_MAX_TYPES);
  put_hex(&buf, "00");
  check_skip(&buf, ICWS_OK);
  put_hex(&buf, DIDL "8108");
  put_repeated(&buf, "6e7e", ICWS_CANDID_MAX_TYPES + 1);
  put_hex(&buf, "00");
  check_skip(&buf, ICWS_ERR_LIMIT);

  put_hex(&buf, DIDL "0040");
  put_repeated(&buf, "7f", ICWS_CANDID_MAX_ARGS);
  check_skip(&buf, ICWS_OK);
  put_hex(&buf, DIDL "0041");
  put_repeated(&buf, "7f", ICWS_CANDID_MAX_ARGS + 1);
  check_skip(&buf, ICWS_ERR_LIMIT);
  icws_buf_wipe(&buf);
}

/* The recursive type opt of itself: each byte 1 is one level more. */
static void depth_is_bounded(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  put_hex(&buf, DIDL "016e000100");
  put_repeated(&buf, "01", ICWS_CANDID_MAX_DEPTH - 1);
  put_hex(&buf, "00");
  check_skip(&buf, ICWS_OK);
  put_hex(&buf, DIDL "016e000100");
  put_repeated(&buf, "01", ICWS_CANDID_MAX_DEPTH);
  put_hex(&buf, "00");
  check_skip(&buf, ICWS_ERR_LIMIT);
  icws_buf_wipe(&buf);
}

static void values_without_bytes_are_bounded(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  put_hex(&buf, DIDL "016d7f0100"
                     "808004"); /* 65536 nulls */
  check_skip(&buf, ICWS_OK);
  put_hex(&buf, DIDL "016d7f0100"
                     "808008"); /* 131072 */
  check_skip(&buf, ICWS_ERR_LIMIT);
  put_hex(&buf, DIDL "016d7f0500000000"
                     "00"
                     "b0ea01b0ea01b0ea01b0ea01b0ea01"); /* 5 * 30000 */
  check_skip(&buf, ICWS_ERR_LIMIT);

  /* A typed reader is told at once: it may want to allocate for the items. */
  struct message message;
  uint64_t count = 0;
  int inner;
  open_message(&message, DIDL "026d016c000100"
                              "8094ebdc03");
  int type = next_arg(&message);
  assert_int_equal(icws_candid_read_vec(&message.reader, type, &count, &inner), ICWS_ERR_LIMIT);
  assert_int_equal(count, 0);
  close_message(&message, ICWS_ERR_LIMIT);
  icws_buf_wipe(&buf);
}

/* A variant of 127 cases, and many values of the last one: one byte each, 126 steps each. */
static void steps_are_bounded(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  for (int large = 0; large <= 1; large++) {
    put_hex(&buf, DIDL "026d016b7f");
    for (unsigned id = 0; id < 127; id++) {
      icws_buf_put_u8(&buf, (uint8_t)id);
      icws_buf_put_u8(&buf, 0x7f);
    }
    put_hex(&buf, large ? "0100a08d06" : "0100f403"); /* 100000 and 500 */
    put_repeated(&buf, "7e", large ? 100000 : 500);
    check_skip(&buf, large ? ICWS_ERR_LIMIT : ICWS_OK);
  }
  icws_buf_wipe(&buf);
}

static void numbers_of_the_table_have_ten_bytes_at_most(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  put_hex(&buf, DIDL "016c0180808080808080808000"
                     "7f"
                     "00"); /* the field id 0 in ten bytes */
  check_skip(&buf, ICWS_OK);
  put_hex(&buf, DIDL "016c018080808080808080808000"
                     "7f"
                     "00");
  check_skip(&buf, ICWS_ERR_CANDID);
  put_hex(&buf, DIDL "00017d");
  put_repeated(&buf, "80", 1000); /* a nat may be of any size */
  put_hex(&buf, "01");
  check_skip(&buf, ICWS_OK);
  icws_buf_wipe(&buf);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shared_official_suite),
      cmocka_unit_test(primitives_are_read),
      cmocka_unit_test(values_of_other_types_are_refused),
      cmocka_unit_test(the_first_error_sticks),
      cmocka_unit_test(records_are_walked_by_increasing_id),
      cmocka_unit_test(opts_vecs_and_variants_are_read),
      cmocka_unit_test(references_are_read),
      cmocka_unit_test(types_say_what_they_are),
      cmocka_unit_test(tables_and_arguments_are_bounded),
      cmocka_unit_test(depth_is_bounded),
      cmocka_unit_test(values_without_bytes_are_bounded),
      cmocka_unit_test(steps_are_bounded),
      cmocka_unit_test(numbers_of_the_table_have_ten_bytes_at_most),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
