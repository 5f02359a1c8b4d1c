/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/local_network.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Requests that the replica has not seen yet, linked by their |pending|, so that submitting needs
 * no memory. */
struct inbox {
  struct icws_network_request *first;
  struct icws_network_request *last;
  size_t count;
};

/* A call that the replica has taken, or that is about to be answered.  Its request points here by
 * |pending|. */
struct taken_call {
  struct icws_network_request *request;
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
  struct taken_call *next;
  struct taken_call **link; /* what points here */
};

struct call_list {
  struct taken_call *first;
  struct taken_call **end;
};

struct icws_local_network {
  struct icws_network face;
  struct icws_replica *replica;
  uv_idle_t idle; /* runs while something is in an inbox */
  struct inbox queries;
  struct inbox calls;
  struct call_list taken;
  struct call_list settled; /* to be answered by the settling that goes on */
};

/* --- Lists ------------------------------------------------------------------------------------- */

static void inbox_add(struct inbox *inbox, struct icws_network_request *request)
{
  request->pending = NULL;
  if (inbox->last == NULL) {
    inbox->first = request;
  } else {
    inbox->last->pending = request;
  }
  inbox->last = request;
  inbox->count++;
}

static struct icws_network_request *inbox_take(struct inbox *inbox)
{
  struct icws_network_request *request = inbox->first;
  if (request != NULL) {
    inbox->first = request->pending;
    inbox->last = inbox->first == NULL ? NULL : inbox->last;
    inbox->count--;
    request->pending = NULL;
  }
  return request;
}

static bool inbox_remove(struct inbox *inbox, struct icws_network_request *request)
{
  struct icws_network_request *before = NULL;
  struct icws_network_request *at = inbox->first;
  while (at != NULL && at != request) {
    before = at;
    at = at->pending;
  }
  if (at == NULL) {
    return false;
  }
  if (before == NULL) {
    inbox->first = at->pending;
  } else {
    before->pending = at->pending;
  }
  inbox->last = inbox->last == at ? before : inbox->last;
  inbox->count--;
  at->pending = NULL;
  return true;
}

static void call_list_add(struct call_list *list, struct taken_call *call)
{
  call->next = NULL;
  call->link = list->end;
  *list->end = call;
  list->end = &call->next;
}

/* |list| is the one that |call| is on; any other will do if |call| is not the last one there. */
static void call_list_remove(struct call_list *list, struct taken_call *call)
{
  *call->link = call->next;
  if (call->next == NULL) {
    list->end = call->link;
  } else {
    call->next->link = call->link;
  }
}

/* --- Answers ----------------------------------------------------------------------------------- */

static void answer_request(struct icws_network_request *request,
                           const struct icws_replica_answer *answer)
{
  struct icws_network_answer out = {.outcome = ICWS_NETWORK_UNKNOWN,
                                    .text = icws_bytes_text("the call is not known any more")};
  if (answer->status == ICWS_REPLICA_REPLIED) {
    out = (struct icws_network_answer){.outcome = ICWS_NETWORK_REPLIED, .reply = answer->reply};
  } else if (answer->status == ICWS_REPLICA_REJECTED) {
    out = (struct icws_network_answer){
        .outcome = ICWS_NETWORK_REJECTED, .reject_code = answer->reject_code, .text = answer->text};
  }
  request->pending = NULL;
  request->answered(request, &out);
}

static void answer_out_of_memory(struct icws_network_request *request)
{
  const struct icws_replica_answer answer = {.status = ICWS_REPLICA_REJECTED,
                                             .reject_code = ICWS_REJECT_SYS_TRANSIENT,
                                             .text = icws_bytes_text("out of memory")};
  answer_request(request, &answer);
}

/* --- From the inboxes to the replica ----------------------------------------------------------- */

static void submit_call(struct icws_local_network *network, struct icws_network_request *request)
{
  struct taken_call *call = calloc(1, sizeof *call);
  if (call == NULL) {
    answer_out_of_memory(request);
    return;
  }
  struct icws_replica_answer answer =
      icws_replica_call(network->replica, &request->canister, request->envelope, call->request_id);
  if (answer.status != ICWS_REPLICA_RECEIVED) {
    free(call);
    answer_request(request, &answer);
    return;
  }
  call->request = request;
  request->pending = call;
  call_list_add(&network->taken, call);
}

static void run_query(struct icws_local_network *network, struct icws_network_request *request)
{
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
  struct icws_replica_answer answer = icws_replica_query(
      network->replica, &request->canister, request->envelope, ICWS_RANGES_FLAT, request_id);
  answer_request(request, &answer);
}

/* Takes what is there now: what the answers lead to waits for the next turn of the loop. */
static void on_idle(uv_idle_t *idle)
{
  struct icws_local_network *network = idle->data;
  struct icws_network_request *request;
  for (size_t left = network->calls.count; left > 0; left--) {
    if ((request = inbox_take(&network->calls)) != NULL) {
      submit_call(network, request);
    }
  }
  for (size_t left = network->queries.count; left > 0; left--) {
    if ((request = inbox_take(&network->queries)) != NULL) {
      run_query(network, request);
    }
  }
  if (network->calls.count == 0 && network->queries.count == 0) {
    uv_idle_stop(&network->idle);
  }
}

void icws_local_network_settle(struct icws_local_network *network)
{
  struct taken_call *call = network->taken.first;
  while (call != NULL) {
    struct taken_call *next = call->next;
    if (icws_replica_call_status(network->replica, call->request_id).status !=
        ICWS_REPLICA_RECEIVED) {
      call_list_remove(&network->taken, call);
      call_list_add(&network->settled, call);
    }
    call = next;
  }
  while ((call = network->settled.first) != NULL) {
    struct icws_replica_answer answer =
        icws_replica_call_status(network->replica, call->request_id);
    struct icws_network_request *request = call->request;
    call_list_remove(&network->settled, call);
    free(call);
    answer_request(request, &answer);
  }
}

/* --- The face that a gateway sees -------------------------------------------------------------- */

static void face_query(void *self, struct icws_network_request *request)
{
  struct icws_local_network *network = self;
  inbox_add(&network->queries, request);
  uv_idle_start(&network->idle, on_idle);
}

static void face_call(void *self, struct icws_network_request *request)
{
  struct icws_local_network *network = self;
  inbox_add(&network->calls, request);
  uv_idle_start(&network->idle, on_idle);
}

static void face_cancel(void *self, struct icws_network_request *request)
{
  struct icws_local_network *network = self;
  if (inbox_remove(&network->queries, request) || inbox_remove(&network->calls, request)) {
    return;
  }
  struct taken_call *call = request->pending;
  if (call != NULL) {
    request->pending = NULL;
    bool last_settled = network->settled.end == &call->next;
    call_list_remove(last_settled ? &network->settled : &network->taken, call);
    free(call);
  }
}

/* --- Life -------------------------------------------------------------------------------------- */

enum icws_error icws_local_network_new(uv_loop_t *loop, struct icws_replica *replica,
                                       struct icws_local_network **network)
{
  struct icws_local_network *made = calloc(1, sizeof *made);
  if (made == NULL) {
    return ICWS_ERR_NOMEM;
  }
  made->face = (struct icws_network){
      .self = made, .query = face_query, .call = face_call, .cancel = face_cancel};
  made->replica = replica;
  made->taken.end = &made->taken.first;
  made->settled.end = &made->settled.first;
  made->idle.data = made;
  uv_idle_init(loop, &made->idle); /* cannot fail */
  *network = made;
  return ICWS_OK;
}

static void on_closed(uv_handle_t *handle)
{
  free(handle->data);
}

void icws_local_network_del(struct icws_local_network *network)
{
  if (network == NULL) {
    return;
  }
  while (network->taken.first != NULL) {
    struct taken_call *call = network->taken.first;
    call_list_remove(&network->taken, call);
    free(call);
  }
  uv_close((uv_handle_t *)&network->idle, on_closed);
}

struct icws_network *icws_local_network_face(struct icws_local_network *network)
{
  return &network->face;
}
