/* SPDX-License-Identifier: Apache-2.0 */
#include "pem.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#define LINE_CHARS 64
#define LINE_BYTES 48 /* what a full line stands for */

#define BASE64 sodium_base64_VARIANT_ORIGINAL

/* Takes the next line off the front of |text|, without its end. */
static bool take_line(struct icws_bytes *text, struct icws_bytes *line)
{
  if (text->len == 0)
    return false;
  const uint8_t *end = memchr(text->data, '\n', text->len);
  size_t len = end ? (size_t)(end - text->data) : text->len;
  *line = icws_bytes_of(text->data, len);
  if (end && len > 0 && line->data[len - 1] == '\r')
    line->len--;
  size_t taken = end ? len + 1 : len;
  text->data += taken;
  text->len -= taken;
  return true;
}

/* Tells whether |line| is |before|, |label| and five hyphens. */
static bool is_boundary(struct icws_bytes line, const char *before, const char *label)
{
  size_t before_len = strlen(before);
  size_t label_len = strlen(label);
  return line.len == before_len + label_len + 5 && memcmp(line.data, before, before_len) == 0 &&
         memcmp(line.data + before_len, label, label_len) == 0 &&
         memcmp(line.data + before_len + label_len, "-----", 5) == 0;
}

static bool is_blank(struct icws_bytes text)
{
  for (size_t i = 0; i < text.len; i++)
    if (!memchr(" \t\r\n", text.data[i], 4))
      return false;
  return true;
}

bool icws_pem_has_label(struct icws_bytes pem, const char *label)
{
  struct icws_bytes line;
  return take_line(&pem, &line) && is_boundary(line, "-----BEGIN ", label);
}

/* Decodes one line; |*len| grows.  Returns what is wrong, or NULL.  libsodium refuses what is not
 * canonical: missing or superfluous padding, and bits left over that are not zero. */
static const char *decode_line(struct icws_bytes line, uint8_t *out, size_t size, size_t *len)
{
  size_t decoded;
  if (line.len == 0 || line.len > LINE_CHARS)
    return "is not of 1 to 64 characters";
  if (line.len / 4 * 3 > size - *len + 2)
    return "goes beyond what an Ed25519 key takes";
  if (sodium_base642bin(out + *len, size - *len, (const char *)line.data, line.len, NULL, &decoded,
                        NULL, BASE64) != 0)
    return "is not base64";
  *len += decoded;
  return NULL;
}

/* Decodes the lines up to the END line.  Only the last may be shorter than the others. */
static enum icws_error decode_block(struct icws_bytes *pem, const char *label, uint8_t *out,
                                    size_t size, size_t *len, struct icws_failure *failure)
{
  struct icws_bytes line;
  bool last = false;
  for (size_t number = 2; take_line(pem, &line); number++) {
    if (is_boundary(line, "-----END ", label))
      return ICWS_OK;
    const char *wrong = last ? "follows a shorter one" : decode_line(line, out, size, len);
    if (wrong != NULL)
      return icws_fail(failure, ICWS_ERR_PEM, "PEM: line %zu %s", number, wrong);
    last = line.len != LINE_CHARS || *len % LINE_BYTES != 0;
  }
  return icws_fail(failure, ICWS_ERR_PEM, "PEM: no END line of the block \"%s\"", label);
}

enum icws_error icws_pem_decode(struct icws_bytes pem, const char *label, uint8_t *out, size_t size,
                                size_t *len, struct icws_failure *failure)
{
  struct icws_bytes begin;
  if (!icws_pem_has_label(pem, label) || !take_line(&pem, &begin))
    return icws_fail(failure, ICWS_ERR_PEM, "PEM: no BEGIN line of a block \"%s\"", label);
  *len = 0;
  enum icws_error error = decode_block(&pem, label, out, size, len, failure);
  if (error == ICWS_OK && !is_blank(pem))
    return icws_fail(failure, ICWS_ERR_PEM, "PEM: more text after the block \"%s\"", label);
  return error;
}

static void put_text(char *out, size_t size, size_t *len, const char *text)
{
  size_t text_len = strlen(text);
  assert(text_len < size - *len);
  memcpy(out + *len, text, text_len + 1);
  *len += text_len;
}

void icws_pem_encode(const char *label, struct icws_bytes bytes, char *out, size_t size)
{
  size_t len = 0;
  put_text(out, size, &len, "-----BEGIN ");
  put_text(out, size, &len, label);
  put_text(out, size, &len, "-----\n");
  for (size_t at = 0; at < bytes.len; at += LINE_BYTES) {
    size_t count = bytes.len - at < LINE_BYTES ? bytes.len - at : LINE_BYTES;
    sodium_bin2base64(out + len, size - len, bytes.data + at, count, BASE64);
    len += sodium_base64_encoded_len(count, BASE64) - 1;
    put_text(out, size, &len, "\n");
  }
  put_text(out, size, &len, "-----END ");
  put_text(out, size, &len, label);
  put_text(out, size, &len, "-----\n");
}
