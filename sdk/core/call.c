/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/envelope.h>

#include <assert.h>
#include <string.h>

#include <icws/cbor.h>

#include "request_id.h"

static const char separator[] = "\x0aic-request";

_Static_assert(sizeof separator - 1 + ICWS_REQUEST_ID_BYTES == ICWS_REQUEST_TO_SIGN_BYTES,
               "a separator and a request id are signed");

static struct icws_bytes request_type(const struct icws_call *call)
{
  assert(call->type == ICWS_REQUEST_CALL || call->type == ICWS_REQUEST_QUERY);
  return icws_bytes_text(call->type == ICWS_REQUEST_CALL ? "call" : "query");
}

void icws_call_request_id(const struct icws_call *call, uint8_t out[ICWS_REQUEST_ID_BYTES])
{
  struct icws_map_hash map;
  icws_map_hash_init(&map);
  icws_map_hash_put_blob(&map, "request_type", request_type(call));
  icws_map_hash_put_blob(&map, "canister_id", icws_principal_bytes(&call->canister));
  icws_map_hash_put_blob(&map, "method_name", call->method);
  icws_map_hash_put_blob(&map, "arg", call->arg);
  icws_map_hash_put_blob(&map, "sender", icws_principal_bytes(&call->sender));
  icws_map_hash_put_nat(&map, "ingress_expiry", call->ingress_expiry);
  if (call->nonce.len > 0)
    icws_map_hash_put_blob(&map, "nonce", call->nonce);
  icws_map_hash_finish(&map, out);
}

void icws_request_to_sign(const uint8_t request_id[ICWS_REQUEST_ID_BYTES],
                          uint8_t out[ICWS_REQUEST_TO_SIGN_BYTES])
{
  memcpy(out, separator, sizeof separator - 1);
  memcpy(out + sizeof separator - 1, request_id, ICWS_REQUEST_ID_BYTES);
}

static void put_bytes(struct icws_buf *buf, const char *key, struct icws_bytes bytes)
{
  icws_cbor_put_key(buf, key);
  icws_cbor_put_bytes(buf, bytes);
}

static void put_text(struct icws_buf *buf, const char *key, struct icws_bytes utf8)
{
  icws_cbor_put_key(buf, key);
  icws_cbor_put_text(buf, utf8);
}

static void put_content(struct icws_buf *buf, const struct icws_call *call)
{
  icws_cbor_put_map(buf, call->nonce.len > 0 ? 7 : 6);
  put_text(buf, "request_type", request_type(call));
  put_bytes(buf, "canister_id", icws_principal_bytes(&call->canister));
  put_text(buf, "method_name", call->method);
  put_bytes(buf, "arg", call->arg);
  put_bytes(buf, "sender", icws_principal_bytes(&call->sender));
  icws_cbor_put_key(buf, "ingress_expiry");
  icws_cbor_put_uint(buf, call->ingress_expiry);
  if (call->nonce.len > 0)
    put_bytes(buf, "nonce", call->nonce);
}

void icws_envelope_put(struct icws_buf *buf, const struct icws_call *call,
                       struct icws_bytes public_key, struct icws_bytes signature)
{
  icws_cbor_put_map(buf, public_key.len > 0 ? 3 : 1);
  icws_cbor_put_key(buf, "content");
  put_content(buf, call);
  if (public_key.len > 0) {
    put_bytes(buf, "sender_pubkey", public_key);
    put_bytes(buf, "sender_sig", signature);
  }
}
