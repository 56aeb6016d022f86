/*
 * sim/tcpconn.h - what a TCP connection is made of; for the tcp*.c files only.
 *
 * Source:  RFC 793 §3.2 (names of the variables, states), RFC 2988 (RTO).
 * Knows:   the network's insides.
 *
 * What was given to tcp_send() is cut into chunks at once, each of them one segment for as long as it is not
 * acknowledged; SYN and FIN are chunks too.  Chunks live in the network's pool, so an idle connection holds nothing but
 * its TcpConn.
 */
#ifndef PRESEC_SIM_TCPCONN_H
#define PRESEC_SIM_TCPCONN_H

#include "sim/network.h"
#include "sim/tcp.h"

#define TCP_MSS             1220u /* 1280, the least MTU of IPv6 (RFC 2460 §5), without the two headers */
#define TCP_MSS_MIN         64u
#define TCP_WINDOW          65535u
#define TCP_EARLY_MAX       16 /* segments kept that came before their turn */
#define TCP_CHALLENGES_MAX  16
#define TCP_RETRANSMISSIONS 6
#define TCP_RTO_INITIAL     (3 * SIM_SEC) /* RFC 2988 §2.1 */
#define TCP_RTO_MIN         (1 * SIM_SEC) /* §2.4 */
#define TCP_RTO_MAX         (60 * SIM_SEC)
#define TCP_TIME_WAIT_DELAY                                                                                            \
    (1 * SIM_SEC) /* DEVIATION: RFC 793 says 2 MSL, four minutes; no segment here lives that long */
#define TCP_FIN_WAIT_DELAY (60 * SIM_SEC) /* for the peer's FIN, when nobody here listens any more */
#define TCP_FIRST_PORT     49152u         /* dynamic ports, RFC 6335 §6 */

enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_PSH = 8, TCP_ACK = 16 };

typedef enum {
    TCP_SYN_SENT,
    TCP_SYN_RECEIVED,
    TCP_ESTABLISHED,
    TCP_FIN_WAIT_1,
    TCP_FIN_WAIT_2,
    TCP_CLOSING,
    TCP_TIME_WAIT,
    TCP_CLOSE_WAIT, /* only while the user is told */
    TCP_LAST_ACK,
    TCP_CLOSED /* freed when the event ends */
} TcpState;

/* A segment to send or to deliver: in sending order in the one list, by sequence in the other. */
typedef struct TcpChunk {
    struct TcpChunk *next;
    uint32_t seq;
    uint16_t len;
    uint8_t flags; /* SYN or FIN: takes one more number */
    uint32_t sa;
    SimContext context;
    uint8_t octets[];
} TcpChunk;

struct TcpConn {
    NetHost *host;
    NetAddr peer;
    uint16_t local_port, peer_port;
    uint8_t state; /* TcpState */
    bool silent;   /* no more callbacks */
    bool ack_due;
    uint8_t retransmissions;
    uint8_t n_challenges; /* unacceptable segments answered since something new was acknowledged or taken in */
    const TcpEvents *events;
    void *ctx;
    uint32_t snd_una, snd_nxt;
    uint32_t snd_end; /* behind the last chunk */
    uint32_t snd_wnd;
    uint32_t recover; /* what was sent when the timer last ran out: until this is acknowledged the next chunk is sent
                         again */
    uint32_t rcv_nxt;
    uint32_t timed_seq; /* the acknowledgement that is being timed */
    uint32_t sa;
    uint16_t mss;
    uint16_t n_early;
    TcpChunk *unacked, *last, *unsent; /* unsent points into the list that starts at unacked */
    TcpChunk *early;
    SimTime timed_at; /* -1: nothing is being timed */
    SimTime srtt, rttvar, rto;
    SimTimer timer;
};

typedef struct TcpListener {
    void (*accepted)(void *ctx, TcpConn *conn);
    void *ctx;
    uint16_t port;
} TcpListener;

struct TcpHost {
    GHashTable *conns;  /* TcpConn by peer and ports; looked up, never iterated */
    GArray *listeners;  /* TcpListener */
    uint16_t next_port; /* offset to TCP_FIRST_PORT */
};

typedef struct TcpSegment {
    uint16_t sport, dport;
    uint32_t seq, ack;
    uint8_t flags;
    uint16_t window, mss; /* mss 0: no option */
    const uint8_t *octets;
    size_t len;
    uint32_t sa;
} TcpSegment;

/* a < b, a <= b in the circle of sequence numbers */
static inline bool seq_lt(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

static inline bool seq_le(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) <= 0;
}

static inline uint32_t chunk_end(const TcpChunk *chunk)
{
    return chunk->seq + chunk->len + ((chunk->flags & (TCP_SYN | TCP_FIN)) != 0 ? 1 : 0);
}

/* tcp.c */
TcpHost *tcp_of(NetHost *host); /* made if need be */
TcpListener *tcp_find_listener(const NetHost *host, uint16_t port);
TcpConn *tcp_find(const NetHost *host, const NetAddr *peer, uint16_t peer_port, uint16_t local_port);
TcpConn *tcp_conn_new(NetHost *host, uint16_t local_port, const NetAddr *peer,
                      uint16_t peer_port); /* closed; in the table */
void tcp_finish(TcpConn *conn);            /* state CLOSED; frees at the end of the event */
void tcp_end(TcpConn *conn, TcpEnd why);   /* tell the user, then finish */

/* tcp_output.c */
TcpChunk *tcp_chunk_new(Net *net, size_t len);
void tcp_chunks_free(Net *net, TcpChunk *chunk);
void tcp_queue(TcpConn *conn, uint8_t flags, const uint8_t *octets, size_t len); /* one chunk */
void tcp_output(TcpConn *conn);                                                  /* send what the window allows */
void tcp_send_ack(TcpConn *conn);
void tcp_challenge(TcpConn *conn); /* answer what is not acceptable, but not for ever */
void tcp_send_rst(TcpConn *conn);
/* Answer a segment that belongs to no connection (RFC 793 §3.4). */
void tcp_refuse(NetHost *host, const NetAddr *peer, const TcpSegment *segment);
void tcp_acknowledged(TcpConn *conn, uint32_t ack); /* snd_una < ack <= snd_nxt */
void tcp_set_timer(TcpConn *conn, SimTime delay);

#endif
