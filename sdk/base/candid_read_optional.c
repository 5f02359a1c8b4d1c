/* SPDX-License-Identifier: Apache-2.0 */
#include "candid_table.h"

/*
 * A value that was refused is either malformed or of another type.  Which, passing over it tells: it
 * checks the form of all that it passes.  The bytes are counted, lest values in many opts within each
 * other be passed over once for each opt.
 */
static enum icws_error pass_over(struct icws_candid_reader *reader, size_t offset, int type)
{
  reader->error = ICWS_OK;
  reader->reason = NULL;
  reader->field = NULL;
  reader->offset = offset;
  if (icws_candid_skip(reader, type) == ICWS_OK)
    (void)icws_candid_step(reader, reader->offset - offset);
  return reader->error;
}

enum icws_error icws_candid_read_optional(struct icws_candid_reader *reader, int type,
                                          icws_candid_read_fn *read, void *out, bool *present)
{
  if (reader->error != ICWS_OK)
    return reader->error;
  int constructor = icws_candid_constructor_of(reader, type);
  bool may_be_null = constructor == ICWS_CANDID_OPT || constructor == ICWS_CANDID_NULL ||
                     constructor == ICWS_CANDID_RESERVED;
  bool some = true;
  if (may_be_null && icws_candid_read_opt(reader, type, &some, &type) != ICWS_OK)
    return reader->error;
  size_t offset = reader->offset;
  if (some && read(reader, type, out) == ICWS_ERR_CANDID) {
    some = false;
    (void)pass_over(reader, offset, type);
  }
  if (reader->error == ICWS_OK)
    *present = some;
  return reader->error;
}
