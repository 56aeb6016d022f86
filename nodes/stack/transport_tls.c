/*
 * nodes/stack/transport_tls.c - SIP over TLS: connections that stay, opened when they are needed, found by number.
 *
 * Source:  RFC 3261 §26.2.1, §26.3.1; RFC 5923 (connection reuse: what S3 option 4 needs for NOTIFY, K40).
 * Knows:   octets of whole messages; whom a certificate must name is the node's to say.
 *
 *     TCP -> handshake (a Tls) -> open -> asleep (a TlsFrozen, 124 octets) -> over
 */
#include "nodes/stack/tls_private.h"

/* Named by what the connection is, not by a count: other subscribers' connections leave its octets as they are. */
static SimStream stream_for(const SipEndpoint *endpoint, const TcpConn *tcp)
{
    struct {
        NetAddr peer;
        uint16_t ports[4];
        SimTime at;
    } name = { *tcp_peer(tcp), { tcp_peer_port(tcp), tcp_local_port(tcp) }, sim_now(endpoint->sim) };

    return sim_stream(endpoint->sim, endpoint->config.name, "tls", table_hash(&name, sizeof name, 0));
}

/* ---- beginning ---- */

/* The handshake takes too long: nobody is there, or somebody who says nothing. */
static void out_of_patience(Sim *sim, void *ctx, uint64_t arg)
{
    SipConn *conn = ctx;
    TlsStatus status = tls_end_status(conn->tls);

    conn->idle = 0;
    tls_end_lost_above_tcp(conn, &status, "nobody answers");
}

/* The handshake is given half of timer F: whoever sends a request learns why it could not be sent. */
static void be_patient(SipConn *conn)
{
    SipEndpoint *endpoint = conn->endpoint;
    SipFlow flow = conn_flow(conn);
    SimTime limit = 32 * endpoint_timers(endpoint, &flow)->t1;
    SimContext before = tls_speak_for_itself(endpoint->sim);

    conn->idle = sim_after(endpoint->sim, endpoint->source, limit, out_of_patience, conn, 0);
    sim_set_context(endpoint->sim, before);
}

static SipConn *begin(SipEndpoint *endpoint, TcpConn *tcp, TlsContext *context, const CertName *name)
{
    TlsEnd *end = g_new(TlsEnd, 1); /* stays for long: no block larger than it */
    bool opened = context == endpoint->tls.client;
    TlsPeer peer = { .name = name, .now = sim_unix_time(endpoint->sim) };
    CryptoRandom random = tls_end_random(end);

    *end = (TlsEnd){ .number = ++endpoint->last_tls, .stream = stream_for(endpoint, tcp) };
    end->conn = conn_add(endpoint, tcp, opened, tcp_local_port(tcp), end);
    table_add(&endpoint->tls_ends, &end->link, end->number);
    end->awake.tls = tls_new(context, &peer, &random);
    tcp_set_events(tcp, &tls_tcp_events, end->conn);
    be_patient(end->conn);
    tls_end_send_own(end);
    return end->conn;
}

static void tls_accepted(void *ctx, TcpConn *tcp)
{
    SipEndpoint *endpoint = ctx;
    (void)begin(endpoint, tcp, endpoint->tls.server, NULL);
}

static SipConn *connect_to(SipEndpoint *endpoint, const SipFlow *to, const char **why)
{
    const SipTls *tls = &endpoint->tls;
    CertName name;

    *why = "there is no TLS here";
    if (tls->client == NULL)
        return NULL;
    bool named = tls->expected != NULL && tls->expected(endpoint->config.node, to, &name);
    TcpConn *tcp = tcp_connect(endpoint->config.host, 0, &to->addr, to->port, &tls_tcp_events, NULL);
    *why = "no TCP connection";
    return tcp != NULL ? begin(endpoint, tcp, tls->client, named ? &name : NULL) : NULL;
}

/* ---- sending ---- */

static SipConn *find_conn(const SipEndpoint *endpoint, const SipFlow *flow)
{
    if (flow->connection == 0)
        return conn_find_tls(endpoint, &flow->addr, flow->port);
    TlsEnd *end = tls_end_find(endpoint, flow->connection);
    return end != NULL ? end->conn : NULL;
}

void transport_tls_complete(const SipEndpoint *endpoint, SipFlow *flow)
{
    const TlsEnd *end = flow->transport == SIP_TLS ? tls_end_find(endpoint, flow->connection) : NULL;

    if (end == NULL)
        return;
    *flow = conn_flow(end->conn);
    flow->sa = 0;
}

SipConn *transport_tls(SipEndpoint *endpoint, SipFlow *flow, const char **why)
{
    SipConn *conn = find_conn(endpoint, flow);

    *why = "the connection is gone";
    if (conn == NULL && flow->connection == 0)
        conn = connect_to(endpoint, flow, why);
    if (conn == NULL)
        return NULL;
    flow->connection = conn->tls->number;
    transport_tls_complete(endpoint, flow);
    return conn;
}

bool transport_tls_has(const SipEndpoint *endpoint, const SipFlow *flow)
{
    const SipConn *conn = find_conn(endpoint, flow);
    return conn != NULL && conn->tls->open;
}

bool transport_tls_answer(SipEndpoint *endpoint, const SipFlow *flow, const char *octets, size_t len)
{
    if (!transport_tls_has(endpoint, flow)) {
        trace_drop(endpoint->sim, endpoint->config.name, "tls-gone", "a response has no connection to go back by");
        return false;
    }
    transport_tls_send(find_conn(endpoint, flow), octets, len);
    return true;
}

static void has_failed(Sim *sim, void *ctx, uint64_t arg)
{
    SipConn *conn = ctx;
    TlsStatus status = tls_end_status(conn->tls);

    conn->idle = 0;
    tls_end_lost_above_tcp(conn, &status, tls_why(&status));
}

/* The sender has not returned yet. */
static void lose_soon(SipConn *conn)
{
    SipEndpoint *endpoint = conn->endpoint;
    sim_cancel(endpoint->sim, conn->idle);
    conn->idle = sim_after(endpoint->sim, endpoint->source, 0, has_failed, conn, 0);
}

void transport_tls_send(SipConn *conn, const char *octets, size_t len)
{
    TlsEnd *end = conn->tls;
    SipEndpoint *endpoint = conn->endpoint;

    if (!end->sleeps) {
        bool sealed = tls_send(end->awake.tls, (const uint8_t *)octets, len);
        tls_end_send_waiting(end);
        if (!sealed)
            lose_soon(conn);
        return;
    }
    CryptoRandom random = tls_end_random(end);
    size_t room = tls_frozen_sealed_len(&end->frozen, len);
    uint8_t *sealed = sim_alloc(endpoint->sim, room);
    room = tls_frozen_send(&end->frozen, &random, (const uint8_t *)octets, len, sealed, room, &endpoint->tls_work);
    tcp_send(conn->tcp, sealed, room);
}

/* ---- closing ---- */

void sip_endpoint_close_tls(SipEndpoint *endpoint, uint32_t connection)
{
    TlsEnd *end = tls_end_find(endpoint, connection);

    if (end == NULL)
        return;
    if (end->open) {
        TlsStatus status = tls_end_status(end);
        tls_end_trace(end, &status, NULL, "we closed it");
    }
    conn_close(end->conn);
}

/* ---- switching it on ---- */

void transport_tls_unlisten(SipEndpoint *endpoint)
{
    if (endpoint->tls.server != NULL)
        tcp_unlisten(endpoint->config.host, endpoint->tls.port);
    endpoint->tls = (SipTls){ 0 };
}

bool sip_endpoint_use_tls(SipEndpoint *endpoint, const SipTls *tls)
{
    transport_tls_unlisten(endpoint);
    if (tls->server != NULL && !tcp_listen(endpoint->config.host, tls->port, tls_accepted, endpoint))
        return false;
    endpoint->tls = *tls;
    return true;
}

size_t sip_endpoint_tls_octets(void)
{
    return sizeof(SipConn) + sizeof(TlsEnd);
}
