/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CERTIFIED_FRAMES_H
#define CERTIFIED_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/identity.h>
#include <icws/principal.h>
#include <icws/verifier.h>

/*
 * Frames that only a subnet's key can make, for a fuzzer that has none: those of
 * tests/vectors/certified_messages.json, the good and the bad ones, in the order of that file.
 */
struct certified_frame {
  struct icws_bytes bytes;
  struct icws_certified fields; /* borrowed from |bytes| */
  uint64_t arrives_ns;
  bool certified; /* by the network: checks 1 to 3 pass, but perhaps for the age */
  bool forged;    /* no session of the client may take it, whatever came before */
};

struct certified_frames {
  struct icws_bytes root_key;
  struct icws_principal canister;
  struct icws_identity *client;
  uint64_t client_nonce;
  struct icws_bytes handshake;
  struct certified_frame *frames;
  size_t count;
};

/* certified_frames_get loads them when it is first called; it ends the program if it cannot.  Never
 * freed. */
const struct certified_frames *certified_frames_get(void);

#endif
