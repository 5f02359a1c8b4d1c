/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_REQUEST_STATUS_H
#define ICWS_REQUEST_STATUS_H

#include <stdint.h>

#include <icws/bytes.h>
#include <icws/envelope.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/hashtree.h>
#include <icws/reject.h>

ICWS_BEGIN_DECLS

/* What became of a call, as the state tree tells (IC interface specification, "Request status"). */
enum icws_request_status {
  ICWS_STATUS_UNKNOWN,    /* the tree does not show it: it proves nothing */
  ICWS_STATUS_ABSENT,     /* proven: the network has not heard of the call, or no longer knows */
  ICWS_STATUS_RECEIVED,   /* under way */
  ICWS_STATUS_PROCESSING, /* under way */
  ICWS_STATUS_REPLIED,
  ICWS_STATUS_REJECTED,
  ICWS_STATUS_DONE, /* it was processed, and the outcome is forgotten */
};

/* Borrowed from the tree's encoding. */
struct icws_request_outcome {
  enum icws_request_status status;
  struct icws_bytes reply;   /* ICWS_STATUS_REPLIED */
  struct icws_reject reject; /* ICWS_STATUS_REJECTED */
};

/*
 * icws_request_status_read looks up what |tree|, which should be a verified certificate's, says
 * about the call |request_id|.  Returns ICWS_OK, or ICWS_ERR_CERTIFICATE if the tree has a status
 * that does not exist, or one without what goes with it.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_request_status_read(const struct icws_hashtree *tree,
                         const uint8_t request_id[ICWS_REQUEST_ID_BYTES],
                         struct icws_request_outcome *outcome, struct icws_failure *failure);

ICWS_END_DECLS

#endif
