/*
 * nodes/msg/sip_auth.c - the parameters of Digest challenges and answers.
 *
 * Source:  RFC 2617 §3.2, RFC 3261 §25.1, RFC 3310 §3; TS 24.229 §7.2A.
 * Knows:   text.
 */
#include "nodes/msg/sip_auth.h"
#include "nodes/msg/sip_scan.h"

static const struct {
    Text name;
    size_t member;
} members[] = {
    { { "username", 8 }, offsetof(SipDigest, username) },
    { { "realm", 5 }, offsetof(SipDigest, realm) },
    { { "nonce", 5 }, offsetof(SipDigest, nonce) },
    { { "uri", 3 }, offsetof(SipDigest, uri) },
    { { "response", 8 }, offsetof(SipDigest, response) },
    { { "algorithm", 9 }, offsetof(SipDigest, algorithm) },
    { { "cnonce", 6 }, offsetof(SipDigest, cnonce) },
    { { "opaque", 6 }, offsetof(SipDigest, opaque) },
    { { "qop", 3 }, offsetof(SipDigest, qop) },
    { { "nc", 2 }, offsetof(SipDigest, nc) },
    { { "stale", 5 }, offsetof(SipDigest, stale) },
    { { "domain", 6 }, offsetof(SipDigest, domain) },
    { { "auts", 4 }, offsetof(SipDigest, auts) },
    { { "ik", 2 }, offsetof(SipDigest, ik) },
    { { "ck", 2 }, offsetof(SipDigest, ck) },
    { { "integrity-protected", 19 }, offsetof(SipDigest, integrity_protected) },
    { { "rspauth", 7 }, offsetof(SipDigest, rspauth) },
    { { "nextnonce", 9 }, offsetof(SipDigest, nextnonce) },
};

/* auth-param = token EQUAL ( token / quoted-string ); @value keeps its quotes */
static bool read_auth_param(Scan *s, Text *name, Text *value)
{
    if (!scan_run(s, SIP_C_TOKEN, name) || !scan_separator(s, '='))
        return false;
    if (s->p < s->end && *s->p == '"')
        return scan_quoted(s, value);
    return scan_run(s, SIP_C_TOKEN, value);
}

/* The scheme and its space; none in Authentication-Info, where the first token is a parameter. */
static Text read_scheme(Scan *s)
{
    Scan ahead = *s;
    Text token;
    if (!scan_run(&ahead, SIP_C_TOKEN, &token))
        return TEXT_NONE;
    scan_space(&ahead);
    if (ahead.p < ahead.end && *ahead.p == '=')
        return text_of(s->p, 0);
    *s = ahead;
    return token;
}

/* Past a comma; false at the end or at anything else (then *bad). */
static bool read_comma(Scan *s, bool *bad)
{
    scan_space(s);
    if (scan_at_end(s))
        return false;
    *bad = !scan_char(s, ',');
    scan_space(s);
    return !*bad;
}

static bool take_auth_param(SipDigest *digest, Text name, Text value)
{
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
        if (members[i].name.len != name.len || !text_equal_nocase(members[i].name, name))
            continue;
        Text *member = (Text *)(void *)((char *)digest + members[i].member);
        if (text_present(*member))
            return false; /* twice: which one would the other end take? */
        bool quoted = value.p[0] == '"';
        *member = quoted ? text_of(value.p + 1, value.len - 2) : value;
        return true;
    }
    return true;
}

bool sip_digest_decode(Text value, SipDigest *digest)
{
    Scan s = scan_of(value);
    Text name, its;
    bool bad = false;
    *digest = (SipDigest){ .scheme = read_scheme(&s) };
    if (!text_present(digest->scheme))
        return false;
    do {
        if (!read_auth_param(&s, &name, &its) || !take_auth_param(digest, name, its))
            return false;
    } while (read_comma(&s, &bad));
    return !bad;
}

bool sip_digest(const SipMsg *msg, SipHeaderId id, SipDigest *digest)
{
    for (const SipHeader *h = sip_first(msg, id); h != NULL; h = sip_next(msg, h)) {
        bool digest_scheme = text_starts_nocase(h->value, "Digest") && h->value.len > 6 && text_is_space(h->value.p[6]);
        if (digest_scheme || id == SIP_H_AUTHENTICATION_INFO)
            return sip_digest_decode(h->value, digest);
    }
    return false;
}

bool sip_auth_param_span(Text value, const char *name, Text *span)
{
    Scan s = scan_of(value);
    Text found, its;
    bool bad = false;
    if (!text_present(read_scheme(&s)))
        return false;
    do {
        if (!read_auth_param(&s, &found, &its))
            return false;
        if (text_is_nocase(found, name)) {
            *span = text_between(found.p, text_end(its));
            return true;
        }
    } while (read_comma(&s, &bad));
    return false;
}
