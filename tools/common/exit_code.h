/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_EXIT_CODE_H
#define ICWS_TOOLS_EXIT_CODE_H

#include <icws/client.h>
#include <icws/error.h>

/* What the programs end with.  Scripts rely on the numbers: the manual pages list them. */
enum icws_exit {
  ICWS_EXIT_OK = 0,
  ICWS_EXIT_OTHER = 1,        /* anything that has no number of its own: files, memory, output */
  ICWS_EXIT_USAGE = 2,        /* the command line is wrong */
  ICWS_EXIT_CONNECT = 3,      /* no connection: name, TCP, TLS, HTTP; or it broke */
  ICWS_EXIT_OPEN = 4,         /* connected, but gateway or canister did not accept */
  ICWS_EXIT_VERIFICATION = 5, /* what came is not proven: one of the checks failed */
  ICWS_EXIT_CLOSED = 6,       /* the canister's application closed */
  ICWS_EXIT_PROTOCOL = 7,     /* the other side broke the protocol, or says that we did */
  ICWS_EXIT_ACK_TIMEOUT = 8,  /* sent messages were not acknowledged: somebody blocks them */
  ICWS_EXIT_REJECTED = 9,     /* the network or the canister rejected a request */
  ICWS_EXIT_UNKNOWN = 10,     /* what became of a call is not known */
  ICWS_EXIT_ABSENT = 11,      /* the state has no such value, or does not show it */
  ICWS_EXIT_WAITED = 27,      /* nothing came within the time given by --timeout */
  ICWS_EXIT_SIGNAL = 128,     /* plus the number of the signal */
};

/* icws_exit_code returns what a program ends with whose client closed with |error|, after it had
 * come as far as |phase|. */
int icws_exit_code(enum icws_error error, enum icws_client_phase phase);

#endif
