/*
 * nodes/credentials.h - what a node shows of itself and whom it believes.
 *
 * Source:  TS 33.203 and S3 §2, options 3 and 4: certificates of proxies, of the Presence Server, of subscribers.
 * Knows:   keys and certificates made elsewhere.  All members are borrowed and outlive the node; the key belongs to
 *          this run alone.
 */
#ifndef PRESEC_NODES_CREDENTIALS_H
#define PRESEC_NODES_CREDENTIALS_H

#include "crypto/cert.h"

typedef struct Credentials {
    const Cert *cert; /* both NULL: it has none */
    const CertKey *key;
    const CertTrust *trust; /* NULL: trusts nobody */
} Credentials;

#endif
