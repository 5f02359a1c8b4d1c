/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_ROOT_KEY_H
#define ICWS_NET_ROOT_KEY_H

#include <stdint.h>

#include <uv.h>

#include <icws/bytes.h>
#include <icws/error.h>

#include "url.h"

/* Exactly once: |root_key| (DER, borrowed until the return, not examined), or |failure|, which is
 * NULL otherwise: ICWS_ERR_RESOLVE, ICWS_ERR_HTTP or ICWS_ERR_NOMEM. */
typedef void icws_root_key_fn(void *user_data, struct icws_bytes root_key,
                              const struct icws_failure *failure);

/*
 * Fetches the root key from |url|'s /api/v2/status (IC interface specification, "Request:
 * Status"), on |loop|.  |url| and |ca_file| (or NULL) are borrowed for the fetch's life.  |fn| is
 * called later, on the loop, and may delete the fetch, which at any other time cancels it.  How
 * long it may take is the caller's to see to.  Returns ICWS_OK or ICWS_ERR_NOMEM.
 */
struct icws_root_key_fetch;

ICWS_NODISCARD enum icws_error icws_root_key_fetch_new(uv_loop_t *loop, const struct icws_url *url,
                                                       const char *ca_file, icws_root_key_fn *fn,
                                                       void *user_data,
                                                       struct icws_root_key_fetch **fetch,
                                                       struct icws_failure *failure);
void icws_root_key_fetch_del(struct icws_root_key_fetch *fetch);

#endif
