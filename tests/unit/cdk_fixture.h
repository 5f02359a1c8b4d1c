/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_CDK_FIXTURE_H
#define ICWS_TESTS_CDK_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/mem.h>
#include <icws/message.h>

#include "cdk/icws_cdk.h"

/*
 * For tests of the canister's side: a canister on a host whose clock stands still and whose memory
 * may run out, with an application that writes down what happens to it.
 *
 * Principals are the bytes of short names.  Clients are written as name/nonce.
 */

#define FIXTURE_START UINT64_C(1700000000000000000) /* the time at first, ns */
#define FIXTURE_SECOND UINT64_C(1000000000)
#define FIXTURE_TEXT_BYTES 32768
#define FIXTURE_MAX_POLL 600

struct cdk_fixture {
  struct icws_cdk *cdk;
  uint64_t now;

  uint8_t certified_data[ICWS_SHA256_BYTES];
  size_t certifications; /* how often it was set */
  bool no_certificate;   /* as in an update call */

  struct icws_mem mem;
  size_t live;        /* blocks in use */
  size_t allocations; /* made so far, the failed one included */
  size_t fail_at;     /* the number of the allocation that fails; 0: none */

  /* The application: "open alice/1; message alice/1 hi; close alice/1; ".  If a hook is there its
   * handler writes first, and then does and returns what the hook does. */
  char log[FIXTURE_TEXT_BYTES];
  const char *(*in_open)(struct cdk_fixture *fixture, const struct icws_client_key *client);
  const char *(*in_message)(struct cdk_fixture *fixture, const struct icws_client_key *client);
  void (*in_close)(struct cdk_fixture *fixture, const struct icws_client_key *client);

  /* The last answer. */
  struct icws_buf reply;
  char text[FIXTURE_TEXT_BYTES];
  struct icws_output_message messages[FIXTURE_MAX_POLL];
  struct icws_get_messages_result poll;
};

/* How often the kit's hash function has been called. */
extern size_t cdk_fixture_hashes;

/* cdk_fixture_wipe fails the test if memory leaked. */
void cdk_fixture_init(struct cdk_fixture *fixture, const struct icws_cdk_config *config);
void cdk_fixture_wipe(struct cdk_fixture *fixture);

struct icws_principal cdk_fixture_principal(const char *name);
struct icws_client_key cdk_fixture_key(const char *client, uint64_t nonce);

/*
 * The methods.  Each returns "ok", the text of the error in the answer, or, if the call was
 * rejected, the name of the error.
 */
const char *cdk_fixture_open(struct cdk_fixture *fixture, const char *client, uint64_t nonce,
                             const char *gateway);
const char *cdk_fixture_close(struct cdk_fixture *fixture, const char *caller, const char *client,
                              uint64_t nonce);
const char *cdk_fixture_message(struct cdk_fixture *fixture, const char *client, uint64_t nonce,
                                uint64_t sequence_num, const char *content);
const char *cdk_fixture_service(struct cdk_fixture *fixture, const char *client, uint64_t nonce,
                                uint64_t sequence_num, const struct icws_service_message *service);
const char *cdk_fixture_keep_alive(struct cdk_fixture *fixture, const char *client, uint64_t nonce,
                                   uint64_t sequence_num);

/*
 * cdk_fixture_poll gets |gateway|'s messages from |nonce| on and checks certificate, tree and keys
 * of the answer.  It returns what came: "0 alice/1 #1 open alice/1; 1 alice/1 #2 hi; more", where
 * the first number is that of the key, the second the sequence number, and "more" says that the
 * queue goes on; or an error as above.
 */
const char *cdk_fixture_poll(struct cdk_fixture *fixture, const char *gateway, uint64_t nonce);

/* cdk_fixture_send sends a C string. */
enum icws_error cdk_fixture_send(struct cdk_fixture *fixture, const char *client,
                                 const char *content);

/* cdk_fixture_log_is compares the log, and empties it. */
void cdk_fixture_log_is(struct cdk_fixture *fixture, const char *expected);

#endif
