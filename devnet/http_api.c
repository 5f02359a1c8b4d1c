/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/http_api.h"

#include <string.h>
#include <strings.h>

#include <icws/cbor.h>
#include <icws/version.h>

#include "devnet/http_api_state.h"

/* --- Answers ----------------------------------------------------------------------------------- */

const struct icws_http_field *icws_http_api_fields(size_t *count)
{
  static const struct icws_http_field fields[] = {{"access-control-allow-origin", "*"}};
  *count = sizeof fields / sizeof fields[0];
  return fields;
}

void icws_http_api_say(struct icws_http_api_answer *answer, unsigned status, const char *text)
{
  answer->status = status;
  answer->content_type = "text/plain; charset=utf-8";
  icws_buf_clear(&answer->body);
  icws_buf_put_text(&answer->body, text);
}

/* Clients look for the text about the expiry: they set their clock then, and try again. */
void icws_http_api_say_why(struct icws_http_api_answer *answer,
                           const struct icws_replica_answer *refusal)
{
  icws_http_api_say(answer, 400,
                    refusal->error == ICWS_ERR_EXPIRY
                        ? "Invalid request expiry: Specified ingress_expiry not within expected "
                          "range: "
                        : "Invalid request: ");
  icws_buf_put(&answer->body, refusal->text.data, refusal->text.len);
}

void icws_http_api_put_certificate(struct icws_replica *replica, const char *status,
                                   const struct icws_state_path *paths, size_t count,
                                   enum icws_ranges_form form, struct icws_http_api_answer *answer)
{
  struct icws_buf certificate;
  icws_buf_init(&certificate, 0, NULL);
  enum icws_error error = icws_replica_certificate(replica, paths, count, form, &certificate);
  if (error == ICWS_OK) {
    answer->status = 200;
    answer->content_type = "application/cbor";
    icws_cbor_put_self_describe(&answer->body);
    icws_cbor_put_map(&answer->body, status == NULL ? 1 : 2);
    if (status != NULL) {
      icws_cbor_put_key(&answer->body, "status");
      icws_cbor_put_text(&answer->body, icws_bytes_text(status));
    }
    icws_cbor_put_key(&answer->body, "certificate");
    icws_cbor_put_bytes(&answer->body, icws_buf_bytes(&certificate));
  } else {
    icws_http_api_say(answer, 503, "The replica has no certified state at present.");
  }
  icws_buf_wipe(&certificate);
}

static void put_status(const struct icws_replica *replica, struct icws_http_api_answer *answer)
{
  struct icws_buf *out = &answer->body;
  uint64_t height = icws_replica_height(replica);
  answer->status = 200;
  answer->content_type = "application/cbor";
  icws_cbor_put_self_describe(out);
  icws_cbor_put_map(out, 4);
  icws_cbor_put_key(out, "root_key");
  icws_cbor_put_bytes(out, icws_replica_root_key(replica));
  icws_cbor_put_key(out, "impl_version");
  icws_cbor_put_text(out, icws_bytes_text(ICWS_VERSION));
  icws_cbor_put_key(out, "replica_health_status");
  icws_cbor_put_text(out, icws_bytes_text(height > 0 ? "healthy" : "waiting_for_certified_state"));
  icws_cbor_put_key(out, "certified_height");
  icws_cbor_put_uint(out, height);
}

/* What a browser asks before it lets a page send CBOR. */
static void put_preflight(struct icws_http_api_answer *answer)
{
  static const struct icws_http_field fields[] = {
      {"access-control-allow-methods", "GET, POST"},
      {"access-control-allow-headers", "Authorization, Accept, Content-Type"},
      {"access-control-max-age", "600"},
  };
  answer->status = 204;
  answer->fields = fields;
  answer->field_count = sizeof fields / sizeof fields[0];
}

/* --- Endpoints --------------------------------------------------------------------------------- */

enum endpoint {
  ENDPOINT_NONE,
  ENDPOINT_STATUS,
  ENDPOINT_CALL,
  ENDPOINT_QUERY,
  ENDPOINT_READ_STATE,
};

/* What stands at /api/v2 to v|last|/|kind|/.../|name|. */
static const struct row {
  const char *kind;
  const char *name;
  unsigned last; /* version */
  enum endpoint endpoint;
} rows[] = {
    {"canister", "call", 4, ENDPOINT_CALL},
    {"canister", "query", 3, ENDPOINT_QUERY},
    {"canister", "read_state", 3, ENDPOINT_READ_STATE},
    {"subnet", "read_state", 3, ENDPOINT_READ_STATE},
};

/* Takes the segment in front of the next slash off |*path|, or all of it. */
static struct icws_bytes take_segment(const char **path)
{
  size_t len = strcspn(*path, "/");
  struct icws_bytes segment = icws_bytes_of(*path, len);
  *path += len + ((*path)[len] == '/' ? 1 : 0);
  return segment;
}

static bool is(struct icws_bytes segment, const char *text)
{
  return icws_bytes_equal(segment, icws_bytes_text(text));
}

/* Finds the endpoint of |path|.  |*id| is the segment that is to be a principal. */
static enum endpoint find_endpoint(const char *path, struct icws_http_api_target *target,
                                   struct icws_bytes *id)
{
  static const char prefix[] = "/api/v";
  if (strcmp(path, "/api/v2/status") == 0) {
    return ENDPOINT_STATUS;
  }
  if (strncmp(path, prefix, sizeof prefix - 1) != 0) {
    return ENDPOINT_NONE;
  }
  path += sizeof prefix - 1;
  struct icws_bytes version = take_segment(&path);
  if (version.len != 1 || version.data[0] < '2' || version.data[0] > '4') {
    return ENDPOINT_NONE;
  }
  target->version = (unsigned)(version.data[0] - '0');
  struct icws_bytes kind = take_segment(&path);
  target->subnet = is(kind, "subnet");
  *id = take_segment(&path);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (is(kind, rows[i].kind) && strcmp(path, rows[i].name) == 0 &&
        target->version <= rows[i].last) {
      return rows[i].endpoint;
    }
  }
  return ENDPOINT_NONE;
}

/* The checks that all endpoints share which take a body.  False after answering. */
static bool admit(const struct icws_http_request *request, enum endpoint endpoint,
                  struct icws_bytes id, struct icws_http_api_target *target,
                  struct icws_http_api_answer *answer)
{
  if (strcasecmp(request->content_type, "application/cbor") != 0) {
    icws_http_api_say(answer, 400,
                      "Unexpected content type: the body must come as application/cbor.");
  } else if (icws_principal_from_text(&target->id, id) != ICWS_OK) {
    icws_http_api_say(answer, 400, "Malformed id in the path: it must be the text of a principal.");
  } else if (endpoint == ENDPOINT_CALL && request->body.len > ICWS_ENVELOPE_MAX_BYTES) {
    icws_http_api_say(answer, 413, "The call is larger than 2 MiB, which is what a subnet takes.");
  } else {
    return true;
  }
  return false;
}

bool icws_http_api_handle(struct icws_replica *replica, const struct icws_http_request *request,
                          struct icws_http_api_answer *answer, struct icws_http_api_wait *wait)
{
  struct icws_http_api_target target = {0};
  struct icws_bytes id = {0};
  enum endpoint endpoint = find_endpoint(request->path, &target, &id);
  const char *method = endpoint == ENDPOINT_STATUS ? "GET" : "POST";
  if (endpoint == ENDPOINT_NONE) {
    icws_http_api_say(answer, 404, "There is nothing here: the paths begin with /api/v2/status.");
  } else if (strcmp(request->method, "OPTIONS") == 0) {
    put_preflight(answer);
  } else if (strcmp(request->method, method) != 0) {
    icws_http_api_say(answer, 405, "The path is served, but not by this method.");
  } else if (endpoint == ENDPOINT_STATUS) {
    put_status(replica, answer);
  } else if (admit(request, endpoint, id, &target, answer)) {
    switch (endpoint) {
    case ENDPOINT_CALL:
      return icws_http_api_call(replica, &target, request->body, answer, wait);
    case ENDPOINT_QUERY:
      icws_http_api_query(replica, &target, request->body, answer);
      break;
    default:
      icws_http_api_read_state(replica, &target, request->body, answer);
      break;
    }
  }
  return true;
}
