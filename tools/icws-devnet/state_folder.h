/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_DEVNET_STATE_FOLDER_H
#define ICWS_TOOLS_DEVNET_STATE_FOLDER_H

#include <stdbool.h>

#include "devnet/devnet.h"

/*
 * A folder that keeps who a local network is from one run to the next: the file "seed", in hex, that
 * all keys are derived from, and the file "canisters", a line for each with its name and its id.
 * The canisters' state is not kept.  Only one program at a time uses it.
 */
struct icws_state_folder {
  uint8_t *seed; /* ICWS_DEVNET_SEED_BYTES of locked memory */
  struct icws_principal canisters[ICWS_DEVNET_CANISTERS]; /* of length 0: not known */
  int lock;                                               /* descriptor; -1: none */
};

/* icws_state_folder_init comes first; icws_state_folder_wipe may follow it at once. */
void icws_state_folder_init(struct icws_state_folder *folder);
void icws_state_folder_wipe(struct icws_state_folder *folder);

/*
 * icws_state_folder_open reads the folder |path|.  What is not there is made: the folder with mode
 * 0700, the seed, from randomness, with mode 0600.  Returns ICWS_OK, ICWS_ERR_KEY_PERMISSIONS (others
 * can get at it; the text holds the command that mends that), ICWS_ERR_HEX or ICWS_ERR_PRINCIPAL (a
 * file is damaged), ICWS_ERR_SYSTEM (also if another program uses the folder), ICWS_ERR_RANDOM or
 * ICWS_ERR_NOMEM.
 *
 * icws_state_folder_keep writes the ids of the canisters of |devnet|, if they are not there yet.
 */
ICWS_NODISCARD enum icws_error icws_state_folder_open(struct icws_state_folder *folder,
                                                      const char *path,
                                                      struct icws_failure *failure);
ICWS_NODISCARD enum icws_error icws_state_folder_keep(const struct icws_state_folder *folder,
                                                      const char *path,
                                                      const struct icws_devnet *devnet,
                                                      struct icws_failure *failure);

#endif
