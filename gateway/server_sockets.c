/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Accepted sockets, until they are WebSockets.  Anybody can open sockets and say nothing; each takes a
 * descriptor, until libwebsockets' timeout, 20 s.  So there are no more of them, with the clients,
 * than clients and some to spare, and the next one takes the place of the oldest that is no client:
 * whoever means it has become one long before.
 */

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server_state.h"

static void unlink_socket(struct server *server, struct server_socket *socket)
{
  if (!socket->link)
    return;
  *socket->link = socket->next;
  if (socket->next)
    socket->next->link = socket->link;
  else
    server->sockets_end = socket->link;
  socket->link = NULL;
}

static void link_last(struct server *server, struct server_socket *socket)
{
  socket->next = NULL;
  socket->link = server->sockets_end;
  *socket->link = socket;
  server->sockets_end = &socket->next;
}

/* libwebsockets frees it when it sees the end. */
static void give_up_oldest(struct server *server)
{
  struct server_socket *oldest = server->sockets;

  if (!oldest)
    return;
  unlink_socket(server, oldest);
  server->context->stats.refusals[ICWS_GATEWAY_REFUSED_UNFINISHED]++;
  (void)shutdown(lws_get_socket_fd(oldest->wsi), SHUT_RDWR);
}

void server_socket_adopt(struct server *server, int fd)
{
  struct server_socket *socket = calloc(1, sizeof *socket);
  int type = LWS_ADOPT_HTTP | LWS_ADOPT_SOCKET;
  lws_adopt_desc_t adopted = {.vh = server->vhost, .fd.sockfd = fd};

  if (!socket) {
    (void)close(fd);
    return;
  }
  if (server->context->config.tls_certificate_file)
    type |= LWS_ADOPT_ALLOW_SSL;
  adopted.type = (lws_adoption_type)type; /* bits of that enum */
  if (server->socket_count >= server->context->config.max_clients + SERVER_SPARE_SOCKETS)
    give_up_oldest(server);
  adopted.opaque = socket;
  server->adopting = socket;
  (void)lws_adopt_descriptor_vhost_via_info(&adopted); /* closes it if it cannot */
  free(server->adopting);                              /* unless it is in use */
  server->adopting = NULL;
}

void server_socket_begin(struct server *server, struct lws *wsi)
{
  if (!server->adopting)
    return;
  server->adopting->wsi = wsi;
  link_last(server, server->adopting);
  server->adopting = NULL;
  server->socket_count++;
}

void server_socket_upgraded(struct server *server, struct lws *wsi)
{
  struct server_socket *socket = lws_get_opaque_user_data(wsi);

  if (socket)
    unlink_socket(server, socket);
}

void server_socket_end(struct server *server, struct lws *wsi)
{
  struct server_socket *socket = lws_get_opaque_user_data(wsi);

  if (!socket || socket == server->adopting)
    return; /* never begun */
  unlink_socket(server, socket);
  server->socket_count--;
  free(socket);
}
