/* SPDX-License-Identifier: Apache-2.0 */
#include "stats.h"

#include <assert.h>

#define NS_PER_MS UINT64_C(1000000)

const uint32_t icws_gateway_bucket_ms[ICWS_GATEWAY_BUCKETS] = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 60000,
};

void histogram_add(struct icws_gateway_histogram *histogram, uint64_t duration_ns)
{
  for (size_t i = ICWS_GATEWAY_BUCKETS; i-- > 0;) {
    if (duration_ns > icws_gateway_bucket_ms[i] * NS_PER_MS)
      break;
    histogram->within[i]++;
  }
  histogram->count++;
  histogram->sum_ns += duration_ns;
}

const char *icws_gateway_refusal_name(enum icws_gateway_refusal refusal)
{
  static const char *const names[ICWS_GATEWAY_REFUSALS] = {
      [ICWS_GATEWAY_REFUSED_DRAINING] = "draining",
      [ICWS_GATEWAY_REFUSED_CLIENTS] = "clients",
      [ICWS_GATEWAY_REFUSED_CLIENTS_PER_ADDRESS] = "clients_per_address",
      [ICWS_GATEWAY_REFUSED_CONNECTION_RATE] = "connection_rate",
      [ICWS_GATEWAY_REFUSED_ORIGIN] = "origin",
      [ICWS_GATEWAY_REFUSED_NO_WEBSOCKET] = "no_websocket",
      [ICWS_GATEWAY_REFUSED_UNFINISHED] = "unfinished",
      [ICWS_GATEWAY_REFUSED_TEXT] = "text",
      [ICWS_GATEWAY_REFUSED_MALFORMED] = "malformed",
      [ICWS_GATEWAY_REFUSED_TOO_LARGE] = "too_large",
      [ICWS_GATEWAY_REFUSED_NOT_OPEN] = "not_open",
      [ICWS_GATEWAY_REFUSED_CANISTER] = "canister",
      [ICWS_GATEWAY_REFUSED_DUPLICATE] = "duplicate",
      [ICWS_GATEWAY_REFUSED_FOREIGN_ENVELOPE] = "foreign_envelope",
      [ICWS_GATEWAY_REFUSED_SLOW] = "slow",
      [ICWS_GATEWAY_REFUSED_SILENT] = "silent",
      [ICWS_GATEWAY_REFUSED_NOT_OPENED] = "not_opened",
      [ICWS_GATEWAY_REFUSED_WAITING] = "waiting",
      [ICWS_GATEWAY_REFUSED_BY_CANISTER] = "by_canister",
      [ICWS_GATEWAY_REFUSED_BY_NETWORK] = "by_network",
      [ICWS_GATEWAY_REFUSED_STOPPED] = "stopped",
      [ICWS_GATEWAY_REFUSED_FORGOTTEN] = "forgotten",
      [ICWS_GATEWAY_REFUSED_MEMORY] = "memory",
  };

  assert(refusal < ICWS_GATEWAY_REFUSALS);
  return names[refusal];
}

const char *icws_gateway_trouble_name(enum icws_gateway_trouble trouble)
{
  static const char *const names[ICWS_GATEWAY_TROUBLES] = {
      [ICWS_GATEWAY_POLL_REJECTED] = "poll_rejected",
      [ICWS_GATEWAY_POLL_NO_ANSWER] = "poll_no_answer",
      [ICWS_GATEWAY_POLL_TIMEOUT] = "poll_timeout",
      [ICWS_GATEWAY_POLL_UNREADABLE] = "poll_unreadable",
      [ICWS_GATEWAY_POLL_REFUSED] = "poll_refused",
      [ICWS_GATEWAY_POLL_NONCES] = "poll_nonces",
      [ICWS_GATEWAY_POLL_NOT_SENT] = "poll_not_sent",
      [ICWS_GATEWAY_RELAY_REJECTED] = "relay_rejected",
      [ICWS_GATEWAY_RELAY_NO_ANSWER] = "relay_no_answer",
      [ICWS_GATEWAY_RELAY_REFUSED] = "relay_refused",
      [ICWS_GATEWAY_CLOSE_FAILED] = "close_failed",
  };

  assert(trouble < ICWS_GATEWAY_TROUBLES);
  return names[trouble];
}
