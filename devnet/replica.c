/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/replica.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "devnet/replica_state.h"

#define NS_PER_S UINT64_C(1000000000)
#define DELEGATION_MAX_AGE_NS (3600 * NS_PER_S)

/* Canister ids are eight bytes of a big-endian number and "01 01".  These are the ids that local
 * networks of the Internet Computer commonly start with. */
#define FIRST_CANISTER UINT64_C(0x8000000000100000)
#define LAST_CANISTER UINT64_C(0x80000000001fffff)

static struct icws_principal canister_id(uint64_t number)
{
  struct icws_principal id = {.len = 10};
  for (size_t i = 0; i < 8; i++) {
    id.bytes[i] = (uint8_t)(number >> (56 - 8 * i));
  }
  id.bytes[8] = 1;
  id.bytes[9] = 1;
  return id;
}

static uint64_t system_clock(void *user_data)
{
  (void)user_data;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

uint64_t icws_replica_now(const struct icws_replica *replica)
{
  uint64_t now = replica->wall_ns(replica->user_data);
  return now > replica->time_ns ? now : replica->time_ns;
}

/* --- What canisters ask for -------------------------------------------------------------------- */

static uint64_t system_time(void *user_data)
{
  const struct icws_replica_canister *canister = user_data;
  return canister->replica->time_ns;
}

static void system_set_certified_data(const uint8_t data[ICWS_SHA256_BYTES], void *user_data)
{
  struct icws_replica_canister *canister = user_data;
  assert(!canister->replica->in_query);
  memcpy(canister->certified_data, data, ICWS_SHA256_BYTES);
  canister->certified_data_len = ICWS_SHA256_BYTES;
}

static struct icws_bytes system_data_certificate(void *user_data)
{
  struct icws_replica_canister *canister = user_data;
  if (!canister->replica->in_query) {
    return icws_bytes_of(NULL, 0);
  }
  enum icws_ranges_form form = canister->replica->query_form;
  struct icws_buf *certificate = &canister->certificates[form];
  if (certificate->len == 0) {
    const struct icws_bytes labels[] = {icws_bytes_text("canister"),
                                        icws_principal_bytes(&canister->id),
                                        icws_bytes_text("certified_data")};
    const struct icws_state_path path = {labels, 3};
    if (icws_replica_certificate(canister->replica, &path, 1, form, certificate) != ICWS_OK) {
      icws_buf_clear(certificate);
    }
  }
  return icws_buf_bytes(certificate);
}

/* --- Life -------------------------------------------------------------------------------------- */

/* The one node of the subnet; its seed is derived, so that its key is not the gateway's. */
static enum icws_error make_node(const uint8_t *seed, struct icws_identity **node)
{
  const struct icws_bytes parts[] = {icws_bytes_text("node"),
                                     icws_bytes_of(seed, ICWS_BLS_SEED_BYTES)};
  uint8_t node_seed[ICWS_SHA256_BYTES];
  icws_sha256(parts, 2, node_seed);
  enum icws_error error = icws_identity_from_seed(node_seed, node);
  sodium_memzero(node_seed, sizeof node_seed);
  return error;
}

static enum icws_error set_up(struct icws_replica *replica, const uint8_t *seed)
{
  const struct icws_canister_range range = {canister_id(FIRST_CANISTER),
                                            canister_id(LAST_CANISTER)};
  replica->time_ns = replica->wall_ns(replica->user_data);
  replica->log = icws_ingress_log_new();
  if (replica->log == NULL) {
    return ICWS_ERR_NOMEM;
  }
  enum icws_error error = icws_certifier_new(seed, &range, replica->time_ns, &replica->certifier);
  if (error == ICWS_OK) {
    error = make_node(seed, &replica->node);
  }
  return error == ICWS_OK ? icws_replica_certify(replica) : error;
}

enum icws_error icws_replica_new(const struct icws_replica_config *config,
                                 struct icws_replica **replica)
{
  struct icws_replica *made = calloc(1, sizeof *made);
  if (made == NULL) {
    return ICWS_ERR_NOMEM;
  }
  made->wall_ns = config->wall_ns == NULL ? system_clock : config->wall_ns;
  made->user_data = config->user_data;
  icws_buf_init(&made->reply, ICWS_REPLICA_MAX_REPLY_BYTES, NULL);
  enum icws_error error = set_up(made, config->seed);
  if (error != ICWS_OK) {
    icws_replica_del(made);
    return error;
  }
  *replica = made;
  return ICWS_OK;
}

void icws_replica_del(struct icws_replica *replica)
{
  if (replica == NULL) {
    return;
  }
  for (size_t i = 0; i < replica->canister_count; i++) {
    struct icws_replica_canister *canister = &replica->canisters[i];
    if (canister->installed) {
      canister->canister.del(canister->canister.self);
    }
    icws_buf_wipe(&canister->certificates[ICWS_RANGES_FLAT]);
    icws_buf_wipe(&canister->certificates[ICWS_RANGES_SHARDED]);
  }
  icws_buf_wipe(&replica->reply);
  icws_state_tree_del(replica->tree);
  icws_ingress_log_del(replica->log);
  icws_certifier_del(replica->certifier);
  icws_identity_del(replica->node);
  free(replica);
}

struct icws_bytes icws_replica_root_key(const struct icws_replica *replica)
{
  return icws_certifier_root_key(replica->certifier);
}

struct icws_principal icws_replica_subnet(const struct icws_replica *replica)
{
  return icws_certifier_subnet(replica->certifier);
}

const struct icws_identity *icws_replica_node(const struct icws_replica *replica)
{
  return replica->node;
}

uint64_t icws_replica_height(const struct icws_replica *replica)
{
  return replica->tree == NULL ? 0 : replica->height;
}

uint64_t icws_replica_time(const struct icws_replica *replica)
{
  return replica->time_ns;
}

static struct icws_replica_canister *find_place(struct icws_replica *replica,
                                                const struct icws_principal *id)
{
  for (size_t i = 0; i < replica->canister_count; i++) {
    if (icws_principal_equal(&replica->canisters[i].id, id)) {
      return &replica->canisters[i];
    }
  }
  return NULL;
}

/* Whether the subnet speaks for |id|: of the right form, and within its range. */
static bool is_ours(const struct icws_principal *id)
{
  const struct icws_principal first = canister_id(FIRST_CANISTER);
  const struct icws_principal last = canister_id(LAST_CANISTER);
  return id->len == first.len && memcmp(id->bytes + 8, first.bytes + 8, 2) == 0 &&
         icws_principal_compare(id, &first) >= 0 && icws_principal_compare(id, &last) <= 0;
}

static struct icws_principal next_id(struct icws_replica *replica)
{
  uint64_t number = FIRST_CANISTER;
  struct icws_principal id = canister_id(number);
  while (find_place(replica, &id) != NULL) { /* far fewer than there are ids */
    id = canister_id(++number);
  }
  return id;
}

enum icws_error icws_replica_reserve(struct icws_replica *replica, struct icws_principal *id,
                                     struct icws_canister_system *system)
{
  if (replica->canister_count == ICWS_REPLICA_MAX_CANISTERS) {
    return ICWS_ERR_LIMIT;
  }
  if (id->len == 0) {
    *id = next_id(replica);
  } else if (!is_ours(id) || find_place(replica, id) != NULL) {
    return ICWS_ERR_PRINCIPAL;
  }
  struct icws_replica_canister *canister = &replica->canisters[replica->canister_count];
  canister->replica = replica;
  canister->id = *id;
  icws_buf_init(&canister->certificates[ICWS_RANGES_FLAT], 0, NULL);
  icws_buf_init(&canister->certificates[ICWS_RANGES_SHARDED], 0, NULL);
  replica->canister_count++;
  *system = (struct icws_canister_system){.time = system_time,
                                          .set_certified_data = system_set_certified_data,
                                          .data_certificate = system_data_certificate,
                                          .user_data = canister};
  return ICWS_OK;
}

void icws_replica_install(struct icws_replica *replica, const struct icws_principal *id,
                          const struct icws_canister *canister)
{
  struct icws_replica_canister *place = find_place(replica, id);
  assert(place != NULL && !place->installed);
  const struct icws_bytes interface = icws_bytes_text(canister->interface);
  place->canister = *canister;
  icws_sha256(&interface, 1, place->module_hash);
  place->installed = true;
}

struct icws_replica_canister *icws_replica_find(struct icws_replica *replica,
                                                const struct icws_principal *id)
{
  struct icws_replica_canister *place = find_place(replica, id);
  return place != NULL && place->installed ? place : NULL;
}

/* --- Rounds ------------------------------------------------------------------------------------ */

/* A query method may be called as an update; it then has no certificate to show. */
static enum icws_error run_update(struct icws_replica *replica,
                                  const struct icws_canister *canister,
                                  const struct icws_ingress *ingress)
{
  bool query = canister->method_kind(ingress->method) == ICWS_METHOD_QUERY;
  enum icws_error error = (query ? canister->query : canister->update)(
      canister->self, ingress->method, &ingress->sender, ingress->arg, &replica->reply,
      &replica->failure);
  return error == ICWS_OK ? icws_buf_error(&replica->reply) : error;
}

static void execute(struct icws_replica *replica, struct icws_ingress *ingress)
{
  struct icws_replica_canister *canister = icws_replica_find(replica, &ingress->canister);
  assert(canister != NULL); /* checked when the call was taken, and canisters stay */
  if (ingress->expiry < replica->time_ns) {
    icws_ingress_log_reject(replica->log, ingress, ICWS_REJECT_SYS_TRANSIENT,
                            ICWS_ERROR_CODE_EXPIRED,
                            icws_bytes_text("the call expired before it could be executed"));
    return;
  }
  icws_buf_clear(&replica->reply);
  replica->failure.text[0] = '\0';
  enum icws_error error = run_update(replica, &canister->canister, ingress);
  if (error == ICWS_OK) {
    icws_ingress_log_reply(replica->log, ingress, icws_buf_bytes(&replica->reply));
    return;
  }
  const char *why = replica->failure.text[0] != '\0' ? replica->failure.text : icws_strerror(error);
  icws_ingress_log_reject(replica->log, ingress, ICWS_REJECT_CANISTER_ERROR,
                          ICWS_ERROR_CODE_TRAPPED, icws_bytes_text(why));
}

static void run_timers(struct icws_replica *replica)
{
  for (size_t i = 0; i < replica->canister_count; i++) {
    const struct icws_canister *canister = &replica->canisters[i].canister;
    if (replica->canisters[i].installed && canister->deadline(canister->self) <= replica->time_ns) {
      canister->tick(canister->self);
    }
  }
}

enum icws_error icws_replica_round(struct icws_replica *replica)
{
  uint64_t now = replica->wall_ns(replica->user_data);
  replica->time_ns = now > replica->time_ns ? now : replica->time_ns + 1;

  /* Before anything is executed, so that every outcome can be asked for until the next round. */
  icws_ingress_log_prune(replica->log, replica->time_ns);
  struct icws_ingress *ingress;
  while ((ingress = icws_ingress_log_next(replica->log)) != NULL) {
    execute(replica, ingress);
  }
  run_timers(replica);

  uint64_t delegated = icws_certifier_delegation_time(replica->certifier);
  if (replica->time_ns - delegated > DELEGATION_MAX_AGE_NS &&
      icws_certifier_delegate(replica->certifier, replica->time_ns) != ICWS_OK) {
    icws_replica_forget_state(replica);
    return ICWS_ERR_NOMEM;
  }
  return icws_replica_certify(replica);
}
