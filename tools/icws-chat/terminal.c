/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <readline/history.h>
#include <readline/readline.h>

#define PROMPT "> "

/* readline calls back without saying whom. */
static icws_terminal_line_fn *line_fn;
static void *line_user_data;
static bool at_end;

static void on_line(char *line)
{
  if (line == NULL)
    at_end = true;
  else if (line[0] != '\0')
    add_history(line);
  line_fn(line, line_user_data);
  free(line);
}

void icws_terminal_open(const char *name, icws_terminal_line_fn *function, void *user_data)
{
  line_fn = function;
  line_user_data = user_data;
  at_end = false;
  rl_readline_name = name;
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_inhibit_completion = 1;
  rl_callback_handler_install(PROMPT, on_line);
}

void icws_terminal_close(void)
{
  bool prompt_is_shown = !at_end && !RL_ISSTATE(RL_STATE_DONE);
  if (prompt_is_shown) {
    rl_set_prompt("");
    rl_replace_line("", 0);
    rl_redisplay();
  }
  rl_callback_handler_remove();
  if (at_end)
    fputc('\n', rl_outstream);
  fflush(rl_outstream);
  line_fn = NULL;
}

void icws_terminal_read(void)
{
  rl_callback_read_char();
}

/* While readline hands over a line there is no prompt on the screen; otherwise it is taken away and
 * put back with all that has been typed. */
void icws_terminal_print(struct icws_bytes text)
{
  bool prompt_is_shown = !RL_ISSTATE(RL_STATE_DONE);
  int point = rl_point;
  char *typed = NULL;
  if (prompt_is_shown) {
    typed = rl_copy_text(0, rl_end);
    rl_save_prompt();
    rl_replace_line("", 0);
    rl_redisplay();
  }
  fwrite(text.data, 1, text.len, rl_outstream);
  if (prompt_is_shown) {
    rl_restore_prompt();
    rl_replace_line(typed, 0);
    rl_point = point;
    rl_forced_update_display();
    free(typed);
  }
  fflush(rl_outstream);
}

bool icws_terminal_cancel_line(void)
{
  bool was_empty = rl_end == 0;
  rl_callback_sigcleanup();
  fputs("^C\n", rl_outstream);
  rl_replace_line("", 0);
  rl_on_new_line();
  rl_redisplay();
  return !was_empty;
}

void icws_terminal_resize(void)
{
  if (line_fn != NULL)
    rl_resize_terminal();
}

void icws_terminal_suspend(void)
{
  if (line_fn != NULL)
    rl_deprep_term_function();
  raise(SIGSTOP);
}

void icws_terminal_resume(void)
{
  if (line_fn == NULL)
    return;
  rl_prep_term_function(1);
  rl_forced_update_display();
}
