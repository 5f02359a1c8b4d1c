/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BYTES_H
#define ICWS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/error.h>
#include <icws/export.h>
#include <icws/mem.h>

ICWS_BEGIN_DECLS

/* A borrowed run of bytes.  |data| may be NULL if |len| is 0.  Whoever hands one out says how long
 * it stays valid. */
struct icws_bytes {
  const uint8_t *data;
  size_t len;
};

/* icws_bytes_of makes a borrowed run; icws_bytes_text one of the characters of a C string without
 * its NUL. */
ICWS_EXPORT struct icws_bytes icws_bytes_of(const void *data, size_t len);
ICWS_EXPORT struct icws_bytes icws_bytes_text(const char *text);

/* icws_bytes_equal tells whether both runs have the same bytes (not in constant time). */
ICWS_EXPORT bool icws_bytes_equal(struct icws_bytes a, struct icws_bytes b);

/* icws_bytes_compare orders bytewise, a proper prefix first: negative, zero or positive, as memcmp
 * does. */
ICWS_EXPORT int icws_bytes_compare(struct icws_bytes a, struct icws_bytes b);

/*
 * A growing buffer that encoders append to.  The first failure sticks: later appends do nothing,
 * and icws_buf_error returns it, so that a chain of appends is checked once at its end.
 *
 * All members may be read; only the functions below write them.  Growing wipes the memory that is
 * left, so that no copy of the contents stays behind.  A buffer belongs to one thread at a time.
 */
struct icws_buf {
  uint8_t *data;
  size_t len;
  size_t capacity;
  size_t max; /* len never grows beyond this; passing it is ICWS_ERR_LIMIT */
  const struct icws_mem *mem;
  enum icws_error error;
};

/* icws_buf_init makes |buf| empty; nothing is allocated yet.  |max| 0 means no limit but SIZE_MAX.
 */
ICWS_EXPORT void icws_buf_init(struct icws_buf *buf, size_t max, const struct icws_mem *mem);

/* icws_buf_wipe overwrites the contents with zeros, frees them and leaves an empty buffer with the
 * same limit and allocator. */
ICWS_EXPORT void icws_buf_wipe(struct icws_buf *buf);

/* icws_buf_clear sets the length to 0 and forgets the error; the memory is kept for reuse. */
ICWS_EXPORT void icws_buf_clear(struct icws_buf *buf);

/* icws_buf_error returns ICWS_OK, or the error that sticks: ICWS_ERR_NOMEM, ICWS_ERR_LIMIT, or one
 * that an encoder put there with icws_buf_fail (the first wins). */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_buf_error(const struct icws_buf *buf);
ICWS_EXPORT void icws_buf_fail(struct icws_buf *buf, enum icws_error error);

/* icws_buf_put appends |len| bytes, icws_buf_put_text those of a string, without its NUL, and
 * icws_buf_put_u8 one.  The source must not lie in the buffer. */
ICWS_EXPORT void icws_buf_put(struct icws_buf *buf, const void *data, size_t len);
ICWS_EXPORT void icws_buf_put_text(struct icws_buf *buf, const char *text);
ICWS_EXPORT void icws_buf_put_u8(struct icws_buf *buf, uint8_t byte);

/* icws_buf_reserve appends |len| uninitialised bytes and returns where they start, or NULL after a
 * failure.  The pointer is valid until the next append. */
ICWS_EXPORT uint8_t *icws_buf_reserve(struct icws_buf *buf, size_t len);

/* icws_buf_truncate makes the contents |len| bytes long, which must not be more than they are: for
 * encoders that take back what they appended.  An error stays. */
ICWS_EXPORT void icws_buf_truncate(struct icws_buf *buf, size_t len);

/* icws_buf_bytes borrows the contents until the buffer changes. */
ICWS_EXPORT struct icws_bytes icws_buf_bytes(const struct icws_buf *buf);

/*
 * icws_hex_encode writes 2 * |bytes|.len lower-case digits and a NUL to |out|, which has |out_size|
 * bytes.  Returns ICWS_OK or ICWS_ERR_TOO_SMALL (nothing is written then).
 *
 * icws_hex_put appends those digits to |out|.
 *
 * icws_hex_decode appends the bytes that |text| stands for to |out|: an even number of digits of
 * either case, nothing else.  Returns ICWS_OK, ICWS_ERR_HEX, or the buffer's error; the buffer is
 * unchanged after ICWS_ERR_HEX.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_hex_encode(struct icws_bytes bytes, char *out,
                                                           size_t out_size);
ICWS_EXPORT void icws_hex_put(struct icws_buf *out, struct icws_bytes bytes);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_hex_decode(struct icws_bytes text,
                                                           struct icws_buf *out);

ICWS_END_DECLS

#endif
