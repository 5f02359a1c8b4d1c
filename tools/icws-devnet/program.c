/* SPDX-License-Identifier: Apache-2.0 */
#include "program.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>
#include <uv.h>

#include "announce.h"
#include "common/complain.h"
#include "common/descriptors.h"
#include "common/exit_code.h"
#include "common/hardening.h"
#include "common/options.h"
#include "options.h"
#include "state_folder.h"

#define DRAIN_TIMEOUT_MS 3000

/* The running program. */
struct program {
  uv_loop_t loop;
  uv_signal_t interrupt;
  uv_signal_t terminate;
  uv_pipe_t parent;
  char parent_byte;
  bool ending;
  struct icws_devnet *devnet;
  struct icws_state_folder folder;
};

/* --- Ending ------------------------------------------------------------------------------------ */

static void on_drained(void *user_data, size_t unsettled)
{
  struct program *program = user_data;
  (void)unsettled;
  uv_stop(&program->loop);
}

/* The first time in good order, the second time at once. */
static void end(struct program *program)
{
  if (program->ending) {
    uv_stop(&program->loop);
    return;
  }
  program->ending = true;
  icws_devnet_drain(program->devnet, DRAIN_TIMEOUT_MS, on_drained, program);
}

static void on_signal(uv_signal_t *signal, int number)
{
  (void)number;
  end(signal->data);
}

static void on_parent_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
  struct program *program = handle->data;
  (void)suggested;
  *buf = uv_buf_init(&program->parent_byte, 1);
}

/* What the parent writes is of no interest, only that it can. */
static void on_parent_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
  (void)buf;
  if (count < 0) {
    uv_read_stop(stream);
    end(stream->data);
  }
}

/* --- Starting ---------------------------------------------------------------------------------- */

static void log_line(void *user_data, const struct icws_gateway_log_entry *entry)
{
  const struct icws_devnet_options *options = user_data;
  enum icws_gateway_log_level most =
      options->verbose ? ICWS_GATEWAY_LOG_INFO : ICWS_GATEWAY_LOG_ERROR;
  if (entry->level <= most) {
    icws_complain(ICWS_DEVNET_NAME, "%s", entry->text);
  }
}

static bool watch_signals(struct program *program)
{
  uv_signal_init(&program->loop, &program->interrupt);
  uv_signal_init(&program->loop, &program->terminate);
  program->interrupt.data = program;
  program->terminate.data = program;
  return uv_signal_start(&program->interrupt, on_signal, SIGINT) == 0 &&
         uv_signal_start(&program->terminate, on_signal, SIGTERM) == 0;
}

static bool watch_parent(struct program *program)
{
  uv_pipe_init(&program->loop, &program->parent, 0);
  program->parent.data = program;
  return uv_guess_handle(STDIN_FILENO) == UV_NAMED_PIPE &&
         uv_pipe_open(&program->parent, STDIN_FILENO) == 0 &&
         uv_read_start((uv_stream_t *)&program->parent, on_parent_alloc, on_parent_read) == 0;
}

static int start(struct program *program, struct icws_devnet_options *options)
{
  struct icws_failure failure;
  const struct icws_state_folder *folder = &program->folder;
  if (options->state != NULL &&
      icws_state_folder_open(&program->folder, options->state, &failure) != ICWS_OK) {
    icws_complain_failure(ICWS_DEVNET_NAME, &failure);
    return ICWS_EXIT_OTHER;
  }
  const struct icws_devnet_config config = {
      .loop = &program->loop,
      .gateway_port = (uint16_t)options->gateway_port,
      .network_port = (uint16_t)options->network_port,
      .gateway_over_http = options->gateway_over_http,
      .round_ms = (uint32_t)options->round_ms,
      .ack_interval_ms = (uint32_t)options->ack_interval_ms,
      .keep_alive_window_ms = (uint32_t)options->keep_alive_ms,
      .ticker_interval_ms = (uint32_t)options->ticker_ms,
      .seed = options->seed_hex == NULL ? folder->seed : options->seed,
      .canisters = folder->canisters[0].len == 0 ? NULL : folder->canisters,
      .log = log_line,
      .log_user_data = options};
  enum icws_error error = icws_devnet_new(&config, &program->devnet, &failure);
  if (error == ICWS_ERR_INVALID_ARGUMENT) {
    return icws_complain_usage(ICWS_DEVNET_NAME, "%s", failure.text);
  }
  if (error == ICWS_OK && options->state != NULL) {
    error = icws_state_folder_keep(folder, options->state, program->devnet, &failure);
  }
  if (error != ICWS_OK) {
    icws_complain_failure(ICWS_DEVNET_NAME, &failure);
    return ICWS_EXIT_OTHER;
  }
  error =
      options->json ? icws_announce_json(program->devnet) : icws_announce_words(program->devnet);
  if (error != ICWS_OK) {
    icws_complain(ICWS_DEVNET_NAME, "cannot write to standard output: %s", strerror(errno));
    return ICWS_EXIT_OTHER;
  }
  return ICWS_EXIT_OK;
}

static int run(struct program *program, struct icws_devnet_options *options)
{
  if (!watch_signals(program)) {
    icws_complain(ICWS_DEVNET_NAME, "cannot watch signals");
    return ICWS_EXIT_OTHER;
  }
  if (options->exit_with_parent && !watch_parent(program)) {
    return icws_complain_usage(ICWS_DEVNET_NAME,
                               "--exit-with-parent: standard input is not a pipe");
  }
  int code = start(program, options);
  if (code == ICWS_EXIT_OK) {
    uv_run(&program->loop, UV_RUN_DEFAULT);
  }
  return code;
}

static void close_handle(uv_handle_t *handle, void *unused)
{
  (void)unused;
  if (!uv_is_closing(handle)) {
    uv_close(handle, NULL);
  }
}

int icws_devnet_main(int argc, char **argv)
{
  struct program program = {0};
  struct icws_devnet_options options;
  icws_hold_standard_descriptors();
  icws_forbid_core_dumps();
  int code = icws_devnet_options_parse(&options, argc, argv);
  if (code != ICWS_OPTIONS_GO) {
    return code;
  }
  icws_state_folder_init(&program.folder);
  (void)signal(SIGPIPE, SIG_IGN);
  (void)icws_descriptors_limit(ICWS_DEVNET_DESCRIPTORS); /* fewer mean fewer clients */
  if (uv_loop_init(&program.loop) != 0) {
    icws_complain(ICWS_DEVNET_NAME, "cannot make a loop");
    return ICWS_EXIT_OTHER;
  }
  code = run(&program, &options);
  icws_devnet_del(program.devnet);
  icws_state_folder_wipe(&program.folder);
  sodium_memzero(options.seed, sizeof options.seed);
  uv_walk(&program.loop, close_handle, NULL);
  uv_run(&program.loop, UV_RUN_DEFAULT);
  (void)uv_loop_close(&program.loop);
  return code;
}
