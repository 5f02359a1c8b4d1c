/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/canisters/canisters.h"
#include "devnet/canisters/interface.h"

static const char *on_message(struct icws_app *app, const struct icws_client_key *client,
                              struct icws_bytes content)
{
  struct icws_buf *message = icws_app_message(app);
  icws_buf_put(message, content.data, content.len);
  enum icws_error error = icws_app_send(app, &client->principal, message);
  return error == ICWS_OK ? NULL : icws_strerror(error);
}

const struct icws_app_type icws_canister_echo = {
    .interface =
        "// Any other type of message comes back unchanged, too.\n" ICWS_INTERFACE_APP_MESSAGE
            ICWS_INTERFACE_BEFORE_TYPE "AppMessage" ICWS_INTERFACE_AFTER_TYPE,
    .on_message = on_message,
};
