/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_value.h>

#include <assert.h>
#include <string.h>

struct icws_bytes icws_candid_value_bytes(const struct icws_candid_value *value)
{
  return icws_bytes_of(value->as.bytes, value->count);
}

struct icws_candid_nat icws_candid_value_nat(const struct icws_candid_value *value)
{
  if (value->count == 0)
    return (struct icws_candid_nat){.value = value->as.nat};
  return (struct icws_candid_nat){.large = icws_bytes_of(value->as.bytes, value->count)};
}

struct icws_candid_int icws_candid_value_int(const struct icws_candid_value *value)
{
  if (value->count == 0)
    return (struct icws_candid_int){.value = value->as.integer};
  return (struct icws_candid_int){.large = icws_bytes_of(value->as.bytes, value->count)};
}

/* Decoding has checked that they are no longer than that. */
static struct icws_principal principal_of(struct icws_bytes bytes)
{
  struct icws_principal principal = {.len = 0};
  enum icws_error error = icws_principal_init(&principal, bytes);
  assert(error == ICWS_OK);
  (void)error;
  return principal;
}

struct icws_principal icws_candid_value_principal(const struct icws_candid_value *value)
{
  return principal_of(icws_candid_value_bytes(value));
}

struct icws_candid_method icws_candid_value_method(const struct icws_candid_value *value)
{
  return (struct icws_candid_method){.service = principal_of(value->as.func->service),
                                     .name = value->as.func->method};
}

const struct icws_candid_value *icws_candid_value_field(const struct icws_candid_types *types,
                                                        const struct icws_candid_value *value,
                                                        const char *name)
{
  size_t index;
  if (icws_candid_types_constructor(types, value->type) != ICWS_CANDID_RECORD)
    return NULL;
  const struct icws_candid_type *type = icws_candid_types_get(types, value->type);
  if (icws_candid_type_field(type, icws_candid_field_id(name), &index) == NULL)
    return NULL;
  return &value->as.items[index];
}

/* --- Equality ---------------------------------------------------------------------------------- */

/* Two values, each with the table that its type is in. */
struct pair {
  const struct icws_candid_types *a_types;
  const struct icws_candid_value *a;
  const struct icws_candid_types *b_types;
  const struct icws_candid_value *b;
};

static bool equal(struct pair pair, unsigned depth);

static bool equal_parts(struct pair pair, const struct icws_candid_value *a,
                        const struct icws_candid_value *b, unsigned depth)
{
  pair.a = a;
  pair.b = b;
  return equal(pair, depth);
}

static bool bytes_equal(const struct icws_candid_value *a, const struct icws_candid_value *b)
{
  return icws_bytes_equal(icws_candid_value_bytes(a), icws_candid_value_bytes(b));
}

static bool is_nan(uint64_t bits)
{
  return (bits & INT64_MAX) > UINT64_C(0x7ff) << 52;
}

/* All NaN are equal; 0 and -0 are not. */
static bool floats_equal(double a, double b)
{
  uint64_t a_bits;
  uint64_t b_bits;
  memcpy(&a_bits, &a, sizeof(a_bits));
  memcpy(&b_bits, &b, sizeof(b_bits));
  return a_bits == b_bits || (is_nan(a_bits) && is_nan(b_bits));
}

static bool primitives_equal(const struct icws_candid_value *a, const struct icws_candid_value *b)
{
  switch (a->type) {
  case ICWS_CANDID_NULL:
  case ICWS_CANDID_RESERVED:
    return true;
  case ICWS_CANDID_BOOL:
    return a->as.boolean == b->as.boolean;
  case ICWS_CANDID_NAT:
  case ICWS_CANDID_INT:
    if (a->count > 0 || b->count > 0)
      return bytes_equal(a, b);
    return a->as.nat == b->as.nat; /* an int's bits are those of a nat */
  case ICWS_CANDID_FLOAT32:
    return floats_equal((double)a->as.float32, (double)b->as.float32);
  case ICWS_CANDID_FLOAT64:
    return floats_equal(a->as.float64, b->as.float64);
  case ICWS_CANDID_TEXT:
  case ICWS_CANDID_PRINCIPAL:
    return bytes_equal(a, b);
  default:
    return a->as.nat == b->as.nat;
  }
}

static bool vecs_equal(struct pair pair, unsigned depth)
{
  bool a_is_blob = icws_candid_types_is_blob(pair.a_types, pair.a->type);
  bool b_is_blob = icws_candid_types_is_blob(pair.b_types, pair.b->type);
  if (pair.a->count != pair.b->count)
    return false;
  if (a_is_blob || b_is_blob)
    return pair.a->count == 0 || (a_is_blob == b_is_blob && bytes_equal(pair.a, pair.b));
  for (uint32_t i = 0; i < pair.a->count; i++) {
    if (!equal_parts(pair, &pair.a->as.items[i], &pair.b->as.items[i], depth))
      return false;
  }
  return true;
}

static bool records_equal(struct pair pair, const struct icws_candid_type *a,
                          const struct icws_candid_type *b, unsigned depth)
{
  if (a->field_count != b->field_count)
    return false;
  for (size_t i = 0; i < a->field_count; i++) {
    if (a->fields[i].id != b->fields[i].id ||
        !equal_parts(pair, &pair.a->as.items[i], &pair.b->as.items[i], depth))
      return false;
  }
  return true;
}

static bool variants_equal(struct pair pair, const struct icws_candid_type *a,
                           const struct icws_candid_type *b, unsigned depth)
{
  return a->fields[pair.a->count].id == b->fields[pair.b->count].id &&
         equal_parts(pair, pair.a->as.items, pair.b->as.items, depth);
}

static bool funcs_equal(const struct icws_candid_func *a, const struct icws_candid_func *b)
{
  return icws_bytes_equal(a->service, b->service) && icws_bytes_equal(a->method, b->method);
}

static bool composites_equal(struct pair pair, unsigned depth)
{
  const struct icws_candid_type *a = icws_candid_types_get(pair.a_types, pair.a->type);
  const struct icws_candid_type *b = icws_candid_types_get(pair.b_types, pair.b->type);
  switch (a->constructor) {
  case ICWS_CANDID_OPT:
    if (pair.a->as.items == NULL || pair.b->as.items == NULL)
      return pair.a->as.items == pair.b->as.items;
    return equal_parts(pair, pair.a->as.items, pair.b->as.items, depth);
  case ICWS_CANDID_VEC:
    return vecs_equal(pair, depth);
  case ICWS_CANDID_RECORD:
    return records_equal(pair, a, b, depth);
  case ICWS_CANDID_VARIANT:
    return variants_equal(pair, a, b, depth);
  case ICWS_CANDID_FUNC:
    return funcs_equal(pair.a->as.func, pair.b->as.func);
  default: /* a service */
    return bytes_equal(pair.a, pair.b);
  }
}

static bool equal(struct pair pair, unsigned depth)
{
  int a = icws_candid_types_constructor(pair.a_types, pair.a->type);
  int b = icws_candid_types_constructor(pair.b_types, pair.b->type);
  if (a != b || depth == ICWS_CANDID_MAX_DEPTH)
    return false;
  return pair.a->type < 0 ? primitives_equal(pair.a, pair.b) : composites_equal(pair, depth + 1);
}

bool icws_candid_args_equal(const struct icws_candid_args *a, const struct icws_candid_args *b)
{
  struct pair pair = {.a_types = a->types, .b_types = b->types};
  if (a->count != b->count)
    return false;
  for (size_t i = 0; i < a->count; i++) {
    if (!equal_parts(pair, &a->values[i], &b->values[i], 0))
      return false;
  }
  return true;
}
