/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/canisters/app_message.h"

#include <stdbool.h>

#include <icws/candid.h>

/* The values of a record come by the ids of its fields: text, sender, timestamp. */

void icws_app_message_put(struct icws_buf *out, struct icws_bytes text, uint64_t timestamp)
{
  static const struct icws_candid_field fields[] = {{"text", ICWS_CANDID_TEXT},
                                                    {"timestamp", ICWS_CANDID_NAT64}};
  struct icws_candid_writer writer;
  icws_candid_writer_init(&writer, out);
  int record = icws_candid_type_record(&writer, fields, 2);
  icws_candid_put_args(&writer, &record, 1);
  icws_candid_put_text(&writer, text);
  icws_candid_put_nat64(&writer, timestamp);
}

void icws_chat_message_put(struct icws_buf *out, struct icws_bytes text, uint64_t timestamp,
                           const struct icws_principal *sender)
{
  struct icws_candid_writer writer;
  icws_candid_writer_init(&writer, out);
  int opt = icws_candid_type_opt(&writer, ICWS_CANDID_PRINCIPAL);
  const struct icws_candid_field fields[] = {
      {"text", ICWS_CANDID_TEXT}, {"timestamp", ICWS_CANDID_NAT64}, {"sender", opt}};
  int record = icws_candid_type_record(&writer, fields, 3);
  icws_candid_put_args(&writer, &record, 1);
  icws_candid_put_text(&writer, text);
  icws_candid_put_present(&writer, sender != NULL);
  if (sender != NULL) {
    icws_candid_put_principal(&writer, sender);
  }
  icws_candid_put_nat64(&writer, timestamp);
}

/* What decoding has found so far. */
struct found {
  struct icws_bytes text;
  uint64_t timestamp;
  bool has_text;
  bool has_timestamp;
};

static enum icws_error read_field(struct icws_candid_reader *reader, uint32_t id, int type,
                                  struct found *found)
{
  if (id == icws_candid_field_id("text")) {
    found->has_text = true;
    return icws_candid_read_text(reader, type, &found->text);
  }
  if (id == icws_candid_field_id("timestamp")) {
    found->has_timestamp = true;
    return icws_candid_read_nat64(reader, type, &found->timestamp);
  }
  return icws_candid_skip(reader, type);
}

static enum icws_error read_record(struct icws_candid_reader *reader, int type, struct found *found)
{
  struct icws_candid_record record;
  enum icws_error error = icws_candid_read_record(reader, type, &record);
  uint32_t id = 0;
  int field_type = 0;
  while (error == ICWS_OK && icws_candid_next_field(reader, &record, &id, &field_type)) {
    error = read_field(reader, id, field_type, found);
  }
  return error;
}

enum icws_error icws_app_message_decode(struct icws_bytes candid, struct icws_bytes *text,
                                        uint64_t *timestamp)
{
  struct icws_candid_reader reader;
  struct found found = {0};
  int type = 0;
  enum icws_error error = icws_candid_reader_init(&reader, candid);
  if (error == ICWS_OK && !icws_candid_next_arg(&reader, &type)) {
    return ICWS_ERR_CANDID;
  }
  if (error == ICWS_OK) {
    error = read_record(&reader, type, &found);
  }
  if (error == ICWS_OK) {
    error = icws_candid_finish(&reader);
  }
  if (error == ICWS_OK && !(found.has_text && found.has_timestamp)) {
    error = ICWS_ERR_CANDID;
  }
  if (error == ICWS_OK) {
    *text = found.text;
    *timestamp = found.timestamp;
  }
  return error;
}
