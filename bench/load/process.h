/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BENCH_LOAD_PROCESS_H
#define ICWS_BENCH_LOAD_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

/* What a process has used, from /proc. */
struct load_process {
  uint64_t resident_kib;
  double cpu_s; /* in user and system mode, of all its threads */
};

/* load_process_read reads it of |pid|; false if there is no such process or no /proc. */
bool load_process_read(uint64_t pid, struct load_process *process);

#endif
