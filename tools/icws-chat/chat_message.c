/* SPDX-License-Identifier: Apache-2.0 */
#include "chat_message.h"

#include <stdio.h>
#include <string.h>

#include <icws/candid.h>

#include "common/escape.h"

/* Two groups of a principal's text: the first is mostly checksum, which anybody can match. */
#define SHORT_PRINCIPAL_CHARACTERS 11
#define HEX_SHOWN_BYTES 32

void icws_chat_message_encode(struct icws_bytes text, uint64_t timestamp, struct icws_buf *out)
{
  static const struct icws_candid_field fields[] = {{"text", ICWS_CANDID_TEXT},
                                                    {"timestamp", ICWS_CANDID_NAT64}};
  struct icws_candid_writer writer;
  icws_candid_writer_init(&writer, out);
  int record = icws_candid_type_record(&writer, fields, 2);
  icws_candid_put_args(&writer, &record, 1);
  /* Values by their fields' ids: text before timestamp. */
  icws_candid_put_text(&writer, text);
  icws_candid_put_nat64(&writer, timestamp);
}

/* --- Decoding --------------------------------------------------------------------------------- */

static enum icws_error read_principal(struct icws_candid_reader *reader, int type, void *out)
{
  return icws_candid_read_principal(reader, type, out);
}

static enum icws_error read_sender(struct icws_candid_reader *reader, int type,
                                   struct icws_chat_message *message)
{
  bool present = false;
  enum icws_error error =
      icws_candid_read_optional(reader, type, read_principal, &message->sender, &present);
  message->from = present ? ICWS_CHAT_SENDER_USER : ICWS_CHAT_SENDER_ROOM;
  return error;
}

static enum icws_error read_fields(struct icws_candid_reader *reader, int type,
                                   struct icws_chat_message *message, bool *has_text)
{
  struct icws_candid_record record;
  uint32_t id;
  int field_type;
  enum icws_error error = icws_candid_read_record(reader, type, &record);
  while (error == ICWS_OK && icws_candid_next_field(reader, &record, &id, &field_type)) {
    if (id == icws_candid_field_id("text")) {
      *has_text = true;
      error = icws_candid_read_text(reader, field_type, &message->text);
    } else if (id == icws_candid_field_id("sender")) {
      error = read_sender(reader, field_type, message);
    } else {
      error = icws_candid_skip(reader, field_type);
    }
  }
  return error;
}

enum icws_error icws_chat_message_decode(struct icws_bytes content,
                                         struct icws_chat_message *message)
{
  struct icws_candid_reader reader;
  bool has_text = false;
  int type;
  memset(message, 0, sizeof(*message));
  enum icws_error error = icws_candid_reader_init(&reader, content);
  if (error != ICWS_OK)
    return error;
  if (!icws_candid_next_arg(&reader, &type))
    return ICWS_ERR_CANDID;
  error = read_fields(&reader, type, message, &has_text);
  if (error == ICWS_OK)
    error = icws_candid_finish(&reader);
  return error == ICWS_OK && !has_text ? ICWS_ERR_CANDID : error;
}

/* --- Showing ---------------------------------------------------------------------------------- */

static void put_text(struct icws_buf *out, const char *text)
{
  icws_buf_put(out, text, strlen(text));
}

static void put_sender(const struct icws_chat_message *message, const struct icws_principal *self,
                       struct icws_buf *out)
{
  char principal[ICWS_PRINCIPAL_TEXT_BYTES];
  switch (message->from) {
  case ICWS_CHAT_SENDER_NONE:
    put_text(out, "canister: ");
    break;
  case ICWS_CHAT_SENDER_ROOM:
    put_text(out, "* ");
    break;
  case ICWS_CHAT_SENDER_USER:
    icws_principal_to_text(&message->sender, principal);
    principal[SHORT_PRINCIPAL_CHARACTERS] = '\0';
    put_text(out, icws_principal_equal(&message->sender, self) ? "you" : principal);
    put_text(out, ": ");
    break;
  }
}

static void put_hex(struct icws_bytes content, struct icws_buf *out)
{
  char digits[2 * HEX_SHOWN_BYTES + 1];
  char remark[96];
  size_t shown = content.len < HEX_SHOWN_BYTES ? content.len : HEX_SHOWN_BYTES;
  if (icws_hex_encode(icws_bytes_of(content.data, shown), digits, sizeof(digits)) != ICWS_OK)
    return;
  snprintf(remark, sizeof(remark), "%s  (%zu bytes, not a chat message; icws-tail -J shows all)",
           shown < content.len ? "..." : "", content.len);
  put_text(out, "? ");
  put_text(out, digits);
  put_text(out, remark);
}

void icws_chat_message_render(struct icws_bytes content, const struct icws_principal *self,
                              struct icws_buf *out)
{
  struct icws_chat_message message;
  if (icws_chat_message_decode(content, &message) == ICWS_OK) {
    put_sender(&message, self, out);
    icws_escape(message.text, out);
  } else {
    put_hex(content, out);
  }
  icws_buf_put_u8(out, '\n');
}
