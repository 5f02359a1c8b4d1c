// SPDX-License-Identifier: Apache-2.0
// The Candid types of IC WebSocket, and the CBOR of its messages.

import { IDL } from '@dfinity/candid';
import { Cbor } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';

export const ClientKey = IDL.Record({ client_principal: IDL.Principal, client_nonce: IDL.Nat64 });
const WebsocketMessage = IDL.Record({
  client_key: ClientKey,
  sequence_num: IDL.Nat64,
  timestamp: IDL.Nat64,
  is_service_message: IDL.Bool,
  content: IDL.Vec(IDL.Nat8),
});
export const AppMessage = IDL.Record({ text: IDL.Text, timestamp: IDL.Nat64 });
export const OutputMessage = IDL.Record({ client_key: ClientKey, key: IDL.Text, content: IDL.Vec(IDL.Nat8) });
export const CertifiedMessages = IDL.Record({
  messages: IDL.Vec(OutputMessage),
  cert: IDL.Vec(IDL.Nat8),
  tree: IDL.Vec(IDL.Nat8),
  is_end_of_queue: IDL.Bool,
});
// Canisters built before is_end_of_queue was introduced leave it out.
export const OldCertifiedMessages = IDL.Record({
  messages: IDL.Vec(OutputMessage),
  cert: IDL.Vec(IDL.Nat8),
  tree: IDL.Vec(IDL.Nat8),
});
export const ReadCertifiedMessages = IDL.Record({
  messages: IDL.Vec(OutputMessage),
  cert: IDL.Vec(IDL.Nat8),
  tree: IDL.Vec(IDL.Nat8),
  is_end_of_queue: IDL.Opt(IDL.Bool),
});
export const CloseReason = IDL.Variant({
  WrongSequenceNumber: IDL.Null,
  InvalidServiceMessage: IDL.Null,
  KeepAliveTimeout: IDL.Null,
  ClosedByApplication: IDL.Null,
});
const Progress = IDL.Record({ last_incoming_sequence_num: IDL.Nat64 });
export const ServiceMessage = IDL.Variant({
  OpenMessage: IDL.Record({ client_key: ClientKey }),
  AckMessage: Progress,
  KeepAliveMessage: Progress,
  CloseMessage: IDL.Record({ reason: CloseReason }),
});
export const Result = IDL.Variant({ Ok: IDL.Null, Err: IDL.Text });
export const resultOf = ok => IDL.Variant({ Ok: ok, Err: IDL.Text });

export const OpenArgs = IDL.Record({ client_nonce: IDL.Nat64, gateway_principal: IDL.Principal });
export const MessageArgs = IDL.Record({ msg: WebsocketMessage });
export const CloseArgs = IDL.Record({ client_key: ClientKey });
export const GetMessagesArgs = IDL.Record({ nonce: IDL.Nat64 });

export const encode = (type, value) => new Uint8Array(IDL.encode([type], [value]));
const encodeService = value => encode(ServiceMessage, value);
export const encodeOpenArgs = value => encode(OpenArgs, value);
export const encodeMessageArgs = (msg, app = []) => new Uint8Array(IDL.encode([MessageArgs, IDL.Opt(AppMessage)], [{ msg }, app]));

export const openMessage = clientKey => encodeService({ OpenMessage: { client_key: clientKey } });
export const ackMessage = n => encodeService({ AckMessage: { last_incoming_sequence_num: n } });
export const keepAliveMessage = n => encodeService({ KeepAliveMessage: { last_incoming_sequence_num: n } });
export const closeMessage = reason => encodeService({ CloseMessage: { reason: { [reason]: null } } });

// The CBOR of a canister message's content, as a canister of the Rust kit writes it: self-described.
export function encodeContent({ clientKey, sequenceNum, timestamp, isServiceMessage, content }) {
  return Cbor.encode({
    client_key: {
      client_principal: clientKey.client_principal.toUint8Array(),
      client_nonce: clientKey.client_nonce,
    },
    sequence_num: sequenceNum,
    timestamp,
    is_service_message: isServiceMessage,
    content,
  });
}

// What the gateway relays to the client. The reference gateway writes it without the self-describe tag.
export const encodeRelayed = ({ key, content, cert, tree }) => Cbor.encode({ key, content, cert, tree }).slice(3);

export const messageKey = (gateway, nonce) => `${gateway.toText()}_${nonce.toString().padStart(20, '0')}`;

// Values for the JSON files: integers as decimal text, blobs as hex, principals as text.
export function toJson(value) {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Principal || value?._isPrincipal) return value.toText();
  if (Array.isArray(value)) return value.map(toJson);
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
  return value;
}
