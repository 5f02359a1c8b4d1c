/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_interface.h>
#include <icws/candid_text.h>
#include <icws/candid_value.h>
#include <stdio.h>

/* Reads the message |hex| at the type that the interface |did| says messages have; prints its text. */
static enum icws_error show(struct icws_bytes did, struct icws_bytes hex,
                            struct icws_candid_types *types, struct icws_arena *arena,
                            struct icws_buf *message, struct icws_failure *failure)
{
  struct icws_candid_interface interface;
  struct icws_candid_args args;
  struct icws_buf line;
  int type;
  enum icws_error error =
      icws_candid_interface_parse(did, types, NULL, NULL, &interface, NULL, failure);
  if (error == ICWS_OK)
    error = icws_candid_interface_message_type(&interface, &type, failure);
  if (error == ICWS_OK && icws_hex_decode(hex, message) != ICWS_OK)
    error = icws_fail(failure, ICWS_ERR_HEX, "the message is not hexadecimal");
  if (error == ICWS_OK) /* the bytes of texts stay in the message, the rest is in the arena */
    error = icws_candid_decode(icws_buf_bytes(message), types, &type, 1, arena, &args, failure);
  if (error != ICWS_OK)
    return error;
  const struct icws_candid_value *text = icws_candid_value_field(types, &args.values[0], "text");
  if (text == NULL)
    return icws_fail(failure, ICWS_ERR_CANDID, "messages have no text");
  icws_buf_init(&line, 0, NULL);
  error = icws_candid_print_value(types, text, ICWS_CANDID_ONE_LINE, &line);
  if (error == ICWS_OK)
    printf("%.*s\n", (int)line.len, (const char *)line.data);
  icws_buf_wipe(&line);
  return error == ICWS_OK ? error : icws_fail(failure, error, "%s", icws_strerror(error));
}

int main(int argc, char **argv)
{
  static char did[65536];
  struct icws_candid_types *types = NULL;
  struct icws_arena arena;
  struct icws_buf message;
  struct icws_failure failure = {ICWS_ERR_INVALID_ARGUMENT, "usage: FILE.did HEX"};
  FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
  size_t len = file != NULL ? fread(did, 1, sizeof did, file) : 0;
  icws_arena_init(&arena, (size_t)1 << 20, NULL); /* no message takes more */
  icws_buf_init(&message, 0, NULL);
  if (len > 0 && len < sizeof did && icws_candid_types_new(NULL, &types) == ICWS_OK)
    failure.code =
        show(icws_bytes_of(did, len), icws_bytes_text(argv[2]), types, &arena, &message, &failure);
  if (failure.code != ICWS_OK)
    fprintf(stderr, "%s\n", failure.text);
  icws_buf_wipe(&message);
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
  if (file != NULL)
    fclose(file);
  return failure.code != ICWS_OK;
}
