/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Envelopes, decoded and verified.  An input is the envelope.  What must hold of any:
 *  - the request id of an envelope is that of its content;
 *  - what verifies is anonymous, or its sender is the principal of its key;
 *  - a call or query, written again from what was decoded, decodes to the same fields.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <icws/envelope.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
  if (!condition)
    abort();
}

static void check_request_id(const struct icws_envelope *envelope)
{
  uint8_t id[ICWS_REQUEST_ID_BYTES];
  must(icws_content_request_id(envelope->content, id, NULL) == ICWS_OK);
  must(memcmp(id, envelope->request_id, sizeof id) == 0);
}

static void check_verified(const struct icws_envelope *envelope)
{
  struct icws_principal principal = icws_principal_anonymous();
  struct icws_failure failure = {.code = ICWS_OK};
  /* When it expires, so that inputs need not be made for a certain time. */
  enum icws_error error = icws_envelope_verify(envelope, envelope->ingress_expiry, NULL, &failure);
  must(failure.code == error);
  if (error != ICWS_OK || icws_principal_equal(&envelope->sender, &principal))
    return;
  must(envelope->has_public_key && envelope->has_signature);
  icws_principal_self_authenticating(&principal, envelope->public_key);
  must(icws_principal_equal(&envelope->sender, &principal));
}

static void check_written_again(const struct icws_envelope *envelope)
{
  struct icws_call call = {
      .type = envelope->type,
      .canister = envelope->canister,
      .sender = envelope->sender,
      .method = envelope->method,
      .arg = envelope->arg,
      .nonce = envelope->nonce,
      .ingress_expiry = envelope->ingress_expiry,
  };
  struct icws_envelope again;
  struct icws_buf buf;
  uint8_t id[ICWS_REQUEST_ID_BYTES];
  icws_buf_init(&buf, 0, NULL);
  icws_envelope_put(&buf, &call, envelope->public_key, envelope->signature);
  must(icws_buf_error(&buf) == ICWS_OK);
  if (buf.len <= ICWS_ENVELOPE_MAX_BYTES) {
    must(icws_envelope_decode(icws_buf_bytes(&buf), &again, NULL) == ICWS_OK);
    icws_call_request_id(&call, id);
    must(memcmp(id, again.request_id, sizeof id) == 0);
    must(icws_principal_equal(&again.sender, &envelope->sender));
    must(icws_principal_equal(&again.canister, &envelope->canister));
    must(icws_bytes_equal(again.method, envelope->method));
    must(icws_bytes_equal(again.arg, envelope->arg));
    must(icws_bytes_equal(again.nonce, envelope->nonce));
    must(again.ingress_expiry == envelope->ingress_expiry);
    must(again.type == envelope->type);
  }
  icws_buf_wipe(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct icws_envelope envelope;
  struct icws_failure failure = {.code = ICWS_OK};
  enum icws_error error = icws_envelope_decode(icws_bytes_of(data, size), &envelope, &failure);
  must(failure.code == error);
  if (error != ICWS_OK)
    return 0;
  check_request_id(&envelope);
  check_verified(&envelope);
  if (envelope.type != ICWS_REQUEST_READ_STATE)
    check_written_again(&envelope);
  return 0;
}
