/* SPDX-License-Identifier: Apache-2.0 */

/* The agent and a local network in one process: whole requests against certificates with subnet
 * delegations, rounds, and query signatures that were not made for the agent's tests. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>

#include <icws/agent.h>
#include <icws/message.h>

#include "devnet/devnet.h"

struct network {
  uv_loop_t loop;
  struct icws_devnet *devnet;
  struct icws_principal canister;
  struct icws_identity *identity;
  struct icws_agent *agent;

  unsigned answers;
  enum icws_agent_outcome outcome;
  struct icws_buf reply;
  struct icws_agent_reject reject; /* its bytes are gone */
  bool certified;
  uint64_t time_ns;
};

static void start(struct network *network)
{
  struct icws_devnet_config config = {.loop = &network->loop};
  struct icws_agent_config agent = {.fetch_root_key = true};
  struct icws_failure failure;
  memset(network, 0, sizeof *network);
  icws_buf_init(&network->reply, 0, NULL);
  assert_int_equal(uv_loop_init(&network->loop), 0);
  config.loop = &network->loop;
  if (icws_devnet_new(&config, &network->devnet, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  network->canister = icws_devnet_canister_id(network->devnet, ICWS_DEVNET_CHAT);
  assert_int_equal(icws_identity_new(NULL, &network->identity), ICWS_OK);
  agent.network_url = icws_devnet_network_url(network->devnet);
  agent.identity = network->identity;
  if (icws_agent_new(&agent, &network->agent, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
}

static void stop(struct network *network)
{
  icws_agent_del(network->agent);
  icws_devnet_del(network->devnet);
  assert_int_equal(uv_loop_close(&network->loop), 0);
  icws_identity_del(network->identity);
  icws_buf_wipe(&network->reply);
}

static void answered(struct icws_agent *agent, const struct icws_agent_answer *answer,
                     void *user_data)
{
  struct network *network = user_data;
  (void)agent;
  if (answer->outcome == ICWS_AGENT_FAILED)
    fail_msg("%s: %s", icws_error_name(answer->failure->code), answer->failure->text);
  network->answers++;
  network->outcome = answer->outcome;
  network->reject = answer->reject;
  network->certified = answer->certificate.len > 0;
  network->time_ns = answer->time_ns;
  icws_buf_clear(&network->reply);
  icws_buf_put(&network->reply, answer->reply.data, answer->reply.len);
}

/* Both loops, whichever has something to do. */
static void run(struct network *network)
{
  while (icws_agent_process(network->agent) > 0) {
    struct pollfd fds[] = {{.fd = icws_agent_fd(network->agent), .events = POLLIN},
                           {.fd = uv_backend_fd(&network->loop), .events = POLLIN}};
    int agent_ms = icws_agent_timeout_ms(network->agent);
    int network_ms = uv_backend_timeout(&network->loop);
    bool first = network_ms < 0 || (agent_ms >= 0 && agent_ms < network_ms);
    poll(fds, 2, first ? agent_ms : network_ms);
    uv_run(&network->loop, UV_RUN_NOWAIT);
  }
}

static struct icws_agent_method method_of(const struct network *network, const char *name,
                                          struct icws_bytes arg)
{
  const struct icws_agent_method method = {
      .canister = network->canister, .name = icws_bytes_text(name), .arg = arg};
  return method;
}

static void query(struct network *network, const char *name, struct icws_bytes arg)
{
  struct icws_agent_method method = method_of(network, name, arg);
  assert_int_equal(icws_agent_query(network->agent, &method, answered, network, NULL), ICWS_OK);
  run(network);
}

static void call(struct network *network, const char *name, struct icws_bytes arg)
{
  struct icws_agent_method method = method_of(network, name, arg);
  assert_int_equal(icws_agent_call(network->agent, &method, answered, network, NULL), ICWS_OK);
  run(network);
}

static void put_open_args(const struct network *network, struct icws_buf *args)
{
  const struct icws_open_args open = {.client_nonce = 7,
                                      .gateway = icws_agent_principal(network->agent)};
  icws_open_args_put(args, &open);
  assert_int_equal(icws_buf_error(args), ICWS_OK);
}

static void test_call_and_query(void **state)
{
  struct network network;
  struct icws_buf args;
  (void)state;
  start(&network);
  icws_buf_init(&args, 0, NULL);
  put_open_args(&network, &args);
  call(&network, "ws_open", icws_buf_bytes(&args));
  assert_int_equal(network.outcome, ICWS_AGENT_REPLIED);
  assert_true(network.certified && network.time_ns > 0);
  assert_true(network.reply.len > 4 && memcmp(network.reply.data, "DIDL", 4) == 0);
  call(&network, "ws_open", icws_bytes_text("not Candid"));
  assert_int_equal(network.outcome, ICWS_AGENT_REJECTED);
  assert_int_equal(network.reject.code, ICWS_REJECT_CANISTER_ERROR);
  assert_true(network.reject.proven);
  query(&network, "no_such_method", icws_bytes_text("DIDL"));
  assert_int_equal(network.outcome, ICWS_AGENT_REJECTED);
  assert_true(network.reject.proven);
  assert_true(network.time_ns > 0);
  assert_int_equal(icws_agent_skew_ns(network.agent), 0);
  icws_buf_wipe(&args);
  stop(&network);
}

static void test_metadata_and_state(void **state)
{
  const struct icws_bytes label = icws_bytes_text("time");
  const struct icws_agent_path path = {&label, 1};
  struct network network;
  (void)state;
  start(&network);
  assert_int_equal(icws_agent_metadata(network.agent, &network.canister, "candid:service", answered,
                                       &network, NULL),
                   ICWS_OK);
  run(&network);
  assert_true(icws_bytes_equal(icws_buf_bytes(&network.reply),
                               icws_bytes_text(icws_devnet_canister_interface(ICWS_DEVNET_CHAT))));
  assert_true(
      icws_bytes_equal(icws_agent_root_key(network.agent), icws_devnet_root_key(network.devnet)));
  assert_int_equal(
      icws_agent_read_state(network.agent, &network.canister, &path, 1, answered, &network, NULL),
      ICWS_OK);
  run(&network);
  assert_true(network.certified && network.time_ns > 0);
  stop(&network);
}

/* Another's envelope, which the agent only carries. */
static void relay(struct network *network, enum icws_request_type type, const char *name,
                  struct icws_bytes arg)
{
  struct icws_signer signer = icws_identity_signer(network->identity);
  const struct icws_call content = {
      .type = type,
      .canister = network->canister,
      .sender = signer.sender,
      .method = icws_bytes_text(name),
      .arg = arg,
      .ingress_expiry = network->time_ns + UINT64_C(60000000000),
  };
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
  uint8_t message[ICWS_REQUEST_TO_SIGN_BYTES];
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  struct icws_buf envelope;
  enum icws_error error;
  icws_buf_init(&envelope, 0, NULL);
  icws_call_request_id(&content, request_id);
  icws_request_to_sign(request_id, message);
  icws_identity_sign(network->identity, icws_bytes_of(message, sizeof message), signature);
  icws_envelope_put(&envelope, &content, signer.public_key,
                    icws_bytes_of(signature, sizeof signature));
  if (type == ICWS_REQUEST_CALL)
    error = icws_agent_relay_call(network->agent, &network->canister, icws_buf_bytes(&envelope),
                                  answered, network, NULL);
  else
    error = icws_agent_relay_query(network->agent, &network->canister, icws_buf_bytes(&envelope),
                                   answered, network, NULL);
  assert_int_equal(error, ICWS_OK);
  run(network);
  icws_buf_wipe(&envelope);
}

static void test_relay(void **state)
{
  struct network network;
  struct icws_buf args;
  uint64_t now;
  (void)state;
  start(&network);
  icws_buf_init(&args, 0, NULL);
  put_open_args(&network, &args);
  query(&network, "no_such_method", icws_bytes_text("DIDL"));
  now = network.time_ns;
  relay(&network, ICWS_REQUEST_CALL, "ws_open", icws_buf_bytes(&args));
  assert_int_equal(network.outcome, ICWS_AGENT_REPLIED);
  assert_false(network.certified);
  network.time_ns = now;
  relay(&network, ICWS_REQUEST_QUERY, "no_such_method", icws_bytes_text("DIDL"));
  assert_int_equal(network.outcome, ICWS_AGENT_REJECTED);
  assert_false(network.reject.proven);
  icws_buf_wipe(&args);
  stop(&network);
}

/* examples/agent.c as a process of its own. */
static void example_ended(uv_process_t *process, int64_t status, int signal)
{
  int64_t *ended = process->data;
  *ended = signal != 0 ? 255 : status;
  uv_close((uv_handle_t *)process, NULL);
}

static void test_example(void **state)
{
  char canister[ICWS_PRINCIPAL_TEXT_BYTES];
  char url[64];
  char output[256];
  FILE *file = tmpfile();
  struct network network;
  uv_process_t process;
  int64_t status = -1;
  char name[] = "agent";
  char method[] = "no_such_method";
  char *arguments[] = {name, url, canister, method, NULL};
  uv_stdio_container_t stdio[] = {{.flags = UV_IGNORE},
                                  {.flags = UV_INHERIT_FD, .data.fd = fileno(file)},
                                  {.flags = UV_INHERIT_FD, .data.fd = 2}};
  const uv_process_options_t options = {.file = ICWS_BIN_DIR "/../examples/agent",
                                        .args = arguments,
                                        .exit_cb = example_ended,
                                        .stdio = stdio,
                                        .stdio_count = 3};
  (void)state;
  start(&network);
  icws_principal_to_text(&network.canister, canister);
  snprintf(url, sizeof url, "%s", icws_devnet_network_url(network.devnet));
  process.data = &status;
  assert_int_equal(uv_spawn(&network.loop, &process, &options), 0);
  while (status < 0)
    uv_run(&network.loop, UV_RUN_ONCE);
  assert_int_equal(status, 0);
  rewind(file);
  output[fread(output, 1, sizeof output - 1, file)] = '\0';
  assert_non_null(strstr(output, "status: has a root key\n"));
  assert_non_null(strstr(output, "query: rejected with code 5\n"));
  assert_non_null(strstr(output, "call: rejected with code 5, which nothing proves\n"));
  fclose(file);
  stop(&network);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_call_and_query),
      cmocka_unit_test(test_metadata_and_state),
      cmocka_unit_test(test_relay),
      cmocka_unit_test(test_example),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
