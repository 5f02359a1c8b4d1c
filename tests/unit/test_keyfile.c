/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/keys.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vectors.h"

/* A folder of its own for each test. */
struct folder {
  char path[64];
  char file[96];
  struct icws_identity *identity;
};

static int set_up(void **state)
{
  static const uint8_t seed[ICWS_ED25519_SEED_BYTES] = {7};
  struct folder *folder = calloc(1, sizeof *folder);
  assert_non_null(folder);
  snprintf(folder->path, sizeof folder->path, "/tmp/icws-keyfile-XXXXXX");
  assert_non_null(mkdtemp(folder->path));
  snprintf(folder->file, sizeof folder->file, "%s/my key.pem", folder->path);
  assert_int_equal(icws_identity_from_seed(seed, &folder->identity), ICWS_OK);
  *state = folder;
  return 0;
}

static int tear_down(void **state)
{
  struct folder *folder = *state;
  char lock[128];
  snprintf(lock, sizeof lock, "%s.lock", folder->file);
  unlink(lock);
  unlink(folder->file);
  assert_int_equal(rmdir(folder->path), 0); /* nothing else was left there */
  icws_identity_del(folder->identity);
  free(folder);
  return 0;
}

static void write_file(const char *path, const char *text, size_t len, mode_t mode)
{
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, len, file), len);
  assert_int_equal(fclose(file), 0);
  assert_int_equal(chmod(path, mode), 0);
}

static enum icws_error load(const char *path, struct icws_failure *failure)
{
  struct icws_identity *identity = NULL;
  *failure = (struct icws_failure){.code = ICWS_OK};
  enum icws_error error = icws_keys_load(path, NULL, NULL, &identity, failure);
  assert_int_equal(failure->code, error);
  assert_int_equal(identity != NULL, error == ICWS_OK);
  icws_identity_del(identity);
  return error;
}

static void test_what_is_created_is_loaded(void **state)
{
  struct folder *folder = *state;
  struct icws_identity *loaded;
  struct stat status;
  mode_t before = umask(0277); /* even if the umask takes rights from the owner */
  assert_int_equal(icws_keys_create(folder->file, folder->identity, NULL), ICWS_OK);
  umask(before);
  assert_int_equal(stat(folder->file, &status), 0);
  assert_int_equal(status.st_mode & 07777, 0600);
  assert_int_equal(icws_keys_load(folder->file, NULL, NULL, &loaded, NULL), ICWS_OK);
  struct icws_signer a = icws_identity_signer(folder->identity);
  struct icws_signer b = icws_identity_signer(loaded);
  assert_true(icws_principal_equal(&a.sender, &b.sender));
  icws_identity_del(loaded);
}

static void test_the_file_is_the_pem_of_version_2(void **state)
{
  struct folder *folder = *state;
  char expected[ICWS_IDENTITY_PEM_BYTES];
  char read[ICWS_IDENTITY_PEM_BYTES + 1] = {0};
  icws_identity_to_pem(folder->identity, ICWS_PKCS8_V2, expected);
  assert_int_equal(icws_keys_create(folder->file, folder->identity, NULL), ICWS_OK);
  FILE *file = fopen(folder->file, "rb");
  assert_non_null(file);
  assert_int_equal(fread(read, 1, sizeof read, file), strlen(expected));
  fclose(file);
  assert_string_equal(read, expected);
}

static void test_nothing_is_overwritten(void **state)
{
  struct folder *folder = *state;
  struct icws_failure failure;
  struct stat status;
  write_file(folder->file, "precious", 8, 0600);
  assert_int_equal(icws_keys_create(folder->file, folder->identity, &failure), ICWS_ERR_SYSTEM);
  assert_non_null(strstr(failure.text, folder->file));
  assert_int_equal(stat(folder->file, &status), 0);
  assert_int_equal(status.st_size, 8);
}

static void test_a_link_is_not_followed(void **state)
{
  struct folder *folder = *state;
  struct stat status;
  assert_int_equal(symlink("nowhere", folder->file), 0);
  assert_int_equal(icws_keys_create(folder->file, folder->identity, NULL), ICWS_ERR_SYSTEM);
  assert_int_equal(lstat(folder->file, &status), 0);
  assert_true(S_ISLNK(status.st_mode));
}

/* A disk that is full after 10 bytes, so to say. */
static void test_nothing_is_left_behind(void **state)
{
  struct folder *folder = *state;
  struct icws_failure failure;
  struct rlimit before;
  struct stat status;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit small = {.rlim_cur = 10, .rlim_max = before.rlim_max};
  void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  enum icws_error error = icws_keys_create(folder->file, folder->identity, &failure);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, handler);
  assert_int_equal(error, ICWS_ERR_SYSTEM);
  assert_int_not_equal(stat(folder->file, &status), 0);
}

static void test_no_folder(void **state)
{
  struct folder *folder = *state;
  struct icws_failure failure;
  char path[128];
  snprintf(path, sizeof path, "%s/missing/key.pem", folder->path);
  assert_int_equal(icws_keys_create(path, folder->identity, &failure), ICWS_ERR_SYSTEM);
  assert_non_null(strstr(failure.text, "No such file"));
  assert_int_equal(load(path, &failure), ICWS_ERR_SYSTEM);
  assert_non_null(strstr(failure.text, "No such file"));
}

static void test_files_of_others_are_refused(void **state)
{
  static const mode_t modes[] = {0644, 0640, 0620, 0610, 0604, 0602, 0601, 0660, 0666, 0777};
  struct folder *folder = *state;
  struct icws_failure failure;
  char command[128];
  snprintf(command, sizeof command, "chmod 600 '%s'", folder->file);
  assert_int_equal(icws_keys_create(folder->file, folder->identity, NULL), ICWS_OK);
  for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
    assert_int_equal(chmod(folder->file, modes[i]), 0);
    assert_int_equal(load(folder->file, &failure), ICWS_ERR_KEY_PERMISSIONS);
    assert_non_null(strstr(failure.text, command));
  }
  assert_int_equal(chmod(folder->file, 0600), 0);
  assert_int_equal(load(folder->file, &failure), ICWS_OK);
  assert_int_equal(chmod(folder->file, 0400), 0);
  assert_int_equal(load(folder->file, &failure), ICWS_OK);
}

/* Whoever copies the command must not run another one, nor one that names another file. */
static void test_the_command_is_safe_to_copy(void **state)
{
  static const char *const names[] = {"'; reboot '", "new\nline", "m\xc3\xbcller.pem"};
  struct folder *folder = *state;
  struct icws_failure failure;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder->path, names[i]);
    write_file(path, "", 0, 0644);
    assert_int_equal(load(path, &failure), ICWS_ERR_KEY_PERMISSIONS);
    assert_non_null(strstr(failure.text, "chmod 600 'FILE'"));
    unlink(path);
  }
}

static void test_what_is_no_key_file_is_refused(void **state)
{
  struct folder *folder = *state;
  struct icws_failure failure;
  char *text = calloc(1, ICWS_KEY_FILE_MAX_BYTES + 1);
  assert_non_null(text);
  write_file(folder->file, text, 0, 0600);
  assert_int_equal(load(folder->file, &failure), ICWS_ERR_PEM);
  write_file(folder->file, text, ICWS_KEY_FILE_MAX_BYTES, 0600);
  assert_int_equal(load(folder->file, &failure), ICWS_ERR_PEM);
  write_file(folder->file, text, ICWS_KEY_FILE_MAX_BYTES + 1, 0600);
  assert_int_equal(load(folder->file, &failure), ICWS_ERR_LIMIT);
  assert_int_equal(unlink(folder->file), 0);
  assert_int_equal(mkfifo(folder->file, 0600), 0);
  assert_int_equal(load(folder->file, &failure), ICWS_ERR_SYSTEM); /* and does not wait */
  assert_int_equal(load(folder->path, &failure), ICWS_ERR_SYSTEM);
  free(text);
}

static void test_one_holds_the_lock(void **state)
{
  struct folder *folder = *state;
  bool locked = false;
  int first = -1;
  int second = 0;
  assert_int_equal(icws_keys_lock(folder->file, &first, &locked, NULL), ICWS_OK);
  assert_true(locked);
  assert_true(first >= 0);
  assert_int_equal(icws_keys_lock(folder->file, &second, &locked, NULL), ICWS_OK);
  assert_false(locked);
  assert_int_equal(second, -1);
  close(first);
  assert_int_equal(icws_keys_lock(folder->file, &second, &locked, NULL), ICWS_OK);
  assert_true(locked);
  assert_true((fcntl(second, F_GETFD) & FD_CLOEXEC) != 0);
  close(second);
}

static void test_a_lock_that_cannot_be_made(void **state)
{
  struct folder *folder = *state;
  struct icws_failure failure;
  char path[128];
  char long_path[5000];
  bool locked;
  int fd;
  snprintf(path, sizeof path, "%s/missing/key.pem", folder->path);
  assert_int_equal(icws_keys_lock(path, &fd, &locked, &failure), ICWS_ERR_SYSTEM);
  memset(long_path, 'a', sizeof long_path);
  long_path[sizeof long_path - 1] = '\0';
  assert_int_equal(icws_keys_lock(long_path, &fd, &locked, &failure), ICWS_ERR_SYSTEM);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_what_is_created_is_loaded),      TEST(test_the_file_is_the_pem_of_version_2),
      TEST(test_nothing_is_overwritten),         TEST(test_a_link_is_not_followed),
      TEST(test_nothing_is_left_behind),         TEST(test_no_folder),
      TEST(test_files_of_others_are_refused),    TEST(test_the_command_is_safe_to_copy),
      TEST(test_what_is_no_key_file_is_refused), TEST(test_one_holds_the_lock),
      TEST(test_a_lock_that_cannot_be_made),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
