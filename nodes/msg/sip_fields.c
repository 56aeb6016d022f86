/*
 * nodes/msg/sip_fields.c - parameters, quoted strings, Via, CSeq and name-addr.
 *
 * Source:  RFC 3261 §20.10, §20.16, §20.42, §25.1; RFC 3581 §3 (rport); RFC 5118 §4.5 (received).
 * Knows:   values as text.
 */
#include "nodes/msg/sip_fields.h"
#include "nodes/msg/sip_scan.h"

void sip_params(SipParams *it, Text params)
{
    *it = (SipParams){ .rest = params };
}

/* token / host / quoted-string; an IPv6 address may stand bare (received, RFC 3261 §25.1) */
static bool read_gen_value(Scan *s, Text *value)
{
    const char *from = s->p;
    if (s->p < s->end && *s->p == '"')
        return scan_quoted(s, value);
    while (s->p < s->end && (sip_char_is(*s->p, SIP_C_TOKEN) || *s->p == ':' || *s->p == '[' || *s->p == ']'))
        s->p++;
    *value = text_between(from, s->p);
    return value->len > 0;
}

/* token [ EQUAL gen-value ] and the white space behind it */
static bool read_param(Scan *s, Text *name, Text *value)
{
    *value = TEXT_NONE;
    scan_space(s);
    if (!scan_run(s, SIP_C_TOKEN, name))
        return false;
    if (s->p < s->end && *s->p == ';')
        return true;
    if (scan_separator(s, '=') && !read_gen_value(s, value))
        return false;
    scan_space(s);
    return true;
}

bool sip_params_next(SipParams *it, Text *name, Text *value)
{
    if (it->rest.p == NULL || it->bad)
        return false;
    Scan s = scan_of(it->rest);
    if (!read_param(&s, name, value) || (!scan_at_end(&s) && *s.p != ';')) {
        it->bad = true;
        return false;
    }
    it->rest = scan_char(&s, ';') ? scan_rest(&s) : TEXT_NONE;
    return true;
}

bool sip_param(Text params, const char *name, Text *value)
{
    SipParams it;
    Text found, its;
    Text wanted = text_from(name);
    for (sip_params(&it, params); sip_params_next(&it, &found, &its);) {
        if (text_equal_nocase(found, wanted)) {
            *value = text_present(its) ? its : text_of(text_end(found), 0);
            return true;
        }
    }
    return false;
}

bool sip_params_valid(Text params)
{
    SipParams it;
    Text name, value;
    for (sip_params(&it, params); sip_params_next(&it, &name, &value);)
        continue;
    return !it.bad;
}

Text sip_unquote(Text text)
{
    if (text.len < 2 || text.p[0] != '"' || text.p[text.len - 1] != '"')
        return text;
    return text_of(text.p + 1, text.len - 2);
}

size_t sip_unquote_copy(Text text, char *out, size_t cap)
{
    Text inner = sip_unquote(text);
    bool quoted = inner.p != text.p;
    size_t n = 0;
    for (uint32_t i = 0; i < inner.len && n < cap; i++) {
        char c = inner.p[i];
        if (quoted && c == '\\' && i + 1 < inner.len) {
            c = inner.p[++i];
        } else if (c == '\r') {
            while (i + 1 < inner.len && text_is_space(inner.p[i + 1]))
                i++;
            c = ' ';
        }
        out[n++] = c;
    }
    return n;
}

/* Via ------------------------------------------------------------------------------------------------------------- */

/* protocol-name SLASH protocol-version SLASH transport */
static bool read_protocol(Scan *s, SipVia *via)
{
    Text name, version;
    if (s->end - s->p > 8 && memcmp(s->p, "SIP/2.0/", 8) == 0) {
        s->p += 8;
        return scan_run(s, SIP_C_TOKEN, &via->transport);
    }
    return scan_run(s, SIP_C_TOKEN, &name) && scan_separator(s, '/') && scan_run(s, SIP_C_TOKEN, &version) &&
           scan_separator(s, '/') && scan_run(s, SIP_C_TOKEN, &via->transport);
}

/* host [ COLON port ], with white space round the colon as the grammar has it */
static bool read_sent_by(Scan *s, SipVia *via)
{
    const char *from = s->p;
    Text digits;
    uint32_t port;
    if (!sip_host_read(s, &via->host, &via->host_kind))
        return false;
    via->sent_by = text_between(from, s->p);
    if (!scan_separator(s, ':'))
        return true;
    if (!scan_run(s, SIP_C_TOKEN, &digits) || !text_to_u32(digits, UINT16_MAX, &port) || port == 0)
        return false;
    via->port = (uint16_t)port;
    via->sent_by = text_between(from, s->p);
    return true;
}

static bool take_via_param(SipVia *via, Text name, Text value)
{
    uint32_t number;
    switch (name.len) {
    case 3:
        if (!text_is_nocase(name, "ttl"))
            return true;
        if (!text_to_u32(value, 255, &number))
            return false;
        via->ttl = (int)number;
        return true;
    case 5:
        if (text_is_nocase(name, "maddr"))
            via->maddr = value;
        if (!text_is_nocase(name, "rport"))
            return true;
        via->has_rport = true;
        via->rport_text = value;
        if (!text_present(value))
            return true;
        if (!text_to_u32(value, UINT16_MAX, &number) || number == 0)
            return false;
        via->rport = (uint16_t)number;
        return true;
    case 6:
        if (text_is_nocase(name, "branch"))
            via->branch = value;
        return true;
    case 8:
        if (text_is_nocase(name, "received"))
            via->received = value;
        return true;
    default: return true;
    }
}

bool sip_via_decode(Text value, SipVia *via)
{
    Scan s = scan_of(value);
    SipParams it;
    Text name, its;
    *via = (SipVia){ .value = value, .ttl = -1 };
    if (!read_protocol(&s, via) || s.p == s.end || !text_is_space(*s.p))
        return false;
    scan_space(&s);
    if (!read_sent_by(&s, via))
        return false;
    scan_space(&s);
    if (scan_at_end(&s))
        return true;
    if (!scan_char(&s, ';'))
        return false;
    via->params = scan_rest(&s);
    for (sip_params(&it, via->params); sip_params_next(&it, &name, &its);)
        if (!take_via_param(via, name, its))
            return false;
    return !it.bad;
}

bool sip_via(const SipMsg *msg, unsigned n, SipVia *via)
{
    SipValues it;
    Text value;
    for (sip_values(&it, msg, SIP_H_VIA); sip_values_next(&it, &value);)
        if (n-- == 0)
            return sip_via_decode(value, via);
    return false;
}

unsigned sip_via_count(const SipMsg *msg)
{
    SipValues it;
    Text value;
    unsigned n = 0;
    for (sip_values(&it, msg, SIP_H_VIA); sip_values_next(&it, &value);)
        n++;
    return n;
}

/* CSeq ------------------------------------------------------------------------------------------------------------ */

bool sip_cseq_decode(Text value, SipCseq *cseq)
{
    Scan s = scan_of(value);
    Text digits;
    if (!scan_run(&s, SIP_C_TOKEN, &digits) || !text_to_u32(digits, INT32_MAX, &cseq->number))
        return false; /* RFC 3261 §8.1.1.5: less than 2^31 */
    if (s.p == s.end || !text_is_space(*s.p))
        return false;
    scan_space(&s);
    if (!scan_run(&s, SIP_C_TOKEN, &cseq->method_text) || !scan_at_end(&s))
        return false;
    cseq->method = sip_method_from(cseq->method_text);
    return true;
}

bool sip_cseq(const SipMsg *msg, SipCseq *cseq)
{
    return sip_has(msg, SIP_H_CSEQ) && sip_cseq_decode(sip_value(msg, SIP_H_CSEQ), cseq);
}

/* name-addr and addr-spec ----------------------------------------------------------------------------------------- */

/* "<" URI ">"; no white space inside (RFC 4475 §3.1.2.14) */
static bool read_angle(Scan *s, SipNameAddr *addr)
{
    if (!scan_char(s, '<'))
        return false;
    Text rest = scan_rest(s);
    uint32_t close = text_find(rest, '>');
    if (close == rest.len)
        return false;
    addr->uri = text_first(rest, close);
    addr->angle = true;
    s->p += close + 1;
    return true;
}

/* addr-spec without <>: ends at the first semicolon, and must not hold "," or "?" (RFC 3261 §20) */
static bool read_addr_spec(Scan *s, SipNameAddr *addr)
{
    const char *from = s->p;
    while (s->p < s->end && *s->p != ';' && !text_is_space(*s->p)) {
        if (*s->p == ',' || *s->p == '?' || *s->p == '<' || *s->p == '>' || *s->p == '"')
            return false;
        s->p++;
    }
    addr->uri = text_between(from, s->p);
    return addr->uri.len > 0;
}

/* [ display-name ] "<" URI ">", or addr-spec */
static bool read_address(Scan *s, SipNameAddr *addr)
{
    Scan start = *s;
    Text display = TEXT_NONE;
    if (s->p < s->end && *s->p == '"') {
        if (!scan_quoted(s, &display))
            return false;
    } else {
        while (s->p < s->end && (sip_char_is(*s->p, SIP_C_TOKEN) || text_is_space(*s->p)))
            s->p++;
        display = text_trim(text_between(start.p, s->p));
    }
    scan_space(s);
    if (s->p < s->end && *s->p == '<') {
        if (display.len > 0)
            addr->display = display;
        return read_angle(s, addr);
    }
    *s = start;
    return read_addr_spec(s, addr);
}

bool sip_nameaddr_decode(Text value, SipNameAddr *addr)
{
    Scan s = scan_of(value);
    SipParams it;
    Text name, its;
    *addr = (SipNameAddr){ .value = value };
    if (text_is(value, "*")) {
        addr->star = true;
        addr->uri = value;
        return true;
    }
    if (!read_address(&s, addr))
        return false;
    scan_space(&s);
    if (scan_at_end(&s))
        return true;
    if (!scan_char(&s, ';'))
        return false;
    addr->params = scan_rest(&s);
    for (sip_params(&it, addr->params); sip_params_next(&it, &name, &its);)
        if (name.len == 3 && text_is_nocase(name, "tag"))
            addr->tag = its;
    return !it.bad;
}

bool sip_nameaddr(const SipMsg *msg, SipHeaderId id, SipNameAddr *addr)
{
    SipValues it;
    Text value;
    sip_values(&it, msg, id);
    return sip_values_next(&it, &value) && sip_nameaddr_decode(value, addr);
}

Text sip_tag(const SipMsg *msg, SipHeaderId id)
{
    SipNameAddr addr;
    return sip_nameaddr_decode(sip_value(msg, id), &addr) ? addr.tag : TEXT_NONE;
}
