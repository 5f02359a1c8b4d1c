// SPDX-License-Identifier: Apache-2.0
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { canisterId } from '../lib/certificate.mjs';
import { concat, equal, hex, seeded, seededNat64, unhex, utf8 } from '../lib/bytes.mjs';
import { assert } from '../lib/files.mjs';
import { ed25519Key } from '../lib/keys.mjs';
import * as p from '../lib/protocol.mjs';

const CLIENT = ed25519Key('client').getPrincipal();
const GATEWAY = ed25519Key('gateway').getPrincipal();
const NONCE = seededNat64('client nonce');
const MAX = 0xffff_ffff_ffff_ffffn;
const TIME = 1_700_000_000_000_000_000n;
const KEY = { client_principal: CLIENT, client_nonce: NONCE };
const OPEN = { client_nonce: NONCE, gateway_principal: GATEWAY };
const MESSAGE = { client_key: KEY, sequence_num: 1n, timestamp: TIME, is_service_message: false, content: unhex('4449444c0000') };
const GetMessagesResult = p.resultOf(p.ReadCertifiedMessages);
const REASONS = ['WrongSequenceNumber', 'InvalidServiceMessage', 'KeepAliveTimeout', 'ClosedByApplication'];

// What a reader expects for each kind.
const READ = {
  ws_open_args: [p.OpenArgs],
  ws_message_args: [p.MessageArgs, IDL.Opt(p.AppMessage)],
  ws_close_args: [p.CloseArgs],
  ws_get_messages_args: [p.GetMessagesArgs],
  ws_get_messages_result: [GetMessagesResult],
  result: [p.Result],
  service_message: [p.ServiceMessage],
  app_message: [p.AppMessage],
};

const encodeAs = (types, values) => new Uint8Array(IDL.encode(types, values));
const output = i => ({ client_key: KEY, key: p.messageKey(GATEWAY, BigInt(i)), content: seeded(`content ${i}`, 20 + i) });
const batch = count => ({
  messages: Array.from({ length: count }, (_, i) => output(i)), cert: seeded('cert', 64), tree: seeded('tree', 48), is_end_of_queue: count !== 3,
});

function plainCases() {
  const out = [];
  const add = (kind, name, type, value) => out.push([kind, name, encodeAs([type], [value]), [value]]);
  add('ws_open_args', 'ordinary', p.OpenArgs, OPEN);
  add('ws_open_args', 'largest nonce, canister as gateway', p.OpenArgs, { client_nonce: MAX, gateway_principal: canisterId(7) });
  add('ws_open_args', 'nonce 0, anonymous gateway', p.OpenArgs, { client_nonce: 0n, gateway_principal: Principal.anonymous() });
  for (const [name, fields] of [['ordinary', {}], ['empty content', { content: new Uint8Array() }], ['edges', { sequence_num: MAX, timestamp: 0n }],
    ['keep-alive', { sequence_num: 2n, is_service_message: true, content: p.keepAliveMessage(9n) }], ['300 bytes of content', { content: seeded('long', 300) }]])
    out.push(['ws_message_args', name, p.encodeMessageArgs({ ...MESSAGE, ...fields }), [{ msg: { ...MESSAGE, ...fields } }, []]]);
  add('ws_close_args', 'ordinary', p.CloseArgs, { client_key: KEY });
  for (const nonce of [0n, 51n, MAX]) add('ws_get_messages_args', `nonce ${nonce}`, p.GetMessagesArgs, { nonce });
  for (const count of [0, 1, 3]) {
    const read = { Ok: { ...batch(count), is_end_of_queue: [batch(count).is_end_of_queue] } };
    out.push(['ws_get_messages_result', `${count} messages`, encodeAs([p.resultOf(p.CertifiedMessages)], [{ Ok: batch(count) }]), [read]]);
  }
  const { is_end_of_queue: _, ...older } = batch(1);
  out.push(['ws_get_messages_result', 'older canister: is_end_of_queue left out', encodeAs([p.resultOf(p.OldCertifiedMessages)], [{ Ok: older }]), [{ Ok: { ...older, is_end_of_queue: [] } }]]);
  out.push(['ws_get_messages_result', 'error', encodeAs([p.resultOf(p.CertifiedMessages)], [{ Err: 'no such gateway' }]), [{ Err: 'no such gateway' }]]);
  add('result', 'Ok', p.Result, { Ok: null });
  add('result', 'Err', p.Result, { Err: 'Client with principal not connected \u2013 \u00e9' });
  add('result', 'empty Err', p.Result, { Err: '' });
  add('service_message', 'OpenMessage', p.ServiceMessage, { OpenMessage: { client_key: KEY } });
  for (const n of [0n, 1n, MAX]) add('service_message', `AckMessage ${n}`, p.ServiceMessage, { AckMessage: { last_incoming_sequence_num: n } });
  add('service_message', 'KeepAliveMessage', p.ServiceMessage, { KeepAliveMessage: { last_incoming_sequence_num: 12n } });
  for (const reason of REASONS) add('service_message', `CloseMessage ${reason}`, p.ServiceMessage, { CloseMessage: { reason: { [reason]: null } } });
  add('app_message', 'ordinary', p.AppMessage, { text: 'ping \u2013 \u21c4', timestamp: TIME });
  add('app_message', 'empty text', p.AppMessage, { text: '', timestamp: 0n });
  return out;
}

// Valid at the expected type, though encoded from another one.
function otherTypeCases() {
  const out = [];
  const add = (kind, name, types, values, read) => out.push([kind, name, encodeAs(types, values), read]);
  const WideKey = IDL.Record({ client_principal: IDL.Principal, client_nonce: IDL.Nat64, device: IDL.Opt(IDL.Text), zzz: IDL.Vec(IDL.Nat) });
  const wideKey = { ...KEY, device: ['phone'], zzz: [1n, 1n << 80n] };
  add('ws_open_args', 'unknown fields', [IDL.Record({ aaa: IDL.Text, client_nonce: IDL.Nat64, extra: IDL.Record({ a: IDL.Nat8, b: IDL.Vec(IDL.Text) }), gateway_principal: IDL.Principal })],
    [{ aaa: 'x', ...OPEN, extra: { a: 1, b: ['y', 'z'] } }], [OPEN]);
  add('ws_open_args', 'unknown argument after', [p.OpenArgs, IDL.Text], [OPEN, 'more'], [OPEN]);
  add('ws_close_args', 'unknown fields in the client key', [IDL.Record({ client_key: WideKey })], [{ client_key: wideKey }], [{ client_key: KEY }]);
  add('ws_message_args', 'second argument present', [p.MessageArgs, IDL.Opt(p.AppMessage)], [{ msg: MESSAGE }, [{ text: 'hello', timestamp: 1n }]],
    [{ msg: MESSAGE }, [{ text: 'hello', timestamp: 1n }]]);
  add('ws_message_args', 'second argument left out', [p.MessageArgs], [{ msg: MESSAGE }], [{ msg: MESSAGE }, []]);
  add('ws_message_args', 'second argument null', [p.MessageArgs, IDL.Null], [{ msg: MESSAGE }, null], [{ msg: MESSAGE }, []]);
  add('ws_message_args', 'second argument of another type', [p.MessageArgs, IDL.Opt(IDL.Vec(IDL.Nat))], [{ msg: MESSAGE }, [[1n, 2n]]], [{ msg: MESSAGE }, []]);
  const Wide = IDL.Record({ messages: IDL.Vec(IDL.Record({ client_key: WideKey, key: IDL.Text, content: IDL.Vec(IDL.Nat8), height: IDL.Nat })), cert: IDL.Vec(IDL.Nat8), tree: IDL.Vec(IDL.Nat8), is_end_of_queue: IDL.Bool });
  const { messages, ...rest } = batch(1);
  add('ws_get_messages_result', 'unknown fields in the messages', [p.resultOf(Wide)], [{ Ok: { ...rest, messages: [{ ...messages[0], client_key: wideKey, height: 1n << 70n }] } }],
    [{ Ok: { ...rest, messages, is_end_of_queue: [true] } }]);
  add('ws_get_messages_result', 'is_end_of_queue as opt bool', [p.resultOf(p.ReadCertifiedMessages)], [{ Ok: { ...batch(0), is_end_of_queue: [false] } }], [{ Ok: { ...batch(0), is_end_of_queue: [false] } }]);
  add('ws_get_messages_result', 'variant with the case of the value alone', [IDL.Variant({ Ok: p.CertifiedMessages })], [{ Ok: batch(0) }], [{ Ok: { ...batch(0), is_end_of_queue: [true] } }]);
  add('result', 'variant with a third case', [IDL.Variant({ Ok: IDL.Null, Err: IDL.Text, Later: IDL.Nat })], [{ Ok: null }], [{ Ok: null }]);
  add('service_message', 'variant with the case of the value alone', [IDL.Variant({ AckMessage: IDL.Record({ last_incoming_sequence_num: IDL.Nat64 }) })],
    [{ AckMessage: { last_incoming_sequence_num: 5n } }], [{ AckMessage: { last_incoming_sequence_num: 5n } }]);
  add('service_message', 'variant with more cases', [IDL.Variant({ AckMessage: IDL.Record({ last_incoming_sequence_num: IDL.Nat64, delay: IDL.Nat32 }), Ping: IDL.Null, CloseMessage: IDL.Record({ reason: p.CloseReason }) })],
    [{ AckMessage: { last_incoming_sequence_num: 5n, delay: 7 } }], [{ AckMessage: { last_incoming_sequence_num: 5n } }]);
  add('service_message', 'close reason among more of them', [IDL.Variant({ CloseMessage: IDL.Record({ reason: IDL.Variant({ ClosedByApplication: IDL.Null, Maintenance: IDL.Text }) }) })],
    [{ CloseMessage: { reason: { ClosedByApplication: null } } }], [{ CloseMessage: { reason: { ClosedByApplication: null } } }]);
  add('app_message', 'unknown fields', [IDL.Record({ text: IDL.Text, timestamp: IDL.Nat64, user: IDL.Principal })], [{ text: 'hi', timestamp: 2n, user: CLIENT }], [{ text: 'hi', timestamp: 2n }]);
  return out;
}

// ws_open arguments written by hand: the body of the usual encoding under another type table.
const F_NONCE = unhex('f3eec6b402'); // field id of client_nonce
const F_GATEWAY = unhex('bbd1eacd0e'); // field id of gateway_principal
const RECORD = concat(unhex('6c02'), F_NONCE, unhex('68'), F_GATEWAY, unhex('78'));
const didl = (...parts) => concat(utf8('DIDL'), ...parts);
const openBody = encodeAs([p.OpenArgs], [OPEN]).slice(4 + 1 + RECORD.length + 2);

function handWritten() {
  const usual = encodeAs([p.OpenArgs], [OPEN]);
  const type = RECORD;
  assert(equal(usual, didl(unhex('01'), type, unhex('0100'), openBody)), 'hand-written layout');
  const valid = [
    ['unused table entries, one of them recursive', didl(unhex('03'), unhex('6e01'), unhex('6d00'), type, unhex('0102'), openBody)],
    ['the same type twice in the table', didl(unhex('02'), type, type, unhex('0101'), openBody)],
    ['table length as over-long LEB128', didl(unhex('8100'), type, unhex('0100'), openBody)],
  ].map(([name, bytes]) => ['ws_open_args', name, bytes, [OPEN]]);
  const invalid = [
    ['fields not in order of their ids', didl(unhex('01'), unhex('6c02'), type.slice(8), type.slice(2, 8), unhex('0100'), openBody)],
    ['field id twice', didl(unhex('01'), unhex('6c03'), type.slice(2, 8), type.slice(2), unhex('0100'), openBody)],
    ['type index beyond the table', didl(unhex('01'), type, unhex('0101'), openBody)],
    ['unknown primitive type', didl(unhex('01'), type, unhex('0150'), openBody)],
    ['primitive type in the table', didl(unhex('02'), type, unhex('78'), unhex('0100'), openBody)],
    ['principal as an opaque reference', didl(unhex('01'), type, unhex('0100'), Uint8Array.of(0), openBody.slice(1))],
    ['principal of 30 bytes', didl(unhex('01'), type, unhex('0100'), unhex('011e'), seeded('thirty', 30), openBody.slice(-8))],
    ['principal longer than the message', didl(unhex('01'), type, unhex('0100'), unhex('01ffffffff0f'), openBody.slice(2))],
    ['wrong magic', concat(utf8('DIDM'), usual.slice(4))],
    ['magic only', utf8('DIDL')],
    ['empty', new Uint8Array()],
    ['table longer than the message', didl(unhex('ffffffff0f'), type, unhex('0100'), openBody)],
    ['LEB128 without end', didl(unhex('ff'.repeat(40)))],
    ['more arguments announced than there are', didl(unhex('01'), type, unhex('7f00'), openBody)],
  ].map(([reason, bytes]) => ['ws_open_args', reason, bytes]);
  return { valid, invalid };
}

function invalidCases() {
  const out = [];
  const add = (kind, reason, types, values) => out.push([kind, reason, encodeAs(types, values)]);
  add('ws_open_args', 'field missing', [IDL.Record({ client_nonce: IDL.Nat64 })], [OPEN]);
  add('ws_open_args', 'nonce as nat32', [IDL.Record({ client_nonce: IDL.Nat32, gateway_principal: IDL.Principal })], [{ ...OPEN, client_nonce: 1 }]);
  add('ws_open_args', 'nonce as nat', [IDL.Record({ client_nonce: IDL.Nat, gateway_principal: IDL.Principal })], [OPEN]);
  add('ws_open_args', 'nonce as opt nat64', [IDL.Record({ client_nonce: IDL.Opt(IDL.Nat64), gateway_principal: IDL.Principal })], [{ ...OPEN, client_nonce: [1n] }]);
  add('ws_open_args', 'gateway as text', [IDL.Record({ client_nonce: IDL.Nat64, gateway_principal: IDL.Text })], [{ ...OPEN, gateway_principal: GATEWAY.toText() }]);
  add('ws_open_args', 'no argument', [], []);
  add('ws_open_args', 'argument is a variant', [p.Result], [{ Ok: null }]);
  add('ws_message_args', 'msg missing', [IDL.Record({}), IDL.Opt(p.AppMessage)], [{}, []]);
  const { timestamp: _, ...untimed } = MESSAGE;
  add('ws_message_args', 'timestamp missing', [IDL.Record({ msg: IDL.Record({ client_key: p.ClientKey, sequence_num: IDL.Nat64, is_service_message: IDL.Bool, content: IDL.Vec(IDL.Nat8) }) }), IDL.Null], [{ msg: untimed }, null]);
  add('ws_message_args', 'content as text', [IDL.Record({ msg: IDL.Record({ client_key: p.ClientKey, sequence_num: IDL.Nat64, timestamp: IDL.Nat64, is_service_message: IDL.Bool, content: IDL.Text }) }), IDL.Null], [{ msg: { ...MESSAGE, content: 'text' } }, null]);
  add('ws_close_args', 'client key missing', [IDL.Record({})], [{}]);
  add('ws_get_messages_args', 'nonce as int', [IDL.Record({ nonce: IDL.Int })], [{ nonce: 1n }]);
  add('ws_get_messages_result', 'key missing in a message', [p.resultOf(IDL.Record({ messages: IDL.Vec(IDL.Record({ client_key: p.ClientKey, content: IDL.Vec(IDL.Nat8) })), cert: IDL.Vec(IDL.Nat8), tree: IDL.Vec(IDL.Nat8), is_end_of_queue: IDL.Bool }))], [{ Ok: batch(1) }]);
  add('ws_get_messages_result', 'cert missing', [p.resultOf(IDL.Record({ messages: IDL.Vec(p.OutputMessage), tree: IDL.Vec(IDL.Nat8), is_end_of_queue: IDL.Bool }))], [{ Ok: batch(1) }]);
  add('ws_get_messages_result', 'neither Ok nor Err', [IDL.Variant({ Later: IDL.Null })], [{ Later: null }]);
  add('result', 'Err without text', [IDL.Variant({ Ok: IDL.Null, Err: IDL.Nat })], [{ Err: 1n }]);
  add('result', 'neither Ok nor Err', [IDL.Variant({ Ok: IDL.Null, Later: IDL.Null })], [{ Later: null }]);
  add('service_message', 'unknown variant', [IDL.Variant({ AckMessage: IDL.Record({ last_incoming_sequence_num: IDL.Nat64 }), PingMessage: IDL.Null })], [{ PingMessage: null }]);
  add('service_message', 'ack as nat32', [IDL.Variant({ AckMessage: IDL.Record({ last_incoming_sequence_num: IDL.Nat32 }) })], [{ AckMessage: { last_incoming_sequence_num: 5 } }]);
  add('service_message', 'unknown close reason', [IDL.Variant({ CloseMessage: IDL.Record({ reason: IDL.Variant({ Maintenance: IDL.Null }) }) })], [{ CloseMessage: { reason: { Maintenance: null } } }]);
  add('service_message', 'OpenMessage without a client key', [IDL.Variant({ OpenMessage: IDL.Record({}) })], [{ OpenMessage: {} }]);
  add('service_message', 'an application message', [p.AppMessage], [{ text: 'hi', timestamp: 1n }]);
  return out;
}

// Good bytes with damage that every kind must notice.
function damaged() {
  const out = [];
  for (const [kind, , bytes] of plainCases().filter(([, name]) => ['ordinary', '1 messages', 'Err', 'OpenMessage', 'nonce 51'].includes(name))) {
    out.push([kind, 'trailing byte', concat(bytes, Uint8Array.of(0))]);
    out.push([kind, 'last byte missing', bytes.slice(0, -1)]);
  }
  const err = encodeAs([p.Result], [{ Err: 'ab' }]);
  out.push(['result', 'text is not UTF-8', concat(err.slice(0, -1), Uint8Array.of(0xff))]);
  out.push(['result', 'text longer than the message', concat(err.slice(0, -3), unhex('ffffffff0f'), utf8('ab'))]);
  out.push(['result', 'index of the variant beyond its cases', concat(err.slice(0, -4), Uint8Array.of(2), err.slice(-3))]);
  const message = p.encodeMessageArgs(MESSAGE);
  const at = Buffer.from(message).indexOf(Buffer.from(concat(Uint8Array.of(6), MESSAGE.content)));
  assert(at > 0, 'content in the message');
  out.push(['ws_message_args', 'content longer than the message', concat(message.slice(0, at), unhex('ffffffffffffffff7f'), message.slice(at + 1))]);
  out.push(['ws_message_args', 'bool is neither 0 nor 1', boolDamaged(message)]);
  return out;
}

// is_service_message is the byte that differs between the encodings of false and true.
function boolDamaged(message) {
  const other = p.encodeMessageArgs({ ...MESSAGE, is_service_message: true });
  const copy = new Uint8Array(message);
  copy[message.findIndex((byte, i) => byte !== other[i])] = 2;
  return copy;
}

// What the official package reads, as JSON text; null where it refuses the bytes.
function official(kind, bytes) {
  try {
    return JSON.stringify(p.toJson(IDL.decode(READ[kind], bytes).map(asBlobs)));
  } catch {
    return null;
  }
}

function asBlobs(value) {
  if (value?._isPrincipal || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(asBlobs);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).sort().map(([k, v]) => [k, asBlobs(v)]));
  return value;
}

function validCase([kind, name, bytes, values]) {
  const read = official(kind, bytes);
  const wanted = p.toJson(values.map(asBlobs));
  const agrees = read === JSON.stringify(wanted);
  assert(agrees || read === null, `Candid of ${kind}, ${name}: ${read}`);
  return { kind, name, expected: 'valid', value: p.toJson(values[0]), hex: hex(bytes), official_package: agrees ? 'accepts' : 'rejects' };
}

export default async function protocolCandid() {
  const hand = handWritten();
  const valid = [...plainCases(), ...otherTypeCases(), ...hand.valid].map(validCase);
  const invalid = [...invalidCases(), ...damaged(), ...hand.invalid].map(([kind, reason, bytes]) => ({
    kind, name: reason, expected: 'invalid', hex: hex(bytes), official_package: official(kind, bytes) === null ? 'rejects' : 'accepts',
  }));
  return {
    about: 'Candid of the protocol types, made with @dfinity/candid 3.4.3 by tests/interop; hex and blobs in value are hex, integers decimal text, opt a list, value is the first argument. Other encoders may lay out the type table in another way: decode and compare. expected is the rule; official_package is what @dfinity/candid says to the same bytes.',
    cases: [...valid, ...invalid],
  };
}
