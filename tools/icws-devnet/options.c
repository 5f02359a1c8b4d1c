/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <icws/bytes.h>
#include <icws/version.h>

static const char usage[] =
    "Usage: icws-devnet [OPTION]...\n"
    "\n"
    "Runs a local network with an IC WebSocket gateway and four canisters (chat, pingpong,\n"
    "ticker, echo) in one process, until Ctrl-C. For development and tests only.\n"
    "\n"
    "  --gateway-port PORT   listen on this port of 127.0.0.1; any free one if not given\n"
    "  --round-ms MS         execute calls and certify the state every MS (100)\n"
    "  --ack-interval-ms MS  canisters acknowledge every MS (300000)\n"
    "  --keep-alive-ms MS    clients must answer within MS (60000), less than the ack interval\n"
    "  --ticker-ms MS        the ticker ticks every MS (1000)\n"
    "  --seed HEX            derive all keys from these 32 bytes, for tests that need the same\n"
    "                        keys each time; such keys are no secret\n"
    "  --exit-with-parent    end when standard input, which must be a pipe, is closed\n"
    "  --json                print one line for programs when ready, instead of words\n"
    "  -v                    tell on stderr what the gateway does; twice: more of it\n"
    "  -h, --help            print this\n"
    "  -V, --version         print the version\n";

enum {
  OPTION_GATEWAY_PORT = 256,
  OPTION_ROUND,
  OPTION_ACK_INTERVAL,
  OPTION_KEEP_ALIVE,
  OPTION_TICKER,
  OPTION_SEED,
  OPTION_EXIT_WITH_PARENT,
  OPTION_JSON,
};

static const struct option long_options[] = {
    {"gateway-port", required_argument, NULL, OPTION_GATEWAY_PORT},
    {"round-ms", required_argument, NULL, OPTION_ROUND},
    {"ack-interval-ms", required_argument, NULL, OPTION_ACK_INTERVAL},
    {"keep-alive-ms", required_argument, NULL, OPTION_KEEP_ALIVE},
    {"ticker-ms", required_argument, NULL, OPTION_TICKER},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"exit-with-parent", no_argument, NULL, OPTION_EXIT_WITH_PARENT},
    {"json", no_argument, NULL, OPTION_JSON},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static bool wrong(const char *option, const char *what)
{
  (void)fprintf(stderr, "icws-devnet: %s: %s\n", option, what);
  return false;
}

/* A decimal number from |min| to |max|. */
static bool parse_number(const char *option, const char *text, uint32_t min, uint32_t max,
                         uint32_t *number)
{
  char what[64];
  char *end = NULL;
  errno = 0;
  unsigned long long value = strtoull(text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value < min || value > max) {
    (void)snprintf(what, sizeof what, "wants a number from %u to %u", (unsigned)min, (unsigned)max);
    return wrong(option, what);
  }
  *number = (uint32_t)value;
  return true;
}

static bool parse_ms(const char *option, const char *text, uint32_t *ms)
{
  return parse_number(option, text, 1, UINT32_MAX, ms);
}

static bool parse_port(const char *text, uint16_t *port)
{
  uint32_t number = 0;
  if (!parse_number("--gateway-port", text, 0, UINT16_MAX, &number)) {
    return false;
  }
  *port = (uint16_t)number;
  return true;
}

static bool parse_seed(const char *text, struct options *options)
{
  struct icws_buf buf;
  icws_buf_init(&buf, ICWS_DEVNET_SEED_BYTES, NULL);
  enum icws_error error = icws_hex_decode(icws_bytes_text(text), &buf);
  options->has_seed = error == ICWS_OK && buf.len == ICWS_DEVNET_SEED_BYTES;
  if (options->has_seed) {
    memcpy(options->seed, buf.data, ICWS_DEVNET_SEED_BYTES);
  }
  icws_buf_wipe(&buf);
  return options->has_seed || wrong("--seed", "wants 64 hex digits");
}

/* One option that takes a value. */
static bool parse_value(struct options *options, int option, const char *text)
{
  switch (option) {
  case OPTION_GATEWAY_PORT:
    return parse_port(text, &options->gateway_port);
  case OPTION_ROUND:
    return parse_ms("--round-ms", text, &options->round_ms);
  case OPTION_ACK_INTERVAL:
    return parse_ms("--ack-interval-ms", text, &options->ack_interval_ms);
  case OPTION_KEEP_ALIVE:
    return parse_ms("--keep-alive-ms", text, &options->keep_alive_ms);
  case OPTION_TICKER:
    return parse_ms("--ticker-ms", text, &options->ticker_ms);
  case OPTION_SEED:
    return parse_seed(text, options);
  default: /* getopt_long has said what is wrong */
    return false;
  }
}

enum options_result options_parse(struct options *options, int argc, char **argv)
{
  *options = (struct options){0};
  int option;
  while ((option = getopt_long(argc, argv, "hvV", long_options, NULL)) != -1) {
    switch (option) {
    case 'h':
      (void)fputs(usage, stdout);
      return OPTIONS_DONE;
    case 'V':
      (void)puts("icws-devnet " ICWS_VERSION);
      return OPTIONS_DONE;
    case 'v':
      options->verbose++;
      break;
    case OPTION_JSON:
      options->json = true;
      break;
    case OPTION_EXIT_WITH_PARENT:
      options->exit_with_parent = true;
      break;
    default:
      if (!parse_value(options, option, optarg)) {
        return OPTIONS_WRONG;
      }
    }
  }
  if (optind < argc) {
    (void)wrong(argv[optind], "is not an option; see icws-devnet --help");
    return OPTIONS_WRONG;
  }
  return OPTIONS_RUN;
}
