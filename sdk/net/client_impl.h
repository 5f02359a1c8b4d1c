/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_CLIENT_IMPL_H
#define ICWS_NET_CLIENT_IMPL_H

#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

#include <icws/client.h>

#include "loop.h"
#include "outbox.h"
#include "probe.h"
#include "resolve.h"
#include "root_key.h"
#include "transport.h"
#include "url.h"

/*
 * The client in three files: client.c has its life and its public face, client_connect.c gets it
 * from icws_client_start to the end of the upgrade, client_pump.c from there to the end.
 */
struct icws_client {
  struct icws_client_config config; /* numbers filled in; pointers only to what is below */
  struct icws_url url;
  struct icws_url root_key_url;
  char *ca_file;
  struct icws_identity *own_identity; /* made here, or NULL */
  struct icws_verifier *verifier;     /* NULL until there is a root key */
  uv_loop_t loop;

  enum icws_client_phase phase;
  struct icws_failure failure; /* why it closes; the first one */
  bool started;
  bool close_wanted; /* icws_client_close was called */
  bool stirred;      /* a call left work for icws_client_process */
  bool processing;   /* inside icws_client_process or icws_client_run */
  bool told_closed;  /* on_closed has run */
  struct icws_timer *phase_timer;
  struct icws_timer *session_timer;

  /* While it connects. */
  struct icws_root_key_fetch *root_key_fetch;
  struct icws_resolver *resolver;
  struct icws_addresses addresses;
  size_t next_address;
  uint64_t connect_deadline; /* on the loop's clock, ms */
  struct icws_probe *probe;
  struct icws_failure attempts; /* what became of the addresses so far */

  struct icws_transport *transport;
  struct icws_outbox outbox; /* until there is a session */
  struct icws_session *session;
};

/* --- client.c --- */
void icws_client_set_phase(struct icws_client *client, enum icws_client_phase phase);

/* icws_client_finish ends everything; |failure| NULL: on the client's wish.  A failure that was
 * kept before stays. */
void icws_client_finish(struct icws_client *client, const struct icws_failure *failure);

/* --- client_connect.c --- */
void icws_client_connect(struct icws_client *client);
void icws_client_phase_timed_out(struct icws_client *client);
void icws_client_transport_stage(struct icws_client *client, enum icws_transport_stage stage);

/* icws_client_connection_failed: the connection ended before the upgrade. */
void icws_client_connection_failed(struct icws_client *client, const struct icws_failure *failure);

/* --- client_pump.c --- */
extern const struct icws_transport_handler icws_client_transport_handler;

/* icws_client_begin_session follows the upgrade. */
void icws_client_begin_session(struct icws_client *client);

/* icws_client_drive acts on what the session has to say. */
void icws_client_drive(struct icws_client *client);
void icws_client_session_timer_fired(void *user_data);

#endif
