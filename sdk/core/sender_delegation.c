/* SPDX-License-Identifier: Apache-2.0 */
#include "sender_delegation.h"

#include <string.h>

#include <icws/cbor.h>

#include "signature.h"

static const char separator[] = "\x1aic-request-auth-delegation";

#define SEPARATOR_BYTES (sizeof separator - 1)

static enum icws_error missing(const char *field, struct icws_failure *failure)
{
  return icws_fail(failure, ICWS_ERR_DELEGATION, "delegation: the field %s is missing", field);
}

/* "all" is the same as nothing; a word that a later specification gives meaning to is refused. */
static enum icws_error read_permissions(struct icws_bytes permissions, bool *queries_only,
                                        struct icws_failure *failure)
{
  *queries_only = icws_bytes_equal(permissions, icws_bytes_text("queries"));
  if (*queries_only || icws_bytes_equal(permissions, icws_bytes_text("all")))
    return ICWS_OK;
  return icws_fail(failure, ICWS_ERR_DELEGATION, "delegation: unknown permissions");
}

/* Reads what is signed. */
static enum icws_error read_statement(struct icws_bytes encoding,
                                      struct icws_sender_delegation *link,
                                      struct icws_failure *failure)
{
  struct icws_cbor_field fields[] = {
      {.name = "pubkey", .type = ICWS_CBOR_BYTES},
      {.name = "expiration", .type = ICWS_CBOR_UINT},
      {.name = "targets", .type = ICWS_CBOR_ARRAY},
      {.name = "permissions", .type = ICWS_CBOR_TEXT},
  };
  enum icws_error error = icws_cbor_decode_fields(encoding, "delegation", fields,
                                                  sizeof fields / sizeof fields[0], failure);
  if (error != ICWS_OK)
    return error;
  for (size_t i = 0; i < 2; i++)
    if (!fields[i].present)
      return missing(fields[i].name, failure);
  link->public_key = fields[0].value.bytes;
  link->expiration = fields[1].value.uint;
  if (fields[2].present)
    link->targets = fields[2].value.bytes;
  if (fields[3].present) {
    error = read_permissions(fields[3].value.bytes, &link->queries_only, failure);
    if (error != ICWS_OK)
      return error;
  }
  return icws_content_request_id(encoding, link->hash, failure);
}

static enum icws_error read_link(struct icws_cbor_reader *reader,
                                 struct icws_sender_delegation *link, struct icws_failure *failure)
{
  struct icws_cbor_field fields[] = {
      {.name = "delegation", .type = ICWS_CBOR_MAP},
      {.name = "signature", .type = ICWS_CBOR_BYTES},
  };
  *link = (struct icws_sender_delegation){0};
  if (icws_cbor_read_fields(reader, fields, 2, NULL) != ICWS_OK)
    return icws_fail(failure, reader->error, "delegation: %s", reader->reason);
  for (size_t i = 0; i < 2; i++)
    if (!fields[i].present)
      return missing(fields[i].name, failure);
  link->signature = fields[1].value.bytes;
  return read_statement(fields[0].value.bytes, link, failure);
}

enum icws_error icws_delegation_chain_decode(struct icws_bytes encoding,
                                             struct icws_delegation_chain *chain,
                                             struct icws_failure *failure)
{
  struct icws_cbor_reader reader;
  uint64_t count;
  chain->count = 0;
  if (encoding.len == 0)
    return ICWS_OK;
  icws_cbor_reader_init(&reader, encoding);
  if (icws_cbor_read_array(&reader, &count) != ICWS_OK)
    return icws_fail(failure, reader.error, "delegations: %s", reader.reason);
  if (count > ICWS_ENVELOPE_MAX_DELEGATIONS)
    return icws_fail(failure, ICWS_ERR_DELEGATION, "delegations: more than %d in one chain",
                     ICWS_ENVELOPE_MAX_DELEGATIONS);
  for (; chain->count < count; chain->count++) {
    enum icws_error error = read_link(&reader, &chain->links[chain->count], failure);
    if (error != ICWS_OK)
      return error;
  }
  if (icws_cbor_finish(&reader) != ICWS_OK)
    return icws_fail(failure, reader.error, "delegations: %s", reader.reason);
  return ICWS_OK;
}

/* Looks for |canister| among |targets|.  All of them are read, so that a malformed one is found. */
static enum icws_error find_target(struct icws_bytes targets, const struct icws_principal *canister,
                                   bool *found, struct icws_failure *failure)
{
  struct icws_cbor_reader reader;
  struct icws_bytes target;
  uint64_t count = 0;
  *found = false;
  icws_cbor_reader_init(&reader, targets);
  if (icws_cbor_read_array(&reader, &count) == ICWS_OK && count > ICWS_DELEGATION_MAX_TARGETS)
    return icws_fail(failure, ICWS_ERR_DELEGATION, "delegation: more than %d targets",
                     ICWS_DELEGATION_MAX_TARGETS);
  for (uint64_t i = 0; i < count; i++) {
    if (icws_cbor_read_bytes(&reader, &target) != ICWS_OK)
      break;
    if (target.len > ICWS_PRINCIPAL_MAX_BYTES)
      return icws_fail(failure, ICWS_ERR_DELEGATION, "delegation: a target is not a principal");
    if (icws_bytes_equal(target, icws_principal_bytes(canister)))
      *found = true;
  }
  if (icws_cbor_finish(&reader) != ICWS_OK)
    return icws_fail(failure, reader.error, "delegation, field targets: %s", reader.reason);
  return ICWS_OK;
}

static enum icws_error link_covers(const struct icws_sender_delegation *link,
                                   const struct icws_envelope *request, uint64_t now_ns,
                                   struct icws_failure *failure)
{
  bool found;
  if (link->expiration < now_ns)
    return icws_fail(failure, ICWS_ERR_DELEGATION, "delegation: expired");
  if (link->queries_only && request->type == ICWS_REQUEST_CALL)
    return icws_fail(failure, ICWS_ERR_DELEGATION, "delegation: for queries only");
  if (link->targets.len == 0)
    return ICWS_OK;
  enum icws_error error = find_target(link->targets, &request->canister, &found, failure);
  if (error != ICWS_OK)
    return error;
  if (!found && request->type != ICWS_REQUEST_READ_STATE)
    return icws_fail(failure, ICWS_ERR_DELEGATION, "delegation: the canister is no target of it");
  return ICWS_OK;
}

/* The key that signs the link |index|. */
static struct icws_bytes key_before(const struct icws_delegation_chain *chain,
                                    struct icws_bytes root, size_t index)
{
  return index == 0 ? root : chain->links[index - 1].public_key;
}

static bool key_occurs_before(const struct icws_delegation_chain *chain, struct icws_bytes root,
                              size_t index)
{
  for (size_t i = 0; i <= index; i++)
    if (icws_bytes_equal(key_before(chain, root, i), chain->links[index].public_key))
      return true;
  return false;
}

enum icws_error icws_delegation_chain_covers(const struct icws_delegation_chain *chain,
                                             struct icws_bytes root,
                                             const struct icws_envelope *request, uint64_t now_ns,
                                             struct icws_failure *failure)
{
  for (size_t i = 0; i < chain->count; i++) {
    if (key_occurs_before(chain, root, i))
      return icws_fail(failure, ICWS_ERR_DELEGATION, "delegations: a key occurs twice");
    enum icws_error error = link_covers(&chain->links[i], request, now_ns, failure);
    if (error != ICWS_OK)
      return error;
  }
  return ICWS_OK;
}

enum icws_error icws_delegation_chain_verify(const struct icws_delegation_chain *chain,
                                             struct icws_bytes root, icws_ecdsa_verify_fn *ecdsa,
                                             struct icws_failure *failure)
{
  uint8_t message[SEPARATOR_BYTES + ICWS_SHA256_BYTES];
  memcpy(message, separator, SEPARATOR_BYTES);
  for (size_t i = 0; i < chain->count; i++) {
    const struct icws_sender_delegation *link = &chain->links[i];
    memcpy(message + SEPARATOR_BYTES, link->hash, sizeof link->hash);
    enum icws_error error =
        icws_signature_verify(key_before(chain, root, i), icws_bytes_of(message, sizeof message),
                              link->signature, ecdsa, "delegation", failure);
    if (error == ICWS_ERR_SIGNATURE)
      return icws_fail(failure, ICWS_ERR_DELEGATION, "delegation: the signature does not verify");
    if (error != ICWS_OK)
      return error;
  }
  return ICWS_OK;
}

struct icws_bytes icws_delegation_chain_last(const struct icws_delegation_chain *chain,
                                             struct icws_bytes root)
{
  return key_before(chain, root, chain->count);
}
