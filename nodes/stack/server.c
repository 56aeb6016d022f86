/*
 * nodes/stack/server.c - non-INVITE server transactions.
 *
 * Source:  RFC 3261 §17.2.2 (Figure 8: timer J), §17.2.3 (matching requests), §18.2.1 (received), §18.2.2 (sending
 *          responses); RFC 3581 §4 (rport).
 * Knows:   as endpoint.h.
 *
 *     TRYING -1xx-> PROCEEDING -final-> COMPLETED -J-> gone        a repeated request gets the last response again
 */
#include "nodes/stack/endpoint_private.h"

#include "nodes/msg/sip_write.h"

#include <string.h>

/* ---- what names a transaction ---- */

typedef struct Pieces {
    char *at;
} Pieces;

static void add_piece(Pieces *pieces, Text text)
{
    if (text.len > 0)
        pieces->at = mempcpy(pieces->at, text.p, text.len);
    *pieces->at++ = ' ';
}

/*
 * RFC 3261 §17.2.3: branch, sent-by and method; from an element that knows no branches (RFC 2543) what its requests
 * have instead.  In the event's arena.
 */
static Text request_key(SipEndpoint *endpoint, const SipMsg *msg, const SipVia *via)
{
    bool modern = text_starts(via->branch, BRANCH_COOKIE);
    Text from_tag = modern ? TEXT_NONE : sip_tag(msg, SIP_H_FROM), to_tag = modern ? TEXT_NONE : sip_tag(msg, SIP_H_TO);
    Text call_id = sip_value(msg, SIP_H_CALL_ID), cseq = sip_value(msg, SIP_H_CSEQ);
    size_t room = (size_t)via->branch.len + via->sent_by.len + via->value.len + msg->method_text.len + msg->uri.len +
                  from_tag.len + to_tag.len + call_id.len + cseq.len + 8;
    char *text = sim_alloc(endpoint->sim, room);
    Pieces pieces = { text };

    add_piece(&pieces, msg->method_text);
    if (modern) {
        add_piece(&pieces, via->branch);
        add_piece(&pieces, via->sent_by);
    } else {
        const Text rest[] = { msg->uri, from_tag, to_tag, call_id, cseq, via->value };
        for (size_t i = 0; i < G_N_ELEMENTS(rest); i++)
            add_piece(&pieces, rest[i]);
    }
    return text_between(text, pieces.at);
}

static SipServerTx *find_server(const SipEndpoint *endpoint, Text key, uint64_t hash)
{
    for (Linked *at = table_first(&endpoint->servers, hash); at != NULL; at = at->next) {
        SipServerTx *tx = (SipServerTx *)at;
        if (at->hash == hash && text_equal(tx->key, key))
            return tx;
    }
    return NULL;
}

/* ---- the request as the transaction keeps it ---- */

/* What is put into the top Via on arrival: at most ";received=" and the value of an empty rport. */
typedef struct Insert {
    const char *at;
    Text text;
} Insert;

typedef struct Inserts {
    Insert insert[2]; /* in order of place */
    unsigned n;
    uint32_t len;
} Inserts;

static void add_insert(Inserts *inserts, const char *at, Text text)
{
    inserts->insert[inserts->n++] = (Insert){ at, text };
    inserts->len += text.len;
}

/* Where the value of an empty rport goes. */
static const char *rport_end(const SipVia *via)
{
    SipParams params;
    Text name, value;

    sip_params(&params, via->params);
    while (sip_params_next(&params, &name, &value))
        if (text_is_nocase(name, "rport"))
            return text_end(name);
    return NULL;
}

static bool sent_by_is_source(const SipVia *via, const SipFlow *from)
{
    NetAddr addr;
    return via->host_kind == SIP_HOST_IPV6 && net_addr_parse(via->host.p, via->host.len, &addr) &&
           net_addr_equal(&addr, &from->addr);
}

/* RFC 3261 §18.2.1: when sent-by is a name or another address; RFC 3581 §4: always with rport. */
static Inserts via_inserts(SipEndpoint *endpoint, const SipVia *via, const SipFlow *from)
{
    Inserts inserts = { 0 };
    char addr[NET_ADDR_TEXT_MAX];
    bool fill_rport = via->has_rport && via->rport == 0;
    const char *rport = fill_rport ? rport_end(via) : NULL;

    if (rport != NULL)
        add_insert(&inserts, rport, text_from(sim_text(endpoint->sim, "=%u", from->port)));
    if (!text_present(via->received) && (fill_rport || !sent_by_is_source(via, from)))
        add_insert(&inserts, text_end(via->value),
                   text_from(sim_text(endpoint->sim, ";received=%s", net_addr_text(&from->addr, addr))));
    return inserts;
}

/* How views into the octets that arrived become views into the copy. */
typedef struct Move {
    const char *old, *new;
    const Inserts *inserts;
} Move;

static const char *moved(const Move *move, const char *p)
{
    const char *to = move->new + (p - move->old);
    for (unsigned i = 0; i < move->inserts->n; i++)
        if (move->inserts->insert[i].at <= p)
            to += move->inserts->insert[i].text.len;
    return to;
}

static void move_text(const Move *move, Text *text)
{
    if (text_present(*text))
        *text = text_between(moved(move, text->p), moved(move, text_end(*text)));
}

static void move_message(const Move *move, SipMsg *msg)
{
    Text start = { move->new, msg->all.len + move->inserts->len };

    msg->all = start;
    move_text(move, &msg->start_line);
    move_text(move, &msg->method_text);
    move_text(move, &msg->uri);
    move_text(move, &msg->reason);
    move_text(move, &msg->body);
    for (unsigned i = 0; i < msg->n_headers; i++) {
        SipHeader *header = &msg->headers[i];
        Text line = { header->line, header->line_len };
        move_text(move, &line);
        move_text(move, &header->value);
        header->line = line.p;
        header->line_len = (uint16_t)line.len;
    }
}

static void copy_octets(char *out, Text in, const Inserts *inserts)
{
    const char *at = in.p;
    for (unsigned i = 0; i < inserts->n; i++) {
        const Insert *insert = &inserts->insert[i];
        out = mempcpy(out, at, (size_t)(insert->at - at));
        out = mempcpy(out, insert->text.p, insert->text.len);
        at = insert->at;
    }
    memcpy(out, at, (size_t)(text_end(in) - at));
}

/* One block: the split message with the headers it has, its octets, the key. */
static void keep_request(SipServerTx *tx, const SipMsg *msg, const Inserts *inserts, Text key)
{
    size_t split = offsetof(SipMsg, headers) + msg->n_headers * sizeof msg->headers[0];
    size_t octets = msg->all.len + inserts->len;
    char *block = blocks_take(&tx->endpoint->blocks, split + octets + key.len);
    char *copy = block + split;
    Move move = { msg->all.p, copy, inserts };

    memcpy(block, msg, split);
    copy_octets(copy, msg->all, inserts);
    memcpy(copy + octets, key.p, key.len);
    tx->msg = (SipMsg *)(void *)block;
    tx->key = text_of(copy + octets, key.len);
    move_message(&move, tx->msg);
}

/* ---- life ---- */

static void cut_branch(SipServerTx *tx)
{
    if (tx->branch == NULL)
        return;
    tx->branch->server = NULL;
    tx->branch = NULL;
}

static void remove_server(SipServerTx *tx)
{
    SipEndpoint *endpoint = tx->endpoint;

    if (tx->state == TX_GONE)
        return;
    tx->state = TX_GONE;
    linger_stop(endpoint->lingering, &tx->linger);
    cut_branch(tx);
    table_remove(&endpoint->servers, &tx->link);
    if (!tx->answered)
        blocks_retire(&endpoint->blocks, tx->msg);
    blocks_retire(&endpoint->blocks, tx->response);
    blocks_retire(&endpoint->blocks, tx);
    endpoint_after_event(endpoint);
}

void server_free_all(SipEndpoint *endpoint)
{
    SipServerTx *tx;
    while ((tx = (SipServerTx *)table_take(&endpoint->servers)) != NULL) {
        if (!tx->answered)
            blocks_give(&endpoint->blocks, tx->msg);
        blocks_give(&endpoint->blocks, tx->response);
        blocks_give(&endpoint->blocks, tx);
    }
}

static void timer_j(Linger *linger)
{
    remove_server((SipServerTx *)(void *)((char *)linger - offsetof(SipServerTx, linger)));
}

/* ---- sending responses ---- */

static void transmit_tcp(SipServerTx *tx, SipFlow *flow)
{
    SipEndpoint *endpoint = tx->endpoint;
    const char *octets = tx->response;

    if (conn_find(endpoint, &flow->addr, flow->port, flow->local_port) != NULL) {
        transport_tcp(endpoint, flow, octets, tx->response_len);
        return;
    }
    /* RFC 3261 §18.2.2: the connection is gone; a new one to where Via says */
    flow->port = tx->via_port;
    flow->local_port = tx->back_given ? flow->local_port : 0;
    endpoint_ports(endpoint, flow);
    transport_tcp(endpoint, flow, octets, tx->response_len);
}

static void transmit_udp(SipServerTx *tx, SipFlow *flow)
{
    endpoint_ports(tx->endpoint, flow);
    transport_udp(tx->endpoint, flow, tx->response, tx->response_len); /* nobody to tell; the request comes again */
}

/* Over TLS the connection is all there is: its other end may have no port that we could open one to. */
static void transmit(SipServerTx *tx)
{
    SipFlow flow = tx->back;

    switch (flow.transport) {
    case SIP_UDP: transmit_udp(tx, &flow); break;
    case SIP_TCP: transmit_tcp(tx, &flow); break;
    case SIP_TLS: transport_tls_answer(tx->endpoint, &flow, tx->response, tx->response_len); break;
    }
}

static bool can_reach(const SipServerTx *tx)
{
    return tx->back.transport != SIP_TLS || transport_tls_has(tx->endpoint, &tx->back);
}

char *server_response_block(SipServerTx *tx, size_t len)
{
    return blocks_take(&tx->endpoint->blocks, len + tx->key.len);
}

static unsigned status_of(const char *octets, size_t len)
{
    g_assert(len > strlen("SIP/2.0 200 "));
    const char *digits = octets + strlen("SIP/2.0 ");
    return (unsigned)((digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0'));
}

/* The new response takes the place of what was kept before: a provisional one, or nothing. */
static void keep_response(SipServerTx *tx, char *block, uint32_t len)
{
    memcpy(block + len, tx->key.p, tx->key.len);
    tx->key.p = block + len;
    blocks_give(&tx->endpoint->blocks, tx->response);
    tx->response = block;
    tx->response_len = len;
}

static void complete(SipServerTx *tx)
{
    SipEndpoint *endpoint = tx->endpoint;

    tx->state = TX_COMPLETED;
    tx->answered = true;
    cut_branch(tx);
    blocks_retire(&endpoint->blocks, tx->msg);
    tx->next_answered = endpoint->answered;
    endpoint->answered = tx;
    endpoint_after_event(endpoint);
    if (tx->from.transport == SIP_UDP)
        linger_begin(&endpoint->lingering, endpoint->sim, endpoint->source, &tx->linger, 64 * tx->timers->t1, timer_j);
    else
        remove_server(tx);
}

void server_answer(SipServerTx *tx, char *block, uint32_t len, TraceId origin)
{
    SipEndpoint *endpoint = tx->endpoint;
    Sim *sim = endpoint->sim;
    SimContext before = sim_context(sim);

    if (tx->state == TX_COMPLETED ||
        tx->state == TX_GONE) { /* RFC 3261 §17.2.2: a second final response is discarded */
        blocks_give(&endpoint->blocks, block);
        return;
    }
    if (!tamper_response(tx, &block, &len, &origin))
        return;
    keep_response(tx, block, len);
    sim_set_context(sim, (SimContext){ .cause = before.cause, .origin = origin });
    if (trace_enabled(sim) && can_reach(tx)) {
        SipFlow flow = tx->back;
        endpoint_ports(endpoint, &flow);
        sip_trace_send(endpoint, &flow, tx->response, len);
    }
    tx->context = sim_context(sim);
    transmit(tx);
    if (status_of(tx->response, len) < 200)
        tx->state = TX_PROCEEDING;
    else
        complete(tx);
    sim_set_context(sim, before);
}

void sip_respond(SipServerTx *tx, const char *octets, size_t len)
{
    char *block = server_response_block(tx, len);
    memcpy(block, octets, len);
    server_answer(tx, block, (uint32_t)len, 0);
}

void sip_respond_status(SipServerTx *tx, unsigned status, const char *reason, const char *extra)
{
    SipEndpoint *endpoint = tx->endpoint;
    SipWriter w;

    if (tx->msg == NULL)
        return;
    size_t room = tx->msg->all.len + 256 + (reason != NULL ? strlen(reason) : 0) + (extra != NULL ? strlen(extra) : 0);
    char *octets = sim_alloc(endpoint->sim, room);
    sip_endpoint_seed(endpoint, tx->link.hash);
    sip_write_init(&w, octets, room);
    sip_reply_start(&w, tx->msg, status, text_from(reason), text_from(sip_token(endpoint, 10)));
    if (extra != NULL)
        sip_write_z(&w, extra);
    size_t len = sip_write_end(&w, TEXT_NONE);
    g_assert(len > 0);
    sip_respond(tx, octets, len);
}

/* ---- what arrives ---- */

/* The stored response, in the context of its own octets. */
static void repeat_response(SipServerTx *tx)
{
    Sim *sim = tx->endpoint->sim;
    SimContext before = sim_context(sim);

    if (tx->response == NULL)
        return;
    sim_set_context(sim, tx->context);
    transmit(tx);
    sim_set_context(sim, before);
}

void server_request(SipEndpoint *endpoint, const SipMsg *msg, const SipFlow *flow)
{
    SipVia via;

    if (!sip_via(msg, 0, &via))
        return; /* cannot be: sip_parse() has looked */
    Text key = request_key(endpoint, msg, &via);
    uint64_t hash = table_hash(key.p, key.len, 0);
    SipServerTx *tx = find_server(endpoint, key, hash);
    if (tx != NULL) {
        repeat_response(tx);
        return;
    }
    if (msg->method == SIP_ACK) { /* of a transaction that we never have: nothing answers an ACK */
        trace_drop(endpoint->sim, endpoint->config.name, "sip-ack", "there is no INVITE transaction");
        return;
    }
    Inserts inserts = via_inserts(endpoint, &via, flow);
    if (msg->all.len + inserts.len > SIP_MAX_OCTETS) {
        trace_drop(endpoint->sim, endpoint->config.name, "sip-bad", "%u octets", msg->all.len);
        return;
    }

    tx = blocks_take(&endpoint->blocks, sizeof *tx);
    *tx = (SipServerTx){ .endpoint = endpoint, .from = *flow, .state = TX_TRYING };
    keep_request(tx, msg, &inserts, key);
    tx->via_port = via.port != 0 ? via.port : SIP_PORT;
    tx->back = endpoint_way_back(endpoint, flow, &via);
    tx->timers = endpoint_timers(endpoint, flow);
    table_add(&endpoint->servers, &tx->link, hash);
    sip_endpoint_seed(endpoint, hash);
    sip_trace_receive(endpoint, flow, msg);
    tx->received = sim_context(endpoint->sim);
    endpoint->config.request(endpoint->config.node, tx, tx->msg, &tx->from);
}

const SipMsg *sip_server_request(const SipServerTx *tx)
{
    return tx->msg;
}

const SipFlow *sip_server_flow(const SipServerTx *tx)
{
    return &tx->from;
}

const SipClientTx *sip_server_branch(const SipServerTx *tx)
{
    return tx->branch;
}

void sip_server_set_flow(SipServerTx *tx, const SipFlow *flow)
{
    tx->back = *flow;
    tx->back_given = true;
    tx->via_port = flow->port;
}

void sip_server_drop(SipServerTx *tx, const char *cause)
{
    SipEndpoint *endpoint = tx->endpoint;

    if (trace_enabled(endpoint->sim) && tx->msg != NULL)
        trace_drop(endpoint->sim, endpoint->config.name, cause, TEXT_FMT, TEXT_ARG(tx->msg->method_text));
    remove_server(tx);
}
