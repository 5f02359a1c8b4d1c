/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <string.h>

#include "tail.h"

#define MEMBER(name) offsetof(struct icws_tail_options, name)
#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

static const struct icws_option output_options[] = {
    {'C', "count", "N", ICWS_OPTION_COUNT, MEMBER(count), "end with 0 after N messages"},
    {'W', "timeout", "SEC", ICWS_OPTION_SECONDS, MEMBER(idle_timeout_ms),
     "end with 27 when no message comes for SEC seconds"},
    {'J', "json", NULL, ICWS_OPTION_FLAG, MEMBER(json),
     "print each message as a JSON object on a line"},
    {'o', "output", "FORMAT", ICWS_OPTION_TEXT, MEMBER(output),
     "print what messages hold: as candid, json, raw or hex"},
    {'q', "quiet", NULL, ICWS_OPTION_FLAG, MEMBER(quiet), "say nothing but errors"},
    {'v', "verbose", NULL, ICWS_OPTION_FLAG, MEMBER(verbose), "say each step of connecting"},
};

int icws_tail_options_parse(struct icws_tail_options *options, int argc, char **argv)
{
  const struct icws_option_group groups[] = {
      {"Connection", icws_connection_options, ICWS_CONNECTION_OPTIONS, &options->connection},
      {"Output", output_options, COUNT_OF(output_options), options},
  };
  const struct icws_command_line command_line = {
      .program = ICWS_TAIL_NAME,
      .synopsis = "-g URL -c ID [OPTION]...\n       " ICWS_TAIL_NAME " --demo [OPTION]...",
      .about = "Print what a canister sends, each message verified before it is shown.\n",
      .groups = groups,
      .group_count = COUNT_OF(groups),
  };
  memset(options, 0, sizeof(*options));
  return icws_options_parse(&command_line, argc, argv, NULL);
}
