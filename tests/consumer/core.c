/* SPDX-License-Identifier: Apache-2.0 */

/* Uses libicws alone: the anonymous principal has a text that everybody knows. */
#include <stdio.h>
#include <string.h>

#include <icws/principal.h>
#include <icws/version.h>

int main(void)
{
  struct icws_principal anonymous = icws_principal_anonymous();
  char text[ICWS_PRINCIPAL_TEXT_BYTES];

  icws_principal_to_text(&anonymous, text);
  printf("icws %s: %s\n", ICWS_VERSION, text);
  return strcmp(text, "2vxsx-fae") == 0 ? 0 : 1;
}
