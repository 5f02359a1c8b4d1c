/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "icws-gateway/metrics.h"

/*
 * The text is read back by a strict reader of the exposition format, version 0.0.4: families of a
 * HELP line, a TYPE line and samples, in that order, none twice.
 */

#define MAX_FAMILIES 64
#define MAX_SAMPLES 256
#define TEXT_BYTES 128

struct sample {
  char series[TEXT_BYTES]; /* name and labels, as written */
  char value[TEXT_BYTES];
};

struct exposition {
  char families[MAX_FAMILIES][TEXT_BYTES];
  char types[MAX_FAMILIES][TEXT_BYTES];
  size_t family_count;
  size_t samples_of_family; /* of the last one */
  struct sample samples[MAX_SAMPLES];
  size_t sample_count;
};

static size_t name_length(const char *text)
{
  size_t len = 0;
  while (isalnum((unsigned char)text[len]) || text[len] == '_' || text[len] == ':')
    len++;
  assert_true(len > 0 && len < TEXT_BYTES && !isdigit((unsigned char)text[0]));
  return len;
}

static void read_help(struct exposition *exposition, const char *line)
{
  size_t len = name_length(line);
  assert_true(exposition->family_count == 0 || exposition->samples_of_family > 0);
  assert_true(exposition->family_count < MAX_FAMILIES);
  char *family = exposition->families[exposition->family_count++];
  memcpy(family, line, len);
  family[len] = '\0';
  for (size_t i = 0; i + 1 < exposition->family_count; i++)
    assert_string_not_equal(exposition->families[i], family);
  assert_int_equal(line[len], ' ');
  assert_true(strlen(line + len + 1) > 10);
  assert_null(strchr(line, '\\'));
  exposition->samples_of_family = 0;
}

static void read_type(struct exposition *exposition, const char *line)
{
  size_t len = name_length(line);
  size_t last = exposition->family_count - 1;
  assert_int_equal(strlen(exposition->families[last]), len);
  assert_memory_equal(line, exposition->families[last], len);
  assert_int_equal(exposition->samples_of_family, 0);
  assert_string_equal(exposition->types[last], "");
  assert_int_equal(line[len], ' ');
  strcpy(exposition->types[last], line + len + 1);
  assert_true(strcmp(line + len + 1, "gauge") == 0 || strcmp(line + len + 1, "counter") == 0 ||
              strcmp(line + len + 1, "histogram") == 0);
}

/* One label at most, whose value needs no escaping. */
static const char *read_labels(const char *at)
{
  if (*at != '{')
    return at;
  at += 1 + name_length(at + 1);
  assert_memory_equal(at, "=\"", 2);
  at += 2;
  size_t len = strcspn(at, "\"\\\n");
  assert_true(len > 0);
  assert_memory_equal(at + len, "\"}", 2);
  return at + len + 2;
}

static bool belongs(const char *series, size_t len, const char *family, const char *type)
{
  size_t family_len = strlen(family);
  if (len < family_len || memcmp(series, family, family_len) != 0)
    return false;
  const char *rest = series + family_len;
  if (strcmp(type, "histogram") != 0)
    return len == family_len;
  return strncmp(rest, "_bucket{le=\"", 12) == 0 || strncmp(rest, "_sum ", 5) == 0 ||
         strncmp(rest, "_count ", 7) == 0;
}

static void read_sample(struct exposition *exposition, const char *line)
{
  size_t last = exposition->family_count - 1;
  size_t len = name_length(line);
  assert_true(exposition->family_count > 0 && exposition->types[last][0] != '\0');
  assert_true(belongs(line, len, exposition->families[last], exposition->types[last]));
  const char *end = read_labels(line + len);
  assert_int_equal(*end, ' ');
  assert_true(exposition->sample_count < MAX_SAMPLES);
  struct sample *sample = &exposition->samples[exposition->sample_count++];
  memcpy(sample->series, line, (size_t)(end - line));
  strcpy(sample->value, end + 1);
  assert_int_equal(strspn(sample->value, "0123456789."), strlen(sample->value));
  for (size_t i = 0; i + 1 < exposition->sample_count; i++)
    assert_string_not_equal(exposition->samples[i].series, sample->series);
  exposition->samples_of_family++;
}

static void read_line(struct exposition *exposition, const char *line)
{
  assert_true(strlen(line) < TEXT_BYTES);
  if (strncmp(line, "# HELP ", 7) == 0)
    read_help(exposition, line + 7);
  else if (strncmp(line, "# TYPE ", 7) == 0)
    read_type(exposition, line + 7);
  else
    read_sample(exposition, line);
}

static void read_exposition(struct icws_bytes text, struct exposition *exposition)
{
  memset(exposition, 0, sizeof(*exposition));
  assert_true(text.len > 0 && text.data[text.len - 1] == '\n');
  char *copy = calloc(1, text.len + 1);
  assert_non_null(copy);
  memcpy(copy, text.data, text.len);
  for (char *line = copy; *line != '\0';) {
    char *newline = strchr(line, '\n');
    *newline = '\0';
    read_line(exposition, line);
    line = newline + 1;
  }
  assert_true(exposition->samples_of_family > 0);
  free(copy);
}

static const char *value_of(const struct exposition *exposition, const char *series)
{
  for (size_t i = 0; i < exposition->sample_count; i++)
    if (strcmp(exposition->samples[i].series, series) == 0)
      return exposition->samples[i].value;
  fail_msg("there is no %s", series);
  return NULL;
}

static void render(const struct icws_gateway_stats *stats, uint64_t start_ns,
                   struct exposition *exposition)
{
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  icws_metrics_put(stats, start_ns, &out);
  assert_int_equal(icws_buf_error(&out), ICWS_OK);
  read_exposition(icws_buf_bytes(&out), exposition);
  icws_buf_wipe(&out);
}

static struct exposition exposition;

/* A number of its own for each, so that none is shown in another's place. */
static void test_every_value(void **state)
{
  static const struct icws_gateway_stats stats = {
      .connections = 11,
      .clients = 12,
      .pollers = 13,
      .addresses = 14,
      .connections_accepted = 15,
      .sessions_opened = 16,
      .envelopes_relayed = 17,
      .closes_called = 18,
      .polls = 19,
      .messages_relayed = 20,
      .messages_dropped = 21,
      .bytes_in = 22,
      .bytes_out = UINT64_MAX,
      .throttled = 24,
      .tls_reloads = 25,
      .refusals = {[ICWS_GATEWAY_REFUSED_ORIGIN] = 26, [ICWS_GATEWAY_REFUSED_MEMORY] = 27},
      .troubles = {[ICWS_GATEWAY_POLL_TIMEOUT] = 28, [ICWS_GATEWAY_CLOSE_FAILED] = 29},
  };
  static const struct {
    const char *series;
    const char *value;
  } rows[] = {
      {"icws_gateway_connections", "11"},
      {"clients_connected", "12"},
      {"active_pollers", "13"},
      {"icws_gateway_addresses", "14"},
      {"icws_gateway_connections_accepted_total", "15"},
      {"client_connected_count", "16"},
      {"icws_gateway_messages_in_total", "17"},
      {"icws_gateway_closes_total", "18"},
      {"icws_gateway_polls_total", "19"},
      {"icws_gateway_messages_out_total", "20"},
      {"icws_gateway_messages_dropped_total", "21"},
      {"icws_gateway_bytes_in_total", "22"},
      {"icws_gateway_bytes_out_total", "18446744073709551615"},
      {"icws_gateway_throttled_total", "24"},
      {"icws_gateway_tls_reloads_total", "25"},
      {"icws_gateway_clients_refused_total{reason=\"origin\"}", "26"},
      {"icws_gateway_clients_refused_total{reason=\"memory\"}", "27"},
      {"icws_gateway_clients_refused_total{reason=\"draining\"}", "0"},
      {"icws_gateway_errors_total{kind=\"poll_timeout\"}", "28"},
      {"icws_gateway_errors_total{kind=\"close_failed\"}", "29"},
      {"icws_gateway_errors_total{kind=\"poll_rejected\"}", "0"},
      {"process_start_time_seconds", "1702143738.049473644"},
  };
  (void)state;
  render(&stats, UINT64_C(1702143738049473644), &exposition);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    assert_string_equal(value_of(&exposition, rows[i].series), rows[i].value);
}

static void test_number_of_series(void **state)
{
  static const struct icws_gateway_stats stats;
  const size_t histogram = ICWS_GATEWAY_BUCKETS + 3;
  (void)state;
  render(&stats, 0, &exposition);
  assert_int_equal(exposition.family_count, 21);
  assert_int_equal(exposition.sample_count,
                   17 + ICWS_GATEWAY_REFUSALS + ICWS_GATEWAY_TROUBLES + 2 * histogram);
}

static void expect_histogram(const char *name, const struct icws_gateway_histogram *histogram)
{
  char series[TEXT_BYTES];
  char value[TEXT_BYTES];
  for (size_t i = 0; i < ICWS_GATEWAY_BUCKETS; i++) {
    static const char *const bounds[ICWS_GATEWAY_BUCKETS] = {
        "0.001", "0.002", "0.005", "0.01", "0.02", "0.05", "0.1", "0.2",
        "0.5",   "1",     "2",     "5",    "10",   "20",   "60"};
    snprintf(series, sizeof(series), "%s_bucket{le=\"%s\"}", name, bounds[i]);
    snprintf(value, sizeof(value), "%llu", (unsigned long long)histogram->within[i]);
    assert_string_equal(value_of(&exposition, series), value);
  }
  snprintf(value, sizeof(value), "%llu", (unsigned long long)histogram->count);
  snprintf(series, sizeof(series), "%s_bucket{le=\"+Inf\"}", name);
  assert_string_equal(value_of(&exposition, series), value);
  snprintf(series, sizeof(series), "%s_count", name);
  assert_string_equal(value_of(&exposition, series), value);
}

static void test_histograms(void **state)
{
  static const struct icws_gateway_stats stats = {
      .poll_latency = {{0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9}, 10, 61000000001},
      .relay_latency = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 30, 40, 50, 60}, 70, 2},
  };
  (void)state;
  render(&stats, 0, &exposition);
  expect_histogram("poller_duration", &stats.poll_latency);
  assert_string_equal(value_of(&exposition, "poller_duration_sum"), "61.000000001");
  expect_histogram("icws_gateway_relay_duration_seconds", &stats.relay_latency);
  assert_string_equal(value_of(&exposition, "icws_gateway_relay_duration_seconds_sum"),
                      "0.000000002");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_value),
      cmocka_unit_test(test_number_of_series),
      cmocka_unit_test(test_histograms),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
