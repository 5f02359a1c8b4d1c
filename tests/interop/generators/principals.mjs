// SPDX-License-Identifier: Apache-2.0
import { Principal } from '@dfinity/principal';
import { hex, seeded, unhex } from '../lib/bytes.mjs';
import { assert, rejects } from '../lib/files.mjs';
import { derOf, ed25519Key, p256Key, secp256k1Key } from '../lib/keys.mjs';

const VALID = [
  '',
  '04',
  '00',
  'ff',
  'abcd01',
  '00000000000000000101',
  '0000000000100000' + '0101',
  '00'.repeat(29),
  'ff'.repeat(29),
];

function validCases() {
  const bodies = VALID.map(unhex);
  for (let length = 1; length <= 29; length += 4) bodies.push(seeded(`principal ${length}`, length));
  return bodies.map(bytes => {
    const text = Principal.fromUint8Array(bytes).toText();
    assert(Principal.fromText(text).toHex().toLowerCase() === hex(bytes), text);
    return { bytes: hex(bytes), text };
  });
}

function selfAuthenticatingCases() {
  const keys = [ed25519Key('principal'), secp256k1Key('principal'), p256Key('principal')].map(derOf);
  return keys.map(der => {
    const principal = Principal.selfAuthenticating(der);
    return { self_authenticating_from_der: hex(der), bytes: hex(principal.toUint8Array()), text: principal.toText() };
  });
}

function invalidTexts() {
  const good = Principal.fromUint8Array(seeded('principal invalid', 29)).toText();
  const tooLong = Principal.fromUint8Array(seeded('principal too long', 30)).toText();
  // 'aaaaa-aa' ends in 3 unused bits: any letter up to 'h' there decodes to the same bytes.
  return [
    ['', 'empty'],
    [good.toUpperCase(), 'upper case'],
    [good.replaceAll('-', ''), 'no dashes'],
    [`${good}-`, 'trailing dash'],
    [`-${good}`, 'leading dash'],
    [good.replace('-', '--'), 'double dash'],
    [good.slice(0, 4) + '-' + good.slice(4).replace('-', ''), 'wrong grouping'],
    [(good[0] === 'a' ? 'b' : 'a') + good.slice(1), 'checksum'],
    [good.slice(0, -1), 'truncated'],
    [`${good}a`, 'one letter more'],
    ['aaaaa-aaaaa', 'extra letters'],
    ['aaaaa-ab', 'unused bits not zero'],
    ['aaaaa-aa=', 'padding'],
    [' aaaaa-aa', 'leading blank'],
    ['aaaaa-aa\n', 'trailing newline'],
    ['!!!!!-!!', 'not base32'],
    ['aaaa1-aa', 'digit that base32 has not'],
    ['aaaa', 'shorter than a checksum'],
    ['aaaaa', 'shorter than a checksum'],
    [tooLong, '30 bytes'],
  ].map(([text, reason]) => ({ invalid_text: text, reason }));
}

export default async function principals() {
  const invalid = [];
  for (const item of invalidTexts())
    invalid.push({
      ...item,
      official_package: (await rejects(() => Principal.fromText(item.invalid_text))) ? 'rejects' : 'accepts',
    });
  return {
    about:
      'Principals, made with @dfinity/principal 3.4.3 by tests/interop. bytes and self_authenticating_from_der are hex; every invalid_text must be refused, also where the official package is laxer (official_package says what it does).',
    cases: [...validCases(), ...selfAuthenticatingCases(), ...invalid],
  };
}
