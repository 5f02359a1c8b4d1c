// SPDX-License-Identifier: Apache-2.0
//
// The third generation of the official agents, for check-agent.mjs.

import { Actor, CanisterStatus, Certificate, HttpAgent, lookupResultToBuffer } from "@dfinity/agent";
import { IDL } from "@dfinity/candid";
import { DelegationChain, DelegationIdentity, ECDSAKeyIdentity, Ed25519KeyIdentity } from "@dfinity/identity";
import { Secp256k1KeyIdentity } from "@dfinity/identity-secp256k1";
import { Principal } from "@dfinity/principal";

export { Actor, CanisterStatus, DelegationChain, DelegationIdentity, ECDSAKeyIdentity, Ed25519KeyIdentity };
export { HttpAgent, IDL, Principal, Secp256k1KeyIdentity };

export const generation = "@dfinity/agent 3.4.3";
/** What comes of it when the clock is 20 minutes behind: this one finds out and goes on. */
export const clockFailure = null;

export function rejection(error) {
  const { rejectCode, rejectMessage, rejectErrorCode } = error.cause.code;
  return { code: rejectCode, text: rejectMessage, errorCode: rejectErrorCode };
}

export async function certifiedData(certificate, rootKey, canisterId) {
  const verified = await Certificate.create({ certificate, rootKey, canisterId });
  return lookupResultToBuffer(verified.lookup_path(["canister", canisterId.toUint8Array(), "certified_data"]));
}
