/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "devnet/replica_state.h"

static void put_text(struct icws_state_tree *tree, struct icws_bytes id, const char *label,
                     struct icws_bytes value)
{
  const struct icws_bytes labels[] = {icws_bytes_text("canister"), id, icws_bytes_text(label)};
  icws_state_tree_put(tree, (struct icws_state_path){labels, 3}, value);
}

/* There is no Wasm module, so the module's hash is that of the interface; and nobody can replace
 * the code: the list of controllers, in CBOR, is empty. */
static void put_canister(struct icws_state_tree *tree, const struct icws_replica_canister *canister)
{
  static const uint8_t nobody[] = {0xd9, 0xd9, 0xf7, 0x80};
  struct icws_bytes id = icws_principal_bytes(&canister->id);
  const struct icws_bytes interface = icws_bytes_text(canister->canister.interface);
  const struct icws_bytes metadata[] = {icws_bytes_text("canister"), id,
                                        icws_bytes_text("metadata"),
                                        icws_bytes_text("candid:service")};
  put_text(tree, id, "certified_data",
           icws_bytes_of(canister->certified_data, canister->certified_data_len));
  put_text(tree, id, "controllers", icws_bytes_of(nobody, sizeof nobody));
  put_text(tree, id, "module_hash", icws_bytes_of(canister->module_hash, ICWS_SHA256_BYTES));
  icws_state_tree_put(tree, (struct icws_state_path){metadata, 4}, interface);
}

static void put_node(struct icws_state_tree *tree, const struct icws_replica *replica)
{
  struct icws_principal subnet = icws_certifier_subnet(replica->certifier);
  struct icws_signer node = icws_identity_signer(replica->node);
  const struct icws_bytes labels[] = {icws_bytes_text("subnet"), icws_principal_bytes(&subnet),
                                      icws_bytes_text("node"), icws_principal_bytes(&node.sender),
                                      icws_bytes_text("public_key")};
  icws_state_tree_put(tree, (struct icws_state_path){labels, 5}, node.public_key);
}

static enum icws_error fill_tree(struct icws_state_tree *tree, const struct icws_replica *replica)
{
  const struct icws_bytes time = icws_bytes_text("time");
  struct icws_state_branch statuses = icws_ingress_log_branch(replica->log);
  icws_state_tree_put_nat(tree, (struct icws_state_path){&time, 1}, replica->time_ns);
  icws_state_tree_hang(tree, icws_bytes_text("request_status"), &statuses);
  icws_certifier_put_subnet(replica->certifier, tree);
  put_node(tree, replica);
  for (size_t i = 0; i < replica->canister_count; i++) {
    if (replica->canisters[i].installed) {
      put_canister(tree, &replica->canisters[i]);
    }
  }
  return icws_state_tree_seal(tree);
}

/* A certificate that is older than the canisters' state would not match what they answer. */
void icws_replica_forget_state(struct icws_replica *replica)
{
  icws_state_tree_del(replica->tree);
  replica->tree = NULL;
  for (size_t i = 0; i < replica->canister_count; i++) {
    icws_buf_clear(&replica->canisters[i].certificates[ICWS_RANGES_FLAT]);
    icws_buf_clear(&replica->canisters[i].certificates[ICWS_RANGES_SHARDED]);
  }
}

enum icws_error icws_replica_certify(struct icws_replica *replica)
{
  icws_replica_forget_state(replica);
  struct icws_state_tree *tree = icws_state_tree_new();
  if (tree == NULL) {
    return ICWS_ERR_NOMEM;
  }
  enum icws_error error = fill_tree(tree, replica);
  if (error != ICWS_OK) {
    icws_state_tree_del(tree);
    return error;
  }
  replica->tree = tree;
  replica->height++;
  icws_certifier_sign(replica->certifier, tree, replica->signature);
  return ICWS_OK;
}

enum icws_error icws_replica_certificate(struct icws_replica *replica,
                                         const struct icws_state_path *paths, size_t count,
                                         enum icws_ranges_form form, struct icws_buf *out)
{
  if (replica->tree == NULL) {
    return ICWS_ERR_INVALID_STATE;
  }
  if (count > ICWS_REPLICA_MAX_PATHS) {
    return ICWS_ERR_LIMIT;
  }
  const struct icws_bytes time = icws_bytes_text("time");
  struct icws_state_path *all = malloc((count + 1) * sizeof *all);
  if (all == NULL) {
    return ICWS_ERR_NOMEM;
  }
  all[0] = (struct icws_state_path){&time, 1};
  if (count > 0) {
    memcpy(all + 1, paths, count * sizeof *paths);
  }
  icws_certifier_put(replica->certifier, replica->tree, replica->signature, all, count + 1, form,
                     out);
  free(all);
  return icws_buf_error(out);
}
