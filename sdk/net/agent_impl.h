/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_AGENT_IMPL_H
#define ICWS_NET_AGENT_IMPL_H

#include <uv.h>

#include <icws/agent.h>
#include <icws/node_keys.h>
#include <icws/verifier.h>

#include "http.h"
#include "list.h"
#include "loop.h"
#include "proxy.h"
#include "url.h"

/*
 * The agent by its nouns: agent.c has its life and its driving, agent_request.c a request from its
 * making to its end, agent_exchange.c what all requests go through at the network; agent_status.c,
 * _query.c, _call.c, _read_state.c and _relay.c one kind of request each; agent_node_keys.c and
 * agent_clock.c what is known of the network.  The agent's own needs (root key, clock, node keys, a
 * call's status) are requests like any other, but internal.
 */

enum icws_agent_endpoint {
  ICWS_ENDPOINT_STATUS,
  ICWS_ENDPOINT_CALL,
  ICWS_ENDPOINT_QUERY,
  ICWS_ENDPOINT_READ_STATE,
  ICWS_ENDPOINTS,
};

/* What a request may wait for that others wait for, too. */
enum icws_agent_wait {
  ICWS_WAIT_NOTHING,
  ICWS_WAIT_ROOT_KEY,
  ICWS_WAIT_CLOCK,
  ICWS_WAIT_NODE_KEYS, /* of the request's target */
};

/* The network's time, as certificates have shown it. */
struct icws_agent_clock {
  int64_t skew_ns;       /* to be added to the machine's time */
  bool checked;          /* the two were compared */
  uint64_t certified_ns; /* the newest certified time, and when it was seen, by uv_hrtime; or 0 */
  uint64_t seen_ns;
  struct icws_agent_request *measuring; /* or NULL */
};

#define ICWS_AGENT_SUBNETS_MAX 64

/* The keys of the nodes that answer for a canister. */
struct icws_agent_node_keys {
  struct icws_principal canister; /* empty: the entry is free */
  struct icws_node_keys keys;
  uint64_t time_ns;                 /* of the certificate */
  uint64_t begun_ns;                /* when it was asked for, by uv_hrtime */
  uint64_t used;                    /* counts up */
  struct icws_agent_request *fetch; /* or NULL */
};

struct icws_agent {
  struct icws_agent_config config; /* numbers filled in; pointers only to what is below */
  struct icws_url url;
  struct icws_proxy proxy;
  char *ca_file;
  uv_loop_t loop;
  struct icws_http *http;
  bool processing; /* inside icws_agent_process or icws_agent_run */

  struct icws_verifier *verifier; /* NULL until there is a root key */
  uint8_t root_key[ICWS_ROOT_KEY_DER_BYTES];
  struct icws_agent_request *root_key_fetch; /* or NULL */

  unsigned versions[ICWS_ENDPOINTS]; /* of endpoints; less than the newest if it was not there */
  struct icws_agent_clock clock;
  struct icws_agent_node_keys node_keys[ICWS_AGENT_SUBNETS_MAX];
  uint64_t node_keys_used;

  struct icws_link ready;  /* requests whose step is to be taken */
  struct icws_link parked; /* all others */
  size_t request_count;    /* without the internal ones */
};

typedef void icws_agent_step_fn(struct icws_agent_request *request);

/* A kind of request. */
struct icws_agent_kind {
  enum icws_agent_endpoint endpoint;
  bool needs_root_key;
  bool needs_clock; /* before it is signed */

  /* Makes request_id and envelope with the expiry that is set; NULL if there is nothing to sign.
   * Errors stick in |envelope|. */
  void (*sign)(struct icws_agent_request *request);

  /* The network's answer, with a status that is not handled for all kinds. */
  void (*answered)(struct icws_agent_request *request, const struct icws_http_result *answer);

  /* Time is up; NULL: the request fails. */
  void (*expired)(struct icws_agent_request *request);
};

struct icws_agent_request {
  struct icws_link link;
  struct icws_agent *agent;
  const struct icws_agent_kind *kind;
  icws_agent_answer_fn *fn;
  void *user_data;
  bool internal;
  bool telling;   /* in its callback */
  bool anonymous; /* whoever the agent acts as */

  /* What is asked for. */
  struct icws_principal target; /* the effective canister, or the subnet */
  bool of_subnet;
  bool is_metadata;    /* a read_state, the reply is the value at its only path */
  bool measures_clock; /* a read_state, whose certificate's age is not judged */
  struct icws_buf own; /* the bytes of |call|, or a read_state's paths */
  struct icws_call call;
  uint8_t nonce[16];

  /* What is sent. */
  struct icws_buf envelope;
  struct icws_bytes body; /* |envelope|, or somebody else's */
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
  uint64_t expiry_ns;
  unsigned version; /* of the endpoint */
  bool fell_back;   /* to an older one */

  /* How far it is. */
  icws_agent_step_fn *step; /* in |ready|: what is to be done */
  enum icws_agent_wait wait;
  struct icws_http_transfer *transfer;
  struct icws_agent_request *child; /* reads the status of a call */
  struct icws_timer *pause;
  struct icws_timer *deadline;
  unsigned failures;           /* exchanges that failed in a row */
  unsigned polls;              /* answers without an outcome */
  uint64_t signed_ns;          /* by uv_hrtime */
  bool uncertain;              /* a call: it may be processed, or may have been */
  bool signed_anew;            /* after a refusal */
  bool clock_asked;            /* the age of what came was not right */
  bool keys_renewed;           /* a node was not known */
  uint64_t answered_ns;        /* a query: when |kept| came, by uv_hrtime */
  struct icws_buf kept;        /* an answer that waits to be judged */
  struct icws_failure failure; /* the last that was not the end */
};

/* --- agent_request.c --- */

/* icws_agent_request_new makes a request that nobody knows of yet; NULL without memory.
 * icws_agent_request_drop frees it as long as nobody does. */
ICWS_NODISCARD struct icws_agent_request *icws_agent_request_new(struct icws_agent *agent,
                                                                 const struct icws_agent_kind *kind,
                                                                 icws_agent_answer_fn *fn,
                                                                 void *user_data);
void icws_agent_request_drop(struct icws_agent_request *request);

/* icws_agent_submit makes it known; |handle| may be NULL.  A request of the agent's own is not
 * counted. */
void icws_agent_submit(struct icws_agent_request *request, struct icws_agent_request **handle);
void icws_agent_submit_internal(struct icws_agent_request *request);

/* icws_agent_has_room tells whether another request may be submitted. */
bool icws_agent_has_room(const struct icws_agent *agent);

/* Has |step| taken when the pause after |count| attempts is over, which begins after the |asked_s|
 * seconds, cut at half a minute, that the network has asked for. */
void icws_agent_pause(struct icws_agent_request *request, unsigned count, uint64_t asked_s,
                      icws_agent_step_fn *step);

/* Has |step| taken when what is waited for is there; icws_agent_wake says that it is, or that it
 * failed, which ends those that wait for it.  For node keys, |target| says whose. */
void icws_agent_await(struct icws_agent_request *request, enum icws_agent_wait wait,
                      icws_agent_step_fn *step);
void icws_agent_wake(struct icws_agent *agent, enum icws_agent_wait wait,
                     const struct icws_principal *target, const struct icws_failure *failure);

/* End a request: with an answer, with a failure, with an HTTP status that was not expected. */
void icws_agent_finish(struct icws_agent_request *request, struct icws_agent_answer *answer);
void icws_agent_fail(struct icws_agent_request *request, const struct icws_failure *failure);
void icws_agent_fail_status(struct icws_agent_request *request,
                            const struct icws_http_result *answer);

/* Says what came instead of what was expected. */
void icws_agent_explain_status(const struct icws_agent_request *request, enum icws_error error,
                               const struct icws_http_result *answer, struct icws_failure *failure);

/* Ends a request without a word. */
void icws_agent_forget(struct icws_agent_request *request);

/* Whom the request is signed by: the key, empty for nobody, and the signature over |request_id|. */
struct icws_signer icws_agent_signer(const struct icws_agent_request *request);
struct icws_bytes icws_agent_sign(const struct icws_agent_request *request,
                                  uint8_t signature[ICWS_SIGNATURE_BYTES]);

/* Keeps an answer's body in |kept|; false, and the request has ended, without memory. */
bool icws_agent_keep(struct icws_agent_request *request, struct icws_bytes body);

/* --- agent_exchange.c --- */

/* The first step: waits for what the kind needs, signs and sends. */
void icws_agent_begin(struct icws_agent_request *request);

/* Sends the body to the endpoint. */
void icws_agent_send(struct icws_agent_request *request);

/* --- agent_read_state.c --- */

/* icws_agent_read_state_new makes a read_state of one path, for the agent's own needs; NULL without
 * memory. */
ICWS_NODISCARD struct icws_agent_request *
icws_agent_read_state_new(struct icws_agent *agent, const struct icws_principal *target,
                          bool of_subnet, const struct icws_bytes *labels, size_t count,
                          icws_agent_answer_fn *fn, void *user_data);

/*
 * icws_agent_verify verifies |encoding| for the request's target and judges its age.  Returns true
 * with |*certificate| set.  Otherwise the request has ended, or waits for the clock: then |retry| is
 * taken once that is known, and the caller has kept what it needs for it before.
 */
bool icws_agent_verify(struct icws_agent_request *request, struct icws_bytes encoding,
                       const struct icws_certificate **certificate, icws_agent_step_fn *retry);

/* --- agent_status.c --- */

/* Starts to fetch the root key, unless that is under way. */
void icws_agent_fetch_root_key(struct icws_agent *agent);

/* Makes the verifier.  Returns ICWS_OK, ICWS_ERR_ROOT_KEY or ICWS_ERR_NOMEM. */
ICWS_NODISCARD enum icws_error icws_agent_trust(struct icws_agent *agent,
                                                struct icws_bytes root_key,
                                                struct icws_failure *failure);

/* --- agent_clock.c --- */

/* The network's time, as far as it is known. */
uint64_t icws_agent_now_ns(const struct icws_agent *agent);

/* Notes a certified time. */
void icws_agent_note_time(struct icws_agent *agent, uint64_t time_ns);

/* Starts to ask |request|'s target for the time, unless that is under way. */
void icws_agent_measure_clock(struct icws_agent_request *request);

/* --- agent_node_keys.c --- */

/* icws_agent_find_node_keys returns the keys for |request|'s target if they are known, were asked
 * for at |since_ns| (uv_hrtime) or later, and are not too old.  If not, it starts to fetch them; NULL
 * then. */
const struct icws_node_keys *icws_agent_find_node_keys(struct icws_agent_request *request,
                                                       uint64_t since_ns);

#endif
