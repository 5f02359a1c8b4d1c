/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <icws/error.h>

#define HEADER "include/icws/error.h" /* tests run in the root of the source tree */

/* Calls |visit| with the name and the value of each error that the header declares. */
static size_t walk_header(void (*visit)(const char *name, int value))
{
  FILE *file = fopen(HEADER, "r");
  assert_non_null(file);
  char line[256];
  char name[64];
  int value;
  size_t count = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, " %63[A-Z0-9_] = %d,", name, &value) != 2 ||
        strncmp(name, "ICWS_ERR_", strlen("ICWS_ERR_")) != 0)
      continue;
    visit(name, value);
    count++;
  }
  assert_int_equal(fclose(file), 0);
  return count;
}

static void check_entry(const char *name, int value)
{
  enum icws_error error = (enum icws_error)value;
  assert_string_equal(icws_error_name(error), name);
  const char *sentence = icws_strerror(error);
  assert_string_not_equal(sentence, "unknown error");
  assert_true(strlen(sentence) > 10);
  assert_true(sentence[strlen(sentence) - 1] != '.');
  enum icws_error_family family = icws_error_family(error);
  assert_int_equal(family, -value / 100);
}

static void every_error_has_a_name_and_a_sentence(void **state)
{
  (void)state;
  assert_int_equal(walk_header(check_entry), 66);
  assert_string_equal(icws_error_name(ICWS_OK), "ICWS_OK");
  assert_string_equal(icws_strerror(ICWS_OK), "success");
}

static void no_value_besides_has_one(void **state)
{
  (void)state;
  size_t known = 0;
  for (int value = -2000; value <= 2000; value++)
    known += strcmp(icws_error_name((enum icws_error)value), "ICWS_ERR_UNKNOWN") != 0;
  assert_int_equal(known, 1 + 66);
  assert_string_equal(icws_strerror((enum icws_error) - 999), "unknown error");
  assert_int_equal(icws_error_family((enum icws_error) - 999), ICWS_FAMILY_NONE);
  assert_int_equal(icws_error_family((enum icws_error) - 199), ICWS_FAMILY_NONE);
  assert_int_equal(icws_error_family(ICWS_OK), ICWS_FAMILY_NONE);
}

static void checks_are_numbered_as_in_the_protocol(void **state)
{
  (void)state;
  static const struct {
    enum icws_error error;
    int check;
  } rows[] = {
      {ICWS_OK, 0},
      {ICWS_ERR_INVALID_ARGUMENT, 0},
      {ICWS_ERR_CBOR, 0},
      {ICWS_ERR_DELEGATION, 0},
      {ICWS_ERR_CERTIFICATE, 1},
      {ICWS_ERR_CERTIFICATE_SIGNATURE, 1},
      {ICWS_ERR_CERTIFICATE_DELEGATION, 1},
      {ICWS_ERR_CERTIFICATE_RANGE, 1},
      {ICWS_ERR_CERTIFICATE_STALE, 1},
      {ICWS_ERR_CERTIFICATE_FUTURE, 1},
      {ICWS_ERR_ROOT_KEY, 0}, /* no message was looked at */
      {ICWS_ERR_CERTIFIED_DATA, 2},
      {ICWS_ERR_CONTENT, 3},
      {ICWS_ERR_CLIENT_KEY, 4},
      {ICWS_ERR_MESSAGE_KEY, 5},
      {ICWS_ERR_SEQUENCE, 6},
      {ICWS_ERR_TIMESTAMP, 7},
      {ICWS_ERR_SERVICE_MESSAGE, 0},
      {ICWS_ERR_CONNECT, 0},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_int_equal(icws_error_check(rows[i].error), rows[i].check);
  assert_int_equal(icws_error_check((enum icws_error) - 501), 0);
}

static void a_failure_says_what_and_where(void **state)
{
  (void)state;
  struct icws_failure failure;
  assert_int_equal(icws_fail(&failure, ICWS_ERR_CBOR, "byte %d of %s", 7, "a frame"),
                   ICWS_ERR_CBOR);
  assert_int_equal(failure.code, ICWS_ERR_CBOR);
  assert_string_equal(failure.text, "byte 7 of a frame");
  assert_int_equal(icws_fail(NULL, ICWS_ERR_NOMEM, "nobody hears"), ICWS_ERR_NOMEM);
}

static void a_failure_can_be_printed_as_it_is(void **state)
{
  (void)state;
  struct icws_failure failure;
  (void)icws_fail(&failure, ICWS_ERR_HTTP, "%s", "a\033[31mb\r\n\tc\177d\xc3 ~");
  assert_string_equal(failure.text, "a?[31mb???c?d? ~");
}

static void characters_beyond_ascii_are_escaped(void **state)
{
  (void)state;
  struct icws_failure failure;
  (void)icws_fail(&failure, ICWS_ERR_CANDID, "%s",
                  "\xc2\x80\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\xe6\x97");
  assert_string_equal(failure.text, "\\u{80}\\u{e9}\\u{65e5}\\u{1f600}\\u{10ffff}??");
}

/* No escape is cut, and nothing follows one that had no room. */
static void escapes_are_cut_whole(void **state)
{
  (void)state;
  struct icws_failure failure;
  char text[ICWS_FAILURE_TEXT_BYTES];
  memset(text, 'x', sizeof text);
  memcpy(text + sizeof text - 8, "\xc3\xa9y", 4); /* six bytes, with seven left */
  (void)icws_fail(&failure, ICWS_ERR_CANDID, "%s", text);
  assert_string_equal(failure.text + sizeof text - 8, "\\u{e9}y");
  memcpy(text + sizeof text - 7, "\xc3\xa9y", 4);
  (void)icws_fail(&failure, ICWS_ERR_CANDID, "%s", text);
  assert_int_equal(strlen(failure.text), sizeof text - 1);
  assert_string_equal(failure.text + sizeof text - 7, "\\u{e9}");
  memcpy(text + sizeof text - 6, "\xc3\xa9y", 4);
  (void)icws_fail(&failure, ICWS_ERR_CANDID, "%s", text);
  assert_int_equal(strlen(failure.text), sizeof text - 6);
}

static void a_failure_is_cut_to_its_size(void **state)
{
  (void)state;
  struct icws_failure failure;
  char longer[2 * ICWS_FAILURE_TEXT_BYTES];
  memset(longer, 'x', sizeof longer - 1);
  longer[sizeof longer - 1] = '\0';
  (void)icws_fail(&failure, ICWS_ERR_URL, "%s", longer);
  assert_int_equal(strlen(failure.text), ICWS_FAILURE_TEXT_BYTES - 1);
  assert_memory_equal(failure.text, longer, ICWS_FAILURE_TEXT_BYTES - 1);
}

static void a_failure_can_be_wrapped(void **state)
{
  (void)state;
  struct icws_failure failure;
  (void)icws_fail(&failure, ICWS_ERR_CBOR, "inner");
  (void)icws_fail(&failure, ICWS_ERR_HANDSHAKE, "outer: %s", failure.text);
  assert_int_equal(failure.code, ICWS_ERR_HANDSHAKE);
  assert_string_equal(failure.text, "outer: inner");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_error_has_a_name_and_a_sentence),
      cmocka_unit_test(no_value_besides_has_one),
      cmocka_unit_test(checks_are_numbered_as_in_the_protocol),
      cmocka_unit_test(a_failure_says_what_and_where),
      cmocka_unit_test(a_failure_can_be_printed_as_it_is),
      cmocka_unit_test(characters_beyond_ascii_are_escaped),
      cmocka_unit_test(escapes_are_cut_whole),
      cmocka_unit_test(a_failure_is_cut_to_its_size),
      cmocka_unit_test(a_failure_can_be_wrapped),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
