// SPDX-License-Identifier: Apache-2.0
// What happens on a connection, by the last part of its URL. A script runs when the client has sent its ws_open; it speaks
// by the canister and waits for what the client says with `heard`, never for a time.

import { Fault } from './canister.mjs';
import { SERVICES, TAMPERINGS } from './tampering.mjs';

const LINES = 5; // that `echo` takes and sends back

async function keepAlive(session, number) {
  const { keepAlive: answered } = await session.heard();
  if (answered !== BigInt(number)) throw new Fault(`a keep-alive of ${answered} where ${number} was received`);
}

// Single messages, and a poll that brings several under one certificate.
async function stream({ canister }) {
  canister.accept();
  canister.say(['one']);
  canister.say(['two']);
  canister.say(['three', 'four', 'five']);
}

// Rounds of acknowledgement: each waits for the client's answer to the one before.
async function acks(session) {
  const { canister } = session;
  canister.accept();
  for (let round = 0; round < 4; round++) {
    canister.say([`round ${round}`]);
    canister.ack();
    await keepAlive(session, canister.sent);
  }
  canister.say(['done']);
}

// Every line comes back; an ack of all ends the client's waiting, and with it the session.
async function echo(session) {
  const { canister } = session;
  canister.accept();
  for (let i = 0; i < LINES; i++) {
    const { text } = await session.heard();
    if (text === undefined) throw new Fault('a keep-alive that answers nothing');
    canister.say([text]);
  }
  canister.ack();
}

const closing = reason => async session => {
  session.canister.accept();
  session.canister.say(['before']);
  session.canister.close(reason);
};

const tampered = name => async session => {
  const { canister } = session;
  canister.accept();
  canister.say(['before']);
  canister.say(['tampered'], TAMPERINGS[name](canister));
  canister.say(['after']);
};

const serviced = name => async session => {
  const { canister } = session;
  canister.accept();
  canister.say(['before']);
  canister.service(SERVICES[name](canister));
  canister.say(['after']);
};

// The fault is in the very first message.
const opening = name => async session => {
  const { canister } = session;
  canister.accept(TAMPERINGS[name](canister));
  canister.say(['after']);
};

// A poller that failed: the reference hangs up without a code, which the other side reads as 1005.
async function hangUp(session) {
  session.canister.accept();
  session.canister.say(['before']);
  session.hangUp();
}

const scripts = {
  stream,
  acks,
  echo,
  hang_up: hangUp,
  hang_up_before_opening: async session => session.hangUp(),
  message_before_opening: async ({ canister }) => canister.say(['early']),
  opened_for_another: async ({ canister }) =>
    canister.accept({ openKey: { ...canister.clientKey, client_nonce: canister.clientKey.client_nonce ^ 1n } }),
  opened_twice: async ({ canister }) => {
    canister.accept();
    canister.say(['before']);
    canister.accept();
    canister.say(['after']);
  },
};
for (const reason of ['WrongSequenceNumber', 'InvalidServiceMessage', 'KeepAliveTimeout', 'ClosedByApplication'])
  scripts[`close_${reason}`] = closing(reason);
for (const name of Object.keys(SERVICES)) scripts[`service_${name}`] = serviced(name);
for (const name of Object.keys(TAMPERINGS)) {
  scripts[`tampered_${name}`] = tampered(name);
  scripts[`opening_${name}`] = opening(name);
}
export const SCRIPTS = scripts;
