// SPDX-License-Identifier: Apache-2.0
// Sessions that break exactly one of the seven checks; all the rest is valid and properly signed.

import { canisterId, delegate, leb, ROOT, STRANGER, SUBNET } from '../../lib/certificate.mjs';
import { concat, flip, seeded, sha256, utf8 } from '../../lib/bytes.mjs';
import { digest, EMPTY, fork, labeled, leaf, pruned, prunedBlob } from '../../lib/hashtree.mjs';
import { messageKey } from '../../lib/protocol.mjs';
import {
  at,
  CLIENT_KEY,
  FIRST_NONCE,
  GATEWAY,
  message,
  messageTree,
  openFrame,
  opening,
  OTHER_CLIENT,
  OTHER_GATEWAY,
  relay,
  SECOND,
} from '../../lib/session.mjs';

const T = at(1);
const GRANTED = at(-86400);
const RANGE = [canisterId(0), canisterId(9)];
const AWAY = [canisterId(20), canisterId(29)];

const broken = (check, reason, frames, accepted, also_fails) => ({
  name: reason,
  failed_check: String(check),
  reason,
  accepted,
  ...(also_fails && { also_fails }),
  frames,
});
// The fault is in the very first message, or in an application message after the opening.
const first = (check, reason, options) => broken(check, reason, openFrame(options), 0);
const second = (check, reason, item, options) =>
  broken(check, reason, [...openFrame(), ...relay([message({ seq: 2, time: T, ...item })], { time: T, ...options })], 1);

const bySubnet = (ranges, more = {}) => ({ signer: SUBNET, delegation: delegate({ time: GRANTED, ...ranges, ...more }) });

function certificates() {
  const flat = { flat: [RANGE] };
  const late = 301n * SECOND;
  const nested = delegate({ time: GRANTED, ...flat });
  const otherSubnet = { ...delegate({ time: GRANTED, ...flat }), subnet_id: STRANGER.principal.toUint8Array() };
  return [
    first(1, 'certificate signed by another key', { signer: STRANGER }),
    first(1, 'certificate signed by the subnet without a delegation', { signer: SUBNET }),
    first(1, 'certificate with a delegation, signed by the root', { ...bySubnet(flat), signer: ROOT }),
    first(1, 'certificate with a delegation, signed by another key', { ...bySubnet(flat), signer: STRANGER }),
    first(1, 'delegation forged: signed by another key', bySubnet(flat, { key: STRANGER })),
    first(1, 'delegation signed by the subnet itself', bySubnet(flat, { key: SUBNET })),
    first(1, 'delegation to another subnet id', { signer: SUBNET, delegation: otherSubnet }),
    first(1, 'delegation without a public key', bySubnet(flat, { publicKey: null })),
    first(1, 'delegation with a raw public key', bySubnet(flat, { publicKey: SUBNET.der.slice(-96) })),
    first(1, 'delegation within a delegation', bySubnet(flat, { key: SUBNET, nested })),
    first(
      1,
      'canister outside flat ranges',
      bySubnet({
        flat: [
          [canisterId(0), canisterId(2)],
          [canisterId(4), canisterId(9)],
        ],
      }),
    ),
    first(1, 'canister outside sharded ranges', bySubnet({ shards: [[[canisterId(0), canisterId(2)]], [AWAY]] })),
    first(1, 'canister before the first shard', bySubnet({ shards: [[AWAY]] })),
    first(1, 'canister inside flat, outside sharded ranges', bySubnet({ flat: [RANGE], shards: [[AWAY]] })),
    first(1, 'empty list of ranges', bySubnet({ flat: [] })),
    first(1, 'no ranges', bySubnet({})),
    first(1, 'certificate 5 min 1 s old', { now: at(0) + late }),
    first(1, 'certificate 5 min 1 s ahead', { now: at(0) - late }),
    first(1, 'certificate a nanosecond too old', { now: at(0) + 300n * SECOND + 1n }),
    first(1, 'certificate a nanosecond too far ahead', { now: at(0) - 300n * SECOND - 1n }),
    second(1, 'second certificate stale', {}, { now: T + late }),
    second(1, 'second certificate signed by another key', {}, { signer: STRANGER }),
    first(1, 'certificate without a time', { timeLeaf: null }),
    first(1, 'certificate time beyond 64 bits', { timeLeaf: leaf(leb(at(0) + (1n << 64n))) }),
    first(1, 'certificate tree with labels out of order', { shapeCertificate: tree => fork(tree[2], tree[1]) }),
  ];
}

function witnesses() {
  const opened = [opening(at(0))];
  const { whole, shown } = messageTree(opened);
  const node = labeled(opened[0].key, leaf(sha256(opened[0].content)));
  const [before, after] = ['aaa', 'zzz'].map(label => labeled(label, leaf(seeded(label))));
  const certified = tree => ({ tree: labeled('websocket', tree) });
  return [
    first(2, 'certified data of another tree', { certifiedData: seeded('another tree') }),
    first(2, 'certified data altered by one bit', { certifiedData: flip(digest(whole), 31) }),
    first(2, 'certified data empty', { certifiedData: new Uint8Array() }),
    first(2, 'certified data under another canister', { canister: canisterId(4) }),
    first(2, 'certified data pruned', { shapeCertificate: pruneCanister }),
    first(2, 'tree with labels out of order', certified(fork(node, before))),
    first(2, 'tree with a label twice', certified(fork(node, node))),
    first(2, 'tree with a leaf among labels', certified(fork(node, leaf(seeded('leaf'))))),
    first(2, 'tree ill-formed in another branch', { tree: fork(labeled('aside', fork(after, before)), shown) }),
    first(2, 'pruned node of 37 bytes that hides a label', labelShift(node)),
    first(2, 'pruned node of 31 bytes', certified(fork(prunedBlob(seeded('short', 31)), node))),
    first(2, 'pruned node of 0 bytes', certified(fork(node, prunedBlob(new Uint8Array())))),
  ];
}

// The same root hash although the last five bytes of a label moved into the pruned digest below it.
function labelShift(node) {
  const label = utf8(messageKey(GATEWAY, 3n));
  const below = leaf(seeded('hidden'));
  const honest = labeled('websocket', fork(labeled(label, below), node));
  const forged = labeled('websocket', fork(labeled(label.slice(0, -5), prunedBlob(concat(label.slice(-5), digest(below)))), node));
  return { tree: forged, certifiedData: digest(honest) };
}

// Hides /canister/<id> but keeps the time.
function pruneCanister(tree) {
  if (tree[0] === 1) return fork(pruneCanister(tree[1]), pruneCanister(tree[2]));
  return tree[0] === 2 && Buffer.from(tree[1]).toString() === 'canister' ? pruned(tree) : tree;
}

function hashes() {
  const opened = [opening(at(0))];
  const [{ key, content }] = opened;
  const under = tree => ({ tree: labeled('websocket', tree) });
  const other = labeled(messageKey(GATEWAY, 16n), leaf(sha256(content)));
  const late = message({ seq: 2, time: T });
  return [
    second(3, 'content altered after certification', {}, { alter: bytes => flip(bytes, -1, 0x80) }),
    first(3, 'path ends at "websocket"', under(leaf(sha256(content)))),
    first(3, 'key absent', under(other)),
    first(3, 'key pruned', under(fork(other, pruned(labeled(key, leaf(sha256(content))))))),
    first(3, 'key with the hash of other content', under(labeled(key, leaf(sha256(late.content))))),
    first(3, 'key with the content in place of its hash', under(labeled(key, leaf(content)))),
    first(3, 'key with 31 bytes of the hash', under(labeled(key, leaf(sha256(content).slice(0, 31))))),
    first(3, 'key with a tree below', under(labeled(key, labeled('', leaf(sha256(content)))))),
    first(3, 'key outside "websocket"', { tree: labeled('websockets', labeled(key, leaf(sha256(content)))) }),
    first(3, 'key at the top level', { tree: labeled(key, leaf(sha256(content))) }),
    first(3, 'tree empty', { tree: EMPTY }),
    first(3, 'tree pruned', { tree: pruned(labeled('websocket', labeled(key, leaf(sha256(content))))) }),
  ];
}

function clients() {
  const other = { ...CLIENT_KEY, client_principal: OTHER_CLIENT };
  const earlier = { ...CLIENT_KEY, client_nonce: CLIENT_KEY.client_nonce - 1n };
  return [
    second(4, 'message to another principal', { clientKey: other }),
    second(4, 'message to another nonce of the same principal', { clientKey: earlier }),
    broken(4, 'opening of another client', relay([opening(at(0), { clientKey: other })], { time: at(0) }), 0),
  ];
}

function keys() {
  const text = GATEWAY.toText();
  const digits = '00000000000000000018';
  const odd = (reason, key) => second(5, reason, { key });
  return [
    odd('key of another gateway', messageKey(OTHER_GATEWAY, 18n)),
    broken(
      5,
      'first key of another gateway',
      relay([opening(at(0), { key: messageKey(OTHER_GATEWAY, FIRST_NONCE) })], { time: at(0) }),
      0,
    ),
    second(5, 'key with the nonce of the message before', { nonce: FIRST_NONCE }),
    second(5, 'key with a smaller nonce', { nonce: FIRST_NONCE - 1n }),
    odd('key with 19 digits', `${text}_${digits.slice(1)}`),
    odd('key with 21 digits', `${text}_0${digits}`),
    odd('key with a letter among the digits', `${text}_${digits.slice(0, -2)}1a`),
    odd('key with a sign', `${text}_+${digits.slice(1)}`),
    odd('key with a blank', `${text}_ ${digits.slice(1)}`),
    odd('key beyond 64 bits', `${text}_18446744073709551616`),
    odd('key in upper case', `${text.toUpperCase()}_${digits}`),
    odd('key with another separator', `${text}-${digits}`),
    odd('key with a trailing newline', `${text}_${digits}\n`),
    odd('key without digits', `${text}_`),
    odd('key empty', ''),
  ];
}

function sequences() {
  const numbered = (reason, seq) => second(6, reason, { seq, nonce: FIRST_NONCE + 1n });
  const replayed = [...openFrame(), ...relay([message({ seq: 2, time: T })], { time: T })];
  return [
    numbered('sequence number repeated', 1),
    numbered('sequence number skipped', 3),
    numbered('sequence number 0', 0),
    numbered('sequence number far ahead', 0xffff_ffff_ffff_ffffn),
    ...[0, 2].map(seq =>
      broken(6, `first sequence number ${seq}`, relay([{ ...opening(at(0), { seq, nonce: FIRST_NONCE }) }], { time: at(0) }), 0),
    ),
    broken(5, 'the very same frame again', [...replayed, replayed[1]], 2, '6'),
  ];
}

function timestamps() {
  return [
    second(7, 'timestamp a nanosecond after the certificate', { timestamp: T + 1n }),
    second(7, 'timestamp a minute after the certificate', { timestamp: T + 60n * SECOND }),
    second(7, 'timestamp of the largest number', { timestamp: 0xffff_ffff_ffff_ffffn }),
    broken(7, 'first timestamp after the certificate', relay([opening(at(0), { timestamp: at(0) + 1n })], { time: at(0) }), 0),
  ];
}

export function brokenSessions() {
  return [...certificates(), ...witnesses(), ...hashes(), ...clients(), ...keys(), ...sequences(), ...timestamps()];
}
