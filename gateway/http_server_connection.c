/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <sys/socket.h>

#include "http_server_state.h"

#define NS_PER_MS UINT64_C(1000000)

static struct http_connection *connection_new(struct icws_http_server *server,
                                              struct MHD_Connection *mhd)
{
  struct http_connection *connection = calloc(1, sizeof *connection);

  if (!connection)
    return NULL;
  connection->server = server;
  connection->mhd = mhd;
  connection->since_ns = server->config.monotonic_ns();
  connection->next = server->connections;
  connection->link = &server->connections;
  if (connection->next)
    connection->next->link = &connection->next;
  server->connections = connection;
  server->connection_count++;
  return connection;
}

static void connection_del(struct http_connection *connection)
{
  *connection->link = connection->next;
  if (connection->next)
    connection->next->link = connection->link;
  connection->server->connection_count--;
  free(connection);
}

void http_connection_notify(void *cls, struct MHD_Connection *mhd, void **socket_context,
                            enum MHD_ConnectionNotificationCode code)
{
  if (code == MHD_CONNECTION_NOTIFY_STARTED)
    *socket_context = connection_new(cls, mhd);
  else if (*socket_context)
    connection_del(*socket_context);
}

struct http_connection *http_connection_of(struct MHD_Connection *mhd)
{
  return MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/* libmicrohttpd looks only for clients that send nothing at all.  One that sends a byte now and then
 * would hold its place for ever: it is shut out, and libmicrohttpd notices that it is gone. */
void http_connection_sweep(struct icws_http_server *server, uint64_t now_ns)
{
  const uint64_t timeout_ns = server->config.timeout_ms * NS_PER_MS;

  for (struct http_connection *c = server->connections; c; c = c->next) {
    if (c->handling || now_ns - c->since_ns < timeout_ns)
      continue;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    (void)shutdown(info->connect_fd, SHUT_RDWR);
  }
}
