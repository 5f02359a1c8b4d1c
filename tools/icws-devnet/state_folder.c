/* SPDX-License-Identifier: Apache-2.0 */
#include "state_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include <icws/keys.h>
#include <icws/random.h>

#define PATH_BYTES 4096
#define SEED_TEXT_BYTES ((size_t)2 * ICWS_DEVNET_SEED_BYTES + 1) /* with the newline */
#define CANISTERS_MAX_BYTES 4096

static enum icws_error system_error(struct icws_failure *failure, const char *path)
{
  return icws_fail(failure, ICWS_ERR_SYSTEM, "%s: %s", path, strerror(errno));
}

void icws_state_folder_init(struct icws_state_folder *folder)
{
  *folder = (struct icws_state_folder){.lock = -1};
}

void icws_state_folder_wipe(struct icws_state_folder *folder)
{
  sodium_free(folder->seed);
  if (folder->lock >= 0) {
    close(folder->lock);
  }
  icws_state_folder_init(folder);
}

static enum icws_error join(const char *path, const char *name, char out[PATH_BYTES],
                            struct icws_failure *failure)
{
  int len = snprintf(out, PATH_BYTES, "%s/%s", path, name);
  if (len < 0 || len >= PATH_BYTES) {
    return icws_fail(failure, ICWS_ERR_SYSTEM, "%s", strerror(ENAMETOOLONG));
  }
  return ICWS_OK;
}

/* What others may do to it would let them forge everything the network certifies. */
static enum icws_error check_mode(int fd, const char *path, bool folder,
                                  struct icws_failure *failure)
{
  struct stat status;
  if (fstat(fd, &status) != 0) {
    return system_error(failure, path);
  }
  if (folder ? !S_ISDIR(status.st_mode) : !S_ISREG(status.st_mode)) {
    return icws_fail(failure, ICWS_ERR_SYSTEM, "%s: not a %s", path,
                     folder ? "folder" : "regular file");
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return icws_fail(failure, ICWS_ERR_KEY_PERMISSIONS,
                     "others can get at the network's keys; mend it with: chmod %s '%s'",
                     folder ? "700" : "600", path);
  }
  return ICWS_OK;
}

static enum icws_error open_folder(const char *path, struct icws_failure *failure)
{
  if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST) {
    return system_error(failure, path);
  }
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return system_error(failure, path);
  }
  enum icws_error error = check_mode(fd, path, true, failure);
  close(fd);
  return error;
}

/* Two networks with the same keys would contradict each other. */
static enum icws_error lock(struct icws_state_folder *folder, const char *path,
                            struct icws_failure *failure)
{
  bool locked = false;
  enum icws_error error = icws_keys_lock(path, &folder->lock, &locked, failure);
  if (error == ICWS_OK && !locked) {
    return icws_fail(failure, ICWS_ERR_SYSTEM, "another program uses the folder of %s", path);
  }
  return error;
}

/* --- Files ------------------------------------------------------------------------------------- */

/* Makes the file |path|, which must not be there, with mode 0600. */
static enum icws_error create(const char *path, const char *text, size_t len,
                              struct icws_failure *failure)
{
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) {
    return system_error(failure, path);
  }
  bool written =
      fchmod(fd, S_IRUSR | S_IWUSR) == 0 && write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;
  enum icws_error error = written ? ICWS_OK : system_error(failure, path);
  if (close(fd) != 0 && written) {
    error = system_error(failure, path);
  }
  if (error != ICWS_OK) {
    (void)unlink(path);
  }
  return error;
}

/* Reads at most |size| bytes of |fd|, which is a small regular file, and closes it. */
static enum icws_error take(int fd, const char *path, char *out, size_t size, size_t *len,
                            struct icws_failure *failure)
{
  enum icws_error error = check_mode(fd, path, false, failure);
  ssize_t count = error == ICWS_OK ? read(fd, out, size) : 0;
  if (count < 0) {
    error = system_error(failure, path);
  }
  *len = count < 0 ? 0 : (size_t)count;
  close(fd);
  return error;
}

/* --- The seed ---------------------------------------------------------------------------------- */

static enum icws_error make_seed(struct icws_state_folder *folder, const char *path, char *text,
                                 struct icws_failure *failure)
{
  const struct icws_random *random = icws_random_default();
  enum icws_error error = random->fill(folder->seed, ICWS_DEVNET_SEED_BYTES, random->user_data);
  if (error != ICWS_OK) {
    return icws_fail(failure, error, "%s", icws_strerror(error));
  }
  (void)sodium_bin2hex(text, SEED_TEXT_BYTES, folder->seed, ICWS_DEVNET_SEED_BYTES);
  text[SEED_TEXT_BYTES - 1] = '\n'; /* in place of the NUL */
  return create(path, text, SEED_TEXT_BYTES, failure);
}

static enum icws_error read_seed(struct icws_state_folder *folder, int fd, const char *path,
                                 char *text, struct icws_failure *failure)
{
  size_t len = 0;
  size_t made = 0;
  enum icws_error error = take(fd, path, text, SEED_TEXT_BYTES + 1, &len, failure);
  if (error != ICWS_OK) {
    return error;
  }
  if (len != SEED_TEXT_BYTES || text[len - 1] != '\n' ||
      sodium_hex2bin(folder->seed, ICWS_DEVNET_SEED_BYTES, text, len - 1, NULL, &made, NULL) != 0 ||
      made != ICWS_DEVNET_SEED_BYTES) {
    return icws_fail(failure, ICWS_ERR_HEX,
                     "%s holds no seed of %d hexadecimal digits; remove it for a new network", path,
                     2 * ICWS_DEVNET_SEED_BYTES);
  }
  return ICWS_OK;
}

static enum icws_error open_seed(struct icws_state_folder *folder, const char *path,
                                 struct icws_failure *failure)
{
  char *text = sodium_malloc(SEED_TEXT_BYTES + 1);
  folder->seed = sodium_malloc(ICWS_DEVNET_SEED_BYTES);
  if (text == NULL || folder->seed == NULL) {
    sodium_free(text);
    return icws_fail(failure, ICWS_ERR_NOMEM, "no locked memory for a seed");
  }
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  enum icws_error error;
  if (fd >= 0) {
    error = read_seed(folder, fd, path, text, failure);
  } else if (errno == ENOENT) {
    error = make_seed(folder, path, text, failure);
  } else {
    error = system_error(failure, path);
  }
  sodium_free(text);
  return error;
}

/* --- The canisters ----------------------------------------------------------------------------- */

/* The canister of that name; ICWS_DEVNET_CANISTERS if there is none. */
static int find(const char *name, size_t len)
{
  int i = 0;
  while (i < ICWS_DEVNET_CANISTERS) {
    const char *known = icws_devnet_canister_name((enum icws_devnet_canister)i);
    if (strlen(known) == len && memcmp(known, name, len) == 0) {
      break;
    }
    i++;
  }
  return i;
}

/* Names that this version does not know are passed over: another version may. */
static enum icws_error read_line(struct icws_state_folder *folder, const char *line, size_t len)
{
  const char *space = memchr(line, ' ', len);
  if (space == NULL) {
    return ICWS_ERR_PRINCIPAL;
  }
  size_t name_len = (size_t)(space - line);
  int canister = find(line, name_len);
  struct icws_principal id;
  enum icws_error error =
      icws_principal_from_text(&id, icws_bytes_of(space + 1, len - name_len - 1));
  if (error == ICWS_OK && canister < ICWS_DEVNET_CANISTERS) {
    folder->canisters[canister] = id;
  }
  return error;
}

/* One is missing if the program was killed while it wrote them. */
static enum icws_error check_canisters(const struct icws_state_folder *folder, const char *path,
                                       struct icws_failure *failure)
{
  for (int i = 0; i < ICWS_DEVNET_CANISTERS; i++) {
    if (folder->canisters[i].len == 0) {
      return icws_fail(failure, ICWS_ERR_PRINCIPAL, "%s has no id for %s; remove it for new ids",
                       path, icws_devnet_canister_name((enum icws_devnet_canister)i));
    }
  }
  return ICWS_OK;
}

static enum icws_error open_canisters(struct icws_state_folder *folder, const char *path,
                                      struct icws_failure *failure)
{
  char text[CANISTERS_MAX_BYTES];
  size_t len = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return errno == ENOENT ? ICWS_OK : system_error(failure, path);
  }
  enum icws_error error = take(fd, path, text, sizeof text, &len, failure);
  for (size_t at = 0; at < len && error == ICWS_OK;) {
    const char *end = memchr(text + at, '\n', len - at);
    size_t line = end == NULL ? len - at : (size_t)(end - text) - at;
    if (read_line(folder, text + at, line) != ICWS_OK) {
      error = icws_fail(failure, ICWS_ERR_PRINCIPAL,
                        "%s: a line is no canister's name and id; remove it for new ids", path);
    }
    at += line + 1;
  }
  return error == ICWS_OK ? check_canisters(folder, path, failure) : error;
}

enum icws_error icws_state_folder_keep(const struct icws_state_folder *folder, const char *path,
                                       const struct icws_devnet *devnet,
                                       struct icws_failure *failure)
{
  char file[PATH_BYTES];
  char text[CANISTERS_MAX_BYTES];
  size_t len = 0;
  enum icws_error error = join(path, "canisters", file, failure);
  if (error != ICWS_OK || folder->canisters[0].len > 0) {
    return error;
  }
  for (int i = 0; i < ICWS_DEVNET_CANISTERS; i++) {
    enum icws_devnet_canister canister = (enum icws_devnet_canister)i;
    struct icws_principal id = icws_devnet_canister_id(devnet, canister);
    char id_text[ICWS_PRINCIPAL_TEXT_BYTES];
    (void)icws_principal_to_text(&id, id_text);
    int count = snprintf(text + len, sizeof text - len, "%s %s\n",
                         icws_devnet_canister_name(canister), id_text);
    len += count < 0 ? 0 : (size_t)count; /* they are few, and their names short */
  }
  return create(file, text, len, failure);
}

enum icws_error icws_state_folder_open(struct icws_state_folder *folder, const char *path,
                                       struct icws_failure *failure)
{
  char seed[PATH_BYTES];
  char canisters[PATH_BYTES];
  if (sodium_init() < 0) {
    return icws_fail(failure, ICWS_ERR_RANDOM, "%s", icws_strerror(ICWS_ERR_RANDOM));
  }
  enum icws_error error = join(path, "seed", seed, failure);
  if (error == ICWS_OK) {
    error = join(path, "canisters", canisters, failure);
  }
  if (error == ICWS_OK) {
    error = open_folder(path, failure);
  }
  if (error == ICWS_OK) {
    error = lock(folder, seed, failure);
  }
  if (error == ICWS_OK) {
    error = open_seed(folder, seed, failure);
  }
  return error == ICWS_OK ? open_canisters(folder, canisters, failure) : error;
}
