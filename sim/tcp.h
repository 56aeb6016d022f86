/*
 * sim/tcp.h - a small honest TCP over the simulated IPv6.
 *
 * Source:  RFC 793, RFC 2988: handshake, MSS, cumulative ACK, retransmission with back-off, FIN and RST.  No SACK, no window scaling, no congestion window.
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
/* No callback frees the connection under its caller: it is freed when the event ends. */
typedef struct TcpEvents {
    void (*connected)(void *ctx, TcpConn *conn);
    void (*data)(void *ctx, TcpConn *conn, const uint8_t *octets, size_t len);
    void (*ended)(void *ctx, TcpConn *conn, TcpEnd why); /* last callback; not after tcp_close() */
} TcpEvents;

TcpConn *tcp_connect(NetHost *host, uint16_t sport /* 0 = any */, const NetAddr *dst, uint16_t dport, const TcpEvents *events, void *ctx);
/* @accepted is called when a handshake finishes: it must call tcp_set_events(). */
bool tcp_listen(NetHost *host, uint16_t port, void (*accepted)(void *ctx, TcpConn *conn), void *ctx);
void tcp_unlisten(NetHost *host, uint16_t port);
void tcp_set_events(TcpConn *conn, const TcpEvents *events, void *ctx);
void tcp_send(TcpConn *conn, const void *octets, size_t len); /* queued; sent as segments of at most the MSS */
void tcp_close(TcpConn *conn);                                /* FIN after what is queued; no more callbacks */
void tcp_abort(TcpConn *conn);                                /* RST */
NetHost *tcp_host(const TcpConn *conn);
const NetAddr *tcp_peer(const TcpConn *conn);
uint16_t tcp_local_port(const TcpConn *conn);
uint16_t tcp_peer_port(const TcpConn *conn);
uint32_t tcp_sa(const TcpConn *conn); /* SA of the segment that brought the last data; 0 = none */

#endif
