/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <poll.h>

#include <icws/cbor.h>

static uint64_t wall_ns(void *user_data)
{
  const struct agent_fixture *fixture = user_data;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec +
         (uint64_t)fixture->machine_ahead_ns;
}

void agent_fixture_start(struct agent_fixture *fixture)
{
  static const uint8_t seed[ICWS_ED25519_SEED_BYTES] = {1};
  struct icws_failure failure;
  scripted_replica_start(&fixture->replica);
  scripted_replica_url(&fixture->replica, fixture->url, sizeof fixture->url);
  assert_int_equal(icws_identity_from_seed(seed, &fixture->identity), ICWS_OK);
  if (fixture->config.network_url == NULL)
    fixture->config.network_url = fixture->url;
  if (!fixture->without_root_key)
    fixture->config.root_key = maker_key_der(&fixture->replica.root);
  fixture->config.identity = fixture->identity;
  fixture->config.wall_ns = wall_ns;
  fixture->config.user_data = fixture;
  icws_buf_init(&fixture->reply, 0, NULL);
  if (icws_agent_new(&fixture->config, &fixture->agent, &failure) != ICWS_OK)
    fail_msg("icws_agent_new: %s", failure.text);
}

void agent_fixture_stop(struct agent_fixture *fixture)
{
  icws_agent_del(fixture->agent);
  scripted_replica_stop(&fixture->replica);
  icws_identity_del(fixture->identity);
  icws_buf_wipe(&fixture->reply);
}

static void copy_text(char *out, size_t size, struct icws_bytes text)
{
  snprintf(out, size, "%.*s", (int)text.len, text.len > 0 ? (const char *)text.data : "");
}

void fixture_answered(struct icws_agent *agent, const struct icws_agent_answer *answer,
                      void *user_data)
{
  struct agent_fixture *fixture = user_data;
  assert_ptr_equal(agent, fixture->agent);
  fixture->answers++;
  fixture->outcome = answer->outcome;
  icws_buf_clear(&fixture->reply);
  icws_buf_put(&fixture->reply, answer->reply.data, answer->reply.len);
  fixture->reject_code = answer->reject.code;
  copy_text(fixture->text, sizeof fixture->text, answer->reject.text);
  copy_text(fixture->error_code, sizeof fixture->error_code, answer->reject.error_code);
  fixture->proven = answer->reject.proven;
  memset(&fixture->failure, 0, sizeof fixture->failure);
  assert_int_equal(answer->outcome == ICWS_AGENT_FAILED, answer->failure != NULL);
  if (answer->failure != NULL)
    fixture->failure = *answer->failure;
  fixture->may_be_processed = answer->may_be_processed;
  fixture->time_ns = answer->time_ns;
  fixture->has_certificate = answer->certificate.len > 0;
  assert_int_equal(answer->tree != NULL, fixture->has_certificate);
}

void agent_fixture_run(struct agent_fixture *fixture)
{
  while (icws_agent_process(fixture->agent) > 0) {
    struct pollfd watched = {.fd = icws_agent_fd(fixture->agent), .events = POLLIN};
    assert_true(poll(&watched, 1, icws_agent_timeout_ms(fixture->agent)) >= 0);
  }
}

static struct icws_agent_method method_of(const struct agent_fixture *fixture, const char *method,
                                          const char *arg)
{
  const struct icws_agent_method made = {.canister = fixture->replica.canister,
                                         .name = icws_bytes_text(method),
                                         .arg = icws_bytes_text(arg)};
  return made;
}

void agent_fixture_query(struct agent_fixture *fixture, const char *method, const char *arg)
{
  const struct icws_agent_method called = method_of(fixture, method, arg);
  assert_int_equal(icws_agent_query(fixture->agent, &called, fixture_answered, fixture, NULL),
                   ICWS_OK);
  agent_fixture_run(fixture);
}

void agent_fixture_call(struct agent_fixture *fixture, const char *method, const char *arg)
{
  const struct icws_agent_method called = method_of(fixture, method, arg);
  assert_int_equal(icws_agent_call(fixture->agent, &called, fixture_answered, fixture, NULL),
                   ICWS_OK);
  agent_fixture_run(fixture);
}

void agent_fixture_put_envelope(const struct agent_fixture *fixture, enum icws_request_type type,
                                const char *method, const char *arg, uint64_t expiry_ns,
                                struct icws_buf *out)
{
  struct icws_signer signer = icws_identity_signer(fixture->identity);
  const struct icws_call call = {
      .type = type,
      .canister = fixture->replica.canister,
      .sender = signer.sender,
      .method = icws_bytes_text(method),
      .arg = icws_bytes_text(arg),
      .ingress_expiry = expiry_ns,
  };
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
  uint8_t message[ICWS_REQUEST_TO_SIGN_BYTES];
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  icws_call_request_id(&call, request_id);
  icws_request_to_sign(request_id, message);
  icws_identity_sign(fixture->identity, icws_bytes_of(message, sizeof message), signature);
  icws_envelope_put(out, &call, signer.public_key, icws_bytes_of(signature, sizeof signature));
}

void agent_fixture_relay(struct agent_fixture *fixture, enum icws_request_type type,
                         const char *method, const char *arg)
{
  uint64_t expiry = scripted_replica_now_ns(&fixture->replica) + UINT64_C(60000000000);
  struct icws_buf envelope;
  enum icws_error error;
  icws_buf_init(&envelope, 0, NULL);
  agent_fixture_put_envelope(fixture, type, method, arg, expiry, &envelope);
  if (type == ICWS_REQUEST_CALL)
    error = icws_agent_relay_call(fixture->agent, &fixture->replica.canister,
                                  icws_buf_bytes(&envelope), fixture_answered, fixture, NULL);
  else
    error = icws_agent_relay_query(fixture->agent, &fixture->replica.canister,
                                   icws_buf_bytes(&envelope), fixture_answered, fixture, NULL);
  assert_int_equal(error, ICWS_OK);
  agent_fixture_run(fixture);
  icws_buf_wipe(&envelope);
}

void agent_fixture_expect_reply(const struct agent_fixture *fixture, const char *reply)
{
  if (fixture->outcome == ICWS_AGENT_FAILED)
    fail_msg("%s: %s", icws_error_name(fixture->failure.code), fixture->failure.text);
  assert_int_equal(fixture->outcome, ICWS_AGENT_REPLIED);
  assert_true(icws_bytes_equal(icws_buf_bytes(&fixture->reply), icws_bytes_text(reply)));
}

void agent_fixture_expect_failure(const struct agent_fixture *fixture, enum icws_error code)
{
  assert_int_equal(fixture->outcome, ICWS_AGENT_FAILED);
  if (fixture->failure.code != code)
    fail_msg("expected %s, got %s: %s", icws_error_name(code),
             icws_error_name(fixture->failure.code), fixture->failure.text);
}

void agent_fixture_expect_text(const struct agent_fixture *fixture, const char *text)
{
  if (strstr(fixture->failure.text, text) == NULL)
    fail_msg("\"%s\" is not in: %s", text, fixture->failure.text);
}

static void follow_plan(struct scripted_replica *replica,
                        const struct scripted_http_request *request,
                        struct scripted_http_answer *answer)
{
  const struct agent_fixture_plan *plan = replica->user_data;
  if (plan->times > 0 && request->number >= plan->times) {
    scripted_replica_answer(replica, request, answer);
  } else if (plan->status == 0) {
    answer->hang_up = true;
  } else {
    answer->status = plan->status;
    answer->fields = plan->fields;
    icws_buf_put(&answer->body, plan->text, plan->len);
  }
}

void agent_fixture_start_plan(struct agent_fixture *fixture, struct agent_fixture_plan *plan)
{
  if (plan->text != NULL && plan->len == 0)
    plan->len = strlen(plan->text);
  fixture->replica.script = follow_plan;
  fixture->replica.user_data = plan;
  agent_fixture_start(fixture);
}
