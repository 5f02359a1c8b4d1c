/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_BIND_SIGNATURE_H
#define ICWS_TOOLS_BIND_SIGNATURE_H

#include "plan.h"

/* bind_put_names appends the table |names| of the names of all fields; false if there are none. */
bool bind_put_names(struct bind_plan *plan, struct icws_buf *out);

/* bind_put_signature appends the header of |message| as bytes, and its signature, with |names| in it.  Returns ICWS_OK;
 * ICWS_ERR_LIMIT if no reader would take it, or another error of icws_candid_encode_types. */
ICWS_NODISCARD enum icws_error bind_put_signature(const struct bind_plan *plan,
                                                  const struct bind_message *message,
                                                  bool with_names, struct icws_buf *out);

#endif
