/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Answers of the network's HTTP API.  An input is the body of one, taken for each kind in turn.  What
 * must hold of any:
 *  - the decoders agree with their failures, and what they give lies in the input;
 *  - an answer to a query verifies only if it is the one that was signed: the seeds are signed by the
 *    key below over the request id below;
 *  - a certificate's tree tells no reply without bytes of the input.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <icws/cbor.h>
#include <icws/request_status.h>
#include <icws/response.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_NODES 1000

static const uint8_t request_id[ICWS_REQUEST_ID_BYTES] = "the request of the fuzz target.";

static void must(bool condition)
{
  if (!condition)
    abort();
}

static void must_lie_in(struct icws_bytes part, struct icws_bytes whole)
{
  must(part.len == 0 ||
       (part.data >= whole.data && part.data + part.len <= whole.data + whole.len));
}

static void must_be_reject(const struct icws_reject *reject, struct icws_bytes whole)
{
  must(reject->code >= ICWS_REJECT_SYS_FATAL && reject->code <= ICWS_REJECT_SYS_UNKNOWN);
  must_lie_in(reject->text, whole);
  if (reject->has_error_code)
    must_lie_in(reject->error_code, whole);
}

static void check_tree(struct icws_bytes certificate, struct icws_bytes whole)
{
  struct icws_cbor_field field = {.name = "tree", .type = ICWS_CBOR_ARRAY, .required = true};
  struct icws_request_outcome outcome;
  struct icws_hashtree tree;
  if (icws_cbor_decode_fields(certificate, "certificate", &field, 1, NULL) != ICWS_OK)
    return;
  icws_hashtree_init(&tree, NULL);
  if (icws_hashtree_decode(&tree, field.value.bytes, MAX_NODES, NULL) == ICWS_OK &&
      icws_request_status_read(&tree, request_id, &outcome, NULL) == ICWS_OK) {
    must_lie_in(outcome.reply, whole);
    if (outcome.status == ICWS_STATUS_REJECTED)
      must_be_reject(&outcome.reject, whole);
  }
  icws_hashtree_wipe(&tree);
}

static void check_call(struct icws_bytes body)
{
  struct icws_call_response response;
  struct icws_failure failure = {.code = ICWS_OK};
  struct icws_bytes certificate;
  enum icws_error error = icws_call_response_decode(body, &response, &failure);
  must(failure.code == error);
  if (error == ICWS_OK && response.type == ICWS_CALL_RESPONSE_REJECTED) {
    must_be_reject(&response.reject, body);
  } else if (error == ICWS_OK) {
    must_lie_in(response.certificate, body);
    check_tree(response.certificate, body);
  }
  if (icws_read_state_response_decode(body, &certificate, NULL) == ICWS_OK)
    must_lie_in(certificate, body);
}

/* The node whose signatures the seeds have; its seed is 32 bytes of 7. */
static void make_node(struct icws_node_key *node)
{
  static const uint8_t prefix[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                   0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
  uint8_t seed[crypto_sign_SEEDBYTES];
  uint8_t secret[crypto_sign_SECRETKEYBYTES];
  memset(seed, 7, sizeof seed);
  memcpy(node->public_key, prefix, sizeof prefix);
  must(crypto_sign_seed_keypair(node->public_key + sizeof prefix, secret, seed) == 0);
  node->node = (struct icws_principal){.len = 4, .bytes = "node"};
}

static void check_query(struct icws_bytes body)
{
  struct icws_query_response response;
  struct icws_failure failure = {.code = ICWS_OK};
  struct icws_node_key node;
  const struct icws_node_keys keys = {.keys = &node, .count = 1};
  uint64_t time_ns;
  enum icws_error error = icws_query_response_decode(body, &response, &failure);
  must(failure.code == error);
  if (error != ICWS_OK)
    return;
  must_lie_in(response.signatures, body);
  if (response.replied)
    must_lie_in(response.reply, body);
  else
    must_be_reject(&response.reject, body);
  make_node(&node);
  error = icws_query_response_verify(&response, request_id, &keys, &time_ns, &failure);
  must(failure.code == error);
  if (error != ICWS_OK)
    return;
  must(time_ns == 1); /* of the only two that were signed */
  if (response.replied)
    must(icws_bytes_equal(response.reply, icws_bytes_text("hi")));
  else
    must(response.reject.code == ICWS_REJECT_CANISTER_REJECT &&
         icws_bytes_equal(response.reject.text, icws_bytes_text("no")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  must(sodium_init() >= 0);
  check_call(icws_bytes_of(data, size));
  check_query(icws_bytes_of(data, size));
  return 0;
}
