/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The main program of a fuzz target in a build without libFuzzer: it runs every file of the given
 * folders once, so that each seed and each mended crash stays an ordinary test.
 */
#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads exactly into an allocation of the file's size, so that a sanitizer sees any over-read. */
static void run_file(const char *path)
{
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) {
    perror(path);
    exit(1);
  }
  long size = ftell(file);
  rewind(file);
  uint8_t *data = size > 0 ? malloc((size_t)size) : NULL;
  if (size < 0 || (size > 0 && (!data || fread(data, 1, (size_t)size, file) != (size_t)size))) {
    fprintf(stderr, "%s: cannot be read\n", path);
    exit(1);
  }
  fclose(file);
  LLVMFuzzerTestOneInput(data, (size_t)size);
  free(data);
}

static size_t run_folder(const char *folder)
{
  size_t count = 0;
  DIR *entries = opendir(folder);
  if (!entries) {
    fprintf(stderr, "%s: %s\n", folder, strerror(errno));
    exit(1);
  }
  for (struct dirent *entry; (entry = readdir(entries));) {
    char path[4096];
    if (entry->d_name[0] == '.') {
      continue;
    }
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    run_file(path);
    count++;
  }
  closedir(entries);
  return count;
}

int main(int argc, char **argv)
{
  size_t count = 0;
  for (int i = 1; i < argc; i++) {
    count += run_folder(argv[i]);
  }
  if (count == 0) {
    fprintf(stderr, "no seeds: a fuzz target needs a corpus\n");
    return 1;
  }
  printf("%zu inputs\n", count);
  return 0;
}
