/*
 * sim/trace.h - what happened, as typed records, each with the record that caused it.
 *
 * The ladder, the because chain, the dashboard and the reports are folds over this; none of them looks into a node.
 * Knows:   no protocol.  Texts are for people and are never parsed; what code needs is a typed member.
 */
#ifndef PRESEC_SIM_TRACE_H
#define PRESEC_SIM_TRACE_H

#include "sim/net.h"

typedef enum {
    TRACE_SEND,         /* a node sent a message */
    TRACE_RECEIVE,      /* a node took a message in */
    TRACE_FRAME,        /* octets crossed a segment */
    TRACE_DECISION,     /* a node decided something by a rule */
    TRACE_CIPHER,       /* an access link's cipher was switched */
    TRACE_SA,           /* a security association was made or deleted */
    TRACE_TLS,          /* a TLS connection was opened, refused or ended */
    TRACE_REGISTRATION, /* a binding was made, refreshed or removed */
    TRACE_SUBSCRIPTION, /* a subscription changed its state */
    TRACE_PUBLICATION,  /* a presence document was stored or removed at the server */
    TRACE_DISPLAY,      /* a watcher or receiver shows a document or message to its user */
    TRACE_OUTCOME,      /* a user agent's action ended: with a final status, a time-out, or a refusal of its own */
    TRACE_DROP,         /* something was discarded, by cause */
    TRACE_MOVE,         /* an attacker acted */
    TRACE_LEARN,        /* an attacker learned something */
    TRACE_N_KINDS
} TraceKind;

typedef enum { TRACE_SIP, TRACE_DIAMETER, TRACE_ACCESS, TRACE_DHCP, TRACE_HTTP, TRACE_TCP } TraceProtocol;

/* Texts live as long as the trace.  Which members are set is said by the kind. */
typedef struct TraceRecord {
    TraceId id, cause;
    TraceId because; /* a state that decided, besides the cause: the SA a message went through, the rule behind an SA */
    TraceId origin;  /* the attacker's move behind these octets, 0 = honest */
    SimTime at;
    TraceKind kind;
    const char *node; /* who; "" for the network */
    union {
        struct { /* SEND, RECEIVE */
            TraceProtocol protocol;
            const char *peer;       /* SEND: the next hop's name, RECEIVE: the sender's address or name */
            const char *label;      /* "REGISTER", "401 Unauthorized", "MAR" */
            const char *method;     /* SIP: of the request, or of the one answered: "REGISTER"; "" otherwise */
            const char *protection; /* "clear", "ESP des-ede3-cbc hmac-sha-1-96" */
            const uint8_t *octets;  /* the message, as this node has it */
            uint32_t len;
        } message;
        struct { /* FRAME */
            uint64_t frame;
            const char *segment;
            NetDir dir;
            NetKind kind;
            const uint8_t *octets;
            uint32_t len;
        } frame;
        struct {                /* DECISION */
            const char *rule;   /* a stable name: "ue-selects-algorithms" */
            const char *clause; /* "TS 33.203 §7.2" */
            const char *text;   /* a sentence without its subject: "selects NULL encryption: SM6 lists no ealg" */
        } decision;
        struct { /* CIPHER */
            const char *link;
            const char *cipher; /* "UEA1", "none" */
        } cipher;
        struct {       /* SA */
            bool made; /* or deleted */
            const char *user;
            uint32_t spi;
            const char *alg, *ealg;
            const char *src, *dst; /* "address port" */
            const uint8_t *keys;   /* ik 16, ck 16 */
        } sa;
        struct {                 /* TLS: one record by each end */
            bool open;           /* or it ended, or never came about */
            uint32_t connection; /* of this node */
            const char *peer;    /* "address port" */
            const char *version, *suite;
            const char *certificate; /* whom the other's certificate speaks for; "" = it showed none */
            const char *text;        /* why it ended or was refused; "" while open */
        } tls;
        struct { /* REGISTRATION */
            bool made;
            const char *impi, *impu, *contact;
            int64_t expires;                 /* seconds */
            bool integrity, confidentiality; /* as indicated to the S-CSCF */
        } registration;
        struct {                                                        /* SUBSCRIPTION */
            const char *watcher, *presentity, *package, *state, *event; /* RFC 3857 names */
            const char *contact;
        } subscription;
        struct {                   /* PUBLICATION */
            const char *publisher; /* the identity it is attributed to */
            const char *presentity, *etag;
            const char *document; /* "" when removed */
        } publication;
        struct { /* DISPLAY */
            const char *user, *from, *content;
        } display;
        struct {                /* OUTCOME */
            const char *action; /* "register", "publish", "subscribe", "notify", "message", "attach", ... */
            const char *target;
            int status;       /* final SIP status; 0 = refused before sending, -1 = time-out */
            const char *text; /* why */
        } outcome;
        struct {               /* DROP */
            const char *cause; /* "esp-replay", "esp-bad-icv", "esp-no-sa", "sip-bad", ... */
            const char *text;
        } drop;
        struct { /* MOVE */
            const char *attacker, *verb, *text;
            uint64_t frame;      /* what it acted on, or what told him what to do; 0 = nothing */
            const char *segment; /* where that was; NULL or "" = not said */
        } move;
        struct { /* LEARN */
            const char *attacker, *what, *text, *how;
            uint64_t frame;
        } learn;
    };
} TraceRecord;

/*
 * Append a record.  @record: kind, node and the kind's members set by the caller; texts and octets are copied.
 * id, at, cause, origin are filled in (cause and origin from the current context unless already set).
 * Records other than FRAME, RECEIVE, DROP and LEARN become the cause of what follows in this event; RECEIVE does too.
 * Returns 0 when the trace is off or full (then trace_lost() counts).
 */
TraceId trace_add(Sim *sim, const TraceRecord *record);
TraceId trace_decision(Sim *sim, const char *node, const char *rule, const char *clause, const char *format, ...)
    G_GNUC_PRINTF(5, 6);
TraceId trace_drop(Sim *sim, const char *node, const char *cause, const char *format, ...) G_GNUC_PRINTF(4, 5);
bool trace_enabled(const Sim *sim);

size_t trace_count(const Trace *trace);
const TraceRecord *trace_get(const Trace *trace, TraceId id); /* NULL for 0 */
size_t trace_lost(const Trace *trace);
/* The first @n records as a trace of their own, to judge what was so by then; the records are shared and must outlive
 * it. */
Trace *trace_beginning(const Trace *trace, size_t n) G_GNUC_WARN_UNUSED_RESULT;
void trace_beginning_free(Trace *beginning);
/* How often @node ("" = any) dropped for @cause. */
size_t trace_count_drops(const Trace *trace, const char *node, const char *cause);

#endif
