/* SPDX-License-Identifier: Apache-2.0 */
#include "scripted_gateway.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>

#define WAIT_S 10
#define FRAME_MAX_BYTES ((uint64_t)64 << 20)

struct scripted_gateway {
  int listener;
  uint16_t port;
  pthread_t thread;
  scripted_gateway_fn *script;
  void *user_data;
  SSL_CTX *tls;
};

struct scripted_connection {
  int fd;
  SSL_CTX *tls_settings;
  SSL *tls;
};

static void require(bool condition, const char *what)
{
  if (!condition) {
    perror(what);
    abort();
  }
}

/* --- Bytes ------------------------------------------------------------------------------------ */

bool scripted_send_bytes(struct scripted_connection *connection, const void *data, size_t len)
{
  const char *next = data;
  while (len > 0) {
    ssize_t sent = connection->tls != NULL
                       ? SSL_write(connection->tls, next, len > INT32_MAX ? INT32_MAX : (int)len)
                       : send(connection->fd, next, len, MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    next += sent;
    len -= (size_t)sent;
  }
  return true;
}

bool scripted_read_bytes(struct scripted_connection *connection, void *data, size_t len)
{
  char *next = data;
  while (len > 0) {
    ssize_t got = connection->tls != NULL
                      ? SSL_read(connection->tls, next, len > INT32_MAX ? INT32_MAX : (int)len)
                      : recv(connection->fd, next, len, 0);
    if (got <= 0)
      return false;
    next += got;
    len -= (size_t)got;
  }
  return true;
}

void scripted_wait_for_end(struct scripted_connection *connection)
{
  char byte;
  while (scripted_read_bytes(connection, &byte, 1))
    ;
}

/* --- TLS and HTTP ----------------------------------------------------------------------------- */

bool scripted_accept_tls(struct scripted_connection *connection)
{
  connection->tls = SSL_new(connection->tls_settings);
  require(connection->tls != NULL && SSL_set_fd(connection->tls, connection->fd) == 1, "SSL_new");
  return SSL_accept(connection->tls) == 1;
}

bool scripted_read_request(struct scripted_connection *connection, char *head, size_t size)
{
  size_t len = 0;
  while (len + 1 < size && scripted_read_bytes(connection, head + len, 1)) {
    head[++len] = '\0';
    if (len >= 4 && strcmp(head + len - 4, "\r\n\r\n") == 0)
      return true;
  }
  return false;
}

/* The accept key of RFC 6455, 4.2.2. */
bool scripted_upgrade(struct scripted_connection *connection, const char *head)
{
  static const char field[] = "\r\nSec-WebSocket-Key: ";
  static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const char *key = strstr(head, field);
  char text[128];
  char answer[256];
  unsigned char digest[SHA_DIGEST_LENGTH];
  unsigned char accept[32];
  if (key == NULL)
    return false;
  snprintf(text, sizeof text, "%.24s%s", key + sizeof field - 1, guid);
  SHA1((const unsigned char *)text, strlen(text), digest);
  EVP_EncodeBlock(accept, digest, sizeof digest);
  snprintf(answer, sizeof answer,
           "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: %s\r\n\r\n",
           (const char *)accept);
  return scripted_send_bytes(connection, answer, strlen(answer));
}

bool scripted_accept(struct scripted_connection *connection)
{
  char head[4096];
  return scripted_read_request(connection, head, sizeof head) && scripted_upgrade(connection, head);
}

/* --- Frames: RFC 6455, 5.2 -------------------------------------------------------------------- */

bool scripted_send_frame(struct scripted_connection *connection, enum scripted_opcode opcode,
                         bool fin, const void *data, size_t len)
{
  uint8_t head[10] = {(uint8_t)((fin ? 0x80 : 0) | opcode)};
  size_t size_bytes = len < 126 ? 0 : len <= UINT16_MAX ? 2 : 8;
  size_t i;
  head[1] = (uint8_t)(size_bytes == 0 ? len : size_bytes == 2 ? 126 : 127);
  for (i = 0; i < size_bytes; i++)
    head[2 + i] = (uint8_t)((uint64_t)len >> 8 * (size_bytes - 1 - i));
  return scripted_send_bytes(connection, head, 2 + size_bytes) &&
         scripted_send_bytes(connection, data, len);
}

bool scripted_send_fragments(struct scripted_connection *connection, enum scripted_opcode opcode,
                             const void *data, size_t len, size_t fragment)
{
  const char *next = data;
  while (len > fragment) {
    if (!scripted_send_frame(connection, opcode, false, next, fragment))
      return false;
    opcode = SCRIPTED_CONTINUATION;
    next += fragment;
    len -= fragment;
  }
  return scripted_send_frame(connection, opcode, true, next, len);
}

bool scripted_send_close(struct scripted_connection *connection, uint16_t code, const char *reason)
{
  uint8_t payload[125] = {(uint8_t)(code >> 8), (uint8_t)code};
  size_t len = strlen(reason);
  memcpy(payload + 2, reason, len);
  return scripted_send_frame(connection, SCRIPTED_CLOSE, true, payload, 2 + len);
}

bool scripted_read_frame(struct scripted_connection *connection, struct scripted_frame *frame)
{
  uint8_t head[2];
  uint8_t size[8];
  uint8_t mask[4] = {0};
  size_t size_bytes;
  uint64_t len;
  size_t i;
  if (!scripted_read_bytes(connection, head, sizeof head))
    return false;
  frame->fin = (head[0] & 0x80) != 0;
  frame->opcode = (enum scripted_opcode)(head[0] & 0x0f);
  frame->masked = (head[1] & 0x80) != 0;
  len = head[1] & 0x7f;
  size_bytes = len < 126 ? 0 : len == 126 ? 2 : 8;
  if (!scripted_read_bytes(connection, size, size_bytes))
    return false;
  for (i = 0, len = size_bytes == 0 ? len : 0; i < size_bytes; i++)
    len = len << 8 | size[i];
  if (len > FRAME_MAX_BYTES ||
      (frame->masked && !scripted_read_bytes(connection, mask, sizeof mask)))
    return false;
  frame->len = (size_t)len;
  frame->payload = malloc(frame->len + 1);
  require(frame->payload != NULL, "malloc");
  if (!scripted_read_bytes(connection, frame->payload, frame->len)) {
    free(frame->payload);
    return false;
  }
  for (i = 0; i < frame->len; i++)
    frame->payload[i] ^= mask[i % 4];
  return true;
}

/* --- The gateway ------------------------------------------------------------------------------ */

void scripted_be_patient(struct scripted_connection *connection, unsigned seconds)
{
  const struct timeval wait = {.tv_sec = seconds};
  setsockopt(connection->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  setsockopt(connection->fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
}

static void *serve(void *argument)
{
  struct scripted_gateway *gateway = argument;
  for (;;) {
    struct scripted_connection connection = {.tls_settings = gateway->tls};
    connection.fd = accept(gateway->listener, NULL, NULL);
    if (connection.fd < 0)
      return NULL;
    scripted_be_patient(&connection, WAIT_S);
    gateway->script(&connection, gateway->user_data);
    SSL_free(connection.tls);
    close(connection.fd);
  }
}

static void set_up_tls(struct scripted_gateway *gateway, const char *certificate, const char *key)
{
  gateway->tls = SSL_CTX_new(TLS_server_method());
  require(gateway->tls != NULL &&
              SSL_CTX_use_certificate_file(gateway->tls, certificate, SSL_FILETYPE_PEM) == 1 &&
              SSL_CTX_use_PrivateKey_file(gateway->tls, key, SSL_FILETYPE_PEM) == 1,
          "TLS certificate");
}

static void block_signals(sigset_t *before)
{
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all,
                  before); /* they are for the test's thread; TLS needs no SIGPIPE */
}

struct scripted_gateway *scripted_gateway_start(scripted_gateway_fn *script, void *user_data,
                                                const char *certificate_file, const char *key_file)
{
  struct scripted_gateway *gateway = calloc(1, sizeof *gateway);
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t len = sizeof address;
  sigset_t signals;
  require(gateway != NULL, "calloc");
  gateway->script = script;
  gateway->user_data = user_data;
  if (certificate_file != NULL)
    set_up_tls(gateway, certificate_file, key_file);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  gateway->listener = socket(AF_INET, SOCK_STREAM, 0);
  require(bind(gateway->listener, (struct sockaddr *)&address, len) == 0 &&
              listen(gateway->listener, 16) == 0 &&
              getsockname(gateway->listener, (struct sockaddr *)&address, &len) == 0,
          "listen");
  gateway->port = ntohs(address.sin_port);
  block_signals(&signals);
  require(pthread_create(&gateway->thread, NULL, serve, gateway) == 0, "pthread_create");
  pthread_sigmask(SIG_SETMASK, &signals, NULL);
  return gateway;
}

uint16_t scripted_gateway_port(const struct scripted_gateway *gateway)
{
  return gateway->port;
}

void scripted_gateway_stop(struct scripted_gateway *gateway)
{
  shutdown(gateway->listener, SHUT_RDWR); /* ends accept */
  pthread_join(gateway->thread, NULL);
  close(gateway->listener);
  SSL_CTX_free(gateway->tls);
  free(gateway);
}
