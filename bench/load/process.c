/* SPDX-License-Identifier: Apache-2.0 */
#include "process.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES 1024

static bool read_line(uint64_t pid, const char *name, char line[LINE_BYTES])
{
  char path[64];
  (void)snprintf(path, sizeof path, "/proc/%" PRIu64 "/%s", pid, name);
  FILE *file = fopen(path, "re");
  if (file == NULL)
    return false;
  bool read = fgets(line, LINE_BYTES, file) != NULL;
  (void)fclose(file);
  return read;
}

/* The numbers of proc(5); the name before them may hold anything, but is in parentheses. */
static bool read_cpu(const char *line, double *cpu_s)
{
  unsigned long user = 0;
  unsigned long system = 0;
  const char *behind_name = strrchr(line, ')');
  if (behind_name == NULL ||
      sscanf(behind_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
             &system) != 2)
    return false;
  *cpu_s = (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
  return true;
}

bool load_process_read(uint64_t pid, struct load_process *process)
{
  char line[LINE_BYTES];
  unsigned long pages = 0;
  if (!read_line(pid, "statm", line) || sscanf(line, "%*u %lu", &pages) != 1)
    return false;
  process->resident_kib = (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
  return read_line(pid, "stat", line) && read_cpu(line, &process->cpu_s);
}
