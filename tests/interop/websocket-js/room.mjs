// SPDX-License-Identifier: Apache-2.0
// node room.mjs GATEWAY-URL NETWORK-URL CANISTER-ID TEXT: says TEXT in the local network's chat, prints what
// is said there until TEXT has come back, certified, and leaves.

import './polyfills.mjs';
import { actorOf } from './interface.mjs';

const { createWsConfig, generateRandomIdentity, IcWebSocket } = await import('ic-websocket-js');

const [gatewayUrl, networkUrl, canisterId, text] = process.argv.slice(2);
if (text === undefined) {
  console.error('usage: node room.mjs GATEWAY-URL NETWORK-URL CANISTER-ID TEXT');
  process.exit(2);
}

const identity = generateRandomIdentity();
const ws = new IcWebSocket(
  gatewayUrl,
  undefined,
  createWsConfig({ canisterId, canisterActor: actorOf(canisterId, networkUrl, 'chat'), identity, networkUrl }),
);

ws.onopen = () => ws.send({ text, timestamp: BigInt(Date.now()) * 1_000_000n, sender: [] });

ws.onmessage = ({ data }) => {
  const sender = data.sender[0]?.toText();
  console.log(sender === undefined ? `* ${data.text}` : `${sender}: ${data.text}`);
  if (sender === identity.getPrincipal().toText()) ws.close();
};

ws.onerror = ({ error }) => console.error(error);

ws.onclose = ({ code, reason }) => {
  if (code !== 1000) console.error(`closed with ${code}: ${reason}`);
  process.exit(code === 1000 ? 0 : 1); // timers of the SDK would keep it
};
