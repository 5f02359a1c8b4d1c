/* SPDX-License-Identifier: Apache-2.0 */
#include "resolve.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <ares.h>

#include "loop.h"

/* c-ares asks at most three servers, over UDP and TCP, for two kinds of address. */
#define SOCKETS_MAX 16

struct icws_resolver {
  uv_loop_t *loop;
  ares_channel channel;
  struct icws_timer *timer; /* what c-ares waits for next; at once when it has finished */
  struct {
    ares_socket_t fd;
    struct icws_watch *watch;
  } sockets[SOCKETS_MAX];
  char host[ICWS_URL_HOST_BYTES];
  icws_resolved_fn *fn;
  void *user_data;
  bool finished;
  int status; /* of c-ares, once finished */
  struct icws_addresses addresses;
};

void icws_address_format(const struct icws_address *address, char out[ICWS_ADDRESS_TEXT_BYTES])
{
  const void *bytes = &((const struct sockaddr_in *)&address->sockaddr)->sin_addr;
  if (address->sockaddr.ss_family == AF_INET6)
    bytes = &((const struct sockaddr_in6 *)&address->sockaddr)->sin6_addr;
  if (inet_ntop(address->sockaddr.ss_family, bytes, out, ICWS_ADDRESS_TEXT_BYTES) == NULL)
    snprintf(out, ICWS_ADDRESS_TEXT_BYTES, "?");
}

/* Has the timer fire when c-ares wants to look at the clock next. */
static void set_timer(struct icws_resolver *resolver)
{
  struct timeval wait;
  if (resolver->finished)
    icws_timer_start(resolver->timer, 0);
  else if (ares_timeout(resolver->channel, NULL, &wait) != NULL)
    icws_timer_start(resolver->timer,
                     (uint64_t)wait.tv_sec * 1000 + (uint64_t)wait.tv_usec / 1000 + 1);
}

static void socket_ready(void *user_data, int fd, int status, int events)
{
  struct icws_resolver *resolver = user_data;
  bool readable = status < 0 || (events & UV_READABLE) != 0;
  bool writable = status < 0 || (events & UV_WRITABLE) != 0;
  ares_process_fd(resolver->channel, readable ? fd : ARES_SOCKET_BAD,
                  writable ? fd : ARES_SOCKET_BAD);
  set_timer(resolver);
}

/* c-ares calls this before it closes a socket, too, with nothing to wait for. */
static void watch_socket(void *user_data, ares_socket_t fd, int readable, int writable)
{
  struct icws_resolver *resolver = user_data;
  int events = (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0);
  size_t i = 0;
  while (i < SOCKETS_MAX && (resolver->sockets[i].watch == NULL || resolver->sockets[i].fd != fd))
    i++;
  if (i == SOCKETS_MAX && events != 0) {
    for (i = 0; i < SOCKETS_MAX && resolver->sockets[i].watch != NULL; i++)
      ;
    if (i == SOCKETS_MAX)
      return; /* c-ares takes this socket's answer for lost, and tries again */
    resolver->sockets[i].fd = fd;
    resolver->sockets[i].watch = icws_watch_new(resolver->loop, fd, socket_ready, resolver);
  }
  if (i == SOCKETS_MAX || resolver->sockets[i].watch == NULL)
    return;
  icws_watch_set(resolver->sockets[i].watch, events);
  if (events == 0) {
    icws_watch_del(resolver->sockets[i].watch);
    resolver->sockets[i].watch = NULL;
  }
}

static void keep_addresses(struct icws_addresses *addresses, const struct ares_addrinfo *info)
{
  const struct ares_addrinfo_node *node;
  for (node = info->nodes; node != NULL && addresses->count < ICWS_ADDRESSES_MAX;
       node = node->ai_next) {
    struct icws_address *address = &addresses->list[addresses->count];
    if ((node->ai_family != AF_INET && node->ai_family != AF_INET6) ||
        node->ai_addrlen > sizeof address->sockaddr)
      continue;
    memcpy(&address->sockaddr, node->ai_addr, node->ai_addrlen);
    address->len = node->ai_addrlen;
    addresses->count++;
  }
}

/* Runs inside functions of c-ares, where the resolver cannot be deleted: the timer tells. */
static void finish(void *user_data, int status, int timeouts, struct ares_addrinfo *info)
{
  struct icws_resolver *resolver = user_data;
  (void)timeouts;
  if (status == ARES_EDESTRUCTION)
    return;
  resolver->finished = true;
  resolver->status = status;
  if (info != NULL) {
    keep_addresses(&resolver->addresses, info);
    ares_freeaddrinfo(info);
  }
}

static void tell(struct icws_resolver *resolver)
{
  struct icws_failure failure;
  if (resolver->addresses.count > 0) {
    resolver->fn(resolver->user_data, &resolver->addresses, NULL);
    return;
  }
  if (resolver->status == ARES_ENOTFOUND || resolver->status == ARES_ENODATA ||
      resolver->status == ARES_SUCCESS)
    (void)icws_fail(&failure, ICWS_ERR_RESOLVE, "unknown host name: %s", resolver->host);
  else
    (void)icws_fail(&failure, ICWS_ERR_RESOLVE, "cannot look up the host name %s: %s",
                    resolver->host, ares_strerror(resolver->status));
  resolver->fn(resolver->user_data, NULL, &failure);
}

static void timer_fired(void *user_data)
{
  struct icws_resolver *resolver = user_data;
  if (!resolver->finished) {
    ares_process_fd(resolver->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    set_timer(resolver);
    return;
  }
  tell(resolver);
}

static void add_ipv4(struct icws_addresses *addresses, struct in_addr ip, uint16_t port)
{
  struct icws_address *address = &addresses->list[addresses->count++];
  struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = ip};
  address->len = sizeof ipv4;
  memcpy(&address->sockaddr, &ipv4, sizeof ipv4);
}

static void add_ipv6(struct icws_addresses *addresses, struct in6_addr ip, uint16_t port)
{
  struct icws_address *address = &addresses->list[addresses->count++];
  struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = ip};
  address->len = sizeof ipv6;
  memcpy(&address->sockaddr, &ipv6, sizeof ipv6);
}

/* What is known without a look-up.  An address is: c-ares would ask its servers for it all the same.
 * And localhost is this machine (RFC 6761, section 6.3), whatever its hosts file and servers say. */
static bool take_known(struct icws_addresses *addresses, const struct icws_url *url)
{
  struct in_addr ipv4;
  struct in6_addr ipv6;
  if (inet_pton(AF_INET, url->host, &ipv4) == 1) {
    add_ipv4(addresses, ipv4, url->port);
  } else if (inet_pton(AF_INET6, url->host, &ipv6) == 1) {
    add_ipv6(addresses, ipv6, url->port);
  } else if (strcasecmp(url->host, "localhost") == 0) {
    ipv4.s_addr = htonl(INADDR_LOOPBACK);
    add_ipv4(addresses, ipv4, url->port);
    add_ipv6(addresses, in6addr_loopback, url->port);
  }
  return addresses->count > 0;
}

static int look_up(struct icws_resolver *resolver, const struct icws_url *url)
{
  struct ares_options options = {.sock_state_cb = watch_socket, .sock_state_cb_data = resolver};
  struct ares_addrinfo_hints hints = {
      .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = ARES_AI_NUMERICSERV};
  char service[sizeof "65535"];
  int status = ares_init_options(&resolver->channel, &options, ARES_OPT_SOCK_STATE_CB);
  if (status != ARES_SUCCESS)
    return status;
  snprintf(service, sizeof service, "%u", (unsigned)url->port);
  ares_getaddrinfo(resolver->channel, url->host, service, &hints, finish, resolver);
  return ARES_SUCCESS;
}

static int start(struct icws_resolver *resolver, const struct icws_url *url)
{
  int status = ARES_SUCCESS;
  resolver->finished = take_known(&resolver->addresses, url);
  if (!resolver->finished)
    status = look_up(resolver, url);
  set_timer(resolver);
  return status;
}

enum icws_error icws_resolver_new(uv_loop_t *loop, const struct icws_url *url, icws_resolved_fn *fn,
                                  void *user_data, struct icws_resolver **resolver,
                                  struct icws_failure *failure)
{
  struct icws_resolver *made = calloc(1, sizeof *made);
  int status = ARES_ENOMEM;
  if (made != NULL) {
    made->loop = loop;
    made->fn = fn;
    made->user_data = user_data;
    memcpy(made->host, url->host, sizeof made->host);
    made->timer = icws_timer_new(loop, timer_fired, made);
    if (made->timer != NULL)
      status = start(made, url);
  }
  if (status != ARES_SUCCESS) {
    icws_resolver_del(made);
    return icws_fail(failure, ICWS_ERR_SYSTEM, "cannot look up the host name %s: %s", url->host,
                     ares_strerror(status));
  }
  *resolver = made;
  return ICWS_OK;
}

void icws_resolver_del(struct icws_resolver *resolver)
{
  size_t i;
  if (resolver == NULL)
    return;
  if (resolver->channel != NULL)
    ares_destroy(resolver->channel);
  for (i = 0; i < SOCKETS_MAX; i++)
    icws_watch_del(resolver->sockets[i].watch);
  icws_timer_del(resolver->timer);
  free(resolver);
}
