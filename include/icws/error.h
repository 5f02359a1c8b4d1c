/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_ERROR_H
#define ICWS_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include <icws/export.h>

ICWS_BEGIN_DECLS

/*
 * What went wrong.  Every function that can fail returns one of these; zero is success.  The
 * values are stable and come in families, so that a program may act on the family alone (see
 * icws_error_family) and show the sentence (see icws_strerror).
 */
enum icws_error {
  ICWS_OK = 0,

  /* Usage and resources: the caller, the configuration or the machine. */
  ICWS_ERR_INVALID_ARGUMENT = -101, /* an argument breaks the contract of the function */
  ICWS_ERR_INVALID_STATE = -102,    /* the object is not in a state that allows the call */
  ICWS_ERR_NOMEM = -103,            /* the allocator returned NULL */
  ICWS_ERR_TOO_SMALL = -104,        /* a buffer of the caller is too small */
  ICWS_ERR_LIMIT = -105,            /* a configured limit on size, depth or count was passed */
  ICWS_ERR_QUEUE_FULL = -106,       /* a bounded queue has no room; try again after output */
  ICWS_ERR_RANDOM = -107,           /* the source of randomness failed */
  ICWS_ERR_UNSUPPORTED = -108,      /* well formed, but nothing here can handle it */
  ICWS_ERR_SYSTEM = -109,           /* a system call failed; the failure text has its reason */

  /* Encodings: bytes or text that are not what they must be. */
  ICWS_ERR_HEX = -201,
  ICWS_ERR_PRINCIPAL = -202,
  ICWS_ERR_CBOR = -203,
  ICWS_ERR_CANDID = -204,
  ICWS_ERR_DER = -205,
  ICWS_ERR_PEM = -206,
  ICWS_ERR_HASHTREE = -207,
  ICWS_ERR_URL = -208,

  /* Keys, envelopes and delegations. */
  ICWS_ERR_KEY = -301,             /* not a key of the wanted kind, or its halves differ */
  ICWS_ERR_PASSPHRASE = -302,      /* no passphrase, or a wrong one */
  ICWS_ERR_KEY_PERMISSIONS = -303, /* others can read the key file */
  ICWS_ERR_SIGNATURE = -304,       /* a request's signature does not verify */
  ICWS_ERR_SENDER = -305,          /* the sender is not the key's principal */
  ICWS_ERR_EXPIRY = -306,          /* ingress_expiry lies outside the permitted window */
  ICWS_ERR_DELEGATION = -307,      /* a delegation is invalid, expired or does not cover */
  ICWS_ERR_ENVELOPE = -308,        /* an envelope lacks or holds what it must (not) */

  /* Check 1: the certificate. */
  ICWS_ERR_CERTIFICATE = -401,            /* not a certificate: malformed or ill-formed */
  ICWS_ERR_CERTIFICATE_SIGNATURE = -402,  /* the BLS signature does not verify */
  ICWS_ERR_CERTIFICATE_DELEGATION = -403, /* the subnet delegation is invalid */
  ICWS_ERR_CERTIFICATE_RANGE = -404,      /* the subnet may not speak for this canister */
  ICWS_ERR_CERTIFICATE_STALE = -405,      /* older than the maximum age */
  ICWS_ERR_CERTIFICATE_FUTURE = -406,     /* from further in the future than tolerated */
  ICWS_ERR_ROOT_KEY = -407,               /* not a DER-encoded BLS12-381 public key */

  /* Checks 2 to 7: a certified message. */
  ICWS_ERR_CERTIFIED_DATA = -502, /* check 2: tree and certified_data do not belong together */
  ICWS_ERR_CONTENT = -503,        /* check 3: the tree does not hold this content */
  ICWS_ERR_CLIENT_KEY = -504,     /* check 4: addressed to another client */
  ICWS_ERR_MESSAGE_KEY = -505,    /* check 5: foreign gateway, or nonce not increasing */
  ICWS_ERR_SEQUENCE = -506,       /* check 6: replay, gap or reordering */
  ICWS_ERR_TIMESTAMP = -507,      /* check 7: later than the certificate's time */

  /* The session. */
  ICWS_ERR_FRAME = -601,           /* a text frame, or a frame that is not the protocol's */
  ICWS_ERR_HANDSHAKE = -602,       /* the gateway's handshake is malformed */
  ICWS_ERR_SERVICE_MESSAGE = -603, /* a service message breaks the protocol's rules */
  ICWS_ERR_ACK = -604,             /* the canister acknowledged what was never sent */
  ICWS_ERR_ACK_TIMEOUT = -605,     /* a sent message was not acknowledged in time */
  ICWS_ERR_HANDSHAKE_TIMEOUT = -606,
  ICWS_ERR_OPEN_TIMEOUT = -607,        /* the canister's OpenMessage did not come in time */
  ICWS_ERR_CLOSED_BY_CANISTER = -608,  /* CloseMessage: the application closed */
  ICWS_ERR_CANISTER_SEQUENCE = -609,   /* CloseMessage: wrong sequence number */
  ICWS_ERR_CANISTER_SERVICE = -610,    /* CloseMessage: invalid service message */
  ICWS_ERR_CANISTER_KEEP_ALIVE = -611, /* CloseMessage: keep-alive timeout */
  ICWS_ERR_CLOSED = -612,              /* the session is over; nothing more can be sent */

  /* The transport. */
  ICWS_ERR_RESOLVE = -701,
  ICWS_ERR_RESOLVE_TIMEOUT = -702,
  ICWS_ERR_CONNECT = -703,
  ICWS_ERR_CONNECT_TIMEOUT = -704,
  ICWS_ERR_TLS = -705,
  ICWS_ERR_TLS_TIMEOUT = -706,
  ICWS_ERR_UPGRADE = -707,
  ICWS_ERR_UPGRADE_TIMEOUT = -708,
  ICWS_ERR_DISCONNECTED = -709, /* the gateway closed, or the connection broke */
  ICWS_ERR_HTTP = -710,         /* an HTTP request failed, or was not answered as it should be */
  ICWS_ERR_HTTP_TIMEOUT = -711,

  /* Requests to the network's HTTP API. */
  ICWS_ERR_QUERY_SIGNATURE = -801, /* the answer is not signed by nodes of the canister's subnet */
  ICWS_ERR_ABSENT = -802,          /* the certified state proves that there is no such value */
  ICWS_ERR_CALL_UNKNOWN = -803,    /* the call has expired; it may have been processed or not */
  ICWS_ERR_CALL_FORGOTTEN = -804,  /* processed, but the network keeps the outcome no longer */
  ICWS_ERR_REFUSED = -805,         /* the network refused the request by its HTTP status */
};

/* The hundreds of enum icws_error. */
enum icws_error_family {
  ICWS_FAMILY_NONE = 0,
  ICWS_FAMILY_USAGE = 1,
  ICWS_FAMILY_ENCODING = 2,
  ICWS_FAMILY_KEY = 3,
  ICWS_FAMILY_CERTIFICATE = 4, /* check 1 failed, or the root key is none */
  ICWS_FAMILY_MESSAGE = 5,     /* one of checks 2 to 7 failed */
  ICWS_FAMILY_SESSION = 6,
  ICWS_FAMILY_TRANSPORT = 7,
  ICWS_FAMILY_REQUEST = 8,
};

/*
 * icws_strerror returns one English sentence without a full stop that says what the error means.
 * icws_error_name returns the name of the constant, as in "ICWS_ERR_CBOR".  Both return static
 * strings and never NULL: an unknown value gives "unknown error" and "ICWS_ERR_UNKNOWN".
 */
ICWS_EXPORT const char *icws_strerror(enum icws_error error);
ICWS_EXPORT const char *icws_error_name(enum icws_error error);

/* icws_error_family returns the family that |error| belongs to; ICWS_FAMILY_NONE for ICWS_OK and
 * for unknown values. */
ICWS_EXPORT enum icws_error_family icws_error_family(enum icws_error error);

/*
 * icws_error_check returns the number, 1 to 7, of the check on a canister's message that the error
 * belongs to, and 0 if it belongs to none.  The checks are those of the IC WebSocket protocol:
 * 1 certificate, 2 tree, 3 content, 4 client key, 5 message key, 6 sequence number, 7 timestamp.
 */
ICWS_EXPORT int icws_error_check(enum icws_error error);

#define ICWS_FAILURE_TEXT_BYTES 256

/*
 * An error with its circumstances.  Functions that take a `struct icws_failure *` accept NULL; they
 * write it only when they fail.  |text| is a NUL-terminated sentence that says where and, if it is
 * known, what to do; it is ASCII, bounded, and holds no control characters, so that it can be
 * printed as it is.
 */
struct icws_failure {
  enum icws_error code;
  char text[ICWS_FAILURE_TEXT_BYTES];
};

/*
 * icws_fail fills |failure|, if it is not NULL, with |code| and the text that |format| and its
 * arguments make (the conversions of printf; longer text is cut, characters of UTF-8 beyond ASCII
 * are escaped, as in \u{e9}, control characters and stray bytes are replaced by '?'), and returns
 * |code|.  The arguments may point into |failure|, which wraps a failure in another.  For programs
 * that extend the library with transports or signers.
 */
ICWS_EXPORT enum icws_error icws_fail(struct icws_failure *failure, enum icws_error code,
                                      const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

ICWS_END_DECLS

#endif
