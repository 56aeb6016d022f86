/*
 * crypto/cert_parts.h - what the files about certificates, TLS and CMS share.  Internal to crypto/.
 *
 * Source:  none of its own.
 * Knows:   OpenSSL.
 */
#ifndef PRESEC_CRYPTO_CERT_PARTS_H
#define PRESEC_CRYPTO_CERT_PARTS_H

#include "crypto/cert.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

struct CertKey {
    EVP_PKEY *pkey;
};

struct Cert {
    X509 *x509;
    uint8_t *der;
    size_t der_len;
    char *subject;
    GPtrArray *names; /* of char *, the first character is 'D' or 'U' */
    CertId id;
};

struct CertTrust {
    X509_STORE *store;
    STACK_OF(X509) * roots;
};

/**
 * The key as OpenSSL takes it, owned by the caller.
 *
 * Blinding numbers stay on an RSA key object and are renewed every 32 uses, out of the stream of whoever comes then;
 * so each user of an RSA key works with a copy that was never used, and draws the same whoever came before.
 */
EVP_PKEY *cert_key_for_use(const CertKey *key);

/** @x509: a reference is taken.  NULL: it cannot be encoded. */
Cert *cert_from_x509(X509 *x509);
/** As cert_check_chain(), with what the peer sent along.  @sent: NULL or certificates that prove nothing by themselves.
 */
CertResult cert_check_x509(X509 *x509, STACK_OF(X509) * sent, const CertTrust *trust, CertPurpose purpose, int64_t now);
/** CertId of an issuer and serial number.  @issuer, @serial: NULL: left empty. */
void cert_id_of(CertId *id, const X509_NAME *issuer, const ASN1_INTEGER *serial);
/** The first common name, as UTF-8 without a NUL inside; "" if there is none.  Owned by the caller. */
char *cert_common_name(const X509_NAME *name);

/** For OpenSSL calls whose result cannot depend on randomness (checks, context creation) but which may draw. */
extern const CryptoRandom cert_irrelevant_random;

#endif
