/* SPDX-License-Identifier: Apache-2.0 */

/* Outcomes of calls that verify and are false all the same: of another call, subnet or time. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <icws/cbor.h>

#include "agent_lie.h"

#define MINUTE_NS INT64_C(60000000000)

static void put_leaf(struct icws_buf *tree, const char *label, const char *value)
{
  maker_put_label(tree, icws_bytes_text(label));
  maker_put_leaf(tree, icws_bytes_text(value));
}

static void begin_tree(struct icws_buf *tree, const struct icws_envelope *envelope)
{
  icws_buf_init(tree, 0, NULL);
  maker_put_fork(tree);
  maker_put_label(tree, icws_bytes_text("request_status"));
  maker_put_label(tree, icws_bytes_of(envelope->request_id, ICWS_REQUEST_ID_BYTES));
}

/* Ends the tree, and puts the answer: signed by |key|, under |delegation|. */
static void put_answer(struct icws_buf *tree, uint64_t time_ns, const struct maker_key *key,
                       const struct icws_principal *subnet, struct icws_bytes delegation,
                       struct icws_buf *body)
{
  struct icws_buf certificate;
  icws_buf_init(&certificate, 0, NULL);
  maker_put_time(tree, time_ns);
  maker_put_certificate(&certificate, icws_buf_bytes(tree), key, subnet, delegation);
  scripted_put_call_answer(body, icws_buf_bytes(&certificate));
  icws_buf_wipe(&certificate);
  icws_buf_wipe(tree);
}

static void end_tree(struct scripted_replica *replica, struct icws_buf *tree, struct icws_buf *body)
{
  put_answer(tree, scripted_replica_now_ns(replica), &replica->root, &replica->subnet,
             icws_bytes_of(NULL, 0), body);
}

static void put_replied_at(struct scripted_replica *replica, const struct icws_envelope *envelope,
                           int64_t ahead_ns, struct icws_buf *body)
{
  struct icws_buf certificate;
  icws_buf_init(&certificate, 0, NULL);
  scripted_put_call_certificate(replica, envelope->request_id, SCRIPTED_REPLIED, envelope->arg,
                                scripted_replica_now_ns(replica) + (uint64_t)ahead_ns,
                                &certificate);
  scripted_put_call_answer(body, icws_buf_bytes(&certificate));
  icws_buf_wipe(&certificate);
}

static void tell_the_truth(struct scripted_replica *replica, const struct icws_envelope *envelope,
                           struct icws_buf *body)
{
  put_replied_at(replica, envelope, 0, body);
}

static void tell_the_past(struct scripted_replica *replica, const struct icws_envelope *envelope,
                          struct icws_buf *body)
{
  put_replied_at(replica, envelope, -6 * MINUTE_NS, body);
}

static void tell_of_no_reply(struct scripted_replica *replica, const struct icws_envelope *envelope,
                             struct icws_buf *body)
{
  struct icws_buf tree;
  begin_tree(&tree, envelope);
  put_leaf(&tree, "status", "replied");
  end_tree(replica, &tree, body);
}

static void tell_of_no_code(struct scripted_replica *replica, const struct icws_envelope *envelope,
                            struct icws_buf *body)
{
  struct icws_buf tree;
  begin_tree(&tree, envelope);
  maker_put_fork(&tree);
  put_leaf(&tree, "reject_message", "no");
  put_leaf(&tree, "status", "rejected");
  end_tree(replica, &tree, body);
}

static void tell_of_a_strange_code(struct scripted_replica *replica,
                                   const struct icws_envelope *envelope, struct icws_buf *body)
{
  struct icws_buf tree;
  begin_tree(&tree, envelope);
  maker_put_fork(&tree);
  put_leaf(&tree, "reject_code", "\x09");
  maker_put_fork(&tree);
  put_leaf(&tree, "reject_message", "no");
  put_leaf(&tree, "status", "rejected");
  end_tree(replica, &tree, body);
}

static void tell_of_a_strange_status(struct scripted_replica *replica,
                                     const struct icws_envelope *envelope, struct icws_buf *body)
{
  struct icws_buf tree;
  begin_tree(&tree, envelope);
  put_leaf(&tree, "status", "finished");
  end_tree(replica, &tree, body);
}

/* The outcome is there, by the key of a subnet that is delegated |canister| alone; |signer| is who
 * says so. */
static void tell_as_subnet(struct scripted_replica *replica, const struct icws_envelope *envelope,
                           const struct icws_principal *canister, const struct maker_key *signer,
                           struct icws_buf *body)
{
  struct maker_key key;
  struct icws_principal subnet;
  struct icws_buf delegation;
  struct icws_buf state;
  struct icws_buf tree;
  uint64_t now = scripted_replica_now_ns(replica);
  icws_buf_init(&delegation, 0, NULL);
  icws_buf_init(&state, 0, NULL);
  maker_key_init(&key, "another subnet");
  icws_principal_self_authenticating(&subnet, maker_key_der(&key));
  if (signer != NULL) {
    maker_put_subnet_state(&state, &subnet, &key, canister, now);
    maker_put_certificate(&delegation, icws_buf_bytes(&state), signer, &replica->subnet,
                          icws_bytes_of(NULL, 0));
  }
  begin_tree(&tree, envelope);
  maker_put_fork(&tree);
  put_leaf(&tree, "reply", "by the subnet");
  put_leaf(&tree, "status", "replied");
  put_answer(&tree, now, &key, &subnet, icws_buf_bytes(&delegation), body);
  icws_buf_wipe(&delegation);
  icws_buf_wipe(&state);
}

static void tell_as_its_subnet(struct scripted_replica *replica,
                               const struct icws_envelope *envelope, struct icws_buf *body)
{
  tell_as_subnet(replica, envelope, &replica->canister, &replica->root, body);
}

static void tell_as_another_subnet(struct scripted_replica *replica,
                                   const struct icws_envelope *envelope, struct icws_buf *body)
{
  struct icws_principal neighbour = replica->canister;
  neighbour.bytes[7]++;
  tell_as_subnet(replica, envelope, &neighbour, &replica->root, body);
}

static void tell_without_delegation(struct scripted_replica *replica,
                                    const struct icws_envelope *envelope, struct icws_buf *body)
{
  tell_as_subnet(replica, envelope, &replica->canister, NULL, body);
}

static void tell_as_self_made(struct scripted_replica *replica,
                              const struct icws_envelope *envelope, struct icws_buf *body)
{
  struct maker_key key;
  maker_key_init(&key, "another subnet");
  tell_as_subnet(replica, envelope, &replica->canister, &key, body);
}

static void test_calls(void **state)
{
  static struct agent_lie lies[] = {
      {tell_the_truth, ICWS_OK, NULL},
      {tell_the_past, ICWS_ERR_CERTIFICATE_STALE, ""},
      {tell_of_no_reply, ICWS_ERR_CERTIFICATE, "reply is missing"},
      {tell_of_no_code, ICWS_ERR_CERTIFICATE, "reject_code is missing"},
      {tell_of_a_strange_code, ICWS_ERR_CERTIFICATE, "reject_code is missing, or not"},
      {tell_of_a_strange_status, ICWS_ERR_CERTIFICATE, "not a status that exists"},
      {tell_as_another_subnet, ICWS_ERR_CERTIFICATE_RANGE, "canister"},
      {tell_without_delegation, ICWS_ERR_CERTIFICATE_SIGNATURE, "root key"},
      {tell_as_self_made, ICWS_ERR_CERTIFICATE_DELEGATION, "not signed by the root key"},
  };
  struct agent_lie by_subnet = {tell_as_its_subnet, ICWS_OK, NULL};
  struct agent_fixture fixture;
  size_t i;
  (void)state;
  for (i = 0; i < sizeof lies / sizeof lies[0]; i++) {
    agent_lie_start(&fixture, &lies[i]);
    agent_fixture_call(&fixture, "greet", "hello");
    agent_lie_expect(&fixture, &lies[i], "hello");
    assert_int_equal(fixture.may_be_processed, lies[i].error != ICWS_OK);
    agent_fixture_stop(&fixture);
  }
  agent_lie_start(&fixture, &by_subnet);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_lie_expect(&fixture, &by_subnet, "by the subnet");
  agent_fixture_stop(&fixture);
}

/* The certificate of another call says nothing of this one: its status is read. */
static void tell_of_another(struct scripted_replica *replica, const struct icws_envelope *envelope,
                            struct icws_buf *body)
{
  struct icws_envelope other = *envelope;
  other.request_id[0] ^= 1;
  put_replied_at(replica, &other, 0, body);
}

/* The status is behind a pruned node, and it is not said what it is. */
static void tell_nothing(struct scripted_replica *replica, const struct icws_envelope *envelope,
                         struct icws_buf *body)
{
  static const uint8_t hash[ICWS_SHA256_BYTES] = {1};
  struct icws_buf tree;
  begin_tree(&tree, envelope);
  icws_cbor_put_array(&tree, 2);
  icws_cbor_put_uint(&tree, ICWS_HASHTREE_PRUNED);
  icws_cbor_put_bytes(&tree, icws_bytes_of(hash, sizeof hash));
  end_tree(replica, &tree, body);
}

static void test_certificates_that_do_not_tell(void **state)
{
  static struct agent_lie lies[] = {{tell_of_another, ICWS_OK, NULL},
                                    {tell_nothing, ICWS_OK, NULL}};
  size_t i;
  (void)state;
  for (i = 0; i < sizeof lies / sizeof lies[0]; i++) {
    struct agent_fixture fixture;
    agent_lie_start(&fixture, &lies[i]);
    agent_fixture_call(&fixture, "greet", "hello");
    agent_fixture_expect_reply(&fixture, "polled");
    agent_fixture_stop(&fixture);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_calls),
      cmocka_unit_test(test_certificates_that_do_not_tell),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
