/*
 * nodes/stack/transport.c - SIP over UDP and TCP: datagrams, and connections that are used again.
 *
 * Source:  RFC 3261 §18.1.1 (sending requests), §18.2.2 (sending responses); TS 33.203 §7.1 (ports).
 * Knows:   octets of whole messages; transactions are told when their connection is lost.
 */
#include "nodes/stack/endpoint_private.h"

/* ---- UDP ---- */

const char *transport_udp(SipEndpoint *endpoint, const SipFlow *flow, const char *octets, size_t len)
{
    switch (net_udp_send(endpoint->config.host, flow->local_port, &flow->addr, flow->port, octets, len)) {
    case NET_SENT: return NULL;
    case NET_UNREACHABLE: return "no route";
    case NET_TOO_LONG: return "too long for UDP";
    case NET_REFUSED: return "no security association for these ports";
    }
    return "not sent";
}

void transport_datagram(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    SipEndpoint *endpoint = ctx;
    const char *octets = (const char *)datagram->octets;
    SipFlow flow = { .addr = datagram->src,
                     .port = datagram->sport,
                     .local_port = datagram->dport,
                     .transport = SIP_UDP,
                     .sa = datagram->sa };
    SipMsg *msg = sim_alloc(endpoint->sim, sizeof *msg);

    if (sip_parse(msg, octets, datagram->len) == SIP_OK)
        endpoint_message(endpoint, msg, &flow);
    else
        endpoint_bad(endpoint, msg, &flow);
}

/* ---- TCP ---- */

static void conn_data(void *ctx, TcpConn *tcp, const uint8_t *octets, size_t len)
{
    conn_take(ctx, (const char *)octets, len);
}

static void conn_connected(void *ctx, TcpConn *tcp)
{
    SipConn *conn = ctx;
    conn->established = true;
}

static void conn_ended(void *ctx, TcpConn *tcp, TcpEnd why)
{
    SipConn *conn = ctx;
    SipClientTx *waiting = conn_detach(conn);

    conn_drop(conn);
    while (waiting != NULL) {
        SipClientTx *tx = waiting;
        waiting = tx->next_on_conn;
        tx->next_on_conn = NULL;
        client_lost_connection(tx, why, conn->established);
    }
}

static const TcpEvents conn_events = { .connected = conn_connected, .data = conn_data, .ended = conn_ended };

void transport_accepted(void *ctx, TcpConn *tcp)
{
    tcp_set_events(tcp, &conn_events, conn_add(ctx, tcp, false, tcp_local_port(tcp), NULL));
}

void sip_endpoint_close_flow(SipEndpoint *endpoint, const NetAddr *peer, uint16_t peer_port, uint16_t local_port)
{
    SipConn *conn;
    while ((conn = conn_find(endpoint, peer, peer_port, local_port)) != NULL)
        conn_close(conn);
}

SipConn *transport_tcp(SipEndpoint *endpoint, SipFlow *flow, const char *octets, size_t len)
{
    uint16_t local_port = flow->local_port == SIP_PORT ? 0 : flow->local_port;
    SipConn *conn = conn_find(endpoint, &flow->addr, flow->port, flow->local_port);

    if (conn == NULL && local_port == 0)
        conn = conn_find(endpoint, &flow->addr, flow->port, 0);
    if (conn == NULL) {
        TcpConn *tcp = tcp_connect(endpoint->config.host, local_port, &flow->addr, flow->port, &conn_events, NULL);
        if (tcp == NULL)
            return NULL;
        conn = conn_add(endpoint, tcp, true, local_port, NULL);
        tcp_set_events(tcp, &conn_events, conn);
    }
    flow->local_port = tcp_local_port(conn->tcp);
    conn->used_at = sim_now(endpoint->sim);
    tcp_send(conn->tcp, octets, len);
    return conn;
}
