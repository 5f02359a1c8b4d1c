/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_REPLY_H
#define ICWS_CLI_REPLY_H

#include <stdbool.h>

#include <icws/agent.h>

#include "method.h"

/* How a reply is printed. */
enum icws_reply_format {
  ICWS_REPLY_CANDID, /* Candid text, on one line but at a terminal */
  ICWS_REPLY_JSON,   /* one value, or an array of them, on a line */
  ICWS_REPLY_HEX,    /* the message's hex digits */
  ICWS_REPLY_RAW,    /* the message itself, and nothing else */
};

/* icws_reply_format_parse reads the argument of --output; NULL is Candid. */
bool icws_reply_format_parse(const char *text, enum icws_reply_format *format);

struct icws_reply {
  const char *program;
  enum icws_reply_format format;
  const struct icws_candid_types *types; /* NULL: not known; the reply says itself what it is */
  const struct icws_method *method;      /* of |types| */
};

/* icws_reply_print writes |message| to standard output.  What does not decode is written as
 * icws_payload_show says, and is ICWS_EXIT_PROTOCOL.  Complains; returns an exit status. */
int icws_reply_print(const struct icws_reply *reply, struct icws_bytes message);

/* icws_reply_say says on standard error which request was answered, and when by the network's
 * clock. */
void icws_reply_say(const char *program, const struct icws_agent_answer *answer);

#endif
