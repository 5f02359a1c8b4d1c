/* SPDX-License-Identifier: Apache-2.0 */
#include "listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SEGMENTS_IN_WINDOW 3
#define ETHERNET_SEGMENT 1460

/* Fills |name|; its length, or 0 if |address| is not numeric. */
static socklen_t make_name(const char *address, uint16_t port, struct sockaddr_storage *name)
{
  struct sockaddr_in *ipv4 = (struct sockaddr_in *)(void *)name;
  struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)(void *)name;

  memset(name, 0, sizeof *name);
  if (inet_pton(AF_INET, address, &ipv4->sin_addr) == 1) {
    ipv4->sin_family = AF_INET;
    ipv4->sin_port = htons(port);
    return sizeof *ipv4;
  }
  if (inet_pton(AF_INET6, address, &ipv6->sin6_addr) == 1) {
    ipv6->sin6_family = AF_INET6;
    ipv6->sin6_port = htons(port);
    return sizeof *ipv6;
  }
  return 0;
}

/*
 * Before it listens: the window that a client is offered first is what a connection inherits.  Some
 * segments must fit into it: else a sender waits until the window is half of what it has ever been
 * (RFC 9293, section 3.8.6.2.1), which after a larger one is never.  On Ethernet they do by
 * themselves, but not on the loopback interface, where proxies send from.
 */
static void set_receive_buffer(int fd, size_t bytes)
{
  const int value = bytes < INT32_MAX ? (int)bytes : INT32_MAX;
  const int segment = value / SEGMENTS_IN_WINDOW;

  if (bytes == 0)
    return;
  (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, sizeof value); /* else windows are larger */
  if (segment < ETHERNET_SEGMENT)
    (void)setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
}

static enum icws_error fail(const struct listener_config *config, struct icws_failure *failure)
{
  return icws_fail(failure, ICWS_ERR_SYSTEM, "cannot listen on %s port %u: %s", config->address,
                   (unsigned)config->port, strerror(errno));
}

enum icws_error listener_open(const struct listener_config *config, int *fd,
                              struct icws_failure *failure)
{
  const int yes = 1;
  struct sockaddr_storage name;
  const socklen_t len = make_name(config->address, config->port, &name);
  int opened;

  if (len == 0)
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT, "%s is not a numeric address",
                     config->address);
  opened = socket(name.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (opened < 0)
    return fail(config, failure);
  set_receive_buffer(opened, config->receive_buffer_bytes);
  if (setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
      bind(opened, (const struct sockaddr *)&name, len) == 0 &&
      listen(opened, config->backlog) == 0) {
    *fd = opened;
    return ICWS_OK;
  }
  (void)fail(config, failure); /* while errno says why */
  (void)close(opened);
  return ICWS_ERR_SYSTEM;
}

uint16_t listener_port(int fd)
{
  struct sockaddr_storage name;
  socklen_t len = sizeof name;

  if (getsockname(fd, (struct sockaddr *)&name, &len) != 0)
    return 0;
  return ntohs(name.ss_family == AF_INET ? ((struct sockaddr_in *)(void *)&name)->sin_port
                                         : ((struct sockaddr_in6 *)(void *)&name)->sin6_port);
}
