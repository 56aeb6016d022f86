/*
 * nodes/stack/diameter_conn.c - Diameter connections: opening, capabilities, framing, watchdog answers.
 *
 * Source:  RFC 6733 §2.1 (transport), §5.3 (capabilities exchange), §5.4 (disconnecting), §5.5 (watchdog); TS 29.229
 * §5.6 (what is advertised for Cx). Knows:   as diameter_peer.h.
 */
#include "nodes/stack/diameter_private.h"

#include <string.h>

enum {
    BASE_ROOM = 1024, /* CER, CEA, DWA and errors */
    RESULT_SUCCESS = 2001,
    RESULT_COMMAND_UNSUPPORTED = 3001,
    RESULT_NO_COMMON_APPLICATION = 5010,
    APPLICATION_RELAY = 0xffffffff,
};

/* ---- the trace ---- */

typedef struct Label {
    uint32_t command;
    const char *request, *answer;
} Label;

static const Label labels[] = {
    { CX_USER_AUTHORIZATION, "UAR", "UAA" }, { CX_SERVER_ASSIGNMENT, "SAR", "SAA" }, { CX_LOCATION_INFO, "LIR", "LIA" },
    { CX_MULTIMEDIA_AUTH, "MAR", "MAA" },    { DIAMETER_CER, "CER", "CEA" },         { DIAMETER_DWR, "DWR", "DWA" },
    { DIAMETER_DPR, "DPR", "DPA" },
};

static const char *label_of(const DiameterMsg *msg)
{
    bool request = (msg->flags & DIAMETER_REQUEST) != 0;
    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
        if (labels[i].command == msg->command)
            return request ? labels[i].request : labels[i].answer;
    return request ? "request" : "answer";
}

static void add_record(const DiameterConn *conn, TraceKind kind, const DiameterMsg *msg, const uint8_t *octets,
                       size_t len)
{
    const DiameterPeer *peer = conn->peer;
    char text[NET_ADDR_TEXT_MAX];

    if (!trace_enabled(peer->sim))
        return;
    const NetHost *other = net_host_find(net_host_net(peer->host), &conn->addr);
    TraceRecord record = { .kind = kind, .node = peer->name };
    record.message.protocol = TRACE_DIAMETER;
    record.message.peer = other != NULL ? net_host_name(other) : net_addr_text(&conn->addr, text);
    record.message.label = label_of(msg);
    record.message.protection = "clear";
    record.message.octets = octets;
    record.message.len = (uint32_t)len;
    trace_add(peer->sim, &record);
}

/* ---- sending ---- */

void diameter_conn_send(DiameterConn *conn, const uint8_t *octets, size_t len)
{
    Sim *sim = conn->peer->sim;
    SimContext before = sim_context(sim);
    DiameterMsg msg;

    if (conn->gone)
        return;
    if (trace_enabled(sim) && diameter_parse(octets, len, &msg) == DIAMETER_OK)
        add_record(conn, TRACE_SEND, &msg, octets, len);
    tcp_send(conn->tcp, octets, len);
    sim_set_context(sim, before);
}

static void put_origin(DiameterWriter *w, const DiameterPeer *peer)
{
    diameter_put_text(w, DIAMETER_ORIGIN_HOST, 0, text_from(peer->origin_host));
    diameter_put_text(w, DIAMETER_ORIGIN_REALM, 0, text_from(peer->realm));
}

/* RFC 6733 §5.3.1, TS 29.229 §5.6 */
static void put_capabilities(DiameterWriter *w, const DiameterPeer *peer)
{
    diameter_put_address(w, DIAMETER_HOST_IP_ADDRESS, net_host_addr(peer->host)->octet);
    diameter_put_u32(w, DIAMETER_VENDOR_ID, 0, 0);
    diameter_put_optional(w, DIAMETER_PRODUCT_NAME, 0, "presec", strlen("presec"));
    diameter_put_u32(w, DIAMETER_SUPPORTED_VENDOR_ID, 0, DIAMETER_3GPP);
    diameter_begin(w, DIAMETER_VENDOR_SPECIFIC_APPLICATION_ID, 0);
    diameter_put_u32(w, DIAMETER_VENDOR_ID, 0, DIAMETER_3GPP);
    diameter_put_u32(w, DIAMETER_AUTH_APPLICATION_ID, 0, DIAMETER_APP_CX);
    diameter_end(w);
}

static void send_cer(DiameterConn *conn)
{
    DiameterPeer *peer = conn->peer;
    DiameterMsg header = { .flags = DIAMETER_REQUEST, .command = DIAMETER_CER, .hop_by_hop = ++peer->next_hop_by_hop };
    uint8_t octets[BASE_ROOM];
    DiameterWriter w;

    sim_random(peer->sim, &peer->stream, &header.end_to_end, sizeof header.end_to_end);
    diameter_start(&w, octets, sizeof octets, &header);
    put_origin(&w, peer);
    put_capabilities(&w, peer);
    size_t len = diameter_finish(&w);
    g_assert(len > 0);
    diameter_conn_send(conn, octets, len);
}

/* The Session-Id of what is answered comes first where there is one, RFC 6733 §6.2. */
static void put_session(DiameterWriter *w, const DiameterMsg *request)
{
    DiameterAvp avp;
    if (diameter_find(diameter_avps(request), DIAMETER_SESSION_ID, 0, &avp))
        diameter_put_text(w, DIAMETER_SESSION_ID, 0, diameter_text(&avp));
}

void diameter_conn_answer(DiameterConn *conn, const DiameterMsg *request, uint32_t result)
{
    Sim *sim = conn->peer->sim;
    SimContext before = sim_context(sim);
    DiameterMsg header = *request;
    DiameterWriter w;
    size_t room = BASE_ROOM + request->avps.len;
    uint8_t *octets = sim_alloc(sim, room);

    header.flags = (uint8_t)(request->flags & DIAMETER_PROXIABLE);
    if (result >= 3000 && result < 4000) /* RFC 6733 §7.1.3 */
        header.flags |= DIAMETER_ERROR;
    diameter_start(&w, octets, room, &header);
    put_session(&w, request);
    diameter_put_u32(&w, DIAMETER_RESULT_CODE, 0, result);
    put_origin(&w, conn->peer);
    if (request->command == DIAMETER_CER)
        put_capabilities(&w, conn->peer);
    size_t len = diameter_finish(&w);
    g_assert(len > 0);
    sim_set_context(sim, (SimContext){ .cause = before.cause });
    diameter_conn_send(conn, octets, len);
    sim_set_context(sim, before);
}

/* ---- life ---- */

void diameter_conn_free(DiameterConn *conn)
{
    g_byte_array_unref(conn->in);
    g_free(conn);
}

static void free_conn(void *what)
{
    diameter_conn_free(what);
}

static void drop_conn(DiameterConn *conn)
{
    DiameterConn **at = &conn->peer->conns;

    if (conn->gone)
        return;
    conn->gone = true;
    while (*at != conn)
        at = &(*at)->next;
    *at = conn->next;
    diameter_lost(conn);
    sim_defer_free(conn->peer->sim, free_conn, conn);
}

static void close_conn(DiameterConn *conn)
{
    if (conn->gone)
        return;
    tcp_close(conn->tcp);
    drop_conn(conn);
}

/* ---- what arrives ---- */

static bool is_cx_or_relay(const DiameterAvp *avp)
{
    uint32_t application;
    return diameter_u32(avp, &application) && (application == DIAMETER_APP_CX || application == APPLICATION_RELAY);
}

/* RFC 6733 §5.3: without an application in common the connection is of no use. */
static bool speaks_cx(const DiameterMsg *msg)
{
    DiameterCursor cursor = diameter_avps(msg);
    DiameterAvp avp, inner;

    while (diameter_next(&cursor, &avp)) {
        if (avp.vendor != 0)
            continue;
        if (avp.code == DIAMETER_AUTH_APPLICATION_ID && is_cx_or_relay(&avp))
            return true;
        if (avp.code == DIAMETER_VENDOR_SPECIFIC_APPLICATION_ID &&
            diameter_find(diameter_group(&cursor, &avp), DIAMETER_AUTH_APPLICATION_ID, 0, &inner) &&
            is_cx_or_relay(&inner))
            return true;
    }
    return false;
}

static void on_cer(DiameterConn *conn, const DiameterMsg *msg)
{
    bool common = speaks_cx(msg);

    diameter_conn_answer(conn, msg, common ? RESULT_SUCCESS : RESULT_NO_COMMON_APPLICATION);
    if (common)
        diameter_ready(conn);
    else
        close_conn(conn);
}

static void on_cea(DiameterConn *conn, const DiameterMsg *msg)
{
    DiameterAvp avp;
    uint32_t result = 0;

    if (conn->ready || !conn->opened)
        return;
    if (diameter_find(diameter_avps(msg), DIAMETER_RESULT_CODE, 0, &avp) && diameter_u32(&avp, &result) &&
        result == RESULT_SUCCESS)
        diameter_ready(conn);
    else
        close_conn(conn);
}

static void on_message(DiameterConn *conn, const DiameterMsg *msg, const uint8_t *octets, size_t len)
{
    bool request = (msg->flags & DIAMETER_REQUEST) != 0;

    add_record(conn, TRACE_RECEIVE, msg, octets, len);
    if (msg->command == DIAMETER_CER && request && !conn->opened) {
        on_cer(conn, msg);
    } else if (msg->command == DIAMETER_CER && !request) {
        on_cea(conn, msg);
    } else if (!conn->ready) { /* RFC 6733 §5.6: nothing else before the capabilities */
        close_conn(conn);
    } else if (msg->command == DIAMETER_DWR && request) {
        diameter_conn_answer(conn, msg, RESULT_SUCCESS);
    } else if (msg->command == DIAMETER_DPR && request) {
        diameter_conn_answer(conn, msg, RESULT_SUCCESS); /* the other side closes, §5.4 */
    } else if (msg->application == DIAMETER_APP_BASE) {
        if (request)
            diameter_conn_answer(conn, msg, RESULT_COMMAND_UNSUPPORTED);
    } else {
        diameter_cx(conn, msg, octets, len);
    }
}

static void conn_data(void *ctx, TcpConn *tcp, const uint8_t *octets, size_t len)
{
    DiameterConn *conn = ctx;
    Sim *sim = conn->peer->sim;
    SimContext arrived = sim_context(sim);
    DiameterMsg msg;
    size_t need, at = 0;

    g_byte_array_append(conn->in, octets, (guint)len);
    while (!conn->gone) {
        const uint8_t *rest = conn->in->data + at;
        size_t have = conn->in->len - at;
        DiameterResult result = diameter_frame(rest, have, &need);
        if (result == DIAMETER_SHORT)
            break;
        if (result == DIAMETER_OK)
            result = diameter_parse(rest, need, &msg);
        if (result != DIAMETER_OK) {
            trace_drop(sim, conn->peer->name, "diameter-bad", "%s", diameter_result_text(result));
            close_conn(conn);
            return;
        }
        sim_set_context(sim, arrived); /* one message is not the cause of the next */
        on_message(conn, &msg, rest, need);
        at += need;
    }
    if (!conn->gone)
        g_byte_array_remove_range(conn->in, 0, (guint)at);
}

static void conn_connected(void *ctx, TcpConn *tcp)
{
    send_cer(ctx);
}

static void conn_ended(void *ctx, TcpConn *tcp, TcpEnd why)
{
    drop_conn(ctx);
}

static const TcpEvents conn_events = { .connected = conn_connected, .data = conn_data, .ended = conn_ended };

static DiameterConn *add_conn(DiameterPeer *peer, TcpConn *tcp, bool opened)
{
    DiameterConn *conn = g_new0(DiameterConn, 1);

    conn->peer = peer;
    conn->tcp = tcp;
    conn->addr = *tcp_peer(tcp);
    conn->opened = opened;
    conn->in = g_byte_array_new();
    conn->next = peer->conns;
    peer->conns = conn;
    tcp_set_events(tcp, &conn_events, conn);
    return conn;
}

void diameter_accepted(void *ctx, TcpConn *tcp)
{
    add_conn(ctx, tcp, false);
}

DiameterConn *diameter_conn(DiameterPeer *peer, const NetAddr *to)
{
    for (DiameterConn *conn = peer->conns; conn != NULL; conn = conn->next)
        if (net_addr_equal(&conn->addr, to))
            return conn;
    TcpConn *tcp = tcp_connect(peer->host, 0, to, DIAMETER_PORT, &conn_events, NULL);
    return tcp != NULL ? add_conn(peer, tcp, true) : NULL;
}
