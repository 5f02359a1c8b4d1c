/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_BIND_DECODE_H
#define ICWS_TOOLS_BIND_DECODE_H

#include "plan.h"

/* bind_put_decoders appends the functions that fill structs from values, bind_put_decode the function
 * that decodes |message|. */
void bind_put_decoders(struct bind_plan *plan, struct icws_buf *out);
void bind_put_decode(struct bind_plan *plan, const struct bind_message *message,
                     struct icws_buf *out);

/* bind_decode_head returns how the function that decodes |message| is declared. */
const char *bind_decode_head(struct bind_plan *plan, const struct bind_message *message);

#endif
