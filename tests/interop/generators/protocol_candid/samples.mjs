// SPDX-License-Identifier: Apache-2.0
// The values that the Candid vectors encode.

import { IDL } from '@dfinity/candid';
import { seeded, seededNat64, unhex } from '../../lib/bytes.mjs';
import { ed25519Key } from '../../lib/keys.mjs';
import * as p from '../../lib/protocol.mjs';

export const CLIENT = ed25519Key('client').getPrincipal();
export const GATEWAY = ed25519Key('gateway').getPrincipal();
export const NONCE = seededNat64('client nonce');
export const MAX = 0xffff_ffff_ffff_ffffn;
export const TIME = 1_700_000_000_000_000_000n;
export const KEY = { client_principal: CLIENT, client_nonce: NONCE };
export const OPEN = { client_nonce: NONCE, gateway_principal: GATEWAY };
export const MESSAGE = {
  client_key: KEY,
  sequence_num: 1n,
  timestamp: TIME,
  is_service_message: false,
  content: unhex('4449444c0000'),
};

export const encodeAs = (types, values) => new Uint8Array(IDL.encode(types, values));
const output = i => ({ client_key: KEY, key: p.messageKey(GATEWAY, BigInt(i)), content: seeded(`content ${i}`, 20 + i) });
export const batch = count => ({
  messages: Array.from({ length: count }, (_, i) => output(i)),
  cert: seeded('cert', 64),
  tree: seeded('tree', 48),
  is_end_of_queue: count !== 3,
});
