/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include <icws/cbor.h>

#include "devnet/http_api_state.h"

#define MAX_LABELS ((size_t)ICWS_READ_STATE_MAX_PATHS * ICWS_PATH_MAX_LABELS)

/* Who asks for what: of one request. */
struct reading {
  struct icws_replica *replica;
  const struct icws_http_api_target *target;
  struct icws_envelope envelope;
  struct icws_bytes request_id; /* of the call whose status is asked for; empty: none yet */
  struct icws_bytes *labels;    /* of all paths, one behind the other */
  struct icws_state_path *paths;
  size_t count;
};

static bool refuse(struct icws_http_api_answer *answer, unsigned status, const char *text)
{
  icws_http_api_say(answer, status, text);
  return false;
}

static bool is(struct icws_bytes label, const char *text)
{
  return icws_bytes_equal(label, icws_bytes_text(text));
}

static bool is_one_of(struct icws_bytes label, const char *const *names)
{
  while (*names != NULL && !is(label, *names)) {
    names++;
  }
  return *names != NULL;
}

/* --- Which paths may be read -------------------------------------------------------------------- */

static bool contains(struct icws_bytes targets, const struct icws_principal *canister)
{
  struct icws_cbor_reader reader;
  struct icws_bytes id;
  uint64_t left = 0;
  icws_cbor_reader_init(&reader, targets);
  if (icws_cbor_read_array(&reader, &left) != ICWS_OK) {
    return false;
  }
  for (; left > 0 && icws_cbor_read_bytes(&reader, &id) == ICWS_OK; left--) {
    if (icws_bytes_equal(id, icws_principal_bytes(canister))) {
      return true;
    }
  }
  return false;
}

/* Whether the delegation that |reader| reads next is for |canister|: it is if it has no targets. */
static bool delegation_covers(struct icws_cbor_reader *reader,
                              const struct icws_principal *canister)
{
  struct icws_cbor_field whole = {.name = "delegation", .type = ICWS_CBOR_MAP, .required = true};
  struct icws_cbor_field targets = {.name = "targets", .type = ICWS_CBOR_ARRAY};
  struct icws_cbor_reader inner;
  if (icws_cbor_read_fields(reader, &whole, 1, NULL) != ICWS_OK) {
    return false;
  }
  icws_cbor_reader_init(&inner, whole.value.bytes);
  if (icws_cbor_read_fields(&inner, &targets, 1, NULL) != ICWS_OK) {
    return false;
  }
  return !targets.present || contains(targets.value.bytes, canister);
}

/* Whether all |delegations| of the request are for |canister|.  The chain itself was verified. */
static bool delegations_cover(struct icws_bytes delegations, const struct icws_principal *canister)
{
  struct icws_cbor_reader reader;
  uint64_t left = 0;
  if (delegations.len == 0) {
    return true;
  }
  icws_cbor_reader_init(&reader, delegations);
  if (icws_cbor_read_array(&reader, &left) != ICWS_OK) {
    return false;
  }
  while (left > 0 && delegation_covers(&reader, canister)) {
    left--;
  }
  return left == 0;
}

static bool check_request_status(struct reading *reading, const struct icws_state_path *path,
                                 struct icws_http_api_answer *answer)
{
  static const char *const fields[] = {"status",         "reply",      "reject_code",
                                       "reject_message", "error_code", NULL};
  struct icws_principal canister = reading->target->id;
  struct icws_bytes id = path->labels[1];
  if (path->count == 3 && !is_one_of(path->labels[2], fields)) {
    return refuse(answer, 404, "Invalid path requested.");
  }
  if (id.len != ICWS_REQUEST_ID_BYTES) {
    return refuse(answer, 400, "Invalid request id in paths: it must have 32 bytes.");
  }
  if (reading->request_id.len > 0 && !icws_bytes_equal(reading->request_id, id)) {
    return refuse(answer, 400, "Can only request a single request ID in request_status paths.");
  }
  reading->request_id = id;
  if (!icws_replica_may_read(reading->replica, id.data, &reading->envelope.sender, &canister)) {
    return refuse(answer, 403, "The user tries to access Request ID not signed by the caller.");
  }
  if (!delegations_cover(reading->envelope.delegations, &canister)) {
    return refuse(answer, 403,
                  "The user tries to access request IDs for canisters not belonging to sender "
                  "delegation targets.");
  }
  return true;
}

static bool check_canister(const struct reading *reading, const struct icws_state_path *path,
                           struct icws_http_api_answer *answer)
{
  const struct icws_http_api_target *target = reading->target;
  if (!icws_bytes_equal(path->labels[1], icws_principal_bytes(&target->id))) {
    return refuse(answer, 400,
                  "Effective canister id in URL does not match the canister id in the path.");
  }
  if (path->count == 3) {
    return is(path->labels[2], "module_hash") || is(path->labels[2], "controllers") ||
           refuse(answer, 404, "Invalid path requested.");
  }
  if (path->count != 4 || !is(path->labels[2], "metadata")) {
    return refuse(answer, 404, "Invalid path requested.");
  }
  if (icws_replica_interface(reading->replica, &target->id) == NULL) {
    return refuse(answer, 404, "Canister not found.");
  }
  return is(path->labels[3], "candid:service") || refuse(answer, 404, "Custom section not found.");
}

static bool check_subnet(const struct icws_state_path *path, struct icws_http_api_answer *answer)
{
  static const char *const fields[] = {"public_key", "canister_ranges", "type",
                                       "node",       "metrics",         NULL};
  bool valid = path->count <= 2 || (path->count == 3 && is_one_of(path->labels[2], fields)) ||
               (path->count <= 5 && is(path->labels[2], "node") &&
                (path->count == 4 || is(path->labels[4], "public_key")));
  return valid || refuse(answer, 404, "Invalid path requested.");
}

static bool check_path(struct reading *reading, const struct icws_state_path *path,
                       struct icws_http_api_answer *answer)
{
  struct icws_bytes first = path->count == 0 ? icws_bytes_of(NULL, 0) : path->labels[0];
  bool subnet = reading->target->subnet;
  if (is(first, "time") && path->count == 1) {
    return true;
  }
  if (is(first, "subnet")) {
    return check_subnet(path, answer);
  }
  if (is(first, "canister_ranges") || is(first, "api_boundary_nodes")) {
    return path->count <= 3 || refuse(answer, 404, "Invalid path requested.");
  }
  if (is(first, "request_status") && !subnet && (path->count == 2 || path->count == 3)) {
    return check_request_status(reading, path, answer);
  }
  if (is(first, "canister") && !subnet && path->count >= 3) {
    return check_canister(reading, path, answer);
  }
  return refuse(answer, 404, "Invalid path requested.");
}

/* --- The paths of a request --------------------------------------------------------------------- */

/* Reads the paths into |reading|, whose arrays have room for all. */
static bool read_paths(struct reading *reading)
{
  struct icws_cbor_reader reader;
  uint64_t count = 0;
  struct icws_bytes *label = reading->labels;
  icws_cbor_reader_init(&reader, reading->envelope.paths);
  if (icws_cbor_read_array(&reader, &count) != ICWS_OK || count > ICWS_READ_STATE_MAX_PATHS) {
    return false;
  }
  for (reading->count = 0; reading->count < count; reading->count++) {
    uint64_t labels = 0;
    if (icws_cbor_read_array(&reader, &labels) != ICWS_OK || labels > ICWS_PATH_MAX_LABELS) {
      return false;
    }
    reading->paths[reading->count] = (struct icws_state_path){label, (size_t)labels};
    for (; labels > 0; labels--) {
      if (icws_cbor_read_bytes(&reader, label) != ICWS_OK) {
        return false;
      }
      label++;
    }
  }
  return icws_cbor_finish(&reader) == ICWS_OK;
}

static void answer_reading(struct reading *reading, struct icws_http_api_answer *answer)
{
  enum icws_ranges_form form =
      reading->target->version == 2 ? ICWS_RANGES_FLAT : ICWS_RANGES_SHARDED;
  size_t labels = reading->envelope.paths.len; /* a label takes a byte at least */
  if (labels > MAX_LABELS) {
    labels = MAX_LABELS;
  }
  reading->labels = malloc((labels + 1) * sizeof *reading->labels);
  reading->paths = malloc((size_t)ICWS_READ_STATE_MAX_PATHS * sizeof *reading->paths);
  if (reading->labels == NULL || reading->paths == NULL) {
    icws_http_api_say(answer, 503, "Out of memory.");
    return;
  }
  if (!read_paths(reading)) {
    icws_http_api_say(answer, 400, "Invalid request: too many paths, or labels that are no blobs.");
    return;
  }
  for (size_t i = 0; i < reading->count; i++) {
    if (!check_path(reading, &reading->paths[i], answer)) {
      return;
    }
  }
  icws_http_api_put_certificate(reading->replica, NULL, reading->paths, reading->count, form,
                                answer);
}

void icws_http_api_read_state(struct icws_replica *replica,
                              const struct icws_http_api_target *target, struct icws_bytes body,
                              struct icws_http_api_answer *answer)
{
  struct reading reading = {.replica = replica, .target = target};
  struct icws_replica_answer refusal;
  struct icws_principal subnet = icws_replica_subnet(replica);
  if (target->subnet && !icws_principal_equal(&target->id, &subnet)) {
    icws_http_api_say(answer, 400, "This replica is not of that subnet.");
  } else if (icws_replica_check_read_state(replica, body, &reading.envelope, &refusal)) {
    answer_reading(&reading, answer);
  } else {
    icws_http_api_say_why(answer, &refusal);
  }
  free(reading.labels);
  free(reading.paths);
}
