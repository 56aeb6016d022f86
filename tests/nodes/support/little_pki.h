/*
 * tests/nodes/support/little_pki.h - certificates for the little IMS: its P-CSCF's, its subscribers', and who trusts
 * whom.
 */
#ifndef PRESEC_TESTS_LITTLE_PKI_H
#define PRESEC_TESTS_LITTLE_PKI_H

#include "crypto/tls.h"
#include "sim/core.h"
#include "sim/sim.h"

typedef struct LittlePki LittlePki;

/* What a test varies; zeros: TLS 1.0, certificates as they should be, none of subscribers. */
typedef struct LittleTls {
    bool used;        /* the P-CSCF serves TLS, and UEs can use it */
    bool wrong_name;  /* the P-CSCF shows a certificate of another node */
    bool unknown_ca;  /* ... of a CA that nobody trusts */
    bool null_suite;  /* TLS_RSA_WITH_NULL_SHA */
    bool subscribers; /* UEs show certificates, and must */
    bool of_another;  /* the first UE shows the second's */
    bool any_name;    /* UEs look at the chain alone */
} LittleTls;

LittlePki *little_pki_new(Sim *sim, const LittleTls *wish);
void little_pki_free(LittlePki *pki);
TlsContext *little_pki_server(LittlePki *pki);
/* The context of a UE; its certificate, if it has one, speaks for sip:@impi.  Owned by @pki. */
TlsContext *little_pki_client(LittlePki *pki, const char *name, const char *impi);

#endif
