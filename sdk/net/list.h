/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_LIST_H
#define ICWS_NET_LIST_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Doubly linked lists whose links lie in what they link, as the first member.  A list is a link of
 * its own that leads to its first and its last, and to itself if it is empty.
 */
struct icws_link {
  struct icws_link *next;
  struct icws_link *previous;
};

static inline void icws_list_init(struct icws_link *list)
{
  list->next = list;
  list->previous = list;
}

/* icws_list_first returns the first link of |list|, or NULL. */
static inline struct icws_link *icws_list_first(const struct icws_link *list)
{
  return list->next == list ? NULL : list->next;
}

static inline void icws_list_append(struct icws_link *list, struct icws_link *link)
{
  link->next = list;
  link->previous = list->previous;
  list->previous->next = link;
  list->previous = link;
}

static inline void icws_list_remove(struct icws_link *link)
{
  link->previous->next = link->next;
  link->next->previous = link->previous;
}

#endif
