/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_SESSION_TABLE_H
#define ICWS_GATEWAY_SESSION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/error.h>
#include <icws/message.h>
#include <icws/principal.h>
#include <icws/random.h>

/*
 * Who is connected: from a canister and a client key to the client.  A hash table; clients choose
 * their keys, so that the hash is keyed with randomness.
 */
struct session_table_entry {
  struct icws_principal canister;
  struct icws_client_key key;
  void *client;                     /* whoever this is */
  struct session_table_entry *next; /* the table's own */
};

struct session_table {
  struct session_table_entry **buckets;
  size_t bucket_count; /* a power of two */
  size_t count;
  uint8_t hash_key[16];
};

/* Makes an empty table with a hash key of |random|.  ICWS_OK, ICWS_ERR_RANDOM or ICWS_ERR_NOMEM. */
ICWS_NODISCARD enum icws_error session_table_init(struct session_table *table,
                                                  const struct icws_random *random);

/* Frees the table, not the entries. */
void session_table_wipe(struct session_table *table);

/* Enters |entry|, whose memory stays the caller's and must not move or change while it is in.
 * False if there is one with the same canister and key. */
bool session_table_enter(struct session_table *table, struct session_table_entry *entry);

/* Removes |entry|, which must be in the table. */
void session_table_remove(struct session_table *table, struct session_table_entry *entry);

/* The entry with that canister and key, or NULL. */
struct session_table_entry *session_table_find(const struct session_table *table,
                                               const struct icws_principal *canister,
                                               const struct icws_client_key *key);

#endif
