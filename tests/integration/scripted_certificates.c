/* SPDX-License-Identifier: Apache-2.0 */
#include "scripted_certificates.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define DAY_S (24L * 60 * 60)

static const char *const files[] = {"ca.pem",   "other-ca.pem",   "key.pem",
                                    "good.pem", "other-name.pem", "expired.pem"};

static void require(bool condition, const char *what)
{
  if (!condition) {
    fprintf(stderr, "scripted certificates: %s\n", what);
    abort();
  }
}

static FILE *open_file(const char *folder, const char *name)
{
  char path[512];
  FILE *file;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  file = fopen(path, "w");
  require(file != NULL, path);
  return file;
}

static void add_extension(X509 *certificate, int nid, const char *value)
{
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
  require(extension != NULL && X509_add_ext(certificate, extension, -1) == 1, value);
  X509_EXTENSION_free(extension);
}

struct recipe {
  const char *file;
  const char *name;
  const char *alternative_names; /* NULL: an authority */
  long days;                     /* until it expires */
};

/* Makes and writes one certificate; |issuer| NULL: it signs itself. */
static X509 *make(const char *folder, const struct recipe *recipe, EVP_PKEY *key,
                  const X509 *issuer, EVP_PKEY *issuer_key)
{
  X509 *certificate = X509_new();
  X509_NAME *name = X509_get_subject_name(certificate);
  FILE *file = open_file(folder, recipe->file);
  require(X509_set_version(certificate, 2) == 1 &&
              ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1 + rand()) == 1 &&
              X509_gmtime_adj(X509_getm_notBefore(certificate), -10 * DAY_S) != NULL &&
              X509_gmtime_adj(X509_getm_notAfter(certificate), recipe->days * DAY_S) != NULL &&
              X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                         (const unsigned char *)recipe->name, -1, -1, 0) == 1 &&
              X509_set_issuer_name(certificate,
                                   issuer == NULL ? name : X509_get_subject_name(issuer)) == 1 &&
              X509_set_pubkey(certificate, key) == 1,
          recipe->file);
  if (recipe->alternative_names == NULL)
    add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  else
    add_extension(certificate, NID_subject_alt_name, recipe->alternative_names);
  require(X509_sign(certificate, issuer_key, EVP_sha256()) > 0 &&
              PEM_write_X509(file, certificate) == 1,
          recipe->file);
  fclose(file);
  return certificate;
}

void scripted_certificates_make(const char *folder)
{
  static const struct recipe ca = {"ca.pem", "test authority", NULL, 10};
  static const struct recipe other_ca = {"other-ca.pem", "another authority", NULL, 10};
  static const struct recipe leaves[] = {
      {"good.pem", "good", "DNS:localhost,IP:127.0.0.1", 10},
      {"other-name.pem", "other", "DNS:other.test,IP:192.0.2.1", 10},
      {"expired.pem", "expired", "DNS:localhost,IP:127.0.0.1", -1},
  };
  EVP_PKEY *ca_key = EVP_EC_gen("P-256");
  EVP_PKEY *key = EVP_EC_gen("P-256");
  X509 *authority = make(folder, &ca, ca_key, NULL, ca_key);
  FILE *file = open_file(folder, "key.pem");
  size_t i;
  X509_free(make(folder, &other_ca, key, NULL, key));
  for (i = 0; i < sizeof leaves / sizeof leaves[0]; i++)
    X509_free(make(folder, &leaves[i], key, authority, ca_key));
  require(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1, "key.pem");
  fclose(file);
  X509_free(authority);
  EVP_PKEY_free(ca_key);
  EVP_PKEY_free(key);
}

void scripted_certificates_remove(const char *folder)
{
  char path[512];
  size_t i;
  for (i = 0; i < sizeof files / sizeof files[0]; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, files[i]);
    unlink(path);
  }
  rmdir(folder);
}
