/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "live_gateway.h"
#include "scripted_certificates.h"

/* The gateway's own TLS: certificates, and what replaces them while it runs. */

#define PATIENCE_S 10

static char folder[] = "/tmp/icws-gateway-tls-XXXXXX";
static char certificate_file[64];
static char key_file[64];

static const char *path_of(const char *name)
{
  static char path[128];

  (void)snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static void append_file(const char *to, const char *name)
{
  char bytes[8192];
  FILE *in = fopen(path_of(name), "r");
  FILE *out = fopen(to, "a");
  size_t len;

  assert_non_null(in);
  assert_non_null(out);
  len = fread(bytes, 1, sizeof bytes, in);
  assert_int_equal(fwrite(bytes, 1, len, out), len);
  assert_int_equal(fclose(out), 0);
  assert_int_equal(fclose(in), 0);
}

static void replace_file(const char *file, const char *name)
{
  (void)unlink(file);
  append_file(file, name);
}

static void write_text(const char *file, const char *text)
{
  FILE *out = fopen(file, "w");

  assert_non_null(out);
  assert_true(fputs(text, out) >= 0);
  assert_int_equal(fclose(out), 0);
}

static void write_key(const char *file, const char *password)
{
  EVP_PKEY *key = EVP_EC_gen("P-256");
  FILE *out = fopen(file, "w");

  assert_non_null(out);
  assert_int_equal(PEM_write_PrivateKey(out, key, password ? EVP_aes_128_cbc() : NULL, NULL, 0,
                                        NULL, (void *)(uintptr_t)password),
                   1);
  assert_int_equal(fclose(out), 0);
  EVP_PKEY_free(key);
}

static int make_folder(void **state)
{
  (void)state;
  assert_non_null(mkdtemp(folder));
  scripted_certificates_make(folder);
  (void)snprintf(certificate_file, sizeof certificate_file, "%s/used.pem", folder);
  (void)snprintf(key_file, sizeof key_file, "%s/used-key.pem", folder);
  return 0;
}

static int remove_folder(void **state)
{
  (void)state;
  (void)unlink(certificate_file);
  (void)unlink(key_file);
  scripted_certificates_remove(folder);
  return 0;
}

static int set_up(void **state)
{
  replace_file(certificate_file, "good.pem");
  append_file(certificate_file, "ca.pem");
  replace_file(key_file, "key.pem");
  return live_set_up(state);
}

static struct icws_gateway_config tls_configuration(struct live *f)
{
  struct icws_gateway_config config = live_configuration(f);

  config.tls_certificate_file = certificate_file;
  config.tls_key_file = key_file;
  return config;
}

static void start(struct live *f)
{
  const struct icws_gateway_config config = tls_configuration(f);

  live_start(f, &config);
}

/* --- A client with TLS ------------------------------------------------------------------------ */

static ssize_t tls_result(SSL *ssl, int result)
{
  const int error = result > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl, result);

  if (error == SSL_ERROR_NONE)
    return result;
  if (error == SSL_ERROR_ZERO_RETURN)
    return 0;
  errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
  return -1;
}

static ssize_t tls_send(struct raw_websocket *raw, const void *data, size_t len)
{
  return tls_result(raw->tls, SSL_write(raw->tls, data, (int)len));
}

static ssize_t tls_receive(struct raw_websocket *raw, void *data, size_t len)
{
  return tls_result(raw->tls, SSL_read(raw->tls, data, (int)len));
}

/* Connects and makes the TLS handshake, trusting |ca|; returns the verdict on the certificate. */
static long connect_tls(struct live *f, struct raw_websocket *raw, const char *ca)
{
  const time_t give_up = time(NULL) + PATIENCE_S;
  SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
  SSL *ssl;

  assert_int_equal(SSL_CTX_load_verify_file(ctx, path_of(ca)), 1);
  (void)SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  ssl = SSL_new(ctx);
  SSL_CTX_free(ctx);
  raw_connect(raw, icws_gateway_port(f->gateway), live_pump, f);
  assert_int_equal(SSL_set_fd(ssl, raw->fd), 1);
  assert_int_equal(SSL_set1_host(ssl, "localhost"), 1);
  while (tls_result(ssl, SSL_connect(ssl)) <= 0) {
    assert_int_equal(errno, EAGAIN);
    assert_true(time(NULL) < give_up);
    live_pump(f);
  }
  raw->tls = ssl;
  raw->send = tls_send;
  raw->receive = tls_receive;
  return SSL_get_verify_result(ssl);
}

static void disconnect_tls(struct raw_websocket *raw)
{
  SSL_free(raw->tls);
  raw_disconnect(raw, false);
}

/* The name in the certificate that a new client is shown. */
static void assert_shown(struct live *f, const char *name)
{
  struct raw_websocket raw;
  char shown[64] = "";

  (void)connect_tls(f, &raw, "ca.pem");
  (void)X509_NAME_get_text_by_NID(X509_get_subject_name(SSL_get0_peer_certificate(raw.tls)),
                                  NID_commonName, shown, sizeof shown);
  assert_string_equal(shown, name);
  disconnect_tls(&raw);
}

/* --- Sessions --------------------------------------------------------------------------------- */

static void test_session_over_tls(void **state)
{
  struct live *f = *state;
  const struct icws_client_key key = live_client_key(f->client, 9);
  struct raw_websocket raw;

  start(f);
  assert_int_equal(connect_tls(f, &raw, "ca.pem"), X509_V_OK);
  assert_true(SSL_version(raw.tls) >= TLS1_2_VERSION);
  assert_int_equal(sk_X509_num(SSL_get_peer_cert_chain(raw.tls)), 2); /* with its authority */
  raw_upgrade(&raw);
  live_assert_handshake(f, &raw);
  live_send_open(f, &raw, f->client, 9);
  live_until(f, live_one_open_came);
  live_give_messages(f, &key, 0, 50);
  for (uint64_t nonce = 0; nonce < 50; nonce++)
    live_assert_message(f, &raw, nonce);
  for (uint64_t i = 1; i <= 20; i++)
    live_send_message(f, &raw, 9, i);
  live_until(f, live_all_is_received);
  raw_send_frame(&raw, true, RAW_CLOSE, icws_bytes_of("\x03\xe8", 2));
  raw_expect_close(&raw, 1000, "");
  live_until(f, live_one_close_came);
  assert_int_equal(live_count_requests(f, "ws_message"), 20);
  disconnect_tls(&raw);
}

static void test_wrong_authority_is_seen_by_the_client(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;

  start(f);
  assert_int_not_equal(connect_tls(f, &raw, "other-ca.pem"), X509_V_OK);
  disconnect_tls(&raw);
}

static void test_plain_http_at_a_tls_port_harms_nothing(void **state)
{
  struct live *f = *state;
  static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  struct raw_websocket raw;

  start(f);
  raw_connect(&raw, icws_gateway_port(f->gateway), live_pump, f);
  raw_send(&raw, request, sizeof request - 1);
  assert_false(raw_receive_until(&raw, "HTTP/1.1 101"));
  raw_disconnect(&raw, false);
  assert_shown(f, "good");
}

static void test_clients_may_leave_in_the_tls_handshake(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;

  start(f);
  for (size_t len = 0; len < 6; len++) {
    raw_connect(&raw, icws_gateway_port(f->gateway), live_pump, f);
    raw_send(&raw, "\x16\x03\x01\x02\x00\x01", len);
    live_pump(f);
    raw_disconnect(&raw, len % 2 == 1);
  }
  assert_shown(f, "good");
}

/* --- Reloading -------------------------------------------------------------------------------- */

static void test_reload_shows_the_new_certificate(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;
  struct icws_failure failure = {0};

  start(f);
  (void)connect_tls(f, &raw, "ca.pem");
  raw_upgrade(&raw);
  live_assert_handshake(f, &raw);
  replace_file(certificate_file, "other-name.pem");
  assert_shown(f, "good"); /* nobody has said that there is a new one */
  assert_int_equal(icws_gateway_reload_tls(f->gateway, &failure), ICWS_OK);
  assert_shown(f, "other");
  assert_int_equal(icws_gateway_stats(f->gateway).tls_reloads, 1);
  live_send_open(f, &raw, f->client, 9); /* who was there goes on */
  live_until(f, live_one_open_came);
  disconnect_tls(&raw);
}

static void assert_reload_fails(struct live *f, const char *text)
{
  struct icws_failure failure = {0};

  assert_int_equal(icws_gateway_reload_tls(f->gateway, &failure), ICWS_ERR_TLS);
  assert_string_equal(failure.text, text);
  assert_shown(f, "good");
  assert_int_equal(icws_gateway_stats(f->gateway).tls_reloads, 0);
}

static void test_bad_pair_leaves_the_old_one(void **state)
{
  struct live *f = *state;
  char text[300];

  start(f);
  replace_file(certificate_file, "other-name.pem");
  write_key(key_file, NULL); /* a certificate of another key */
  (void)snprintf(text, sizeof text, "%s: is not the key of the certificate in %s", key_file,
                 certificate_file);
  assert_reload_fails(f, text);

  write_key(key_file, "secret");
  (void)snprintf(text, sizeof text,
                 "%s: the key is encrypted, and nobody is there to type its password", key_file);
  assert_reload_fails(f, text);

  write_text(key_file, "");
  (void)snprintf(text, sizeof text, "%s: has no private key that can be read", key_file);
  assert_reload_fails(f, text);

  assert_int_equal(unlink(key_file), 0);
  (void)snprintf(text, sizeof text, "%s: cannot be opened: No such file or directory", key_file);
  assert_reload_fails(f, text);

  replace_file(key_file, "key.pem");
  write_text(certificate_file, "not PEM\n");
  (void)snprintf(text, sizeof text, "%s: has no certificate: no start line", certificate_file);
  assert_reload_fails(f, text);

  replace_file(certificate_file, "other-name.pem");
  append_file(certificate_file, "ca.pem");
  write_text(path_of("cut"), "-----BEGIN CERTIFICATE-----\nMIIB\n");
  append_file(certificate_file, "cut");
  assert_int_equal(unlink(path_of("cut")), 0);
  (void)snprintf(text, sizeof text, "%s: has a malformed certificate in its chain: bad end line",
                 certificate_file);
  assert_reload_fails(f, text);
}

static void test_reload_without_tls(void **state)
{
  struct live *f = *state;
  const struct icws_gateway_config config = live_configuration(f);
  struct icws_failure failure = {0};

  live_start(f, &config);
  assert_int_equal(icws_gateway_reload_tls(f->gateway, &failure), ICWS_ERR_INVALID_STATE);
  assert_string_equal(failure.text, "the gateway has no TLS");
}

/* --- Starting --------------------------------------------------------------------------------- */

static void test_bad_pair_at_the_start(void **state)
{
  struct live *f = *state;
  struct icws_gateway_config config = tls_configuration(f);
  struct icws_failure failure = {0};
  char text[300];

  write_key(key_file, NULL);
  (void)snprintf(text, sizeof text, "%s: is not the key of the certificate in %s", key_file,
                 certificate_file);
  assert_int_equal(icws_gateway_new(&config, &f->gateway, &failure), ICWS_ERR_TLS);
  assert_string_equal(failure.text, text);

  config.tls_key_file = NULL;
  assert_int_equal(icws_gateway_new(&config, &f->gateway, &failure), ICWS_ERR_INVALID_ARGUMENT);
  assert_string_equal(failure.text, "a certificate needs its key, and a key its certificate");
  assert_null(f->gateway);
}

static void test_expired_certificate_is_used_with_a_warning(void **state)
{
  struct live *f = *state;
  char text[300];

  replace_file(certificate_file, "expired.pem");
  start(f);
  (void)snprintf(text, sizeof text, "%s: the certificate has expired", certificate_file);
  assert_string_equal(f->log, text);
  assert_shown(f, "expired");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, live_tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_session_over_tls),
      TEST(test_wrong_authority_is_seen_by_the_client),
      TEST(test_plain_http_at_a_tls_port_harms_nothing),
      TEST(test_clients_may_leave_in_the_tls_handshake),
      TEST(test_reload_shows_the_new_certificate),
      TEST(test_bad_pair_leaves_the_old_one),
      TEST(test_reload_without_tls),
      TEST(test_bad_pair_at_the_start),
      TEST(test_expired_certificate_is_used_with_a_warning),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
