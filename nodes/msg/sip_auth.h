/*
 * nodes/msg/sip_auth.h - the fields of Digest headers and of Security-Client, -Server and -Verify.
 *
 * Source:  RFC 2617 §3.2, RFC 3310 §3 (auts), TS 24.229 §7.2A.1 (ik, ck), §7.2A.2 (integrity-protected);
 *          RFC 3329 §2.2 and Appendix A, TS 33.203 Annex H.
 * Knows:   text.  Nothing is computed here: responses are crypto's, what to accept is a node's.
 */
#ifndef PRESEC_NODES_MSG_SIP_AUTH_H
#define PRESEC_NODES_MSG_SIP_AUTH_H

#include "nodes/msg/sip.h"

/* Every member without its quotes; absent where the header has none, empty where it says ="". */
typedef struct {
    Text scheme; /* "Digest"; empty in Authentication-Info, which has none */
    Text username, realm, nonce, uri, response, algorithm, cnonce, opaque, qop, nc, stale, domain;
    Text auts;                /* RFC 3310 §3.4 */
    Text ik, ck;              /* hexadecimal, S-CSCF to P-CSCF only */
    Text integrity_protected; /* "yes" or "no", P-CSCF to S-CSCF only */
    Text rspauth, nextnonce;  /* Authentication-Info */
} SipDigest;

/* One Authorization, WWW-Authenticate, Proxy-* or Authentication-Info value.  False: malformed, or a parameter twice.
 */
bool sip_digest_decode(Text value, SipDigest *digest) G_GNUC_WARN_UNUSED_RESULT;
/* The first header of @id whose scheme is Digest. */
bool sip_digest(const SipMsg *msg, SipHeaderId id, SipDigest *digest) G_GNUC_WARN_UNUSED_RESULT;

/* The auth-param as it stands in @value, name to end of value, to cut it out (ik, ck) or put another in its place. */
bool sip_auth_param_span(Text value, const char *name, Text *span);

enum { /* which numbers a mechanism gives */
       SIP_SEC_SPI_C = 1 << 0,
       SIP_SEC_SPI_S = 1 << 1,
       SIP_SEC_PORT_C = 1 << 2,
       SIP_SEC_PORT_S = 1 << 3,
       SIP_SEC_SPI = 1 << 4, /* these three: the dialect of RFC 3329 Appendix A, TS 33.203 before V5.6 */
       SIP_SEC_PORT1 = 1 << 5,
       SIP_SEC_PORT2 = 1 << 6,
       SIP_SEC_Q = 1 << 7,
};

typedef struct {
    Text value; /* the whole sec-mechanism */
    Text name;  /* "ipsec-3gpp", "tls" */
    Text params;
    unsigned present;          /* SIP_SEC_* */
    unsigned q;                /* thousandths; 1000 when not given */
    Text alg, ealg, prot, mod; /* absent when not given: ealg then means null, prot esp, mod trans */
    uint32_t spi_c, spi_s, spi;
    uint16_t port_c, port_s, port1, port2;
} SipSecMechanism;

#define SIP_SEC_MAX 16

typedef struct {
    unsigned n;
    SipSecMechanism items[SIP_SEC_MAX];
} SipSecList;

/* spi of 1 to 10 digits up to 2^32-1 (deployed code does not pad), ports 1..65535.  False: malformed or a parameter
 * twice. */
bool sip_sec_mechanism_decode(Text value, SipSecMechanism *mechanism) G_GNUC_WARN_UNUSED_RESULT;

/* All mechanisms of the header, in order.  False: no such header, one is malformed, or more than SIP_SEC_MAX. */
bool sip_sec_list(const SipMsg *msg, SipHeaderId id, SipSecList *list) G_GNUC_WARN_UNUSED_RESULT;
/* The same from a text kept earlier (values of several headers joined with commas). */
bool sip_sec_list_decode(Text text, SipSecList *list) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Whether the peer gave back what it was given (RFC 3329 §2.3.1, TS 33.203 §7.2): the same mechanisms in the same
 * order, each with the same parameters, unknown ones included.  Tokens without case, quoted strings with; the order of
 * the parameters of one mechanism does not count; a default written out is not the same as one left out.
 */
bool sip_sec_list_equal(const SipSecList *a, const SipSecList *b);

#endif
