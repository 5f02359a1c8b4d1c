/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <icws/cbor.h>

#include "devnet/canisters/canisters.h"
#include "devnet/http_api.h"
#include "replica_fixture.h"

/* Which calls' outcomes read_state shows: of one call at a time, and to those to whom its sender has
 * lent its principal for that canister (IC interface specification, "Authentication" and "Request:
 * Read state").  The rest of read_state is in test_http_api.c. */

#define MAX_LINKS 2
#define ANY_TARGET SIZE_MAX

/* What one link is for: |count| targets, or ANY_TARGET. */
struct link {
  const struct icws_principal *targets[2];
  size_t count;
};

struct fixture {
  struct replica_fixture base;
  struct icws_principal canister;
  struct icws_principal other;               /* which is not asked */
  struct icws_identity *keys[MAX_LINKS + 1]; /* the first is the sender's, each lends to the next */
  uint8_t call[ICWS_REQUEST_ID_BYTES];       /* that the sender made */
};

static int set_up(void **state)
{
  static struct fixture f;
  struct icws_canister_system system;
  struct icws_canister canister;
  const struct icws_app_config config = {0};
  memset(&f, 0, sizeof f);
  replica_fixture_init(&f.base);
  assert_int_equal(icws_replica_reserve(f.base.replica, &f.canister, &system), ICWS_OK);
  assert_int_equal(icws_app_new(&icws_canister_echo, &config, &system, &canister), ICWS_OK);
  icws_replica_install(f.base.replica, &f.canister, &canister);
  f.other = f.canister;
  f.other.bytes[7]++;
  for (uint8_t i = 0; i <= MAX_LINKS; i++) {
    f.keys[i] = replica_fixture_identity((uint8_t)(i + 1));
  }
  (void)replica_fixture_call(&f.base, f.keys[0], &f.canister, "ws_open", icws_bytes_text("?"));
  memcpy(f.call, f.base.request_id, sizeof f.call);
  *state = &f;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *f = *state;
  for (size_t i = 0; i <= MAX_LINKS; i++) {
    icws_identity_del(f->keys[i]);
  }
  replica_fixture_wipe(&f->base);
  return 0;
}

static void put_statement(struct fixture *f, const struct link *link,
                          const struct icws_identity *borrower, struct icws_buf *out)
{
  icws_cbor_put_map(out, link->count == ANY_TARGET ? 2 : 3);
  icws_cbor_put_key(out, "pubkey");
  icws_cbor_put_bytes(out, icws_identity_signer(borrower).public_key);
  icws_cbor_put_key(out, "expiration");
  icws_cbor_put_uint(out, f->base.now + 3600 * REPLICA_FIXTURE_SECOND);
  if (link->count != ANY_TARGET) {
    icws_cbor_put_key(out, "targets");
    icws_cbor_put_array(out, link->count);
    for (size_t i = 0; i < link->count; i++) {
      icws_cbor_put_bytes(out, icws_principal_bytes(link->targets[i]));
    }
  }
}

static void put_link(struct fixture *f, const struct link *link, size_t number,
                     struct icws_buf *out)
{
  static const char separator[] = "\x1aic-request-auth-delegation";
  uint8_t message[sizeof separator - 1 + ICWS_REQUEST_ID_BYTES];
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  struct icws_buf statement;
  icws_buf_init(&statement, 0, NULL);
  put_statement(f, link, f->keys[number + 1], &statement);
  memcpy(message, separator, sizeof separator - 1);
  assert_int_equal(
      icws_content_request_id(icws_buf_bytes(&statement), message + sizeof separator - 1, NULL),
      ICWS_OK);
  icws_identity_sign(f->keys[number], icws_bytes_of(message, sizeof message), signature);
  icws_cbor_put_map(out, 2);
  icws_cbor_put_key(out, "delegation");
  icws_buf_put(out, statement.data, statement.len);
  icws_cbor_put_key(out, "signature");
  icws_cbor_put_bytes(out, icws_bytes_of(signature, sizeof signature));
  icws_buf_wipe(&statement);
}

/* Adds a chain to the envelope, which is a map of three fields. */
static void add_chain(struct fixture *f, const struct link *links, size_t count)
{
  struct icws_buf *out = &f->base.envelope;
  assert_int_equal(out->data[0], 0xa3);
  out->data[0]++;
  icws_cbor_put_key(out, "sender_delegation");
  icws_cbor_put_array(out, count);
  for (size_t i = 0; i < count; i++) {
    put_link(f, &links[i], i, out);
  }
}

static void put_path(struct icws_buf *paths, const char *first, const uint8_t *call)
{
  icws_cbor_put_array(paths, call != NULL ? 2 : 1);
  icws_cbor_put_bytes(paths, icws_bytes_text(first));
  if (call != NULL) {
    icws_cbor_put_bytes(paths, icws_bytes_of(call, ICWS_REQUEST_ID_BYTES));
  }
}

/* Reads what |paths| hold, which is wiped; signed by the last key of the chain.  The status; the
 * answer's text, if it is a refusal, is |why|. */
static unsigned read_paths(struct fixture *f, const struct link *links, size_t count,
                           struct icws_buf *paths, const char *why)
{
  uint8_t id[ICWS_REQUEST_ID_BYTES];
  uint8_t to_sign[ICWS_REQUEST_TO_SIGN_BYTES];
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  const struct icws_read_state reading = {.sender = replica_fixture_sender(f->keys[0]),
                                          .paths = icws_buf_bytes(paths),
                                          .ingress_expiry =
                                              f->base.now + 240 * REPLICA_FIXTURE_SECOND};
  icws_read_state_request_id(&reading, id);
  icws_request_to_sign(id, to_sign);
  icws_identity_sign(f->keys[count], icws_bytes_of(to_sign, sizeof to_sign), signature);
  icws_buf_clear(&f->base.envelope);
  icws_read_state_envelope_put(&f->base.envelope, &reading,
                               icws_identity_signer(f->keys[0]).public_key,
                               icws_bytes_of(signature, sizeof signature));
  if (count > 0) {
    add_chain(f, links, count);
  }
  icws_buf_wipe(paths);

  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  char path[200];
  (void)icws_principal_to_text(&f->canister, text);
  (void)snprintf(path, sizeof path, "/api/v3/canister/%s/read_state", text);
  const struct icws_http_request request = {.method = "POST",
                                            .path = path,
                                            .content_type = "application/cbor",
                                            .origin = "",
                                            .body = icws_buf_bytes(&f->base.envelope)};
  struct icws_http_api_answer answer = {0};
  struct icws_http_api_wait wait;
  icws_buf_init(&answer.body, 0, NULL);
  assert_true(icws_http_api_handle(f->base.replica, &request, &answer, &wait));
  if (answer.status != 200) {
    assert_int_equal(answer.body.len, strlen(why));
    assert_memory_equal(answer.body.data, why, strlen(why));
  }
  icws_buf_wipe(&answer.body);
  return answer.status;
}

static unsigned read_one(struct fixture *f, const struct link *links, size_t count,
                         const char *first, const uint8_t *call)
{
  struct icws_buf paths;
  icws_buf_init(&paths, 0, NULL);
  icws_cbor_put_array(&paths, 1);
  put_path(&paths, first, call);
  return read_paths(f, links, count, &paths,
                    "The user tries to access request IDs for canisters not belonging to sender "
                    "delegation targets.");
}

static void test_targets_decide_about_request_statuses(void **state)
{
  struct fixture *f = *state;
  const struct icws_principal *ours = &f->canister;
  const struct icws_principal *theirs = &f->other;
  const struct {
    struct link links[MAX_LINKS];
    size_t count;
    unsigned status;
  } rows[] = {
      {{{{0}, ANY_TARGET}}, 1, 200},
      {{{{ours}, 1}}, 1, 200},
      {{{{theirs, ours}, 2}}, 1, 200},
      {{{{theirs}, 1}}, 1, 403},
      {{{{0}, 0}}, 1, 403},
      {{{{0}, ANY_TARGET}, {{ours}, 1}}, 2, 200},
      {{{{ours, theirs}, 2}, {{ours}, 1}}, 2, 200},
      {{{{ours}, 1}, {{theirs}, 1}}, 2, 403},
      {{{{theirs}, 1}, {{ours}, 1}}, 2, 403},
      {{{{0}, ANY_TARGET}, {{theirs}, 1}}, 2, 403},
  };
  static const uint8_t not_known[ICWS_REQUEST_ID_BYTES] = {1};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    /* A call that nobody knows counts as one to the canister in the path. */
    const uint8_t *ids[] = {f->call, not_known};
    for (size_t j = 0; j < 2; j++) {
      unsigned status = read_one(f, rows[i].links, rows[i].count, "request_status", ids[j]);
      if (status != rows[i].status) {
        fail_msg("row %zu, id %zu: %u", i, j, status);
      }
    }
  }
}

static void test_what_is_public_has_no_targets(void **state)
{
  struct fixture *f = *state;
  const struct link theirs = {{&f->other}, 1};
  assert_int_equal(read_one(f, &theirs, 1, "time", NULL), 200);
  assert_int_equal(read_one(f, &theirs, 1, "subnet", NULL), 200);
}

static void test_one_call_at_a_time(void **state)
{
  struct fixture *f = *state;
  static const uint8_t another[ICWS_REQUEST_ID_BYTES] = {1};
  const uint8_t *seconds[] = {f->call, another};
  const unsigned statuses[] = {200, 400};
  for (size_t i = 0; i < 2; i++) {
    struct icws_buf paths;
    icws_buf_init(&paths, 0, NULL);
    icws_cbor_put_array(&paths, 2);
    put_path(&paths, "request_status", f->call);
    put_path(&paths, "request_status", seconds[i]);
    assert_int_equal(read_paths(f, NULL, 0, &paths,
                                "Can only request a single request ID in request_status paths."),
                     statuses[i]);
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_targets_decide_about_request_statuses),
      TEST(test_what_is_public_has_no_targets),
      TEST(test_one_call_at_a_time),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
