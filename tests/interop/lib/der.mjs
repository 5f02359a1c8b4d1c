// SPDX-License-Identifier: Apache-2.0
// Private key files as DER and PEM: PKCS#8 v1 and v2 (RFC 5958), PBES2 (RFC 8018), SEC 1 (RFC 5915).
// Written here because Node draws a new salt for every encrypted key, and its OpenSSL knows no v2.

import { createCipheriv, pbkdf2Sync, scryptSync } from 'node:crypto';
import { concat, unhex } from './bytes.mjs';

function tlv(tag, ...parts) {
  const body = concat(...parts);
  if (body.length < 0x80) return concat(Uint8Array.of(tag, body.length), body);
  if (body.length < 0x100) return concat(Uint8Array.of(tag, 0x81, body.length), body);
  return concat(Uint8Array.of(tag, 0x82, body.length >> 8, body.length & 0xff), body);
}

const sequence = (...parts) => tlv(0x30, ...parts);
const octets = value => tlv(0x04, value);
const bits = value => tlv(0x03, Uint8Array.of(0), value);
const NULL = tlv(0x05);
const oid = value => tlv(0x06, unhex(value));

function integer(value) {
  let digits = value.toString(16);
  if (digits.length % 2) digits = `0${digits}`;
  if (parseInt(digits.slice(0, 2), 16) >= 0x80) digits = `00${digits}`;
  return tlv(0x02, unhex(digits));
}

const ED25519 = oid('2b6570');
const EC_PUBLIC_KEY = oid('2a8648ce3d0201');
export const CURVES = { secp256k1: oid('2b8104000a'), p256: oid('2a8648ce3d030107') };

export const ed25519Pkcs8V1 = seed => sequence(integer(0), sequence(ED25519), octets(octets(seed)));

// RFC 5958: publicKey [1] IMPLICIT BIT STRING. As RFC 8410 prints it: primitive.
export const ed25519Pkcs8V2 = (seed, publicKey) =>
  sequence(integer(1), sequence(ED25519), octets(octets(seed)), tlv(0x81, Uint8Array.of(0), publicKey));

// The form in the wild ("ring", icp-cli): an explicit tag around a whole BIT STRING.
export const ed25519Pkcs8V2Explicit = (seed, publicKey) =>
  sequence(integer(1), sequence(ED25519), octets(octets(seed)), tlv(0xa1, bits(publicKey)));

const ecPrivateKey = (secret, publicKey, curve) =>
  sequence(integer(1), octets(secret), ...(curve ? [tlv(0xa0, curve)] : []), tlv(0xa1, bits(publicKey)));

export const ecSec1 = (secret, publicKey, curve) => ecPrivateKey(secret, publicKey, curve);
export const ecPkcs8 = (secret, publicKey, curve) =>
  sequence(integer(0), sequence(EC_PUBLIC_KEY, curve), octets(ecPrivateKey(secret, publicKey)));
export const ecSpki = (publicKey, curve) => sequence(sequence(EC_PUBLIC_KEY, curve), bits(publicKey));

const PBES2 = oid('2a864886f70d01050d');
const PBKDF2 = oid('2a864886f70d01050c');
const HMAC_SHA256 = oid('2a864886f70d0209');
const SCRYPT = oid('2b06010401da47040b');
const AES_256_CBC = oid('60864801650304012a');

function pbes2(pkcs8, kdf, key, iv) {
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const sealed = concat(cipher.update(pkcs8), cipher.final());
  return sequence(sequence(PBES2, sequence(kdf, sequence(AES_256_CBC, octets(iv)))), octets(sealed));
}

export function encryptPbkdf2(pkcs8, passphrase, salt, iv, rounds) {
  const kdf = sequence(PBKDF2, sequence(octets(salt), integer(rounds), sequence(HMAC_SHA256, NULL)));
  return pbes2(pkcs8, kdf, pbkdf2Sync(passphrase, salt, rounds, 32, 'sha256'), iv);
}

export function encryptScrypt(pkcs8, passphrase, salt, iv, { N, r, p }) {
  const kdf = sequence(SCRYPT, sequence(octets(salt), integer(N), integer(r), integer(p)));
  return pbes2(pkcs8, kdf, scryptSync(passphrase, salt, 32, { N, r, p, maxmem: 256 * N * r }), iv);
}

export function pem(label, der) {
  const lines = Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g)
    .join('\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
