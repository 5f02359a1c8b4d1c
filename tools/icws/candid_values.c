/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <icws/candid_text.h>

#include "candid_task.h"
#include "common/caret.h"
#include "common/complain.h"
#include "common/exit_code.h"
#include "common/file.h"
#include "common/options.h"
#include "input.h"

#define DIDL_HEX "4449444c" /* how the hex digits of every message begin */

static int fail(const struct icws_candid_task *task, const struct icws_failure *failure)
{
  icws_complain_failure(task->program, failure);
  return ICWS_EXIT_OTHER;
}

/* --- Decoding ---------------------------------------------------------------------------------- */

static bool is_hex_of_message(struct icws_bytes text)
{
  return text.len >= strlen(DIDL_HEX) &&
         strncasecmp((const char *)text.data, DIDL_HEX, strlen(DIDL_HEX)) == 0;
}

/* The hex digits of a message, or else the name of a file. */
static enum icws_error take_operand(const char *operand, struct icws_buf *message,
                                    struct icws_failure *failure)
{
  struct icws_buf digits;
  icws_buf_init(&digits, 0, NULL);
  icws_buf_put(&digits, operand, strlen(operand));
  icws_input_squeeze(&digits);
  enum icws_error error = icws_buf_error(&digits);
  if (error != ICWS_OK) {
    icws_fail(failure, error, "%s", icws_strerror(error));
  } else if (!is_hex_of_message(icws_buf_bytes(&digits))) {
    error = icws_input_read(operand, message, failure);
  } else {
    error = icws_hex_decode(icws_buf_bytes(&digits), message);
    if (error != ICWS_OK)
      icws_fail(failure, error, "the message: %s", icws_strerror(error));
  }
  icws_buf_wipe(&digits);
  return error;
}

static int read_message(const struct icws_candid_task *task, const char *operand,
                        struct icws_buf *message)
{
  struct icws_failure failure = {.code = ICWS_OK};
  return take_operand(operand, message, &failure) == ICWS_OK ? ICWS_EXIT_OK : fail(task, &failure);
}

static int decode(struct icws_candid_task *task, struct icws_bytes message)
{
  struct icws_failure failure = {.code = ICWS_OK};
  struct icws_buf text;
  enum icws_candid_layout layout =
      isatty(STDOUT_FILENO) ? ICWS_CANDID_PRETTY : ICWS_CANDID_ONE_LINE;
  enum icws_error error = task->knows_types
                              ? icws_candid_decode(message, task->interface.types, task->expected,
                                                   task->count, &task->arena, &task->args, &failure)
                              : icws_candid_decode_any(message, task->interface.types, &task->arena,
                                                       &task->args, &failure);
  if (error != ICWS_OK)
    return fail(task, &failure);
  icws_buf_init(&text, 0, NULL);
  error = icws_candid_print(&task->args, layout, &text);
  if (error != ICWS_OK)
    icws_fail(&failure, error, "%s", icws_strerror(error));
  int status = error == ICWS_OK ? icws_candid_task_print(task, &text) : fail(task, &failure);
  icws_buf_wipe(&text);
  return status;
}

int icws_cli_candid_decode(int argc, char **argv)
{
  static const char about[] =
      "Print a message as Candid text.  OPERAND is its hex digits, a file, or - for standard "
      "input.\n"
      "Without options fields have the hashes of their names; with --candid alone the message is\n"
      "one of the application's, which the service's ws_message says.\n";
  struct icws_candid_task task;
  struct icws_buf message;
  const char *operand;
  icws_buf_init(&message, ICWS_FILE_MAX_BYTES, NULL);
  int status =
      icws_candid_task_begin(&task, "icws candid decode", about, "a message", argc, argv, &operand);
  if (status == ICWS_OPTIONS_GO) {
    status = icws_candid_task_expect_message(&task);
    if (status == ICWS_EXIT_OK)
      status = read_message(&task, operand, &message);
    if (status == ICWS_EXIT_OK)
      status = decode(&task, icws_buf_bytes(&message));
  }
  icws_candid_task_end(&task);
  icws_buf_wipe(&message);
  return status;
}

/* --- Encoding ---------------------------------------------------------------------------------- */

static int parse(struct icws_candid_task *task, struct icws_bytes text)
{
  struct icws_candid_spot spot = {.line = 0};
  struct icws_failure failure = {.code = ICWS_OK};
  enum icws_error error =
      task->knows_types ? icws_candid_parse(text, task->interface.types, task->expected,
                                            task->count, &task->arena, &task->args, &spot, &failure)
                        : icws_candid_parse_any(text, task->interface.types, &task->arena,
                                                &task->args, &spot, &failure);
  if (error == ICWS_OK)
    return ICWS_EXIT_OK;
  icws_complain_at(task->program, "the value", text, &spot, &failure);
  return ICWS_EXIT_OTHER;
}

static int encode(const struct icws_candid_task *task)
{
  struct icws_failure failure = {.code = ICWS_OK};
  struct icws_buf message;
  struct icws_buf hex;
  icws_buf_init(&message, 0, NULL);
  icws_buf_init(&hex, 0, NULL);
  int status = ICWS_EXIT_OTHER;
  if (icws_candid_encode(&task->args, &message, &failure) != ICWS_OK) {
    icws_complain_failure(task->program, &failure);
  } else {
    icws_hex_put(&hex, icws_buf_bytes(&message));
    status = icws_candid_task_print(task, &hex);
  }
  icws_buf_wipe(&message);
  icws_buf_wipe(&hex);
  return status;
}

/* The operand itself, or what standard input holds for "-". */
static int read_text(const struct icws_candid_task *task, const char *operand,
                     struct icws_buf *text)
{
  struct icws_failure failure = {.code = ICWS_OK};
  if (strcmp(operand, "-") == 0)
    return icws_file_read(operand, text, &failure) == ICWS_OK ? ICWS_EXIT_OK : fail(task, &failure);
  icws_buf_put(text, operand, strlen(operand));
  return ICWS_EXIT_OK;
}

int icws_cli_candid_encode(int argc, char **argv)
{
  static const char about[] =
      "Print the hex digits of a message.  OPERAND is its values as Candid text, in parentheses, "
      "or\n"
      "- for standard input.  Without --types or --method numbers are int, or float64 with a "
      "point,\n"
      "unless an annotation says more, as in (5 : nat8) or, with --candid, (record { ... } : "
      "Type).\n";
  struct icws_candid_task task;
  struct icws_buf text;
  const char *operand;
  icws_buf_init(&text, ICWS_FILE_MAX_BYTES, NULL);
  int status =
      icws_candid_task_begin(&task, "icws candid encode", about, "a value", argc, argv, &operand);
  if (status == ICWS_OPTIONS_GO) {
    status = read_text(&task, operand, &text);
    if (status == ICWS_EXIT_OK)
      status = parse(&task, icws_buf_bytes(&text));
    if (status == ICWS_EXIT_OK)
      status = encode(&task);
  }
  icws_candid_task_end(&task);
  icws_buf_wipe(&text);
  return status;
}
