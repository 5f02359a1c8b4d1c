/* SPDX-License-Identifier: Apache-2.0 */
#include "state_value.h"

#include <stdbool.h>
#include <stddef.h>

#include <icws/cbor.h>

#include "common/escape.h"
#include "state_label.h"

static const struct {
  const char *pattern;
  enum icws_state_kind kind;
} places[] = {
    {"/time", ICWS_STATE_TIME},
    {"/canister/*/controllers", ICWS_STATE_PRINCIPALS},
    {"/canister/*/canister_creation_timestamp", ICWS_STATE_TIME},
    {"/canister/*/last_install_timestamp", ICWS_STATE_TIME},
    {"/canister/*/metadata/*", ICWS_STATE_TEXT},
    {"/canister_ranges/*/*", ICWS_STATE_RANGES},
    {"/subnet/*/canister_ranges", ICWS_STATE_RANGES},
    {"/subnet/*/type", ICWS_STATE_TEXT},
    {"/request_status/*/status", ICWS_STATE_TEXT},
    {"/request_status/*/reject_code", ICWS_STATE_NUMBER},
    {"/request_status/*/reject_message", ICWS_STATE_TEXT},
    {"/request_status/*/error_code", ICWS_STATE_TEXT},
    {"/api_boundary_nodes/*/domain", ICWS_STATE_TEXT},
    {"/api_boundary_nodes/*/ipv4_address", ICWS_STATE_TEXT},
    {"/api_boundary_nodes/*/ipv6_address", ICWS_STATE_TEXT},
};

/* --- Decoding ----------------------------------------------------------------------------------- */

static bool read_number(struct icws_bytes bytes, uint64_t *number)
{
  *number = 0;
  for (size_t i = 0; i < bytes.len; i++) {
    uint64_t digit = bytes.data[i] & 0x7f;
    unsigned shift = 7 * (unsigned)i;
    if (shift > 63 || (digit << shift) >> shift != digit)
      return false;
    *number |= digit << shift;
    if ((bytes.data[i] & 0x80) == 0)
      return i + 1 == bytes.len;
  }
  return false;
}

static bool read_principal(struct icws_cbor_reader *reader, icws_state_principal_fn *visit,
                           void *user_data)
{
  struct icws_bytes bytes;
  struct icws_principal principal;
  if (icws_cbor_read_bytes(reader, &bytes) != ICWS_OK ||
      icws_principal_init(&principal, bytes) != ICWS_OK)
    return false;
  if (visit != NULL)
    visit(&principal, user_data);
  return true;
}

/* The array of them: each one, or each two in an array of their own. */
static bool read_principals(struct icws_bytes bytes, bool in_pairs, icws_state_principal_fn *visit,
                            void *user_data)
{
  struct icws_cbor_reader reader;
  uint64_t count;
  icws_cbor_reader_init(&reader, bytes);
  if (icws_cbor_read_array(&reader, &count) != ICWS_OK)
    return false;
  for (; count > 0; count--) {
    uint64_t pair;
    if (in_pairs && (icws_cbor_read_array(&reader, &pair) != ICWS_OK || pair != 2))
      return false;
    for (int i = 0; i < (in_pairs ? 2 : 1); i++)
      if (!read_principal(&reader, visit, user_data))
        return false;
  }
  return icws_cbor_finish(&reader) == ICWS_OK;
}

/* --- What is where ------------------------------------------------------------------------------ */

static bool is_of_kind(struct icws_state_value *value, enum icws_state_kind kind)
{
  switch (kind) {
  case ICWS_STATE_NUMBER:
  case ICWS_STATE_TIME:
    return read_number(value->bytes, &value->number);
  case ICWS_STATE_TEXT:
    return icws_escape_text_is_plain(value->bytes);
  case ICWS_STATE_PRINCIPALS:
    return read_principals(value->bytes, false, NULL, NULL);
  case ICWS_STATE_RANGES:
    return read_principals(value->bytes, true, NULL, NULL);
  case ICWS_STATE_BYTES:
    break;
  }
  return true;
}

struct icws_state_value icws_state_value_read(const char *path, struct icws_bytes bytes)
{
  struct icws_state_value value = {.kind = ICWS_STATE_BYTES, .bytes = bytes};
  for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
    if (!icws_state_label_matches(places[i].pattern, icws_bytes_text(path)))
      continue;
    if (is_of_kind(&value, places[i].kind))
      value.kind = places[i].kind;
    break;
  }
  return value;
}

void icws_state_value_walk(const struct icws_state_value *value, icws_state_principal_fn *visit,
                           void *user_data)
{
  read_principals(value->bytes, value->kind == ICWS_STATE_RANGES, visit, user_data);
}
