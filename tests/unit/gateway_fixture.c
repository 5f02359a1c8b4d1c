/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define EXPIRES_AFTER_NS UINT64_C(240000000000)

/* --- The network ------------------------------------------------------------------------------ */

static void submit(struct fake_network *fake, struct icws_network_request *request, bool is_query)
{
  struct fake_request *new = &fake->requests[fake->count];

  assert_true(fake->count < FAKE_MAX_REQUESTS);
  *new = (struct fake_request){.request = request, .is_query = is_query};
  icws_buf_init(&new->bytes, 0, NULL);
  icws_buf_put(&new->bytes, request->envelope.data, request->envelope.len);
  assert_int_equal(icws_envelope_decode(icws_buf_bytes(&new->bytes), &new->envelope, NULL),
                   ICWS_OK);
  assert_int_equal(new->envelope.type, is_query ? ICWS_REQUEST_QUERY : ICWS_REQUEST_CALL);
  assert_true(icws_principal_equal(&new->envelope.canister, &request->canister));
  request->pending = new;
  fake->count++;
  if (fake->submitted)
    fake->submitted(fake->user_data, fake->count - 1);
}

static void query(void *self, struct icws_network_request *request)
{
  submit(self, request, true);
}

static void call(void *self, struct icws_network_request *request)
{
  submit(self, request, false);
}

static void cancel(void *self, struct icws_network_request *request)
{
  struct fake_request *fake = request->pending;

  (void)self;
  assert_int_equal(fake->state, FAKE_PENDING);
  fake->state = FAKE_CANCELLED;
}

void fake_network_init(struct fake_network *fake)
{
  memset(fake, 0, sizeof *fake);
  fake->network = (struct icws_network){
      .self = fake,
      .query = query,
      .call = call,
      .cancel = cancel,
  };
}

void fake_network_wipe(struct fake_network *fake)
{
  for (size_t i = 0; i < fake->count; i++)
    icws_buf_wipe(&fake->requests[i].bytes);
  fake->count = 0;
}

struct fake_request *fake_network_at(struct fake_network *fake, size_t index)
{
  assert_true(index < fake->count);
  return &fake->requests[index];
}

static bool is_of(const struct fake_request *request, const char *method)
{
  return icws_bytes_equal(request->envelope.method, icws_bytes_text(method));
}

const char *fake_network_method(struct fake_network *fake, size_t index)
{
  static const char *const methods[] = {"ws_open", "ws_message", "ws_close", "ws_get_messages"};

  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
    if (is_of(fake_network_at(fake, index), methods[i]))
      return methods[i];
  return "another";
}

struct fake_request *fake_network_last(struct fake_network *fake, const char *method)
{
  for (size_t i = fake->count; i-- > 0;)
    if (is_of(&fake->requests[i], method))
      return &fake->requests[i];
  return NULL;
}

size_t fake_network_pending(struct fake_network *fake, const char *method)
{
  size_t count = 0;

  for (size_t i = 0; i < fake->count; i++)
    if (fake->requests[i].state == FAKE_PENDING && is_of(&fake->requests[i], method))
      count++;
  return count;
}

static void answer(struct fake_request *request, const struct icws_network_answer *answer)
{
  assert_non_null(request);
  assert_int_equal(request->state, FAKE_PENDING);
  request->state = FAKE_ANSWERED;
  request->request->answered(request->request, answer);
}

void fake_network_reply(struct fake_request *request, struct icws_bytes reply)
{
  answer(request, &(struct icws_network_answer){.outcome = ICWS_NETWORK_REPLIED, .reply = reply});
}

static void reply_result(struct fake_request *request, const struct icws_result *result)
{
  struct icws_buf reply;

  icws_buf_init(&reply, 0, NULL);
  icws_result_put(&reply, result);
  assert_int_equal(icws_buf_error(&reply), ICWS_OK);
  fake_network_reply(request, icws_buf_bytes(&reply));
  icws_buf_wipe(&reply);
}

void fake_network_reply_ok(struct fake_request *request)
{
  reply_result(request, &(struct icws_result){.ok = true});
}

void fake_network_reply_err(struct fake_request *request, const char *text)
{
  reply_result(request, &(struct icws_result){.text = icws_bytes_text(text)});
}

void fake_network_reject_with(struct fake_request *request, enum icws_reject_code code,
                              const char *error_code, const char *text)
{
  answer(request, &(struct icws_network_answer){.outcome = ICWS_NETWORK_REJECTED,
                                                .reject_code = code,
                                                .error_code = icws_bytes_text(error_code),
                                                .text = icws_bytes_text(text)});
}

void fake_network_reject(struct fake_request *request, enum icws_reject_code code, const char *text)
{
  fake_network_reject_with(request, code, "", text);
}

void fake_network_taken(struct fake_request *request)
{
  answer(request, &(struct icws_network_answer){.outcome = ICWS_NETWORK_TAKEN});
}

void fake_network_unknown(struct fake_request *request, const char *text)
{
  answer(request, &(struct icws_network_answer){.outcome = ICWS_NETWORK_UNKNOWN,
                                                .text = icws_bytes_text(text)});
}

void fake_network_reply_messages(struct fake_request *request, const struct icws_principal *gateway,
                                 const struct icws_client_key *client, uint64_t first, size_t count,
                                 bool is_end_of_queue)
{
  struct icws_output_message messages[64];
  char keys[64][ICWS_MESSAGE_KEY_BYTES];
  char contents[64][32];
  const struct icws_get_messages_result result = {
      .ok = true,
      .messages = messages,
      .message_count = count,
      .cert = icws_bytes_text("certificate"),
      .tree = icws_bytes_text("tree"),
      .is_end_of_queue = is_end_of_queue,
  };
  struct icws_buf reply;

  assert_true(count <= 64);
  for (size_t i = 0; i < count; i++) {
    icws_message_key_format(gateway, first + i, keys[i]);
    (void)snprintf(contents[i], sizeof contents[i], "message %llu",
                   (unsigned long long)(first + i));
    messages[i] = (struct icws_output_message){
        .client_key = *client,
        .key = icws_bytes_text(keys[i]),
        .content = icws_bytes_text(contents[i]),
    };
  }
  icws_buf_init(&reply, 0, NULL);
  icws_get_messages_result_put(&reply, &result);
  assert_int_equal(icws_buf_error(&reply), ICWS_OK);
  fake_network_reply(request, icws_buf_bytes(&reply));
  icws_buf_wipe(&reply);
}

/* --- Statistics ------------------------------------------------------------------------------- */

uint64_t fixture_refusals(const struct icws_gateway_stats *stats)
{
  uint64_t sum = 0;

  for (size_t i = 0; i < ICWS_GATEWAY_REFUSALS; i++)
    sum += stats->refusals[i];
  return sum;
}

uint64_t fixture_troubles(const struct icws_gateway_stats *stats)
{
  uint64_t sum = 0;

  for (size_t i = 0; i < ICWS_GATEWAY_TROUBLES; i++)
    sum += stats->troubles[i];
  return sum;
}

/* --- Clocks ----------------------------------------------------------------------------------- */

uint64_t fake_wall_now_ns = UINT64_C(1700000000000000000);
uint64_t fake_monotonic_now_ns = UINT64_C(5000000000);

uint64_t fake_wall_ns(void)
{
  return fake_wall_now_ns;
}

uint64_t fake_monotonic_ns(void)
{
  return fake_monotonic_now_ns;
}

void fake_pass_ms(uint64_t ms)
{
  fake_wall_now_ns += ms * 1000000;
  fake_monotonic_now_ns += ms * 1000000;
}

/* --- Clients ---------------------------------------------------------------------------------- */

struct icws_identity *fixture_identity(uint8_t number)
{
  uint8_t seed[ICWS_ED25519_SEED_BYTES];
  struct icws_identity *identity = NULL;

  memset(seed, number, sizeof seed);
  assert_int_equal(icws_identity_from_seed(seed, &identity), ICWS_OK);
  return identity;
}

struct icws_principal fixture_canister(uint8_t number)
{
  const uint8_t bytes[] = {0, 0, 0, 0, 0, 0, 0, number, 1, 1};
  struct icws_principal principal;

  assert_int_equal(icws_principal_init(&principal, icws_bytes_of(bytes, sizeof bytes)), ICWS_OK);
  return principal;
}

void fixture_put_frame(struct icws_buf *frame, const struct fixture_call *call)
{
  const struct icws_signer signer = icws_identity_signer(call->identity);
  const struct icws_call signed_call = {
      .type = call->type,
      .canister = call->canister,
      .sender = signer.sender,
      .method = icws_bytes_text(call->method),
      .arg = call->arg,
      .nonce = icws_bytes_text("0123456789abcdef"),
      .ingress_expiry = call->ingress_expiry,
  };
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
  uint8_t to_sign[ICWS_REQUEST_TO_SIGN_BYTES];
  uint8_t signature[ICWS_SIGNATURE_BYTES];

  icws_call_request_id(&signed_call, request_id);
  icws_request_to_sign(request_id, to_sign);
  icws_identity_sign(call->identity, icws_bytes_of(to_sign, sizeof to_sign), signature);
  icws_client_frame_put(frame);
  icws_envelope_put(frame, &signed_call, signer.public_key,
                    icws_bytes_of(signature, sizeof signature));
  assert_int_equal(icws_buf_error(frame), ICWS_OK);
}

static void put_call(struct icws_buf *frame, const struct icws_identity *identity,
                     const struct icws_principal *canister, const char *method,
                     const struct icws_buf *arg)
{
  fixture_put_frame(frame, &(struct fixture_call){
                               .identity = identity,
                               .canister = *canister,
                               .method = method,
                               .arg = icws_buf_bytes(arg),
                               .ingress_expiry = fake_wall_now_ns + EXPIRES_AFTER_NS,
                           });
}

void fixture_put_open(struct icws_buf *frame, const struct icws_identity *identity,
                      const struct icws_principal *canister, uint64_t nonce,
                      const struct icws_principal *gateway)
{
  struct icws_buf arg;

  icws_buf_init(&arg, 0, NULL);
  icws_open_args_put(&arg, &(struct icws_open_args){.client_nonce = nonce, .gateway = *gateway});
  assert_int_equal(icws_buf_error(&arg), ICWS_OK);
  put_call(frame, identity, canister, "ws_open", &arg);
  icws_buf_wipe(&arg);
}

void fixture_put_message(struct icws_buf *frame, const struct icws_identity *identity,
                         const struct icws_principal *canister, uint64_t nonce,
                         uint64_t sequence_num)
{
  const struct icws_websocket_message message = {
      .client_key = {.principal = icws_identity_signer(identity).sender, .nonce = nonce},
      .sequence_num = sequence_num,
      .timestamp = fake_wall_now_ns,
      .content = icws_bytes_text("hello"),
  };
  struct icws_buf arg;

  icws_buf_init(&arg, 0, NULL);
  icws_message_args_put(&arg, &message);
  assert_int_equal(icws_buf_error(&arg), ICWS_OK);
  put_call(frame, identity, canister, "ws_message", &arg);
  icws_buf_wipe(&arg);
}
