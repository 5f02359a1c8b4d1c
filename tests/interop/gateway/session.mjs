// SPDX-License-Identifier: Apache-2.0
// One client of the gateway, from its connection to its end: the states of the reference gateway, and what bites in them.

import { GATEWAY, OTHER_GATEWAY } from '../lib/session.mjs';
import { Canister, Fault } from './canister.mjs';
import { forwarded, handshake, relayed } from './reference.mjs';
import { SCRIPTS } from './scripts.mjs';

// Handshakes that no gateway of good will sends; the client's fault is not to be fooled by them.
const HANDSHAKES = {
  handshake_empty: () => Uint8Array.of(0xd9, 0xd9, 0xf7, 0xa0),
  handshake_garbage: () => Uint8Array.of(0xff),
  handshake_lie: () => handshake(OTHER_GATEWAY),
};

export class Session {
  #state = 'init';
  #inbox = [];
  #waiting = null;

  constructor(ws, kit, name) {
    this.ws = ws;
    this.name = name;
    this.canister = new Canister(kit, (certified, how) => this.#relay(certified, how));
    this.report = { path: `${kit}/${name}`, fault: null, texts: 0, pings: 0, pongs: 0, opened: false, heard: [] };
    this.done = new Promise(resolve => ws.on('close', code => resolve({ ...this.report, close_code: code })));
    ws.on('message', (data, isBinary) => this.#receive(new Uint8Array(data), isBinary));
    ws.on('ping', () => this.#mustNot('pings'));
    ws.on('pong', () => this.#mustNot('pongs'));
    ws.on('error', error => (this.report.fault ??= error.message));
    ws.send((HANDSHAKES[name] ?? (() => handshake(GATEWAY)))());
  }

  // A close frame without code and reason.
  hangUp() {
    this.#state = 'closed';
    this.ws.close();
  }

  heard() {
    if (this.#inbox.length) return this.#inbox.shift();
    return new Promise(resolve => (this.#waiting = resolve));
  }

  // Text frames, pings and pongs end a session of the reference gateway.
  #mustNot(kind) {
    this.report[kind]++;
    this.hangUp();
  }

  #relay(certified, how = {}) {
    if (this.#state === 'closed') return;
    const frame = (how.alterFrame ?? (bytes => bytes))(relayed(certified));
    this.#state = 'open';
    this.ws.send(how.asText ? Buffer.from(frame).toString('latin1') : frame);
  }

  #fail(error) {
    this.report.fault ??= error instanceof Fault ? error.message : error.stack;
    this.hangUp();
  }

  #receive(frame, isBinary) {
    if (this.#state === 'closed') return;
    if (!isBinary) return this.#mustNot('texts');
    try {
      const body = forwarded(frame);
      if (this.#state === 'init') this.#setUp(body);
      else if (this.#state === 'open') this.#hear(this.canister.hear(body));
      else throw new Fault('a frame before the connection is open');
    } catch (error) {
      this.#fail(error);
    }
  }

  #setUp(body) {
    this.#state = 'setup';
    // A lie in the handshake shows in the first message; the client cannot know before.
    this.canister.open(body, this.name === 'handshake_lie' ? OTHER_GATEWAY : GATEWAY);
    this.report.opened = true;
    const script = SCRIPTS[this.name] ?? SCRIPTS.stream;
    script(this).catch(error => this.#fail(error));
  }

  #hear(said) {
    this.report.heard.push(said.text ?? `keep-alive ${said.keepAlive}`);
    if (this.#waiting) {
      this.#waiting(said);
      this.#waiting = null;
    } else {
      this.#inbox.push(said);
    }
  }
}
