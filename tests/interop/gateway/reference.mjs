// SPDX-License-Identifier: Apache-2.0
// What the reference gateway (1.4.6) reads and writes. It is a Rust program: serde_cbor writes the members of a struct in
// the order of their declaration, lengths and integers in their shortest form, and a principal as bytes. The handshake and
// what goes on to the Internet Computer is self-described; what it relays to a client is not.

import { Cbor } from '@dfinity/agent';
import * as c from '../lib/cbor.mjs';

export const handshake = principal => c.selfDescribed(c.map([['gateway_principal', c.bytes(principal.toUint8Array())]]));

export const relayed = ({ key, content, cert, tree }) =>
  c.map([
    ['key', c.text(key)],
    ['content', c.bytes(content)],
    ['cert', c.bytes(cert)],
    ['tree', c.bytes(tree)],
  ]);

// The members that it knows, in its order. It drops all others.
const CALL = [
  ['request_type', c.text],
  ['nonce', c.bytes],
  ['ingress_expiry', c.uint],
  ['sender', c.bytes],
  ['canister_id', c.bytes],
  ['method_name', c.text],
  ['arg', c.bytes],
];
const DELEGATION = [
  ['pubkey', c.bytes],
  ['expiration', c.uint],
  ['targets', targets => c.array(targets.map(c.bytes))],
];
const SIGNED_DELEGATION = [
  ['delegation', write(DELEGATION)],
  ['signature', c.bytes],
];
const ENVELOPE = [
  ['content', write(CALL)],
  ['sender_pubkey', c.bytes],
  ['sender_sig', c.bytes],
  ['sender_delegation', chain => c.array(chain.map(write(SIGNED_DELEGATION)))],
];

function write(members) {
  return value => c.map(members.filter(([name]) => value[name] != null).map(([name, as]) => [name, as(value[name])]));
}

// What a client's frame becomes on its way: the body of a call, read and written again.
export const forwarded = frame => c.selfDescribed(write(ENVELOPE)(Cbor.decode(frame).envelope));
