// SPDX-License-Identifier: Apache-2.0
// What a gateway or a canister can do wrongly, each by its name. All else of the message is valid and signed.

import { concat, flip } from '../lib/bytes.mjs';
import { canisterId, delegate, ROOT, STRANGER } from '../lib/certificate.mjs';
import { ackMessage, keepAliveMessage, messageKey } from '../lib/protocol.mjs';
import { GATEWAY, message, OTHER_CLIENT, OTHER_GATEWAY } from '../lib/session.mjs';

const SECOND = 1_000_000_000n;
const now = () => BigInt(Date.now()) * 1_000_000n;
const last = bytes => flip(bytes, -1);
const elsewhere = [[canisterId(20), canisterId(29)]];
const another = () => message({ seq: 9, nonce: 9_000n, time: now() });

// Each takes the session's canister and returns what `say` takes as its second argument.
export const TAMPERINGS = {
  cert_byte: () => ({ alterCert: last }),
  cert_signer: () => ({ signer: STRANGER }),
  cert_delegation: () => ({ delegation: delegate({ key: STRANGER, flat: [[canisterId(0), canisterId(9)]], time: now() }) }),
  cert_ranges: () => ({ delegation: delegate({ key: ROOT, flat: elsewhere, time: now() }) }),
  cert_stale: () => ({ age: 301n * SECOND, fields: { timestamp: now() - 400n * SECOND } }),
  cert_future: () => ({ age: -360n * SECOND }),
  cert_canister: () => ({ canister: canisterId(4) }),
  tree_byte: () => ({ alterTree: last }),
  tree_of_others: () => ({ messages: [another()] }),
  content_byte: () => ({ alterContent: last }),
  client_principal: canister => ({ fields: { clientKey: { ...canister.clientKey, client_principal: OTHER_CLIENT } } }),
  client_nonce: canister => ({
    fields: { clientKey: { ...canister.clientKey, client_nonce: canister.clientKey.client_nonce ^ 1n } },
  }),
  key_gateway: () => ({ fields: { key: messageKey(OTHER_GATEWAY, 1_000n) } }),
  key_shape: () => ({ fields: { key: `${GATEWAY.toText()}_1000` } }),
  key_again: () => ({ fields: { nonce: 17n } }),
  sequence_gap: canister => ({ fields: { seq: canister.sent + 2, nonce: 1_000n } }),
  sequence_again: canister => ({ fields: { seq: canister.sent, nonce: 1_000n } }),
  timestamp_late: () => ({ fields: { timestamp: now() + 60n * SECOND } }),
  content_trailing: canister => ({ fields: { write: fields => concat(canister.write(fields), Uint8Array.of(0)) } }),
  frame_cut: () => ({ alterFrame: frame => frame.slice(0, -1) }),
  frame_trailing: () => ({ alterFrame: frame => concat(frame, Uint8Array.of(0)) }),
  frame_tags: () => ({ alterFrame: frame => concat(Uint8Array.of(0xd9, 0xd9, 0xf7, 0xd9, 0xd9, 0xf7), frame) }),
  frame_text: () => ({ asText: true }),
};

// Service messages that no canister sends: their payload.
export const SERVICES = {
  ack_too_far: canister => ackMessage(canister.received + 1n),
  keep_alive: () => keepAliveMessage(0n),
  unknown: () => Uint8Array.of(0x44, 0x49, 0x44, 0x4c, 0, 0),
};
