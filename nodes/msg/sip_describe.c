/*
 * nodes/msg/sip_describe.c - print the structure of a message.
 *
 * Knows:   the typed decoders; g_string_append_printf with %.*s and %u only, which no locale changes.
 */
#include "nodes/msg/sip_describe.h"
#include "nodes/msg/sip_auth.h"
#include "nodes/msg/sip_fields.h"

/* Control characters and octets of UTF-8 are shown as \xHH, folding as one space: one line stays one line. */
static void put_text(GString *out, Text t)
{
    for (uint32_t i = 0; i < t.len; i++) {
        unsigned char c = (unsigned char)t.p[i];
        if (c == '\r' && i + 1 < t.len && t.p[i + 1] == '\n') {
            while (i + 1 < t.len && text_is_space(t.p[i + 1]))
                i++;
            g_string_append_c(out, ' ');
        } else if (c < 0x20 || c > 0x7e) {
            g_string_append_printf(out, "\\x%02x", c);
        } else {
            g_string_append_c(out, (char)c);
        }
    }
}

/* " name=value", nothing when absent */
static void put_part(GString *out, const char *name, Text value)
{
    if (!text_present(value))
        return;
    g_string_append_printf(out, " %s=", name);
    put_text(out, value);
}

static void put_number(GString *out, const char *name, bool present, uint32_t value)
{
    if (present)
        g_string_append_printf(out, " %s=%u", name, value);
}

static void begin_detail(GString *out, const char *what)
{
    g_string_append_printf(out, "              %s", what);
}

static void end_detail(GString *out, bool good)
{
    g_string_append(out, good ? "\n" : " (malformed)\n");
}

static const char *host_kind_name(SipHostKind kind)
{
    switch (kind) {
    case SIP_HOST_NONE: return "none";
    case SIP_HOST_NAME: return "name";
    case SIP_HOST_IPV4: return "IPv4";
    case SIP_HOST_IPV6: return "IPv6";
    }
    return "none";
}

static void describe_uri(GString *out, Text text)
{
    SipUri uri;
    begin_detail(out, "uri:");
    bool good = sip_uri(text, &uri);
    if (good) {
        put_part(out, "scheme", uri.scheme_text);
        put_part(out, "user", uri.user);
        put_part(out, "password", uri.password);
        put_part(out, "host", uri.host);
        if (uri.host_kind != SIP_HOST_NONE)
            g_string_append_printf(out, " (%s)", host_kind_name(uri.host_kind));
        put_number(out, "port", uri.port > 0, uri.port);
        put_part(out, "params", uri.params);
        put_part(out, "headers", uri.headers);
        if (uri.scheme == SIP_SCHEME_OTHER)
            put_part(out, "opaque", uri.opaque);
    }
    end_detail(out, good);
}

static void describe_via(GString *out, Text value)
{
    SipVia via;
    begin_detail(out, "via:");
    bool good = sip_via_decode(value, &via);
    if (good) {
        put_part(out, "transport", via.transport);
        put_part(out, "host", via.host);
        g_string_append_printf(out, " (%s)", host_kind_name(via.host_kind));
        put_number(out, "port", via.port > 0, via.port);
        put_part(out, "branch", via.branch);
        put_part(out, "received", via.received);
        put_part(out, "maddr", via.maddr);
        if (via.has_rport)
            g_string_append_printf(out, " rport=%u", via.rport);
        put_number(out, "ttl", via.ttl >= 0, (uint32_t)MAX(via.ttl, 0));
    }
    end_detail(out, good);
}

static void describe_addr(GString *out, Text value)
{
    SipNameAddr addr;
    begin_detail(out, "address:");
    bool good = sip_nameaddr_decode(value, &addr);
    if (good) {
        put_part(out, "display", addr.display);
        put_part(out, "uri", addr.uri);
        put_part(out, "tag", addr.tag);
        put_part(out, "params", addr.params);
    }
    end_detail(out, good);
    if (good && !addr.star)
        describe_uri(out, addr.uri);
}

static void describe_sec(GString *out, Text value)
{
    SipSecMechanism m;
    begin_detail(out, "mechanism:");
    bool good = sip_sec_mechanism_decode(value, &m);
    if (good) {
        put_part(out, "name", m.name);
        put_number(out, "q/1000", m.present & SIP_SEC_Q, m.q);
        put_part(out, "alg", m.alg);
        put_part(out, "ealg", m.ealg);
        put_part(out, "prot", m.prot);
        put_part(out, "mod", m.mod);
        put_number(out, "spi-c", m.present & SIP_SEC_SPI_C, m.spi_c);
        put_number(out, "spi-s", m.present & SIP_SEC_SPI_S, m.spi_s);
        put_number(out, "port-c", m.present & SIP_SEC_PORT_C, m.port_c);
        put_number(out, "port-s", m.present & SIP_SEC_PORT_S, m.port_s);
        put_number(out, "spi", m.present & SIP_SEC_SPI, m.spi);
        put_number(out, "port1", m.present & SIP_SEC_PORT1, m.port1);
        put_number(out, "port2", m.present & SIP_SEC_PORT2, m.port2);
    }
    end_detail(out, good);
}

static void describe_digest(GString *out, Text value)
{
    SipDigest d;
    begin_detail(out, "digest:");
    bool good = sip_digest_decode(value, &d);
    if (good) {
        const struct {
            const char *name;
            Text value;
        } parts[] = {
            { "scheme", d.scheme },
            { "username", d.username },
            { "realm", d.realm },
            { "nonce", d.nonce },
            { "uri", d.uri },
            { "response", d.response },
            { "algorithm", d.algorithm },
            { "qop", d.qop },
            { "nc", d.nc },
            { "cnonce", d.cnonce },
            { "opaque", d.opaque },
            { "stale", d.stale },
            { "domain", d.domain },
            { "auts", d.auts },
            { "ik", d.ik },
            { "ck", d.ck },
            { "rspauth", d.rspauth },
            { "nextnonce", d.nextnonce },
            { "integrity-protected", d.integrity_protected },
        };
        for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
            put_part(out, parts[i].name, parts[i].value);
    }
    end_detail(out, good);
}

static void describe_values(const SipHeader *header, GString *out, void (*describe)(GString *, Text))
{
    SipValues it;
    Text value;
    for (sip_values_text(&it, header->value); sip_values_next(&it, &value);)
        describe(out, value);
}

static void describe_cseq(GString *out, Text value)
{
    SipCseq cseq;
    begin_detail(out, "cseq:");
    bool good = sip_cseq_decode(value, &cseq);
    if (good) {
        put_number(out, "number", true, cseq.number);
        put_part(out, "method", cseq.method_text);
    }
    end_detail(out, good);
}

static void describe_media_type(GString *out, Text value)
{
    SipMediaType type;
    begin_detail(out, "media type:");
    bool good = sip_media_type_decode(value, &type);
    if (good) {
        put_part(out, "type", type.type);
        put_part(out, "subtype", type.subtype);
        put_part(out, "params", type.params);
    }
    end_detail(out, good);
}

static void describe_event(GString *out, Text value)
{
    SipEvent event;
    begin_detail(out, "event:");
    bool good = sip_event_decode(value, &event);
    if (good) {
        put_part(out, "package", event.package);
        put_part(out, "id", event.id);
    }
    end_detail(out, good);
}

static void describe_sub_state(GString *out, Text value)
{
    SipSubState state;
    begin_detail(out, "subscription:");
    bool good = sip_subscription_state_decode(value, &state);
    if (good) {
        put_part(out, "state", state.state);
        put_part(out, "reason", state.reason);
        put_number(out, "expires", state.has_expires, state.expires);
        put_number(out, "retry-after", state.has_retry_after, state.retry_after);
    }
    end_detail(out, good);
}

static void describe_typed(const SipHeader *header, GString *out)
{
    switch ((SipHeaderId)header->id) {
    case SIP_H_VIA: describe_values(header, out, describe_via); break;
    case SIP_H_CONTACT:
    case SIP_H_ROUTE:
    case SIP_H_RECORD_ROUTE:
    case SIP_H_PATH:
    case SIP_H_SERVICE_ROUTE:
    case SIP_H_P_ASSERTED_IDENTITY:
    case SIP_H_P_PREFERRED_IDENTITY:
    case SIP_H_P_ASSOCIATED_URI: describe_values(header, out, describe_addr); break;
    case SIP_H_FROM:
    case SIP_H_TO:
    case SIP_H_P_CALLED_PARTY_ID:
    case SIP_H_REFER_TO:
    case SIP_H_REPLY_TO: describe_addr(out, header->value); break;
    case SIP_H_SECURITY_CLIENT:
    case SIP_H_SECURITY_SERVER:
    case SIP_H_SECURITY_VERIFY: describe_values(header, out, describe_sec); break;
    case SIP_H_AUTHORIZATION:
    case SIP_H_WWW_AUTHENTICATE:
    case SIP_H_PROXY_AUTHENTICATE:
    case SIP_H_PROXY_AUTHORIZATION:
    case SIP_H_AUTHENTICATION_INFO: describe_digest(out, header->value); break;
    case SIP_H_CSEQ: describe_cseq(out, header->value); break;
    case SIP_H_CONTENT_TYPE: describe_media_type(out, header->value); break;
    case SIP_H_EVENT: describe_event(out, header->value); break;
    case SIP_H_SUBSCRIPTION_STATE: describe_sub_state(out, header->value); break;
    default: break; /* nothing to add to its text */
    }
}

static void describe_start(const SipMsg *msg, GString *out)
{
    if (msg->is_request) {
        g_string_append(out, "request");
        put_part(out, "method", msg->method_text);
        put_part(out, "uri", msg->uri);
        g_string_append_c(out, '\n');
        if (text_present(msg->uri))
            describe_uri(out, msg->uri);
        return;
    }
    g_string_append_printf(out, "response status=%u", msg->status);
    put_part(out, "reason", msg->reason);
    put_part(out, "method", msg->method_text);
    g_string_append_c(out, '\n');
}

void sip_describe(const SipMsg *msg, GString *out)
{
    if (msg->error != NULL)
        g_string_append_printf(out, "must be refused (%u) at octet %u: %s\n", msg->refuse_with, msg->error_at,
                               msg->error);
    g_string_append_printf(out, "%5u octets  ", msg->all.len);
    describe_start(msg, out);
    for (unsigned i = 0; i < msg->n_headers; i++) {
        const SipHeader *header = &msg->headers[i];
        g_string_append_printf(out, "%5u +%-5u ", (unsigned)(header->line - msg->all.p), header->line_len);
        put_text(out, header->id != SIP_H_OTHER ? sip_header_name((SipHeaderId)header->id) : sip_name(header));
        g_string_append(out, ": ");
        put_text(out, header->value);
        g_string_append_c(out, '\n');
        describe_typed(header, out);
    }
    g_string_append_printf(out, "%5u +%-5u body\n", (unsigned)(msg->body.p - msg->all.p), msg->body.len);
}
