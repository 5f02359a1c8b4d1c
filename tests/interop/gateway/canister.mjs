// SPDX-License-Identifier: Apache-2.0
// A canister with one client: it certifies what a script says, and judges what the client sends with the official packages.

import { Cbor } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { equal } from '../lib/bytes.mjs';
import { canisterId, dataTree, delegate, encodeCertificate, SUBNET } from '../lib/certificate.mjs';
import { judgeEnvelope } from '../lib/envelope.mjs';
import { digest, encodeTree } from '../lib/hashtree.mjs';
import * as protocol from '../lib/protocol.mjs';
import { CANISTER, message, messageTree } from '../lib/session.mjs';
import { KITS } from './kits.mjs';

const clock = () => BigInt(Date.now()) * 1_000_000n;
const RANGES = [[canisterId(0), canisterId(9)]];

// A fault of the client: it ends the session, and the test sees it in the report.
export class Fault extends Error {}

function demand(condition, what) {
  if (!condition) throw new Fault(what);
}

// What the network checks of a call. The reference drops members that it does not know; the signature then fails here.
function admit(body) {
  const envelope = Cbor.decode(body);
  const verdict = judgeEnvelope(envelope, clock());
  demand(verdict === 'valid', `the envelope is judged ${verdict}`);
  demand(equal(envelope.content.canister_id, CANISTER.toUint8Array()), 'the call is for another canister');
  return envelope.content;
}

function decodeArg(types, arg) {
  try {
    return IDL.decode(types, arg);
  } catch (error) {
    throw new Fault(`the argument does not decode: ${error.message}`);
  }
}

export class Canister {
  // |deliver| takes what the canister has certified: {key, content, cert, tree}.
  constructor(kit, deliver) {
    this.write = KITS[kit];
    this.deliver = deliver;
    this.sent = 0;
    this.received = 0n;
    this.delegation = delegate({ flat: RANGES, time: clock() });
  }

  open(body, gateway) {
    const call = admit(body);
    demand(call.method_name === 'ws_open', `the first call is ${call.method_name}`);
    const [{ client_nonce, gateway_principal }] = decodeArg([protocol.OpenArgs], call.arg);
    demand(gateway_principal.toText() === gateway.toText(), 'ws_open names another gateway');
    this.clientKey = { client_principal: Principal.fromUint8Array(call.sender), client_nonce };
  }

  // Returns {text} or {keepAlive}: what the client said.
  hear(body) {
    const call = admit(body);
    demand(call.method_name === 'ws_message', `a later call is ${call.method_name}`);
    const [{ msg }, app] = decodeArg([protocol.MessageArgs, IDL.Opt(protocol.AppMessage)], call.arg);
    demand(app.length === 0, 'the second argument is not null');
    demand(equal(call.sender, msg.client_key.client_principal.toUint8Array()), 'the sender is not the client');
    demand(equal(call.sender, this.clientKey.client_principal.toUint8Array()), 'the sender is another client');
    demand(msg.client_key.client_nonce === this.clientKey.client_nonce, 'the client nonce has changed');
    demand(msg.sequence_num === this.received + 1n, `number ${msg.sequence_num} after ${this.received}`);
    this.received = msg.sequence_num;
    const content = new Uint8Array(msg.content);
    if (!msg.is_service_message) return { text: decodeArg([protocol.AppMessage], content)[0].text };
    const [service] = decodeArg([protocol.ServiceMessage], content);
    demand('KeepAliveMessage' in service, `a service message is ${Object.keys(service)}`);
    return { keepAlive: service.KeepAliveMessage.last_incoming_sequence_num };
  }

  // One message; |fields| replace what would be right.
  #make(payload, service, fields = {}) {
    const seq = (this.sent += 1);
    return message({ seq, payload, service, clientKey: this.clientKey, timestamp: clock(), write: this.write, ...fields });
  }

  // One certificate and one tree for all of |messages|; |how| does it wrongly.
  #certify(messages, how = {}) {
    const { messages: shownMessages = messages, canister = CANISTER, signer = SUBNET } = how;
    const shown = messageTree(shownMessages).shown;
    const data = dataTree({ canister, certifiedData: digest(shown), time: clock() - (how.age ?? 0n) });
    const cert = encodeCertificate(data, signer, how.delegation ?? this.delegation);
    const same = bytes => bytes;
    const { alterCert = same, alterTree = same, alterContent = same } = how;
    for (const { key, content } of messages)
      this.deliver({ key, content: alterContent(content), cert: alterCert(cert), tree: alterTree(encodeTree(shown)) }, how);
  }

  // Messages of the application, as one poll of the gateway fetches them.
  say(texts, how) {
    const payloads = texts.map(text => protocol.encode(protocol.AppMessage, { text, timestamp: clock() }));
    this.#certify(
      payloads.map(payload => this.#make(payload, false, how?.fields)),
      how,
    );
  }

  service(payload, how) {
    this.#certify([this.#make(payload, true, how?.fields)], how);
  }

  accept(how) {
    this.service(protocol.openMessage(how?.openKey ?? this.clientKey), how);
  }

  ack(number = this.received) {
    this.service(protocol.ackMessage(number));
  }

  close(reason) {
    this.service(protocol.closeMessage(reason));
  }
}
