/*
 * nodes/routing.c - next hops, own routes, tokens.
 */
#include "nodes/routing.h"
#include "nodes/msg/sip_uri.h"

bool routing_resolve(const Directory *directory, Text text, SipFlow *out)
{
    SipUri uri;
    *out = (SipFlow){ .port = SIP_PORT, .transport = SIP_UDP };
    if (!sip_uri(text, &uri) || !directory_resolve(directory, uri.host, &out->addr))
        return false;
    if (uri.port != 0)
        out->port = uri.port;
    return true;
}

bool routing_is_own(const Directory *directory, Text value, const NetHost *host)
{
    SipNameAddr route;
    SipFlow flow;
    return sip_nameaddr_decode(value, &route) && routing_resolve(directory, route.uri, &flow) &&
           net_addr_equal(&flow.addr, net_host_addr(host));
}

Text routing_next(const Directory *directory, const SipMsg *msg, const NetHost *host)
{
    SipValues it;
    Text value;
    SipNameAddr route;

    for (sip_values(&it, msg, SIP_H_ROUTE); sip_values_next(&it, &value);)
        if (!routing_is_own(directory, value, host))
            return sip_nameaddr_decode(value, &route) ? route.uri : TEXT_NONE;
    return TEXT_NONE;
}

const char *routing_token(Sim *sim, const char *owner, const SipMsg *msg, const char *purpose, size_t len)
{
    SipCseq cseq = { 0 };
    char *out = sim_alloc(sim, len + 1);
    uint64_t number = sip_cseq(msg, &cseq) ? cseq.number : 0;
    Text call_id = sip_value(msg, SIP_H_CALL_ID);
    SimStream stream = sim_stream(sim, owner, sim_text(sim, "%s " TEXT_FMT, purpose, TEXT_ARG(call_id)), number);
    sim_random_token(sim, &stream, out, len);
    return out;
}

char *routing_join(const SipMsg *msg, SipHeaderId id, const char *glue)
{
    GString *joined = g_string_new(NULL);
    SipValues it;
    Text value;

    for (sip_values(&it, msg, id); sip_values_next(&it, &value);) {
        if (joined->len > 0)
            g_string_append(joined, glue);
        g_string_append_len(joined, value.p, value.len);
    }
    return g_string_free(joined, FALSE);
}

bool routing_privacy(const SipMsg *msg, const char *value)
{
    Text rest = sip_value(msg, SIP_H_PRIVACY), piece;
    while (text_cut(&rest, ';', &piece))
        if (text_is_nocase(text_trim(piece), value))
            return true;
    return false;
}

Text routing_tags_without(Sim *sim, const SipMsg *msg, SipHeaderId id, const char *tag)
{
    Text rest = TEXT_NONE, value;
    SipValues it;

    for (sip_values(&it, msg, id); sip_values_next(&it, &value);) {
        if (value.len == 0 || text_is_nocase(value, tag))
            continue;
        rest =
            rest.len == 0 ? value : text_from(sim_text(sim, TEXT_FMT ", " TEXT_FMT, TEXT_ARG(rest), TEXT_ARG(value)));
    }
    return rest;
}
