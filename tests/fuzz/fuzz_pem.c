/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Keys in PEM and in DER.  An input is read as both.  What must hold: a key that is read is the same
 * after it was written in either version and read again.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <icws/identity.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
  if (!condition)
    abort();
}

static void check_version(const struct icws_identity *identity, enum icws_pkcs8_version version)
{
  char pem[ICWS_IDENTITY_PEM_BYTES];
  struct icws_identity *again;
  icws_identity_to_pem(identity, version, pem);
  must(icws_identity_from_pem(icws_bytes_text(pem), &again, NULL) == ICWS_OK);
  struct icws_signer a = icws_identity_signer(identity);
  struct icws_signer b = icws_identity_signer(again);
  must(icws_bytes_equal(a.public_key, b.public_key));
  must(icws_principal_equal(&a.sender, &b.sender));
  icws_identity_del(again);
}

static void check_identity(enum icws_error error, struct icws_identity *identity,
                           const struct icws_failure *failure)
{
  must(failure->code == error);
  must((error == ICWS_OK) == (identity != NULL));
  if (error != ICWS_OK)
    return;
  check_version(identity, ICWS_PKCS8_V1);
  check_version(identity, ICWS_PKCS8_V2);
  icws_identity_del(identity);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct icws_bytes input = icws_bytes_of(data, size);
  struct icws_identity *identity = NULL;
  struct icws_failure failure = {.code = ICWS_OK};
  enum icws_error error = icws_identity_from_pem(input, &identity, &failure);
  check_identity(error, identity, &failure);

  identity = NULL;
  failure.code = ICWS_OK;
  error = icws_identity_from_pkcs8(input, &identity, &failure);
  check_identity(error, identity, &failure);
  return 0;
}
