// SPDX-License-Identifier: Apache-2.0
// Certificates signed with known BLS keys: a root, a subnet, and a stranger.

import { Cbor } from '@dfinity/agent';
import { lebEncode } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { bls12_381 } from '@noble/curves/bls12-381';
import { concat, seeded, unhex } from './bytes.mjs';
import { balanced, digest, labeled, leaf, pruned } from './hashtree.mjs';
import { withPrefix } from './keys.mjs';

const BLS_PREFIX = unhex('308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100');

function blsKey(label) {
  // Fewer than 255 bits: below the order of the group for certain.
  const secret = seeded(label);
  secret[0] &= 0x3f;
  const der = concat(BLS_PREFIX, bls12_381.shortSignatures.getPublicKey(secret).toBytes());
  const sign = message => {
    const point = bls12_381.shortSignatures.hash(message);
    return bls12_381.shortSignatures.sign(point, secret).toBytes();
  };
  return { secret, der, sign, principal: Principal.selfAuthenticating(der) };
}

export const ROOT = blsKey('bls root');
export const SUBNET = blsKey('bls subnet');
export const STRANGER = blsKey('bls stranger');

export const canisterId = n =>
  Principal.fromUint8Array(concat(Uint8Array.of(0, 0, 0, 0, 0, 0x10, n >> 8, n & 0xff), Uint8Array.of(1, 1)));
export const leb = n => new Uint8Array(lebEncode(n));

const signTree = (tree, key) => key.sign(withPrefix('ic-state-root', digest(tree)));

export function encodeCertificate(tree, key, delegation) {
  return Cbor.encode({ tree, signature: signTree(tree, key), ...(delegation && { delegation }) });
}

// What a canister gets as its data certificate: its certified data and the time; all else pruned.
export function dataTree({ canister, certifiedData, time, timeLeaf = leaf(leb(time)) }) {
  const fields = balanced([
    labeled('certified_data', leaf(certifiedData)),
    pruned(labeled('controllers', leaf(seeded('controllers')))),
    pruned(labeled('module_hash', leaf(seeded('module hash')))),
  ]);
  return balanced([
    labeled('canister', balanced([labeled(canister.toUint8Array(), fields), pruned(leaf(seeded('later canisters')))])),
    pruned(labeled('request_status', leaf(seeded('requests')))),
    pruned(labeled('subnet', leaf(seeded('subnets')))),
    ...(timeLeaf ? [labeled('time', timeLeaf)] : []),
  ]);
}

const encodeRanges = ranges => Cbor.encode(ranges.map(pair => pair.map(id => id.toUint8Array())));

// The tree of a delegation certificate. `flat`: list of [first, last]; `shards`: list of such lists.
function delegationTree({ subnet = SUBNET.principal, publicKey = SUBNET.der, flat, shards, time }) {
  const id = subnet.toUint8Array();
  const fields = [
    ...(flat ? [labeled('canister_ranges', leaf(encodeRanges(flat)))] : []),
    ...(publicKey ? [labeled('public_key', leaf(publicKey))] : []),
    pruned(labeled('type', leaf(seeded('subnet type')))),
  ];
  const top = [];
  if (shards) {
    const nodes = shards.map(list => labeled(list[0][0].toUint8Array(), leaf(encodeRanges(list))));
    top.push(labeled('canister_ranges', balanced([labeled(id, balanced(nodes))])));
  }
  top.push(labeled('subnet', balanced([labeled(id, balanced(fields))])), labeled('time', leaf(leb(time))));
  return balanced(top);
}

export function delegate({ key = ROOT, subnet = SUBNET.principal, nested, ...rest }) {
  const tree = delegationTree({ subnet, ...rest });
  return { subnet_id: subnet.toUint8Array(), certificate: encodeCertificate(tree, key, nested) };
}
