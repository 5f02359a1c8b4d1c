/* SPDX-License-Identifier: Apache-2.0 */
#include "secret.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <sodium.h>

#define SLOTS 64 /* the bits of |used|; with slots of 64 bytes, one page of memory */

struct page {
  struct page *next;
  uint64_t used; /* bit i: slot i is in use */
  uint8_t *slots;
};

/* The pool, and the lock that guards it.  Only list and bitmap are touched while it is held: pages
 * are allocated and freed outside. */
static struct page *pages;
static atomic_flag pages_lock = ATOMIC_FLAG_INIT;

static void lock(void)
{
  while (atomic_flag_test_and_set_explicit(&pages_lock, memory_order_acquire)) {
  }
}

static void unlock(void)
{
  atomic_flag_clear_explicit(&pages_lock, memory_order_release);
}

static void page_del(struct page *page)
{
  if (page != NULL) {
    sodium_free(page->slots);
    free(page);
  }
}

static struct page *page_new(void)
{
  if (sodium_init() < 0)
    return NULL;
  struct page *page = malloc(sizeof *page);
  uint8_t *slots = sodium_malloc((size_t)SLOTS * ICWS_SECRET_BYTES);
  if (page == NULL || slots == NULL) {
    sodium_free(slots);
    free(page);
    return NULL;
  }
  sodium_memzero(slots, (size_t)SLOTS * ICWS_SECRET_BYTES);
  *page = (struct page){.slots = slots};
  return page;
}

/* Takes a free slot, or returns NULL if the pages have none.  The lock is held. */
static uint8_t *take_slot(void)
{
  for (struct page *page = pages; page; page = page->next) {
    for (size_t i = 0; page->used != UINT64_MAX && i < SLOTS; i++) {
      if (!(page->used >> i & 1)) {
        page->used |= UINT64_C(1) << i;
        return page->slots + i * ICWS_SECRET_BYTES;
      }
    }
  }
  return NULL;
}

uint8_t *icws_secret_new(void)
{
  lock();
  uint8_t *secret = take_slot();
  unlock();
  if (secret != NULL)
    return secret;

  struct page *page = page_new();
  if (page == NULL)
    return NULL;
  lock();
  page->next = pages;
  pages = page;
  secret = take_slot();
  unlock();
  return secret;
}

static bool page_holds(const struct page *page, const uint8_t *secret)
{
  uintptr_t start = (uintptr_t)page->slots;
  uintptr_t at = (uintptr_t)secret;
  return at >= start && at - start < (size_t)SLOTS * ICWS_SECRET_BYTES;
}

/* Gives |secret|'s slot back and returns its page, taken from the list, if that is empty now.  The
 * lock is held. */
static struct page *release_slot(const uint8_t *secret)
{
  struct page **link = &pages;
  while (*link && !page_holds(*link, secret))
    link = &(*link)->next;
  struct page *page = *link;
  assert(page);
  size_t slot = (size_t)(secret - page->slots) / ICWS_SECRET_BYTES;
  assert(page->used >> slot & 1);
  page->used &= ~(UINT64_C(1) << slot);
  if (page->used != 0)
    return NULL;
  *link = page->next;
  return page;
}

void icws_secret_del(uint8_t *secret)
{
  if (secret == NULL)
    return;
  sodium_memzero(secret, ICWS_SECRET_BYTES);
  lock();
  struct page *empty = release_slot(secret);
  unlock();
  page_del(empty);
}
