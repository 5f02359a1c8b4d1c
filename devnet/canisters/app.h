/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_CANISTERS_APP_H
#define ICWS_DEVNET_CANISTERS_APP_H

#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/message.h>
#include <icws/principal.h>

#include "devnet/canister.h"

/*
 * What the built-in canisters have in common: a canister whose only methods are those of IC
 * WebSocket, on the cdk, with an application behind it that knows its clients and is woken up
 * periodically if it likes.
 */
struct icws_app;

/* The application of a canister.  NULL for what it does not need. */
struct icws_app_type {
  const char *interface; /* the canister's Candid interface */
  void (*on_open)(struct icws_app *app, const struct icws_client_key *client);
  /* Returns NULL, or the text of an error, with nothing changed and nothing sent. */
  const char *(*on_message)(struct icws_app *app, const struct icws_client_key *client,
                            struct icws_bytes content);
  /* The client is not among those that icws_app_broadcast reaches any more. */
  void (*on_close)(struct icws_app *app, const struct icws_client_key *client);
  /* |count| is 1 the first time, then 2, and so on. */
  void (*on_period)(struct icws_app *app, uint64_t count);
};

/* Zero means the default of the cdk, and for |period_ms| that there is no period. */
struct icws_app_config {
  uint64_t ack_interval_ms;
  uint64_t keep_alive_window_ms;
  uint64_t period_ms;
};

/* icws_app_new makes a canister, which its replica deletes.  Returns ICWS_OK,
 * ICWS_ERR_INVALID_ARGUMENT (the keep-alive window is not less than the ack interval) or
 * ICWS_ERR_NOMEM. */
ICWS_NODISCARD enum icws_error icws_app_new(const struct icws_app_type *type,
                                            const struct icws_app_config *config,
                                            const struct icws_canister_system *system,
                                            struct icws_canister *canister);

/* icws_app_time returns the time of the present call. */
uint64_t icws_app_time(const struct icws_app *app);

/* icws_app_message returns an empty buffer to encode a message in; the same one each time. */
struct icws_buf *icws_app_message(struct icws_app *app);

/*
 * icws_app_send sends what |message| holds to |client|, icws_app_broadcast to all clients.  They
 * return ICWS_OK; or the error of |message|, or ICWS_ERR_LIMIT if it is too long, with nothing
 * sent. A client that cannot be sent to for another reason would miss a message without notice: it
 * is closed soon afterwards instead.
 */
enum icws_error icws_app_send(struct icws_app *app, const struct icws_principal *client,
                              const struct icws_buf *message);
enum icws_error icws_app_broadcast(struct icws_app *app, const struct icws_buf *message);

/* icws_app_close sends |client|, one of the canister's, a CloseMessage and drops it; on_close runs
 * before this returns.  Without memory the client is dropped untold. */
void icws_app_close(struct icws_app *app, const struct icws_principal *client);

#endif
