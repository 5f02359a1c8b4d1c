// SPDX-License-Identifier: Apache-2.0
// Values of a type that a Random chooses, those at the edges of the type often.

import { unfold } from './model.mjs';

export const FLOATS = {
  float64: [
    ...[0, -0, 1, -1, 0.1, -1.5, 1 / 3, 123456789.125, 1e21, 1e22, 1e-7, 2 ** 53, -(2 ** 53) - 2, 2 ** 1023, 1e300, 1e-300],
    ...[Number.MIN_VALUE, -Number.MIN_VALUE, 2.2250738585072011e-308, 2.2250738585072014e-308, Number.MAX_VALUE],
    ...[Number.EPSILON, 9007199254740993, 5e-324 * 3, Infinity, -Infinity, NaN],
  ],
  float32: [
    ...[0, -0, 1, -1, 0.5, 0.1, -1 / 3, 16777216, 1e10, 3.4028234663852886e38, -3.4028234663852886e38, Infinity, -Infinity, NaN],
    ...[1.401298464324817e-45, -1.401298464324817e-45, 1.1754942106924411e-38, 1.1754943508222875e-38, 1.1920929e-7],
  ].map(Math.fround),
};

export const TEXTS = [
  ...['', 'a', 'hello, world', ' ', '"', '\\', "'", '\n\r\t', '\u0000', '\u001b[31m', '\u007f', '\u0085', '\u00e9', 'größe'],
  ...['日本語', '🙂', '👩‍👩‍👧', 'e\u0301', '\u202eabc', '\ufeff', '\u2028', '\ud7ff\ue000', '\uffff', '\u{10ffff}'],
  ...['\\u{41}', '\\n', '//', '/* */'],
  ...['x'.repeat(127), 'y'.repeat(128), 'ä'.repeat(100)],
];

const power = bits => 1n << BigInt(bits);

export const NATURALS = [
  ...[0n, 1n, 63n, 64n, 127n, 128n, 255n, 256n, 16383n, 16384n, 999999n],
  ...[31, 32, 53, 56, 63, 64, 65, 70, 71, 128, 256].flatMap(bits => [power(bits) - 1n, power(bits), power(bits) + 1n]),
];
export const INTEGERS = NATURALS.flatMap(n => [n, -n]).filter((n, i) => i !== 1); // 0 once

const bitsOf = kind => Number(/\d+$/.exec(kind)[0]);

export function fixedEdges(kind) {
  const bits = bitsOf(kind);
  const high = kind.startsWith('nat') ? power(bits) - 1n : power(bits - 1) - 1n;
  return kind.startsWith('nat') ? [0n, 1n, high - 1n, high] : [-high - 1n, -high, -1n, 0n, 1n, high];
}

function float(random, kind) {
  if (random.chance(50)) return random.pick(FLOATS[kind]);
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, random.bits(64));
  const value = kind === 'float32' ? view.getFloat32(0) : view.getFloat64(0);
  return Number.isNaN(value) ? NaN : value;
}

function integer(random, kind) {
  const natural = kind.startsWith('nat');
  if (kind === 'nat' || kind === 'int') {
    if (random.chance(40)) return random.pick(natural ? NATURALS : INTEGERS);
    const value = random.bits(random.pick([7, 14, 32, 63, 64, 65, 100, 200, 500]));
    return natural || random.chance(50) ? value : -value;
  }
  if (random.chance(40)) return random.pick(fixedEdges(kind));
  const value = random.bits(bitsOf(kind));
  return natural ? value : BigInt.asIntN(bitsOf(kind), value);
}

// The first code point and their number: of one to four bytes, none of them a surrogate.
const SCALARS = [
  [0x20, 0x60],
  [0x0, 0x800],
  [0xe000, 0x2000],
  [0x10000, 0x100000],
];

function scalar(random) {
  const [first, count] = random.pick(SCALARS);
  return String.fromCodePoint(first + random.below(count));
}

function text(random) {
  if (random.chance(50)) return random.pick(TEXTS);
  return Array.from({ length: random.below(12) }, () => scalar(random)).join('');
}

const principal = random => random.bytes(random.pick([0, 1, 10, 10, 29, 29, random.below(30)]));

// `depth`: how many more definitions may be unfolded before the shortest value is taken.
export function randomValue(random, folded, definitions, depth = 4) {
  const type = unfold(folded, definitions);
  const left = folded.kind === 'ref' ? depth - 1 : depth;
  const go = of => randomValue(random, of, definitions, left);
  switch (type.kind) {
    case 'null':
    case 'reserved':
      return null;
    case 'bool':
      return random.chance(50);
    case 'text':
      return text(random);
    case 'principal':
    case 'service':
      return principal(random);
    case 'func':
      return { service: principal(random), method: random.chance(70) ? random.pick(['get', 'a_b', 'type', '_']) : text(random) };
    case 'float32':
    case 'float64':
      return float(random, type.kind);
    case 'opt':
      return type.item.kind === 'empty' || left <= 0 || random.chance(30) ? null : { some: go(type.item) };
    case 'vec':
      return list(random, type, left, go);
    case 'record':
      return type.fields.map(field => go(field.type));
    case 'variant': {
      const able = type.fields.map((field, i) => i).filter(i => type.fields[i].type.kind !== 'empty');
      const index = left <= 0 ? type.fields.findIndex(field => field.base) : random.pick(able);
      return { index, value: go(type.fields[index].type) };
    }
    default:
      return integer(random, type.kind);
  }
}

function list(random, { item }, left, go) {
  if (item.kind === 'nat8') return random.bytes(random.pick([0, 1, 5, 32, random.below(40)]));
  const length = item.kind === 'empty' || left <= 0 ? 0 : random.pick([0, 1, 2, 3, random.below(8)]);
  return Array.from({ length }, () => go(item));
}
