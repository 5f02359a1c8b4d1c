/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_AGENT_FIXTURE_H
#define ICWS_TESTS_AGENT_FIXTURE_H

#include <stdbool.h>
#include <stdint.h>

#include <icws/agent.h>

#include "scripted_replica.h"

/* An agent, the scripted network that it asks, and what became of the last request.  Zeroed, then
 * filled in as far as the test wants it different. */
struct agent_fixture {
  struct scripted_replica replica;
  struct icws_agent_config config; /* its URL and root key are filled in if they are missing */
  int64_t machine_ahead_ns;        /* of the real clock */
  bool without_root_key;           /* mainnet's, or to be fetched */

  struct icws_identity *identity;
  struct icws_agent *agent;
  char url[64];

  /* Of the last answer. */
  unsigned answers; /* since the start */
  enum icws_agent_outcome outcome;
  struct icws_buf reply;
  enum icws_reject_code reject_code;
  char text[128]; /* of the reject */
  char error_code[16];
  bool proven;
  struct icws_failure failure;
  bool may_be_processed;
  uint64_t time_ns;
  bool has_certificate;
};

void agent_fixture_start(struct agent_fixture *fixture);
void agent_fixture_stop(struct agent_fixture *fixture);

/* The callback for all requests, with the fixture as user data. */
icws_agent_answer_fn fixture_answered;

/* Drives the agent with poll() alone, until all requests are answered. */
void agent_fixture_run(struct agent_fixture *fixture);

/* Submit one request and run. */
void agent_fixture_query(struct agent_fixture *fixture, const char *method, const char *arg);
void agent_fixture_call(struct agent_fixture *fixture, const char *method, const char *arg);
void agent_fixture_relay(struct agent_fixture *fixture, enum icws_request_type type,
                         const char *method, const char *arg);

void agent_fixture_expect_reply(const struct agent_fixture *fixture, const char *reply);
void agent_fixture_expect_failure(const struct agent_fixture *fixture, enum icws_error code);

/* The failure's text holds |text|. */
void agent_fixture_expect_text(const struct agent_fixture *fixture, const char *text);

/* What the network answers instead of what it should. */
struct agent_fixture_plan {
  unsigned status;    /* 0: hang up */
  const char *fields; /* more of the head, each with CRLF; or NULL */
  const char *text;
  size_t len;     /* 0: as long as the string is */
  unsigned times; /* then it answers well; 0: always */
};

/* Starts with a network that follows |plan|, which it borrows. */
void agent_fixture_start_plan(struct agent_fixture *fixture, struct agent_fixture_plan *plan);

/* A signed envelope of somebody else. */
void agent_fixture_put_envelope(const struct agent_fixture *fixture, enum icws_request_type type,
                                const char *method, const char *arg, uint64_t expiry_ns,
                                struct icws_buf *out);

#endif
