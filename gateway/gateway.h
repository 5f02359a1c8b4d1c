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

/* What a gateway tells: one thing that happened.  All is valid during the call only. */
struct icws_gateway_log_entry {
  enum icws_gateway_log_level level;
  const char *event; /* what kind of thing, for machines: lower case with underscores, such as
                        "client_refused"; never changes its meaning */
  const char *text;  /* the whole of it, for people: one line of printable ASCII, no newline */

  /* Whom it is about, as far as that is known; NULL otherwise. */
  const char *canister; /* a principal in text */
  const char *client;   /* a principal in text */
  const char *address;  /* the client's: of its socket, or what a trusted proxy says of it */
};

typedef void icws_gateway_log_fn(void *user_data, const struct icws_gateway_log_entry *entry);

/*
 * Zero in a member means its default, which is stated beside it.  What is pointed to must outlive
 * the gateway.
 */
struct icws_gateway_config {
  uv_loop_t *loop;                      /* must be given */
  const struct icws_identity *identity; /* must be given.  Its principal is the gateway's, and must
                                           be the same after a restart */
  struct icws_network *network;         /* must be given */

  const char *address; /* a numeric address of this machine to listen on; "127.0.0.1" */
  uint16_t port;       /* 0: any free one, see icws_gateway_port */

  /* PEM files: the certificate with its chain, and its unencrypted key.  Both for wss://, none for
   * ws://.  Read by icws_gateway_new and icws_gateway_reload_tls. */
  const char *tls_certificate_file;
  const char *tls_key_file;

  /* Towards canisters. */
  uint32_t polling_interval_ms; /* 100: from the start of one poll to the start of the next */
  uint32_t poll_timeout_ms;     /* 5000: then a poll is given up and repeated */
  uint32_t poll_backoff_max_ms; /* 5000: the longest pause between polls that fail; each pause is
                                   between half of its length and all of it, at random */
  uint32_t stopped_spread_ms;   /* 5000: a canister that has stopped or lost its state has its
                                   clients closed at random moments within so long, lest all come
                                   back at once */
  size_t max_in_flight;         /* 1: so many messages of one client are under way to its canister
                                   at a time.  With 1 a message is relayed when the one before is
                                   known to be processed.  More is faster, but networks do not
                                   keep the order of messages, and canisters insist on it */

  /* Who may come. */
  const struct icws_principal *canisters; /* the canisters that clients may open; NULL: all */
  size_t canister_count;
  const char *const *origins; /* values of the Origin header that are let in, as RFC 6454 writes
                                 them ("https://app.example"), or "*" for all; NULL: all.  Who
                                 sends no Origin is no browser, and is let in */
  size_t origin_count;
  const char *const *trusted_proxies; /* addresses or networks, "10.0.0.0/8" or "::1", whose
                                         X-Forwarded-For is believed: the client's address is the
                                         right-most one that is not trusted itself; NULL: no proxy
                                         is trusted */
  size_t trusted_proxy_count;

  /* Limits on clients.  One address is an IPv4 address or an IPv6 network of 64 bits. */
  size_t max_clients;              /* 4096 connections at a time; twice as many with those who have
                                      left while the network has not answered their calls */
  size_t max_clients_per_address;  /* 0: no such limit */
  uint32_t connections_per_second; /* new ones of one address; 0: no such limit */
  uint32_t connection_burst;       /* so many at once before that counts; connections_per_second */
  uint32_t messages_per_second; /* of one client; what comes faster is read later.  0: no limit */
  uint32_t message_burst;       /* so many at once before that counts; messages_per_second */
  size_t max_message_bytes;     /* 2 MiB + 4 KiB: one frame of a client, reassembled */
  size_t max_waiting_messages;  /* 4 of one client wait to be relayed; beyond, and beyond ... */
  size_t max_waiting_bytes;     /* ... 4 MiB, nothing more is read from that client meanwhile */
  size_t receive_buffer_bytes;  /* 4 KiB: SO_RCVBUF of clients' sockets.  What waits in it keeps
                                       a keep-alive waiting that comes behind it.  For a larger frame
                                       it is made larger until that has come, up to 64 KiB */
  size_t max_output_bytes;      /* 4 MiB to one client that it has not taken yet; beyond, it is
                                       dropped as too slow */
  uint32_t first_timeout_ms;    /* 20000: a connection's ws_open must have come */
  uint32_t open_timeout_ms;     /* 60000: the canister's first message must have come */
  uint32_t waiting_timeout_ms;  /* 50000: no message waits longer to be relayed, so that a
                                       keep-alive is never later than the canister's 60 s */
  uint32_t output_timeout_ms;   /* 30000: a client that takes nothing for that long is dropped */
  uint32_t silence_timeout_ms;  /* 60000: a client whose machine answers no TCP packet for that
                                       long is gone.  Found by TCP keepalive, not by WebSocket pings,
                                       which clients in the field do not stand */

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
 * given is missing, an address or a network is not numeric), ICWS_ERR_TLS (the certificate or the
 * key cannot be used), ICWS_ERR_SYSTEM (the address cannot be listened on), ICWS_ERR_RANDOM or
 * ICWS_ERR_NOMEM.  Must not be called from within one of the loop's callbacks.
 */
ICWS_NODISCARD enum icws_error icws_gateway_new(const struct icws_gateway_config *config,
                                                struct icws_gateway **gateway,
                                                struct icws_failure *failure);

/*
 * icws_gateway_reload_tls reads the certificate and the key again, for new connections; those that
 * are there go on with what they began with.  Returns ICWS_OK, ICWS_ERR_INVALID_STATE (the gateway
 * has no TLS) or ICWS_ERR_TLS; after an error the old pair stays in use.
 */
ICWS_NODISCARD enum icws_error icws_gateway_reload_tls(struct icws_gateway *gateway,
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

/* Why a connection was refused or closed by the gateway. */
enum icws_gateway_refusal {
  /* Before there was a WebSocket; an HTTP status and a text say it. */
  ICWS_GATEWAY_REFUSED_DRAINING,
  ICWS_GATEWAY_REFUSED_CLIENTS,             /* max_clients */
  ICWS_GATEWAY_REFUSED_CLIENTS_PER_ADDRESS, /* max_clients_per_address */
  ICWS_GATEWAY_REFUSED_CONNECTION_RATE,     /* connections_per_second */
  ICWS_GATEWAY_REFUSED_ORIGIN,
  ICWS_GATEWAY_REFUSED_NO_WEBSOCKET, /* plain HTTP */
  ICWS_GATEWAY_REFUSED_UNFINISHED,   /* without an answer: the oldest socket that had not become a
                                        WebSocket gave way to a new one, beyond max_clients + 64 */

  /* Afterwards; a close code and a reason say it. */
  ICWS_GATEWAY_REFUSED_TEXT,             /* a text frame */
  ICWS_GATEWAY_REFUSED_MALFORMED,        /* not a frame of IC WebSocket */
  ICWS_GATEWAY_REFUSED_TOO_LARGE,        /* max_message_bytes */
  ICWS_GATEWAY_REFUSED_NOT_OPEN,         /* the first frame is no ws_open for this gateway */
  ICWS_GATEWAY_REFUSED_CANISTER,         /* not one of |canisters| */
  ICWS_GATEWAY_REFUSED_DUPLICATE,        /* its principal and nonce are connected already */
  ICWS_GATEWAY_REFUSED_FOREIGN_ENVELOPE, /* no ws_message of this client to its canister */
  ICWS_GATEWAY_REFUSED_SLOW,             /* takes no output */
  ICWS_GATEWAY_REFUSED_SILENT,           /* first_timeout_ms */
  ICWS_GATEWAY_REFUSED_NOT_OPENED,       /* open_timeout_ms */
  ICWS_GATEWAY_REFUSED_WAITING,          /* a message waited too long or expired */
  ICWS_GATEWAY_REFUSED_BY_CANISTER,      /* ws_open was answered with Err */
  ICWS_GATEWAY_REFUSED_BY_NETWORK,       /* an envelope was rejected, or ws_open got no answer */
  ICWS_GATEWAY_REFUSED_STOPPED,          /* the canister has stopped */
  ICWS_GATEWAY_REFUSED_FORGOTTEN,        /* the canister has lost its state */
  ICWS_GATEWAY_REFUSED_MEMORY,
  ICWS_GATEWAY_REFUSALS /* how many there are */
};

/* What went wrong on the side of the network. */
enum icws_gateway_trouble {
  ICWS_GATEWAY_POLL_REJECTED,
  ICWS_GATEWAY_POLL_NO_ANSWER,
  ICWS_GATEWAY_POLL_TIMEOUT,
  ICWS_GATEWAY_POLL_UNREADABLE, /* not what ws_get_messages returns */
  ICWS_GATEWAY_POLL_REFUSED,    /* Err */
  ICWS_GATEWAY_POLL_NONCES,     /* of another gateway, or not consecutive */
  ICWS_GATEWAY_POLL_NOT_SENT,   /* no memory or randomness for it */
  ICWS_GATEWAY_RELAY_REJECTED,  /* an envelope of a client */
  ICWS_GATEWAY_RELAY_NO_ANSWER,
  ICWS_GATEWAY_RELAY_REFUSED, /* processed, and the canister returned Err */
  ICWS_GATEWAY_CLOSE_FAILED,  /* ws_close rejected, without an answer, or answered with Err */
  ICWS_GATEWAY_TROUBLES       /* how many there are */
};

/* Names for machines, lower case with underscores: "clients_per_address", "poll_rejected". */
const char *icws_gateway_refusal_name(enum icws_gateway_refusal refusal);
const char *icws_gateway_trouble_name(enum icws_gateway_trouble trouble);

/* The upper bounds of the buckets of a histogram, in milliseconds; they ascend. */
#define ICWS_GATEWAY_BUCKETS 15
extern const uint32_t icws_gateway_bucket_ms[ICWS_GATEWAY_BUCKETS];

struct icws_gateway_histogram {
  uint64_t within[ICWS_GATEWAY_BUCKETS]; /* how many took no longer than that bound: cumulative */
  uint64_t count;                        /* all */
  uint64_t sum_ns;
};

/* What there is now, and what was counted since the start. */
struct icws_gateway_stats {
  size_t connections; /* now, whatever their state */
  size_t clients;     /* now, in Setup or Open */
  size_t pollers;     /* now */
  size_t addresses;   /* now: addresses with connections, or whose rate is remembered */
  uint64_t connections_accepted;
  uint64_t sessions_opened;   /* whose first canister message was relayed */
  uint64_t envelopes_relayed; /* ws_open and ws_message: messages of clients */
  uint64_t closes_called;     /* ws_close */
  uint64_t polls;
  uint64_t messages_relayed; /* canister to client */
  uint64_t messages_dropped; /* for clients that are not there */
  uint64_t bytes_in;         /* payloads of clients' frames */
  uint64_t bytes_out;
  uint64_t throttled;   /* times that a client came faster than messages_per_second */
  uint64_t tls_reloads; /* that succeeded */
  uint64_t refusals[ICWS_GATEWAY_REFUSALS];
  uint64_t troubles[ICWS_GATEWAY_TROUBLES];
  struct icws_gateway_histogram poll_latency;  /* of polls that were answered */
  struct icws_gateway_histogram relay_latency; /* from a client's frame to the answer to it */
};

struct icws_gateway_stats icws_gateway_stats(const struct icws_gateway *gateway);

#endif
