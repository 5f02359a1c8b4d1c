/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/message.h>

#include "vectors.h"

/* The writing side; reading is tested with the core.  The official package's encoding of the
 * ordinary form of each message is ours to the byte. */

static const json_t *find_case(const json_t *root, const char *kind)
{
  const json_t *entry;
  size_t i;
  json_array_foreach(vectors_get(root, "cases"), i, entry)
  {
    if (strcmp(vectors_text(entry, "kind"), kind) == 0 &&
        strcmp(vectors_text(entry, "name"), "self-described") == 0)
      return entry;
  }
  fail_msg("no ordinary %s among the vectors", kind);
  return NULL;
}

static void check_and_wipe(struct icws_buf *buf, const json_t *entry)
{
  struct vectors_blob expected = vectors_hex_at(entry, "hex");
  assert_int_equal(icws_buf_error(buf), ICWS_OK);
  assert_int_equal(buf->len, expected.len);
  assert_memory_equal(buf->data, expected.data, expected.len);
  free(expected.data);
  icws_buf_wipe(buf);
}

static struct icws_principal principal_at(const json_t *object, const char *key)
{
  struct vectors_blob blob = vectors_hex_at(object, key);
  struct icws_principal principal;
  assert_int_equal(icws_principal_init(&principal, vectors_bytes(&blob)), ICWS_OK);
  free(blob.data);
  return principal;
}

static void the_handshake(void **state)
{
  (void)state;
  json_t *root = vectors_own("protocol_cbor.json");
  const json_t *entry = find_case(root, "handshake");
  struct icws_principal gateway = principal_at(vectors_get(entry, "value"), "gateway_principal");
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_handshake_put(&buf, &gateway);
  check_and_wipe(&buf, entry);
  json_decref(root);
}

static void a_relayed_message(void **state)
{
  (void)state;
  json_t *root = vectors_own("protocol_cbor.json");
  const json_t *entry = find_case(root, "relayed");
  const json_t *value = vectors_get(entry, "value");
  struct vectors_blob content = vectors_hex_at(value, "content");
  struct vectors_blob cert = vectors_hex_at(value, "cert");
  struct vectors_blob tree = vectors_hex_at(value, "tree");
  struct icws_certified certified = {
      .key = icws_bytes_text(vectors_text(value, "key")),
      .content = vectors_bytes(&content),
      .cert = vectors_bytes(&cert),
      .tree = vectors_bytes(&tree),
  };
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_certified_put(&buf, &certified);
  check_and_wipe(&buf, entry);
  free(content.data);
  free(cert.data);
  free(tree.data);
  json_decref(root);
}

static void the_content_of_a_message(void **state)
{
  (void)state;
  json_t *root = vectors_own("protocol_cbor.json");
  const json_t *entry = find_case(root, "content");
  const json_t *value = vectors_get(entry, "value");
  const json_t *key = vectors_get(value, "client_key");
  struct vectors_blob content = vectors_hex_at(value, "content");
  struct icws_websocket_message message = {
      .client_key = {.principal = principal_at(key, "client_principal"),
                     .nonce = vectors_uint(key, "client_nonce")},
      .sequence_num = vectors_uint(value, "sequence_num"),
      .timestamp = vectors_uint(value, "timestamp"),
      .is_service_message = json_is_true(vectors_get(value, "is_service_message")),
      .content = vectors_bytes(&content),
  };
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_websocket_message_put(&buf, &message);
  check_and_wipe(&buf, entry);
  free(content.data);
  json_decref(root);
}

static void a_client_frame_starts(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_client_frame_put(&buf);
  assert_true(icws_bytes_equal(icws_buf_bytes(&buf), icws_bytes_text("\xd9\xd9\xf7\xa1\x68"
                                                                     "envelope")));
  icws_buf_wipe(&buf);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_handshake),
      cmocka_unit_test(a_relayed_message),
      cmocka_unit_test(the_content_of_a_message),
      cmocka_unit_test(a_client_frame_starts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
