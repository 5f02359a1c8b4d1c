/* SPDX-License-Identifier: Apache-2.0 */
#include "address_table.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#define BUCKETS 4096 /* a power of two; with a full table 16 entries in each */

_Static_assert(sizeof((struct address_table *)0)->hash_key == crypto_shorthash_KEYBYTES,
               "the key of SipHash-2-4");

enum icws_error address_table_init(struct address_table *table, const struct icws_random *random)
{
  *table = (struct address_table){0};
  if (random->fill(table->hash_key, sizeof table->hash_key, random->user_data) != ICWS_OK)
    return ICWS_ERR_RANDOM;
  table->buckets = calloc(BUCKETS, sizeof(*table->buckets));
  return table->buckets ? ICWS_OK : ICWS_ERR_NOMEM;
}

void address_table_wipe(struct address_table *table)
{
  for (size_t i = 0; table->buckets && i < BUCKETS; i++) {
    struct address_entry *next;

    for (struct address_entry *entry = table->buckets[i]; entry; entry = next) {
      next = entry->next;
      free(entry);
    }
  }
  free(table->buckets);
  *table = (struct address_table){0};
}

static struct address_entry **bucket(const struct address_table *table,
                                     const struct address *address)
{
  uint8_t out[crypto_shorthash_BYTES];
  uint64_t value;

  crypto_shorthash(out, address->bytes, sizeof address->bytes, table->hash_key);
  memcpy(&value, out, sizeof value);
  return &table->buckets[value & (BUCKETS - 1)];
}

struct address_entry *address_table_get(struct address_table *table, const struct address *address)
{
  struct address_entry **first = bucket(table, address);
  struct address_entry *entry = *first;

  while (entry && !address_equal(&entry->address, address))
    entry = entry->next;
  if (entry || table->count >= ADDRESS_TABLE_MAX)
    return entry;
  entry = calloc(1, sizeof *entry);
  if (!entry)
    return NULL;
  entry->address = *address;
  entry->next = *first;
  *first = entry;
  table->count++;
  return entry;
}

static void sweep_bucket(struct address_table *table, struct address_entry **link, uint64_t now_ns)
{
  while (*link) {
    struct address_entry *entry = *link;

    if (entry->connections > 0 || !rate_is_unused(&entry->rate, now_ns)) {
      link = &entry->next;
      continue;
    }
    *link = entry->next;
    free(entry);
    table->count--;
  }
}

void address_table_sweep(struct address_table *table, uint64_t now_ns)
{
  for (size_t i = 0; table->count > 0 && i < BUCKETS; i++)
    sweep_bucket(table, &table->buckets[i], now_ns);
}
