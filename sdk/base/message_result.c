/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/cursor.h"
#include "message_candid.h"

/* --- Results of update methods --------------------------------------------------------------- */

void icws_result_put(struct icws_buf *buf, const struct icws_result *result)
{
  struct icws_candid_writer writer;
  icws_candid_writer_init(&writer, buf);
  int type = icws_candid_type_result(&writer, ICWS_CANDID_NULL);
  icws_candid_put_args(&writer, &type, 1);
  icws_candid_put_result_case(&writer, result->ok ? ICWS_RESULT_OK : ICWS_RESULT_ERR);
  if (!result->ok)
    icws_candid_put_text(&writer, result->text);
}

static enum icws_error read_result(struct icws_candid_reader *reader, int type, void *out)
{
  struct icws_result *result = out;
  int inner;
  if (icws_candid_read_result_case(reader, type, &result->ok, &inner) != ICWS_OK)
    return reader->error;
  return result->ok ? icws_candid_read_null(reader, inner)
                    : icws_candid_read_text(reader, inner, &result->text);
}

enum icws_error icws_result_decode(struct icws_bytes candid, struct icws_result *result,
                                   struct icws_failure *failure)
{
  struct icws_result read = {.ok = false};
  enum icws_error error =
      icws_candid_decode_known(candid, "result of a method", read_result, &read, failure);
  if (error == ICWS_OK)
    *result = read;
  return error;
}

/* --- The result of ws_get_messages: encoding ------------------------------------------------- */

static int type_output_message(struct icws_candid_writer *writer, int blob)
{
  int key = icws_candid_type_client_key(writer);
  const struct icws_candid_field fields[] = {
      {"key", ICWS_CANDID_TEXT},
      {"content", blob},
      {"client_key", key},
  };
  return icws_candid_type_record(writer, fields, ICWS_COUNT_OF(fields));
}

static int type_certified_messages(struct icws_candid_writer *writer)
{
  int blob = icws_candid_type_vec(writer, ICWS_CANDID_NAT8);
  int message = type_output_message(writer, blob);
  int messages = icws_candid_type_vec(writer, message);
  const struct icws_candid_field fields[] = {
      {"messages", messages},
      {"cert", blob},
      {"tree", blob},
      {"is_end_of_queue", ICWS_CANDID_BOOL},
  };
  return icws_candid_type_record(writer, fields, ICWS_COUNT_OF(fields));
}

static void put_output_message(struct icws_candid_writer *writer,
                               const struct icws_output_message *message)
{
  icws_candid_put_text(writer, message->key);
  icws_candid_put_blob(writer, message->content);
  icws_candid_put_client_key(writer, &message->client_key);
}

void icws_get_messages_result_put(struct icws_buf *buf,
                                  const struct icws_get_messages_result *result)
{
  struct icws_candid_writer writer;
  icws_candid_writer_init(&writer, buf);
  int type = icws_candid_type_result(&writer, type_certified_messages(&writer));
  icws_candid_put_args(&writer, &type, 1);
  if (!result->ok) {
    icws_candid_put_result_case(&writer, ICWS_RESULT_ERR);
    icws_candid_put_text(&writer, result->text);
    return;
  }
  icws_candid_put_result_case(&writer, ICWS_RESULT_OK);
  icws_candid_put_index(&writer, result->message_count);
  for (size_t i = 0; i < result->message_count; i++)
    put_output_message(&writer, &result->messages[i]);
  icws_candid_put_blob(&writer, result->cert);
  icws_candid_put_blob(&writer, result->tree);
  icws_candid_put_bool(&writer, result->is_end_of_queue);
}

/* --- The result of ws_get_messages: decoding ------------------------------------------------- */

struct get_messages_decoding {
  struct icws_get_messages_result result;
  size_t capacity; /* of result.messages */
};

static enum icws_error read_output_message(struct icws_candid_reader *reader, int type,
                                           struct icws_output_message *message)
{
  const struct icws_candid_member members[] = {
      {"key", icws_candid_member_text, &message->key, false},
      {"content", icws_candid_member_blob, &message->content, false},
      {"client_key", icws_candid_member_client_key, &message->client_key, false},
  };
  return icws_candid_read_members(reader, type, members, ICWS_COUNT_OF(members));
}

static enum icws_error read_messages(struct icws_candid_reader *reader, int type, void *out)
{
  struct get_messages_decoding *decoding = out;
  uint64_t count;
  int inner;
  if (icws_candid_read_vec(reader, type, &count, &inner) != ICWS_OK)
    return reader->error;
  if (count > decoding->capacity)
    return icws_candid_limit(reader, "there are too many messages");
  decoding->result.message_count = (size_t)count;
  for (size_t i = 0; i < decoding->result.message_count; i++) {
    if (read_output_message(reader, inner, &decoding->result.messages[i]) != ICWS_OK)
      break;
  }
  return reader->error;
}

/* The field is expected to be an opt bool, since older canisters do not have it. */
static enum icws_error read_is_end_of_queue(struct icws_candid_reader *reader, int type, void *out)
{
  bool present;
  return icws_candid_read_optional(reader, type, icws_candid_member_bool, out, &present);
}

static enum icws_error read_get_messages_result(struct icws_candid_reader *reader, int type,
                                                void *out)
{
  struct get_messages_decoding *decoding = out;
  struct icws_get_messages_result *result = &decoding->result;
  int inner;
  if (icws_candid_read_result_case(reader, type, &result->ok, &inner) != ICWS_OK)
    return reader->error;
  if (!result->ok)
    return icws_candid_read_text(reader, inner, &result->text);
  const struct icws_candid_member members[] = {
      {"messages", read_messages, decoding, false},
      {"cert", icws_candid_member_blob, &result->cert, false},
      {"tree", icws_candid_member_blob, &result->tree, false},
      {"is_end_of_queue", read_is_end_of_queue, &result->is_end_of_queue, true},
  };
  return icws_candid_read_members(reader, inner, members, ICWS_COUNT_OF(members));
}

enum icws_error icws_get_messages_result_decode(struct icws_bytes candid,
                                                struct icws_output_message *messages,
                                                size_t capacity,
                                                struct icws_get_messages_result *result,
                                                struct icws_failure *failure)
{
  struct get_messages_decoding decoding = {
      .result = {.messages = messages, .is_end_of_queue = true},
      .capacity = capacity,
  };
  enum icws_error error = icws_candid_decode_known(candid, "result of ws_get_messages",
                                                   read_get_messages_result, &decoding, failure);
  if (error == ICWS_OK)
    *result = decoding.result;
  return error;
}
