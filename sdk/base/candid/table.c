/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/table.h"

#include <assert.h>

#include "candid/words.h"
#include "leb128.h"

/* --- The type table -------------------------------------------------------------------------- */

static bool take_opcode(struct icws_candid_reader *reader, int64_t *opcode)
{
  if (reader->error == ICWS_OK && !icws_sleb128_get(reader->input, &reader->offset, opcode))
    icws_candid_fail(reader, "a type is cut off or too large", NULL);
  return reader->error == ICWS_OK;
}

bool icws_candid_take_type(struct icws_candid_reader *reader, int *type)
{
  int64_t opcode;
  if (!take_opcode(reader, &opcode))
    return false;
  if (!icws_candid_is_primitive(opcode) && (opcode < 0 || opcode >= reader->type_count)) {
    icws_candid_fail(reader, "a type is neither a primitive nor in the type table", NULL);
    return false;
  }
  *type = (int)opcode;
  return true;
}

/* Takes a count of things that have at least |size| bytes each. */
static bool take_count(struct icws_candid_reader *reader, size_t size, uint64_t *count)
{
  if (!icws_candid_take_number(reader, count))
    return false;
  if (*count > (reader->input.len - reader->offset) / size)
    icws_candid_fail(reader, "a count is greater than the message is long", NULL);
  return reader->error == ICWS_OK;
}

/* The fields of a record or the cases of a variant, by increasing id. */
static void take_fields(struct icws_candid_reader *reader)
{
  uint64_t count;
  if (!take_count(reader, 2, &count))
    return;
  uint64_t least = 0;
  for (uint64_t i = 0; i < count; i++) {
    uint64_t id;
    int type;
    if (!icws_candid_take_number(reader, &id))
      return;
    if (id > UINT32_MAX)
      icws_candid_fail(reader, "a field id is too large", NULL);
    if (id < least)
      icws_candid_fail(reader, "field ids do not increase", NULL);
    if (!icws_candid_take_type(reader, &type))
      return;
    least = id + 1;
  }
}

static void take_type_list(struct icws_candid_reader *reader)
{
  uint64_t count;
  int type;
  if (!take_count(reader, 1, &count))
    return;
  while (count-- > 0 && icws_candid_take_type(reader, &type))
    continue;
}

static void take_func(struct icws_candid_reader *reader)
{
  uint64_t count;
  struct icws_bytes annotations;
  take_type_list(reader); /* arguments */
  take_type_list(reader); /* results */
  if (!icws_candid_take_number(reader, &count) ||
      !icws_candid_take_bytes(reader, count, &annotations))
    return;
  for (size_t i = 0; i < annotations.len; i++) {
    if (annotations.data[i] < 1 || annotations.data[i] > 3)
      icws_candid_fail(reader, "a function has an unknown annotation", NULL);
  }
}

static void take_service(struct icws_candid_reader *reader)
{
  uint64_t count;
  if (!take_count(reader, 2, &count))
    return;
  struct icws_bytes last = {.data = NULL, .len = 0};
  for (uint64_t i = 0; i < count; i++) {
    struct icws_bytes name;
    int type;
    if (!icws_candid_take_text(reader, &name))
      return;
    if (i > 0 && icws_bytes_compare(last, name) >= 0)
      icws_candid_fail(reader, "the methods of a service are not in order", NULL);
    if (!icws_candid_take_type(reader, &type))
      return;
    last = name;
  }
}

static void take_entry(struct icws_candid_reader *reader)
{
  int64_t opcode;
  int type;
  uint64_t len;
  struct icws_bytes unknown;
  if (!take_opcode(reader, &opcode))
    return;
  switch (opcode) {
  case ICWS_CANDID_OPT:
  case ICWS_CANDID_VEC:
    (void)icws_candid_take_type(reader, &type);
    return;
  case ICWS_CANDID_RECORD:
  case ICWS_CANDID_VARIANT:
    take_fields(reader);
    return;
  case ICWS_CANDID_FUNC:
    take_func(reader);
    return;
  case ICWS_CANDID_SERVICE:
    take_service(reader);
    return;
  default:
    if (opcode > ICWS_CANDID_FUTURE)
      icws_candid_fail(reader, "an entry of the type table is not a composite type", NULL);
    else if (icws_candid_take_number(reader, &len))
      (void)icws_candid_take_bytes(reader, len, &unknown);
  }
}

/* Methods may refer to later entries, so that they can be checked only when the table is read. */
static void check_methods(struct icws_candid_reader *reader, size_t offset)
{
  uint64_t count = icws_candid_entry_number(reader, &offset);
  while (count-- > 0) {
    size_t name_len = (size_t)icws_candid_entry_number(reader, &offset);
    offset += name_len;
    int type = icws_candid_entry_type(reader, &offset);
    if (icws_candid_constructor_of(reader, type) != ICWS_CANDID_FUNC)
      icws_candid_fail(reader, "a method of a service is not a function", NULL);
  }
}

bool icws_candid_take_types(struct icws_candid_reader *reader)
{
  uint64_t count;
  if (!take_count(reader, 2, &count))
    return false;
  if (count > ICWS_CANDID_MAX_TYPES)
    icws_candid_limit(reader, "the type table has too many entries");
  if (reader->error != ICWS_OK)
    return false;

  reader->type_count = (uint32_t)count;
  for (uint32_t i = 0; i < reader->type_count; i++) {
    reader->type_offsets[i] = (uint32_t)reader->offset;
    take_entry(reader);
    if (reader->error != ICWS_OK)
      return false;
  }
  for (int i = 0; i < (int)reader->type_count; i++) {
    size_t offset;
    if (icws_candid_entry(reader, i, &offset) == ICWS_CANDID_SERVICE)
      check_methods(reader, offset);
  }
  return reader->error == ICWS_OK;
}

/* --- Looking up ------------------------------------------------------------------------------ */

static int64_t entry_opcode(const struct icws_candid_reader *reader, size_t *offset)
{
  int64_t opcode = 0;
  bool ok = icws_sleb128_get(reader->input, offset, &opcode);
  assert(ok); /* the table has been checked */
  (void)ok;
  return opcode;
}

int icws_candid_entry(const struct icws_candid_reader *reader, int type, size_t *offset)
{
  assert(type >= 0 && (uint32_t)type < reader->type_count);
  *offset = reader->type_offsets[type];
  int64_t opcode = entry_opcode(reader, offset);
  return opcode > ICWS_CANDID_FUTURE ? (int)opcode : ICWS_CANDID_FUTURE;
}

uint64_t icws_candid_entry_number(const struct icws_candid_reader *reader, size_t *offset)
{
  uint64_t number = 0;
  bool ok = icws_leb128_get(reader->input, offset, &number);
  assert(ok);
  (void)ok;
  return number;
}

int icws_candid_entry_type(const struct icws_candid_reader *reader, size_t *offset)
{
  return (int)entry_opcode(reader, offset);
}

int icws_candid_constructor_of(const struct icws_candid_reader *reader, int type)
{
  size_t offset;
  return type < 0 ? type : icws_candid_entry(reader, type, &offset);
}

bool icws_candid_expect(struct icws_candid_reader *reader, int type, int expected,
                        const char *reason)
{
  if (reader->error == ICWS_OK && icws_candid_constructor_of(reader, type) != expected)
    icws_candid_fail(reader, reason, NULL);
  return reader->error == ICWS_OK;
}
