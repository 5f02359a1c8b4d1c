/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_CARET_H
#define ICWS_TOOLS_CARET_H

#include <icws/candid_text.h>

/*
 * icws_caret_put appends two lines that show where in |text| |spot| is: the line, escaped, and under
 * it a caret.  A long line is shown around the spot.  Nothing is appended for a spot of line 0, which
 * is none.
 */
void icws_caret_put(struct icws_bytes text, const struct icws_candid_spot *spot,
                    struct icws_buf *out);

/* icws_complain_at complains as |program| about |source|, a file's name or another word for |text|:
 * the text of |failure|, and then the two lines. */
void icws_complain_at(const char *program, const char *source, struct icws_bytes text,
                      const struct icws_candid_spot *spot, const struct icws_failure *failure);

#endif
