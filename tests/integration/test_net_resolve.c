/* SPDX-License-Identifier: Apache-2.0 */

/* Name servers that do not answer, or not as they should.  What c-ares says is put in its place: no
 * test can make the machine's own name servers silent. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <ares.h>

#include <icws/client.h>

#define SILENT (-1)

static int answer; /* a status of c-ares, or SILENT */
static unsigned asked;

void __wrap_ares_getaddrinfo(ares_channel channel, const char *host, const char *service,
                             const struct ares_addrinfo_hints *hints, ares_addrinfo_callback told,
                             void *user_data);

void __wrap_ares_getaddrinfo(ares_channel channel, const char *host, const char *service,
                             const struct ares_addrinfo_hints *hints, ares_addrinfo_callback told,
                             void *user_data)
{
  (void)channel;
  (void)hints;
  assert_string_equal(host, "gateway.example");
  assert_string_equal(service, "8443");
  asked++;
  if (answer != SILENT)
    told(user_data, answer, 0, NULL);
}

static struct icws_failure look_up(uint64_t timeout_ms)
{
  const struct icws_client_config config = {
      .gateway_url = "ws://gateway.example:8443/ws",
      .canister = {.len = 10, .bytes = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1}},
      .resolve_timeout_ms = timeout_ms,
  };
  struct icws_client *client;
  struct icws_failure failure;
  asked = 0;
  assert_int_equal(icws_client_new(&config, &client, &failure), ICWS_OK);
  assert_int_equal(icws_client_start(client), ICWS_OK);
  assert_int_not_equal(icws_client_run(client), ICWS_OK);
  failure = *icws_client_failure(client);
  icws_client_del(client);
  assert_int_equal(asked, 1);
  return failure;
}

static void assert_look_up(int status, uint64_t timeout_ms, enum icws_error error, const char *text)
{
  struct icws_failure failure;
  answer = status;
  failure = look_up(timeout_ms);
  assert_int_equal(failure.code, error);
  assert_string_equal(failure.text, text);
}

static void test_silence(void **state)
{
  (void)state;
  assert_look_up(SILENT, 50, ICWS_ERR_RESOLVE_TIMEOUT,
                 "no answer to the look-up of the host name gateway.example within 50 ms");
}

static void test_answers(void **state)
{
  (void)state;
  assert_look_up(ARES_ENOTFOUND, 0, ICWS_ERR_RESOLVE, "unknown host name: gateway.example");
  assert_look_up(ARES_ENODATA, 0, ICWS_ERR_RESOLVE, "unknown host name: gateway.example");
  assert_look_up(ARES_ECONNREFUSED, 0, ICWS_ERR_RESOLVE,
                 "cannot look up the host name gateway.example: Could not contact DNS servers");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_silence),
      cmocka_unit_test(test_answers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
