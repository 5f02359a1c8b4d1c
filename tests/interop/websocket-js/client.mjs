// SPDX-License-Identifier: Apache-2.0
// An IcWebSocket with what it has told so far, to wait for.

import { createWsConfig, generateRandomIdentity, IcWebSocket } from 'ic-websocket-js';
import { actorOf } from './interface.mjs';
import { watchWebSockets } from './watched.mjs';

const PATIENCE_MS = 120_000; // until something that should come counts as missing
const sockets = watchWebSockets();

export class Client {
  constructor(environment, canister, options = {}) {
    this.texts = [];
    this.messages = [];
    this.errors = [];
    this.opened = false;
    this.closed = null;
    this.waiting = [];
    this.identity = options.identity ?? generateRandomIdentity();
    const networkUrl = options.networkUrl ?? environment.network_url;
    const canisterId = environment.canisters[canister];
    this.ws = new IcWebSocket(
      environment.gateway_url,
      undefined,
      createWsConfig({
        canisterId,
        canisterActor: actorOf(canisterId, networkUrl, canister),
        identity: this.identity,
        networkUrl,
        ackMessageIntervalMs: environment.ack_interval_ms ?? undefined,
      }),
    );
    this.socket = sockets.at(-1);
    this.socket.noted = () => this.#look();
    this.ws.onopen = () => this.#note(() => (this.opened = true));
    this.ws.onerror = event => this.#note(() => this.errors.push(String(event.error?.message ?? event.error)));
    this.ws.onclose = event => this.#note(() => (this.closed = { code: event.code, reason: event.reason }));
    this.ws.onmessage = event =>
      this.#note(() => {
        this.messages.push(event.data);
        this.texts.push(event.data.text);
      });
  }

  #note(change) {
    change();
    this.#look();
  }

  #look() {
    const [met, waiting] = [[], []];
    for (const one of this.waiting) (one.condition() ? met : waiting).push(one);
    this.waiting = waiting;
    for (const one of met) one.resolve();
  }

  // Waits until |condition| is true. A connection that ends without it is a failure, unless the end is waited for.
  until(what, condition) {
    const over = () => condition() || this.closed !== null;
    const state = () =>
      `opened ${this.opened}, closed ${JSON.stringify(this.closed)}, errors ${JSON.stringify(this.errors)}, ` +
      `sent ${this.socket.sentKinds}, received ${this.socket.receivedKinds}, texts ${JSON.stringify(this.texts)}`;
    return new Promise((resolve, reject) => {
      const fail = why => reject(new Error(`${what}: ${why}: ${state()}`));
      const timer = setTimeout(() => fail('it did not come'), PATIENCE_MS);
      this.waiting.push({
        condition: over,
        resolve: () => {
          clearTimeout(timer);
          if (condition()) resolve();
          else fail('the connection ended first');
        },
      });
      this.#look();
    });
  }

  untilOpen = () => this.until('opening', () => this.opened);
  untilClosed = () => this.until('closing', () => this.closed !== null);
  untilText = text => this.until(`the text ${text}`, () => this.texts.includes(text));
  countSent = kind => this.socket.sentKinds.filter(one => one === kind).length;
  countReceived = kind => this.socket.receivedKinds.filter(one => one === kind).length;

  say(text, more = {}) {
    this.ws.send({ text, timestamp: BigInt(Date.now()) * 1_000_000n, ...more });
  }

  // Closes as the application does; gives what `onclose` was told.
  async close() {
    this.ws.close();
    await this.untilClosed();
    return this.closed;
  }
}
