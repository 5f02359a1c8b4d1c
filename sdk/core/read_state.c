/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/envelope.h>

#include <assert.h>

#include <icws/cbor.h>

#include "request_id.h"

static const char request_type[] = "read_state";

void icws_read_state_request_id(const struct icws_read_state *read_state,
                                uint8_t out[ICWS_REQUEST_ID_BYTES])
{
  struct icws_map_hash map;
  uint8_t paths[ICWS_SHA256_BYTES];
  enum icws_error error = icws_hash_item(read_state->paths, paths);
  assert(error == ICWS_OK);
  icws_map_hash_init(&map);
  icws_map_hash_put_blob(&map, "request_type", icws_bytes_text(request_type));
  icws_map_hash_put_blob(&map, "sender", icws_principal_bytes(&read_state->sender));
  icws_map_hash_put_nat(&map, "ingress_expiry", read_state->ingress_expiry);
  (void)icws_map_hash_put(&map, icws_bytes_text("paths"), paths);
  icws_map_hash_finish(&map, out);
}

static void put_content(struct icws_buf *buf, const struct icws_read_state *read_state)
{
  icws_cbor_put_map(buf, 4);
  icws_cbor_put_key(buf, "request_type");
  icws_cbor_put_text(buf, icws_bytes_text(request_type));
  icws_cbor_put_key(buf, "sender");
  icws_cbor_put_bytes(buf, icws_principal_bytes(&read_state->sender));
  icws_cbor_put_key(buf, "ingress_expiry");
  icws_cbor_put_uint(buf, read_state->ingress_expiry);
  icws_cbor_put_key(buf, "paths");
  icws_buf_put(buf, read_state->paths.data, read_state->paths.len);
}

void icws_read_state_envelope_put(struct icws_buf *buf, const struct icws_read_state *read_state,
                                  struct icws_bytes public_key, struct icws_bytes signature)
{
  icws_cbor_put_map(buf, public_key.len > 0 ? 3 : 1);
  icws_cbor_put_key(buf, "content");
  put_content(buf, read_state);
  if (public_key.len == 0)
    return;
  icws_cbor_put_key(buf, "sender_pubkey");
  icws_cbor_put_bytes(buf, public_key);
  icws_cbor_put_key(buf, "sender_sig");
  icws_cbor_put_bytes(buf, signature);
}
