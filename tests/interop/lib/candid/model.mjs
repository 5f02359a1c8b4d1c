// SPDX-License-Identifier: Apache-2.0
// Candid types and values as plain data.
//
// A type: { kind }, with `item` (opt, vec), `fields` (record, variant: sorted by id), `args`, `results`, `annotations`
// (func), `methods` (service: sorted [name, type] pairs), or `name` (kind 'ref': of a definition). A field has `id`,
// `type`, and `name` if it has one. Definitions are a Map of types by name.
//
// A value: null (null, reserved), boolean, bigint (integers), number (floats), string (text), Uint8Array (blob, principal,
// service), { service, method } (func), null or { some } (opt), a list (vec; record: in the order of its fields),
// { index, value } (variant).

import { utf8 } from '../bytes.mjs';

export const prim = kind => ({ kind });
export const opt = item => ({ kind: 'opt', item });
export const vec = item => ({ kind: 'vec', item });
export const ref = name => ({ kind: 'ref', name });
export const record = fields => ({ kind: 'record', fields: sorted(fields) });
export const variant = fields => ({ kind: 'variant', fields: sorted(fields) });
export const tuple = types => record(types.map((type, id) => ({ id, type })));
export const func = (args, results, annotations = []) => ({ kind: 'func', args, results, annotations });
export const service = methods => ({ kind: 'service', methods: [...methods].sort((a, b) => byBytes(a[0], b[0])) });

const sorted = fields => [...fields].sort((a, b) => a.id - b.id);
const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

export const hash = name => utf8(name).reduce((sum, byte) => (sum * 223 + byte) % 2 ** 32, 0);
export const named = (name, type) => ({ id: hash(name), name, type });

export const isBlob = type => type.kind === 'vec' && type.item.kind === 'nat8';
export const isTuple = type => type.fields.length > 0 && type.fields.every(({ id, name }, i) => id === i && name === undefined);
export const unfold = (type, definitions) => (type.kind === 'ref' ? definitions.get(type.name) : type);

// The types that a type is made of.
export function partsOf(type) {
  if (type.item) return [type.item];
  if (type.fields) return type.fields.map(field => field.type);
  if (type.methods) return type.methods.map(([, method]) => method);
  return type.kind === 'func' ? [...type.args, ...type.results] : [];
}

// The items of a vec as values: a blob holds them as bytes.
export const items = (value, type) => (isBlob(type) ? Array.from(value, BigInt) : value);
export const vecOf = (list, type) => (isBlob(type) ? Uint8Array.from(list, Number) : list);
