/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CHAT_H
#define ICWS_CHAT_H

#define ICWS_CHAT_NAME "icws-chat"

/* icws_chat_main is the program icws-chat: it returns its exit status. */
int icws_chat_main(int argc, char **argv);

#endif
