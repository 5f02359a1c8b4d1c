// SPDX-License-Identifier: Apache-2.0
//
// node bench/candid.mjs build/bench/bench_candid
//
// Decodes and encodes the argument of ws_message, and a vec of records of 1 MB, with the official package and with libicws,
// one after the other in each of a few rounds, and prints medians and ratios. Needs tests/interop/node_modules.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDL } from '../tests/interop/node_modules/@dfinity/candid/lib/esm/index.js';
import { seeded, seededNat64 } from '../tests/interop/lib/bytes.mjs';
import { ed25519Key } from '../tests/interop/lib/keys.mjs';
import { AppMessage, MessageArgs } from '../tests/interop/lib/protocol.mjs';

const ROUNDS = 3;
const BYTES = 1_000_000; // of the records
const START = 1_700_000_000_000_000_000n;

const program = process.argv[2];
if (program === undefined) {
  console.error('usage: candid.mjs PROGRAM (build/bench/bench_candid)');
  process.exit(2);
}

// --- What is measured --------------------------------------------------------------------------------------------------

const sender = ed25519Key('client').getPrincipal();

const msg = {
  client_key: { client_principal: sender, client_nonce: seededNat64('client nonce') },
  sequence_num: 1000n,
  timestamp: START,
  is_service_message: false,
  content: seeded('content', 200),
};

const Records = IDL.Vec(IDL.Record({ id: IDL.Nat64, text: IDL.Text, sender: IDL.Opt(IDL.Principal), timestamp: IDL.Nat64 }));

// Texts of 8 to 71 characters; every other record has a sender. 85 bytes on average.
const entry = i => ({
  id: BigInt(i),
  text: `${i} ${'lorem ipsum dolor sit amet '.repeat(3)}`.slice(0, 8 + ((i * 37) % 64)),
  sender: i % 2 === 0 ? [sender] : [],
  timestamp: START + BigInt(i),
});

function records() {
  const list = [];
  for (let size = 0; size < BYTES; ) {
    const next = entry(list.length);
    size += 8 + 1 + next.text.length + 1 + (next.sender.length && 31) + 8;
    list.push(next);
  }
  return list;
}

const CASES = {
  message: { types: [MessageArgs, IDL.Opt(AppMessage)], values: [{ msg }, []], batch: 1000 },
  records: { types: [Records], values: [records()], batch: 1 },
};

// --- Measuring -----------------------------------------------------------------------------------------------------------

const median = list => [...list].sort((a, b) => a - b)[list.length >> 1];

function time(operation, batch) {
  for (let i = 0; i < 3 * batch; i++) operation();
  const times = [];
  for (let round = 0; round < 11; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < batch; i++) operation();
    times.push(Number(process.hrtime.bigint() - start) / 1000 / batch);
  }
  return median(times);
}

function official() {
  return Object.entries(CASES).flatMap(([name, { types, values, bytes, batch }]) => [
    [`${name}_decode_official`, time(() => IDL.decode(types, bytes), batch)],
    [`${name}_encode_official`, time(() => IDL.encode(types, values), batch)],
  ]);
}

const folder = mkdtempSync(join(tmpdir(), 'icws-bench-'));
const results = {};

try {
  const files = Object.entries(CASES).map(([name, item]) => {
    item.bytes = new Uint8Array(IDL.encode(item.types, item.values));
    const file = join(folder, name);
    writeFileSync(file, item.bytes);
    return file;
  });
  for (let round = 0; round < ROUNDS; round++) {
    const lines = execFileSync(program, files, { encoding: 'utf8' }).trim().split('\n');
    const ours = lines.map(line => line.split(' ')).map(([name, value]) => [name, Number(value)]);
    for (const [name, value] of [...ours, ...official()]) (results[name] ??= []).push(value);
  }
} finally {
  rmSync(folder, { recursive: true });
}

// --- Report --------------------------------------------------------------------------------------------------------------

const us = value => (value < 100 ? value.toFixed(2) : value.toFixed(0)).padStart(10);

console.log(`@dfinity/candid on node ${process.version}; ${ROUNDS} rounds; microseconds`);
for (const name of Object.keys(CASES)) {
  const of = key => median(results[`${name}_${key}`]);
  const times = key => `${of(key)} bytes (${(of(key) / of('bytes')).toFixed(2)} times)`;
  console.log(`\n${name}: ${of('bytes')} bytes; at most, decoding the tree takes ${times('decode_peak')}, encoding it ${times('encode_peak')}`);
  console.log('           official      typed              tree');
  for (const operation of ['decode', 'encode']) {
    const [there, typed, tree] = ['official', 'typed', 'tree'].map(kind => of(`${operation}_${kind}`));
    const ratio = value => `${(there / value).toFixed(0)}x`.padStart(6);
    console.log(`${operation}  ${us(there)} ${us(typed)} ${ratio(typed)} ${us(tree)} ${ratio(tree)}`);
  }
}
