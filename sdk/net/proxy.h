/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_PROXY_H
#define ICWS_NET_PROXY_H

#include <icws/bytes.h>
#include <icws/error.h>

#include "url.h"

/* A proxy for HTTP requests: "http://" or "socks5h://", then perhaps a user and a password and "@",
 * then host and port, which must be there. */
struct icws_proxy {
  struct icws_url url;   /* host and port; the rest has no meaning */
  struct icws_buf whole; /* what libcurl is told, with a NUL; may hold a password */
};

/* icws_proxy_init takes |text| apart.  Returns ICWS_OK, ICWS_ERR_URL (the text shows no password)
 * or ICWS_ERR_NOMEM.  icws_proxy_wipe overwrites and frees; it may follow in any case. */
ICWS_NODISCARD enum icws_error icws_proxy_init(struct icws_proxy *proxy, const char *text,
                                               struct icws_failure *failure);
void icws_proxy_wipe(struct icws_proxy *proxy);

#endif
