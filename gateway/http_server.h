/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_HTTP_SERVER_H
#define ICWS_GATEWAY_HTTP_SERVER_H

#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include <icws/bytes.h>
#include <icws/error.h>

/*
 * An HTTP/1.1 server for small APIs, libmicrohttpd on a libuv loop that the program owns and runs.
 * A handler is given whole requests and answers them at once or later.  Connections are kept alive;
 * on each, one request is handled at a time, in the order in which they came.  What is no HTTP, or
 * passes a limit, is answered without the handler.
 *
 * It stands on libmicrohttpd and not on libwebsockets, because that (4.1.6) loops for ever over a
 * request that was sent behind one whose answer comes later.
 *
 * All functions are called in the thread of the loop; callbacks come in it too.
 */
struct icws_http_server;

#define ICWS_HTTP_MAX_HEAD_BYTES 32768 /* of a request: its line and header fields (431, 414) */
#define ICWS_HTTP_MAX_METHOD_BYTES 15  /* (501) */
#define ICWS_HTTP_MAX_PATH_BYTES 1024  /* decoded (414) */
#define ICWS_HTTP_MAX_FIELD_BYTES 256  /* of a header field that is handed on (431) */

/* The body of a request that is refused as too large is read and dropped up to this length, so that
 * the client gets to read why; beyond, the connection is closed. */
#define ICWS_HTTP_MAX_SKIMMED_BYTES (16 * 1024 * 1024)

/* A request.  Text and bytes are borrowed until it is answered. */
struct icws_http_request {
  const char *method;       /* HEAD comes as GET, and its answer is sent without the body */
  const char *path;         /* percent-decoded, without what follows a question mark */
  const char *content_type; /* these two "" if absent */
  const char *origin;
  struct icws_bytes body;
};

struct icws_http_field {
  const char *name;
  const char *value;
};

/* All borrowed for the call. */
struct icws_http_answer {
  unsigned status;          /* 200 to 599; 204 has no body */
  const char *content_type; /* NULL: none */
  struct icws_bytes body;
  const struct icws_http_field *fields; /* besides those of the configuration */
  size_t field_count;
};

/*
 * A request that waits for its answer.  It lives until it is answered, even if client and server
 * are gone before: so whoever keeps one answers it exactly once and need know nothing else.
 */
struct icws_http_exchange;

const struct icws_http_request *
icws_http_exchange_request(const struct icws_http_exchange *exchange);

/* icws_http_exchange_answer answers and frees the exchange.  May be called from within the handler,
 * and at any later time.  If memory is short, the connection is dropped. */
void icws_http_exchange_answer(struct icws_http_exchange *exchange,
                               const struct icws_http_answer *answer);

/* icws_http_exchange_refuse answers with |status| and a line of text. */
void icws_http_exchange_refuse(struct icws_http_exchange *exchange, unsigned status,
                               const char *text);

typedef void icws_http_handler(void *user_data, struct icws_http_exchange *exchange);

/* Zero in a member means its default, which is stated beside it. */
struct icws_http_server_config {
  uv_loop_t *loop;            /* must be given; outlives the server */
  icws_http_handler *handler; /* must be given */
  void *user_data;
  const char *name;       /* must be given: for the field "server" */
  const char *address;    /* a numeric address of this machine to listen on; "127.0.0.1" */
  uint16_t port;          /* any free one, see icws_http_server_port */
  size_t max_connections; /* 256; more are told to try again (503) */
  size_t max_body_bytes;  /* 64 KiB; more is refused (413) */
  uint32_t timeout_ms;    /* 60000: from a connection's beginning, or the end of an answer, to
                                 the end of the next request; and a client that takes nothing of an
                                 answer for that long is dropped */
  const struct icws_http_field *fields; /* of every answer; outlive the server */
  size_t field_count;
  uint64_t (*monotonic_ns)(void); /* for tests; NULL: the system's */
};

/*
 * icws_http_server_new starts a server, listening.  Returns ICWS_OK, ICWS_ERR_INVALID_ARGUMENT (a
 * member that must be given is missing, the address is not numeric), ICWS_ERR_SYSTEM (the address
 * cannot be listened on) or ICWS_ERR_NOMEM.  May run the loop after a failure.
 *
 * icws_http_server_del drops all connections and frees.  It runs the loop until its handles are
 * closed, so that it must not be called from within one of the loop's callbacks.  Exchanges that
 * are not answered yet stay their keepers'.  NULL is ignored.
 */
ICWS_NODISCARD enum icws_error icws_http_server_new(const struct icws_http_server_config *config,
                                                    struct icws_http_server **server,
                                                    struct icws_failure *failure);
void icws_http_server_del(struct icws_http_server *server);

uint16_t icws_http_server_port(const struct icws_http_server *server);

#endif
