/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_KEYS_H
#define ICWS_KEYS_H

#include <stddef.h>

#include <icws/bytes.h>
#include <icws/envelope.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/identity.h>

ICWS_BEGIN_DECLS

/* What needs libcrypto, and key files.  In libicws-net. */

/* icws_keys_verify_ecdsa verifies ECDSA with SHA-256 on secp256k1 and P-256, for
 * icws_envelope_verify.  Safe in any thread. */
ICWS_EXPORT icws_ecdsa_verify_fn icws_keys_verify_ecdsa;

/*
 * Asks for the passphrase of an encrypted key: writes it without a NUL to |out|, which has |size|
 * bytes of locked memory, and its length to |*len|.  Returns ICWS_OK, or ICWS_ERR_PASSPHRASE if
 * there is none.
 */
typedef enum icws_error icws_passphrase_fn(char *out, size_t size, size_t *len, void *user_data);

#define ICWS_PASSPHRASE_MAX_BYTES 1024
#define ICWS_KEY_FILE_MAX_BYTES 16384

/*
 * icws_keys_from_pem reads the PEM text of a PKCS#8 Ed25519 key, encrypted or not.  Encrypted means
 * PBES2 (RFC 8018) with PBKDF2 or scrypt and AES in CBC mode; inside may be either version.  More
 * than 10,000,000 rounds of PBKDF2, or scrypt with more than 256 MiB, is ICWS_ERR_LIMIT.
 * |passphrase| is called once, and only for an encrypted key; NULL makes that ICWS_ERR_PASSPHRASE.
 * Returns ICWS_OK, an error of icws_identity_from_pem, ICWS_ERR_PASSPHRASE or ICWS_ERR_LIMIT;
 * ICWS_ERR_UNSUPPORTED is an encryption of another kind.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_keys_from_pem(struct icws_bytes pem, icws_passphrase_fn *passphrase, void *user_data,
                   struct icws_identity **identity, struct icws_failure *failure);

/*
 * icws_keys_load reads a key file.  A file that others than its owner can read or write is refused
 * with ICWS_ERR_KEY_PERMISSIONS; the failure's text holds the command that mends it.  A missing or
 * unreadable file is ICWS_ERR_SYSTEM.
 *
 * icws_keys_create writes a new key file with mode 0600 and never overwrites: a path that exists is
 * ICWS_ERR_SYSTEM.  Nothing is left behind after an error.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_keys_load(const char *path, icws_passphrase_fn *passphrase, void *user_data,
               struct icws_identity **identity, struct icws_failure *failure);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_keys_create(const char *path,
                                                            const struct icws_identity *identity,
                                                            struct icws_failure *failure);

/*
 * icws_keys_lock takes a lock on the key file |path| (beside it, at |path| with ".lock" added), to
 * notice that another program on this machine uses the same identity: a second connection of one
 * principal silently ends the first.  Sets |*locked| to false if another holds it.  The
 * descriptor in |*fd| (or -1) keeps the lock until it is closed.  ICWS_ERR_SYSTEM if the lock
 * file cannot be made.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_keys_lock(const char *path, int *fd, bool *locked,
                                                          struct icws_failure *failure);

ICWS_END_DECLS

#endif
