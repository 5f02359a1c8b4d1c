/* SPDX-License-Identifier: Apache-2.0 */
#include "tail.h"

int main(int argc, char **argv)
{
  return icws_tail_main(argc, argv);
}
