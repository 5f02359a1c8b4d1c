/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SESSION_DRIVER_H
#define SESSION_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/icws.h>

/*
 * Drives one session in a test: answers signing, takes every output at once, and keeps what came out.
 * All members may be read and, before session_driver_open, |config| and |signer| written.
 */
#define DRIVER_MAX_DELIVERED 16
#define DRIVER_MAX_FRAMES 16

struct session_driver {
  struct icws_session_config config;
  struct icws_random random; /* the client nonce first, then a counter */
  uint64_t client_nonce;
  uint64_t random_calls;
  struct icws_identity *identity; /* signs; NULL: a fixed signature */
  struct icws_session *session;
  struct icws_now now;

  unsigned signed_count;
  bool opened;
  size_t delivered_count;
  struct icws_buf delivered[DRIVER_MAX_DELIVERED];
  struct icws_event_message last_message;
  uint64_t acked;
  unsigned ack_count;
  uint64_t last_ticket;
  bool closed;
  size_t frame_count;
  struct icws_buf frames[DRIVER_MAX_FRAMES];
  uint16_t close_code; /* 0: none came */
  char close_reason[ICWS_CLOSE_REASON_BYTES];
};

void session_driver_init(struct session_driver *driver);
void session_driver_wipe(struct session_driver *driver);

/* Makes the session; its error. */
enum icws_error session_driver_open(struct session_driver *driver);

/* Pulls events and outputs until there are none. */
void session_driver_pump(struct session_driver *driver);

/* Feeds a binary frame and pumps; the error of icws_session_recv. */
enum icws_error session_driver_recv(struct session_driver *driver, struct icws_bytes frame);

/* Moves both clocks on, ticks and pumps; the error of icws_session_tick. */
enum icws_error session_driver_wait(struct session_driver *driver, uint64_t ms);

#endif
