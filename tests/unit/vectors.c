/* SPDX-License-Identifier: Apache-2.0 */
#include "vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>
#include <sys/stat.h>

static json_t *load(const char *folder, const char *name)
{
  char path[1024];
  int length = snprintf(path, sizeof path, "%s/%s", folder, name);
  if (length < 0 || (size_t)length >= sizeof path)
    fail_msg("the path of %s is too long", name);
  json_error_t error;
  json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
  if (root == NULL)
    fail_msg("%s, line %d: %s", path, error.line, error.text);
  return root;
}

json_t *vectors_own(const char *name)
{
  return load(ICWS_TEST_VECTORS_DIR, name);
}

static void need_shared(const char *name)
{
  struct stat status;
  if (stat(ICWS_SHARED_VECTORS_DIR, &status) != 0) {
    print_message("SKIPPED: ../shared/vectors missing, so %s was not tested\n", name);
    skip();
  }
}

json_t *vectors_shared(const char *name)
{
  need_shared(name);
  return load(ICWS_SHARED_VECTORS_DIR, name);
}

struct vectors_blob vectors_shared_file(const char *name)
{
  char path[1024];
  struct vectors_blob blob = {.data = NULL, .len = 0};
  need_shared(name);
  int length = snprintf(path, sizeof path, "%s/%s", ICWS_SHARED_VECTORS_DIR, name);
  FILE *file = length > 0 && (size_t)length < sizeof path ? fopen(path, "rb") : NULL;
  if (file == NULL || fseek(file, 0, SEEK_END) != 0)
    fail_msg("%s cannot be read", name);
  long size = ftell(file);
  rewind(file);
  blob.data = malloc((size_t)size + 1);
  assert_non_null(blob.data);
  blob.len = fread(blob.data, 1, (size_t)size, file);
  assert_int_equal(blob.len, size);
  assert_int_equal(fclose(file), 0);
  return blob;
}

json_t *vectors_get(const json_t *object, const char *key)
{
  json_t *value = json_object_get(object, key);
  if (value == NULL)
    fail_msg("a vector has no member %s", key);
  return value;
}

const char *vectors_text(const json_t *object, const char *key)
{
  const char *text = json_string_value(vectors_get(object, key));
  if (text == NULL)
    fail_msg("member %s of a vector is no string", key);
  return text;
}

uint64_t vectors_uint(const json_t *object, const char *key)
{
  const json_t *value = vectors_get(object, key);
  if (json_is_integer(value)) {
    if (json_integer_value(value) < 0)
      fail_msg("member %s of a vector is negative", key);
    return (uint64_t)json_integer_value(value);
  }
  const char *text = vectors_text(object, key);
  char *end;
  unsigned long long number = strtoull(text, &end, 10);
  if (*text == '\0' || *end != '\0')
    fail_msg("member %s of a vector is no number", key);
  return number;
}

struct vectors_blob vectors_hex(const char *text)
{
  size_t digits = strlen(text);
  struct vectors_blob blob = {.data = malloc(digits / 2 + 1), .len = 0};
  assert_non_null(blob.data);
  const char *end;
  if (sodium_hex2bin(blob.data, digits / 2 + 1, text, digits, NULL, &blob.len, &end) != 0 ||
      *end != '\0')
    fail_msg("a vector is not hex: %s", text);
  return blob;
}

struct vectors_blob vectors_hex_at(const json_t *object, const char *key)
{
  return vectors_hex(vectors_text(object, key));
}

struct icws_bytes vectors_bytes(const struct vectors_blob *blob)
{
  return (struct icws_bytes){.data = blob->data, .len = blob->len};
}
