/* SPDX-License-Identifier: Apache-2.0 */
#include "common/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "common/monotonic.h"
#include "common/sibling.h"
#include "common/signals.h"

#define PROGRAM "icws-devnet"
#define READY_TIMEOUT_MS 20000
#define LINE_MAX_BYTES 16384

extern char **environ;

void icws_demo_init(struct icws_demo *demo)
{
  *demo = (struct icws_demo){.input = -1};
}

/* --- Starting --------------------------------------------------------------------------------- */

static bool keep_from_child(int fd)
{
  return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

/* A process group of its own: Ctrl-C at the terminal is for the program the user looks at. */
static int spawn(const char *path, char *const *arguments, int input, int output, pid_t *child)
{
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t defaults;
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0)
    return error;
  error = posix_spawnattr_init(&attributes);
  if (error == 0) {
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    error = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (error == 0)
      error = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (error == 0)
      error = posix_spawnp(child, path, &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

/* Starts the child on two pipes; |*output| is where its line will come. */
static int start_child(struct icws_demo *demo, uint64_t ack_interval_ms, int *output)
{
  char path[ICWS_SIBLING_BYTES];
  char program[] = PROGRAM;
  char json[] = "--json";
  char with_parent[] = "--exit-with-parent";
  char ack_option[] = "--ack-interval-ms";
  char ack_ms[32];
  char *arguments[] = {program, json, with_parent, ack_option, ack_ms, NULL};
  if (ack_interval_ms == 0)
    arguments[3] = NULL;
  snprintf(ack_ms, sizeof(ack_ms), "%" PRIu64, ack_interval_ms);
  icws_sibling_path(PROGRAM, path);

  int in[2];
  int out[2];
  if (pipe(in) != 0)
    return errno;
  if (pipe(out) != 0) {
    int reason = errno;
    close(in[0]);
    close(in[1]);
    return reason;
  }
  int error = 0;
  if (!keep_from_child(in[0]) || !keep_from_child(in[1]) || !keep_from_child(out[0]) ||
      !keep_from_child(out[1]))
    error = errno;
  if (error == 0)
    error = spawn(path, arguments, in[0], out[1], &demo->child);
  close(in[0]);
  close(out[1]);
  demo->input = in[1];
  *output = out[0];
  return error;
}

/* --- The line that says it is ready ----------------------------------------------------------- */

/* Waits for input; a signal to this program ends the waiting, and stays to be taken. */
static bool wait_for(int fd, uint64_t deadline_ms)
{
  struct pollfd waits[] = {{.fd = fd, .events = POLLIN},
                           {.fd = icws_signals_fd(), .events = POLLIN}};
  for (;;) {
    int count = poll(waits, 2, icws_monotonic_sooner(-1, deadline_ms));
    if (count > 0)
      return waits[1].revents == 0;
    if (count == 0 || errno != EINTR)
      return false;
  }
}

static bool read_line(int fd, char line[LINE_MAX_BYTES], size_t *len)
{
  uint64_t deadline_ms = icws_monotonic_ms() + READY_TIMEOUT_MS;
  for (*len = 0; *len < LINE_MAX_BYTES;) {
    if (!wait_for(fd, deadline_ms))
      return false;
    ssize_t count = read(fd, line + *len, LINE_MAX_BYTES - *len);
    if (count <= 0)
      return false;
    *len += (size_t)count;
    if (line[*len - 1] == '\n')
      return true;
  }
  return false;
}

static char *copy_text(const json_t *object, const char *key)
{
  const char *text = json_string_value(json_object_get(object, key));
  return text == NULL ? NULL : strdup(text);
}

static bool take_line(struct icws_demo *demo, const char *line, size_t len, const char *canister)
{
  json_t *ready = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
  demo->gateway_url = copy_text(ready, "gateway_url");
  demo->network_url = copy_text(ready, "network_url");
  demo->root_key = copy_text(ready, "root_key");
  demo->canister = copy_text(json_object_get(ready, "canisters"), canister);
  json_decref(ready);
  return demo->gateway_url != NULL && demo->network_url != NULL && demo->root_key != NULL &&
         demo->canister != NULL;
}

enum icws_error icws_demo_start(struct icws_demo *demo, const char *canister,
                                uint64_t ack_interval_ms, struct icws_failure *failure)
{
  char line[LINE_MAX_BYTES];
  size_t len = 0;
  int output = -1;
  int reason = start_child(demo, ack_interval_ms, &output);
  bool ready = reason == 0 && read_line(output, line, &len);
  if (output >= 0)
    close(output);
  if (reason != 0)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "cannot run %s, the local network: %s", PROGRAM,
                     strerror(reason));
  if (!ready || !take_line(demo, line, len, canister))
    return icws_fail(failure, ICWS_ERR_SYSTEM, "%s, the local network, did not get ready", PROGRAM);
  return ICWS_OK;
}

void icws_demo_stop(struct icws_demo *demo)
{
  if (demo->input >= 0)
    close(demo->input);
  if (demo->child > 0) {
    kill(demo->child, SIGTERM);
    while (waitpid(demo->child, NULL, 0) < 0 && errno == EINTR)
      continue;
  }
  free(demo->gateway_url);
  free(demo->network_url);
  free(demo->root_key);
  free(demo->canister);
  icws_demo_init(demo);
}
