/* SPDX-License-Identifier: Apache-2.0 */
#include "common/sibling.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PLAIN_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+-"

void icws_sibling_path(const char *program, char path[ICWS_SIBLING_BYTES])
{
  ssize_t length = readlink("/proc/self/exe", path, ICWS_SIBLING_BYTES - 1);
  if (length > 0) {
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    size_t left = slash == NULL ? 0 : ICWS_SIBLING_BYTES - (size_t)(slash + 1 - path);
    if (strlen(program) < left) {
      memcpy(slash + 1, program, strlen(program) + 1);
      if (access(path, X_OK) == 0)
        return;
    }
  }
  snprintf(path, ICWS_SIBLING_BYTES, "%s", program);
}

void icws_sibling_word(const char *program, char word[ICWS_SIBLING_BYTES])
{
  icws_sibling_path(program, word);
  if (word[strspn(word, PLAIN_CHARACTERS)] != '\0')
    snprintf(word, ICWS_SIBLING_BYTES, "%s", program);
}
