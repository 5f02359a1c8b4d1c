/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "common/complain.h"
#include "common/exit_code.h"
#include "common/file.h"
#include "common/options.h"
#include "common/output.h"
#include "state_path.h"
#include "state_report.h"

#define NAME "icws read-state"
#define MAX_PATHS 64
#define MEMBER(name) offsetof(struct settings, name)
#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

enum format { TEXT, JSON, RAW };

struct settings {
  struct icws_network_settings network;
  const char *canister;
  const char *subnet;
  const char *output;
  const char *certificate;
};

static const struct icws_option state_options[] = {
    {'c', "canister", "ID", ICWS_OPTION_TEXT, MEMBER(canister),
     "the canister that is asked (default: that of PATH)"},
    {'s', "subnet", "ID", ICWS_OPTION_TEXT, MEMBER(subnet),
     "the subnet that is asked, instead of a canister"},
};

static const struct icws_option output_options[] = {
    {'o', "output", "FORMAT", ICWS_OPTION_TEXT, MEMBER(output),
     "print the values as text (default) or json, or one as raw"},
    {'\0', "certificate", "FILE", ICWS_OPTION_TEXT, MEMBER(certificate),
     "write the certificate to FILE, for icws verify"},
};

/* One run of the program. */
struct task {
  struct settings settings;
  enum format format;
  bool asks_subnet;
  struct icws_principal asked;
  struct icws_state_path *paths;
  size_t count;
  struct icws_ask ask;
  int status; /* of the answer */
};

/* --- The command line --------------------------------------------------------------------------- */

static int parse_format(struct task *task)
{
  static const char *const names[] = {[TEXT] = "text", [JSON] = "json", [RAW] = "raw"};
  const char *output = task->settings.output;
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    task->format = (enum format)i;
    if (output == NULL || strcmp(output, names[i]) == 0)
      return ICWS_EXIT_OK;
  }
  return icws_complain_usage(NAME, "--output takes text, json or raw, not '%s'", output);
}

static int parse_paths(struct task *task, const struct icws_operands *operands)
{
  struct icws_failure failure = {.code = ICWS_OK};
  if (operands->count == 0)
    return icws_complain_usage(NAME, "a PATH is missing, such as /time");
  if (operands->count > MAX_PATHS)
    return icws_complain_usage(NAME, "%d paths are the most", MAX_PATHS);
  if (task->format == RAW && operands->count > 1)
    return icws_complain_usage(NAME, "--output raw is for one PATH");
  task->paths = calloc(operands->count, sizeof(*task->paths));
  if (task->paths == NULL) {
    icws_complain(NAME, "%s", icws_strerror(ICWS_ERR_NOMEM));
    return ICWS_EXIT_OTHER;
  }
  while (task->count < operands->count) {
    const char *text = operands->words[task->count];
    if (icws_state_path_parse(&task->paths[task->count++], text, &failure) != ICWS_OK)
      return icws_complain_usage(NAME, "%s", failure.text);
  }
  return ICWS_EXIT_OK;
}

/* Whom to ask, if the command line does not say it: whose state it is. */
static int find_owner(struct task *task)
{
  for (size_t i = 0; i < task->count; i++) {
    if (icws_state_path_owner(&task->paths[i], "canister", &task->asked))
      return ICWS_EXIT_OK;
  }
  for (size_t i = 0; i < task->count; i++) {
    task->asks_subnet = icws_state_path_owner(&task->paths[i], "subnet", &task->asked);
    if (task->asks_subnet)
      return ICWS_EXIT_OK;
  }
  return icws_complain_usage(NAME, "--canister or --subnet is needed: whom to ask");
}

static int parse_asked(struct task *task)
{
  const struct settings *settings = &task->settings;
  const char *id = settings->subnet != NULL ? settings->subnet : settings->canister;
  if (settings->canister != NULL && settings->subnet != NULL)
    return icws_complain_usage(NAME, "--canister and --subnet exclude each other");
  if (id == NULL)
    return find_owner(task);
  task->asks_subnet = settings->subnet != NULL;
  if (icws_principal_from_text(&task->asked, icws_bytes_text(id)) == ICWS_OK)
    return ICWS_EXIT_OK;
  return icws_complain_id(NAME, task->asks_subnet ? "subnet" : "canister", id);
}

/* --- The answer --------------------------------------------------------------------------------- */

static bool put(const struct icws_state_report *report, enum format format, struct icws_buf *out)
{
  switch (format) {
  case TEXT:
    return icws_state_report_put(report, out);
  case JSON:
    return icws_state_report_put_json(report, out);
  case RAW:
    break;
  }
  if (icws_state_report_put_raw(report, out))
    return true;
  icws_complain(NAME, "there is no value at %s", report->paths->text);
  return false;
}

static int print(const struct task *task, const struct icws_agent_answer *answer)
{
  struct icws_buf out;
  const struct icws_state_report report = {
      .paths = task->paths, .count = task->count, .tree = answer->tree, .time_ns = answer->time_ns};
  icws_buf_init(&out, 0, NULL);
  bool has_all = put(&report, task->format, &out);
  int written = icws_output_finish(NAME, &out);
  icws_buf_wipe(&out);
  if (written != ICWS_EXIT_OK)
    return written;
  return has_all ? ICWS_EXIT_OK : ICWS_EXIT_ABSENT;
}

static void on_answer(struct icws_agent *agent, const struct icws_agent_answer *answer,
                      void *user_data)
{
  struct task *task = user_data;
  struct icws_failure failure = {.code = ICWS_OK};
  const char *file = task->settings.certificate;
  (void)agent;
  if (answer->outcome != ICWS_AGENT_REPLIED) {
    task->status = icws_ask_complain(&task->ask, answer);
  } else if (file != NULL && icws_file_write(file, answer->certificate, &failure) != ICWS_OK) {
    icws_complain_failure(NAME, &failure);
    task->status = ICWS_EXIT_OTHER;
  } else {
    task->status = print(task, answer);
  }
}

/* --- The request -------------------------------------------------------------------------------- */

static int ask_for(struct task *task)
{
  struct icws_agent_path paths[MAX_PATHS];
  struct icws_agent *agent = task->ask.network.agent;
  for (size_t i = 0; i < task->count; i++)
    paths[i] = (struct icws_agent_path){task->paths[i].labels, task->paths[i].count};
  enum icws_error error =
      task->asks_subnet
          ? icws_agent_read_subnet_state(agent, &task->asked, paths, task->count, on_answer, task,
                                         NULL)
          : icws_agent_read_state(agent, &task->asked, paths, task->count, on_answer, task, NULL);
  int status = error == ICWS_OK ? icws_ask_wait(&task->ask) : icws_ask_refused(&task->ask, error);
  return status == ICWS_EXIT_OK ? task->status : status;
}

static int run(struct task *task, const struct icws_operands *operands)
{
  int status = parse_format(task);
  if (status == ICWS_EXIT_OK)
    status = parse_paths(task, operands);
  if (status == ICWS_EXIT_OK)
    status = parse_asked(task);
  if (status != ICWS_EXIT_OK)
    return status;
  status = icws_ask_begin(&task->ask, NAME, &task->settings.network);
  if (status == ICWS_EXIT_OK)
    status = ask_for(task);
  icws_ask_end(&task->ask);
  return status;
}

int icws_cli_read_state(int argc, char **argv)
{
  struct task task = {.status = ICWS_EXIT_OK};
  struct icws_operands operands;
  const struct icws_option_group groups[] = {
      {"State", state_options, COUNT_OF(state_options), &task.settings},
      {"Network", icws_network_options, ICWS_NETWORK_OPTIONS, &task.settings.network},
      {"Trust", icws_network_trust_options, ICWS_NETWORK_TRUST_OPTIONS, &task.settings.network},
      {"Output", output_options, COUNT_OF(output_options), &task.settings},
  };
  const struct icws_command_line command_line = {
      .program = NAME,
      .synopsis = "[OPTION]... PATH...",
      .about = "Print certified values of the network's state, at paths such as /time or\n"
               "/canister/ryjl3-tyaaa-aaaaa-aaaba-cai/module_hash.\n",
      .rest = &operands,
      .groups = groups,
      .group_count = COUNT_OF(groups),
  };
  int status = icws_options_parse(&command_line, argc, argv, NULL);
  if (status != ICWS_OPTIONS_GO)
    return status;
  status = run(&task, &operands);
  while (task.count > 0)
    icws_state_path_wipe(&task.paths[--task.count]);
  free(task.paths);
  return status;
}
