/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Interface descriptions.  An input is a .did file; after zero bytes may come the files that it
 * imports, as "1", "2" and so on.  It is read as an interface, and as a list of types.  What must
 * hold of any:
 *  - a failure has a code, a text and a place within the input;
 *  - what is read can be printed, and what was printed can be read, and is printed the same again.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <icws/candid_interface.h>
#include <icws/candid_text.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST_TYPES 16
#define MOST_BYTES ((size_t)1 << 20) /* of what is printed */

static void require(bool condition)
{
  if (!condition)
    abort();
}

/* The file |index| of the input; false if there is none. */
static bool find_file(struct icws_bytes input, size_t index, struct icws_bytes *file)
{
  while (index > 0) {
    const uint8_t *end = input.len > 0 ? memchr(input.data, 0, input.len) : NULL;
    if (end == NULL)
      return false;
    size_t passed = (size_t)(end - input.data) + 1;
    input = icws_bytes_of(input.data + passed, input.len - passed);
    index--;
  }
  const uint8_t *end = input.len > 0 ? memchr(input.data, 0, input.len) : NULL;
  *file = icws_bytes_of(input.data, end != NULL ? (size_t)(end - input.data) : input.len);
  return true;
}

static enum icws_error import_file(struct icws_bytes name, struct icws_buf *text, void *user_data,
                                   struct icws_failure *failure)
{
  const struct icws_bytes *input = user_data;
  struct icws_bytes file;
  bool is_number = name.len == 1 && name.data[0] > '0' && name.data[0] <= '9';
  if (!is_number || !find_file(*input, (size_t)(name.data[0] - '0'), &file))
    return icws_fail(failure, ICWS_ERR_SYSTEM, "there is no such file");
  icws_buf_put(text, file.data, file.len);
  return icws_buf_error(text);
}

static struct icws_candid_types *new_types(void)
{
  struct icws_candid_types *types;
  require(icws_candid_types_new(NULL, &types) == ICWS_OK);
  return types;
}

static void check_failure(enum icws_error error, const struct icws_failure *failure,
                          const struct icws_candid_spot *spot, struct icws_bytes text)
{
  require(failure->code == error && failure->text[0] != '\0');
  require(spot->offset <= text.len && spot->line > 0 && spot->column > 0);
}

/* Tells whether the limit that was passed may have been that of the buffer. */
static bool is_full(const struct icws_buf *out)
{
  return icws_buf_error(out) == ICWS_ERR_LIMIT && out->len + 4096 > MOST_BYTES;
}

/* --- Interfaces -------------------------------------------------------------------------------- */

/* Reads and prints; false if |text| is no interface, or too long to print. */
static bool print_interface(struct icws_bytes text, struct icws_bytes *input, struct icws_buf *out)
{
  struct icws_candid_types *types = new_types();
  struct icws_candid_interface interface;
  struct icws_candid_spot spot = {0};
  struct icws_failure failure = {.code = ICWS_OK};
  enum icws_error error = icws_candid_interface_parse(
      text, types, input != NULL ? import_file : NULL, input, &interface, &spot, &failure);
  icws_buf_init(out, MOST_BYTES, NULL);
  if (error != ICWS_OK)
    check_failure(error, &failure, &spot, text);
  else if (icws_candid_interface_print(&interface, out) != ICWS_OK)
    error = icws_buf_error(out);
  require(error == ICWS_OK || icws_buf_error(out) == ICWS_OK || is_full(out));
  icws_candid_types_del(types);
  return error == ICWS_OK;
}

static void try_interface(struct icws_bytes text, struct icws_bytes input)
{
  struct icws_buf first;
  struct icws_buf second;
  if (print_interface(text, &input, &first)) {
    require(print_interface(icws_buf_bytes(&first), NULL, &second));
    require(icws_bytes_equal(icws_buf_bytes(&first), icws_buf_bytes(&second)));
    icws_buf_wipe(&second);
  }
  icws_buf_wipe(&first);
}

/* --- Types ------------------------------------------------------------------------------------- */

static void put_types(const struct icws_candid_types *types, const int *parsed, size_t count,
                      enum icws_candid_layout layout, struct icws_buf *out)
{
  icws_buf_put_u8(out, '(');
  for (size_t i = 0; i < count; i++) {
    if (i > 0)
      icws_buf_put(out, ", ", 2);
    if (icws_candid_print_type(types, parsed[i], true, layout, out) != ICWS_OK)
      return; /* the buffer remembers it */
  }
  icws_buf_put_u8(out, ')');
}

static bool print_types(struct icws_bytes text, enum icws_candid_layout layout,
                        struct icws_buf *out)
{
  struct icws_candid_types *types = new_types();
  struct icws_candid_spot spot = {0};
  struct icws_failure failure = {.code = ICWS_OK};
  int parsed[MOST_TYPES];
  size_t count;
  enum icws_error error =
      icws_candid_parse_types(text, types, parsed, MOST_TYPES, &count, &spot, &failure);
  icws_buf_init(out, MOST_BYTES, NULL);
  if (error != ICWS_OK) {
    check_failure(error, &failure, &spot, text);
  } else {
    put_types(types, parsed, count, layout, out);
    error = icws_buf_error(out);
    require(error == ICWS_OK || is_full(out));
  }
  icws_candid_types_del(types);
  return error == ICWS_OK;
}

static void try_types(struct icws_bytes text, enum icws_candid_layout layout)
{
  struct icws_buf first;
  struct icws_buf second;
  if (print_types(text, layout, &first)) {
    require(print_types(icws_buf_bytes(&first), layout, &second));
    require(icws_bytes_equal(icws_buf_bytes(&first), icws_buf_bytes(&second)));
    icws_buf_wipe(&second);
  }
  icws_buf_wipe(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct icws_bytes input = icws_bytes_of(data, size);
  struct icws_bytes text;
  require(find_file(input, 0, &text));
  try_interface(text, input);
  try_types(text, ICWS_CANDID_ONE_LINE);
  try_types(text, ICWS_CANDID_PRETTY);
  return 0;
}
