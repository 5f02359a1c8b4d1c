/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/keys.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#define OF_OTHERS (S_IRWXG | S_IRWXO)
#define LOCK_SUFFIX ".lock"
#define PATH_MAX_BYTES 4096

static enum icws_error system_error(struct icws_failure *failure, const char *path)
{
  return icws_fail(failure, ICWS_ERR_SYSTEM, "%s: %s", path, strerror(errno));
}

/* Asks again after a signal. */
static ssize_t read_some(int fd, char *out, size_t size)
{
  ssize_t count;
  do
    count = read(fd, out, size);
  while (count < 0 && errno == EINTR);
  return count;
}

static ssize_t write_some(int fd, const char *data, size_t len)
{
  ssize_t count;
  do
    count = write(fd, data, len);
  while (count < 0 && errno == EINTR);
  return count;
}

/* --- Loading ---------------------------------------------------------------------------------- */

/* Whether |path| reads the same within single quotes in the text of a failure, which is short and
 * has printable ASCII only. */
static bool can_be_shown(const char *path)
{
  size_t len = 0;
  for (; path[len] != '\0'; len++) {
    if (path[len] == '\'' || path[len] < ' ' || path[len] > '~')
      return false;
  }
  return len < 120;
}

/* The command is meant to be copied: a path that would not survive that is left out of it. */
static enum icws_error refuse_permissions(const char *path, mode_t mode,
                                          struct icws_failure *failure)
{
  unsigned bits = (unsigned)(mode & (mode_t)07777);
  const char *shown = can_be_shown(path) ? path : "FILE";
  return icws_fail(
      failure, ICWS_ERR_KEY_PERMISSIONS,
      "others can read or write the key file (mode %04o); mend it with: chmod 600 '%s'", bits,
      shown);
}

static enum icws_error check_file(int fd, const char *path, struct icws_failure *failure)
{
  struct stat status;
  if (fstat(fd, &status) != 0)
    return system_error(failure, path);
  if (!S_ISREG(status.st_mode))
    return icws_fail(failure, ICWS_ERR_SYSTEM, "%s: not a regular file", path);
  if ((status.st_mode & OF_OTHERS) != 0)
    return refuse_permissions(path, status.st_mode, failure);
  return ICWS_OK;
}

/* Reads all of the file, which may be one byte too long to tell. */
static enum icws_error read_file(int fd, const char *path, char *out, size_t *len,
                                 struct icws_failure *failure)
{
  ssize_t count = 1;
  for (*len = 0; count > 0 && *len <= ICWS_KEY_FILE_MAX_BYTES; *len += (size_t)count) {
    count = read_some(fd, out + *len, ICWS_KEY_FILE_MAX_BYTES + 1 - *len);
    if (count < 0)
      return system_error(failure, path);
  }
  if (*len > ICWS_KEY_FILE_MAX_BYTES)
    return icws_fail(failure, ICWS_ERR_LIMIT, "%s: more than %d bytes are no key file", path,
                     ICWS_KEY_FILE_MAX_BYTES);
  return ICWS_OK;
}

enum icws_error icws_keys_load(const char *path, icws_passphrase_fn *passphrase, void *user_data,
                               struct icws_identity **identity, struct icws_failure *failure)
{
  size_t len = 0;
  char *text = sodium_init() < 0 ? NULL : sodium_malloc(ICWS_KEY_FILE_MAX_BYTES + 1);
  if (text == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "no locked memory for a key file");
  /* Not to wait for a writer, should it be a pipe. */
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  enum icws_error error = fd < 0 ? system_error(failure, path) : check_file(fd, path, failure);
  if (error == ICWS_OK)
    error = read_file(fd, path, text, &len, failure);
  if (fd >= 0)
    close(fd);
  if (error == ICWS_OK)
    error = icws_keys_from_pem(icws_bytes_of(text, len), passphrase, user_data, identity, failure);
  sodium_free(text); /* which wipes it */
  return error;
}

/* --- Creating --------------------------------------------------------------------------------- */

static bool write_all(int fd, const char *text, size_t len)
{
  while (len > 0) {
    ssize_t count = write_some(fd, text, len);
    if (count < 0)
      return false;
    text += count;
    len -= (size_t)count;
  }
  return true;
}

/* fchmod, since the umask may have taken from the owner as well; closing tells of late errors. */
static bool fill_file(int fd, const char *text, size_t len)
{
  bool filled = fchmod(fd, S_IRUSR | S_IWUSR) == 0 && write_all(fd, text, len) && fsync(fd) == 0;
  int reason = errno;
  bool closed = close(fd) == 0;
  if (!filled)
    errno = reason;
  return filled && closed;
}

enum icws_error icws_keys_create(const char *path, const struct icws_identity *identity,
                                 struct icws_failure *failure)
{
  enum icws_error error = ICWS_OK;
  char *pem = sodium_init() < 0 ? NULL : sodium_malloc(ICWS_IDENTITY_PEM_BYTES);
  if (pem == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "no locked memory for a key file");
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) {
    error = system_error(failure, path);
  } else {
    icws_identity_to_pem(identity, ICWS_PKCS8_V2, pem);
    if (!fill_file(fd, pem, strlen(pem))) {
      error = system_error(failure, path);
      unlink(path);
    }
  }
  sodium_free(pem); /* which wipes it */
  return error;
}

/* --- Locking ---------------------------------------------------------------------------------- */

enum icws_error icws_keys_lock(const char *path, int *fd, bool *locked,
                               struct icws_failure *failure)
{
  char beside[PATH_MAX_BYTES];
  if (strlen(path) > sizeof beside - sizeof LOCK_SUFFIX)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "%s: %s", path, strerror(ENAMETOOLONG));
  snprintf(beside, sizeof beside, "%s" LOCK_SUFFIX, path);
  int opened = open(beside, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (opened < 0)
    return system_error(failure, beside);
  bool taken = flock(opened, LOCK_EX | LOCK_NB) == 0;
  if (!taken) {
    enum icws_error error = errno == EWOULDBLOCK ? ICWS_OK : system_error(failure, beside);
    close(opened);
    opened = -1;
    if (error != ICWS_OK)
      return error;
  }
  *locked = taken;
  *fd = opened;
  return ICWS_OK;
}
