/*
 * nodes/smime.h - S/MIME between UE and Presence Server: what each demands, and what it does to bodies.
 *
 * Source:  RFC 3261 §23, RFC 3853; S3 §2 option 3; S4 §6.1.1.
 * Knows:   bodies, certificates and policy.  No dialog, no subscription.
 *
 * Where to read: smime.c (making), smime_open.c (opening), smime_tunnel.c (inner and outer compared), smime_answer.c.
 */
#ifndef PRESEC_NODES_SMIME_H
#define PRESEC_NODES_SMIME_H

#include "crypto/cms.h"
#include "nodes/credentials.h"
#include "nodes/stack/endpoint.h"

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

/* What an end has computed so far. */
typedef struct SmimeWork {
    uint64_t signatures, openings;     /* with its own private key */
    uint64_t verifications, envelopes; /* with somebody's public key; checking a certificate is a verification too */
    uint64_t octets;                   /* of content, enveloped and opened */
} SmimeWork;

/* One end.  All but @work is borrowed and stays. */
typedef struct SmimeEnd {
    Sim *sim;
    const char *node;
    SmimePolicy policy;
    Credentials own;
    SmimeWork work;
} SmimeEnd;

/* ---- making.  What is made lives in the event's arena. ---- */

typedef struct SmimeBody {
    const char *type, *disposition; /* the values of Content-Type and Content-Disposition (NULL: none) */
    Text octets;
} SmimeBody;

/* What is to be protected. */
typedef struct SmimeContent {
    Text type, body;       /* SMIME_BODY: of the document */
    Text inner;            /* SMIME_TUNNEL: the inner request, complete */
    const char *about;     /* names the random stream together with @number: Call-ID, dialog */
    uint64_t number;       /* CSeq */
    bool with_certificate; /* the signature carries its certificate: RFC 3261 §23.2.  DEVIATION: not where both ends
                              have it already, as the sizes of option 3 were counted */
} SmimeContent;

/**
 * Sign, if the policy says so, and envelope for @to: SHA-1 and AES-128-CBC (RFC 3261 §23.3, RFC 3853).
 *
 * False: a signature is wanted and we have no key, or @to's key cannot be enveloped for; nothing is made.
 */
bool smime_protect(SmimeEnd *end, const SmimeContent *content, const Cert *to,
                   SmimeBody *out) G_GNUC_WARN_UNUSED_RESULT;

/* Who speaks, and in which transaction: an authenticated identity body, RFC 3893 §2. */
typedef struct SmimeIdentity {
    Text from, to, call_id; /* header values */
    uint32_t cseq;
    Text method;
    bool answer; /* of ours to such a request */
} SmimeIdentity;
/** Signed and clear, with our certificate: how a certificate is handed over (RFC 3261 §23.2).  False: we have none. */
bool smime_identity(SmimeEnd *end, const SmimeIdentity *identity, SmimeBody *out) G_GNUC_WARN_UNUSED_RESULT;

/* ---- opening ---- */

typedef enum {
    SMIME_OK,
    SMIME_CLEAR,          /* the content came in the clear; it is set */
    SMIME_UNSIGNED,       /* enveloped, but the policy wants a signature; it is set */
    SMIME_MALFORMED,      /* no S/MIME body, or no entity inside */
    SMIME_UNDECIPHERABLE, /* not for us, or damaged: 493, RFC 3261 §23.2 */
    SMIME_BAD_SIGNATURE,  /* content or signature changed */
    SMIME_NO_CERTIFICATE, /* the signer's certificate is not at hand */
    SMIME_NOT_TRUSTED,    /* the signer's certificate is of no authority that we trust, or no longer good */
    SMIME_WRONG_NAME,     /* good, but somebody else's */
    SMIME_STALE,          /* older than what came before, or far from our clock: RFC 3261 §23.4.2 */
    SMIME_DIFFERS,        /* inner and outer request differ: an integrity violation, RFC 3261 §23.4.1.1 */
} SmimeResult;
const char *smime_result_name(SmimeResult result);
/* The status to refuse a request with; 0: none. */
unsigned smime_refusal(SmimeResult result);
/* Whether content that was opened so is acted on: all that is well, and, where the policy is opportunistic, what came
 * without protection. */
bool smime_accepts(const SmimePolicy *policy, SmimeResult result);

/* Who should have sent it.  Borrowed. */
typedef struct SmimePeer {
    CertName name;
    const Cert *known; /* the certificate we have of it; NULL: none */
    int64_t newest;    /* the version of what was taken last; 0: nothing yet */
} SmimePeer;

/* What was found; texts live in the event's arena.  To be cleared. */
typedef struct SmimeOpened {
    Text type, body; /* of the document; absent: there is none */
    Text from, to;   /* tunnel: the URIs of the inner From and To */
    int64_t version; /* milliseconds since 1970 by the sender's clock; 0: none */
    Cert *signer;    /* owned; whose signature is good, from SMIME_NOT_TRUSTED on whoever claims to be it */
    bool tunnelled;
    const char *why; /* in words, for the trace */
} SmimeOpened;
void smime_opened_clear(SmimeOpened *opened);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SmimeOpened, smime_opened_clear)

/** Open and judge the body of @msg.  Without a body: SMIME_OK, or SMIME_CLEAR where a tunnel is wanted. */
SmimeResult smime_open(SmimeEnd *end, const SipMsg *msg, const SmimePeer *peer,
                       SmimeOpened *out) G_GNUC_WARN_UNUSED_RESULT;
/**
 * The certificate in an identity body, judged by chain and name, the signature by it.
 *
 * @peer: its @known is not looked at
 * @cert: out, owned by the caller; set on SMIME_OK only
 *
 * SMIME_CLEAR: there is none.
 */
SmimeResult smime_take_certificate(SmimeEnd *end, const SipMsg *msg, const SmimePeer *peer, Cert **cert,
                                   const char **why) G_GNUC_WARN_UNUSED_RESULT;
/** Judge a certificate that was provisioned: SMIME_OK, SMIME_NOT_TRUSTED, SMIME_WRONG_NAME. */
SmimeResult smime_judge(SmimeEnd *end, const Cert *cert, CertName name) G_GNUC_WARN_UNUSED_RESULT;

/* ---- answers, smime_answer.c ---- */

/** Our identity body for the answer to @request; false: we have no certificate. */
bool smime_answer(SmimeEnd *end, const SipMsg *request, SmimeBody *out) G_GNUC_WARN_UNUSED_RESULT;
/**
 * Answer with our certificate in an identity body, or without a body if we have none: to OPTIONS, and with 493, where
 * the one who asked should know for whom to encipher (RFC 3261 §23.2).
 *
 * @extra: complete header lines, or NULL
 */
void smime_respond(SmimeEnd *end, SipServerTx *tx, unsigned status, const char *extra);
/** Refuse a request for what its body was: 493 with our certificate, 415 with what we take, 403, 400.  Traced as a
 *  drop, with the cause "smime-" and the result's name. */
void smime_refuse(SmimeEnd *end, SipServerTx *tx, SmimeResult result, const char *why);

/* ---- inner and outer, smime_tunnel.c ---- */

/* The URI of outer From and To where the inner ones are the real ones, RFC 3261 §23.4.3 and §8.1.1.3. */
#define SMIME_DUMMY_URI "sip:anonymous@anonymous.invalid"

/**
 * Compare by the rules of SIP the headers that no proxy may change.
 *
 * @fresh: Call-ID, CSeq and Date too
 *
 * NULL: they agree; else the name of the first header that does not.
 */
const char *smime_difference(const SipMsg *outer, const SipMsg *inner, bool fresh) G_GNUC_WARN_UNUSED_RESULT;

#endif
