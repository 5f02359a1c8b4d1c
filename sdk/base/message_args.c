/* SPDX-License-Identifier: Apache-2.0 */
#include "message_candid.h"

/* The values of a record follow each other by increasing field id, so each put function writes them
 * in an order that looks arbitrary; those in its list of fields are in the same order. */

/* --- ws_open --------------------------------------------------------------------------------- */

void icws_open_args_put(struct icws_buf *buf, const struct icws_open_args *args)
{
  static const struct icws_candid_field fields[] = {
      {"gateway_principal", ICWS_CANDID_PRINCIPAL},
      {"client_nonce", ICWS_CANDID_NAT64},
  };
  struct icws_candid_writer writer;
  icws_candid_writer_init(&writer, buf);
  int type = icws_candid_type_record(&writer, fields, ICWS_COUNT_OF(fields));
  icws_candid_put_args(&writer, &type, 1);
  icws_candid_put_principal(&writer, &args->gateway);
  icws_candid_put_nat64(&writer, args->client_nonce);
}

static enum icws_error read_open(struct icws_candid_reader *reader, int type, void *out)
{
  struct icws_open_args *args = out;
  const struct icws_candid_member members[] = {
      {"gateway_principal", icws_candid_member_principal, &args->gateway, false},
      {"client_nonce", icws_candid_member_nat64, &args->client_nonce, false},
  };
  return icws_candid_read_members(reader, type, members, ICWS_COUNT_OF(members));
}

enum icws_error icws_open_args_decode(struct icws_bytes candid, struct icws_open_args *args,
                                      struct icws_failure *failure)
{
  struct icws_open_args result;
  enum icws_error error =
      icws_candid_decode_known(candid, "argument of ws_open", read_open, &result, failure);
  if (error == ICWS_OK)
    *args = result;
  return error;
}

/* --- ws_message ------------------------------------------------------------------------------ */

static int type_message(struct icws_candid_writer *writer)
{
  int blob = icws_candid_type_vec(writer, ICWS_CANDID_NAT8);
  int key = icws_candid_type_client_key(writer);
  const struct icws_candid_field fields[] = {
      {"sequence_num", ICWS_CANDID_NAT64},
      {"content", blob},
      {"client_key", key},
      {"timestamp", ICWS_CANDID_NAT64},
      {"is_service_message", ICWS_CANDID_BOOL},
  };
  return icws_candid_type_record(writer, fields, ICWS_COUNT_OF(fields));
}

void icws_message_args_put(struct icws_buf *buf, const struct icws_websocket_message *message)
{
  struct icws_candid_writer writer;
  icws_candid_writer_init(&writer, buf);
  const struct icws_candid_field field = {"msg", type_message(&writer)};
  int record = icws_candid_type_record(&writer, &field, 1);
  const int types[] = {record, ICWS_CANDID_NULL};
  icws_candid_put_args(&writer, types, ICWS_COUNT_OF(types));
  icws_candid_put_nat64(&writer, message->sequence_num);
  icws_candid_put_blob(&writer, message->content);
  icws_candid_put_client_key(&writer, &message->client_key);
  icws_candid_put_nat64(&writer, message->timestamp);
  icws_candid_put_bool(&writer, message->is_service_message);
}

static enum icws_error read_websocket_message(struct icws_candid_reader *reader, int type,
                                              void *out)
{
  struct icws_websocket_message *message = out;
  const struct icws_candid_member members[] = {
      {"sequence_num", icws_candid_member_nat64, &message->sequence_num, false},
      {"content", icws_candid_member_blob, &message->content, false},
      {"client_key", icws_candid_member_client_key, &message->client_key, false},
      {"timestamp", icws_candid_member_nat64, &message->timestamp, false},
      {"is_service_message", icws_candid_member_bool, &message->is_service_message, false},
  };
  return icws_candid_read_members(reader, type, members, ICWS_COUNT_OF(members));
}

static enum icws_error read_message(struct icws_candid_reader *reader, int type, void *out)
{
  const struct icws_candid_member member = {"msg", read_websocket_message, out, false};
  return icws_candid_read_members(reader, type, &member, 1);
}

enum icws_error icws_message_args_decode(struct icws_bytes candid,
                                         struct icws_websocket_message *message,
                                         struct icws_failure *failure)
{
  struct icws_websocket_message result;
  enum icws_error error =
      icws_candid_decode_known(candid, "argument of ws_message", read_message, &result, failure);
  if (error == ICWS_OK)
    *message = result;
  return error;
}

/* --- ws_close -------------------------------------------------------------------------------- */

void icws_close_args_put(struct icws_buf *buf, const struct icws_client_key *key)
{
  struct icws_candid_writer writer;
  icws_candid_writer_init(&writer, buf);
  const struct icws_candid_field field = {"client_key", icws_candid_type_client_key(&writer)};
  int type = icws_candid_type_record(&writer, &field, 1);
  icws_candid_put_args(&writer, &type, 1);
  icws_candid_put_client_key(&writer, key);
}

static enum icws_error read_close(struct icws_candid_reader *reader, int type, void *out)
{
  const struct icws_candid_member member = {"client_key", icws_candid_member_client_key, out,
                                            false};
  return icws_candid_read_members(reader, type, &member, 1);
}

enum icws_error icws_close_args_decode(struct icws_bytes candid, struct icws_client_key *key,
                                       struct icws_failure *failure)
{
  struct icws_client_key result;
  enum icws_error error =
      icws_candid_decode_known(candid, "argument of ws_close", read_close, &result, failure);
  if (error == ICWS_OK)
    *key = result;
  return error;
}

/* --- ws_get_messages ------------------------------------------------------------------------- */

void icws_get_messages_args_put(struct icws_buf *buf, uint64_t nonce)
{
  static const struct icws_candid_field field = {"nonce", ICWS_CANDID_NAT64};
  struct icws_candid_writer writer;
  icws_candid_writer_init(&writer, buf);
  int type = icws_candid_type_record(&writer, &field, 1);
  icws_candid_put_args(&writer, &type, 1);
  icws_candid_put_nat64(&writer, nonce);
}

static enum icws_error read_get_messages(struct icws_candid_reader *reader, int type, void *out)
{
  const struct icws_candid_member member = {"nonce", icws_candid_member_nat64, out, false};
  return icws_candid_read_members(reader, type, &member, 1);
}

enum icws_error icws_get_messages_args_decode(struct icws_bytes candid, uint64_t *nonce,
                                              struct icws_failure *failure)
{
  uint64_t result;
  enum icws_error error = icws_candid_decode_known(candid, "argument of ws_get_messages",
                                                   read_get_messages, &result, failure);
  if (error == ICWS_OK)
    *nonce = result;
  return error;
}
