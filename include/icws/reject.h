/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_REJECT_H
#define ICWS_REJECT_H

#include <stdbool.h>

#include <icws/bytes.h>
#include <icws/export.h>

ICWS_BEGIN_DECLS

/* Why the network or a canister rejected a request (IC interface specification, "Reject codes"). */
enum icws_reject_code {
  ICWS_REJECT_NONE = 0, /* refused before there was a code: a bad signature, an expired envelope */
  ICWS_REJECT_SYS_FATAL = 1,           /* a condition that will not go away; do not try again */
  ICWS_REJECT_SYS_TRANSIENT = 2,       /* a condition that may go away */
  ICWS_REJECT_DESTINATION_INVALID = 3, /* no such canister, or it has no code */
  ICWS_REJECT_CANISTER_REJECT = 4,     /* the canister's code rejected explicitly */
  ICWS_REJECT_CANISTER_ERROR = 5,      /* the canister trapped, is stopped, has no such method */
  ICWS_REJECT_SYS_UNKNOWN = 6,         /* the outcome is not known */
};

/* A rejection, the way the network words it.  The bytes are borrowed. */
struct icws_reject {
  enum icws_reject_code code;
  struct icws_bytes text; /* UTF-8 from whoever said it: escape it before it is shown */
  bool has_error_code;
  struct icws_bytes error_code; /* as in "IC0503"; UTF-8 */
};

ICWS_END_DECLS

#endif
