/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <string.h>

#include "chat.h"
#include "common/complain.h"

#define MEMBER(name) offsetof(struct icws_chat_options, name)
#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

static const struct icws_option pipe_options[] = {
    {'q', "linger", "SEC", ICWS_OPTION_LINGER, MEMBER(linger_ms),
     "print what comes for SEC seconds after the last line"},
    {'\0', "wait-ack", NULL, ICWS_OPTION_FLAG, MEMBER(wait_ack),
     "end only when the canister has acknowledged all lines"},
};

static const struct icws_option word_options[] = {
    {'\0', "quiet", NULL, ICWS_OPTION_FLAG, MEMBER(quiet), "say nothing but errors"},
    {'v', "verbose", NULL, ICWS_OPTION_FLAG, MEMBER(verbose), "say each step of connecting"},
};

int icws_chat_options_parse(struct icws_chat_options *options, int argc, char **argv)
{
  const struct icws_option_group groups[] = {
      {"Connection", icws_connection_options, ICWS_CONNECTION_OPTIONS, &options->connection},
      {"Not at a terminal, where each line of the input is sent as a message", pipe_options,
       COUNT_OF(pipe_options), options},
      {"Words", word_options, COUNT_OF(word_options), options},
  };
  const struct icws_command_line command_line = {
      .program = ICWS_CHAT_NAME,
      .synopsis = "-g URL -c ID [OPTION]...\n       " ICWS_CHAT_NAME " --demo [OPTION]...",
      .about =
          "Talk to a canister in lines of text; what it sends is verified before it is shown.\n",
      .groups = groups,
      .group_count = COUNT_OF(groups),
  };
  memset(options, 0, sizeof(*options));
  int status = icws_options_parse(&command_line, argc, argv, NULL);
  const char *candid = options->connection.candid;
  if (status == ICWS_OPTIONS_GO && candid != NULL && strcmp(candid, "-") == 0)
    return icws_complain_usage(ICWS_CHAT_NAME,
                               "--candid takes a file: standard input is for lines");
  return status;
}
