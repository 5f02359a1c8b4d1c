/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_json.h>
#include <stdio.h>
#include <stdlib.h>

/* record { text : text; timestamp : nat64 } */
static int add_message(struct icws_candid_types *types)
{
  const struct icws_candid_field_type fields[] = {
      {icws_candid_field_id("text"), ICWS_CANDID_TEXT, icws_bytes_text("text")},
      {icws_candid_field_id("timestamp"), ICWS_CANDID_NAT64, icws_bytes_text("timestamp")},
  };
  const struct icws_candid_type message = {
      .constructor = ICWS_CANDID_RECORD, .fields = fields, .field_count = 2};
  return icws_candid_types_add(types, &message);
}

/* Reads |json| as a message, encodes it for a canister, decodes that and writes it as JSON again. */
static enum icws_error there_and_back(const char *json, const struct icws_candid_types *types,
                                      int type, struct icws_arena *arena, struct icws_buf *bytes,
                                      struct icws_buf *line, struct icws_failure *failure)
{
  struct icws_candid_value message;
  enum icws_error error =
      icws_candid_from_json(icws_bytes_text(json), types, type, arena, &message, NULL, failure);
  struct icws_candid_args args = {types, &message, 1};
  if (error == ICWS_OK)
    error = icws_candid_encode(&args, bytes, failure);
  if (error == ICWS_OK)
    error = icws_candid_decode(icws_buf_bytes(bytes), types, &type, 1, arena, &args, failure);
  if (error != ICWS_OK)
    return error;
  error = icws_candid_to_json(types, &args.values[0], line);
  return error == ICWS_OK ? ICWS_OK : icws_fail(failure, error, "%s", icws_strerror(error));
}

int main(int argc, char **argv)
{
  const char *json = argc > 1 ? argv[1] : "{\"text\":\"hi\",\"timestamp\":1}";
  struct icws_candid_types *types;
  struct icws_arena arena;
  struct icws_buf bytes, line;
  struct icws_failure failure;
  if (icws_candid_types_new(NULL, &types) != ICWS_OK)
    return EXIT_FAILURE;
  icws_arena_init(&arena, (size_t)1 << 20, NULL); /* no message takes more */
  icws_buf_init(&bytes, 0, NULL);
  icws_buf_init(&line, 0, NULL);
  int type = add_message(types);
  enum icws_error error = there_and_back(json, types, type, &arena, &bytes, &line, &failure);
  if (error == ICWS_OK)
    printf("%zu bytes, %.*s\n", bytes.len, (int)line.len, (const char *)line.data);
  else
    fprintf(stderr, "%s\n", failure.text);
  icws_buf_wipe(&line);
  icws_buf_wipe(&bytes);
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
  return error == ICWS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
