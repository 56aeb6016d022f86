/*
 * nodes/stack/endpoint_private.h - what the files of the SIP layer share.
 *
 * Knows:   as endpoint.h.
 */
#ifndef PRESEC_STACK_ENDPOINT_PRIVATE_H
#define PRESEC_STACK_ENDPOINT_PRIVATE_H

#include "nodes/msg/sip_fields.h"
#include "nodes/stack/endpoint.h"
#include "nodes/stack/table.h"
#include "nodes/stack/blocks.h"
#include "nodes/stack/linger.h"
#include "sim/tcp.h"

/* ---- connections ---- */

/* Octets that wait for more, in a block. */
typedef struct Partial {
    char *octets;
    uint32_t len, room;
} Partial;

typedef struct TlsEnd TlsEnd;

typedef struct SipConn {
    Linked link;
    SipEndpoint *endpoint;
    TcpConn *tcp;
    TlsEnd *tls; /* NULL: SIP over TCP */
    NetAddr peer;
    uint16_t peer_port;
    uint16_t local_key;       /* our port; 0: we opened it from any port */
    bool opened, established; /* by us; and the handshake of TCP is over */
    bool gone;                /* out of the table; freed when the event ends */
    Partial in;               /* the beginning of a message whose rest has not come */
    uint32_t in_needed;
    SipClientTx *waiting; /* requests sent on it, or waiting for TLS, without a final response, in order */
    SimTime used_at;
    SimTimer idle; /* of TLS: until the handshake is over */
} SipConn;

/* ---- transactions ---- */

enum { BRANCH_TOKEN_LEN = 16, BRANCH_LEN = 7 + BRANCH_TOKEN_LEN };
#define BRANCH_COOKIE "z9hG4bK"

/* RFC 3261 Figure 6; TX_FAILING: the transport refused it, the caller will be told in an event of its own. */
typedef enum { TX_TRYING, TX_PROCEEDING, TX_COMPLETED, TX_FAILING, TX_GONE } TxState;

struct SipClientTx {
    Linked link;
    SipEndpoint *endpoint;
    char *octets; /* NULL once a final response is there */
    uint32_t len;
    TxState state;
    SipMethod method;
    Text method_text; /* into @octets */
    char branch[BRANCH_LEN];
    bool size_made_tcp;          /* RFC 3261 §18.1.1: may be tried over UDP when TCP is refused */
    bool sent_again;             /* on a second connection */
    bool unsent;                 /* waits for TLS */
    bool withheld;               /* by whoever runs the node */
    uint16_t via_port, own_port; /* what Via says; where UDP leaves from */
    SipFlow flow, response_flow;
    const SipTimers *timers;
    SimTime interval, deadline; /* timers E and F */
    SimTimer timer;
    Linger linger;      /* K */
    SimContext context; /* of the request's octets */
    const char *failure;
    SipDone done;
    void *ctx;
    SipServerTx *server; /* forwarded for it */
    SipRelay relay;
    SipConn *conn;
    SipClientTx *next_on_conn;
};

/* RFC 3261 Figure 8. */
struct SipServerTx {
    Linked link;
    SipEndpoint *endpoint;
    SipMsg *msg;    /* the request, in a block with its octets and the key; NULL once answered and the event is over */
    char *response; /* the last response; the key behind it */
    uint32_t response_len;
    TxState state;
    bool answered;   /* for good: @msg is given back already, and goes when the event ends */
    bool back_given; /* by the node */
    uint16_t via_port;
    Text key;
    SipFlow from, back;
    const SipTimers *timers;
    Linger linger;       /* J */
    SimContext received; /* of the request */
    SimContext context;  /* of the response's octets */
    SipClientTx *branch;
    SipServerTx *next_answered;
};

/* Where this event's tokens come from. */
typedef struct Tokens {
    uint64_t key;
    uint32_t n_seeds;
    SimStream stream;
} Tokens;

#define SIP_PORTS_MAX 8

struct SipEndpoint {
    SipEndpointConfig config;
    Sim *sim;
    SimSource source;
    Table clients, servers, conns;
    Table tls_ends; /* by number */
    uint32_t last_tls;
    Linked *ended_tls; /* freed when the event ends */
    Blocks blocks;
    SipTamper *tampers;
    SipTls tls;
    TlsWork tls_work;
    LingerLists *lingering; /* NULL while nobody does */
    uint16_t ports[SIP_PORTS_MAX];
    uint32_t n_ports;
    Tokens *tokens;       /* in the event's arena; NULL: nothing named this event */
    SimStream own_stream; /* for such events */
    /* what is done when the event ends */
    bool flush_asked, closed;
    SipServerTx *answered; /* their requests go then */
};

/* ---- endpoint.c ---- */
void endpoint_after_event(SipEndpoint *endpoint); /* asks for the flush */
const SipTimers *endpoint_timers(const SipEndpoint *endpoint, const SipFlow *flow);
/* Fills in flow->local_port when it is 0; returns the port for Via. */
uint16_t endpoint_ports(const SipEndpoint *endpoint, SipFlow *flow);
void endpoint_message(SipEndpoint *endpoint, const SipMsg *msg, const SipFlow *flow);
/* Where the answer to a request that came from there goes, RFC 3261 §18.2.2, RFC 3581 §4. */
SipFlow endpoint_way_back(const SipEndpoint *endpoint, const SipFlow *from, const SipVia *via);
/* A 400 where the message can still be answered, RFC 3261 §18.3, §21.4.1. */
void endpoint_bad(SipEndpoint *endpoint, const SipMsg *msg, const SipFlow *flow);

/* ---- connection.c ---- */
/* @local_port 0: one that we opened from any port.  Not those under TLS. */
SipConn *conn_find(const SipEndpoint *endpoint, const NetAddr *peer, uint16_t port, uint16_t local_port);
/* The newest under TLS, whoever opened it. */
SipConn *conn_find_tls(const SipEndpoint *endpoint, const NetAddr *peer, uint16_t port);
/* In the table.  Without @tls it is closed when nobody has used it for long (RFC 3261 §18). */
SipConn *conn_add(SipEndpoint *endpoint, TcpConn *tcp, bool opened, uint16_t local_key, TlsEnd *tls);
/* How what comes on it came. */
SipFlow conn_flow(const SipConn *conn);
/* What the other end said goes to transactions, message by message; the handlers may close the connection. */
void conn_take(SipConn *conn, const char *octets, size_t len);
/* Out of the table at once; the memory stays until the event ends, for callers further up. */
void conn_drop(SipConn *conn);
/* The requests that wait on it, which it then has no more. */
SipClientTx *conn_detach(SipConn *conn);
void conn_close(SipConn *conn);
void conn_close_port(SipEndpoint *endpoint, uint16_t local_port);
void conn_close_all(SipEndpoint *endpoint);
void partial_add(SipEndpoint *endpoint, Partial *partial, const void *octets, size_t len);
/* What was collected, in a block that lasts until the event ends. */
char *partial_take(SipEndpoint *endpoint, Partial *partial);

/* ---- transport_tls.c ---- */
/* The connection of this flow, opened if it names none; fills in the flow.  NULL: @why (static) it cannot be. */
SipConn *transport_tls(SipEndpoint *endpoint, SipFlow *flow, const char **why);
/* The rest of a flow that names its connection. */
void transport_tls_complete(const SipEndpoint *endpoint, SipFlow *flow);
/* Whether the handshake is over.  Until then nothing can be sent; client_tls_open() will come. */
bool transport_tls_is_open(const SipConn *conn);
/* Seal a message and send it, in the current context. */
void transport_tls_send(SipConn *conn, const char *octets, size_t len);
/* For a response: false, it was not sent: the connection is gone or not open yet. */
bool transport_tls_answer(SipEndpoint *endpoint, const SipFlow *flow, const char *octets, size_t len);
/* Whether a response can be sent there. */
bool transport_tls_has(const SipEndpoint *endpoint, const SipFlow *flow);
uint32_t transport_tls_number(const SipConn *conn);
/* "TLS 1.0 TLS_RSA_WITH_AES_128_CBC_SHA" in the event's arena, and the TRACE_TLS record of the connection. */
const char *transport_tls_protection(const SipEndpoint *endpoint, uint32_t connection, TraceId *record);
/* What came cannot be SIP: the connection ends, and the node is told. */
void transport_tls_give_up(SipConn *conn, const char *why);
/* close_notify, when there is somebody to hear it. */
void transport_tls_goodbye(SipConn *conn);
/* It is over; what callers may still look at stays until the event ends. */
void transport_tls_release(SipConn *conn);
void transport_tls_free_ended(SipEndpoint *endpoint);
void transport_tls_unlisten(SipEndpoint *endpoint);

/* ---- tls_why.c ---- */
/* Plain words, static. */
const char *tls_why(const TlsStatus *status);
const char *tls_why_alert(int alert); /* "refused: bad_certificate" */
const char *tls_version_name(TlsVersion version);

/* ---- transport.c ---- */
void transport_datagram(void *ctx, NetHost *host, const NetDatagram *datagram);
void transport_accepted(void *ctx, TcpConn *tcp);
/* NULL: sent; else why not (static). */
const char *transport_udp(SipEndpoint *endpoint, const SipFlow *flow, const char *octets, size_t len);
/* Over the connection of this flow, or a new one; fills in flow->local_port.  NULL: there is no way. */
SipConn *transport_tcp(SipEndpoint *endpoint, SipFlow *flow, const char *octets, size_t len);

/* ---- client.c ---- */
/* "SIP/2.0/UDP pcscf.visited.example:5060;branch=z9hG4bK..." into the event's arena; the branch also into tx->branch.
 */
Text client_via(SipClientTx *tx);
SipClientTx *client_new(SipEndpoint *endpoint, const SipFlow *to);
void client_discard(SipClientTx *tx); /* not started yet */
/* tx->octets and tx->len are there.  @origin: of these octets. */
void client_start(SipClientTx *tx, TraceId origin);
/* Whether a request of this length leaves over TCP; the Via value is set to match. */
void client_choose_transport(SipClientTx *tx, size_t len, char *via);
void client_response(SipEndpoint *endpoint, const SipMsg *msg, const SipFlow *flow);
/* The connection, which the transaction is off already, is lost: RFC 3261 §17.1.4, §18.1.1, §18.4. */
void client_lost_connection(SipClientTx *tx, TcpEnd why, bool was_established);
/* What waited for the handshake is sent. */
void client_tls_open(SipConn *conn);
/* @waiting: of conn_detach().  They fail in events of their own; @why is static. */
void client_lost_tls(SipClientTx *waiting, const char *why);
void client_free_all(SipEndpoint *endpoint);

/* ---- server.c ---- */
void server_request(SipEndpoint *endpoint, const SipMsg *msg, const SipFlow *flow);
/* Keep this response, send it, and go on by its status.  @origin: of its octets. */
void server_answer(SipServerTx *tx, char *block, uint32_t len, TraceId origin);
/* A block for a response of @len octets to this request. */
char *server_response_block(SipServerTx *tx, size_t len);
void server_free_all(SipEndpoint *endpoint);

/* ---- tamper.c ---- */
/* What the transaction is about to send, perhaps other octets over another transport; @origin follows. */
void tamper_request(SipClientTx *tx, TraceId *origin);
/* Likewise a response block of server_response_block().  False: it is not sent, and the block is given back. */
bool tamper_response(SipServerTx *tx, char **block, uint32_t *len, TraceId *origin);

/* ---- sip_trace.c ---- */
/* SEND becomes the cause of what is sent next.  Nothing is formatted when the trace is off. */
void sip_trace_send(SipEndpoint *endpoint, const SipFlow *flow, const char *octets, size_t len);
void sip_trace_receive(SipEndpoint *endpoint, const SipFlow *flow, const SipMsg *msg);

#endif
