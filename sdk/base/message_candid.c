/* SPDX-License-Identifier: Apache-2.0 */
#include "message_candid.h"

bool icws_client_key_equal(const struct icws_client_key *a, const struct icws_client_key *b)
{
  return a->nonce == b->nonce && icws_principal_equal(&a->principal, &b->principal);
}

/* --- The client key -------------------------------------------------------------------------- */

int icws_candid_type_client_key(struct icws_candid_writer *writer)
{
  static const struct icws_candid_field fields[] = {
      {"client_principal", ICWS_CANDID_PRINCIPAL},
      {"client_nonce", ICWS_CANDID_NAT64},
  };
  return icws_candid_type_record(writer, fields, ICWS_COUNT_OF(fields));
}

void icws_candid_put_client_key(struct icws_candid_writer *writer,
                                const struct icws_client_key *key)
{
  icws_candid_put_principal(writer, &key->principal);
  icws_candid_put_nat64(writer, key->nonce);
}

enum icws_error icws_candid_member_client_key(struct icws_candid_reader *reader, int type,
                                              void *out)
{
  struct icws_client_key *key = out;
  const struct icws_candid_member members[] = {
      {"client_principal", icws_candid_member_principal, &key->principal, false},
      {"client_nonce", icws_candid_member_nat64, &key->nonce, false},
  };
  return icws_candid_read_members(reader, type, members, ICWS_COUNT_OF(members));
}

/* --- Results --------------------------------------------------------------------------------- */

/* Their order is also that of the field ids. */
static const char *const result_cases[] = {
    [ICWS_RESULT_OK] = "Ok",
    [ICWS_RESULT_ERR] = "Err",
};

int icws_candid_type_result(struct icws_candid_writer *writer, int ok)
{
  const struct icws_candid_field cases[] = {
      {result_cases[ICWS_RESULT_OK], ok},
      {result_cases[ICWS_RESULT_ERR], ICWS_CANDID_TEXT},
  };
  return icws_candid_type_variant(writer, cases, ICWS_COUNT_OF(cases));
}

void icws_candid_put_result_case(struct icws_candid_writer *writer, enum icws_result_case which)
{
  icws_candid_put_index(writer, (uint64_t)which);
}

enum icws_error icws_candid_read_result_case(struct icws_candid_reader *reader, int type, bool *ok,
                                             int *inner)
{
  size_t index;
  if (icws_candid_read_case(reader, type, result_cases, ICWS_COUNT_OF(result_cases), &index,
                            inner) != ICWS_OK)
    return reader->error;
  *ok = index == ICWS_RESULT_OK;
  return ICWS_OK;
}
