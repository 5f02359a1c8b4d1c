/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/table_types.h"

void icws_candid_begin(struct icws_candid_writer *writer,
                       const struct icws_candid_signature *signature, struct icws_buf *out)
{
  *writer = (struct icws_candid_writer){.out = out};
  icws_buf_put(out, signature->header, signature->header_len);
}

/* Reads the header; the types of its table go to |types|. */
static enum icws_error read_types(const struct icws_candid_signature *signature,
                                  const struct icws_mem *mem, struct icws_candid_reader *reader,
                                  struct icws_candid_types *types, struct icws_failure *failure)
{
  struct icws_bytes header = icws_bytes_of(signature->header, signature->header_len);
  if (icws_candid_reader_init(reader, header) != ICWS_OK || reader->offset != header.len)
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT, "the expected types: %s",
                     reader->error != ICWS_OK ? reader->reason : "values follow them");
  enum icws_error error = icws_candid_table_types(reader, signature, mem, types);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "the expected types: %s", icws_strerror(error));
  return ICWS_OK;
}

static enum icws_error decode(struct icws_bytes message,
                              const struct icws_candid_signature *signature,
                              struct icws_candid_types *types, struct icws_arena *arena,
                              const struct icws_candid_value **values, struct icws_failure *failure)
{
  struct icws_candid_reader reader;
  struct icws_candid_args args;
  enum icws_error error = read_types(signature, arena->mem, &reader, types, failure);
  if (error == ICWS_OK)
    error = icws_candid_decode(message, types, reader.arg_types, reader.arg_count, arena, &args,
                               failure);
  if (error == ICWS_OK)
    *values = args.values;
  return error;
}

enum icws_error icws_candid_decode_as(struct icws_bytes message,
                                      const struct icws_candid_signature *signature,
                                      struct icws_arena *arena,
                                      const struct icws_candid_value **values,
                                      struct icws_failure *failure)
{
  struct icws_candid_types *types;
  enum icws_error error = icws_candid_types_new(arena->mem, &types);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "no memory for the types");
  error = decode(message, signature, types, arena, values, failure);
  icws_candid_types_del(types);
  return error;
}
