/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_DEVNET_ANNOUNCE_H
#define ICWS_TOOLS_DEVNET_ANNOUNCE_H

#include <stdbool.h>

#include "devnet/devnet.h"

/* What icws-devnet prints when it is ready: icws_announce_json one line for programs,
 * icws_announce_words for people.  They return ICWS_OK, or ICWS_ERR_NOMEM or ICWS_ERR_SYSTEM if it
 * could not be written (errno says why). */
enum icws_error icws_announce_json(const struct icws_devnet *devnet);
enum icws_error icws_announce_words(const struct icws_devnet *devnet);

#endif
