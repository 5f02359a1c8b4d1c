/* SPDX-License-Identifier: Apache-2.0 */
#include "common/root_key_option.h"

#include <string.h>

#include "common/network_option.h"

/* A verifier knows what a root key is: whether it lies on the curve, and in the right group. */
static enum icws_error check_key(const struct icws_root_key_option *option,
                                 struct icws_failure *failure)
{
  struct icws_verifier_config config = {.root_key = icws_root_key_option_bytes(option)};
  struct icws_verifier *verifier = NULL;
  enum icws_error error = icws_verifier_new(&config, &verifier, failure);
  icws_verifier_del(verifier);
  return error;
}

static enum icws_error parse_hex(const char *text, struct icws_root_key_option *option,
                                 struct icws_failure *failure)
{
  struct icws_buf der;
  icws_buf_init(&der, sizeof(option->der), NULL);
  enum icws_error error = icws_hex_decode(icws_bytes_text(text), &der);
  if (error == ICWS_ERR_HEX)
    error = icws_fail(failure, error, "--root-key takes mainnet, fetch, or the key in hex digits");
  else if (error == ICWS_ERR_NOMEM)
    error = icws_fail(failure, error, "no memory for a root key");
  else if (error != ICWS_OK || der.len != sizeof(option->der))
    error = icws_fail(failure, ICWS_ERR_ROOT_KEY,
                      "a root key is %d bytes of DER, that is %d hex digits",
                      ICWS_ROOT_KEY_DER_BYTES, 2 * ICWS_ROOT_KEY_DER_BYTES);
  if (error == ICWS_OK) {
    memcpy(option->der, der.data, der.len);
    option->len = der.len;
    error = check_key(option, failure);
  }
  icws_buf_wipe(&der);
  return error;
}

static enum icws_error fetch(struct icws_root_key_option *option, struct icws_failure *failure)
{
  if (icws_network_option_is_mainnet(option->network_url))
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT,
                     "--root-key fetch is for test networks: it needs --network URL; the key of "
                     "mainnet is built in and never fetched");
  option->fetch_url = option->network_url;
  return ICWS_OK;
}

/* Without --root-key. */
static enum icws_error choose(const char *network, struct icws_root_key_option *option,
                              struct icws_failure *failure)
{
  if (icws_network_option_is_mainnet(option->network_url))
    return ICWS_OK;
  if (strcmp(network, "local") == 0)
    return fetch(option, failure);
  return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT,
                   "--network URL needs --root-key: the key in hex, or fetch to trust that "
                   "network's own word");
}

enum icws_error icws_root_key_option_parse(const char *root_key, const char *network,
                                           struct icws_root_key_option *option,
                                           struct icws_failure *failure)
{
  memset(option, 0, sizeof(*option));
  enum icws_error error = icws_network_option_parse(network, &option->network_url, failure);
  if (error != ICWS_OK)
    return error;
  if (root_key == NULL)
    return choose(network, option, failure);
  if (strcmp(root_key, "mainnet") == 0)
    return ICWS_OK;
  if (strcmp(root_key, "fetch") == 0)
    return fetch(option, failure);
  return parse_hex(root_key, option, failure);
}

struct icws_bytes icws_root_key_option_bytes(const struct icws_root_key_option *option)
{
  return icws_bytes_of(option->der, option->len);
}
