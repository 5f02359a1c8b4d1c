/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/table.h"

#include <string.h>

enum icws_error icws_candid_fail(struct icws_candid_reader *reader, const char *reason,
                                 const char *field)
{
  if (reader->error == ICWS_OK) {
    reader->error = ICWS_ERR_CANDID;
    reader->reason = reason;
    reader->field = field;
  }
  return reader->error;
}

static void take_magic(struct icws_candid_reader *reader)
{
  static const char magic[] = {'D', 'I', 'D', 'L'};
  struct icws_bytes input = reader->input;
  if (input.len < sizeof magic || memcmp(input.data, magic, sizeof magic) != 0)
    icws_candid_fail(reader, "the message does not start with DIDL", NULL);
  else
    reader->offset = sizeof magic;
}

static void take_arg_types(struct icws_candid_reader *reader)
{
  uint64_t count;
  if (!icws_candid_take_number(reader, &count))
    return;
  if (count > reader->input.len - reader->offset)
    icws_candid_fail(reader, "a count is greater than the message is long", NULL);
  if (count > ICWS_CANDID_MAX_ARGS)
    icws_candid_limit(reader, "the message has too many arguments");
  if (reader->error != ICWS_OK)
    return;
  for (uint64_t i = 0; i < count; i++) {
    if (!icws_candid_take_type(reader, &reader->arg_types[i]))
      return;
  }
  reader->arg_count = (uint32_t)count;
}

enum icws_error icws_candid_reader_init(struct icws_candid_reader *reader, struct icws_bytes input)
{
  reader->input = input;
  reader->offset = 0;
  reader->error = ICWS_OK;
  reader->reason = NULL;
  reader->field = NULL;
  reader->steps =
      ICWS_CANDID_SKIP_QUOTA + (uint64_t)ICWS_CANDID_STEPS_PER_BYTE * (uint64_t)input.len;
  reader->type_count = 0;
  reader->arg_count = 0;
  reader->arg_next = 0;
  if (input.len > UINT32_MAX)
    icws_candid_limit(reader, "the message is too long");
  take_magic(reader);
  if (icws_candid_take_types(reader))
    take_arg_types(reader);
  return reader->error;
}

bool icws_candid_next_arg(struct icws_candid_reader *reader, int *type)
{
  if (reader->error != ICWS_OK || reader->arg_next == reader->arg_count)
    return false;
  *type = reader->arg_types[reader->arg_next++];
  return true;
}

/* --- Primitives ------------------------------------------------------------------------------ */

enum icws_error icws_candid_read_null(struct icws_candid_reader *reader, int type)
{
  if (icws_candid_expect(reader, type, ICWS_CANDID_NULL, "a value is not null"))
    (void)icws_candid_step(reader, 1);
  return reader->error;
}

enum icws_error icws_candid_read_bool(struct icws_candid_reader *reader, int type, bool *value)
{
  struct icws_bytes byte;
  if (!icws_candid_expect(reader, type, ICWS_CANDID_BOOL, "a value is not a bool") ||
      !icws_candid_take_bytes(reader, 1, &byte))
    return reader->error;
  if (byte.data[0] > 1)
    return icws_candid_fail(reader, "a bool is neither 0 nor 1", NULL);
  *value = byte.data[0] == 1;
  return ICWS_OK;
}

enum icws_error icws_candid_read_text(struct icws_candid_reader *reader, int type,
                                      struct icws_bytes *utf8)
{
  if (icws_candid_expect(reader, type, ICWS_CANDID_TEXT, "a value is not a text"))
    (void)icws_candid_take_text(reader, utf8);
  return reader->error;
}

/* --- References ------------------------------------------------------------------------------ */

static enum icws_error read_principal(struct icws_candid_reader *reader,
                                      struct icws_principal *principal)
{
  struct icws_bytes bytes;
  if (!icws_candid_take_principal(reader, &bytes))
    return reader->error;
  return icws_principal_init(principal, bytes); /* it fits: that was checked */
}

enum icws_error icws_candid_read_principal(struct icws_candid_reader *reader, int type,
                                           struct icws_principal *principal)
{
  if (reader->error != ICWS_OK)
    return reader->error;
  if (icws_candid_constructor_of(reader, type) == ICWS_CANDID_SERVICE)
    return read_principal(reader, principal);
  if (!icws_candid_expect(reader, type, ICWS_CANDID_PRINCIPAL, "a value is not a principal"))
    return reader->error;
  return read_principal(reader, principal);
}

enum icws_error icws_candid_read_service(struct icws_candid_reader *reader, int type,
                                         struct icws_principal *principal)
{
  if (!icws_candid_expect(reader, type, ICWS_CANDID_SERVICE, "a value is not a service"))
    return reader->error;
  return read_principal(reader, principal);
}

enum icws_error icws_candid_read_func(struct icws_candid_reader *reader, int type,
                                      struct icws_candid_method *method)
{
  struct icws_bytes service;
  if (!icws_candid_expect(reader, type, ICWS_CANDID_FUNC, "a value is not a func") ||
      !icws_candid_take_func(reader, &service, &method->name))
    return reader->error;
  return icws_principal_init(&method->service, service); /* it fits: that was checked */
}

/* --- Composites ------------------------------------------------------------------------------ */

enum icws_error icws_candid_read_opt(struct icws_candid_reader *reader, int type, bool *present,
                                     int *inner)
{
  if (reader->error != ICWS_OK)
    return reader->error;
  if (type == ICWS_CANDID_NULL || type == ICWS_CANDID_RESERVED) {
    if (icws_candid_step(reader, 1)) {
      *present = false;
      *inner = ICWS_CANDID_NULL;
    }
    return reader->error;
  }
  struct icws_bytes tag;
  if (!icws_candid_expect(reader, type, ICWS_CANDID_OPT, "a value is not an opt") ||
      !icws_candid_take_bytes(reader, 1, &tag))
    return reader->error;
  if (tag.data[0] > 1)
    return icws_candid_fail(reader, "the tag of an opt is neither 0 nor 1", NULL);
  size_t entry;
  (void)icws_candid_entry(reader, type, &entry);
  *present = tag.data[0] == 1;
  *inner = icws_candid_entry_type(reader, &entry);
  return ICWS_OK;
}

enum icws_error icws_candid_read_vec(struct icws_candid_reader *reader, int type, uint64_t *count,
                                     int *inner)
{
  if (!icws_candid_expect(reader, type, ICWS_CANDID_VEC, "a value is not a vec"))
    return reader->error;
  size_t entry;
  (void)icws_candid_entry(reader, type, &entry);
  int item_type = icws_candid_entry_type(reader, &entry);
  if (icws_candid_take_vec_count(reader, icws_candid_constructor_of(reader, item_type), count))
    *inner = item_type;
  return reader->error;
}

enum icws_error icws_candid_read_blob(struct icws_candid_reader *reader, int type,
                                      struct icws_bytes *bytes)
{
  uint64_t len;
  int inner;
  if (icws_candid_read_vec(reader, type, &len, &inner) != ICWS_OK)
    return reader->error;
  if (inner != ICWS_CANDID_NAT8)
    return icws_candid_fail(reader, "a value is not a blob", NULL);
  (void)icws_candid_take_bytes(reader, len, bytes);
  return reader->error;
}

enum icws_error icws_candid_read_record(struct icws_candid_reader *reader, int type,
                                        struct icws_candid_record *record)
{
  if (!icws_candid_expect(reader, type, ICWS_CANDID_RECORD, "a value is not a record") ||
      !icws_candid_step(reader, 1))
    return reader->error;
  size_t entry;
  (void)icws_candid_entry(reader, type, &entry);
  record->left = (uint32_t)icws_candid_entry_number(reader, &entry);
  record->table_offset = entry;
  return ICWS_OK;
}

bool icws_candid_next_field(struct icws_candid_reader *reader, struct icws_candid_record *record,
                            uint32_t *id, int *type)
{
  if (reader->error != ICWS_OK || record->left == 0 || !icws_candid_step(reader, 1))
    return false;
  *id = (uint32_t)icws_candid_entry_number(reader, &record->table_offset);
  *type = icws_candid_entry_type(reader, &record->table_offset);
  record->left--;
  return true;
}

enum icws_error icws_candid_read_variant(struct icws_candid_reader *reader, int type, uint32_t *id,
                                         int *inner)
{
  uint64_t index;
  if (!icws_candid_expect(reader, type, ICWS_CANDID_VARIANT, "a value is not a variant") ||
      !icws_candid_take_number(reader, &index))
    return reader->error;
  size_t entry;
  (void)icws_candid_entry(reader, type, &entry);
  if (index >= icws_candid_entry_number(reader, &entry))
    return icws_candid_fail(reader, "a variant has a case that its type does not have", NULL);
  if (!icws_candid_step(reader, index))
    return reader->error;
  do {
    *id = (uint32_t)icws_candid_entry_number(reader, &entry);
    *inner = icws_candid_entry_type(reader, &entry);
  } while (index-- > 0);
  return ICWS_OK;
}

enum icws_error icws_candid_finish(struct icws_candid_reader *reader)
{
  int type;
  while (icws_candid_next_arg(reader, &type)) {
    if (icws_candid_skip(reader, type) != ICWS_OK)
      return reader->error;
  }
  if (reader->error == ICWS_OK && reader->offset != reader->input.len)
    icws_candid_fail(reader, "bytes are left over after the last argument", NULL);
  return reader->error;
}
