/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What anybody can ask of a local network's HTTP API.  An input is requests, each a line with method,
 * path and content type, two bytes with the length of the body, and the body.  A replica that lives
 * as long as the program answers them; calls that wait get their round.  What must hold of any:
 *  - every request is answered, once, with a status that the API knows;
 *  - what is answered as CBOR is one map, and its certificate, if there is one, verifies.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <icws/cbor.h>
#include <icws/verifier.h>

#include "devnet/canisters/canisters.h"
#include "devnet/http_api.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW UINT64_C(1700000000000000000)

static struct {
  struct icws_replica *replica;
  struct icws_verifier *verifier;
  struct icws_principal canister;
} network;

static void must(bool condition)
{
  if (!condition)
    abort();
}

/* Stands still, so that the seeds do not expire. */
static uint64_t wall_ns(void *user_data)
{
  (void)user_data;
  return NOW;
}

static void start(void)
{
  static const uint8_t seed[ICWS_BLS_SEED_BYTES] = {42};
  const struct icws_replica_config config = {.seed = seed, .wall_ns = wall_ns};
  const struct icws_app_config app_config = {0};
  struct icws_canister_system system;
  struct icws_canister canister;
  must(icws_replica_new(&config, &network.replica) == ICWS_OK);
  must(icws_replica_reserve(network.replica, &network.canister, &system) == ICWS_OK);
  must(icws_app_new(&icws_canister_echo, &app_config, &system, &canister) == ICWS_OK);
  icws_replica_install(network.replica, &network.canister, &canister);
  must(icws_replica_round(network.replica) == ICWS_OK);
  const struct icws_verifier_config verifier_config = {.root_key =
                                                           icws_replica_root_key(network.replica)};
  must(icws_verifier_new(&verifier_config, &network.verifier, NULL) == ICWS_OK);
}

static void check_cbor(struct icws_bytes body)
{
  struct icws_cbor_field field = {.name = "certificate", .type = ICWS_CBOR_BYTES};
  const struct icws_certificate *certificate;
  must(icws_cbor_decode_fields(body, "answer", &field, 1, NULL) == ICWS_OK);
  must(!field.present ||
       icws_verifier_certificate(network.verifier, &network.canister, field.value.bytes,
                                 &certificate, NULL) == ICWS_OK);
}

static bool is_known(unsigned status)
{
  static const unsigned known[] = {200, 202, 204, 400, 403, 404, 405, 413};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    if (known[i] == status)
      return true;
  return false;
}

static void answer(const struct icws_http_request *request)
{
  struct icws_http_api_answer answer = {0};
  struct icws_http_api_wait wait;
  icws_buf_init(&answer.body, 0, NULL);
  if (!icws_http_api_handle(network.replica, request, &answer, &wait)) {
    must(answer.status == 0 && answer.body.len == 0);
    must(icws_replica_round(network.replica) == ICWS_OK);
    must(icws_http_api_resume(network.replica, &wait, false, &answer));
    must(answer.status == 200);
  }
  must(is_known(answer.status));
  must(icws_buf_error(&answer.body) == ICWS_OK);
  if (answer.content_type != NULL && strcmp(answer.content_type, "application/cbor") == 0)
    check_cbor(icws_buf_bytes(&answer.body));
  icws_buf_wipe(&answer.body);
}

/* Takes a word up to |end| off |*input|, as a string; false if there is none or it is too long. */
static bool take_word(struct icws_bytes *input, char end, char *out, size_t size)
{
  const uint8_t *at = input->len == 0 ? NULL : memchr(input->data, end, input->len);
  size_t len = at == NULL ? size : (size_t)(at - input->data);
  if (len >= size || memchr(input->data, '\0', len) != NULL)
    return false;
  memcpy(out, input->data, len);
  out[len] = '\0';
  *input = icws_bytes_of(input->data + len + 1, input->len - len - 1);
  return true;
}

/* Two bytes with a length and as many bytes, or those that are left. */
static struct icws_bytes take_body(struct icws_bytes *input)
{
  if (input->len < 2)
    return icws_bytes_of(NULL, 0);
  size_t len = (size_t)input->data[0] << 8 | input->data[1];
  *input = icws_bytes_of(input->data + 2, input->len - 2);
  if (len > input->len)
    len = input->len;
  struct icws_bytes body = icws_bytes_of(input->data, len);
  *input = icws_bytes_of(input->data + len, input->len - len);
  return body;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct icws_bytes input = icws_bytes_of(data, size);
  char method[ICWS_HTTP_MAX_METHOD_BYTES + 1];
  char path[ICWS_HTTP_MAX_PATH_BYTES + 1];
  char type[ICWS_HTTP_MAX_FIELD_BYTES + 1];
  if (network.replica == NULL)
    start();
  while (take_word(&input, ' ', method, sizeof method) &&
         take_word(&input, ' ', path, sizeof path) && take_word(&input, '\n', type, sizeof type)) {
    const struct icws_http_request request = {.method = method,
                                              .path = path,
                                              .content_type = type,
                                              .origin = "",
                                              .body = take_body(&input)};
    answer(&request);
  }
  return 0;
}
