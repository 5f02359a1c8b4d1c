/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"

#include <inttypes.h>
#include <string.h>

#include "common/exit_code.h"
#include "display.h"

struct command {
  const char *name;
  const char *help;
  void (*run)(struct icws_chat *chat);
};

static void show_help(struct icws_chat *chat);

static void show_self(struct icws_chat *chat)
{
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  const char *path = chat->options.connection.identity;
  icws_principal_to_text(&chat->self, text);
  icws_chat_say(chat, "%s, %s%s", text, path == NULL ? "a fresh key" : "of ",
                path == NULL ? "" : path);
}

static void show_status(struct icws_chat *chat)
{
  struct icws_session_stats stats = icws_client_stats(chat->client);
  char canister[ICWS_PRINCIPAL_TEXT_BYTES];
  icws_principal_to_text(&chat->connection.canister, canister);
  icws_chat_say(chat, "%s: %s by %s", icws_client_phase_name(icws_client_phase(chat->client)),
                canister, chat->connection.gateway_url);
  icws_chat_say(chat,
                "%" PRIu64 " received, %" PRIu64 " sent, %zu waiting; acknowledged up to number "
                "%" PRIu64 " of %" PRIu64,
                stats.messages_received, stats.messages_sent, stats.queued_messages,
                stats.last_sequence_acked, stats.last_sequence_sent);
}

void icws_chat_quit(struct icws_chat *chat)
{
  uint64_t unsent = chat->tickets - chat->sent;
  if (unsent > 0)
    icws_chat_say(chat, "%" PRIu64 " lines were not sent", unsent);
  icws_chat_finish(chat, unsent > 0 ? ICWS_EXIT_OTHER : ICWS_EXIT_OK);
}

static const struct command commands[] = {
    {"/help", "list the commands", show_help},
    {"/whoami", "show the principal that you write as", show_self},
    {"/status", "show the state of the connection", show_status},
    {"/quit", "end the program, as Ctrl-D does", icws_chat_quit},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void show_help(struct icws_chat *chat)
{
  for (size_t i = 0; i < COMMAND_COUNT; i++)
    icws_chat_say(chat, "%-8s %s", commands[i].name, commands[i].help);
  icws_chat_say(chat, "//       begins a line that is sent with one slash");
}

void icws_chat_command(struct icws_chat *chat, const char *line)
{
  size_t length = strcspn(line, " \t");
  for (size_t i = 0; i < COMMAND_COUNT; i++) {
    if (strlen(commands[i].name) == length && memcmp(commands[i].name, line, length) == 0) {
      commands[i].run(chat);
      return;
    }
  }
  icws_chat_say(chat, "no such command; /help lists them");
}
