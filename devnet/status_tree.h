/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_STATUS_TREE_H
#define ICWS_DEVNET_STATUS_TREE_H

#include "cdk/label_tree.h"
#include "devnet/ingress_log.h"
#include "devnet/state_tree.h"

/*
 * The outcomes of calls as the state holds them, at /request_status/<request id> (IC interface
 * specification, "Request status").  There may be a million of them, of which a round adds a few:
 * so this part of the state is kept, and only what has changed is hashed again.
 */
struct icws_status_tree {
  struct icws_label_tree entries;
  struct icws_ingress *shown; /* in the witness that is being made */
};

void icws_status_tree_init(struct icws_status_tree *tree);

/* A call that is settled comes and goes. */
void icws_status_tree_insert(struct icws_status_tree *tree, struct icws_ingress *ingress);
void icws_status_tree_remove(struct icws_status_tree *tree, struct icws_ingress *ingress);

/* icws_status_tree_branch returns what to hang in the state; it lives as long as |tree|.  Of a call
 * that is asked for it shows all. */
struct icws_state_branch icws_status_tree_branch(struct icws_status_tree *tree);

#endif
