/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TAIL_RECORD_H
#define ICWS_TAIL_RECORD_H

#include <icws/bytes.h>
#include <icws/session.h>

#include "common/payload.h"

/* How a message is printed. */
enum icws_record_format {
  ICWS_RECORD_RAW,      /* the bytes of the content as they are */
  ICWS_RECORD_HEX,      /* their hex digits */
  ICWS_RECORD_CANDID,   /* Candid text on one line */
  ICWS_RECORD_JSON,     /* the value as JSON on one line */
  ICWS_RECORD_TERMINAL, /* Candid text if it is that, else the bytes, escaped */
  ICWS_RECORD_ENVELOPE, /* an object on a line; icws-tail(1) has its members */
};

struct icws_record {
  const struct icws_event_message *message;
  const char *canister;
  const char *gateway_url;
};

/*
 * icws_record_put appends |record| in |format| and a newline to |out|; running out of memory sticks
 * there.  |payload| decodes it.  What does not decode is printed all the same, with the reason:
 * as a comment in Candid, as an object with payload_error in JSON.
 */
void icws_record_put(const struct icws_record *record, struct icws_payload *payload,
                     enum icws_record_format format, struct icws_buf *out);

#endif
