/*
 * nodes/scscf_internal.h - the S-CSCF's state, shared by scscf.c (routing and service control), scscf_register.c and
 * scscf_challenge.c.
 */
#ifndef PRESEC_NODES_SCSCF_INTERNAL_H
#define PRESEC_NODES_SCSCF_INTERNAL_H

#include "crypto/aka.h"
#include "crypto/digest.h"
#include "nodes/msg/sip_auth.h"
#include "nodes/msg/sip_write.h"
#include "nodes/cscf.h"
#include "nodes/msg/cx_user_data.h"
#include "nodes/stack/diameter_peer.h"
#include "nodes/stack/endpoint.h"

typedef struct Subscriber {
    struct Scscf *scscf;
    char *impi;
    char **impus;            /* implicit registration set; NULL before the first registration */
    const CxFilter *filters; /* n_filters; in Scscf.filter_sets */
    unsigned n_filters;
    /* the binding */
    bool registered;
    char *contact, *path;
    bool confidentiality; /* as SM8 indicated and our policy believed */
    SimTimer expiry;
    /* the challenge that waits for its answer */
    bool challenged;
    char *nonce, *call_id;
    char *challenged_impu; /* of the REGISTER that was challenged: there may be no profile yet */
    AkaAv av;
    unsigned aka_version; /* of the Digest that was challenged */
    SimTimer await;       /* reg-await-auth */
} Subscriber;

struct Scscf {
    ScscfConfig config;
    Sim *sim;
    NetHost *host;
    SipEndpoint *endpoint;
    DiameterPeer *peer;
    GHashTable *by_impi, *by_impu; /* looked up only; by_impi owns */
    GHashTable *filter_sets;       /* GBytes: an operator has few, subscribers many; looked up only */
    GPtrArray *all;
};

typedef struct Job { /* a REGISTER that waits for the HSS */
    Scscf *scscf;
    Subscriber *sub; /* NULL: perhaps nobody's identity, the HSS will know */
    SipServerTx *tx; /* NULL: nobody waits */
    CxAssignment assignment;
    uint32_t seconds;
    bool confidentiality;
    char rspauth[DIGEST_HEX_LEN + 1]; /* "": the REGISTER answered no challenge */
} Job;

/* How a REGISTER came to the P-CSCF, by its mark (TS 24.229 §7.2A.2). */
typedef enum {
    THROUGH_NOTHING,
    THROUGH_SAS,
    THROUGH_TLS,          /* a connection that is his */
    THROUGH_TLS_OF_NOBODY /* a connection that is nobody's so far */
} Through;

void scscf_register(Scscf *scscf, SipServerTx *tx, const SipMsg *msg);
Subscriber *scscf_by_impu(Scscf *scscf, Text uri);
void scscf_subscriber_free(Subscriber *sub);

/* --- scscf_register.c --- */
Through scscf_through(const SipDigest *digest);
CxMessage *scscf_cx_request(Scscf *scscf, CxCommand command, Text impu); /* in the event's arena */
void scscf_ask(Job job, CxMessage *request, DiameterDone done);
void scscf_assign(Job job, CxAssignment assignment, Text impu);
/* Begin the answer.  @extra: octets of what others made long and we repeat. */
SipWriter scscf_reply(Scscf *scscf, SipServerTx *tx, unsigned status, size_t extra);
void scscf_finish(SipServerTx *tx, SipWriter *w);

/* --- scscf_challenge.c --- */
/* Ask for a vector and answer 401 with it.  @sub: with @auts only (AKA_AUTS_LEN octets, or NULL). */
void scscf_challenge(Scscf *scscf, Text impi, SipServerTx *tx, const Subscriber *sub, const uint8_t *auts);
void scscf_forget_challenge(Subscriber *sub);
bool scscf_response_is_right(const Subscriber *sub, const SipDigest *digest);
/* Our proof that we know XRES too (RFC 3310 §3.5), while we still know it. */
void scscf_make_rspauth(const Subscriber *sub, const SipDigest *digest, char rspauth[DIGEST_HEX_LEN + 1]);

#endif
