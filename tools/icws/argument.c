/* SPDX-License-Identifier: Apache-2.0 */
#include "argument.h"

#include <string.h>

#include <icws/candid_text.h>

#include "common/caret.h"
#include "common/complain.h"
#include "common/exit_code.h"
#include "common/file.h"
#include "common/payload.h"
#include "input.h"

/* --- Reading ------------------------------------------------------------------------------------ */

static enum icws_error decode_word(const char *word, struct icws_buf *out,
                                   struct icws_failure *failure)
{
  struct icws_buf digits;
  icws_buf_init(&digits, 0, NULL);
  icws_buf_put_text(&digits, word);
  icws_input_squeeze(&digits);
  enum icws_error error = icws_buf_error(&digits);
  if (error == ICWS_OK)
    error = icws_hex_decode(icws_buf_bytes(&digits), out);
  if (error != ICWS_OK)
    icws_fail(failure, error, "the argument: %s", icws_strerror(error));
  icws_buf_wipe(&digits);
  return error;
}

int icws_argument_read(const struct icws_argument *argument, const char *program,
                       struct icws_buf *out)
{
  struct icws_failure failure = {.code = ICWS_OK};
  const char *file = argument->file;
  enum icws_error error = ICWS_OK;
  if (argument->word != NULL && strcmp(argument->word, "-") == 0)
    file = "-";
  if (file != NULL)
    error =
        argument->hex ? icws_input_read(file, out, &failure) : icws_file_read(file, out, &failure);
  else if (argument->hex && argument->word != NULL)
    error = decode_word(argument->word, out, &failure);
  else if (argument->hex)
    return icws_complain_usage(program, "--hex needs an argument");
  else
    icws_buf_put_text(out, argument->word != NULL ? argument->word : "()");
  if (error == ICWS_OK && icws_buf_error(out) == ICWS_OK)
    return ICWS_EXIT_OK;
  if (error == ICWS_OK)
    icws_fail(&failure, icws_buf_error(out), "%s", icws_strerror(icws_buf_error(out)));
  icws_complain_failure(program, &failure);
  return ICWS_EXIT_OTHER;
}

/* --- Encoding ----------------------------------------------------------------------------------- */

int icws_argument_encode(struct icws_bytes text, const char *program,
                         struct icws_candid_types *types, const struct icws_method *method,
                         struct icws_buf *out)
{
  struct icws_candid_spot spot = {.line = 0};
  struct icws_failure failure = {.code = ICWS_OK};
  struct icws_candid_args args;
  struct icws_arena arena;
  int status = ICWS_EXIT_OTHER;
  icws_arena_init(&arena, ICWS_PAYLOAD_MAX_BYTES, NULL);
  enum icws_error error =
      method != NULL ? icws_candid_parse(text, types, method->arguments, method->argument_count,
                                         &arena, &args, &spot, &failure)
                     : icws_candid_parse_any(text, types, &arena, &args, &spot, &failure);
  if (error != ICWS_OK)
    icws_complain_at(program, "the argument", text, &spot, &failure);
  else if (icws_candid_encode(&args, out, &failure) != ICWS_OK)
    icws_complain_failure(program, &failure);
  else
    status = ICWS_EXIT_OK;
  icws_arena_wipe(&arena);
  return status;
}
