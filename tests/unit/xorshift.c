/* SPDX-License-Identifier: Apache-2.0 */
#include "xorshift.h"

uint64_t xorshift_next(uint64_t *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}
