/*
 * nodes/msg/sip_uri.c - read, compare and escape URIs.
 *
 * Source:  RFC 3261 §19.1, §25.1; RFC 3966 §3, §4 (tel); RFC 3859 §2 (pres); RFC 3986 §3.1.
 * Knows:   text.  Linear but for the comparison of parameters, which a fixed limit bounds.
 */
#include "nodes/msg/sip_uri.h"
#include "nodes/msg/sip_scan.h"

/* A run of characters of @classes and escapes; false on a "%" without two hexadecimal digits. */
static bool uri_run(Scan *s, unsigned classes, Text *run)
{
    const char *from = s->p;
    while (s->p < s->end) {
        if (sip_char_is(*s->p, classes)) {
            s->p++;
        } else if (*s->p != '%') {
            break;
        } else {
            if (s->end - s->p < 3 || text_hex_digit(s->p[1]) < 0 || text_hex_digit(s->p[2]) < 0)
                return false;
            s->p += 3;
        }
    }
    *run = text_between(from, s->p);
    return true;
}

/* [user[:password]] in front of the "@" */
static bool read_userinfo(Text text, SipUri *uri)
{
    Scan s = scan_of(text);
    if (!uri_run(&s, SIP_C_USER, &uri->user) || uri->user.len == 0)
        return false;
    if (scan_char(&s, ':') && !uri_run(&s, SIP_C_PASSWORD, &uri->password))
        return false;
    return scan_at_end(&s);
}

static bool read_port(Scan *s, uint16_t *port)
{
    uint32_t value = 0;
    const char *from = s->p;
    while (s->p < s->end && sip_is_digit(*s->p))
        s->p++;
    if (!text_to_u32(text_between(from, s->p), UINT16_MAX, &value) || value == 0)
        return false;
    *port = (uint16_t)value;
    return true;
}

static bool read_hostport(Scan *s, SipUri *uri)
{
    if (!sip_host_read(s, &uri->host, &uri->host_kind))
        return false;
    return !scan_char(s, ':') || read_port(s, &uri->port);
}

/* *( ";" pname [ "=" pvalue ] ), the first semicolon already taken */
static bool read_params(Scan *s, Text *params)
{
    const char *from = s->p;
    Text part;
    do {
        if (!uri_run(s, SIP_C_PARAM, &part) || part.len == 0)
            return false;
        if (scan_char(s, '=') && (!uri_run(s, SIP_C_PARAM, &part) || part.len == 0))
            return false;
    } while (scan_char(s, ';'));
    *params = text_between(from, s->p);
    return true;
}

/* hname "=" hvalue *( "&" ... ), the question mark already taken */
static bool read_headers(Scan *s, Text *headers)
{
    const char *from = s->p;
    Text part;
    do {
        if (!uri_run(s, SIP_C_HEADER, &part) || part.len == 0 || !scan_char(s, '=') || !uri_run(s, SIP_C_HEADER, &part))
            return false;
    } while (scan_char(s, '&'));
    *headers = text_between(from, s->p);
    return true;
}

/* sip and sips; pres and im have the same shape but for parameters */
static bool read_sip(Text rest, SipUri *uri)
{
    uint32_t at = text_find(rest, '@');
    Scan s = scan_of(at < rest.len ? text_after(rest, (size_t)at + 1) : rest);
    if (at < rest.len && !read_userinfo(text_first(rest, at), uri))
        return false;
    if (!read_hostport(&s, uri))
        return false;
    if (scan_char(&s, ';') && !read_params(&s, &uri->params))
        return false;
    if (scan_char(&s, '?') && !read_headers(&s, &uri->headers))
        return false;
    return scan_at_end(&s);
}

static bool is_phone_char(char c)
{
    return text_hex_digit(c) >= 0 || (c != '\0' && strchr("*#-.()", c) != NULL);
}

/* "+" digits and separators, or a local number (RFC 3966 §3; its phone-context is not insisted on) */
static bool read_tel(Text rest, SipUri *uri)
{
    Scan s = scan_of(rest);
    const char *from = s.p;
    (void)scan_char(&s, '+');
    const char *digits = s.p;
    while (s.p < s.end && is_phone_char(*s.p))
        s.p++;
    if (s.p == digits)
        return false;
    uri->user = text_between(from, s.p);
    if (scan_char(&s, ';') && !read_params(&s, &uri->params))
        return false;
    return scan_at_end(&s);
}

static bool read_other(Text rest)
{
    Scan s = scan_of(rest);
    Text all;
    return uri_run(&s, SIP_C_URI, &all) && all.len > 0 && scan_at_end(&s);
}

static SipScheme scheme_from(Text name)
{
    if (text_is_nocase(name, "sip"))
        return SIP_SCHEME_SIP;
    if (text_is_nocase(name, "sips"))
        return SIP_SCHEME_SIPS;
    if (text_is_nocase(name, "tel"))
        return SIP_SCHEME_TEL;
    if (text_is_nocase(name, "pres"))
        return SIP_SCHEME_PRES;
    return text_is_nocase(name, "im") ? SIP_SCHEME_IM : SIP_SCHEME_OTHER;
}

static bool read_scheme(Scan *s, Text *scheme)
{
    const char *from = s->p;
    if (scan_at_end(s) || !sip_is_alpha(*s->p))
        return false;
    while (s->p < s->end &&
           (sip_is_alpha(*s->p) || sip_is_digit(*s->p) || *s->p == '+' || *s->p == '-' || *s->p == '.'))
        s->p++;
    *scheme = text_between(from, s->p);
    return scan_char(s, ':');
}

bool sip_uri(Text text, SipUri *uri)
{
    Scan s = scan_of(text);
    *uri = (SipUri){ .all = text };
    if (text.len == 0 || !read_scheme(&s, &uri->scheme_text))
        return false;
    uri->opaque = scan_rest(&s);
    uri->scheme = scheme_from(uri->scheme_text);
    switch (uri->scheme) {
    case SIP_SCHEME_SIP:
    case SIP_SCHEME_SIPS: return read_sip(uri->opaque, uri);
    case SIP_SCHEME_TEL: return read_tel(uri->opaque, uri);
    case SIP_SCHEME_PRES:
    case SIP_SCHEME_IM: return read_sip(uri->opaque, uri) && text_present(uri->user);
    case SIP_SCHEME_OTHER: return read_other(uri->opaque);
    }
    return false;
}

/* The next name[=value] of a list; false at its end. */
static bool next_pair(Text *rest, char separator, Text *name, Text *value)
{
    Text pair;
    if (!text_cut(rest, separator, &pair))
        return false;
    uint32_t equal = text_find(pair, '=');
    *name = text_first(pair, equal);
    *value = equal < pair.len ? text_after(pair, (size_t)equal + 1) : text_of(text_end(pair), 0);
    return true;
}

bool sip_uri_param(const SipUri *uri, const char *name, Text *value)
{
    Text rest = uri->params, found, its;
    while (next_pair(&rest, ';', &found, &its)) {
        if (text_is_nocase(found, name)) {
            *value = its;
            return true;
        }
    }
    return false;
}

ptrdiff_t sip_uri_unescape(Text escaped, char *out, size_t cap)
{
    size_t n = 0;
    for (uint32_t i = 0; i < escaped.len; n++) {
        char c = escaped.p[i++];
        if (c == '%') {
            uint8_t octet = 0;
            if (escaped.len - i < 2 || !text_to_octets(text_of(escaped.p + i, 2), &octet, 1))
                return -1;
            c = (char)octet;
            i += 2;
        }
        if (n == cap)
            return -1;
        out[n] = c;
    }
    return (ptrdiff_t)n;
}

size_t sip_uri_escape_user(Text raw, char *out, size_t cap)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t n = 0;
    for (uint32_t i = 0; i < raw.len; i++) {
        bool plain = sip_char_is(raw.p[i], SIP_C_USER);
        if (cap - n < (plain ? 1u : 3u))
            return 0;
        if (plain) {
            out[n++] = raw.p[i];
            continue;
        }
        out[n++] = '%';
        out[n++] = digits[(unsigned char)raw.p[i] >> 4];
        out[n++] = digits[(unsigned char)raw.p[i] & 15];
    }
    return n;
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* One canonical host: an IPv6 address as eight full groups, names in lower case without a final dot. */
static size_t canonical_host(const SipUri *uri, char *out, size_t cap)
{
    uint8_t a[16];
    size_t n = 0;
    if (uri->host_kind == SIP_HOST_IPV6 && sip_ipv6(uri->host, a)) {
        static const char digits[] = "0123456789abcdef";
        if (cap < 41)
            return 0;
        out[n++] = '[';
        for (unsigned i = 0; i < 16; i++) {
            if (i > 0 && i % 2 == 0)
                out[n++] = ':';
            out[n++] = digits[a[i] >> 4];
            out[n++] = digits[a[i] & 15];
        }
        out[n++] = ']';
        return n;
    }
    Text host = uri->host;
    if (host.len > 0 && host.p[host.len - 1] == '.')
        host.len--;
    if (host.len > cap)
        return 0;
    for (; n < host.len; n++)
        out[n] = lower(host.p[n]);
    return n;
}

/* Octets that the escaping of a user part leaves apart: %61 is a, but %40 stays what it is. */
static size_t canonical_user(Text user, char *out, size_t cap)
{
    size_t n = 0;
    for (uint32_t i = 0; i < user.len;) {
        char octet = user.p[i++];
        if (octet == '%' && user.len - i >= 2) {
            octet = (char)(text_hex_digit(user.p[i]) << 4 | text_hex_digit(user.p[i + 1]));
            i += 2;
        }
        size_t step = sip_uri_escape_user(text_of(&octet, 1), out + n, cap - n);
        if (step == 0)
            return 0;
        n += step;
    }
    return n;
}

static size_t canonical_phone(Text number, char *out, size_t cap)
{
    size_t n = 0;
    for (uint32_t i = 0; i < number.len; i++) {
        if (strchr("-.()", number.p[i]) != NULL)
            continue; /* visual separators, RFC 3966 §5.1.1 */
        if (n == cap)
            return 0;
        out[n++] = lower(number.p[i]);
    }
    return n;
}

size_t sip_uri_canonical(const SipUri *uri, char *out, size_t cap)
{
    size_t n = 0, step;
    if (uri->scheme_text.len + 1 > cap)
        return 0;
    for (; n < uri->scheme_text.len; n++)
        out[n] = lower(uri->scheme_text.p[n]);
    out[n++] = ':';
    if (uri->scheme == SIP_SCHEME_OTHER) {
        if (uri->opaque.len > cap - n)
            return 0;
        memcpy(out + n, uri->opaque.p, uri->opaque.len);
        return n + uri->opaque.len;
    }
    if (text_present(uri->user)) {
        bool phone = uri->scheme == SIP_SCHEME_TEL;
        step = phone ? canonical_phone(uri->user, out + n, cap - n) : canonical_user(uri->user, out + n, cap - n);
        if (step == 0)
            return 0;
        n += step;
        if (phone)
            return n;
        if (n == cap)
            return 0;
        out[n++] = '@';
    }
    step = canonical_host(uri, out + n, cap - n);
    return step > 0 ? n + step : 0;
}
