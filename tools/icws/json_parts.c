/* SPDX-License-Identifier: Apache-2.0 */
#include "json_parts.h"

#include <stdlib.h>

#include "common/timestamp.h"

json_t *icws_json_hex(struct icws_bytes bytes)
{
  struct icws_buf digits;
  json_t *string = NULL;
  icws_buf_init(&digits, 0, NULL);
  icws_hex_put(&digits, bytes);
  if (icws_buf_error(&digits) == ICWS_OK)
    string = json_stringn(digits.len > 0 ? (const char *)digits.data : "", digits.len);
  icws_buf_wipe(&digits);
  return string;
}

json_t *icws_json_principal(const struct icws_principal *principal)
{
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  icws_principal_to_text(principal, text);
  return json_string(text);
}

json_t *icws_json_time(uint64_t ns)
{
  char text[ICWS_TIMESTAMP_BYTES];
  icws_timestamp_format(ns, text);
  return json_string(text);
}

void icws_json_put_line(json_t *object, struct icws_buf *out)
{
  char *line = object == NULL ? NULL : json_dumps(object, JSON_COMPACT);
  if (line == NULL)
    icws_buf_fail(out, ICWS_ERR_NOMEM);
  icws_buf_put_text(out, line != NULL ? line : "");
  icws_buf_put_u8(out, '\n');
  free(line);
  json_decref(object);
}
