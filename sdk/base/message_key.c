/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/message.h>

#define NONCE_DIGITS 20 /* of the greatest 64-bit number */

size_t icws_message_key_format(const struct icws_principal *gateway, uint64_t nonce,
                               char out[ICWS_MESSAGE_KEY_BYTES])
{
  size_t len = icws_principal_to_text(gateway, out);
  out[len++] = '_';
  for (size_t i = NONCE_DIGITS; i-- > 0; nonce /= 10)
    out[len + i] = (char)('0' + nonce % 10);
  len += NONCE_DIGITS;
  out[len] = '\0';
  return len;
}

static bool parse_nonce(const uint8_t *digits, uint64_t *nonce)
{
  uint64_t result = 0;
  for (size_t i = 0; i < NONCE_DIGITS; i++) {
    unsigned digit = (unsigned)digits[i] - '0';
    if (digit > 9 || result > (UINT64_MAX - digit) / 10)
      return false;
    result = result * 10 + digit;
  }
  *nonce = result;
  return true;
}

enum icws_error icws_message_key_parse(struct icws_bytes key, struct icws_principal *gateway,
                                       uint64_t *nonce)
{
  struct icws_principal principal;
  uint64_t number;
  if (key.len < 1 + NONCE_DIGITS || key.len >= ICWS_MESSAGE_KEY_BYTES)
    return ICWS_ERR_MESSAGE_KEY;
  struct icws_bytes text = icws_bytes_of(key.data, key.len - NONCE_DIGITS - 1);
  if (key.data[text.len] != '_' || !parse_nonce(key.data + text.len + 1, &number) ||
      icws_principal_from_text(&principal, text) != ICWS_OK)
    return ICWS_ERR_MESSAGE_KEY;

  /* The textual form may be of either case elsewhere, but not in a key. */
  char canonical[ICWS_MESSAGE_KEY_BYTES];
  size_t len = icws_message_key_format(&principal, number, canonical);
  if (!icws_bytes_equal(key, icws_bytes_of(canonical, len)))
    return ICWS_ERR_MESSAGE_KEY;
  *gateway = principal;
  *nonce = number;
  return ICWS_OK;
}
