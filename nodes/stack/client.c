/*
 * nodes/stack/client.c - non-INVITE client transactions.
 *
 * Source:  RFC 3261 §17.1.2 (Figure 6: timers E, F, K), §17.1.3 (matching responses), §17.1.4 (transport errors),
 *          §18.1.1 (size decides between UDP and TCP; UDP again when TCP is refused).
 * Knows:   as endpoint.h.
 *
 *     TRYING -1xx-> PROCEEDING -final-> COMPLETED -K-> gone        E sends again (UDP), F gives up
 */
#include "nodes/stack/endpoint_private.h"

#include <string.h>

static void client_timer(Sim *sim, void *ctx, uint64_t arg);

/* ---- making one ---- */

SipClientTx *client_new(SipEndpoint *endpoint, const SipFlow *to)
{
    SipClientTx *tx = blocks_take(&endpoint->blocks, sizeof *tx);

    *tx = (SipClientTx){ .endpoint = endpoint, .flow = *to, .state = TX_TRYING };
    transport_tls_complete(endpoint, &tx->flow);
    tx->via_port = endpoint_ports(endpoint, &tx->flow);
    tx->timers = endpoint_timers(endpoint, &tx->flow);
    memcpy(tx->branch, BRANCH_COOKIE, strlen(BRANCH_COOKIE));
    memcpy(tx->branch + strlen(BRANCH_COOKIE), sip_token(endpoint, BRANCH_TOKEN_LEN), BRANCH_TOKEN_LEN);
    return tx;
}

#define VIA_START "SIP/2.0/UDP "

/* A node without a name of its own puts its address there, whichever it has at the time. */
static const char *sent_by_host(const SipEndpoint *endpoint)
{
    char text[NET_ADDR_TEXT_MAX];
    if (endpoint->config.via_host != NULL)
        return endpoint->config.via_host;
    return sim_text(endpoint->sim, "[%s]", net_addr_text(net_host_addr(endpoint->config.host), text));
}

/* "SIP/2.0/UDP pcscf.visited.example:5060;branch=z9hG4bK..." */
Text client_via(SipClientTx *tx)
{
    const char *host = sent_by_host(tx->endpoint);
    size_t host_len = strlen(host);
    char *text = sim_alloc(tx->endpoint->sim, strlen(VIA_START) + host_len + strlen(":65535;branch=") + BRANCH_LEN);
    char *at = text;
    char digits[5];
    unsigned n = 0;

    at = mempcpy(at, VIA_START, strlen(VIA_START));
    at = mempcpy(at, host, host_len);
    *at++ = ':';
    for (unsigned rest = tx->via_port; n == 0 || rest > 0; rest /= 10)
        digits[n++] = (char)('0' + rest % 10);
    while (n > 0)
        *at++ = digits[--n];
    at = mempcpy(at, ";branch=", strlen(";branch="));
    at = mempcpy(at, tx->branch, BRANCH_LEN);
    return text_between(text, at);
}

/* All are written alike, so the length does not depend on the choice. */
static void write_transport(char *via, SipTransport transport)
{
    static const char *const names[] = { [SIP_UDP] = "UDP", [SIP_TCP] = "TCP", [SIP_TLS] = "TLS" };
    memcpy(via + strlen("SIP/2.0/"), names[transport], 3);
}

void client_choose_transport(SipClientTx *tx, size_t len, char *via)
{
    if (tx->flow.transport == SIP_UDP && len > tx->endpoint->config.tcp_above) {
        tx->flow.transport = SIP_TCP;
        tx->size_made_tcp = true;
    }
    write_transport(via, tx->flow.transport);
}

/* ---- the end of one ---- */

static void leave_conn(SipClientTx *tx)
{
    if (tx->conn == NULL)
        return;
    SipClientTx **at = &tx->conn->waiting;
    while (*at != tx)
        at = &(*at)->next_on_conn;
    *at = tx->next_on_conn;
    tx->next_on_conn = NULL;
    tx->conn = NULL;
}

/* Out of the table; the memory stays until the event ends. */
static void remove_client(SipClientTx *tx)
{
    SipEndpoint *endpoint = tx->endpoint;

    if (tx->state == TX_GONE)
        return;
    tx->state = TX_GONE;
    sim_cancel(endpoint->sim, tx->timer);
    linger_stop(endpoint->lingering, &tx->linger);
    leave_conn(tx);
    if (tx->server != NULL && tx->server->branch == tx)
        tx->server->branch = NULL;
    table_remove(&endpoint->clients, &tx->link);
    blocks_retire(&endpoint->blocks, tx->octets);
    blocks_retire(&endpoint->blocks, tx);
    endpoint_after_event(endpoint);
}

void client_discard(SipClientTx *tx)
{
    blocks_give(&tx->endpoint->blocks, tx);
}

void sip_client_forget(SipClientTx *tx)
{
    tx->done = NULL;
    if (tx->state != TX_COMPLETED) /* else K still absorbs */
        remove_client(tx);
}

void client_free_all(SipEndpoint *endpoint)
{
    SipClientTx *tx;
    while ((tx = (SipClientTx *)table_take(&endpoint->clients)) != NULL) {
        sim_cancel(endpoint->sim, tx->timer);
        leave_conn(tx);
        blocks_give(&endpoint->blocks, tx->octets);
        blocks_give(&endpoint->blocks, tx);
    }
}

static void set_timer(SipClientTx *tx, SimTime when)
{
    Sim *sim = tx->endpoint->sim;
    sim_cancel(sim, tx->timer);
    tx->timer = sim_at(sim, tx->endpoint->source, when, client_timer, tx, 0);
}

/* The caller is told in an event of its own: sip_send_request() has not returned yet. */
static void fail_soon(SipClientTx *tx, const char *why)
{
    tx->state = TX_FAILING;
    tx->failure = why;
    leave_conn(tx);
    set_timer(tx, sim_now(tx->endpoint->sim));
}

static void give_up(SipClientTx *tx, const char *why)
{
    SipDone done = tx->done;

    remove_client(tx);
    if (done != NULL)
        done(tx->ctx, tx, NULL, why);
}

/* ---- sending ---- */

static void send_udp(SipClientTx *tx)
{
    const char *why = transport_udp(tx->endpoint, &tx->flow, tx->octets, tx->len);
    if (why != NULL)
        fail_soon(tx, why);
}

/* Timer E starts with the first sending (RFC 3261 §17.1.2.2); E and F share one timer, the nearer is set. */
static void start_udp(SipClientTx *tx)
{
    SimTime now = sim_now(tx->endpoint->sim);

    tx->interval = tx->timers->t1;
    set_timer(tx, MIN(now + tx->interval, tx->deadline));
    send_udp(tx);
}

/* RFC 3261 §18.1.1: the same request, but for the transport in our Via. */
static void fall_back_to_udp(SipClientTx *tx)
{
    char *branch = memmem(tx->octets, tx->len, tx->branch, BRANCH_LEN);
    char *via = branch;

    while (memcmp(via, "SIP/2.0/", strlen("SIP/2.0/")) != 0)
        via--;
    write_transport(via, SIP_UDP);
    tx->flow.transport = SIP_UDP;
    tx->flow.local_port = tx->own_port;
    start_udp(tx);
}

static void join_conn(SipClientTx *tx, SipConn *conn)
{
    SipClientTx **at = &conn->waiting;
    while (*at != NULL)
        at = &(*at)->next_on_conn;
    *at = tx;
    tx->conn = conn;
}

static void send_tcp(SipClientTx *tx)
{
    SipConn *conn = transport_tcp(tx->endpoint, &tx->flow, tx->octets, tx->len);

    if (conn != NULL)
        join_conn(tx, conn);
    else if (tx->size_made_tcp)
        fall_back_to_udp(tx);
    else
        fail_soon(tx, "no TCP connection");
}

/* In the context of the request, whatever has happened while it waited for the handshake. */
static void send_sealed(SipClientTx *tx)
{
    Sim *sim = tx->endpoint->sim;
    SimContext before = sim_context(sim);

    tx->unsent = false;
    sim_set_context(sim, tx->context);
    sip_trace_send(tx->endpoint, &tx->flow, tx->octets, tx->len);
    tx->context = sim_context(sim);
    transport_tls_send(tx->conn, tx->octets, tx->len);
    sim_set_context(sim, before);
}

static void send_tls(SipClientTx *tx)
{
    const char *why = NULL;
    SipConn *conn = transport_tls(tx->endpoint, &tx->flow, &why);

    if (conn == NULL) {
        fail_soon(tx, why);
        return;
    }
    join_conn(tx, conn);
    tx->unsent = true;
    if (transport_tls_is_open(conn))
        send_sealed(tx);
}

void client_tls_open(SipConn *conn)
{
    for (SipClientTx *tx = conn->waiting; tx != NULL; tx = tx->next_on_conn)
        if (tx->unsent)
            send_sealed(tx);
}

/* The method as it stands in the start line. */
static void read_method(SipClientTx *tx)
{
    Text octets = text_of(tx->octets, tx->len);
    tx->method_text = text_first(octets, text_find(octets, ' '));
    tx->method = sip_method_from(tx->method_text);
}

static void start_sending(SipClientTx *tx)
{
    switch (tx->flow.transport) {
    case SIP_UDP: start_udp(tx); break;
    case SIP_TCP:
        set_timer(tx, tx->deadline);
        send_tcp(tx);
        break;
    case SIP_TLS:
        set_timer(tx, tx->deadline);
        send_tls(tx);
        break;
    }
}

void client_start(SipClientTx *tx, TraceId origin)
{
    SipEndpoint *endpoint = tx->endpoint;
    Sim *sim = endpoint->sim;
    SimContext before = sim_context(sim);

    tamper_request(tx, &origin);
    read_method(tx);
    tx->own_port = tx->flow.local_port;
    tx->deadline = sim_now(sim) + 64 * tx->timers->t1;
    table_add(&endpoint->clients, &tx->link, table_hash(tx->branch, BRANCH_LEN, 0));

    sim_set_context(sim, (SimContext){ .cause = before.cause, .origin = origin });
    if (!tx->withheld && tx->flow.transport != SIP_TLS) /* that is sent when the handshake is over */
        sip_trace_send(endpoint, &tx->flow, tx->octets, tx->len);
    tx->context = sim_context(sim);
    if (tx->withheld)
        set_timer(tx, tx->deadline);
    else
        start_sending(tx);
    sim_set_context(sim, before);
}

SipClientTx *sip_send_request(SipEndpoint *endpoint, const SipFlow *to, const char *octets, size_t len, bool relayed,
                              SipDone done, void *ctx)
{
    SipClientTx *tx = client_new(endpoint, to);
    Text via = client_via(tx);
    const char *line_end = memmem(octets, len, "\r\n", 2);

    g_assert(line_end != NULL);
    size_t start = (size_t)(line_end + 2 - octets);
    tx->done = done;
    tx->ctx = ctx;
    tx->len = (uint32_t)(len + strlen("Via: \r\n") + via.len);
    tx->octets = blocks_take(&endpoint->blocks, tx->len);

    char *at = mempcpy(tx->octets, octets, start);
    at = mempcpy(at, "Via: ", strlen("Via: "));
    client_choose_transport(tx, tx->len, memcpy(at, via.p, via.len));
    at = mempcpy(at + via.len, "\r\n", 2);
    memcpy(at, octets + start, len - start);

    client_start(tx, relayed ? sim_context(endpoint->sim).origin : 0);
    return tx;
}

const SipFlow *sip_client_flow(const SipClientTx *tx)
{
    return &tx->flow;
}

const SipFlow *sip_client_response_flow(const SipClientTx *tx)
{
    return &tx->response_flow;
}

/* ---- timers and transport errors ---- */

/* In the context of the request: what is sent again is still those octets. */
static void client_timer(Sim *sim, void *ctx, uint64_t arg)
{
    SipClientTx *tx = ctx;
    SimTime now = sim_now(sim);

    tx->timer = 0;
    if (tx->state == TX_FAILING) {
        give_up(tx, tx->failure);
        return;
    }
    sip_endpoint_seed(tx->endpoint, tx->link.hash);
    if (now >= tx->deadline) { /* F */
        give_up(tx, "timer F");
        return;
    }
    bool proceeding = tx->state == TX_PROCEEDING;
    tx->interval = proceeding ? tx->timers->t2 : MIN(2 * tx->interval, tx->timers->t2);
    set_timer(tx, MIN(now + tx->interval, tx->deadline));
    send_udp(tx);
}

/* Try once more, in the context of the request. */
static void after_reset(SipClientTx *tx, bool was_established)
{
    Sim *sim = tx->endpoint->sim;
    SimContext before = sim_context(sim);

    sim_set_context(sim, tx->context);
    if (was_established && !tx->sent_again) { /* a kept connection that the other side has forgotten */
        tx->sent_again = true;
        tx->flow.local_port = tx->own_port;
        send_tcp(tx);
    } else if (!was_established && tx->size_made_tcp) {
        fall_back_to_udp(tx);
    } else {
        fail_soon(tx, was_established ? "TCP connection reset" : "TCP connection refused");
    }
    sim_set_context(sim, before);
}

void client_lost_connection(SipClientTx *tx, TcpEnd why, bool was_established)
{
    switch (why) {
    case TCP_CLOSED_BY_PEER: return; /* the answer may come on a connection of theirs, RFC 3261 §18.2.2 */
    case TCP_TIMED_OUT: return;      /* timer F decides */
    case TCP_RESET: after_reset(tx, was_established); return;
    }
}

/* Nothing comes back from there any more, and another connection would be somebody else's until he has registered. */
void client_lost_tls(SipClientTx *waiting, const char *why)
{
    while (waiting != NULL) {
        SipClientTx *tx = waiting;
        Sim *sim = tx->endpoint->sim;
        SimContext before = sim_context(sim);
        waiting = tx->next_on_conn;
        tx->next_on_conn = NULL;
        if (tx->state == TX_GONE) /* the node forgot it when it heard of the loss */
            continue;
        sim_set_context(sim, tx->context);
        fail_soon(tx, why);
        sim_set_context(sim, before);
    }
}

/* ---- responses ---- */

static bool method_matches(const SipClientTx *tx, const SipMsg *msg)
{
    if (tx->method != msg->method)
        return false;
    return tx->method != SIP_METHOD_UNKNOWN || tx->state == TX_COMPLETED ||
           text_equal(tx->method_text, msg->method_text);
}

/* RFC 3261 §17.1.3 */
static SipClientTx *find_client(const SipEndpoint *endpoint, const SipMsg *msg)
{
    SipVia via;
    if (!sip_via(msg, 0, &via) || via.branch.len != BRANCH_LEN)
        return NULL;
    uint64_t hash = table_hash(via.branch.p, BRANCH_LEN, 0);
    for (Linked *at = table_first(&endpoint->clients, hash); at != NULL; at = at->next) {
        SipClientTx *tx = (SipClientTx *)at;
        if (at->hash == hash && memcmp(tx->branch, via.branch.p, BRANCH_LEN) == 0 && method_matches(tx, msg))
            return tx;
    }
    return NULL;
}

/*
 * Where we asked to be answered: on the connection, or at the port in our Via.  What comes elsewhere was sent by
 * somebody who only knows the branch, for instance to the unprotected port of a UE (TS 33.203 §7.1).
 */
static bool came_back_right(const SipClientTx *tx, const SipFlow *flow)
{
    if (tx->flow.transport == SIP_TLS)
        return flow->connection == tx->flow.connection;
    return flow->local_port == tx->via_port || (flow->transport == SIP_TCP && flow->local_port == tx->flow.local_port);
}

static void timer_k(Linger *linger)
{
    remove_client((SipClientTx *)(void *)((char *)linger - offsetof(SipClientTx, linger)));
}

static void complete(SipClientTx *tx)
{
    SipEndpoint *endpoint = tx->endpoint;

    tx->state = TX_COMPLETED;
    leave_conn(tx);
    blocks_retire(&endpoint->blocks, tx->octets);
    tx->octets = NULL;
    endpoint_after_event(endpoint);
    sim_cancel(endpoint->sim, tx->timer);
    tx->timer = 0;
    if (tx->flow.transport == SIP_UDP) /* K absorbs what is still under way */
        linger_begin(&endpoint->lingering, endpoint->sim, endpoint->source, &tx->linger, tx->timers->t4, timer_k);
    else
        remove_client(tx);
}

void client_response(SipEndpoint *endpoint, const SipMsg *msg, const SipFlow *flow)
{
    SipClientTx *tx = find_client(endpoint, msg);

    if (tx == NULL) {
        trace_drop(endpoint->sim, endpoint->config.name, "sip-stray-response", "status %u matches no request",
                   msg->status);
        return;
    }
    if (tx->state == TX_COMPLETED || tx->state == TX_FAILING)
        return;
    if (!came_back_right(tx, flow)) {
        trace_drop(endpoint->sim, endpoint->config.name, "sip-wrong-port", "status %u came to port %u, not to %u",
                   msg->status, flow->local_port, tx->via_port);
        return;
    }
    tx->response_flow = *flow;
    sip_endpoint_seed(endpoint, tx->link.hash);
    sip_trace_receive(endpoint, flow, msg);
    SipDone done = tx->done;
    if (msg->status < 200)
        tx->state = TX_PROCEEDING;
    else
        complete(tx);
    if (done != NULL)
        done(tx->ctx, tx, msg, NULL);
}
