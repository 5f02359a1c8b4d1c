// SPDX-License-Identifier: Apache-2.0
// Bytes: hexadecimal, concatenation, and material that looks random but is the same in every run.

import { createHash } from 'node:crypto';

export const hex = bytes => Buffer.from(bytes).toString('hex');
export const unhex = text => new Uint8Array(Buffer.from(text, 'hex'));
export const utf8 = text => new TextEncoder().encode(text);
export const concat = (...parts) => new Uint8Array(Buffer.concat(parts));
export const equal = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0;
export const sha256 = bytes => new Uint8Array(createHash('sha256').update(bytes).digest());

// `length` bytes that depend on `label` alone: SHA-256(label, counter) in counter mode.
export function seeded(label, length = 32) {
  const blocks = [];
  for (let i = 0; i * 32 < length; i++) blocks.push(sha256(utf8(`libicws vectors/${label}/${i}`)));
  return concat(...blocks).slice(0, length);
}

// The same as a nat64.
export const seededNat64 = label => Buffer.from(seeded(label, 8)).readBigUInt64BE();

// A copy with one byte changed.
export function flip(bytes, index, mask = 0x01) {
  const copy = new Uint8Array(bytes);
  copy[index < 0 ? copy.length + index : index] ^= mask;
  return copy;
}
