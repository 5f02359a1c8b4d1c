/* SPDX-License-Identifier: Apache-2.0 */
#include "http_head.h"

#include <string.h>
#include <strings.h>

/* One line of the head, or a part of it. */
struct text {
  const char *at;
  size_t len;
};

static enum http_head_result bad(struct http_head_error *error, unsigned status, const char *text)
{
  *error = (struct http_head_error){status, text};
  return HTTP_HEAD_BAD;
}

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* RFC 9110, section 5.6.2. */
static bool is_token_character(char c)
{
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is(struct text text, const char *word)
{
  return text.len == strlen(word) && strncasecmp(text.at, word, text.len) == 0;
}

static bool has_space(char c)
{
  return c == ' ' || c == '\t';
}

static struct text trim(struct text text)
{
  while (text.len > 0 && has_space(text.at[0])) {
    text.at++;
    text.len--;
  }
  while (text.len > 0 && has_space(text.at[text.len - 1]))
    text.len--;
  return text;
}

/* Takes what is in front of |separator| off |*rest|, or all of it. */
static struct text take(struct text *rest, char separator)
{
  const char *end = rest->len > 0 ? memchr(rest->at, separator, rest->len) : NULL;
  const struct text taken = {rest->at, end ? (size_t)(end - rest->at) : rest->len};

  rest->at += taken.len + (end ? 1 : 0);
  rest->len -= taken.len + (end ? 1 : 0);
  return taken;
}

/* --- The request line ------------------------------------------------------------------------- */

static int digit_value(char c)
{
  if (is_digit(c))
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes a path; 0, or the status to refuse it with. */
static unsigned decode_path(struct text from, char *out, size_t size)
{
  size_t len = 0;

  for (size_t i = 0; i < from.len; i++) {
    char c = from.at[i];

    if (c == '%') {
      const int high = i + 2 < from.len ? digit_value(from.at[i + 1]) : -1;
      const int low = high >= 0 ? digit_value(from.at[i + 2]) : -1;

      if (low < 0 || (high == 0 && low == 0))
        return 400;
      c = (char)(unsigned char)(high * 16 + low);
      i += 2;
    }
    if (len + 1 >= size)
      return 414;
    out[len++] = c;
  }
  out[len] = '\0';
  return 0;
}

/* The target may be a path, a whole URL, or an asterisk (RFC 9112, section 3.2). */
static enum http_head_result read_target(struct text target, struct http_head *head,
                                         struct http_head_error *error)
{
  static const char scheme[] = "http://";
  const size_t scheme_len = sizeof scheme - 1;
  unsigned status;

  if (target.len > scheme_len && strncasecmp(target.at, scheme, scheme_len) == 0) {
    target.at += scheme_len;
    target.len -= scheme_len;
    while (target.len > 0 && target.at[0] != '/') {
      target.at++;
      target.len--;
    }
    if (target.len == 0)
      target = (struct text){"/", 1};
  }
  if (target.len == 0 || (target.at[0] != '/' && !is(target, "*")))
    return bad(error, 400, "The target of a request must be a path.\n");
  status = decode_path(take(&target, '?'), head->path, sizeof head->path);
  if (status == 414)
    return bad(error, status, "The path is too long.\n");
  if (status != 0)
    return bad(error, status, "The path is not well encoded.\n");
  return HTTP_HEAD_WHOLE;
}

static enum http_head_result read_request_line(struct text line, struct http_head *head,
                                               struct http_head_error *error)
{
  const struct text method = take(&line, ' ');
  const struct text target = take(&line, ' ');

  memcpy(head->method, method.at, method.len); /* its length was checked */
  head->method[method.len] = '\0';
  if (is(line, "HTTP/1.1"))
    head->keep_alive = true;
  else if (!is(line, "HTTP/1.0"))
    return bad(error, line.len == 8 && is((struct text){line.at, 5}, "HTTP/") ? 505 : 400,
               "This server speaks HTTP/1.1.\n");
  return read_target(target, head, error);
}

/* --- Header fields ---------------------------------------------------------------------------- */

static bool copy(struct text value, char *out, size_t size)
{
  if (value.len >= size)
    return false;
  memcpy(out, value.at, value.len);
  out[value.len] = '\0';
  return true;
}

static bool read_length(struct text value, struct http_head *head)
{
  if (value.len == 0 || value.len > 15 || head->has_length)
    return false;
  for (size_t i = 0; i < value.len; i++) {
    if (!is_digit(value.at[i]))
      return false;
    head->length = head->length * 10 + (uint64_t)(value.at[i] - '0');
  }
  head->has_length = true;
  return true;
}

static void read_connection(struct text value, struct http_head *head)
{
  while (value.len > 0)
    if (is(trim(take(&value, ',')), "close"))
      head->keep_alive = false;
}

static enum http_head_result read_field(struct text line, struct http_head *head, bool *has_host,
                                        struct http_head_error *error)
{
  const struct text name = take(&line, ':');
  const struct text value = trim(line);
  bool fits = true;

  if (name.len == 0 || name.at + name.len == line.at) /* there was no colon */
    return bad(error, 400, "A header field is malformed.\n");
  for (size_t i = 0; i < name.len; i++)
    if (!is_token_character(name.at[i]))
      return bad(error, 400, "A header field is malformed.\n");
  if (is(name, "host"))
    *has_host = true;
  else if (is(name, "content-type"))
    fits = copy(value, head->content_type, sizeof head->content_type);
  else if (is(name, "origin"))
    fits = copy(value, head->origin, sizeof head->origin);
  else if (is(name, "connection"))
    read_connection(value, head);
  else if (is(name, "expect"))
    head->expects_continue = is(value, "100-continue");
  else if (is(name, "transfer-encoding"))
    return bad(error, 411, "A body must come with its Content-Length.\n");
  else if (is(name, "content-length") && !read_length(value, head))
    return bad(error, 400, "The Content-Length is not one number, or too large a one.\n");
  return fits ? HTTP_HEAD_WHOLE : bad(error, 431, "A header field is too long.\n");
}

/* --- The whole -------------------------------------------------------------------------------- */

/* Whether this can become a head: so that who speaks another protocol is told so at once. */
static bool is_promising(struct text input)
{
  size_t len = 0;

  while (len < input.len && is_token_character(input.at[len]))
    len++;
  if (len > HTTP_MAX_METHOD_BYTES || (len < input.len && (len == 0 || input.at[len] != ' ')))
    return false;
  for (; len < input.len; len++) {
    const unsigned char c = (unsigned char)input.at[len];

    if ((c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
      return false;
  }
  return true;
}

/* The bytes of the head without its empty line; false if that has not come. */
static bool find_end(struct text input, size_t *len)
{
  for (size_t i = 0; i + 4 <= input.len; i++)
    if (memcmp(input.at + i, "\r\n\r\n", 4) == 0) {
      *len = i;
      return true;
    }
  return false;
}

static enum http_head_result read_lines(struct text lines, struct http_head *head,
                                        struct http_head_error *error)
{
  bool has_host = false;
  bool first = true;
  enum http_head_result result = HTTP_HEAD_WHOLE;

  while (lines.len > 0 && result == HTTP_HEAD_WHOLE) {
    struct text line = take(&lines, '\n');

    if (lines.len > 0 && (line.len == 0 || line.at[line.len - 1] != '\r'))
      return bad(error, 400, "Lines must end in CR LF.\n");
    if (line.len > 0 && line.at[line.len - 1] == '\r')
      line.len--;
    if (memchr(line.at, '\r', line.len))
      return bad(error, 400, "Lines must end in CR LF.\n");
    result =
        first ? read_request_line(line, head, error) : read_field(line, head, &has_host, error);
    first = false;
  }
  if (result == HTTP_HEAD_WHOLE && head->keep_alive && !has_host)
    return bad(error, 400, "The field Host is missing.\n"); /* RFC 9112, section 3.2 */
  return result;
}

enum http_head_result http_head_read(struct icws_bytes input, struct http_head *head,
                                     size_t *head_len, struct http_head_error *error)
{
  struct text rest = {(const char *)input.data, input.len};
  struct text lines;

  /* RFC 9112, section 2.2: empty lines in front are ignored. */
  while (rest.len >= 2 && memcmp(rest.at, "\r\n", 2) == 0) {
    rest.at += 2;
    rest.len -= 2;
  }
  if (rest.len == 0 || is((struct text){rest.at, rest.len}, "\r"))
    return input.len > ICWS_HTTP_MAX_HEAD_BYTES
               ? bad(error, 431, "The head of the request is too long.\n")
               : HTTP_HEAD_MORE;
  lines = rest;
  if (!find_end(rest, &lines.len)) {
    if (!is_promising(rest))
      return bad(error, 400, "This server speaks HTTP/1.1.\n");
    return input.len > ICWS_HTTP_MAX_HEAD_BYTES
               ? bad(error, 431, "The head of the request is too long.\n")
               : HTTP_HEAD_MORE;
  }
  *head_len = input.len - rest.len + lines.len + 4;
  if (*head_len > ICWS_HTTP_MAX_HEAD_BYTES)
    return bad(error, 431, "The head of the request is too long.\n");
  if (!is_promising(lines))
    return bad(error, 400, "This server speaks HTTP/1.1.\n");
  memset(head, 0, sizeof *head);
  return read_lines(lines, head, error);
}
