/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_CLIENT_RELAY_H
#define ICWS_GATEWAY_CLIENT_RELAY_H

#include "client_session.h"

/* The half of a session that faces the network: what the client sent, so many calls at a time. */

/* The next step, as far as what is under way allows one: messages that wait, then, when the session
 * has ended and all is answered, ws_close.  Must be the last thing that is done with the session,
 * which may be freed by it. */
void client_relay_advance(struct client_session *session);

/* Stops or resumes reading from the client by how much waits, and how fast it came. */
void client_relay_pause(struct client_session *session);

/* Cancels what is under way. */
void client_relay_cancel(struct client_session *session);

#endif
