/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_GATEWAY_STATE_H
#define ICWS_GATEWAY_GATEWAY_STATE_H

#include <uv.h>

#include "client_session.h"
#include "context.h"
#include "poller.h"
#include "server.h"
#include "session_table.h"

/* The inside of a gateway: sessions, pollers and sockets tied together. */

/* A canister with clients here.  When the last client has left, its poller is stopped and it waits
 * to be freed, since the poller may still be on the stack. */
struct gateway_canister {
  struct icws_gateway *gateway;
  struct gateway_canister *next;
  struct poller poller;
  size_t clients;
};

/* A connection and its session.  Lives until the one is gone and the other settled. */
struct gateway_client {
  struct icws_gateway *gateway;
  struct gateway_client *next;
  struct gateway_client **link;
  struct server_connection *connection; /* NULL when it is gone */
  struct client_session session;
  struct gateway_canister *canister; /* while entered */
  bool settled;

  /* Who came too fast, in no order; |throttled_link| is NULL if not in it. */
  struct gateway_client *throttled_next;
  struct gateway_client **throttled_link;
  uint64_t throttled_until_ns;

  /* When it is closed because of its canister, monotonic, and why; 0: not. */
  uint64_t leaves_ns;
  enum icws_gateway_refusal leaves_as;
};

struct icws_gateway {
  struct gateway_context context;
  struct icws_principal principal;
  struct server *server;
  struct session_table table;
  struct gateway_client *clients;
  struct gateway_client *throttled;
  struct gateway_canister *canisters;

  uv_timer_t timer;
  uint64_t timer_ns; /* monotonic: when |timer| fires */
  uint64_t sweep_ns; /* monotonic: when timeouts of clients are looked at next */
  uint64_t
      leave_ns; /* monotonic: the first of the clients' |leaves_ns|; UINT64_MAX if there is none */

  void (*drained)(void *user_data, size_t unsettled); /* NULL: not draining */
  void *drained_user_data;
  uint64_t drain_ns; /* monotonic: when draining must end */
};

/* Makes |timer| fire at |deadline_ns| unless it fires before that. */
void gateway_wake(struct icws_gateway *gateway, uint64_t deadline_ns);

/* What the server tells, and how sessions act; |user_data| is the gateway. */
extern const struct server_hooks gateway_server_hooks;

/* Lets clients go on that came too fast and whose time has come; returns when the next one's does. */
uint64_t gateway_clients_resume(struct icws_gateway *gateway, uint64_t now_ns);

/* Spreads the ends of |canister|'s clients over some time, because it has stopped, or, with those
 * left out that are about to open, has forgotten them. */
void gateway_clients_spread(struct icws_gateway *gateway, const struct gateway_canister *canister,
                            enum icws_gateway_refusal why);

/* Closes clients that are to leave and whose time has come. */
void gateway_clients_dismiss(struct icws_gateway *gateway, uint64_t now_ns);

/* Drops |client| without a word to its canister: cancels what is under way.  Frees it unless its
 * connection is still there. */
void gateway_client_abandon(struct gateway_client *client);

/* The canister with a running poller, made if there is none; NULL if memory is out.  Counts one
 * more client, which gateway_canister_leave takes back. */
struct gateway_canister *gateway_canister_join(struct icws_gateway *gateway,
                                               const struct icws_principal *principal);
void gateway_canister_leave(struct gateway_canister *canister);

/* Frees canisters that have no clients, or |all|. */
void gateway_canisters_free(struct icws_gateway *gateway, bool all);

#endif
