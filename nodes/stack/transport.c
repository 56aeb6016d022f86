/*
 * nodes/stack/transport.c - SIP over UDP and TCP: datagrams, a stream's framing, connections kept for further use.
 *
 * Source:  RFC 3261 §18.1.1 (sending requests), §18.2.2 (sending responses), §18.3 (framing), §18 (how long to keep a
 *          connection); TS 33.203 §7.1 (a protected connection is named by both its ports).
 * Knows:   octets of whole messages; transactions are told when their connection is lost.
 */
#include "nodes/stack/endpoint_private.h"

#include <string.h>

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

/* ---- connections: a table by the peer's address and port ---- */

static uint64_t conn_hash(const NetAddr *peer, uint16_t port)
{
    return table_hash(peer, sizeof *peer, port);
}

/* @local_port 0: one that we opened from any port. */
static SipConn *find_conn(const SipEndpoint *endpoint, const NetAddr *peer, uint16_t port, uint16_t local_port)
{
    uint64_t hash = conn_hash(peer, port);
    for (Linked *at = table_first(&endpoint->conns, hash); at != NULL; at = at->next) {
        SipConn *conn = (SipConn *)at;
        uint16_t ours = local_port != 0 ? tcp_local_port(conn->tcp) : conn->local_key;
        if (at->hash == hash && conn->peer_port == port && ours == local_port && net_addr_equal(&conn->peer, peer))
            return conn;
    }
    return NULL;
}

static void idle_check(Sim *sim, void *ctx, uint64_t arg);

/* A connection is kept for as long as a transaction may need it (RFC 3261 §18: 64*T1 after the last message).  The side
 * that accepted it waits twice as long, so that the side whose port is fixed closes first and may open it again. */
static SimTime idle_limit(const SipConn *conn, bool opened)
{
    return 64 * conn->endpoint->config.timers->t1 * (opened ? 1 : 2);
}

static void schedule_idle_check(SipConn *conn, SimTime when)
{
    Sim *sim = conn->endpoint->sim;
    SimContext before = sim_context(sim);

    sim_set_context(sim, (SimContext){ 0 }); /* nobody's message makes it close */
    conn->idle = sim_at(sim, conn->endpoint->source, when, idle_check, conn, 0);
    sim_set_context(sim, before);
}

static SipConn *add_conn(SipEndpoint *endpoint, TcpConn *tcp, bool opened, uint16_t local_key)
{
    SipConn *conn = blocks_take(&endpoint->blocks, sizeof *conn);

    *conn = (SipConn){ .endpoint = endpoint,
                       .tcp = tcp,
                       .peer = *tcp_peer(tcp),
                       .peer_port = tcp_peer_port(tcp),
                       .local_key = local_key,
                       .opened = opened,
                       .used_at = sim_now(endpoint->sim) };
    table_add(&endpoint->conns, &conn->link, conn_hash(&conn->peer, conn->peer_port));
    schedule_idle_check(conn, conn->used_at + idle_limit(conn, opened));
    return conn;
}

/* Out of the table at once; the memory stays until the event ends, for callers further up. */
static void drop_conn(SipConn *conn)
{
    SipEndpoint *endpoint = conn->endpoint;

    conn->gone = true;
    sim_cancel(endpoint->sim, conn->idle);
    table_remove(&endpoint->conns, &conn->link);
    g_clear_pointer(&conn->in, g_free);
    blocks_retire(&endpoint->blocks, conn);
    endpoint_after_event(endpoint);
}

static void detach_waiting(SipConn *conn)
{
    while (conn->waiting != NULL) {
        SipClientTx *tx = conn->waiting;
        conn->waiting = tx->next_on_conn;
        tx->next_on_conn = NULL;
        tx->conn = NULL;
    }
}

static void close_conn(SipConn *conn)
{
    detach_waiting(conn);
    tcp_close(conn->tcp);
    drop_conn(conn);
}

static void idle_check(Sim *sim, void *ctx, uint64_t arg)
{
    SipConn *conn = ctx;
    SimTime limit = idle_limit(conn, conn->opened);

    if (sim_now(sim) - conn->used_at >= limit && conn->waiting == NULL) {
        close_conn(conn);
        return;
    }
    schedule_idle_check(conn, MAX(conn->used_at + limit, sim_now(sim) + SIM_SEC));
}

void sip_endpoint_close_flow(SipEndpoint *endpoint, const NetAddr *peer, uint16_t peer_port, uint16_t local_port)
{
    SipConn *conn;
    while ((conn = find_conn(endpoint, peer, peer_port, local_port)) != NULL)
        close_conn(conn);
}

/* Whichever order the table has them in: they are all closed, and what that sends is ordered by the ports. */
static int by_peer(const void *a, const void *b)
{
    const SipConn *x = *(SipConn *const *)a, *y = *(SipConn *const *)b;
    int addresses = memcmp(&x->peer, &y->peer, sizeof x->peer);
    return addresses != 0 ? addresses : (int)x->peer_port - (int)y->peer_port;
}

void transport_close_port(SipEndpoint *endpoint, uint16_t local_port)
{
    g_autoptr(GPtrArray) conns = g_ptr_array_new();

    for (uint32_t i = 0; endpoint->conns.count > 0 && i <= endpoint->conns.mask; i++)
        for (Linked *at = endpoint->conns.bucket[i]; at != NULL; at = at->next)
            if (tcp_local_port(((SipConn *)at)->tcp) == local_port)
                g_ptr_array_add(conns, at);
    g_ptr_array_sort(conns, by_peer);
    for (guint i = 0; i < conns->len; i++)
        close_conn(g_ptr_array_index(conns, i));
}

void transport_close_all(SipEndpoint *endpoint)
{
    SipConn *conn;
    while ((conn = (SipConn *)table_take(&endpoint->conns)) != NULL) {
        sim_cancel(endpoint->sim, conn->idle);
        tcp_set_events(conn->tcp, NULL, NULL); /* nothing is sent any more: the world is being taken down */
        g_free(conn->in);
        blocks_give(&endpoint->blocks, conn);
    }
    table_trim(&endpoint->conns);
}

/* ---- a connection's octets ---- */

static void keep(SipConn *conn, const void *octets, size_t len)
{
    if (len == 0)
        return;
    if (conn->in_len + len > conn->in_room) {
        conn->in_room = (uint32_t)(2 * (conn->in_len + len));
        conn->in = g_realloc(conn->in, conn->in_room);
    }
    memcpy(conn->in + conn->in_len, octets, len);
    conn->in_len += (uint32_t)len;
}

/* Take whole messages off the front of @octets; what is left is the beginning of one. */
static void take_messages(SipConn *conn, const SipFlow *flow, const char *octets, size_t len)
{
    SipEndpoint *endpoint = conn->endpoint;
    SimContext arrived = sim_context(endpoint->sim);

    while (len > 0) {
        sim_set_context(endpoint->sim, arrived); /* one message is not the cause of the next */
        SipMsg *msg = sim_alloc(endpoint->sim, sizeof *msg);
        size_t used = 0;
        SipParseResult result = sip_parse_stream(msg, octets, len, &used);
        if (result == SIP_BAD) {
            endpoint_bad(endpoint, msg, flow);
            if (!conn->gone)
                close_conn(conn); /* where the next message begins is not known */
            return;
        }
        octets += used;
        len -= used;
        if (result == SIP_INCOMPLETE) {
            conn->in_needed = (uint32_t)msg->needed;
            keep(conn, octets, len);
            return;
        }
        endpoint_message(endpoint, msg, flow);
        if (conn->gone)
            return;
    }
}

static void conn_data(void *ctx, TcpConn *tcp, const uint8_t *octets, size_t len)
{
    SipConn *conn = ctx;
    SipEndpoint *endpoint = conn->endpoint;
    SipFlow flow = { .addr = conn->peer,
                     .port = conn->peer_port,
                     .local_port = tcp_local_port(tcp),
                     .transport = SIP_TCP,
                     .sa = tcp_sa(tcp) };

    conn->used_at = sim_now(endpoint->sim);
    if (conn->in_len == 0) {
        take_messages(conn, &flow, (const char *)octets, len);
        return;
    }
    keep(conn, octets, len);
    if (conn->in_len < conn->in_needed)
        return;
    g_autofree char *whole = g_steal_pointer(&conn->in); /* the handlers may close the connection */
    size_t whole_len = conn->in_len;
    conn->in_len = conn->in_room = 0;
    take_messages(conn, &flow, whole, whole_len);
}

static void conn_connected(void *ctx, TcpConn *tcp)
{
    SipConn *conn = ctx;
    conn->established = true;
}

static void conn_ended(void *ctx, TcpConn *tcp, TcpEnd why)
{
    SipConn *conn = ctx;
    SipClientTx *waiting = conn->waiting;
    bool established = conn->established;

    conn->waiting = NULL;
    drop_conn(conn);
    while (waiting != NULL) {
        SipClientTx *tx = waiting;
        waiting = tx->next_on_conn;
        tx->next_on_conn = NULL;
        tx->conn = NULL;
        client_lost_connection(tx, why, established);
    }
}

static const TcpEvents conn_events = { .connected = conn_connected, .data = conn_data, .ended = conn_ended };

void transport_accepted(void *ctx, TcpConn *tcp)
{
    SipConn *conn = add_conn(ctx, tcp, false, tcp_local_port(tcp));
    conn->established = true;
    tcp_set_events(tcp, &conn_events, conn);
}

bool transport_has(const SipEndpoint *endpoint, const SipFlow *flow)
{
    return find_conn(endpoint, &flow->addr, flow->port, flow->local_port) != NULL;
}

SipConn *transport_tcp(SipEndpoint *endpoint, SipFlow *flow, const char *octets, size_t len)
{
    uint16_t local_port = flow->local_port == SIP_PORT ? 0 : flow->local_port;
    SipConn *conn = find_conn(endpoint, &flow->addr, flow->port, flow->local_port);

    if (conn == NULL && local_port == 0)
        conn = find_conn(endpoint, &flow->addr, flow->port, 0);
    if (conn == NULL) {
        TcpConn *tcp = tcp_connect(endpoint->config.host, local_port, &flow->addr, flow->port, &conn_events, NULL);
        if (tcp == NULL)
            return NULL;
        conn = add_conn(endpoint, tcp, true, local_port);
        tcp_set_events(tcp, &conn_events, conn);
    }
    flow->local_port = tcp_local_port(conn->tcp);
    conn->used_at = sim_now(endpoint->sim);
    tcp_send(conn->tcp, octets, len);
    return conn;
}
