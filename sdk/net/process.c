/* SPDX-License-Identifier: Apache-2.0 */
#include "process.h"

#include <pthread.h>
#include <time.h>

#include <ares.h>
#include <curl/curl.h>
#include <libwebsockets.h>

static pthread_once_t setup_once = PTHREAD_ONCE_INIT;
static const char *setup_error;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void setup(void)
{
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    setup_error = "libcurl cannot be initialised";
  else if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS)
    setup_error = "c-ares cannot be initialised";
}

enum icws_error icws_process_setup(struct icws_failure *failure)
{
  pthread_once(&setup_once, setup);
  if (setup_error != NULL)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "%s", setup_error);
  return ICWS_OK;
}

/* Its errors, which its callbacks tell as well, go to stderr by default. */
static void silence_libwebsockets(void)
{
  int level = 0;
  int bit;
  for (bit = 1; bit < 1 << LLL_COUNT; bit <<= 1)
    level |= lwsl_visible(bit);
  if (level == (LLL_ERR | LLL_WARN | LLL_NOTICE))
    lws_set_log_level(0, NULL);
}

void icws_process_lock(struct sigaction *sigpipe)
{
  pthread_mutex_lock(&lock);
  sigaction(SIGPIPE, NULL, sigpipe);
  silence_libwebsockets();
}

void icws_process_unlock(const struct sigaction *sigpipe)
{
  sigaction(SIGPIPE, sigpipe, NULL);
  pthread_mutex_unlock(&lock);
}

static bool sigpipe_pending(void)
{
  sigset_t pending;
  return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

void icws_sigpipe_block(struct icws_sigpipe *saved)
{
  sigset_t sigpipe;
  sigemptyset(&sigpipe);
  sigaddset(&sigpipe, SIGPIPE);
  saved->pending = sigpipe_pending();
  pthread_sigmask(SIG_BLOCK, &sigpipe, &saved->mask);
}

void icws_sigpipe_restore(const struct icws_sigpipe *saved)
{
  static const struct timespec at_once;
  sigset_t sigpipe;
  sigemptyset(&sigpipe);
  sigaddset(&sigpipe, SIGPIPE);
  if (!saved->pending && sigpipe_pending())
    sigtimedwait(&sigpipe, NULL, &at_once);
  pthread_sigmask(SIG_SETMASK, &saved->mask, NULL);
}
