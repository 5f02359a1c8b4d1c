/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_STATE_PATH_H
#define ICWS_CLI_STATE_PATH_H

#include <stdbool.h>

#include <icws/bytes.h>
#include <icws/envelope.h>
#include <icws/principal.h>

/* A path into the state tree, as somebody wrote it and as labels. */
struct icws_state_path {
  const char *text; /* borrowed */
  struct icws_bytes labels[ICWS_PATH_MAX_LABELS];
  size_t count;
  struct icws_buf bytes; /* the labels lie in it */
};

/*
 * icws_state_path_parse reads |text|: labels, each in words (state_label.h) with a slash before it,
 * as in /canister/ryjl3-tyaaa-aaaaa-aaaba-cai/module_hash.  Returns ICWS_OK; or, with |failure|
 * filled, ICWS_ERR_INVALID_ARGUMENT, ICWS_ERR_PRINCIPAL, ICWS_ERR_HEX, ICWS_ERR_LIMIT
 * (ICWS_PATH_MAX_LABELS) or ICWS_ERR_NOMEM.  icws_state_path_wipe is due in either case.
 */
ICWS_NODISCARD enum icws_error icws_state_path_parse(struct icws_state_path *path, const char *text,
                                                     struct icws_failure *failure);
void icws_state_path_wipe(struct icws_state_path *path);

/* icws_state_path_owner stores whose state |path| is of if it is below |root|, "canister" or
 * "subnet"; false if it is not. */
bool icws_state_path_owner(const struct icws_state_path *path, const char *root,
                           struct icws_principal *owner);

#endif
