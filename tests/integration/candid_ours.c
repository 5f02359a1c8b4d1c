/* SPDX-License-Identifier: Apache-2.0 */

/*
 * candid_ours FILE
 *
 * Prints what libicws encodes of the values in FILE, which it reads as text: one JSON object a line,
 * as tests/interop/decode-candid.mjs reads them.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <icws/arena.h>
#include <icws/bytes.h>
#include <icws/candid_value.h>

#include "candid_rows.h"
#include "vectors.h"

static void print_hex(struct icws_bytes bytes)
{
  for (size_t i = 0; i < bytes.len; i++)
    printf("%02x", (unsigned)bytes.data[i]);
}

/* The message of the values of |at|, if it has any. */
static void print_message(const json_t *row, const json_t *at, const char *place)
{
  const char *text = json_string_value(json_object_get(at, "value"));
  struct icws_failure failure = {.text = ""};
  struct candid_signature signature;
  struct icws_arena arena;
  struct icws_buf message;

  if (text == NULL)
    return;
  icws_arena_init(&arena, 0, NULL);
  icws_buf_init(&message, 0, NULL);
  candid_signature_init(&signature, row, at);
  struct icws_candid_args args = candid_signature_parse(&signature, icws_bytes_text(text), &arena);
  if (icws_candid_encode(&args, &message, &failure) != ICWS_OK) {
    fprintf(stderr, "candid_ours: %s: %s\n", place, failure.text);
    exit(1);
  }
  printf("{%s,\"hex\":\"", place);
  print_hex(icws_buf_bytes(&message));
  printf("\"}\n");
  candid_signature_wipe(&signature);
  icws_buf_wipe(&message);
  icws_arena_wipe(&arena);
}

int main(int argc, char **argv)
{
  char place[64];
  size_t number;
  const json_t *row;

  if (argc != 2) {
    fprintf(stderr, "usage: candid_ours FILE\n");
    return 2;
  }
  json_t *root = candid_rows_load(argv[1]);
  json_array_foreach(vectors_get(root, "cases"), number, row)
  {
    size_t i;
    const json_t *other;
    snprintf(place, sizeof place, "\"row\":%zu", number);
    print_message(row, row, place);
    json_array_foreach(vectors_get(row, "at"), i, other)
    {
      snprintf(place, sizeof place, "\"row\":%zu,\"at\":%zu", number, i);
      print_message(row, other, place);
    }
  }
  json_decref(root);
  return fflush(stdout) == 0 ? 0 : 1;
}
