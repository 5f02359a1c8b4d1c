/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_HTTP_API_STATE_H
#define ICWS_DEVNET_HTTP_API_STATE_H

#include "devnet/http_api.h"

/* The inside of the HTTP API: http_api.c finds the endpoint, and each endpoint has a file. */

/* A request to an endpoint below /api/v<version>/<canister or subnet>/<id>/. */
struct icws_http_api_target {
  unsigned version;
  bool subnet; /* |id| is a subnet's */
  struct icws_principal id;
};

/* icws_http_api_say answers with |status| and a line of text; icws_http_api_say_why with "|what|: "
 * in front of what the replica says. */
void icws_http_api_say(struct icws_http_api_answer *answer, unsigned status, const char *text);
void icws_http_api_say_why(struct icws_http_api_answer *answer,
                           const struct icws_replica_answer *refusal);

/* icws_http_api_put_certificate answers with a map that has |status| (unless NULL) and the
 * certificate of |paths|. */
void icws_http_api_put_certificate(struct icws_replica *replica, const char *status,
                                   const struct icws_state_path *paths, size_t count,
                                   enum icws_ranges_form form, struct icws_http_api_answer *answer);

/* The endpoints; call returns what icws_http_api_handle does. */
bool icws_http_api_call(struct icws_replica *replica, const struct icws_http_api_target *target,
                        struct icws_bytes body, struct icws_http_api_answer *answer,
                        struct icws_http_api_wait *wait);
void icws_http_api_query(struct icws_replica *replica, const struct icws_http_api_target *target,
                         struct icws_bytes body, struct icws_http_api_answer *answer);
void icws_http_api_read_state(struct icws_replica *replica,
                              const struct icws_http_api_target *target, struct icws_bytes body,
                              struct icws_http_api_answer *answer);

#endif
