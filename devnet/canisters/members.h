/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_CANISTERS_MEMBERS_H
#define ICWS_DEVNET_CANISTERS_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include <icws/principal.h>

/* The clients of an application, sorted by principal.  All members may be read; zeroed is empty. */
struct icws_member {
  struct icws_principal principal;
  bool lost; /* has missed a message, and is to be closed */
};

struct icws_members {
  struct icws_member *list;
  size_t count;
  size_t capacity;
  size_t lost; /* how many are */
};

void icws_members_wipe(struct icws_members *members);

/* icws_members_add returns false if memory is short.  Adding one that is there, and removing or
 * losing one that is not, changes nothing. */
bool icws_members_add(struct icws_members *members, const struct icws_principal *principal);
void icws_members_remove(struct icws_members *members, const struct icws_principal *principal);
void icws_members_lose(struct icws_members *members, const struct icws_principal *principal);

/* icws_members_next_lost stores one that is lost; false if there is none. */
bool icws_members_next_lost(const struct icws_members *members, struct icws_principal *principal);

#endif
