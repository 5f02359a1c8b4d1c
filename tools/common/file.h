/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_FILE_H
#define ICWS_TOOLS_FILE_H

#include <icws/bytes.h>
#include <icws/error.h>

#define ICWS_FILE_MAX_BYTES ((size_t)8 * 1024 * 1024)

/* icws_file_name returns what words call the file |path|: "standard input" for "-". */
const char *icws_file_name(const char *path);

/* icws_file_read appends the contents of the file |path|, or of standard input for "-", to |out|,
 * whose limit holds.  Returns ICWS_OK, ICWS_ERR_SYSTEM, ICWS_ERR_LIMIT or ICWS_ERR_NOMEM; the text of
 * |failure| begins with the file's name. */
ICWS_NODISCARD enum icws_error icws_file_read(const char *path, struct icws_buf *out,
                                              struct icws_failure *failure);

/* icws_file_write makes |path| a file that holds |bytes|, in place of what it held.  Returns ICWS_OK
 * or ICWS_ERR_SYSTEM. */
ICWS_NODISCARD enum icws_error icws_file_write(const char *path, struct icws_bytes bytes,
                                               struct icws_failure *failure);

#endif
