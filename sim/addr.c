/*
 * sim/addr.c - IPv6 addresses and their text.
 *
 * Source:  RFC 4291 §2.2 (text); written as RFC 5952 §4 says: lower case, no leading zeros, the longest run of zeros as
 * "::". Knows:   octets and characters.
 */
#include "sim/ip.h"

#include <string.h>

#define GROUPS 8

bool net_addr_equal(const NetAddr *a, const NetAddr *b)
{
    return memcmp(a->octet, b->octet, sizeof a->octet) == 0;
}

static uint64_t get_u64(const uint8_t *at)
{
    return (uint64_t)get_u32(at) << 32 | get_u32(at + 4);
}

static void put_u64(uint8_t *at, uint64_t value)
{
    put_u32(at, (uint32_t)(value >> 32));
    put_u32(at + 4, (uint32_t)value);
}

NetAddr net_addr_make(uint64_t prefix, uint64_t interface_id)
{
    NetAddr addr;

    put_u64(addr.octet, prefix);
    put_u64(addr.octet + 8, interface_id);
    return addr;
}

uint64_t net_addr_prefix(const NetAddr *addr)
{
    return get_u64(addr->octet);
}

uint64_t net_addr_interface(const NetAddr *addr)
{
    return get_u64(addr->octet + 8);
}

/* --- reading --- */

typedef struct Reader {
    const char *at, *end;
    uint16_t group[GROUPS];
    int n;   /* groups read */
    int gap; /* how many stood before "::", or -1 */
} Reader;

/* One to four hexadecimal digits. */
static bool read_group(Reader *r)
{
    unsigned value = 0;
    int digits = 0;

    while (r->at < r->end && digits < 4 && g_ascii_isxdigit(*r->at)) {
        value = value << 4 | (unsigned)g_ascii_xdigit_value(*r->at++);
        digits++;
    }
    if (digits == 0 || r->n == GROUPS) {
        return false;
    }
    r->group[r->n++] = (uint16_t)value;
    return true;
}

static bool read_decimal(Reader *r, unsigned *value)
{
    const char *start = r->at;

    *value = 0;
    while (r->at < r->end && r->at - start < 3 && g_ascii_isdigit(*r->at)) {
        *value = *value * 10 + (unsigned)(*r->at++ - '0');
    }
    return r->at > start && *value <= 255 && (*start != '0' || r->at - start == 1);
}

/* "192.0.2.1" in the place of the last two groups */
static bool read_ipv4(Reader *r)
{
    unsigned part[4];

    if (r->n > GROUPS - 2) {
        return false;
    }
    for (int i = 0; i < 4; i++) {
        if (i > 0 && (r->at == r->end || *r->at++ != '.')) {
            return false;
        }
        if (!read_decimal(r, &part[i])) {
            return false;
        }
    }
    r->group[r->n++] = (uint16_t)(part[0] << 8 | part[1]);
    r->group[r->n++] = (uint16_t)(part[2] << 8 | part[3]);
    return r->at == r->end;
}

static bool at_ipv4(const Reader *r)
{
    const char *p = r->at;

    while (p < r->end && g_ascii_isdigit(*p)) {
        p++;
    }
    return p > r->at && p < r->end && *p == '.';
}

static bool read_gap(Reader *r)
{
    if (r->end - r->at < 2 || r->at[0] != ':' || r->at[1] != ':' || r->gap >= 0) {
        return false;
    }
    r->at += 2;
    r->gap = r->n;
    return true;
}

static bool read_groups(Reader *r)
{
    bool after_gap = read_gap(r);

    while (r->at < r->end) {
        if (at_ipv4(r)) {
            return read_ipv4(r);
        }
        if (!read_group(r)) {
            return false;
        }
        if (r->at == r->end) {
            return true;
        }
        after_gap = read_gap(r);
        if (!after_gap && (*r->at++ != ':' || r->at == r->end)) {
            return false;
        }
    }
    return after_gap;
}

bool net_addr_parse(const char *text, size_t len, NetAddr *out)
{
    Reader r = { .at = text, .end = text + len, .gap = -1 };

    if (!read_groups(&r) || (r.gap < 0 ? r.n != GROUPS : r.n >= GROUPS)) {
        return false;
    }
    int before = r.gap < 0 ? GROUPS : r.gap;
    *out = (NetAddr){ { 0 } };
    for (int i = 0; i < r.n; i++) {
        int place = i < before ? i : GROUPS - r.n + i;
        put_u16(out->octet + 2 * place, r.group[i]);
    }
    return true;
}

/* --- writing --- */

/* The longest run of at least two zero groups, the first of equal ones (RFC 5952 §4.2). */
static void longest_zeros(const NetAddr *addr, int *start, int *len)
{
    *start = -1;
    *len = 1;
    for (int i = 0; i < GROUPS; i++) {
        int n = 0;
        while (i + n < GROUPS && get_u16(addr->octet + 2 * (i + n)) == 0) {
            n++;
        }
        if (n > *len) {
            *start = i;
            *len = n;
        }
        i += n;
    }
}

static char *write_hex(char *at, uint16_t value)
{
    static const char digits[] = "0123456789abcdef";
    int shift = 12;

    while (shift > 0 && value >> shift == 0) {
        shift -= 4;
    }
    for (; shift >= 0; shift -= 4) {
        *at++ = digits[value >> shift & 15];
    }
    return at;
}

const char *net_addr_text(const NetAddr *addr, char out[NET_ADDR_TEXT_MAX])
{
    int gap, gap_len;
    char *at = out;

    longest_zeros(addr, &gap, &gap_len);
    for (int i = 0; i < GROUPS; i++) {
        if (i == gap) {
            *at++ = ':';
            *at++ = ':';
            i += gap_len - 1;
            continue;
        }
        if (i > 0 && i != gap + gap_len) {
            *at++ = ':';
        }
        at = write_hex(at, get_u16(addr->octet + 2 * i));
    }
    *at = '\0';
    return out;
}
