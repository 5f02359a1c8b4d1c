/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Types, text, the binary format and coercion together, on random values that the official package
 * encoded (tests/interop/README.md).  ICWS_CANDID_VECTORS=FILE runs a longer list.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_text.h>
#include <icws/candid_value.h>

#include "candid_rows.h"
#include "mem_probe.h"
#include "vectors.h"

/* The row at hand, for messages. */
static size_t row_number;

static void expect_ok(enum icws_error error, const char *what, const struct icws_failure *failure)
{
  if (error != ICWS_OK)
    fail_msg("row %zu, %s: %s", row_number, what, failure->text);
}

static void expect(bool condition, const char *what)
{
  if (!condition)
    fail_msg("row %zu: %s", row_number, what);
}

/* --- Reading and writing ---------------------------------------------------------------------- */

static struct icws_candid_args decode(const struct candid_signature *at, struct icws_bytes message,
                                      struct icws_arena *arena)
{
  struct icws_failure failure = {.text = ""};
  struct icws_candid_args args;

  expect_ok(icws_candid_decode(message, at->types, at->expected, at->count, arena, &args, &failure),
            "message", &failure);
  return args;
}

static void expect_refused(const struct candid_signature *at, struct icws_bytes message)
{
  struct icws_failure failure = {.text = ""};
  struct icws_candid_args args;
  struct icws_arena arena;

  icws_arena_init(&arena, 0, NULL);
  enum icws_error error =
      icws_candid_decode(message, at->types, at->expected, at->count, &arena, &args, &failure);
  if (error != ICWS_ERR_CANDID)
    fail_msg("row %zu: %s, not refused", row_number, icws_error_name(error));
  expect(failure.code == error && failure.text[0] != '\0', "a failure that says nothing");
  icws_arena_wipe(&arena);
}

static void encode(const struct icws_candid_args *args, struct icws_buf *out)
{
  struct icws_failure failure = {.text = ""};

  icws_buf_init(out, 0, NULL);
  expect_ok(icws_candid_encode(args, out, &failure), "encoding", &failure);
}

/* --- What holds for every row ----------------------------------------------------------------- */

/* The text that |args| is printed as means |args|, whatever the layout. */
static void check_print(const struct candid_signature *at, const struct icws_candid_args *args,
                        const struct icws_candid_args *wanted, struct icws_arena *arena)
{
  for (int layout = ICWS_CANDID_ONE_LINE; layout <= ICWS_CANDID_PRETTY; layout++) {
    struct icws_buf text;
    icws_buf_init(&text, 0, NULL);
    assert_int_equal(icws_candid_print(args, (enum icws_candid_layout)layout, &text), ICWS_OK);
    struct icws_candid_args again = candid_signature_parse(at, icws_buf_bytes(&text), arena);
    expect(icws_candid_args_equal(&again, wanted), "printed text means something else");
    icws_buf_wipe(&text);
  }
}

/* Two trees of one table that mean the same are encoded alike, to the last bit of a float. */
static void expect_same(const struct icws_candid_args *a, const struct icws_candid_args *b,
                        const char *what)
{
  struct icws_buf left;
  struct icws_buf right;

  expect(icws_candid_args_equal(a, b) && icws_candid_args_equal(b, a), what);
  encode(a, &left);
  encode(b, &right);
  expect(icws_bytes_equal(icws_buf_bytes(&left), icws_buf_bytes(&right)), what);
  icws_buf_wipe(&left);
  icws_buf_wipe(&right);
}

static void check_encode(const struct candid_signature *at, const struct icws_candid_args *args,
                         struct icws_arena *arena)
{
  struct icws_buf message;

  encode(args, &message);
  struct icws_candid_args again = decode(at, icws_buf_bytes(&message), arena);
  expect(icws_candid_args_equal(&again, args), "our encoding means something else");
  icws_buf_wipe(&message);
}

/* The message read without knowing its types has the same values, by id. */
static void check_any(const struct candid_signature *at, struct icws_bytes message,
                      const struct icws_candid_args *wanted, struct icws_arena *arena)
{
  struct icws_failure failure = {.text = ""};
  struct icws_candid_types *types;
  struct icws_candid_args any;

  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  expect_ok(icws_candid_decode_any(message, types, arena, &any, &failure), "decode_any", &failure);
  expect(icws_candid_args_equal(&any, wanted), "decode_any gives something else");
  check_print(at, &any, wanted, arena);
  check_encode(at, &any, arena);
  icws_candid_types_del(types);
}

/* No beginning of a message is one, nor is a message with a byte more. */
static void check_lengths(const struct candid_signature *at, struct icws_bytes message)
{
  uint8_t *longer = malloc(message.len + 1);

  assert_non_null(longer);
  memcpy(longer, message.data, message.len);
  longer[message.len] = 0;
  expect_refused(at, icws_bytes_of(longer, message.len + 1));
  for (size_t left = 1; left < message.len; left *= 2) {
    /* Its own block, so that a read behind the end is seen. */
    size_t len = message.len - left;
    uint8_t *shorter = malloc(len);
    assert_non_null(shorter);
    memcpy(shorter, message.data, len);
    expect_refused(at, icws_bytes_of(shorter, len));
    free(shorter);
  }
  free(longer);
}

static void check_value(const json_t *row, struct icws_bytes message)
{
  struct icws_bytes text = icws_bytes_text(vectors_text(row, "value"));
  struct candid_signature at;
  struct icws_arena arena;

  icws_arena_init(&arena, 0, NULL);
  candid_signature_init(&at, row, row);
  struct icws_candid_args parsed = candid_signature_parse(&at, text, &arena);
  struct icws_candid_args decoded = decode(&at, message, &arena);
  expect_same(&parsed, &decoded, "text and message differ");
  check_print(&at, &decoded, &parsed, &arena);
  check_encode(&at, &parsed, &arena);
  check_any(&at, message, &parsed, &arena);
  check_lengths(&at, message);
  candid_signature_wipe(&at);
  icws_arena_wipe(&arena);
}

/* The message at other types.  Returns whether it has values there. */
static bool check_other(const json_t *row, const json_t *other, struct icws_bytes message)
{
  const char *text = json_string_value(json_object_get(other, "value"));
  struct candid_signature at;

  candid_signature_init(&at, row, other);
  if (text == NULL) {
    expect_refused(&at, message);
  } else {
    struct icws_arena arena;
    icws_arena_init(&arena, 0, NULL);
    struct icws_candid_args parsed = candid_signature_parse(&at, icws_bytes_text(text), &arena);
    struct icws_candid_args decoded = decode(&at, message, &arena);
    expect_same(&parsed, &decoded, "coercion gives something else");
    check_encode(&at, &decoded, &arena);
    icws_arena_wipe(&arena);
  }
  candid_signature_wipe(&at);
  return text != NULL;
}

/* --- The rows ---------------------------------------------------------------------------------- */

static void own_type(void **state)
{
  (void)state;
  json_t *root = candid_rows_load(getenv("ICWS_CANDID_VECTORS"));
  const json_t *row;

  json_array_foreach(vectors_get(root, "cases"), row_number, row)
  {
    struct vectors_blob message = vectors_hex_at(row, "hex");
    check_value(row, vectors_bytes(&message));
    free(message.data);
  }
  assert_true(row_number >= 300);
  json_decref(root);
}

static void other_types(void **state)
{
  (void)state;
  json_t *root = candid_rows_load(getenv("ICWS_CANDID_VECTORS"));
  size_t coerced = 0;
  size_t refused = 0;
  const json_t *row;

  json_array_foreach(vectors_get(root, "cases"), row_number, row)
  {
    struct vectors_blob message = vectors_hex_at(row, "hex");
    const json_t *other;
    size_t i;
    json_array_foreach(vectors_get(row, "at"), i, other)
    {
      bool has_value = check_other(row, other, vectors_bytes(&message));
      *(has_value ? &coerced : &refused) += 1;
    }
    free(message.data);
  }
  assert_true(coerced >= 600 && refused >= 300);
  json_decref(root);
}

/* Reads |message| as what it says it is. */
static enum icws_error read_any(struct icws_bytes message, struct icws_arena *arena)
{
  struct icws_candid_types *types;
  struct icws_candid_args args;
  enum icws_error error = icws_candid_types_new(arena->mem, &types);

  if (error != ICWS_OK)
    return error;
  error = icws_candid_decode_any(message, types, arena, &args, NULL);
  icws_candid_types_del(types);
  return error;
}

/* Reads |message| and |text|, and writes what |text| says, all with the memory of |probe|. */
static enum icws_error read_and_write(const struct candid_signature *at, struct icws_bytes message,
                                      const char *text, const struct mem_probe *probe)
{
  struct icws_failure failure;
  struct icws_candid_args args;
  struct icws_arena arena;
  struct icws_buf out;

  icws_arena_init(&arena, 0, &probe->mem);
  icws_buf_init(&out, 0, &probe->mem);
  enum icws_error error = read_any(message, &arena);
  if (error == ICWS_OK)
    error =
        icws_candid_decode(message, at->types, at->expected, at->count, &arena, &args, &failure);
  if (error == ICWS_OK)
    error = icws_candid_parse(icws_bytes_text(text), at->types, at->expected, at->count, &arena,
                              &args, NULL, &failure);
  if (error == ICWS_OK)
    error = icws_candid_encode(&args, &out, &failure);
  if (error == ICWS_OK)
    error = icws_candid_print(&args, ICWS_CANDID_PRETTY, &out);
  icws_buf_wipe(&out);
  icws_arena_wipe(&arena);
  return error;
}

static void check_memory(const json_t *row, struct icws_bytes message)
{
  struct candid_signature at;
  struct mem_probe probe;
  enum icws_error error = ICWS_ERR_NOMEM;

  candid_signature_init(&at, row, row);
  for (size_t fail_from = 0; error != ICWS_OK; fail_from++) {
    mem_probe_init(&probe);
    probe.fail_from = fail_from;
    error = read_and_write(&at, message, vectors_text(row, "value"), &probe);
    expect(probe.live == 0, "memory is not given back");
    expect(error == ICWS_OK || error == ICWS_ERR_NOMEM, "another error than that of memory");
    expect(error != ICWS_OK || probe.allocations <= fail_from, "a failure that was passed over");
  }
  candid_signature_wipe(&at);
}

static void memory_runs_out(void **state)
{
  (void)state;
  json_t *root = candid_rows_load(NULL);
  const json_t *row;

  json_array_foreach(vectors_get(root, "cases"), row_number, row)
  {
    struct vectors_blob message = vectors_hex_at(row, "hex");
    check_memory(row, vectors_bytes(&message));
    free(message.data);
  }
  json_decref(root);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(own_type),
      cmocka_unit_test(other_types),
      cmocka_unit_test(memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
