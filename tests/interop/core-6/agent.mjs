// SPDX-License-Identifier: Apache-2.0
//
// The present official agent, for ../check-agent.mjs.

import { Actor, CanisterStatus, Certificate, HttpAgent, lookupResultToBuffer } from "@icp-sdk/core/agent";
import { IDL } from "@icp-sdk/core/candid";
import { DelegationChain, DelegationIdentity, ECDSAKeyIdentity, Ed25519KeyIdentity } from "@icp-sdk/core/identity";
import { Secp256k1KeyIdentity } from "@icp-sdk/core/identity/secp256k1";
import { Principal } from "@icp-sdk/core/principal";

export { Actor, CanisterStatus, DelegationChain, DelegationIdentity, ECDSAKeyIdentity, Ed25519KeyIdentity };
export { HttpAgent, IDL, Principal, Secp256k1KeyIdentity };

export const generation = "@icp-sdk/core 6.1.0";
/** What comes of it when the clock is 20 minutes behind: this one finds out and goes on. */
export const clockFailure = null;

export function rejection(error) {
  const { rejectCode, rejectMessage, rejectErrorCode } = error.cause.code;
  return { code: rejectCode, text: rejectMessage, errorCode: rejectErrorCode };
}

export async function certifiedData(certificate, rootKey, canisterId) {
  const verified = await Certificate.create({ certificate, rootKey, principal: { canisterId } });
  return lookupResultToBuffer(verified.lookup_path(["canister", canisterId.toUint8Array(), "certified_data"]));
}
