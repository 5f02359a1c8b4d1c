/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_SCRIPTED_CERTIFICATES_H
#define ICWS_TESTS_SCRIPTED_CERTIFICATES_H

/*
 * Makes in |folder|, which exists:
 *   ca.pem, other-ca.pem         two certificate authorities
 *   key.pem                      the gateway's key
 *   good.pem                     its certificate for localhost and 127.0.0.1, by ca.pem
 *   other-name.pem, expired.pem  the same for other.test and 192.0.2.1, and expired
 * Fails the process if it cannot.
 */
void scripted_certificates_make(const char *folder);
void scripted_certificates_remove(const char *folder);

#endif
