/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_LISTENER_H
#define ICWS_GATEWAY_LISTENER_H

#include <stddef.h>
#include <stdint.h>

#include <icws/error.h>

/* A TCP socket that is listened on. */
struct listener_config {
  const char *address; /* numeric */
  uint16_t port;       /* 0: any free one */
  int backlog;
  size_t receive_buffer_bytes; /* of its connections; 0: the system's choice */
};

/* Opens one that does not block, and stores its descriptor.  Returns ICWS_OK,
 * ICWS_ERR_INVALID_ARGUMENT (the address is not numeric) or ICWS_ERR_SYSTEM. */
ICWS_NODISCARD enum icws_error listener_open(const struct listener_config *config, int *fd,
                                             struct icws_failure *failure);

/* The port it has; 0 if |fd| is none. */
uint16_t listener_port(int fd);

#endif
