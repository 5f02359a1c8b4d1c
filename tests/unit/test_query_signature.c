/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/response.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/cbor.h>
#include <icws/identity.h>

#include "vectors.h"

struct vector {
  const char *name;
  struct vectors_blob response;
  struct vectors_blob request_id;
  struct vectors_blob message;
  struct vectors_blob key;
  uint64_t timestamp;
  struct icws_node_key node;
  struct icws_node_keys keys;
};

static void load(const json_t *json, struct vector *vector)
{
  vector->name = vectors_text(json, "name");
  vector->response = vectors_hex_at(json, "response_cbor_hex");
  vector->request_id = vectors_hex_at(json, "request_id_hex");
  vector->message = vectors_hex_at(json, "signed_message_hex");
  vector->key = vectors_hex_at(json, "node_public_key_der_hex");
  vector->timestamp = vectors_uint(json, "timestamp");
  assert_int_equal(
      icws_principal_from_text(&vector->node.node, icws_bytes_text(vectors_text(json, "node_id"))),
      ICWS_OK);
  assert_int_equal(vector->key.len, sizeof vector->node.public_key);
  memcpy(vector->node.public_key, vector->key.data, vector->key.len);
  vector->keys = (struct icws_node_keys){.keys = &vector->node, .count = 1};
}

static void unload(struct vector *vector)
{
  free(vector->response.data);
  free(vector->request_id.data);
  free(vector->message.data);
  free(vector->key.data);
}

static enum icws_error verify(const struct vector *vector, struct icws_bytes encoding,
                              uint64_t *time_ns)
{
  struct icws_query_response response;
  enum icws_error error = icws_query_response_decode(encoding, &response, NULL);
  if (error != ICWS_OK)
    return error;
  return icws_query_response_verify(&response, vector->request_id.data, &vector->keys, time_ns,
                                    NULL);
}

static void for_each(void (*check)(struct vector *vector))
{
  json_t *file = vectors_shared("query_signatures.json");
  const json_t *json;
  size_t index;
  json_array_foreach(vectors_get(file, "vectors"), index, json)
  {
    struct vector vector;
    load(json, &vector);
    check(&vector);
    unload(&vector);
  }
  assert_true(index >= 3);
  json_decref(file);
}

static void check_good(struct vector *vector)
{
  struct icws_query_response response;
  uint8_t message[ICWS_QUERY_RESPONSE_TO_SIGN_BYTES];
  uint64_t time_ns;
  assert_int_equal(verify(vector, vectors_bytes(&vector->response), &time_ns), ICWS_OK);
  assert_true(time_ns == vector->timestamp);
  assert_int_equal(icws_query_response_decode(vectors_bytes(&vector->response), &response, NULL),
                   ICWS_OK);
  icws_query_response_to_sign(&response, vector->request_id.data, vector->timestamp, message);
  assert_int_equal(vector->message.len, sizeof message);
  assert_memory_equal(message, vector->message.data, sizeof message);
}

static void good(void **state)
{
  (void)state;
  for_each(check_good);
}

/* No bit of an answer can be another. */
static void check_flips(struct vector *vector)
{
  uint64_t time_ns;
  size_t i;
  for (i = 0; i < vector->response.len * 8; i++) {
    vector->response.data[i / 8] ^= (uint8_t)(1 << i % 8);
    if (verify(vector, vectors_bytes(&vector->response), &time_ns) == ICWS_OK)
      fail_msg("%s: bit %zu", vector->name, i);
    vector->response.data[i / 8] ^= (uint8_t)(1 << i % 8);
  }
}

static void flipped(void **state)
{
  (void)state;
  for_each(check_flips);
}

static void check_others(struct vector *vector)
{
  struct icws_query_response response;
  uint64_t time_ns;
  vector->request_id.data[0] ^= 1;
  assert_int_equal(verify(vector, vectors_bytes(&vector->response), &time_ns),
                   ICWS_ERR_QUERY_SIGNATURE);
  vector->request_id.data[0] ^= 1;
  vector->node.public_key[43] ^= 1;
  assert_int_equal(verify(vector, vectors_bytes(&vector->response), &time_ns),
                   ICWS_ERR_QUERY_SIGNATURE);
  vector->node.public_key[43] ^= 1;
  vector->node.node.bytes[0] ^= 1;
  assert_int_equal(verify(vector, vectors_bytes(&vector->response), &time_ns), ICWS_ERR_ABSENT);
  vector->node.node.bytes[0] ^= 1;
  vector->keys.count = 0; /* more signatures than nodes */
  assert_int_equal(verify(vector, vectors_bytes(&vector->response), &time_ns),
                   ICWS_ERR_QUERY_SIGNATURE);
  vector->keys.count = 1;
  assert_int_equal(icws_query_response_decode(vectors_bytes(&vector->response), &response, NULL),
                   ICWS_OK);
  response.signatures = icws_bytes_of("\x80", 1);
  assert_int_equal(
      icws_query_response_verify(&response, vector->request_id.data, &vector->keys, &time_ns, NULL),
      ICWS_ERR_QUERY_SIGNATURE);
  response.signatures = icws_bytes_of(NULL, 0);
  assert_int_equal(
      icws_query_response_verify(&response, vector->request_id.data, &vector->keys, &time_ns, NULL),
      ICWS_ERR_QUERY_SIGNATURE);
  response.signatures = icws_bytes_of("\x81\x01", 2);
  assert_int_equal(
      icws_query_response_verify(&response, vector->request_id.data, &vector->keys, &time_ns, NULL),
      ICWS_ERR_CBOR);
}

static void of_others(void **state)
{
  (void)state;
  for_each(check_others);
}

/* --- Several nodes ---------------------------------------------------------------------------- */

#define NODES 2

/* Puts a node's signature with its time, and gives its key. */
static void sign_as_node(uint8_t number, const struct icws_query_response *response,
                         const uint8_t *request_id, uint64_t timestamp_ns,
                         struct icws_node_key *node, struct icws_buf *out)
{
  const uint8_t seed[ICWS_ED25519_SEED_BYTES] = {number};
  uint8_t message[ICWS_QUERY_RESPONSE_TO_SIGN_BYTES];
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  struct icws_identity *identity;
  assert_int_equal(icws_identity_from_seed(seed, &identity), ICWS_OK);
  struct icws_signer signer = icws_identity_signer(identity);
  assert_int_equal(signer.public_key.len, sizeof node->public_key);
  memcpy(node->public_key, signer.public_key.data, sizeof node->public_key);
  node->node = signer.sender;
  icws_query_response_to_sign(response, request_id, timestamp_ns, message);
  icws_identity_sign(identity, icws_bytes_of(message, sizeof message), signature);
  icws_identity_del(identity);
  icws_cbor_put_map(out, 3);
  icws_cbor_put_key(out, "timestamp");
  icws_cbor_put_uint(out, timestamp_ns);
  icws_cbor_put_key(out, "signature");
  icws_cbor_put_bytes(out, icws_bytes_of(signature, sizeof signature));
  icws_cbor_put_key(out, "identity");
  icws_cbor_put_bytes(out, icws_principal_bytes(&node->node));
}

/* The time is that of the oldest, whichever comes first; and each signature has to be right. */
static void of_several_nodes(void **state)
{
  static const uint64_t times[][NODES] = {{7, 9}, {9, 7}};
  static const uint8_t request_id[ICWS_REQUEST_ID_BYTES] = {1};
  (void)state;
  for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
    struct icws_query_response response = {.replied = true, .reply = icws_bytes_text("hello")};
    struct icws_node_key nodes[NODES];
    const struct icws_node_keys keys = {.keys = nodes, .count = NODES};
    uint64_t time_ns = 0;
    struct icws_buf signatures;
    icws_buf_init(&signatures, 0, NULL);
    icws_cbor_put_array(&signatures, NODES);
    for (uint8_t node = 0; node < NODES; node++)
      sign_as_node(node, &response, request_id, times[i][node], &nodes[node], &signatures);
    response.signatures = icws_buf_bytes(&signatures);
    assert_int_equal(icws_query_response_verify(&response, request_id, &keys, &time_ns, NULL),
                     ICWS_OK);
    assert_true(time_ns == 7);
    nodes[1].public_key[43] ^= 1;
    assert_int_equal(icws_query_response_verify(&response, request_id, &keys, &time_ns, NULL),
                     ICWS_ERR_QUERY_SIGNATURE);
    icws_buf_wipe(&signatures);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(good),
      cmocka_unit_test(flipped),
      cmocka_unit_test(of_others),
      cmocka_unit_test(of_several_nodes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
