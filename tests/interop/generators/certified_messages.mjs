// SPDX-License-Identifier: Apache-2.0
import { Certificate, Cbor } from '@dfinity/agent';
import { hex, unhex } from '../lib/bytes.mjs';
import { ROOT, STRANGER, SUBNET } from '../lib/certificate.mjs';
import { assert } from '../lib/files.mjs';
import { failedChecks } from '../lib/judge.mjs';
import { CANISTER, CLIENT_KEY, CLIENT_SEED, GATEWAY } from '../lib/session.mjs';
import { brokenSessions } from './certified_messages/broken.mjs';
import { serviceSessions } from './certified_messages/service.mjs';
import { validSessions } from './certified_messages/valid.mjs';

const opinions = new Map();

// What the official agent says of a frame's certificate, its age aside.
async function officialOpinion(frame) {
  const { cert } = Cbor.decode(unhex(frame.hex));
  const id = hex(cert);
  if (!opinions.has(id)) {
    const options = { certificate: cert, rootKey: ROOT.der, canisterId: CANISTER, disableTimeVerification: true };
    opinions.set(
      id,
      await Certificate.create(options).then(
        () => 'accepts',
        () => 'rejects',
      ),
    );
  }
  return opinions.get(id);
}

// Replays a session through the seven checks: every accepted frame passes all, the next one fails as announced.
function assertChecks({ name, frames, accepted, failed_check: failed, also_fails: also, after_close: ignored = 0 }) {
  const state = { canister: CANISTER, rootKey: ROOT.der, clientKey: CLIENT_KEY, gateway: GATEWAY, nextSequenceNum: 1n };
  const expected = /^[1-7]$/.test(failed) ? [failed, ...(also ? [also] : [])] : [];
  for (const [index, frame] of frames.slice(0, frames.length - ignored).entries()) {
    const { failed: found, nonce } = failedChecks(frame.hex, frame.now_ns, state);
    const wanted = index < accepted ? [] : expected;
    assert(
      found.join() === wanted.join(),
      `session "${name}", frame ${index}: checks ${found.join() || 'none'} fail, not ${wanted.join() || 'none'}`,
    );
    state.lastNonce = nonce;
    state.nextSequenceNum++;
  }
}

async function describe(session) {
  const { name, frames, accepted, failed_check = 'none', reason = 'valid', ...rest } = session;
  assertChecks({ ...session, failed_check });
  const subject = frames[Math.min(accepted, frames.length - 1)];
  const delivered = frames
    .slice(0, accepted)
    .filter(frame => !frame.service)
    .map(frame => hex(frame.payload));
  return {
    name,
    failed_check,
    reason,
    accepted,
    ...rest,
    delivered,
    official_certificate: await officialOpinion(subject),
    frames: frames.map(({ now_ns, hex: bytes, client_sent }) => ({
      now_ns: String(now_ns),
      ...(client_sent && { client_sent }),
      hex: bytes,
    })),
  };
}

export default async function certifiedMessages() {
  const cases = [];
  for (const session of [...validSessions(), ...brokenSessions(), ...serviceSessions()]) cases.push(await describe(session));
  return {
    about:
      'Certified sessions of one client, made by tests/interop with @dfinity/agent, candid 3.4.3 and @noble/curves 1.9.7 under fixed BLS keys; binary values are hex. frames are the relayed messages in order, each with the time at which it arrives and, as client_sent, how many messages the client has sent before. The first `accepted` frames pass all checks, and `delivered` are the payloads that reach the application. The frame after them fails in failed_check alone: "1" to "7" as the IC WebSocket protocol numbers the client\'s checks, "content" (certified, but not the CBOR of a message) or "service" (rules of service messages); also_fails names a second check where one cannot fail alone. after_close: so many last frames follow a CloseMessage and are ignored. A checker of our own in JavaScript confirms that exactly that check fails. official_certificate: what Certificate.create of @dfinity/agent 3.4.3, time check off, says of the certificate in the frame after the accepted ones (the last one where all are); it knows neither sharded ranges nor ill-formed trees.',
    root_key_hex: hex(ROOT.der),
    root_secret_hex: hex(ROOT.secret),
    subnet_key_hex: hex(SUBNET.der),
    subnet_secret_hex: hex(SUBNET.secret),
    stranger_key_hex: hex(STRANGER.der),
    subnet_id: SUBNET.principal.toText(),
    canister_id: CANISTER.toText(),
    gateway_principal: GATEWAY.toText(),
    handshake_hex: hex(Cbor.encode({ gateway_principal: GATEWAY.toUint8Array() })),
    client_seed_hex: hex(CLIENT_SEED),
    client_principal: CLIENT_KEY.client_principal.toText(),
    client_nonce: String(CLIENT_KEY.client_nonce),
    cases,
  };
}
