/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_HTTP_API_H
#define ICWS_DEVNET_HTTP_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/principal.h>

#include "devnet/replica.h"
#include "gateway/http_server.h"

/*
 * The HTTP API of the Internet Computer in front of a replica (IC interface specification, "HTTPS
 * Interface"): from a request to an answer, without sockets.  Statuses and texts are those of a
 * replica, as far as clients look at them.
 *
 * Which form the ranges in a delegation have depends on the endpoint, since agents of different ages
 * take different ones: flat for call v3 and for query and read_state v2, sharded for call v4 and
 * for query and read_state v3.
 */

/* The body of any request; calls have a limit of their own, ICWS_ENVELOPE_MAX_BYTES. */
#define ICWS_HTTP_API_MAX_BODY_BYTES ((size_t)4 * 1024 * 1024)

/* An answer.  |body| is the owner's: initialised before, wiped afterwards. */
struct icws_http_api_answer {
  unsigned status;
  const char *content_type; /* NULL: none */
  struct icws_buf body;
  const struct icws_http_field *fields; /* static */
  size_t field_count;
};

/* A call that has to wait for its round. */
struct icws_http_api_wait {
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
  enum icws_ranges_form form;
};

/* icws_http_api_fields gives the header fields of all answers: what lets web pages of any origin
 * read them (CORS).  Static. */
const struct icws_http_field *icws_http_api_fields(size_t *count);

/*
 * icws_http_api_handle answers |request|.  Returns true with |*answer| made, or false if it is a call
 * that waits for a round: then |*wait| is what icws_http_api_resume is to be given after rounds.
 *
 * icws_http_api_resume answers it if it has been executed, or if |impatient|: then with the status
 * 202, which makes clients ask for the outcome.
 */
bool icws_http_api_handle(struct icws_replica *replica, const struct icws_http_request *request,
                          struct icws_http_api_answer *answer, struct icws_http_api_wait *wait);
bool icws_http_api_resume(struct icws_replica *replica, const struct icws_http_api_wait *wait,
                          bool impatient, struct icws_http_api_answer *answer);

#endif
