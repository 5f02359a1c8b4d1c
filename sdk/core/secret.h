/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_SECRET_H
#define ICWS_SECRET_H

#include <stdint.h>

/*
 * Secret keys in locked memory: pages between guard pages that are kept out of core dumps and, as
 * far as the limit on locked memory allows, out of swap (sodium_malloc).  A page is shared by many
 * secrets, since a page of its own for each would run into the limit on memory maps after about
 * 16,000 of them.  Safe in any thread.
 */

#define ICWS_SECRET_BYTES 64

/* icws_secret_new returns ICWS_SECRET_BYTES zero bytes of locked memory, or NULL. */
uint8_t *icws_secret_new(void);

/* icws_secret_del wipes |secret| and gives its place back; NULL is ignored. */
void icws_secret_del(uint8_t *secret);

#endif
