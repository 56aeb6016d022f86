/*
 * nodes/cscf.h - Interrogating- and Serving-CSCF.
 *
 * Source:  TS 33.203 §6.1, TS 24.229 §5.3, §5.4, TS 29.228 (Cx), RFC 3608, RFC 3327, RFC 3325.
 */
#ifndef PRESEC_NODES_CSCF_H
#define PRESEC_NODES_CSCF_H

#include "nodes/node.h"

typedef struct Icscf Icscf;
typedef struct Scscf Scscf;

typedef struct IcscfConfig {
    const char *name, *domain; /* "icscf", "icscf.home.example" */
    NetAddr addr;
    const char *home_domain;
    const char *hss; /* Diameter host name, resolvable */
    const Directory *directory;
    bool passes_asserted_identity; /* S25 broken: an edge that does not strip P-Asserted-Identity from outside */
    const NetAddr *trusted;        /* addresses whose P-Asserted-Identity is kept */
    unsigned n_trusted;
} IcscfConfig;
Icscf *icscf_new(Net *net, const IcscfConfig *config);
void icscf_free(Icscf *icscf);
NetHost *icscf_host(Icscf *icscf);

typedef struct ScscfPolicy {
    unsigned release;                   /* 5: knows no indication */
    bool forwards_indication;           /* stamps SUBSCRIBE and PUBLISH with the registration's indication (S3 §2) */
    bool refuses_unindicated;           /* option 1 in the network: 403 to presence from contacts without it */
    bool refuses_messages_too;          /* "most probably SIP based Instant Messaging also" */
    bool checks_indication_source;      /* accepts it only from P-CSCFs known to be Release 6 (Q11) */
    const char *const *release6_pcscfs; /* host names, for the check */
    unsigned n_release6_pcscfs;
    bool accepts_tls; /* "tls-yes" in SM8 is as good as "yes" (K39) */
    unsigned tls_aka; /* Digest AKA version of challenges that go through TLS: 1 or 2 (RFC 4169); others are 1 */
    int64_t registration_seconds; /* granted at most; 0 = 600000 */
} ScscfPolicy;
typedef struct ScscfConfig {
    const char *name, *domain;
    NetAddr addr;
    const char *home_domain;
    const char *hss, *icscf;
    ScscfPolicy policy;
    const Directory *directory;
} ScscfConfig;
Scscf *scscf_new(Net *net, const ScscfConfig *config);
void scscf_free(Scscf *scscf);
NetHost *scscf_host(Scscf *scscf);

/* The header that carries the indication from S-CSCF to the Presence Server inside the home network.
 * DEVIATION: the seeds name no header; removed from whatever comes from outside. */
#define INDICATION_HEADER "P-Confidentiality-Protection"
/* The auth-param of SM8, beside integrity-protected (S4 §8.1.2.2: "Confidentiality-Protection = Successful"). */
#define INDICATION_PARAM "confidentiality-protected"

#endif
