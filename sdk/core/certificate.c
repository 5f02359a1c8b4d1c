/* SPDX-License-Identifier: Apache-2.0 */
#include "certificate.h"

#include <string.h>

#include <icws/cbor.h>

#include "leb128.h"

#define MAX_TIME_BYTES 10 /* of 64 bits, seven in a byte */

static const char domain_separator[] = "\x0dic-state-root";

enum { SEPARATOR_BYTES = sizeof domain_separator - 1 };

enum icws_error icws_fail_as(struct icws_failure *failure, enum icws_error code, const char *what,
                             const struct icws_failure *cause)
{
  if (cause->code == ICWS_ERR_LIMIT || cause->code == ICWS_ERR_NOMEM)
    code = cause->code;
  return icws_fail(failure, code, "%s: %s", what, cause->text);
}

void icws_parsed_certificate_init(struct icws_parsed_certificate *certificate,
                                  const struct icws_mem *mem)
{
  *certificate = (struct icws_parsed_certificate){.time_ns = 0};
  icws_hashtree_init(&certificate->tree, mem);
}

void icws_parsed_certificate_wipe(struct icws_parsed_certificate *certificate)
{
  icws_hashtree_wipe(&certificate->tree);
}

static enum icws_error decode_delegation(struct icws_parsed_certificate *certificate,
                                         struct icws_bytes encoding, struct icws_failure *failure)
{
  struct icws_cbor_field fields[] = {
      {.name = "subnet_id", .type = ICWS_CBOR_BYTES, .required = true},
      {.name = "certificate", .type = ICWS_CBOR_BYTES, .required = true},
  };
  enum icws_error error = icws_cbor_decode_fields(encoding, "delegation", fields, 2, failure);
  if (error != ICWS_OK)
    return error;
  certificate->subnet_id = fields[0].value.bytes;
  certificate->delegation = fields[1].value.bytes;
  return ICWS_OK;
}

static enum icws_error decode_parts(struct icws_parsed_certificate *certificate,
                                    struct icws_bytes encoding, struct icws_bytes *tree,
                                    struct icws_failure *failure)
{
  struct icws_cbor_field fields[] = {
      {.name = "tree", .type = ICWS_CBOR_ARRAY, .required = true},
      {.name = "signature", .type = ICWS_CBOR_BYTES, .required = true},
      {.name = "delegation", .type = ICWS_CBOR_MAP, .required = false},
  };
  enum icws_error error = icws_cbor_decode_fields(encoding, "CBOR", fields, 3, failure);
  if (error != ICWS_OK)
    return error;
  *tree = fields[0].value.bytes;
  certificate->signature = fields[1].value.bytes;
  certificate->is_delegated = fields[2].present;
  if (!certificate->is_delegated)
    return ICWS_OK;
  return decode_delegation(certificate, fields[2].value.bytes, failure);
}

static enum icws_error read_time(struct icws_parsed_certificate *certificate,
                                 struct icws_failure *failure)
{
  struct icws_bytes path[] = {icws_bytes_text("time")};
  struct icws_bytes value;
  size_t offset = 0;
  if (icws_hashtree_lookup(&certificate->tree, path, 1, &value) != ICWS_LOOKUP_FOUND)
    return icws_fail(failure, ICWS_ERR_CERTIFICATE, "its tree does not show /time");
  if (value.len > MAX_TIME_BYTES || !icws_leb128_get(value, &offset, &certificate->time_ns) ||
      offset != value.len)
    return icws_fail(failure, ICWS_ERR_CERTIFICATE, "its /time is not a 64-bit number");
  return ICWS_OK;
}

enum icws_error icws_parsed_certificate_decode(struct icws_parsed_certificate *certificate,
                                               struct icws_bytes encoding, size_t max_nodes,
                                               struct icws_failure *failure)
{
  struct icws_hashtree *tree = &certificate->tree;
  struct icws_bytes tree_encoding;
  struct icws_failure cause;
  if (decode_parts(certificate, encoding, &tree_encoding, &cause) == ICWS_OK &&
      icws_hashtree_decode(tree, tree_encoding, max_nodes, &cause) == ICWS_OK &&
      icws_hashtree_well_formed(tree, &cause) == ICWS_OK &&
      read_time(certificate, &cause) == ICWS_OK)
    return ICWS_OK;
  return icws_fail_as(failure, ICWS_ERR_CERTIFICATE, "certificate", &cause);
}

/* What is signed of a certificate: its tree's root hash. */
struct signed_message {
  uint8_t bytes[SEPARATOR_BYTES + ICWS_SHA256_BYTES];
};

static struct icws_bls_signed what_is_signed(const struct icws_parsed_certificate *certificate,
                                             const struct icws_bls_key *key,
                                             struct signed_message *message)
{
  memcpy(message->bytes, domain_separator, SEPARATOR_BYTES);
  icws_hashtree_digest(&certificate->tree, message->bytes + SEPARATOR_BYTES);
  return (struct icws_bls_signed){
      .key = key,
      .message = icws_bytes_of(message->bytes, sizeof message->bytes),
      .signature = certificate->signature,
  };
}

bool icws_parsed_certificate_is_signed_by(const struct icws_parsed_certificate *certificate,
                                          struct icws_bls_engine *engine,
                                          const struct icws_bls_key *key)
{
  struct signed_message message;
  struct icws_bls_signed it = what_is_signed(certificate, key, &message);
  return icws_bls_verify(engine, it.key, it.message, it.signature);
}

bool icws_parsed_certificates_are_signed_by(const struct icws_parsed_certificate *one,
                                            const struct icws_bls_key *key_of_one,
                                            const struct icws_parsed_certificate *other,
                                            const struct icws_bls_key *key_of_other,
                                            struct icws_bls_engine *engine)
{
  struct signed_message message_of_one;
  struct signed_message message_of_other;
  struct icws_bls_signed first = what_is_signed(one, key_of_one, &message_of_one);
  struct icws_bls_signed second = what_is_signed(other, key_of_other, &message_of_other);
  return icws_bls_verify_both(engine, &first, &second);
}
