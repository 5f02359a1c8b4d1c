/* SPDX-License-Identifier: Apache-2.0 */
#include "record.h"

#include <stdlib.h>

#include <jansson.h>

#include "common/escape.h"
#include "common/payload_show.h"
#include "common/timestamp.h"

/* --- One value a line -------------------------------------------------------------------------- */

static void put_value(struct icws_payload *payload, struct icws_bytes content,
                      enum icws_payload_form form, struct icws_buf *out)
{
  struct icws_failure failure;
  /* What does not decode has its reason in the line. */
  (void)icws_payload_show(payload, content, form, out, &failure);
}

static void put_for_terminal(struct icws_payload *payload, struct icws_bytes content,
                             struct icws_buf *out)
{
  if (payload->types != NULL || icws_payload_is_candid(content))
    put_value(payload, content, ICWS_PAYLOAD_CANDID, out);
  else
    icws_escape(content, out);
}

/* --- The envelope ------------------------------------------------------------------------------ */

/* All members but those of the payload. */
static json_t *envelope_of(const struct icws_record *record)
{
  const struct icws_event_message *message = record->message;
  char sent[ICWS_TIMESTAMP_BYTES];
  char received[ICWS_TIMESTAMP_BYTES];
  /* Whole microseconds: all that clocks on two machines can say, and it prints short. */
  double latency_ms = (double)(message->delay_ns / 1000) / 1000.0;
  icws_timestamp_format(message->timestamp, sent);
  icws_timestamp_format(message->timestamp + (uint64_t)message->delay_ns, received);
  return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s, s:f}", "type", "message", "ts", sent, "recv_ts",
                   received, "seq", (json_int_t)message->sequence_num, "canister", record->canister,
                   "gateway", record->gateway_url, "latency_ms", latency_ms);
}

/* What is text stays text; a run of bytes that is not, or that would act on a terminal, is hex. */
static void add_bytes(json_t *envelope, struct icws_bytes content)
{
  bool is_text = icws_escape_text_is_plain(content);
  struct icws_buf hex;
  icws_buf_init(&hex, 0, NULL);
  if (!is_text)
    icws_hex_put(&hex, content);
  struct icws_bytes shown = is_text ? content : icws_buf_bytes(&hex);
  if (icws_buf_error(&hex) == ICWS_OK) {
    json_object_set_new(envelope, "encoding", json_string(is_text ? "text" : "hex"));
    json_object_set_new(envelope, "payload",
                        json_stringn(shown.len > 0 ? (const char *)shown.data : "", shown.len));
  }
  icws_buf_wipe(&hex);
}

static void put_object(json_t *envelope, struct icws_buf *out)
{
  char *line = json_dumps(envelope, JSON_COMPACT | JSON_REAL_PRECISION(15));
  if (line == NULL || json_object_get(envelope, "encoding") == NULL)
    icws_buf_fail(out, ICWS_ERR_NOMEM);
  icws_buf_put_text(out, line != NULL ? line : "");
  free(line);
}

/* The value becomes the last member: after what jansson wrote, but for the brace. */
static bool put_with_value(json_t *envelope, struct icws_payload *payload,
                           struct icws_bytes content, struct icws_buf *out,
                           struct icws_failure *failure)
{
  size_t start = out->len;
  json_object_set_new(envelope, "encoding", json_string("candid"));
  put_object(envelope, out);
  if (icws_buf_error(out) != ICWS_OK)
    return true;
  icws_buf_truncate(out, out->len - 1);
  icws_buf_put_text(out, ",\"payload\":");
  if (icws_payload_print(payload, content, ICWS_PAYLOAD_JSON, out, failure) != ICWS_OK) {
    icws_buf_truncate(out, start);
    return false;
  }
  icws_buf_put_u8(out, '}');
  return true;
}

static void put_envelope(const struct icws_record *record, struct icws_payload *payload,
                         struct icws_buf *out)
{
  struct icws_bytes content = record->message->content;
  struct icws_failure failure;
  json_t *envelope = envelope_of(record);
  bool is_candid = payload->types != NULL || icws_payload_is_candid(content);
  if (envelope == NULL) {
    icws_buf_fail(out, ICWS_ERR_NOMEM);
  } else if (!is_candid || !put_with_value(envelope, payload, content, out, &failure)) {
    add_bytes(envelope, content);
    if (is_candid)
      json_object_set_new(envelope, "payload_error", json_string(failure.text));
    put_object(envelope, out);
  }
  json_decref(envelope);
}

void icws_record_put(const struct icws_record *record, struct icws_payload *payload,
                     enum icws_record_format format, struct icws_buf *out)
{
  struct icws_bytes content = record->message->content;
  switch (format) {
  case ICWS_RECORD_RAW:
    icws_buf_put(out, content.data, content.len);
    break;
  case ICWS_RECORD_HEX:
    icws_hex_put(out, content);
    break;
  case ICWS_RECORD_CANDID:
    put_value(payload, content, ICWS_PAYLOAD_CANDID, out);
    break;
  case ICWS_RECORD_JSON:
    put_value(payload, content, ICWS_PAYLOAD_JSON, out);
    break;
  case ICWS_RECORD_TERMINAL:
    put_for_terminal(payload, content, out);
    break;
  case ICWS_RECORD_ENVELOPE:
    put_envelope(record, payload, out);
    break;
  }
  icws_buf_put_u8(out, '\n');
}
