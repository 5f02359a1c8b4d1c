/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_STATE_TREE_H
#define ICWS_DEVNET_STATE_TREE_H

#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/digest.h>
#include <icws/error.h>

/*
 * The labelled tree that a subnet certifies (IC interface specification, "The system state tree"),
 * built in memory: values are put at paths of labels, then the tree is sealed, and then it has a
 * digest and gives witnesses.
 */
struct icws_state_tree;

/* The way from the root to a value or a subtree. */
struct icws_state_path {
  const struct icws_bytes *labels;
  size_t count;
};

/*
 * A subtree that is kept from one state to the next, because building it anew would take too long.
 * It shows nothing but what |show| was called for since the last |hide|; |path| is the rest below
 * the branch.  It must not change while the tree that it hangs in is used.
 */
struct icws_state_branch {
  void *self;
  void (*digest)(void *self, uint8_t out[ICWS_SHA256_BYTES]);
  void (*show)(void *self, struct icws_state_path path);
  void (*put)(void *self, struct icws_buf *out); /* as a node of a hash tree */
  void (*hide)(void *self);
};

/* icws_state_tree_new makes an empty tree; NULL if memory is short.  icws_state_tree_del frees;
 * NULL is ignored. */
struct icws_state_tree *icws_state_tree_new(void);
void icws_state_tree_del(struct icws_state_tree *tree);

/*
 * icws_state_tree_put puts |value| at |path|, which must have a label at least; labels and value
 * are copied.  Failures stick: icws_state_tree_seal returns them.
 *
 * icws_state_tree_put_nat puts a number the way the state tree holds them, in LEB128.
 *
 * icws_state_tree_hang hangs |branch|, which is copied, below the |label| at the root.
 *
 * icws_state_tree_seal hashes the tree; nothing can be put afterwards.  Returns ICWS_OK,
 * ICWS_ERR_NOMEM, or ICWS_ERR_INVALID_ARGUMENT if some path was used twice or leads through a
 * value.
 */
void icws_state_tree_put(struct icws_state_tree *tree, struct icws_state_path path,
                         struct icws_bytes value);
void icws_state_tree_put_nat(struct icws_state_tree *tree, struct icws_state_path path,
                             uint64_t value);
void icws_state_tree_hang(struct icws_state_tree *tree, struct icws_bytes label,
                          const struct icws_state_branch *branch);
ICWS_NODISCARD enum icws_error icws_state_tree_seal(struct icws_state_tree *tree);

/* icws_state_tree_digest writes the root hash of a sealed tree. */
void icws_state_tree_digest(const struct icws_state_tree *tree, uint8_t out[ICWS_SHA256_BYTES]);

/*
 * icws_state_tree_witness appends a hash tree of the same digest, in CBOR without a tag, that
 * reveals what is at the |count| paths (a value, or a whole subtree) and prunes all else.  A path
 * that leads nowhere is proven absent by the labels beside the place where it would be.  The tree
 * must be sealed; it is marked while the witness is written, and unchanged afterwards.
 */
void icws_state_tree_witness(struct icws_state_tree *tree, const struct icws_state_path *paths,
                             size_t count, struct icws_buf *out);

#endif
