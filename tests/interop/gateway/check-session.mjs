// SPDX-License-Identifier: Apache-2.0
// The scripted gateway must find the faults that it is there to find: a client made of the official packages commits each
// of them once, beside one that commits none.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket, WebSocketServer } from 'ws';
import { flip, sha256, utf8 } from '../lib/bytes.mjs';
import { callContent, encodeFrame, seal } from '../lib/envelope.mjs';
import { ed25519Key } from '../lib/keys.mjs';
import * as protocol from '../lib/protocol.mjs';
import { CANISTER, GATEWAY, OTHER_GATEWAY } from '../lib/session.mjs';
import { canisterId } from '../lib/certificate.mjs';
import { Session } from './session.mjs';

const MINUTE = 60_000_000_000n;
const inTime = time => BigInt(Date.now()) * 1_000_000n + time;
const identity = ed25519Key('checked client');
const sender = identity.getPrincipal();
const clientKey = { client_principal: sender, client_nonce: 7n };
let calls = 0;

function call(method, arg, changes) {
  const nonce = sha256(utf8(`${(calls += 1)}`)).slice(0, 16);
  return callContent({ canister: CANISTER, method, arg, sender, expiry: inTime(4n * MINUTE), nonce, ...changes });
}

const openCall = (changes = {}, gateway = GATEWAY) =>
  call('ws_open', protocol.encodeOpenArgs({ client_nonce: 7n, gateway_principal: gateway }), changes);

function messageCall(number, { key = clientKey, app = [], payload, service = false } = {}) {
  const content = payload ?? protocol.encode(protocol.AppMessage, { text: `line ${number}`, timestamp: 1n });
  const msg = { client_key: key, sequence_num: number, timestamp: 1n, is_service_message: service, content };
  return call('ws_message', protocol.encodeMessageArgs(msg, app));
}

const frameOf = async content => encodeFrame(await seal(identity, content));
const otherApp = [{ text: '', timestamp: 1n }];

async function changedSignature(content) {
  const envelope = await seal(identity, content);
  return encodeFrame({ ...envelope, sender_sig: flip(new Uint8Array(envelope.sender_sig), 5) });
}

// By the fault: frames up to it, and words of what the report must say.
const FAULTS = {
  'a changed signature': [[changedSignature(openCall())], 'judged bad_signature'],
  'an expiry too far': [[frameOf(openCall({ expiry: inTime(30n * MINUTE) }))], 'judged expiry_too_far'],
  'a member too many': [[frameOf({ ...openCall(), sender_info: utf8('x') })], 'bad_signature'],
  'another canister': [[frameOf(openCall({ canister: canisterId(4) }))], 'for another canister'],
  'another gateway': [[frameOf(openCall({}, OTHER_GATEWAY))], 'names another gateway'],
  'a message first': [[frameOf(messageCall(1n))], 'the first call is ws_message'],
  'two openings': [[frameOf(openCall()), frameOf(openCall())], 'a later call is ws_open'],
  'a number left out': [[frameOf(openCall()), frameOf(messageCall(2n))], 'number 2 after 0'],
  'another nonce': [[frameOf(openCall()), frameOf(messageCall(1n, { key: { ...clientKey, client_nonce: 8n } }))], 'nonce'],
  'a second argument': [[frameOf(openCall()), frameOf(messageCall(1n, { app: otherApp }))], 'is not null'],
  'a service message of canisters': [
    [frameOf(openCall()), frameOf(messageCall(1n, { service: true, payload: protocol.ackMessage(0n) }))],
    'AckMessage',
  ],
};

const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
await once(server, 'listening');

// Sends |frames| one after the other as a client whose connection is open, and |last| by itself; gives the report.
async function report(frames, last = () => {}) {
  const client = new WebSocket(`ws://127.0.0.1:${server.address().port}`);
  const answered = () => new Promise(resolve => client.once('message', resolve).once('close', resolve));
  const handshake = answered();
  const [ws] = await once(server, 'connection');
  const session = new Session(ws, 'rust', 'echo');
  await handshake;
  for (const frame of await Promise.all(frames)) {
    const answer = answered();
    client.send(frame);
    await answer;
  }
  last(client);
  return session.done;
}

const good = await report([frameOf(openCall()), ...[1n, 2n, 3n, 4n, 5n].map(n => frameOf(messageCall(n)))], client => client.close(1000));
assert.equal(good.fault, null);
assert.deepEqual(good.heard, ['line 1', 'line 2', 'line 3', 'line 4', 'line 5']);
assert.equal(good.close_code, 1000);

for (const [name, [frames, words]] of Object.entries(FAULTS)) {
  const { fault, close_code } = await report(frames);
  assert.ok(fault?.includes(words), `${name}: ${words} expected, ${fault} reported`);
  assert.equal(close_code, 1005, name);
}

const opened = [frameOf(openCall())];
assert.equal((await report(opened, client => client.send('text'))).texts, 1);
assert.equal((await report(opened, client => client.ping())).pings, 1);
assert.equal((await report(opened, client => client.pong())).pongs, 1);
console.log(`the scripted gateway finds ${Object.keys(FAULTS).length + 3} faults`);
process.exit(0);
