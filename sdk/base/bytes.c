/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/bytes.h>

#include <string.h>

struct icws_bytes icws_bytes_of(const void *data, size_t len)
{
  return (struct icws_bytes){.data = data, .len = len};
}

struct icws_bytes icws_bytes_text(const char *text)
{
  return icws_bytes_of(text, strlen(text));
}

bool icws_bytes_equal(struct icws_bytes a, struct icws_bytes b)
{
  return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

int icws_bytes_compare(struct icws_bytes a, struct icws_bytes b)
{
  size_t shorter = a.len < b.len ? a.len : b.len;
  int order = shorter == 0 ? 0 : memcmp(a.data, b.data, shorter);
  if (order != 0)
    return order;
  return (a.len > b.len) - (a.len < b.len);
}
