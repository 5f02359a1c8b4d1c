/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/verifier.h>

#include <string.h>

#include "verifier_state.h"

static enum icws_error decode_tree(struct icws_verifier *verifier, struct icws_bytes encoding,
                                   struct icws_known_tree *known, struct icws_failure *failure)
{
  struct icws_failure cause;
  if (encoding.len > verifier->config.max_tree_bytes)
    return icws_fail(failure, ICWS_ERR_LIMIT, "tree of the message: %zu bytes, and %zu are allowed",
                     encoding.len, verifier->config.max_tree_bytes);
  icws_buf_clear(&known->encoding);
  icws_buf_put(&known->encoding, encoding.data, encoding.len);
  enum icws_error error = icws_buf_error(&known->encoding);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "tree of the message: out of memory");
  if (icws_hashtree_decode(&known->tree, icws_buf_bytes(&known->encoding),
                           verifier->config.max_tree_nodes, &cause) != ICWS_OK ||
      icws_hashtree_well_formed(&known->tree, &cause) != ICWS_OK)
    return icws_fail_as(failure, ICWS_ERR_CERTIFIED_DATA, "tree of the message", &cause);
  icws_hashtree_digest(&known->tree, known->digest);
  return ICWS_OK;
}

/* Check 2: the canister certified the root hash of this tree. */
static enum icws_error check_digest(const struct icws_certificate *certificate,
                                    const struct icws_principal *canister,
                                    const struct icws_known_tree *known,
                                    struct icws_failure *failure)
{
  struct icws_bytes path[] = {icws_bytes_text("canister"), icws_principal_bytes(canister),
                              icws_bytes_text("certified_data")};
  struct icws_bytes data;
  if (icws_hashtree_lookup(certificate->tree, path, 3, &data) != ICWS_LOOKUP_FOUND)
    return icws_fail(failure, ICWS_ERR_CERTIFIED_DATA,
                     "certificate: it shows no certified_data of this canister");
  if (!icws_bytes_equal(data, icws_bytes_of(known->digest, sizeof known->digest)))
    return icws_fail(failure, ICWS_ERR_CERTIFIED_DATA,
                     "tree of the message: its root hash is not the canister's certified_data");
  return ICWS_OK;
}

/* Check 3: the tree holds the digest of this content under this key. */
static enum icws_error check_content(const struct icws_known_tree *known, struct icws_bytes key,
                                     struct icws_bytes content, struct icws_failure *failure)
{
  struct icws_bytes path[] = {icws_bytes_text("websocket"), key};
  struct icws_bytes value;
  uint8_t digest[ICWS_SHA256_BYTES];
  if (icws_hashtree_lookup(&known->tree, path, 2, &value) != ICWS_LOOKUP_FOUND)
    return icws_fail(failure, ICWS_ERR_CONTENT,
                     "tree of the message: it holds nothing under the message's key");
  icws_sha256(&content, 1, digest);
  if (!icws_bytes_equal(value, icws_bytes_of(digest, sizeof digest)))
    return icws_fail(failure, ICWS_ERR_CONTENT,
                     "content of the message: its SHA-256 is not the one in the tree");
  return ICWS_OK;
}

static size_t find_tree(const struct icws_verifier *verifier, struct icws_bytes encoding)
{
  size_t slot;
  for (slot = 0; slot < ICWS_RECENCY_SLOTS; slot++) {
    if (icws_recency_holds(&verifier->tree_recency, slot) &&
        icws_bytes_equal(icws_buf_bytes(&verifier->trees[slot].encoding), encoding))
      break;
  }
  return slot;
}

/* Gives the tree with these bytes, certified by |certificate|.  A tree and its digest do not depend
 * on the certificate: what is known of the one holds under every other. */
static enum icws_error find_certified_tree(struct icws_verifier *verifier,
                                           const struct icws_principal *canister,
                                           const struct icws_certificate *certificate,
                                           struct icws_bytes encoding,
                                           const struct icws_known_tree **known, bool *was_known,
                                           struct icws_failure *failure)
{
  size_t slot = find_tree(verifier, encoding);
  *was_known = slot < ICWS_RECENCY_SLOTS;
  if (!*was_known) {
    slot = icws_recency_evict(&verifier->tree_recency);
    enum icws_error error = decode_tree(verifier, encoding, &verifier->trees[slot], failure);
    if (error != ICWS_OK)
      return error;
  }
  enum icws_error error = check_digest(certificate, canister, &verifier->trees[slot], failure);
  if (error != ICWS_OK)
    return error;
  icws_recency_use(&verifier->tree_recency, slot);
  *known = &verifier->trees[slot];
  return ICWS_OK;
}

enum icws_error icws_verifier_certified(struct icws_verifier *verifier,
                                        const struct icws_principal *canister,
                                        const struct icws_certified *certified,
                                        const struct icws_certificate **certificate,
                                        struct icws_failure *failure)
{
  struct icws_scope scope = {.type = ICWS_SCOPE_CANISTER, .id = *canister};
  const struct icws_certificate *found;
  const struct icws_known_tree *known;
  bool certificate_was_known;
  bool tree_was_known;
  enum icws_error error = icws_verifier_find_certificate(verifier, &scope, certified->cert, &found,
                                                         &certificate_was_known, failure);
  if (error != ICWS_OK)
    return error;
  error = find_certified_tree(verifier, canister, found, certified->tree, &known, &tree_was_known,
                              failure);
  if (error != ICWS_OK)
    return error;
  if (certificate_was_known && tree_was_known)
    verifier->stats.pair_hits++;
  else
    verifier->stats.pair_misses++;
  error = check_content(known, certified->key, certified->content, failure);
  if (error != ICWS_OK)
    return error;
  *certificate = found;
  return ICWS_OK;
}
