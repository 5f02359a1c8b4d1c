/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_NETWORK_H
#define ICWS_GATEWAY_NETWORK_H

#include <stdint.h>

#include <icws/bytes.h>
#include <icws/principal.h>
#include <icws/reject.h>

/*
 * How a gateway reaches the canisters: a replica in the same process, or the HTTP API of a real
 * network.  Asynchronous, since that is where the order of messages is won or lost: nothing here
 * waits, and several requests are under way at once.
 *
 * Everything happens in one thread, the one of the loop that gateway and network share.
 */

/* How a request ended. */
enum icws_network_outcome {
  /* The canister processed the request and replied. */
  ICWS_NETWORK_REPLIED,
  /* The network rejected the request, or the canister did: it was processed without success (what
   * it did is undone), or it was refused and will never be processed. */
  ICWS_NETWORK_REJECTED,
  /* Of a call: the network has taken it, and has no way to tell what becomes of it. */
  ICWS_NETWORK_TAKEN,
  /* Nobody can tell.  For a query: no usable answer came.  For a call: it may have been processed
   * or not, and a network reports that only once the envelope has expired, so that it cannot be
   * processed any more either; until then it tries on with the same bytes. */
  ICWS_NETWORK_UNKNOWN,
};

/* What comes back.  All runs of bytes are borrowed for the time of the callback. */
struct icws_network_answer {
  enum icws_network_outcome outcome;
  struct icws_bytes reply;           /* REPLIED: what the canister returned, Candid as a rule */
  enum icws_reject_code reject_code; /* REJECTED */
  struct icws_bytes error_code;      /* REJECTED: as in "IC0508"; empty if there is none */
  struct icws_bytes text;            /* REJECTED and UNKNOWN: why; UTF-8 from whoever said it, so
                                        escape it before it is shown */
};

/*
 * A request, in memory of whoever makes it: it must stay where it is, and the envelope's bytes with
 * it, from its submission until its answer or its cancellation.  Zero the members that are not set.
 */
struct icws_network_request {
  struct icws_principal canister; /* as the envelope names it */
  struct icws_bytes envelope;     /* signed, CBOR; sent to the network as it is, byte for byte */

  /* The answer.  |request| is free for reuse already when this is called. */
  void (*answered)(struct icws_network_request *request, const struct icws_network_answer *answer);
  void *user_data; /* for |answered| */

  /* The network's own, from submission to answer or cancellation. */
  void *pending;
  void *owner;
  struct icws_network_request *next;
};

/*
 * A network.  |self| is handed to the functions.
 *
 * query and call submit a request, whose envelope must be of that type.  Submitting cannot fail:
 * trouble of any kind is an answer.  Each submitted request is answered exactly once unless it is
 * cancelled, and never from within the submitting call or within cancel.  From within |answered|
 * any of the three may be called, for this and for other requests.
 *
 * cancel takes a submitted request back that is not answered yet: |answered| will not be called,
 * and the memory is the caller's again when cancel returns.  A cancelled call may be processed all
 * the same.
 *
 * A network must outlive its requests; whoever ends a network cancels or awaits them first.
 */
struct icws_network {
  void *self;
  void (*query)(void *self, struct icws_network_request *request);
  void (*call)(void *self, struct icws_network_request *request);
  void (*cancel)(void *self, struct icws_network_request *request);
};

#endif
