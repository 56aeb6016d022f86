/*
 * nodes/ue.h - the user equipment: IMS registration with AKA and sec-agree, presence publication, watching, messages.
 *
 * Source:  TS 33.203 §6.1, §7 (SM1-SM12), TS 24.229 §5.1, RFC 3903, RFC 3265/6665, RFC 3856, RFC 3857, RFC 3428.
 *          Below it, the modem (nodes/modem.h) attaches to an access network and finds the P-CSCF.
 * Knows:   its ISIM, its policy, its modem.  Never an option.
 */
#ifndef PRESEC_NODES_UE_H
#define PRESEC_NODES_UE_H

#include "crypto/aka.h"
#include "crypto/tls.h"
#include "nodes/modem.h"
#include "nodes/node.h"
#include "nodes/secagree.h"
#include "nodes/smime.h"

typedef struct Ue Ue;

/* When a presence request may leave although SM6 listed no encryption (threats 3: guards of options 1 and 2). */
typedef enum {
    UE_GUARD_NONE,
    UE_GUARD_ENCRYPTED,   /* option 1: only over an encrypted SA */
    UE_GUARD_ACCESS_TYPE, /* option 2: or when the access type is one that ciphers by its label (UMTS, GPRS, WLAN with
                             WEP) */
    UE_GUARD_CIPHER_STATE /* option 2: or when the modem says that its radio link is ciphered now */
} UeGuard;

/* What protects the hop to the P-CSCF. */
typedef enum {
    UE_GM_IPSEC,
    UE_GM_TLS,       /* option 4: TLS before the first REGISTER; no sec-agree */
    UE_GM_NEGOTIATED /* option 4 by RFC 3329: SM1 in the clear offers tls before ipsec-3gpp, SM6's list decides */
} UeGm;

typedef struct UePolicy {
    unsigned release;            /* 5: offers integrity only, runs no guard; 6 */
    SecAlgs offer[SEC_ALGS_MAX]; /* SM1's list, in order; Release 5 entries have ealg null */
    unsigned n_offer;
    bool refuse_null; /* fail-closed: abandon the registration when SM6 offers no encryption (PO12) */
    UeGuard guard;
    UeGm gm;
    bool falls_back;  /* UE_GM_TLS, UE_GM_NEGOTIATED: registers over IPsec when TLS cannot be had */
    unsigned tls_aka; /* the Digest AKA version it answers inside TLS, 1 or 2; outside it answers 1 only (RFC 4169) */
    bool rich_documents; /* publishes two services with contacts and times, above 434 octets */
    bool early_dialect;  /* seed's SM7: echoes the server list only (I10) */
    /* broken implementations, for negative controls */
    bool falls_back_without_server_list; /* S11: no Security-Server: goes on unprotected */
    bool retries_without_encryption;     /* AT-24 */
    bool smuggles_confidentiality;       /* AT-57: puts the network's indication into its own REGISTER */
    bool akav2_outside;                  /* AT-42: answers AKAv2 outside TLS too */
    bool forges_identity;                /* AT-30/31: sends @forged_impu as From and P-Preferred-Identity */
    const char *forged_impu;
} UePolicy;

typedef struct UeConfig {
    const char *name;        /* "alice"; strings are borrowed and outlive the UE */
    const char *impi, *impu; /* "alice.k3j...@home.example", "sip:alice.x8f...@home.example" */
    const char *home_domain;
    const AkaIsim *isim; /* copied; NULL: the modem's USIM is the ISIM too, with one SQN for both (TS 33.203 §8) */
    UePolicy policy;
    Modem *modem; /* borrowed */
    const Directory *directory;
    TlsContext *tls;        /* borrowed; NULL: no TLS.  Whether it shows a certificate is the context's */
    const char *pcscf_name; /* whom the P-CSCF's certificate must speak for, by provisioning: "pcscf.visited.example" */
    SmimePolicy smime;      /* towards the Presence Server */
    Credentials credentials; /* for S/MIME */
    const char *ps_name;     /* "ps.home.example": whom the Presence Server's certificate must speak for */
    const Cert *ps_cert;     /* SMIME_CACHED: provisioned; NULL: none */
    /* for a Presence Server that asks watchers for one (S0 §8.1.4); NULL: none; "": it comes as "anonymous", RFC 3261
     * §22.1 */
    const char *watcher_password;
    int64_t registration_seconds; /* asked for; 0 = 600000 (TS 24.229 §5.1.1) */
} UeConfig;

Ue *ue_new(Net *net, const UeConfig *config);
void ue_free(Ue *ue);
NetHost *ue_host(Ue *ue);
const char *ue_name(const Ue *ue);

/* --- what its user does.  Each starts at once, takes virtual time, and ends with a TRACE_OUTCOME record.  --- */
void ue_register(Ue *ue);   /* attaches first when needed */
void ue_reregister(Ue *ue); /* with a new challenge if the network wants one */
void ue_deregister(Ue *ue);
/* Publish a document with this basic status and note (the body's canary stands in the note).  A second call modifies,
 * RFC 3903. */
void ue_publish(Ue *ue, bool open, const char *note);
void ue_unpublish(Ue *ue);
void ue_subscribe(Ue *ue, const char *presentity, int64_t seconds); /* 0 seconds: fetch (RFC 3265 §3.3.6) */
void ue_unsubscribe(Ue *ue, const char *presentity);
void ue_watch_watchers(Ue *ue, int64_t seconds); /* presence.winfo of its own presentity, RFC 3857 */
void ue_message(Ue *ue, const char *to, const char *text);
void ue_power_off(Ue *ue); /* forgets SAs and keys, says nothing */

/* What it is now; for tests and load studies.  Verdicts are made from octets and the trace, not from these. */
bool ue_registered(const Ue *ue);
const TlsWork *ue_tls_work(const Ue *ue); /* what its ends of TLS have computed so far */
typedef struct UeCounters {
    uint64_t registered, published, subscribed, notified, refused, failed;
} UeCounters;
const UeCounters *ue_counters(const Ue *ue);
const SmimeWork *ue_smime_work(const Ue *ue); /* what S/MIME cost it so far */

#endif
