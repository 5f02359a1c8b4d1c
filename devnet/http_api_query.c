/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <icws/cbor.h>

#include "devnet/http_api_state.h"

/* What a node signs, as a map whose representation-independent hash is taken, and what it answers,
 * have these fields in common (IC interface specification, "Request: Query call"). */
static void put_outcome(const struct icws_replica_answer *outcome, struct icws_buf *out)
{
  bool replied = outcome->status == ICWS_REPLICA_REPLIED;
  icws_cbor_put_key(out, "status");
  icws_cbor_put_text(out, icws_bytes_text(replied ? "replied" : "rejected"));
  if (replied) {
    icws_cbor_put_key(out, "reply");
    icws_cbor_put_map(out, 1);
    icws_cbor_put_key(out, "arg");
    icws_cbor_put_bytes(out, outcome->reply);
    return;
  }
  icws_cbor_put_key(out, "reject_code");
  icws_cbor_put_uint(out, (uint64_t)outcome->reject_code);
  icws_cbor_put_key(out, "reject_message");
  icws_cbor_put_text(out, outcome->text);
  icws_cbor_put_key(out, "error_code");
  icws_cbor_put_text(out, icws_bytes_text(outcome->error_code));
}

static uint64_t outcome_fields(const struct icws_replica_answer *outcome)
{
  return outcome->status == ICWS_REPLICA_REPLIED ? 2 : 4;
}

/* Signs "\x0b" "ic-response" and the hash. */
static enum icws_error sign(const struct icws_replica *replica,
                            const struct icws_replica_answer *outcome,
                            const uint8_t request_id[ICWS_REQUEST_ID_BYTES], uint64_t time_ns,
                            uint8_t signature[ICWS_SIGNATURE_BYTES])
{
  static const char separator[] = "\x0bic-response";
  uint8_t message[sizeof separator - 1 + ICWS_SHA256_BYTES];
  struct icws_buf signable;
  icws_buf_init(&signable, 0, NULL);
  icws_cbor_put_map(&signable, outcome_fields(outcome) + 2);
  put_outcome(outcome, &signable);
  icws_cbor_put_key(&signable, "timestamp");
  icws_cbor_put_uint(&signable, time_ns);
  icws_cbor_put_key(&signable, "request_id");
  icws_cbor_put_bytes(&signable, icws_bytes_of(request_id, ICWS_REQUEST_ID_BYTES));
  enum icws_error error = icws_buf_error(&signable);
  if (error == ICWS_OK) {
    error =
        icws_content_request_id(icws_buf_bytes(&signable), message + sizeof separator - 1, NULL);
  }
  icws_buf_wipe(&signable);
  if (error != ICWS_OK) {
    return error;
  }
  memcpy(message, separator, sizeof separator - 1);
  icws_identity_sign(icws_replica_node(replica), icws_bytes_of(message, sizeof message), signature);
  return ICWS_OK;
}

static void put_answer(const struct icws_replica *replica,
                       const struct icws_replica_answer *outcome, uint64_t time_ns,
                       const uint8_t signature[ICWS_SIGNATURE_BYTES], struct icws_buf *out)
{
  struct icws_signer node = icws_identity_signer(icws_replica_node(replica));
  icws_cbor_put_self_describe(out);
  icws_cbor_put_map(out, outcome_fields(outcome) + 1);
  put_outcome(outcome, out);
  icws_cbor_put_key(out, "signatures");
  icws_cbor_put_array(out, 1);
  icws_cbor_put_map(out, 3);
  icws_cbor_put_key(out, "timestamp");
  icws_cbor_put_uint(out, time_ns);
  icws_cbor_put_key(out, "signature");
  icws_cbor_put_bytes(out, icws_bytes_of(signature, ICWS_SIGNATURE_BYTES));
  icws_cbor_put_key(out, "identity");
  icws_cbor_put_bytes(out, icws_principal_bytes(&node.sender));
}

void icws_http_api_query(struct icws_replica *replica, const struct icws_http_api_target *target,
                         struct icws_bytes body, struct icws_http_api_answer *answer)
{
  enum icws_ranges_form form = target->version == 2 ? ICWS_RANGES_FLAT : ICWS_RANGES_SHARDED;
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  struct icws_replica_answer outcome =
      icws_replica_query(replica, &target->id, body, form, request_id);
  if (outcome.status == ICWS_REPLICA_REJECTED && outcome.reject_code == ICWS_REJECT_NONE) {
    icws_http_api_say_why(answer, &outcome);
    return;
  }
  uint64_t time_ns = icws_replica_time(replica);
  if (sign(replica, &outcome, request_id, time_ns, signature) != ICWS_OK) {
    icws_http_api_say(answer, 503, "Out of memory.");
    return;
  }
  answer->status = 200;
  answer->content_type = "application/cbor";
  put_answer(replica, &outcome, time_ns, signature, &answer->body);
}
