/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_CLIENT_SESSION_FIXTURE_H
#define ICWS_TESTS_CLIENT_SESSION_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/client_session.h"
#include "gateway_fixture.h"

#define NONCE 42

/* A session of the gateway, and all that it made others do. */
struct session_fixture {
  struct fake_network fake;
  struct icws_identity *gateway;
  struct icws_identity *client;
  struct icws_identity *stranger;
  struct icws_principal principal; /* the gateway's */
  struct icws_principal canister;
  struct gateway_context context;
  struct client_session session;

  enum icws_error enter_result;
  enum icws_error send_result;
  size_t submitted_at_enter;
  unsigned entered;
  unsigned left;
  unsigned sent;
  unsigned settled;
  unsigned missing;
  unsigned closed;
  bool paused;
  uint64_t throttled_until_ns;
  int close_code;
  char close_reason[200];
};

/* Fixtures of cmocka: a session in Init; at most 3 messages wait. */
int session_set_up(void **state);
int session_tear_down(void **state);

/* What clients and canisters send. */
void session_receive_open(struct session_fixture *f);
void session_receive_message(struct session_fixture *f, uint64_t sequence_num);
void session_receive_call(struct session_fixture *f, struct fixture_call call);
void session_deliver(struct session_fixture *f);

/* Open towards the canister, ws_open being request 0. */
void session_open(struct session_fixture *f);

/* The sequence number of the ws_message that is the request of that index. */
uint64_t session_relayed(struct session_fixture *f, size_t index);

/* The session was closed, once, with exactly that. */
void session_assert_refused(struct session_fixture *f, int code, const char *reason);

/* ws_close for this client is request |index|, signed by the gateway. */
void session_assert_close_called(struct session_fixture *f, size_t index);

#endif
