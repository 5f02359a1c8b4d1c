// SPDX-License-Identifier: Apache-2.0
// What the SDK does with our gateway and canisters, the same in Node and in a browser. A scenario throws where something is
// not as it should be.

import { Actor } from '@dfinity/agent';
import { DelegationChain, DelegationIdentity, Ed25519KeyIdentity } from '@dfinity/identity';
import { Client } from './client.mjs';
import { actorOf } from './interface.mjs';

const HOUR_MS = 3_600_000;
const ROUNDS = 20;
const ACKS = 3;
const BURST = 30;
const LONG = 300_000; // characters

function equal(got, wanted, what) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: ${b} expected, ${a} got`);
}

async function play(client) {
  const wanted = ['ping'];
  await client.untilOpen();
  await client.untilText('ping');
  for (let round = 1; round <= ROUNDS; round++) {
    client.say(`pong ${round}`);
    wanted.push(`pong ${round} ping`);
    await client.untilText(wanted.at(-1));
  }
  equal(client.texts, wanted, 'texts');
  equal(client.countSent('message'), ROUNDS, 'messages that were sent');
  equal(await client.close(), { code: 1000, reason: '' }, 'the end');
  equal(client.errors, [], 'errors');
}

async function pingPong(environment) {
  const client = new Client(environment, 'pingpong');
  equal(client.identity.getPublicKey().toDer().byteLength, 88, "the length of a secp256k1 key's DER");
  await play(client);
}

// As a user of Internet Identity: the key that signs is one that another key has lent its principal.
async function delegated(environment) {
  const [owner, session] = [Ed25519KeyIdentity.generate(), Ed25519KeyIdentity.generate()];
  const chain = await DelegationChain.create(owner, session.getPublicKey(), new Date(Date.now() + HOUR_MS));
  const identity = DelegationIdentity.fromDelegation(session, chain);
  const client = new Client(environment, 'pingpong', { identity });
  equal(client.ws.getPrincipal().toText(), owner.getPrincipal().toText(), 'the principal');
  await play(client);
}

// Many at once, which neither the network nor every gateway keeps in order, and a long one among them.
async function burst(environment) {
  const client = new Client(environment, 'echo');
  await client.untilOpen();
  const texts = Array.from({ length: BURST }, (_, n) => `line ${n}`);
  texts[BURST >> 1] = 'x'.repeat(LONG);
  for (const text of texts) client.say(text);
  await client.until('all lines', () => client.texts.length === BURST);
  equal(client.texts, texts, 'texts');
  equal((await client.close()).code, 1000, 'the end');
  equal(client.errors, [], 'errors');
}

// Two at once, each with its own stream; then a room, where each sees the other come, speak and leave.
async function twoClients(environment) {
  await Promise.all([play(new Client(environment, 'pingpong')), play(new Client(environment, 'pingpong'))]);

  const short = client => client.identity.getPrincipal().toText().slice(0, 5);
  const first = new Client(environment, 'chat');
  await first.untilText(`${short(first)} joined`);
  const second = new Client(environment, 'chat');
  await first.untilText(`${short(second)} joined`);
  await second.untilOpen();
  second.say('hello', { sender: [] });
  for (const client of [first, second]) {
    await client.untilText('hello');
    const { sender } = client.messages.find(message => message.text === 'hello');
    equal(sender[0].toText(), second.identity.getPrincipal().toText(), 'the sender');
  }
  equal((await second.close()).code, 1000, 'the end of one');
  await first.untilText(`${short(second)} left`);
  equal((await first.close()).code, 1000, 'the end of the other');
  equal([...first.errors, ...second.errors], [], 'errors');
}

// A message between each two acks; the canister would drop a client whose keep-alives it does not get.
async function acks(environment) {
  const client = new Client(environment, 'pingpong');
  await client.untilOpen();
  for (let round = 1; round <= ACKS; round++) {
    client.say(`round ${round}`);
    await client.untilText(`round ${round} ping`);
    await client.until('an ack', () => client.countReceived('AckMessage') >= round);
    await client.until('a keep-alive', () => client.countSent('KeepAliveMessage') >= round);
  }
  client.say('still here');
  await client.untilText('still here ping');
  equal((await client.close()).code, 1000, 'the end');
  equal(client.errors, [], 'errors');
}

async function silent(environment) {
  const client = new Client(environment, 'echo');
  await client.untilOpen();
  client.socket.drops = kind => kind === 'KeepAliveMessage';
  await client.untilClosed();
  equal(client.closed, { code: 4000, reason: 'Received close message from canister' }, 'the end of a silent client');
  equal(client.socket.receivedKinds.at(-1), 'CloseMessage', 'the last that came');
}

async function closedByCanister(environment) {
  const client = new Client(environment, 'pingpong');
  await client.untilOpen();
  client.say('close');
  await client.untilClosed();
  equal(client.closed, { code: 4001, reason: 'ClosedByApplication' }, 'the end');
  equal(client.errors, [], 'errors');
}

async function lostMessage(environment) {
  const client = new Client(environment, 'pingpong');
  await client.untilText('ping');
  client.socket.drops = kind => kind === 'message';
  client.say('lost');
  await client.until('the loss', () => client.socket.droppedKinds.length === 1);
  client.socket.drops = () => false;
  client.say('next');
  await client.untilClosed();
  equal(client.closed, { code: 4000, reason: 'Received close message from canister' }, 'the end');
  equal(client.texts, ['ping'], 'texts');
}

// The network's status names another root key; so nothing that the gateway relays verifies.
async function wrongRootKey(environment) {
  const client = new Client(environment, 'pingpong', { networkUrl: environment.wrong_network_url });
  await client.untilClosed();
  equal(client.closed, { code: 4000, reason: 'Error receiving message' }, 'the end');
  equal([client.opened, client.texts], [false, []], 'what reached the application');
  equal(client.errors.length, 1, 'errors');
  if (!client.errors[0].includes('Certificate validation failed')) throw new Error(client.errors[0]);
}

// For browsers: the network is of another origin than the page, so the browser asks it first which requests it takes
// (CORS, preflight). What a query needs it does; a field that it has not heard of stops the same request.
async function otherOrigin(environment) {
  const actor = actorOf(environment.canisters.echo, environment.network_url, 'echo');
  await Actor.agentOf(actor).fetchRootKey();
  const answer = await actor.ws_get_messages({ nonce: 0n }); // with signatures, which need a read_state
  equal(answer.Ok?.messages, [], 'the answer to a query');

  const url = `${environment.network_url}/api/v2/canister/${environment.canisters.echo}/query`;
  const post = headers => fetch(url, { method: 'POST', headers, body: 'no envelope' });
  equal((await post({ 'content-type': 'application/cbor' })).status, 400, 'the status of what is no query');
  const refused = await post({ 'content-type': 'application/cbor', 'x-other': '1' }).catch(error => error);
  if (!(refused instanceof TypeError)) throw new Error('the browser did not ask first');
}

const SCENARIOS = { otherOrigin, pingPong, delegated, burst, twoClients, acks, silent, closedByCanister, lostMessage, wrongRootKey };

// Runs the scenarios |names| at once; gives what failed by name, null where nothing did.
export async function runAll(environment, names) {
  const run = async name => {
    try {
      await SCENARIOS[name](environment);
      return [name, null];
    } catch (error) {
      return [name, error.stack];
    }
  };
  return Object.fromEntries(await Promise.all(names.map(run)));
}
