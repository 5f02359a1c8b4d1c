/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stddef.h>
#include <string.h>

#include "argument.h"
#include "ask.h"
#include "common/complain.h"
#include "common/exit_code.h"
#include "common/file.h"
#include "common/interface_fetch.h"
#include "common/options.h"
#include "method.h"
#include "reply.h"

#define QUERY_NAME "icws query"
#define CALL_NAME "icws call"
#define MEMBER(name) offsetof(struct settings, name)
#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

struct settings {
  struct icws_network_settings network;
  const char *canister;
  const char *effective;
  const char *candid;
  const char *output;
  struct icws_argument argument;
  bool quiet;
  bool verbose;
};

static const struct icws_option method_options[] = {
    {'c', "canister", "ID", ICWS_OPTION_TEXT, MEMBER(canister), "the canister"},
    {'\0', "candid", "FILE", ICWS_OPTION_TEXT, MEMBER(candid),
     "its interface, a .did file, instead of what it publishes"},
    {'\0', "hex", NULL, ICWS_OPTION_FLAG, MEMBER(argument.hex),
     "ARGUMENT is the hex digits of a message"},
    {'\0', "file", "FILE", ICWS_OPTION_TEXT, MEMBER(argument.file),
     "ARGUMENT is in this file; with --hex binary or hex digits"},
    {'\0', "effective", "ID", ICWS_OPTION_TEXT, MEMBER(effective),
     "the canister that a call to aaaaa-aa is about"},
};

static const struct icws_option output_options[] = {
    {'o', "output", "FORMAT", ICWS_OPTION_TEXT, MEMBER(output),
     "print the reply as candid (default), json, hex or raw"},
    {'q', "quiet", NULL, ICWS_OPTION_FLAG, MEMBER(quiet), "say nothing but errors"},
    {'v', "verbose", NULL, ICWS_OPTION_FLAG, MEMBER(verbose),
     "say the request id, and when it was answered"},
};

/* One run of the program. */
struct task {
  const char *program;
  bool is_query;
  struct settings settings;
  const char *name; /* of the method */
  struct icws_principal canister;
  struct icws_principal effective;
  enum icws_reply_format format;
  struct icws_ask ask;
  struct icws_buf argument; /* as it is given */
  struct icws_buf message;  /* as it is sent */
  struct icws_interface interface;
  struct icws_method method;
  bool knows_method;
  int status; /* of the answer */
};

/* --- The command line --------------------------------------------------------------------------- */

static int check_id(const char *program, const char *option, const char *text,
                    struct icws_principal *id)
{
  if (icws_principal_from_text(id, icws_bytes_text(text)) == ICWS_OK)
    return ICWS_EXIT_OK;
  return icws_complain_id(program, option, text);
}

static bool is_standard_input(const char *name)
{
  return name != NULL && strcmp(name, "-") == 0;
}

static int check_argument(struct task *task, const struct icws_operands *rest)
{
  struct settings *settings = &task->settings;
  if (rest->count > 1)
    return icws_complain_usage(task->program,
                               "'%s' is too much: the values are one ARGUMENT, in "
                               "parentheses",
                               rest->words[1]);
  if (rest->count == 1)
    settings->argument.word = rest->words[0];
  if (settings->argument.word != NULL && settings->argument.file != NULL)
    return icws_complain_usage(task->program, "ARGUMENT and --file exclude each other");
  if (is_standard_input(settings->candid) &&
      (is_standard_input(settings->argument.word) || is_standard_input(settings->argument.file)))
    return icws_complain_usage(task->program, "only one file can be standard input");
  return ICWS_EXIT_OK;
}

static int check_settings(struct task *task, const struct icws_operands *rest)
{
  const struct settings *settings = &task->settings;
  if (settings->canister == NULL)
    return icws_complain_usage(task->program, "--canister is needed");
  int status = check_id(task->program, "canister", settings->canister, &task->canister);
  if (status == ICWS_EXIT_OK && settings->effective != NULL)
    status = check_id(task->program, "effective", settings->effective, &task->effective);
  if (status == ICWS_EXIT_OK && !icws_reply_format_parse(settings->output, &task->format))
    return icws_complain_usage(task->program, "--output takes candid, json, hex or raw, not '%s'",
                               settings->output);
  return status == ICWS_EXIT_OK ? check_argument(task, rest) : status;
}

/* --- The interface ------------------------------------------------------------------------------ */

static bool needs_interface(const struct task *task)
{
  return !task->settings.argument.hex || task->format == ICWS_REPLY_CANDID ||
         task->format == ICWS_REPLY_JSON;
}

/* A network that cannot be reached, or believed, will not be for the method either. */
static bool is_fatal(enum icws_error error)
{
  int status = icws_exit_code(error, ICWS_PHASE_IDLE);
  return status == ICWS_EXIT_VERIFICATION || status == ICWS_EXIT_CONNECT;
}

/* What the canister publishes; a hint says why it cannot be had. */
static int fetch_interface(struct task *task)
{
  struct icws_failure failure = {.code = ICWS_OK};
  int waited = 0;
  if (task->canister.len == 0)
    icws_fail(&failure, ICWS_ERR_ABSENT, "aaaaa-aa has none of its own");
  else if (icws_interface_fetch(&task->interface, &task->ask.network, &task->canister,
                                task->settings.quiet ? NULL : task->program, task->ask.deadline_ms,
                                &waited, &failure) == ICWS_OK)
    return ICWS_EXIT_OK;
  icws_interface_wipe(&task->interface);
  if (waited != 0)
    return icws_ask_waited(&task->ask, waited);
  if (is_fatal(failure.code)) {
    icws_complain_failure(task->program, &failure);
    return icws_exit_code(failure.code, ICWS_PHASE_IDLE);
  }
  if (!task->settings.quiet)
    icws_complain(task->program,
                  "the canister's interface is not known (%s); --candid FILE gives it",
                  failure.text);
  return ICWS_EXIT_OK;
}

static int find_method(struct task *task)
{
  const char *candid = task->settings.candid;
  const char *source = candid != NULL ? icws_file_name(candid) : task->settings.canister;
  if (task->interface.types == NULL)
    return ICWS_EXIT_OK;
  if (!icws_method_find(&task->interface, task->program, source, task->name, &task->method))
    return ICWS_EXIT_USAGE;
  task->knows_method = true;
  if (!task->is_query || task->method.is_query)
    return ICWS_EXIT_OK;
  icws_complain(task->program, "%s: '%s' is an update method: '%s' runs it", source, task->name,
                CALL_NAME);
  return ICWS_EXIT_USAGE;
}

static int learn_method(struct task *task)
{
  int status = ICWS_EXIT_OK;
  if (task->settings.candid == NULL && needs_interface(task))
    status = fetch_interface(task);
  return status == ICWS_EXIT_OK ? find_method(task) : status;
}

/* --- The request -------------------------------------------------------------------------------- */

static int encode(struct task *task)
{
  struct icws_bytes given = icws_buf_bytes(&task->argument);
  struct icws_candid_types *types = task->interface.types;
  if (task->settings.argument.hex) {
    icws_buf_put(&task->message, given.data, given.len);
    return icws_buf_error(&task->message) == ICWS_OK ? ICWS_EXIT_OK : ICWS_EXIT_OTHER;
  }
  if (types != NULL)
    return icws_argument_encode(given, task->program, types, &task->method, &task->message);
  if (icws_candid_types_new(NULL, &types) != ICWS_OK)
    return icws_ask_refused(&task->ask, ICWS_ERR_NOMEM);
  int status = icws_argument_encode(given, task->program, types, NULL, &task->message);
  icws_candid_types_del(types);
  return status;
}

static void on_answer(struct icws_agent *agent, const struct icws_agent_answer *answer,
                      void *user_data)
{
  struct task *task = user_data;
  const struct icws_reply reply = {
      .program = task->program,
      .format = task->format,
      .types = task->knows_method ? task->interface.types : NULL,
      .method = &task->method,
  };
  (void)agent;
  if (task->settings.verbose)
    icws_reply_say(task->program, answer);
  task->status = answer->outcome == ICWS_AGENT_REPLIED ? icws_reply_print(&reply, answer->reply)
                                                       : icws_ask_complain(&task->ask, answer);
}

static int send(struct task *task)
{
  const struct icws_agent_method method = {
      .canister = task->canister,
      .name = icws_bytes_text(task->name),
      .arg = icws_buf_bytes(&task->message),
      .effective = task->settings.effective != NULL ? &task->effective : NULL,
  };
  struct icws_agent *agent = task->ask.network.agent;
  enum icws_error error = task->is_query ? icws_agent_query(agent, &method, on_answer, task, NULL)
                                         : icws_agent_call(agent, &method, on_answer, task, NULL);
  if (error != ICWS_OK)
    return icws_ask_refused(&task->ask, error);
  int status = icws_ask_wait(&task->ask);
  if (status == ICWS_EXIT_OK)
    return task->status;
  if (!task->is_query)
    icws_complain(task->program, "the canister may have executed the call, or may yet");
  return status;
}

/* Before signals are caught: one that comes while standard input is read ends the program. */
static int read_files(struct task *task)
{
  int status = icws_argument_read(&task->settings.argument, task->program, &task->argument);
  if (status == ICWS_EXIT_OK && task->settings.candid != NULL)
    status = icws_interface_load(&task->interface, task->program, task->settings.candid);
  return status;
}

static int run(struct task *task)
{
  int status = read_files(task);
  if (status != ICWS_EXIT_OK)
    return status;
  status = icws_ask_begin(&task->ask, task->program, &task->settings.network);
  if (status == ICWS_EXIT_OK)
    status = learn_method(task);
  if (status == ICWS_EXIT_OK)
    status = encode(task);
  if (status == ICWS_EXIT_OK)
    status = send(task);
  icws_ask_end(&task->ask);
  return status;
}

static int ask(struct task *task, const char *about, int argc, char **argv)
{
  struct icws_operands rest;
  const struct icws_option_group groups[] = {
      {"Method", method_options, COUNT_OF(method_options), &task->settings},
      {"Network", icws_network_options, ICWS_NETWORK_OPTIONS, &task->settings.network},
      {"Trust", icws_network_trust_options, ICWS_NETWORK_TRUST_OPTIONS, &task->settings.network},
      {"Output", output_options, COUNT_OF(output_options), &task->settings},
  };
  const struct icws_command_line command_line = {
      .program = task->program,
      .synopsis = "-c ID [OPTION]... METHOD [ARGUMENT]",
      .about = about,
      .operands = {"METHOD"},
      .rest = &rest,
      .groups = groups,
      .group_count = COUNT_OF(groups),
  };
  int status = icws_options_parse(&command_line, argc, argv, &task->name);
  if (status != ICWS_OPTIONS_GO)
    return status;
  icws_buf_init(&task->argument, ICWS_FILE_MAX_BYTES, NULL);
  icws_buf_init(&task->message, 0, NULL);
  icws_interface_init(&task->interface);
  status = check_settings(task, &rest);
  if (status == ICWS_EXIT_OK)
    status = run(task);
  icws_interface_wipe(&task->interface);
  icws_buf_wipe(&task->message);
  icws_buf_wipe(&task->argument);
  return status;
}

int icws_cli_query(int argc, char **argv)
{
  struct task task = {.program = QUERY_NAME, .is_query = true};
  return ask(&task,
             "Run a query method and print its reply, which nodes of the canister's subnet have "
             "signed.\n"
             "ARGUMENT is Candid text in parentheses (default: ()), or - for standard input.\n",
             argc, argv);
}

int icws_cli_call(int argc, char **argv)
{
  struct task task = {.program = CALL_NAME};
  return ask(&task,
             "Run an update method and print its reply, which is certified.\n"
             "ARGUMENT is Candid text in parentheses (default: ()), or - for standard input.\n",
             argc, argv);
}
