/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/verifier.h>

#include "ranges.h"
#include "verifier_state.h"

/* --- Delegations ------------------------------------------------------------------------------ */

static const struct icws_subnet_delegation *known_delegation(struct icws_verifier *verifier,
                                                             const struct icws_principal *subnet,
                                                             struct icws_bytes encoding)
{
  for (size_t i = 0; i < ICWS_RECENCY_SLOTS; i++) {
    const struct icws_subnet_delegation *delegation = &verifier->delegations[i];
    if (icws_recency_holds(&verifier->delegation_recency, i) &&
        icws_principal_equal(&delegation->subnet, subnet) &&
        icws_bytes_equal(icws_buf_bytes(&delegation->encoding), encoding)) {
      icws_recency_use(&verifier->delegation_recency, i);
      return delegation;
    }
  }
  return NULL;
}

/* Gives the delegation of |parsed|: a known one, and |*is_new| false; or one that was read and not
 * verified yet, which becomes known by icws_recency_use of |*slot|.  NULL, and |*error| says why. */
static const struct icws_subnet_delegation *
find_delegation(struct icws_verifier *verifier, const struct icws_parsed_certificate *parsed,
                bool *is_new, size_t *slot, enum icws_error *error, struct icws_failure *failure)
{
  struct icws_principal subnet;
  *is_new = false;
  if (icws_principal_init(&subnet, parsed->subnet_id) != ICWS_OK) {
    *error = icws_fail(failure, ICWS_ERR_CERTIFICATE_DELEGATION,
                       "delegation: its subnet_id is not a principal");
    return NULL;
  }
  const struct icws_subnet_delegation *known =
      known_delegation(verifier, &subnet, parsed->delegation);
  if (known != NULL)
    return known;

  *is_new = true;
  *slot = icws_recency_evict(&verifier->delegation_recency);
  *error = icws_subnet_delegation_read(&verifier->delegations[*slot], &subnet, parsed->delegation,
                                       verifier->config.max_tree_nodes, failure);
  return *error == ICWS_OK ? &verifier->delegations[*slot] : NULL;
}

/* --- Certificates ----------------------------------------------------------------------------- */

static enum icws_error check_subnet(const struct icws_principal *signer,
                                    const struct icws_principal *wanted,
                                    struct icws_failure *failure)
{
  if (icws_principal_equal(signer, wanted))
    return ICWS_OK;
  return icws_fail(failure, ICWS_ERR_CERTIFICATE_RANGE, "certificate: it is of another subnet");
}

static enum icws_error check_signature(struct icws_verifier *verifier,
                                       const struct icws_parsed_certificate *parsed,
                                       const struct icws_bls_key *key, const char *whose,
                                       struct icws_failure *failure)
{
  if (icws_parsed_certificate_is_signed_by(parsed, &verifier->engine, key))
    return ICWS_OK;
  return icws_fail(failure, ICWS_ERR_CERTIFICATE_SIGNATURE, "certificate: it is not signed by %s",
                   whose);
}

/* Without a delegation the root subnet signed: what it says holds for every canister. */
static enum icws_error verify_of_root(struct icws_verifier *verifier,
                                      struct icws_known_certificate *known,
                                      struct icws_failure *failure)
{
  known->facts.subnet = verifier->root_subnet;
  if (known->scope.type == ICWS_SCOPE_SUBNET) {
    enum icws_error error = check_subnet(&verifier->root_subnet, &known->scope.id, failure);
    if (error != ICWS_OK)
      return error;
  }
  return check_signature(verifier, &known->parsed, &verifier->root_key, "the root key", failure);
}

static enum icws_error check_delegation(const struct icws_subnet_delegation *delegation,
                                        const struct icws_known_certificate *known,
                                        struct icws_failure *failure)
{
  uint64_t since = delegation->certificate.time_ns;
  uint64_t now = known->parsed.time_ns;
  if (now > since && now - since > ICWS_DELEGATION_MAX_AGE_NS)
    return icws_fail(failure, ICWS_ERR_CERTIFICATE_DELEGATION,
                     "delegation: it is more than 30 days older than the certificate");
  if (known->scope.type == ICWS_SCOPE_SUBNET)
    return check_subnet(&delegation->subnet, &known->scope.id, failure);
  return icws_ranges_check(&delegation->certificate.tree, &delegation->subnet, &known->scope.id,
                           failure);
}

/* A new delegation.  As a rule both signatures are right, and verified together for less than one by
 * one; if they are not, it matters which is wrong. */
static enum icws_error verify_new_delegation(struct icws_verifier *verifier, size_t slot,
                                             const struct icws_known_certificate *known,
                                             bool *both_signed, struct icws_failure *failure)
{
  const struct icws_subnet_delegation *delegation = &verifier->delegations[slot];
  *both_signed =
      icws_parsed_certificates_are_signed_by(&delegation->certificate, &verifier->root_key,
                                             &known->parsed, &delegation->key, &verifier->engine);
  if (!*both_signed && !icws_parsed_certificate_is_signed_by(
                           &delegation->certificate, &verifier->engine, &verifier->root_key))
    return icws_fail(failure, ICWS_ERR_CERTIFICATE_DELEGATION,
                     "delegation: it is not signed by the root key; is that of another network?");
  icws_recency_use(&verifier->delegation_recency, slot);
  return ICWS_OK;
}

static enum icws_error verify_of_subnet(struct icws_verifier *verifier,
                                        struct icws_known_certificate *known,
                                        struct icws_failure *failure)
{
  enum icws_error error = ICWS_OK;
  bool is_new;
  bool both_signed = false;
  size_t slot = 0;
  const struct icws_subnet_delegation *delegation =
      find_delegation(verifier, &known->parsed, &is_new, &slot, &error, failure);
  if (delegation == NULL)
    return error;
  if (is_new)
    error = verify_new_delegation(verifier, slot, known, &both_signed, failure);
  if (error == ICWS_OK)
    error = check_delegation(delegation, known, failure);
  if (error == ICWS_OK && !both_signed)
    error = check_signature(verifier, &known->parsed, &delegation->key, "the delegation's subnet",
                            failure);
  if (error != ICWS_OK)
    return error;
  known->facts.subnet = delegation->subnet;
  known->facts.delegated = true;
  known->facts.delegation_time_ns = delegation->certificate.time_ns;
  return ICWS_OK;
}

/* The copy comes first: all that is parsed borrows from it, for as long as it is known. */
static enum icws_error verify(struct icws_verifier *verifier, struct icws_bytes encoding,
                              struct icws_known_certificate *known, struct icws_failure *failure)
{
  if (encoding.len > verifier->config.max_certificate_bytes)
    return icws_fail(failure, ICWS_ERR_LIMIT, "certificate: %zu bytes, and %zu are allowed",
                     encoding.len, verifier->config.max_certificate_bytes);
  icws_buf_clear(&known->encoding);
  icws_buf_put(&known->encoding, encoding.data, encoding.len);
  enum icws_error error = icws_buf_error(&known->encoding);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "certificate: out of memory");
  error = icws_parsed_certificate_decode(&known->parsed, icws_buf_bytes(&known->encoding),
                                         verifier->config.max_tree_nodes, failure);
  if (error != ICWS_OK)
    return error;
  known->facts =
      (struct icws_certificate){.time_ns = known->parsed.time_ns, .tree = &known->parsed.tree};
  return known->parsed.is_delegated ? verify_of_subnet(verifier, known, failure)
                                    : verify_of_root(verifier, known, failure);
}

static bool is_certificate(const struct icws_known_certificate *known,
                           const struct icws_scope *scope, struct icws_bytes encoding)
{
  return known->scope.type == scope->type && icws_principal_equal(&known->scope.id, &scope->id) &&
         icws_bytes_equal(icws_buf_bytes(&known->encoding), encoding);
}

enum icws_error icws_verifier_find_certificate(struct icws_verifier *verifier,
                                               const struct icws_scope *scope,
                                               struct icws_bytes encoding,
                                               const struct icws_certificate **certificate,
                                               bool *was_known, struct icws_failure *failure)
{
  struct icws_recency *recency = &verifier->certificate_recency;
  size_t slot;
  for (slot = 0; slot < ICWS_RECENCY_SLOTS; slot++) {
    if (icws_recency_holds(recency, slot) &&
        is_certificate(&verifier->certificates[slot], scope, encoding))
      break;
  }
  *was_known = slot < ICWS_RECENCY_SLOTS;
  if (!*was_known) {
    slot = icws_recency_evict(recency);
    verifier->certificates[slot].scope = *scope;
    enum icws_error error = verify(verifier, encoding, &verifier->certificates[slot], failure);
    if (error != ICWS_OK)
      return error;
  }
  icws_recency_use(recency, slot);
  *certificate = &verifier->certificates[slot].facts;
  return ICWS_OK;
}

enum icws_error icws_verifier_certificate(struct icws_verifier *verifier,
                                          const struct icws_principal *canister,
                                          struct icws_bytes encoding,
                                          const struct icws_certificate **certificate,
                                          struct icws_failure *failure)
{
  struct icws_scope scope = {.type = ICWS_SCOPE_CANISTER, .id = *canister};
  bool was_known;
  return icws_verifier_find_certificate(verifier, &scope, encoding, certificate, &was_known,
                                        failure);
}

enum icws_error icws_verifier_subnet_certificate(struct icws_verifier *verifier,
                                                 const struct icws_principal *subnet,
                                                 struct icws_bytes encoding,
                                                 const struct icws_certificate **certificate,
                                                 struct icws_failure *failure)
{
  struct icws_scope scope = {.type = ICWS_SCOPE_SUBNET, .id = *subnet};
  bool was_known;
  return icws_verifier_find_certificate(verifier, &scope, encoding, certificate, &was_known,
                                        failure);
}
