/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/envelope.h>

#include "sender_delegation.h"
#include "signature.h"

/* Nothing vouches for the anonymous sender, and nothing may seem to. */
static enum icws_error check_anonymous(const struct icws_envelope *envelope,
                                       struct icws_failure *failure)
{
  if (envelope->has_public_key || envelope->has_signature || envelope->has_sender_info ||
      envelope->delegations.len > 0)
    return icws_fail(failure, ICWS_ERR_ENVELOPE,
                     "envelope: the sender is anonymous, but there is what goes with a key");
  return ICWS_OK;
}

static enum icws_error check_expiry(const struct icws_envelope *envelope, bool anonymous,
                                    uint64_t now_ns, struct icws_failure *failure)
{
  if (anonymous && envelope->type != ICWS_REQUEST_CALL)
    return ICWS_OK;
  if (envelope->ingress_expiry < now_ns)
    return icws_fail(failure, ICWS_ERR_EXPIRY, "envelope: ingress_expiry has passed");
  if (envelope->ingress_expiry - now_ns > ICWS_INGRESS_EXPIRY_MAX_NS)
    return icws_fail(failure, ICWS_ERR_EXPIRY,
                     "envelope: ingress_expiry lies more than 5 min 30 s ahead");
  return ICWS_OK;
}

static enum icws_error check_sender(const struct icws_envelope *envelope,
                                    struct icws_failure *failure)
{
  struct icws_principal principal;
  if (!envelope->has_public_key || !envelope->has_signature)
    return icws_fail(failure, ICWS_ERR_ENVELOPE,
                     "envelope: the sender is not anonymous, but key or signature is missing");
  /* sender_info belongs to canister signatures, which nothing here verifies. */
  if (envelope->has_sender_info)
    return icws_fail(failure, ICWS_ERR_UNSUPPORTED, "envelope: sender_info cannot be verified");
  icws_principal_self_authenticating(&principal, envelope->public_key);
  if (!icws_principal_equal(&principal, &envelope->sender))
    return icws_fail(failure, ICWS_ERR_SENDER,
                     "envelope: the sender is not the principal of sender_pubkey");
  return ICWS_OK;
}

/* What costs little comes first: signatures are verified only for a request that holds otherwise. */
static enum icws_error check_signatures(const struct icws_envelope *envelope, uint64_t now_ns,
                                        icws_ecdsa_verify_fn *ecdsa, struct icws_failure *failure)
{
  struct icws_delegation_chain chain;
  uint8_t message[ICWS_REQUEST_TO_SIGN_BYTES];
  enum icws_error error = icws_delegation_chain_decode(envelope->delegations, &chain, failure);
  if (error == ICWS_OK)
    error = icws_delegation_chain_covers(&chain, envelope->public_key, envelope, now_ns, failure);
  if (error == ICWS_OK)
    error = icws_delegation_chain_verify(&chain, envelope->public_key, ecdsa, failure);
  if (error != ICWS_OK)
    return error;
  icws_request_to_sign(envelope->request_id, message);
  return icws_signature_verify(icws_delegation_chain_last(&chain, envelope->public_key),
                               icws_bytes_of(message, sizeof message), envelope->signature, ecdsa,
                               "envelope", failure);
}

enum icws_error icws_envelope_verify(const struct icws_envelope *envelope, uint64_t now_ns,
                                     icws_ecdsa_verify_fn *ecdsa, struct icws_failure *failure)
{
  struct icws_principal nobody = icws_principal_anonymous();
  bool anonymous = icws_principal_equal(&envelope->sender, &nobody);
  enum icws_error error = check_expiry(envelope, anonymous, now_ns, failure);
  if (error != ICWS_OK)
    return error;
  if (anonymous)
    return check_anonymous(envelope, failure);
  error = check_sender(envelope, failure);
  if (error != ICWS_OK)
    return error;
  return check_signatures(envelope, now_ns, ecdsa, failure);
}
