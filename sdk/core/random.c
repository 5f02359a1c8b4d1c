/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/random.h>

#include <sodium.h>

/* see icws/random.h: the only function of the core that asks for randomness by itself */
static enum icws_error fill_from_system(uint8_t *out, size_t len, void *user_data)
{
  (void)user_data;
  if (sodium_init() < 0)
    return ICWS_ERR_RANDOM;
  randombytes_buf(out, len);
  return ICWS_OK;
}

const struct icws_random *icws_random_default(void)
{
  static const struct icws_random system_random = {NULL, fill_from_system};
  return &system_random;
}
