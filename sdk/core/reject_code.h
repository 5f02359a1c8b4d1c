/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CORE_REJECT_CODE_H
#define ICWS_CORE_REJECT_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include <icws/reject.h>

/* icws_reject_code_init gives false if the specification knows no code |value|. */
static inline bool icws_reject_code_init(enum icws_reject_code *code, uint64_t value)
{
  if (value < ICWS_REJECT_SYS_FATAL || value > ICWS_REJECT_SYS_UNKNOWN)
    return false;
  *code = (enum icws_reject_code)value;
  return true;
}

#endif
