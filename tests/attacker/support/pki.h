/*
 * tests/attacker/support/pki.h - a certification authority and some subscribers, for S/MIME between strangers.
 *
 * Knows:   crypto/ca.h, crypto/cms.h.
 */
#ifndef PRESEC_TESTS_ATTACKER_PKI_H
#define PRESEC_TESTS_ATTACKER_PKI_H

#include "crypto/ca.h"
#include "crypto/cms.h"

enum { PKI_ALICE, PKI_BOB, PKI_PS, PKI_MALLORY, PKI_N };

typedef struct Pki {
    uint64_t state;
    CryptoRandom random;
    Ca *ca;
    CertTrust *trust;
    Cert *cert[PKI_N];
    CertKey *key[PKI_N];
} Pki;

extern const int64_t pki_now;

Pki *pki_new(void);
void pki_free(Pki *pki);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pki, pki_free)

/* A MIME entity with this type and text. */
char *pki_entity(const char *type, const char *text);
GBytes *pki_sign(Pki *pki, unsigned who, const char *entity, bool with_certificate);
GBytes *pki_envelope(Pki *pki, unsigned whom, const void *entity, size_t len, CmsCipher cipher);
GBytes *pki_sign_envelope(Pki *pki, unsigned who, unsigned whom, const char *entity);
/* A NOTIFY with that body and these lines among its headers. */
GString *pki_notify(const char *headers, GBytes *body);

#endif
