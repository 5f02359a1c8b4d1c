/* SPDX-License-Identifier: Apache-2.0 */
#include "candid_task.h"

#include <stddef.h>
#include <string.h>

#include <icws/candid_text.h>

#include "common/caret.h"
#include "common/complain.h"
#include "common/exit_code.h"
#include "common/file.h"
#include "common/options.h"
#include "common/output.h"
#include "common/payload.h"

#define MEMBER(name) offsetof(struct icws_candid_task, name)

static const struct icws_option options[] = {
    {'\0', "types", "TYPES", ICWS_OPTION_TEXT, MEMBER(types),
     "the types of the values, as in '(nat, opt text)'"},
    {'\0', "candid", "FILE", ICWS_OPTION_TEXT, MEMBER(candid),
     "a .did file, whose types may be named"},
    {'\0', "method", "NAME", ICWS_OPTION_TEXT, MEMBER(method),
     "the values are the arguments of this method of FILE"},
    {'\0', "results", NULL, ICWS_OPTION_FLAG, MEMBER(results), "they are its results instead"},
};

static int check_settings(const struct icws_candid_task *task)
{
  if (task->method != NULL && task->candid == NULL)
    return icws_complain_usage(task->program, "--method needs --candid");
  if (task->method != NULL && task->types != NULL)
    return icws_complain_usage(task->program, "--method and --types exclude each other");
  if (task->results && task->method == NULL)
    return icws_complain_usage(task->program, "--results needs --method");
  return ICWS_EXIT_OK;
}

/* Loads the file, or makes an empty table for the types that come up. */
static int load_interface(struct icws_candid_task *task)
{
  if (task->candid != NULL)
    return icws_interface_load(&task->interface, task->program, task->candid);
  enum icws_error error = icws_candid_types_new(NULL, &task->interface.types);
  if (error == ICWS_OK)
    return ICWS_EXIT_OK;
  icws_complain(task->program, "%s", icws_strerror(error));
  return ICWS_EXIT_OTHER;
}

static int take_types(struct icws_candid_task *task)
{
  struct icws_candid_spot spot = {.line = 0};
  struct icws_failure failure;
  struct icws_bytes text = icws_bytes_text(task->types);
  task->knows_types = true;
  if (icws_candid_parse_types(text, task->interface.types, task->expected, ICWS_METHOD_TYPES,
                              &task->count, &spot, &failure) == ICWS_OK)
    return ICWS_EXIT_OK;
  icws_complain_at(task->program, "--types", text, &spot, &failure);
  return ICWS_EXIT_OTHER;
}

static int take_method(struct icws_candid_task *task)
{
  struct icws_method method;
  if (!icws_method_find(&task->interface, task->program, icws_file_name(task->candid), task->method,
                        &method))
    return ICWS_EXIT_OTHER;
  task->knows_types = true;
  task->count = task->results ? method.result_count : method.argument_count;
  memcpy(task->expected, task->results ? method.results : method.arguments,
         task->count * sizeof(task->expected[0]));
  return ICWS_EXIT_OK;
}

int icws_candid_task_expect_message(struct icws_candid_task *task)
{
  struct icws_failure failure;
  if (task->knows_types || task->candid == NULL)
    return ICWS_EXIT_OK;
  if (icws_candid_interface_message_type(&task->interface.candid, &task->expected[0], &failure) !=
      ICWS_OK) {
    icws_complain(task->program, "%s: %s; --types or --method says what the values are",
                  icws_file_name(task->candid), failure.text);
    return ICWS_EXIT_OTHER;
  }
  task->knows_types = true;
  task->count = 1;
  return ICWS_EXIT_OK;
}

static int learn_types(struct icws_candid_task *task)
{
  int status = check_settings(task);
  if (status == ICWS_EXIT_OK)
    status = load_interface(task);
  if (status == ICWS_EXIT_OK && task->types != NULL)
    status = take_types(task);
  if (status == ICWS_EXIT_OK && task->method != NULL)
    status = take_method(task);
  return status == ICWS_EXIT_OK ? ICWS_OPTIONS_GO : status;
}

int icws_candid_task_begin(struct icws_candid_task *task, const char *program, const char *about,
                           const char *operand_name, int argc, char **argv, const char **operand)
{
  *task = (struct icws_candid_task){.program = program};
  icws_interface_init(&task->interface);
  icws_arena_init(&task->arena, ICWS_PAYLOAD_MAX_BYTES, NULL);
  const struct icws_option_group groups[] = {
      {"Options", options, sizeof(options) / sizeof(options[0]), task}};
  const struct icws_command_line command_line = {
      .program = program,
      .synopsis = "[OPTION]... OPERAND",
      .about = about,
      .operands = {operand_name},
      .groups = groups,
      .group_count = 1,
  };
  int status = icws_options_parse(&command_line, argc, argv, operand);
  return status == ICWS_OPTIONS_GO ? learn_types(task) : status;
}

void icws_candid_task_end(struct icws_candid_task *task)
{
  icws_arena_wipe(&task->arena);
  icws_interface_wipe(&task->interface);
}

int icws_candid_task_print(const struct icws_candid_task *task, struct icws_buf *line)
{
  icws_buf_put_u8(line, '\n');
  return icws_output_finish(task->program, line);
}
