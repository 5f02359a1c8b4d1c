// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { Secp256k1KeyIdentity } from '@dfinity/identity-secp256k1';
import { concat, flip, hex, seeded, utf8 } from '../lib/bytes.mjs';
import * as der from '../lib/der.mjs';
import { assert } from '../lib/files.mjs';
import { derOf, ed25519Key, p256Key, principalOfDer, secp256k1Key, verifySignature } from '../lib/keys.mjs';

const PASSPHRASE = 'correct horse battery staple';

async function signedFields(identity, message) {
  const publicKey = derOf(identity);
  const signature = new Uint8Array(await identity.sign(message));
  assert(verifySignature(publicKey, signature, message) === true, 'signature');
  return {
    public_key_der: hex(publicKey),
    principal: principalOfDer(publicKey).toText(),
    message: hex(message),
    signature: hex(signature),
  };
}

// Node's OpenSSL must read the same public key out of a file, if it can read it.
function assertNodeReads(pem, publicKey, passphrase) {
  const key = createPublicKey(createPrivateKey({ key: pem, ...(passphrase && { passphrase }) }));
  assert(hex(key.export({ type: 'spki', format: 'der' })) === hex(publicKey), 'PEM file');
  return pem;
}

async function ed25519Case(label, seed, message) {
  const identity = ed25519Key(label);
  const fields = await signedFields(identity, message);
  const raw = derOf(identity).slice(12);
  const v1 = der.pem('PRIVATE KEY', der.ed25519Pkcs8V1(seed));
  return {
    kind: 'ed25519',
    seed: hex(seed),
    ...fields,
    pem_pkcs8_v1: assertNodeReads(v1, derOf(identity)),
    pem_pkcs8_v2: der.pem('PRIVATE KEY', der.ed25519Pkcs8V2Explicit(seed, raw)),
    pem_pkcs8_v2_rfc8410: der.pem('PRIVATE KEY', der.ed25519Pkcs8V2(seed, raw)),
  };
}

async function ed25519Cases() {
  const out = [];
  for (const [index, message] of [utf8(''), utf8('libicws'), seeded('message', 200)].entries())
    out.push(await ed25519Case(`ed25519 ${index}`, seeded(`ed25519 ${index}`), message));
  return out;
}

// Node's OpenSSL reads no version 2, and gives scrypt no more than 32 MiB; icp-cli asks for 128.
function encryptedCases() {
  const seed = seeded('ed25519 encrypted');
  const publicKey = derOf(ed25519Key('ed25519 encrypted'));
  const [salt, iv, v1] = [seeded('salt', 16), seeded('iv', 16), der.ed25519Pkcs8V1(seed)];
  const v2 = der.ed25519Pkcs8V2Explicit(seed, publicKey.slice(12));
  const forms = [
    ['PBKDF2-HMAC-SHA256 2048 rounds, AES-256-CBC', der.encryptPbkdf2(v1, PASSPHRASE, salt, iv, 2048), true],
    ['scrypt N=16384 r=8 p=1, AES-256-CBC', der.encryptScrypt(v1, PASSPHRASE, salt, iv, { N: 16384, r: 8, p: 1 }), true],
    ['PBKDF2-HMAC-SHA256 2048 rounds, AES-256-CBC, version 2', der.encryptPbkdf2(v2, PASSPHRASE, salt, iv, 2048), false],
    ['scrypt N=131072 r=8 p=1, AES-256-CBC, version 2', der.encryptScrypt(v2, PASSPHRASE, salt, iv, { N: 131072, r: 8, p: 1 }), false],
  ];
  const file = (sealed, readable) => {
    const pem = der.pem('ENCRYPTED PRIVATE KEY', sealed);
    return readable ? assertNodeReads(pem, publicKey, PASSPHRASE) : pem;
  };
  return forms.map(([protection, sealed, readable]) => ({
    kind: 'ed25519_encrypted', protection, seed: hex(seed), public_key_der: hex(publicKey),
    principal: principalOfDer(publicKey).toText(), passphrase: PASSPHRASE, wrong_passphrase: 'incorrect horse battery staple',
    pem_encrypted: file(sealed, readable),
  }));
}

async function ecdsaCase(kind, identity, secret) {
  const raw = derOf(identity).slice(-65);
  const [sec1, pkcs8] = [der.ecSec1(secret, raw, der.CURVES[kind]), der.ecPkcs8(secret, raw, der.CURVES[kind])];
  return {
    kind,
    secret: hex(secret),
    ...(await signedFields(identity, utf8(`signed with ${kind}`))),
    pem_sec1: assertNodeReads(der.pem('EC PRIVATE KEY', sec1), derOf(identity)),
    pem_pkcs8: assertNodeReads(der.pem('PRIVATE KEY', pkcs8), derOf(identity)),
  };
}

async function ecdsaCases() {
  const k1 = await ecdsaCase('secp256k1', secp256k1Key('secp256k1'), seeded('secp256k1'));
  const read = Secp256k1KeyIdentity.fromPem(k1.pem_sec1);
  assert(read.getPrincipal().toText() === k1.principal, 'secp256k1 PEM file');
  return [k1, await ecdsaCase('p256', p256Key('p256'), seeded('p256'))];
}

function invalidFiles() {
  const seed = seeded('ed25519 0');
  const raw = derOf(ed25519Key('ed25519 0')).slice(12);
  const v1 = der.ed25519Pkcs8V1(seed);
  const v2 = der.ed25519Pkcs8V2Explicit(seed, raw);
  const file = bytes => der.pem('PRIVATE KEY', bytes);
  const good = file(v1);
  return [
    ['public key of another seed in v2', file(flip(v2, -1))],
    ['version 2', file(flip(v1, 4, 0x02))],
    ['version 1 without a public key', file(flip(v1, 4))],
    ['algorithm X25519', file(flip(v1, 11, 0x1e))],
    ['seed of 31 bytes', file(der.ed25519Pkcs8V1(seed.slice(1)))],
    ['seed of 33 bytes', file(der.ed25519Pkcs8V1(concat(seed, seed.slice(0, 1))))],
    ['trailing byte', file(concat(v1, Uint8Array.of(0)))],
    ['truncated', file(v1.slice(0, -1))],
    ['outer length in long form', file(concat(Uint8Array.of(0x30, 0x81), v1.slice(1)))],
    ['no end line', good.replace(/-----END.*\n$/, '')],
    ['end line of another label', good.replace('END PRIVATE', 'END PUBLIC')],
    ['not base64', good.replace('MC4C', 'MC4*')],
    ['a public key', der.pem('PUBLIC KEY', derOf(ed25519Key('ed25519 0')))],
    ['empty file', ''],
  ].map(([reason, pem]) => ({ kind: 'invalid_pem', reason, pem }));
}

export default async function identities() {
  return {
    about:
      "Keys from fixed seeds, made with @dfinity/identity, @dfinity/identity-secp256k1 3.4.3 and @noble/curves 1.9.7 (P-256) by tests/interop; hex but for PEM and principals. Ed25519 signs the message, ECDSA its SHA-256, r||s. pem_pkcs8_v2 holds the public key as a1 23 03 21 00, pem_pkcs8_v2_rfc8410 as 81 21 00. Node's OpenSSL read every PEM file but the v2 ones. Every invalid_pem must be refused.",
    cases: [...(await ed25519Cases()), ...encryptedCases(), ...(await ecdsaCases()), ...invalidFiles()],
  };
}
