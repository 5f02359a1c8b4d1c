/* SPDX-License-Identifier: Apache-2.0 */
#include "common/key_file.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include <icws/keys.h>

#include "common/passphrase.h"

void icws_key_file_init(struct icws_key_file *file)
{
  *file = (struct icws_key_file){.lock = -1};
}

static bool is_missing(const char *path)
{
  struct stat status;
  return lstat(path, &status) != 0 && errno == ENOENT;
}

static enum icws_error create(struct icws_key_file *file, const char *path,
                              struct icws_failure *failure)
{
  enum icws_error error = icws_identity_new(NULL, &file->identity);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "cannot make a key: %s", icws_strerror(error));
  error = icws_keys_create(path, file->identity, failure);
  file->created = error == ICWS_OK;
  return error;
}

enum icws_error icws_key_file_open(struct icws_key_file *file, const char *path, bool may_create,
                                   struct icws_failure *failure)
{
  bool locked = false;
  enum icws_error error =
      may_create && is_missing(path)
          ? create(file, path, failure)
          : icws_keys_load(path, icws_passphrase_ask, &path, &file->identity, failure);
  if (error != ICWS_OK)
    return error;
  if (icws_keys_lock(path, &file->lock, &locked, NULL) == ICWS_OK)
    file->in_use = !locked;
  return ICWS_OK;
}

void icws_key_file_wipe(struct icws_key_file *file)
{
  icws_identity_del(file->identity);
  if (file->lock >= 0)
    close(file->lock);
  icws_key_file_init(file);
}
