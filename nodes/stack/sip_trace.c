/*
 * nodes/stack/sip_trace.c - the trace records of SIP messages sent and received.
 *
 * Knows:   sim/trace.h.  With the trace off nothing is formatted.
 */
#include "nodes/stack/endpoint_private.h"

#include <string.h>

/* "REGISTER", "401 Unauthorized": the start line without what every message has. */
static const char *label_of(Sim *sim, const char *octets, size_t len)
{
    static const char version[] = "SIP/2.0 ";
    const char *end = memchr(octets, '\r', len);
    size_t line = end != NULL ? (size_t)(end - octets) : len;

    if (line > strlen(version) && memcmp(octets, version, strlen(version)) == 0)
        return sim_text(sim, "%.*s", (int)(line - strlen(version)), octets + strlen(version));
    const char *space = memchr(octets, ' ', line);
    return sim_text(sim, "%.*s", (int)(space != NULL ? (size_t)(space - octets) : line), octets);
}

/* Of the request, or of the one answered. */
static const char *method_of(Sim *sim, const char *octets, size_t len)
{
    SipMsg msg;
    SipCseq cseq;

    if (sip_split(&msg, octets, len) != SIP_OK)
        return "";
    if (msg.is_request)
        return sim_text(sim, TEXT_FMT, TEXT_ARG(msg.method_text));
    return sip_cseq(&msg, &cseq) ? sim_text(sim, TEXT_FMT, TEXT_ARG(cseq.method_text)) : "";
}

static const char *name_of(SipEndpoint *endpoint, const NetAddr *addr)
{
    char text[NET_ADDR_TEXT_MAX];
    const NetHost *host = net_host_find(net_host_net(endpoint->config.host), addr);
    return host != NULL ? net_host_name(host) : sim_text(endpoint->sim, "%s", net_addr_text(addr, text));
}

/* TLS is the endpoint's own; of what is below IP the node knows. */
static const char *protection_of(SipEndpoint *endpoint, const SipFlow *flow, TraceId *because)
{
    const SipEndpointConfig *config = &endpoint->config;

    if (flow->transport == SIP_TLS)
        return transport_tls_protection(endpoint, flow->connection, because);
    return config->protection != NULL ? config->protection(config->node, flow, because) : NULL;
}

static void add(SipEndpoint *endpoint, TraceKind kind, const SipFlow *flow, const char *octets, size_t len)
{
    TraceRecord record = { .kind = kind, .node = endpoint->config.name };
    const char *protection = protection_of(endpoint, flow, &record.because);

    record.message.protocol = TRACE_SIP;
    record.message.peer = name_of(endpoint, &flow->addr);
    record.message.label = label_of(endpoint->sim, octets, len);
    record.message.method = method_of(endpoint->sim, octets, len);
    record.message.protection = protection != NULL ? protection : "clear";
    record.message.octets = (const uint8_t *)octets;
    record.message.len = (uint32_t)len;
    trace_add(endpoint->sim, &record);
}

void sip_trace_send(SipEndpoint *endpoint, const SipFlow *flow, const char *octets, size_t len)
{
    if (trace_enabled(endpoint->sim))
        add(endpoint, TRACE_SEND, flow, octets, len);
}

void sip_trace_receive(SipEndpoint *endpoint, const SipFlow *flow, const SipMsg *msg)
{
    if (trace_enabled(endpoint->sim))
        add(endpoint, TRACE_RECEIVE, flow, msg->all.p, msg->all.len);
}
