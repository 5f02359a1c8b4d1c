/* SPDX-License-Identifier: Apache-2.0 */
#include "method.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "common/complain.h"
#include "common/escape.h"

#define COMPARED_BYTES 64 /* longer names are not compared */
#define LISTED_NAMES 8

/* --- Names that are like a name ----------------------------------------------------------------- */

static size_t least(size_t a, size_t b, size_t c)
{
  size_t ab = a < b ? a : b;
  return ab < c ? ab : c;
}

/* How many bytes must be changed, put in or left out to make the one of the other, whatever their
 * case; row by row of the table of all beginnings. */
static size_t distance(struct icws_bytes a, struct icws_bytes b)
{
  size_t row[COMPARED_BYTES + 1];
  for (size_t j = 0; j <= b.len; j++)
    row[j] = j;
  for (size_t i = 1; i <= a.len; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.len; j++) {
      size_t changed = diagonal + (tolower(a.data[i - 1]) != tolower(b.data[j - 1]));
      diagonal = row[j];
      row[j] = least(changed, row[j] + 1, row[j - 1] + 1);
    }
  }
  return row[b.len];
}

static bool contains(struct icws_bytes whole, struct icws_bytes part)
{
  for (size_t at = 0; part.len > 2 && at + part.len <= whole.len; at++)
    if (strncasecmp((const char *)whole.data + at, (const char *)part.data, part.len) == 0)
      return true;
  return false;
}

bool icws_method_similar(struct icws_bytes name, struct icws_bytes other)
{
  if (name.len > COMPARED_BYTES || other.len > COMPARED_BYTES)
    return false;
  size_t shorter = name.len < other.len ? name.len : other.len;
  return contains(name, other) || contains(other, name) ||
         distance(name, other) <= (shorter < 6 ? 1 : shorter / 3);
}

/* --- The complaint ------------------------------------------------------------------------------ */

/* Appends the names of those methods that are similar to |name|, or of all if that is NULL. */
static size_t put_names(const struct icws_candid_type *service, const struct icws_bytes *name,
                        struct icws_buf *list)
{
  size_t count = 0;
  for (size_t i = 0; i < service->method_count; i++) {
    struct icws_bytes other = service->methods[i].name;
    if (name != NULL && !icws_method_similar(*name, other))
      continue;
    if (count++ < LISTED_NAMES) {
      icws_buf_put_text(list, count == 1 ? "" : ", ");
      icws_escape(
          icws_bytes_of(other.data, other.len < COMPARED_BYTES ? other.len : COMPARED_BYTES), list);
    }
  }
  if (count > LISTED_NAMES)
    icws_buf_put_text(list, ", ...");
  return count;
}

static void complain_missing(const struct icws_interface *interface, const char *program,
                             const char *source, const char *name)
{
  struct icws_bytes given = icws_bytes_text(name);
  struct icws_buf list;
  struct icws_buf shown;
  const char *what = "did you mean";
  if (!interface->candid.has_service) {
    icws_complain(program, "%s: the interface has no service", source);
    return;
  }
  const struct icws_candid_type *service =
      icws_candid_types_get(interface->types, interface->candid.service);
  icws_buf_init(&list, 0, NULL);
  icws_buf_init(&shown, 0, NULL);
  icws_escape(given, &shown);
  if (put_names(service, &given, &list) == 0) {
    what = "there are";
    put_names(service, NULL, &list);
  }
  if (list.len == 0)
    icws_complain(program, "%s: there is no method '%.*s'", source, (int)shown.len,
                  (const char *)shown.data);
  else
    icws_complain(program, "%s: there is no method '%.*s'; %s: %.*s", source, (int)shown.len,
                  (const char *)shown.data, what, (int)list.len, (const char *)list.data);
  icws_buf_wipe(&shown);
  icws_buf_wipe(&list);
}

/* --- Looking up --------------------------------------------------------------------------------- */

static void copy_types(const struct icws_candid_field_type *fields, size_t count, int *types)
{
  for (size_t i = 0; i < count; i++)
    types[i] = fields[i].type;
}

bool icws_method_find(const struct icws_interface *interface, const char *program,
                      const char *source, const char *name, struct icws_method *method)
{
  int func;
  if (!interface->candid.has_service ||
      !icws_candid_interface_method(&interface->candid, icws_bytes_text(name), &func)) {
    complain_missing(interface, program, source, name);
    return false;
  }
  const struct icws_candid_type *type = icws_candid_types_get(interface->types, func);
  if (type->field_count > ICWS_METHOD_TYPES || type->result_count > ICWS_METHOD_TYPES) {
    icws_complain(program, "the method has more than %d arguments or results", ICWS_METHOD_TYPES);
    return false;
  }
  copy_types(type->fields, type->field_count, method->arguments);
  copy_types(type->results, type->result_count, method->results);
  method->argument_count = type->field_count;
  method->result_count = type->result_count;
  method->is_query = (type->annotations & (ICWS_CANDID_QUERY | ICWS_CANDID_COMPOSITE_QUERY)) != 0;
  return true;
}
