/*
 * nodes/msg/text.h - views of octets that live elsewhere: a datagram, a literal, an arena.
 *
 * A Text is a pointer and a length, never NUL-terminated, never owned.  One whose p is NULL is *absent*; one whose p is
 * set and whose length is 0 is *present and empty* (nonce="" is not the same as no nonce).
 * Knows:   octets and ASCII.  No locale, no allocation but in text_dup and text_unfold_dup.
 */
#ifndef PRESEC_NODES_MSG_TEXT_H
#define PRESEC_NODES_MSG_TEXT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const char *p;
    uint32_t len;
} Text;

/* A literal as a view: TEXT("sip") */
#define TEXT(literal) ((Text){ "" literal, (uint32_t)sizeof(literal) - 1 })
#define TEXT_NONE     ((Text){ NULL, 0 })
/* For printf-like calls: g_string_append_printf(out, "<" TEXT_FMT ">", TEXT_ARG(uri)) */
#define TEXT_FMT    "%.*s"
#define TEXT_ARG(t) (int)(t).len, (t).len > 0 ? (t).p : ""

static inline Text text_of(const char *p, size_t len)
{
    return (Text){ p, (uint32_t)len };
}

/* View of a C string; it stays the caller's. */
static inline Text text_from(const char *z)
{
    return (Text){ z, z != NULL ? (uint32_t)strlen(z) : 0 };
}

/* From @from (inside one buffer) up to, not including, @to. */
static inline Text text_between(const char *from, const char *to)
{
    return (Text){ from, (uint32_t)(to - from) };
}

static inline const char *text_end(Text t)
{
    return t.len > 0 ? t.p + t.len : t.p; /* an absent text has no address to count from */
}

static inline bool text_present(Text t)
{
    return t.p != NULL;
}

static inline bool text_equal(Text a, Text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

/* ASCII letters only; what SIP calls case-insensitive. */
bool text_equal_nocase(Text a, Text b);

static inline bool text_is(Text t, const char *z)
{
    return text_equal(t, text_from(z));
}

static inline bool text_is_nocase(Text t, const char *z)
{
    return text_equal_nocase(t, text_from(z));
}

static inline bool text_starts(Text t, const char *prefix)
{
    size_t n = strlen(prefix);
    return t.len >= n && memcmp(t.p, prefix, n) == 0;
}

bool text_starts_nocase(Text t, const char *prefix);

/* Without the first @n octets (fewer when there are fewer). */
static inline Text text_after(Text t, size_t n)
{
    return n >= t.len ? (Text){ text_end(t), 0 } : (Text){ t.p + n, t.len - (uint32_t)n };
}

/* The first @n octets (fewer when there are fewer). */
static inline Text text_first(Text t, size_t n)
{
    return (Text){ t.p, n < t.len ? (uint32_t)n : t.len };
}

/* Offset of the first @c, or t.len when there is none. */
static inline uint32_t text_find(Text t, char c)
{
    const char *hit = t.len > 0 ? memchr(t.p, c, t.len) : NULL;
    return hit != NULL ? (uint32_t)(hit - t.p) : t.len;
}

/* Offset of the first occurrence of @needle, or t.len when there is none. */
uint32_t text_find_text(Text t, Text needle);

/* SP, HTAB, and CR and LF, which inside a field value only fold it (RFC 3261 §25.1, LWS). */
static inline bool text_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static inline Text text_trim_left(Text t)
{
    while (t.len > 0 && text_is_space(t.p[0])) {
        t.p++;
        t.len--;
    }
    return t;
}

static inline Text text_trim(Text t)
{
    t = text_trim_left(t);
    while (t.len > 0 && text_is_space(t.p[t.len - 1]))
        t.len--;
    return t;
}

/*
 * Take the next piece up to @separator off the front of @rest; quotes mean nothing here.
 * Returns false when @rest is absent.  After the last piece @rest becomes absent.
 */
bool text_cut(Text *rest, char separator, Text *piece);

/* Decimal digits only, at least one, value at most @max; false otherwise, and @out is not touched. */
bool text_to_uint(Text t, uint64_t max, uint64_t *out) G_GNUC_WARN_UNUSED_RESULT;
bool text_to_u32(Text t, uint32_t max, uint32_t *out) G_GNUC_WARN_UNUSED_RESULT;

/* Value of a hexadecimal digit, or -1. */
static inline int text_hex_digit(char c)
{
    unsigned digit = (unsigned)(unsigned char)c - '0';
    unsigned letter = ((unsigned)(unsigned char)c | 32u) - 'a';
    return digit <= 9 ? (int)digit : letter <= 5 ? (int)letter + 10 : -1;
}

/* 2 * @n hexadecimal digits into @n octets; false when the length or a digit is wrong. */
bool text_to_octets(Text hex, uint8_t *out, size_t n) G_GNUC_WARN_UNUSED_RESULT;

/* Well-formed UTF-8 (RFC 3629 §4: no overlong forms, no surrogates).  NUL octets are allowed. */
bool text_is_utf8(Text t);

/* A copy with a terminating NUL, taken by the caller (g_free); NULL for an absent text. */
char *text_dup(Text t) G_GNUC_WARN_UNUSED_RESULT;

/* The same with every folding (CRLF and white space) made one space. */
char *text_unfold_dup(Text t) G_GNUC_WARN_UNUSED_RESULT;

/* memcmp order, shorter first among equals: the same on every machine. */
int text_compare(Text a, Text b);

#endif
