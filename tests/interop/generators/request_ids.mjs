// SPDX-License-Identifier: Apache-2.0
import { requestIdOf } from '@dfinity/agent';
import { hex, seeded, unhex } from '../lib/bytes.mjs';

// A typed value of the file -> what the agent hashes.
function native(value) {
  const [[type, content]] = Object.entries(value);
  if (type === 'text') return content;
  if (type === 'bytes') return unhex(content);
  if (type === 'nat') return BigInt(content);
  if (type === 'array') return content.map(native);
  return Object.fromEntries(Object.entries(content).map(([key, item]) => [key, native(item)]));
}

const text = content => ({ text: content });
const bytes = content => ({ bytes: hex(content) });
const nat = content => ({ nat: String(content) });
const array = content => ({ array: content });
const map = content => ({ map: content });

const MAPS = [
  ['empty map', {}],
  ['empty values', { a: text(''), b: bytes(new Uint8Array()), c: nat(0), d: array([]), e: map({}) }],
  [
    'text and bytes',
    { request_type: text('call'), sender: bytes(Uint8Array.of(4)), method_name: text('hello'), arg: bytes(seeded('rid', 6)) },
  ],
  ['text is hashed as bytes are', { a: text('abc'), b: bytes(unhex('616263')) }],
  ['not ASCII', { 'schl\u00fcssel': text('\u20ac \u4e2d \u00e9'), '': text('empty key') }],
  [
    'naturals at the edges of LEB128',
    Object.fromEntries(
      ['0', '1', '127', '128', '255', '16383', '16384', '4294967296', '9223372036854775808', '18446744073709551615'].map((n, i) => [
        `n${i}`,
        nat(n),
      ]),
    ),
  ],
  ['array of blobs', { paths: array([array([bytes(unhex('74696d65'))]), array([bytes(seeded('path', 32)), bytes(unhex('00'))])]) }],
  ['array keeps its order', { list: array([text('b'), text('a')]) }],
  ['array in array', { list: array([array([]), array([array([nat(1), nat(2)])])]) }],
  ['nested map', { outer: map({ inner: map({ reply: bytes(seeded('reply', 40)) }), status: text('replied') }) }],
  [
    'delegation',
    { pubkey: bytes(seeded('pubkey', 44)), expiration: nat('1700000000000000000'), targets: array([bytes(seeded('target', 10))]) },
  ],
  [
    'call',
    {
      request_type: text('call'),
      canister_id: bytes(seeded('canister', 10)),
      method_name: text('ws_open'),
      arg: bytes(seeded('arg', 120)),
      sender: bytes(seeded('sender', 29)),
      ingress_expiry: nat('1700000240000000000'),
      nonce: bytes(seeded('nonce', 16)),
    },
  ],
  [
    'query response',
    {
      status: text('replied'),
      reply: map({ arg: bytes(seeded('arg', 9)) }),
      timestamp: nat('1700000000000000001'),
      request_id: bytes(seeded('id')),
    },
  ],
  ['many keys', Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`key ${i}`, nat(i)]))],
];

export default async function requestIds() {
  return {
    about:
      'Representation-independent hashes of maps, made with @dfinity/agent 3.4.3 (requestIdOf) by tests/interop. Values are typed: text, bytes (hex), nat (decimal), array, map. request_id is hex.',
    cases: MAPS.map(([name, item]) => ({ name, map: item, request_id: hex(requestIdOf(native(map(item)))) })),
  };
}
