// SPDX-License-Identifier: Apache-2.0
// The interface of the local network's canisters, as a program that uses the SDK has it from its build tools.

import { Actor, HttpAgent } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';

const ClientKey = IDL.Record({ client_principal: IDL.Principal, client_nonce: IDL.Nat64 });
const WebsocketMessage = IDL.Record({
  client_key: ClientKey,
  sequence_num: IDL.Nat64,
  timestamp: IDL.Nat64,
  is_service_message: IDL.Bool,
  content: IDL.Vec(IDL.Nat8),
});
export const MessageArgs = IDL.Record({ msg: WebsocketMessage });
const Progress = IDL.Record({ last_incoming_sequence_num: IDL.Nat64 });
export const ServiceMessage = IDL.Variant({
  OpenMessage: IDL.Record({ client_key: ClientKey }),
  AckMessage: Progress,
  KeepAliveMessage: Progress,
  CloseMessage: IDL.Record({
    reason: IDL.Variant({
      WrongSequenceNumber: IDL.Null,
      InvalidServiceMessage: IDL.Null,
      KeepAliveTimeout: IDL.Null,
      ClosedByApplication: IDL.Null,
    }),
  }),
});

const AppMessage = IDL.Record({ text: IDL.Text, timestamp: IDL.Nat64 });
const ChatMessage = IDL.Record({ text: IDL.Text, timestamp: IDL.Nat64, sender: IDL.Opt(IDL.Principal) });

function serviceOf(message) {
  const OutputMessage = IDL.Record({ client_key: ClientKey, key: IDL.Text, content: IDL.Vec(IDL.Nat8) });
  const CertifiedMessages = IDL.Record({
    messages: IDL.Vec(OutputMessage),
    cert: IDL.Vec(IDL.Nat8),
    tree: IDL.Vec(IDL.Nat8),
    is_end_of_queue: IDL.Bool,
  });
  const Result = IDL.Variant({ Ok: IDL.Null, Err: IDL.Text });
  const MessagesResult = IDL.Variant({ Ok: CertifiedMessages, Err: IDL.Text });
  const OpenArgs = IDL.Record({ client_nonce: IDL.Nat64, gateway_principal: IDL.Principal });
  return IDL.Service({
    ws_open: IDL.Func([OpenArgs], [Result], []),
    ws_close: IDL.Func([IDL.Record({ client_key: ClientKey })], [Result], []),
    ws_message: IDL.Func([MessageArgs, IDL.Opt(message)], [Result], []),
    ws_get_messages: IDL.Func([IDL.Record({ nonce: IDL.Nat64 })], [MessagesResult], ['query']),
  });
}

export function actorOf(canisterId, networkUrl, name) {
  const message = name === 'chat' ? ChatMessage : AppMessage;
  return Actor.createActor(() => serviceOf(message), { agent: HttpAgent.createSync({ host: networkUrl }), canisterId });
}
