/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_PAYLOAD_SHOW_H
#define ICWS_TOOLS_PAYLOAD_SHOW_H

#include "common/payload.h"

/* How the values of a message are written. */
enum icws_payload_form {
  ICWS_PAYLOAD_CANDID, /* on one line */
  ICWS_PAYLOAD_PRETTY, /* the same, on several where one is too long */
  ICWS_PAYLOAD_JSON,   /* on one line */
};

/*
 * icws_payload_print decodes |content| and appends it.  Returns ICWS_OK, or with |failure| filled an
 * error of icws_payload_read or one of printing, after which |out| is as before but for its own
 * error.
 *
 * icws_payload_show appends what does not decode all the same, with the reason: as a comment in
 * Candid, as an object with payload_error in JSON.  Returns the same.
 */
enum icws_error icws_payload_print(struct icws_payload *payload, struct icws_bytes content,
                                   enum icws_payload_form form, struct icws_buf *out,
                                   struct icws_failure *failure);
enum icws_error icws_payload_show(struct icws_payload *payload, struct icws_bytes content,
                                  enum icws_payload_form form, struct icws_buf *out,
                                  struct icws_failure *failure);

#endif
