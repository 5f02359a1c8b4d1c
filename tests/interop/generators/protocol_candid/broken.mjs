// SPDX-License-Identifier: Apache-2.0
// Bytes that must be refused: [kind, reason, bytes].

import { IDL } from '@dfinity/candid';
import { concat, unhex, utf8 } from '../../lib/bytes.mjs';
import { assert } from '../../lib/files.mjs';
import * as p from '../../lib/protocol.mjs';
import { batch, encodeAs, GATEWAY, MESSAGE, OPEN } from './samples.mjs';
import { plainCases } from './valid.mjs';

export function invalidCases() {
  const out = [];
  const add = (kind, reason, types, values) => out.push([kind, reason, encodeAs(types, values)]);
  add('ws_open_args', 'field missing', [IDL.Record({ client_nonce: IDL.Nat64 })], [OPEN]);
  add(
    'ws_open_args',
    'nonce as nat32',
    [IDL.Record({ client_nonce: IDL.Nat32, gateway_principal: IDL.Principal })],
    [{ ...OPEN, client_nonce: 1 }],
  );
  add('ws_open_args', 'nonce as nat', [IDL.Record({ client_nonce: IDL.Nat, gateway_principal: IDL.Principal })], [OPEN]);
  add(
    'ws_open_args',
    'nonce as opt nat64',
    [IDL.Record({ client_nonce: IDL.Opt(IDL.Nat64), gateway_principal: IDL.Principal })],
    [{ ...OPEN, client_nonce: [1n] }],
  );
  add(
    'ws_open_args',
    'gateway as text',
    [IDL.Record({ client_nonce: IDL.Nat64, gateway_principal: IDL.Text })],
    [{ ...OPEN, gateway_principal: GATEWAY.toText() }],
  );
  add('ws_open_args', 'no argument', [], []);
  add('ws_open_args', 'argument is a variant', [p.Result], [{ Ok: null }]);
  add('ws_message_args', 'msg missing', [IDL.Record({}), IDL.Opt(p.AppMessage)], [{}, []]);
  const { timestamp: _, ...untimed } = MESSAGE;
  add(
    'ws_message_args',
    'timestamp missing',
    [
      IDL.Record({
        msg: IDL.Record({
          client_key: p.ClientKey,
          sequence_num: IDL.Nat64,
          is_service_message: IDL.Bool,
          content: IDL.Vec(IDL.Nat8),
        }),
      }),
      IDL.Null,
    ],
    [{ msg: untimed }, null],
  );
  add(
    'ws_message_args',
    'content as text',
    [
      IDL.Record({
        msg: IDL.Record({
          client_key: p.ClientKey,
          sequence_num: IDL.Nat64,
          timestamp: IDL.Nat64,
          is_service_message: IDL.Bool,
          content: IDL.Text,
        }),
      }),
      IDL.Null,
    ],
    [{ msg: { ...MESSAGE, content: 'text' } }, null],
  );
  add('ws_close_args', 'client key missing', [IDL.Record({})], [{}]);
  add('ws_get_messages_args', 'nonce as int', [IDL.Record({ nonce: IDL.Int })], [{ nonce: 1n }]);
  add(
    'ws_get_messages_result',
    'key missing in a message',
    [
      p.resultOf(
        IDL.Record({
          messages: IDL.Vec(IDL.Record({ client_key: p.ClientKey, content: IDL.Vec(IDL.Nat8) })),
          cert: IDL.Vec(IDL.Nat8),
          tree: IDL.Vec(IDL.Nat8),
          is_end_of_queue: IDL.Bool,
        }),
      ),
    ],
    [{ Ok: batch(1) }],
  );
  add(
    'ws_get_messages_result',
    'cert missing',
    [p.resultOf(IDL.Record({ messages: IDL.Vec(p.OutputMessage), tree: IDL.Vec(IDL.Nat8), is_end_of_queue: IDL.Bool }))],
    [{ Ok: batch(1) }],
  );
  add('ws_get_messages_result', 'neither Ok nor Err', [IDL.Variant({ Later: IDL.Null })], [{ Later: null }]);
  add('result', 'Err without text', [IDL.Variant({ Ok: IDL.Null, Err: IDL.Nat })], [{ Err: 1n }]);
  add('result', 'neither Ok nor Err', [IDL.Variant({ Ok: IDL.Null, Later: IDL.Null })], [{ Later: null }]);
  add(
    'service_message',
    'unknown variant',
    [IDL.Variant({ AckMessage: IDL.Record({ last_incoming_sequence_num: IDL.Nat64 }), PingMessage: IDL.Null })],
    [{ PingMessage: null }],
  );
  add(
    'service_message',
    'ack as nat32',
    [IDL.Variant({ AckMessage: IDL.Record({ last_incoming_sequence_num: IDL.Nat32 }) })],
    [{ AckMessage: { last_incoming_sequence_num: 5 } }],
  );
  add(
    'service_message',
    'unknown close reason',
    [IDL.Variant({ CloseMessage: IDL.Record({ reason: IDL.Variant({ Maintenance: IDL.Null }) }) })],
    [{ CloseMessage: { reason: { Maintenance: null } } }],
  );
  add('service_message', 'OpenMessage without a client key', [IDL.Variant({ OpenMessage: IDL.Record({}) })], [{ OpenMessage: {} }]);
  add('service_message', 'an application message', [p.AppMessage], [{ text: 'hi', timestamp: 1n }]);
  return out;
}

// Good bytes with damage that every kind must notice.
export function damaged() {
  const out = [];
  for (const [kind, , bytes] of plainCases().filter(([, name]) =>
    ['ordinary', '1 messages', 'Err', 'OpenMessage', 'nonce 51'].includes(name),
  )) {
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
  out.push([
    'ws_message_args',
    'content longer than the message',
    concat(message.slice(0, at), unhex('ffffffffffffffff7f'), message.slice(at + 1)),
  ]);
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
