// SPDX-License-Identifier: Apache-2.0
// Holds what reference.mjs and kits.mjs write against bytes of other origin: frames written out by hand, and the contents
// of a session that was recorded from a canister of the Rust kit.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { Principal } from '@dfinity/principal';
import { hex, unhex } from '../lib/bytes.mjs';
import { KITS } from './kits.mjs';
import { handshake, relayed } from './reference.mjs';

const RECORDED = new URL('../../../../shared/vectors/recorded-session.json', import.meta.url);

assert.equal(hex(handshake(Principal.anonymous())), 'd9d9f7' + 'a1' + '71' + hex(Buffer.from('gateway_principal')) + '4104');
assert.equal(
  hex(relayed({ key: 'k', content: Uint8Array.of(1), cert: new Uint8Array(24), tree: Uint8Array.of() })),
  'a4' + '636b6579' + '616b' + '67636f6e74656e74' + '4101' + '6463657274' + '5818' + '00'.repeat(24) + '6474726565' + '40',
);

// All members of a message, in the smallest and in the widest form of each number.
const fields = {
  clientKey: { client_principal: Principal.anonymous(), client_nonce: 1n },
  sequenceNum: 24n,
  timestamp: 0x1_0000_0000n,
  isServiceMessage: true,
  content: Uint8Array.of(7),
};
const name = text => (0x60 + text.length).toString(16) + hex(Buffer.from(text));
const clientKey = name('client_key') + 'a2' + name('client_principal') + '4104' + name('client_nonce') + '01';
const rest = [
  name('sequence_num') + '1818',
  name('timestamp') + '1b0000000100000000',
  name('is_service_message') + 'f5',
  name('content') + '4107',
];
assert.equal(hex(KITS.motoko(fields)), 'a5' + [clientKey, ...rest].join(''));
assert.equal(hex(KITS.rust(fields)), 'd9d9f7' + 'a5' + [clientKey, ...rest].join(''));

if (!existsSync(RECORDED)) {
  console.error('SKIPPED: the recorded session is not here');
  process.exit(77);
}
const { messages } = JSON.parse(readFileSync(RECORDED, 'utf8'));
assert.equal(messages.length, 4);
for (const { name, content, decoded } of messages) {
  const written = KITS.rust({
    clientKey: {
      client_principal: Principal.fromText(decoded.client_principal),
      client_nonce: BigInt(decoded.client_nonce),
    },
    sequenceNum: BigInt(decoded.sequence_num),
    timestamp: BigInt(decoded.timestamp),
    isServiceMessage: decoded.is_service_message,
    content: unhex(decoded.content),
  });
  assert.equal(hex(written), content, name);
}
console.log('the bytes are those of the reference');
