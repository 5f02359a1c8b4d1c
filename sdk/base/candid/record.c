/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/record.h"

#include <assert.h>

enum icws_error icws_candid_member_bool(struct icws_candid_reader *reader, int type, void *out)
{
  return icws_candid_read_bool(reader, type, out);
}

enum icws_error icws_candid_member_nat64(struct icws_candid_reader *reader, int type, void *out)
{
  return icws_candid_read_nat64(reader, type, out);
}

enum icws_error icws_candid_member_text(struct icws_candid_reader *reader, int type, void *out)
{
  return icws_candid_read_text(reader, type, out);
}

enum icws_error icws_candid_member_blob(struct icws_candid_reader *reader, int type, void *out)
{
  return icws_candid_read_blob(reader, type, out);
}

enum icws_error icws_candid_member_principal(struct icws_candid_reader *reader, int type, void *out)
{
  return icws_candid_read_principal(reader, type, out);
}

/* The member with |id|, or |count|. */
static size_t find_member(const struct icws_candid_member *members, size_t count, uint32_t id)
{
  size_t i = 0;
  while (i < count && icws_candid_field_id(members[i].name) != id)
    i++;
  return i;
}

static enum icws_error read_member(struct icws_candid_reader *reader, int type,
                                   const struct icws_candid_member *member)
{
  enum icws_error error = member->read(reader, type, member->out);
  if (error != ICWS_OK && reader->field == NULL)
    reader->field = member->name;
  return error;
}

enum icws_error icws_candid_read_members(struct icws_candid_reader *reader, int type,
                                         const struct icws_candid_member *members, size_t count)
{
  struct icws_candid_record record;
  uint32_t seen = 0; /* a bit for each member */
  uint32_t id;
  int inner;
  assert(count <= 32);
  if (icws_candid_read_record(reader, type, &record) != ICWS_OK)
    return reader->error;
  while (icws_candid_next_field(reader, &record, &id, &inner)) {
    size_t i = find_member(members, count, id);
    enum icws_error error =
        i < count ? read_member(reader, inner, &members[i]) : icws_candid_skip(reader, inner);
    if (error != ICWS_OK)
      return error;
    if (i < count)
      seen |= UINT32_C(1) << i;
  }
  for (size_t i = 0; i < count; i++) {
    if (!members[i].optional && (seen >> i & 1) == 0)
      icws_candid_fail(reader, "the field is missing", members[i].name);
  }
  return reader->error;
}

enum icws_error icws_candid_read_case(struct icws_candid_reader *reader, int type,
                                      const char *const *names, size_t count, size_t *index,
                                      int *inner)
{
  uint32_t id;
  if (icws_candid_read_variant(reader, type, &id, inner) != ICWS_OK)
    return reader->error;
  for (size_t i = 0; i < count; i++) {
    if (icws_candid_field_id(names[i]) == id) {
      *index = i;
      return ICWS_OK;
    }
  }
  return icws_candid_fail(reader, "a variant has an unknown case", NULL);
}

static enum icws_error report(const struct icws_candid_reader *reader, const char *what,
                              struct icws_failure *failure)
{
  const char *field = reader->field != NULL ? reader->field : "";
  const char *colon = reader->field != NULL ? ": " : "";
  return icws_fail(failure, reader->error, "%s: %s%s%s (at byte %zu of %zu)", what, field, colon,
                   reader->reason, reader->offset, reader->input.len);
}

enum icws_error icws_candid_decode_known(struct icws_bytes input, const char *what,
                                         icws_candid_read_fn *read, void *out,
                                         struct icws_failure *failure)
{
  struct icws_candid_reader reader;
  int type;
  if (icws_candid_reader_init(&reader, input) != ICWS_OK)
    return report(&reader, what, failure);
  if (!icws_candid_next_arg(&reader, &type))
    icws_candid_fail(&reader, "the argument is missing", NULL);
  else if (read(&reader, type, out) == ICWS_OK && icws_candid_finish(&reader) == ICWS_OK)
    return ICWS_OK;
  return report(&reader, what, failure);
}
