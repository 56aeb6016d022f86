/*
 * tests/nodes/support/smime_pki.h - keys and certificates for S/MIME: a Presence Server with RSA, users with EC, and
 * those whom nobody should believe.
 */
#ifndef PRESEC_TESTS_NODES_SMIME_PKI_H
#define PRESEC_TESTS_NODES_SMIME_PKI_H

#include "crypto/ca.h"
#include "nodes/credentials.h"

enum { PKI_EPOCH = 1052179200 /* 2003-05-06T00:00:00Z */ };

typedef struct TestPki {
    Ca *ca, *stranger;
    CertTrust *trust;
    GPtrArray *certs, *keys; /* what pki_user() and others made */
} TestPki;

TestPki *test_pki_new(void);
void test_pki_free(TestPki *pki);
/* A certificate of the CA, or of the stranger, for a URI ("sip:...") or a domain, with a key of its own.  They live as
 * long as @pki. */
Credentials test_pki_issue(TestPki *pki, const char *name, bool rsa, bool stranger);

#endif
