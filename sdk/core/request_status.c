/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/request_status.h>

#include "leb128.h"
#include "reject_code.h"
#include "utf8.h"

/* Looks a field of the request up; the status' own field is the last that may be missing. */
static enum icws_lookup look_up(const struct icws_hashtree *tree, const uint8_t *request_id,
                                const char *field, struct icws_bytes *value)
{
  struct icws_bytes path[] = {icws_bytes_text("request_status"),
                              icws_bytes_of(request_id, ICWS_REQUEST_ID_BYTES),
                              icws_bytes_text(field)};
  return icws_hashtree_lookup(tree, path, 3, value);
}

static enum icws_error fail_field(const char *field, struct icws_failure *failure)
{
  return icws_fail(failure, ICWS_ERR_CERTIFICATE,
                   "request status: %s is missing, or not what it must be", field);
}

static enum icws_error read_text(const struct icws_hashtree *tree, const uint8_t *request_id,
                                 const char *field, struct icws_bytes *text,
                                 struct icws_failure *failure)
{
  if (look_up(tree, request_id, field, text) != ICWS_LOOKUP_FOUND || !icws_utf8_valid(*text))
    return fail_field(field, failure);
  return ICWS_OK;
}

static enum icws_error read_reject(const struct icws_hashtree *tree, const uint8_t *request_id,
                                   struct icws_reject *reject, struct icws_failure *failure)
{
  struct icws_bytes encoding;
  size_t offset = 0;
  uint64_t code;
  if (look_up(tree, request_id, "reject_code", &encoding) != ICWS_LOOKUP_FOUND ||
      !icws_leb128_get(encoding, &offset, &code) || offset != encoding.len ||
      !icws_reject_code_init(&reject->code, code))
    return fail_field("reject_code", failure);
  enum icws_error error = read_text(tree, request_id, "reject_message", &reject->text, failure);
  if (error != ICWS_OK)
    return error;

  /* Optional: one that was pruned away says no more than one that is not there. */
  reject->has_error_code =
      look_up(tree, request_id, "error_code", &reject->error_code) == ICWS_LOOKUP_FOUND;
  if (reject->has_error_code && !icws_utf8_valid(reject->error_code))
    return fail_field("error_code", failure);
  return ICWS_OK;
}

static enum icws_error read_status(struct icws_bytes text, enum icws_request_status *status,
                                   struct icws_failure *failure)
{
  static const struct {
    const char *text;
    enum icws_request_status status;
  } names[] = {
      {"received", ICWS_STATUS_RECEIVED}, {"processing", ICWS_STATUS_PROCESSING},
      {"replied", ICWS_STATUS_REPLIED},   {"rejected", ICWS_STATUS_REJECTED},
      {"done", ICWS_STATUS_DONE},
  };
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (icws_bytes_equal(text, icws_bytes_text(names[i].text))) {
      *status = names[i].status;
      return ICWS_OK;
    }
  }
  return icws_fail(failure, ICWS_ERR_CERTIFICATE, "request status: not a status that exists");
}

enum icws_error icws_request_status_read(const struct icws_hashtree *tree,
                                         const uint8_t request_id[ICWS_REQUEST_ID_BYTES],
                                         struct icws_request_outcome *outcome,
                                         struct icws_failure *failure)
{
  struct icws_request_outcome found = {.status = ICWS_STATUS_UNKNOWN};
  struct icws_bytes text;
  enum icws_error error = ICWS_OK;
  switch (look_up(tree, request_id, "status", &text)) {
  case ICWS_LOOKUP_FOUND:
    error = read_status(text, &found.status, failure);
    break;
  case ICWS_LOOKUP_ABSENT:
    found.status = ICWS_STATUS_ABSENT;
    break;
  case ICWS_LOOKUP_UNKNOWN:
    break;
  case ICWS_LOOKUP_ERROR:
    return fail_field("status", failure);
  }
  if (error == ICWS_OK && found.status == ICWS_STATUS_REPLIED &&
      look_up(tree, request_id, "reply", &found.reply) != ICWS_LOOKUP_FOUND)
    error = fail_field("reply", failure);
  if (error == ICWS_OK && found.status == ICWS_STATUS_REJECTED)
    error = read_reject(tree, request_id, &found.reject, failure);
  if (error == ICWS_OK)
    *outcome = found;
  return error;
}
