/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/cursor.h"

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
    (void)icws_candid_skip_refused(reader, offset, type, 0);
  }
  if (reader->error == ICWS_OK)
    *present = some;
  return reader->error;
}
