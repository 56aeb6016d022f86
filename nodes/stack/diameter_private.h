/*
 * nodes/stack/diameter_private.h - what diameter_peer.c (requests and answers) and diameter_conn.c (connections) share.
 *
 * Knows:   as diameter_peer.h.
 */
#ifndef PRESEC_STACK_DIAMETER_PRIVATE_H
#define PRESEC_STACK_DIAMETER_PRIVATE_H

#include "nodes/stack/blocks.h"
#include "nodes/stack/diameter_peer.h"
#include "nodes/stack/table.h"
#include "sim/tcp.h"

typedef struct DiameterConn DiameterConn;

/* A request without an answer yet. */
typedef struct DiameterPending {
    Linked link; /* by hop-by-hop id */
    DiameterPeer *peer;
    DiameterConn *conn;
    struct DiameterPending *next, *previous; /* on the connection, in order */
    uint8_t *octets;                         /* until it was sent */
    uint32_t len;
    uint32_t hop_by_hop, command;
    SimTimer timer;
    SimContext context; /* of whoever asked */
    DiameterDone done;
    void *ctx;
} DiameterPending;

struct DiameterConn {
    DiameterPeer *peer;
    DiameterConn *next;
    TcpConn *tcp;
    NetAddr addr;
    bool opened; /* by us */
    bool ready;  /* capabilities are exchanged */
    bool gone;   /* freed when the event ends */
    GByteArray *in;
    DiameterPending *first, *last;
};

struct DiameterPeer {
    NetHost *host;
    Sim *sim;
    const char *name, *origin_host, *realm;
    DiameterServe serve;
    void *node;
    GDestroyNotify free_ctx;
    DiameterConn *conns;
    Table pending;
    Blocks blocks;
    SimStream stream;
    uint32_t session_high, session_low, next_session, next_hop_by_hop;
    bool listens;
};

struct DiameterRequest {
    DiameterConn *conn;
    const CxMessage *cx;
    bool answered;
};

/* ---- diameter_conn.c ---- */
/* The connection to there, opened if need be; NULL: there is no way. */
DiameterConn *diameter_conn(DiameterPeer *peer, const NetAddr *to);
void diameter_accepted(void *ctx, TcpConn *tcp);
/* Traced and sent in the current context. */
void diameter_conn_send(DiameterConn *conn, const uint8_t *octets, size_t len);
/* An answer without a body of its own: base protocol commands, and errors. */
void diameter_conn_answer(DiameterConn *conn, const DiameterMsg *request, uint32_t result);
void diameter_conn_free(DiameterConn *conn);

/* ---- diameter_peer.c ---- */
void diameter_ready(DiameterConn *conn);
void diameter_lost(DiameterConn *conn);
void diameter_cx(DiameterConn *conn, const DiameterMsg *msg, const uint8_t *octets, size_t len);

#endif
