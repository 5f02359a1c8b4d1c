/* SPDX-License-Identifier: Apache-2.0 */
#include "chat_message.h"

#include <stdio.h>

#include "common/escape.h"

/* Two groups of a principal's text: the first is mostly checksum, which anybody can match. */
#define SHORT_PRINCIPAL_CHARACTERS 11
#define HEX_SHOWN_BYTES 32

/* --- What somebody said ------------------------------------------------------------------------ */

static void put_principal(const struct icws_candid_value *value, const struct icws_principal *self,
                          struct icws_buf *out)
{
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  struct icws_principal principal;
  if (icws_principal_init(&principal, icws_candid_value_bytes(value)) != ICWS_OK)
    return;
  icws_principal_to_text(&principal, text);
  text[SHORT_PRINCIPAL_CHARACTERS] = '\0';
  icws_buf_put_text(out, icws_principal_equal(&principal, self) ? "you" : text);
  icws_buf_put_text(out, ": ");
}

/* Appends who says it; false if |sender| is nothing that names anybody. */
static bool put_sender(const struct icws_candid_types *types,
                       const struct icws_candid_value *sender, const struct icws_principal *self,
                       struct icws_buf *out)
{
  if (sender == NULL) {
    icws_buf_put_text(out, "canister: ");
    return true;
  }
  if (icws_candid_types_constructor(types, sender->type) == ICWS_CANDID_OPT) {
    sender = sender->as.items;
    if (sender == NULL)
      icws_buf_put_text(out, "* ");
  } else if (sender->type == ICWS_CANDID_NULL || sender->type == ICWS_CANDID_RESERVED) {
    icws_buf_put_text(out, "* ");
    sender = NULL;
  }
  if (sender == NULL)
    return true;
  if (sender->type != ICWS_CANDID_PRINCIPAL)
    return false;
  put_principal(sender, self, out);
  return true;
}

/* False, and nothing is appended, if |value| is nothing that somebody said. */
static bool put_saying(const struct icws_candid_types *types, const struct icws_candid_value *value,
                       const struct icws_principal *self, struct icws_buf *out)
{
  const struct icws_candid_value *text = value;
  const struct icws_candid_value *sender = NULL;
  if (value->type != ICWS_CANDID_TEXT) {
    text = icws_candid_value_field(types, value, "text");
    sender = icws_candid_value_field(types, value, "sender");
  }
  if (text == NULL || text->type != ICWS_CANDID_TEXT || !put_sender(types, sender, self, out))
    return false;
  icws_escape(icws_candid_value_bytes(text), out);
  return true;
}

/* --- Anything else ----------------------------------------------------------------------------- */

static void put_bytes(struct icws_bytes content, const struct icws_failure *failure,
                      struct icws_buf *out)
{
  char remark[ICWS_FAILURE_TEXT_BYTES + 64];
  size_t shown = content.len < HEX_SHOWN_BYTES ? content.len : HEX_SHOWN_BYTES;
  snprintf(remark, sizeof(remark), "%s  (%zu bytes; %s)", shown < content.len ? "..." : "",
           content.len, failure->text);
  icws_buf_put_text(out, "? ");
  icws_hex_put(out, icws_bytes_of(content.data, shown));
  icws_buf_put_text(out, remark);
}

static void put_value(const struct icws_payload *payload, struct icws_bytes content,
                      struct icws_buf *out)
{
  struct icws_failure failure;
  size_t start = out->len;
  icws_buf_put_text(out, "canister: ");
  enum icws_error error = icws_payload_put_candid(payload, out);
  if (error == ICWS_OK)
    return;
  icws_buf_truncate(out, start);
  icws_fail(&failure, error, "%s", icws_strerror(error));
  put_bytes(content, &failure, out);
}

bool icws_chat_message_render(struct icws_payload *payload, struct icws_bytes content,
                              const struct icws_principal *self, struct icws_buf *out)
{
  struct icws_failure failure;
  const struct icws_candid_args *args = &payload->args;
  bool decoded = icws_payload_read(payload, content, &failure) == ICWS_OK;
  bool saying = decoded && args->count > 0 && put_saying(args->types, args->values, self, out);
  if (!decoded)
    put_bytes(content, &failure, out);
  else if (!saying)
    put_value(payload, content, out);
  icws_buf_put_u8(out, '\n');
  return saying;
}
