/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/digest.h>
#include <icws/principal.h>

#define SELF_AUTHENTICATING                                                                        \
  2 /* the last byte of the form (IC interface specification, Principals) */

void icws_principal_self_authenticating(struct icws_principal *principal, struct icws_bytes der)
{
  *principal = (struct icws_principal){.len = ICWS_SHA224_BYTES + 1};
  icws_sha224(der, principal->bytes);
  principal->bytes[ICWS_SHA224_BYTES] = SELF_AUTHENTICATING;
}
