/* SPDX-License-Identifier: Apache-2.0 */
#include "own_request.h"

#define EXPIRES_AFTER_NS UINT64_C(240000000000)

enum icws_error own_request_put(struct icws_buf *envelope, const struct gateway_context *context,
                                enum icws_request_type type, const struct icws_principal *canister,
                                const char *method, struct icws_bytes arg)
{
  const struct icws_gateway_config *config = &context->config;
  const struct icws_signer signer = icws_identity_signer(config->identity);
  uint8_t nonce[16];
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
  uint8_t to_sign[ICWS_REQUEST_TO_SIGN_BYTES];
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  struct icws_call call = {
      .type = type,
      .canister = *canister,
      .sender = signer.sender,
      .method = icws_bytes_text(method),
      .arg = arg,
      .ingress_expiry = config->wall_ns() + EXPIRES_AFTER_NS,
  };

  if (type == ICWS_REQUEST_CALL) {
    if (config->random->fill(nonce, sizeof nonce, config->random->user_data) != ICWS_OK)
      return ICWS_ERR_RANDOM;
    call.nonce = icws_bytes_of(nonce, sizeof nonce);
  }
  icws_call_request_id(&call, request_id);
  icws_request_to_sign(request_id, to_sign);
  icws_identity_sign(config->identity, icws_bytes_of(to_sign, sizeof to_sign), signature);
  icws_envelope_put(envelope, &call, signer.public_key, icws_bytes_of(signature, sizeof signature));
  return icws_buf_error(envelope);
}
