/*
 * nodes/stack/endpoint.c - the SIP layer of one node: its ports, what arrives there, its tokens.
 *
 * Source:  RFC 3261 §18.1.2 (receiving responses), §18.2.1 (receiving requests), §18.3 (framing), §21.4.1 (400);
 *          TS 24.229 §7.7 (timers of the radio side).
 * Knows:   as endpoint.h.
 */
#include "nodes/stack/endpoint_private.h"

#include "nodes/msg/sip_fields.h"
#include "nodes/msg/sip_write.h"

#include <string.h>

const SipTimers sip_timers_radio = { .t1 = 2 * SIM_SEC, .t2 = 16 * SIM_SEC, .t4 = 17 * SIM_SEC };
const SipTimers sip_timers_core = { .t1 = 500 * SIM_MS, .t2 = 4 * SIM_SEC, .t4 = 5 * SIM_SEC };

SipEndpoint *sip_endpoint_new(const SipEndpointConfig *config)
{
    SipEndpoint *endpoint = g_new0(SipEndpoint, 1);
    endpoint->config = *config;
    endpoint->sim = net_sim(net_host_net(config->host));
    endpoint->source = net_host_source(config->host);
    blocks_init(&endpoint->blocks, endpoint->sim);
    endpoint->own_stream = sim_stream(endpoint->sim, config->name, "sip", 0);
    return endpoint;
}

/* ---- the end of an event: what handlers may have looked at until now is given back ---- */

static void release(SipEndpoint *endpoint)
{
    transport_tls_free_ended(endpoint);
    blocks_flush(&endpoint->blocks);
    if (endpoint->clients.count > 0 || endpoint->servers.count > 0)
        return;
    linger_clear(&endpoint->lingering, endpoint->sim);
    table_trim(&endpoint->clients);
    table_trim(&endpoint->servers);
}

static void flush(void *what)
{
    SipEndpoint *endpoint = what;

    endpoint->flush_asked = false;
    endpoint->tokens = NULL;
    while (endpoint->answered != NULL) {
        SipServerTx *tx = endpoint->answered;
        endpoint->answered = tx->next_answered;
        tx->msg = NULL;
    }
    release(endpoint);
    if (endpoint->closed)
        g_free(endpoint);
}

void endpoint_after_event(SipEndpoint *endpoint)
{
    if (endpoint->flush_asked)
        return;
    endpoint->flush_asked = true;
    sim_defer_free(endpoint->sim, flush, endpoint);
}

void sip_endpoint_free(SipEndpoint *endpoint)
{
    if (endpoint == NULL)
        return;
    for (uint32_t i = 0; i < endpoint->n_ports; i++) {
        net_udp_unbind(endpoint->config.host, endpoint->ports[i]);
        tcp_unlisten(endpoint->config.host, endpoint->ports[i]);
    }
    endpoint->n_ports = 0;
    transport_tls_unlisten(endpoint);
    linger_clear(&endpoint->lingering, endpoint->sim);
    client_free_all(endpoint);
    server_free_all(endpoint);
    conn_close_all(endpoint);
    endpoint->answered = NULL;
    release(endpoint);
    endpoint->closed = true;
    if (!endpoint->flush_asked)
        g_free(endpoint);
}

/* ---- ports ---- */

bool sip_endpoint_listen(SipEndpoint *endpoint, uint16_t port)
{
    NetHost *host = endpoint->config.host;

    if (endpoint->n_ports == SIP_PORTS_MAX || !net_udp_bind(host, port, transport_datagram, endpoint))
        return false;
    if (!tcp_listen(host, port, transport_accepted, endpoint)) {
        net_udp_unbind(host, port);
        return false;
    }
    endpoint->ports[endpoint->n_ports++] = port;
    return true;
}

void sip_endpoint_unlisten(SipEndpoint *endpoint, uint16_t port)
{
    for (uint32_t i = 0; i < endpoint->n_ports; i++) {
        if (endpoint->ports[i] != port)
            continue;
        net_udp_unbind(endpoint->config.host, port);
        tcp_unlisten(endpoint->config.host, port);
        conn_close_port(endpoint, port);
        endpoint->ports[i] = endpoint->ports[--endpoint->n_ports];
        return;
    }
}

const SipTimers *endpoint_timers(const SipEndpoint *endpoint, const SipFlow *flow)
{
    const SipEndpointConfig *config = &endpoint->config;
    const SipTimers *timers = config->timers_for != NULL ? config->timers_for(config->node, flow) : NULL;
    return timers != NULL ? timers : config->timers;
}

uint16_t endpoint_ports(const SipEndpoint *endpoint, SipFlow *flow)
{
    const SipEndpointConfig *config = &endpoint->config;
    uint16_t source = SIP_PORT, via_port = SIP_PORT;

    if (config->source_port != NULL)
        source = config->source_port(config->node, &flow->addr, flow->port, &via_port);
    if (flow->transport == SIP_TLS) /* from any port; whoever serves TLS is reached where it listens */
        return endpoint->tls.server != NULL ? endpoint->tls.port : via_port;
    if (flow->local_port == 0)
        flow->local_port = source;
    return via_port;
}

/* ---- what arrives ---- */

void endpoint_message(SipEndpoint *endpoint, const SipMsg *msg, const SipFlow *flow)
{
    if (msg->is_request)
        server_request(endpoint, msg, flow);
    else
        client_response(endpoint, msg, flow);
}

SipFlow endpoint_way_back(const SipEndpoint *endpoint, const SipFlow *from, const SipVia *via)
{
    SipFlow back = *from;

    if (from->transport != SIP_UDP)
        return back;
    back.port = via->has_rport ? from->port : via->port != 0 ? via->port : SIP_PORT;
    /* A node with protected ports sends from its client port (TS 33.203 §7.1), any other from where it was asked. */
    if (endpoint->config.source_port != NULL)
        back.local_port = 0;
    return back;
}

void endpoint_bad(SipEndpoint *endpoint, const SipMsg *msg, const SipFlow *flow)
{
    SipVia via;
    SipWriter w;

    trace_drop(endpoint->sim, endpoint->config.name, "sip-bad", "%s at octet %u", msg->error, msg->error_at);
    if (!sip_can_answer(msg) || !sip_via(msg, 0, &via))
        return;
    size_t room = msg->all.len + 256;
    char *octets = sim_alloc(endpoint->sim, room);
    sip_write_init(&w, octets, room);
    sip_reply_start(&w, msg, 400, TEXT_NONE, text_from(sip_token(endpoint, 10)));
    size_t len = sip_write_end(&w, TEXT_NONE);
    if (len == 0)
        return;

    SipFlow back = endpoint_way_back(endpoint, flow, &via);
    SimContext before = sim_context(endpoint->sim);
    sim_set_context(endpoint->sim, (SimContext){ .cause = before.cause });
    endpoint_ports(endpoint, &back);
    sip_trace_send(endpoint, &back, octets, len);
    switch (back.transport) {
    case SIP_UDP: transport_udp(endpoint, &back, octets, len); break;
    case SIP_TCP: transport_tcp(endpoint, &back, octets, len); break;
    case SIP_TLS: transport_tls_answer(endpoint, &back, octets, len); break;
    }
    sim_set_context(endpoint->sim, before);
}

/* ---- tokens ---- */

/*
 * What one message makes us say depends on it and on the time alone, so that another subscriber's messages do not move
 * it.  The count keeps two returns to one key within an event apart.
 */
void sip_endpoint_seed(SipEndpoint *endpoint, uint64_t key)
{
    Tokens *tokens = endpoint->tokens;

    if (tokens != NULL && tokens->key == key)
        return;
    if (tokens == NULL) {
        tokens = endpoint->tokens = sim_alloc(endpoint->sim, sizeof *tokens);
        tokens->n_seeds = 0;
        endpoint_after_event(endpoint);
    }
    tokens->key = key;
    uint64_t name[3] = { key, (uint64_t)sim_now(endpoint->sim), tokens->n_seeds++ };
    tokens->stream = sim_stream(endpoint->sim, endpoint->config.name, "sip", table_hash(name, sizeof name, 0));
}

/* Five bits a character, so that one draw serves for all of it. */
const char *sip_token(SipEndpoint *endpoint, size_t len)
{
    static const char alphabet[32] = { "abcdefghijkmnpqrstuvwxyz23456789" };
    SimStream *stream = endpoint->tokens != NULL ? &endpoint->tokens->stream : &endpoint->own_stream;
    char *token = sim_alloc(endpoint->sim, len + 1);

    sim_random(endpoint->sim, stream, token, len);
    for (size_t i = 0; i < len; i++)
        token[i] = alphabet[(uint8_t)token[i] % sizeof alphabet];
    token[len] = '\0';
    return token;
}

/* ---- counts ---- */

size_t sip_endpoint_transactions(const SipEndpoint *endpoint)
{
    return endpoint->clients.count + endpoint->servers.count;
}

size_t sip_endpoint_connections(const SipEndpoint *endpoint)
{
    return endpoint->conns.count;
}
