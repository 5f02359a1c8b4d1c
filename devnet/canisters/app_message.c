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
  icws_candid_writer_init(&writer, out, 1);
  int record = icws_candid_type_record(&writer, fields, 2);
  icws_candid_put_args(&writer, &record, 1);
  icws_candid_put_text(&writer, text);
  icws_candid_put_nat64(&writer, timestamp);
}

void icws_chat_message_put(struct icws_buf *out, struct icws_bytes text, uint64_t timestamp,
                           const struct icws_principal *sender)
{
  struct icws_candid_writer writer;
  icws_candid_writer_init(&writer, out, 2);
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

/* One field; failures stick in the reader. */
static void read_field(struct icws_candid_reader *reader, uint32_t id, int type,
                       struct icws_bytes *text, bool *has_text, uint64_t *timestamp,
                       bool *has_timestamp)
{
  if (id == icws_candid_field_id("text")) {
    *has_text = icws_candid_read_text(reader, type, text) == ICWS_OK;
  } else if (id == icws_candid_field_id("timestamp")) {
    *has_timestamp = icws_candid_read_nat64(reader, type, timestamp) == ICWS_OK;
  } else {
    (void)icws_candid_skip(reader, type);
  }
}

enum icws_error icws_app_message_decode(struct icws_bytes candid, struct icws_bytes *text,
                                        uint64_t *timestamp)
{
  struct icws_candid_reader reader;
  struct icws_candid_record record;
  struct icws_bytes read_text = {0};
  uint64_t read_timestamp = 0;
  bool has_text = false;
  bool has_timestamp = false;
  uint32_t id = 0;
  int type = 0;
  enum icws_error error = icws_candid_reader_init(&reader, candid);
  if (error == ICWS_OK && !icws_candid_next_arg(&reader, &type)) {
    error = icws_candid_fail(&reader, "no argument");
  }
  if (error == ICWS_OK) {
    error = icws_candid_read_record(&reader, type, &record);
  }
  if (error != ICWS_OK) {
    return error;
  }
  while (icws_candid_next_field(&reader, &record, &id, &type)) {
    read_field(&reader, id, type, &read_text, &has_text, &read_timestamp, &has_timestamp);
  }
  if (!has_text || !has_timestamp) {
    (void)icws_candid_fail(&reader, "text and timestamp are wanted");
  }
  error = icws_candid_finish(&reader);
  if (error == ICWS_OK) {
    *text = read_text;
    *timestamp = read_timestamp;
  }
  return error;
}
