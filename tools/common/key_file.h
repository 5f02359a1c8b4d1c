/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_KEY_FILE_H
#define ICWS_TOOLS_KEY_FILE_H

#include <stdbool.h>

#include <icws/error.h>
#include <icws/identity.h>

/* Who the user is to the canister, from a key file. */
struct icws_key_file {
  struct icws_identity *identity;
  int lock;     /* descriptor; -1: none */
  bool created; /* the file was made just now */
  bool in_use;  /* another program on this machine uses the same file */
};

/*
 * icws_key_file_open loads |path|, asking for a passphrase on the terminal if the key is encrypted,
 * and takes its lock.  If |may_create|, a file that is not there is made with a fresh key.  A lock
 * that cannot be made is no error: |in_use| is false then.
 *
 * icws_key_file_wipe deletes the identity and gives the lock back; a zeroed struct is ignored but
 * for its lock, so icws_key_file_init comes first.
 */
void icws_key_file_init(struct icws_key_file *file);
ICWS_NODISCARD enum icws_error icws_key_file_open(struct icws_key_file *file, const char *path,
                                                  bool may_create, struct icws_failure *failure);
void icws_key_file_wipe(struct icws_key_file *file);

#endif
