// SPDX-License-Identifier: Apache-2.0
// Signed envelopes, made by the official agent's own code, and the checks of the IC interface specification on them.

import { Cbor, Expiry, requestIdOf } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import { equal, hex } from './bytes.mjs';
import { principalOfDer, verifySignature, withPrefix } from './keys.mjs';

export const ANONYMOUS = Principal.anonymous();

export function callContent({ canister, method, arg, sender, expiry, nonce, type = 'call' }) {
  return {
    request_type: type,
    canister_id: canister,
    method_name: method,
    arg,
    sender,
    ingress_expiry: new Expiry(expiry),
    ...(nonce && { nonce }),
  };
}

export const requestId = content => new Uint8Array(requestIdOf(content));
export const requestMessage = content => withPrefix('ic-request', requestId(content));

// {content, sender_pubkey, sender_sig, sender_delegation} as the agent's identity makes it.
export const seal = async (identity, content) => (await identity.transformRequest({ body: content })).body;
export const encodeEnvelope = envelope => Cbor.encode(envelope);
export const encodeFrame = envelope => Cbor.encode({ envelope });

const MAX_DELEGATIONS = 20;
const INGRESS_WINDOW = 330n * 1_000_000_000n; // 5 minutes, and 30 s for clocks that disagree

function delegationFault(chain, rootKey, target, now) {
  if (chain.length > MAX_DELEGATIONS) return { fault: 'too_many_delegations' };
  const seen = new Set([hex(rootKey)]);
  let key = rootKey;
  for (const { delegation, signature } of chain) {
    if (seen.has(hex(delegation.pubkey))) return { fault: 'repeated_key' };
    seen.add(hex(delegation.pubkey));
    const message = withPrefix('ic-request-auth-delegation', requestId(delegation));
    const good = safely(() => verifySignature(key, signature, message));
    if (good === null) return { fault: 'bad_public_key' };
    if (!good) return { fault: 'bad_delegation_signature' };
    if (BigInt(delegation.expiration) < now) return { fault: 'delegation_expired' };
    if (delegation.targets && !delegation.targets.some(id => equal(id, target))) return { fault: 'target_not_covered' };
    key = delegation.pubkey;
  }
  return { key };
}

function safely(check) {
  try {
    return check();
  } catch {
    return false;
  }
}

// The verdict on a decoded envelope: "valid", or the identifier of what is wrong with it. Without `now_ns` the two
// checks of time are left out.
export function judgeEnvelope(envelope, now) {
  const { content, sender_pubkey: pubkey, sender_sig: sig, sender_delegation: chain } = envelope;
  const sender = Principal.fromUint8Array(content.sender);
  if (content.nonce && content.nonce.length > 32) return 'nonce_too_long';
  if (now !== undefined) {
    const expiry = BigInt(content.ingress_expiry);
    if (expiry < now) return 'expired';
    if (expiry > now + INGRESS_WINDOW) return 'expiry_too_far';
  }
  if (sender.isAnonymous()) return pubkey || sig || chain ? 'anonymous_with_signature' : 'valid';
  if (!pubkey || !sig) return 'missing_signature';
  if (!equal(principalOfDer(pubkey).toUint8Array(), content.sender)) return 'sender_mismatch';
  const { fault, key } = delegationFault(chain ?? [], pubkey, content.canister_id, now ?? 0n);
  if (fault) return fault;
  const good = safely(() => verifySignature(key, sig, requestMessage(content)));
  if (good === null) return 'bad_public_key';
  return good ? 'valid' : 'bad_signature';
}
