/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLIENT_H
#define ICWS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/identity.h>
#include <icws/principal.h>
#include <icws/session.h>
#include <icws/verifier.h>

ICWS_BEGIN_DECLS

/*
 * A client: one session over one WebSocket connection (libicws-net).
 *
 * It runs on an event loop of its own that only moves inside icws_client_process or
 * icws_client_run, on the thread that calls them: no hidden threads.  Callbacks run inside those
 * two calls, and in no other.  Any function may be called inside a callback, icws_client_del
 * excepted; icws_client_process and icws_client_run do nothing there.
 *
 * Threads: one client, one thread at a time; different clients are independent.  A caution:
 * libwebsockets 4.1.6 closes one of its descriptors twice in icws_client_del, and a descriptor that
 * another thread has opened in just that moment with it; programs whose threads open descriptors all
 * the time do better to keep clients than to delete many.
 *
 * The process is left as it is: libwebsockets' log level is set to nothing if it was the default
 * one, and otherwise kept; SIGPIPE keeps its disposition, and is blocked in the calling thread while
 * icws_client_process, icws_client_run and icws_client_del run, so that in a callback a write to
 * a broken pipe fails with EPIPE.  Proxies that the environment names are ignored.
 */
struct icws_client;

/* What a client is doing; each phase that waits has a timeout of its own. */
enum icws_client_phase {
  ICWS_PHASE_IDLE,     /* not started */
  ICWS_PHASE_ROOT_KEY, /* fetching the root key, where that was asked for */
  ICWS_PHASE_RESOLVE,  /* looking up the gateway's address */
  ICWS_PHASE_CONNECT,  /* TCP */
  ICWS_PHASE_TLS,
  ICWS_PHASE_UPGRADE,   /* HTTP upgrade to WebSocket */
  ICWS_PHASE_HANDSHAKE, /* waiting for the gateway's first frame */
  ICWS_PHASE_OPENING,   /* ws_open sent; waiting for the canister */
  ICWS_PHASE_OPEN,
  ICWS_PHASE_CLOSING, /* flushing and closing the WebSocket */
  ICWS_PHASE_CLOSED,
};

/* icws_client_phase_name returns a short English word for |phase|, static. */
ICWS_EXPORT const char *icws_client_phase_name(enum icws_client_phase phase);

/* All optional.  |user_data| is the configuration's.  Contents are borrowed until the callback
 * returns. */
struct icws_client_callbacks {
  void (*on_phase)(struct icws_client *client, enum icws_client_phase phase, void *user_data);
  void (*on_open)(struct icws_client *client, void *user_data);
  void (*on_message)(struct icws_client *client, const struct icws_event_message *message,
                     void *user_data);
  void (*on_sent)(struct icws_client *client, const struct icws_event_sent *sent, void *user_data);
  void (*on_ack)(struct icws_client *client, const struct icws_event_ack *ack, void *user_data);
  /* Once, last: |failure| has code ICWS_OK if the client closed by icws_client_close and the
   * gateway went along; ICWS_ERR_DISCONNECTED if it did not within |close_timeout_ms|, so that what
   * was sent last may not have been read. */
  void (*on_closed)(struct icws_client *client, const struct icws_failure *failure,
                    void *user_data);
};

/* Strings and bytes are copied.  Zero in a number, and NULL, mean the default in parentheses. */
struct icws_client_config {
  const char *gateway_url;              /* "ws://host[:port][/path]" or "wss://…"; required */
  struct icws_principal canister;       /* required */
  const struct icws_identity *identity; /* borrowed: must outlive the client; NULL: a fresh one */
  struct icws_bytes root_key;           /* DER; empty: mainnet's, or what |root_key_url| gives */
  const char *root_key_url;             /* fetch the root key from this network's API, for test
                                           networks only (NULL: never).  A wrong network can then
                                           forge everything.  ICWS_ERR_INVALID_ARGUMENT together with
                                           |root_key| */
  const char *ca_file;                  /* PEM; CAs to trust instead of the system's */
  uint64_t resolve_timeout_ms;          /* (10000) */
  uint64_t connect_timeout_ms;          /* (10000) */
  uint64_t tls_timeout_ms;              /* (10000) */
  uint64_t upgrade_timeout_ms;          /* (10000) */
  uint64_t root_key_timeout_ms;         /* (10000) */
  uint64_t close_timeout_ms;            /* for the WebSocket's closing handshake (2000) */
  uint64_t ack_interval_ms;             /* these as in struct icws_session_config */
  uint64_t handshake_timeout_ms;
  uint64_t open_timeout_ms;
  size_t max_frame_bytes;
  size_t max_message_bytes;
  size_t max_queued_messages;
  size_t max_queued_bytes;
  struct icws_client_callbacks callbacks;
  void *user_data;
};

/*
 * icws_client_new makes an idle client.  Returns ICWS_OK with |*client| set,
 * ICWS_ERR_INVALID_ARGUMENT, ICWS_ERR_URL, ICWS_ERR_ROOT_KEY, ICWS_ERR_SYSTEM (no descriptors, CA file
 * unreadable), ICWS_ERR_PEM (no certificate in the CA file), ICWS_ERR_RANDOM or ICWS_ERR_NOMEM.
 *
 * icws_client_del drops the connection, at once and without a closing handshake if it is still up,
 * and frees.  NULL is ignored.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_client_new(const struct icws_client_config *config,
                                                           struct icws_client **client,
                                                           struct icws_failure *failure);
ICWS_EXPORT void icws_client_del(struct icws_client *client);

/* icws_client_start begins to connect.  Nothing has happened yet when it returns.  Returns ICWS_OK
 * or, if it or icws_client_close was called before, ICWS_ERR_INVALID_STATE. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_client_start(struct icws_client *client);

/*
 * Under any event loop: watch the descriptor icws_client_fd for input, and call icws_client_process
 * when it is readable, when icws_client_timeout_ms milliseconds have passed (0: at once; -1: no
 * limit), and after any other call on the client.  The descriptor never changes.
 * icws_client_process does what can be done without waiting and returns false once the client is
 * closed and on_closed has run.
 */
ICWS_EXPORT int icws_client_fd(const struct icws_client *client);
ICWS_EXPORT int icws_client_timeout_ms(const struct icws_client *client);
ICWS_EXPORT bool icws_client_process(struct icws_client *client);

/* Without one: icws_client_run processes and waits until the client is closed, and returns the
 * error of icws_client_failure; ICWS_ERR_INVALID_STATE if it is not started. */
ICWS_EXPORT enum icws_error icws_client_run(struct icws_client *client);

/* icws_client_send queues an application message; see icws_session_send, whose errors it returns.
 * It may be called from icws_client_new on; messages leave once the client is open. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_client_send(struct icws_client *client, struct icws_bytes content, uint64_t *ticket);

/* icws_client_close begins to close: messages already handed to the transport are flushed, queued
 * ones dropped, the WebSocket is closed with 1000.  on_closed follows. */
ICWS_EXPORT void icws_client_close(struct icws_client *client);

ICWS_EXPORT enum icws_client_phase icws_client_phase(const struct icws_client *client);

/* icws_client_failure returns why the client is closed or closing, as on_closed tells it; code
 * ICWS_OK before.  The text says what failed and where: name, address, TLS reason, HTTP status. */
ICWS_EXPORT const struct icws_failure *icws_client_failure(const struct icws_client *client);

/* The principal that the client acts as; its session's statistics, all zero before the upgrade. */
ICWS_EXPORT struct icws_principal icws_client_principal(const struct icws_client *client);
ICWS_EXPORT struct icws_session_stats icws_client_stats(const struct icws_client *client);

ICWS_END_DECLS

#endif
