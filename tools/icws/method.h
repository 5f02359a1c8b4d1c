/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_METHOD_H
#define ICWS_CLI_METHOD_H

#include <stdbool.h>
#include <stddef.h>

#include <icws/candid_types.h>

#include "common/interface.h"

#define ICWS_METHOD_TYPES 64 /* arguments or results */

/* What an interface says of a method. */
struct icws_method {
  int arguments[ICWS_METHOD_TYPES];
  size_t argument_count;
  int results[ICWS_METHOD_TYPES];
  size_t result_count;
  bool is_query;
};

/* icws_method_find looks up the method |name| of |interface|, which |source| names.  Returns false
 * after a complaint as |program|: there is none, and which have similar names; or it has too many
 * arguments or results. */
bool icws_method_find(const struct icws_interface *interface, const char *program,
                      const char *source, const char *name, struct icws_method *method);

/* icws_method_similar tells whether somebody who wrote |name| may have meant |other|. */
bool icws_method_similar(struct icws_bytes name, struct icws_bytes other);

#endif
