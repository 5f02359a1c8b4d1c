/* SPDX-License-Identifier: Apache-2.0 */
#include "reply.h"

#include <string.h>
#include <unistd.h>

#include "common/complain.h"
#include "common/exit_code.h"
#include "common/output.h"
#include "common/payload_show.h"
#include "common/timestamp.h"

bool icws_reply_format_parse(const char *text, enum icws_reply_format *format)
{
  static const char *const names[] = {
      [ICWS_REPLY_CANDID] = "candid",
      [ICWS_REPLY_JSON] = "json",
      [ICWS_REPLY_HEX] = "hex",
      [ICWS_REPLY_RAW] = "raw",
  };
  *format = ICWS_REPLY_CANDID;
  for (size_t i = 0; text != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
    *format = (enum icws_reply_format)i;
    if (strcmp(text, names[i]) == 0)
      return true;
  }
  return text == NULL;
}

static int show(const struct icws_reply *reply, struct icws_bytes message, struct icws_buf *out)
{
  struct icws_payload payload;
  struct icws_failure failure = {.code = ICWS_OK};
  enum icws_payload_form form = ICWS_PAYLOAD_CANDID;
  if (reply->format == ICWS_REPLY_JSON)
    form = ICWS_PAYLOAD_JSON;
  else if (isatty(STDOUT_FILENO))
    form = ICWS_PAYLOAD_PRETTY;
  icws_payload_init(&payload, reply->types, reply->method->results, reply->method->result_count);
  enum icws_error error = icws_payload_show(&payload, message, form, out, &failure);
  if (error != ICWS_OK)
    icws_complain(reply->program, "the reply: %s", failure.text);
  icws_payload_wipe(&payload);
  return error == ICWS_OK ? ICWS_EXIT_OK : ICWS_EXIT_PROTOCOL;
}

int icws_reply_print(const struct icws_reply *reply, struct icws_bytes message)
{
  struct icws_buf out;
  int status = ICWS_EXIT_OK;
  icws_buf_init(&out, 0, NULL);
  if (reply->format == ICWS_REPLY_RAW)
    icws_buf_put(&out, message.data, message.len);
  else if (reply->format == ICWS_REPLY_HEX)
    icws_hex_put(&out, message);
  else
    status = show(reply, message, &out);
  if (reply->format != ICWS_REPLY_RAW)
    icws_buf_put_u8(&out, '\n');
  int written = icws_output_finish(reply->program, &out);
  icws_buf_wipe(&out);
  return written == ICWS_EXIT_OK ? status : written;
}

void icws_reply_say(const char *program, const struct icws_agent_answer *answer)
{
  char id[2 * ICWS_REQUEST_ID_BYTES + 1];
  char time[ICWS_TIMESTAMP_BYTES];
  if (icws_hex_encode(icws_bytes_of(answer->request_id, ICWS_REQUEST_ID_BYTES), id, sizeof(id)) ==
      ICWS_OK)
    icws_complain(program, "request id %s", id);
  if (answer->time_ns == 0)
    return;
  icws_timestamp_format(answer->time_ns, time);
  icws_complain(program, "answered at %s by the network's clock", time);
}
