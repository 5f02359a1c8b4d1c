/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_RESPONSE_H
#define ICWS_RESPONSE_H

#include <stdbool.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/envelope.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/node_keys.h>
#include <icws/reject.h>

ICWS_BEGIN_DECLS

/*
 * The bodies of answers with HTTP status 200 to requests at the network's HTTP API (IC interface
 * specification, "HTTPS Interface").  All functions read CBOR as strictly as icws/cbor.h does; what
 * they give is borrowed from |encoding| and not proven yet.  They return ICWS_OK, ICWS_ERR_CBOR or
 * ICWS_ERR_LIMIT.
 */

enum icws_call_response_type {
  ICWS_CALL_RESPONSE_CERTIFICATE, /* "replied": see what the certificate says of the request */
  ICWS_CALL_RESPONSE_REJECTED,    /* refused before it was replicated; nothing proves it */
};

struct icws_call_response {
  enum icws_call_response_type type;
  struct icws_bytes certificate;
  struct icws_reject reject;
};

/* icws_call_response_decode reads the answer to a call at the endpoints v3 and v4, or that of
 * v2, which has no status: a refusal. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_call_response_decode(struct icws_bytes encoding, struct icws_call_response *response,
                          struct icws_failure *failure);

/* icws_read_state_response_decode reads the answer to a read_state: |*certificate|. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_read_state_response_decode(struct icws_bytes encoding, struct icws_bytes *certificate,
                                struct icws_failure *failure);

struct icws_query_response {
  bool replied;
  struct icws_bytes reply;      /* |replied| */
  struct icws_reject reject;    /* otherwise */
  struct icws_bytes signatures; /* the encoded array; empty if there is none */
};

ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_query_response_decode(struct icws_bytes encoding, struct icws_query_response *response,
                           struct icws_failure *failure);

#define ICWS_QUERY_RESPONSE_TO_SIGN_BYTES 44 /* "\x0bic-response" and a hash */

/* icws_query_response_to_sign lays out what a node signs for its answer to the query |request_id|
 * at its time |timestamp_ns|. */
ICWS_EXPORT void icws_query_response_to_sign(const struct icws_query_response *response,
                                             const uint8_t request_id[ICWS_REQUEST_ID_BYTES],
                                             uint64_t timestamp_ns,
                                             uint8_t out[ICWS_QUERY_RESPONSE_TO_SIGN_BYTES]);

/*
 * icws_query_response_verify checks that there are signatures, not more than |keys|, and that each
 * is the one of its node over this answer to |request_id|.  |*time_ns| is then the oldest of their
 * times, which the caller judges.  Returns ICWS_OK, ICWS_ERR_CBOR (|signatures| is malformed),
 * ICWS_ERR_ABSENT (a node is not among |keys|, which may be out of date) or
 * ICWS_ERR_QUERY_SIGNATURE.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_query_response_verify(
    const struct icws_query_response *response, const uint8_t request_id[ICWS_REQUEST_ID_BYTES],
    const struct icws_node_keys *keys, uint64_t *time_ns, struct icws_failure *failure);

ICWS_END_DECLS

#endif
