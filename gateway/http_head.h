/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_HTTP_HEAD_H
#define ICWS_GATEWAY_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>

#include "http_server.h"

/* The head of an HTTP/1.1 request: its first line and its header fields (RFC 9112, sections 2 to 6),
 * read strictly, since whoever disagrees about where a request ends can be told lies. */

#define HTTP_MAX_METHOD_BYTES 15

struct http_head {
  char method[HTTP_MAX_METHOD_BYTES + 1];
  char path[ICWS_HTTP_MAX_PATH_BYTES + 1];
  char content_type[ICWS_HTTP_MAX_FIELD_BYTES + 1];
  char origin[ICWS_HTTP_MAX_FIELD_BYTES + 1];
  bool keep_alive;
  bool expects_continue;
  bool has_length;
  uint64_t length; /* of the body; 0 if it has none */
};

enum http_head_result {
  HTTP_HEAD_WHOLE,
  HTTP_HEAD_MORE, /* is to come */
  HTTP_HEAD_BAD,
};

/* What is wrong with it. */
struct http_head_error {
  unsigned status;
  const char *text; /* static, a line */
};

/* http_head_read reads the head that |input| begins with.  WHOLE: |*head| and |*head_len| are set;
 * BAD: |*error| is. */
enum http_head_result http_head_read(struct icws_bytes input, struct http_head *head,
                                     size_t *head_len, struct http_head_error *error);

#endif
