/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_PROCESS_H
#define ICWS_NET_PROCESS_H

#include <signal.h>
#include <stdbool.h>

#include <icws/error.h>

/* What belongs to the whole process, and what libicws-net does about it. */

/* icws_process_setup initialises libcurl and c-ares, the first time that it is called.  Returns
 * ICWS_OK or ICWS_ERR_SYSTEM. */
ICWS_NODISCARD enum icws_error icws_process_setup(struct icws_failure *failure);

/* libwebsockets writes global state while it makes and ends a context, and has SIGPIPE ignored from
 * then on.  Between these two calls no other thread of libicws-net does the same.  The first
 * silences its log, unless the program has changed the log's level; the second puts the signal's
 * disposition back. */
void icws_process_lock(struct sigaction *sigpipe);
void icws_process_unlock(const struct sigaction *sigpipe);

/* TLS writes to sockets without MSG_NOSIGNAL.  Between these two calls SIGPIPE cannot hit the
 * calling thread; one that was raised in between is swallowed. */
struct icws_sigpipe {
  sigset_t mask;
  bool pending;
};

void icws_sigpipe_block(struct icws_sigpipe *saved);
void icws_sigpipe_restore(const struct icws_sigpipe *saved);

#endif
