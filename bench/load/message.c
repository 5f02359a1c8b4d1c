/* SPDX-License-Identifier: Apache-2.0 */
#include "message.h"

#include <stdbool.h>

#include <icws/candid.h>

void load_message_put(struct icws_buf *out, struct icws_bytes text, uint64_t timestamp_ns)
{
  static const struct icws_candid_field fields[] = {{"text", ICWS_CANDID_TEXT},
                                                    {"timestamp", ICWS_CANDID_NAT64}};
  struct icws_candid_writer writer;
  icws_candid_writer_init(&writer, out);
  int record = icws_candid_type_record(&writer, fields, 2);
  icws_candid_put_args(&writer, &record, 1);
  icws_candid_put_text(&writer, text);
  icws_candid_put_nat64(&writer, timestamp_ns);
}

static enum icws_error read_text(struct icws_candid_reader *reader, int type,
                                 struct icws_bytes *text)
{
  struct icws_candid_record record;
  uint32_t id = 0;
  bool found = false;
  enum icws_error error = icws_candid_read_record(reader, type, &record);
  while (error == ICWS_OK && icws_candid_next_field(reader, &record, &id, &type)) {
    bool is_text = id == icws_candid_field_id("text");
    error = is_text ? icws_candid_read_text(reader, type, text) : icws_candid_skip(reader, type);
    found = found || is_text;
  }
  if (error == ICWS_OK && !found)
    error = icws_candid_fail(reader, "there is no field text", NULL);
  return error == ICWS_OK ? icws_candid_finish(reader) : error;
}

enum icws_error load_message_text(struct icws_bytes candid, struct icws_bytes *text,
                                  struct icws_failure *failure)
{
  struct icws_candid_reader reader;
  int type = 0;
  enum icws_error error = icws_candid_reader_init(&reader, candid);
  if (error == ICWS_OK && !icws_candid_next_arg(&reader, &type))
    error = icws_candid_fail(&reader, "there is no argument", NULL);
  if (error == ICWS_OK)
    error = read_text(&reader, type, text);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "the canister's message is not a record with a text: %s",
                     reader.reason);
  return ICWS_OK;
}
