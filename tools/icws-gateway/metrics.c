/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include <icws/version.h>

#define NS_PER_S UINT64_C(1000000000)
#define LINE_BYTES 256

struct metric {
  const char *name;
  const char *type;
  const char *help;
  uint64_t value;
};

__attribute__((format(printf, 2, 3))) static void put(struct icws_buf *out, const char *format, ...)
{
  char line[LINE_BYTES];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(line, sizeof(line), format, arguments);
  va_end(arguments);
  icws_buf_put_text(out, line);
}

static void put_head(const char *name, const char *type, const char *help, struct icws_buf *out)
{
  put(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_seconds(uint64_t ns, struct icws_buf *out)
{
  put(out, "%" PRIu64 ".%09" PRIu64, ns / NS_PER_S, ns % NS_PER_S);
}

static void put_metrics(const struct metric *metrics, size_t count, struct icws_buf *out)
{
  for (size_t i = 0; i < count; i++) {
    put_head(metrics[i].name, metrics[i].type, metrics[i].help, out);
    put(out, "%s %" PRIu64 "\n", metrics[i].name, metrics[i].value);
  }
}

/* The names without a prefix are those that the reference gateway has for the same. */
static void put_gauges(const struct icws_gateway_stats *stats, struct icws_buf *out)
{
  const struct metric metrics[] = {
      {"clients_connected", "gauge", "Clients that have sent ws_open and are connected.",
       stats->clients},
      {"active_pollers", "gauge", "Canisters that are polled.", stats->pollers},
      {"icws_gateway_connections", "gauge", "WebSocket connections, whatever their state.",
       stats->connections},
      {"icws_gateway_addresses", "gauge",
       "Addresses with connections, or whose rate is remembered.", stats->addresses},
  };
  put_metrics(metrics, sizeof(metrics) / sizeof(metrics[0]), out);
}

static void put_counters(const struct icws_gateway_stats *stats, struct icws_buf *out)
{
  const struct metric metrics[] = {
      {"client_connected_count", "counter",
       "Sessions opened: the canister's first message was relayed.", stats->sessions_opened},
      {"icws_gateway_connections_accepted_total", "counter", "WebSocket connections accepted.",
       stats->connections_accepted},
      {"icws_gateway_messages_in_total", "counter",
       "Envelopes of clients (ws_open, ws_message) relayed to canisters.",
       stats->envelopes_relayed},
      {"icws_gateway_messages_out_total", "counter",
       "Messages of canisters relayed to their clients.", stats->messages_relayed},
      {"icws_gateway_messages_dropped_total", "counter",
       "Messages of canisters for clients that were not connected.", stats->messages_dropped},
      {"icws_gateway_bytes_in_total", "counter", "Bytes in messages received from clients.",
       stats->bytes_in},
      {"icws_gateway_bytes_out_total", "counter", "Bytes in messages sent to clients.",
       stats->bytes_out},
      {"icws_gateway_polls_total", "counter", "Polls (ws_get_messages) of canisters.",
       stats->polls},
      {"icws_gateway_closes_total", "counter", "Calls of ws_close for clients that left.",
       stats->closes_called},
      {"icws_gateway_throttled_total", "counter",
       "Times that reading from a client paused because it sent faster than allowed.",
       stats->throttled},
      {"icws_gateway_tls_reloads_total", "counter", "Times that the TLS files were read again.",
       stats->tls_reloads},
  };
  put_metrics(metrics, sizeof(metrics) / sizeof(metrics[0]), out);
}

static void put_refusals(const struct icws_gateway_stats *stats, struct icws_buf *out)
{
  static const char name[] = "icws_gateway_clients_refused_total";
  put_head(name, "counter", "Connections refused or closed by the gateway, by reason.", out);
  for (int i = 0; i < ICWS_GATEWAY_REFUSALS; i++)
    put(out, "%s{reason=\"%s\"} %" PRIu64 "\n", name,
        icws_gateway_refusal_name((enum icws_gateway_refusal)i), stats->refusals[i]);
}

static void put_troubles(const struct icws_gateway_stats *stats, struct icws_buf *out)
{
  static const char name[] = "icws_gateway_errors_total";
  put_head(name, "counter", "Requests to the network that went wrong, by kind.", out);
  for (int i = 0; i < ICWS_GATEWAY_TROUBLES; i++)
    put(out, "%s{kind=\"%s\"} %" PRIu64 "\n", name,
        icws_gateway_trouble_name((enum icws_gateway_trouble)i), stats->troubles[i]);
}

static void put_histogram(const char *name, const char *help,
                          const struct icws_gateway_histogram *histogram, struct icws_buf *out)
{
  put_head(name, "histogram", help, out);
  for (size_t i = 0; i < ICWS_GATEWAY_BUCKETS; i++)
    put(out, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", name, icws_gateway_bucket_ms[i] / 1000.0,
        histogram->within[i]);
  put(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n%s_sum ", name, histogram->count, name);
  put_seconds(histogram->sum_ns, out);
  put(out, "\n%s_count %" PRIu64 "\n", name, histogram->count);
}

static void put_process(uint64_t start_ns, struct icws_buf *out)
{
  put_head("process_start_time_seconds", "gauge",
           "When the process started, in seconds since 1970.", out);
  put(out, "process_start_time_seconds ");
  put_seconds(start_ns, out);
  put(out, "\n");
  put_head("icws_gateway_build_info", "gauge", "Always 1; the version is its label.", out);
  put(out, "icws_gateway_build_info{version=\"%s\"} 1\n", ICWS_VERSION);
}

void icws_metrics_put(const struct icws_gateway_stats *stats, uint64_t start_ns,
                      struct icws_buf *out)
{
  put_gauges(stats, out);
  put_counters(stats, out);
  put_refusals(stats, out);
  put_troubles(stats, out);
  put_histogram("poller_duration", "Seconds from a poll to its answer.", &stats->poll_latency, out);
  put_histogram("icws_gateway_relay_duration_seconds",
                "Seconds from a client's message to the network's answer to it.",
                &stats->relay_latency, out);
  put_process(start_ns, out);
}
