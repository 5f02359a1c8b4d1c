/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/ingress_log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <icws/reject.h>

#include "devnet/status_tree.h"

#define FIRST_BUCKETS 1024
#define PRUNE_INTERVAL_NS UINT64_C(5000000000)

struct icws_ingress_log {
  struct icws_ingress **buckets;
  size_t bucket_count; /* a power of two */
  size_t calls;
  size_t bytes;
  size_t waiting_count;
  struct icws_ingress *first_waiting;
  struct icws_ingress *last_waiting;
  uint64_t prune_at;
  struct icws_status_tree statuses;
};

struct icws_ingress_log *icws_ingress_log_new(void)
{
  struct icws_ingress_log *log = calloc(1, sizeof *log);
  if (log == NULL) {
    return NULL;
  }
  log->buckets = calloc(FIRST_BUCKETS, sizeof(struct icws_ingress *));
  log->bucket_count = FIRST_BUCKETS;
  icws_status_tree_init(&log->statuses);
  if (log->buckets == NULL) {
    free(log);
    return NULL;
  }
  return log;
}

static void free_ingress(struct icws_ingress *ingress)
{
  free(ingress->memory);
  free(ingress);
}

void icws_ingress_log_del(struct icws_ingress_log *log)
{
  if (log == NULL) {
    return;
  }
  for (size_t i = 0; i < log->bucket_count; i++) {
    while (log->buckets[i] != NULL) {
      struct icws_ingress *next = log->buckets[i]->next;
      free_ingress(log->buckets[i]);
      log->buckets[i] = next;
    }
  }
  free(log->buckets);
  free(log);
}

/* A request id is a hash: any of its bytes spread well. */
static struct icws_ingress **bucket_of(struct icws_ingress **buckets, size_t count,
                                       const uint8_t request_id[ICWS_REQUEST_ID_BYTES])
{
  size_t hash;
  memcpy(&hash, request_id, sizeof hash);
  return &buckets[hash & (count - 1)];
}

static struct icws_ingress *find(const struct icws_ingress_log *log,
                                 const uint8_t request_id[ICWS_REQUEST_ID_BYTES])
{
  struct icws_ingress *ingress = *bucket_of(log->buckets, log->bucket_count, request_id);
  while (ingress != NULL && memcmp(ingress->request_id, request_id, ICWS_REQUEST_ID_BYTES) != 0) {
    ingress = ingress->next;
  }
  return ingress;
}

const struct icws_ingress *icws_ingress_log_find(const struct icws_ingress_log *log,
                                                 const uint8_t request_id[ICWS_REQUEST_ID_BYTES])
{
  return find(log, request_id);
}

/* Keeps the chains short; without memory they grow longer, and nothing else happens. */
static void grow(struct icws_ingress_log *log)
{
  if (log->calls < log->bucket_count) {
    return;
  }
  size_t count = 2 * log->bucket_count;
  struct icws_ingress **buckets = calloc(count, sizeof(struct icws_ingress *));
  if (buckets == NULL) {
    return;
  }
  for (size_t i = 0; i < log->bucket_count; i++) {
    while (log->buckets[i] != NULL) {
      struct icws_ingress *ingress = log->buckets[i];
      log->buckets[i] = ingress->next;
      struct icws_ingress **bucket = bucket_of(buckets, count, ingress->request_id);
      ingress->next = *bucket;
      *bucket = ingress;
    }
  }
  free(log->buckets);
  log->buckets = buckets;
  log->bucket_count = count;
}

static struct icws_ingress *copy_call(const struct icws_envelope *envelope)
{
  struct icws_ingress *ingress = calloc(1, sizeof *ingress);
  if (ingress == NULL) {
    return NULL;
  }
  size_t method_len = envelope->method.len;
  ingress->memory = malloc(method_len + envelope->arg.len + 1);
  if (ingress->memory == NULL) {
    free(ingress);
    return NULL;
  }
  if (method_len > 0) {
    memcpy(ingress->memory, envelope->method.data, method_len);
  }
  if (envelope->arg.len > 0) {
    memcpy(ingress->memory + method_len, envelope->arg.data, envelope->arg.len);
  }
  memcpy(ingress->request_id, envelope->request_id, ICWS_REQUEST_ID_BYTES);
  ingress->expiry = envelope->ingress_expiry;
  ingress->state = ICWS_INGRESS_RECEIVED;
  ingress->canister = envelope->canister;
  ingress->sender = envelope->sender;
  ingress->method = icws_bytes_of(ingress->memory, method_len);
  ingress->arg = icws_bytes_of(ingress->memory + method_len, envelope->arg.len);
  return ingress;
}

enum icws_error icws_ingress_log_add(struct icws_ingress_log *log,
                                     const struct icws_envelope *envelope)
{
  size_t bytes = envelope->method.len + envelope->arg.len;
  if (log->calls >= ICWS_INGRESS_LOG_MAX_CALLS ||
      log->waiting_count >= ICWS_INGRESS_LOG_MAX_WAITING ||
      log->bytes + bytes > ICWS_INGRESS_LOG_MAX_BYTES) {
    return ICWS_ERR_QUEUE_FULL;
  }
  struct icws_ingress *ingress = copy_call(envelope);
  if (ingress == NULL) {
    return ICWS_ERR_NOMEM;
  }
  grow(log);
  struct icws_ingress **bucket = bucket_of(log->buckets, log->bucket_count, ingress->request_id);
  ingress->next = *bucket;
  *bucket = ingress;
  if (log->last_waiting == NULL) {
    log->first_waiting = ingress;
  } else {
    log->last_waiting->waiting = ingress;
  }
  log->last_waiting = ingress;
  log->calls++;
  log->waiting_count++;
  log->bytes += bytes;
  return ICWS_OK;
}

struct icws_ingress *icws_ingress_log_next(struct icws_ingress_log *log)
{
  struct icws_ingress *ingress = log->first_waiting;
  if (ingress == NULL) {
    return NULL;
  }
  log->first_waiting = ingress->waiting;
  if (log->first_waiting == NULL) {
    log->last_waiting = NULL;
  }
  ingress->waiting = NULL;
  log->waiting_count--;
  return ingress;
}

static void settle(struct icws_ingress_log *log, struct icws_ingress *ingress,
                   struct icws_bytes outcome)
{
  assert(ingress->state == ICWS_INGRESS_RECEIVED);
  log->bytes -= ingress->method.len + ingress->arg.len;
  free(ingress->memory);
  ingress->method = icws_bytes_of(NULL, 0);
  ingress->arg = icws_bytes_of(NULL, 0);
  ingress->memory = outcome.len == 0 ? NULL : malloc(outcome.len);
  if (ingress->memory != NULL) {
    memcpy(ingress->memory, outcome.data, outcome.len);
    ingress->outcome = icws_bytes_of(ingress->memory, outcome.len);
  } else if (outcome.len > 0) {
    ingress->reject_code = ICWS_REJECT_SYS_FATAL;
    ingress->error_code = "IC0101";
  }
  ingress->state =
      ingress->reject_code == ICWS_REJECT_NONE ? ICWS_INGRESS_REPLIED : ICWS_INGRESS_REJECTED;
  log->bytes += ingress->outcome.len;
  icws_status_tree_insert(&log->statuses, ingress);
}

void icws_ingress_log_reply(struct icws_ingress_log *log, struct icws_ingress *ingress,
                            struct icws_bytes reply)
{
  settle(log, ingress, reply);
}

void icws_ingress_log_reject(struct icws_ingress_log *log, struct icws_ingress *ingress,
                             int reject_code, const char *error_code, struct icws_bytes why)
{
  ingress->reject_code = reject_code;
  ingress->error_code = error_code;
  settle(log, ingress, why);
}

struct icws_state_branch icws_ingress_log_branch(struct icws_ingress_log *log)
{
  return icws_status_tree_branch(&log->statuses);
}

void icws_ingress_log_prune(struct icws_ingress_log *log, uint64_t now_ns)
{
  if (now_ns < log->prune_at) {
    return;
  }
  log->prune_at = now_ns + PRUNE_INTERVAL_NS;
  for (size_t i = 0; i < log->bucket_count; i++) {
    struct icws_ingress **link = &log->buckets[i];
    while (*link != NULL) {
      struct icws_ingress *ingress = *link;
      if (ingress->state == ICWS_INGRESS_RECEIVED || ingress->expiry >= now_ns) {
        link = &ingress->next;
        continue;
      }
      *link = ingress->next;
      icws_status_tree_remove(&log->statuses, ingress);
      log->calls--;
      log->bytes -= ingress->outcome.len;
      free_ingress(ingress);
    }
  }
}
