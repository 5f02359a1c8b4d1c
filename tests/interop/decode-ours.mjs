// SPDX-License-Identifier: Apache-2.0
// Decodes with the official packages what libicws has encoded. One JSON object a line on stdin, {kind, hex, ...}; one
// JSON line of decoded values each on stdout. Stops with exit code 1 at the first that the packages refuse. See README.md.

import { webcrypto } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Cbor, Certificate } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { equal, hex, unhex } from './lib/bytes.mjs';
import { judgeEnvelope, requestId } from './lib/envelope.mjs';
import * as p from './lib/protocol.mjs';

globalThis.crypto ??= webcrypto; // Node 18

// Integers come as number or bigint, by their size: all become decimal text.
const integers = (_, value) => (typeof value === 'number' ? String(value) : value);
const cbor = bytes => JSON.parse(JSON.stringify(p.toJson(Cbor.decode(bytes))), integers);

const candid =
  (...types) =>
  bytes =>
    IDL.decode(types, bytes).map(p.toJson);

function envelopeFrame(bytes, { now_ns: now }) {
  const { envelope } = Cbor.decode(bytes);
  const verdict = judgeEnvelope(envelope, now === undefined ? undefined : BigInt(now));
  if (verdict !== 'valid') throw new Error(verdict);
  const { content, sender_delegation: delegations = [] } = envelope;
  const text = blob => Principal.fromUint8Array(blob).toText();
  return {
    request_id: hex(requestId(content)),
    request_type: content.request_type,
    sender: text(content.sender),
    canister_id: text(content.canister_id),
    method: content.method_name,
    arg: hex(content.arg),
    ingress_expiry: String(content.ingress_expiry),
    nonce: content.nonce ? hex(content.nonce) : null,
    delegations: delegations.length,
  };
}

function principal(bytes, { text }) {
  const read = text === undefined ? Principal.fromUint8Array(bytes) : Principal.fromText(text);
  if (!equal(read.toUint8Array(), bytes)) throw new Error(`${text} is not the text of these bytes`);
  return { text: read.toText() };
}

// Its signature, delegation and ranges; not its age.
async function certificate(bytes, { root_key: rootKey, canister_id: canister }) {
  const id = Principal.fromText(canister);
  const options = { certificate: bytes, rootKey: unhex(rootKey), canisterId: id, disableTimeVerification: true };
  const verified = await Certificate.create(options);
  const found = verified.lookup_path(['canister', id.toUint8Array(), 'certified_data']);
  return { certified_data: found.status === 'Found' ? hex(found.value) : null };
}

const KINDS = {
  ws_open_args: candid(p.OpenArgs),
  ws_message_args: candid(p.MessageArgs, IDL.Opt(IDL.Reserved)),
  ws_close_args: candid(p.CloseArgs),
  ws_get_messages_args: candid(p.GetMessagesArgs),
  ws_get_messages_result: candid(p.resultOf(p.ReadCertifiedMessages)),
  result: candid(p.Result),
  service_message: candid(p.ServiceMessage),
  app_message: candid(p.AppMessage),
  handshake: cbor,
  relayed: cbor,
  content: cbor,
  envelope_frame: envelopeFrame,
  principal,
  certificate,
};

let number = 0;
for await (const line of createInterface({ input: process.stdin })) {
  number++;
  if (line.trim() === '') continue;
  try {
    const item = JSON.parse(line);
    if (!Object.hasOwn(KINDS, item.kind)) throw new Error(`unknown kind ${item.kind}`);
    const decoded = await KINDS[item.kind](unhex(item.hex), item);
    console.log(JSON.stringify({ kind: item.kind, decoded }));
  } catch (error) {
    console.error(`line ${number}: ${error.message}`);
    process.exit(1);
  }
}
