/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include <icws/verifier.h>

#include "ask.h"
#include "common/complain.h"
#include "common/escape.h"
#include "common/exit_code.h"
#include "common/options.h"
#include "common/output.h"
#include "json_parts.h"

#define NAME "icws status"
#define UNPROVEN "nothing of this is proven: it is the word of who answered"

struct settings {
  struct icws_network_settings network;
  bool json;
};

static const struct icws_option options[] = {
    {'J', "json", NULL, ICWS_OPTION_FLAG, offsetof(struct settings, json),
     "print it as a JSON object"},
};

struct task {
  struct settings settings;
  struct icws_ask ask;
  int status;
};

/* --- For people --------------------------------------------------------------------------------- */

static void put_line(struct icws_buf *out, const char *what, struct icws_bytes text)
{
  char name[16];
  snprintf(name, sizeof(name), "%-10s  ", what);
  icws_buf_put_text(out, name);
  if (text.len == 0)
    icws_buf_put_text(out, "(not said)");
  icws_escape(text, out);
  icws_buf_put_u8(out, '\n');
}

static void put_root_key(struct icws_buf *out, struct icws_bytes key)
{
  struct icws_buf digits;
  icws_buf_init(&digits, 0, NULL);
  icws_hex_put(&digits, key);
  if (icws_bytes_equal(key, icws_root_key_mainnet()))
    icws_buf_put_text(&digits, " (mainnet's)");
  put_line(out, "root key", icws_buf_bytes(&digits));
  icws_buf_wipe(&digits);
}

static void put_words(const struct task *task, const struct icws_agent_status *status,
                      struct icws_buf *out)
{
  char height[24] = "";
  if (status->certified_height > 0)
    snprintf(height, sizeof(height), "%" PRIu64, status->certified_height);
  put_line(out, "network", icws_bytes_text(task->ask.network.url));
  put_line(out, "health", status->health);
  put_line(out, "version", status->implementation);
  put_line(out, "height", icws_bytes_text(height));
  put_root_key(out, status->root_key);
  icws_buf_put_text(out, UNPROVEN "\n");
}

/* --- For programs ------------------------------------------------------------------------------- */

/* What is absent is null; what is no UTF-8, too. */
static json_t *json_text(struct icws_bytes text)
{
  json_t *string = text.len == 0 ? NULL : json_stringn((const char *)text.data, text.len);
  return string == NULL ? json_null() : string;
}

static void put_json(const struct task *task, const struct icws_agent_status *status,
                     struct icws_buf *out)
{
  json_t *key = status->root_key.len == 0 ? json_null() : icws_json_hex(status->root_key);
  icws_json_put_line(json_pack("{s:s, s:o, s:o, s:I, s:o, s:b}", "network", task->ask.network.url,
                               "health", json_text(status->health), "version",
                               json_text(status->implementation), "height",
                               (json_int_t)status->certified_height, "root_key", key, "proven", 0),
                     out);
}

/* --- The command -------------------------------------------------------------------------------- */

static int print(const struct task *task, struct icws_bytes encoding)
{
  struct icws_agent_status status;
  struct icws_buf out;
  if (icws_agent_status_decode(encoding, &status) != ICWS_OK) {
    icws_complain(NAME, "the network's status is not what the specification says");
    return ICWS_EXIT_PROTOCOL;
  }
  icws_buf_init(&out, 0, NULL);
  if (task->settings.json)
    put_json(task, &status, &out);
  else
    put_words(task, &status, &out);
  int written = icws_output_finish(NAME, &out);
  icws_buf_wipe(&out);
  return written;
}

static void on_answer(struct icws_agent *agent, const struct icws_agent_answer *answer,
                      void *user_data)
{
  struct task *task = user_data;
  (void)agent;
  task->status = answer->outcome == ICWS_AGENT_REPLIED ? print(task, answer->reply)
                                                       : icws_ask_complain(&task->ask, answer);
}

static int ask(struct task *task)
{
  struct icws_ask *asking = &task->ask;
  /* A status needs no trust: nothing of it could be verified. */
  task->settings.network.root_key = "mainnet";
  int status = icws_ask_begin(asking, NAME, &task->settings.network);
  if (status == ICWS_EXIT_OK) {
    enum icws_error error = icws_agent_status(asking->network.agent, on_answer, task, NULL);
    status = error == ICWS_OK ? icws_ask_wait(asking) : icws_ask_refused(asking, error);
    if (status == ICWS_EXIT_OK)
      status = task->status;
  }
  icws_ask_end(asking);
  return status;
}

int icws_cli_status(int argc, char **argv)
{
  struct task task = {.status = ICWS_EXIT_OK};
  const struct icws_option_group groups[] = {
      {"Network", icws_network_options, ICWS_NETWORK_OPTIONS, &task.settings.network},
      {"Output", options, sizeof(options) / sizeof(options[0]), &task.settings},
  };
  const struct icws_command_line command_line = {
      .program = NAME,
      .synopsis = "[OPTION]...",
      .about = "Print what a network says of itself.  Nothing of it is proven.\n",
      .groups = groups,
      .group_count = 2,
  };
  int status = icws_options_parse(&command_line, argc, argv, NULL);
  return status == ICWS_OPTIONS_GO ? ask(&task) : status;
}
