/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/hashtree.h>

/* Domain separators: the length of the text, then the text (IC interface specification,
 * "Certificate", "Root hash"). */
static const char separator_empty[] = "\x11ic-hashtree-empty";
static const char separator_fork[] = "\x10ic-hashtree-fork";
static const char separator_labeled[] = "\x13ic-hashtree-labeled";
static const char separator_leaf[] = "\x10ic-hashtree-leaf";

void icws_treehash_empty(icws_sha256_fn *sha256, uint8_t out[ICWS_SHA256_BYTES])
{
  struct icws_bytes part = icws_bytes_text(separator_empty);
  sha256(&part, 1, out);
}

void icws_treehash_leaf(icws_sha256_fn *sha256, struct icws_bytes value,
                        uint8_t out[ICWS_SHA256_BYTES])
{
  struct icws_bytes parts[] = {icws_bytes_text(separator_leaf), value};
  sha256(parts, 2, out);
}

void icws_treehash_labeled(icws_sha256_fn *sha256, struct icws_bytes label,
                           const uint8_t child[ICWS_SHA256_BYTES], uint8_t out[ICWS_SHA256_BYTES])
{
  struct icws_bytes parts[] = {icws_bytes_text(separator_labeled), label,
                               icws_bytes_of(child, ICWS_SHA256_BYTES)};
  sha256(parts, 3, out);
}

void icws_treehash_fork(icws_sha256_fn *sha256, const uint8_t left[ICWS_SHA256_BYTES],
                        const uint8_t right[ICWS_SHA256_BYTES], uint8_t out[ICWS_SHA256_BYTES])
{
  struct icws_bytes parts[] = {icws_bytes_text(separator_fork),
                               icws_bytes_of(left, ICWS_SHA256_BYTES),
                               icws_bytes_of(right, ICWS_SHA256_BYTES)};
  sha256(parts, 3, out);
}
