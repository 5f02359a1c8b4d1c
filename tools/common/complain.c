/* SPDX-License-Identifier: Apache-2.0 */
#include "common/complain.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/exit_code.h"

#define LINE_BYTES 1024

__attribute__((format(printf, 2, 0))) static void complain(const char *program, const char *format,
                                                           va_list arguments)
{
  char line[LINE_BYTES];
  vsnprintf(line, sizeof(line), format, arguments);
  fprintf(stderr, "%s: %s\n", program, line);
}

void icws_complain(const char *program, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  complain(program, format, arguments);
  va_end(arguments);
}

void icws_complain_failure(const char *program, const struct icws_failure *failure)
{
  int check = icws_error_check(failure->code);
  const char *text = failure->text[0] != '\0' ? failure->text : icws_strerror(failure->code);
  if (check != 0)
    icws_complain(program, "verification failed at check %d: %s", check, text);
  else
    icws_complain(program, "%s", text);
}

int icws_complain_usage(const char *program, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  complain(program, format, arguments);
  va_end(arguments);
  icws_complain(program, "try '%s --help'", program);
  return ICWS_EXIT_USAGE;
}

int icws_complain_id(const char *program, const char *option, const char *text)
{
  return icws_complain_usage(program,
                             "--%s takes an id such as ryjl3-tyaaa-aaaaa-aaaba-cai, not '%s': "
                             "is it mistyped?",
                             option, text);
}
