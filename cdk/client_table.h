/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CDK_CLIENT_TABLE_H
#define ICWS_CDK_CLIENT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include <icws/message.h>
#include <icws/principal.h>

#include "gateway_table.h"
#include "label_tree.h"

struct icws_cdk;

/* A connected client.  There is at most one of a principal. */
struct icws_cdk_client {
  struct icws_label_entry entry; /* first; in the table, by principal */
  struct icws_client_key key;
  struct icws_cdk_gateway *gateway;
  uint64_t last_sent;       /* sequence number of the last message to the client */
  uint64_t last_received;   /* and of the last one taken from it */
  uint64_t last_keep_alive; /* when it came, or when the client was registered */
  bool awaits_keep_alive;   /* it was sent the latest AckMessage */
};

/* icws_cdk_client_new makes a client that is not in the table: NULL if there is no memory.
 * icws_cdk_client_insert registers it with its gateway; icws_cdk_client_remove takes it out and
 * frees it. */
struct icws_cdk_client *icws_cdk_client_new(const struct icws_cdk *cdk,
                                            const struct icws_client_key *key,
                                            struct icws_cdk_gateway *gateway);
void icws_cdk_client_insert(struct icws_cdk *cdk, struct icws_cdk_client *client);
void icws_cdk_client_remove(struct icws_cdk *cdk, struct icws_cdk_client *client);

/* icws_cdk_client_find returns the client with |principal|, icws_cdk_client_find_key the one with
 * exactly |key|; NULL if there is none.  icws_cdk_client_at_least returns the first client whose
 * principal's bytes are |principal| or come after it, icws_cdk_client_next the one after |client|.
 */
struct icws_cdk_client *icws_cdk_client_find(const struct icws_cdk *cdk,
                                             const struct icws_principal *principal);
struct icws_cdk_client *icws_cdk_client_find_key(const struct icws_cdk *cdk,
                                                 const struct icws_client_key *key);
struct icws_cdk_client *icws_cdk_client_at_least(const struct icws_cdk *cdk,
                                                 struct icws_bytes principal);
struct icws_cdk_client *icws_cdk_client_next(const struct icws_cdk_client *client);

#endif
