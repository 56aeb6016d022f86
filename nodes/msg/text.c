/*
 * nodes/msg/text.c - views of octets: comparison, numbers, UTF-8, copies.
 *
 * Source:  RFC 3629 §4 (UTF-8); RFC 3261 §25.1 (folding).
 * Knows:   octets and ASCII.
 */
#include "nodes/msg/text.h"

static inline unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

bool text_equal_nocase(Text a, Text b)
{
    if (a.len != b.len)
        return false;
    for (uint32_t i = 0; i < a.len; i++)
        if (a.p[i] != b.p[i] && lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

bool text_starts_nocase(Text t, const char *prefix)
{
    size_t n = strlen(prefix);
    return t.len >= n && text_equal_nocase(text_first(t, n), text_of(prefix, n));
}

uint32_t text_find_text(Text t, Text needle)
{
    if (needle.len == 0)
        return 0;
    const char *hit = t.len > 0 ? memmem(t.p, t.len, needle.p, needle.len) : NULL;
    return hit != NULL ? (uint32_t)(hit - t.p) : t.len;
}

bool text_cut(Text *rest, char separator, Text *piece)
{
    if (rest->p == NULL)
        return false;
    uint32_t at = text_find(*rest, separator);
    *piece = text_first(*rest, at);
    *rest = at < rest->len ? text_after(*rest, (size_t)at + 1) : TEXT_NONE;
    return true;
}

bool text_to_uint(Text t, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;
    bool may_overflow = t.len > 19; /* 10^19 - 1 is below 2^64 */
    if (t.len == 0)
        return false;
    for (uint32_t i = 0; i < t.len; i++) {
        unsigned digit = (unsigned)(unsigned char)t.p[i] - '0';
        if (digit > 9 || (may_overflow && (value > UINT64_MAX / 10 || value * 10 > UINT64_MAX - digit)))
            return false;
        value = value * 10 + digit;
    }
    if (value > max)
        return false;
    *out = value;
    return true;
}

bool text_to_u32(Text t, uint32_t max, uint32_t *out)
{
    uint64_t value;
    if (!text_to_uint(t, max, &value))
        return false;
    *out = (uint32_t)value;
    return true;
}

bool text_to_octets(Text hex, uint8_t *out, size_t n)
{
    if (hex.len != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        int high = text_hex_digit(hex.p[2 * i]), low = text_hex_digit(hex.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* Octets of the sequence that starts at @p, 0 when it is not well formed (RFC 3629 §4). */
static unsigned utf8_sequence(const unsigned char *p, size_t left)
{
    unsigned n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    if (n == 0 || n > left)
        return 0;
    for (unsigned i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
    bool outside = (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf4 && p[1] > 0x8f);
    return overlong || outside ? 0 : n;
}

bool text_is_utf8(Text t)
{
    for (uint32_t i = 0; i < t.len;) {
        unsigned n = utf8_sequence((const unsigned char *)t.p + i, t.len - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

char *text_dup(Text t)
{
    if (t.p == NULL)
        return NULL;
    char *copy = g_malloc((size_t)t.len + 1);
    memcpy(copy, t.p, t.len);
    copy[t.len] = '\0';
    return copy;
}

char *text_unfold_dup(Text t)
{
    char *copy = text_dup(t);
    if (copy == NULL)
        return NULL;
    uint32_t n = 0;
    for (uint32_t i = 0; i < t.len;) {
        if (t.p[i] != '\r' && t.p[i] != '\n') {
            copy[n++] = t.p[i++];
            continue;
        }
        while (i < t.len && text_is_space(t.p[i]))
            i++;
        copy[n++] = ' ';
    }
    copy[n] = '\0';
    return copy;
}

int text_compare(Text a, Text b)
{
    uint32_t n = MIN(a.len, b.len);
    int order = n > 0 ? memcmp(a.p, b.p, n) : 0;
    return order != 0 ? order : a.len < b.len ? -1 : a.len > b.len;
}
