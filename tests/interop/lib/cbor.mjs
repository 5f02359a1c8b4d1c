// SPDX-License-Identifier: Apache-2.0
// A CBOR writer that writes what it is told, byte for byte. @dfinity/cbor makes the ordinary vectors; this one is for
// those that no encoder makes of its own accord: duplicate keys, a chosen key order, indefinite lengths, odd integers.

import { concat, utf8 } from './bytes.mjs';

export const SELF_DESCRIBE = Uint8Array.of(0xd9, 0xd9, 0xf7);

export function head(major, value) {
  const n = BigInt(value);
  const out = Buffer.alloc(9);
  const first = major << 5;
  if (n < 24n) return Uint8Array.of(first | Number(n));
  if (n < 0x100n) return Uint8Array.of(first | 24, Number(n));
  if (n < 0x10000n) {
    out.writeUInt16BE(Number(n), 1);
    out[0] = first | 25;
    return new Uint8Array(out.subarray(0, 3));
  }
  if (n < 0x100000000n) {
    out.writeUInt32BE(Number(n), 1);
    out[0] = first | 26;
    return new Uint8Array(out.subarray(0, 5));
  }
  out.writeBigUInt64BE(n, 1);
  out[0] = first | 27;
  return new Uint8Array(out);
}

export const uint = value => head(0, value);
export const negative = value => head(1, -1n - BigInt(value));
export const bytes = value => concat(head(2, value.length), value);
export const text = value => concat(head(3, utf8(value).length), utf8(value));
export const array = items => concat(head(4, items.length), ...items);
export const map = pairs => concat(head(5, pairs.length), ...pairs.map(([key, value]) => concat(text(key), value)));
export const tag = (number, item) => concat(head(6, number), item);
export const selfDescribed = item => concat(SELF_DESCRIBE, item);
export const bool = value => Uint8Array.of(value ? 0xf5 : 0xf4);
export const NULL = Uint8Array.of(0xf6);

export function float64(value) {
  const out = Buffer.alloc(9);
  out[0] = 0xfb;
  out.writeDoubleBE(value, 1);
  return new Uint8Array(out);
}

const BREAK = Uint8Array.of(0xff);
export const indefiniteMap = pairs => concat(Uint8Array.of(0xbf), ...pairs.map(([key, value]) => concat(text(key), value)), BREAK);
export const indefiniteBytes = chunks => concat(Uint8Array.of(0x5f), ...chunks.map(bytes), BREAK);
export const indefiniteText = chunks => concat(Uint8Array.of(0x7f), ...chunks.map(text), BREAK);
