/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_RANDOM_H
#define ICWS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include <icws/error.h>
#include <icws/export.h>

ICWS_BEGIN_DECLS

/*
 * A source of randomness: |fill| writes |len| unpredictable bytes to |out| and returns ICWS_OK, or
 * any error to make the caller's function fail with ICWS_ERR_RANDOM.  NULL stands for
 * icws_random_default wherever a `const struct icws_random *` is taken.
 */
struct icws_random {
  void *user_data;
  enum icws_error (*fill)(uint8_t *out, size_t len, void *user_data);
};

/* icws_random_default returns the operating system's source, as libsodium reaches it. */
ICWS_EXPORT const struct icws_random *icws_random_default(void);

ICWS_END_DECLS

#endif
