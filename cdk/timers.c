/* SPDX-License-Identifier: Apache-2.0 */
#include "cdk/icws_cdk.h"

#include "cdk_state.h"
#include "connection.h"
#include "delivery.h"

static struct icws_cdk_client *first_client(const struct icws_cdk *cdk)
{
  return icws_cdk_client_at_least(cdk, icws_bytes_of(NULL, 0));
}

/* A client whose queue has no room gets no acknowledgement this time, and is not expected to answer
 * one. */
static void acknowledge_all(struct icws_cdk *cdk)
{
  for (struct icws_cdk_client *client = first_client(cdk); client != NULL;
       client = icws_cdk_client_next(client)) {
    struct icws_service_message service = {
        .type = ICWS_SERVICE_ACK,
        .last_incoming_sequence_num = client->last_received,
    };
    client->awaits_keep_alive = icws_cdk_delivery_service(cdk, client, &service) == ICWS_OK;
  }
}

/* Closing runs on_close, which may close others: so the walk goes on by principal.  Age is judged
 * as of the deadline, not of now: a late tick is not the clients' fault. */
static void drop_silent(struct icws_cdk *cdk, uint64_t deadline)
{
  struct icws_cdk_client *client = first_client(cdk);
  while (client != NULL) {
    bool silent = client->awaits_keep_alive &&
                  icws_cdk_later(client->last_keep_alive, cdk->keep_alive_window_ns) < deadline;
    if (silent) {
      struct icws_principal principal = client->key.principal;
      icws_cdk_connection_close(cdk, client, ICWS_CLOSE_KEEP_ALIVE_TIMEOUT);
      client = icws_cdk_client_at_least(cdk, icws_principal_bytes(&principal));
    } else {
      client = icws_cdk_client_next(client);
    }
  }
}

uint64_t icws_cdk_deadline(const struct icws_cdk *cdk)
{
  return cdk->keep_alive_deadline < cdk->ack_deadline ? cdk->keep_alive_deadline
                                                      : cdk->ack_deadline;
}

void icws_cdk_tick(struct icws_cdk *cdk)
{
  if (cdk->busy)
    return;
  cdk->busy = true;
  uint64_t now = icws_cdk_time(cdk);
  if (now >= cdk->keep_alive_deadline) {
    uint64_t deadline = cdk->keep_alive_deadline;
    cdk->keep_alive_deadline = UINT64_MAX;
    drop_silent(cdk, deadline);
    icws_cdk_gateways_forget_empty(cdk);
  }
  if (now >= cdk->ack_deadline) {
    cdk->ack_deadline = icws_cdk_later(now, cdk->ack_interval_ns);
    cdk->keep_alive_deadline = icws_cdk_later(now, cdk->keep_alive_window_ns);
    acknowledge_all(cdk);
  }
  cdk->busy = false;
  icws_cdk_certify(cdk);
}
