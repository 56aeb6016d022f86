/*
 * nodes/smime.h - S/MIME between UE and Presence Server: what each demands, and what it does to bodies.
 *
 * Source:  RFC 3261 §23, RFC 3853; S3 §2 option 3; S4 §6.1.1.
 * Knows:   bodies, certificates and policy.  No dialog, no subscription.
 */
#ifndef PRESEC_NODES_SMIME_H
#define PRESEC_NODES_SMIME_H

#include "nodes/credentials.h"

typedef enum {
    SMIME_NONE,
    SMIME_BODY,  /* the body is signed and enveloped */
    SMIME_TUNNEL /* a copy of the request travels in message/sip, RFC 3261 §23.4; inner and outer are compared */
} SmimeMode;

/* How the other end's certificate is found. */
typedef enum {
    SMIME_FETCHED,  /* asked for with OPTIONS before it is needed first (RFC 3261 §23.2): one round trip */
    SMIME_CACHED,   /* it was provisioned */
    SMIME_INCLUDED, /* it comes with signed bodies; what has come once is kept */
} SmimeSource;

typedef struct SmimePolicy {
    SmimeMode mode;
    SmimeSource source;
    bool sign;             /* false: enveloped only */
    bool clear_without;    /* opportunistic: without the other's certificate sends clear; false (strict): sends nothing.
                              Strict ends show nothing that came in the clear (PO13) */
    bool checks_freshness; /* Date, Call-ID and CSeq of a tunnel, the document's version otherwise: RFC 3261 §23.4.2 */
    /* broken implementations, for negative controls */
    bool ignores_names; /* S34: whose certificate it is, and who issued it, is not looked at */
} SmimePolicy;

#endif
