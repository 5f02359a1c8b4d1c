// SPDX-License-Identifier: Apache-2.0
//
// The second generation of the official agents, for ../check-agent.mjs.

import { Actor, CanisterStatus, Certificate, HttpAgent, lookupResultToBuffer } from "@dfinity/agent";
import { IDL } from "@dfinity/candid";
import { DelegationChain, DelegationIdentity, ECDSAKeyIdentity, Ed25519KeyIdentity } from "@dfinity/identity";
import { Secp256k1KeyIdentity } from "@dfinity/identity-secp256k1";
import { Principal } from "@dfinity/principal";

export { Actor, CanisterStatus, DelegationChain, DelegationIdentity, ECDSAKeyIdentity, Ed25519KeyIdentity };
export { HttpAgent, IDL, Principal, Secp256k1KeyIdentity };

export const generation = "@dfinity/agent 2.4.1";
/** What comes of it when the clock is 20 minutes behind: this one does not look for the network's time. */
export const clockFailure = /Invalid request expiry: /;

export function rejection(error) {
  const { result } = error; // of a query
  return result
    ? { code: result.reject_code, text: result.reject_message, errorCode: result.error_code }
    : { code: error.reject_code, text: error.reject_message, errorCode: error.error_code };
}

export async function certifiedData(certificate, rootKey, canisterId) {
  const verified = await Certificate.create({ certificate, rootKey, canisterId });
  return new Uint8Array(lookupResultToBuffer(verified.lookup(["canister", canisterId.toUint8Array(), "certified_data"])));
}
