/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TAIL_H
#define ICWS_TAIL_H

#define ICWS_TAIL_NAME "icws-tail"

/* icws_tail_main is the program icws-tail: it returns its exit status. */
int icws_tail_main(int argc, char **argv);

#endif
