/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_MESSAGE_CANDID_H
#define ICWS_BASE_MESSAGE_CANDID_H

#include <icws/message.h>

#include "candid/record.h"

/* What the Candid messages of the protocol have in common. */

#define ICWS_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* The client key, record { client_principal : principal; client_nonce : nat64 }: its type, its
 * value, and reading it into a struct icws_client_key. */
int icws_candid_type_client_key(struct icws_candid_writer *writer);
void icws_candid_put_client_key(struct icws_candid_writer *writer,
                                const struct icws_client_key *key);
icws_candid_read_fn icws_candid_member_client_key;

/* variant { Ok : |ok|; Err : text }: its type, which of the two a value is, and reading that. */
enum icws_result_case {
  ICWS_RESULT_OK,
  ICWS_RESULT_ERR,
};
int icws_candid_type_result(struct icws_candid_writer *writer, int ok);
void icws_candid_put_result_case(struct icws_candid_writer *writer, enum icws_result_case which);
ICWS_NODISCARD enum icws_error icws_candid_read_result_case(struct icws_candid_reader *reader,
                                                            int type, bool *ok, int *inner);

#endif
