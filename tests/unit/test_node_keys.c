/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/node_keys.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <icws/cbor.h>

#include "certificate_maker.h"
#include "mem_probe.h"

#define TIME_NS UINT64_C(1700000000000000000)

/* What a certificate shows of a subnet. */
struct shown {
  const struct icws_principal *subnet;
  const struct icws_principal *range; /* its only canister; NULL: no ranges */
  unsigned nodes;
  size_t key_bytes;  /* of each, 44 if it is right */
  uint8_t key_start; /* 0x30 if it is right */
};

static struct icws_principal canister_of(uint8_t number)
{
  struct icws_principal principal = {.len = 10, .bytes = {0, 0, 0, 0, 0, 0, 0, number, 1, 1}};
  return principal;
}

static struct icws_principal node_of(unsigned number)
{
  struct icws_principal principal = {.len = 2, .bytes = {(uint8_t)(number >> 8), (uint8_t)number}};
  return principal;
}

static void put_node(struct icws_buf *tree, const struct shown *shown, unsigned number)
{
  uint8_t key[ICWS_ED25519_DER_BYTES + 1] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                             0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
  struct icws_principal node = node_of(number);
  key[0] = shown->key_start;
  key[12] = (uint8_t)number;
  maker_put_label(tree, icws_principal_bytes(&node));
  maker_put_label(tree, icws_bytes_text("public_key"));
  maker_put_leaf(tree, icws_bytes_of(key, shown->key_bytes));
}

/* A balanced tree: a list of forks would be too deep. */
static void put_nodes(struct icws_buf *tree, const struct shown *shown, unsigned first,
                      unsigned count)
{
  if (count == 1) {
    put_node(tree, shown, first);
    return;
  }
  maker_put_fork(tree);
  put_nodes(tree, shown, first, count / 2);
  put_nodes(tree, shown, first + count / 2, count - count / 2);
}

static void put_range(struct icws_buf *tree, const struct icws_principal *canister)
{
  struct icws_buf list;
  icws_buf_init(&list, 0, NULL);
  icws_cbor_put_array(&list, 1);
  icws_cbor_put_array(&list, 2);
  icws_cbor_put_bytes(&list, icws_principal_bytes(canister));
  icws_cbor_put_bytes(&list, icws_principal_bytes(canister));
  maker_put_label(tree, icws_bytes_text("canister_ranges"));
  maker_put_leaf(tree, icws_buf_bytes(&list));
  icws_buf_wipe(&list);
}

static void put_state(struct icws_buf *tree, const struct shown *shown)
{
  maker_put_fork(tree);
  maker_put_label(tree, icws_bytes_text("subnet"));
  maker_put_label(tree, icws_principal_bytes(shown->subnet));
  if (shown->range != NULL) {
    maker_put_fork(tree);
    put_range(tree, shown->range);
  }
  maker_put_label(tree, icws_bytes_text("node"));
  if (shown->nodes > 0)
    put_nodes(tree, shown, 0, shown->nodes);
  else
    icws_buf_put(tree, "\x81\x00", 2);
  maker_put_time(tree, TIME_NS);
}

struct fixture {
  struct maker_key root;
  struct maker_key key; /* of another subnet */
  struct icws_principal root_subnet;
  struct icws_principal subnet;
  struct icws_principal canister;
  struct icws_principal other;
  struct icws_verifier *verifier;
};

static void set_up(struct fixture *fixture)
{
  struct icws_verifier_config config = {0};
  maker_key_init(&fixture->root, "root");
  maker_key_init(&fixture->key, "subnet");
  icws_principal_self_authenticating(&fixture->root_subnet, maker_key_der(&fixture->root));
  icws_principal_self_authenticating(&fixture->subnet, maker_key_der(&fixture->key));
  fixture->canister = canister_of(1);
  fixture->other = canister_of(2);
  config.root_key = maker_key_der(&fixture->root);
  assert_int_equal(icws_verifier_new(&config, &fixture->verifier, NULL), ICWS_OK);
}

/* Signs what is shown, by the root or, |delegated|, by the other subnet, and reads it for
 * |canister|. */
static enum icws_error read_shown(struct fixture *fixture, const struct shown *shown,
                                  bool delegated, struct icws_node_keys *keys)
{
  const struct icws_certificate *certificate;
  struct icws_failure failure;
  struct icws_buf delegation;
  struct icws_buf encoding;
  struct icws_buf tree;
  enum icws_error error;
  icws_buf_init(&delegation, 0, NULL);
  icws_buf_init(&encoding, 0, NULL);
  icws_buf_init(&tree, 0, NULL);
  if (delegated) {
    maker_put_subnet_state(&tree, &fixture->subnet, &fixture->key, &fixture->canister, TIME_NS);
    maker_put_certificate(&delegation, icws_buf_bytes(&tree), &fixture->root, NULL,
                          icws_bytes_of(NULL, 0));
    icws_buf_clear(&tree);
  }
  put_state(&tree, shown);
  maker_put_certificate(&encoding, icws_buf_bytes(&tree),
                        delegated ? &fixture->key : &fixture->root, &fixture->subnet,
                        icws_buf_bytes(&delegation));
  if (icws_verifier_certificate(fixture->verifier, &fixture->canister, icws_buf_bytes(&encoding),
                                &certificate, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  error = icws_node_keys_read(keys, certificate, &fixture->canister, NULL);
  icws_buf_wipe(&delegation);
  icws_buf_wipe(&encoding);
  icws_buf_wipe(&tree);
  return error;
}

static void reads(void **state)
{
  struct fixture fixture;
  struct icws_node_keys keys;
  struct icws_principal node = node_of(1);
  struct icws_bytes key;
  (void)state;
  set_up(&fixture);
  const struct shown of_root = {&fixture.root_subnet, &fixture.canister, 3, 44, 0x30};
  const struct shown of_subnet = {&fixture.subnet, NULL, 2, 44, 0x30};
  icws_node_keys_init(&keys, NULL);
  assert_int_equal(read_shown(&fixture, &of_root, false, &keys), ICWS_OK);
  assert_int_equal(keys.count, 3);
  key = icws_node_keys_find(&keys, &node);
  assert_int_equal(key.len, ICWS_ED25519_DER_BYTES);
  assert_int_equal(key.data[12], 1);
  node = node_of(3);
  assert_int_equal(icws_node_keys_find(&keys, &node).len, 0);
  assert_int_equal(read_shown(&fixture, &of_subnet, true, &keys), ICWS_OK);
  assert_int_equal(keys.count, 2);
  icws_node_keys_wipe(&keys);
  assert_int_equal(keys.count, 0);
  icws_verifier_del(fixture.verifier);
}

static void refuses(void **state)
{
  struct fixture fixture;
  struct icws_node_keys keys;
  size_t i;
  (void)state;
  set_up(&fixture);
  const struct {
    const char *what;
    bool delegated;
    struct shown shown;
    enum icws_error error;
  } cases[] = {
      {"root without ranges",
       false,
       {&fixture.root_subnet, NULL, 1, 44, 0x30},
       ICWS_ERR_CERTIFICATE_RANGE},
      {"another canister's ranges",
       false,
       {&fixture.root_subnet, &fixture.other, 1, 44, 0x30},
       ICWS_ERR_CERTIFICATE_RANGE},
      {"no nodes", true, {&fixture.subnet, NULL, 0, 44, 0x30}, ICWS_ERR_CERTIFICATE},
      {"another subnet's nodes",
       true,
       {&fixture.root_subnet, NULL, 1, 44, 0x30},
       ICWS_ERR_CERTIFICATE},
      {"short key", true, {&fixture.subnet, NULL, 1, 43, 0x30}, ICWS_ERR_CERTIFICATE},
      {"long key", true, {&fixture.subnet, NULL, 1, 45, 0x30}, ICWS_ERR_CERTIFICATE},
      {"key of another kind", true, {&fixture.subnet, NULL, 2, 44, 0x31}, ICWS_ERR_CERTIFICATE},
      {"too many", true, {&fixture.subnet, NULL, ICWS_NODE_KEYS_MAX + 1, 44, 0x30}, ICWS_ERR_LIMIT},
  };
  icws_node_keys_init(&keys, NULL);
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const struct shown good = {&fixture.subnet, NULL, 2, 44, 0x30};
    assert_int_equal(read_shown(&fixture, &good, true, &keys), ICWS_OK);
    if (read_shown(&fixture, &cases[i].shown, cases[i].delegated, &keys) != cases[i].error)
      fail_msg("%s", cases[i].what);
    assert_int_equal(keys.count, 0);
    assert_null(keys.keys);
  }
  icws_verifier_del(fixture.verifier);
}

static void without_memory(void **state)
{
  struct fixture fixture;
  struct icws_node_keys keys;
  struct mem_probe probe;
  (void)state;
  set_up(&fixture);
  const struct shown good = {&fixture.subnet, NULL, 2, 44, 0x30};
  mem_probe_init(&probe);
  probe.fail_from = 0;
  icws_node_keys_init(&keys, &probe.mem);
  assert_int_equal(read_shown(&fixture, &good, true, &keys), ICWS_ERR_NOMEM);
  assert_int_equal(keys.count, 0);
  assert_int_equal(probe.live, 0);
  icws_verifier_del(fixture.verifier);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads),
      cmocka_unit_test(refuses),
      cmocka_unit_test(without_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
