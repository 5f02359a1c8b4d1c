/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_story.h"

#include <string.h>

#include <icws/cbor.h>

static void note_call(struct agent_story *story, const struct icws_envelope *envelope)
{
  story->same_id = story->calls == 0 ||
                   (story->same_id &&
                    memcmp(story->request_id, envelope->request_id, ICWS_REQUEST_ID_BYTES) == 0);
  memcpy(story->request_id, envelope->request_id, ICWS_REQUEST_ID_BYTES);
  story->calls++;
}

static void put_refusal(const struct agent_story *story, struct icws_buf *out)
{
  icws_cbor_put_map(out, 3);
  icws_cbor_put_key(out, "status");
  icws_cbor_put_text(out, icws_bytes_text("non_replicated_rejection"));
  icws_cbor_put_key(out, "reject_code");
  icws_cbor_put_uint(out, story->reject_code == ICWS_REJECT_NONE ? ICWS_REJECT_SYS_TRANSIENT
                                                                 : story->reject_code);
  icws_cbor_put_key(out, "reject_message");
  icws_cbor_put_text(out, icws_bytes_text("too busy"));
}

static void put_bare_certificate(struct scripted_replica *replica, struct icws_buf *out)
{
  struct icws_buf certificate;
  icws_buf_init(&certificate, 0, NULL);
  scripted_put_call_certificate(replica, NULL, SCRIPTED_ABSENT, icws_bytes_of(NULL, 0),
                                scripted_replica_now_ns(replica), &certificate);
  scripted_put_call_answer(out, icws_buf_bytes(&certificate));
  icws_buf_wipe(&certificate);
}

static bool is_missing(const struct agent_story *story, const struct scripted_http_request *request)
{
  unsigned version = (unsigned)(request->path[6] - '0');
  if (scripted_path_is(request, "/read_state"))
    return story->old_read_state && version > 2;
  return scripted_path_is(request, "/call") && story->oldest_missing > 0 &&
         version >= story->oldest_missing;
}

static void flip_last_bit(struct icws_buf *body)
{
  body->data[body->len - 1] ^= 1; /* in the certificate's signature */
}

static void answer_call(struct scripted_replica *replica, struct agent_story *story,
                        const struct scripted_http_request *request,
                        struct scripted_http_answer *answer)
{
  note_call(story, &request->envelope);
  if (story->hang_ups > 0) {
    story->hang_ups--;
    answer->hang_up = true;
  } else if (story->accepted > 0) {
    story->accepted--;
    scripted_put_text(answer, 202, "the request is under way");
  } else if (story->refuse || story->refusals > 0) {
    story->refusals -= story->refuse ? 0 : 1;
    put_refusal(story, &answer->body);
  } else if (story->without_request) {
    put_bare_certificate(replica, &answer->body);
  } else {
    scripted_replica_answer(replica, request, answer);
    if (story->tamper)
      flip_last_bit(&answer->body);
  }
}

static bool is_poll(const struct scripted_http_request *request)
{
  /* an array of one path of two labels, the first of 14 characters */
  return scripted_path_is(request, "/read_state") && request->envelope.paths.len > 20 &&
         memcmp(request->envelope.paths.data, "\x81\x82\x4erequest_status", 17) == 0;
}

static void tell(struct scripted_replica *replica, const struct scripted_http_request *request,
                 struct scripted_http_answer *answer)
{
  struct agent_story *story = replica->user_data;
  enum scripted_status outcome = replica->outcome_of_poll;
  if (is_missing(story, request)) {
    scripted_put_text(answer, 404, "not found");
    return;
  }
  if (scripted_path_is(request, "/call")) {
    answer_call(replica, story, request, answer);
    return;
  }
  if (is_poll(request) && story->refused_polls > 0) {
    story->refused_polls--;
    scripted_put_text(answer, 403, "not here");
    return;
  }
  if (is_poll(request) && story->polls++ < story->processing)
    replica->outcome_of_poll = SCRIPTED_PROCESSING;
  scripted_replica_answer(replica, request, answer);
  replica->outcome_of_poll = outcome;
  if (is_poll(request) && story->tamper_polls)
    flip_last_bit(&answer->body);
}

void agent_story_start(struct agent_fixture *fixture, struct agent_story *story)
{
  fixture->replica.script = tell;
  fixture->replica.user_data = story;
  agent_fixture_start(fixture);
}
