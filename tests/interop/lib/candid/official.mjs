// SPDX-License-Identifier: Apache-2.0
// The types and values of model.mjs in @dfinity/candid.

import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { isBlob, isTuple, unfold } from './model.mjs';
import { valuesText } from './text.mjs';

const PRIMITIVES = {
  null: IDL.Null,
  bool: IDL.Bool,
  nat: IDL.Nat,
  int: IDL.Int,
  nat8: IDL.Nat8,
  nat16: IDL.Nat16,
  nat32: IDL.Nat32,
  nat64: IDL.Nat64,
  int8: IDL.Int8,
  int16: IDL.Int16,
  int32: IDL.Int32,
  int64: IDL.Int64,
  float32: IDL.Float32,
  float64: IDL.Float64,
  text: IDL.Text,
  reserved: IDL.Reserved,
  empty: IDL.Empty,
  principal: IDL.Principal,
};

const key = ({ id, name }) => name ?? `_${id}_`;
const object = (fields, of) => Object.fromEntries(fields.map((field, i) => [key(field), of(field, i)]));

// Returns a function from types to IDL types; each definition becomes an IDL.Rec.
function officialTypes(definitions) {
  const recs = new Map();
  const convert = type => {
    if (type.kind === 'opt') return IDL.Opt(convert(type.item));
    if (type.kind === 'vec') return IDL.Vec(convert(type.item));
    if (type.kind === 'record' && isTuple(type)) return IDL.Tuple(...type.fields.map(field => convert(field.type)));
    if (type.kind === 'record') return IDL.Record(object(type.fields, field => convert(field.type)));
    if (type.kind === 'variant') return IDL.Variant(object(type.fields, field => convert(field.type)));
    if (type.kind === 'func') return IDL.Func(type.args.map(convert), type.results.map(convert), type.annotations);
    if (type.kind === 'service') return IDL.Service(Object.fromEntries(type.methods.map(([name, t]) => [name, convert(t)])));
    if (type.kind !== 'ref') return PRIMITIVES[type.kind];
    if (!recs.has(type.name)) {
      const rec = IDL.Rec();
      recs.set(type.name, rec);
      rec.fill(convert(definitions.get(type.name)));
    }
    return recs.get(type.name);
  };
  return convert;
}

function toOfficial(value, folded, definitions) {
  const type = unfold(folded, definitions);
  const go = (part, of) => toOfficial(part, of, definitions);
  if (type.kind === 'opt') return value === null ? [] : [go(value.some, type.item)];
  if (type.kind === 'vec') return isBlob(type) ? value : value.map(item => go(item, type.item));
  if (type.kind === 'record' && isTuple(type)) return value.map((part, i) => go(part, type.fields[i].type));
  if (type.kind === 'record') return object(type.fields, (field, i) => go(value[i], field.type));
  if (type.kind === 'variant') {
    const field = type.fields[value.index];
    return { [key(field)]: go(value.value, field.type) };
  }
  if (type.kind === 'principal' || type.kind === 'service') return Principal.fromUint8Array(value);
  if (type.kind === 'func') return [Principal.fromUint8Array(value.service), value.method];
  return value;
}

function fromOfficial(value, folded, definitions) {
  const type = unfold(folded, definitions);
  const go = (part, of) => fromOfficial(part, of, definitions);
  if (type.kind === 'opt') return value.length === 0 ? null : { some: go(value[0], type.item) };
  if (type.kind === 'vec') return isBlob(type) ? value : Array.from(value, item => go(item, type.item));
  if (type.kind === 'record' && isTuple(type)) return type.fields.map((field, i) => go(value[i], field.type));
  if (type.kind === 'record') return type.fields.map(field => go(value[key(field)], field.type));
  if (type.kind === 'variant') {
    const index = type.fields.findIndex(field => Object.hasOwn(value, key(field)));
    return { index, value: go(value[key(type.fields[index])], type.fields[index].type) };
  }
  if (type.kind === 'principal' || type.kind === 'service') return value.toUint8Array();
  if (type.kind === 'func') return { service: value[0].toUint8Array(), method: value[1] };
  if (/^(nat|int)/.test(type.kind)) return BigInt(value);
  return value;
}

// A message is { definitions, types, values }.
export function encodeOfficial({ definitions, types, values }) {
  const official = types.map(officialTypes(definitions));
  const given = values.map((value, i) => toOfficial(value, types[i], definitions));
  return new Uint8Array(IDL.encode(official, given));
}

// The package's reader takes a U+FEFF at the beginning of a text for a byte order mark, and drops it.
const withoutMarks = text => text.replaceAll('"\ufeff', '"');

// What the package reads in `bytes`, as text.
export function readOfficial(bytes, { definitions, types }) {
  const read = IDL.decode(types.map(officialTypes(definitions)), bytes);
  const values = read.map((value, i) => fromOfficial(value, types[i], definitions));
  return withoutMarks(valuesText(values, types, definitions));
}

export const textForOfficial = ({ definitions, types, values }) => withoutMarks(valuesText(values, types, definitions));
