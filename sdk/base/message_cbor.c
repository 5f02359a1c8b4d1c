/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/cbor.h>
#include <icws/message.h>

void icws_handshake_put(struct icws_buf *buf, const struct icws_principal *gateway)
{
  icws_cbor_put_self_describe(buf);
  icws_cbor_put_map(buf, 1);
  icws_cbor_put_key(buf, "gateway_principal");
  icws_cbor_put_bytes(buf, icws_principal_bytes(gateway));
}

void icws_client_frame_put(struct icws_buf *buf)
{
  icws_cbor_put_self_describe(buf);
  icws_cbor_put_map(buf, 1);
  icws_cbor_put_key(buf, "envelope");
}

void icws_certified_put(struct icws_buf *buf, const struct icws_certified *certified)
{
  icws_cbor_put_self_describe(buf);
  icws_cbor_put_map(buf, 4);
  icws_cbor_put_key(buf, "key");
  icws_cbor_put_text(buf, certified->key);
  icws_cbor_put_key(buf, "content");
  icws_cbor_put_bytes(buf, certified->content);
  icws_cbor_put_key(buf, "cert");
  icws_cbor_put_bytes(buf, certified->cert);
  icws_cbor_put_key(buf, "tree");
  icws_cbor_put_bytes(buf, certified->tree);
}

static void put_client_key(struct icws_buf *buf, const struct icws_client_key *key)
{
  icws_cbor_put_map(buf, 2);
  icws_cbor_put_key(buf, "client_principal");
  icws_cbor_put_bytes(buf, icws_principal_bytes(&key->principal));
  icws_cbor_put_key(buf, "client_nonce");
  icws_cbor_put_uint(buf, key->nonce);
}

void icws_websocket_message_put(struct icws_buf *buf, const struct icws_websocket_message *message)
{
  icws_cbor_put_self_describe(buf);
  icws_cbor_put_map(buf, 5);
  icws_cbor_put_key(buf, "client_key");
  put_client_key(buf, &message->client_key);
  icws_cbor_put_key(buf, "sequence_num");
  icws_cbor_put_uint(buf, message->sequence_num);
  icws_cbor_put_key(buf, "timestamp");
  icws_cbor_put_uint(buf, message->timestamp);
  icws_cbor_put_key(buf, "is_service_message");
  icws_cbor_put_bool(buf, message->is_service_message);
  icws_cbor_put_key(buf, "content");
  icws_cbor_put_bytes(buf, message->content);
}
