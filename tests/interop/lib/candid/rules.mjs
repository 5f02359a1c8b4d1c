// SPDX-License-Identifier: Apache-2.0
// The rules of the specification ("Upgrading and Subtyping"): what a value of one type is at another, and which types are
// subtypes. Written from the rules, as the official package does not follow all of them.

import { items, unfold, vecOf } from './model.mjs';

export const FAILS = Symbol('fails');

const mayBeMissing = kind => kind === 'opt' || kind === 'null' || kind === 'reserved';

// Returns the value of type `wire` at the type `expected`, or FAILS.
export function coerce(value, wireFolded, expectedFolded, definitions) {
  const wire = unfold(wireFolded, definitions);
  const expected = unfold(expectedFolded, definitions);
  const go = (part, from, to) => coerce(part, from, to, definitions);
  if (expected.kind === 'reserved') return null;
  if (expected.kind === 'opt') return coerceOpt(value, wire, expected, go);
  if (wire.kind === 'nat' && expected.kind === 'int') return value;
  if (wire.kind === 'service' && expected.kind === 'principal') return value;
  if (wire.kind !== expected.kind) return FAILS;
  if (wire.kind === 'func' || wire.kind === 'service') return subtype(wire, expected, definitions) ? value : FAILS;
  if (wire.kind === 'vec') {
    const parts = items(value, wire).map(item => go(item, wire.item, expected.item));
    return parts.includes(FAILS) ? FAILS : vecOf(parts, expected);
  }
  if (wire.kind === 'record') return coerceFields(value, wire.fields, expected.fields, definitions);
  if (wire.kind === 'variant') return coerceCase(value, wire, expected, go);
  return value;
}

function coerceOpt(value, wire, expected, go) {
  if (wire.kind === 'null' || wire.kind === 'reserved') return null;
  if (wire.kind === 'opt' && value === null) return null;
  const inner = wire.kind === 'opt' ? go(value.some, wire.item, expected.item) : go(value, wire, expected.item);
  return inner === FAILS ? null : { some: inner };
}

function coerceCase({ index, value }, wire, expected, go) {
  const { id, type } = wire.fields[index];
  const at = expected.fields.findIndex(field => field.id === id);
  const inner = at < 0 ? FAILS : go(value, type, expected.fields[at].type);
  return inner === FAILS ? FAILS : { index: at, value: inner };
}

function coerceFields(values, wire, expected, definitions) {
  const parts = expected.map(({ id, type }) => {
    const at = wire.findIndex(field => field.id === id);
    if (at >= 0) return coerce(values[at], wire[at].type, type, definitions);
    return mayBeMissing(unfold(type, definitions).kind) ? null : FAILS;
  });
  return parts.includes(FAILS) ? FAILS : parts;
}

const asFields = types => types.map((type, id) => ({ id, type }));

// The same for the arguments of a message.
export const coerceArgs = (values, wire, expected, definitions) =>
  coerceFields(values, asFields(wire), asFields(expected), definitions);

// `assumed`: pairs that are being compared further out. They hold, as the relation is the greatest one.
export function subtype(subFolded, superFolded, definitions, assumed = []) {
  const sub = unfold(subFolded, definitions);
  const sup = unfold(superFolded, definitions);
  if (sup.kind === 'reserved' || sup.kind === 'opt' || sub.kind === 'empty') return true;
  if (sub.kind === 'nat' && sup.kind === 'int') return true;
  if (sub.kind === 'service' && sup.kind === 'principal') return true;
  if (sub.kind !== sup.kind) return false;
  if (assumed.some(([a, b]) => a === sub && b === sup)) return true;
  const pairs = [...assumed, [sub, sup]];
  const go = (a, b) => subtype(a, b, definitions, pairs);
  const fields = (a, b) =>
    b.every(({ id, type }) => {
      const found = a.find(field => field.id === id);
      return found ? go(found.type, type) : mayBeMissing(unfold(type, definitions).kind);
    });
  switch (sub.kind) {
    case 'vec':
      return go(sub.item, sup.item);
    case 'record':
      return fields(sub.fields, sup.fields);
    case 'variant':
      return sub.fields.every(({ id, type }) => sup.fields.some(field => field.id === id && go(type, field.type)));
    case 'func':
      return (
        fields(asFields(sup.args), asFields(sub.args)) &&
        fields(asFields(sub.results), asFields(sup.results)) &&
        sub.annotations.join() === sup.annotations.join()
      );
    case 'service':
      return sup.methods.every(([name, type]) => sub.methods.some(([other, of]) => other === name && go(of, type)));
    default:
      return true;
  }
}
