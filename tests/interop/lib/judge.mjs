// SPDX-License-Identifier: Apache-2.0
// The client's seven checks on a canister message, each answered for itself, so that a vector can be shown to fail in
// one of them only. Written for this purpose from the specification; it shares no code with what makes the vectors
// but the digest of a tree.

import { Cbor } from '@dfinity/agent';
import { bls12_381 } from '@noble/curves/bls12-381';
import { equal, hex, sha256, unhex, utf8 } from './bytes.mjs';
import { digest } from './hashtree.mjs';
import { withPrefix } from './keys.mjs';

const FIVE_MINUTES = 300n * 1_000_000_000n;
const MAX_NAT64 = 0xffff_ffff_ffff_ffffn;
const compare = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const flatten = tree => (tree[0] === 0 ? [] : tree[0] === 1 ? [...flatten(tree[1]), ...flatten(tree[2])] : [tree]);

function wellFormed(tree) {
  if (!wellShaped(tree)) return false;
  const nodes = flatten(tree);
  const labels = nodes.filter(node => node[0] === 2).map(node => node[1]);
  if (labels.some((label, i) => i > 0 && compare(labels[i - 1], label) >= 0)) return false;
  if (nodes.length > 1 && nodes.some(node => node[0] === 3)) return false;
  return nodes.every(node => node[0] !== 2 || wellFormed(node[2]));
}

function wellShaped(tree) {
  const sizes = [1, 3, 3, 2, 2];
  if (!Array.isArray(tree) || tree.length !== sizes[tree[0]]) return false;
  if (tree[0] === 1) return wellShaped(tree[1]) && wellShaped(tree[2]);
  return tree[0] !== 4 || tree[1].length === 32;
}

function subtree(tree, [label, ...rest]) {
  if (label === undefined) return tree;
  const node = flatten(tree).find(item => item[0] === 2 && equal(item[1], label));
  return node && subtree(node[2], rest);
}

function lookup(tree, path) {
  const found = subtree(
    tree,
    path.map(label => (typeof label === 'string' ? utf8(label) : label)),
  );
  return found?.[0] === 3 ? found[1] : undefined;
}

function timeOf(tree) {
  const leaf = lookup(tree, ['time']);
  if (!leaf || leaf.length > 10 || leaf.at(-1) >= 0x80) return undefined;
  const time = leaf.reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 0x7f), 0n);
  return time <= MAX_NAT64 ? time : undefined;
}

const inside = (id, ranges) => ranges.some(([first, last]) => compare(first, id) <= 0 && compare(id, last) <= 0);

function authorised(tree, subnet, id) {
  const shards = subtree(tree, [utf8('canister_ranges'), subnet]);
  if (!shards) {
    const flat = lookup(tree, ['subnet', subnet, 'canister_ranges']);
    return flat !== undefined && inside(id, Cbor.decode(flat));
  }
  const shard = flatten(shards)
    .filter(node => node[0] === 2 && compare(node[1], id) <= 0)
    .at(-1);
  return shard !== undefined && inside(id, Cbor.decode(shard[2][1]));
}

const BLS_DER = '308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100';
const verified = new Map();
function signed(cert, der) {
  if (der.length !== 133 || !hex(der).startsWith(BLS_DER)) return false;
  const key = `${hex(cert.signature)} ${hex(der)} ${hex(digest(cert.tree))}`;
  if (!verified.has(key)) {
    const point = bls12_381.shortSignatures.hash(withPrefix('ic-state-root', digest(cert.tree)));
    verified.set(
      key,
      safely(() => bls12_381.shortSignatures.verify(cert.signature, point, der.slice(-96))),
    );
  }
  return verified.get(key);
}

function safely(check) {
  try {
    return check();
  } catch {
    return false;
  }
}

function certificateHolds(cert, canister, rootKey) {
  if (!wellFormed(cert.tree)) return false;
  if (!cert.delegation) return signed(cert, rootKey);
  const { subnet_id: subnet, certificate } = cert.delegation;
  const outer = Cbor.decode(certificate);
  if (outer.delegation || !wellFormed(outer.tree) || !signed(outer, rootKey)) return false;
  const key = lookup(outer.tree, ['subnet', subnet, 'public_key']);
  return key !== undefined && authorised(outer.tree, subnet, canister) && signed(cert, key);
}

function keyNonce(key, gateway) {
  const match = /^(.*)_([0-9]{20})$/s.exec(key);
  if (!match || match[1] !== gateway.toText()) return undefined;
  const nonce = BigInt(match[2]);
  return nonce <= MAX_NAT64 ? nonce : undefined;
}

// The numbers of the checks that fail, as text. `state` has canister, rootKey, clientKey, gateway, lastNonce, nextSequenceNum.
export function failedChecks(frame, now, state) {
  const { key, content, cert, tree } = Cbor.decode(unhex(frame));
  const [certificate, witness, message] = [Cbor.decode(cert), Cbor.decode(tree), Cbor.decode(content)];
  const canister = state.canister.toUint8Array();
  const time = timeOf(certificate.tree);
  const fresh = time !== undefined && time >= now - FIVE_MINUTES && time <= now + FIVE_MINUTES;
  const data = lookup(certificate.tree, ['canister', canister, 'certified_data']);
  const hash = lookup(witness, ['websocket', key]);
  const nonce = keyNonce(key, state.gateway);
  const { client_principal: principal, client_nonce: clientNonce } = message.client_key;
  const ours =
    equal(principal, state.clientKey.client_principal.toUint8Array()) && BigInt(clientNonce) === state.clientKey.client_nonce;
  const passed = {
    1: fresh && certificateHolds(certificate, canister, state.rootKey),
    2: wellFormed(witness) && data !== undefined && equal(data, digest(witness)),
    3: hash !== undefined && equal(hash, sha256(content)),
    4: ours,
    5: nonce !== undefined && (state.lastNonce === undefined || nonce > state.lastNonce),
    6: BigInt(message.sequence_num) === state.nextSequenceNum,
    7: time === undefined || BigInt(message.timestamp) <= time,
  };
  return { failed: Object.keys(passed).filter(number => !passed[number]), nonce };
}
