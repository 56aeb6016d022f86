/*
 * crypto/selftest_kinds.h - the kinds of known answers crypto/ checks itself.  Internal to crypto/.
 *
 * Source:  tests/vectors/README.md.
 * Knows:   see selftest.h.
 */
#ifndef PRESEC_CRYPTO_SELFTEST_KINDS_H
#define PRESEC_CRYPTO_SELFTEST_KINDS_H

#include "crypto/selftest.h"

struct SelftestCheck {
    SelftestResult *result;
};

/* Each ends with an entry whose name is NULL; tried in this order. */
extern const SelftestKind selftest_aka_kinds[];   /* Milenage, AKA, Digest */
extern const SelftestKind selftest_esp_kinds[];   /* Annex I, the window, packets */
extern const SelftestKind selftest_plain_kinds[]; /* ciphers, hashes, key derivation, TLS PRF */

#endif
