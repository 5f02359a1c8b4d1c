/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_LEAVES_H
#define ICWS_CLI_LEAVES_H

#include <stdbool.h>

#include <icws/bytes.h>
#include <icws/hashtree.h>

/* Gets a value that a tree shows, and where it is, as a path of labels with a slash before each.
 * Returns false to stop. */
typedef bool icws_leaf_fn(const char *path, struct icws_bytes value, void *user_data);

/* icws_leaves_walk calls |visit| for each value that |tree| shows, in order; labels are in words
 * (state_label.h).  icws_leaves_walk_below does so for the subtree at index |at|, whose path is
 * |path|. Each returns false if |visit| did, or memory lacks. */
bool icws_leaves_walk(const struct icws_hashtree *tree, icws_leaf_fn *visit, void *user_data);
bool icws_leaves_walk_below(const struct icws_hashtree *tree, size_t at, const char *path,
                            icws_leaf_fn *visit, void *user_data);

#endif
