/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>

#include <jansson.h>

#define NS_PER_S 1e9

/* --- What both say ---------------------------------------------------------------------------- */

static const char *const moments[LOAD_MOMENTS] = {
    [LOAD_BEFORE] = "before", [LOAD_ALL_OPEN] = "all_open", [LOAD_AFTER] = "after"};

static const unsigned percents[] = {50, 90, 99, 100};
static const char *const percent_names[] = {"p50", "p90", "p99", "max"};
enum { PERCENTS = sizeof percents / sizeof percents[0] };

/* From the first ping to the last pong. */
static double ping_seconds(const struct load_world *world)
{
  if (world->pongs == 0)
    return 0;
  return (double)(world->last_pong_ns - world->first_ping_ns) / NS_PER_S;
}

/* Both ways. */
static double messages_per_s(const struct load_world *world)
{
  double seconds = ping_seconds(world);
  return seconds > 0 ? (double)(world->sent + world->pongs) / seconds : 0;
}

static double cpu_seconds(const struct load_crowd *crowd)
{
  return crowd->process[LOAD_AFTER].cpu_s - crowd->process[LOAD_BEFORE].cpu_s;
}

/* Of this program: if it is as long as the whole run, the load is not what it could be. */
static double own_cpu_seconds(void)
{
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) != 0)
    return 0;
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* How many failed with |error|; the first is stored. */
static size_t count_failures(const struct load_crowd *crowd, enum icws_error error,
                             const struct load_client **first)
{
  size_t count = 0;
  for (size_t i = 0; i < crowd->plan->clients; i++) {
    if (crowd->clients[i].failure.code == error && count++ == 0)
      *first = &crowd->clients[i];
  }
  return count;
}

/* Whether no client before |index| failed for the same reason. */
static bool is_first_of_its_kind(const struct load_crowd *crowd, size_t index)
{
  enum icws_error error = crowd->clients[index].failure.code;
  const struct load_client *first = NULL;
  return error != ICWS_OK && count_failures(crowd, error, &first) > 0 &&
         first == &crowd->clients[index];
}

/* --- Words ------------------------------------------------------------------------------------ */

static void print_failures(const struct load_crowd *crowd)
{
  for (size_t i = 0; i < crowd->plan->clients; i++) {
    const struct icws_failure *failure = &crowd->clients[i].failure;
    const struct load_client *first = NULL;
    if (is_first_of_its_kind(crowd, i))
      printf("  %7zu %s, the first: %s\n", count_failures(crowd, failure->code, &first),
             icws_error_name(failure->code), failure->text);
  }
}

static void print_histogram(struct load_histogram *histogram)
{
  size_t counts[LOAD_HISTOGRAM_BOUNDS + 1];
  printf("%s\n  count %zu", histogram->name, histogram->count);
  for (size_t i = 0; i < PERCENTS; i++)
    printf("  %s %.4g", percent_names[i], load_histogram_quantile(histogram, percents[i]));
  printf("\n");
  load_histogram_buckets(histogram, counts);
  for (size_t i = 0; i <= LOAD_HISTOGRAM_BOUNDS; i++) {
    if (counts[i] > 0 && i < LOAD_HISTOGRAM_BOUNDS)
      printf("  <= %-8g %zu\n", (double)load_histogram_bounds_ns[i] / (double)histogram->unit_ns,
             counts[i]);
    else if (counts[i] > 0)
      printf("  longer      %zu\n", counts[i]);
  }
}

static void print_process(const struct load_crowd *crowd)
{
  printf("process %" PRIu64 "\n  cpu %.2f s\n", crowd->plan->pid, cpu_seconds(crowd));
  for (size_t i = 0; i < LOAD_MOMENTS; i++)
    printf("  resident %s %" PRIu64 " KiB\n", moments[i], crowd->process[i].resident_kib);
}

bool load_report_words(struct load_crowd *crowd)
{
  struct load_world *world = &crowd->world;
  struct icws_verifier_stats stats = icws_verifier_stats(world->verifier);
  printf("clients  %" PRIu64 " arrived, %" PRIu64 " opened, %zu failed, in %.2f s\n",
         crowd->plan->clients, world->opened, crowd->failed,
         (double)(crowd->end_ns - crowd->start_ns) / NS_PER_S);
  print_failures(crowd);
  printf("messages %" PRIu64 " pings, %" PRIu64 " pongs in %.2f s: %.0f messages/s\n", world->sent,
         world->pongs, ping_seconds(world), messages_per_s(world));
  printf("verified %" PRIu64 " signatures of certificates, %" PRIu64 " trees; %" PRIu64
         " messages were under known ones\n",
         stats.signatures, stats.pair_misses, stats.pair_hits);
  printf("own cpu  %.2f s\n", own_cpu_seconds());
  print_histogram(&world->open_latency);
  print_histogram(&world->receive_latency);
  print_histogram(&world->round_trip);
  if (crowd->plan->pid != 0)
    print_process(crowd);
  return fflush(stdout) == 0 && !ferror(stdout);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static json_t *failures_json(const struct load_crowd *crowd)
{
  json_t *list = json_array();
  for (size_t i = 0; i < crowd->plan->clients; i++) {
    const struct icws_failure *failure = &crowd->clients[i].failure;
    const struct load_client *first = NULL;
    if (is_first_of_its_kind(crowd, i))
      json_array_append_new(
          list, json_pack("{s:s,s:I,s:s}", "error", icws_error_name(failure->code), "count",
                          (json_int_t)count_failures(crowd, failure->code, &first), "first",
                          failure->text));
  }
  return list;
}

/* Counts are cumulative, and the last bound is null, as in Prometheus "+Inf". */
static json_t *histogram_json(struct load_histogram *histogram)
{
  size_t counts[LOAD_HISTOGRAM_BOUNDS + 1];
  json_int_t total = 0;
  json_t *object = json_pack("{s:I}", "count", (json_int_t)histogram->count);
  json_t *buckets = json_array();
  for (size_t i = 0; i < PERCENTS; i++)
    json_object_set_new(object, percent_names[i],
                        json_real(load_histogram_quantile(histogram, percents[i])));
  load_histogram_buckets(histogram, counts);
  for (size_t i = 0; i <= LOAD_HISTOGRAM_BOUNDS; i++) {
    json_t *bound =
        i == LOAD_HISTOGRAM_BOUNDS
            ? json_null()
            : json_real((double)load_histogram_bounds_ns[i] / (double)histogram->unit_ns);
    total += (json_int_t)counts[i];
    json_array_append_new(buckets, json_pack("{s:o,s:I}", "le", bound, "count", total));
  }
  json_object_set_new(object, "buckets", buckets);
  return object;
}

static json_t *process_json(const struct load_crowd *crowd)
{
  json_t *resident = json_object();
  for (size_t i = 0; i < LOAD_MOMENTS; i++)
    json_object_set_new(resident, moments[i],
                        json_integer((json_int_t)crowd->process[i].resident_kib));
  return json_pack("{s:I,s:f,s:o}", "pid", (json_int_t)crowd->plan->pid, "cpu_s",
                   cpu_seconds(crowd), "resident_kib", resident);
}

static json_t *report_json(struct load_crowd *crowd)
{
  struct load_world *world = &crowd->world;
  struct icws_verifier_stats stats = icws_verifier_stats(world->verifier);
  json_t *report = json_pack(
      "{s:I,s:I,s:I,s:f,s:f,s:o,s:I,s:I,s:f,s:f,s:I,s:I,s:I}", "clients",
      (json_int_t)crowd->plan->clients, "opened", (json_int_t)world->opened, "failed",
      (json_int_t)crowd->failed, "seconds", (double)(crowd->end_ns - crowd->start_ns) / NS_PER_S,
      "own_cpu_s", own_cpu_seconds(), "failures", failures_json(crowd), "pings",
      (json_int_t)world->sent, "pongs", (json_int_t)world->pongs, "ping_seconds",
      ping_seconds(world), "messages_per_s", messages_per_s(world), "signatures_verified",
      (json_int_t)stats.signatures, "trees_verified", (json_int_t)stats.pair_misses, "tree_hits",
      (json_int_t)stats.pair_hits);
  struct load_histogram *const histograms[] = {&world->open_latency, &world->receive_latency,
                                               &world->round_trip};
  json_t *object = json_object();
  for (size_t i = 0; i < sizeof histograms / sizeof histograms[0]; i++)
    json_object_set_new(object, histograms[i]->name, histogram_json(histograms[i]));
  json_object_set_new(report, "histograms", object);
  if (crowd->plan->pid != 0)
    json_object_set_new(report, "process", process_json(crowd));
  return report;
}

bool load_report_json(struct load_crowd *crowd)
{
  json_t *report = report_json(crowd);
  bool good = report != NULL &&
              json_dumpf(report, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6)) == 0 &&
              putchar('\n') != EOF && fflush(stdout) == 0;
  json_decref(report);
  return good;
}
