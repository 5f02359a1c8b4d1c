// SPDX-License-Identifier: Apache-2.0
import { Cbor } from '@dfinity/agent';
import { concat, equal, hex, seeded, seededNat64, unhex, utf8 } from '../lib/bytes.mjs';
import * as c from '../lib/cbor.mjs';
import { assert } from '../lib/files.mjs';
import { ed25519Key } from '../lib/keys.mjs';
import { encodeContent, encodeRelayed, messageKey, openMessage, toJson } from '../lib/protocol.mjs';

const GATEWAY = ed25519Key('gateway').getPrincipal();
const CLIENT = ed25519Key('client').getPrincipal();
const NONCE = seededNat64('client nonce');
const TIME = 1_700_000_000_000_000_000n;
const MAX = 0xffff_ffff_ffff_ffffn;
const CLIENT_KEY = { client_principal: CLIENT, client_nonce: NONCE };

const VALUES = {
  handshake: { gateway_principal: GATEWAY.toUint8Array() },
  relayed: { key: messageKey(GATEWAY, 42n), content: seeded('content', 60), cert: seeded('cert', 50), tree: seeded('tree', 40) },
  content: {
    client_key: { client_principal: CLIENT.toUint8Array(), client_nonce: NONCE },
    sequence_num: 1n,
    timestamp: TIME,
    is_service_message: true,
    content: openMessage(CLIENT_KEY),
  },
};

// The fields of each shape in writing order, as encoded items.
const clientKey = (principal = c.bytes(CLIENT.toUint8Array()), nonce = c.uint(NONCE)) =>
  c.map([
    ['client_principal', principal],
    ['client_nonce', nonce],
  ]);
const FIELDS = {
  handshake: { gateway_principal: c.bytes(GATEWAY.toUint8Array()) },
  relayed: {
    key: c.text(VALUES.relayed.key),
    content: c.bytes(VALUES.relayed.content),
    cert: c.bytes(VALUES.relayed.cert),
    tree: c.bytes(VALUES.relayed.tree),
  },
  content: {
    client_key: clientKey(),
    sequence_num: c.uint(1),
    timestamp: c.uint(TIME),
    is_service_message: c.bool(true),
    content: c.bytes(VALUES.content.content),
  },
};
const pairs = (kind, changes = {}) => Object.entries({ ...FIELDS[kind], ...changes }).filter(([, item]) => item);
const plain = (kind, changes) => c.map(pairs(kind, changes));

function validCases() {
  const official = {
    handshake: Cbor.encode(VALUES.handshake),
    relayed: encodeRelayed(VALUES.relayed),
    content: encodeContent({
      clientKey: CLIENT_KEY,
      sequenceNum: 1n,
      timestamp: TIME,
      isServiceMessage: true,
      content: VALUES.content.content,
    }),
  };
  const out = [];
  for (const kind of Object.keys(FIELDS)) {
    const untagged = plain(kind);
    const made = official[kind];
    assert(equal(made, untagged) || equal(made, c.selfDescribed(untagged)), `CBOR of ${kind}`);
    const add = (name, bytes) => out.push([kind, name, bytes]);
    add('self-described', c.selfDescribed(untagged));
    add('without the tag', untagged);
    add('keys in reverse order', c.map(pairs(kind).reverse()));
    add(
      'unknown keys before and after',
      c.map([['aaa', c.array([c.uint(1), c.map([['x', c.NULL]])])], ...pairs(kind), ['zzz', c.text('more')]]),
    );
    add('unknown key holding a negative integer', c.map([...pairs(kind), ['offset', c.negative(-3600)]]));
  }
  const edges = {
    sequence_num: c.uint(MAX),
    timestamp: c.uint(0),
    is_service_message: c.bool(false),
    content: c.bytes(new Uint8Array()),
    client_key: clientKey(c.bytes(Uint8Array.of(4)), c.uint(0)),
  };
  out.push(['content', 'edges', plain('content', edges)]);
  out.push([
    'content',
    'unknown key in the client key',
    plain('content', {
      client_key: c.map([
        ['client_principal', c.bytes(CLIENT.toUint8Array())],
        ['device', c.text('phone')],
        ['client_nonce', c.uint(NONCE)],
      ]),
    }),
  ]);
  out.push([
    'content',
    'client key in reverse order',
    plain('content', {
      client_key: c.map([
        ['client_nonce', c.uint(NONCE)],
        ['client_principal', c.bytes(CLIENT.toUint8Array())],
      ]),
    }),
  ]);
  out.push(['content', 'sequence number 24', plain('content', { sequence_num: c.uint(24) })]);
  out.push(['content', 'sequence number 65536', plain('content', { sequence_num: c.uint(65536) })]);
  out.push([
    'relayed',
    'empty blobs',
    plain('relayed', { content: c.bytes(new Uint8Array()), cert: c.bytes(new Uint8Array()), tree: c.bytes(new Uint8Array()) }),
  ]);
  out.push(['handshake', 'anonymous gateway', plain('handshake', { gateway_principal: c.bytes(Uint8Array.of(4)) })]);
  return out;
}

// Damage that is the same for every shape. `first` is the name of its first field.
function brokenFrames(kind) {
  const good = plain(kind);
  const [[first, item]] = pairs(kind);
  return [
    ['duplicate key', c.map([...pairs(kind), [first, item]])],
    ['duplicate unknown key', c.map([...pairs(kind), ['zzz', c.uint(1)], ['zzz', c.uint(1)]])],
    ['trailing byte', concat(good, Uint8Array.of(0))],
    ['trailing byte after a tagged item', concat(c.selfDescribed(good), Uint8Array.of(0xf6))],
    ['two items', concat(good, good)],
    ['indefinite map', c.indefiniteMap(pairs(kind))],
    ['tag twice', c.selfDescribed(c.selfDescribed(good))],
    ['tag 55798', c.tag(55798, good)],
    ['tag 24', c.tag(24, good)],
    ['another tag under an unknown key', c.map([...pairs(kind), ['when', c.tag(1, c.uint(1))]])],
    ['field missing', c.map(pairs(kind).slice(1))],
    ['field null', plain(kind, { [first]: c.NULL })],
    ['last byte missing', good.slice(0, -1)],
    [
      'key is a blob',
      concat(
        c.head(5, pairs(kind).length),
        c.bytes(utf8(first)),
        item,
        ...pairs(kind)
          .slice(1)
          .map(([k, v]) => concat(c.text(k), v)),
      ),
    ],
    ['array in place of the map', c.array(pairs(kind).map(([, value]) => value))],
    ['map of 2^32 entries announced', concat(c.head(5, 0x100000000n), good.slice(1))],
    ['nested 2000 deep', c.map([...pairs(kind), ['zzz', concat(new Uint8Array(2000).fill(0x81), c.uint(0))]])],
    ['reserved length bits', concat(Uint8Array.of(0xbc), good.slice(1))],
    ['tag alone', c.SELF_DESCRIBE],
    ['empty', new Uint8Array()],
    ['text', c.text('hello')],
  ].map(([name, bytes]) => [kind, name, bytes]);
}

const BIGNUM_ONE = c.tag(2, c.bytes(Uint8Array.of(1)));
function brokenFields() {
  const principal = CLIENT.toUint8Array();
  const contents = [
    ['sequence number as a bignum', { sequence_num: BIGNUM_ONE }],
    ['sequence number as a float', { sequence_num: c.float64(1) }],
    ['sequence number negative', { sequence_num: c.negative(-1) }],
    ['sequence number as text', { sequence_num: c.text('1') }],
    ['sequence number tagged', { sequence_num: c.tag(55799, c.uint(1)) }],
    ['timestamp as a float', { timestamp: c.float64(1.7e18) }],
    ['timestamp of 2^64 as a bignum', { timestamp: c.tag(2, c.bytes(unhex('010000000000000000'))) }],
    ['flag as an integer', { is_service_message: c.uint(1) }],
    ['flag undefined', { is_service_message: Uint8Array.of(0xf7) }],
    ['content as text', { content: c.text('hello') }],
    ['content as an array of integers', { content: c.array([c.uint(1), c.uint(2)]) }],
    ['content in chunks', { content: c.indefiniteBytes([VALUES.content.content]) }],
    ['client key missing', { client_key: undefined }],
    ['client key as a blob', { client_key: c.bytes(principal) }],
    ['principal as text', { client_key: clientKey(c.text(CLIENT.toText())) }],
    ['principal of 30 bytes', { client_key: clientKey(c.bytes(seeded('thirty', 30))) }],
    ['nonce negative', { client_key: clientKey(undefined, c.negative(-1)) }],
    ['nonce missing', { client_key: c.map([['client_principal', c.bytes(principal)]]) }],
    [
      'principal twice',
      {
        client_key: c.map([
          ['client_principal', c.bytes(principal)],
          ['client_nonce', c.uint(1)],
          ['client_principal', c.bytes(principal)],
        ]),
      },
    ],
    [
      'client key indefinite',
      {
        client_key: c.indefiniteMap([
          ['client_principal', c.bytes(principal)],
          ['client_nonce', c.uint(1)],
        ]),
      },
    ],
  ].map(([name, change]) => ['content', name, plain('content', change)]);
  const relayed = [
    ['key as a blob', { key: c.bytes(utf8(VALUES.relayed.key)) }],
    ['key not UTF-8', { key: concat(c.head(3, 2), unhex('c328')) }],
    ['key in chunks', { key: c.indefiniteText([VALUES.relayed.key]) }],
    ['content as text', { content: c.text('hello') }],
    ['cert as text', { cert: c.text('hello') }],
    ['tree as an array', { tree: c.array([c.uint(0)]) }],
    ['tree tagged', { tree: c.tag(24, FIELDS.relayed.tree) }],
    ['cert missing', { cert: undefined }],
    ['tree missing', { tree: undefined }],
    ['content missing', { content: undefined }],
    ['content of 2^63 bytes announced', { content: concat(c.head(2, 1n << 63n), seeded('short', 16)) }],
  ].map(([name, change]) => ['relayed', name, plain('relayed', change)]);
  const handshake = [
    ['principal as text', { gateway_principal: c.text(GATEWAY.toText()) }],
    ['principal of 30 bytes', { gateway_principal: c.bytes(seeded('thirty', 30)) }],
    ['principal in chunks', { gateway_principal: c.indefiniteBytes([GATEWAY.toUint8Array()]) }],
    ['principal as a number', { gateway_principal: c.uint(4) }],
  ].map(([name, change]) => ['handshake', name, plain('handshake', change)]);
  return [...handshake, ...relayed, ...contents];
}

// The values of a valid case, read back by the official decoder.
function valueOf(kind, bytes) {
  const read = Cbor.decode(bytes);
  const known = Object.keys(VALUES[kind]).map(key => [key, read[key]]);
  return toJson(
    Object.fromEntries(
      known.map(([key, value]) => [
        key,
        key === 'client_key' ? clientKeyOf(value) : typeof value === 'number' ? BigInt(value) : value,
      ]),
    ),
  );
}

const clientKeyOf = ({ client_principal, client_nonce }) => ({ client_principal, client_nonce: BigInt(client_nonce) });

export default async function protocolCbor() {
  const kinds = Object.keys(FIELDS);
  return {
    about:
      'CBOR of the handshake, of relayed messages and of their content, made by tests/interop: the ordinary forms with @dfinity/agent 3.4.3 (its CBOR), the odd ones byte by byte; valid ones were read back with the same package. hex, blobs and principals in value are hex, integers decimal text. Everything "invalid" must be refused, also where common decoders are laxer.',
    cases: [
      ...validCases().map(([kind, name, bytes]) => ({
        kind,
        name,
        expected: 'valid',
        value: valueOf(kind, bytes),
        hex: hex(bytes),
      })),
      ...[...kinds.flatMap(brokenFrames), ...brokenFields()].map(([kind, name, bytes]) => ({
        kind,
        name,
        expected: 'invalid',
        hex: hex(bytes),
      })),
    ],
  };
}
