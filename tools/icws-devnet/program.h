/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_DEVNET_PROGRAM_H
#define ICWS_TOOLS_DEVNET_PROGRAM_H

/* icws_devnet_main is the program, as main takes it and returns. */
int icws_devnet_main(int argc, char **argv);

#endif
