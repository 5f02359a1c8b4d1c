/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BENCH_LOAD_CLIENT_H
#define ICWS_BENCH_LOAD_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include <icws/identity.h>
#include <icws/principal.h>
#include <icws/session.h>
#include <icws/verifier.h>

#include "histogram.h"
#include "sockets.h"

/*
 * One of the clients: a session with an identity of its own, which opens, is greeted, sends pings,
 * each when the one before is answered, and closes.
 */
enum load_client_state {
  LOAD_CLIENT_WAITING, /* load_client_start has not been called */
  LOAD_CLIENT_CONNECTING,
  LOAD_CLIENT_OPENING,
  LOAD_CLIENT_GREETING, /* open; the canister's first message is to come */
  LOAD_CLIENT_READY,    /* greeted; the next step is the crowd's to decide */
  LOAD_CLIENT_PINGING,  /* waits for a pong */
  LOAD_CLIENT_DONE,     /* has all pongs */
  LOAD_CLIENT_CLOSING,
  LOAD_CLIENT_ENDED, /* |failure| says how */
};

struct load_client;

/* What the clients have in common. */
struct load_world {
  struct icws_principal canister;
  struct icws_verifier *verifier;
  struct load_sockets *sockets;
  uint64_t pings; /* of each client */
  uint64_t
      timeout_ns; /* of each step: to connect, to open, to be greeted, to be answered, to close */
  struct load_histogram open_latency;    /* from the first to OPEN */
  struct load_histogram receive_latency; /* from the canister's timestamp, for each message */
  struct load_histogram round_trip;      /* from sending a ping to its pong */
  uint64_t opened;
  uint64_t sent;
  uint64_t received;
  uint64_t pongs;
  uint64_t first_ping_ns; /* monotonic; 0: none */
  uint64_t last_pong_ns;
  /* A client has become READY, DONE or ENDED. */
  void (*changed)(void *user_data, struct load_client *client);
  void *user_data;
};

struct load_client {
  struct load_world *world;
  unsigned long number;
  enum load_client_state state;
  bool was_ready; /* the crowd's: it has been counted as such */
  bool was_done;
  struct load_socket socket;
  struct icws_identity *identity;
  struct icws_session *session;
  uint64_t started_ns;
  uint64_t deadline_ns; /* of the step that is under way; ICWS_NEVER: of none */
  uint64_t ping_ns;
  uint64_t pongs;
  struct icws_failure failure; /* ICWS_OK: it did all it was to do */
};

extern const struct load_socket_handler load_client_socket_handler;

/* load_client_start connects.  load_client_ping sends the first ping of a READY client.
 * load_client_finish closes a READY or DONE one.  load_client_tick ends one whose step, or session,
 * has taken too long.  These may be called from |changed|.  load_client_wipe frees, at any time but
 * from within a handler. */
void load_client_start(struct load_client *client);
void load_client_ping(struct load_client *client);
void load_client_finish(struct load_client *client);
void load_client_tick(struct load_client *client);
void load_client_wipe(struct load_client *client);

/* load_monotonic_ns is the clock of all times above. */
uint64_t load_monotonic_ns(void);

#endif
