/*
 * nodes/ue_internal.h - the UE's state, shared by its files: ue.c (user and dispatch), ue_register.c (the
 * registration), ue_answer.c (what REGISTER says), ue_sas.c, ue_tls.c (the hop to the P-CSCF), ue_publish.c,
 * ue_presence.c, ue_smime.c (what is end to end).
 */
#ifndef PRESEC_NODES_UE_INTERNAL_H
#define PRESEC_NODES_UE_INTERNAL_H

#include "nodes/msg/sip_auth.h"
#include "nodes/stack/endpoint.h"
#include "nodes/stack/sad.h"
#include "nodes/ue.h"

#define UE_PORT_CLEAR 5060
#define UE_PORT_US    5065 /* protected server port: stays across re-registrations */
#define UE_PORT_UC    5066 /* first protected client port; the next authentication takes the next one */
#define UE_N_PORT_UC  64

typedef enum {
    UE_IDLE,           /* nothing wanted, or abandoned */
    UE_ATTACHING,      /* the modem is at work */
    UE_WAIT_CHALLENGE, /* SM1 sent */
    UE_WAIT_OK,        /* SM7 sent */
    UE_REGISTERED
} UeState;

/* The SAs of one authentication, as the UE sees them. */
typedef struct UeSas {
    SaSetId id; /* 0 = none */
    uint16_t port_uc, port_ps;
} UeSas;

/* Its TLS connection to the P-CSCF. */
typedef struct UeTls {
    uint32_t connection; /* the one that it opens or has; 0 = none */
    bool open, encrypts; /* the handshake is over; the suite encrypts */
    bool registered;     /* over it: it is the hop to the P-CSCF */
    bool reached;        /* somebody finished the last handshake */
    bool refused;        /* the last one showed a certificate that it did not accept */
    unsigned reconnects; /* connections in a row that did not last */
    SimTime since;       /* open */
    SimTimer patience, again;
} UeTls;

typedef struct UeSubscription {
    char *presentity, *package;
    char *call_id, *local_tag, *remote_tag; /* remote_tag NULL until known */
    char *target;                           /* remote target */
    char *routes;                           /* Route value, NULL = none */
    uint32_t cseq, remote_cseq;
    bool has_remote_cseq;
    bool ended;      /* goes with the answer that is awaited */
    bool waits;      /* for the Presence Server's certificate */
    bool proved;     /* the SUBSCRIBE under way has credentials */
    uint8_t asked;   /* for them, in a row */
    int64_t newest;  /* the version of the last document shown, S/MIME */
    int64_t seconds; /* asked for; 0: it is to end */
    SimTime expires_at;
    SimTimer refresh;
    SipClientTx *tx; /* the SUBSCRIBE under way */
} UeSubscription;

typedef struct UePublication {
    char *etag; /* NULL: nothing is published */
    char *note; /* what its user wants to be published; NULL: nothing */
    bool open;
    bool removing, refreshing, again; /* what @tx does; again: another waits for it */
    bool waits;                       /* for the Presence Server's certificate */
    uint32_t seconds, cseq;
    char *tuple_id, *call_id;
    SipClientTx *tx; /* one at a time */
    SimTimer refresh;
} UePublication;

/* End-to-end protection towards the Presence Server. */
typedef struct UeSmime {
    SmimeEnd end;
    Cert *ps;        /* its certificate; NULL: none yet */
    bool missing;    /* it was asked for and is not to be had; until those who waited have been told */
    SipClientTx *tx; /* the OPTIONS under way */
} UeSmime;

/* The last challenge of a Presence Server that asks watchers for their password. */
typedef struct UePassword {
    char *realm, *nonce, *opaque; /* as they stand in quotes; nonce NULL: none yet, opaque NULL: there was none */
    uint32_t nc;                  /* how often the nonce was used */
} UePassword;

struct Ue {
    UeConfig config;
    Net *net;
    Sim *sim;
    NetHost *host;
    SipEndpoint *endpoint;
    Sad *sad;
    AkaIsim own_isim, *isim; /* its own, or the modem's USIM */
    SimStream stream;        /* SPIs, cnonces */

    UeState state;
    bool wanted; /* its user wants to be registered */
    NetAddr addr, pcscf;
    UeSas current, pending, old;
    UeTls tls;
    /* the registration under way */
    char *call_id, *from_tag;
    uint32_t cseq;
    SecEnd end;                                                /* of the Security-Client in SM1 */
    unsigned n_authentications, n_challenges, failures, tries; /* n_challenges: answered in this registration */
    bool by_tls;                                               /* it goes over TLS */
    bool negotiates;                                           /* SM1 offers tls too */
    bool fell_back;                 /* TLS could not be had: SAs, until its user registers anew */
    bool deregistering, old_unused; /* old_unused: the P-CSCF was heard on the current SAs */
    bool without_encryption;        /* AT-24's broken retry */
    char *security_server;          /* SM6's list, to be echoed */
    SipClientTx *register_tx;
    /* what the network gave */
    char *service_route; /* Route value */
    char *default_impu;
    int64_t granted;
    SimTimer reregister, forget_old, lapse;
    SimTime lapses_at; /* of the SAs */
    /* presence */
    UePublication publish;
    GPtrArray *subscriptions; /* UeSubscription * */
    UeSmime smime;
    UePassword password;
    UeCounters counters;
};

/* --- ue.c --- */
void ue_go(Ue *ue, UeState state);
void ue_outcome(Ue *ue, const char *action, const char *target, int status, const char *text);
/* What it may be called: the first of P-Associated-URI, for the one it registers with may be barred (TS 24.229
 * §5.1.1.4, TS 23.003 §13.4B). */
const char *ue_default_impu(const Ue *ue);
const char *ue_from(const Ue *ue); /* the identity it writes into From: its own, or a forged one */
/* Begin a request to @uri: request line, From, To, Call-ID, CSeq, Max-Forwards. */
typedef struct UeRequest {
    SipMethod method;
    const char *uri, *to, *to_tag, *from_tag, *call_id;
    uint32_t cseq;
    const char *routes; /* NULL: Service-Route */
    bool unnamed;       /* neither From nor To says who: that stands inside (RFC 3261 §23.4.3) */
} UeRequest;
void ue_request_begin(Ue *ue, SipWriter *w, const UeRequest *request);
/* Route, identity, access information for a request over the current SAs. */
void ue_request_protected(Ue *ue, SipWriter *w, const UeRequest *request);
/* End it with @body of @type (NULL: none) and send it over the current SAs.  NULL: longer than any message of ours. */
SipClientTx *ue_request_send(Ue *ue, SipWriter *w, const char *type, Text body, SipDone done, void *ctx);
SipWriter ue_writer(Ue *ue);
SipFlow ue_flow(const Ue *ue, const UeSas *sas); /* sas NULL or empty: in the clear */
/* "Contact: <...>" for what comes over SAs, or over TLS; no line end. */
void ue_write_contact(Ue *ue, SipWriter *w, bool tls);

/* Whether it may speak to the P-CSCF over SAs or over TLS, and whether what it says there is encrypted. */
bool ue_has_hop(const Ue *ue);
bool ue_hop_encrypted(const Ue *ue);

/* --- ue_register.c --- */
void ue_register_start(Ue *ue);
void ue_register_forget(Ue *ue); /* drop SAs, the TLS connection, keys and timers */
/* REGISTER over TLS will not be answered; the connection is gone. */
void ue_register_failed(Ue *ue, const char *why);

/* --- ue_answer.c --- */
/* What stands in Authorization. */
typedef struct UeAnswer {
    Text nonce;
    const char *response; /* "" or 32 hex digits */
    const char *auts;     /* NULL or base64 */
    const char *cnonce, *qop;
    unsigned version; /* of Digest AKA; 0: no algorithm etc.: SM1, or a MAC failure */
} UeAnswer;
typedef struct UeChallenge {
    SipDigest digest;
    unsigned version; /* 1: AKAv1-MD5, 2: AKAv2-MD5 */
    uint8_t nonce[64];
} UeChallenge;
bool ue_challenge_read(const SipMsg *msg, UeChallenge *challenge); /* false: not one of Digest AKA */
/* Over TLS if ue->by_tls, else @over these SAs, NULL or empty: in the clear.  @echo: SM7. */
void ue_send_register(Ue *ue, const UeAnswer *answer, const UeSas *over, bool echo, SipDone done);
/* What proves that we know what AKA gave; both in the event's arena. */
UeAnswer ue_answer(Ue *ue, const UeChallenge *challenge, const AkaAnswer *aka);
UeAnswer ue_answer_resync(Ue *ue, const UeChallenge *challenge, const AkaAnswer *aka);

/* --- ue_sas.c --- */
const SecAlgs *ue_offer(const Ue *ue, unsigned *n);
void ue_new_end(Ue *ue);           /* SPIs and client port for a Security-Client */
void ue_heard(Ue *ue, SaSetId sa); /* a message, but for SM12, came in on these SAs */
void ue_sas_use_new(Ue *ue);       /* SM12 came */
void ue_sas_forget(Ue *ue);        /* all of them */
void ue_sas_drop_pending(Ue *ue);
/* Make the SAs of SM6's list, TS 33.203 §7.2.  NULL: made; else why the registration ends. */
const char *ue_sas_choose(Ue *ue, const SipSecList *list, const AkaAnswer *aka);

/* --- ue_tls.c --- */
void ue_tls_start(Ue *ue);
bool ue_tls_wanted(const Ue *ue); /* by policy, and not found to be blocked */
SipFlow ue_tls_flow(const Ue *ue);
void ue_tls_opening(Ue *ue, const SipClientTx *tx); /* REGISTER was given to this connection */
bool ue_tls_is_own(const Ue *ue, const SipFlow *from);
void ue_tls_use(Ue *ue);   /* registered over it */
void ue_tls_close(Ue *ue); /* if there is one; says close_notify */
/* The connection did not last.  False: that was once too often. */
bool ue_tls_again(Ue *ue);

/* --- ue_publish.c --- */
void ue_publish_clear(Ue *ue);
void ue_publish_resume(Ue *ue); /* what waited for the Presence Server's certificate */

/* --- ue_presence.c --- */
void ue_presence_request(Ue *ue, SipServerTx *tx, const SipMsg *msg);
void ue_presence_clear(Ue *ue);
void ue_presence_resume(Ue *ue); /* as ue_publish_resume() */
/* Guards of options 1 and 2; @action and @target for the outcome of a refusal. */
bool ue_may_use_presence(Ue *ue, const char *action, const char *target);

/* --- ue_password.c --- */
void ue_password_clear(Ue *ue);
/* A 401: whether it can be answered, now that the challenge is known.  @proved: what was refused had credentials. */
bool ue_password_challenged(Ue *ue, const SipMsg *response, bool proved);
/* Write Authorization for a SUBSCRIBE to @uri; false: nobody has asked for it yet. */
bool ue_password_write(Ue *ue, SipWriter *w, const char *uri);

/* --- ue_smime.c --- */
void ue_smime_init(Ue *ue);
void ue_smime_clear(Ue *ue);  /* forget what is under way */
void ue_smime_forget(Ue *ue); /* and the certificate that was found */
bool ue_uses_smime(const Ue *ue);
/* How a request may go now.  WAIT: the certificate is asked for, ue_publish_resume() and ue_presence_resume() follow.
 * REFUSED: traced, with an outcome for @action and @target. */
typedef enum { UE_WAY_CLEAR, UE_WAY_PROTECTED, UE_WAY_WAIT, UE_WAY_REFUSED } UeWay;
UeWay ue_smime_way(Ue *ue, SipMethod method, bool document, const char *action, const char *target);
/* Send a request of presence. @lines: header lines of its own, also inside a tunnel; @type NULL: no body. */
SipClientTx *ue_smime_send(Ue *ue, UeWay way, const UeRequest *request, const SipWriter *lines, const char *type,
                           Text body, SipDone done, void *ctx);
/* What a response to a request of ours says about certificates: ours is not known there, or theirs is in it. */
void ue_smime_learn(Ue *ue, const SipMsg *response);
/* The document in a NOTIFY; false: it was refused, and answered.  @from: who says so, for the display. */
bool ue_smime_open(Ue *ue, SipServerTx *tx, const SipMsg *msg, UeSubscription *sub, Text *document, const char **from);
void ue_smime_options(Ue *ue, SipServerTx *tx);

#endif
