/*
 * crypto/cert.h - keys and certificates: make and store keys, read certificates, judge them by cause.
 *
 * Source:  RFC 5280 §4.1, §6.1; RFC 5922 §7.1, §7.2 (which names a SIP certificate speaks for: no wildcards);
 *          RFC 2818 §3.1.
 * Knows:   DER octets, names and seconds since 1970.  No clock: whoever asks says what time it is.
 *
 * A chain and a name are judged apart, because they fail apart: a certificate of a known CA for another name is what
 * an attacker who is also a subscriber has.
 */
#ifndef PRESEC_CRYPTO_CERT_H
#define PRESEC_CRYPTO_CERT_H

#include "crypto/random.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- private keys ---- */

typedef enum {
    CERT_KEY_RSA_2048, /* infrastructure: 200 ms to make, so made once per seed and stored; a load takes 0.2 ms */
    CERT_KEY_EC_P256,  /* subscribers: made at will */
} CertKeyKind;

/* A private key with its public half.  Belongs to one run and is used by one thread at a time; another run loads its
 * own from the same octets. */
typedef struct CertKey CertKey;

/** The same octets from @random make the same key. */
CertKey *cert_key_generate(CertKeyKind kind, const CryptoRandom *random) G_GNUC_WARN_UNUSED_RESULT;
/** PKCS#8 or the older RSA and EC forms.  NULL: not a private key of either kind, or trailing octets. */
CertKey *cert_key_from_der(const uint8_t *der, size_t len) G_GNUC_WARN_UNUSED_RESULT;
/** PKCS#8, RFC 5958.  The result is secret. */
GBytes *cert_key_to_der(const CertKey *key) G_GNUC_WARN_UNUSED_RESULT;
CertKeyKind cert_key_kind(const CertKey *key);
void cert_key_free(CertKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CertKey, cert_key_free)

/* ---- certificates ---- */

typedef enum {
    CERT_NAME_DNS, /* "pcscf.visited.example" */
    CERT_NAME_URI, /* "sip:alice@home.example" or "sip:home.example" */
} CertNameKind;

/* A subjectAltName. */
typedef struct {
    CertNameKind kind;
    const char *name; /* borrowed */
} CertName;

enum { CERT_SERIAL_MAX = 20 }; /* RFC 5280 §4.1.2.2 */

/* What a certificate is called by others: CMS recipients and signers are named so, readable by everybody. */
typedef struct {
    char issuer[128]; /* the issuer's common name; cut if longer, "" if it has none */
    uint8_t serial[CERT_SERIAL_MAX];
    size_t serial_len;
} CertId;

/* An X.509 certificate; never changes. */
typedef struct Cert Cert;

/** NULL: not a certificate, or trailing octets. */
Cert *cert_from_der(const uint8_t *der, size_t len) G_GNUC_WARN_UNUSED_RESULT;
/** The octets it was read from or issued as; @len: out.  They live as long as the certificate. */
const uint8_t *cert_der(const Cert *cert, size_t *len);
/** The subject's common name; "" if it has none. */
const char *cert_subject(const Cert *cert);
/** DNS names and URIs of subjectAltName in their order; names of other kinds, or with a NUL inside, are not there. */
size_t cert_n_names(const Cert *cert);
CertName cert_name(const Cert *cert, size_t i);
const CertId *cert_id(const Cert *cert);
bool cert_id_equal(const CertId *a, const CertId *b);
/** True if @key is the private half of the certificate's public key. */
bool cert_has_key(const Cert *cert, const CertKey *key);
void cert_free(Cert *cert);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cert, cert_free)

/* ---- judging ---- */

/* Whether a certificate is good for something; the first cause in this order. */
typedef enum {
    CERT_OK,
    CERT_NOT_A_CERTIFICATE, /* the octets are none */
    CERT_UNKNOWN_CA,        /* no way to a root that we trust; a self-signed stranger too */
    CERT_BAD_SIGNATURE,     /* names a CA that we trust, but that CA did not sign it */
    CERT_NOT_YET_VALID,
    CERT_EXPIRED,
    CERT_WRONG_PURPOSE, /* not for this use: extendedKeyUsage, keyUsage */
    CERT_REFUSED,       /* another rule of RFC 5280 §6.1, e.g. issued by what is no CA */
    CERT_WRONG_NAME,    /* the chain is good, but it speaks for somebody else */
} CertResult;

const char *cert_result_name(CertResult result);

typedef enum {
    CERT_FOR_SERVER = 1, /* TLS server; bits, because a certificate can be for several */
    CERT_FOR_CLIENT = 2, /* TLS client */
    CERT_FOR_MAIL = 4,   /* S/MIME */
} CertPurpose;

/* The roots somebody trusts. */
typedef struct CertTrust CertTrust;
CertTrust *cert_trust_new(void) G_GNUC_WARN_UNUSED_RESULT;
/** @root: borrowed for the call. */
void cert_trust_add(CertTrust *trust, const Cert *root);
void cert_trust_free(CertTrust *trust);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CertTrust, cert_trust_free)

/**
 * Judge the chain alone: issuer, signature, validity, purpose.  Never CERT_WRONG_NAME.
 *
 * @now: seconds since 1970
 */
CertResult cert_check_chain(const Cert *cert, const CertTrust *trust, CertPurpose purpose,
                            int64_t now) G_GNUC_WARN_UNUSED_RESULT;
/**
 * Judge the name alone: true if one of subjectAltName's names equals @name.
 *
 * DNS names compare without case; of a URI the scheme and the host do, the user part does not (RFC 3261 §19.1.4).
 * A DNS name is also proved by "sip:NAME" without a user part, and the other way round (RFC 5922 §7.1).  The common
 * name proves nothing.
 */
bool cert_speaks_for(const Cert *cert, CertName name) G_GNUC_WARN_UNUSED_RESULT;
/** Both, the chain first, from octets.  @name: NULL: any name will do. */
CertResult cert_check_der(const uint8_t *der, size_t len, const CertTrust *trust, CertPurpose purpose,
                          const CertName *name, int64_t now) G_GNUC_WARN_UNUSED_RESULT;

#endif
