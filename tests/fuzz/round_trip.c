/* SPDX-License-Identifier: Apache-2.0 */
#include "round_trip.h"

#include <stdlib.h>

static void must(bool condition)
{
  if (!condition)
    abort();
}

static bool run(round_trip_fn *decode, struct icws_bytes bytes, struct icws_buf *again)
{
  struct icws_failure failure = {.code = ICWS_OK, .text = ""};
  enum icws_error error = decode(bytes, again, &failure);

  must(failure.code == error && (error == ICWS_OK) == (failure.text[0] == '\0'));
  must(error == ICWS_OK || again->len == 0);
  must(icws_buf_error(again) == ICWS_OK);
  return error == ICWS_OK;
}

/* Encoders give different values different bytes, so values are compared by them. */
bool round_trip(round_trip_fn *decode, struct icws_bytes bytes)
{
  struct icws_buf once;
  struct icws_buf twice;
  bool decoded;

  icws_buf_init(&once, 0, NULL);
  icws_buf_init(&twice, 0, NULL);
  decoded = run(decode, bytes, &once);
  if (decoded) {
    must(run(decode, icws_buf_bytes(&once), &twice));
    must(icws_bytes_equal(icws_buf_bytes(&once), icws_buf_bytes(&twice)));
  }
  icws_buf_wipe(&once);
  icws_buf_wipe(&twice);
  return decoded;
}
