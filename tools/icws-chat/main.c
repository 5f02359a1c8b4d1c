/* SPDX-License-Identifier: Apache-2.0 */
#include "chat.h"

int main(int argc, char **argv)
{
  return icws_chat_main(argc, argv);
}
