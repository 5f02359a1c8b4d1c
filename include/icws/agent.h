/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_AGENT_H
#define ICWS_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/envelope.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/hashtree.h>
#include <icws/identity.h>
#include <icws/principal.h>
#include <icws/random.h>
#include <icws/reject.h>

ICWS_BEGIN_DECLS

/*
 * An agent: requests to the Internet Computer over its HTTP API (libicws-net; IC interface
 * specification, "HTTPS Interface").  Many requests are under way at a time, over HTTP/2 where the
 * network speaks it.
 *
 * What the network answers is believed only as far as it is proven: the outcome of a call and what
 * read_state gives by a certificate under the root key, the answer to a query by the signatures of
 * nodes whose keys such a certificate holds.  There is no switch to skip that.  Not proven, since
 * nothing could prove it, are a status and a call's refusal before it was replicated; and
 * icws_agent_relay_call and icws_agent_relay_query, which are for gateways, verify nothing.
 *
 * What whoever stands between the agent and the network (a boundary node, a proxy) can do if it
 * lies, all the same:
 *  - refuse, delay and drop requests, and invent a call's refusal that is not proven;
 *  - hand a request in later, or again, as long as it has not expired: the network executes the
 *    same bytes once;
 *  - answer a read_state with an older certificate, since nothing in one says which request it
 *    answers: by up to 5 minutes, and, if it also makes this machine's clock look fast, by up to
 *    ICWS_AGENT_MAX_CLOCK_LEAD_NS, but by no more than 5 minutes behind the newest certified time
 *    that the agent has seen.
 *    Answers to calls and queries are bound to the request, which is never the same twice;
 *  - not: make a call be executed twice.  One that was refused for its expiry is only signed again
 *    if a certified time proves that it had expired before it was sent.
 *
 * It runs on an event loop of its own that only moves inside icws_agent_process or icws_agent_run,
 * on the thread that calls them: no hidden threads.  Callbacks run inside those two calls, and in
 * no other.  Any function may be called inside a callback, icws_agent_del excepted;
 * icws_agent_process and icws_agent_run do nothing there.  SIGPIPE and libraries are treated as
 * icws/client.h says.
 *
 * Threads: one agent, one thread at a time; different agents are independent.
 */
struct icws_agent;

#define ICWS_AGENT_MAINNET_URL "https://icp-api.io"

/* Clocks that differ by no more are taken to agree; a certificate takes its time, too. */
#define ICWS_AGENT_CLOCK_TOLERANCE_NS UINT64_C(60000000000)

/* How far ahead of the network's clock this machine's may be.  More is ICWS_ERR_EXPIRY. */
#define ICWS_AGENT_MAX_CLOCK_LEAD_NS UINT64_C(3600000000000)

/* Strings and bytes are copied.  Zero in a number, and NULL, mean the default in parentheses. */
struct icws_agent_config {
  const char *network_url;    /* "http[s]://host[:port]" (ICWS_AGENT_MAINNET_URL) */
  struct icws_bytes root_key; /* DER; empty: mainnet's, or what |fetch_root_key| gives */
  bool fetch_root_key;        /* take it from the network's own status before the first request that
                                 needs it: for test networks only, since a wrong network can then
                                 forge everything.  ICWS_ERR_INVALID_ARGUMENT with |root_key| */
  const struct icws_identity *identity; /* borrowed: must outlive the agent; (anonymous) */
  const char *ca_file;                  /* PEM; CAs to trust instead of the system's */
  const char *proxy; /* "http://host:port", "socks5h://host:port"; user and password may be in it;
                        (none, whatever the environment says) */
  uint64_t resolve_timeout_ms;  /* (10000) */
  uint64_t connect_timeout_ms;  /* of TCP and TLS (10000) */
  uint64_t exchange_timeout_ms; /* of one HTTP request and its answer (30000) */
  uint64_t request_timeout_ms;  /* of a status, query or read_state with its retries (60000); a call
                                   ends when its ingress_expiry has passed */
  size_t max_requests;          /* submitted and not answered (4096) */
  size_t max_exchanges;         /* HTTP requests under way; the others wait (128) */
  size_t max_answer_bytes;      /* of one HTTP answer (4 MiB) */
  size_t max_tree_nodes;        /* of a certificate (65536) */

  /* For tests; (the system's clocks and randomness). */
  uint64_t (*wall_ns)(void *user_data); /* ns since 1970 */
  const struct icws_random *random;
  void *user_data;
};

/*
 * icws_agent_new makes an agent, which does nothing yet.  Returns ICWS_OK with |*agent| set,
 * ICWS_ERR_INVALID_ARGUMENT, ICWS_ERR_URL (network or proxy), ICWS_ERR_ROOT_KEY, ICWS_ERR_SYSTEM (no
 * descriptors, CA file unreadable), ICWS_ERR_PEM (no certificate in the CA file), or
 * ICWS_ERR_NOMEM.
 *
 * icws_agent_del forgets requests under way without calling back, and frees.  NULL is ignored.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_agent_new(const struct icws_agent_config *config,
                                                          struct icws_agent **agent,
                                                          struct icws_failure *failure);
ICWS_EXPORT void icws_agent_del(struct icws_agent *agent);

/* --- Driving ---------------------------------------------------------------------------------- */

/*
 * Under any event loop: watch the descriptor icws_agent_fd for input, and call icws_agent_process
 * when it is readable, when icws_agent_timeout_ms milliseconds have passed (0: at once; -1: no
 * limit), and after any other call on the agent.  The descriptor never changes.
 * icws_agent_process does what can be done without waiting, and returns the number of requests that
 * are not answered yet.
 *
 * Without one: icws_agent_run processes and waits until all requests are answered.
 */
ICWS_EXPORT int icws_agent_fd(const struct icws_agent *agent);
ICWS_EXPORT int icws_agent_timeout_ms(const struct icws_agent *agent);
ICWS_EXPORT size_t icws_agent_process(struct icws_agent *agent);
ICWS_EXPORT void icws_agent_run(struct icws_agent *agent);

/* --- Answers ---------------------------------------------------------------------------------- */

enum icws_agent_outcome {
  ICWS_AGENT_REPLIED,
  ICWS_AGENT_REJECTED, /* by the network or the canister; see |reject| */
  ICWS_AGENT_FAILED,   /* no answer that could be believed came; see |failure| */
};

struct icws_agent_reject {
  enum icws_reject_code code;
  struct icws_bytes text;       /* why; UTF-8 from whoever said it: escape it before it is shown */
  struct icws_bytes error_code; /* as in "IC0503"; empty if there is none */
  bool proven;                  /* by a certificate or by signatures of nodes */
};

/* How a request ended.  All that it points to is borrowed until the callback returns. */
struct icws_agent_answer {
  enum icws_agent_outcome outcome;
  struct icws_bytes reply;         /* REPLIED: what the canister returned, Candid as a rule; of a
                                      status its CBOR; of icws_agent_metadata the value */
  struct icws_agent_reject reject; /* REJECTED */

  /*
   * FAILED.  The code is ICWS_ERR_RESOLVE, _RESOLVE_TIMEOUT, _CONNECT, _CONNECT_TIMEOUT, _TLS,
   * ICWS_ERR_REFUSED (the network answered with an HTTP status that says that the request is wrong,
   * forbidden, or for what does not exist; the text has status and reason, neither is proven),
   * ICWS_ERR_HTTP (it answered with another status, or not as the specification says; a request for
   * the network's status ends with it whatever the HTTP status is), ICWS_ERR_HTTP_TIMEOUT,
   * ICWS_ERR_LIMIT (the answer is too long), ICWS_ERR_EXPIRY (the network's clock is
   * too far off, or refused the request for its expiry), ICWS_ERR_CBOR, ICWS_ERR_ROOT_KEY (the
   * one fetched), ICWS_ERR_NOMEM, one of ICWS_ERR_CERTIFICATE…, ICWS_ERR_HASHTREE (of a relayed
   * call), ICWS_ERR_UNSUPPORTED (below),
   * ICWS_ERR_QUERY_SIGNATURE, ICWS_ERR_ABSENT (icws_agent_metadata: the state proves that there is
   * no such value), ICWS_ERR_CALL_UNKNOWN (the call's ingress_expiry has passed, and it is not known
   * whether the call was processed), ICWS_ERR_CALL_FORGOTTEN (it was processed, and the network
   * keeps the outcome no longer).
   */
  const struct icws_failure *failure;
  bool may_be_processed; /* FAILED, of a call: the network may have executed it, or may yet */

  uint64_t time_ns;                 /* the network's clock: of the certificate, of the oldest
                                       signature of a query; 0 where neither was there */
  struct icws_bytes certificate;    /* of a call that was certified, and of read_state */
  const struct icws_hashtree *tree; /* of these: the certificate's tree, verified; else NULL */
  uint8_t request_id[ICWS_REQUEST_ID_BYTES]; /* all zero for a status and for metadata */
};

/* Called once for each request that is not cancelled, later than the call that submits it. */
typedef void icws_agent_answer_fn(struct icws_agent *agent, const struct icws_agent_answer *answer,
                                  void *user_data);

/* A request under way, valid until its callback returns or icws_agent_cancel was called. */
struct icws_agent_request;

/* icws_agent_cancel forgets a request: its callback will not be called.  A call may be processed all
 * the same. */
ICWS_EXPORT void icws_agent_cancel(struct icws_agent *agent, struct icws_agent_request *request);

/* --- Requests --------------------------------------------------------------------------------- */

/*
 * What all functions that submit a request share: |fn| is called with |user_data| when it has
 * ended.  |request|, if not NULL, is where the request is stored.  All else is copied.  They return
 * ICWS_OK, ICWS_ERR_QUEUE_FULL (max_requests), ICWS_ERR_LIMIT (longer than ICWS_ENVELOPE_MAX_BYTES,
 * more than ICWS_READ_STATE_MAX_PATHS paths or ICWS_PATH_MAX_LABELS labels),
 * ICWS_ERR_RANDOM or ICWS_ERR_NOMEM; after an error |fn| is not called.
 *
 * Retries: an HTTP exchange that broke, or that was answered with 429, 502, 503 or 504, is repeated
 * with growing pauses of 0.25 to 8 seconds, and what the answer's Retry-After asks for on top, up to
 * 30 seconds; always with the same bytes, which the network executes once.  It is given up when time is up, and before that after 4 times in a row without a usable
 * connection, unless it is a call that may have arrived.  A failed TLS handshake is not repeated.
 *
 * Clocks: a request that the network refused for its ingress_expiry is signed again once with the
 * network's clock, which icws_agent_skew_ns then tells; a call only if it cannot have been executed,
 * as said above, else it fails with ICWS_ERR_EXPIRY.  So that this is rare, an agent's first call
 * reads the network's time before it is signed, unless the agent has seen it already.  Requests are
 * signed to expire after 4 minutes, each poll of a status anew.
 *
 * Endpoints: the newest that the network has; what answers with 404 is replaced by the one before
 * it (call v4, v3, v2; query and read_state v3, v2), for as long as the agent lives once that has
 * worked.
 */

/* icws_agent_status asks for the network's status ("Request: Status"): |reply| is a CBOR map, of
 * which icws_agent_status_decode reads what is of interest.  Nothing of it is proven. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_agent_status(struct icws_agent *agent,
                                                             icws_agent_answer_fn *fn,
                                                             void *user_data,
                                                             struct icws_agent_request **request);

/* Borrowed from the encoding; empty, or 0, if absent. */
struct icws_agent_status {
  struct icws_bytes root_key;       /* DER */
  struct icws_bytes health;         /* "healthy" */
  struct icws_bytes implementation; /* its version */
  uint64_t certified_height;
};

/* icws_agent_status_decode returns ICWS_OK or ICWS_ERR_CBOR. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_agent_status_decode(struct icws_bytes encoding, struct icws_agent_status *status);

/* A method of a canister and its argument. */
struct icws_agent_method {
  struct icws_principal canister;
  struct icws_bytes name;                 /* UTF-8 */
  struct icws_bytes arg;                  /* Candid as a rule */
  const struct icws_principal *effective; /* for the management canister: the canister that the call
                                             is about, ("Effective canister id"); (|canister|) */
};

/*
 * icws_agent_query runs a query method ("Request: Query"), whose answer nodes have signed.  Their
 * keys are read with a certificate, kept for 5 minutes for the last 64 canisters, and read once more
 * when a node is not among them.
 *
 * icws_agent_call runs an update method ("Request: Call") and waits for its certified outcome: at
 * the synchronous endpoints v4 or v3 where the network has them, else at v2; whenever they do not
 * bring it, by reading the request's status until it is there or the ingress_expiry has passed.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_agent_query(struct icws_agent *agent, const struct icws_agent_method *method,
                 icws_agent_answer_fn *fn, void *user_data, struct icws_agent_request **request);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_agent_call(struct icws_agent *agent, const struct icws_agent_method *method,
                icws_agent_answer_fn *fn, void *user_data, struct icws_agent_request **request);

/* The way from the root of the state tree to a value or subtree; labels are raw bytes. */
struct icws_agent_path {
  const struct icws_bytes *labels;
  size_t count;
};

/*
 * icws_agent_read_state reads the certified state at |count| paths ("Request: Read state"; "The
 * system state tree"): the answer has |certificate|, |tree| and |time_ns|; |reply| is empty.
 * |canister| is the effective canister id.  icws_agent_read_subnet_state asks the subnet |subnet|
 * instead.
 *
 * icws_agent_metadata reads one custom section of a canister, as in "candid:service", where
 * canisters publish their interface: |reply| is its value.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_agent_read_state(struct icws_agent *agent, const struct icws_principal *canister,
                      const struct icws_agent_path *paths, size_t count, icws_agent_answer_fn *fn,
                      void *user_data, struct icws_agent_request **request);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_agent_read_subnet_state(struct icws_agent *agent, const struct icws_principal *subnet,
                             const struct icws_agent_path *paths, size_t count,
                             icws_agent_answer_fn *fn, void *user_data,
                             struct icws_agent_request **request);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_agent_metadata(struct icws_agent *agent, const struct icws_principal *canister,
                    const char *name, icws_agent_answer_fn *fn, void *user_data,
                    struct icws_agent_request **request);

/* --- For gateways ----------------------------------------------------------------------------- */

/*
 * icws_agent_relay_call and icws_agent_relay_query send the envelope of somebody else, byte for
 * byte, with |canister| as the effective canister id.  |envelope| is borrowed until the callback
 * returns or the request is cancelled.  They also return what icws_envelope_decode does, and
 * ICWS_ERR_ENVELOPE for a request of another type; who signed is left to the network.
 *
 * Their answers are what the network says, not verified: enough to know that a call was processed,
 * so that the next one can be sent, and for data that is certified by other means.  |reject.proven|
 * is false, |time_ns| 0, |certificate| and |tree| are empty.  The status of another's call cannot be
 * read: where the network does not say the outcome at once, cannot be reached, or refuses the call
 * before it was replicated with ICWS_REJECT_SYS_TRANSIENT, the same bytes are sent again until it
 * does, or until the envelope has expired (ICWS_ERR_CALL_UNKNOWN, or the reason why the network was
 * never reached, or that refusal).  A network with nothing but v2 never says it: then the answer is
 * FAILED with ICWS_ERR_UNSUPPORTED as soon as the network has taken the call.
 * icws_agent_relay_query uses /api/v2, since the JavaScript SDK 0.5.0 refuses the data certificates
 * that v3 leads to.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_agent_relay_call(struct icws_agent *agent, const struct icws_principal *canister,
                      struct icws_bytes envelope, icws_agent_answer_fn *fn, void *user_data,
                      struct icws_agent_request **request);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_agent_relay_query(struct icws_agent *agent, const struct icws_principal *canister,
                       struct icws_bytes envelope, icws_agent_answer_fn *fn, void *user_data,
                       struct icws_agent_request **request);

/* --- Looking ---------------------------------------------------------------------------------- */

/* icws_agent_skew_ns returns how far the network's clock is ahead of this machine's, as its
 * certificates say; 0 until it mattered, and within ICWS_AGENT_CLOCK_TOLERANCE_NS. */
ICWS_EXPORT int64_t icws_agent_skew_ns(const struct icws_agent *agent);

/* icws_agent_root_key returns the key that is trusted; empty while it is still to be fetched. */
ICWS_EXPORT struct icws_bytes icws_agent_root_key(const struct icws_agent *agent);

/* icws_agent_principal returns whom the agent acts as. */
ICWS_EXPORT struct icws_principal icws_agent_principal(const struct icws_agent *agent);

ICWS_END_DECLS

#endif
