/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_VERIFY_REPORT_H
#define ICWS_CLI_VERIFY_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include <icws/verifier.h>

/* What `icws verify` found out. */
struct icws_verify_report {
  bool valid;
  const char *check;           /* the check that failed, where not valid */
  struct icws_failure failure; /* why */
  const struct icws_principal *canister;
  const struct icws_certificate *certificate; /* all below: where valid */
  uint64_t now_ns;                            /* what the age is counted from */
  const char *path;                           /* of the certified message; NULL: none */
  struct icws_bytes content;                  /* of the certified message */
};

/* icws_verify_report_print writes it to standard output, for people or as one line of JSON
 * (icws(1) has its members).  False if that cannot be written, or memory lacks. */
bool icws_verify_report_print(const struct icws_verify_report *report, bool json);

#endif
