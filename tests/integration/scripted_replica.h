/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_SCRIPTED_REPLICA_H
#define ICWS_TESTS_SCRIPTED_REPLICA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/envelope.h>
#include <icws/principal.h>

#include "certificate_maker.h"
#include "scripted_gateway.h"

/*
 * The HTTP API of a network with one subnet, its root, on a real socket on 127.0.0.1: it answers as
 * it should, by its own signing code, or as a test's script wants.  One connection a request.
 * Scripts run on its thread; the test looks at what they noted after scripted_replica_stop.
 */
struct scripted_replica;

#define SCRIPTED_LOG_MAX 64

struct scripted_http_request {
  unsigned number; /* counts from 0 */
  char method[8];
  char path[160];
  struct icws_bytes body;
  bool is_envelope;
  struct icws_envelope envelope; /* of the body */
  struct scripted_connection *connection;
};

struct scripted_http_answer {
  unsigned status;    /* 200 unless the script sets another */
  const char *fields; /* of the head besides those that are needed, each with CRLF; or NULL */
  struct icws_buf body;
  bool hang_up; /* instead */
  bool is_sent; /* by the script itself */
};

typedef void scripted_replica_fn(struct scripted_replica *replica,
                                 const struct scripted_http_request *request,
                                 struct scripted_http_answer *answer);

/* How a call ended, for the state tree. */
enum scripted_status {
  SCRIPTED_ABSENT,
  SCRIPTED_PROCESSING,
  SCRIPTED_REPLIED,
  SCRIPTED_REJECTED,
  SCRIPTED_DONE,
};

struct scripted_replica {
  /* Set by the test before the start; a zeroed rest is a good network. */
  scripted_replica_fn *script; /* NULL: scripted_replica_answer */
  void *user_data;
  int64_t ahead_ns;                     /* of this machine's clock */
  enum scripted_status outcome_of_poll; /* what read_state shows of calls; ABSENT: replied */
  const char *certificate_file;         /* for TLS, or NULL */
  const char *key_file;

  /* To read. */
  struct maker_key root;
  struct icws_principal subnet;
  struct icws_principal canister;
  struct icws_principal node;
  uint8_t node_public_key[44];
  uint8_t node_secret[64];
  unsigned count;
  char log[SCRIPTED_LOG_MAX][176]; /* method, path */
  struct scripted_gateway *server;
};

/* scripted_replica_start makes keys and listens; the URL then is http[s]://127.0.0.1:port. */
void scripted_replica_start(struct scripted_replica *replica);
void scripted_replica_url(const struct scripted_replica *replica, char *out, size_t size);
void scripted_replica_stop(struct scripted_replica *replica);

/* Serves one request on a connection that somebody else has accepted; |user_data| is the replica. */
scripted_gateway_fn scripted_replica_serve;

/* Answers as a good network: calls and queries of any method are answered with their argument, but
 * the method "reject" is rejected.  read_state knows /time, /subnet, /request_status and the
 * metadata "candid:service" of the canister. */
void scripted_replica_answer(struct scripted_replica *replica,
                             const struct scripted_http_request *request,
                             struct scripted_http_answer *answer);

/* Parts of it. */
uint64_t scripted_replica_now_ns(const struct scripted_replica *replica);
bool scripted_path_is(const struct scripted_http_request *request, const char *ending);
void scripted_put_text(struct scripted_http_answer *answer, unsigned status, const char *text);
void scripted_put_call_certificate(struct scripted_replica *replica, const uint8_t *request_id,
                                   enum scripted_status status, struct icws_bytes reply,
                                   uint64_t time_ns, struct icws_buf *certificate);
void scripted_put_call_answer(struct icws_buf *out, struct icws_bytes certificate);
void scripted_put_read_state_answer(struct icws_buf *out, struct icws_bytes certificate);

/* What the state tree has below /subnet, and of the canister's metadata. */
void scripted_put_subnet(const struct scripted_replica *replica, struct icws_buf *tree);
void scripted_put_metadata(const struct scripted_replica *replica, struct icws_buf *tree);

/* The certificate of a tree, which is wiped. */
void scripted_certify(const struct scripted_replica *replica, struct icws_buf *tree,
                      struct icws_buf *certificate);

#endif
