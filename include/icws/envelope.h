/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_ENVELOPE_H
#define ICWS_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/digest.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/identity.h>
#include <icws/principal.h>

ICWS_BEGIN_DECLS

/*
 * Envelopes: signed requests to the Internet Computer (IC interface specification, "Request: Call"
 * and "Authentication").
 */

#define ICWS_REQUEST_ID_BYTES 32
#define ICWS_NONCE_MAX_BYTES 32
#define ICWS_REQUEST_TO_SIGN_BYTES 43 /* "\x0aic-request" and a request id */
#define ICWS_ENVELOPE_MAX_DELEGATIONS 20
#define ICWS_DELEGATION_MAX_TARGETS 1000
#define ICWS_ENVELOPE_MAX_BYTES (2 * 1024 * 1024) /* what a subnet takes as ingress */

/* Of a read_state request: paths, and labels in each; and how deep the values of any content nest. */
#define ICWS_READ_STATE_MAX_PATHS 1000
#define ICWS_PATH_MAX_LABELS 127
#define ICWS_CONTENT_MAX_DEPTH 16

/* How far an ingress_expiry may lie ahead of a replica's clock: 5 minutes and 30 seconds of drift.
 */
#define ICWS_INGRESS_EXPIRY_MAX_NS UINT64_C(330000000000)

enum icws_request_type {
  ICWS_REQUEST_CALL,
  ICWS_REQUEST_QUERY,
  ICWS_REQUEST_READ_STATE,
};

/* A call or a query, the way it is signed.  All runs of bytes are borrowed. */
struct icws_call {
  enum icws_request_type type; /* ICWS_REQUEST_CALL or ICWS_REQUEST_QUERY; zero is a call */
  struct icws_principal canister;
  struct icws_principal sender;
  struct icws_bytes method; /* UTF-8 */
  struct icws_bytes arg;
  struct icws_bytes nonce; /* 0 to 32 bytes; none if empty */
  uint64_t ingress_expiry; /* ns since 1970 */
};

/* icws_call_request_id computes the representation-independent hash of the call's content. */
ICWS_EXPORT void icws_call_request_id(const struct icws_call *call,
                                      uint8_t out[ICWS_REQUEST_ID_BYTES]);

/* icws_request_to_sign lays out what is signed for a request id. */
ICWS_EXPORT void icws_request_to_sign(const uint8_t request_id[ICWS_REQUEST_ID_BYTES],
                                      uint8_t out[ICWS_REQUEST_TO_SIGN_BYTES]);

/* icws_envelope_put appends the envelope of |call|, a CBOR map without the self-describe tag, since
 * it may stand within another map.  For the anonymous sender |public_key| is empty: then neither
 * key nor signature is written. */
ICWS_EXPORT void icws_envelope_put(struct icws_buf *buf, const struct icws_call *call,
                                   struct icws_bytes public_key, struct icws_bytes signature);

/* A read_state request, the way it is signed.  All runs of bytes are borrowed. */
struct icws_read_state {
  struct icws_principal sender;
  struct icws_bytes paths; /* CBOR: the array of paths, each an array of labels as byte strings */
  uint64_t ingress_expiry; /* ns since 1970 */
};

/* icws_read_state_request_id and icws_read_state_envelope_put are for a read_state what
 * icws_call_request_id and icws_envelope_put are for a call. */
ICWS_EXPORT void icws_read_state_request_id(const struct icws_read_state *read_state,
                                            uint8_t out[ICWS_REQUEST_ID_BYTES]);
ICWS_EXPORT void icws_read_state_envelope_put(struct icws_buf *buf,
                                              const struct icws_read_state *read_state,
                                              struct icws_bytes public_key,
                                              struct icws_bytes signature);

/*
 * icws_content_request_id computes the representation-independent hash of any CBOR map of text keys
 * with unsigned integers, byte strings, text, arrays and maps as values; unknown fields count.
 * Returns ICWS_OK, ICWS_ERR_CBOR or ICWS_ERR_LIMIT (nesting, number of keys).
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_content_request_id(struct icws_bytes content, uint8_t out[ICWS_REQUEST_ID_BYTES],
                        struct icws_failure *failure);

/* A decoded envelope; everything is borrowed from its encoding. */
struct icws_envelope {
  enum icws_request_type type;
  struct icws_principal sender;
  uint64_t ingress_expiry;
  struct icws_bytes nonce;        /* empty if absent */
  struct icws_principal canister; /* call and query */
  struct icws_bytes method;       /* call and query */
  struct icws_bytes arg;          /* call and query */
  struct icws_bytes paths;        /* read_state: the encoded array */
  struct icws_bytes content;      /* the encoded map */
  bool has_public_key;
  bool has_signature;
  bool has_sender_info;         /* which only canister signatures go with */
  struct icws_bytes public_key; /* DER */
  struct icws_bytes signature;
  struct icws_bytes delegations; /* the encoded array; empty if absent */
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
};

/*
 * icws_envelope_decode reads an envelope, with or without the self-describe tag, and computes its
 * request id.  It checks form only.  Returns ICWS_OK, ICWS_ERR_CBOR (malformed, or a field of the
 * wrong kind), ICWS_ERR_ENVELOPE (a field is missing or too long, or an unknown request_type) or
 * ICWS_ERR_LIMIT.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_envelope_decode(struct icws_bytes encoding,
                                                                struct icws_envelope *envelope,
                                                                struct icws_failure *failure);

/*
 * How ECDSA signatures are verified, which the core cannot do itself: |key| is the DER-encoded key,
 * |signature| 64 bytes of r and s; the message is to be hashed with SHA-256.  Returns ICWS_OK,
 * ICWS_ERR_KEY, ICWS_ERR_SIGNATURE or ICWS_ERR_UNSUPPORTED.  icws_keys_verify_ecdsa is one.
 */
typedef enum icws_error icws_ecdsa_verify_fn(struct icws_bytes key, struct icws_bytes message,
                                             struct icws_bytes signature);

/*
 * icws_envelope_verify makes the checks that a replica makes on ingress, at the time |now_ns|:
 *  - ingress_expiry lies between now and ICWS_INGRESS_EXPIRY_MAX_NS ahead, except for anonymous
 *    queries and read_state;
 *  - the sender is the principal of |public_key|, or anonymous without key, signature,
 *    delegation and sender_info;
 *  - the chain of delegations: expirations, at most 20, no key twice, at most 1000 targets each,
 *    targets that cover the canister, no "queries" as permissions of a call, signatures.  Which
 *    canister a read_state is about, and whether the targets cover it, is left to the caller;
 *  - the signature over the request id by the last key, Ed25519 here, any other kind by |ecdsa|
 *    (NULL: ICWS_ERR_UNSUPPORTED).
 * The first check that fails decides.  Returns ICWS_OK, or ICWS_ERR_EXPIRY, ICWS_ERR_SENDER,
 * ICWS_ERR_ENVELOPE, ICWS_ERR_DELEGATION, ICWS_ERR_KEY, ICWS_ERR_SIGNATURE, ICWS_ERR_UNSUPPORTED (a
 * canister signature, WebAuthn, or sender_info), ICWS_ERR_CBOR, ICWS_ERR_LIMIT.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_envelope_verify(const struct icws_envelope *envelope, uint64_t now_ns,
                     icws_ecdsa_verify_fn *ecdsa, struct icws_failure *failure);

ICWS_END_DECLS

#endif
