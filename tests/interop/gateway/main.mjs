// SPDX-License-Identifier: Apache-2.0
// A gateway and a canister made of the official packages, scripted: see README.md.
// ws://127.0.0.1:PORT/KIT/SCRIPT runs a script; a line of JSON tells afterwards what came.
// It ends when its standard input does.

import { WebSocketServer } from 'ws';
import { hex } from '../lib/bytes.mjs';
import { ROOT } from '../lib/certificate.mjs';
import { CANISTER } from '../lib/session.mjs';
import { Session } from './session.mjs';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const print = value => process.stdout.write(`${JSON.stringify(value)}\n`);

server.on('listening', () =>
  print({ url: `ws://127.0.0.1:${server.address().port}`, root_key: hex(ROOT.der), canister: CANISTER.toText() }),
);
server.on('connection', async (ws, request) => {
  const [, kit, name] = request.url.split('/');
  print(await new Session(ws, kit, name).done);
});
process.stdin.on('end', () => process.exit(0)).resume();
