/*
 * nodes/stack/connection.c - connections over TCP, bare or under TLS: their table, a stream's framing, their lifetime.
 *
 * Source:  RFC 3261 §18 (how long to keep a connection), §18.3 (framing); TS 33.203 §7.1 (a protected connection is
 *          named by both its ports).
 * Knows:   octets of whole messages.  What is between TCP and them is in transport.c and transport_tls.c.
 */
#include "nodes/stack/endpoint_private.h"

#include <string.h>

/* ---- octets that wait for more ---- */

void partial_add(SipEndpoint *endpoint, Partial *partial, const void *octets, size_t len)
{
    if (len == 0)
        return;
    if (partial->len + len > partial->room) {
        uint32_t room = (uint32_t)(2 * (partial->len + len));
        char *larger = blocks_take(&endpoint->blocks, room);
        if (partial->len > 0)
            memcpy(larger, partial->octets, partial->len);
        blocks_give(&endpoint->blocks, partial->octets);
        partial->octets = larger;
        partial->room = room;
    }
    memcpy(partial->octets + partial->len, octets, len);
    partial->len += (uint32_t)len;
}

char *partial_take(SipEndpoint *endpoint, Partial *partial)
{
    char *octets = partial->octets;

    *partial = (Partial){ 0 };
    blocks_retire(&endpoint->blocks, octets);
    endpoint_after_event(endpoint);
    return octets;
}

/* ---- the table, by the peer's address and port ---- */

static uint64_t conn_hash(const NetAddr *peer, uint16_t port)
{
    return table_hash(peer, sizeof *peer, port);
}

static bool is_with(const SipConn *conn, uint64_t hash, const NetAddr *peer, uint16_t port)
{
    return conn->link.hash == hash && conn->peer_port == port && net_addr_equal(&conn->peer, peer);
}

SipConn *conn_find(const SipEndpoint *endpoint, const NetAddr *peer, uint16_t port, uint16_t local_port)
{
    uint64_t hash = conn_hash(peer, port);
    for (Linked *at = table_first(&endpoint->conns, hash); at != NULL; at = at->next) {
        SipConn *conn = (SipConn *)at;
        if (conn->tls != NULL || !is_with(conn, hash, peer, port))
            continue;
        if (local_port == (local_port != 0 ? tcp_local_port(conn->tcp) : conn->local_key))
            return conn;
    }
    return NULL;
}

SipConn *conn_find_tls(const SipEndpoint *endpoint, const NetAddr *peer, uint16_t port)
{
    uint64_t hash = conn_hash(peer, port);
    SipConn *newest = NULL;

    for (Linked *at = table_first(&endpoint->conns, hash); at != NULL; at = at->next) {
        SipConn *conn = (SipConn *)at;
        if (conn->tls == NULL || !is_with(conn, hash, peer, port))
            continue;
        if (newest == NULL || transport_tls_number(conn) > transport_tls_number(newest))
            newest = conn;
    }
    return newest;
}

SipFlow conn_flow(const SipConn *conn)
{
    return (SipFlow){ .addr = conn->peer,
                      .port = conn->peer_port,
                      .local_port = tcp_local_port(conn->tcp),
                      .transport = conn->tls != NULL ? SIP_TLS : SIP_TCP,
                      .sa = tcp_sa(conn->tcp),
                      .connection = conn->tls != NULL ? transport_tls_number(conn) : 0 };
}

/* ---- how long ---- */

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

static void idle_check(Sim *sim, void *ctx, uint64_t arg)
{
    SipConn *conn = ctx;
    SimTime limit = idle_limit(conn, conn->opened);

    if (sim_now(sim) - conn->used_at >= limit && conn->waiting == NULL) {
        conn_close(conn);
        return;
    }
    schedule_idle_check(conn, MAX(conn->used_at + limit, sim_now(sim) + SIM_SEC));
}

SipConn *conn_add(SipEndpoint *endpoint, TcpConn *tcp, bool opened, uint16_t local_key, TlsEnd *tls)
{
    SipConn *conn = blocks_take(&endpoint->blocks, sizeof *conn);

    *conn = (SipConn){ .endpoint = endpoint,
                       .tcp = tcp,
                       .tls = tls,
                       .peer = *tcp_peer(tcp),
                       .peer_port = tcp_peer_port(tcp),
                       .local_key = local_key,
                       .opened = opened,
                       .established = !opened,
                       .used_at = sim_now(endpoint->sim) };
    table_add(&endpoint->conns, &conn->link, conn_hash(&conn->peer, conn->peer_port));
    if (tls == NULL)
        schedule_idle_check(conn, conn->used_at + idle_limit(conn, opened));
    return conn;
}

void conn_drop(SipConn *conn)
{
    SipEndpoint *endpoint = conn->endpoint;

    conn->gone = true;
    sim_cancel(endpoint->sim, conn->idle);
    table_remove(&endpoint->conns, &conn->link);
    blocks_retire(&endpoint->blocks, conn->in.octets);
    conn->in = (Partial){ 0 };
    blocks_retire(&endpoint->blocks, conn);
    endpoint_after_event(endpoint);
}

SipClientTx *conn_detach(SipConn *conn)
{
    SipClientTx *waiting = conn->waiting;

    conn->waiting = NULL;
    for (SipClientTx *tx = waiting; tx != NULL; tx = tx->next_on_conn)
        tx->conn = NULL;
    return waiting;
}

static void leave_alone(SipClientTx *waiting)
{
    while (waiting != NULL) {
        SipClientTx *tx = waiting;
        waiting = tx->next_on_conn;
        tx->next_on_conn = NULL;
    }
}

/* Requests over TCP may still be answered on a connection of the other side's (RFC 3261 §18.2.2), over TLS never. */
void conn_close(SipConn *conn)
{
    SipClientTx *waiting = conn_detach(conn);

    if (conn->tls == NULL) {
        leave_alone(waiting);
        tcp_close(conn->tcp);
        conn_drop(conn);
        return;
    }
    transport_tls_goodbye(conn);
    tcp_close(conn->tcp);
    conn_drop(conn);
    transport_tls_release(conn);
    client_lost_tls(waiting, "the connection was closed");
}

/* Whichever order the table has them in: they are all closed, and what that sends is ordered by the ports. */
static int by_peer(const void *a, const void *b)
{
    const SipConn *x = *(SipConn *const *)a, *y = *(SipConn *const *)b;
    int addresses = memcmp(&x->peer, &y->peer, sizeof x->peer);
    return addresses != 0 ? addresses : (int)x->peer_port - (int)y->peer_port;
}

void conn_close_port(SipEndpoint *endpoint, uint16_t local_port)
{
    g_autoptr(GPtrArray) conns = g_ptr_array_new();

    for (uint32_t i = 0; endpoint->conns.count > 0 && i <= endpoint->conns.mask; i++)
        for (Linked *at = endpoint->conns.bucket[i]; at != NULL; at = at->next)
            if (tcp_local_port(((SipConn *)at)->tcp) == local_port)
                g_ptr_array_add(conns, at);
    g_ptr_array_sort(conns, by_peer);
    for (guint i = 0; i < conns->len; i++)
        conn_close(g_ptr_array_index(conns, i));
}

void conn_close_all(SipEndpoint *endpoint)
{
    SipConn *conn;
    while ((conn = (SipConn *)table_take(&endpoint->conns)) != NULL) {
        sim_cancel(endpoint->sim, conn->idle);
        tcp_set_events(conn->tcp, NULL, NULL); /* nothing is sent any more: the world is being taken down */
        if (conn->tls != NULL)
            transport_tls_release(conn);
        blocks_give(&endpoint->blocks, conn->in.octets);
        blocks_give(&endpoint->blocks, conn);
    }
    table_trim(&endpoint->conns);
    table_trim(&endpoint->tls_ends);
}

/* ---- what the other end says ---- */

/* Where the next message begins is not known. */
static void lost_its_way(SipConn *conn)
{
    if (conn->gone)
        return;
    if (conn->tls != NULL)
        transport_tls_give_up(conn, "what came is no SIP");
    else
        conn_close(conn);
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
            lost_its_way(conn);
            return;
        }
        octets += used;
        len -= used;
        if (result == SIP_INCOMPLETE) {
            conn->in_needed = (uint32_t)msg->needed;
            partial_add(endpoint, &conn->in, octets, len);
            return;
        }
        endpoint_message(endpoint, msg, flow);
        if (conn->gone)
            return;
    }
}

void conn_take(SipConn *conn, const char *octets, size_t len)
{
    SipEndpoint *endpoint = conn->endpoint;
    SipFlow flow = conn_flow(conn);

    conn->used_at = sim_now(endpoint->sim);
    if (conn->in.len == 0) {
        take_messages(conn, &flow, octets, len);
        return;
    }
    partial_add(endpoint, &conn->in, octets, len);
    if (conn->in.len < conn->in_needed)
        return;
    size_t whole_len = conn->in.len;
    take_messages(conn, &flow, partial_take(endpoint, &conn->in), whole_len);
}
