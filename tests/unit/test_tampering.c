/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a gateway can do to bytes: every byte of every frame of a session is changed, one at a time, by
 * XOR with 0x01, 0x80 and 0xff.  Nothing forged may open the session or reach the application, and the
 * error must be the one of the region that was changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "session_driver.h"
#include "vectors.h"

#define MAX_FRAMES 8

/* A session of somebody: a handshake and certified frames, each at its time. */
struct recording {
  struct icws_verifier *verifier;
  struct icws_principal canister;
  struct icws_principal client;
  uint64_t nonce;
  struct icws_buf handshake;
  struct icws_buf frames[MAX_FRAMES];
  uint64_t times[MAX_FRAMES];
  size_t count;
};

static void wipe(struct recording *recording)
{
  icws_verifier_del(recording->verifier);
  icws_buf_wipe(&recording->handshake);
  for (size_t i = 0; i < recording->count; i++)
    icws_buf_wipe(&recording->frames[i]);
}

static struct icws_principal principal_at(const json_t *object, const char *key)
{
  struct icws_principal principal;

  assert_int_equal(icws_principal_from_text(&principal, icws_bytes_text(vectors_text(object, key))),
                   ICWS_OK);
  return principal;
}

static struct icws_verifier *verifier_at(const json_t *object, const char *key)
{
  struct vectors_blob root = vectors_hex_at(object, key);
  struct icws_verifier *verifier;

  assert_int_equal(
      icws_verifier_new(&(struct icws_verifier_config){.root_key = vectors_bytes(&root)}, &verifier,
                        NULL),
      ICWS_OK);
  free(root.data);
  return verifier;
}

/* The session that was recorded on a real replica.  Its client's secret key is not known: principal,
 * nonce and clock are given. */
static void load_recorded(struct recording *recording)
{
  json_t *root = vectors_shared("recorded-session.json");
  json_t *messages = vectors_get(root, "messages");
  struct icws_principal gateway = principal_at(root, "gateway_principal");

  memset(recording, 0, sizeof *recording);
  recording->verifier = verifier_at(root, "root_key_der");
  recording->canister = principal_at(root, "canister_id");
  recording->client = principal_at(root, "client_principal");
  recording->nonce = vectors_uint(root, "client_nonce");
  recording->count = json_array_size(messages);
  assert_int_equal(recording->count, 4);
  icws_buf_init(&recording->handshake, 0, NULL);
  icws_handshake_put(&recording->handshake, &gateway);
  for (size_t i = 0; i < recording->count; i++) {
    json_t *message = json_array_get(messages, i);
    struct vectors_blob content = vectors_hex_at(message, "content");
    struct vectors_blob cert = vectors_hex_at(message, "cert");
    struct vectors_blob tree = vectors_hex_at(message, "tree");
    struct icws_certified certified = {
        .key = icws_bytes_text(vectors_text(message, "key")),
        .content = vectors_bytes(&content),
        .cert = vectors_bytes(&cert),
        .tree = vectors_bytes(&tree),
    };

    icws_buf_init(&recording->frames[i], 0, NULL);
    icws_certified_put(&recording->frames[i], &certified);
    recording->times[i] = vectors_uint(message, "certificate_time_ns");
    free(content.data);
    free(cert.data);
    free(tree.data);
  }
  json_decref(root);
}

/* The session of our own vectors that has a subnet delegation, as on mainnet. */
static void load_delegated(struct recording *recording, const char *name, size_t count)
{
  json_t *root = vectors_own("certified_messages.json");
  json_t *cases = vectors_get(root, "cases");
  struct vectors_blob handshake = vectors_hex_at(root, "handshake_hex");
  size_t at;
  json_t *of_case = NULL;

  memset(recording, 0, sizeof *recording);
  recording->verifier = verifier_at(root, "root_key_hex");
  recording->canister = principal_at(root, "canister_id");
  recording->client = principal_at(root, "client_principal");
  recording->nonce = vectors_uint(root, "client_nonce");
  recording->count = count;
  icws_buf_init(&recording->handshake, 0, NULL);
  icws_buf_put(&recording->handshake, handshake.data, handshake.len);
  json_array_foreach(cases, at, of_case)
  {
    if (strcmp(vectors_text(of_case, "name"), name) == 0)
      break;
  }
  for (size_t i = 0; i < count; i++) {
    json_t *frame = json_array_get(vectors_get(of_case, "frames"), i);
    struct vectors_blob bytes = vectors_hex_at(frame, "hex");

    icws_buf_init(&recording->frames[i], 0, NULL);
    icws_buf_put(&recording->frames[i], bytes.data, bytes.len);
    recording->times[i] = vectors_uint(frame, "now_ns");
    free(bytes.data);
  }
  free(handshake.data);
  json_decref(root);
}

static void prepare(const struct recording *recording, struct session_driver *driver)
{
  static const uint8_t unknown_key[ICWS_ED25519_DER_BYTES] = {0x30};

  session_driver_init(driver);
  driver->client_nonce = recording->nonce;
  driver->config.canister = recording->canister;
  driver->config.verifier = recording->verifier;
  driver->config.signer = (struct icws_signer){
      .sender = recording->client, .public_key = icws_bytes_of(unknown_key, sizeof unknown_key)};
  driver->now = (struct icws_now){.wall_ns = recording->times[0]};
  assert_int_equal(session_driver_open(driver), ICWS_OK);
}

static enum icws_error feed(const struct recording *recording, struct session_driver *driver,
                            size_t i)
{
  driver->now.wall_ns = recording->times[i];
  return session_driver_recv(driver, icws_buf_bytes(&recording->frames[i]));
}

/* --- The recorded session ----------------------------------------------------------------------- */

static void test_recorded_session(void **state)
{
  static const char hello[] = "DIDL\x01\x6c\x01\xad\x99\xe7\xe7\x04\x71\x01\x00\x05Hello";
  struct recording recording;
  struct session_driver driver;
  struct icws_envelope envelope;
  struct icws_bytes encoding;
  struct icws_websocket_message message;

  (void)state;
  load_recorded(&recording);
  prepare(&recording, &driver);
  assert_int_equal(session_driver_recv(&driver, icws_buf_bytes(&recording.handshake)), ICWS_OK);
  assert_int_equal(feed(&recording, &driver, 0), ICWS_OK);
  assert_true(driver.opened);
  assert_int_equal(feed(&recording, &driver, 1), ICWS_OK);
  assert_int_equal(driver.ack_count, 1);
  assert_int_equal(driver.acked, 0);
  assert_int_equal(driver.frame_count, 2); /* ws_open and the keep-alive */
  assert_int_equal(icws_client_frame_decode(icws_buf_bytes(&driver.frames[1]), &encoding, NULL),
                   ICWS_OK);
  assert_int_equal(icws_envelope_decode(encoding, &envelope, NULL), ICWS_OK);
  assert_int_equal(icws_message_args_decode(envelope.arg, &message, NULL), ICWS_OK);
  assert_true(message.is_service_message);
  assert_int_equal(feed(&recording, &driver, 2), ICWS_OK);
  assert_int_equal(driver.delivered_count, 1);
  assert_true(icws_bytes_equal(icws_buf_bytes(&driver.delivered[0]),
                               icws_bytes_of(hello, sizeof hello - 1)));
  assert_int_equal(driver.last_message.sequence_num, 3);
  assert_int_equal(feed(&recording, &driver, 3), ICWS_ERR_CLOSED_BY_CANISTER);
  assert_int_equal(driver.close_code, ICWS_CLOSE_CODE_APPLICATION);
  session_driver_wipe(&driver);
  wipe(&recording);
}

/* --- Every byte --------------------------------------------------------------------------------- */

enum region { REGION_FRAMING, REGION_KEY, REGION_CONTENT, REGION_CERT, REGION_TREE };

static bool within(struct icws_bytes part, const uint8_t *at)
{
  return at >= part.data && at < part.data + part.len;
}

static enum region region_at(struct icws_bytes frame, size_t offset)
{
  struct icws_certified parts;
  const uint8_t *at = frame.data + offset;

  assert_int_equal(icws_certified_decode(frame, &parts, NULL), ICWS_OK);
  if (within(parts.key, at))
    return REGION_KEY;
  if (within(parts.content, at))
    return REGION_CONTENT;
  if (within(parts.cert, at))
    return REGION_CERT;
  return within(parts.tree, at) ? REGION_TREE : REGION_FRAMING;
}

/* What is wrong with a frame that was changed in |region|.  A changed key is no label of the tree; a
 * changed tree has another root hash or none. */
static bool expected_error(enum region region, enum icws_error error)
{
  switch (region) {
  case REGION_FRAMING:
    return error == ICWS_ERR_CBOR;
  case REGION_KEY: /* or no UTF-8 any more */
    return error == ICWS_ERR_CONTENT || error == ICWS_ERR_CBOR;
  case REGION_CONTENT:
    return error == ICWS_ERR_CONTENT;
  case REGION_CERT:
    return error == ICWS_ERR_CERTIFICATE || error == ICWS_ERR_CERTIFICATE_SIGNATURE ||
           error == ICWS_ERR_CERTIFICATE_DELEGATION || error == ICWS_ERR_CERTIFICATE_RANGE;
  case REGION_TREE:
    return error == ICWS_ERR_CERTIFIED_DATA;
  }
  return false;
}

/* Feeds the frames before |index|, then |frame| in the place of that one. */
static void try_forged(const struct recording *recording, size_t index, struct icws_bytes frame,
                       enum region region, size_t offset, unsigned mask)
{
  struct session_driver driver;
  enum icws_error error;
  size_t delivered;
  bool opened;

  prepare(recording, &driver);
  assert_int_equal(session_driver_recv(&driver, icws_buf_bytes(&recording->handshake)), ICWS_OK);
  for (size_t i = 0; i < index; i++)
    assert_int_equal(feed(recording, &driver, i), ICWS_OK);
  opened = driver.opened;
  delivered = driver.delivered_count;
  driver.now.wall_ns = recording->times[index];
  error = session_driver_recv(&driver, frame);
  if (driver.opened != opened || driver.delivered_count != delivered || error == ICWS_OK)
    fail_msg("frame %zu, byte %zu ^ %#x was accepted", index, offset, mask);
  if (!expected_error(region, error))
    fail_msg("frame %zu, byte %zu ^ %#x (region %d): unexpected %s: %s", index, offset, mask,
             (int)region, icws_error_name(error), icws_session_failure(driver.session)->text);
  assert_true(driver.closed);
  assert_int_equal(driver.close_code, ICWS_CLOSE_CODE_ERROR);
  session_driver_wipe(&driver);
}

static void change_every_byte(const struct recording *recording, size_t index)
{
  static const uint8_t masks[] = {0x01, 0x80, 0xff};
  struct icws_bytes frame = icws_buf_bytes(&recording->frames[index]);
  uint8_t *changed = malloc(frame.len);

  memcpy(changed, frame.data, frame.len);
  for (size_t offset = 0; offset < frame.len; offset++) {
    enum region region = region_at(frame, offset);

    for (size_t m = 0; m < sizeof masks; m++) {
      changed[offset] = frame.data[offset] ^ masks[m];
      try_forged(recording, index, icws_bytes_of(changed, frame.len), region, offset, masks[m]);
    }
    changed[offset] = frame.data[offset];
  }
  free(changed);
}

static void test_every_byte_of_the_recorded_session(void **state)
{
  struct recording recording;

  (void)state;
  load_recorded(&recording);
  for (size_t i = 0; i < recording.count; i++)
    change_every_byte(&recording, i);
  wipe(&recording);
}

static void test_every_byte_under_flat_ranges(void **state)
{
  struct recording recording;

  (void)state;
  load_delegated(&recording, "subnet delegation, ranges: flat", 2);
  change_every_byte(&recording, 1);
  wipe(&recording);
}

static void test_every_byte_under_sharded_ranges(void **state)
{
  struct recording recording;

  (void)state;
  load_delegated(&recording, "subnet delegation, ranges: sharded", 1);
  change_every_byte(&recording, 0);
  wipe(&recording);
}

/* The handshake is not authenticated: a changed one either is none, or names another gateway, which
 * check 5 notices at the first message. */
static void test_every_byte_of_the_handshake(void **state)
{
  static const uint8_t masks[] = {0x01, 0x80, 0xff};
  struct recording recording;
  unsigned refused = 0;
  unsigned noticed = 0;

  (void)state;
  load_recorded(&recording);
  for (size_t offset = 0; offset < recording.handshake.len; offset++) {
    for (size_t m = 0; m < sizeof masks; m++) {
      struct session_driver driver;

      prepare(&recording, &driver);
      recording.handshake.data[offset] ^= masks[m];
      if (session_driver_recv(&driver, icws_buf_bytes(&recording.handshake)) == ICWS_OK) {
        assert_int_equal(feed(&recording, &driver, 0), ICWS_ERR_MESSAGE_KEY);
        noticed++;
      } else {
        assert_int_equal(icws_session_failure(driver.session)->code, ICWS_ERR_HANDSHAKE);
        refused++;
      }
      assert_false(driver.opened);
      recording.handshake.data[offset] ^= masks[m];
      session_driver_wipe(&driver);
    }
  }
  assert_int_equal(noticed, 3 * ICWS_PRINCIPAL_MAX_BYTES);
  assert_int_equal(refused, 3 * (recording.handshake.len - ICWS_PRINCIPAL_MAX_BYTES));
  wipe(&recording);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_recorded_session),
      cmocka_unit_test(test_every_byte_of_the_handshake),
      cmocka_unit_test(test_every_byte_of_the_recorded_session),
      cmocka_unit_test(test_every_byte_under_flat_ranges),
      cmocka_unit_test(test_every_byte_under_sharded_ranges),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
