/* SPDX-License-Identifier: Apache-2.0 */
#include "verify_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <icws/message.h>

#include "common/timestamp.h"
#include "json_parts.h"
#include "leaves.h"

#define NS_PER_MS 1000000
#define HEX_SHOWN_BYTES 48

/* Positive for a certificate of the past. */
static int64_t age_ns(const struct icws_verify_report *report)
{
  uint64_t time_ns = report->certificate->time_ns;
  return report->now_ns >= time_ns ? (int64_t)(report->now_ns - time_ns)
                                   : -(int64_t)(time_ns - report->now_ns);
}

/* --- For people ------------------------------------------------------------------------------- */

static void print_hex(struct icws_bytes bytes)
{
  size_t shown = bytes.len < HEX_SHOWN_BYTES ? bytes.len : HEX_SHOWN_BYTES;
  for (size_t i = 0; i < shown; i++)
    printf("%02x", bytes.data[i]);
  if (shown < bytes.len)
    printf("... (%zu bytes)", bytes.len);
}

static bool print_leaf(const char *path, struct icws_bytes value, void *user_data)
{
  (void)user_data;
  printf("certifies   %s = ", path);
  print_hex(value);
  printf("\n");
  return true;
}

static void print_principal(const char *what, const struct icws_principal *principal)
{
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  icws_principal_to_text(principal, text);
  printf("%-12s%s", what, text);
}

static void print_time(const struct icws_verify_report *report)
{
  char text[ICWS_TIMESTAMP_BYTES];
  int64_t age_ms = age_ns(report) / NS_PER_MS;
  icws_timestamp_format(report->certificate->time_ns, text);
  printf("time        %s (%" PRIu64 " ns)\n", text, report->certificate->time_ns);
  printf("age         %s%" PRId64 ".%03d s\n", age_ms < 0 ? "-" : "",
         (int64_t)(age_ms < 0 ? -age_ms : age_ms) / 1000,
         (int)((age_ms < 0 ? -age_ms : age_ms) % 1000));
}

static void print_subnet(const struct icws_certificate *certificate)
{
  char text[ICWS_TIMESTAMP_BYTES];
  print_principal("subnet", &certificate->subnet);
  if (certificate->delegated) {
    icws_timestamp_format(certificate->delegation_time_ns, text);
    printf(", delegated by the root at %s\n", text);
  } else {
    printf(", the root\n");
  }
}

/* A content that is not of this protocol is certified all the same. */
static void print_message(const struct icws_verify_report *report)
{
  struct icws_websocket_message message;
  char text[ICWS_TIMESTAMP_BYTES];
  printf("message     %zu bytes at %s\n", report->content.len, report->path);
  if (icws_websocket_message_decode(report->content, &message, NULL) != ICWS_OK)
    return;
  print_principal("  client", &message.client_key.principal);
  printf(", nonce %" PRIu64 "\n", message.client_key.nonce);
  icws_timestamp_format(message.timestamp, text);
  printf("  number    %" PRIu64 "\n  timestamp %s\n  kind      %s\n  content   ",
         message.sequence_num, text, message.is_service_message ? "service" : "application");
  print_hex(message.content);
  printf("\n");
}

static bool print_text(const struct icws_verify_report *report)
{
  if (!report->valid) {
    printf("invalid: %s\n%s\n", report->check, report->failure.text);
    return true;
  }
  printf("valid\n");
  print_principal("canister", report->canister);
  printf("\n");
  print_subnet(report->certificate);
  print_time(report);
  bool done = icws_leaves_walk(report->certificate->tree, print_leaf, NULL);
  if (report->path != NULL)
    print_message(report);
  return done;
}

/* --- For programs ----------------------------------------------------------------------------- */

static bool add_leaf(const char *path, struct icws_bytes value, void *user_data)
{
  return json_object_set_new(user_data, path, icws_json_hex(value)) == 0;
}

static json_t *json_certified(const struct icws_certificate *certificate)
{
  json_t *object = json_object();
  if (object == NULL || icws_leaves_walk(certificate->tree, add_leaf, object))
    return object;
  json_decref(object);
  return NULL;
}

/* A nonce is any 64-bit number, which JSON's readers round: so it is text. */
static json_t *json_message(const struct icws_verify_report *report)
{
  struct icws_websocket_message message;
  char nonce[24];
  if (icws_websocket_message_decode(report->content, &message, NULL) != ICWS_OK)
    return json_pack("{s:s, s:o}", "path", report->path, "raw", icws_json_hex(report->content));
  snprintf(nonce, sizeof(nonce), "%" PRIu64, message.client_key.nonce);
  return json_pack("{s:s, s:o, s:s, s:I, s:o, s:b, s:o}", "path", report->path, "client",
                   icws_json_principal(&message.client_key.principal), "nonce", nonce, "seq",
                   (json_int_t)message.sequence_num, "ts", icws_json_time(message.timestamp),
                   "service", (int)message.is_service_message, "content",
                   icws_json_hex(message.content));
}

static json_t *json_report(const struct icws_verify_report *report)
{
  const struct icws_certificate *certificate = report->certificate;
  if (!report->valid)
    return json_pack("{s:b, s:s, s:s, s:s}", "valid", 0, "check", report->check, "error",
                     icws_error_name(report->failure.code), "reason", report->failure.text);
  json_t *object = json_pack(
      "{s:b, s:o, s:o, s:b, s:o, s:I, s:o}", "valid", 1, "canister",
      icws_json_principal(report->canister), "subnet", icws_json_principal(&certificate->subnet),
      "delegated", (int)certificate->delegated, "time", icws_json_time(certificate->time_ns),
      "age_ms", (json_int_t)(age_ns(report) / NS_PER_MS), "certified", json_certified(certificate));
  if (object != NULL && report->path != NULL &&
      json_object_set_new(object, "message", json_message(report)) != 0) {
    json_decref(object);
    return NULL;
  }
  return object;
}

static bool print_json(const struct icws_verify_report *report)
{
  json_t *object = json_report(report);
  bool done = object != NULL && json_dumpf(object, stdout, JSON_COMPACT) == 0;
  printf("\n");
  json_decref(object);
  return done;
}

bool icws_verify_report_print(const struct icws_verify_report *report, bool json)
{
  bool done = json ? print_json(report) : print_text(report);
  return fflush(stdout) == 0 && !ferror(stdout) && done;
}
