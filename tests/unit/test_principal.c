/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/principal.h>

#include "vectors.h"

static struct icws_principal from_hex(const char *hex)
{
  struct vectors_blob blob = vectors_hex(hex);
  struct icws_principal principal;
  assert_int_equal(icws_principal_init(&principal, vectors_bytes(&blob)), ICWS_OK);
  free(blob.data);
  return principal;
}

static void check_valid(const char *hex, const char *text)
{
  struct icws_principal principal = from_hex(hex);
  char written[ICWS_PRINCIPAL_TEXT_BYTES];
  assert_int_equal(icws_principal_to_text(&principal, written), strlen(text));
  assert_string_equal(written, text);

  struct icws_principal read;
  memset(&read, 0xff, sizeof read);
  assert_int_equal(icws_principal_from_text(&read, icws_bytes_text(text)), ICWS_OK);
  assert_memory_equal(&read, &principal, sizeof read); /* unused bytes are zero */
}

static void check_refused(const char *text)
{
  struct icws_principal untouched = icws_principal_anonymous();
  enum icws_error error = icws_principal_from_text(&untouched, icws_bytes_text(text));
  if (error != ICWS_ERR_PRINCIPAL)
    fail_msg("\"%s\" gives %s", text, icws_error_name(error));
  struct icws_principal anonymous = icws_principal_anonymous();
  assert_true(icws_principal_equal(&untouched, &anonymous));
}

/* Each character of a good text, replaced by others: the checksum covers them all. */
static void check_twins(const char *text)
{
  char twin[ICWS_PRINCIPAL_TEXT_BYTES];
  size_t len = strlen(text);
  for (size_t i = 0; i < len; i++) {
    static const char others[] = "az27-=10 _";
    for (const char *other = others; *other != '\0'; other++) {
      memcpy(twin, text, len + 1);
      twin[i] = *other;
      if (*other != text[i])
        check_refused(twin);
    }
    memcpy(twin, text, len + 1);
    memmove(twin + i, twin + i + 1, len - i);
    check_refused(twin);
  }
}

static void shared_valid_ones_go_both_ways(void **state)
{
  (void)state;
  json_t *root = vectors_shared("principals.json");
  const json_t *entry;
  size_t i;
  json_array_foreach(vectors_get(root, "valid"), i, entry)
  {
    check_valid(vectors_text(entry, "hex"), vectors_text(entry, "text"));
    check_twins(vectors_text(entry, "text"));
  }
  json_array_foreach(vectors_get(root, "self_authenticating"), i, entry)
      check_valid(vectors_text(entry, "principal_hex"), vectors_text(entry, "text"));
  assert_int_equal(json_array_size(vectors_get(root, "valid")), 43);
  json_decref(root);
}

/* Case does not matter to the specification: the shared vectors advise to accept. */
static void shared_questionable_ones(void **state)
{
  (void)state;
  json_t *root = vectors_shared("principals.json");
  const json_t *entry;
  size_t i;
  size_t accepted = 0;
  json_array_foreach(vectors_get(root, "questionable_or_invalid"), i, entry)
  {
    struct icws_principal principal;
    if (json_object_get(entry, "text") == NULL) {
      struct vectors_blob blob = vectors_hex_at(entry, "hex");
      assert_int_equal(icws_principal_init(&principal, vectors_bytes(&blob)), ICWS_ERR_PRINCIPAL);
      free(blob.data);
      continue;
    }
    const char *text = vectors_text(entry, "text");
    if (strncmp(vectors_text(entry, "recommended"), "accept", strlen("accept")) == 0) {
      assert_int_equal(icws_principal_from_text(&principal, icws_bytes_text(text)), ICWS_OK);
      accepted++;
    } else {
      check_refused(text);
    }
  }
  assert_int_equal(i, 18);
  assert_int_equal(accepted, 2);
  json_decref(root);
}

static void shared_order(void **state)
{
  (void)state;
  json_t *root = vectors_shared("principals.json");
  const json_t *entry;
  size_t i;
  json_array_foreach(vectors_get(root, "ordering"), i, entry)
  {
    struct icws_principal a = from_hex(vectors_text(entry, "a"));
    struct icws_principal b = from_hex(vectors_text(entry, "b"));
    assert_int_equal(json_integer_value(vectors_get(entry, "bytewise")), -1);
    assert_true(icws_principal_compare(&a, &b) < 0);
    assert_true(icws_principal_compare(&b, &a) > 0);
    assert_int_equal(icws_principal_compare(&a, &a), 0);
    assert_false(icws_principal_equal(&a, &b));
  }
  assert_int_equal(i, 6);
  json_decref(root);
}

static void check_text(const char *text)
{
  struct icws_principal principal;
  char written[ICWS_PRINCIPAL_TEXT_BYTES];
  assert_int_equal(icws_principal_from_text(&principal, icws_bytes_text(text)), ICWS_OK);
  assert_int_equal(icws_principal_to_text(&principal, written), strlen(text));
  assert_string_equal(written, text);
}

/* Vectors made with the JavaScript package.  It refuses upper case, which the specification and the
 * shared vectors allow; all else that it refuses is refused here. */
static void check_javascript(json_t *root, const char *reason)
{
  const json_t *entry;
  size_t i;
  size_t refused = 0;
  json_array_foreach(vectors_get(root, "cases"), i, entry)
  {
    if (json_object_get(entry, "invalid_text") == NULL) {
      check_text(vectors_text(entry, "text"));
      if (json_object_get(entry, "bytes") != NULL)
        check_valid(vectors_text(entry, "bytes"), vectors_text(entry, "text"));
    } else if (strcmp(vectors_text(entry, reason), "upper case") != 0) {
      check_refused(vectors_text(entry, "invalid_text"));
      refused++;
    }
  }
  assert_true(i > 20);
  assert_true(refused >= 7);
  json_decref(root);
}

static void shared_javascript_ones(void **state)
{
  (void)state;
  check_javascript(vectors_shared("js-principals.json"), "why");
}

static void own_ones(void **state)
{
  (void)state;
  check_javascript(vectors_own("principals.json"), "reason");
}

static void known_ones(void **state)
{
  (void)state;
  check_valid("", "aaaaa-aa");
  check_valid("abcd01", "em77e-bvlzu-aq");
  struct icws_principal anonymous = icws_principal_anonymous();
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  (void)icws_principal_to_text(&anonymous, text);
  assert_string_equal(text, "2vxsx-fae");
  assert_int_equal(icws_principal_bytes(&anonymous).len, 1);
}

static void sizes_are_bounded(void **state)
{
  (void)state;
  uint8_t bytes[ICWS_PRINCIPAL_MAX_BYTES + 1] = {0};
  struct icws_principal principal;
  assert_int_equal(icws_principal_init(&principal, icws_bytes_of(bytes, sizeof bytes - 1)),
                   ICWS_OK);
  assert_int_equal(principal.len, ICWS_PRINCIPAL_MAX_BYTES);
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  assert_int_equal(icws_principal_to_text(&principal, text), ICWS_PRINCIPAL_TEXT_BYTES - 1);
  assert_int_equal(icws_principal_init(&principal, icws_bytes_of(bytes, sizeof bytes)),
                   ICWS_ERR_PRINCIPAL);
  assert_int_equal(principal.len, ICWS_PRINCIPAL_MAX_BYTES);

  char longer[1000];
  memset(longer, 'a', sizeof longer);
  assert_int_equal(icws_principal_from_text(&principal, icws_bytes_of(longer, sizeof longer)),
                   ICWS_ERR_PRINCIPAL);
  assert_int_equal(icws_principal_from_text(&principal, icws_bytes_of("aaaaa-aa\0", 9)),
                   ICWS_ERR_PRINCIPAL);
  assert_int_equal(icws_principal_from_text(&principal, icws_bytes_of(NULL, 0)),
                   ICWS_ERR_PRINCIPAL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_ones),
      cmocka_unit_test(sizes_are_bounded),
      cmocka_unit_test(shared_valid_ones_go_both_ways),
      cmocka_unit_test(shared_questionable_ones),
      cmocka_unit_test(shared_order),
      cmocka_unit_test(shared_javascript_ones),
      cmocka_unit_test(own_ones),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
