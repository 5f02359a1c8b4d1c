/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_CERTIFICATE_MAKER_H
#define ICWS_TESTS_CERTIFICATE_MAKER_H

#include <stdint.h>

#include <blst.h>

#include <icws/bytes.h>
#include <icws/principal.h>

/*
 * Makes certificates as a subnet would, by its own signing code, for tests and benchmarks.  All
 * "put" functions append encodings; a failure sticks in the buffer.
 */

struct maker_key {
  blst_scalar secret;
  uint8_t der[133];
};

/* maker_key_init derives a key pair from |seed|: the same one every time. */
void maker_key_init(struct maker_key *key, const char *seed);
struct icws_bytes maker_key_der(const struct maker_key *key);

/* Nodes of hash trees.  What a fork or a label holds is appended next. */
void maker_put_fork(struct icws_buf *tree);
void maker_put_label(struct icws_buf *tree, struct icws_bytes label);
void maker_put_leaf(struct icws_buf *tree, struct icws_bytes value);
void maker_put_time(struct icws_buf *tree, uint64_t time_ns); /* the label and its leaf */

/* A state tree with certified_data of |canister| and the time. */
void maker_put_state(struct icws_buf *tree, const struct icws_principal *canister,
                     struct icws_bytes certified_data, uint64_t time_ns);

/* What the root subnet says of |subnet|: its key, and that it may speak for |canister| alone. */
void maker_put_subnet_state(struct icws_buf *tree, const struct icws_principal *subnet,
                            const struct maker_key *key, const struct icws_principal *canister,
                            uint64_t time_ns);

/* Signs |tree| and puts a certificate; |delegation| is the certificate of |subnet|'s key, or empty
 * if the root itself signs. */
void maker_put_certificate(struct icws_buf *out, struct icws_bytes tree,
                           const struct maker_key *key, const struct icws_principal *subnet,
                           struct icws_bytes delegation);

#endif
