/* SPDX-License-Identifier: Apache-2.0 */
#include "names.h"

#include <string.h>

#include <icws/candid.h>

#include "text.h"

/* In ASCII, whatever the locale. */
static bool is_lower(uint8_t c)
{
  return c >= 'a' && c <= 'z';
}

static bool is_upper(uint8_t c)
{
  return c >= 'A' && c <= 'Z';
}

static bool is_digit(uint8_t c)
{
  return c >= '0' && c <= '9';
}

static bool is_plain(uint8_t c)
{
  return is_lower(c) || is_upper(c) || is_digit(c) || c == '_';
}

bool bind_is_plain(struct icws_bytes name)
{
  for (size_t i = 0; i < name.len; i++) {
    if (!is_plain(name.data[i]))
      return false;
  }
  return name.len > 0;
}

/* --- Case -------------------------------------------------------------------------------------- */

/* Whether a word starts at the capital |name|[i]: after a small letter or a digit, and before a small
 * letter, as at the S of HTTPServer. */
static bool starts_word(struct icws_bytes name, size_t i)
{
  if (i == 0)
    return false;
  uint8_t before = name.data[i - 1];
  bool small_follows = i + 1 < name.len && is_lower(name.data[i + 1]);
  return is_lower(before) || is_digit(before) || (is_upper(before) && small_follows);
}

static size_t put_snake_case(struct icws_bytes name, char *out)
{
  size_t len = 0;
  for (size_t i = 0; i < name.len; i++) {
    uint8_t c = name.data[i];
    if (is_upper(c)) {
      if (len > 0 && starts_word(name, i))
        out[len++] = '_';
      out[len++] = (char)(c - 'A' + 'a');
    } else if (is_lower(c) || is_digit(c)) {
      out[len++] = (char)c;
    } else if (len > 0 && out[len - 1] != '_') {
      out[len++] = '_';
    }
  }
  out[len] = '\0';
  return len;
}

/* The id is that of the whole name, which may hold a NUL. */
static uint32_t field_id(struct icws_bytes name)
{
  uint32_t id = 0;
  for (size_t i = 0; i < name.len; i++)
    id = id * 223 + name.data[i];
  return id;
}

const char *bind_snake_case(struct icws_arena *arena, struct icws_bytes name)
{
  char *text = icws_arena_array(arena, name.len + 1, 2);
  if (text == NULL)
    return "";
  size_t len = put_snake_case(name, text);
  if (len == 0 || is_digit((uint8_t)text[0]))
    return bind_format(arena, "n_%u", (unsigned)field_id(name));
  return text;
}

const char *bind_upper_case(struct icws_arena *arena, const char *name)
{
  size_t len = strlen(name);
  char *text = icws_arena_alloc(arena, len + 1);
  if (text == NULL)
    return "";
  for (size_t i = 0; i < len; i++)
    text[i] = is_lower((uint8_t)name[i]) ? (char)(name[i] - 'a' + 'A') : name[i];
  text[len] = '\0';
  return text;
}

/* --- Keywords ---------------------------------------------------------------------------------- */

/* Those in small letters alone: members have no others. */
static const char *const keywords[] = {
    /* C, up to C23 */
    "alignas", "alignof", "auto", "bool", "break", "case", "char", "const", "constexpr", "continue",
    "default", "do", "double", "else", "enum", "extern", "false", "float", "for", "goto", "if",
    "inline", "int", "long", "nullptr", "register", "restrict", "return", "short", "signed",
    "sizeof", "static", "static_assert", "struct", "switch", "thread_local", "true", "typedef",
    "typeof", "typeof_unqual", "union", "unsigned", "void", "volatile", "while",
    /* C++ */
    "and", "and_eq", "asm", "bitand", "bitor", "catch", "char16_t", "char32_t", "char8_t", "class",
    "co_await", "co_return", "co_yield", "compl", "concept", "consteval", "constinit", "const_cast",
    "decltype", "delete", "dynamic_cast", "explicit", "export", "friend", "mutable", "namespace",
    "new", "noexcept", "not", "not_eq", "operator", "or", "or_eq", "private", "protected", "public",
    "reinterpret_cast", "requires", "static_cast", "template", "this", "throw", "try", "typeid",
    "typename", "using", "virtual", "wchar_t", "xor", "xor_eq",
    /* macros */
    "assert", "complex", "errno", "i386", "linux", "noreturn", "offsetof", "stderr", "stdin",
    "stdout", "unix"};

const char *bind_member_name(struct icws_arena *arena, const char *name)
{
  for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
    if (strcmp(keywords[i], name) == 0)
      return bind_format(arena, "%s_", name);
  }
  return name;
}

/* --- Scopes ------------------------------------------------------------------------------------ */

static struct bind_name **bucket_of(struct bind_scope *scope, const char *text)
{
  return &scope->buckets[icws_candid_field_id(text) % BIND_SCOPE_BUCKETS];
}

static bool is_in(struct bind_scope *scope, const char *text)
{
  for (const struct bind_name *name = *bucket_of(scope, text); name != NULL; name = name->next) {
    if (strcmp(name->text, text) == 0)
      return true;
  }
  return false;
}

const char *bind_scope_add(struct bind_scope *scope, struct icws_arena *arena, const char *wanted)
{
  const char *text = wanted;
  for (unsigned number = 2; is_in(scope, text) && icws_arena_error(arena) == ICWS_OK; number++)
    text = bind_format(arena, "%s_%u", wanted, number);
  struct bind_name *name = icws_arena_alloc(arena, sizeof(*name));
  if (name == NULL)
    return "";
  struct bind_name **bucket = bucket_of(scope, text);
  *name = (struct bind_name){.text = text, .next = *bucket};
  *bucket = name;
  return text;
}
