/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What it costs to verify a message: cold, that is under a certificate not seen before, and warm,
 * under a known (certificate, tree); against a bare blst_core_verify_pk_in_g2 on the same machine.
 * A poll of 50 messages with 200 bytes of content each; the certificate is under a subnet delegation
 * as on mainnet.  Medians of rounds that measure each in turn.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <blst.h>

#include <icws/hashtree.h>
#include <icws/verifier.h>

#include "../tests/unit/certificate_maker.h"

enum { MESSAGES = 50, CONTENT_BYTES = 200, COLD_ROUNDS = 200, WARM_ROUNDS = 2000, KEY_BYTES = 85 };

#define START_NS UINT64_C(1700000000000000000)

static const char key_format[] =
    "kgen2-ub25q-2yd4q-z6ufi-pi6yc-ayck5-a4x2p-3xhjp-ujbfc-6fcuh-jae_%020d";

struct poll {
  struct icws_principal canister;
  struct icws_principal subnet;
  struct maker_key root;
  struct maker_key key;
  char keys[MESSAGES][KEY_BYTES];
  uint8_t contents[MESSAGES][CONTENT_BYTES];
  struct icws_buf tree;
  struct icws_buf delegation;
  struct icws_buf certs[COLD_ROUNDS];
};

static void require(bool condition, const char *what)
{
  if (condition)
    return;
  fprintf(stderr, "bench_verify: %s failed\n", what);
  exit(1);
}

static double now_us(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
  const double *left = a;
  const double *right = b;
  return (*left > *right) - (*left < *right);
}

static double median(double *times, size_t count)
{
  qsort(times, count, sizeof *times, compare);
  return times[count / 2];
}

/* --- What is verified ------------------------------------------------------------------------- */

static void put_messages(struct poll *poll, size_t first, size_t end)
{
  size_t middle = first + (end - first) / 2;
  if (end - first > 1) {
    maker_put_fork(&poll->tree);
    put_messages(poll, first, middle);
    put_messages(poll, middle, end);
    return;
  }
  uint8_t digest[ICWS_SHA256_BYTES];
  struct icws_bytes content = icws_bytes_of(poll->contents[first], CONTENT_BYTES);
  icws_sha256(&content, 1, digest);
  maker_put_label(&poll->tree, icws_bytes_text(poll->keys[first]));
  maker_put_leaf(&poll->tree, icws_bytes_of(digest, sizeof digest));
}

static void make_tree(struct poll *poll, uint8_t digest[ICWS_SHA256_BYTES])
{
  struct icws_hashtree tree;
  for (int i = 0; i < MESSAGES; i++) {
    snprintf(poll->keys[i], KEY_BYTES, key_format, i);
    memset(poll->contents[i], i, CONTENT_BYTES);
  }
  icws_buf_init(&poll->tree, 0, NULL);
  maker_put_label(&poll->tree, icws_bytes_text("websocket"));
  put_messages(poll, 0, MESSAGES);
  icws_hashtree_init(&tree, NULL);
  require(icws_hashtree_decode(&tree, icws_buf_bytes(&poll->tree), 1000, NULL) == ICWS_OK, "tree");
  icws_hashtree_digest(&tree, digest);
  icws_hashtree_wipe(&tree);
}

static void make_certificates(struct poll *poll, const uint8_t digest[ICWS_SHA256_BYTES])
{
  struct icws_buf state;
  icws_buf_init(&state, 0, NULL);
  icws_buf_init(&poll->delegation, 0, NULL);
  maker_put_subnet_state(&state, &poll->subnet, &poll->key, &poll->canister, START_NS);
  maker_put_certificate(&poll->delegation, icws_buf_bytes(&state), &poll->root, NULL,
                        icws_bytes_of(NULL, 0));
  for (size_t i = 0; i < COLD_ROUNDS; i++) {
    icws_buf_clear(&state);
    maker_put_state(&state, &poll->canister, icws_bytes_of(digest, ICWS_SHA256_BYTES),
                    START_NS + i);
    icws_buf_init(&poll->certs[i], 0, NULL);
    maker_put_certificate(&poll->certs[i], icws_buf_bytes(&state), &poll->key, &poll->subnet,
                          icws_buf_bytes(&poll->delegation));
    require(icws_buf_error(&poll->certs[i]) == ICWS_OK, "making a certificate");
  }
  icws_buf_wipe(&state);
}

static void make_poll(struct poll *poll)
{
  static const uint8_t id[] = {0, 0, 0, 0, 0, 0, 0, 2, 1, 1};
  uint8_t digest[ICWS_SHA256_BYTES];
  require(icws_principal_init(&poll->canister, icws_bytes_of(id, sizeof id)) == ICWS_OK, "id");
  maker_key_init(&poll->root, "root");
  maker_key_init(&poll->key, "subnet");
  icws_principal_self_authenticating(&poll->subnet, maker_key_der(&poll->key));
  make_tree(poll, digest);
  make_certificates(poll, digest);
}

static void free_poll(struct poll *poll)
{
  icws_buf_wipe(&poll->tree);
  icws_buf_wipe(&poll->delegation);
  for (size_t i = 0; i < COLD_ROUNDS; i++)
    icws_buf_wipe(&poll->certs[i]);
}

/* --- Measuring -------------------------------------------------------------------------------- */

static struct icws_verifier *new_verifier(const struct poll *poll)
{
  struct icws_verifier_config config = {.root_key = maker_key_der(&poll->root)};
  struct icws_verifier *verifier = NULL;
  require(icws_verifier_new(&config, &verifier, NULL) == ICWS_OK, "icws_verifier_new");
  return verifier;
}

static void verify(struct icws_verifier *verifier, const struct poll *poll, size_t cert,
                   size_t message)
{
  const struct icws_certificate *certificate;
  struct icws_certified certified = {
      .key = icws_bytes_text(poll->keys[message]),
      .content = icws_bytes_of(poll->contents[message], CONTENT_BYTES),
      .cert = icws_buf_bytes(&poll->certs[cert]),
      .tree = icws_buf_bytes(&poll->tree),
  };
  require(icws_verifier_certified(verifier, &poll->canister, &certified, &certificate, NULL) ==
              ICWS_OK,
          "icws_verifier_certified");
}

/* The core of a verification, on points that are decoded already. */
struct reference {
  uint8_t message[46];
  blst_p1_affine signature;
  blst_p2_affine key;
};

static const char suite[] = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

static void make_reference(const struct poll *poll, struct reference *reference)
{
  const uint8_t *suite_bytes = (const uint8_t *)suite;
  blst_p1 point;
  require(blst_p2_uncompress(&reference->key, poll->key.der + 37) == BLST_SUCCESS, "key");
  blst_hash_to_g1(&point, reference->message, sizeof reference->message, suite_bytes,
                  sizeof suite - 1, NULL, 0);
  blst_sign_pk_in_g2(&point, &point, &poll->key.secret);
  blst_p1_to_affine(&reference->signature, &point);
}

static double time_bare(const struct reference *reference)
{
  double start = now_us();
  require(blst_core_verify_pk_in_g2(&reference->key, &reference->signature, true,
                                    reference->message, sizeof reference->message,
                                    (const uint8_t *)suite, sizeof suite - 1, NULL,
                                    0) == BLST_SUCCESS,
          "blst_core_verify_pk_in_g2");
  return now_us() - start;
}

/* The first certificate of a subnet: its delegation is verified, too, and its key set up. */
static double time_first(const struct poll *poll, size_t cert)
{
  struct icws_verifier *verifier = new_verifier(poll);
  double start = now_us();
  verify(verifier, poll, cert, 0);
  double time = now_us() - start;
  icws_verifier_del(verifier);
  return time;
}

/* A new certificate under a known delegation. */
static double time_cold(struct icws_verifier *verifier, const struct poll *poll, size_t cert)
{
  double start = now_us();
  verify(verifier, poll, cert, 0);
  return now_us() - start;
}

struct cold_times {
  double bare;
  double first;
  double cold;
};

/* Round by round, so that whatever else the machine does meets all three alike. */
static struct cold_times measure_cold(const struct poll *poll)
{
  static double bare[COLD_ROUNDS];
  static double first[COLD_ROUNDS];
  static double cold[COLD_ROUNDS];
  struct reference reference = {.message = {0}};
  struct icws_verifier *verifier = new_verifier(poll);
  make_reference(poll, &reference);
  verify(verifier, poll, 0, 0);
  for (size_t i = 1; i < COLD_ROUNDS; i++) {
    bare[i - 1] = time_bare(&reference);
    first[i - 1] = time_first(poll, i);
    cold[i - 1] = time_cold(verifier, poll, i);
  }
  icws_verifier_del(verifier);
  return (struct cold_times){.bare = median(bare, COLD_ROUNDS - 1),
                             .first = median(first, COLD_ROUNDS - 1),
                             .cold = median(cold, COLD_ROUNDS - 1)};
}

static double measure_warm(const struct poll *poll)
{
  static double times[WARM_ROUNDS];
  struct icws_verifier *verifier = new_verifier(poll);
  for (size_t i = 0; i < 4; i++) /* all slots in use */
    verify(verifier, poll, i, 0);
  for (size_t i = 0; i < WARM_ROUNDS; i++) {
    double start = now_us();
    for (size_t j = 0; j < MESSAGES; j++)
      verify(verifier, poll, 3, j);
    times[i] = (now_us() - start) / MESSAGES;
  }
  icws_verifier_del(verifier);
  return median(times, WARM_ROUNDS);
}

int main(void)
{
  static struct poll poll;
  make_poll(&poll);
  struct cold_times times = measure_cold(&poll);
  double warm = measure_warm(&poll);
  printf("%d messages under one tree of %zu bytes and certificates of %zu bytes\n", MESSAGES,
         poll.tree.len, poll.certs[0].len);
  printf("bare blst_core_verify_pk_in_g2     %8.1f us\n", times.bare);
  printf("first message of a subnet          %8.1f us  %.2f x the 2 bare verifies it needs\n",
         times.first, times.first / (2 * times.bare));
  printf("new certificate, delegation known  %8.1f us  %.2f x the bare verify it needs\n",
         times.cold, times.cold / times.bare);
  printf("known certificate and tree         %8.2f us  with %d bytes of content\n", warm,
         CONTENT_BYTES);
  free_poll(&poll);
  return 0;
}
