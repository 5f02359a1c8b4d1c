/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <string.h>

#include <icws/bytes.h>

#include "common/complain.h"
#include "common/options.h"

#define MEMBER(name) offsetof(struct icws_devnet_options, name)
#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

static const struct icws_option network_options[] = {
    {'\0', "gateway-port", "PORT", ICWS_OPTION_COUNT, MEMBER(gateway_port),
     "listen on this port of 127.0.0.1 (any free one)"},
    {'\0', "network-port", "PORT", ICWS_OPTION_COUNT, MEMBER(network_port),
     "serve the HTTP API on this port of 127.0.0.1 (any free one)"},
    {'\0', "gateway-over", "WAY", ICWS_OPTION_TEXT, MEMBER(gateway_over),
     "the gateway reaches the replica by http or in the process (process)"},
    {'\0', "round-ms", "MS", ICWS_OPTION_COUNT, MEMBER(round_ms),
     "execute calls and certify the state every MS (100)"},
    {'\0', "ack-interval-ms", "MS", ICWS_OPTION_COUNT, MEMBER(ack_interval_ms),
     "canisters acknowledge every MS (300000)"},
    {'\0', "keep-alive-ms", "MS", ICWS_OPTION_COUNT, MEMBER(keep_alive_ms),
     "clients must answer that within MS (60000, or a fifth of a given ack interval if less)"},
    {'\0', "ticker-ms", "MS", ICWS_OPTION_COUNT, MEMBER(ticker_ms),
     "the ticker ticks every MS (1000), at most once a round"},
    {'\0', "state", "FOLDER", ICWS_OPTION_TEXT, MEMBER(state),
     "keep keys and canister ids, but not the canisters' state, in this folder"},
    {'\0', "seed", "HEX", ICWS_OPTION_TEXT, MEMBER(seed_hex),
     "make all keys from these 32 bytes; for tests: such keys are no secret"},
};

static const struct icws_option program_options[] = {
    {'\0', "json", NULL, ICWS_OPTION_FLAG, MEMBER(json),
     "print one line for programs when ready, instead of words"},
    {'\0', "exit-with-parent", NULL, ICWS_OPTION_FLAG, MEMBER(exit_with_parent),
     "end when standard input, which must be a pipe, is closed"},
    {'v', "verbose", NULL, ICWS_OPTION_FLAG, MEMBER(verbose), "say what the gateway does"},
};

static int check_limit(const char *name, uint64_t value, uint64_t limit)
{
  if (value <= limit) {
    return ICWS_OPTIONS_GO;
  }
  return icws_complain_usage(ICWS_DEVNET_NAME, "--%s is at most %llu", name,
                             (unsigned long long)limit);
}

static int check_limits(const struct icws_devnet_options *options)
{
  const struct {
    const char *name;
    uint64_t value;
    uint64_t limit;
  } rows[] = {
      {"gateway-port", options->gateway_port, UINT16_MAX},
      {"network-port", options->network_port, UINT16_MAX},
      {"round-ms", options->round_ms, UINT32_MAX},
      {"ack-interval-ms", options->ack_interval_ms, UINT32_MAX},
      {"keep-alive-ms", options->keep_alive_ms, UINT32_MAX},
      {"ticker-ms", options->ticker_ms, UINT32_MAX},
  };
  int result = ICWS_OPTIONS_GO;
  for (size_t i = 0; i < COUNT_OF(rows) && result == ICWS_OPTIONS_GO; i++) {
    result = check_limit(rows[i].name, rows[i].value, rows[i].limit);
  }
  return result;
}

static int read_seed(struct icws_devnet_options *options)
{
  if (options->seed_hex == NULL) {
    return ICWS_OPTIONS_GO;
  }
  struct icws_buf buf;
  icws_buf_init(&buf, ICWS_DEVNET_SEED_BYTES, NULL);
  enum icws_error error = icws_hex_decode(icws_bytes_text(options->seed_hex), &buf);
  bool good = error == ICWS_OK && buf.len == ICWS_DEVNET_SEED_BYTES;
  if (good) {
    memcpy(options->seed, buf.data, ICWS_DEVNET_SEED_BYTES);
  }
  icws_buf_wipe(&buf);
  return good ? ICWS_OPTIONS_GO
              : icws_complain_usage(ICWS_DEVNET_NAME, "--seed wants %d hexadecimal digits",
                                    2 * ICWS_DEVNET_SEED_BYTES);
}

static int read_words(struct icws_devnet_options *options)
{
  const char *way = options->gateway_over == NULL ? "process" : options->gateway_over;
  options->gateway_over_http = strcmp(way, "http") == 0;
  if (!options->gateway_over_http && strcmp(way, "process") != 0) {
    return icws_complain_usage(ICWS_DEVNET_NAME, "--gateway-over is http or process");
  }
  if (options->state != NULL && options->seed_hex != NULL) {
    return icws_complain_usage(ICWS_DEVNET_NAME,
                               "--state and --seed both say which keys to use: give one of them");
  }
  return read_seed(options);
}

int icws_devnet_options_parse(struct icws_devnet_options *options, int argc, char **argv)
{
  const struct icws_option_group groups[] = {
      {"Network", network_options, COUNT_OF(network_options), options},
      {"Program", program_options, COUNT_OF(program_options), options},
  };
  const struct icws_command_line command_line = {
      .program = ICWS_DEVNET_NAME,
      .synopsis = "[OPTION]...",
      .about =
          "Run a local network with a gateway and four canisters (chat, pingpong, ticker, echo)\n"
          "in one process, until Ctrl-C. For development, tests and demonstrations only.\n",
      .groups = groups,
      .group_count = COUNT_OF(groups),
  };
  memset(options, 0, sizeof(*options));
  int result = icws_options_parse(&command_line, argc, argv, NULL);
  if (result == ICWS_OPTIONS_GO) {
    result = check_limits(options);
  }
  return result == ICWS_OPTIONS_GO ? read_words(options) : result;
}
