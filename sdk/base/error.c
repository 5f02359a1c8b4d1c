/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/error.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <icws/utf8.h>

#include "failure.h"

struct entry {
  enum icws_error code;
  const char *name;
  const char *sentence;
};

#define ENTRY(code, sentence)                                                                      \
  {                                                                                                \
    code, #code, sentence                                                                          \
  }

static const struct entry entries[] = {
    ENTRY(ICWS_OK, "success"),

    ENTRY(ICWS_ERR_INVALID_ARGUMENT, "an argument is not allowed here"),
    ENTRY(ICWS_ERR_INVALID_STATE, "this cannot be done in the present state"),
    ENTRY(ICWS_ERR_NOMEM, "out of memory"),
    ENTRY(ICWS_ERR_TOO_SMALL, "the output buffer is too small"),
    ENTRY(ICWS_ERR_LIMIT, "a limit on size, depth or count was passed"),
    ENTRY(ICWS_ERR_QUEUE_FULL, "the queue is full"),
    ENTRY(ICWS_ERR_RANDOM, "the source of randomness failed"),
    ENTRY(ICWS_ERR_UNSUPPORTED, "this is not supported"),
    ENTRY(ICWS_ERR_SYSTEM, "the operating system refused an operation"),

    ENTRY(ICWS_ERR_HEX, "not an even number of hexadecimal digits"),
    ENTRY(ICWS_ERR_PRINCIPAL, "not a principal"),
    ENTRY(ICWS_ERR_CBOR, "not the CBOR that the protocol asks for"),
    ENTRY(ICWS_ERR_CANDID, "not Candid of the expected type"),
    ENTRY(ICWS_ERR_DER, "not the DER structure that is expected"),
    ENTRY(ICWS_ERR_PEM, "not a PEM file of the expected kind"),
    ENTRY(ICWS_ERR_HASHTREE, "not a well-formed hash tree"),
    ENTRY(ICWS_ERR_URL, "not a URL of the expected kind"),

    ENTRY(ICWS_ERR_KEY, "not a valid key of the expected kind"),
    ENTRY(ICWS_ERR_PASSPHRASE, "the passphrase is missing or wrong"),
    ENTRY(ICWS_ERR_KEY_PERMISSIONS, "others have access to the key file"),
    ENTRY(ICWS_ERR_SIGNATURE, "the signature of the request does not verify"),
    ENTRY(ICWS_ERR_SENDER, "the sender is not the principal of the public key"),
    ENTRY(ICWS_ERR_EXPIRY, "the expiry of the request lies outside the permitted window"),
    ENTRY(ICWS_ERR_DELEGATION, "the delegation is invalid, expired or does not cover the request"),
    ENTRY(ICWS_ERR_ENVELOPE, "the request's envelope is incomplete or holds too much"),

    ENTRY(ICWS_ERR_CERTIFICATE, "not a well-formed certificate"),
    ENTRY(ICWS_ERR_CERTIFICATE_SIGNATURE, "the signature of the certificate does not verify"),
    ENTRY(ICWS_ERR_CERTIFICATE_DELEGATION, "the subnet delegation of the certificate is invalid"),
    ENTRY(ICWS_ERR_CERTIFICATE_RANGE, "the certificate's subnet may not speak for the canister"),
    ENTRY(ICWS_ERR_CERTIFICATE_STALE, "the certificate is too old"),
    ENTRY(ICWS_ERR_CERTIFICATE_FUTURE, "the certificate is from the future"),
    ENTRY(ICWS_ERR_ROOT_KEY, "not a DER-encoded BLS12-381 root key"),

    ENTRY(ICWS_ERR_CERTIFIED_DATA, "the message's tree is not what the canister certified"),
    ENTRY(ICWS_ERR_CONTENT, "the message's content is not what the canister certified"),
    ENTRY(ICWS_ERR_CLIENT_KEY, "the message is addressed to another client"),
    ENTRY(ICWS_ERR_MESSAGE_KEY, "the message's key is of another gateway or out of order"),
    ENTRY(ICWS_ERR_SEQUENCE, "the message's sequence number is not the next one"),
    ENTRY(ICWS_ERR_TIMESTAMP, "the message's timestamp is later than its certificate"),

    ENTRY(ICWS_ERR_FRAME, "the gateway sent a frame that the protocol does not know"),
    ENTRY(ICWS_ERR_HANDSHAKE, "the gateway's handshake is malformed"),
    ENTRY(ICWS_ERR_SERVICE_MESSAGE, "the canister's service message breaks the protocol"),
    ENTRY(ICWS_ERR_ACK, "the canister acknowledged a message that was never sent"),
    ENTRY(ICWS_ERR_ACK_TIMEOUT, "the canister did not acknowledge a message in time"),
    ENTRY(ICWS_ERR_HANDSHAKE_TIMEOUT, "the gateway's handshake did not come in time"),
    ENTRY(ICWS_ERR_OPEN_TIMEOUT, "the canister did not open the connection in time"),
    ENTRY(ICWS_ERR_CLOSED_BY_CANISTER, "the canister closed the connection"),
    ENTRY(ICWS_ERR_CANISTER_SEQUENCE, "the canister closed: it got a wrong sequence number"),
    ENTRY(ICWS_ERR_CANISTER_SERVICE, "the canister closed: it got an invalid service message"),
    ENTRY(ICWS_ERR_CANISTER_KEEP_ALIVE, "the canister closed: it got no keep-alive in time"),
    ENTRY(ICWS_ERR_CLOSED, "the connection is closed"),

    ENTRY(ICWS_ERR_RESOLVE, "the host name could not be resolved"),
    ENTRY(ICWS_ERR_RESOLVE_TIMEOUT, "the host name was not resolved in time"),
    ENTRY(ICWS_ERR_CONNECT, "the host could not be reached"),
    ENTRY(ICWS_ERR_CONNECT_TIMEOUT, "the host was not reached in time"),
    ENTRY(ICWS_ERR_TLS, "the TLS handshake failed"),
    ENTRY(ICWS_ERR_TLS_TIMEOUT, "the TLS handshake was not done in time"),
    ENTRY(ICWS_ERR_UPGRADE, "the server refused the WebSocket upgrade"),
    ENTRY(ICWS_ERR_UPGRADE_TIMEOUT, "the server did not answer the WebSocket upgrade in time"),
    ENTRY(ICWS_ERR_DISCONNECTED, "the gateway closed the connection, or it broke"),
    ENTRY(ICWS_ERR_HTTP, "an HTTP request failed"),
    ENTRY(ICWS_ERR_HTTP_TIMEOUT, "an HTTP request was not answered in time"),

    ENTRY(ICWS_ERR_QUERY_SIGNATURE, "the query's answer is not signed by nodes of the subnet"),
    ENTRY(ICWS_ERR_ABSENT, "there is no such value in the network's state"),
    ENTRY(ICWS_ERR_CALL_UNKNOWN, "the call expired, and whether it was processed is not known"),
    ENTRY(ICWS_ERR_CALL_FORGOTTEN, "the call was processed, but its outcome is kept no longer"),
    ENTRY(ICWS_ERR_REFUSED, "the network refused the request"),
};

static const struct entry *find_entry(enum icws_error error)
{
  for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
    if (entries[i].code == error)
      return &entries[i];
  }
  return NULL;
}

const char *icws_strerror(enum icws_error error)
{
  const struct entry *entry = find_entry(error);
  return entry != NULL ? entry->sentence : "unknown error";
}

const char *icws_error_name(enum icws_error error)
{
  const struct entry *entry = find_entry(error);
  return entry != NULL ? entry->name : "ICWS_ERR_UNKNOWN";
}

enum icws_error_family icws_error_family(enum icws_error error)
{
  if (find_entry(error) == NULL)
    return ICWS_FAMILY_NONE;
  return (enum icws_error_family)(-(int)error / 100);
}

int icws_error_check(enum icws_error error)
{
  enum icws_error_family family = icws_error_family(error);
  if (family == ICWS_FAMILY_CERTIFICATE)
    return error == ICWS_ERR_ROOT_KEY ? 0 : 1;
  /* The codes of checks 2 to 7 end in the number of their check. */
  return family == ICWS_FAMILY_MESSAGE ? -(int)error % 100 : 0;
}

/* The longest escape, of U+10FFFF. */
#define ESCAPE_BYTES (sizeof "\\u{10ffff}" - 1)

static size_t put_escape(char *out, uint32_t character)
{
  static const char digits[] = "0123456789abcdef";
  size_t len = 0;
  int shift = 20;
  while (character >> shift == 0)
    shift -= 4;
  out[len++] = '\\';
  out[len++] = 'u';
  out[len++] = '{';
  for (; shift >= 0; shift -= 4)
    out[len++] = digits[character >> shift & 0xf];
  out[len++] = '}';
  return len;
}

/* Writes what the first character of |text| is shown as; returns how many bytes the character has. */
static size_t put_shown(struct icws_bytes text, char shown[ESCAPE_BYTES], size_t *shown_len)
{
  uint32_t character;
  size_t len = icws_utf8_next(text, &character);
  bool escaped = len > 1;
  shown[0] = len == 1 && character >= ' ' && character <= '~' ? (char)character : '?';
  *shown_len = escaped ? put_escape(shown, character) : 1;
  return len > 0 ? len : 1;
}

/* Copies |text|, as ASCII that can be printed, as far as there is room for whole characters. */
static void copy_shown(char out[ICWS_FAILURE_TEXT_BYTES], const char *text)
{
  struct icws_bytes rest = icws_bytes_of((const uint8_t *)text, strlen(text));
  char shown[ESCAPE_BYTES];
  size_t used = 0;
  while (rest.len > 0) {
    size_t shown_len;
    size_t len = put_shown(rest, shown, &shown_len);
    if (shown_len >= ICWS_FAILURE_TEXT_BYTES - used)
      break;
    memcpy(out + used, shown, shown_len);
    used += shown_len;
    rest = icws_bytes_of(rest.data + len, rest.len - len);
  }
  out[used] = '\0';
}

enum icws_error icws_vfail(struct icws_failure *failure, enum icws_error code, const char *format,
                           va_list arguments)
{
  if (failure == NULL)
    return code;

  /* Formatted aside, because the arguments may point into the old text. */
  char text[ICWS_FAILURE_TEXT_BYTES] = "";
  if (vsnprintf(text, sizeof text, format, arguments) < 0)
    text[0] = '\0';
  failure->code = code;
  copy_shown(failure->text, text);
  return code;
}

enum icws_error icws_fail(struct icws_failure *failure, enum icws_error code, const char *format,
                          ...)
{
  va_list arguments;
  va_start(arguments, format);
  (void)icws_vfail(failure, code, format, arguments);
  va_end(arguments);
  return code;
}
