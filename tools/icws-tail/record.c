/* SPDX-License-Identifier: Apache-2.0 */
#include "record.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "common/escape.h"
#include "common/timestamp.h"

/* What is text stays text; a run of bytes that is not, or that would act on a terminal, is hex. */
static json_t *payload_of(struct icws_bytes content, const char **encoding)
{
  struct icws_buf hex;
  if (icws_escape_text_is_plain(content)) {
    *encoding = "text";
    return json_stringn(content.len > 0 ? (const char *)content.data : "", content.len);
  }
  *encoding = "hex";
  icws_buf_init(&hex, 0, NULL);
  json_t *payload = NULL;
  char *digits = (char *)icws_buf_reserve(&hex, 2 * content.len + 1);
  if (digits != NULL && icws_hex_encode(content, digits, hex.len) == ICWS_OK)
    payload = json_stringn_nocheck(digits, 2 * content.len);
  icws_buf_wipe(&hex);
  return payload;
}

static json_t *object_of(const struct icws_record *record)
{
  const struct icws_event_message *message = record->message;
  char sent[ICWS_TIMESTAMP_BYTES];
  char received[ICWS_TIMESTAMP_BYTES];
  const char *encoding;
  json_t *payload = payload_of(message->content, &encoding);
  /* Whole microseconds: all that clocks on two machines can say, and it prints short. */
  double latency_ms = (double)(message->delay_ns / 1000) / 1000.0;
  icws_timestamp_format(message->timestamp, sent);
  icws_timestamp_format(message->timestamp + (uint64_t)message->delay_ns, received);
  return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s, s:f, s:s, s:o}", "type", "message", "ts", sent,
                   "recv_ts", received, "seq", (json_int_t)message->sequence_num, "canister",
                   record->canister, "gateway", record->gateway_url, "latency_ms", latency_ms,
                   "encoding", encoding, "payload", payload);
}

static void put_json(const struct icws_record *record, struct icws_buf *out)
{
  json_t *object = object_of(record);
  char *line = object == NULL ? NULL : json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(15));
  if (line == NULL)
    icws_buf_fail(out, ICWS_ERR_NOMEM);
  else
    icws_buf_put(out, line, strlen(line));
  free(line);
  json_decref(object);
}

void icws_record_put(const struct icws_record *record, enum icws_record_format format,
                     struct icws_buf *out)
{
  struct icws_bytes content = record->message->content;
  switch (format) {
  case ICWS_RECORD_RAW:
    icws_buf_put(out, content.data, content.len);
    break;
  case ICWS_RECORD_ESCAPED:
    icws_escape(content, out);
    break;
  case ICWS_RECORD_JSON:
    put_json(record, out);
    break;
  }
  icws_buf_put_u8(out, '\n');
}
