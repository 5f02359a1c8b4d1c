/* SPDX-License-Identifier: Apache-2.0 */
#include "certified_frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <icws/message.h>

static struct certified_frames loaded;

static void must(bool condition, const char *what)
{
  if (condition)
    return;
  fprintf(stderr, "%s/certified_messages.json: %s\n", ICWS_TEST_VECTORS_DIR, what);
  exit(1);
}

static struct icws_bytes hex_at(const json_t *object, const char *key)
{
  const char *text = json_string_value(json_object_get(object, key));
  struct icws_buf buf;

  icws_buf_init(&buf, 0, NULL);
  must(text != NULL && icws_hex_decode(icws_bytes_text(text), &buf) == ICWS_OK, key);
  return icws_buf_bytes(&buf);
}

static uint64_t number_at(const json_t *object, const char *key)
{
  const char *text = json_string_value(json_object_get(object, key));

  must(text != NULL, key);
  return strtoull(text, NULL, 10);
}

static size_t accepted_by(const json_t *session)
{
  return (size_t)json_integer_value(json_object_get(session, "accepted"));
}

/* Whether these very bytes are taken in some session. */
static bool taken_somewhere(const json_t *sessions, const char *hex)
{
  size_t at;
  json_t *session = NULL;

  json_array_foreach(sessions, at, session)
  {
    const json_t *frames = json_object_get(session, "frames");
    for (size_t i = 0; i < accepted_by(session); i++)
      if (strcmp(json_string_value(json_object_get(json_array_get(frames, i), "hex")), hex) == 0)
        return true;
  }
  return false;
}

/* What is wrong with the frame at |index| of |session|, whose frames before are good and those after
 * not looked at: "none", or the check it fails as the file numbers it. */
static const char *failed_check(const json_t *sessions, const json_t *session, size_t index)
{
  const json_t *frame = json_array_get(json_object_get(session, "frames"), index);
  const char *failed = json_string_value(json_object_get(session, "failed_check"));

  must(failed != NULL, "failed_check");
  if (index < accepted_by(session) ||
      taken_somewhere(sessions, json_string_value(json_object_get(frame, "hex"))))
    return "none";
  return failed;
}

static void add_frame(const json_t *sessions, const json_t *session, size_t index)
{
  const json_t *vector = json_array_get(json_object_get(session, "frames"), index);
  struct certified_frame *frame = &loaded.frames[loaded.count++];
  const char *failed = failed_check(sessions, session, index);

  frame->bytes = hex_at(vector, "hex");
  must(icws_certified_decode(frame->bytes, &frame->fields, NULL) == ICWS_OK, "no certified frame");
  frame->arrives_ns = number_at(vector, "now_ns");
  frame->certified = strchr("123", failed[0]) == NULL;
  frame->forged = !frame->certified || strcmp(failed, "4") == 0 || strcmp(failed, "7") == 0 ||
                  strcmp(failed, "content") == 0;
}

static void load_frames(const json_t *sessions)
{
  size_t at;
  json_t *session = NULL;
  size_t count = 0;

  json_array_foreach(sessions, at, session) count +=
      json_array_size(json_object_get(session, "frames"));
  must(count > 0, "no frames");
  loaded.frames = calloc(count, sizeof *loaded.frames);
  must(loaded.frames != NULL, "no memory");
  json_array_foreach(sessions, at, session)
  {
    for (size_t i = 0; i < json_array_size(json_object_get(session, "frames")); i++)
      add_frame(sessions, session, i);
  }
}

static void load(void)
{
  json_t *root = json_load_file(ICWS_TEST_VECTORS_DIR "/certified_messages.json", 0, NULL);
  const char *canister = json_string_value(json_object_get(root, "canister_id"));
  struct icws_bytes seed;

  must(root != NULL, "not readable as JSON");
  must(canister != NULL &&
           icws_principal_from_text(&loaded.canister, icws_bytes_text(canister)) == ICWS_OK,
       "canister_id");
  loaded.root_key = hex_at(root, "root_key_hex");
  loaded.handshake = hex_at(root, "handshake_hex");
  loaded.client_nonce = number_at(root, "client_nonce");
  seed = hex_at(root, "client_seed_hex");
  must(seed.len == ICWS_ED25519_SEED_BYTES &&
           icws_identity_from_seed(seed.data, &loaded.client) == ICWS_OK,
       "client_seed_hex");
  free((void *)(uintptr_t)seed.data);
  load_frames(json_object_get(root, "cases"));
  json_decref(root);
}

const struct certified_frames *certified_frames_get(void)
{
  if (loaded.count == 0)
    load();
  return &loaded;
}
