/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_GATEWAY_PROGRAM_H
#define ICWS_TOOLS_GATEWAY_PROGRAM_H

/* icws_gateway_program_main is the program, as main takes it and returns. */
int icws_gateway_program_main(int argc, char **argv);

#endif
