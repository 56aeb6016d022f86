/*
 * nodes/msg/sip_host.c - host names, IPv4 and IPv6 addresses in text.
 *
 * Source:  RFC 3261 §25.1 (host); RFC 4291 §2.2 (IPv6 in text); RFC 5118 §4.10.
 * Knows:   text.  No resolver.
 */
#include "nodes/msg/sip_uri.h"
#include "nodes/msg/sip_scan.h"

bool sip_ipv4(Text text, uint8_t address[4])
{
    for (unsigned i = 0; i < 4; i++) {
        Text part;
        uint32_t value;
        if (!text_cut(&text, '.', &part) || part.len > 3 || !text_to_u32(part, 255, &value))
            return false;
        address[i] = (uint8_t)value;
    }
    return !text_present(text);
}

/* Up to four hexadecimal digits. */
static bool read_group(Scan *s, uint8_t out[2])
{
    unsigned value = 0, n = 0;
    for (; n < 4 && s->p < s->end && text_hex_digit(*s->p) >= 0; n++, s->p++)
        value = value << 4 | (unsigned)text_hex_digit(*s->p);
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
    return n > 0;
}

/* An IPv4 tail starts here: digits and then a dot. */
static bool at_ipv4(const Scan *s)
{
    const char *p = s->p;
    while (p < s->end && sip_is_digit(*p))
        p++;
    return p > s->p && p < s->end && *p == '.';
}

bool sip_ipv6(Text text, uint8_t address[16])
{
    Scan s = scan_of(text);
    int gap = -1; /* where "::" stands */
    int n = 0;
    memset(address, 0, 16);
    while (n < 16) {
        if (s.end - s.p >= 2 && s.p[0] == ':' && s.p[1] == ':') {
            if (gap >= 0)
                return false;
            gap = n;
            s.p += 2;
            /* RFC 5118 §4.10: the grammar of RFC 3261 made some write a third colon before an IPv4 tail. */
            Scan third = s;
            if (scan_char(&third, ':') && at_ipv4(&third))
                s = third;
            if (scan_at_end(&s))
                break;
        } else if (n > 0 && !scan_char(&s, ':')) {
            break;
        }
        if (at_ipv4(&s) && n <= 12) {
            if (!sip_ipv4(scan_rest(&s), address + n))
                return false;
            s.p = s.end;
            n += 4;
            break;
        }
        if (!read_group(&s, address + n))
            return false;
        n += 2;
    }
    if (!scan_at_end(&s) || (gap < 0) != (n == 16))
        return false;
    if (gap >= 0) {
        memmove(address + gap + 16 - n, address + gap, (size_t)(n - gap));
        memset(address + gap, 0, (size_t)(16 - n));
    }
    return true;
}

/*
 * *( domainlabel "." ) toplabel [ "." ]: labels neither start nor end with "-", the last starts with a letter.  Each
 * character is looked at once: this is the busiest loop of sip_check.
 */
static bool read_hostname(Scan *s, Text *host)
{
    const char *p = s->p, *label = p, *top = p;
    bool good = true;
    for (; p < s->end && sip_char_is(*p, SIP_C_HOST); p++) {
        if (*p != '.')
            continue;
        good &= p > label && *label != '-' && p[-1] != '-';
        top = label;
        label = p + 1;
    }
    *host = text_between(s->p, p);
    s->p = p;
    if (p == label)
        return good && host->len > 1 && sip_is_alpha(*top); /* the final dot */
    return good && sip_is_alpha(*label) && p[-1] != '-';
}

bool sip_host_read(Scan *s, Text *host, SipHostKind *kind)
{
    uint8_t address[16];
    if (s->p < s->end && *s->p == '[') {
        uint32_t close = text_find(scan_rest(s), ']');
        if (close == scan_rest(s).len)
            return false;
        *host = text_of(s->p + 1, close - 1);
        *kind = SIP_HOST_IPV6;
        s->p += close + 1;
        return sip_ipv6(*host, address);
    }
    bool name = read_hostname(s, host);
    bool ipv4 = !name && host->len > 0 && sip_ipv4(*host, address);
    *kind = ipv4 ? SIP_HOST_IPV4 : SIP_HOST_NAME;
    return name || ipv4;
}

bool sip_host(Text text, Text *host, SipHostKind *kind)
{
    Scan s = scan_of(text);
    return sip_host_read(&s, host, kind) && scan_at_end(&s);
}
