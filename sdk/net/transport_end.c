/* SPDX-License-Identifier: Apache-2.0 */
#include "transport_impl.h"

#include <stdio.h>

void icws_transport_explain(struct icws_transport *transport, const char *detail)
{
  const char *where = transport->config.url->authority;
  struct icws_failure *failure = &transport->failure;
  const char *tls = transport->tls.reason;
  unsigned status;
  switch (transport->stage) {
  case ICWS_STAGE_CONNECT:
    (void)icws_fail(failure, ICWS_ERR_CONNECT, "cannot connect to %s", where);
    break;
  case ICWS_STAGE_TLS:
    (void)icws_fail(failure, ICWS_ERR_TLS, "no TLS with %s: %s", where,
                    tls[0] != '\0' ? tls : "the connection was closed");
    break;
  case ICWS_STAGE_UPGRADE:
    status = lws_http_client_http_response(transport->wsi);
    if (status != 0 && status != 101)
      (void)icws_fail(failure, ICWS_ERR_UPGRADE,
                      "%s answered the upgrade to WebSocket with HTTP status %u", where, status);
    else
      (void)icws_fail(failure, ICWS_ERR_UPGRADE, "%s did not upgrade to WebSocket: %s", where,
                      status == 0 || detail == NULL ? "it closed the connection or speaks no HTTP"
                                                    : detail);
    break;
  case ICWS_STAGE_UP:
    (void)icws_fail(failure, ICWS_ERR_DISCONNECTED, "%s %s", where,
                    transport->peer_close[0] != '\0' ? transport->peer_close
                                                     : "dropped the connection");
    break;
  }
}

void icws_transport_ended(struct icws_transport *transport, const char *detail)
{
  bool as_asked =
      transport->closing && (transport->close_begun || transport->peer_close[0] != '\0');
  icws_transport_explain(transport, detail);
  transport->wsi = NULL;
  if (!transport->starting && !transport->aborted)
    transport->config.handler->on_closed(transport->config.user_data,
                                         as_asked ? NULL : &transport->failure);
}

void icws_transport_note_close(struct icws_transport *transport, const uint8_t *data, size_t len)
{
  char *out = transport->peer_close;
  size_t size = sizeof transport->peer_close;
  size_t used;
  size_t i;
  if (len < 2) {
    snprintf(out, size, "closed the WebSocket without a code");
    return;
  }
  used = (size_t)snprintf(out, size, "closed the WebSocket with code %u%s",
                          (unsigned)data[0] << 8 | data[1], len > 2 ? ": " : "");
  for (i = 2; i < len && used + sizeof "\\xff" <= size; i++) {
    bool plain = data[i] >= 0x20 && data[i] < 0x7f && data[i] != '\\';
    used += (size_t)snprintf(out + used, size - used, plain ? "%c" : "\\x%02x", data[i]);
  }
}
