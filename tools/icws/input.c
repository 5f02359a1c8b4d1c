/* SPDX-License-Identifier: Apache-2.0 */
#include "input.h"

#include <ctype.h>
#include <stdbool.h>

#include "common/file.h"

static bool is_white(uint8_t byte)
{
  return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_hex_text(struct icws_bytes bytes)
{
  bool has_digits = false;
  for (size_t i = 0; i < bytes.len; i++) {
    if (isxdigit(bytes.data[i]))
      has_digits = true;
    else if (!is_white(bytes.data[i]))
      return false;
  }
  return has_digits;
}

void icws_input_squeeze(struct icws_buf *text)
{
  size_t kept = 0;
  for (size_t i = 0; i < text->len; i++)
    if (!is_white(text->data[i]))
      text->data[kept++] = text->data[i];
  text->len = kept;
}

enum icws_error icws_input_read(const char *path, struct icws_buf *out,
                                struct icws_failure *failure)
{
  struct icws_buf text;
  icws_buf_init(&text, ICWS_FILE_MAX_BYTES, NULL);
  enum icws_error error = icws_file_read(path, &text, failure);
  if (error == ICWS_OK && is_hex_text(icws_buf_bytes(&text))) {
    icws_input_squeeze(&text);
    error = icws_hex_decode(icws_buf_bytes(&text), out);
    if (error != ICWS_OK)
      icws_fail(failure, error, "%s: an odd number of hex digits", icws_file_name(path));
  } else if (error == ICWS_OK) {
    icws_buf_put(out, text.data, text.len);
    error = icws_buf_error(out);
    if (error != ICWS_OK)
      icws_fail(failure, error, "%s: %s", icws_file_name(path), icws_strerror(error));
  }
  icws_buf_wipe(&text);
  return error;
}
