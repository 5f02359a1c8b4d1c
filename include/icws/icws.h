/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_H
#define ICWS_H

/*
 * libicws: IC WebSocket for C.
 *
 *   icws/error.h      errors, their sentences, failures
 *   icws/mem.h        allocators              icws/bytes.h     runs of bytes, buffers, hex
 *   icws/arena.h      memory for trees        icws/utf8.h      characters of text
 *   icws/random.h     randomness              icws/digest.h    SHA-256, SHA-224
 *   icws/principal.h  principals              icws/cbor.h      CBOR, strictly
 *   icws/identity.h   keys and signers        icws/hashtree.h  hash trees
 *   icws/verifier.h   certificates            icws/envelope.h  signed requests
 *   icws/session.h    a client, without IO    icws/message.h   the protocol's messages
 *   icws/reject.h     reject codes            icws/response.h  answers of the HTTP API
 *   icws/request_status.h  what became of a call
 *   icws/node_keys.h  who signs answers to queries
 * Candid:
 *   icws/candid.h            messages, without a tree
 *   icws/candid_types.h      types, subtyping
 *   icws/candid_value.h      messages as trees of values
 *   icws/candid_text.h       values and types as text
 *   icws/candid_interface.h  .did files
 * and in libicws-net, included by name:
 *   icws/agent.h        requests to the Internet Computer's HTTP API
 *   icws/client.h       a client on libuv and libwebsockets
 *   icws/keys.h         key files, encrypted keys, ECDSA
 *   icws/candid_json.h  Candid values as JSON
 *
 * CONVENTIONS
 *
 * MUST.  What a contract says must hold is the caller's duty; breaking it is undefined, though
 * assertions, which are kept in release builds, catch what is cheap to catch.  Whatever a peer, a
 * file or a person can cause is a returned error instead.
 *
 * Pointers.  Arguments must not be NULL unless the text says so.  A run of bytes of length 0 may
 * have a NULL pointer.
 *
 * Ownership.  "Borrowed" bytes stay the owner's; the text says until when they must live.
 * "Copied" ones may go away when the call returns.  What a _new function stores is the caller's to
 * give to the matching _del; what an _init function sets up is wiped by the matching _wipe, where
 * there is one.
 *
 * Errors.  enum icws_error, zero for success.  Outputs are written on success only, unless the text
 * says otherwise.  Objects with a life keep their first error.
 *
 * Time is an argument, in nanoseconds as uint64_t; names end in _ns or _ms.
 *
 * Threads.  No hidden globals but the locked pages that secrets live in, which any thread may
 * share. Pure functions may be called from any thread; each object says what it allows.
 *
 * Before the first use nothing needs to be initialised.
 */

#include <icws/arena.h>
#include <icws/bytes.h>
#include <icws/candid.h>
#include <icws/candid_interface.h>
#include <icws/candid_text.h>
#include <icws/candid_types.h>
#include <icws/candid_value.h>
#include <icws/cbor.h>
#include <icws/digest.h>
#include <icws/envelope.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/hashtree.h>
#include <icws/identity.h>
#include <icws/mem.h>
#include <icws/message.h>
#include <icws/node_keys.h>
#include <icws/principal.h>
#include <icws/random.h>
#include <icws/reject.h>
#include <icws/request_status.h>
#include <icws/response.h>
#include <icws/session.h>
#include <icws/utf8.h>
#include <icws/verifier.h>
#include <icws/version.h>

#endif
