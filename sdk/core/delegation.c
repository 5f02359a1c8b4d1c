/* SPDX-License-Identifier: Apache-2.0 */
#include "delegation.h"

void icws_subnet_delegation_init(struct icws_subnet_delegation *delegation,
                                 const struct icws_mem *mem)
{
  icws_buf_init(&delegation->encoding, 0, mem);
  icws_parsed_certificate_init(&delegation->certificate, mem);
}

void icws_subnet_delegation_wipe(struct icws_subnet_delegation *delegation)
{
  icws_parsed_certificate_wipe(&delegation->certificate);
  icws_buf_wipe(&delegation->encoding);
}

static enum icws_error fail(struct icws_failure *failure, const char *text)
{
  return icws_fail(failure, ICWS_ERR_CERTIFICATE_DELEGATION, "delegation: %s", text);
}

static enum icws_error decode(struct icws_subnet_delegation *delegation, struct icws_bytes encoding,
                              size_t max_nodes, struct icws_failure *failure)
{
  struct icws_failure cause;
  icws_buf_clear(&delegation->encoding);
  icws_buf_put(&delegation->encoding, encoding.data, encoding.len);
  enum icws_error error = icws_buf_error(&delegation->encoding);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "delegation: out of memory");
  error = icws_parsed_certificate_decode(&delegation->certificate,
                                         icws_buf_bytes(&delegation->encoding), max_nodes, &cause);
  if (error != ICWS_OK)
    return icws_fail_as(failure, ICWS_ERR_CERTIFICATE_DELEGATION, "delegation", &cause);
  return ICWS_OK;
}

static enum icws_error read_key(struct icws_subnet_delegation *delegation,
                                struct icws_failure *failure)
{
  struct icws_bytes path[] = {icws_bytes_text("subnet"), icws_principal_bytes(&delegation->subnet),
                              icws_bytes_text("public_key")};
  struct icws_bytes der;
  if (icws_hashtree_lookup(&delegation->certificate.tree, path, 3, &der) != ICWS_LOOKUP_FOUND)
    return fail(failure, "it shows no public key of the subnet");
  if (!icws_bls_key_init(&delegation->key, der))
    return fail(failure, "the subnet's public key is not a BLS12-381 key");
  return ICWS_OK;
}

enum icws_error icws_subnet_delegation_read(struct icws_subnet_delegation *delegation,
                                            const struct icws_principal *subnet,
                                            struct icws_bytes encoding, size_t max_nodes,
                                            struct icws_failure *failure)
{
  delegation->subnet = *subnet;
  enum icws_error error = decode(delegation, encoding, max_nodes, failure);
  if (error != ICWS_OK)
    return error;
  if (delegation->certificate.is_delegated)
    return fail(failure, "it is delegated itself, but only one level is allowed");
  return read_key(delegation, failure);
}
