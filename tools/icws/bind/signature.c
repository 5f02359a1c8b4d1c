/* SPDX-License-Identifier: Apache-2.0 */
#include "signature.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

#define BYTES_PER_LINE 16

/* --- Names ------------------------------------------------------------------------------------- */

/* A C string cannot hold every name. */
static bool is_printable(struct icws_bytes name)
{
  return name.data != NULL && (name.len == 0 || memchr(name.data, '\0', name.len) == NULL);
}

static size_t count_fields(const struct icws_candid_types *types)
{
  size_t count = 0;
  for (size_t i = 0; i < icws_candid_types_count(types); i++)
    count += icws_candid_types_get(types, (int)i)->field_count;
  return count;
}

static int compare_ids(const void *left, const void *right)
{
  const struct icws_candid_field_type *a = left;
  const struct icws_candid_field_type *b = right;
  return (a->id > b->id) - (a->id < b->id);
}

/* The fields of all records and variants that have a name, by increasing id. */
static struct icws_candid_field_type *sorted_fields(struct bind_plan *plan, size_t *count)
{
  struct icws_candid_field_type *fields =
      icws_arena_array(&plan->arena, count_fields(plan->types), sizeof(*fields));
  *count = 0;
  if (fields == NULL)
    return NULL;
  for (size_t i = 0; i < icws_candid_types_count(plan->types); i++) {
    const struct icws_candid_type *type = icws_candid_types_get(plan->types, (int)i);
    if (type->constructor != ICWS_CANDID_RECORD && type->constructor != ICWS_CANDID_VARIANT)
      continue;
    for (size_t k = 0; k < type->field_count; k++) {
      if (is_printable(type->fields[k].name))
        fields[(*count)++] = type->fields[k];
    }
  }
  qsort(fields, *count, sizeof(*fields), compare_ids);
  return fields;
}

/* As in a string literal.  What is not plain is escaped, so that nothing that a name holds can end the
 * string, or be a trigraph. */
static void put_escaped(struct icws_bytes name, struct icws_buf *out)
{
  for (size_t i = 0; i < name.len; i++) {
    struct icws_bytes character = icws_bytes_of(name.data + i, 1);
    if (bind_is_plain(character) || name.data[i] == ' ' || name.data[i] == '-')
      icws_buf_put(out, character.data, 1);
    else
      bind_print(out, "\\%03o", name.data[i]);
  }
}

bool bind_put_names(struct bind_plan *plan, struct icws_buf *out)
{
  size_t count;
  const struct icws_candid_field_type *fields = sorted_fields(plan, &count);
  if (fields == NULL || count == 0)
    return false;
  bind_print(out,
             "\n/* The names of fields, which messages have as numbers: to tell errors by. */\n"
             "static const struct icws_candid_name names[] = {\n");
  for (size_t i = 0; i < count; i++) {
    if (i > 0 && fields[i].id == fields[i - 1].id)
      continue;
    bind_print(out, "    {%uU, \"", (unsigned)fields[i].id);
    put_escaped(fields[i].name, out);
    bind_print(out, "\"},\n");
  }
  bind_print(out, "};\n");
  return true;
}

/* --- Signatures -------------------------------------------------------------------------------- */

static void put_bytes(struct icws_bytes bytes, struct icws_buf *out)
{
  for (size_t i = 0; i < bytes.len; i++) {
    const char *before = i % BYTES_PER_LINE == 0 ? "    " : " ";
    bool ends = i + 1 == bytes.len || (i + 1) % BYTES_PER_LINE == 0;
    bind_print(out, "%s0x%02x,%s", before, bytes.data[i], ends ? "\n" : "");
  }
}

static void put_signature(const char *name, struct icws_bytes header, bool with_names,
                          struct icws_buf *out)
{
  bind_print(out, "\nstatic const uint8_t header_of_%s[] = {\n", name);
  put_bytes(header, out);
  bind_print(out,
             "};\n\n"
             "static const struct icws_candid_signature signature_of_%s = {\n"
             "    .header = header_of_%s,\n"
             "    .header_len = sizeof(header_of_%s),\n",
             name, name, name);
  if (with_names)
    bind_print(out, "    .names = names,\n"
                    "    .name_count = sizeof(names) / sizeof(names[0]),\n");
  bind_print(out, "};\n");
}

enum icws_error bind_put_signature(const struct bind_plan *plan, const struct bind_message *message,
                                   bool with_names, struct icws_buf *out)
{
  struct icws_buf header;
  struct icws_candid_reader reader;
  icws_buf_init(&header, 0, out->mem);
  enum icws_error error =
      icws_candid_encode_types(plan->types, message->types, message->count, &header);
  if (error == ICWS_OK)
    error = icws_candid_reader_init(&reader, icws_buf_bytes(&header));
  if (error == ICWS_OK)
    put_signature(message->name, icws_buf_bytes(&header), with_names, out);
  icws_buf_wipe(&header);
  return error;
}
