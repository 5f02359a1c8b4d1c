/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <icws/keys.h>

#include "devnet/replica_state.h"

static struct icws_replica_answer reject(struct icws_replica *replica, enum icws_reject_code code,
                                         const char *error_code, const char *text)
{
  (void)icws_fail(&replica->failure, ICWS_ERR_INVALID_ARGUMENT, "%s", text);
  return (struct icws_replica_answer){.status = ICWS_REPLICA_REJECTED,
                                      .reject_code = code,
                                      .error_code = error_code,
                                      .text = icws_bytes_text(replica->failure.text)};
}

/* Says what |failure| of the replica already holds. */
static struct icws_replica_answer refuse(const struct icws_replica *replica)
{
  return (struct icws_replica_answer){.status = ICWS_REPLICA_REJECTED,
                                      .reject_code = ICWS_REJECT_NONE,
                                      .error = replica->failure.code,
                                      .text = icws_bytes_text(replica->failure.text)};
}

static struct icws_replica_answer refuse_with(struct icws_replica *replica, enum icws_error error,
                                              const char *text)
{
  (void)icws_fail(&replica->failure, error, "%s", text);
  return refuse(replica);
}

/* The checks of what signs.  False after storing the answer. */
static bool authenticate(struct icws_replica *replica, const struct icws_envelope *envelope,
                         enum icws_request_type type, struct icws_replica_answer *answer)
{
  if (envelope->type != type) {
    *answer = refuse_with(replica, ICWS_ERR_ENVELOPE, "the envelope holds another type of request");
    return false;
  }
  if (icws_envelope_verify(envelope, icws_replica_now(replica), icws_keys_verify_ecdsa,
                           &replica->failure) != ICWS_OK) {
    *answer = refuse(replica);
    return false;
  }
  return true;
}

/* The checks that need no canister.  False after storing the answer. */
static bool admit(struct icws_replica *replica, const struct icws_principal *canister,
                  const struct icws_envelope *envelope, enum icws_request_type type,
                  struct icws_replica_answer *answer)
{
  if (!authenticate(replica, envelope, type, answer)) {
    return false;
  }
  if (envelope->canister.len == 0) {
    *answer = reject(replica, ICWS_REJECT_DESTINATION_INVALID, ICWS_ERROR_CODE_NO_CANISTER,
                     "this local network has no management canister");
    return false;
  }
  if (!icws_principal_equal(canister, &envelope->canister)) {
    *answer = refuse_with(replica, ICWS_ERR_ENVELOPE, "the request was sent to another canister");
    return false;
  }
  return true;
}

/* The canister and the kind of its method that |envelope| asks for.  NULL after storing the answer.
 */
static struct icws_replica_canister *find_method(struct icws_replica *replica,
                                                 const struct icws_envelope *envelope,
                                                 enum icws_method_kind *kind,
                                                 struct icws_replica_answer *answer)
{
  struct icws_replica_canister *canister = icws_replica_find(replica, &envelope->canister);
  if (canister == NULL) {
    *answer = reject(replica, ICWS_REJECT_DESTINATION_INVALID, ICWS_ERROR_CODE_NO_CANISTER,
                     "there is no such canister");
    return NULL;
  }
  *kind = canister->canister.method_kind(envelope->method);
  if (*kind == ICWS_METHOD_NONE) {
    *answer = reject(replica, ICWS_REJECT_CANISTER_ERROR, ICWS_ERROR_CODE_NO_METHOD,
                     "the canister has no such method");
    return NULL;
  }
  return canister;
}

struct icws_replica_answer icws_replica_call_status(const struct icws_replica *replica,
                                                    const uint8_t request_id[ICWS_REQUEST_ID_BYTES])
{
  const struct icws_ingress *ingress = icws_ingress_log_find(replica->log, request_id);
  struct icws_replica_answer answer = {.status = ICWS_REPLICA_UNKNOWN};
  if (ingress == NULL) {
    return answer;
  }
  answer.executed = ingress->state != ICWS_INGRESS_RECEIVED;
  switch (ingress->state) {
  case ICWS_INGRESS_RECEIVED:
    answer.status = ICWS_REPLICA_RECEIVED;
    break;
  case ICWS_INGRESS_REPLIED:
    answer.status = ICWS_REPLICA_REPLIED;
    answer.reply = ingress->outcome;
    break;
  case ICWS_INGRESS_REJECTED:
    answer.status = ICWS_REPLICA_REJECTED;
    answer.reject_code = (enum icws_reject_code)ingress->reject_code;
    answer.error_code = ingress->error_code;
    answer.text = ingress->outcome;
    break;
  }
  return answer;
}

/* Enters a call that is not known yet. */
static struct icws_replica_answer take(struct icws_replica *replica,
                                       const struct icws_envelope *envelope)
{
  struct icws_replica_answer answer;
  enum icws_method_kind kind = ICWS_METHOD_NONE;
  if (find_method(replica, envelope, &kind, &answer) == NULL) {
    return answer;
  }
  enum icws_error error = icws_ingress_log_add(replica->log, envelope);
  if (error != ICWS_OK) {
    return reject(replica, ICWS_REJECT_SYS_TRANSIENT, ICWS_ERROR_CODE_FULL, icws_strerror(error));
  }
  return icws_replica_call_status(replica, envelope->request_id);
}

struct icws_replica_answer icws_replica_call(struct icws_replica *replica,
                                             const struct icws_principal *canister,
                                             struct icws_bytes encoding,
                                             uint8_t request_id[ICWS_REQUEST_ID_BYTES])
{
  struct icws_envelope envelope;
  if (icws_envelope_decode(encoding, &envelope, &replica->failure) != ICWS_OK) {
    return refuse(replica);
  }
  memcpy(request_id, envelope.request_id, ICWS_REQUEST_ID_BYTES);
  struct icws_replica_answer answer;
  if (!admit(replica, canister, &envelope, ICWS_REQUEST_CALL, &answer)) {
    return answer;
  }
  answer = icws_replica_call_status(replica, request_id);
  return answer.status == ICWS_REPLICA_UNKNOWN ? take(replica, &envelope) : answer;
}

static struct icws_replica_answer run_query(struct icws_replica *replica,
                                            const struct icws_canister *canister,
                                            const struct icws_envelope *envelope)
{
  icws_buf_clear(&replica->reply);
  replica->failure.text[0] = '\0';
  replica->in_query = true;
  enum icws_error error = canister->query(canister->self, envelope->method, &envelope->sender,
                                          envelope->arg, &replica->reply, &replica->failure);
  replica->in_query = false;
  if (error == ICWS_OK) {
    error = icws_buf_error(&replica->reply);
  }
  if (error != ICWS_OK) {
    struct icws_failure why = replica->failure;
    return reject(replica, ICWS_REJECT_CANISTER_ERROR, ICWS_ERROR_CODE_TRAPPED,
                  why.text[0] != '\0' ? why.text : icws_strerror(error));
  }
  return (struct icws_replica_answer){.status = ICWS_REPLICA_REPLIED,
                                      .reply = icws_buf_bytes(&replica->reply)};
}

struct icws_replica_answer icws_replica_query(struct icws_replica *replica,
                                              const struct icws_principal *canister,
                                              struct icws_bytes encoding,
                                              enum icws_ranges_form form,
                                              uint8_t request_id[ICWS_REQUEST_ID_BYTES])
{
  struct icws_envelope envelope;
  struct icws_replica_answer answer;
  enum icws_method_kind kind = ICWS_METHOD_NONE;
  replica->query_form = form;
  if (icws_envelope_decode(encoding, &envelope, &replica->failure) != ICWS_OK) {
    return refuse(replica);
  }
  memcpy(request_id, envelope.request_id, ICWS_REQUEST_ID_BYTES);
  if (!admit(replica, canister, &envelope, ICWS_REQUEST_QUERY, &answer)) {
    return answer;
  }
  const struct icws_replica_canister *place = find_method(replica, &envelope, &kind, &answer);
  if (place == NULL) {
    return answer;
  }
  if (kind != ICWS_METHOD_QUERY) {
    return reject(replica, ICWS_REJECT_CANISTER_ERROR, ICWS_ERROR_CODE_NO_METHOD,
                  "the canister has no such query method");
  }
  if (replica->tree == NULL) {
    return reject(replica, ICWS_REJECT_SYS_TRANSIENT, ICWS_ERROR_CODE_NO_STATE,
                  "there is no certified state");
  }
  return run_query(replica, &place->canister, &envelope);
}

/* --- Reading the state ------------------------------------------------------------------------- */

bool icws_replica_check_read_state(struct icws_replica *replica, struct icws_bytes encoding,
                                   struct icws_envelope *envelope,
                                   struct icws_replica_answer *answer)
{
  if (icws_envelope_decode(encoding, envelope, &replica->failure) != ICWS_OK) {
    *answer = refuse(replica);
    return false;
  }
  return authenticate(replica, envelope, ICWS_REQUEST_READ_STATE, answer);
}

bool icws_replica_may_read(const struct icws_replica *replica,
                           const uint8_t request_id[ICWS_REQUEST_ID_BYTES],
                           const struct icws_principal *reader, struct icws_principal *canister)
{
  const struct icws_ingress *ingress = icws_ingress_log_find(replica->log, request_id);
  if (ingress == NULL) {
    return true;
  }
  *canister = ingress->canister;
  return icws_principal_equal(&ingress->sender, reader);
}

const char *icws_replica_interface(struct icws_replica *replica,
                                   const struct icws_principal *canister)
{
  const struct icws_replica_canister *place = icws_replica_find(replica, canister);
  return place == NULL ? NULL : place->canister.interface;
}
