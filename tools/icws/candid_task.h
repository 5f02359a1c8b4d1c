/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_CANDID_TASK_H
#define ICWS_CLI_CANDID_TASK_H

#include <icws/candid_value.h>

#include "common/interface.h"
#include "method.h"

/* What `icws candid decode` and `encode` have in common: values, and what they are expected to be. */
struct icws_candid_task {
  const char *program;
  const char *types;  /* --types, or NULL */
  const char *candid; /* --candid, or NULL */
  const char *method; /* --method, or NULL */
  bool results;       /* --results */
  struct icws_interface interface;
  int expected[ICWS_METHOD_TYPES];
  size_t count;
  bool knows_types;
  struct icws_arena arena;
  struct icws_candid_args args;
};

/* icws_candid_task_begin reads the command line, whose one operand is called |operand_name|, loads
 * the interface and finds out the types.  Returns ICWS_OPTIONS_GO or what to end with;
 * icws_candid_task_end is due in either case. */
int icws_candid_task_begin(struct icws_candid_task *task, const char *program, const char *about,
                           const char *operand_name, int argc, char **argv, const char **operand);
void icws_candid_task_end(struct icws_candid_task *task);

/* icws_candid_task_expect_message makes a task that has an interface, but neither types nor a method,
 * one for a message of the application.  Returns an exit status. */
int icws_candid_task_expect_message(struct icws_candid_task *task);

/* icws_candid_task_print writes |line| and a newline to standard output.  Returns an exit status. */
int icws_candid_task_print(const struct icws_candid_task *task, struct icws_buf *line);

#endif
