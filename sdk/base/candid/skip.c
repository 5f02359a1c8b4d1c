/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/cursor.h"

static enum icws_error skip_bytes(struct icws_candid_reader *reader, uint64_t len)
{
  struct icws_bytes bytes;
  (void)icws_candid_take_bytes(reader, len, &bytes);
  return reader->error;
}

static enum icws_error skip_primitive(struct icws_candid_reader *reader, int type)
{
  bool truth;
  struct icws_bytes bytes;
  switch (type) {
  case ICWS_CANDID_NULL:
  case ICWS_CANDID_RESERVED:
    (void)icws_candid_step(reader, 1);
    return reader->error;
  case ICWS_CANDID_BOOL:
    return icws_candid_read_bool(reader, type, &truth);
  case ICWS_CANDID_NAT:
  case ICWS_CANDID_INT:
    (void)icws_candid_take_leb(reader, &bytes);
    return reader->error;
  case ICWS_CANDID_TEXT:
    (void)icws_candid_take_text(reader, &bytes);
    return reader->error;
  case ICWS_CANDID_PRINCIPAL:
    (void)icws_candid_take_principal(reader, &bytes);
    return reader->error;
  case ICWS_CANDID_EMPTY:
    return icws_candid_fail(reader, "there are no values of type empty", NULL);
  default:
    return skip_bytes(reader, icws_candid_fixed_size(type));
  }
}

static enum icws_error skip_opt(struct icws_candid_reader *reader, int type, unsigned depth)
{
  bool present;
  int inner;
  if (icws_candid_read_opt(reader, type, &present, &inner) != ICWS_OK || !present)
    return reader->error;
  return icws_candid_skip_at(reader, inner, depth);
}

static enum icws_error skip_vec(struct icws_candid_reader *reader, int type, unsigned depth)
{
  uint64_t count;
  int inner;
  if (icws_candid_read_vec(reader, type, &count, &inner) != ICWS_OK)
    return reader->error;
  unsigned size = icws_candid_fixed_size(inner);
  if (size > 0)
    return skip_bytes(reader, count * size); /* no overflow: there are at least |count| bytes */
  for (uint64_t i = 0; i < count; i++) {
    if (icws_candid_skip_at(reader, inner, depth) != ICWS_OK)
      break;
  }
  return reader->error;
}

static enum icws_error skip_record(struct icws_candid_reader *reader, int type, unsigned depth)
{
  struct icws_candid_record record;
  uint32_t id;
  int inner;
  if (icws_candid_read_record(reader, type, &record) != ICWS_OK)
    return reader->error;
  while (icws_candid_next_field(reader, &record, &id, &inner)) {
    if (icws_candid_skip_at(reader, inner, depth) != ICWS_OK)
      break;
  }
  return reader->error;
}

static enum icws_error skip_variant(struct icws_candid_reader *reader, int type, unsigned depth)
{
  uint32_t id;
  int inner;
  if (icws_candid_read_variant(reader, type, &id, &inner) != ICWS_OK)
    return reader->error;
  return icws_candid_skip_at(reader, inner, depth);
}

static enum icws_error skip_func(struct icws_candid_reader *reader)
{
  struct icws_bytes service;
  struct icws_bytes method;
  (void)icws_candid_take_func(reader, &service, &method);
  return reader->error;
}

/* The value of a type that this reader does not know says how many bytes it has, and how many
 * references, which are not among the bytes of the message. */
static enum icws_error skip_future(struct icws_candid_reader *reader)
{
  uint64_t len;
  uint64_t references;
  if (!icws_candid_take_number(reader, &len) || !icws_candid_take_number(reader, &references))
    return reader->error;
  return skip_bytes(reader, len);
}

enum icws_error icws_candid_skip_at(struct icws_candid_reader *reader, int type, unsigned depth)
{
  if (reader->error != ICWS_OK)
    return reader->error;
  if (depth == ICWS_CANDID_MAX_DEPTH)
    return icws_candid_limit(reader, "values are nested too deeply");
  switch (icws_candid_constructor_of(reader, type)) {
  case ICWS_CANDID_OPT:
    return skip_opt(reader, type, depth + 1);
  case ICWS_CANDID_VEC:
    return skip_vec(reader, type, depth + 1);
  case ICWS_CANDID_RECORD:
    return skip_record(reader, type, depth + 1);
  case ICWS_CANDID_VARIANT:
    return skip_variant(reader, type, depth + 1);
  case ICWS_CANDID_FUNC:
    return skip_func(reader);
  case ICWS_CANDID_SERVICE: /* as a principal */
    return skip_primitive(reader, ICWS_CANDID_PRINCIPAL);
  case ICWS_CANDID_FUTURE:
    return skip_future(reader);
  default:
    return skip_primitive(reader, type);
  }
}

enum icws_error icws_candid_skip(struct icws_candid_reader *reader, int type)
{
  return icws_candid_skip_at(reader, type, 0);
}

enum icws_error icws_candid_skip_refused(struct icws_candid_reader *reader, size_t offset, int type,
                                         unsigned depth)
{
  reader->error = ICWS_OK;
  reader->reason = NULL;
  reader->field = NULL;
  reader->offset = offset;
  if (icws_candid_skip_at(reader, type, depth) == ICWS_OK)
    (void)icws_candid_step(reader, reader->offset - offset);
  return reader->error;
}
