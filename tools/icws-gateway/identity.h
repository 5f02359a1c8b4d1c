/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_GATEWAY_IDENTITY_H
#define ICWS_TOOLS_GATEWAY_IDENTITY_H

#include "common/key_file.h"
#include "log.h"

/*
 * icws_gateway_identity_open opens the key file of a gateway, making it if it is not there, and
 * takes its lock.  Returns false after a complaint: the file cannot be used, or another gateway
 * uses it; two with one principal would take each other's messages.
 */
bool icws_gateway_identity_open(const char *path, struct icws_log *log, struct icws_key_file *file);

#endif
