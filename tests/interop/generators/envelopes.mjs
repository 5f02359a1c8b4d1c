// SPDX-License-Identifier: Apache-2.0
import { Cbor } from '@dfinity/agent';
import { DelegationChain, DelegationIdentity } from '@dfinity/identity';
import { canisterId } from '../lib/certificate.mjs';
import { concat, flip, hex, seeded, seededNat64, unhex } from '../lib/bytes.mjs';
import {
  ANONYMOUS,
  callContent,
  encodeEnvelope,
  encodeFrame,
  judgeEnvelope,
  requestId,
  requestMessage,
  seal,
} from '../lib/envelope.mjs';
import { assert } from '../lib/files.mjs';
import { derOf, ed25519Key, p256Key, principalOfDer, secp256k1Key } from '../lib/keys.mjs';
import {
  AppMessage,
  CloseArgs,
  GetMessagesArgs,
  encode,
  encodeMessageArgs,
  encodeOpenArgs,
  keepAliveMessage,
} from '../lib/protocol.mjs';

const NOW = 1_700_000_000_000_000_000n;
const SECOND = 1_000_000_000n;
const CANISTER = canisterId(3);
const ELSEWHERE = canisterId(4);
const GATEWAY = ed25519Key('gateway').getPrincipal();
const [ED, K1, P256] = [ed25519Key('client'), secp256k1Key('client k1'), p256Key('client p256')];
const MINUTE_MS = 60_000;
const LATER = new Date(Number(NOW / 1_000_000n) + 10 * MINUTE_MS);
const EARLIER = new Date(Number(NOW / 1_000_000n) - 1);

const clientKey = sender => ({ client_principal: sender, client_nonce: seededNat64('client nonce') });
const openArg = encodeOpenArgs({ client_nonce: seededNat64('client nonce'), gateway_principal: GATEWAY });

function messageArg(sender, service) {
  const content = service ? keepAliveMessage(7n) : encode(AppMessage, { text: 'ping \u2013 \u21c4', timestamp: NOW });
  return encodeMessageArgs({
    client_key: clientKey(sender),
    sequence_num: service ? 2n : 1n,
    timestamp: NOW,
    is_service_message: service,
    content,
  });
}

const contentFor = (identity, fields = {}) =>
  callContent({
    canister: CANISTER,
    method: 'ws_open',
    arg: openArg,
    sender: identity.getPrincipal(),
    expiry: NOW + 240n * SECOND,
    nonce: seeded('call nonce', 16),
    ...fields,
  });

async function chain(keys, options = []) {
  let previous;
  for (let i = 0; i + 1 < keys.length; i++)
    previous = await DelegationChain.create(keys[i], keys[i + 1].getPublicKey(), options[i]?.expiry ?? LATER, {
      previous,
      targets: options[i]?.targets,
    });
  return previous;
}

async function delegated(keys, options) {
  return DelegationIdentity.fromDelegation(keys.at(-1), await chain(keys, options));
}

async function validEnvelopes() {
  const out = [];
  const add = async (name, identity, fields) => out.push([name, await seal(identity, contentFor(identity, fields))]);
  for (const [kind, identity] of [
    ['ed25519', ED],
    ['secp256k1', K1],
    ['p256', P256],
  ]) {
    const sender = identity.getPrincipal();
    await add(`ws_open, ${kind}`, identity);
    await add(`ws_message, ${kind}`, identity, { method: 'ws_message', arg: messageArg(sender, false) });
    await add(`ws_message keep-alive, ${kind}`, identity, { method: 'ws_message', arg: messageArg(sender, true) });
  }
  await add('ws_close, ed25519', ed25519Key('gateway'), {
    method: 'ws_close',
    arg: encode(CloseArgs, { client_key: clientKey(ED.getPrincipal()) }),
  });
  await add('ws_get_messages query, ed25519', ed25519Key('gateway'), {
    method: 'ws_get_messages',
    arg: encode(GetMessagesArgs, { nonce: 5n }),
    type: 'query',
  });
  await add('no nonce, ed25519', ED, { nonce: undefined });
  await add('nonce of 32 bytes, ed25519', ED, { nonce: seeded('nonce 32', 32) });
  await add('empty argument, ed25519', ED, { arg: new Uint8Array() });
  await add('expires at this very moment, ed25519', ED, { expiry: NOW });
  await add('expires in 5 min 30 s, ed25519', ED, { expiry: NOW + 330n * SECOND });
  await add('one delegation, ed25519 to ed25519', await delegated([ED, ed25519Key('session 1')]));
  await add('one delegation, ed25519 to secp256k1', await delegated([ED, K1]));
  await add('one delegation, p256 to ed25519', await delegated([P256, ed25519Key('session 1')]));
  await add('one delegation with targets', await delegated([ED, ed25519Key('session 1')], [{ targets: [ELSEWHERE, CANISTER] }]));
  await add('two delegations, secp256k1 to p256 to ed25519', await delegated([K1, P256, ed25519Key('session 1')]));
  await add(
    'two delegations, each with targets',
    await delegated([ED, K1, ed25519Key('session 1')], [{ targets: [CANISTER] }, { targets: [CANISTER, ELSEWHERE] }]),
  );
  await add('20 delegations', await delegated(Array.from({ length: 21 }, (_, i) => ed25519Key(`link ${i}`))));
  out.push(['anonymous ws_open', { content: contentFor({ getPrincipal: () => ANONYMOUS }) }]);
  return out;
}

async function readStateEnvelope() {
  const content = {
    request_type: 'read_state',
    paths: [[new TextEncoder().encode('request_status'), requestId(contentFor(ED))]],
    sender: ED.getPrincipal(),
    ingress_expiry: contentFor(ED).ingress_expiry,
  };
  return ['read_state, ed25519', await seal(ED, content)];
}

// Each broken in one way; everything else is properly signed.
async function invalidEnvelopes() {
  const good = await seal(ED, contentFor(ED));
  const session = ed25519Key('session 1');
  const sealed = async (fields, identity = ED) => seal(identity, contentFor(identity, fields));
  const withKey = async (der, signature) => ({
    content: contentFor({ getPrincipal: () => principalOfDer(der) }),
    sender_pubkey: der,
    sender_sig: signature ?? good.sender_sig,
  });
  const der = derOf(ED);
  const swapped = await delegated([ED, K1, session]);
  swapped.getDelegation().delegations.reverse();
  const wrongSigner = await delegated([ED, session]);
  const stranger = await chain([K1, session]);
  const elsewhere = [{ targets: [ELSEWHERE] }];
  const links = Array.from({ length: 22 }, (_, i) => ed25519Key(`link ${i}`));
  const chainOf = async (keys, options) => sealed({}, await delegated(keys, options));
  const oneDelegation = await chainOf([ED, session]);
  return [
    ['argument altered', 'bad_signature', { ...good, content: contentFor(ED, { arg: flip(openArg, -1) }) }],
    ['method altered', 'bad_signature', { ...good, content: contentFor(ED, { method: 'ws_close' }) }],
    ['canister altered', 'bad_signature', { ...good, content: contentFor(ED, { canister: ELSEWHERE }) }],
    ['signature altered', 'bad_signature', { ...good, sender_sig: flip(good.sender_sig, 5) }],
    ['signature cut short', 'bad_signature', { ...good, sender_sig: good.sender_sig.slice(0, 63) }],
    ['signature without the domain separator', 'bad_signature', { ...good, sender_sig: await ED.sign(requestId(good.content)) }],
    ['signed by another key', 'bad_signature', { ...good, sender_sig: await session.sign(requestMessage(good.content)) }],
    [
      'secp256k1 signature altered',
      'bad_signature',
      await sealed({}, K1).then(e => ({ ...e, sender_sig: flip(e.sender_sig, 40) })),
    ],
    ['p256 signature altered', 'bad_signature', await sealed({}, P256).then(e => ({ ...e, sender_sig: flip(e.sender_sig, 40) }))],
    ['p256 signature all zero', 'bad_signature', { ...(await sealed({}, P256)), sender_sig: new Uint8Array(64) }],
    [
      'signed by the root key in place of the delegate',
      'bad_signature',
      { ...oneDelegation, sender_sig: await ED.sign(requestMessage(oneDelegation.content)) },
    ],
    ['sender of another key', 'sender_mismatch', await sealed({ sender: K1.getPrincipal() })],
    [
      'sender of the delegate in place of the root',
      'sender_mismatch',
      await sealed({ sender: session.getPrincipal() }, await delegated([ED, session])),
    ],
    ['delegation expired', 'delegation_expired', await chainOf([ED, session], [{ expiry: EARLIER }])],
    ['second delegation expired', 'delegation_expired', await chainOf([ED, K1, session], [{}, { expiry: EARLIER }])],
    ['targets leave the canister out', 'target_not_covered', await chainOf([ED, session], elsewhere)],
    [
      'targets of the second delegation leave it out',
      'target_not_covered',
      await chainOf([ED, K1, session], [{ targets: [CANISTER] }, ...elsewhere]),
    ],
    ['empty list of targets', 'target_not_covered', await chainOf([ED, session], [{ targets: [] }])],
    ['delegations in the wrong order', 'bad_delegation_signature', await sealed({}, swapped)],
    [
      'delegation of another root key',
      'bad_delegation_signature',
      { ...(await sealed({}, wrongSigner)), sender_delegation: stranger.delegations },
    ],
    ['targets removed after signing', 'bad_delegation_signature', await chainOf([ED, session], elsewhere).then(stripTargets)],
    ['delegation left out', 'bad_signature', { ...oneDelegation, sender_delegation: undefined }],
    ['21 delegations', 'too_many_delegations', await chainOf(links)],
    ['root key again in the chain', 'repeated_key', await chainOf([ED, K1, ED])],
    ['delegate twice in the chain', 'repeated_key', await chainOf([ED, K1, session, K1])],
    ['anonymous with a signature', 'anonymous_with_signature', { ...good, content: contentFor({ getPrincipal: () => ANONYMOUS }) }],
    [
      'anonymous with a public key',
      'anonymous_with_signature',
      { content: contentFor({ getPrincipal: () => ANONYMOUS }), sender_pubkey: der },
    ],
    ['no signature', 'missing_signature', { content: good.content, sender_pubkey: der }],
    ['no public key', 'missing_signature', { content: good.content, sender_sig: good.sender_sig }],
    ['neither key nor signature', 'missing_signature', { content: good.content }],
    ['nonce of 33 bytes', 'nonce_too_long', await sealed({ nonce: seeded('nonce 33', 33) })],
    ['key of 31 bytes', 'bad_public_key', await withKey(concat(unhex('3029300506032b6570032000'), der.slice(13)))],
    ['key with a trailing byte', 'bad_public_key', await withKey(concat(der, Uint8Array.of(0)))],
    ['raw key without DER', 'bad_public_key', await withKey(der.slice(12))],
    ['key of X25519', 'bad_public_key', await withKey(flip(der, 8, 0x1e))],
    ['compressed secp256k1 key', 'bad_public_key', await withKey(compressedK1())],
    ['empty key', 'bad_public_key', await withKey(new Uint8Array())],
    ['expired a nanosecond ago', 'expired', await sealed({ expiry: NOW - 1n })],
    ['expires a nanosecond too late', 'expiry_too_far', await sealed({ expiry: NOW + 330n * SECOND + 1n })],
  ];
}

function stripTargets(envelope) {
  const [{ delegation, signature }] = envelope.sender_delegation;
  const bare = { pubkey: delegation.pubkey, expiration: delegation.expiration };
  return { ...envelope, sender_delegation: [{ delegation: bare, signature }] };
}

function compressedK1() {
  const raw = derOf(K1).slice(-65);
  const point = concat(Uint8Array.of(2 + (raw[64] & 1)), raw.slice(1, 33));
  return concat(unhex('3036301006072a8648ce3d020106052b8104000a032200'), point);
}

function describe(name, envelope, expected) {
  const present = Object.fromEntries(Object.entries(envelope).filter(([, value]) => value !== undefined));
  const bytes = encodeEnvelope(present);
  const { content } = Cbor.decode(bytes);
  const verdict = judgeEnvelope(Cbor.decode(bytes), NOW);
  assert(verdict === expected, `envelope "${name}": ${verdict} instead of ${expected}`);
  assert(hex(requestId(content)) === hex(requestId(envelope.content)), `request id of "${name}"`);
  const optional = (key, value) => (value === undefined ? {} : { [key]: hex(value) });
  return {
    name,
    expected,
    request_type: content.request_type,
    sender: envelope.content.sender.toText(),
    ...(content.canister_id && {
      canister_id: envelope.content.canister_id.toText(),
      method: content.method_name,
      arg_hex: hex(content.arg),
    }),
    ingress_expiry: String(content.ingress_expiry),
    ...optional('nonce_hex', content.nonce),
    ...optional('pubkey_hex', present.sender_pubkey),
    ...optional('sig_hex', present.sender_sig),
    delegations: present.sender_delegation?.length ?? 0,
    request_id_hex: hex(requestId(content)),
    envelope_hex: hex(bytes),
    websocket_frame_hex: hex(encodeFrame(present)),
  };
}

export default async function envelopes() {
  const cases = [...(await validEnvelopes()), await readStateEnvelope()].map(([name, envelope]) =>
    describe(name, envelope, 'valid'),
  );
  for (const [name, expected, envelope] of await invalidEnvelopes()) cases.push(describe(name, envelope, expected));
  return {
    about:
      'Envelopes as @dfinity/agent, identity and identity-secp256k1 3.4.3 sign and encode them (P-256 keys sign with @noble/curves 1.9.7), made by tests/interop; binary values are hex. expected is "valid" or what alone is wrong: bad_signature, sender_mismatch, delegation_expired, target_not_covered, bad_delegation_signature, too_many_delegations, repeated_key, anonymous_with_signature, missing_signature, nonce_too_long, bad_public_key, expired, expiry_too_far. Judge at now_ns. websocket_frame_hex is the self-described map {envelope}. The order of map keys is free.',
    now_ns: String(NOW),
    client_seed_hex: hex(seeded('client')),
    client_secp256k1_secret_hex: hex(seeded('client k1')),
    client_p256_secret_hex: hex(seeded('client p256')),
    cases,
  };
}
