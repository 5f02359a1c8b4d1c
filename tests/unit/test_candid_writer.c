/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid.h>

#include "vectors.h"

/* A message under construction. */
struct message {
  struct icws_buf buf;
  struct icws_candid_writer writer;
};

static void start(struct message *message)
{
  icws_buf_init(&message->buf, 0, NULL);
  icws_candid_writer_init(&message->writer, &message->buf);
}

static void check_and_wipe(struct message *message, struct icws_bytes expected)
{
  assert_int_equal(icws_buf_error(&message->buf), ICWS_OK);
  assert_int_equal(message->buf.len, expected.len);
  assert_memory_equal(message->buf.data, expected.data, expected.len);
  icws_buf_wipe(&message->buf);
}

/* Compares with a message of the official test suite. */
static void check_suite(struct message *message, const char *name)
{
  json_t *root = vectors_shared("candid_tests.json");
  const json_t *test;
  size_t i;
  size_t found = 0;
  json_array_foreach(vectors_get(root, "tests"), i, test)
  {
    if (strcmp(vectors_text(test, "name"), name) != 0)
      continue;
    struct vectors_blob blob = vectors_hex_at(test, "blob_hex");
    check_and_wipe(message, vectors_bytes(&blob));
    free(blob.data);
    found++;
  }
  assert_int_equal(found, 1);
  json_decref(root);
}

/* Known hashes of names, also those on the pages of the specification. */
static void names_become_ids(void **state)
{
  (void)state;
  assert_int_equal(icws_candid_field_id("Ok"), 17724);
  assert_int_equal(icws_candid_field_id("Err"), 3456837);
  assert_int_equal(icws_candid_field_id("foo"), 5097222);
  assert_int_equal(icws_candid_field_id("bar"), 4895187);
  assert_int_equal(icws_candid_field_id("\xe2\x98\x83"), 11272781);
  assert_int_equal(icws_candid_field_id(""), 0);
}

static void an_empty_message(void **state)
{
  (void)state;
  struct message message;
  start(&message);
  icws_candid_put_args(&message.writer, NULL, 0);
  check_suite(&message, "construct#1");
}

static void fields_are_written_by_their_ids(void **state)
{
  (void)state;
  for (int turned = 0; turned <= 1; turned++) {
    struct message message;
    start(&message);
    struct icws_candid_field fields[2];
    fields[turned] = (struct icws_candid_field){"foo", ICWS_CANDID_INT};
    fields[1 - turned] = (struct icws_candid_field){"bar", ICWS_CANDID_BOOL};
    int type = icws_candid_type_record(&message.writer, fields, 2);
    assert_int_equal(type, 0);
    icws_candid_put_args(&message.writer, &type, 1);
    icws_candid_put_bool(&message.writer, true);
    icws_buf_put_u8(&message.buf, 42);
    check_suite(&message, "construct#60");
  }
}

static void a_variant_is_an_index_by_id(void **state)
{
  (void)state;
  static const struct icws_candid_field cases[] = {{"Err", ICWS_CANDID_TEXT},
                                                   {"Ok", ICWS_CANDID_TEXT}};
  struct message message;
  start(&message);
  int type = icws_candid_type_variant(&message.writer, cases, 2);
  icws_candid_put_args(&message.writer, &type, 1);
  assert_int_equal(icws_candid_case_index(cases, 2, "Ok"), 0);
  assert_int_equal(icws_candid_case_index(cases, 2, "Err"), 1);
  icws_candid_put_index(&message.writer, icws_candid_case_index(cases, 2, "Ok"));
  icws_candid_put_text(&message.writer, icws_bytes_text("good"));
  check_suite(&message, "construct#121");
}

static void a_blob_is_a_vec_of_bytes(void **state)
{
  (void)state;
  struct message message;
  start(&message);
  int type = icws_candid_type_vec(&message.writer, ICWS_CANDID_NAT8);
  icws_candid_put_args(&message.writer, &type, 1);
  icws_candid_put_blob(&message.writer, icws_bytes_of("\x01\x02", 2));
  check_suite(&message, "construct#33");
}

static void opts_nest(void **state)
{
  (void)state;
  struct message message;
  start(&message);
  int inner = icws_candid_type_opt(&message.writer, ICWS_CANDID_BOOL);
  int outer = icws_candid_type_opt(&message.writer, inner);
  assert_int_equal(inner, 0);
  assert_int_equal(outer, 1);
  icws_candid_put_args(&message.writer, &outer, 1);
  icws_candid_put_present(&message.writer, true);
  icws_candid_put_present(&message.writer, true);
  icws_candid_put_bool(&message.writer, false);
  struct vectors_blob expected = vectors_hex("4449444c026e7e6e000101010100");
  check_and_wipe(&message, vectors_bytes(&expected));
  free(expected.data);
}

static void principals_and_numbers(void **state)
{
  (void)state;
  struct message message;
  start(&message);
  static const int principal_type = ICWS_CANDID_PRINCIPAL;
  struct icws_principal principal;
  assert_int_equal(icws_principal_init(&principal, icws_bytes_of("\xef\xcd\xab\0\0\0\0\0\x01", 9)),
                   ICWS_OK);
  icws_candid_put_args(&message.writer, &principal_type, 1);
  icws_candid_put_principal(&message.writer, &principal);
  check_suite(&message, "reference#3");

  start(&message);
  static const int types[] = {ICWS_CANDID_NAT64, ICWS_CANDID_NULL};
  icws_candid_put_args(&message.writer, types, 2);
  icws_candid_put_nat64(&message.writer, UINT64_C(0x0102030405060708));
  struct vectors_blob expected = vectors_hex("4449444c0002787f0807060504030201");
  check_and_wipe(&message, vectors_bytes(&expected));
  free(expected.data);
}

/* Argument types of messages of the official suite, and the values after them. */
static void functions_and_services(void **state)
{
  (void)state;
  struct message message;
  struct icws_candid_method method = {.name = icws_bytes_text("foo")};
  assert_int_equal(icws_principal_init(&method.service, icws_bytes_of("\xca\xff\xee", 3)), ICWS_OK);
  static const int text = ICWS_CANDID_TEXT;
  static const int nat = ICWS_CANDID_NAT;
  for (unsigned twin = 0; twin < 2; twin++) {
    start(&message);
    unsigned annotation = twin == 0 ? ICWS_CANDID_QUERY : ICWS_CANDID_COMPOSITE_QUERY;
    int func = icws_candid_type_func(&message.writer, &text, 1, &nat, 1, annotation);
    icws_candid_put_args(&message.writer, &func, 1);
    icws_candid_put_func(&message.writer, &method);
    check_suite(&message, twin == 0 ? "reference#38" : "reference#39");
  }
  start(&message);
  int func = icws_candid_type_func(&message.writer, &text, 1, &nat, 1, 0);
  const struct icws_candid_field foo = {"foo", func};
  int service = icws_candid_type_service(&message.writer, &foo, 1);
  icws_candid_put_args(&message.writer, &service, 1);
  icws_candid_put_service(&message.writer, &method.service);
  check_suite(&message, "reference#48");
}

static void methods_are_written_by_their_names(void **state)
{
  (void)state;
  struct message message;
  start(&message);
  int func = icws_candid_type_func(&message.writer, NULL, 0, NULL, 0,
                                   ICWS_CANDID_QUERY | ICWS_CANDID_ONEWAY);
  const struct icws_candid_field methods[] = {{"b", func}, {"aa", func}, {"a", func}};
  int service = icws_candid_type_service(&message.writer, methods, 3);
  assert_int_equal(service, 1);
  icws_candid_put_args(&message.writer, NULL, 0);
  struct vectors_blob expected = vectors_hex("4449444c02"
                                             "6a0000020102"
                                             "69030161000261610001620000");
  check_and_wipe(&message, vectors_bytes(&expected));
  free(expected.data);
}

static void types_may_refer_to_later_ones(void **state)
{
  (void)state;
  struct message message;
  start(&message);
  int service = icws_candid_next_type(&message.writer);
  int opt = service + 1;
  int func = service + 2;
  const struct icws_candid_field next = {"next", func};
  assert_int_equal(icws_candid_type_service(&message.writer, &next, 1), service);
  assert_int_equal(icws_candid_type_opt(&message.writer, opt), opt); /* of itself */
  assert_int_equal(icws_candid_type_func(&message.writer, NULL, 0, &service, 1, 0), func);
  icws_candid_put_args(&message.writer, &opt, 1);
  icws_candid_put_present(&message.writer, true);
  icws_candid_put_present(&message.writer, false);
  struct vectors_blob expected = vectors_hex("4449444c03"
                                             "6901046e65787402"
                                             "6e01"
                                             "6a00010000"
                                             "0101"
                                             "0100");
  struct icws_candid_reader reader;
  assert_int_equal(icws_candid_reader_init(&reader, icws_buf_bytes(&message.buf)), ICWS_OK);
  assert_int_equal(icws_candid_finish(&reader), ICWS_OK);
  check_and_wipe(&message, vectors_bytes(&expected));
  free(expected.data);
}

static void a_message_is_appended_to_what_is_there(void **state)
{
  (void)state;
  struct icws_buf buf;
  struct icws_candid_writer writer;
  icws_buf_init(&buf, 0, NULL);
  icws_buf_put(&buf, "before", 6);
  icws_candid_writer_init(&writer, &buf);
  int type = icws_candid_type_opt(&writer, ICWS_CANDID_BOOL);
  icws_candid_put_args(&writer, &type, 1);
  icws_candid_put_present(&writer, false);
  assert_true(
      icws_bytes_equal(icws_buf_bytes(&buf), icws_bytes_of("beforeDIDL\x01\x6e\x7e\x01\0\0", 16)));
  icws_buf_wipe(&buf);
}

static void fields_and_types_are_bounded(void **state)
{
  (void)state;
  char names[ICWS_CANDID_WRITER_FIELDS + 1][4];
  struct icws_candid_field fields[ICWS_CANDID_WRITER_FIELDS + 1];
  for (unsigned i = 0; i <= ICWS_CANDID_WRITER_FIELDS; i++) {
    (void)snprintf(names[i], sizeof names[i], "%u", i % 100);
    fields[i] = (struct icws_candid_field){names[i], ICWS_CANDID_NULL};
  }
  struct message message;
  start(&message);
  (void)icws_candid_type_service(&message.writer, fields, ICWS_CANDID_WRITER_FIELDS);
  assert_int_equal(icws_buf_error(&message.buf), ICWS_OK);
  (void)icws_candid_type_service(&message.writer, fields, ICWS_CANDID_WRITER_FIELDS + 1);
  assert_int_equal(icws_buf_error(&message.buf), ICWS_ERR_LIMIT);
  icws_buf_wipe(&message.buf);

  start(&message);
  (void)icws_candid_type_record(&message.writer, fields, ICWS_CANDID_WRITER_FIELDS);
  assert_int_equal(icws_buf_error(&message.buf), ICWS_OK);
  (void)icws_candid_type_record(&message.writer, fields, ICWS_CANDID_WRITER_FIELDS + 1);
  assert_int_equal(icws_buf_error(&message.buf), ICWS_ERR_LIMIT);
  icws_buf_wipe(&message.buf);

  start(&message);
  for (int i = 0; i < ICWS_CANDID_WRITER_TYPES; i++)
    assert_int_equal(icws_candid_type_opt(&message.writer, ICWS_CANDID_NULL), i);
  icws_candid_put_args(&message.writer, NULL, 0);
  struct icws_candid_reader reader;
  assert_int_equal(icws_candid_reader_init(&reader, icws_buf_bytes(&message.buf)), ICWS_OK);
  assert_int_equal(icws_candid_finish(&reader), ICWS_OK);
  assert_int_equal(icws_candid_constructor_of(&reader, ICWS_CANDID_WRITER_TYPES - 1),
                   ICWS_CANDID_OPT);
  (void)icws_candid_type_vec(&message.writer, ICWS_CANDID_NULL);
  assert_int_equal(icws_buf_error(&message.buf), ICWS_ERR_LIMIT);
  icws_buf_wipe(&message.buf);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_become_ids),
      cmocka_unit_test(an_empty_message),
      cmocka_unit_test(fields_are_written_by_their_ids),
      cmocka_unit_test(a_variant_is_an_index_by_id),
      cmocka_unit_test(a_blob_is_a_vec_of_bytes),
      cmocka_unit_test(opts_nest),
      cmocka_unit_test(principals_and_numbers),
      cmocka_unit_test(functions_and_services),
      cmocka_unit_test(methods_are_written_by_their_names),
      cmocka_unit_test(types_may_refer_to_later_ones),
      cmocka_unit_test(a_message_is_appended_to_what_is_there),
      cmocka_unit_test(fields_and_types_are_bounded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
