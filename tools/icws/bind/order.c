/* SPDX-License-Identifier: Apache-2.0 */
#include "order.h"

#include "kind.h"

/* The struct that a member of |type| is, not what it may point to. */
static struct bind_struct *part_of(const struct bind_plan *plan, int type)
{
  return bind_kind_of(plan, type) == BIND_STRUCT ? plan->by_type[type] : NULL;
}

/* --- Cycles ------------------------------------------------------------------------------------ */

/* The struct that a value of |type| may hold, by itself or behind a pointer. */
static struct bind_struct *held_by(const struct bind_plan *plan, int type)
{
  return part_of(plan, bind_behind_opts(plan, type));
}

struct walk {
  struct bind_plan *plan;
  struct bind_struct **open; /* seen, but not walked through */
  size_t open_count;
};

static void see(struct walk *walk, int type)
{
  struct bind_struct *held = held_by(walk->plan, type);
  if (held == NULL || held->visited == walk->plan->walk)
    return;
  held->visited = walk->plan->walk;
  walk->open[walk->open_count++] = held;
}

static void walk_through(struct walk *walk, const struct bind_struct *from)
{
  for (size_t i = 0; i < from->member_count; i++)
    see(walk, from->members[i].type);
  if (from->shape == BIND_VEC || from->shape == BIND_LOOP)
    see(walk, from->item);
}

static bool comes_back(struct walk *walk, struct bind_struct *start)
{
  walk->plan->walk++;
  walk->open_count = 0;
  walk_through(walk, start);
  while (walk->open_count > 0 && start->visited != walk->plan->walk)
    walk_through(walk, walk->open[--walk->open_count]);
  return start->visited == walk->plan->walk;
}

static void find_cycles(struct bind_plan *plan)
{
  struct walk walk = {.plan = plan};
  walk.open = icws_arena_array(&plan->arena, plan->found_count, sizeof(struct bind_struct *));
  for (size_t i = 0; walk.open != NULL && i < plan->found_count; i++)
    plan->found[i]->is_cyclic = comes_back(&walk, plan->found[i]);
}

/* --- Order ------------------------------------------------------------------------------------- */

static void place(struct bind_plan *plan, struct bind_struct *placed, unsigned depth);

/* Puts in order what a value of |type| may hold.  What is behind a pointer need not come first, but
 * is easier to read then; where it is cyclic there is no first. */
static void place_held(struct bind_plan *plan, int type, bool behind_pointer, unsigned depth)
{
  struct bind_struct *held = held_by(plan, type);
  if (held == NULL || held->state != BIND_NEW || (behind_pointer && held->is_cyclic))
    return;
  place(plan, held, depth + 1);
}

/* A member whose struct is open would be part of itself: it becomes a pointer. */
static void place_members(struct bind_plan *plan, struct bind_struct *owner, unsigned depth)
{
  for (size_t i = 0; i < owner->member_count; i++) {
    struct bind_member *member = &owner->members[i];
    const struct bind_struct *part = part_of(plan, member->type);
    member->boxed = part != NULL && part->state == BIND_OPEN;
    place_held(plan, member->type, part == NULL, depth);
  }
}

static void place(struct bind_plan *plan, struct bind_struct *placed, unsigned depth)
{
  if (depth == ICWS_CANDID_MAX_DEPTH)
    plan->too_deep = true;
  if (plan->too_deep)
    return;
  placed->state = BIND_OPEN;
  place_members(plan, placed, depth);
  if (placed->shape == BIND_VEC || placed->shape == BIND_LOOP)
    place_held(plan, placed->item, true, depth);
  placed->state = BIND_PLACED;
  plan->structs[plan->struct_count++] = placed;
}

/* --- Arenas ------------------------------------------------------------------------------------ */

static bool member_needs_arena(const struct bind_plan *plan, const struct bind_member *member)
{
  if (bind_kind_of(plan, member->type) == BIND_OPT)
    return !bind_opt_is_bool(plan, member->type);
  const struct bind_struct *part = part_of(plan, member->type);
  return part != NULL && (member->boxed || part->needs_arena);
}

/* Parts come before what they are part of. */
static void find_needs(struct bind_plan *plan)
{
  for (size_t i = 0; i < plan->struct_count; i++) {
    struct bind_struct *owner = plan->structs[i];
    owner->needs_arena = owner->shape == BIND_LOOP ||
                         (owner->shape == BIND_VEC && !bind_is_nothing(plan, owner->item));
    for (size_t k = 0; k < owner->member_count && !owner->needs_arena; k++)
      owner->needs_arena = member_needs_arena(plan, &owner->members[k]);
  }
}

void bind_order(struct bind_plan *plan)
{
  find_cycles(plan);
  for (size_t i = 0; i < plan->found_count && !plan->too_deep; i++) {
    if (plan->found[i]->state == BIND_NEW)
      place(plan, plan->found[i], 0);
  }
  find_needs(plan);
}
