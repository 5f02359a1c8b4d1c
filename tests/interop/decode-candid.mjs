// SPDX-License-Identifier: Apache-2.0
// decode-candid.mjs FILE: decodes with the official package what libicws has encoded of the values in FILE, which is
// tests/vectors/candid_values.json or made by make-candid.mjs. One JSON object a line on stdin: {row, hex}, or
// {row, at, hex} for the values of the row at its type number `at`. Each must be read as the value that FILE was made
// from, which is made again from the seed. Exit code 1 at the first that is not, and if one is missing.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { makeRow } from './generators/candid_values.mjs';
import { readOfficial, textForOfficial } from './lib/candid/official.mjs';
import { assert } from './lib/files.mjs';
import { unhex } from './lib/bytes.mjs';

const { seed, row_limit: limit, cases } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

// All that is to come, by the line's row and at.
const expected = new Map();
for (const [number, row] of cases.entries()) {
  const made = makeRow(number, seed, limit ?? Infinity);
  assert(JSON.stringify(made.row) === JSON.stringify(row), `row ${number} is not what the seed makes`);
  expected.set(`${number}`, made.message);
  made.others.forEach((other, at) => other.values && expected.set(`${number} at ${at}`, other));
}

const total = expected.size;
for await (const line of createInterface({ input: process.stdin })) {
  const { row, at, hex } = JSON.parse(line);
  const place = at === undefined ? `${row}` : `${row} at ${at}`;
  try {
    const message = expected.get(place);
    if (message === undefined) throw new Error('no such value, or it came twice');
    const found = readOfficial(unhex(hex), message);
    const wanted = textForOfficial(message);
    if (found !== wanted) throw new Error(`${hex} is\n  ${found}\nnot\n  ${wanted}`);
    expected.delete(place);
  } catch (error) {
    console.error(`row ${place}: ${error.message}`);
    process.exit(1);
  }
}
if (expected.size > 0) {
  console.error(`rows ${[...expected.keys()].slice(0, 10).join(', ')} are missing`);
  process.exit(1);
}
console.log(`${total} messages are read as what they are`);
