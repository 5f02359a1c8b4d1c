/* SPDX-License-Identifier: Apache-2.0 */

/* Queries and reads of the state whose answers are signed, but not what was asked for. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sodium.h>

#include <icws/cbor.h>
#include <icws/response.h>

#include "agent_lie.h"

#define MINUTE_NS INT64_C(60000000000)

/* --- Queries ---------------------------------------------------------------------------------- */

static void put_signature(struct scripted_replica *replica, const struct icws_envelope *envelope,
                          int64_t ahead_ns, struct icws_buf *body)
{
  const struct icws_query_response response = {.replied = true, .reply = envelope->arg};
  uint64_t time_ns = scripted_replica_now_ns(replica) + (uint64_t)ahead_ns;
  uint8_t message[ICWS_QUERY_RESPONSE_TO_SIGN_BYTES];
  uint8_t signature[64];
  icws_query_response_to_sign(&response, envelope->request_id, time_ns, message);
  crypto_sign_detached(signature, NULL, message, sizeof message, replica->node_secret);
  icws_cbor_put_map(body, 3);
  icws_cbor_put_key(body, "timestamp");
  icws_cbor_put_uint(body, time_ns);
  icws_cbor_put_key(body, "signature");
  icws_cbor_put_bytes(body, icws_bytes_of(signature, sizeof signature));
  icws_cbor_put_key(body, "identity");
  icws_cbor_put_bytes(body, icws_principal_bytes(&replica->node));
}

static void put_reply(const struct icws_envelope *envelope, size_t signatures,
                      struct icws_buf *body)
{
  icws_cbor_put_map(body, 3);
  icws_cbor_put_key(body, "status");
  icws_cbor_put_text(body, icws_bytes_text("replied"));
  icws_cbor_put_key(body, "reply");
  icws_cbor_put_map(body, 1);
  icws_cbor_put_key(body, "arg");
  icws_cbor_put_bytes(body, envelope->arg);
  icws_cbor_put_key(body, "signatures");
  icws_cbor_put_array(body, signatures);
}

static void sign_now(struct scripted_replica *replica, const struct icws_envelope *envelope,
                     struct icws_buf *body)
{
  put_reply(envelope, 1, body);
  put_signature(replica, envelope, 0, body);
}

static void sign_nothing(struct scripted_replica *replica, const struct icws_envelope *envelope,
                         struct icws_buf *body)
{
  (void)replica;
  put_reply(envelope, 0, body);
}

static void sign_twice(struct scripted_replica *replica, const struct icws_envelope *envelope,
                       struct icws_buf *body)
{
  put_reply(envelope, 2, body);
  put_signature(replica, envelope, 0, body);
  put_signature(replica, envelope, 0, body);
}

static void sign_early(struct scripted_replica *replica, const struct icws_envelope *envelope,
                       struct icws_buf *body)
{
  put_reply(envelope, 1, body);
  put_signature(replica, envelope, -6 * MINUTE_NS, body);
}

static void sign_late(struct scripted_replica *replica, const struct icws_envelope *envelope,
                      struct icws_buf *body)
{
  put_reply(envelope, 1, body);
  put_signature(replica, envelope, 6 * MINUTE_NS, body);
}

static void sign_another(struct scripted_replica *replica, const struct icws_envelope *envelope,
                         struct icws_buf *body)
{
  struct icws_envelope other = *envelope;
  other.request_id[0] ^= 1;
  put_reply(envelope, 1, body);
  put_signature(replica, &other, 0, body);
}

/* A reply that is signed, sent as a reject that is not. */
static void swap_the_status(struct scripted_replica *replica, const struct icws_envelope *envelope,
                            struct icws_buf *body)
{
  icws_cbor_put_map(body, 4);
  icws_cbor_put_key(body, "status");
  icws_cbor_put_text(body, icws_bytes_text("rejected"));
  icws_cbor_put_key(body, "reject_code");
  icws_cbor_put_uint(body, 4);
  icws_cbor_put_key(body, "reject_message");
  icws_cbor_put_text(body, icws_bytes_text("no"));
  icws_cbor_put_key(body, "signatures");
  icws_cbor_put_array(body, 1);
  put_signature(replica, envelope, 0, body);
}

static void test_queries(void **state)
{
  static struct agent_lie lies[] = {
      {sign_now, ICWS_OK, NULL},
      {sign_nothing, ICWS_ERR_QUERY_SIGNATURE, "there is none"},
      {sign_twice, ICWS_ERR_QUERY_SIGNATURE, "more than the subnet has nodes"},
      {sign_early, ICWS_ERR_QUERY_SIGNATURE, "5 minutes off"},
      {sign_late, ICWS_ERR_QUERY_SIGNATURE, "5 minutes off"},
      {sign_another, ICWS_ERR_QUERY_SIGNATURE, "does not verify"},
      {swap_the_status, ICWS_ERR_QUERY_SIGNATURE, "does not verify"},
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof lies / sizeof lies[0]; i++) {
    struct agent_fixture fixture;
    agent_lie_start(&fixture, &lies[i]);
    agent_fixture_query(&fixture, "greet", "hello");
    agent_lie_expect(&fixture, &lies[i], "hello");
    agent_fixture_stop(&fixture);
  }
}

/* --- The state -------------------------------------------------------------------------------- */

/* Certifies the state of a neighbour, in which nothing of the canister is shown. */
static void show_a_neighbour(struct scripted_replica *replica,
                             const struct scripted_http_request *request,
                             struct scripted_http_answer *answer)
{
  struct icws_principal canister = replica->canister;
  (void)request;
  replica->canister.bytes[7]++;
  scripted_replica_answer(replica, request, answer);
  replica->canister = canister;
}

/* Shows only a hash of what the canister has. */
static void show_a_hash(struct scripted_replica *replica,
                        const struct scripted_http_request *request,
                        struct scripted_http_answer *answer)
{
  static const uint8_t hash[ICWS_SHA256_BYTES] = {1};
  struct icws_buf certificate;
  struct icws_buf tree;
  (void)request;
  icws_buf_init(&certificate, 0, NULL);
  icws_buf_init(&tree, 0, NULL);
  maker_put_fork(&tree);
  maker_put_label(&tree, icws_bytes_text("canister"));
  icws_cbor_put_array(&tree, 2);
  icws_cbor_put_uint(&tree, ICWS_HASHTREE_PRUNED);
  icws_cbor_put_bytes(&tree, icws_bytes_of(hash, sizeof hash));
  maker_put_time(&tree, scripted_replica_now_ns(replica));
  scripted_certify(replica, &tree, &certificate);
  scripted_put_read_state_answer(&answer->body, icws_buf_bytes(&certificate));
  icws_buf_wipe(&certificate);
}

static void read_metadata(struct agent_fixture *fixture, scripted_replica_fn *script)
{
  memset(fixture, 0, sizeof *fixture);
  fixture->replica.script = script;
  agent_fixture_start(fixture);
  assert_int_equal(icws_agent_metadata(fixture->agent, &fixture->replica.canister, "candid:service",
                                       fixture_answered, fixture, NULL),
                   ICWS_OK);
  agent_fixture_run(fixture);
}

/* That there is nothing is proven; that it is not shown proves nothing. */
static void test_metadata(void **state)
{
  struct agent_fixture fixture;
  (void)state;
  read_metadata(&fixture, scripted_replica_answer);
  agent_fixture_expect_reply(&fixture, "service : {}");
  agent_fixture_stop(&fixture);
  read_metadata(&fixture, show_a_neighbour);
  agent_fixture_expect_failure(&fixture, ICWS_ERR_ABSENT);
  agent_fixture_stop(&fixture);
  read_metadata(&fixture, show_a_hash);
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CERTIFICATE);
  agent_fixture_expect_text(&fixture, "does not show");
  agent_fixture_stop(&fixture);
}

static void ask_subnet(struct agent_fixture *fixture, const struct icws_principal *subnet)
{
  const struct icws_bytes label = icws_bytes_text("time");
  const struct icws_agent_path path = {&label, 1};
  assert_int_equal(icws_agent_read_subnet_state(fixture->agent, subnet, &path, 1, fixture_answered,
                                                fixture, NULL),
                   ICWS_OK);
  agent_fixture_run(fixture);
}

/* A subnet's state is certified by that subnet, not by any that the root key vouches for. */
static void test_subnet_state(void **state)
{
  struct agent_fixture fixture = {0};
  struct icws_principal other;
  (void)state;
  agent_fixture_start(&fixture);
  ask_subnet(&fixture, &fixture.replica.subnet);
  agent_fixture_expect_reply(&fixture, "");
  assert_true(fixture.has_certificate);
  assert_non_null(strstr(fixture.replica.log[0], "POST /api/v3/subnet/"));
  other = fixture.replica.subnet;
  other.bytes[0] ^= 1;
  ask_subnet(&fixture, &other);
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CERTIFICATE_RANGE);
  agent_fixture_expect_text(&fixture, "of another subnet");
  agent_fixture_stop(&fixture);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_queries),
      cmocka_unit_test(test_metadata),
      cmocka_unit_test(test_subnet_state),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
