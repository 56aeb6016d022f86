/*
 * nodes/scscf_internal.h - the S-CSCF's state, shared by scscf.c (routing and service control) and scscf_register.c.
 */
#ifndef PRESEC_NODES_SCSCF_INTERNAL_H
#define PRESEC_NODES_SCSCF_INTERNAL_H

#include "crypto/aka.h"
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
    SimTimer await; /* reg-await-auth */
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

void scscf_register(Scscf *scscf, SipServerTx *tx, const SipMsg *msg);
Subscriber *scscf_by_impu(Scscf *scscf, Text uri);
void scscf_subscriber_free(Subscriber *sub);

#endif
