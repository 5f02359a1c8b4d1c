// SPDX-License-Identifier: Apache-2.0
// The identities that sign, each from a fixed secret.

import { SignIdentity } from '@dfinity/agent';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { Secp256k1KeyIdentity } from '@dfinity/identity-secp256k1';
import { Principal } from '@dfinity/principal';
import { ed25519 } from '@noble/curves/ed25519';
import { p256 } from '@noble/curves/p256';
import { secp256k1 } from '@noble/curves/secp256k1';
import { concat, equal, seeded, sha256, unhex } from './bytes.mjs';
import { CURVES, ecSpki } from './der.mjs';

const ED25519_PREFIX = unhex('302a300506032b6570032100');

export const ed25519Key = label => Ed25519KeyIdentity.generate(seeded(label));
export const secp256k1Key = label => Secp256k1KeyIdentity.fromSecretKey(seeded(label));

// The official P-256 identity signs with WebCrypto, which draws a new k each time; noble's is deterministic (RFC 6979).
class P256Identity extends SignIdentity {
  constructor(secret) {
    super();
    this.secret = secret;
    this.raw = p256.getPublicKey(secret, false);
  }
  getPublicKey() {
    const der = ecSpki(this.raw, CURVES.p256);
    return { toDer: () => der };
  }
  async sign(message) {
    return p256.sign(sha256(message), this.secret).toCompactRawBytes();
  }
}
export const p256Key = label => new P256Identity(seeded(label));

export const derOf = identity => new Uint8Array(identity.getPublicKey().toDer());
export const principalOfDer = der => Principal.selfAuthenticating(der);

// Verifies a plain signature by the key's DER form. Returns null for a key that is none of the three kinds.
export function verifySignature(der, signature, message) {
  if (equal(der.slice(0, 12), ED25519_PREFIX) && der.length === 44)
    return ed25519.verify(signature, message, der.slice(12), { zip215: false });
  for (const [curve, name] of [
    [secp256k1, 'secp256k1'],
    [p256, 'p256'],
  ]) {
    const raw = der.slice(-65);
    if (der.length > 65 && raw[0] === 4 && equal(der, ecSpki(raw, CURVES[name])))
      return signature.length === 64 && curve.verify(signature, sha256(message), raw, { lowS: false });
  }
  return null;
}

export const withPrefix = (separator, digest) =>
  concat(Uint8Array.of(separator.length), new TextEncoder().encode(separator), digest);
