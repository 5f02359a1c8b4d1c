/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_SYNTAX_CHECK_H
#define ICWS_BASE_CANDID_SYNTAX_CHECK_H

#include "candid/syntax.h"

/* icws_candid_check_ids fails at the later of two members whose ids are the same;
 * icws_candid_check_names at the later of two whose names are.  |what| is what they are: "field". */
bool icws_candid_check_ids(struct icws_candid_lexer *lexer,
                           const struct icws_candid_syntax_members *members, const char *what);
bool icws_candid_check_names(struct icws_candid_lexer *lexer,
                             const struct icws_candid_syntax_members *members, const char *what);

#endif
