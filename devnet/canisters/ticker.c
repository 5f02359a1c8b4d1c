/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "devnet/canisters/app_message.h"
#include "devnet/canisters/canisters.h"
#include "devnet/canisters/interface.h"

static void on_period(struct icws_app *app, uint64_t count)
{
  char text[32];
  (void)snprintf(text, sizeof text, "tick %" PRIu64, count);
  struct icws_buf *message = icws_app_message(app);
  icws_app_message_put(message, icws_bytes_text(text), icws_app_time(app));
  (void)icws_app_broadcast(app, message); /* without memory this tick is left out */
}

const struct icws_app_type icws_canister_ticker = {
    .interface = ICWS_INTERFACE_APP_MESSAGE ICWS_INTERFACE_BEFORE_TYPE
    "AppMessage" ICWS_INTERFACE_AFTER_TYPE,
    .on_period = on_period,
};
