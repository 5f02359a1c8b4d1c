/* SPDX-License-Identifier: Apache-2.0 */
#include "replica_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static uint64_t wall_ns(void *user_data)
{
  const struct replica_fixture *fixture = user_data;
  return fixture->now;
}

void replica_fixture_init(struct replica_fixture *fixture)
{
  static const uint8_t seed[ICWS_BLS_SEED_BYTES] = {42};
  memset(fixture, 0, sizeof *fixture);
  fixture->now = REPLICA_FIXTURE_START;
  icws_buf_init(&fixture->envelope, 0, NULL);
  const struct icws_replica_config config = {
      .seed = seed, .wall_ns = wall_ns, .user_data = fixture};
  assert_int_equal(icws_replica_new(&config, &fixture->replica), ICWS_OK);
  const struct icws_verifier_config verifier_config = {.root_key =
                                                           icws_replica_root_key(fixture->replica)};
  assert_int_equal(icws_verifier_new(&verifier_config, &fixture->verifier, NULL), ICWS_OK);
}

void replica_fixture_wipe(struct replica_fixture *fixture)
{
  icws_verifier_del(fixture->verifier);
  icws_replica_del(fixture->replica);
  icws_buf_wipe(&fixture->envelope);
}

struct icws_identity *replica_fixture_identity(uint8_t number)
{
  uint8_t seed[ICWS_ED25519_SEED_BYTES] = {0};
  struct icws_identity *identity = NULL;
  seed[0] = number;
  assert_int_equal(icws_identity_from_seed(seed, &identity), ICWS_OK);
  return identity;
}

struct icws_principal replica_fixture_sender(const struct icws_identity *identity)
{
  return icws_identity_signer(identity).sender;
}

void replica_fixture_sign_call(struct replica_fixture *fixture,
                               const struct icws_identity *identity, struct icws_call call)
{
  struct icws_signer signer = icws_identity_signer(identity);
  uint8_t to_sign[ICWS_REQUEST_TO_SIGN_BYTES];
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  call.sender = signer.sender;
  icws_call_request_id(&call, fixture->request_id);
  icws_request_to_sign(fixture->request_id, to_sign);
  icws_identity_sign(identity, icws_bytes_of(to_sign, sizeof to_sign), signature);
  icws_buf_clear(&fixture->envelope);
  icws_envelope_put(&fixture->envelope, &call, signer.public_key,
                    icws_bytes_of(signature, sizeof signature));
  assert_int_equal(icws_buf_error(&fixture->envelope), ICWS_OK);
}

void replica_fixture_sign(struct replica_fixture *fixture, const struct icws_identity *identity,
                          enum icws_request_type type, const struct icws_principal *canister,
                          const char *method, struct icws_bytes arg)
{
  fixture->nonces++;
  replica_fixture_sign_call(
      fixture, identity,
      (struct icws_call){.type = type,
                         .canister = *canister,
                         .method = icws_bytes_text(method),
                         .arg = arg,
                         .nonce = icws_bytes_of(&fixture->nonces, 1),
                         .ingress_expiry = fixture->now + 240 * REPLICA_FIXTURE_SECOND});
}

struct icws_replica_answer replica_fixture_submit(struct replica_fixture *fixture,
                                                  const struct icws_principal *canister)
{
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
  return icws_replica_call(fixture->replica, canister, icws_buf_bytes(&fixture->envelope),
                           request_id);
}

void replica_fixture_round(struct replica_fixture *fixture)
{
  fixture->now += REPLICA_FIXTURE_SECOND / 10;
  assert_int_equal(icws_replica_round(fixture->replica), ICWS_OK);
}

struct icws_replica_answer replica_fixture_call(struct replica_fixture *fixture,
                                                const struct icws_identity *identity,
                                                const struct icws_principal *canister,
                                                const char *method, struct icws_bytes arg)
{
  replica_fixture_sign(fixture, identity, ICWS_REQUEST_CALL, canister, method, arg);
  struct icws_replica_answer answer = replica_fixture_submit(fixture, canister);
  if (answer.status == ICWS_REPLICA_RECEIVED) {
    replica_fixture_round(fixture);
    answer = icws_replica_call_status(fixture->replica, fixture->request_id);
  }
  return answer;
}

struct icws_replica_answer replica_fixture_query(struct replica_fixture *fixture,
                                                 const struct icws_identity *identity,
                                                 const struct icws_principal *canister,
                                                 const char *method, struct icws_bytes arg)
{
  replica_fixture_sign(fixture, identity, ICWS_REQUEST_QUERY, canister, method, arg);
  return icws_replica_query(fixture->replica, canister, icws_buf_bytes(&fixture->envelope),
                            ICWS_RANGES_FLAT, fixture->request_id);
}

void replica_fixture_assert_rejected(const struct icws_replica_answer *answer,
                                     enum icws_reject_code code, const char *text)
{
  assert_int_equal(answer->status, ICWS_REPLICA_REJECTED);
  assert_int_equal(answer->reject_code, code);
  assert_int_equal(answer->text.len, strlen(text));
  assert_memory_equal(answer->text.data, text, answer->text.len);
}
