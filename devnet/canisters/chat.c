/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "devnet/canisters/app_message.h"
#include "devnet/canisters/canisters.h"
#include "devnet/canisters/interface.h"

/* The first group of a principal's text is enough to tell people in a room apart. */
#define SHORT_PRINCIPAL_CHARACTERS 5

static void announce(struct icws_app *app, const struct icws_client_key *client, const char *what)
{
  char principal[ICWS_PRINCIPAL_TEXT_BYTES];
  char line[ICWS_PRINCIPAL_TEXT_BYTES + 16];
  (void)icws_principal_to_text(&client->principal, principal);
  (void)snprintf(line, sizeof line, "%.*s %s", SHORT_PRINCIPAL_CHARACTERS, principal, what);
  struct icws_buf *message = icws_app_message(app);
  icws_chat_message_put(message, icws_bytes_text(line), icws_app_time(app), NULL);
  (void)icws_app_broadcast(app, message); /* without memory the room stays silent */
}

static void on_open(struct icws_app *app, const struct icws_client_key *client)
{
  announce(app, client, "joined");
}

static const char *on_message(struct icws_app *app, const struct icws_client_key *client,
                              struct icws_bytes content)
{
  struct icws_bytes text;
  uint64_t timestamp;
  if (icws_app_message_decode(content, &text, &timestamp) != ICWS_OK) {
    return "the message is not a ChatMessage";
  }
  struct icws_buf *message = icws_app_message(app);
  icws_chat_message_put(message, text, icws_app_time(app), &client->principal);
  enum icws_error error = icws_app_broadcast(app, message);
  return error == ICWS_OK ? NULL : icws_strerror(error);
}

static void on_close(struct icws_app *app, const struct icws_client_key *client)
{
  announce(app, client, "left");
}

const struct icws_app_type icws_canister_chat = {
    .interface =
        "type ChatMessage = record { text : text; timestamp : nat64; sender : opt "
        "principal };\n" ICWS_INTERFACE_BEFORE_TYPE "ChatMessage" ICWS_INTERFACE_AFTER_TYPE,
    .on_open = on_open,
    .on_message = on_message,
    .on_close = on_close,
};
