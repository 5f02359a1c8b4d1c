/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid.h>
#include <inttypes.h>
#include <stdio.h>

/* Appends the message (record { text = ...; timestamp = ... : nat64 }). */
static enum icws_error encode(struct icws_bytes text, uint64_t timestamp, struct icws_buf *out)
{
  const struct icws_candid_field fields[] = {
      {"text", ICWS_CANDID_TEXT},
      {"timestamp", ICWS_CANDID_NAT64},
  };
  struct icws_candid_writer writer;
  icws_candid_writer_init(&writer, out);
  int message = icws_candid_type_record(&writer, fields, 2);
  icws_candid_put_args(&writer, &message, 1);
  icws_candid_put_text(&writer, text); /* in the order of the fields' ids */
  icws_candid_put_nat64(&writer, timestamp);
  return icws_buf_error(out); /* once, for all of it */
}

/* Reads one.  |text| stays in |message|. */
static enum icws_error decode(struct icws_candid_reader *reader, struct icws_bytes message,
                              struct icws_bytes *text, uint64_t *timestamp)
{
  struct icws_candid_record record;
  uint32_t id;
  int type;
  int missing = 2;
  if (icws_candid_reader_init(reader, message) != ICWS_OK || !icws_candid_next_arg(reader, &type) ||
      icws_candid_read_record(reader, type, &record) != ICWS_OK)
    return icws_candid_fail(reader, "there is no message", NULL); /* the first error sticks */
  while (icws_candid_next_field(reader, &record, &id, &type)) {
    if (id == icws_candid_field_id("text"))
      missing -= icws_candid_read_text(reader, type, text) == ICWS_OK;
    else if (id == icws_candid_field_id("timestamp"))
      missing -= icws_candid_read_nat64(reader, type, timestamp) == ICWS_OK;
    else if (icws_candid_skip(reader, type) != ICWS_OK)
      break;
  }
  if (missing > 0)
    return icws_candid_fail(reader, "a field is missing", NULL);
  return icws_candid_finish(reader);
}

int main(int argc, char **argv)
{
  struct icws_candid_reader reader = {.reason = "these are no hex digits"};
  struct icws_bytes text;
  uint64_t timestamp = 0;
  struct icws_buf message;
  icws_buf_init(&message, 0, NULL);
  enum icws_error error = argc > 1 ? icws_hex_decode(icws_bytes_text(argv[1]), &message)
                                   : encode(icws_bytes_text("hi"), 1, &message);
  if (error == ICWS_OK)
    error = decode(&reader, icws_buf_bytes(&message), &text, &timestamp);
  if (error == ICWS_OK)
    printf("text of %zu bytes, timestamp %" PRIu64 "\n", text.len, timestamp);
  else
    fprintf(stderr, "byte %zu: %s\n", reader.offset, reader.reason);
  icws_buf_wipe(&message);
  return error != ICWS_OK;
}
