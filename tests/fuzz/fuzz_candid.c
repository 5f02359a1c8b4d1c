/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Candid.  An input is a message; it is read as anything, and as each argument and result of the
 * protocol.  What must hold of any:
 *  - what a decoder of the protocol takes is well formed;
 *  - what was decoded, once it is encoded, decodes to the same.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <icws/candid.h>
#include <icws/message.h>

#include "round_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MESSAGES 8 /* room for those of one answer */

static enum icws_error open_args(struct icws_bytes candid, struct icws_buf *again,
                                 struct icws_failure *failure)
{
  struct icws_open_args args;
  enum icws_error error = icws_open_args_decode(candid, &args, failure);

  if (error == ICWS_OK)
    icws_open_args_put(again, &args);
  return error;
}

static enum icws_error message_args(struct icws_bytes candid, struct icws_buf *again,
                                    struct icws_failure *failure)
{
  struct icws_websocket_message message;
  enum icws_error error = icws_message_args_decode(candid, &message, failure);

  if (error == ICWS_OK)
    icws_message_args_put(again, &message);
  return error;
}

static enum icws_error close_args(struct icws_bytes candid, struct icws_buf *again,
                                  struct icws_failure *failure)
{
  struct icws_client_key key;
  enum icws_error error = icws_close_args_decode(candid, &key, failure);

  if (error == ICWS_OK)
    icws_close_args_put(again, &key);
  return error;
}

static enum icws_error get_messages_args(struct icws_bytes candid, struct icws_buf *again,
                                         struct icws_failure *failure)
{
  uint64_t nonce;
  enum icws_error error = icws_get_messages_args_decode(candid, &nonce, failure);

  if (error == ICWS_OK)
    icws_get_messages_args_put(again, nonce);
  return error;
}

static enum icws_error get_messages_result(struct icws_bytes candid, struct icws_buf *again,
                                           struct icws_failure *failure)
{
  struct icws_output_message messages[MESSAGES];
  struct icws_get_messages_result result;
  enum icws_error error =
      icws_get_messages_result_decode(candid, messages, MESSAGES, &result, failure);

  if (error == ICWS_OK)
    icws_get_messages_result_put(again, &result);
  return error;
}

static enum icws_error result(struct icws_bytes candid, struct icws_buf *again,
                              struct icws_failure *failure)
{
  struct icws_result decoded;
  enum icws_error error = icws_result_decode(candid, &decoded, failure);

  if (error == ICWS_OK)
    icws_result_put(again, &decoded);
  return error;
}

static enum icws_error service_message(struct icws_bytes candid, struct icws_buf *again,
                                       struct icws_failure *failure)
{
  struct icws_service_message message;
  enum icws_error error = icws_service_message_decode(candid, &message, failure);

  if (error == ICWS_OK)
    icws_service_message_put(again, &message);
  return error;
}

static round_trip_fn *const decoders[] = {
    open_args,           message_args, close_args,      get_messages_args,
    get_messages_result, result,       service_message,
};

static bool well_formed(struct icws_bytes candid)
{
  struct icws_candid_reader reader;
  enum icws_error error = icws_candid_reader_init(&reader, candid);

  if (error == ICWS_OK)
    error = icws_candid_finish(&reader);
  if (error != reader.error || (error != ICWS_OK && reader.reason == NULL) ||
      reader.offset > candid.len)
    abort();
  return error == ICWS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct icws_bytes candid = icws_bytes_of(data, size);
  bool good = well_formed(candid);

  for (size_t i = 0; i < sizeof decoders / sizeof decoders[0]; i++) {
    if (round_trip(decoders[i], candid) && !good)
      abort();
  }
  return 0;
}
