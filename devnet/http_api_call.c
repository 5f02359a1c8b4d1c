/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <icws/cbor.h>

#include "devnet/http_api_state.h"

/* A call that was refused before it was replicated: nothing certifies that. */
static void put_rejection(const struct icws_replica_answer *rejection, unsigned version,
                          struct icws_http_api_answer *answer)
{
  struct icws_buf *out = &answer->body;
  answer->status = 200;
  answer->content_type = "application/cbor";
  icws_cbor_put_self_describe(out);
  icws_cbor_put_map(out, version == 2 ? 3 : 4);
  if (version != 2) {
    icws_cbor_put_key(out, "status");
    icws_cbor_put_text(out, icws_bytes_text("non_replicated_rejection"));
  }
  icws_cbor_put_key(out, "reject_code");
  icws_cbor_put_uint(out, (uint64_t)rejection->reject_code);
  icws_cbor_put_key(out, "reject_message");
  icws_cbor_put_text(out, rejection->text);
  icws_cbor_put_key(out, "error_code");
  icws_cbor_put_text(out, icws_bytes_text(rejection->error_code));
}

bool icws_http_api_call(struct icws_replica *replica, const struct icws_http_api_target *target,
                        struct icws_bytes body, struct icws_http_api_answer *answer,
                        struct icws_http_api_wait *wait)
{
  struct icws_replica_answer taken =
      icws_replica_call(replica, &target->id, body, wait->request_id);
  wait->form = target->version == 4 ? ICWS_RANGES_SHARDED : ICWS_RANGES_FLAT;
  bool refused = taken.status == ICWS_REPLICA_REJECTED && !taken.executed;
  if (refused && taken.reject_code == ICWS_REJECT_NONE) {
    icws_http_api_say_why(answer, &taken);
  } else if (refused) {
    put_rejection(&taken, target->version, answer);
  } else if (target->version == 2) {
    answer->status = 202;
  } else {
    return icws_http_api_resume(replica, wait, false, answer);
  }
  return true;
}

bool icws_http_api_resume(struct icws_replica *replica, const struct icws_http_api_wait *wait,
                          bool impatient, struct icws_http_api_answer *answer)
{
  struct icws_replica_answer now = icws_replica_call_status(replica, wait->request_id);
  if (now.status == ICWS_REPLICA_RECEIVED && !impatient) {
    return false;
  }
  if (now.status == ICWS_REPLICA_RECEIVED || icws_replica_height(replica) == 0) {
    icws_http_api_say(answer, 202, "The call was accepted; its outcome is not known yet.");
    return true;
  }
  const struct icws_bytes labels[] = {icws_bytes_text("request_status"),
                                      icws_bytes_of(wait->request_id, ICWS_REQUEST_ID_BYTES)};
  const struct icws_state_path path = {labels, 2};
  icws_http_api_put_certificate(replica, "replied", &path, 1, wait->form, answer);
  return true;
}
