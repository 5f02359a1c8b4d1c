// SPDX-License-Identifier: Apache-2.0
import { concat, equal, seeded, unhex, utf8 } from '../../lib/bytes.mjs';
import { assert } from '../../lib/files.mjs';
import * as p from '../../lib/protocol.mjs';
import { encodeAs, OPEN } from './samples.mjs';

// ws_open arguments written by hand: the body of the usual encoding under another type table.
const F_NONCE = unhex('f3eec6b402'); // field id of client_nonce
const F_GATEWAY = unhex('bbd1eacd0e'); // field id of gateway_principal
const RECORD = concat(unhex('6c02'), F_NONCE, unhex('68'), F_GATEWAY, unhex('78'));
const didl = (...parts) => concat(utf8('DIDL'), ...parts);
const openBody = encodeAs([p.OpenArgs], [OPEN]).slice(4 + 1 + RECORD.length + 2);

export function handWritten() {
  const usual = encodeAs([p.OpenArgs], [OPEN]);
  const type = RECORD;
  assert(equal(usual, didl(unhex('01'), type, unhex('0100'), openBody)), 'hand-written layout');
  const valid = [
    ['unused table entries, one of them recursive', didl(unhex('03'), unhex('6e01'), unhex('6d00'), type, unhex('0102'), openBody)],
    ['the same type twice in the table', didl(unhex('02'), type, type, unhex('0101'), openBody)],
    ['table length as over-long LEB128', didl(unhex('8100'), type, unhex('0100'), openBody)],
  ].map(([name, bytes]) => ['ws_open_args', name, bytes, [OPEN]]);
  const invalid = [
    [
      'fields not in order of their ids',
      didl(unhex('01'), unhex('6c02'), type.slice(8), type.slice(2, 8), unhex('0100'), openBody),
    ],
    ['field id twice', didl(unhex('01'), unhex('6c03'), type.slice(2, 8), type.slice(2), unhex('0100'), openBody)],
    ['type index beyond the table', didl(unhex('01'), type, unhex('0101'), openBody)],
    ['unknown primitive type', didl(unhex('01'), type, unhex('0150'), openBody)],
    ['primitive type in the table', didl(unhex('02'), type, unhex('78'), unhex('0100'), openBody)],
    ['principal as an opaque reference', didl(unhex('01'), type, unhex('0100'), Uint8Array.of(0), openBody.slice(1))],
    ['principal of 30 bytes', didl(unhex('01'), type, unhex('0100'), unhex('011e'), seeded('thirty', 30), openBody.slice(-8))],
    ['principal longer than the message', didl(unhex('01'), type, unhex('0100'), unhex('01ffffffff0f'), openBody.slice(2))],
    ['wrong magic', concat(utf8('DIDM'), usual.slice(4))],
    ['magic only', utf8('DIDL')],
    ['empty', new Uint8Array()],
    ['table longer than the message', didl(unhex('ffffffff0f'), type, unhex('0100'), openBody)],
    ['LEB128 without end', didl(unhex('ff'.repeat(40)))],
    ['more arguments announced than there are', didl(unhex('01'), type, unhex('7f00'), openBody)],
  ].map(([reason, bytes]) => ['ws_open_args', reason, bytes]);
  return { valid, invalid };
}
