/* SPDX-License-Identifier: Apache-2.0 */
#include "common/exit_code.h"

/* The gateway went away: before it or the canister had accepted, that is a refusal. */
static int disconnected(enum icws_client_phase phase)
{
  return phase == ICWS_PHASE_HANDSHAKE || phase == ICWS_PHASE_OPENING ? ICWS_EXIT_OPEN
                                                                      : ICWS_EXIT_CONNECT;
}

static int of_session(enum icws_error error)
{
  if (error == ICWS_ERR_HANDSHAKE || error == ICWS_ERR_HANDSHAKE_TIMEOUT ||
      error == ICWS_ERR_OPEN_TIMEOUT)
    return ICWS_EXIT_OPEN;
  if (error == ICWS_ERR_ACK_TIMEOUT)
    return ICWS_EXIT_ACK_TIMEOUT;
  if (error == ICWS_ERR_CLOSED_BY_CANISTER)
    return ICWS_EXIT_CLOSED;
  return error == ICWS_ERR_CLOSED ? ICWS_EXIT_OTHER : ICWS_EXIT_PROTOCOL;
}

/* Encodings that come from a peer; what a person gave was looked at before. */
static int of_encoding(enum icws_error error)
{
  if (error == ICWS_ERR_URL)
    return ICWS_EXIT_USAGE;
  return error == ICWS_ERR_HASHTREE ? ICWS_EXIT_VERIFICATION : ICWS_EXIT_PROTOCOL;
}

static int of_request(enum icws_error error)
{
  if (error == ICWS_ERR_QUERY_SIGNATURE)
    return ICWS_EXIT_VERIFICATION;
  if (error == ICWS_ERR_REFUSED)
    return ICWS_EXIT_REJECTED;
  return error == ICWS_ERR_ABSENT ? ICWS_EXIT_ABSENT : ICWS_EXIT_UNKNOWN;
}

int icws_exit_code(enum icws_error error, enum icws_client_phase phase)
{
  if (error == ICWS_OK)
    return ICWS_EXIT_OK;
  switch (icws_error_family(error)) {
  case ICWS_FAMILY_ENCODING:
    return of_encoding(error);
  case ICWS_FAMILY_CERTIFICATE:
  case ICWS_FAMILY_MESSAGE:
    return ICWS_EXIT_VERIFICATION;
  case ICWS_FAMILY_SESSION:
    return of_session(error);
  case ICWS_FAMILY_TRANSPORT:
    return error == ICWS_ERR_DISCONNECTED ? disconnected(phase) : ICWS_EXIT_CONNECT;
  case ICWS_FAMILY_USAGE:
    /* Limits guard against what a peer sends. */
    return error == ICWS_ERR_LIMIT ? ICWS_EXIT_PROTOCOL : ICWS_EXIT_OTHER;
  case ICWS_FAMILY_REQUEST:
    return of_request(error);
  case ICWS_FAMILY_KEY:
  case ICWS_FAMILY_NONE:
    break;
  }
  return ICWS_EXIT_OTHER;
}
