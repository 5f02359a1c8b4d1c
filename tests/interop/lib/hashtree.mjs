// SPDX-License-Identifier: Apache-2.0
// Hash trees of the IC interface specification: [0], [1, left, right], [2, label, tree], [3, value], [4, digest].

import { Cbor } from '@dfinity/agent';
import { concat, sha256, utf8 } from './bytes.mjs';

export const EMPTY = [0];
export const fork = (left, right) => [1, left, right];
export const labeled = (label, tree) => [2, typeof label === 'string' ? utf8(label) : label, tree];
export const leaf = value => [3, value];
export const pruned = tree => [4, digest(tree)];
export const prunedBlob = blob => [4, blob];

const domain = name => concat(Uint8Array.of(name.length), utf8(name));

export function digest(tree) {
  switch (tree[0]) {
    case 0:
      return sha256(domain('ic-hashtree-empty'));
    case 1:
      return sha256(concat(domain('ic-hashtree-fork'), digest(tree[1]), digest(tree[2])));
    case 2:
      return sha256(concat(domain('ic-hashtree-labeled'), tree[1], digest(tree[2])));
    case 3:
      return sha256(concat(domain('ic-hashtree-leaf'), tree[1]));
    default:
      return tree[1];
  }
}

export const encodeTree = tree => Cbor.encode(tree);

// A balanced tree over labelled nodes that are in order already.
export function balanced(nodes) {
  if (nodes.length === 0) return EMPTY;
  if (nodes.length === 1) return nodes[0];
  const middle = nodes.length >> 1;
  return fork(balanced(nodes.slice(0, middle)), balanced(nodes.slice(middle)));
}

// The same with every node that `keep` does not want pruned, as high up as possible.
export function witness(tree, keep) {
  if (tree[0] === 2) return keep(tree) ? tree : pruned(tree);
  if (tree[0] !== 1) return tree;
  const [left, right] = [witness(tree[1], keep), witness(tree[2], keep)];
  return left[0] === 4 && right[0] === 4 ? pruned(fork(left, right)) : fork(left, right);
}
