/*
 * nodes/msg/sip_uri_equal.c - when two URIs are the same.
 *
 * Source:  RFC 3261 §19.1.4; RFC 3966 §4 (tel); RFC 5954 §4 (IPv6 addresses are compared as addresses).
 * Knows:   text.  At most SIP_URI_MAX_PARTS parameters or headers are compared; URIs with more are only equal octet by
 * octet.
 */
#include "nodes/msg/sip_uri.h"
#include "nodes/msg/sip_scan.h"

#define SIP_URI_MAX_PARTS 32

/* One character of an escaped text: %41 and A are the same, %2f and / are not (reserved characters keep their escape).
 */
typedef struct {
    char c;
    bool escaped; /* stands for itself only when escaped */
} UriChar;

static UriChar next_char(const char **p, const char *end)
{
    if (**p != '%' || end - *p < 3)
        return (UriChar){ *(*p)++, false };
    char c = (char)(text_hex_digit((*p)[1]) << 4 | text_hex_digit((*p)[2]));
    *p += 3;
    bool unreserved = sip_is_alpha(c) || sip_is_digit(c) || (c != '\0' && strchr("-_.!~*'()", c) != NULL);
    return (UriChar){ c, !unreserved };
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool same(Text a, Text b, bool with_case)
{
    const char *p = a.p, *q = b.p;
    if (text_present(a) != text_present(b))
        return false;
    while (p < text_end(a) && q < text_end(b)) {
        UriChar x = next_char(&p, text_end(a)), y = next_char(&q, text_end(b));
        if (x.escaped != y.escaped || (x.c != y.c && (with_case || lower(x.c) != lower(y.c))))
            return false;
    }
    return p == text_end(a) && q == text_end(b);
}

static bool same_host(const SipUri *a, const SipUri *b)
{
    uint8_t x[16], y[16];
    if (a->host_kind != b->host_kind)
        return false;
    if (a->host_kind == SIP_HOST_IPV6)
        return sip_ipv6(a->host, x) && sip_ipv6(b->host, y) && memcmp(x, y, 16) == 0;
    if (a->host_kind == SIP_HOST_IPV4)
        return sip_ipv4(a->host, x) && sip_ipv4(b->host, y) && memcmp(x, y, 4) == 0;
    return same(a->host, b->host, false);
}

typedef struct {
    unsigned n;
    Text name[SIP_URI_MAX_PARTS], value[SIP_URI_MAX_PARTS];
} Parts;

static bool parts_of(Text list, char separator, Parts *parts)
{
    Text part;
    parts->n = 0;
    while (text_cut(&list, separator, &part)) {
        if (parts->n == SIP_URI_MAX_PARTS)
            return false;
        uint32_t equal = text_find(part, '=');
        parts->name[parts->n] = text_first(part, equal);
        parts->value[parts->n++] = equal < part.len ? text_after(part, (size_t)equal + 1) : TEXT_NONE;
    }
    return true;
}

static int find_part(const Parts *parts, Text name)
{
    for (unsigned i = 0; i < parts->n; i++)
        if (same(parts->name[i], name, false))
            return (int)i;
    return -1;
}

/* Parameters that must be in both or in neither: a URI with one does not match one without, even at its default. */
static bool must_be_in_both(Text name)
{
    static const char *const names[] = { "user", "ttl", "method", "maddr", "transport" };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (text_is_nocase(name, names[i]))
            return true;
    return false;
}

/* Every part of @a against @b; @all: each must be there, else only those of must_be_in_both. */
static bool parts_agree(const Parts *a, const Parts *b, bool all)
{
    for (unsigned i = 0; i < a->n; i++) {
        int j = find_part(b, a->name[i]);
        if (j < 0 ? all || must_be_in_both(a->name[i]) : !same(a->value[i], b->value[j], false))
            return false;
    }
    return true;
}

static bool lists_agree(Text a, Text b, char separator, bool all)
{
    Parts x, y;
    if (text_equal(a, b))
        return true;
    return parts_of(a, separator, &x) && parts_of(b, separator, &y) && parts_agree(&x, &y, all) &&
           parts_agree(&y, &x, all);
}

static bool same_phone(Text a, Text b)
{
    uint32_t i = 0, j = 0;
    for (;;) {
        while (i < a.len && strchr("-.()", a.p[i]) != NULL)
            i++;
        while (j < b.len && strchr("-.()", b.p[j]) != NULL)
            j++;
        if (i == a.len || j == b.len)
            return i == a.len && j == b.len;
        if (lower(a.p[i++]) != lower(b.p[j++]))
            return false;
    }
}

bool sip_uri_equal(const SipUri *a, const SipUri *b)
{
    if (a->scheme != b->scheme || !text_equal_nocase(a->scheme_text, b->scheme_text))
        return false; /* sip and sips are never the same */
    switch (a->scheme) {
    case SIP_SCHEME_OTHER: return text_equal(a->opaque, b->opaque);
    case SIP_SCHEME_TEL: return same_phone(a->user, b->user) && lists_agree(a->params, b->params, ';', true);
    case SIP_SCHEME_SIP:
    case SIP_SCHEME_SIPS:
    case SIP_SCHEME_PRES:
    case SIP_SCHEME_IM: break;
    }
    return same(a->user, b->user, true) && same(a->password, b->password, true) && same_host(a, b) &&
           a->port == b->port && lists_agree(a->params, b->params, ';', false) &&
           lists_agree(a->headers, b->headers, '&', true);
}

bool sip_uri_text_equal(Text a, Text b)
{
    SipUri x, y;
    return sip_uri(a, &x) && sip_uri(b, &y) && sip_uri_equal(&x, &y);
}
