/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_BIND_TYPES_H
#define ICWS_TOOLS_BIND_TYPES_H

#include "plan.h"

/* bind_put_structs appends the definitions of the structs. */
void bind_put_structs(struct bind_plan *plan, struct icws_buf *out);

#endif
