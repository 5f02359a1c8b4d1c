/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_impl.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "process.h"
#include "tls.h"

#define DEFAULT_PHASE_TIMEOUT_MS 10000
#define DEFAULT_EXCHANGE_TIMEOUT_MS 30000
#define DEFAULT_REQUEST_TIMEOUT_MS 60000
#define DEFAULT_MAX_REQUESTS 4096
#define DEFAULT_MAX_EXCHANGES 128
#define DEFAULT_MAX_ANSWER_BYTES ((size_t)4 << 20)
#define DEFAULT_MAX_TREE_NODES 65536

/* --- Making ----------------------------------------------------------------------------------- */

static void set_default(uint64_t *value, uint64_t otherwise)
{
  if (*value == 0)
    *value = otherwise;
}

static void set_default_size(size_t *value, size_t otherwise)
{
  if (*value == 0)
    *value = otherwise;
}

static uint64_t system_wall_ns(void *user_data)
{
  struct timespec now;
  (void)user_data;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void fill_defaults(struct icws_agent_config *config)
{
  if (config->network_url == NULL)
    config->network_url = ICWS_AGENT_MAINNET_URL;
  if (config->wall_ns == NULL)
    config->wall_ns = system_wall_ns;
  if (config->random == NULL)
    config->random = icws_random_default();
  set_default(&config->resolve_timeout_ms, DEFAULT_PHASE_TIMEOUT_MS);
  set_default(&config->connect_timeout_ms, DEFAULT_PHASE_TIMEOUT_MS);
  set_default(&config->exchange_timeout_ms, DEFAULT_EXCHANGE_TIMEOUT_MS);
  set_default(&config->request_timeout_ms, DEFAULT_REQUEST_TIMEOUT_MS);
  set_default_size(&config->max_requests, DEFAULT_MAX_REQUESTS);
  set_default_size(&config->max_exchanges, DEFAULT_MAX_EXCHANGES);
  set_default_size(&config->max_answer_bytes, DEFAULT_MAX_ANSWER_BYTES);
  set_default_size(&config->max_tree_nodes, DEFAULT_MAX_TREE_NODES);
}

static enum icws_error adopt_network(struct icws_agent *agent, struct icws_failure *failure)
{
  const char *text = agent->config.network_url;
  enum icws_error error = icws_url_parse(text, "http", &agent->url, failure);
  if (error == ICWS_OK && strcmp(agent->url.path, "/") != 0)
    error = icws_fail(failure, ICWS_ERR_URL, "a network's URL has no path: %s", text);
  if (error == ICWS_OK && agent->config.proxy != NULL)
    error = icws_proxy_init(&agent->proxy, agent->config.proxy, failure);
  return error;
}

static enum icws_error adopt_trust(struct icws_agent *agent, struct icws_failure *failure)
{
  const struct icws_agent_config *config = &agent->config;
  enum icws_error error = ICWS_OK;
  if (config->fetch_root_key && config->root_key.len > 0)
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT,
                     "a root key and fetching one exclude each other");
  if (!config->fetch_root_key)
    error = icws_agent_trust(
        agent, config->root_key.len > 0 ? config->root_key : icws_root_key_mainnet(), failure);
  if (error != ICWS_OK || config->ca_file == NULL)
    return error;
  agent->ca_file = strdup(config->ca_file);
  if (agent->ca_file == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "out of memory");
  return icws_tls_check_ca_file(agent->ca_file, failure);
}

static enum icws_error make_http(struct icws_agent *agent, struct icws_failure *failure)
{
  const struct icws_http_config http = {
      .loop = &agent->loop,
      .url = &agent->url,
      .proxy = agent->config.proxy == NULL ? NULL : &agent->proxy,
      .ca_file = agent->ca_file,
      .resolve_timeout_ms = agent->config.resolve_timeout_ms,
      .connect_timeout_ms = agent->config.connect_timeout_ms,
      .exchange_timeout_ms = agent->config.exchange_timeout_ms,
      .max_exchanges = agent->config.max_exchanges,
      .max_answer_bytes = agent->config.max_answer_bytes,
  };
  return icws_http_new(&http, &agent->http, failure);
}

/* Copies what the configuration points to, and forgets the pointers. */
static enum icws_error set_up(struct icws_agent *agent, struct icws_failure *failure)
{
  enum icws_error error = icws_process_setup(failure);
  if (error == ICWS_OK)
    error = adopt_network(agent, failure);
  if (error == ICWS_OK)
    error = adopt_trust(agent, failure);
  if (error == ICWS_OK)
    error = make_http(agent, failure);
  agent->config.network_url = NULL;
  agent->config.root_key = icws_bytes_of(NULL, 0);
  agent->config.ca_file = NULL;
  agent->config.proxy = NULL;
  return error;
}

enum icws_error icws_agent_new(const struct icws_agent_config *config, struct icws_agent **agent,
                               struct icws_failure *failure)
{
  struct icws_agent *made = calloc(1, sizeof *made);
  enum icws_error error;
  int status;
  size_t i;
  if (made == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "out of memory");
  status = uv_loop_init(&made->loop);
  if (status != 0) {
    free(made);
    return icws_fail(failure, ICWS_ERR_SYSTEM, "no event loop: %s", uv_strerror(status));
  }
  made->config = *config;
  fill_defaults(&made->config);
  icws_list_init(&made->ready);
  icws_list_init(&made->parked);
  icws_buf_init(&made->proxy.whole, 0, NULL);
  for (i = 0; i < ICWS_AGENT_SUBNETS_MAX; i++)
    icws_node_keys_init(&made->node_keys[i].keys, NULL);
  made->versions[ICWS_ENDPOINT_CALL] = 4;
  made->versions[ICWS_ENDPOINT_QUERY] = 3;
  made->versions[ICWS_ENDPOINT_READ_STATE] = 3;
  error = set_up(made, failure);
  if (error != ICWS_OK) {
    icws_agent_del(made);
    return error;
  }
  *agent = made;
  return ICWS_OK;
}

static void forget_all(struct icws_link *list)
{
  struct icws_link *link;
  while ((link = icws_list_first(list)) != NULL)
    icws_agent_forget((struct icws_agent_request *)link);
}

void icws_agent_del(struct icws_agent *agent)
{
  struct icws_sigpipe sigpipe;
  size_t i;
  if (agent == NULL)
    return;
  icws_sigpipe_block(&sigpipe);
  forget_all(&agent->ready);
  forget_all(&agent->parked);
  icws_http_del(agent->http);
  icws_loop_close(&agent->loop);
  icws_sigpipe_restore(&sigpipe);
  for (i = 0; i < ICWS_AGENT_SUBNETS_MAX; i++)
    icws_node_keys_wipe(&agent->node_keys[i].keys);
  icws_verifier_del(agent->verifier);
  icws_proxy_wipe(&agent->proxy);
  free(agent->ca_file);
  free(agent);
}

/* --- Driving ---------------------------------------------------------------------------------- */

int icws_agent_fd(const struct icws_agent *agent)
{
  return uv_backend_fd(&agent->loop);
}

int icws_agent_timeout_ms(const struct icws_agent *agent)
{
  return icws_list_first(&agent->ready) != NULL ? 0 : icws_loop_timeout_ms(&agent->loop);
}

/* Takes the steps of the requests that are ready now, not of those that become so. */
static void take_steps(struct icws_agent *agent)
{
  struct icws_link *link;
  size_t count = 0;
  for (link = agent->ready.next; link != &agent->ready; link = link->next)
    count++;
  for (; count > 0 && (link = icws_list_first(&agent->ready)) != NULL; count--) {
    struct icws_agent_request *request = (struct icws_agent_request *)link;
    icws_list_remove(link);
    icws_list_append(&agent->parked, link);
    request->step(request);
  }
}

static void process(struct icws_agent *agent, bool wait)
{
  struct icws_sigpipe sigpipe;
  icws_sigpipe_block(&sigpipe);
  agent->processing = true;
  uv_update_time(&agent->loop);
  take_steps(agent);
  wait = wait && agent->request_count > 0 && icws_list_first(&agent->ready) == NULL;
  uv_run(&agent->loop, wait ? UV_RUN_ONCE : UV_RUN_NOWAIT);
  take_steps(agent);
  agent->processing = false;
  icws_sigpipe_restore(&sigpipe);
}

size_t icws_agent_process(struct icws_agent *agent)
{
  if (!agent->processing)
    process(agent, false);
  return agent->request_count;
}

void icws_agent_run(struct icws_agent *agent)
{
  while (!agent->processing && agent->request_count > 0)
    process(agent, true);
}

void icws_agent_cancel(struct icws_agent *agent, struct icws_agent_request *request)
{
  (void)agent;
  if (!request->telling)
    icws_agent_forget(request);
}

/* --- Looking ---------------------------------------------------------------------------------- */

struct icws_bytes icws_agent_root_key(const struct icws_agent *agent)
{
  return icws_bytes_of(agent->root_key, agent->verifier == NULL ? 0 : sizeof agent->root_key);
}

struct icws_principal icws_agent_principal(const struct icws_agent *agent)
{
  return agent->config.identity == NULL ? icws_principal_anonymous()
                                        : icws_identity_signer(agent->config.identity).sender;
}
