/* SPDX-License-Identifier: Apache-2.0 */

/* Uses libicws alone: the anonymous principal has a text that everybody knows, also as a value. */
#include <stdio.h>
#include <string.h>

#include <icws/icws.h>

static bool prints_as_value(struct icws_bytes principal, const char *expected)
{
  struct icws_candid_types *types;
  struct icws_candid_value value = {
      .type = ICWS_CANDID_PRINCIPAL, .count = (uint32_t)principal.len, .as.bytes = principal.data};
  struct icws_buf text;
  if (icws_candid_types_new(NULL, &types) != ICWS_OK)
    return false;
  icws_buf_init(&text, 0, NULL);
  bool ok = icws_candid_print_value(types, &value, ICWS_CANDID_ONE_LINE, &text) == ICWS_OK &&
            icws_bytes_equal(icws_buf_bytes(&text), icws_bytes_text(expected));
  icws_buf_wipe(&text);
  icws_candid_types_del(types);
  return ok;
}

int main(void)
{
  struct icws_principal anonymous = icws_principal_anonymous();
  char text[ICWS_PRINCIPAL_TEXT_BYTES];

  icws_principal_to_text(&anonymous, text);
  printf("icws %s: %s\n", ICWS_VERSION, text);
  if (!prints_as_value(icws_principal_bytes(&anonymous), "principal \"2vxsx-fae\""))
    return 1;
  return strcmp(text, "2vxsx-fae") == 0 ? 0 : 1;
}
