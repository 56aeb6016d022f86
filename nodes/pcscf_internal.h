/*
 * nodes/pcscf_internal.h - the P-CSCF's state, shared by its files: pcscf.c (construction, routing of
 * requests), pcscf_register.c, pcscf_answer.c, pcscf_contact.c, pcscf_tls.c.
 */
#ifndef PRESEC_NODES_PCSCF_INTERNAL_H
#define PRESEC_NODES_PCSCF_INTERNAL_H

#include "nodes/msg/sip_auth.h"
#include "nodes/pcscf.h"
#include "nodes/stack/endpoint.h"

#define PCSCF_PORT_CLEAR 5060
#define PCSCF_PORT_PS    5063 /* protected server port, the same for every UE */
#define PCSCF_PORT_PC    5070 /* first protected client port; each authentication of a UE takes the next */
#define PCSCF_N_PORT_PC  16

typedef enum {
    CONTACT_NEW,       /* SM1 went on, no SAs yet; over TLS: the connection is nobody's */
    CONTACT_HALF_OPEN, /* SM6 sent, SAs set up, waiting for SM7 and SM11: "registration SAs" */
    CONTACT_REGISTERED,
    CONTACT_LEAVING /* superseded or de-registered; SAs go soon */
} ContactState;

/* One authentication of one UE: what TS 33.203 §7.1 calls a row of the SA_table, and what must be stored between SM1
 * and SM7.  Or one TLS connection that a UE opened, and whose it is. */
typedef struct Contact {
    Pcscf *pcscf;
    struct Contact *previous, *next; /* all of them, to be freed */
    ContactState state;
    NetAddr ue;
    uint32_t connection;   /* by TLS; 0 = by SAs */
    uint16_t port;         /* of the UE's end of it */
    bool encrypts;         /* its cipher suite */
    char **names;          /* URIs that the client's certificate speaks for; NULL: it showed none */
    char *impi;            /* over TLS: of the REGISTER under way, NULL before; then the user's */
    char **impus;          /* P-Associated-URI, NULL-terminated; NULL until registered */
    char *service_route;   /* Route value */
    char *security_client; /* SM1's list as text */
    char *security_server; /* SM6's */
    SecAlgs algs;
    SecEnd ue_end, own_end;
    SaSetId sas, over;  /* over: the SAs that SM1 came through, 0 = none */
    SaSetId successor;  /* registered through these SAs; takes over with the first message on its own */
    SimTimer timer;     /* reg-await-auth, then the lifetime */
    SimTime expires_at; /* the lifetime's end; never decreased */
    unsigned relays;    /* REGISTERs under way that will come back to it */
    bool forgotten;     /* ... and nothing else holds it */
} Contact;

struct Pcscf {
    PcscfConfig config;
    Sim *sim;
    NetHost *host;
    SipEndpoint *endpoint;
    Sad *sad;
    GHashTable *by_sa;         /* SaSetId -> Contact; looked up only */
    GHashTable *by_connection; /* TLS connection -> Contact; likewise */
    GHashTable *by_addr;       /* address -> its registered Contact, whose SAs or connection is used towards the UE */
    GHashTable *half_open;     /* IMPI -> its newest half-open Contact */
    Contact *contacts;
};

/* --- pcscf_register.c, pcscf_answer.c --- */
void pcscf_register(Pcscf *pcscf, SipServerTx *tx, const SipMsg *msg, const SipFlow *from); /* REGISTER from a UE */
/* SM2 or SM8.  @mark: the value of integrity-protected; @sealed: it came encrypted. */
void pcscf_register_forward(Contact *contact, SipServerTx *tx, const SipMsg *msg, const char *mark, bool sealed);
/* Whether SM7 echoes SM6's list, and repeats SM1's if it repeats one. */
bool pcscf_echo_is_right(const Contact *contact, const SipMsg *msg);
/* Record it and answer 494. */
void pcscf_refuse_echo(const Contact *contact, SipServerTx *tx);
/* Its answers, a SipRelay; @ctx: the Contact. */
void pcscf_register_response(void *ctx, SipServerTx *tx, const SipMsg *response, SipEdit *edit, SipFlow *back);
/* Keep what the network says of the user.  Seconds granted, 0 when he is de-registered. */
uint32_t pcscf_take_profile(Contact *contact, const SipMsg *response, const SipMsg *request);
/* What SM6 lists, by our policy. */
unsigned pcscf_own_list(const Pcscf *pcscf, const SipSecList *offered, SecAlgs out[SEC_ALGS_MAX]);

/* --- pcscf_contact.c --- */
Contact *pcscf_contact_new(Pcscf *pcscf);
void pcscf_contact_free(Contact *contact); /* nothing holds it any more */
Contact *pcscf_contact_of_sa(Pcscf *pcscf, SaSetId id);
Contact *pcscf_contact_of(Pcscf *pcscf, const SipFlow *from); /* by the SA or the connection it came through */
Contact *pcscf_contact_at(Pcscf *pcscf, const NetAddr *addr); /* what is used towards the UE there */
/* With its SAs or connection, at once; the memory when the last REGISTER of it has come back. */
void pcscf_contact_forget(Contact *contact);
/* The SAs go when what was sent through them last can no longer be asked for again.  @answering: that last message is
 * still to be sent. */
void pcscf_contact_leave(Contact *contact, bool answering);
void pcscf_contact_leave_successor(Contact *contact);
/* SM6 goes out: "registration SAs" that wait for SM7.  A challenge under way is superseded (TS 33.203 §6.1.2.3). */
void pcscf_contact_half_open(Contact *contact);
void pcscf_contact_not_half_open(Contact *contact);
void pcscf_contact_drop_half_open(Pcscf *pcscf, Text impi, const SipFlow *from);
/* SM11 came: which of the old and new SAs are used now, TS 33.203 §7.4.2. */
void pcscf_contact_supersede(Contact *contact);
/* Its connection is used towards the UE from now on, and nothing else of this user. */
void pcscf_contact_use(Contact *contact);
/* Its connection is nobody's; it is closed if nobody registers over it in time. */
void pcscf_contact_of_nobody(Contact *contact);
/* A message came in on its SAs: from now on they are used towards the UE (TS 33.203 §7.4.2). */
void pcscf_contact_heard(Contact *contact);
/* The registration's lifetime and a little more, never less than before (TS 33.203 §7.4). */
void pcscf_contact_live_for(Contact *contact, uint32_t seconds);
/* Let an answer to this UE go over these SAs; none: where Via says. */
void pcscf_contact_answer_over(Contact *contact, SaSetId sas, SipFlow *back);

/* --- pcscf_tls.c --- */
bool pcscf_tls_start(Pcscf *pcscf); /* false: the port is taken */
/* REGISTER over a connection. */
void pcscf_tls_register(Contact *contact, SipServerTx *tx, const SipMsg *msg, const SipDigest *digest);
/* Its answer. */
void pcscf_tls_registered(Contact *contact, const SipMsg *response, const SipMsg *request);

#endif
