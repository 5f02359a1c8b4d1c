/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_CANISTERS_CANISTERS_H
#define ICWS_DEVNET_CANISTERS_CANISTERS_H

#include "devnet/canisters/app.h"

/* The built-in canisters. */

/* A room: what one client says goes to all, its author too, with the author's principal as sender.
 * The room itself, whose sender is null, says who joins and who leaves. */
extern const struct icws_app_type icws_canister_chat;

/* Says "ping" to whoever comes, and answers each text with the same text and " ping". */
extern const struct icws_app_type icws_canister_pingpong;

/* Says "tick 1", "tick 2" and so on to all clients, one each period. */
extern const struct icws_app_type icws_canister_ticker;

/* Sends back each message as it came. */
extern const struct icws_app_type icws_canister_echo;

#endif
