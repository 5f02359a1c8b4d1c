/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "devnet/canisters/app_message.h"
#include "devnet/canisters/canisters.h"
#include "devnet/canisters/interface.h"

#define TEXT_THAT_CLOSES "close"

static void on_open(struct icws_app *app, const struct icws_client_key *client)
{
  struct icws_buf *message = icws_app_message(app);
  icws_app_message_put(message, icws_bytes_text("ping"), icws_app_time(app));
  (void)icws_app_send(app, &client->principal, message); /* without memory there is no ping */
}

static const char *on_message(struct icws_app *app, const struct icws_client_key *client,
                              struct icws_bytes content)
{
  struct icws_bytes text;
  uint64_t timestamp;
  if (icws_app_message_decode(content, &text, &timestamp) != ICWS_OK) {
    return "the message is not an AppMessage";
  }
  if (icws_bytes_equal(text, icws_bytes_text(TEXT_THAT_CLOSES))) {
    icws_app_close(app, &client->principal);
    return NULL;
  }
  struct icws_buf answer;
  icws_buf_init(&answer, 0, NULL);
  icws_buf_put(&answer, text.data, text.len);
  icws_buf_put(&answer, " ping", strlen(" ping"));
  struct icws_buf *message = icws_app_message(app);
  icws_app_message_put(message, icws_buf_bytes(&answer), icws_app_time(app));
  enum icws_error error = icws_buf_error(&answer);
  if (error == ICWS_OK) {
    error = icws_app_send(app, &client->principal, message);
  }
  icws_buf_wipe(&answer);
  return error == ICWS_OK ? NULL : icws_strerror(error);
}

const struct icws_app_type icws_canister_pingpong = {
    .interface = "// The text \"" TEXT_THAT_CLOSES
                 "\" makes the canister close the connection.\n" ICWS_INTERFACE_APP_MESSAGE
                     ICWS_INTERFACE_BEFORE_TYPE "AppMessage" ICWS_INTERFACE_AFTER_TYPE,
    .on_open = on_open,
    .on_message = on_message,
};
