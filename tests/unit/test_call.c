/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/envelope.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/cbor.h>

#include "vectors.h"

/* A call as a vector describes it; the vectors of the two files name their members differently. */
struct described {
  struct icws_call call;
  struct vectors_blob arg;
  struct vectors_blob nonce;
};

static struct icws_principal principal_at(const json_t *vector, const char *key)
{
  struct icws_principal principal;
  assert_int_equal(icws_principal_from_text(&principal, icws_bytes_text(vectors_text(vector, key))),
                   ICWS_OK);
  return principal;
}

static void describe(const json_t *vector, const char *method, const char *arg, const char *nonce,
                     const char *expiry, struct described *out)
{
  out->arg = vectors_hex_at(vector, arg);
  out->nonce = vectors_hex(json_object_get(vector, nonce) ? vectors_text(vector, nonce) : "");
  out->call = (struct icws_call){
      .canister = principal_at(vector, "canister_id"),
      .sender = principal_at(vector, "sender"),
      .method = icws_bytes_text(vectors_text(vector, method)),
      .arg = vectors_bytes(&out->arg),
      .nonce = vectors_bytes(&out->nonce),
      .ingress_expiry = vectors_uint(vector, expiry),
  };
}

static void forget(struct described *described)
{
  free(described->arg.data);
  free(described->nonce.data);
}

static void assert_hex(const uint8_t *bytes, size_t len, const char *expected)
{
  struct vectors_blob blob = vectors_hex(expected);
  assert_int_equal(len, blob.len);
  assert_memory_equal(bytes, blob.data, len);
  free(blob.data);
}

static struct icws_identity *identity_of(const char *seed_hex)
{
  struct icws_identity *identity;
  struct vectors_blob seed = vectors_hex(seed_hex);
  assert_int_equal(icws_identity_from_seed(seed.data, &identity), ICWS_OK);
  free(seed.data);
  return identity;
}

/* Signs the call as a session does. */
static void assert_signature(const struct icws_call *call, const struct icws_identity *identity,
                             const char *expected)
{
  uint8_t id[ICWS_REQUEST_ID_BYTES];
  uint8_t message[ICWS_REQUEST_TO_SIGN_BYTES];
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  icws_call_request_id(call, id);
  icws_request_to_sign(id, message);
  icws_identity_sign(identity, icws_bytes_of(message, sizeof message), signature);
  assert_hex(signature, sizeof signature, expected);
}

static void assert_request_id(const struct icws_call *call, const char *expected)
{
  uint8_t id[ICWS_REQUEST_ID_BYTES];
  icws_call_request_id(call, id);
  assert_hex(id, sizeof id, expected);
}

/* The map key order is ours and that of the agent that made the vectors, so the bytes are equal. */
static void assert_envelope(const struct icws_call *call, const json_t *vector, const char *key,
                            struct icws_bytes signature)
{
  struct icws_buf buf;
  struct vectors_blob public_key =
      vectors_hex(json_object_get(vector, key) ? vectors_text(vector, key) : "");
  icws_buf_init(&buf, 0, NULL);
  icws_cbor_put_self_describe(&buf);
  icws_envelope_put(&buf, call, vectors_bytes(&public_key), signature);
  assert_int_equal(icws_buf_error(&buf), ICWS_OK);
  assert_hex(buf.data, buf.len, vectors_text(vector, "envelope_hex"));
  icws_buf_wipe(&buf);
  free(public_key.data);
}

static bool is_plain(const json_t *vector)
{
  return strcmp(vectors_text(vector, "expected"), "valid") == 0 &&
         strcmp(vectors_text(vector, "request_type"), "read_state") != 0 &&
         vectors_uint(vector, "delegations") == 0;
}

static void test_own_vectors(void **state)
{
  json_t *vectors = vectors_own("envelopes.json");
  struct icws_identity *client = identity_of(vectors_text(vectors, "client_seed_hex"));
  struct icws_signer signer = icws_identity_signer(client);
  size_t index;
  size_t queries = 0;
  size_t signed_here = 0;
  const json_t *vector;
  (void)state;
  json_array_foreach(vectors_get(vectors, "cases"), index, vector)
  {
    struct described described;
    if (!is_plain(vector))
      continue;
    describe(vector, "method", "arg_hex", "nonce_hex", "ingress_expiry", &described);
    if (strcmp(vectors_text(vector, "request_type"), "query") == 0) {
      described.call.type = ICWS_REQUEST_QUERY;
      queries++;
    }
    assert_request_id(&described.call, vectors_text(vector, "request_id_hex"));
    struct vectors_blob signature =
        vectors_hex(json_object_get(vector, "sig_hex") ? vectors_text(vector, "sig_hex") : "");
    if (icws_principal_equal(&described.call.sender, &signer.sender)) {
      assert_signature(&described.call, client, vectors_text(vector, "sig_hex"));
      signed_here++;
    }
    assert_envelope(&described.call, vector, "pubkey_hex", vectors_bytes(&signature));
    free(signature.data);
    forget(&described);
  }
  assert_int_equal(signed_here, 8);
  assert_int_equal(queries, 1);
  icws_identity_del(client);
  json_decref(vectors);
}

static void test_vectors_of_the_javascript_agent(void **state)
{
  json_t *vectors = vectors_shared("js-envelopes.json");
  size_t index;
  size_t signed_here = 0;
  const json_t *vector;
  (void)state;
  json_array_foreach(vectors_get(vectors, "cases"), index, vector)
  {
    struct described described;
    describe(vector, "method_name", "arg", "nonce", "ingress_expiry_ns", &described);
    assert_request_id(&described.call, vectors_text(vector, "request_id"));
    if (json_object_get(vector, "seed") != NULL) {
      struct icws_identity *identity = identity_of(vectors_text(vector, "seed"));
      assert_signature(&described.call, identity, vectors_text(vector, "sender_sig"));
      icws_identity_del(identity);
      signed_here++;
    }
    forget(&described);
  }
  assert_int_equal(index, 6);
  assert_int_equal(signed_here, 3);
  json_decref(vectors);
}

/* IC interface specification, "Authentication": a separator with its length, and the request id. */
static void test_what_is_signed(void **state)
{
  uint8_t id[ICWS_REQUEST_ID_BYTES];
  uint8_t message[ICWS_REQUEST_TO_SIGN_BYTES];
  (void)state;
  memset(id, 0xab, sizeof id);
  icws_request_to_sign(id, message);
  assert_memory_equal(message, "\x0aic-request", 11);
  assert_memory_equal(message + 11, id, sizeof id);
}

static void test_a_full_buffer_is_an_error(void **state)
{
  struct icws_call call = {.method = icws_bytes_text("m")};
  struct icws_buf buf;
  (void)state;
  icws_buf_init(&buf, 40, NULL);
  icws_envelope_put(&buf, &call, icws_bytes_of(NULL, 0), icws_bytes_of(NULL, 0));
  assert_int_equal(icws_buf_error(&buf), ICWS_ERR_LIMIT);
  icws_buf_wipe(&buf);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_own_vectors),
      cmocka_unit_test(test_vectors_of_the_javascript_agent),
      cmocka_unit_test(test_what_is_signed),
      cmocka_unit_test(test_a_full_buffer_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
