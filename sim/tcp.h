/*
 * sim/tcp.h - a small honest TCP over the simulated IPv6.
 *
 * Source:  RFC 793, RFC 2988: handshake, MSS, cumulative ACK, retransmission with back-off, FIN and RST.  No SACK, no
 *          window scaling, no congestion window, no simultaneous open.
 * Knows:   octets and ports.
 *
 * A connection belongs to the network.  It is gone when the event ends in which it was closed, aborted, or reported as
 * ended: do not keep the pointer beyond that.  What tcp_send() gets goes out in the context of that call and arrives in
 * it; octets of two calls never share a segment.
 */
#ifndef PRESEC_SIM_TCP_H
#define PRESEC_SIM_TCP_H

#include "sim/net.h"

typedef struct TcpConn TcpConn;
typedef enum {
    TCP_CLOSED_BY_PEER, /* FIN */
    TCP_RESET,          /* RST; also: nobody listens there */
    TCP_TIMED_OUT       /* retransmissions exhausted, or the handshake never finished */
} TcpEnd;
/* All three are needed.  No callback frees the connection under its caller. */
typedef struct TcpEvents {
    void (*connected)(void *ctx, TcpConn *conn);
    void (*data)(void *ctx, TcpConn *conn, const uint8_t *octets, size_t len);
    /* Last callback; not after tcp_close() or tcp_abort().  After the peer's FIN what is sent from here still goes out,
     * then it closes. */
    void (*ended)(void *ctx, TcpConn *conn, TcpEnd why);
} TcpEvents;

/*
 * @sport: 0 = the host's next dynamic port
 * Returns NULL when these two ends are connected already.  Octets may be sent at once; they wait for the handshake.
 */
TcpConn *tcp_connect(NetHost *host, uint16_t sport, const NetAddr *dst, uint16_t dport, const TcpEvents *events,
                     void *ctx);
/* @accepted is called when a handshake finishes: it must call tcp_set_events().  False: there is a listener already. */
bool tcp_listen(NetHost *host, uint16_t port, void (*accepted)(void *ctx, TcpConn *conn), void *ctx);
void tcp_unlisten(NetHost *host, uint16_t port);
void tcp_set_events(TcpConn *conn, const TcpEvents *events, void *ctx);
void tcp_send(TcpConn *conn, const void *octets, size_t len); /* queued; sent as segments of at most the MSS */
/* FIN after what is queued; no more callbacks.  Before the handshake is over all is dropped (RFC 793 §3.9). */
void tcp_close(TcpConn *conn);
void tcp_abort(TcpConn *conn); /* RST */
NetHost *tcp_host(const TcpConn *conn);
const NetAddr *tcp_peer(const TcpConn *conn);
uint16_t tcp_local_port(const TcpConn *conn);
uint16_t tcp_peer_port(const TcpConn *conn);
uint32_t tcp_sa(const TcpConn *conn); /* SA of the segment that brought the last data; 0 = none */

#endif
