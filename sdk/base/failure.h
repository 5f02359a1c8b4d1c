/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_FAILURE_H
#define ICWS_BASE_FAILURE_H

#include <stdarg.h>

#include <icws/error.h>

/* icws_vfail is icws_fail for a list of arguments, for functions that take a format themselves. */
enum icws_error icws_vfail(struct icws_failure *failure, enum icws_error code, const char *format,
                           va_list arguments) __attribute__((format(printf, 3, 0)));

#endif
