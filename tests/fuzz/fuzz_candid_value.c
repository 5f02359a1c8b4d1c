/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Candid's values.  An input is a message; it is read as what it says it is, and at types that are
 * expected.  What must hold of any:
 *  - an error is reported as one, with a text;
 *  - memory is bounded by the input's length, as include/icws/candid_value.h promises, and is given
 *    back;
 *  - what was read, once it is written, is read as the same.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <icws/candid_interface.h>
#include <icws/candid_value.h>

#include "mem_meter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
  if (!condition)
    abort();
}

/* --- Bounds ------------------------------------------------------------------------------------ */

/* What the header promises of the arena of one message. */
static size_t values_bound(size_t len)
{
  return sizeof(struct icws_candid_value) *
         (ICWS_CANDID_SKIP_QUOTA + (ICWS_CANDID_STEPS_PER_BYTE + 1) * len + ICWS_CANDID_MAX_ARGS);
}

/* All that there may be of one message: the arena with what it leaves unused; twice the types, for
 * which a byte makes a field; and the comparison of types for references. */
static size_t memory_bound(size_t len)
{
  size_t fields = len * sizeof(struct icws_candid_field_type);
  size_t compared = ICWS_CANDID_SKIP_QUOTA + ICWS_CANDID_STEPS_PER_BYTE * len;
  return values_bound(len) * 4 / 3 + fields * 4 + compared * 100 + (size_t)512 * 1024;
}

/* --- Expectations ------------------------------------------------------------------------------ */

static const char definitions[] = "type List = opt record { nat; List };"
                                  "type Tree = variant { leaf : int; node : vec Tree };"
                                  "type F = func (F, opt nat) -> (int) query;"
                                  "type S = service { m : (S) -> (opt F); n : F };"
                                  "type Opts = opt opt opt Opts;";

static const char *const expectations[] = {
    "(opt nat, opt text, null, reserved)",
    "(int, text, principal, bool)",
    "(List)",
    "(vec Tree, opt Tree)",
    "(F, opt S)",
    "(vec opt F)",
    "(Opts)",
    "(opt vec record { a : opt nat; b : opt record { a : int; c : text }; c : reserved })",
    "(vec record { nat8; int64; float32; opt float64; opt blob })",
    "(vec reserved, opt vec null, vec record {})",
    "(variant { 0; 1 : nat; a; b : text; Ok : opt int; Err : text })",
    "(record { 0 : empty })",
};

#define EXPECTATIONS (sizeof(expectations) / sizeof(expectations[0]))
#define MAX_ARGS 4

static struct expectation {
  int args[MAX_ARGS];
  size_t count;
} expected[EXPECTATIONS];

static const struct icws_candid_types *expected_types(void)
{
  static struct icws_candid_types *types;
  struct icws_candid_interface interface;
  if (types != NULL)
    return types;
  must(icws_candid_types_new(NULL, &types) == ICWS_OK);
  must(icws_candid_interface_parse(icws_bytes_text(definitions), types, NULL, NULL, &interface,
                                   NULL, NULL) == ICWS_OK);
  for (size_t i = 0; i < EXPECTATIONS; i++)
    must(icws_candid_parse_types(icws_bytes_text(expectations[i]), types, expected[i].args,
                                 MAX_ARGS, &expected[i].count, NULL, NULL) == ICWS_OK);
  return types;
}

/* --- Reading and writing ----------------------------------------------------------------------- */

/* NULL: as what the message says it is. */
static enum icws_error read_values(struct icws_bytes message, const struct expectation *expectation,
                                   struct icws_candid_types *own, struct icws_arena *arena,
                                   struct icws_candid_args *args)
{
  struct icws_failure failure = {.code = ICWS_OK, .text = ""};
  enum icws_error error = expectation == NULL
                              ? icws_candid_decode_any(message, own, arena, args, &failure)
                              : icws_candid_decode(message, expected_types(), expectation->args,
                                                   expectation->count, arena, args, &failure);
  must(error == ICWS_OK || error == ICWS_ERR_CANDID || error == ICWS_ERR_LIMIT);
  must(failure.code == error && (error == ICWS_OK) == (failure.text[0] == '\0'));
  must(arena->used <= values_bound(message.len));
  return error;
}

static bool has_future_type(const struct icws_candid_types *types)
{
  for (int i = 0; i < (int)icws_candid_types_count(types); i++) {
    if (icws_candid_types_constructor(types, i) == ICWS_CANDID_FUTURE)
      return true;
  }
  return false;
}

/* A message that came out shorter may do less work; otherwise it is read, and as the same. */
static void read_again(const struct icws_candid_args *args, size_t original_len,
                       const struct expectation *expectation, const struct icws_mem *mem)
{
  struct icws_candid_types *own;
  struct icws_candid_args again;
  struct icws_arena arena;
  struct icws_buf out;
  struct icws_failure failure = {.code = ICWS_OK, .text = ""};
  icws_buf_init(&out, 0, NULL);
  icws_arena_init(&arena, 0, mem);
  must(icws_candid_types_new(mem, &own) == ICWS_OK);
  enum icws_error error = icws_candid_encode(args, &out, &failure);
  if (error == ICWS_OK) {
    error = read_values(icws_buf_bytes(&out), expectation, own, &arena, &again);
    must(error == ICWS_OK || (error == ICWS_ERR_LIMIT && out.len < original_len));
    must(error != ICWS_OK || icws_candid_args_equal(args, &again));
  } else {
    must(error == ICWS_ERR_INVALID_ARGUMENT && has_future_type(args->types) && out.len == 0);
  }
  icws_candid_types_del(own);
  icws_arena_wipe(&arena);
  icws_buf_wipe(&out);
}

static void check(struct icws_bytes message, const struct expectation *expectation)
{
  struct icws_candid_types *own;
  struct icws_candid_args args;
  struct icws_arena arena;
  struct mem_meter meter;
  mem_meter_init(&meter);
  must(icws_candid_types_new(&meter.mem, &own) == ICWS_OK);
  icws_arena_init(&arena, 0, &meter.mem);
  enum icws_error error = read_values(message, expectation, own, &arena, &args);
  must(meter.peak <= memory_bound(message.len));
  if (error == ICWS_OK)
    read_again(&args, message.len, expectation, &meter.mem);
  icws_arena_wipe(&arena);
  icws_candid_types_del(own);
  must(meter.live == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct icws_bytes message = icws_bytes_of(data, size);
  (void)expected_types();
  check(message, NULL);
  for (size_t i = 0; i < EXPECTATIONS; i++)
    check(message, &expected[i]);
  return 0;
}
