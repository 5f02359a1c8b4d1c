/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TAIL_RECORD_H
#define ICWS_TAIL_RECORD_H

#include <stdint.h>

#include <icws/bytes.h>
#include <icws/session.h>

/* How a message is printed. */
enum icws_record_format {
  ICWS_RECORD_RAW,     /* the bytes of the content as they are, and a newline */
  ICWS_RECORD_ESCAPED, /* the same for a terminal: control characters escaped */
  ICWS_RECORD_JSON,    /* an object on a line of its own; icws-tail(1) has its members */
};

struct icws_record {
  const struct icws_event_message *message;
  const char *canister;
  const char *gateway_url;
};

/* icws_record_put appends |record| in |format| to |out|; running out of memory sticks there. */
void icws_record_put(const struct icws_record *record, enum icws_record_format format,
                     struct icws_buf *out);

#endif
