/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_BIND_ENCODE_H
#define ICWS_TOOLS_BIND_ENCODE_H

#include "plan.h"

/* bind_put_encoders appends the functions that write structs, bind_put_encode the function that
 * encodes |message|. */
void bind_put_encoders(struct bind_plan *plan, struct icws_buf *out);
void bind_put_encode(struct bind_plan *plan, const struct bind_message *message,
                     struct icws_buf *out);

/* bind_encode_head returns how the function that encodes |message| is declared. */
const char *bind_encode_head(struct bind_plan *plan, const struct bind_message *message);

#endif
