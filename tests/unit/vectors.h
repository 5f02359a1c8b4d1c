/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_VECTORS_H
#define ICWS_TESTS_VECTORS_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include <icws/bytes.h>

/*
 * Test vectors in JSON, for all tests.  Whatever is not as the test expects it (no such file, no
 * such member, not hex) fails the running test.
 */

/* vectors_own loads tests/vectors/|name|.  The caller gives the result to json_decref. */
json_t *vectors_own(const char *name);

/* vectors_shared loads |name| from the shared vectors next to the repository. Where that folder
 * is missing it says so loudly and skips the running test. */
json_t *vectors_shared(const char *name);

/* Members of objects, which must be there and of that kind.  Borrowed. */
json_t *vectors_get(const json_t *object, const char *key);
const char *vectors_text(const json_t *object, const char *key);
uint64_t vectors_uint(const json_t *object, const char *key); /* a number, or one in a string */

/* vectors_hex turns a string of hex into bytes; vectors_hex_at that of a member.  free() |data|. */
struct vectors_blob {
  uint8_t *data;
  size_t len;
};
struct vectors_blob vectors_hex(const char *text);
struct vectors_blob vectors_hex_at(const json_t *object, const char *key);

/* vectors_shared_file reads the file |name|, a path from the folder of the shared vectors; free()
 * |data|.  Where that folder is missing it skips the running test as vectors_shared does. */
struct vectors_blob vectors_shared_file(const char *name);

/* vectors_bytes borrows a blob as a run of bytes. */
struct icws_bytes vectors_bytes(const struct vectors_blob *blob);

#endif
