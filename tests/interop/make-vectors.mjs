// SPDX-License-Identifier: Apache-2.0
// Writes tests/vectors/*.json; with --check compares them with what it would write. See README.md.

import { webcrypto } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { render } from './lib/files.mjs';

globalThis.crypto ??= webcrypto; // Node 18

const FILES = [
  ...['principals', 'identities', 'request_ids', 'envelopes', 'protocol_candid', 'protocol_cbor', 'certified_messages'],
  'candid_values',
];
const check = process.argv.includes('--check');
let stale = 0;

for (const name of FILES) {
  const { default: generate } = await import(`./generators/${name}.mjs`);
  const text = render(await generate());
  const file = new URL(`../vectors/${name}.json`, import.meta.url);
  if (!check) {
    writeFileSync(file, text);
    console.log(`${name}.json: ${text.length} bytes`);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error(`${name}.json is not what make-vectors.mjs makes`);
    stale++;
  }
}

if (check && stale === 0) console.log(`${FILES.length} files are as make-vectors.mjs makes them`);
process.exitCode = stale ? 1 : 0;
