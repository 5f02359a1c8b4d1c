/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What client and gateway send each other in CBOR.  An input is a frame, the content of a message, or
 * a message's key; it is read as each.  What must hold of any:
 *  - what was decoded, once it is encoded, decodes to the same;
 *  - a key that parses is the one that is made from what was parsed.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <icws/message.h>

#include "round_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum icws_error handshake(struct icws_bytes frame, struct icws_buf *again,
                                 struct icws_failure *failure)
{
  struct icws_principal gateway;
  enum icws_error error = icws_handshake_decode(frame, &gateway, failure);

  if (error == ICWS_OK)
    icws_handshake_put(again, &gateway);
  return error;
}

static enum icws_error client_frame(struct icws_bytes frame, struct icws_buf *again,
                                    struct icws_failure *failure)
{
  struct icws_bytes envelope;
  enum icws_error error = icws_client_frame_decode(frame, &envelope, failure);

  if (error == ICWS_OK) {
    icws_client_frame_put(again);
    icws_buf_put(again, envelope.data, envelope.len);
  }
  return error;
}

static enum icws_error certified(struct icws_bytes frame, struct icws_buf *again,
                                 struct icws_failure *failure)
{
  struct icws_certified fields;
  enum icws_error error = icws_certified_decode(frame, &fields, failure);

  if (error == ICWS_OK)
    icws_certified_put(again, &fields);
  return error;
}

static enum icws_error websocket_message(struct icws_bytes content, struct icws_buf *again,
                                         struct icws_failure *failure)
{
  struct icws_websocket_message message;
  enum icws_error error = icws_websocket_message_decode(content, &message, failure);

  if (error == ICWS_OK)
    icws_websocket_message_put(again, &message);
  return error;
}

static enum icws_error message_key(struct icws_bytes key, struct icws_buf *again,
                                   struct icws_failure *failure)
{
  struct icws_principal gateway;
  uint64_t nonce;
  char formatted[ICWS_MESSAGE_KEY_BYTES];
  struct icws_bytes made;

  if (icws_message_key_parse(key, &gateway, &nonce) != ICWS_OK)
    return icws_fail(failure, ICWS_ERR_MESSAGE_KEY, "no key");
  made = icws_bytes_of(formatted, icws_message_key_format(&gateway, nonce, formatted));
  if (!icws_bytes_equal(made, key))
    abort();
  icws_buf_put(again, made.data, made.len);
  return ICWS_OK;
}

static round_trip_fn *const decoders[] = {
    handshake, client_frame, certified, websocket_message, message_key,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  for (size_t i = 0; i < sizeof decoders / sizeof decoders[0]; i++)
    (void)round_trip(decoders[i], icws_bytes_of(data, size));
  return 0;
}
