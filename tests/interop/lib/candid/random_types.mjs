// SPDX-License-Identifier: Apache-2.0
// Types, and definitions that refer to each other, that a Random chooses. Every type has values, and none holds itself but
// through an opt, a vec or a case of a variant.

import { func, hash, named, opt, prim, record, ref, service, tuple, variant, vec } from './model.mjs';

const NUMBERS = 'nat int nat8 nat16 nat32 nat64 int8 int16 int32 int64 float32 float64'.split(' ');
const OTHERS = ['null', 'bool', 'text', 'reserved', 'principal'];

const NAMES = [
  ...'a b c id name text value sender timestamp Ok Err _x x9 A_long_name_of_a_field'.split(' '),
  ...'record opt nat8 service query true blob'.split(' '), // keywords
  ...['', ' ', 'with space', 'quo"te', 'back\\slash', "it's", 'line\nbreak', '\u0000', '\u007f'],
  ...['größe', 'ключ', '名前', '🙂', 'e\u0301', '\u202e', 'inf', 'NaN', '0', '-1'],
];
const METHODS = [...'get set transfer icrc1_balance_of _ type'.split(' '), 'with space', 'größe', '🙂', '"'];
const EDGE_IDS = [0, 1, 2, 5, 127, 128, 255, 16384, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

function label(random) {
  if (random.chance(25)) return { id: random.chance(50) ? random.pick(EDGE_IDS) : random.below(2 ** 32) };
  const name = random.pick(NAMES);
  return { id: hash(name), name };
}

// `count` labels with different ids.
export function labels(random, count, taken = []) {
  const found = new Map();
  while (found.size < count) {
    const one = label(random);
    if (!taken.includes(one.id)) found.set(one.id, one);
  }
  return [...found.values()];
}

export const primitive = random => prim(random.chance(60) ? random.pick(NUMBERS) : random.pick(OTHERS));

// `refs`: names of definitions that may be referred to; `guarded`: also here, not only within an opt or vec.
export function randomType(random, { depth = 3, refs = [], guarded = true } = {}) {
  const inner = { depth: depth - 1, refs, guarded };
  const behind = { ...inner, guarded: true };
  if (guarded && refs.length > 0 && random.chance(35)) return ref(random.pick(refs));
  if (depth === 0) return primitive(random);
  switch (random.weighted({ primitive: 25, opt: 14, vec: 14, record: 20, tuple: 6, variant: 13, func: 4, service: 4 })) {
    case 'opt':
      return opt(random.chance(3) ? prim('empty') : randomType(random, behind));
    case 'vec':
      return vec(random.chance(25) ? prim('nat8') : random.chance(3) ? prim('empty') : randomType(random, behind));
    case 'record':
      return record(labels(random, random.below(6)).map(one => ({ ...one, type: randomType(random, inner) })));
    case 'tuple':
      return tuple(Array.from({ length: random.between(1, 4) }, () => randomType(random, inner)));
    case 'variant':
      return randomVariant(random, inner);
    case 'func':
      return randomFunc(random, behind);
    case 'service':
      return randomService(random, behind);
    default:
      return primitive(random);
  }
}

// The case that is marked `base` holds no reference to a definition, so that a value can always be ended there.
function randomVariant(random, { depth, refs }) {
  const [first, ...rest] = labels(random, random.between(1, 5));
  const base = random.chance(50) ? prim('null') : randomType(random, { depth: Math.min(depth, 1) });
  const of = () => {
    if (random.chance(30)) return prim('null');
    return random.chance(5) ? prim('empty') : randomType(random, { depth, refs });
  };
  return variant([{ ...first, type: base, base: true }, ...rest.map(one => ({ ...one, type: of() }))]);
}

function randomFunc(random, options) {
  const shallow = { ...options, depth: Math.min(options.depth, 1) };
  const types = count => Array.from({ length: count }, () => randomType(random, shallow));
  const annotations = random.chance(50) ? [] : [random.pick(['query', 'oneway', 'composite_query'])];
  return func(types(random.below(3)), annotations[0] === 'oneway' ? [] : types(random.below(3)), annotations);
}

function randomService(random, options) {
  const names = new Set(Array.from({ length: random.below(4) }, () => random.pick(METHODS)));
  return service([...names].map(name => [name, randomFunc(random, options)]));
}

const RECURSIVE = {
  list: self => opt(record([named('head', prim('int')), named('tail', ref(self))])),
  tree: self =>
    variant([
      { ...named('leaf', prim('nat')), base: true },
      named('branch', record([named('left', ref(self)), named('right', ref(self))])),
    ]),
  rose: self => record([named('value', prim('text')), named('children', vec(ref(self)))]),
  stream: self => opt(record([named('head', prim('nat8')), named('next', func([], [ref(self)], ['query']))])),
};

// A Map of up to three definitions that may refer to each other.
export function randomDefinitions(random) {
  const names = ['T0', 'T1', 'T2'].slice(0, random.between(1, 3));
  const body = name => {
    if (random.chance(35)) return RECURSIVE[random.pick(Object.keys(RECURSIVE))](name);
    const types = () => randomType(random, { depth: 2, refs: names, guarded: false });
    const fields = labels(random, random.between(1, 4)).map(one => ({ ...one, type: types() }));
    if (random.chance(60)) return record(fields);
    return random.chance(50) ? vec(record(fields)) : randomVariant(random, { depth: 2, refs: names });
  };
  return new Map(names.map(name => [name, body(name)]));
}
