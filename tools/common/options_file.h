/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_OPTIONS_FILE_H
#define ICWS_TOOLS_OPTIONS_FILE_H

#include <icws/bytes.h>

#include "common/options.h"

#define ICWS_OPTIONS_FILE_MAX_BYTES 65536

/*
 * icws_options_file_read reads a configuration file into the settings of a command line that was
 * parsed before with a place for what was |given|, which wins:
 *
 *   # A comment, on a line of its own or behind white space.
 *   key = value
 *
 * Keys are the long names of the options that take an argument; |file_option|, which names the file
 * itself, is none.  A key may come twice only if it is that of a list.  Returns ICWS_OPTIONS_GO, or
 * ICWS_EXIT_USAGE or ICWS_EXIT_OTHER (the file cannot be read) after a complaint that names file and
 * line.  |contents|, an empty buffer, is what the settings borrow from: it must live as long.
 */
int icws_options_file_read(const struct icws_command_line *command_line, const char *path,
                           const char *file_option, struct icws_buf *contents);

#endif
