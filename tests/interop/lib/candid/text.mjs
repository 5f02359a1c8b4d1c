// SPDX-License-Identifier: Apache-2.0
// Candid as text, by the grammar of the specification. What can be written in several ways is written in one of them that
// `style`, a Random, chooses; without a style it is always the same one, so that texts can be compared.

import { Principal } from '@dfinity/principal';
import { isBlob, items, unfold } from './model.mjs';

const KEYWORDS = new Set(
  (
    'type import service func opt vec record variant blob principal oneway query composite_query null bool true false ' +
    'nat nat8 nat16 nat32 nat64 int int8 int16 int32 int64 float32 float64 text reserved empty'
  ).split(' '),
);

const chance = (style, percent) => style !== undefined && style.chance(percent);
const shuffled = (list, style) => (style ? style.shuffled(list) : list);

// --- Words -------------------------------------------------------------------------------------------------------------

const ESCAPES = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\', '"': '\\"', "'": "\\'" };
const byteEscapes = bytes => Array.from(bytes, byte => `\\${byte.toString(16).padStart(2, '0')}`).join('');

function character(c, style) {
  const code = c.codePointAt(0);
  const mustEscape = code < 0x20 || code === 0x7f || c === '"' || c === '\\';
  if (!mustEscape && !chance(style, 4)) return c;
  const digits = code.toString(16);
  const ways = [`\\u{${digits}}`, byteEscapes(Buffer.from(c)), `\\u{0${digits.toUpperCase()}}`];
  if (c in ESCAPES) ways.push(ESCAPES[c]);
  if (digits.length > 3) ways.push(`\\u{${digits.replace(/(.)(.)/, '$1_$2')}}`);
  return style ? style.pick(ways) : (ESCAPES[c] ?? ways[0]);
}

export const quoted = (text, style) => `"${Array.from(text, c => character(c, style)).join('')}"`;

function name(text, style) {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !KEYWORDS.has(text);
  return plain && !chance(style, 10) ? text : quoted(text, style);
}

const grouped = digits => digits.replace(/\B(?=(...)+$)/g, '_');
const label = (field, style) => (field.name === undefined ? natural(BigInt(field.id), style) : name(field.name, style));

function natural(value, style) {
  if (chance(style, 8)) return grouped(value.toString());
  if (chance(style, 8)) return `0x${value.toString(16)}`;
  if (chance(style, 4)) return `0x${value.toString(16).toUpperCase()}`;
  return value.toString();
}

function integer(value, style) {
  if (value < 0n) return `-${chance(style, 8) ? grouped((-value).toString()) : -value}`;
  return chance(style, 10) ? `+${value}` : value.toString();
}

// The exact value with hex digits: 0x1.8p3.
function hexFloat(value) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const digits = (bits & ((1n << 52n) - 1n)).toString(16).padStart(13, '0').replace(/0+$/, '');
  const [lead, power] = exponent === 0 ? ['0', -1022] : ['1', exponent - 1023];
  return `${bits >> 63n ? '-' : ''}0x${lead}${digits && `.${digits}`}p${power}`;
}

function float(value, style) {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (chance(style, 15)) return hexFloat(value);
  const digits = Object.is(value, -0) ? '-0' : value.toString();
  if (/[.e]/.test(digits)) return chance(style, 10) ? digits.replace('e', 'E') : digits;
  return digits + (style ? style.pick(['.0', '.', 'e0', '.0e+0']) : '.0');
}

// --- Types -------------------------------------------------------------------------------------------------------------

const tupleOfTypes = (types, style) => `(${types.map(type => typeText(type, style)).join(', ')})`;

function argumentTypes(types, style) {
  if (!chance(style, 20)) return tupleOfTypes(types, style);
  return `(${types.map((type, i) => `arg${i} : ${typeText(type, style)}`).join(', ')})`;
}

const signature = ({ args, results, annotations }, style) =>
  [argumentTypes(args, style), '->', argumentTypes(results, style), ...annotations].join(' ');

const braces = (keyword, parts, style) =>
  parts.length === 0 ? `${keyword} {}` : `${keyword} { ${parts.join('; ')}${chance(style, 20) ? ';' : ''} }`;

function recordType({ fields }, style) {
  const positional = fields.every(({ id, name }, i) => id === i && name === undefined);
  if (positional && !chance(style, 20)) {
    const parts = fields.map(field => typeText(field.type, style));
    return braces('record', parts, style);
  }
  const parts = shuffled(fields, style).map(field => `${label(field, style)} : ${typeText(field.type, style)}`);
  return braces('record', parts, style);
}

function variantType({ fields }, style) {
  const parts = shuffled(fields, style).map(field =>
    field.type.kind === 'null' && !chance(style, 20)
      ? label(field, style)
      : `${label(field, style)} : ${typeText(field.type, style)}`,
  );
  return braces('variant', parts, style);
}

export function typeText(type, style) {
  if (isBlob(type) && !chance(style, 30)) return 'blob';
  if (type.kind === 'opt' || type.kind === 'vec') return `${type.kind} ${typeText(type.item, style)}`;
  if (type.kind === 'record') return recordType(type, style);
  if (type.kind === 'variant') return variantType(type, style);
  if (type.kind === 'func') return `func ${signature(type, style)}`;
  if (type.kind === 'service') {
    const method = ([id, of]) => `${name(id, style)} : ${of.kind === 'ref' ? of.name : signature(of, style)}`;
    return braces('service', shuffled(type.methods, style).map(method), style);
  }
  return type.kind === 'ref' ? type.name : type.kind;
}

export const typesText = (types, style) => tupleOfTypes(types, style);

export const definitionsText = (definitions, style) =>
  shuffled([...definitions], style)
    .map(([id, type]) => `type ${id} = ${typeText(type, style)};`)
    .join(' ');

// --- Values ------------------------------------------------------------------------------------------------------------

const principalText = bytes => `"${Principal.fromUint8Array(bytes).toText()}"`;

function blobText(bytes, style) {
  const plain = byte => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && !chance(style, 10);
  return `blob "${Array.from(bytes, byte => (plain(byte) ? String.fromCharCode(byte) : byteEscapes([byte]))).join('')}"`;
}

function recordText(value, { fields }, go, style) {
  const positional = fields.every(({ id, name }, i) => id === i && name === undefined) && !chance(style, 20);
  const parts = fields.map((field, i) => (positional ? '' : `${label(field, style)} = `) + go(value[i], field.type));
  return braces('record', positional ? parts : shuffled(parts, style), style);
}

function variantText({ index, value }, { fields }, go, style) {
  const field = fields[index];
  const bare = field.type.kind === 'null' && !chance(style, 20);
  return `variant { ${label(field, style)}${bare ? '' : ` = ${go(value, field.type)}`} }`;
}

// A value without annotation.
function bareText(value, folded, definitions, style) {
  const type = unfold(folded, definitions);
  const go = (part, of) => valueText(part, of, definitions, style);
  if (type.kind === 'opt') return value === null ? 'null' : `opt ${valueText(value.some, type.item, definitions, style, true)}`;
  if (isBlob(type) && !chance(style, 20)) return blobText(value, style);
  if (type.kind === 'vec') {
    const parts = items(value, type).map(item => go(item, type.item));
    return braces('vec', parts, style);
  }
  if (type.kind === 'record') return recordText(value, type, go, style);
  if (type.kind === 'variant') return variantText(value, type, go, style);
  if (type.kind === 'principal' || type.kind === 'service') return `${type.kind} ${principalText(value)}`;
  if (type.kind === 'func') return `func ${principalText(value.service)}.${name(value.method, style)}`;
  if (type.kind === 'text') return quoted(value, style);
  if (type.kind.startsWith('nat')) return natural(value, style);
  if (type.kind.startsWith('int')) return integer(value, style);
  if (type.kind.startsWith('float')) return float(value, style);
  return String(value);
}

// `closed`: where an annotation would need parentheses around it.
export function valueText(value, type, definitions, style, closed = false) {
  const text = bareText(value, type, definitions, style);
  if (chance(style, 8)) return `(${text} : ${typeText(type, style)})`;
  if (!closed && chance(style, 8)) return `${text} : ${typeText(type, style)}`;
  return chance(style, 4) ? `(${text})` : text;
}

export const valuesText = (values, types, definitions, style) =>
  `(${values.map((value, i) => valueText(value, types[i], definitions, style)).join(', ')})`;
