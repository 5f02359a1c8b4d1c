/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_STATE_LABEL_H
#define ICWS_CLI_STATE_LABEL_H

#include <stdbool.h>

#include <icws/bytes.h>
#include <icws/error.h>

/*
 * Labels of the Internet Computer's state tree as words (IC interface specification, "The system
 * state tree"): where the tree has ids of canisters, subnets or nodes, a principal's text; elsewhere
 * the label itself where it is printable ASCII without a slash; 0x and hex digits for all others.
 * |parent| is the path above, with a slash before each of its labels in words.
 */

/* icws_state_label_matches tells whether |path|, in words, is |pattern|, where a star stands for one
 * label. */
bool icws_state_label_matches(const char *pattern, struct icws_bytes path);

/* icws_state_label_put appends the word for |label|. */
void icws_state_label_put(struct icws_bytes parent, struct icws_bytes label, struct icws_buf *out);

/* icws_state_label_parse appends the label that |word| stands for.  Returns ICWS_OK, or with
 * |failure| filled ICWS_ERR_PRINCIPAL, ICWS_ERR_HEX or ICWS_ERR_INVALID_ARGUMENT (an empty word). */
ICWS_NODISCARD enum icws_error icws_state_label_parse(struct icws_bytes parent,
                                                      struct icws_bytes word, struct icws_buf *out,
                                                      struct icws_failure *failure);

#endif
