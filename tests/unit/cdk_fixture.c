/* SPDX-License-Identifier: Apache-2.0 */
#include "cdk_fixture.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include <icws/hashtree.h>

size_t cdk_fixture_hashes;

/* --- The host --------------------------------------------------------------------------------- */

static void counting_sha256(const struct icws_bytes *parts, size_t count,
                            uint8_t out[ICWS_SHA256_BYTES])
{
  cdk_fixture_hashes++;
  icws_sha256(parts, count, out);
}

static uint64_t host_time(void *user_data)
{
  const struct cdk_fixture *fixture = user_data;
  return fixture->now;
}

static void host_set_certified_data(const uint8_t data[ICWS_SHA256_BYTES], void *user_data)
{
  struct cdk_fixture *fixture = user_data;
  memcpy(fixture->certified_data, data, ICWS_SHA256_BYTES);
  fixture->certifications++;
}

static struct icws_bytes host_data_certificate(void *user_data)
{
  const struct cdk_fixture *fixture = user_data;
  return icws_bytes_text(fixture->no_certificate ? "" : "certificate");
}

static void *host_reallocate(void *pointer, size_t size, void *user_data)
{
  struct cdk_fixture *fixture = user_data;
  fixture->allocations++;
  if (fixture->allocations == fixture->fail_at)
    return NULL;
  if (pointer == NULL)
    fixture->live++;
  return icws_mem_default()->reallocate(pointer, size, NULL);
}

static void host_release(void *pointer, void *user_data)
{
  struct cdk_fixture *fixture = user_data;
  if (pointer != NULL)
    fixture->live--;
  icws_mem_default()->release(pointer, NULL);
}

/* --- The application -------------------------------------------------------------------------- */

static void append(char text[FIXTURE_TEXT_BYTES], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void append(char text[FIXTURE_TEXT_BYTES], const char *format, ...)
{
  size_t len = strlen(text);
  va_list arguments;
  va_start(arguments, format);
  int written = vsnprintf(text + len, FIXTURE_TEXT_BYTES - len, format, arguments);
  va_end(arguments);
  assert_true(written >= 0 && len + (size_t)written < FIXTURE_TEXT_BYTES);
}

static void append_key(char text[FIXTURE_TEXT_BYTES], const struct icws_client_key *key)
{
  append(text, "%.*s/%" PRIu64, (int)key->principal.len, (const char *)key->principal.bytes,
         key->nonce);
}

static void append_bytes(char text[FIXTURE_TEXT_BYTES], struct icws_bytes bytes)
{
  if (bytes.len > 0)
    append(text, "%.*s", (int)bytes.len, (const char *)bytes.data);
}

static const char *app_open(struct icws_cdk *cdk, const struct icws_client_key *client,
                            void *user_data)
{
  struct cdk_fixture *fixture = user_data;
  assert_ptr_equal(cdk, fixture->cdk);
  append(fixture->log, "open ");
  append_key(fixture->log, client);
  append(fixture->log, "; ");
  return fixture->in_open != NULL ? fixture->in_open(fixture, client) : NULL;
}

static const char *app_message(struct icws_cdk *cdk, const struct icws_client_key *client,
                               struct icws_bytes content, void *user_data)
{
  struct cdk_fixture *fixture = user_data;
  assert_ptr_equal(cdk, fixture->cdk);
  append(fixture->log, "message ");
  append_key(fixture->log, client);
  append(fixture->log, " ");
  append_bytes(fixture->log, content);
  append(fixture->log, "; ");
  return fixture->in_message != NULL ? fixture->in_message(fixture, client) : NULL;
}

static void app_close(struct icws_cdk *cdk, const struct icws_client_key *client, void *user_data)
{
  struct cdk_fixture *fixture = user_data;
  assert_ptr_equal(cdk, fixture->cdk);
  append(fixture->log, "close ");
  append_key(fixture->log, client);
  append(fixture->log, "; ");
  if (fixture->in_close != NULL)
    fixture->in_close(fixture, client);
}

void cdk_fixture_log_is(struct cdk_fixture *fixture, const char *expected)
{
  assert_string_equal(fixture->log, expected);
  fixture->log[0] = '\0';
}

void cdk_fixture_init(struct cdk_fixture *fixture, const struct icws_cdk_config *config)
{
  memset(fixture, 0, sizeof *fixture);
  fixture->now = FIXTURE_START;
  fixture->mem = (struct icws_mem){
      .user_data = fixture, .reallocate = host_reallocate, .release = host_release};
  icws_buf_init(&fixture->reply, 0, &fixture->mem);
  struct icws_cdk_host host = {
      .time = host_time,
      .set_certified_data = host_set_certified_data,
      .data_certificate = host_data_certificate,
      .sha256 = counting_sha256,
      .mem = &fixture->mem,
      .user_data = fixture,
  };
  struct icws_cdk_handlers handlers = {
      .on_open = app_open,
      .on_message = app_message,
      .on_close = app_close,
      .user_data = fixture,
  };
  assert_int_equal(icws_cdk_new(config, &host, &handlers, &fixture->cdk), ICWS_OK);
}

void cdk_fixture_wipe(struct cdk_fixture *fixture)
{
  icws_cdk_del(fixture->cdk);
  icws_buf_wipe(&fixture->reply);
  assert_int_equal(fixture->live, 0);
}

/* --- The methods ------------------------------------------------------------------------------ */

struct icws_principal cdk_fixture_principal(const char *name)
{
  struct icws_principal principal;
  assert_int_equal(icws_principal_init(&principal, icws_bytes_text(name)), ICWS_OK);
  return principal;
}

struct icws_client_key cdk_fixture_key(const char *client, uint64_t nonce)
{
  return (struct icws_client_key){.principal = cdk_fixture_principal(client), .nonce = nonce};
}

typedef enum icws_error method_fn(struct icws_cdk *cdk, const struct icws_principal *caller,
                                  struct icws_bytes arg, struct icws_buf *reply,
                                  struct icws_failure *failure);

/* Calls |method| as |caller| with |arg|, which is wiped. */
static const char *call(struct cdk_fixture *fixture, method_fn *method, const char *caller,
                        struct icws_buf *arg)
{
  struct icws_principal principal = cdk_fixture_principal(caller);
  struct icws_failure failure = {.code = ICWS_OK};
  assert_int_equal(icws_buf_error(arg), ICWS_OK);
  enum icws_error error =
      method(fixture->cdk, &principal, icws_buf_bytes(arg), &fixture->reply, &failure);
  icws_buf_wipe(arg);
  if (error != ICWS_OK) {
    assert_int_equal(failure.code, error);
    return icws_error_name(error);
  }
  return NULL;
}

static const char *result_text(struct cdk_fixture *fixture)
{
  struct icws_result result;
  assert_int_equal(icws_result_decode(icws_buf_bytes(&fixture->reply), &result, NULL), ICWS_OK);
  fixture->text[0] = '\0';
  if (result.ok)
    append(fixture->text, "ok");
  else
    append_bytes(fixture->text, result.text);
  return fixture->text;
}

static const char *update(struct cdk_fixture *fixture, method_fn *method, const char *caller,
                          struct icws_buf *arg)
{
  const char *rejected = call(fixture, method, caller, arg);
  return rejected != NULL ? rejected : result_text(fixture);
}

const char *cdk_fixture_open(struct cdk_fixture *fixture, const char *client, uint64_t nonce,
                             const char *gateway)
{
  struct icws_open_args args = {.client_nonce = nonce, .gateway = cdk_fixture_principal(gateway)};
  struct icws_buf arg;
  icws_buf_init(&arg, 0, NULL);
  icws_open_args_put(&arg, &args);
  return update(fixture, icws_cdk_ws_open, client, &arg);
}

const char *cdk_fixture_close(struct cdk_fixture *fixture, const char *caller, const char *client,
                              uint64_t nonce)
{
  struct icws_client_key key = cdk_fixture_key(client, nonce);
  struct icws_buf arg;
  icws_buf_init(&arg, 0, NULL);
  icws_close_args_put(&arg, &key);
  return update(fixture, icws_cdk_ws_close, caller, &arg);
}

static const char *send_message(struct cdk_fixture *fixture, const char *client, uint64_t nonce,
                                uint64_t sequence_num, bool is_service, struct icws_bytes content)
{
  struct icws_websocket_message message = {
      .client_key = cdk_fixture_key(client, nonce),
      .sequence_num = sequence_num,
      .timestamp = fixture->now,
      .is_service_message = is_service,
      .content = content,
  };
  struct icws_buf arg;
  icws_buf_init(&arg, 0, NULL);
  icws_message_args_put(&arg, &message);
  return update(fixture, icws_cdk_ws_message, client, &arg);
}

const char *cdk_fixture_message(struct cdk_fixture *fixture, const char *client, uint64_t nonce,
                                uint64_t sequence_num, const char *content)
{
  return send_message(fixture, client, nonce, sequence_num, false, icws_bytes_text(content));
}

const char *cdk_fixture_service(struct cdk_fixture *fixture, const char *client, uint64_t nonce,
                                uint64_t sequence_num, const struct icws_service_message *service)
{
  struct icws_buf content;
  icws_buf_init(&content, 0, NULL);
  if (service != NULL)
    icws_service_message_put(&content, service);
  const char *text =
      send_message(fixture, client, nonce, sequence_num, true, icws_buf_bytes(&content));
  icws_buf_wipe(&content);
  return text;
}

const char *cdk_fixture_keep_alive(struct cdk_fixture *fixture, const char *client, uint64_t nonce,
                                   uint64_t sequence_num)
{
  struct icws_service_message service = {.type = ICWS_SERVICE_KEEP_ALIVE};
  return cdk_fixture_service(fixture, client, nonce, sequence_num, &service);
}

enum icws_error cdk_fixture_send(struct cdk_fixture *fixture, const char *client,
                                 const char *content)
{
  struct icws_principal principal = cdk_fixture_principal(client);
  return icws_cdk_send(fixture->cdk, &principal, icws_bytes_text(content));
}

/* --- Polls ------------------------------------------------------------------------------------ */

/* The tree is that of the certified data and holds exactly the answer's messages, as a client would
 * look for them. */
static void check_witness(const struct cdk_fixture *fixture)
{
  struct icws_hashtree tree;
  icws_hashtree_init(&tree, NULL);
  assert_int_equal(icws_hashtree_decode(&tree, fixture->poll.tree, 100000, NULL), ICWS_OK);
  assert_int_equal(icws_hashtree_well_formed(&tree, NULL), ICWS_OK);
  uint8_t digest[ICWS_SHA256_BYTES];
  icws_hashtree_digest(&tree, digest);
  assert_memory_equal(digest, fixture->certified_data, sizeof digest);

  struct icws_bytes path[] = {icws_bytes_text("websocket"), {NULL, 0}};
  size_t websocket;
  assert_int_equal(icws_hashtree_lookup_subtree(&tree, path, 1, &websocket), ICWS_LOOKUP_FOUND);
  size_t cursor = 0;
  for (size_t i = 0; i < fixture->poll.message_count; i++) {
    struct icws_bytes label;
    size_t child;
    assert_true(icws_hashtree_next_label(&tree, websocket, &cursor, &label, &child));
    assert_true(icws_bytes_equal(label, fixture->messages[i].key));
    path[1] = label;
    struct icws_bytes value;
    assert_int_equal(icws_hashtree_lookup(&tree, path, 2, &value), ICWS_LOOKUP_FOUND);
    struct icws_bytes content = fixture->messages[i].content;
    crypto_hash_sha256(digest, content.data, content.len);
    assert_true(icws_bytes_equal(value, icws_bytes_of(digest, sizeof digest)));
  }
  struct icws_bytes label;
  size_t child;
  assert_false(icws_hashtree_next_label(&tree, websocket, &cursor, &label, &child));
  icws_hashtree_wipe(&tree);
}

static void append_service(char text[FIXTURE_TEXT_BYTES], struct icws_bytes content)
{
  static const char *const reasons[] = {
      [ICWS_CLOSE_WRONG_SEQUENCE_NUMBER] = "WrongSequenceNumber",
      [ICWS_CLOSE_INVALID_SERVICE_MESSAGE] = "InvalidServiceMessage",
      [ICWS_CLOSE_KEEP_ALIVE_TIMEOUT] = "KeepAliveTimeout",
      [ICWS_CLOSE_BY_APPLICATION] = "ClosedByApplication",
  };
  struct icws_service_message service;
  assert_int_equal(icws_service_message_decode(content, &service, NULL), ICWS_OK);
  if (service.type == ICWS_SERVICE_OPEN) {
    append(text, "open ");
    append_key(text, &service.client_key);
  } else if (service.type == ICWS_SERVICE_ACK) {
    append(text, "ack %" PRIu64, service.last_incoming_sequence_num);
  } else {
    assert_int_equal(service.type, ICWS_SERVICE_CLOSE);
    append(text, "close %s", reasons[service.reason]);
  }
}

static void append_output(struct cdk_fixture *fixture, const char *gateway,
                          const struct icws_output_message *output)
{
  struct icws_principal key_gateway;
  struct icws_principal expected_gateway = cdk_fixture_principal(gateway);
  uint64_t nonce;
  assert_int_equal(icws_message_key_parse(output->key, &key_gateway, &nonce), ICWS_OK);
  assert_true(icws_principal_equal(&key_gateway, &expected_gateway));
  struct icws_websocket_message message;
  assert_int_equal(icws_websocket_message_decode(output->content, &message, NULL), ICWS_OK);
  assert_true(icws_client_key_equal(&message.client_key, &output->client_key));
  assert_true(message.timestamp >= FIXTURE_START && message.timestamp <= fixture->now);

  append(fixture->text, "%" PRIu64 " ", nonce);
  append_key(fixture->text, &output->client_key);
  append(fixture->text, " #%" PRIu64 " ", message.sequence_num);
  if (message.is_service_message)
    append_service(fixture->text, message.content);
  else
    append_bytes(fixture->text, message.content);
  append(fixture->text, "; ");
}

const char *cdk_fixture_poll(struct cdk_fixture *fixture, const char *gateway, uint64_t nonce)
{
  struct icws_buf arg;
  icws_buf_init(&arg, 0, NULL);
  icws_get_messages_args_put(&arg, nonce);
  const char *rejected = call(fixture, icws_cdk_ws_get_messages, gateway, &arg);
  if (rejected != NULL)
    return rejected;
  assert_int_equal(icws_get_messages_result_decode(icws_buf_bytes(&fixture->reply),
                                                   fixture->messages, FIXTURE_MAX_POLL,
                                                   &fixture->poll, NULL),
                   ICWS_OK);
  fixture->text[0] = '\0';
  if (!fixture->poll.ok) {
    append_bytes(fixture->text, fixture->poll.text);
    return fixture->text;
  }
  if (fixture->poll.message_count == 0) {
    assert_int_equal(fixture->poll.cert.len, 0);
    assert_int_equal(fixture->poll.tree.len, 0);
  } else {
    assert_true(icws_bytes_equal(fixture->poll.cert, icws_bytes_text("certificate")));
    check_witness(fixture);
  }
  for (size_t i = 0; i < fixture->poll.message_count; i++)
    append_output(fixture, gateway, &fixture->messages[i]);
  append(fixture->text, fixture->poll.is_end_of_queue ? "end" : "more");
  return fixture->text;
}
