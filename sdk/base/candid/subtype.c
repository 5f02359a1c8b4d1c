/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/subtype.h"

#include <string.h>

#include "candid/path.h"

/*
 * Subtyping without recursion (Candid specification, "Rules").  A pair of types holds if the pairs
 * that it leads to hold, and a pair that comes up again may be taken to hold: so it is enough to look
 * at every pair once and to find no fault.  Nothing is ever tried and taken back, as any type is a
 * subtype of every opt.
 */

/* |sub| must be a subtype of |super|.  Each argument of a function turns the direction round, and
 * with it which of the two tables the types are in. */
struct pair {
  int sub;
  int super;
  bool turned;                  /* |sub| is in the table of the greater type */
  uint32_t parent;              /* the pair that led to this one */
  struct icws_candid_step step; /* and how */
};

struct search {
  const struct icws_candid_types *sub_types;
  const struct icws_candid_types *super_types;
  const struct icws_mem *mem;
  struct icws_failure *failure;
  enum icws_error error;
  struct pair *pairs;
  uint32_t count;
  uint32_t capacity;
  uint32_t *slots; /* a hash table: 1 + the index of a pair, or 0; twice |capacity| of them */
  uint32_t current;
  uint32_t steps; /* that are left */
};

#define FIRST_CAPACITY 64
#define NO_PARENT UINT32_MAX

static const struct icws_candid_types *sub_table(const struct search *search,
                                                 const struct pair *pair)
{
  return pair->turned ? search->super_types : search->sub_types;
}

static const struct icws_candid_types *super_table(const struct search *search,
                                                   const struct pair *pair)
{
  return pair->turned ? search->sub_types : search->super_types;
}

/* --- Failures ---------------------------------------------------------------------------------- */

/* |step| leads from the pair at hand to what the fault is about. */
static enum icws_error fail_at(struct search *search, struct icws_candid_step step,
                               const char *fault)
{
  struct icws_candid_path path;
  char where[ICWS_CANDID_PATH_TEXT_BYTES];
  icws_candid_path_init(&path);
  icws_candid_path_add(&path, step);
  for (uint32_t i = search->current; i != NO_PARENT; i = search->pairs[i].parent)
    icws_candid_path_add(&path, search->pairs[i].step);
  search->error = ICWS_ERR_CANDID;
  icws_candid_path_text(&path, where);
  return icws_fail(search->failure, search->error, "%s%s%s", where, where[0] != '\0' ? ": " : "",
                   fault);
}

static enum icws_error fail(struct search *search, const char *fault)
{
  return fail_at(search, icws_candid_step_index(ICWS_CANDID_STEP_NONE, 0), fault);
}

static enum icws_error fail_mismatch(struct search *search, int sub, int super)
{
  struct icws_failure fault;
  icws_fail(&fault, ICWS_ERR_CANDID, "%s is not a subtype of %s", icws_candid_constructor_name(sub),
            icws_candid_constructor_name(super));
  return fail(search, fault.text);
}

static enum icws_error fail_resource(struct search *search, enum icws_error error,
                                     const char *fault)
{
  search->error = error;
  return icws_fail(search->failure, error, "%s", fault);
}

/* --- The pairs --------------------------------------------------------------------------------- */

static uint32_t *find_slot(const struct search *search, const struct pair *pair)
{
  uint32_t mask = 2 * search->capacity - 1;
  uint32_t hash = (uint32_t)pair->sub * UINT32_C(2654435761) ^
                  (uint32_t)pair->super * UINT32_C(2246822519) ^ (uint32_t)pair->turned;
  for (hash ^= hash >> 15;; hash++) {
    uint32_t *slot = &search->slots[hash & mask];
    if (*slot == 0)
      return slot;
    const struct pair *other = &search->pairs[*slot - 1];
    if (other->sub == pair->sub && other->super == pair->super && other->turned == pair->turned)
      return slot;
  }
}

static bool grow(struct search *search)
{
  const struct icws_mem *mem = search->mem;
  uint32_t capacity = search->capacity > 0 ? search->capacity * 2 : FIRST_CAPACITY;
  struct pair *pairs = mem->reallocate(search->pairs, capacity * sizeof(*pairs), mem->user_data);
  if (pairs == NULL)
    return false;
  search->pairs = pairs;
  uint32_t *slots =
      mem->reallocate(search->slots, 2 * (size_t)capacity * sizeof(*slots), mem->user_data);
  if (slots == NULL)
    return false;
  search->slots = slots;
  search->capacity = capacity;
  memset(slots, 0, 2 * (size_t)capacity * sizeof(*slots));
  for (uint32_t i = 0; i < search->count; i++)
    *find_slot(search, &pairs[i]) = i + 1;
  return true;
}

static enum icws_error take_step(struct search *search)
{
  if (search->error != ICWS_OK)
    return search->error;
  if (search->steps == 0)
    return fail_resource(search, ICWS_ERR_LIMIT, "comparing the types takes too many steps");
  search->steps--;
  return ICWS_OK;
}

/* Adds a pair that must hold, unless it was there before. */
static enum icws_error require(struct search *search, struct pair pair)
{
  if (take_step(search) != ICWS_OK)
    return search->error;
  if (search->count == search->capacity && !grow(search))
    return fail_resource(search, ICWS_ERR_NOMEM, "no memory for comparing types");
  uint32_t *slot = find_slot(search, &pair);
  if (*slot != 0)
    return ICWS_OK;
  search->pairs[search->count++] = pair;
  *slot = search->count;
  return ICWS_OK;
}

/* --- The rules --------------------------------------------------------------------------------- */

static enum icws_error check_record(struct search *search, struct pair pair,
                                    const struct icws_candid_type *sub,
                                    const struct icws_candid_type *super)
{
  for (size_t i = 0; i < super->field_count && search->error == ICWS_OK; i++) {
    const struct icws_candid_field_type *wanted = &super->fields[i];
    const struct icws_candid_field_type *found = icws_candid_type_field(sub, wanted->id, NULL);
    pair.step = icws_candid_step_field(wanted);
    pair.super = wanted->type;
    if (found != NULL) {
      pair.sub = found->type;
      (void)require(search, pair);
    } else if (!icws_candid_types_is_optional(super_table(search, &pair), wanted->type)) {
      return fail_at(search, pair.step, "the field is missing, and not an opt");
    } else {
      (void)take_step(search);
    }
  }
  return search->error;
}

static enum icws_error check_variant(struct search *search, struct pair pair,
                                     const struct icws_candid_type *sub,
                                     const struct icws_candid_type *super)
{
  for (size_t i = 0; i < sub->field_count && search->error == ICWS_OK; i++) {
    const struct icws_candid_field_type *found = &sub->fields[i];
    const struct icws_candid_field_type *wanted = icws_candid_type_field(super, found->id, NULL);
    pair.step = icws_candid_step_case(found);
    if (wanted == NULL)
      return fail_at(search, pair.step, "the case is not expected");
    pair.sub = found->type;
    pair.super = wanted->type;
    (void)require(search, pair);
  }
  return search->error;
}

/* Arguments and results are like the fields of records whose ids are their positions. */
static enum icws_error check_positions(struct search *search, struct pair pair,
                                       const struct icws_candid_field_type *sub, size_t sub_count,
                                       const struct icws_candid_field_type *super,
                                       size_t super_count)
{
  for (size_t i = 0; i < super_count && search->error == ICWS_OK; i++) {
    pair.step.index = (uint32_t)i;
    pair.super = super[i].type;
    if (i < sub_count) {
      pair.sub = sub[i].type;
      (void)require(search, pair);
    } else if (!icws_candid_types_is_optional(super_table(search, &pair), super[i].type)) {
      return fail_at(search, pair.step, "it is missing, and not an opt");
    } else {
      (void)take_step(search);
    }
  }
  return search->error;
}

static enum icws_error check_func(struct search *search, struct pair pair,
                                  const struct icws_candid_type *sub,
                                  const struct icws_candid_type *super)
{
  if (sub->annotations != super->annotations)
    return fail(search, "the functions differ in query, composite_query or oneway");
  pair.step = icws_candid_step_index(ICWS_CANDID_STEP_RESULT, 0);
  (void)check_positions(search, pair, sub->results, sub->result_count, super->results,
                        super->result_count);
  pair.step = icws_candid_step_index(ICWS_CANDID_STEP_ARGUMENT, 0);
  pair.turned = !pair.turned;
  return check_positions(search, pair, super->fields, super->field_count, sub->fields,
                         sub->field_count);
}

static enum icws_error check_service(struct search *search, struct pair pair,
                                     const struct icws_candid_type *sub,
                                     const struct icws_candid_type *super)
{
  for (size_t i = 0; i < super->method_count && search->error == ICWS_OK; i++) {
    const struct icws_candid_method_type *wanted = &super->methods[i];
    const struct icws_candid_method_type *found = icws_candid_type_method(sub, wanted->name);
    pair.step = icws_candid_step_method(wanted);
    if (found == NULL)
      return fail_at(search, pair.step, "the method is missing");
    pair.sub = found->type;
    pair.super = wanted->type;
    (void)require(search, pair);
  }
  return search->error;
}

static enum icws_error check_composite(struct search *search, struct pair pair, int constructor)
{
  const struct icws_candid_type *sub = icws_candid_types_get(sub_table(search, &pair), pair.sub);
  const struct icws_candid_type *super =
      icws_candid_types_get(super_table(search, &pair), pair.super);
  pair.parent = search->current;
  switch (constructor) {
  case ICWS_CANDID_VEC:
    pair.sub = sub->item;
    pair.super = super->item;
    pair.step = icws_candid_step_index(ICWS_CANDID_STEP_ITEMS, 0);
    return require(search, pair);
  case ICWS_CANDID_RECORD:
    return check_record(search, pair, sub, super);
  case ICWS_CANDID_VARIANT:
    return check_variant(search, pair, sub, super);
  case ICWS_CANDID_FUNC:
    return check_func(search, pair, sub, super);
  case ICWS_CANDID_SERVICE:
    return check_service(search, pair, sub, super);
  default:
    return fail(search, "a future type is a subtype of nothing but opt and reserved");
  }
}

static enum icws_error check_pair(struct search *search, struct pair pair)
{
  int sub = icws_candid_types_constructor(sub_table(search, &pair), pair.sub);
  int super = icws_candid_types_constructor(super_table(search, &pair), pair.super);
  if (super == ICWS_CANDID_OPT || super == ICWS_CANDID_RESERVED || sub == ICWS_CANDID_EMPTY)
    return ICWS_OK;
  if (sub == ICWS_CANDID_NAT && super == ICWS_CANDID_INT)
    return ICWS_OK;
  if (sub == ICWS_CANDID_SERVICE && super == ICWS_CANDID_PRINCIPAL)
    return ICWS_OK;
  if (sub != super)
    return fail_mismatch(search, sub, super);
  return pair.sub < 0 ? ICWS_OK : check_composite(search, pair, sub);
}

enum icws_error icws_candid_subtype_within(uint64_t *steps,
                                           const struct icws_candid_types *sub_types, int sub,
                                           const struct icws_candid_types *super_types, int super,
                                           const struct icws_mem *mem, struct icws_failure *failure)
{
  uint32_t most = *steps < ICWS_CANDID_SUBTYPE_STEPS ? (uint32_t)*steps : ICWS_CANDID_SUBTYPE_STEPS;
  struct search search = {
      .sub_types = sub_types,
      .super_types = super_types,
      .mem = mem != NULL ? mem : icws_mem_default(),
      .failure = failure,
      .error = ICWS_OK,
      .steps = most,
  };
  const struct pair first = {.sub = sub, .super = super, .parent = NO_PARENT};
  (void)require(&search, first);
  for (; search.current < search.count && search.error == ICWS_OK; search.current++)
    (void)check_pair(&search, search.pairs[search.current]);
  search.mem->release(search.pairs, search.mem->user_data);
  search.mem->release(search.slots, search.mem->user_data);
  *steps -= most - search.steps;
  return search.error;
}

enum icws_error icws_candid_subtype(const struct icws_candid_types *sub_types, int sub,
                                    const struct icws_candid_types *super_types, int super,
                                    const struct icws_mem *mem, struct icws_failure *failure)
{
  uint64_t steps = ICWS_CANDID_SUBTYPE_STEPS;
  return icws_candid_subtype_within(&steps, sub_types, sub, super_types, super, mem, failure);
}
