/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CDK_H
#define ICWS_CDK_H

#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/digest.h>
#include <icws/error.h>
#include <icws/mem.h>
#include <icws/message.h>
#include <icws/principal.h>

ICWS_BEGIN_DECLS

/*
 * The canister's side of IC WebSocket: a kit for authors of canisters in C.
 *
 * The kit keeps the clients, numbers and certifies what the application sends them, checks the
 * numbers of what they send, and acknowledges it.  It stands on sdk/base alone and reaches the
 * world through the host that it is given: a canister compiled to WebAssembly puts the system calls
 * of the Internet Computer there, the local network its replica.
 *
 *   the application                    icws_cdk_send, icws_cdk_close, and its three handlers
 *   the canister's exported methods    icws_cdk_ws_open, icws_cdk_ws_message, icws_cdk_ws_close,
 *                                      icws_cdk_ws_get_messages
 *   the canister's timer               icws_cdk_deadline, icws_cdk_tick
 *
 * The kit owns the canister's certified data: nothing else may set it.
 *
 * FAILING HANDLERS
 *
 * On the Internet Computer a handler that traps undoes everything that its call changed.  Native
 * code cannot be undone.  So the rule for on_open and on_message is: find out first whether the
 * call can succeed and, if it cannot, return an error BEFORE changing any state of the application
 * and before calling icws_cdk_send or icws_cdk_close.  What was sent or closed before an error
 * stays sent or closed.  The kit holds to the same rule: the client's sequence number counts on,
 * and a new client stays, only after the handler succeeded.
 *
 * A handler may call icws_cdk_send and icws_cdk_close for any client, the present one included, but
 * neither the methods nor icws_cdk_tick.
 *
 * Threads: one kit, one thread at a time.
 */
struct icws_cdk;

/*
 * What the kit needs of the world.  All but |mem| (NULL: the C library's) must be there.
 * |user_data| is handed to the functions.
 */
struct icws_cdk_host {
  /* The time of the current call, in ns since 1970.  It never goes back, and never is later than
   * the time of the certificates that are made after the call. */
  uint64_t (*time)(void *user_data);

  /* Sets the canister's certified data. */
  void (*set_certified_data)(const uint8_t data[ICWS_SHA256_BYTES], void *user_data);

  /* The certificate of the certified data that was set last, borrowed until
   * icws_cdk_ws_get_messages returns; empty bytes if there is none here (as on the Internet
   * Computer in anything but a query). */
  struct icws_bytes (*data_certificate)(void *user_data);

  icws_sha256_fn *sha256;
  const struct icws_mem *mem; /* borrowed: must outlive the kit */
  void *user_data;
};

/*
 * The application.  Each handler may be NULL: then opening and messages always succeed, and closing
 * passes unnoticed.  |client| and |content| are borrowed until the handler returns.
 *
 * on_open and on_message return NULL for success, or the text of an error in UTF-8, which the
 * method then answers with; the text must live until the method returns.  See FAILING HANDLERS.
 */
struct icws_cdk_handlers {
  /* A client is there; its OpenMessage is queued, so that messages sent from here follow it.  After
   * an error the client is forgotten again and its OpenMessage taken back.  (An earlier connection
   * of the same principal has been closed before and stays closed.)  If the handler broke the rule
   * and sent something first, the client gets a CloseMessage instead. */
  const char *(*on_open)(struct icws_cdk *cdk, const struct icws_client_key *client,
                         void *user_data);

  /* A client has sent |content|.  After an error its sequence number is as before, which the client
   * cannot know: its next message will close the connection. */
  const char *(*on_message)(struct icws_cdk *cdk, const struct icws_client_key *client,
                            struct icws_bytes content, void *user_data);

  /* A client has gone, for whatever reason; it cannot be sent to any more.  Runs exactly once for
   * every client for which on_open succeeded, before the next on_open of the same principal. */
  void (*on_close)(struct icws_cdk *cdk, const struct icws_client_key *client, void *user_data);

  void *user_data;
};

/*
 * Parameters and limits.  Zero means the default in parentheses.  Bytes of messages are those of
 * their certified contents, which are some 200 bytes longer than what the application sends.
 */
struct icws_cdk_config {
  uint64_t ack_interval_ms;      /* between AckMessages, and how long messages are kept (300000) */
  uint64_t keep_alive_window_ms; /* for the answer to one; less than the ack interval (60000) */
  size_t max_poll_messages;      /* in one answer to a gateway (50) */
  size_t max_poll_bytes;         /* in one answer, unless one message alone has more (1.5 MiB) */
  size_t max_message_bytes;      /* that the application may send at once (1 MiB) */
  size_t max_clients;            /* (10000) */
  size_t max_gateways;           /* (1000) */
  size_t max_gateway_messages;   /* kept for one gateway, besides CloseMessages (100000) */
  size_t max_gateway_bytes;      /* of these (64 MiB) */
};

/*
 * icws_cdk_new makes a kit without clients and sets the certified data.  |config| (NULL: all
 * defaults), |host| and |handlers| are copied.  Returns ICWS_OK with |*cdk| set,
 * ICWS_ERR_INVALID_ARGUMENT (a function of the host is missing, or the window is not less than the
 * interval) or ICWS_ERR_NOMEM.  icws_cdk_del frees without running handlers; NULL is ignored.
 */
ICWS_NODISCARD enum icws_error icws_cdk_new(const struct icws_cdk_config *config,
                                            const struct icws_cdk_host *host,
                                            const struct icws_cdk_handlers *handlers,
                                            struct icws_cdk **cdk);
void icws_cdk_del(struct icws_cdk *cdk);

/* --- For the application ---------------------------------------------------------------------- */

/*
 * icws_cdk_send queues |content| (usually Candid; copied) for |client|.  Returns ICWS_OK, or, with
 * nothing sent: ICWS_ERR_CLOSED (no such client), ICWS_ERR_LIMIT (longer than max_message_bytes),
 * ICWS_ERR_QUEUE_FULL (too much was sent through its gateway within an ack interval, which is how
 * long messages are kept: the kit does not learn what was fetched) or ICWS_ERR_NOMEM.
 * Takes time logarithmic in the number of clients and of queued messages.
 */
ICWS_NODISCARD enum icws_error
icws_cdk_send(struct icws_cdk *cdk, const struct icws_principal *client, struct icws_bytes content);

/*
 * icws_cdk_close sends |client| a CloseMessage (closed by the application) and drops it; on_close
 * runs before this returns.  The CloseMessage finds room in a full queue, too.  Returns ICWS_OK,
 * ICWS_ERR_CLOSED (no such client), or ICWS_ERR_NOMEM: dropped all the same, but the client was not
 * told.
 */
enum icws_error icws_cdk_close(struct icws_cdk *cdk, const struct icws_principal *client);

/* --- The canister's methods ------------------------------------------------------------------- */

/*
 * Each takes the |caller|, which the host has authenticated, and the Candid-encoded |arg| (borrowed
 * until return), and writes the Candid-encoded answer to |reply|, whose former contents are
 * dropped.  What a client or gateway does wrong is an answer, too.
 *
 * Returns ICWS_OK, or, with no answer, so that the host must reject the call: ICWS_ERR_CANDID or
 * ICWS_ERR_LIMIT (|arg| cannot be decoded; |failure| says where), ICWS_ERR_INVALID_STATE (called
 * from a handler), ICWS_ERR_NOMEM or |reply|'s error.  Then nothing has changed; with one
 * exception: if not even an answer that reports an error fits in memory, a client that sent a wrong
 * sequence number is dropped already.
 */
ICWS_NODISCARD enum icws_error icws_cdk_ws_open(struct icws_cdk *cdk,
                                                const struct icws_principal *caller,
                                                struct icws_bytes arg, struct icws_buf *reply,
                                                struct icws_failure *failure);
ICWS_NODISCARD enum icws_error icws_cdk_ws_message(struct icws_cdk *cdk,
                                                   const struct icws_principal *caller,
                                                   struct icws_bytes arg, struct icws_buf *reply,
                                                   struct icws_failure *failure);
ICWS_NODISCARD enum icws_error icws_cdk_ws_close(struct icws_cdk *cdk,
                                                 const struct icws_principal *caller,
                                                 struct icws_bytes arg, struct icws_buf *reply,
                                                 struct icws_failure *failure);

/* A query: the messages for the gateway |caller|.  It takes time logarithmic in the number of
 * queued messages and proportional to the answer's length. */
ICWS_NODISCARD enum icws_error icws_cdk_ws_get_messages(struct icws_cdk *cdk,
                                                        const struct icws_principal *caller,
                                                        struct icws_bytes arg,
                                                        struct icws_buf *reply,
                                                        struct icws_failure *failure);

/* --- The canister's timer --------------------------------------------------------------------- */

/* icws_cdk_deadline returns the time, in ns since 1970, from which on icws_cdk_tick has something
 * to do.  icws_cdk_tick sends acknowledgements, drops clients that do not keep alive (on_close
 * runs) and forgets gateways without clients, as the host's time demands; it may be called at any
 * time, except from a handler, where it does nothing. */
uint64_t icws_cdk_deadline(const struct icws_cdk *cdk);
void icws_cdk_tick(struct icws_cdk *cdk);

ICWS_END_DECLS

#endif
