/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/principal.h>

#include <string.h>

#include "base32.h"
#include "crc32.h"

#define CRC_BYTES 4
#define GROUP 5                                       /* characters between dashes */
#define TEXT_MAX (ICWS_PRINCIPAL_TEXT_BYTES - 1)      /* with dashes */
#define PLAIN_MAX (TEXT_MAX - TEXT_MAX / (GROUP + 1)) /* without */

enum icws_error icws_principal_init(struct icws_principal *principal, struct icws_bytes bytes)
{
  if (bytes.len > ICWS_PRINCIPAL_MAX_BYTES)
    return ICWS_ERR_PRINCIPAL;
  struct icws_principal result = {.len = (uint8_t)bytes.len};
  if (bytes.len > 0)
    memcpy(result.bytes, bytes.data, bytes.len);
  *principal = result;
  return ICWS_OK;
}

struct icws_principal icws_principal_anonymous(void)
{
  return (struct icws_principal){.len = 1, .bytes = {4}};
}

struct icws_bytes icws_principal_bytes(const struct icws_principal *principal)
{
  return icws_bytes_of(principal->bytes, principal->len);
}

bool icws_principal_equal(const struct icws_principal *a, const struct icws_principal *b)
{
  return icws_bytes_equal(icws_principal_bytes(a), icws_principal_bytes(b));
}

int icws_principal_compare(const struct icws_principal *a, const struct icws_principal *b)
{
  return icws_bytes_compare(icws_principal_bytes(a), icws_principal_bytes(b));
}

size_t icws_principal_to_text(const struct icws_principal *principal,
                              char out[ICWS_PRINCIPAL_TEXT_BYTES])
{
  uint32_t crc = icws_crc32(icws_principal_bytes(principal));
  uint8_t checked[CRC_BYTES + ICWS_PRINCIPAL_MAX_BYTES] = {
      (uint8_t)(crc >> 24), (uint8_t)(crc >> 16), (uint8_t)(crc >> 8), (uint8_t)crc};
  memcpy(checked + CRC_BYTES, principal->bytes, principal->len);

  char plain[PLAIN_MAX];
  size_t plain_len =
      icws_base32_encode(icws_bytes_of(checked, CRC_BYTES + (size_t)principal->len), plain);
  size_t written = 0;
  for (size_t i = 0; i < plain_len; i++) {
    if (i > 0 && i % GROUP == 0)
      out[written++] = '-';
    out[written++] = plain[i];
  }
  out[written] = '\0';
  return written;
}

static char lower(uint8_t c)
{
  return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Whether |text| is the textual form of |principal|, in either case. */
static bool is_text_of(const struct icws_principal *principal, struct icws_bytes text)
{
  char canonical[ICWS_PRINCIPAL_TEXT_BYTES];
  if (icws_principal_to_text(principal, canonical) != text.len)
    return false;
  for (size_t i = 0; i < text.len; i++) {
    if (canonical[i] != lower(text.data[i]))
      return false;
  }
  return true;
}

/* Decodes without care for dashes; writing the result again and comparing then checks the CRC, the
 * grouping and the left-over bits at once. */
enum icws_error icws_principal_from_text(struct icws_principal *principal, struct icws_bytes text)
{
  uint8_t plain[TEXT_MAX];
  size_t plain_len = 0;
  if (text.len > TEXT_MAX)
    return ICWS_ERR_PRINCIPAL;
  for (size_t i = 0; i < text.len; i++) {
    if (text.data[i] != '-')
      plain[plain_len++] = text.data[i];
  }

  uint8_t checked[CRC_BYTES + ICWS_PRINCIPAL_MAX_BYTES];
  size_t len;
  struct icws_principal result;
  if (!icws_base32_decode(icws_bytes_of(plain, plain_len), checked, sizeof checked, &len) ||
      len < CRC_BYTES ||
      icws_principal_init(&result, icws_bytes_of(checked + CRC_BYTES, len - CRC_BYTES)) !=
          ICWS_OK ||
      !is_text_of(&result, text))
    return ICWS_ERR_PRINCIPAL;
  *principal = result;
  return ICWS_OK;
}
