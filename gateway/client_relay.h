/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_CLIENT_RELAY_H
#define ICWS_GATEWAY_CLIENT_RELAY_H

#include "client_session.h"

/* The half of a session that faces the network: what the client sent, one call at a time. */

/* The next step, if nothing is under way: a message that waits, then, when the session has ended,
 * ws_close.  Must be the last thing that is done with the session, which may be freed by it. */
void client_relay_advance(struct client_session *session);

/* Stops or resumes reading from the client by how much waits. */
void client_relay_pause(struct client_session *session);

#endif
