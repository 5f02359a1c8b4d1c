// SPDX-License-Identifier: Apache-2.0
import { IDL } from '@dfinity/candid';
import { hex } from '../lib/bytes.mjs';
import { assert } from '../lib/files.mjs';
import * as p from '../lib/protocol.mjs';
import { damaged, invalidCases } from './protocol_candid/broken.mjs';
import { handWritten } from './protocol_candid/by_hand.mjs';
import { otherTypeCases, plainCases } from './protocol_candid/valid.mjs';

const GetMessagesResult = p.resultOf(p.ReadCertifiedMessages);

// What a reader expects for each kind.
const READ = {
  ws_open_args: [p.OpenArgs],
  ws_message_args: [p.MessageArgs, IDL.Opt(p.AppMessage)],
  ws_close_args: [p.CloseArgs],
  ws_get_messages_args: [p.GetMessagesArgs],
  ws_get_messages_result: [GetMessagesResult],
  result: [p.Result],
  service_message: [p.ServiceMessage],
  app_message: [p.AppMessage],
};

// What the official package reads, as JSON text; null where it refuses the bytes.
function official(kind, bytes) {
  try {
    return JSON.stringify(p.toJson(IDL.decode(READ[kind], bytes).map(asBlobs)));
  } catch {
    return null;
  }
}

function asBlobs(value) {
  if (value?._isPrincipal || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(asBlobs);
  if (value && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value)
        .sort()
        .map(([k, v]) => [k, asBlobs(v)]),
    );
  return value;
}

function validCase([kind, name, bytes, values]) {
  const read = official(kind, bytes);
  const wanted = p.toJson(values.map(asBlobs));
  const agrees = read === JSON.stringify(wanted);
  assert(agrees || read === null, `Candid of ${kind}, ${name}: ${read}`);
  return {
    kind,
    name,
    expected: 'valid',
    value: p.toJson(values[0]),
    hex: hex(bytes),
    official_package: agrees ? 'accepts' : 'rejects',
  };
}

export default async function protocolCandid() {
  const hand = handWritten();
  const valid = [...plainCases(), ...otherTypeCases(), ...hand.valid].map(validCase);
  const invalid = [...invalidCases(), ...damaged(), ...hand.invalid].map(([kind, reason, bytes]) => ({
    kind,
    name: reason,
    expected: 'invalid',
    hex: hex(bytes),
    official_package: official(kind, bytes) === null ? 'rejects' : 'accepts',
  }));
  return {
    about:
      'Candid of the protocol types, made with @dfinity/candid 3.4.3 by tests/interop; hex and blobs in value are hex, integers decimal text, opt a list, value is the first argument. Other encoders may lay out the type table in another way: decode and compare. expected is the rule; official_package is what @dfinity/candid says to the same bytes.',
    cases: [...valid, ...invalid],
  };
}
