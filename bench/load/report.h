/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BENCH_LOAD_REPORT_H
#define ICWS_BENCH_LOAD_REPORT_H

#include <stdbool.h>

#include "crowd.h"

/* load_report_words prints for people, load_report_json one line for programs, to standard output;
 * false if that, or memory for it, fails. */
bool load_report_words(struct load_crowd *crowd);
bool load_report_json(struct load_crowd *crowd);

#endif
