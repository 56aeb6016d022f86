/*
 * nodes/pki.h - the public key infrastructure of options 3 and 4: one certification authority for everybody.
 *
 * Source:  S3 §2, options 3 and 4; RFC 3261 §23.1, §26.3.1; RFC 5922 §4, §7.
 * Knows:   a seed, and names.  No other node, no option.
 *
 * Keys and certificates belong to a seed: a Pki makes each when it is first asked for (RSA numbers take a fifth of a
 * second), keeps it as octets and may be shared by worlds in several threads.  A key object belongs to one run (RSA
 * blinding draws from the run's streams), so a PkiDesk loads its own.  Every key and every certificate follows from the
 * seed and from what it says: somebody more or less changes nothing for the others.
 */
#ifndef PRESEC_NODES_PKI_H
#define PRESEC_NODES_PKI_H

#include "crypto/ca.h"
#include "nodes/credentials.h"
#include "sim/sim.h"

/* ---- of a seed ---- */

typedef struct Pki Pki;
Pki *pki_new(uint64_t seed);
Pki *pki_ref(Pki *pki);
void pki_unref(Pki *pki); /* NULL is allowed */
uint64_t pki_seed(const Pki *pki);

typedef enum {
    PKI_EC,
    PKI_RSA,
    PKI_SELF_SIGNED /* an RSA key again; signed by itself: nobody knows the issuer */
} PkiKind;

/* Who wants a certificate; all members borrowed for the call. */
typedef struct PkiRequest {
    const char *owner;   /* names the key: the same owner has the same key of a kind */
    const char *subject; /* common name */
    const CertName *names;
    size_t n_names;
    unsigned purposes; /* CertPurpose */
    PkiKind kind;
} PkiRequest;
/* Octets; borrowed, they live as long as the Pki.  From any thread. */
GBytes *pki_key(Pki *pki, const char *owner, bool ec);        /* PKCS#8 */
GBytes *pki_certificate(Pki *pki, const PkiRequest *request); /* X.509 */
GBytes *pki_root(Pki *pki);                                   /* the authority's own */

/* ---- of a run ---- */

typedef struct PkiDesk PkiDesk;
PkiDesk *pki_desk_new(Pki *pki);   /* a reference is taken */
void pki_desk_free(PkiDesk *desk); /* NULL is allowed */
/* The authority; lives as long as the desk. */
const CertTrust *pki_desk_trust(const PkiDesk *desk);
const Cert *pki_desk_root(const PkiDesk *desk);

/* Key and certificate, and the authority as trust; they live as long as the desk. */
Credentials pki_certify(PkiDesk *desk, const PkiRequest *request);

#endif
