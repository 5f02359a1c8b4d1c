/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_MESSAGE_H
#define ICWS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/principal.h>
#include <icws/verifier.h>

ICWS_BEGIN_DECLS

/*
 * The messages of the IC WebSocket protocol, both ways: CBOR between client and gateway, Candid
 * between gateway and canister and inside service messages.
 *
 * The put functions append to a buffer, whose failure sticks.  The decode functions borrow from
 * their input, check that all of it is used, and return ICWS_OK, ICWS_ERR_CBOR or ICWS_ERR_CANDID
 * by the encoding they read, or ICWS_ERR_LIMIT; |failure| then says where.  Outputs are not written
 * on failure unless noted.
 */

/* Who a client is to a canister. */
struct icws_client_key {
  struct icws_principal principal;
  uint64_t nonce;
};

ICWS_EXPORT bool icws_client_key_equal(const struct icws_client_key *a,
                                       const struct icws_client_key *b);

/* A message either way, once inside its signed or certified wrapping. */
struct icws_websocket_message {
  struct icws_client_key client_key;
  uint64_t sequence_num;
  uint64_t timestamp; /* ns since 1970 */
  bool is_service_message;
  struct icws_bytes content;
};

/* --- CBOR: client and gateway ----------------------------------------------------------------- */

/* Gateway to client, first: { gateway_principal }. */
ICWS_EXPORT void icws_handshake_put(struct icws_buf *buf, const struct icws_principal *gateway);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_handshake_decode(struct icws_bytes frame,
                                                                 struct icws_principal *gateway,
                                                                 struct icws_failure *failure);

/* Client to gateway: { envelope }.  icws_client_frame_put appends what comes before the envelope:
 * the caller then appends the envelope itself (icws_envelope_put).  Decoding borrows the encoded
 * envelope unchanged, for icws_envelope_decode and for relaying. */
ICWS_EXPORT void icws_client_frame_put(struct icws_buf *buf);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_client_frame_decode(struct icws_bytes frame,
                                                                    struct icws_bytes *envelope,
                                                                    struct icws_failure *failure);

/* Gateway to client, afterwards: { key, content, cert, tree }. */
ICWS_EXPORT void icws_certified_put(struct icws_buf *buf, const struct icws_certified *certified);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_certified_decode(struct icws_bytes frame,
                                                                 struct icws_certified *certified,
                                                                 struct icws_failure *failure);

/* The content that a canister certifies. */
ICWS_EXPORT void icws_websocket_message_put(struct icws_buf *buf,
                                            const struct icws_websocket_message *message);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_websocket_message_decode(struct icws_bytes content, struct icws_websocket_message *message,
                              struct icws_failure *failure);

/* --- Keys of certified messages --------------------------------------------------------------- */

/* "<gateway principal>_<nonce as 20 decimal digits>" and a NUL. */
#define ICWS_MESSAGE_KEY_BYTES (63 + 1 + 20 + 1)

/* icws_message_key_format writes a key and a NUL and returns its length.  icws_message_key_parse
 * takes only what the former makes; anything else is ICWS_ERR_MESSAGE_KEY. */
ICWS_EXPORT size_t icws_message_key_format(const struct icws_principal *gateway, uint64_t nonce,
                                           char out[ICWS_MESSAGE_KEY_BYTES]);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_message_key_parse(struct icws_bytes key, struct icws_principal *gateway, uint64_t *nonce);

/* --- Candid: service messages ----------------------------------------------------------------- */

enum icws_service_type {
  ICWS_SERVICE_OPEN,
  ICWS_SERVICE_ACK,
  ICWS_SERVICE_KEEP_ALIVE,
  ICWS_SERVICE_CLOSE,
};

enum icws_close_reason {
  ICWS_CLOSE_WRONG_SEQUENCE_NUMBER,
  ICWS_CLOSE_INVALID_SERVICE_MESSAGE,
  ICWS_CLOSE_KEEP_ALIVE_TIMEOUT,
  ICWS_CLOSE_BY_APPLICATION,
};

struct icws_service_message {
  enum icws_service_type type;
  struct icws_client_key client_key;   /* OPEN */
  uint64_t last_incoming_sequence_num; /* ACK, KEEP_ALIVE */
  enum icws_close_reason reason;       /* CLOSE */
};

ICWS_EXPORT void icws_service_message_put(struct icws_buf *buf,
                                          const struct icws_service_message *message);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_service_message_decode(struct icws_bytes candid, struct icws_service_message *message,
                            struct icws_failure *failure);

/* --- Candid: the canister's methods ----------------------------------------------------------- */

struct icws_open_args {
  uint64_t client_nonce;
  struct icws_principal gateway;
};

ICWS_EXPORT void icws_open_args_put(struct icws_buf *buf, const struct icws_open_args *args);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_open_args_decode(struct icws_bytes candid,
                                                                 struct icws_open_args *args,
                                                                 struct icws_failure *failure);

/* ws_message: the message, and a second argument that is always null and never looked at. */
ICWS_EXPORT void icws_message_args_put(struct icws_buf *buf,
                                       const struct icws_websocket_message *message);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_message_args_decode(struct icws_bytes candid, struct icws_websocket_message *message,
                         struct icws_failure *failure);

ICWS_EXPORT void icws_close_args_put(struct icws_buf *buf, const struct icws_client_key *key);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_close_args_decode(struct icws_bytes candid,
                                                                  struct icws_client_key *key,
                                                                  struct icws_failure *failure);

ICWS_EXPORT void icws_get_messages_args_put(struct icws_buf *buf, uint64_t nonce);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_get_messages_args_decode(struct icws_bytes candid, uint64_t *nonce,
                              struct icws_failure *failure);

/* What update methods return: variant { Ok; Err : text }.  |ok| false: |text| holds the error. */
struct icws_result {
  bool ok;
  struct icws_bytes text;
};

ICWS_EXPORT void icws_result_put(struct icws_buf *buf, const struct icws_result *result);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_result_decode(struct icws_bytes candid,
                                                              struct icws_result *result,
                                                              struct icws_failure *failure);

/* What ws_get_messages returns. */
struct icws_output_message {
  struct icws_client_key client_key;
  struct icws_bytes key;
  struct icws_bytes content;
};

struct icws_get_messages_result {
  bool ok;
  struct icws_bytes text; /* not ok: the error */
  struct icws_output_message *messages;
  size_t message_count;
  struct icws_bytes cert;
  struct icws_bytes tree;
  bool is_end_of_queue; /* true where an older canister leaves it out */
};

/* icws_get_messages_result_decode stores up to |capacity| messages in the caller's |messages|, also
 * when it fails later; more is ICWS_ERR_LIMIT. */
ICWS_EXPORT void icws_get_messages_result_put(struct icws_buf *buf,
                                              const struct icws_get_messages_result *result);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_get_messages_result_decode(struct icws_bytes candid, struct icws_output_message *messages,
                                size_t capacity, struct icws_get_messages_result *result,
                                struct icws_failure *failure);

ICWS_END_DECLS

#endif
