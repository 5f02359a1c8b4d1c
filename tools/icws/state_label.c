/* SPDX-License-Identifier: Apache-2.0 */
#include "state_label.h"

#include <string.h>

#include <icws/principal.h>

#define PREFIX "0x"

/* --- Where there are principals ----------------------------------------------------------------- */

bool icws_state_label_matches(const char *pattern, struct icws_bytes path)
{
  size_t at = 0;
  for (; *pattern != '\0'; pattern++) {
    if (*pattern == '*') {
      while (at < path.len && path.data[at] != '/')
        at++;
    } else if (at == path.len || path.data[at++] != (uint8_t)*pattern) {
      return false;
    }
  }
  return at == path.len;
}

static bool names_principals(struct icws_bytes path)
{
  static const char *const parents[] = {"/canister",          "/subnet",
                                        "/subnet/*/node",     "/canister_ranges",
                                        "/canister_ranges/*", "/api_boundary_nodes"};
  for (size_t i = 0; i < sizeof(parents) / sizeof(parents[0]); i++)
    if (icws_state_label_matches(parents[i], path))
      return true;
  return false;
}

/* --- Writing ------------------------------------------------------------------------------------ */

static bool has_prefix(struct icws_bytes word)
{
  return word.len >= strlen(PREFIX) && memcmp(word.data, PREFIX, strlen(PREFIX)) == 0;
}

static bool is_printable(struct icws_bytes label)
{
  for (size_t i = 0; i < label.len; i++)
    if (label.data[i] <= ' ' || label.data[i] > '~' || label.data[i] == '/')
      return false;
  return label.len > 0 && !has_prefix(label);
}

void icws_state_label_put(struct icws_bytes parent, struct icws_bytes label, struct icws_buf *out)
{
  struct icws_principal principal;
  if (names_principals(parent) && icws_principal_init(&principal, label) == ICWS_OK) {
    char text[ICWS_PRINCIPAL_TEXT_BYTES];
    icws_buf_put(out, text, icws_principal_to_text(&principal, text));
  } else if (is_printable(label)) {
    icws_buf_put(out, label.data, label.len);
  } else {
    icws_buf_put_text(out, PREFIX);
    icws_hex_put(out, label);
  }
}

/* --- Reading ------------------------------------------------------------------------------------ */

static enum icws_error fail_at(struct icws_bytes parent, enum icws_error error, const char *what,
                               struct icws_failure *failure)
{
  return icws_fail(failure, error, "'%.*s/' is followed by %s", (int)parent.len,
                   (const char *)parent.data, what);
}

enum icws_error icws_state_label_parse(struct icws_bytes parent, struct icws_bytes word,
                                       struct icws_buf *out, struct icws_failure *failure)
{
  struct icws_principal principal;
  if (word.len == 0)
    return fail_at(parent, ICWS_ERR_INVALID_ARGUMENT, "a label (0x is the empty one)", failure);
  if (has_prefix(word)) {
    struct icws_bytes digits = icws_bytes_of(word.data + strlen(PREFIX), word.len - strlen(PREFIX));
    enum icws_error error = icws_hex_decode(digits, out);
    return error == ICWS_OK ? error
                            : fail_at(parent, error, "0x and hex digits, in pairs", failure);
  }
  if (!names_principals(parent)) {
    icws_buf_put(out, word.data, word.len);
    return ICWS_OK;
  }
  enum icws_error error = icws_principal_from_text(&principal, word);
  if (error != ICWS_OK)
    return fail_at(parent, error, "an id such as ryjl3-tyaaa-aaaaa-aaaba-cai", failure);
  icws_buf_put(out, principal.bytes, principal.len);
  return ICWS_OK;
}
