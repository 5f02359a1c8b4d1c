/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_BIND_ORDER_H
#define ICWS_TOOLS_BIND_ORDER_H

#include "plan.h"

/* bind_order puts the structs of |plan| in an order in which each is defined after those that are
 * part of it, and finds what hangs on how they are connected: which members are pointers, which
 * structs are cyclic, and which need an arena. */
void bind_order(struct bind_plan *plan);

#endif
