// SPDX-License-Identifier: Apache-2.0
// make-candid.mjs COUNT SEED FILE: writes to FILE what tests/vectors/candid_values.json is, for another seed and with as
// many rows as asked for. See README.md.

import { writeFileSync } from 'node:fs';
import { candidValues } from './generators/candid_values.mjs';
import { render } from './lib/files.mjs';

const [count, seed, file] = process.argv.slice(2);
if (!/^[0-9]+$/.test(count ?? '') || file === undefined) {
  console.error('usage: make-candid.mjs COUNT SEED FILE');
  process.exit(2);
}
writeFileSync(file, render(candidValues(Number(count), seed)));
