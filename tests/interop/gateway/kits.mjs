// SPDX-License-Identifier: Apache-2.0
// The content of a canister's message as the kits write it. CBOR leaves the order of a map's keys free, so one here turns
// it around.

import * as c from '../lib/cbor.mjs';

function members({ clientKey, sequenceNum, timestamp, isServiceMessage, content }, order = list => list) {
  const key = [
    ['client_principal', c.bytes(clientKey.client_principal.toUint8Array())],
    ['client_nonce', c.uint(clientKey.client_nonce)],
  ];
  return c.map(
    order([
      ['client_key', c.map(order(key))],
      ['sequence_num', c.uint(sequenceNum)],
      ['timestamp', c.uint(timestamp)],
      ['is_service_message', c.bool(isServiceMessage)],
      ['content', c.bytes(content)],
    ]),
  );
}

export const KITS = {
  rust: fields => c.selfDescribed(members(fields)),
  motoko: fields => members(fields),
  turned: fields => members(fields, list => [...list].reverse()),
};
