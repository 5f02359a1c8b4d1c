/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Any bytes as a certificate.  Under a root key that did not sign them none is ever valid, not for a
 * canister, not for a subnet, not as what certifies a message; and what can be taken apart without a
 * key is sound.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <icws/verifier.h>

#include "certificate.h"
#include "ranges.h"

#define MAX_NODES 4096

static void require(bool condition)
{
  if (!condition)
    abort();
}

/* Mainnet's key, under which nothing in the corpus is signed. */
static struct icws_verifier *mainnet_verifier(void)
{
  struct icws_verifier *verifier = NULL;
  require(icws_verifier_new(NULL, &verifier, NULL) == ICWS_OK);
  return verifier;
}

static bool is_refusal(enum icws_error error)
{
  return error == ICWS_ERR_LIMIT ||
         (error <= ICWS_ERR_CERTIFICATE && error >= ICWS_ERR_CERTIFICATE_RANGE);
}

static void check_parts(struct icws_bytes input, const struct icws_principal *canister)
{
  struct icws_parsed_certificate parsed;
  struct icws_failure failure = {.code = ICWS_OK};
  icws_parsed_certificate_init(&parsed, NULL);
  enum icws_error error = icws_parsed_certificate_decode(&parsed, input, MAX_NODES, &failure);
  require(failure.code == error);
  if (error == ICWS_OK) {
    struct icws_principal subnet;
    require(icws_hashtree_well_formed(&parsed.tree, NULL) == ICWS_OK);
    if (icws_principal_init(&subnet, parsed.subnet_id) == ICWS_OK) {
      error = icws_ranges_check(&parsed.tree, &subnet, canister, NULL);
      require(error == ICWS_OK || error == ICWS_ERR_CERTIFICATE_RANGE ||
              error == ICWS_ERR_CERTIFICATE_DELEGATION);
    }
    if (parsed.is_delegated)
      check_parts(parsed.delegation, canister);
  } else {
    require(error == ICWS_ERR_CERTIFICATE || error == ICWS_ERR_LIMIT);
  }
  icws_parsed_certificate_wipe(&parsed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static struct icws_verifier *verifier;
  static const uint8_t id[] = {0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x01, 0x01};
  struct icws_bytes input = icws_bytes_of(data, size);
  struct icws_principal principal;
  const struct icws_certificate *certificate = NULL;
  struct icws_failure failure = {.code = ICWS_OK};
  if (verifier == NULL)
    verifier = mainnet_verifier();
  require(icws_principal_init(&principal, icws_bytes_of(id, sizeof id)) == ICWS_OK);

  check_parts(input, &principal);
  enum icws_error error =
      icws_verifier_certificate(verifier, &principal, input, &certificate, &failure);
  require(is_refusal(error) && failure.code == error);
  require(memchr(failure.text, '\0', sizeof failure.text) != NULL);
  error = icws_verifier_subnet_certificate(verifier, &principal, input, &certificate, &failure);
  require(is_refusal(error));
  struct icws_certified certified = {
      .key = icws_bytes_text("key"), .content = input, .cert = input, .tree = input};
  error = icws_verifier_certified(verifier, &principal, &certified, &certificate, &failure);
  require(is_refusal(error));
  require(certificate == NULL && icws_verifier_stats(verifier).pair_hits == 0);
  return 0;
}
