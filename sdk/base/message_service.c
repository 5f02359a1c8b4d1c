/* SPDX-License-Identifier: Apache-2.0 */
#include "message_candid.h"

static const char *const service_names[] = {
    [ICWS_SERVICE_OPEN] = "OpenMessage",
    [ICWS_SERVICE_ACK] = "AckMessage",
    [ICWS_SERVICE_KEEP_ALIVE] = "KeepAliveMessage",
    [ICWS_SERVICE_CLOSE] = "CloseMessage",
};

static const char *const reason_names[] = {
    [ICWS_CLOSE_WRONG_SEQUENCE_NUMBER] = "WrongSequenceNumber",
    [ICWS_CLOSE_INVALID_SERVICE_MESSAGE] = "InvalidServiceMessage",
    [ICWS_CLOSE_KEEP_ALIVE_TIMEOUT] = "KeepAliveTimeout",
    [ICWS_CLOSE_BY_APPLICATION] = "ClosedByApplication",
};

#define SERVICES ICWS_COUNT_OF(service_names)
#define REASONS ICWS_COUNT_OF(reason_names)

/* --- Encoding -------------------------------------------------------------------------------- */

static int type_record_of(struct icws_candid_writer *writer, const char *name, int type)
{
  const struct icws_candid_field field = {name, type};
  return icws_candid_type_record(writer, &field, 1);
}

/* The cases of a variant that holds no values. */
static void list_reasons(struct icws_candid_field cases[REASONS])
{
  for (size_t i = 0; i < REASONS; i++)
    cases[i] = (struct icws_candid_field){reason_names[i], ICWS_CANDID_NULL};
}

/* Appends the types of all service messages and lists the cases of the variant of them. */
static void list_services(struct icws_candid_writer *writer,
                          struct icws_candid_field cases[SERVICES])
{
  struct icws_candid_field reasons[REASONS];
  list_reasons(reasons);
  int reason = icws_candid_type_variant(writer, reasons, REASONS);
  int key = icws_candid_type_client_key(writer);
  int open = type_record_of(writer, "client_key", key);
  int number = type_record_of(writer, "last_incoming_sequence_num", ICWS_CANDID_NAT64);
  int close = type_record_of(writer, "reason", reason);

  const int types[SERVICES] = {
      [ICWS_SERVICE_OPEN] = open,
      [ICWS_SERVICE_ACK] = number,
      [ICWS_SERVICE_KEEP_ALIVE] = number,
      [ICWS_SERVICE_CLOSE] = close,
  };
  for (size_t i = 0; i < SERVICES; i++)
    cases[i] = (struct icws_candid_field){service_names[i], types[i]};
}

static void put_reason(struct icws_candid_writer *writer, enum icws_close_reason reason)
{
  struct icws_candid_field cases[REASONS];
  list_reasons(cases);
  icws_candid_put_index(writer, icws_candid_case_index(cases, REASONS, reason_names[reason]));
}

void icws_service_message_put(struct icws_buf *buf, const struct icws_service_message *message)
{
  struct icws_candid_writer writer;
  struct icws_candid_field cases[SERVICES];
  icws_candid_writer_init(&writer, buf);
  list_services(&writer, cases);
  int type = icws_candid_type_variant(&writer, cases, SERVICES);
  icws_candid_put_args(&writer, &type, 1);

  const char *name = service_names[message->type];
  icws_candid_put_index(&writer, icws_candid_case_index(cases, SERVICES, name));
  switch (message->type) {
  case ICWS_SERVICE_OPEN:
    icws_candid_put_client_key(&writer, &message->client_key);
    return;
  case ICWS_SERVICE_ACK:
  case ICWS_SERVICE_KEEP_ALIVE:
    icws_candid_put_nat64(&writer, message->last_incoming_sequence_num);
    return;
  case ICWS_SERVICE_CLOSE:
    put_reason(&writer, message->reason);
    return;
  }
}

/* --- Decoding -------------------------------------------------------------------------------- */

static enum icws_error read_reason(struct icws_candid_reader *reader, int type, void *out)
{
  enum icws_close_reason *reason = out;
  size_t index;
  int inner;
  if (icws_candid_read_case(reader, type, reason_names, REASONS, &index, &inner) != ICWS_OK ||
      icws_candid_read_null(reader, inner) != ICWS_OK)
    return reader->error;
  *reason = (enum icws_close_reason)index;
  return ICWS_OK;
}

static enum icws_error read_body(struct icws_candid_reader *reader, int type,
                                 struct icws_service_message *message)
{
  struct icws_candid_member member = {NULL, NULL, NULL, false};
  switch (message->type) {
  case ICWS_SERVICE_OPEN:
    member.name = "client_key";
    member.read = icws_candid_member_client_key;
    member.out = &message->client_key;
    break;
  case ICWS_SERVICE_ACK:
  case ICWS_SERVICE_KEEP_ALIVE:
    member.name = "last_incoming_sequence_num";
    member.read = icws_candid_member_nat64;
    member.out = &message->last_incoming_sequence_num;
    break;
  case ICWS_SERVICE_CLOSE:
    member.name = "reason";
    member.read = read_reason;
    member.out = &message->reason;
    break;
  }
  return icws_candid_read_members(reader, type, &member, 1);
}

static enum icws_error read_service(struct icws_candid_reader *reader, int type, void *out)
{
  struct icws_service_message *message = out;
  size_t index;
  int inner;
  if (icws_candid_read_case(reader, type, service_names, SERVICES, &index, &inner) != ICWS_OK)
    return reader->error;
  message->type = (enum icws_service_type)index;
  return read_body(reader, inner, message);
}

enum icws_error icws_service_message_decode(struct icws_bytes candid,
                                            struct icws_service_message *message,
                                            struct icws_failure *failure)
{
  struct icws_service_message result = {.type = ICWS_SERVICE_OPEN};
  enum icws_error error =
      icws_candid_decode_known(candid, "service message", read_service, &result, failure);
  if (error == ICWS_OK)
    *message = result;
  return error;
}
