/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_GATEWAY_OPTIONS_CHECK_H
#define ICWS_TOOLS_GATEWAY_OPTIONS_CHECK_H

#include "common/options.h"

/* icws_gateway_options_check is the |check| of the command line: of one argument.  |settings| is
 * the struct icws_gateway_options, which gets what is made of the argument. */
const char *icws_gateway_options_check(const struct icws_option *option, const char *argument,
                                       void *settings);

#endif
