/*
 * nodes/pcscf_internal.h - the P-CSCF's state, shared by pcscf.c (construction, routing of requests) and
 * pcscf_register.c.
 */
#ifndef PRESEC_NODES_PCSCF_INTERNAL_H
#define PRESEC_NODES_PCSCF_INTERNAL_H

#include "nodes/pcscf.h"
#include "nodes/stack/endpoint.h"

#define PCSCF_PORT_CLEAR 5060
#define PCSCF_PORT_PS    5063 /* protected server port, the same for every UE */
#define PCSCF_PORT_PC    5070 /* first protected client port; each authentication of a UE takes the next */
#define PCSCF_N_PORT_PC  16

typedef enum {
    CONTACT_NEW,       /* SM1 went on, no SAs yet */
    CONTACT_HALF_OPEN, /* SM6 sent, SAs set up, waiting for SM7 and SM11: "registration SAs" */
    CONTACT_REGISTERED,
    CONTACT_LEAVING /* superseded or de-registered; SAs go soon */
} ContactState;

/* One authentication of one UE: what TS 33.203 §7.1 calls a row of the SA_table, and what must be stored between SM1
 * and SM7. */
typedef struct Contact {
    Pcscf *pcscf;
    struct Contact *previous, *next; /* all of them, to be freed */
    ContactState state;
    NetAddr ue;
    char *impi;
    char **impus;          /* P-Associated-URI, NULL-terminated; NULL until registered */
    char *service_route;   /* Route value */
    char *security_client; /* SM1's list as text */
    char *security_server; /* SM6's */
    SecAlgs algs;
    SecEnd ue_end, own_end;
    SaSetId sas, over; /* over: the SAs that SM1 came through, 0 = none */
    SimTimer timer;    /* reg-await-auth, then the lifetime */
    unsigned relays;   /* REGISTERs under way that will come back to it */
    bool forgotten;    /* ... and nothing else holds it */
} Contact;

struct Pcscf {
    PcscfConfig config;
    Sim *sim;
    NetHost *host;
    SipEndpoint *endpoint;
    Sad *sad;
    GHashTable *by_sa;     /* SaSetId -> Contact; looked up only */
    GHashTable *by_addr;   /* address -> its registered Contact */
    GHashTable *half_open; /* IMPI -> its newest half-open Contact */
    Contact *contacts;
};

/* REGISTER from a UE. */
void pcscf_register(Pcscf *pcscf, SipServerTx *tx, const SipMsg *msg, const SipFlow *from);
Contact *pcscf_contact_of_sa(Pcscf *pcscf, SaSetId id);
Contact *pcscf_contact_at(Pcscf *pcscf, const NetAddr *addr);
Contact *pcscf_contact_new(Pcscf *pcscf);
void pcscf_contact_free(Contact *contact);

#endif
