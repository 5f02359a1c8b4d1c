/* SPDX-License-Identifier: Apache-2.0 */
#include "session_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#define FIRST_BUCKETS 64

_Static_assert(sizeof((struct session_table *)0)->hash_key == crypto_shorthash_KEYBYTES,
               "the key of SipHash-2-4");

enum icws_error session_table_init(struct session_table *table, const struct icws_random *random)
{
  *table = (struct session_table){.bucket_count = FIRST_BUCKETS};
  if (random->fill(table->hash_key, sizeof table->hash_key, random->user_data) != ICWS_OK)
    return ICWS_ERR_RANDOM;
  table->buckets = calloc(FIRST_BUCKETS, sizeof(*table->buckets));
  return table->buckets ? ICWS_OK : ICWS_ERR_NOMEM;
}

void session_table_wipe(struct session_table *table)
{
  free(table->buckets);
  *table = (struct session_table){0};
}

static size_t hash(const struct session_table *table, const struct icws_principal *canister,
                   const struct icws_client_key *key)
{
  uint8_t bytes[2 * sizeof(struct icws_principal) + sizeof(uint64_t)];
  uint8_t out[crypto_shorthash_BYTES];
  uint64_t value;

  memcpy(bytes, canister, sizeof *canister);
  memcpy(bytes + sizeof *canister, &key->principal, sizeof key->principal);
  memcpy(bytes + 2 * sizeof *canister, &key->nonce, sizeof key->nonce);
  crypto_shorthash(out, bytes, sizeof bytes, table->hash_key);
  memcpy(&value, out, sizeof value);
  return (size_t)value;
}

static struct session_table_entry **bucket(const struct session_table *table,
                                           const struct icws_principal *canister,
                                           const struct icws_client_key *key)
{
  return &table->buckets[hash(table, canister, key) & (table->bucket_count - 1)];
}

/* Where the pointer to the entry stands, or to the end of its chain. */
static struct session_table_entry **find_link(const struct session_table *table,
                                              const struct icws_principal *canister,
                                              const struct icws_client_key *key)
{
  struct session_table_entry **link = bucket(table, canister, key);

  while (*link && !(icws_principal_equal(&(*link)->canister, canister) &&
                    icws_client_key_equal(&(*link)->key, key)))
    link = &(*link)->next;
  return link;
}

/* Doubles the buckets.  Without memory for that the chains only get longer. */
static void grow(struct session_table *table)
{
  struct session_table larger = *table;

  larger.bucket_count = 2 * table->bucket_count;
  larger.buckets = calloc(larger.bucket_count, sizeof(*larger.buckets));
  if (!larger.buckets)
    return;
  for (size_t i = 0; i < table->bucket_count; i++) {
    struct session_table_entry *entry = table->buckets[i];

    while (entry) {
      struct session_table_entry *next = entry->next;
      struct session_table_entry **link = bucket(&larger, &entry->canister, &entry->key);

      entry->next = *link;
      *link = entry;
      entry = next;
    }
  }
  free(table->buckets);
  *table = larger;
}

bool session_table_enter(struct session_table *table, struct session_table_entry *entry)
{
  struct session_table_entry **link;

  if (table->count >= table->bucket_count)
    grow(table);
  link = find_link(table, &entry->canister, &entry->key);
  if (*link)
    return false;
  entry->next = NULL;
  *link = entry;
  table->count++;
  return true;
}

void session_table_remove(struct session_table *table, struct session_table_entry *entry)
{
  struct session_table_entry **link = find_link(table, &entry->canister, &entry->key);

  assert(*link == entry);
  *link = entry->next;
  entry->next = NULL;
  table->count--;
}

struct session_table_entry *session_table_find(const struct session_table *table,
                                               const struct icws_principal *canister,
                                               const struct icws_client_key *key)
{
  return *find_link(table, canister, key);
}
