/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid.h>

#include <assert.h>

#include "leb128.h"

#define PRINCIPAL_TRANSPARENT 1 /* the flag in front of a principal that is given by its bytes */

uint32_t icws_candid_field_id(const char *name)
{
  uint32_t id = 0;
  for (; *name != '\0'; name++)
    id = id * 223 + (uint8_t)*name;
  return id;
}

void icws_candid_writer_init(struct icws_candid_writer *writer, struct icws_buf *out)
{
  writer->out = out;
  writer->types = 0;
  icws_buf_put(out, "DIDL", 4);
  writer->count_at = out->len;
  icws_buf_put_u8(out, 0);
}

/* --- Types ----------------------------------------------------------------------------------- */

static int begin_entry(struct icws_candid_writer *writer, int constructor)
{
  if (writer->types == ICWS_CANDID_WRITER_TYPES) {
    icws_buf_fail(writer->out, ICWS_ERR_LIMIT);
    return 0;
  }
  icws_sleb128_put(writer->out, constructor);
  return writer->types++;
}

int icws_candid_type_opt(struct icws_candid_writer *writer, int inner)
{
  int index = begin_entry(writer, ICWS_CANDID_OPT);
  icws_sleb128_put(writer->out, inner);
  return index;
}

int icws_candid_type_vec(struct icws_candid_writer *writer, int inner)
{
  int index = begin_entry(writer, ICWS_CANDID_VEC);
  icws_sleb128_put(writer->out, inner);
  return index;
}

struct numbered_field {
  uint32_t id;
  int type;
};

static void sort_fields(const struct icws_candid_field *fields, size_t count,
                        struct numbered_field *sorted)
{
  for (size_t i = 0; i < count; i++) {
    struct numbered_field field = {icws_candid_field_id(fields[i].name), fields[i].type};
    size_t at = i;
    for (; at > 0 && sorted[at - 1].id >= field.id; at--) {
      assert(sorted[at - 1].id != field.id);
      sorted[at] = sorted[at - 1];
    }
    sorted[at] = field;
  }
}

static int put_fields(struct icws_candid_writer *writer, int constructor,
                      const struct icws_candid_field *fields, size_t count)
{
  struct numbered_field sorted[ICWS_CANDID_WRITER_FIELDS];
  if (count > ICWS_CANDID_WRITER_FIELDS) {
    icws_buf_fail(writer->out, ICWS_ERR_LIMIT);
    return 0;
  }
  sort_fields(fields, count, sorted);
  int index = begin_entry(writer, constructor);
  icws_leb128_put(writer->out, count);
  for (size_t i = 0; i < count; i++) {
    icws_leb128_put(writer->out, sorted[i].id);
    icws_sleb128_put(writer->out, sorted[i].type);
  }
  return index;
}

int icws_candid_type_record(struct icws_candid_writer *writer,
                            const struct icws_candid_field *fields, size_t count)
{
  return put_fields(writer, ICWS_CANDID_RECORD, fields, count);
}

int icws_candid_type_variant(struct icws_candid_writer *writer,
                             const struct icws_candid_field *cases, size_t count)
{
  return put_fields(writer, ICWS_CANDID_VARIANT, cases, count);
}

void icws_candid_put_args(struct icws_candid_writer *writer, const int *types, size_t count)
{
  icws_leb128_put(writer->out, count);
  for (size_t i = 0; i < count; i++)
    icws_sleb128_put(writer->out, types[i]);
  if (icws_buf_error(writer->out) == ICWS_OK)
    writer->out->data[writer->count_at] = (uint8_t)writer->types;
}

/* --- Values ---------------------------------------------------------------------------------- */

void icws_candid_put_bool(struct icws_candid_writer *writer, bool value)
{
  icws_buf_put_u8(writer->out, value ? 1 : 0);
}

void icws_candid_put_nat64(struct icws_candid_writer *writer, uint64_t value)
{
  uint8_t bytes[8];
  for (unsigned i = 0; i < 8; i++)
    bytes[i] = (uint8_t)(value >> 8 * i);
  icws_buf_put(writer->out, bytes, sizeof bytes);
}

void icws_candid_put_text(struct icws_candid_writer *writer, struct icws_bytes utf8)
{
  icws_candid_put_blob(writer, utf8); /* both are a length and bytes */
}

void icws_candid_put_blob(struct icws_candid_writer *writer, struct icws_bytes bytes)
{
  icws_leb128_put(writer->out, bytes.len);
  icws_buf_put(writer->out, bytes.data, bytes.len);
}

void icws_candid_put_principal(struct icws_candid_writer *writer,
                               const struct icws_principal *principal)
{
  icws_buf_put_u8(writer->out, PRINCIPAL_TRANSPARENT);
  icws_candid_put_blob(writer, icws_principal_bytes(principal));
}

void icws_candid_put_index(struct icws_candid_writer *writer, uint64_t index)
{
  icws_leb128_put(writer->out, index);
}

void icws_candid_put_present(struct icws_candid_writer *writer, bool present)
{
  icws_candid_put_bool(writer, present);
}

uint64_t icws_candid_case_index(const struct icws_candid_field *cases, size_t count,
                                const char *name)
{
  uint32_t id = icws_candid_field_id(name);
  uint64_t rank = 0;
  for (size_t i = 0; i < count; i++)
    rank += icws_candid_field_id(cases[i].name) < id;
  return rank;
}
