// SPDX-License-Identifier: Apache-2.0
// The platform's WebSocket, with a look at what passes. The SDK says nothing of acks and keep-alives; here they show.
//
// The SDK asks the network for its root key and does not wait for the answer: a message that is there first fails. So that
// this cannot decide a test, the frame that opens the connection leaves when the answer is there.

import { Cbor } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { MessageArgs, ServiceMessage } from './interface.mjs';

const service = content => Object.keys(IDL.decode([ServiceMessage], content)[0])[0];

function kindOfSent(frame) {
  const { method_name, arg } = Cbor.decode(frame).envelope.content;
  if (method_name !== 'ws_message') return method_name;
  const [{ msg }] = IDL.decode([MessageArgs, IDL.Opt(IDL.Null)], arg);
  return msg.is_service_message ? service(new Uint8Array(msg.content)) : 'message';
}

function kindOfReceived(frame) {
  const relayed = Cbor.decode(frame);
  if (!relayed.content) return 'handshake';
  const message = Cbor.decode(relayed.content);
  return message.is_service_message ? service(message.content) : 'message';
}

// Replaces the global fetch. The promise that its result gives is kept when all answers so far have been read.
function watchFetch() {
  const { fetch } = globalThis;
  const answers = [];
  globalThis.fetch = (...args) => {
    const answer = fetch(...args);
    const read = answer.then(response => response.clone().arrayBuffer());
    answers.push(read.catch(() => {}));
    return answer;
  };
  const nextTurn = () => new Promise(resolve => setTimeout(resolve));
  return () => Promise.all(answers).then(nextTurn);
}

// Replaces the global WebSocket; returns the list of those that are made from now on.
export function watchWebSockets() {
  const made = [];
  const answers = watchFetch();
  globalThis.WebSocket = class extends globalThis.WebSocket {
    constructor(...args) {
      super(...args);
      this.sentKinds = [];
      this.receivedKinds = [];
      this.droppedKinds = [];
      this.drops = () => false; // whether a frame of some kind gets lost
      this.noted = () => {};
      this.addEventListener('message', event => {
        this.receivedKinds.push(kindOfReceived(event.data));
        this.noted();
      });
      made.push(this);
    }

    send(frame) {
      const kind = kindOfSent(frame);
      if (kind === 'ws_open') answers().then(() => this.#pass(kind, frame));
      else this.#pass(kind, frame);
    }

    #pass(kind, frame) {
      if (this.drops(kind)) {
        this.droppedKinds.push(kind);
      } else {
        this.sentKinds.push(kind);
        super.send(frame);
      }
      this.noted();
    }
  };
  return made;
}
