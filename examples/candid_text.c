/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_text.h>
#include <stdio.h>

/* Reads |text| at the types in |of|, and appends it as it is printed. */
static enum icws_error reprint(const char *of, const char *text, struct icws_candid_types *types,
                               struct icws_arena *arena, struct icws_buf *out,
                               struct icws_candid_spot *spot, struct icws_failure *failure)
{
  int expected[4];
  size_t count;
  struct icws_candid_args args;
  enum icws_error error =
      icws_candid_parse_types(icws_bytes_text(of), types, expected, 4, &count, spot, failure);
  if (error == ICWS_OK)
    error = icws_candid_parse(icws_bytes_text(text), types, expected, count, arena, &args, spot,
                              failure);
  if (error == ICWS_OK && icws_candid_print(&args, ICWS_CANDID_PRETTY, out) != ICWS_OK)
    error = icws_fail(failure, icws_buf_error(out), "cannot print the values");
  return error;
}

int main(int argc, char **argv)
{
  struct icws_candid_types *types = NULL;
  struct icws_arena arena;
  struct icws_buf out;
  struct icws_candid_spot spot = {.offset = 0};
  struct icws_failure failure = {ICWS_ERR_INVALID_ARGUMENT, "usage: TYPES VALUES"};
  icws_arena_init(&arena, (size_t)1 << 20, NULL);
  icws_buf_init(&out, 0, NULL);
  if (argc == 3 && icws_candid_types_new(NULL, &types) == ICWS_OK)
    failure.code = reprint(argv[1], argv[2], types, &arena, &out, &spot, &failure);
  if (failure.code == ICWS_OK)
    printf("%.*s\n", (int)out.len, (const char *)out.data);
  else
    fprintf(stderr, "%s (byte %zu)\n", failure.text, spot.offset);
  icws_buf_wipe(&out);
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
  return failure.code != ICWS_OK;
}
