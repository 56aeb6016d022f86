/*
 * crypto/ca.h - a small certification authority: one root, certificates for servers, subscribers and mail.
 *
 * Source:  RFC 5280 §4; RFC 5922 §4 (SIP domain certificates), RFC 3261 §23.1 (subscribers': address of record in
 *          subjectAltName).
 * Knows:   names, keys and virtual seconds.  No clock; randomness only for signatures, from the caller's source.
 *
 * A serial number follows from what is certified and from nothing else, so another subscriber's certificate changes
 * nobody's.
 */
#ifndef PRESEC_CRYPTO_CA_H
#define PRESEC_CRYPTO_CA_H

#include "crypto/cert.h"

typedef struct Ca Ca;

/* What is to be certified; all members borrowed for the call. */
typedef struct {
    const char *subject; /* common name, 1..64 octets of UTF-8 */
    const CertName *names;
    size_t n_names;
    const CertKey *key;  /* the public half goes in */
    unsigned purposes;   /* CertPurpose bits; 0: all */
    int64_t valid_from;  /* seconds since 1970 */
    int64_t valid_until; /* from this second on it has expired */
    bool sha1;           /* sign with SHA-1 as in 2003; else SHA-256 */
} CaRequest;

/**
 * A new CA with a self-signed root.
 *
 * @name: its common name, 1..64 octets
 * @key:  taken
 */
Ca *ca_new(const char *name, CertKey *key, int64_t valid_from, int64_t valid_until,
           const CryptoRandom *random) G_GNUC_WARN_UNUSED_RESULT;
/** A stored CA.  @key, @root: both taken.  NULL (and both freed): the key is not the root's. */
Ca *ca_load(CertKey *key, Cert *root) G_GNUC_WARN_UNUSED_RESULT;
/** Borrowed; lives as long as the CA. */
const Cert *ca_root(const Ca *ca);
const CertKey *ca_key(const Ca *ca);
/** NULL: @request->subject or a name does not fit a certificate (length, octets outside ASCII in a name). */
Cert *ca_issue(const Ca *ca, const CaRequest *request, const CryptoRandom *random) G_GNUC_WARN_UNUSED_RESULT;
void ca_free(Ca *ca);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ca, ca_free)

#endif
