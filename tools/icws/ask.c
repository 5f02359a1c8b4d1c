/* SPDX-License-Identifier: Apache-2.0 */
#include "ask.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <icws/session.h>

#include "common/complain.h"
#include "common/escape.h"
#include "common/exit_code.h"
#include "common/monotonic.h"
#include "common/signals.h"

#define SHOWN_TEXT_BYTES ((size_t)8192) /* of why a request was rejected */

static int complain_open(const char *program, const struct icws_failure *failure)
{
  int number = icws_signals_take_ending();
  if (number != 0)
    return ICWS_EXIT_SIGNAL + number;
  switch (failure->code) {
  case ICWS_ERR_INVALID_ARGUMENT:
  case ICWS_ERR_URL:
  case ICWS_ERR_HEX:
  case ICWS_ERR_ROOT_KEY:
    return icws_complain_usage(program, "%s", failure->text);
  default:
    icws_complain_failure(program, failure);
    return ICWS_EXIT_OTHER;
  }
}

int icws_ask_begin(struct icws_ask *ask, const char *program,
                   const struct icws_network_settings *settings)
{
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  struct icws_failure failure = {.code = ICWS_OK};
  *ask = (struct icws_ask){.program = program, .deadline_ms = ICWS_NEVER};
  if (!icws_signals_open(signals, sizeof(signals) / sizeof(signals[0]))) {
    icws_complain(program, "cannot catch signals: %s", strerror(errno));
    return ICWS_EXIT_OTHER;
  }
  if (icws_network_open(&ask->network, settings, &failure) != ICWS_OK)
    return complain_open(program, &failure);
  if (settings->timeout_ms > 0)
    ask->deadline_ms = icws_monotonic_ms() + settings->timeout_ms;
  return ICWS_EXIT_OK;
}

void icws_ask_end(struct icws_ask *ask)
{
  icws_network_close(&ask->network);
  icws_signals_close();
}

int icws_ask_waited(const struct icws_ask *ask, int waited)
{
  if (waited > 0)
    return ICWS_EXIT_SIGNAL + waited;
  if (waited == 0)
    return ICWS_EXIT_OK;
  icws_complain(ask->program, "no answer within the time of --timeout");
  return ICWS_EXIT_WAITED;
}

int icws_ask_wait(struct icws_ask *ask)
{
  return icws_ask_waited(ask, icws_network_wait(&ask->network, ask->deadline_ms));
}

int icws_ask_refused(const struct icws_ask *ask, enum icws_error error)
{
  icws_complain(ask->program, "%s", icws_strerror(error));
  return ICWS_EXIT_OTHER;
}

/* --- Rejects ------------------------------------------------------------------------------------ */

static const char *name_of(enum icws_reject_code code)
{
  switch (code) {
  case ICWS_REJECT_NONE:
    return "refused";
  case ICWS_REJECT_SYS_FATAL:
    return "SYS_FATAL";
  case ICWS_REJECT_SYS_TRANSIENT:
    return "SYS_TRANSIENT";
  case ICWS_REJECT_DESTINATION_INVALID:
    return "DESTINATION_INVALID";
  case ICWS_REJECT_CANISTER_REJECT:
    return "CANISTER_REJECT";
  case ICWS_REJECT_CANISTER_ERROR:
    return "CANISTER_ERROR";
  case ICWS_REJECT_SYS_UNKNOWN:
    return "SYS_UNKNOWN";
  }
  return "unknown code";
}

static void put_text(struct icws_bytes text, struct icws_buf *out)
{
  char rest[48];
  if (text.len <= SHOWN_TEXT_BYTES) {
    icws_escape(text, out);
    return;
  }
  icws_escape(icws_bytes_of(text.data, SHOWN_TEXT_BYTES), out);
  snprintf(rest, sizeof(rest), "... (%zu bytes)", text.len);
  icws_buf_put_text(out, rest);
}

static void say_unproven(const struct icws_ask *ask)
{
  icws_complain(ask->program, "nothing proves this: it is the word of who answered at %s",
                ask->network.url);
}

static int complain_reject(const struct icws_ask *ask, const struct icws_agent_reject *reject)
{
  char code[64];
  struct icws_buf line;
  icws_buf_init(&line, 0, NULL);
  snprintf(code, sizeof(code), "rejected: %s (%d)", name_of(reject->code), (int)reject->code);
  icws_buf_put_text(&line, code);
  if (reject->error_code.len > 0) {
    icws_buf_put_text(&line, ", ");
    put_text(reject->error_code, &line);
  }
  icws_buf_put_text(&line, ": ");
  put_text(reject->text, &line);
  if (icws_buf_error(&line) == ICWS_OK)
    fprintf(stderr, "%s: %.*s\n", ask->program, (int)line.len, (const char *)line.data);
  else
    icws_complain(ask->program, "%s", code);
  icws_buf_wipe(&line);
  if (!reject->proven)
    say_unproven(ask);
  return ICWS_EXIT_REJECTED;
}

int icws_ask_complain(const struct icws_ask *ask, const struct icws_agent_answer *answer)
{
  if (answer->outcome == ICWS_AGENT_REJECTED)
    return complain_reject(ask, &answer->reject);
  icws_complain_failure(ask->program, answer->failure);
  if (answer->failure->code == ICWS_ERR_REFUSED)
    say_unproven(ask);
  if (answer->may_be_processed && answer->failure->code != ICWS_ERR_CALL_UNKNOWN)
    icws_complain(ask->program, "the canister may have executed the call all the same, or may yet");
  return icws_exit_code(answer->failure->code, ICWS_PHASE_IDLE);
}
