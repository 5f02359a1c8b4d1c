// SPDX-License-Identifier: Apache-2.0
import { hex } from '../lib/bytes.mjs';
import { opt, partsOf, prim, record, ref, tuple, variant, vec } from '../lib/candid/model.mjs';
import { encodeOfficial, readOfficial, textForOfficial } from '../lib/candid/official.mjs';
import { Changer } from '../lib/candid/other_types.mjs';
import { primitive, randomDefinitions, randomType } from '../lib/candid/random_types.mjs';
import { fixedEdges, FLOATS, INTEGERS, NATURALS, randomValue, TEXTS } from '../lib/candid/random_values.mjs';
import { coerceArgs, FAILS } from '../lib/candid/rules.mjs';
import { definitionsText, typesText, valuesText } from '../lib/candid/text.mjs';
import { assert } from '../lib/files.mjs';
import { Random } from '../lib/random.mjs';

// The short list, in tests/vectors.
const COUNT = 300;
const SEED = 'icws';
const ROW_LIMIT = 1500;

const OTHERS = 2; // types at which each message is read besides its own
const TRIES = 100;

// --- What is encoded -----------------------------------------------------------------------------------------------------

const EDGES = { nat: NATURALS, int: INTEGERS, ...FLOATS, text: TEXTS, bool: [false, true], null: [null], reserved: [null] };

// Messages with one vec each, of all the edges of a primitive type, and a few shapes that chance seldom makes.
function fixedMessages() {
  const kinds = [...Object.keys(EDGES), ...[8, 16, 32, 64].flatMap(bits => [`nat${bits}`, `int${bits}`])];
  const messages = kinds.map(kind => {
    const list = EDGES[kind] ?? fixedEdges(kind);
    return { types: [vec(prim(kind))], values: [kind === 'nat8' ? Uint8Array.from(list, Number) : list] };
  });
  const sizes = [0, 1, 4, 10, 28, 29];
  const deep = (depth, wrap, value) => (depth === 0 ? value : wrap(deep(depth - 1, wrap, value)));
  return [
    ...messages,
    { types: [], values: [] },
    { types: [vec(prim('principal'))], values: [sizes.map(size => new Uint8Array(size).fill(size))] },
    { types: [vec(prim('nat8'))], values: [Uint8Array.from({ length: 256 }, (_, i) => i)] },
    { types: [record([]), opt(prim('empty'))], values: [[], null] },
    { types: [variant([{ id: 0, type: prim('null') }])], values: [{ index: 0, value: null }] },
    { types: [deep(12, opt, prim('nat'))], values: [deep(12, some => ({ some }), 7n)] },
    { types: [deep(12, opt, prim('nat'))], values: [deep(11, some => ({ some }), null)] },
    { types: [deep(12, item => tuple([item]), prim('text'))], values: [deep(12, item => [item], 'in')] },
    { types: Array.from({ length: 16 }, () => prim('bool')), values: Array.from({ length: 16 }, (_, i) => i % 3 === 0) },
  ].map(message => ({ definitions: new Map(), ...message }));
}

const FIXED = fixedMessages().length;

function randomMessage(random) {
  const definitions = random.chance(35) ? randomDefinitions(random) : new Map();
  const refs = [...definitions.keys()];
  const argument = () => {
    if (refs.length > 0 && random.chance(50)) return ref(random.pick(refs));
    return random.chance(15) ? primitive(random) : randomType(random, { depth: random.between(1, 3), refs });
  };
  const types = Array.from({ length: random.pick([1, 1, 1, 1, 2, 2, 3, 4]) }, argument);
  return { definitions, types, values: types.map(type => randomValue(random, type, definitions)) };
}

// --- What the messages are at other types --------------------------------------------------------------------------------

// `failing`: types at which they are none.
function otherTypes({ definitions, types, values }, random, suffix, failing) {
  for (let i = 0; i < TRIES; i++) {
    const known = new Map(definitions);
    const others = new Changer(random, known, suffix).args(types);
    const coerced = coerceArgs(values, types, others, known);
    if (typesText(others) !== typesText(types) && (coerced === FAILS) === failing)
      return { definitions: known, types: others, values: coerced === FAILS ? null : coerced };
  }
  // Something that must be there and is not; or nothing that is asked for.
  return failing ? { definitions, types: [...types, prim('text')], values: null } : { definitions, types: [], values: [] };
}

function others(message, random) {
  const found = [otherTypes(message, random, 'f', true)];
  for (let i = 1; i <= OTHERS; i++) found.push(otherTypes(message, random, `v${i}`, false));
  return found;
}

// --- Rows ----------------------------------------------------------------------------------------------------------------

// Null where the official package does not read back what it wrote: it is not without faults.
function encoded(message) {
  try {
    const bytes = encodeOfficial(message);
    return readOfficial(bytes, message) === textForOfficial(message) ? bytes : null;
  } catch {
    return null;
  }
}

function candidate(number, attempt, seed) {
  const random = new Random(`candid/${seed}/${number}/${attempt}`);
  const message = number < FIXED ? fixedMessages()[number] : randomMessage(random);
  return { random, message, bytes: encoded(message) };
}

// The definitions that `types` need and `known` does not have.
function needed(types, definitions, known) {
  const found = new Map();
  const visit = type => {
    if (type.kind === 'ref' && !known.has(type.name) && !found.has(type.name)) {
      found.set(type.name, definitions.get(type.name));
      visit(found.get(type.name));
    }
    partsOf(type).forEach(visit);
  };
  types.forEach(visit);
  return found;
}

function textsOf({ definitions, types, values }, random, known = new Map()) {
  const defs = needed(types, definitions, known);
  return {
    ...(defs.size > 0 && { defs: definitionsText(defs, random) }),
    types: typesText(types, random),
    ...(values && { value: valuesText(values, types, definitions, random) }),
  };
}

// Row `number` of `seed`: { message, others, row }. A random one has at most `limit` bytes as JSON.
export function makeRow(number, seed, limit = Infinity) {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const { random, message, bytes } = candidate(number, attempt, seed);
    if (bytes === null) continue;
    const found = others(message, random);
    const known = needed(message.types, message.definitions, new Map());
    const at = found.map(other => textsOf(other, random, known));
    const row = { ...textsOf(message, random), hex: hex(bytes), at };
    if (number < FIXED || JSON.stringify(row).length <= limit) return { message, others: found, row };
  }
  assert(false, `nothing for row ${number}`);
}

export function candidValues(count, seed, limit = Infinity) {
  return {
    about:
      'Values of random types, encoded with @dfinity/candid 3.4.3 by tests/interop. value is the arguments as Candid text at types, which use the definitions defs. at: what the same bytes are at other types (with further definitions), by the rules of the specification and not by what the package says; without value they must be refused.',
    seed,
    row_limit: limit, // null, as JSON, for none
    cases: Array.from({ length: count }, (_, number) => makeRow(number, seed, limit).row),
  };
}

export default async function generate() {
  return candidValues(COUNT, SEED, ROW_LIMIT);
}
