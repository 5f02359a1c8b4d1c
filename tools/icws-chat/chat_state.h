/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CHAT_STATE_H
#define ICWS_CHAT_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include <icws/client.h>

#include "common/connection.h"
#include "common/payload.h"
#include "draft.h"
#include "line_reader.h"
#include "options.h"

#define ICWS_CHAT_RUNNING (-1)

/* A message of a mebibyte is what a session sends; the text's wrapping needs a little of that. */
#define ICWS_CHAT_MAX_TEXT_BYTES ((size_t)1024 * 1024 - 1024)

struct icws_chat {
  struct icws_chat_options options;
  struct icws_connection connection;
  struct icws_client *client;
  struct icws_principal self;
  enum icws_client_phase phase; /* the last one up to open */
  bool at_terminal;
  bool output_closed;           /* not at a terminal: nobody reads standard output any more */
  struct icws_buf shown;        /* the line being shown */
  struct icws_payload payload;  /* what is received */
  bool hinted;                  /* at how to name fields */
  struct icws_chat_draft draft; /* what is sent */
  struct icws_buf content;
  uint64_t tickets;    /* messages queued so far */
  uint64_t sent;       /* of these, handed to the transport */
  uint64_t last_sent;  /* the sequence number of the last of these */
  uint64_t last_acked; /* the highest sequence number that was acknowledged */
  uint64_t end_ms;     /* when lingering is over; ICWS_NEVER before it begins */
  bool input_failed;   /* some line could not be sent */
  struct icws_line_reader lines;
  int status; /* what to end with; ICWS_CHAT_RUNNING */
};

/* icws_chat_finish decides what to end with, and closes the connection in an orderly way. */
void icws_chat_finish(struct icws_chat *chat, int status);

/* icws_chat_send_line queues the message that |text| makes.  Returns ICWS_OK; ICWS_ERR_QUEUE_FULL,
 * which passes; or another error, with |failure| filled: one of icws_chat_draft_line or of
 * icws_client_send, ICWS_ERR_LIMIT for a text too long.  icws_chat_send queues chat->content. */
ICWS_NODISCARD enum icws_error icws_chat_send_line(struct icws_chat *chat, struct icws_bytes text,
                                                   struct icws_failure *failure);
ICWS_NODISCARD enum icws_error icws_chat_send(struct icws_chat *chat, struct icws_failure *failure);

#endif
