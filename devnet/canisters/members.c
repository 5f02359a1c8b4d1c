/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/canisters/members.h"

#include <stdlib.h>
#include <string.h>

void icws_members_wipe(struct icws_members *members)
{
  free(members->list);
  *members = (struct icws_members){0};
}

static size_t find(const struct icws_members *members, const struct icws_principal *principal,
                   bool *found)
{
  size_t low = 0;
  size_t high = members->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = icws_principal_compare(&members->list[middle].principal, principal);
    if (order == 0) {
      *found = true;
      return middle;
    }
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  *found = false;
  return low;
}

static bool make_room(struct icws_members *members)
{
  if (members->count < members->capacity) {
    return true;
  }
  size_t capacity = members->capacity == 0 ? 16 : 2 * members->capacity;
  struct icws_member *list = realloc(members->list, capacity * sizeof *list);
  if (list == NULL) {
    return false;
  }
  members->list = list;
  members->capacity = capacity;
  return true;
}

bool icws_members_add(struct icws_members *members, const struct icws_principal *principal)
{
  bool found = false;
  size_t at = find(members, principal, &found);
  if (found) {
    return true;
  }
  if (!make_room(members)) {
    return false;
  }
  memmove(&members->list[at + 1], &members->list[at],
          (members->count - at) * sizeof(struct icws_member));
  members->list[at] = (struct icws_member){.principal = *principal};
  members->count++;
  return true;
}

void icws_members_remove(struct icws_members *members, const struct icws_principal *principal)
{
  bool found = false;
  size_t at = find(members, principal, &found);
  if (!found) {
    return;
  }
  members->lost -= members->list[at].lost ? 1 : 0;
  members->count--;
  memmove(&members->list[at], &members->list[at + 1],
          (members->count - at) * sizeof(struct icws_member));
}

void icws_members_lose(struct icws_members *members, const struct icws_principal *principal)
{
  bool found = false;
  size_t at = find(members, principal, &found);
  if (found && !members->list[at].lost) {
    members->list[at].lost = true;
    members->lost++;
  }
}

bool icws_members_next_lost(const struct icws_members *members, struct icws_principal *principal)
{
  for (size_t i = 0; members->lost > 0 && i < members->count; i++) {
    if (members->list[i].lost) {
      *principal = members->list[i].principal;
      return true;
    }
  }
  return false;
}
