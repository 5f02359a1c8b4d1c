/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/envelope.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vectors.h"

/* Writes the request of a decoded envelope again, by the encoder under test. */
static void assert_encodes(const struct icws_envelope *envelope, const char *name)
{
  const struct icws_read_state read_state = {
      .sender = envelope->sender,
      .paths = envelope->paths,
      .ingress_expiry = envelope->ingress_expiry,
  };
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
  struct icws_envelope again;
  struct icws_failure failure;
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_read_state_request_id(&read_state, request_id);
  assert_memory_equal(request_id, envelope->request_id, sizeof request_id);
  icws_read_state_envelope_put(&buf, &read_state, envelope->public_key, envelope->signature);
  if (icws_envelope_decode(icws_buf_bytes(&buf), &again, &failure) != ICWS_OK)
    fail_msg("%s: %s", name, failure.text);
  assert_int_equal(again.type, ICWS_REQUEST_READ_STATE);
  assert_memory_equal(again.request_id, envelope->request_id, sizeof request_id);
  assert_true(icws_bytes_equal(again.paths, envelope->paths));
  assert_int_equal(again.has_public_key, envelope->has_public_key);
  assert_int_equal(again.has_signature, envelope->has_signature);
  assert_true(icws_bytes_equal(again.public_key, envelope->public_key));
  assert_true(icws_bytes_equal(again.signature, envelope->signature));
  icws_buf_wipe(&buf);
}

/* Envelopes of others, whose request ids the official agents have computed. */
static void vectors(void **state)
{
  json_t *file = vectors_shared("envelopes.json");
  const json_t *vector;
  size_t index;
  unsigned count = 0;
  (void)state;
  json_array_foreach(vectors_get(file, "envelopes"), index, vector)
  {
    struct vectors_blob encoding = vectors_hex_at(vector, "envelope_hex");
    struct vectors_blob request_id = vectors_hex_at(vector, "request_id_hex");
    struct icws_envelope envelope;
    if (icws_envelope_decode(vectors_bytes(&encoding), &envelope, NULL) == ICWS_OK &&
        envelope.type == ICWS_REQUEST_READ_STATE && envelope.delegations.len == 0) {
      assert_memory_equal(envelope.request_id, request_id.data, request_id.len);
      assert_encodes(&envelope, vectors_text(vector, "name"));
      count++;
    }
    free(encoding.data);
    free(request_id.data);
  }
  assert_int_equal(count, 4);
  json_decref(file);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(vectors)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
