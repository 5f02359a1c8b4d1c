/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/digest.h>

#include <string.h>

#include <blst.h>
#include <sodium.h>

/* Long enough for every node of a hash tree but a leaf with a long value. */
#define JOINED_BYTES 1024

/* libsodium hashes in steps, but without the SHA instructions; blst has them, but wants its input
 * in one piece.  So what is short is joined first. */
static void hash_in_steps(const struct icws_bytes *parts, size_t count,
                          uint8_t out[ICWS_SHA256_BYTES])
{
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (size_t i = 0; i < count; i++)
    crypto_hash_sha256_update(&state, parts[i].data, parts[i].len);
  crypto_hash_sha256_final(&state, out);
}

void icws_sha256(const struct icws_bytes *parts, size_t count, uint8_t out[ICWS_SHA256_BYTES])
{
  uint8_t joined[JOINED_BYTES];
  size_t len = 0;
  if (count == 1) {
    blst_sha256(out, parts[0].data, parts[0].len);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    if (parts[i].len > sizeof joined - len) {
      hash_in_steps(parts, count, out);
      return;
    }
    if (parts[i].len > 0)
      memcpy(joined + len, parts[i].data, parts[i].len);
    len += parts[i].len;
  }
  blst_sha256(out, joined, len);
}

/* SHA-224 is SHA-256 with other initial values, cut to its first 28 bytes (FIPS 180-4, 5.3.2 and
 * 6.3).  libsodium has no function for it, but its state is public. */
void icws_sha224(struct icws_bytes bytes, uint8_t out[ICWS_SHA224_BYTES])
{
  static const uint32_t initial[8] = {0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939,
                                      0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4};
  crypto_hash_sha256_state state;
  uint8_t full[ICWS_SHA256_BYTES];
  crypto_hash_sha256_init(&state);
  memcpy(state.state, initial, sizeof initial);
  crypto_hash_sha256_update(&state, bytes.data, bytes.len);
  crypto_hash_sha256_final(&state, full);
  memcpy(out, full, ICWS_SHA224_BYTES);
}
