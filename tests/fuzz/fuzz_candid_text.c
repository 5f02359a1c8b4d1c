/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Candid values as text.  An input is a text; it is read as anything, and at some types.  What must
 * hold of any:
 *  - a failure has a code, a text, and a spot in the input;
 *  - what was read prints on one line and pretty, is read from either again at its types as equal
 *    values, and prints the same then;
 *  - what is read from a print without its types prints the same, too;
 *  - what was read is encoded as a message, from which it is decoded as equal values.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <icws/candid_interface.h>
#include <icws/candid_text.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARENA_BYTES ((size_t)8 << 20)
#define ARGS_MAX 64 /* as many as a message may have */

static const char definitions[] = "type List = opt record { head : int; tail : List };"
                                  "type Opt = opt Opt; type Vec = vec Vec; type Byte = nat8;"
                                  "type Tree = variant { Leaf; Node : record { Tree; Tree } };"
                                  "type Call = func (nat, opt text) -> (Tree) query;";

static const char *const expected_types[] = {
    "(opt nat, opt opt int, Opt, List, Vec)",
    "(nat8, int64, float32, float64, opt blob)",
    "(record { a : text; b : opt record { nat; int }; 7 : reserved; c : vec opt Tree })",
    "(Tree, opt Call, opt principal, opt service {}, null)",
};

static void must(bool condition)
{
  if (!condition)
    abort();
}

/* How a text is read: at |types|, or at any. */
struct reading {
  struct icws_candid_types *table;
  const int *types; /* NULL: any */
  size_t count;
  struct icws_arena *arena;
};

static bool read_text(const struct reading *reading, struct icws_bytes text,
                      struct icws_candid_args *args)
{
  struct icws_failure failure = {.code = ICWS_OK, .text = ""};
  struct icws_candid_spot spot = {.offset = 0};
  enum icws_error error =
      reading->types == NULL
          ? icws_candid_parse_any(text, reading->table, reading->arena, args, &spot, &failure)
          : icws_candid_parse(text, reading->table, reading->types, reading->count, reading->arena,
                              args, &spot, &failure);

  must(error == ICWS_OK || error == ICWS_ERR_CANDID || error == ICWS_ERR_LIMIT);
  must(failure.code == error && (error == ICWS_OK) == (failure.text[0] == '\0'));
  must(spot.offset <= text.len);
  must((error == ICWS_OK) == (spot.line == 0) && (error == ICWS_OK) == (spot.column == 0));
  return error == ICWS_OK;
}

static void print(const struct icws_candid_args *args, enum icws_candid_layout layout,
                  struct icws_buf *out)
{
  icws_buf_clear(out);
  must(icws_candid_print(args, layout, out) == ICWS_OK);
  for (size_t i = 0; i < out->len; i++) {
    bool newline = out->data[i] == '\n' && layout == ICWS_CANDID_PRETTY;
    must((out->data[i] >= 0x20 && out->data[i] != 0x7f) || newline);
  }
}

/* Prints |args|, reads that as |reading| says, and prints it again. */
static void check_layout(const struct reading *reading, const struct icws_candid_args *args,
                         enum icws_candid_layout layout)
{
  struct icws_buf once;
  struct icws_buf twice;
  struct icws_candid_args again;

  icws_buf_init(&once, 0, NULL);
  icws_buf_init(&twice, 0, NULL);
  print(args, layout, &once);
  bool taken = read_text(reading, icws_buf_bytes(&once), &again);
  must(taken || reading->types == NULL || icws_arena_error(reading->arena) == ICWS_ERR_LIMIT);
  if (taken) {
    print(&again, layout, &twice);
    must(icws_bytes_equal(icws_buf_bytes(&once), icws_buf_bytes(&twice)));
  }
  if (taken && reading->types != NULL)
    must(icws_candid_args_equal(args, &again));
  icws_buf_wipe(&once);
  icws_buf_wipe(&twice);
}

static void check_message(const struct reading *reading, const struct icws_candid_args *args)
{
  struct icws_buf message;
  struct icws_candid_args again;
  struct icws_arena arena;

  icws_buf_init(&message, 0, NULL);
  icws_arena_init(&arena, ARENA_BYTES, NULL);
  must(icws_candid_encode(args, &message, NULL) == ICWS_OK);
  enum icws_error error = icws_candid_decode(icws_buf_bytes(&message), reading->table,
                                             reading->types, reading->count, &arena, &again, NULL);
  must(error == ICWS_ERR_LIMIT || (error == ICWS_OK && icws_candid_args_equal(args, &again)));
  icws_arena_wipe(&arena);
  icws_buf_wipe(&message);
}

static void check_args(const struct reading *reading, const struct icws_candid_args *args)
{
  int types[ARGS_MAX];
  struct reading known = *reading;
  struct reading any = *reading;

  if (args->count > ARGS_MAX)
    return;
  for (size_t i = 0; i < args->count; i++)
    types[i] = args->values[i].type;
  known.types = types;
  known.count = args->count;
  any.types = NULL;
  check_layout(&known, args, ICWS_CANDID_ONE_LINE);
  check_layout(&known, args, ICWS_CANDID_PRETTY);
  check_message(&known, args);
  check_layout(&any, args, ICWS_CANDID_ONE_LINE); /* adds types: the last */
}

/* Reads |text| at |types|, or at any if it is NULL. */
static void check(struct icws_bytes text, const char *types)
{
  struct icws_candid_types *table;
  struct icws_candid_interface interface;
  struct icws_arena arena;
  struct icws_candid_args args;
  int expected[ARGS_MAX];
  struct reading reading = {.types = types == NULL ? NULL : expected, .arena = &arena};

  must(icws_candid_types_new(NULL, &table) == ICWS_OK);
  must(icws_candid_interface_parse(icws_bytes_text(definitions), table, NULL, NULL, &interface,
                                   NULL, NULL) == ICWS_OK);
  must(types == NULL || icws_candid_parse_types(icws_bytes_text(types), table, expected, ARGS_MAX,
                                                &reading.count, NULL, NULL) == ICWS_OK);
  icws_arena_init(&arena, ARENA_BYTES, NULL);
  reading.table = table;
  if (read_text(&reading, text, &args))
    check_args(&reading, &args);
  icws_arena_wipe(&arena);
  icws_candid_types_del(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct icws_bytes text = icws_bytes_of(data, size);

  check(text, NULL);
  for (size_t i = 0; i < sizeof expected_types / sizeof expected_types[0]; i++)
    check(text, expected_types[i]);
  return 0;
}
