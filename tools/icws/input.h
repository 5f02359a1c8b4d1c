/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_INPUT_H
#define ICWS_CLI_INPUT_H

#include <icws/bytes.h>
#include <icws/error.h>

/* icws_input_read appends the contents of the file |path|, or of standard input for "-", to |out|.
 * A file that holds hex digits and white space and nothing else stands for the bytes that they
 * spell; any other stands for itself.  Returns ICWS_OK, ICWS_ERR_SYSTEM, ICWS_ERR_HEX (an odd number
 * of digits), ICWS_ERR_LIMIT or ICWS_ERR_NOMEM. */
ICWS_NODISCARD enum icws_error icws_input_read(const char *path, struct icws_buf *out,
                                               struct icws_failure *failure);

/* icws_input_squeeze takes the white space out of |text|. */
void icws_input_squeeze(struct icws_buf *text);

#endif
