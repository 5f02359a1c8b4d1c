/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_GATEWAY_H
#define ICWS_GATEWAY_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include <icws/error.h>
#include <icws/identity.h>
#include <icws/principal.h>
#include <icws/random.h>

#include "gateway/network.h"

/*
 * A gateway of IC WebSocket: it relays the signed envelopes of its clients to canisters, and the
 * certified messages of canisters to its clients.  It holds no key of anybody but its own, and
 * nobody has to trust it.
 *
 * A gateway lives on a libuv loop that the program owns and runs.  All functions are called in the
 * thread of that loop; callbacks come in it too.
 */
struct icws_gateway;

enum icws_gateway_log_level {
  ICWS_GATEWAY_LOG_ERROR, /* the gateway cannot do its work: a network or a system error */
  ICWS_GATEWAY_LOG_WARN,  /* a client or a canister misbehaves, or is too slow */
  ICWS_GATEWAY_LOG_INFO,  /* sessions and pollers come and go */
  ICWS_GATEWAY_LOG_DEBUG,
};

/* What a gateway tells in words: one line of printable ASCII without its newline. */
typedef void icws_gateway_log_fn(void *user_data, enum icws_gateway_log_level level,
                                 const char *line);

/* Zero in a member means its default, which is stated beside it. */
struct icws_gateway_config {
  uv_loop_t *loop;                      /* must be given; outlives the gateway */
  const struct icws_identity *identity; /* must be given; outlives the gateway.  Its principal is
                                           the gateway's, and must be the same after a restart */
  struct icws_network *network;         /* must be given; outlives the gateway */

  const char *address; /* a numeric address of this machine to listen on; "127.0.0.1" */
  uint16_t port;       /* 0: any free one, see icws_gateway_port */

  /* Towards canisters. */
  uint32_t polling_interval_ms; /* 100: from the start of one poll to the start of the next */
  uint32_t poll_timeout_ms;     /* 5000: then a poll is given up and repeated */
  uint32_t poll_backoff_max_ms; /* 5000: the longest pause between polls that fail */

  /* Limits on clients. */
  size_t max_clients;          /* 4096 connections at a time */
  size_t max_message_bytes;    /* 2 MiB + 4 KiB: one frame of a client, reassembled */
  size_t max_waiting_messages; /* 16 of one client wait to be relayed; beyond, and beyond ... */
  size_t max_waiting_bytes;    /* ... 4 MiB, nothing more is read from that client meanwhile */
  size_t max_output_bytes;     /* 4 MiB to one client that it has not taken yet; beyond, it is
                                   dropped as too slow */
  uint32_t first_timeout_ms;   /* 20000: a connection's ws_open must have come */
  uint32_t open_timeout_ms;    /* 60000: the canister's first message must have come */
  uint32_t waiting_timeout_ms; /* 50000: no message waits longer to be relayed, so that a
                                   keep-alive is never later than the canister's 60 s */
  uint32_t output_timeout_ms;  /* 30000: a client that takes nothing for that long is dropped */

  icws_gateway_log_fn *log; /* NULL: silent */
  void *log_user_data;

  /* For tests; NULL means the system's. */
  uint64_t (*wall_ns)(void);      /* ns since 1970: the expiry of envelopes */
  uint64_t (*monotonic_ns)(void); /* intervals and timeouts */
  const struct icws_random *random;
};

/*
 * icws_gateway_new starts a gateway, listening, and stores it in |*gateway|.  |config| is copied,
 * but not what it points to.  Returns ICWS_OK, ICWS_ERR_INVALID_ARGUMENT (a member that must be
 * given is missing, the address is not numeric), ICWS_ERR_SYSTEM (the address cannot be listened
 * on), ICWS_ERR_RANDOM or ICWS_ERR_NOMEM.  Must not be called from within one of the loop's
 * callbacks.
 */
ICWS_NODISCARD enum icws_error icws_gateway_new(const struct icws_gateway_config *config,
                                                struct icws_gateway **gateway,
                                                struct icws_failure *failure);

/*
 * icws_gateway_drain ends the gateway's work in good order: no new clients; every client's
 * connection is closed (1001), and ws_close is called on its canister once what it had sent is
 * settled.  Then |drained| is called, from the loop, at the latest |timeout_ms| from now, with the
 * number of clients whose ws_close was not settled by then.  Once only.  The gateway stays until
 * icws_gateway_del.
 */
void icws_gateway_drain(struct icws_gateway *gateway, uint32_t timeout_ms,
                        void (*drained)(void *user_data, size_t unsettled), void *user_data);

/*
 * icws_gateway_del stops at once: requests are cancelled, connections dropped, memory freed.  It
 * runs the loop until the sockets are closed, so that it must not be called from within one of the
 * loop's callbacks.  NULL is ignored.
 */
void icws_gateway_del(struct icws_gateway *gateway);

/* icws_gateway_port returns the port that is listened on. */
uint16_t icws_gateway_port(const struct icws_gateway *gateway);

/* icws_gateway_principal returns the principal that clients name in ws_open. */
struct icws_principal icws_gateway_principal(const struct icws_gateway *gateway);

/* What there is now, and what was counted since the start. */
struct icws_gateway_stats {
  size_t connections; /* now, whatever their state */
  size_t clients;     /* now, in Setup or Open */
  size_t pollers;     /* now */
  uint64_t connections_accepted;
  uint64_t sessions_opened;   /* whose first canister message was relayed */
  uint64_t envelopes_relayed; /* ws_open and ws_message */
  uint64_t envelopes_rejected;
  uint64_t envelopes_unknown;
  uint64_t envelopes_refused; /* processed, and the canister returned Err */
  uint64_t closes_called;     /* ws_close */
  uint64_t closes_failed;     /* ws_close rejected, unknown or answered with Err */
  uint64_t polls;
  uint64_t polls_failed;
  uint64_t polls_timed_out;
  uint64_t messages_relayed; /* canister to client */
  uint64_t messages_dropped; /* for clients that are not there */
  uint64_t bytes_in;         /* payloads of clients' frames */
  uint64_t bytes_out;
  uint64_t clients_refused; /* closed by the gateway: the client broke the protocol or a limit */
  uint64_t clients_slow;    /* of these, dropped because they took no output */
};

struct icws_gateway_stats icws_gateway_stats(const struct icws_gateway *gateway);

#endif
