/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_HTTP_PORT_H
#define ICWS_DEVNET_HTTP_PORT_H

#include <uv.h>

#include <icws/error.h>

#include "devnet/replica.h"

/* The port at which a replica's HTTP API is served: sockets on one side, devnet/http_api.h on the
 * other, and between them the calls that wait for their round. */
struct icws_http_port;

/* How long a call waits before its client is told to ask for the outcome, as a replica has it. */
#define ICWS_HTTP_PORT_PATIENCE_MS 10000

/* Calls that wait at a time; more are answered as if they had waited. */
#define ICWS_HTTP_PORT_MAX_WAITING 4096

/*
 * icws_http_port_new serves |replica|, which must outlive it, on |port| (0: any free one) of the
 * numeric |address|.  Returns ICWS_OK or an error of icws_http_server_new.  icws_http_port_del runs
 * the loop until the sockets are closed; NULL is ignored.
 */
ICWS_NODISCARD enum icws_error icws_http_port_new(uv_loop_t *loop, struct icws_replica *replica,
                                                  const char *address, uint16_t port,
                                                  struct icws_http_port **http_port,
                                                  struct icws_failure *failure);
void icws_http_port_del(struct icws_http_port *http_port);

uint16_t icws_http_port_number(const struct icws_http_port *http_port);

/* icws_http_port_settle answers the calls that were executed.  To be called after each round. */
void icws_http_port_settle(struct icws_http_port *http_port);

#endif
