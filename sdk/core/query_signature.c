/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/response.h>

#include <string.h>

#include <icws/cbor.h>

#include "request_id.h"
#include "signature.h"

static const char separator[] = "\x0bic-response";

_Static_assert(sizeof separator - 1 + ICWS_SHA256_BYTES == ICWS_QUERY_RESPONSE_TO_SIGN_BYTES,
               "a separator and a hash are signed");

static void put_reply(struct icws_map_hash *map, struct icws_bytes arg)
{
  struct icws_map_hash reply;
  uint8_t hash[ICWS_SHA256_BYTES];
  icws_map_hash_init(&reply);
  icws_map_hash_put_blob(&reply, "arg", arg);
  icws_map_hash_finish(&reply, hash);
  (void)icws_map_hash_put(map, icws_bytes_text("reply"), hash);
}

static void put_reject(struct icws_map_hash *map, const struct icws_reject *reject)
{
  icws_map_hash_put_nat(map, "reject_code", (uint64_t)reject->code);
  icws_map_hash_put_blob(map, "reject_message", reject->text);
  if (reject->has_error_code)
    icws_map_hash_put_blob(map, "error_code", reject->error_code);
}

void icws_query_response_to_sign(const struct icws_query_response *response,
                                 const uint8_t request_id[ICWS_REQUEST_ID_BYTES],
                                 uint64_t timestamp_ns,
                                 uint8_t out[ICWS_QUERY_RESPONSE_TO_SIGN_BYTES])
{
  struct icws_map_hash map;
  icws_map_hash_init(&map);
  icws_map_hash_put_blob(&map, "status",
                         icws_bytes_text(response->replied ? "replied" : "rejected"));
  icws_map_hash_put_blob(&map, "request_id", icws_bytes_of(request_id, ICWS_REQUEST_ID_BYTES));
  icws_map_hash_put_nat(&map, "timestamp", timestamp_ns);
  if (response->replied)
    put_reply(&map, response->reply);
  else
    put_reject(&map, &response->reject);
  memcpy(out, separator, sizeof separator - 1);
  icws_map_hash_finish(&map, out + sizeof separator - 1);
}

/* One element of the array of signatures. */
struct node_signature {
  uint64_t timestamp_ns;
  struct icws_bytes signature;
  struct icws_principal node;
};

static enum icws_error read_signature(struct icws_cbor_reader *reader,
                                      struct node_signature *signature)
{
  struct icws_cbor_field fields[] = {
      {.name = "timestamp", .type = ICWS_CBOR_UINT, .required = true},
      {.name = "signature", .type = ICWS_CBOR_BYTES, .required = true},
      {.name = "identity", .type = ICWS_CBOR_BYTES, .required = true},
  };
  enum icws_error error = icws_cbor_read_fields(reader, fields, 3, NULL);
  if (error == ICWS_OK && icws_principal_init(&signature->node, fields[2].value.bytes) != ICWS_OK)
    error = ICWS_ERR_CBOR;
  if (error != ICWS_OK)
    return error;
  signature->timestamp_ns = fields[0].value.uint;
  signature->signature = fields[1].value.bytes;
  return ICWS_OK;
}

static enum icws_error verify_signature(const struct icws_query_response *response,
                                        const uint8_t *request_id,
                                        const struct icws_node_keys *keys,
                                        const struct node_signature *signature,
                                        struct icws_failure *failure)
{
  uint8_t message[ICWS_QUERY_RESPONSE_TO_SIGN_BYTES];
  struct icws_bytes key = icws_node_keys_find(keys, &signature->node);
  char node[ICWS_PRINCIPAL_TEXT_BYTES];
  icws_principal_to_text(&signature->node, node);
  if (key.len == 0)
    return icws_fail(failure, ICWS_ERR_ABSENT,
                     "query signature: the node %s is not known in the subnet", node);
  icws_query_response_to_sign(response, request_id, signature->timestamp_ns, message);
  if (icws_signature_verify(key, icws_bytes_of(message, sizeof message), signature->signature, NULL,
                            "query signature", NULL) != ICWS_OK)
    return icws_fail(failure, ICWS_ERR_QUERY_SIGNATURE,
                     "query signature: the one of the node %s does not verify", node);
  return ICWS_OK;
}

enum icws_error icws_query_response_verify(const struct icws_query_response *response,
                                           const uint8_t request_id[ICWS_REQUEST_ID_BYTES],
                                           const struct icws_node_keys *keys, uint64_t *time_ns,
                                           struct icws_failure *failure)
{
  struct icws_cbor_reader reader;
  uint64_t oldest = UINT64_MAX;
  uint64_t count = 0;
  icws_cbor_reader_init(&reader, response->signatures);
  if (response->signatures.len > 0 && icws_cbor_read_array(&reader, &count) != ICWS_OK)
    return icws_fail(failure, ICWS_ERR_CBOR, "query signatures: %s", reader.reason);
  if (count == 0)
    return icws_fail(failure, ICWS_ERR_QUERY_SIGNATURE, "query signature: there is none");
  if (count > keys->count)
    return icws_fail(failure, ICWS_ERR_QUERY_SIGNATURE,
                     "query signature: there are more than the subnet has nodes");
  for (uint64_t i = 0; i < count; i++) {
    struct node_signature signature;
    if (read_signature(&reader, &signature) != ICWS_OK)
      return icws_fail(failure, ICWS_ERR_CBOR, "query signatures: the CBOR is not as specified");
    enum icws_error error = verify_signature(response, request_id, keys, &signature, failure);
    if (error != ICWS_OK)
      return error;
    if (signature.timestamp_ns < oldest)
      oldest = signature.timestamp_ns;
  }
  *time_ns = oldest;
  return ICWS_OK;
}
