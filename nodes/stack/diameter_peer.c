/*
 * nodes/stack/diameter_peer.c - Cx requests and their answers.
 *
 * Source:  RFC 6733 §3 (hop-by-hop and end-to-end ids), §6.2 (answers), §7.1 (result codes), §8.8 (Session-Id).
 * Knows:   as diameter_peer.h.  Connections are in diameter_conn.c.
 */
#include "nodes/stack/diameter_private.h"

#include <string.h>

#define ANSWER_LIMIT (10 * SIM_SEC)

enum {
    USUAL_ROOM = 4096, /* most messages; user data may need more */
    RESULT_COMMAND_UNSUPPORTED = 3001,
    RESULT_INVALID_AVP_VALUE = 5004,
};

DiameterPeer *diameter_peer_new(NetHost *host, const char *name, const char *origin_host, const char *realm,
                                DiameterServe serve, void *node)
{
    DiameterPeer *peer = g_new0(DiameterPeer, 1);

    peer->host = host;
    peer->sim = net_sim(net_host_net(host));
    peer->name = name;
    peer->origin_host = origin_host;
    peer->realm = realm;
    peer->serve = serve;
    peer->node = node;
    blocks_init(&peer->blocks, peer->sim);
    peer->stream = sim_stream(peer->sim, name, "diameter", 0);
    uint64_t start = sim_random_u64(peer->sim, &peer->stream);
    peer->session_high = (uint32_t)(start >> 32);
    peer->session_low = (uint32_t)start;
    if (serve != NULL)
        peer->listens = tcp_listen(host, DIAMETER_PORT, diameter_accepted, peer);
    return peer;
}

void diameter_peer_set_free(DiameterPeer *peer, GDestroyNotify free_ctx)
{
    peer->free_ctx = free_ctx;
}

void diameter_peer_free(DiameterPeer *peer)
{
    DiameterPending *pending;

    if (peer == NULL)
        return;
    if (peer->listens)
        tcp_unlisten(peer->host, DIAMETER_PORT);
    while ((pending = (DiameterPending *)table_take(&peer->pending)) != NULL) {
        sim_cancel(peer->sim, pending->timer);
        if (peer->free_ctx != NULL)
            peer->free_ctx(pending->ctx);
        g_free(pending->octets);
        blocks_give(&peer->blocks, pending);
    }
    while (peer->conns != NULL) {
        DiameterConn *conn = peer->conns;
        peer->conns = conn->next;
        tcp_set_events(conn->tcp, NULL, NULL);
        diameter_conn_free(conn);
    }
    table_trim(&peer->pending);
    g_free(peer);
}

/* ---- waiting ---- */

static uint64_t hop_hash(uint32_t hop_by_hop)
{
    return table_hash(&hop_by_hop, sizeof hop_by_hop, 0);
}

static DiameterPending *find_pending(const DiameterPeer *peer, uint32_t hop_by_hop)
{
    for (Linked *at = table_first(&peer->pending, hop_hash(hop_by_hop)); at != NULL; at = at->next)
        if (((DiameterPending *)at)->hop_by_hop == hop_by_hop)
            return (DiameterPending *)at;
    return NULL;
}

static void leave_conn(DiameterPending *pending)
{
    DiameterConn *conn = pending->conn;

    if (conn == NULL)
        return;
    if (pending->previous != NULL)
        pending->previous->next = pending->next;
    else
        conn->first = pending->next;
    if (pending->next != NULL)
        pending->next->previous = pending->previous;
    else
        conn->last = pending->previous;
    pending->next = pending->previous = NULL;
    pending->conn = NULL;
}

static void join_conn(DiameterPending *pending, DiameterConn *conn)
{
    pending->conn = conn;
    pending->previous = conn->last;
    if (conn->last != NULL)
        conn->last->next = pending;
    else
        conn->first = pending;
    conn->last = pending;
}

/* Out of everything; then the one callback. */
static void finish(DiameterPending *pending, const CxMessage *answer)
{
    DiameterPeer *peer = pending->peer;
    DiameterDone done = pending->done;
    void *ctx = pending->ctx;

    sim_cancel(peer->sim, pending->timer);
    leave_conn(pending);
    table_remove(&peer->pending, &pending->link);
    g_free(pending->octets);
    blocks_give(&peer->blocks, pending);
    done(ctx, answer);
}

static void no_answer(Sim *sim, void *ctx, uint64_t arg)
{
    DiameterPending *pending = ctx;
    trace_drop(sim, pending->peer->name, "diameter-no-answer", "no answer to command %u", pending->command);
    finish(pending, NULL);
}

static void wait_for(DiameterPending *pending, SimTime delay)
{
    Sim *sim = pending->peer->sim;
    SimContext before = sim_context(sim);

    sim_set_context(sim, pending->context);
    sim_cancel(sim, pending->timer);
    pending->timer = sim_after(sim, net_host_source(pending->peer->host), delay, no_answer, pending, 0);
    sim_set_context(sim, before);
}

/* ---- requests ---- */

/* The message in the event's arena; @len: out. */
static uint8_t *write_message(const DiameterPeer *peer, const CxMessage *cx, size_t *len)
{
    uint8_t *octets = sim_alloc(peer->sim, USUAL_ROOM);

    *len = cx_write(cx, octets, USUAL_ROOM);
    if (*len > 0)
        return octets;
    octets = sim_alloc(peer->sim, DIAMETER_LEN_MAX);
    *len = cx_write(cx, octets, DIAMETER_LEN_MAX);
    return octets;
}

/* RFC 6733 §8.8: unique for ever, by the two halves of a number of the start and a count. */
static Text next_session(DiameterPeer *peer)
{
    return text_from(sim_text(peer->sim, "%s;%u;%u;%u", peer->origin_host, peer->session_high, peer->session_low,
                              ++peer->next_session));
}

static void fill_in(DiameterPeer *peer, CxMessage *request, const char *destination_host)
{
    request->request = true;
    request->error_flag = false;
    request->hop_by_hop = ++peer->next_hop_by_hop;
    sim_random(peer->sim, &peer->stream, &request->end_to_end, sizeof request->end_to_end);
    request->session_id = next_session(peer);
    request->origin_host = text_from(peer->origin_host);
    request->origin_realm = text_from(peer->realm);
    request->destination_host = text_from(destination_host);
    if (!text_present(request->destination_realm))
        request->destination_realm = text_from(peer->realm);
}

void diameter_request(DiameterPeer *peer, const NetAddr *to, const char *destination_host, CxMessage *request,
                      DiameterDone done, void *ctx)
{
    DiameterPending *pending = blocks_take(&peer->blocks, sizeof *pending);
    size_t len;

    fill_in(peer, request, destination_host);
    uint8_t *octets = write_message(peer, request, &len);
    *pending = (DiameterPending){ .peer = peer,
                                  .hop_by_hop = request->hop_by_hop,
                                  .command = request->command,
                                  .context = sim_context(peer->sim),
                                  .done = done,
                                  .ctx = ctx };
    table_add(&peer->pending, &pending->link, hop_hash(pending->hop_by_hop));
    wait_for(pending, ANSWER_LIMIT);
    DiameterConn *conn = len > 0 ? diameter_conn(peer, to) : NULL;
    if (conn == NULL) {
        wait_for(pending, 0);
        return;
    }
    join_conn(pending, conn);
    if (conn->ready) {
        diameter_conn_send(conn, octets, len);
        return;
    }
    pending->octets = g_memdup2(octets, len);
    pending->len = (uint32_t)len;
}

/* What had to wait for the capabilities exchange goes out, each in the context of whoever asked. */
void diameter_ready(DiameterConn *conn)
{
    Sim *sim = conn->peer->sim;
    SimContext before = sim_context(sim);

    conn->ready = true;
    for (DiameterPending *pending = conn->first; pending != NULL; pending = pending->next) {
        if (pending->octets == NULL)
            continue;
        sim_set_context(sim, pending->context);
        diameter_conn_send(conn, pending->octets, pending->len);
        g_clear_pointer(&pending->octets, g_free);
    }
    sim_set_context(sim, before);
}

/* RFC 6733 §5.5.4 would send them elsewhere; there is one HSS. */
void diameter_lost(DiameterConn *conn)
{
    while (conn->first != NULL) {
        DiameterPending *pending = conn->first;
        leave_conn(pending);
        wait_for(pending, 0);
    }
}

/* ---- what arrives ---- */

static void take_answer(DiameterConn *conn, const DiameterMsg *msg, const CxMessage *cx)
{
    DiameterPeer *peer = conn->peer;
    DiameterPending *pending = find_pending(peer, msg->hop_by_hop);

    if (pending == NULL || pending->conn != conn || pending->command != msg->command) {
        trace_drop(peer->sim, peer->name, "diameter-stray-answer", "command %u", msg->command);
        return;
    }
    SimContext now = sim_context(peer->sim);
    sim_set_context(peer->sim, (SimContext){ .cause = now.cause, .origin = pending->context.origin });
    finish(pending, cx);
    sim_set_context(peer->sim, now);
}

static uint32_t refusal(CxResult result)
{
    switch (result) {
    case CX_OK: return 0;
    case CX_MISSING: return CX_MISSING_AVP;
    case CX_BAD_VALUE:
    case CX_TOO_MANY_AVS: return RESULT_INVALID_AVP_VALUE;
    case CX_NOT_DIAMETER:
    case CX_UNKNOWN: return RESULT_COMMAND_UNSUPPORTED;
    }
    return RESULT_COMMAND_UNSUPPORTED;
}

static void take_request(DiameterConn *conn, const DiameterMsg *msg, CxResult result, const CxMessage *cx)
{
    DiameterPeer *peer = conn->peer;

    if (result == CX_OK && peer->serve == NULL)
        result = CX_UNKNOWN;
    if (result != CX_OK) {
        trace_drop(peer->sim, peer->name, "diameter-bad", "command %u: %s", msg->command, cx_result_text(result));
        diameter_conn_answer(conn, msg, refusal(result));
        return;
    }
    DiameterRequest request = { .conn = conn, .cx = cx };
    peer->serve(peer->node, &request, cx);
}

void diameter_cx(DiameterConn *conn, const DiameterMsg *msg, const uint8_t *octets, size_t len)
{
    DiameterPeer *peer = conn->peer;
    CxMessage *cx = sim_alloc(peer->sim, sizeof *cx);
    CxParse parse = cx_parse(octets, len, cx);

    if ((msg->flags & DIAMETER_REQUEST) != 0)
        take_request(conn, msg, parse.result, cx);
    else if (parse.result == CX_OK)
        take_answer(conn, msg, cx);
    else
        trace_drop(peer->sim, peer->name, "diameter-bad", "answer to command %u: %s", msg->command,
                   cx_result_text(parse.result));
}

/* The server made it: honest, whatever was asked. */
void diameter_answer(DiameterRequest *request, CxMessage *answer)
{
    DiameterConn *conn = request->conn;
    DiameterPeer *peer = conn->peer;
    SimContext before = sim_context(peer->sim);
    size_t len;

    g_assert(!request->answered);
    request->answered = true;
    answer->command = request->cx->command;
    answer->request = false;
    answer->application = request->cx->application;
    answer->hop_by_hop = request->cx->hop_by_hop;
    answer->end_to_end = request->cx->end_to_end;
    answer->session_id = request->cx->session_id;
    answer->origin_host = text_from(peer->origin_host);
    answer->origin_realm = text_from(peer->realm);
    uint8_t *octets = write_message(peer, answer, &len);
    g_assert(len > 0);
    sim_set_context(peer->sim, (SimContext){ .cause = before.cause });
    diameter_conn_send(conn, octets, len);
    sim_set_context(peer->sim, before);
}
