/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/bytes.h>

#include <assert.h>
#include <string.h>

#define MIN_CAPACITY 64

/* Zeros that the compiler may not leave out although nobody reads them. */
static void wipe(void *data, size_t len)
{
  memset(data, 0, len);
#if defined(__GNUC__)
  __asm__ __volatile__("" : : "r"(data) : "memory");
#endif
}

void icws_buf_init(struct icws_buf *buf, size_t max, const struct icws_mem *mem)
{
  *buf = (struct icws_buf){
      .max = max != 0 ? max : SIZE_MAX,
      .mem = mem != NULL ? mem : icws_mem_default(),
      .error = ICWS_OK,
  };
}

static void release(struct icws_buf *buf)
{
  if (buf->data == NULL)
    return;
  wipe(buf->data, buf->capacity);
  buf->mem->release(buf->data, buf->mem->user_data);
  buf->data = NULL;
  buf->capacity = 0;
}

void icws_buf_wipe(struct icws_buf *buf)
{
  release(buf);
  icws_buf_clear(buf);
}

void icws_buf_clear(struct icws_buf *buf)
{
  buf->len = 0;
  buf->error = ICWS_OK;
}

enum icws_error icws_buf_error(const struct icws_buf *buf)
{
  return buf->error;
}

void icws_buf_fail(struct icws_buf *buf, enum icws_error error)
{
  if (buf->error == ICWS_OK)
    buf->error = error;
}

/* What is allocated for |needed| bytes: at least twice what there was, so that growing byte by byte
 * stays linear, but not beyond the limit. */
static size_t grown_capacity(const struct icws_buf *buf, size_t needed)
{
  size_t capacity = buf->capacity <= buf->max / 2 ? buf->capacity * 2 : buf->max;
  if (capacity < MIN_CAPACITY)
    capacity = MIN_CAPACITY < buf->max ? MIN_CAPACITY : buf->max;
  return capacity > needed ? capacity : needed;
}

/* A reallocation could leave a copy of secret contents behind: hence allocate, copy, wipe. */
static bool grow(struct icws_buf *buf, size_t needed)
{
  size_t capacity = grown_capacity(buf, needed);
  uint8_t *data = buf->mem->reallocate(NULL, capacity, buf->mem->user_data);
  if (data == NULL) {
    icws_buf_fail(buf, ICWS_ERR_NOMEM);
    return false;
  }
  if (buf->len > 0)
    memcpy(data, buf->data, buf->len);
  release(buf);
  buf->data = data;
  buf->capacity = capacity;
  return true;
}

uint8_t *icws_buf_reserve(struct icws_buf *buf, size_t len)
{
  assert(buf->len <= buf->capacity && buf->len <= buf->max);
  if (buf->error != ICWS_OK)
    return NULL;
  if (len > buf->max - buf->len) {
    icws_buf_fail(buf, ICWS_ERR_LIMIT);
    return NULL;
  }
  if ((buf->data == NULL || len > buf->capacity - buf->len) && !grow(buf, buf->len + len))
    return NULL;
  uint8_t *start = buf->data + buf->len;
  buf->len += len;
  return start;
}

void icws_buf_put(struct icws_buf *buf, const void *data, size_t len)
{
  if (len == 0)
    return;
  uint8_t *start = icws_buf_reserve(buf, len);
  if (start != NULL)
    memcpy(start, data, len);
}

void icws_buf_put_text(struct icws_buf *buf, const char *text)
{
  icws_buf_put(buf, text, strlen(text));
}

void icws_buf_put_u8(struct icws_buf *buf, uint8_t byte)
{
  icws_buf_put(buf, &byte, 1);
}

void icws_buf_truncate(struct icws_buf *buf, size_t len)
{
  assert(len <= buf->len);
  buf->len = len;
}

struct icws_bytes icws_buf_bytes(const struct icws_buf *buf)
{
  return icws_bytes_of(buf->data, buf->len);
}
