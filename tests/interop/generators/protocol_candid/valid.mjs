// SPDX-License-Identifier: Apache-2.0
// Bytes that must decode: [kind, name, bytes, values].

import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { canisterId } from '../../lib/certificate.mjs';
import { seeded } from '../../lib/bytes.mjs';
import * as p from '../../lib/protocol.mjs';
import { batch, CLIENT, encodeAs, KEY, MAX, MESSAGE, OPEN, TIME } from './samples.mjs';

const REASONS = ['WrongSequenceNumber', 'InvalidServiceMessage', 'KeepAliveTimeout', 'ClosedByApplication'];

export function plainCases() {
  const out = [];
  const add = (kind, name, type, value) => out.push([kind, name, encodeAs([type], [value]), [value]]);
  add('ws_open_args', 'ordinary', p.OpenArgs, OPEN);
  add('ws_open_args', 'largest nonce, canister as gateway', p.OpenArgs, { client_nonce: MAX, gateway_principal: canisterId(7) });
  add('ws_open_args', 'nonce 0, anonymous gateway', p.OpenArgs, { client_nonce: 0n, gateway_principal: Principal.anonymous() });
  for (const [name, fields] of [
    ['ordinary', {}],
    ['empty content', { content: new Uint8Array() }],
    ['edges', { sequence_num: MAX, timestamp: 0n }],
    ['keep-alive', { sequence_num: 2n, is_service_message: true, content: p.keepAliveMessage(9n) }],
    ['300 bytes of content', { content: seeded('long', 300) }],
  ])
    out.push(['ws_message_args', name, p.encodeMessageArgs({ ...MESSAGE, ...fields }), [{ msg: { ...MESSAGE, ...fields } }, []]]);
  add('ws_close_args', 'ordinary', p.CloseArgs, { client_key: KEY });
  for (const nonce of [0n, 51n, MAX]) add('ws_get_messages_args', `nonce ${nonce}`, p.GetMessagesArgs, { nonce });
  for (const count of [0, 1, 3]) {
    const read = { Ok: { ...batch(count), is_end_of_queue: [batch(count).is_end_of_queue] } };
    out.push([
      'ws_get_messages_result',
      `${count} messages`,
      encodeAs([p.resultOf(p.CertifiedMessages)], [{ Ok: batch(count) }]),
      [read],
    ]);
  }
  const { is_end_of_queue: _, ...older } = batch(1);
  out.push([
    'ws_get_messages_result',
    'older canister: is_end_of_queue left out',
    encodeAs([p.resultOf(p.OldCertifiedMessages)], [{ Ok: older }]),
    [{ Ok: { ...older, is_end_of_queue: [] } }],
  ]);
  out.push([
    'ws_get_messages_result',
    'error',
    encodeAs([p.resultOf(p.CertifiedMessages)], [{ Err: 'no such gateway' }]),
    [{ Err: 'no such gateway' }],
  ]);
  add('result', 'Ok', p.Result, { Ok: null });
  add('result', 'Err', p.Result, { Err: 'Client with principal not connected \u2013 \u00e9' });
  add('result', 'empty Err', p.Result, { Err: '' });
  add('service_message', 'OpenMessage', p.ServiceMessage, { OpenMessage: { client_key: KEY } });
  for (const n of [0n, 1n, MAX])
    add('service_message', `AckMessage ${n}`, p.ServiceMessage, { AckMessage: { last_incoming_sequence_num: n } });
  add('service_message', 'KeepAliveMessage', p.ServiceMessage, { KeepAliveMessage: { last_incoming_sequence_num: 12n } });
  for (const reason of REASONS)
    add('service_message', `CloseMessage ${reason}`, p.ServiceMessage, { CloseMessage: { reason: { [reason]: null } } });
  add('app_message', 'ordinary', p.AppMessage, { text: 'ping \u2013 \u21c4', timestamp: TIME });
  add('app_message', 'empty text', p.AppMessage, { text: '', timestamp: 0n });
  return out;
}

// Valid at the expected type, though encoded from another one.
export function otherTypeCases() {
  const out = [];
  const add = (kind, name, types, values, read) => out.push([kind, name, encodeAs(types, values), read]);
  const WideKey = IDL.Record({
    client_principal: IDL.Principal,
    client_nonce: IDL.Nat64,
    device: IDL.Opt(IDL.Text),
    zzz: IDL.Vec(IDL.Nat),
  });
  const wideKey = { ...KEY, device: ['phone'], zzz: [1n, 1n << 80n] };
  add(
    'ws_open_args',
    'unknown fields',
    [
      IDL.Record({
        aaa: IDL.Text,
        client_nonce: IDL.Nat64,
        extra: IDL.Record({ a: IDL.Nat8, b: IDL.Vec(IDL.Text) }),
        gateway_principal: IDL.Principal,
      }),
    ],
    [{ aaa: 'x', ...OPEN, extra: { a: 1, b: ['y', 'z'] } }],
    [OPEN],
  );
  add('ws_open_args', 'unknown argument after', [p.OpenArgs, IDL.Text], [OPEN, 'more'], [OPEN]);
  add(
    'ws_close_args',
    'unknown fields in the client key',
    [IDL.Record({ client_key: WideKey })],
    [{ client_key: wideKey }],
    [{ client_key: KEY }],
  );
  add(
    'ws_message_args',
    'second argument present',
    [p.MessageArgs, IDL.Opt(p.AppMessage)],
    [{ msg: MESSAGE }, [{ text: 'hello', timestamp: 1n }]],
    [{ msg: MESSAGE }, [{ text: 'hello', timestamp: 1n }]],
  );
  add('ws_message_args', 'second argument left out', [p.MessageArgs], [{ msg: MESSAGE }], [{ msg: MESSAGE }, []]);
  add('ws_message_args', 'second argument null', [p.MessageArgs, IDL.Null], [{ msg: MESSAGE }, null], [{ msg: MESSAGE }, []]);
  add(
    'ws_message_args',
    'second argument of another type',
    [p.MessageArgs, IDL.Opt(IDL.Vec(IDL.Nat))],
    [{ msg: MESSAGE }, [[1n, 2n]]],
    [{ msg: MESSAGE }, []],
  );
  const Wide = IDL.Record({
    messages: IDL.Vec(IDL.Record({ client_key: WideKey, key: IDL.Text, content: IDL.Vec(IDL.Nat8), height: IDL.Nat })),
    cert: IDL.Vec(IDL.Nat8),
    tree: IDL.Vec(IDL.Nat8),
    is_end_of_queue: IDL.Bool,
  });
  const { messages, ...rest } = batch(1);
  add(
    'ws_get_messages_result',
    'unknown fields in the messages',
    [p.resultOf(Wide)],
    [{ Ok: { ...rest, messages: [{ ...messages[0], client_key: wideKey, height: 1n << 70n }] } }],
    [{ Ok: { ...rest, messages, is_end_of_queue: [true] } }],
  );
  add(
    'ws_get_messages_result',
    'is_end_of_queue as opt bool',
    [p.resultOf(p.ReadCertifiedMessages)],
    [{ Ok: { ...batch(0), is_end_of_queue: [false] } }],
    [{ Ok: { ...batch(0), is_end_of_queue: [false] } }],
  );
  add(
    'ws_get_messages_result',
    'variant with the case of the value alone',
    [IDL.Variant({ Ok: p.CertifiedMessages })],
    [{ Ok: batch(0) }],
    [{ Ok: { ...batch(0), is_end_of_queue: [true] } }],
  );
  add(
    'result',
    'variant with a third case',
    [IDL.Variant({ Ok: IDL.Null, Err: IDL.Text, Later: IDL.Nat })],
    [{ Ok: null }],
    [{ Ok: null }],
  );
  add(
    'service_message',
    'variant with the case of the value alone',
    [IDL.Variant({ AckMessage: IDL.Record({ last_incoming_sequence_num: IDL.Nat64 }) })],
    [{ AckMessage: { last_incoming_sequence_num: 5n } }],
    [{ AckMessage: { last_incoming_sequence_num: 5n } }],
  );
  add(
    'service_message',
    'variant with more cases',
    [
      IDL.Variant({
        AckMessage: IDL.Record({ last_incoming_sequence_num: IDL.Nat64, delay: IDL.Nat32 }),
        Ping: IDL.Null,
        CloseMessage: IDL.Record({ reason: p.CloseReason }),
      }),
    ],
    [{ AckMessage: { last_incoming_sequence_num: 5n, delay: 7 } }],
    [{ AckMessage: { last_incoming_sequence_num: 5n } }],
  );
  add(
    'service_message',
    'close reason among more of them',
    [IDL.Variant({ CloseMessage: IDL.Record({ reason: IDL.Variant({ ClosedByApplication: IDL.Null, Maintenance: IDL.Text }) }) })],
    [{ CloseMessage: { reason: { ClosedByApplication: null } } }],
    [{ CloseMessage: { reason: { ClosedByApplication: null } } }],
  );
  add(
    'app_message',
    'unknown fields',
    [IDL.Record({ text: IDL.Text, timestamp: IDL.Nat64, user: IDL.Principal })],
    [{ text: 'hi', timestamp: 2n, user: CLIENT }],
    [{ text: 'hi', timestamp: 2n }],
  );
  return out;
}
