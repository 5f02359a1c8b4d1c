/* SPDX-License-Identifier: Apache-2.0 */
#include "common/payload_show.h"

#include <stdlib.h>

#include <jansson.h>

#include <icws/candid_text.h>

static enum icws_error put(const struct icws_payload *payload, enum icws_payload_form form,
                           struct icws_buf *out)
{
  switch (form) {
  case ICWS_PAYLOAD_CANDID:
    return icws_payload_put_candid(payload, out);
  case ICWS_PAYLOAD_PRETTY:
    return icws_candid_print(&payload->args, ICWS_CANDID_PRETTY, out);
  case ICWS_PAYLOAD_JSON:
    return icws_payload_put_json(payload, out);
  }
  return ICWS_ERR_INVALID_ARGUMENT;
}

enum icws_error icws_payload_print(struct icws_payload *payload, struct icws_bytes content,
                                   enum icws_payload_form form, struct icws_buf *out,
                                   struct icws_failure *failure)
{
  size_t start = out->len;
  enum icws_error error = icws_payload_read(payload, content, failure);
  if (error != ICWS_OK)
    return error;
  error = put(payload, form, out);
  if (error == ICWS_OK)
    return ICWS_OK;
  /* One of memory or of depth: what was appended is taken back. */
  icws_buf_truncate(out, start);
  return icws_fail(failure, error, "%s", icws_strerror(error));
}

static void put_comment(const struct icws_failure *failure, struct icws_bytes content,
                        struct icws_buf *out)
{
  icws_buf_put_text(out, "// ");
  icws_buf_put_text(out, failure->text);
  icws_buf_put_text(out, ": ");
  icws_hex_put(out, content);
}

static void put_error_object(const struct icws_failure *failure, struct icws_bytes content,
                             struct icws_buf *out)
{
  json_t *text = json_string(failure->text);
  char *quoted = text == NULL ? NULL : json_dumps(text, JSON_ENCODE_ANY);
  if (quoted == NULL)
    icws_buf_fail(out, ICWS_ERR_NOMEM);
  icws_buf_put_text(out, "{\"payload_error\":");
  icws_buf_put_text(out, quoted != NULL ? quoted : "");
  icws_buf_put_text(out, ",\"hex\":\"");
  icws_hex_put(out, content);
  icws_buf_put_text(out, "\"}");
  free(quoted);
  json_decref(text);
}

enum icws_error icws_payload_show(struct icws_payload *payload, struct icws_bytes content,
                                  enum icws_payload_form form, struct icws_buf *out,
                                  struct icws_failure *failure)
{
  enum icws_error error = icws_payload_print(payload, content, form, out, failure);
  if (error == ICWS_OK)
    return ICWS_OK;
  if (form == ICWS_PAYLOAD_JSON)
    put_error_object(failure, content, out);
  else
    put_comment(failure, content, out);
  return error;
}
