/* SPDX-License-Identifier: Apache-2.0 */
#include "ranges.h"

#include <icws/cbor.h>

/* Reads one [first, last] and tells whether |canister| is within, both ends included. */
static enum icws_error read_range(struct icws_cbor_reader *reader, struct icws_bytes canister,
                                  bool *is_within)
{
  struct icws_bytes first;
  struct icws_bytes last;
  uint64_t count;
  enum icws_error error = icws_cbor_read_array(reader, &count);
  if (error != ICWS_OK)
    return error;
  if (count != 2)
    return ICWS_ERR_CBOR;
  if ((error = icws_cbor_read_bytes(reader, &first)) != ICWS_OK ||
      (error = icws_cbor_read_bytes(reader, &last)) != ICWS_OK)
    return error;
  *is_within = icws_bytes_compare(first, canister) <= 0 && icws_bytes_compare(canister, last) <= 0;
  return ICWS_OK;
}

/* The whole list is read, also behind a range that matches: a malformed list decides nothing. */
static enum icws_error search(struct icws_bytes list, struct icws_bytes canister, bool *found)
{
  struct icws_cbor_reader reader;
  uint64_t count;
  icws_cbor_reader_init(&reader, list);
  *found = false;
  enum icws_error error = icws_cbor_read_array(&reader, &count);
  for (uint64_t i = 0; error == ICWS_OK && i < count; i++) {
    bool is_within = false;
    error = read_range(&reader, canister, &is_within);
    *found = *found || is_within;
  }
  return error == ICWS_OK ? icws_cbor_finish(&reader) : error;
}

/* Finds the shard at or below |canister|.  Labels increase, as the tree is well formed. */
static bool find_shard(const struct icws_hashtree *tree, size_t shards, struct icws_bytes canister,
                       struct icws_bytes *list)
{
  const struct icws_hashtree_node *shard = NULL;
  struct icws_bytes label;
  size_t cursor = 0;
  size_t child;
  while (icws_hashtree_next_label(tree, shards, &cursor, &label, &child) &&
         icws_bytes_compare(label, canister) <= 0)
    shard = &tree->nodes[child];
  if (shard == NULL || shard->type != ICWS_HASHTREE_LEAF)
    return false;
  *list = shard->bytes;
  return true;
}

static bool find_list(const struct icws_hashtree *tree, struct icws_bytes subnet,
                      struct icws_bytes canister, struct icws_bytes *list)
{
  struct icws_bytes sharded[] = {icws_bytes_text("canister_ranges"), subnet};
  struct icws_bytes flat[] = {icws_bytes_text("subnet"), subnet,
                              icws_bytes_text("canister_ranges")};
  size_t shards;
  if (icws_hashtree_lookup_subtree(tree, sharded, 2, &shards) == ICWS_LOOKUP_FOUND)
    return find_shard(tree, shards, canister, list);
  return icws_hashtree_lookup(tree, flat, 3, list) == ICWS_LOOKUP_FOUND;
}

enum icws_error icws_ranges_check(const struct icws_hashtree *tree,
                                  const struct icws_principal *subnet,
                                  const struct icws_principal *canister,
                                  struct icws_failure *failure)
{
  struct icws_bytes id = icws_principal_bytes(canister);
  struct icws_bytes list;
  bool found;
  if (!find_list(tree, icws_principal_bytes(subnet), id, &list))
    return icws_fail(failure, ICWS_ERR_CERTIFICATE_RANGE,
                     "delegation: it shows no canister ranges that could hold this canister; "
                     "is its id of another network?");
  if (search(list, id, &found) != ICWS_OK)
    return icws_fail(failure, ICWS_ERR_CERTIFICATE_DELEGATION,
                     "delegation: its canister ranges are malformed");
  if (!found)
    return icws_fail(failure, ICWS_ERR_CERTIFICATE_RANGE,
                     "delegation: the canister is in none of the subnet's ranges; "
                     "is its id of another network?");
  return ICWS_OK;
}
