/*
 * nodes/pcscf.h - the Proxy-CSCF: end of the UE's security associations or TLS connection, first trusted SIP proxy.
 *
 * Source:  TS 33.203 §6.1-§7.4, TS 24.229 §5.2; Release differences: draft TR Presence Security v0.5.0 §8.1.2.2 (S4).
 */
#ifndef PRESEC_NODES_PCSCF_H
#define PRESEC_NODES_PCSCF_H

#include "crypto/tls.h"
#include "nodes/node.h"
#include "nodes/secagree.h"
#include "nodes/stack/endpoint.h"
#include "nodes/stack/sad.h"

typedef struct Pcscf Pcscf;

typedef enum {
    ECHO_CHECK_FULL,    /* list, SPI_P, Port_P against SM6; SPI_U, Port_U against SM1 */
    ECHO_CHECK_NO_EALG, /* S13 broken: ealg is not compared */
    ECHO_CHECK_NONE     /* S13 broken */
} EchoCheck;

typedef struct PcscfPolicy {
    unsigned release; /* 5, or 6.  5 ignores and forwards what it does not know. */
    bool encrypts;    /* release 6: local policy requires encryption; false = trusts the access, acts as release 5.
                         release 5: the option-5 change request is in. */
    bool indicates_confidentiality; /* puts confidentiality-protected into SM8 (and overwrites a UE's) */
    SecAlgs list[SEC_ALGS_MAX];     /* SM6's list by priority, Release 6 algorithms first */
    unsigned n_list;
    bool lists_tls; /* SM6 lists tls before ipsec-3gpp, whatever SM1 offered: only a list that does not depend on SM1
                       shows an edit of it (RFC 3329 §2.3.1) */
    bool marks_tls; /* a REGISTER over TLS is marked as integrity protected ("tls-pending", "tls-yes"; the seeds'
                       reading); false: only SA-protected ones are (24.229-strict: K39) */
    bool binds_certificate;   /* a client certificate must name the IMPI that registers over its connection */
    bool requires_encryption; /* refuses UEs that offer none (TS 33.203 M.7.2 NOTE 4) */
    EchoCheck echo_check;
    /* broken implementations, for negative controls */
    bool list_is_intersection; /* S10: SM6 lists only what SM1 offered */
    bool tries_both;           /* S12: accepts NULL on the same SPI too */
    bool equal_spis;           /* S35: takes the UE's SPIs as its own */
    SadPolicy sad;             /* S36, S37 */
} PcscfPolicy;

typedef struct PcscfConfig {
    const char *name;   /* "pcscf" */
    const char *domain; /* "pcscf.visited.example" */
    NetAddr addr;
    const char *visited_network;
    PcscfPolicy policy;
    TlsContext *tls; /* borrowed; server side of TLS at SIPS_PORT; NULL: none */
    const Directory *directory;
} PcscfConfig;

Pcscf *pcscf_new(Net *net, const PcscfConfig *config);
void pcscf_free(Pcscf *pcscf);
NetHost *pcscf_host(Pcscf *pcscf);
const char *pcscf_name(const Pcscf *pcscf);
unsigned pcscf_release(const Pcscf *pcscf);
SipEndpoint *pcscf_endpoint(Pcscf *pcscf);         /* for whoever runs the node (threats A4) */
size_t pcscf_state_octets(const Pcscf *pcscf);     /* per registered UE, for the cost table */
const TlsWork *pcscf_tls_work(const Pcscf *pcscf); /* what its ends of TLS have computed so far */

#endif
