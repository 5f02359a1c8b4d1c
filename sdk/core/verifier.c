/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/verifier.h>

#include <inttypes.h>
#include <string.h>

#include "verifier_state.h"

#define DEFAULT_CERTIFICATE_BYTES ((size_t)256 * 1024)
#define DEFAULT_TREE_BYTES ((size_t)1024 * 1024)
#define DEFAULT_TREE_NODES 65536

#define NS_PER_S UINT64_C(1000000000)

static const uint8_t mainnet_key[ICWS_ROOT_KEY_DER_BYTES] = {
    0x30, 0x81, 0x82, 0x30, 0x1d, 0x06, 0x0d, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0xdc, 0x7c,
    0x05, 0x03, 0x01, 0x02, 0x01, 0x06, 0x0c, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0xdc, 0x7c,
    0x05, 0x03, 0x02, 0x01, 0x03, 0x61, 0x00, 0x81, 0x4c, 0x0e, 0x6e, 0xc7, 0x1f, 0xab, 0x58,
    0x3b, 0x08, 0xbd, 0x81, 0x37, 0x3c, 0x25, 0x5c, 0x3c, 0x37, 0x1b, 0x2e, 0x84, 0x86, 0x3c,
    0x98, 0xa4, 0xf1, 0xe0, 0x8b, 0x74, 0x23, 0x5d, 0x14, 0xfb, 0x5d, 0x9c, 0x0c, 0xd5, 0x46,
    0xd9, 0x68, 0x5f, 0x91, 0x3a, 0x0c, 0x0b, 0x2c, 0xc5, 0x34, 0x15, 0x83, 0xbf, 0x4b, 0x43,
    0x92, 0xe4, 0x67, 0xdb, 0x96, 0xd6, 0x5b, 0x9b, 0xb4, 0xcb, 0x71, 0x71, 0x12, 0xf8, 0x47,
    0x2e, 0x0d, 0x5a, 0x4d, 0x14, 0x50, 0x5f, 0xfd, 0x74, 0x84, 0xb0, 0x12, 0x91, 0x09, 0x1c,
    0x5f, 0x87, 0xb9, 0x88, 0x83, 0x46, 0x3f, 0x98, 0x09, 0x1a, 0x0b, 0xaa, 0xae,
};

struct icws_bytes icws_root_key_mainnet(void)
{
  return icws_bytes_of(mainnet_key, sizeof mainnet_key);
}

static void set_defaults(struct icws_verifier_config *config)
{
  if (config->root_key.len == 0)
    config->root_key = icws_root_key_mainnet();
  if (config->max_age_ns == 0)
    config->max_age_ns = ICWS_CERTIFICATE_MAX_AGE_NS;
  if (config->max_certificate_bytes == 0)
    config->max_certificate_bytes = DEFAULT_CERTIFICATE_BYTES;
  if (config->max_tree_bytes == 0)
    config->max_tree_bytes = DEFAULT_TREE_BYTES;
  if (config->max_tree_nodes == 0)
    config->max_tree_nodes = DEFAULT_TREE_NODES;
  if (config->mem == NULL)
    config->mem = icws_mem_default();
}

static void init_slots(struct icws_verifier *verifier)
{
  const struct icws_mem *mem = verifier->config.mem;
  for (size_t i = 0; i < ICWS_RECENCY_SLOTS; i++) {
    icws_buf_init(&verifier->certificates[i].encoding, 0, mem);
    icws_parsed_certificate_init(&verifier->certificates[i].parsed, mem);
    icws_buf_init(&verifier->trees[i].encoding, 0, mem);
    icws_hashtree_init(&verifier->trees[i].tree, mem);
    icws_subnet_delegation_init(&verifier->delegations[i], mem);
  }
}

enum icws_error icws_verifier_new(const struct icws_verifier_config *config,
                                  struct icws_verifier **verifier, struct icws_failure *failure)
{
  struct icws_verifier_config complete = {.max_age_ns = 0};
  if (config != NULL)
    complete = *config;
  set_defaults(&complete);
  const struct icws_mem *mem = complete.mem;
  struct icws_verifier *made = mem->reallocate(NULL, sizeof *made, mem->user_data);
  if (made == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "verifier: out of memory");
  memset(made, 0, sizeof *made);
  if (!icws_bls_key_init(&made->root_key, complete.root_key)) {
    mem->release(made, mem->user_data);
    return icws_fail(failure, ICWS_ERR_ROOT_KEY,
                     "the root key is not a DER-encoded BLS12-381 public key of %d bytes",
                     ICWS_ROOT_KEY_DER_BYTES);
  }
  icws_principal_self_authenticating(&made->root_subnet, complete.root_key);
  complete.root_key = (struct icws_bytes){.data = NULL, .len = 0}; /* the caller's, and used up */
  made->config = complete;
  icws_bls_engine_init(&made->engine);
  init_slots(made);
  *verifier = made;
  return ICWS_OK;
}

void icws_verifier_del(struct icws_verifier *verifier)
{
  if (verifier == NULL)
    return;
  const struct icws_mem *mem = verifier->config.mem;
  for (size_t i = 0; i < ICWS_RECENCY_SLOTS; i++) {
    icws_parsed_certificate_wipe(&verifier->certificates[i].parsed);
    icws_buf_wipe(&verifier->certificates[i].encoding);
    icws_hashtree_wipe(&verifier->trees[i].tree);
    icws_buf_wipe(&verifier->trees[i].encoding);
    icws_subnet_delegation_wipe(&verifier->delegations[i]);
  }
  mem->release(verifier, mem->user_data);
}

enum icws_error icws_verifier_age(const struct icws_verifier *verifier, uint64_t time_ns,
                                  uint64_t now_ns, struct icws_failure *failure)
{
  uint64_t allowed = verifier->config.max_age_ns;
  if (now_ns > time_ns && now_ns - time_ns > allowed)
    return icws_fail(failure, ICWS_ERR_CERTIFICATE_STALE,
                     "certificate: it is %" PRIu64 " s old, and %" PRIu64
                     " s are allowed: is the clock of this machine right?",
                     (now_ns - time_ns) / NS_PER_S, allowed / NS_PER_S);
  if (time_ns > now_ns && time_ns - now_ns > allowed)
    return icws_fail(failure, ICWS_ERR_CERTIFICATE_FUTURE,
                     "certificate: its time is %" PRIu64 " s ahead, and %" PRIu64
                     " s are allowed: is the clock of this machine right?",
                     (time_ns - now_ns) / NS_PER_S, allowed / NS_PER_S);
  return ICWS_OK;
}

struct icws_verifier_stats icws_verifier_stats(const struct icws_verifier *verifier)
{
  struct icws_verifier_stats stats = verifier->stats;
  stats.signatures = verifier->engine.verified;
  return stats;
}
