/*
 * sim/tcp.c - TCP as its user sees it: connect, listen, send, close.
 *
 * Source:  RFC 793 §3.8.
 * Knows:   connections of a host by peer and ports.
 */
#include "sim/tcpconn.h"

#include <string.h>

/* --- tables --- */

static guint conn_hash(gconstpointer key)
{
    const TcpConn *conn = key;
    uint64_t mixed = net_addr_prefix(&conn->peer) * 31 + net_addr_interface(&conn->peer);

    mixed = (mixed * 31 + ((uint64_t)conn->peer_port << 16 | conn->local_port)) * UINT64_C(0x9e3779b97f4a7c15);
    return (guint)(mixed >> 32);
}

static gboolean conn_equal(gconstpointer a, gconstpointer b)
{
    const TcpConn *x = a, *y = b;

    return x->peer_port == y->peer_port && x->local_port == y->local_port && net_addr_equal(&x->peer, &y->peer);
}

TcpHost *tcp_of(NetHost *host)
{
    NetSockets *sockets = host_sockets(host);

    if (sockets->tcp == NULL) {
        sockets->tcp = g_new0(TcpHost, 1);
        sockets->tcp->conns = g_hash_table_new_full(conn_hash, conn_equal, g_free, NULL);
        sockets->tcp->listeners = g_array_new(FALSE, FALSE, sizeof(TcpListener));
    }
    return sockets->tcp;
}

/* The chunks go with the network's pool, the timers are never run again. */
void tcp_host_free(TcpHost *tcp)
{
    if (tcp == NULL) {
        return;
    }
    g_hash_table_destroy(tcp->conns);
    g_array_free(tcp->listeners, TRUE);
    g_free(tcp);
}

TcpConn *tcp_find(const NetHost *host, const NetAddr *peer, uint16_t peer_port, uint16_t local_port)
{
    TcpConn key = { .peer = *peer, .peer_port = peer_port, .local_port = local_port };

    if (host->sockets == NULL || host->sockets->tcp == NULL) {
        return NULL;
    }
    return g_hash_table_lookup(host->sockets->tcp->conns, &key);
}

TcpListener *tcp_find_listener(const NetHost *host, uint16_t port)
{
    if (host->sockets == NULL || host->sockets->tcp == NULL) {
        return NULL;
    }
    GArray *listeners = host->sockets->tcp->listeners;
    for (guint i = 0; i < listeners->len; i++) {
        if (g_array_index(listeners, TcpListener, i).port == port) {
            return &g_array_index(listeners, TcpListener, i);
        }
    }
    return NULL;
}

bool tcp_listen(NetHost *host, uint16_t port, void (*accepted)(void *ctx, TcpConn *conn), void *ctx)
{
    TcpListener listener = { .accepted = accepted, .ctx = ctx, .port = port };

    if (tcp_find_listener(host, port) != NULL) {
        return false;
    }
    g_array_append_val(tcp_of(host)->listeners, listener);
    return true;
}

void tcp_unlisten(NetHost *host, uint16_t port)
{
    const TcpListener *listener = tcp_find_listener(host, port);

    if (listener != NULL) {
        GArray *listeners = host->sockets->tcp->listeners;
        g_array_remove_index(listeners, (guint)(listener - (const TcpListener *)(void *)listeners->data));
    }
}

/* --- life --- */

/* RFC 6528 §3: a clock of 4 us, and what nobody else can compute for this pair of ends. */
static uint32_t initial_sequence(const TcpConn *conn)
{
    const Sim *sim = conn->host->net->sim;
    uint64_t ends = net_addr_prefix(&conn->peer) * 31 + net_addr_interface(&conn->peer);
    SimStream stream =
        sim_stream(sim, conn->host->name, "tcp-isn", ends * 31 + ((uint64_t)conn->peer_port << 16 | conn->local_port));

    return (uint32_t)(sim_now(sim) / (4 * SIM_US)) + (uint32_t)sim_random_u64(sim, &stream);
}

TcpConn *tcp_conn_new(NetHost *host, uint16_t local_port, const NetAddr *peer, uint16_t peer_port)
{
    TcpConn *conn = g_new0(TcpConn, 1);

    conn->host = host;
    conn->peer = *peer;
    conn->local_port = local_port;
    conn->peer_port = peer_port;
    conn->state = TCP_CLOSED;
    conn->mss = TCP_MSS;
    conn->rto = TCP_RTO_INITIAL;
    conn->timed_at = -1;
    conn->snd_una = conn->snd_nxt = conn->snd_end = conn->recover = initial_sequence(conn);
    g_hash_table_add(tcp_of(host)->conns, conn);
    return conn;
}

void tcp_finish(TcpConn *conn)
{
    Net *net = conn->host->net;

    if (conn->state == TCP_CLOSED) {
        return;
    }
    conn->state = TCP_CLOSED;
    conn->silent = true;
    sim_cancel(net->sim, conn->timer);
    tcp_chunks_free(net, conn->unacked);
    tcp_chunks_free(net, conn->early);
    conn->unacked = conn->last = conn->unsent = conn->early = NULL;
    g_hash_table_steal(conn->host->sockets->tcp->conns, conn);
    sim_defer_free(net->sim, g_free, conn);
}

void tcp_end(TcpConn *conn, TcpEnd why)
{
    bool tell = !conn->silent && conn->events != NULL;

    conn->silent = true;
    if (tell) {
        conn->events->ended(conn->ctx, conn, why);
    }
    tcp_finish(conn);
}

/* The next dynamic port that has no connection to this peer, 0 when all have. */
static uint16_t free_port(NetHost *host, const NetAddr *dst, uint16_t dport)
{
    TcpHost *tcp = tcp_of(host);
    unsigned n = 65536 - TCP_FIRST_PORT;

    for (unsigned i = 0; i < n; i++) {
        uint16_t port = (uint16_t)(TCP_FIRST_PORT + tcp->next_port);
        tcp->next_port = (uint16_t)((tcp->next_port + 1) % n);
        if (tcp_find(host, dst, dport, port) == NULL && tcp_find_listener(host, port) == NULL) {
            return port;
        }
    }
    return 0;
}

TcpConn *tcp_connect(NetHost *host, uint16_t sport, const NetAddr *dst, uint16_t dport, const TcpEvents *events,
                     void *ctx)
{
    uint16_t port = sport != 0 ? sport : free_port(host, dst, dport);
    TcpConn *old = tcp_find(host, dst, dport, port);

    if (port == 0 || (old != NULL && old->state != TCP_TIME_WAIT)) {
        return NULL;
    }
    if (old != NULL) {
        tcp_finish(old);
    }
    TcpConn *conn = tcp_conn_new(host, port, dst, dport);
    conn->events = events;
    conn->ctx = ctx;
    conn->state = TCP_SYN_SENT;
    tcp_queue(conn, TCP_SYN, NULL, 0);
    tcp_output(conn);
    return conn;
}

void tcp_set_events(TcpConn *conn, const TcpEvents *events, void *ctx)
{
    conn->events = events;
    conn->ctx = ctx;
}

/* Whether the user may still send. */
static bool is_open(const TcpConn *conn)
{
    return conn->state == TCP_SYN_SENT || conn->state == TCP_ESTABLISHED || conn->state == TCP_CLOSE_WAIT;
}

void tcp_send(TcpConn *conn, const void *octets, size_t len)
{
    const uint8_t *at = octets;

    if (!is_open(conn)) {
        return;
    }
    while (len > 0) {
        size_t n = MIN(len, conn->mss);
        tcp_queue(conn, 0, at, n);
        at += n;
        len -= n;
    }
    tcp_output(conn);
}

void tcp_close(TcpConn *conn)
{
    conn->silent = true;
    switch ((TcpState)conn->state) {
    case TCP_SYN_SENT: tcp_finish(conn); return;
    case TCP_ESTABLISHED: conn->state = TCP_FIN_WAIT_1; break;
    case TCP_CLOSE_WAIT: conn->state = TCP_LAST_ACK; break;
    case TCP_SYN_RECEIVED: /* nobody knows of it yet */
    case TCP_FIN_WAIT_1:
    case TCP_FIN_WAIT_2:
    case TCP_CLOSING:
    case TCP_TIME_WAIT:
    case TCP_LAST_ACK:
    case TCP_CLOSED: return;
    }
    tcp_queue(conn, TCP_FIN, NULL, 0);
    tcp_output(conn);
}

void tcp_abort(TcpConn *conn)
{
    if (conn->state != TCP_CLOSED && conn->state != TCP_SYN_SENT && conn->state != TCP_TIME_WAIT) {
        tcp_send_rst(conn);
    }
    tcp_finish(conn);
}

NetHost *tcp_host(const TcpConn *conn)
{
    return conn->host;
}

const NetAddr *tcp_peer(const TcpConn *conn)
{
    return &conn->peer;
}

uint16_t tcp_local_port(const TcpConn *conn)
{
    return conn->local_port;
}

uint16_t tcp_peer_port(const TcpConn *conn)
{
    return conn->peer_port;
}

uint32_t tcp_sa(const TcpConn *conn)
{
    return conn->sa;
}
