/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A session that was recorded on a real replica, through a gateway on a real socket into icws-tail
 * itself.  Nobody has the key of the recorded client, and its certificates are old: so the linker puts
 * this file between the client and the session (--wrap), where principal, nonce and clock are given.
 * The shipped program has no such option.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <icws/icws.h>

#include "scripted_gateway.h"
#include "vectors.h"

#define MESSAGES 4

int icws_tail_main(int argc, char **argv);

enum part { PART_NONE, PART_KEY, PART_CONTENT, PART_CERT, PART_TREE };

struct recording {
  char root_key[2 * ICWS_ROOT_KEY_DER_BYTES + 1];
  char canister[ICWS_PRINCIPAL_TEXT_BYTES];
  struct icws_principal client;
  uint64_t nonce;
  struct icws_buf handshake;
  struct icws_buf frames[MESSAGES];
  uint64_t times[MESSAGES];
};

static struct recording recording;

/* --- Between client and session ----------------------------------------------------------------- */

enum icws_error __real_icws_session_new(const struct icws_session_config *config,
                                        struct icws_now now, struct icws_session **session,
                                        struct icws_failure *failure);
enum icws_error __wrap_icws_session_new(const struct icws_session_config *config,
                                        struct icws_now now, struct icws_session **session,
                                        struct icws_failure *failure);
enum icws_error __real_icws_session_recv(struct icws_session *session, enum icws_frame_type type,
                                         struct icws_bytes frame, struct icws_now now);
enum icws_error __wrap_icws_session_recv(struct icws_session *session, enum icws_frame_type type,
                                         struct icws_bytes frame, struct icws_now now);

static enum icws_error fill_nonce(uint8_t *out, size_t len, void *user_data)
{
  (void)user_data;
  for (size_t i = 0; i < len; i++)
    out[i] = (uint8_t)(recording.nonce >> (8 * (i % 8)));
  return ICWS_OK;
}

enum icws_error __wrap_icws_session_new(const struct icws_session_config *config,
                                        struct icws_now now, struct icws_session **session,
                                        struct icws_failure *failure)
{
  static const struct icws_random random = {.fill = fill_nonce};
  struct icws_session_config given = *config;

  given.signer.sender = recording.client;
  given.random = &random;
  return __real_icws_session_new(&given, now, session, failure);
}

enum icws_error __wrap_icws_session_recv(struct icws_session *session, enum icws_frame_type type,
                                         struct icws_bytes frame, struct icws_now now)
{
  static size_t received;

  if (received > 0 && received <= MESSAGES)
    now.wall_ns = recording.times[received - 1];
  received++;
  return __real_icws_session_recv(session, type, frame, now);
}

/* --- The recording ------------------------------------------------------------------------------ */

static struct icws_principal principal_at(const json_t *object, const char *key)
{
  struct icws_principal principal;

  assert_int_equal(icws_principal_from_text(&principal, icws_bytes_text(vectors_text(object, key))),
                   ICWS_OK);
  return principal;
}

/* One byte in the middle of |part| is changed. */
static void change(struct icws_buf *frame, enum part part)
{
  struct icws_certified parts;
  struct icws_bytes where = {0};

  assert_int_equal(icws_certified_decode(icws_buf_bytes(frame), &parts, NULL), ICWS_OK);
  if (part == PART_KEY)
    where = parts.key;
  else if (part == PART_CONTENT)
    where = parts.content;
  else if (part == PART_CERT)
    where = parts.cert;
  else if (part == PART_TREE)
    where = parts.tree;
  if (where.len > 0)
    frame->data[(size_t)(where.data - frame->data) + where.len / 2] ^= 1;
}

static void load(size_t changed_message, enum part part)
{
  json_t *root = vectors_shared("recorded-session.json");
  struct icws_principal gateway = principal_at(root, "gateway_principal");

  snprintf(recording.root_key, sizeof recording.root_key, "%s", vectors_text(root, "root_key_der"));
  snprintf(recording.canister, sizeof recording.canister, "%s", vectors_text(root, "canister_id"));
  recording.client = principal_at(root, "client_principal");
  recording.nonce = vectors_uint(root, "client_nonce");
  icws_buf_init(&recording.handshake, 0, NULL);
  icws_handshake_put(&recording.handshake, &gateway);
  for (size_t i = 0; i < MESSAGES; i++) {
    json_t *message = json_array_get(vectors_get(root, "messages"), i);
    struct vectors_blob content = vectors_hex_at(message, "content");
    struct vectors_blob cert = vectors_hex_at(message, "cert");
    struct vectors_blob tree = vectors_hex_at(message, "tree");
    struct icws_certified certified = {
        .key = icws_bytes_text(vectors_text(message, "key")),
        .content = vectors_bytes(&content),
        .cert = vectors_bytes(&cert),
        .tree = vectors_bytes(&tree),
    };

    icws_buf_init(&recording.frames[i], 0, NULL);
    icws_certified_put(&recording.frames[i], &certified);
    if (i == changed_message)
      change(&recording.frames[i], part);
    recording.times[i] = vectors_uint(message, "certificate_time_ns");
    free(content.data);
    free(cert.data);
    free(tree.data);
  }
  json_decref(root);
}

static void unload(void)
{
  icws_buf_wipe(&recording.handshake);
  for (size_t i = 0; i < MESSAGES; i++)
    icws_buf_wipe(&recording.frames[i]);
}

/* --- The gateway -------------------------------------------------------------------------------- */

struct seen {
  bool opened_by_client; /* the first frame was a binary ws_open */
  unsigned binary;
  unsigned other; /* text, pings and pongs: none may come */
  uint16_t close_code;
};

static bool is_ws_open(const struct scripted_frame *frame)
{
  struct icws_bytes encoding;
  struct icws_envelope envelope;

  return icws_client_frame_decode(icws_bytes_of(frame->payload, frame->len), &encoding, NULL) ==
             ICWS_OK &&
         icws_envelope_decode(encoding, &envelope, NULL) == ICWS_OK &&
         icws_bytes_equal(envelope.method, icws_bytes_text("ws_open"));
}

/* Reads until the client closes. */
static void read_rest(struct scripted_connection *connection, struct seen *seen)
{
  struct scripted_frame frame;

  while (scripted_read_frame(connection, &frame)) {
    bool last = frame.opcode == SCRIPTED_CLOSE;

    if (frame.opcode == SCRIPTED_BINARY)
      seen->binary++;
    else if (!last)
      seen->other++;
    else if (frame.len >= 2)
      seen->close_code = (uint16_t)(frame.payload[0] << 8 | frame.payload[1]);
    free(frame.payload);
    if (last) {
      scripted_send_close(connection, seen->close_code, "");
      break;
    }
  }
}

static void replay(struct scripted_connection *connection, void *user_data)
{
  struct seen *seen = user_data;
  struct scripted_frame frame;

  if (!scripted_accept(connection) ||
      !scripted_send_frame(connection, SCRIPTED_BINARY, true, recording.handshake.data,
                           recording.handshake.len) ||
      !scripted_read_frame(connection, &frame))
    return;
  seen->opened_by_client = frame.opcode == SCRIPTED_BINARY && frame.masked && is_ws_open(&frame);
  free(frame.payload);
  for (size_t i = 0; i < MESSAGES; i++)
    if (!scripted_send_fragments(connection, SCRIPTED_BINARY, recording.frames[i].data,
                                 recording.frames[i].len, 100 * (i + 1)))
      return;
  read_rest(connection, seen);
}

/* --- icws-tail ---------------------------------------------------------------------------------- */

struct outcome {
  int status;
  char output[512];
  size_t output_len;
};

static void run_tail(uint16_t port)
{
  char program[] = "icws-tail";
  char gateway[] = "-g";
  char url[64];
  char canister[] = "-c";
  char root_key[] = "-k";
  char *argv[] = {program, gateway, url, canister, recording.canister, root_key, recording.root_key,
                  NULL};

  snprintf(url, sizeof url, "ws://127.0.0.1:%u", port);
  exit(icws_tail_main(7, argv));
}

/* A child that becomes icws-tail once it has read the gateway's port.  It is made before the
 * gateway's thread: a process with threads does not survive fork for certain. */
struct tail {
  pid_t pid;
  int port;   /* to write */
  int output; /* to read */
};

static struct tail start_tail(void)
{
  struct tail tail;
  uint16_t port;
  int ports[2];
  int outputs[2];

  fflush(NULL);
  assert_int_equal(pipe(ports), 0);
  assert_int_equal(pipe(outputs), 0);
  tail = (struct tail){.pid = fork(), .port = ports[1], .output = outputs[0]};
  assert_true(tail.pid >= 0);
  if (tail.pid == 0) {
    close(ports[1]);
    if (dup2(outputs[1], STDOUT_FILENO) < 0 ||
        read(ports[0], &port, sizeof port) != (ssize_t)sizeof port)
      _exit(99);
    close(outputs[0]);
    close(outputs[1]);
    run_tail(port);
  }
  close(ports[0]);
  close(outputs[1]);
  return tail;
}

static struct outcome finish_tail(const struct tail *tail, uint16_t port)
{
  struct outcome outcome = {0};
  ssize_t n;
  int status;

  assert_int_equal(write(tail->port, &port, sizeof port), sizeof port);
  close(tail->port);
  while ((n = read(tail->output, outcome.output + outcome.output_len,
                   sizeof outcome.output - outcome.output_len)) > 0)
    outcome.output_len += (size_t)n;
  close(tail->output);
  assert_int_equal(waitpid(tail->pid, &status, 0), tail->pid);
  assert_true(WIFEXITED(status));
  outcome.status = WEXITSTATUS(status);
  return outcome;
}

static struct outcome run(struct seen *seen)
{
  struct tail tail = start_tail();
  struct scripted_gateway *gateway = scripted_gateway_start(replay, seen, NULL, NULL);
  struct outcome outcome = finish_tail(&tail, scripted_gateway_port(gateway));

  scripted_gateway_stop(gateway);
  assert_true(seen->opened_by_client);
  assert_int_equal(seen->other, 0);
  return outcome;
}

static void test_recorded_session(void **state)
{
  static const char hello[] = "DIDL\x01\x6c\x01\xad\x99\xe7\xe7\x04\x71\x01\x00\x05Hello\n";
  struct seen seen = {0};
  struct outcome outcome;

  (void)state;
  load(MESSAGES, PART_NONE);
  outcome = run(&seen);
  assert_int_equal(outcome.status, 6); /* closed by the canister's application */
  assert_int_equal(outcome.output_len, sizeof hello - 1);
  assert_memory_equal(outcome.output, hello, sizeof hello - 1);
  assert_in_range(seen.binary, 0, 1); /* the keep-alive, unless the close came before it */
  assert_int_equal(seen.close_code, 4001);
  unload();
}

static void test_changed_message(void **state)
{
  static const enum part parts[] = {PART_KEY, PART_CONTENT, PART_CERT, PART_TREE};

  (void)state;
  for (size_t message = 0; message < MESSAGES; message++) {
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
      struct seen seen = {0};
      struct outcome outcome;

      load(message, parts[p]);
      outcome = run(&seen);
      assert_int_equal(outcome.status, 5); /* verification failed */
      if (message <= 2)
        assert_int_equal(outcome.output_len, 0);
      assert_int_equal(seen.close_code, 4000);
      unload();
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_recorded_session),
      cmocka_unit_test(test_changed_message),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
