/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_JSON_PARTS_H
#define ICWS_CLI_JSON_PARTS_H

#include <stdint.h>

#include <jansson.h>

#include <icws/bytes.h>
#include <icws/principal.h>

/* Strings of JSON that the commands have in common: hex digits, a principal's text, a time as RFC
 * 3339.  NULL if memory lacks. */
json_t *icws_json_hex(struct icws_bytes bytes);
json_t *icws_json_principal(const struct icws_principal *principal);
json_t *icws_json_time(uint64_t ns);

/* icws_json_put_line appends |object| on one line, and gives it up.  For NULL, which jansson returns
 * where memory lacks, it is the error of |out|. */
void icws_json_put_line(json_t *object, struct icws_buf *out);

#endif
