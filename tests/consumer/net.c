/* SPDX-License-Identifier: Apache-2.0 */

/* Uses libicws-net, and through it libicws: text that is no PEM is refused. */
#include <stdio.h>

#include <icws/keys.h>
#include <icws/version.h>

int main(void)
{
  struct icws_identity *identity = NULL;
  struct icws_failure failure;
  enum icws_error error =
      icws_keys_from_pem(icws_bytes_text("no PEM"), NULL, NULL, &identity, &failure);

  printf("icws %s: error %d\n", ICWS_VERSION, (int)error);
  return error != ICWS_OK && !identity ? 0 : 1;
}
