/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_LEAVES_H
#define ICWS_CLI_LEAVES_H

#include <stdbool.h>

#include <icws/bytes.h>
#include <icws/hashtree.h>

/* Gets a value that a tree shows, and where it is, as a path of labels with a slash before each.
 * Returns false to stop. */
typedef bool icws_leaf_fn(const char *path, struct icws_bytes value, void *user_data);

/* icws_leaves_walk calls |visit| for each value that |tree| shows, in order.  Labels are shown as
 * text where they are printable, ids of canisters and subnets as principals, others in hex after
 * 0x.  Returns false if |visit| did, or memory lacks. */
bool icws_leaves_walk(const struct icws_hashtree *tree, icws_leaf_fn *visit, void *user_data);

#endif
