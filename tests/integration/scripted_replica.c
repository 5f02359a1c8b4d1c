/* SPDX-License-Identifier: Apache-2.0 */
#include "scripted_replica.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include <icws/cbor.h>
#include <icws/hashtree.h>
#include <icws/response.h>

static void require(bool condition, const char *what)
{
  if (!condition) {
    fprintf(stderr, "scripted replica: %s\n", what);
    abort();
  }
}

uint64_t scripted_replica_now_ns(const struct scripted_replica *replica)
{
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec + (uint64_t)replica->ahead_ns;
}

bool scripted_path_is(const struct scripted_http_request *request, const char *ending)
{
  size_t path = strlen(request->path);
  size_t len = strlen(ending);
  return path >= len && strcmp(request->path + path - len, ending) == 0;
}

void scripted_put_text(struct scripted_http_answer *answer, unsigned status, const char *text)
{
  answer->status = status;
  icws_buf_clear(&answer->body);
  icws_buf_put_text(&answer->body, text);
}

/* --- Answers ---------------------------------------------------------------------------------- */

void scripted_put_read_state_answer(struct icws_buf *out, struct icws_bytes certificate)
{
  icws_cbor_put_self_describe(out);
  icws_cbor_put_map(out, 1);
  icws_cbor_put_key(out, "certificate");
  icws_cbor_put_bytes(out, certificate);
}

void scripted_put_call_answer(struct icws_buf *out, struct icws_bytes certificate)
{
  icws_cbor_put_self_describe(out);
  icws_cbor_put_map(out, 2);
  icws_cbor_put_key(out, "status");
  icws_cbor_put_text(out, icws_bytes_text("replied"));
  icws_cbor_put_key(out, "certificate");
  icws_cbor_put_bytes(out, certificate);
}

static void answer_status(struct scripted_replica *replica, struct icws_buf *out)
{
  icws_cbor_put_self_describe(out);
  icws_cbor_put_map(out, 2);
  icws_cbor_put_key(out, "root_key");
  icws_cbor_put_bytes(out, maker_key_der(&replica->root));
  icws_cbor_put_key(out, "replica_health_status");
  icws_cbor_put_text(out, icws_bytes_text("healthy"));
}

static bool is_rejected(const struct icws_envelope *envelope)
{
  return icws_bytes_equal(envelope->method, icws_bytes_text("reject"));
}

static void answer_call(struct scripted_replica *replica, const struct icws_envelope *envelope,
                        struct icws_buf *out)
{
  struct icws_buf certificate;
  icws_buf_init(&certificate, 0, NULL);
  scripted_put_call_certificate(replica, envelope->request_id,
                                is_rejected(envelope) ? SCRIPTED_REJECTED : SCRIPTED_REPLIED,
                                envelope->arg, scripted_replica_now_ns(replica), &certificate);
  scripted_put_call_answer(out, icws_buf_bytes(&certificate));
  icws_buf_wipe(&certificate);
}

static void put_signature(struct scripted_replica *replica,
                          const struct icws_query_response *response, const uint8_t *request_id,
                          struct icws_buf *out)
{
  uint8_t message[ICWS_QUERY_RESPONSE_TO_SIGN_BYTES];
  uint8_t signature[64];
  uint64_t now = scripted_replica_now_ns(replica);
  icws_query_response_to_sign(response, request_id, now, message);
  crypto_sign_detached(signature, NULL, message, sizeof message, replica->node_secret);
  icws_cbor_put_key(out, "signatures");
  icws_cbor_put_array(out, 1);
  icws_cbor_put_map(out, 3);
  icws_cbor_put_key(out, "timestamp");
  icws_cbor_put_uint(out, now);
  icws_cbor_put_key(out, "signature");
  icws_cbor_put_bytes(out, icws_bytes_of(signature, sizeof signature));
  icws_cbor_put_key(out, "identity");
  icws_cbor_put_bytes(out, icws_principal_bytes(&replica->node));
}

static void answer_query(struct scripted_replica *replica, const struct icws_envelope *envelope,
                         struct icws_buf *out)
{
  const struct icws_query_response replied = {.replied = true, .reply = envelope->arg};
  const struct icws_query_response rejected = {
      .reject = {.code = ICWS_REJECT_CANISTER_REJECT, .text = icws_bytes_text("not today")}};
  icws_cbor_put_self_describe(out);
  if (is_rejected(envelope)) {
    icws_cbor_put_map(out, 4);
    icws_cbor_put_key(out, "status");
    icws_cbor_put_text(out, icws_bytes_text("rejected"));
    icws_cbor_put_key(out, "reject_code");
    icws_cbor_put_uint(out, 4);
    icws_cbor_put_key(out, "reject_message");
    icws_cbor_put_text(out, rejected.reject.text);
    put_signature(replica, &rejected, envelope->request_id, out);
    return;
  }
  icws_cbor_put_map(out, 3);
  icws_cbor_put_key(out, "status");
  icws_cbor_put_text(out, icws_bytes_text("replied"));
  icws_cbor_put_key(out, "reply");
  icws_cbor_put_map(out, 1);
  icws_cbor_put_key(out, "arg");
  icws_cbor_put_bytes(out, envelope->arg);
  put_signature(replica, &replied, envelope->request_id, out);
}

/* The labels of the first path. */
static size_t read_path(const struct icws_envelope *envelope, struct icws_bytes labels[4])
{
  struct icws_cbor_reader reader;
  uint64_t paths;
  uint64_t count;
  uint64_t i;
  icws_cbor_reader_init(&reader, envelope->paths);
  require(icws_cbor_read_array(&reader, &paths) == ICWS_OK &&
              icws_cbor_read_array(&reader, &count) == ICWS_OK && count <= 4,
          "paths");
  for (i = 0; i < count; i++)
    require(icws_cbor_read_bytes(&reader, &labels[i]) == ICWS_OK, "label");
  return (size_t)count;
}

static void answer_read_state(struct scripted_replica *replica,
                              const struct icws_envelope *envelope, struct icws_buf *out)
{
  struct icws_bytes labels[4];
  size_t count = read_path(envelope, labels);
  struct icws_buf certificate;
  struct icws_buf tree;
  icws_buf_init(&certificate, 0, NULL);
  icws_buf_init(&tree, 0, NULL);
  if (count == 2 && icws_bytes_equal(labels[0], icws_bytes_text("request_status"))) {
    enum scripted_status status = replica->outcome_of_poll;
    scripted_put_call_certificate(
        replica, labels[1].data, status == SCRIPTED_ABSENT ? SCRIPTED_REPLIED : status,
        icws_bytes_text("polled"), scripted_replica_now_ns(replica), &certificate);
  } else {
    maker_put_fork(&tree);
    if (count > 0 && icws_bytes_equal(labels[0], icws_bytes_text("canister")))
      scripted_put_metadata(replica, &tree);
    else
      scripted_put_subnet(replica, &tree);
    maker_put_time(&tree, scripted_replica_now_ns(replica));
    scripted_certify(replica, &tree, &certificate);
  }
  scripted_put_read_state_answer(out, icws_buf_bytes(&certificate));
  icws_buf_wipe(&certificate);
}

static bool is_expired(const struct scripted_replica *replica, const struct icws_envelope *envelope)
{
  uint64_t now = scripted_replica_now_ns(replica);
  return envelope->ingress_expiry < now ||
         envelope->ingress_expiry - now > ICWS_INGRESS_EXPIRY_MAX_NS;
}

void scripted_replica_answer(struct scripted_replica *replica,
                             const struct scripted_http_request *request,
                             struct scripted_http_answer *answer)
{
  bool is_anonymous = request->is_envelope && !request->envelope.has_public_key;
  if (scripted_path_is(request, "/api/v2/status"))
    answer_status(replica, &answer->body);
  else if (!request->is_envelope)
    scripted_put_text(answer, 400, "not an envelope");
  else if ((!is_anonymous || request->envelope.type == ICWS_REQUEST_CALL) &&
           is_expired(replica, &request->envelope))
    scripted_put_text(answer, 400,
                      "Invalid request expiry: Specified ingress_expiry not within expected range");
  else if (scripted_path_is(request, "/call"))
    answer_call(replica, &request->envelope, &answer->body);
  else if (scripted_path_is(request, "/query"))
    answer_query(replica, &request->envelope, &answer->body);
  else
    answer_read_state(replica, &request->envelope, &answer->body);
}

/* --- HTTP/1.1 --------------------------------------------------------------------------------- */

static size_t content_length(const char *head)
{
  static const char field[] = "\r\nContent-Length:";
  const char *found = strstr(head, field);
  return found == NULL ? 0 : (size_t)strtoul(found + sizeof field - 1, NULL, 10);
}

static bool read_request(struct scripted_connection *connection,
                         struct scripted_http_request *request, uint8_t **body)
{
  char head[4096];
  size_t len;
  if (!scripted_read_request(connection, head, sizeof head) ||
      sscanf(head, "%7s %159s", request->method, request->path) != 2)
    return false;
  len = content_length(head);
  *body = malloc(len + 1);
  require(*body != NULL, "malloc");
  if (!scripted_read_bytes(connection, *body, len)) {
    free(*body);
    return false;
  }
  request->body = icws_bytes_of(*body, len);
  request->is_envelope =
      len > 0 && icws_envelope_decode(request->body, &request->envelope, NULL) == ICWS_OK;
  request->connection = connection;
  return true;
}

static void send_answer(struct scripted_connection *connection,
                        const struct scripted_http_answer *answer)
{
  char head[256];
  snprintf(head, sizeof head, "HTTP/1.1 %u X\r\nContent-Length: %zu\r\nConnection: close\r\n%s\r\n",
           answer->status, answer->body.len, answer->fields == NULL ? "" : answer->fields);
  if (scripted_send_bytes(connection, head, strlen(head)))
    scripted_send_bytes(connection, answer->body.data, answer->body.len);
}

void scripted_replica_serve(struct scripted_connection *connection, void *user_data)
{
  struct scripted_replica *replica = user_data;
  struct scripted_http_request request = {.number = replica->count};
  struct scripted_http_answer answer = {.status = 200};
  uint8_t *body;
  if (replica->certificate_file != NULL && !scripted_accept_tls(connection))
    return;
  if (!read_request(connection, &request, &body))
    return;
  if (replica->count < SCRIPTED_LOG_MAX)
    snprintf(replica->log[replica->count], sizeof replica->log[0], "%s %s", request.method,
             request.path);
  replica->count++;
  icws_buf_init(&answer.body, 0, NULL);
  if (replica->script != NULL)
    replica->script(replica, &request, &answer);
  else
    scripted_replica_answer(replica, &request, &answer);
  if (!answer.hang_up && !answer.is_sent)
    send_answer(connection, &answer);
  icws_buf_wipe(&answer.body);
  free(body);
}

/* --- Life ------------------------------------------------------------------------------------- */

static void make_node(struct scripted_replica *replica)
{
  static const uint8_t prefix[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                   0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
  static const uint8_t seed[32] = {7};
  require(sodium_init() >= 0, "libsodium");
  memcpy(replica->node_public_key, prefix, sizeof prefix);
  crypto_sign_seed_keypair(replica->node_public_key + sizeof prefix, replica->node_secret, seed);
  icws_principal_self_authenticating(
      &replica->node, icws_bytes_of(replica->node_public_key, sizeof replica->node_public_key));
}

void scripted_replica_start(struct scripted_replica *replica)
{
  static const uint8_t canister[] = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1};
  maker_key_init(&replica->root, "scripted replica");
  icws_principal_self_authenticating(&replica->subnet, maker_key_der(&replica->root));
  require(icws_principal_init(&replica->canister, icws_bytes_of(canister, sizeof canister)) ==
              ICWS_OK,
          "canister");
  make_node(replica);
  replica->server = scripted_gateway_start(scripted_replica_serve, replica,
                                           replica->certificate_file, replica->key_file);
}

void scripted_replica_url(const struct scripted_replica *replica, char *out, size_t size)
{
  snprintf(out, size, "%s://127.0.0.1:%u", replica->certificate_file != NULL ? "https" : "http",
           (unsigned)scripted_gateway_port(replica->server));
}

void scripted_replica_stop(struct scripted_replica *replica)
{
  scripted_gateway_stop(replica->server);
}
