/*
 * nodes/stack/endpoint.h - a node's SIP layer: transports below, transactions in the middle, the node's handlers above.
 *
 * Source:  RFC 3261 §16 (proxy), §17 (non-INVITE transactions), §18 (UDP, TCP above 1300 octets); timers of TS 24.229
 * §7.7; ports of TS 33.203 §7.1. Knows:   SIP messages and flows.  No registration, no policy.  Protection is in the IP
 * hook (nodes/stack/sad.h): a flow only names ports.
 *
 * Where to read: endpoint.c (what arrives), transport.c (UDP, TCP), connection.c (streams), transport_tls.c, client.c
 * and server.c (transactions), proxy.c.
 */
#ifndef PRESEC_STACK_ENDPOINT_H
#define PRESEC_STACK_ENDPOINT_H

#include "crypto/tls.h"
#include "nodes/msg/sip.h"
#include "nodes/msg/sip_edit.h"
#include "sim/net.h"
#include "sim/trace.h"

enum { SIP_PORT = 5060, SIPS_PORT = 5061 };

typedef struct SipTimers {
    SimTime t1, t2, t4; /* F, J = 64 * t1; K = t4 */
} SipTimers;
extern const SipTimers sip_timers_radio; /* 2 s, 16 s, 17 s: UE and P-CSCF towards the UE */
extern const SipTimers sip_timers_core;  /* 500 ms, 4 s, 5 s */

typedef enum { SIP_UDP, SIP_TCP, SIP_TLS } SipTransport;

/* Where a message came from, or is to go. */
typedef struct SipFlow {
    NetAddr addr;
    uint16_t port;          /* the other side's */
    uint16_t local_port;    /* ours; 0 when sending = ask the node (source_port), else 5060 */
    SipTransport transport; /* as received; when sending SIP_TCP forces TCP, SIP_UDP lets the size decide */
    uint32_t sa;            /* received: the SA that protected it, 0 = none */
    uint32_t connection; /* received over TLS: that connection, never 0; 0 = not over TLS.  To send with SIP_TLS: this
                            connection or none at all; 0 = the one to addr and port, or a new one */
} SipFlow;

typedef struct SipEndpoint SipEndpoint;

/* A TLS connection, as its node sees it; everything is borrowed for the call. */
typedef struct SipTlsConnection {
    uint32_t number; /* of this endpoint, never 0, never used again */
    SipFlow flow;
    bool opened;             /* by us */
    const TlsStatus *status; /* version and suite, or the failure */
    /* Who it is: told when it opens and when it is refused.  An open connection forgets it, so in ended() of one that
     * was open they are NULL and "". */
    const Cert *peer; /* NULL: it showed none */
    const char *psk_identity;
} SipTlsConnection;

/* TLS over TCP beside the other transports (RFC 3261 §26.2.1).  Contexts are borrowed until sip_endpoint_free();
 * NULL: that side is not there. */
typedef struct SipTls {
    TlsContext *client, *server;
    uint16_t port; /* where @server listens */
    /* Whom the certificate of a connection that we open must speak for; false, or NULL: anybody of the context's
     * trust. */
    bool (*expected)(void *node, const SipFlow *to, CertName *name);
    /*
     * The handshake is over and the other's certificate accepted.  Requests that waited are sent afterwards.  A TLS
     * 1.3 client is open before the server has judged the client's certificate: a refusal then comes as ended().
     */
    void (*open)(void *node, const SipTlsConnection *connection);
    /*
     * It ended: was closed or lost, or (status->failure, @why) never came about; also one that was accepted and never
     * opened.  Not after our own close.  @why: plain words that last: "the certificate speaks for somebody else",
     * "refused: bad_certificate" (the other's alert), "nobody answers", "the connection was lost".  Its number is of
     * no more use; requests waiting on it fail with the same @why, after this.
     */
    void (*ended)(void *node, const SipTlsConnection *connection, const char *why);
} SipTls;
/* Valid until the node has answered it for good and the event of that has ended. */
typedef struct SipServerTx SipServerTx;
typedef struct SipClientTx SipClientTx;

typedef struct SipEndpointConfig {
    const char *name; /* for traces and branches; borrowed */
    NetHost *host;
    const char
        *via_host; /* what goes into Via sent-by: a name or an IPv6 reference, borrowed; NULL: the host's address */
    const SipTimers *timers;
    uint32_t
        tcp_above; /* requests longer than this go over TCP: 1300 when the path MTU is unknown (RFC 3261 §18.1.1) */
    /* A request that is no retransmission.  Must lead to sip_respond() or sip_forward() sooner or later. */
    void (*request)(void *node, SipServerTx *tx, const SipMsg *msg, const SipFlow *from);
    /*
     * Our port for sending to that place, and the port to write into Via (in: 5060); NULL = 5060 for both.  A TCP
     * connection opened from port 5060 takes any free port instead.
     */
    uint16_t (*source_port)(void *node, const NetAddr *dst, uint16_t dport, uint16_t *via_port);
    /* Text for the trace: how a message to/from that flow is protected; NULL = "clear".  Lives as long as the node. */
    const char *(*protection)(void *node, const SipFlow *flow, TraceId *sa_record);
    /* Timers for what goes to or came from that place, when they are not @timers (a P-CSCF has two sides); may be NULL.
     */
    const SipTimers *(*timers_for)(void *node, const SipFlow *flow);
    void *node;
} SipEndpointConfig;

/* @config: copied; what it points to is borrowed. */
SipEndpoint *sip_endpoint_new(const SipEndpointConfig *config);
void sip_endpoint_free(SipEndpoint *endpoint);
bool sip_endpoint_listen(SipEndpoint *endpoint, uint16_t port); /* UDP and TCP; false: port taken */
/*
 * Serve and open TLS connections from now on, in place of what an earlier call said.  @tls is copied.  Requests sent
 * while a connection is being opened wait for it, for 32 * T1 at most.  An open connection is kept until somebody
 * closes it: the UE's is the only way to the UE.  Each has a random stream of its own and a TRACE_TLS record, which is
 * the "because" of what is sent over it; once idle it is hibernated (crypto/tls_hibernate.h).  A request over a
 * connection that is lost fails at once; it is not sent again over another.  A response whose connection is gone is
 * dropped
 * ("tls-gone").
 */
bool sip_endpoint_use_tls(SipEndpoint *endpoint, const SipTls *tls); /* false: port taken, and TLS is off */
/* close_notify and FIN; requests waiting on it fail.  Nothing happens when it is gone already. */
void sip_endpoint_close_tls(SipEndpoint *endpoint, uint32_t connection);
/* What one end of an open, idle connection holds here, without TCP's. */
size_t sip_endpoint_tls_octets(void);
/* What the TLS ends of this endpoint have computed so far, in all. */
const TlsWork *sip_endpoint_tls_work(const SipEndpoint *endpoint);
/* TCP connections at this port are closed too: call it while the SAs of the port still exist. */
void sip_endpoint_unlisten(SipEndpoint *endpoint, uint16_t port);
/* Close the TCP connection between these ports, if there is one: before sad_remove(). */
void sip_endpoint_close_flow(SipEndpoint *endpoint, const NetAddr *peer, uint16_t peer_port, uint16_t local_port);

/*
 * Send a request.  @octets: the whole request without our Via, which is put on top here with a fresh branch.
 * @done: called for every provisional and final response, the last time with the final one, or with NULL when timer F
 * fires or the transport fails (@why says which); never before this function has returned.  @response and its octets
 * live until @done returns.  @octets may be in the event's arena.  Returns a transaction, valid until that last call.
 * @relayed: we are a proxy: the message keeps the origin of the current event; else we made it and it is honest
 * (SimContext).
 */
typedef void (*SipDone)(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why);
SipClientTx *sip_send_request(SipEndpoint *endpoint, const SipFlow *to, const char *octets, size_t len, bool relayed,
                              SipDone done, void *ctx);
void sip_client_forget(SipClientTx *tx);               /* no more callbacks; retransmissions stop */
const SipFlow *sip_client_flow(const SipClientTx *tx); /* where it went: local_port and transport as they were chosen */
/* Inside SipDone or SipRelay: how the response came, with the SA that protected it. */
const SipFlow *sip_client_response_flow(const SipClientTx *tx);

/* --- server side --- */
/* Answer from a user agent of ours: honest, even when the request was not. */
void sip_respond(SipServerTx *tx, const char *octets, size_t len);
/* The common answer: status and reason (NULL: the usual one), a To tag when there is none, @extra: complete header
 * lines
 * ("Expires: 60\r\n") or NULL, no body. */
void sip_respond_status(SipServerTx *tx, unsigned status, const char *reason, const char *extra);
/* As received, with our received and rport in the top Via; kept by the transaction until the event of the final
 * response ends, then NULL.  Never copy the SipMsg by value: only its first n_headers headers exist. */
const SipMsg *sip_server_request(const SipServerTx *tx);
const SipFlow *sip_server_flow(const SipServerTx *tx);
/* The forwarded request of sip_forward(), NULL when there is none (any more). */
const SipClientTx *sip_server_branch(const SipServerTx *tx);
/* Send the response from this local port to that remote port instead of where Via says (33.203 failure answers on old
 * or new SAs). */
void sip_server_set_flow(SipServerTx *tx, const SipFlow *flow);

/*
 * --- proxy (RFC 3261 §16): forward @tx's request with @edits applied (made on sip_server_request(tx); NULL = none);
 * our Via and Max-Forwards - 1 are done here, and 483 when there is no hop left.  Once for a transaction.
 */
typedef void (*SipRelay)(void *ctx, SipServerTx *tx, const SipMsg *response, SipEdit *edit, SipFlow *back);
/*
 * @on_response (may be NULL): may add edits to the response before it goes back (our Via is popped here), and change
 * where it goes (@back); called with response and edit NULL when the branch timed out (then 408 is sent) or its
 * transport failed (then 500).  Answering @tx itself there takes the place of forwarding.
 */
void sip_forward(SipServerTx *tx, SipEdit *edits, const SipFlow *to, SipRelay on_response, void *ctx);

/*
 * --- whoever runs the node may change what it sends (threats A4) ---
 *
 * Asked for every request and final or provisional response that is about to leave for the first time, as it would be
 * sent, before the transport is chosen by its length; not for retransmissions, which repeat what was sent.
 */
typedef enum {
    SIP_SENT_AS_IT_IS,
    SIP_SENT_CHANGED, /* @octets, @len and @move are set; the octets are copied when the call returns */
    SIP_WITHHELD      /* nobody is told: the transaction times out */
} SipTampering;
typedef struct SipTampered {
    const char *octets;
    size_t len;
    TraceId move; /* whose octets these are now */
} SipTampered;
typedef struct SipTamper SipTamper;
struct SipTamper {
    SipTampering (*outgoing)(void *ctx, SipEndpoint *endpoint, const SipFlow *to, const char *octets, size_t len,
                             SipTampered *out);
    void *ctx;
    SipTamper *next; /* the endpoint's; the first that does something has the message */
};
/* @tamper: borrowed, outlives the endpoint.  In order of addition. */
void sip_endpoint_add_tamper(SipEndpoint *endpoint, SipTamper *tamper);

/* Stay silent: the message is dropped as if it had not arrived (counted). */
void sip_server_drop(SipServerTx *tx, const char *cause);

/* A token of the node's own stream for tags, Call-IDs and branches: @len characters.  In the event's arena. */
const char *sip_token(SipEndpoint *endpoint, size_t len);
/*
 * Tokens of this event are drawn from a stream named by @key and the time.  What arrives does this by itself with its
 * branch; a node's own timers may do it with something of the subscriber, so that other subscribers' messages do not
 * change when one more is there.
 */
void sip_endpoint_seed(SipEndpoint *endpoint, uint64_t key);
size_t sip_endpoint_transactions(const SipEndpoint *endpoint);
size_t sip_endpoint_connections(const SipEndpoint *endpoint);

#endif
