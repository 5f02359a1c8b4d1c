/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_ADDRESS_TABLE_H
#define ICWS_GATEWAY_ADDRESS_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <icws/error.h>
#include <icws/random.h>

#include "address.h"
#include "rate.h"

/* More addresses than this are not remembered at a time. */
#define ADDRESS_TABLE_MAX 65536

/*
 * How many connections each address has, and how fast it makes them.  A hash table; clients choose
 * their addresses, within limits, so that the hash is keyed with randomness.
 */
struct address_entry {
  struct address address;
  size_t connections;
  struct rate rate;
  struct address_entry *next; /* in its bucket */
};

struct address_table {
  struct address_entry **buckets;
  size_t count;
  uint8_t hash_key[16];
};

/* Makes an empty table with a hash key of |random|.  ICWS_OK, ICWS_ERR_RANDOM or ICWS_ERR_NOMEM. */
ICWS_NODISCARD enum icws_error address_table_init(struct address_table *table,
                                                  const struct icws_random *random);
void address_table_wipe(struct address_table *table);

/* The entry of |address|, made if there is none; NULL if the table is full or memory is out. */
struct address_entry *address_table_get(struct address_table *table, const struct address *address);

/* Forgets entries without connections whose rate does not matter any more.  Entries with
 * connections stay where they are. */
void address_table_sweep(struct address_table *table, uint64_t now_ns);

#endif
