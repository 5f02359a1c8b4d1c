// SPDX-License-Identifier: Apache-2.0
// One client's session with one canister: what the canister certifies and the gateway relays.

import { canisterId, dataTree, encodeCertificate, ROOT } from './certificate.mjs';
import { hex, seeded, seededNat64, sha256, utf8 } from './bytes.mjs';
import { balanced, digest, encodeTree, labeled, leaf, witness } from './hashtree.mjs';
import { ed25519Key } from './keys.mjs';
import { AppMessage, encode, encodeContent, encodeRelayed, messageKey, openMessage } from './protocol.mjs';

export const SECOND = 1_000_000_000n;
const START = 1_700_000_000n * SECOND;
export const CANISTER = canisterId(3);
export const GATEWAY = ed25519Key('gateway').getPrincipal();
export const OTHER_GATEWAY = ed25519Key('other gateway').getPrincipal();
export const CLIENT_SEED = seeded('client');
export const CLIENT_KEY = { client_principal: ed25519Key('client').getPrincipal(), client_nonce: seededNat64('client nonce') };
export const OTHER_CLIENT = ed25519Key('other client').getPrincipal();
export const FIRST_NONCE = 17n; // the gateway's number of our first message: it serves others too

export const at = seconds => START + BigInt(seconds) * SECOND;
export const appPayload = text => encode(AppMessage, { text, timestamp: START });

// A message of the canister. Sequence number n is the gateway's message 16 + n unless said otherwise, and its content is
// what a canister of the Rust kit writes.
export function message({
  seq,
  payload = appPayload(`message ${seq}`),
  service = false,
  nonce,
  key,
  clientKey = CLIENT_KEY,
  time,
  timestamp,
  write = encodeContent,
}) {
  const number = nonce ?? FIRST_NONCE - 1n + BigInt(seq);
  const content = write({
    clientKey,
    sequenceNum: BigInt(seq),
    timestamp: timestamp ?? time,
    isServiceMessage: service,
    content: payload,
  });
  return { key: key ?? messageKey(GATEWAY, number), content, seq, service, payload };
}

export const serviceMessage = (seq, payload, fields) => message({ seq, payload, service: true, ...fields });
export const opening = (time, fields) => serviceMessage(1, openMessage(CLIENT_KEY), { time, ...fields });

// The canister's whole tree over `messages` and two of other clients, and the witness that shows `messages` only.
export function messageTree(messages, hashOf = item => leaf(sha256(item.content))) {
  const others = [messageKey(GATEWAY, 3n), messageKey(OTHER_GATEWAY, 900n)].map(key => labeled(key, leaf(sha256(utf8(key)))));
  const nodes = [...messages.map(item => labeled(item.key, hashOf(item))), ...others];
  const ordered = nodes.sort((a, b) => Buffer.compare(Buffer.from(a[1]), Buffer.from(b[1])));
  const whole = balanced(ordered);
  return {
    whole: labeled('websocket', whole),
    shown: labeled(
      'websocket',
      witness(whole, node => !others.includes(node)),
    ),
  };
}

// Certifies `messages` together at `time` and relays each: the frames, received 2 s later.
export function relay(
  messages,
  {
    time,
    now = time + 2n * SECOND,
    signer = ROOT,
    delegation,
    canister = CANISTER,
    tree,
    certifiedData,
    timeLeaf,
    shapeCertificate,
    alter,
  },
) {
  const shown = tree ?? messageTree(messages).shown;
  const data = dataTree({ canister, certifiedData: certifiedData ?? digest(shown), time, timeLeaf });
  const cert = encodeCertificate(shapeCertificate ? shapeCertificate(data) : data, signer, delegation);
  const encoded = encodeTree(shown);
  return messages.map(item => {
    const content = alter ? alter(item.content) : item.content;
    return {
      now_ns: now,
      hex: hex(encodeRelayed({ key: item.key, content, cert, tree: encoded })),
      seq: item.seq,
      service: item.service,
      payload: item.payload,
    };
  });
}

export const openFrame = (fields = {}) => relay([opening(at(0))], { time: at(0), ...fields });
