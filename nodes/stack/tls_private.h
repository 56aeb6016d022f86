/*
 * nodes/stack/tls_private.h - what transport_tls.c (finding, opening, sending), tls_end.c (one end, and what is told of
 * it) and tls_hear.c (what comes) share.
 *
 * Knows:   as endpoint.h.
 */
#ifndef PRESEC_STACK_TLS_PRIVATE_H
#define PRESEC_STACK_TLS_PRIVATE_H

#include "crypto/tls_hibernate.h"
#include "nodes/stack/endpoint_private.h"

typedef struct TlsAwake {
    Tls *tls;
    TlsWork counted; /* of its work, at the endpoint */
} TlsAwake;

struct TlsEnd {
    Linked link; /* by number; of ended ones: the next */
    SipConn *conn;
    union {
        TlsAwake awake;
        TlsFrozen frozen; /* when it sleeps */
    };
    SimStream stream;
    Partial in; /* asleep: of a record whose rest has not come */
    uint32_t number;
    TraceId record; /* TRACE_TLS */
    uint16_t suite; /* TlsSuite */
    bool open, sleeps;
};

/* ---- tls_end.c ---- */
TlsEnd *tls_end_find(const SipEndpoint *endpoint, uint32_t number);
CryptoRandom tls_end_random(TlsEnd *end);
TlsStatus tls_end_status(const TlsEnd *end);
/* The handshake is over: keys are all that is kept, as soon as nothing is on its way through the end. */
void tls_end_sleep(TlsEnd *end);
/* The current context becomes honest and keeps its cause; returns what it was. */
SimContext tls_speak_for_itself(Sim *sim);
/* What a live end has made of itself; of a message, in the current context. */
void tls_end_send_own(TlsEnd *end);
void tls_end_send_waiting(TlsEnd *end);
/* Asleep. */
void tls_end_alert(TlsEnd *end, uint8_t number);
/* The handshake is over: the node is told, and what waited is sent. */
void tls_end_opened(SipConn *conn);
/* @why: static; NULL: it is open. */
void tls_end_trace(TlsEnd *end, const TlsStatus *status, const Cert *peer, const char *why);
/* It is over, and not because the node wanted it so.  @status: what happened to it; @why: static. */
void tls_end_lost(SipConn *conn, const TlsStatus *status, const char *why);
void tls_end_lost_above_tcp(SipConn *conn, const TlsStatus *status, const char *why); /* TCP is still there */

/* ---- tls_hear.c ---- */
extern const TcpEvents tls_tcp_events;

#endif
