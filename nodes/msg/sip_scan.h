/*
 * nodes/msg/sip_scan.h - character classes and the scanner that the SIP decoders share (private to nodes/msg/sip*.c).
 *
 * Source:  RFC 3261 §25.1.
 * Knows:   single characters, LWS, tokens and quoted strings.  Every step is bounded by s->end.
 */
#ifndef PRESEC_NODES_MSG_SIP_SCAN_H
#define PRESEC_NODES_MSG_SIP_SCAN_H

#include "nodes/msg/sip_uri.h"

/* "%" of an escape is in none of the URI classes; uri_run in sip_uri.c reads it. */
enum {
    SIP_C_TOKEN = 1 << 0,    /* token */
    SIP_C_WORD = 1 << 1,     /* word, of Call-ID */
    SIP_C_USER = 1 << 2,     /* user: unreserved / user-unreserved */
    SIP_C_PASSWORD = 1 << 3, /* password */
    SIP_C_PARAM = 1 << 4,    /* paramchar of a URI */
    SIP_C_HEADER = 1 << 5,   /* hname and hvalue of a URI */
    SIP_C_URI = 1 << 6,      /* uric */
    SIP_C_HOST = 1 << 7,     /* hostname, IPv4address */
};

extern const uint8_t sip_char_class[256];

static inline bool sip_char_is(char c, unsigned classes)
{
    return (sip_char_class[(unsigned char)c] & classes) != 0;
}

static inline bool sip_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool sip_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

typedef struct {
    const char *p, *end;
} Scan;

static inline Scan scan_of(Text t)
{
    return (Scan){ t.p, text_end(t) };
}

static inline bool scan_at_end(const Scan *s)
{
    return s->p == s->end;
}

static inline void scan_space(Scan *s)
{
    while (s->p < s->end && text_is_space(*s->p))
        s->p++;
}

/* Step over @c if it is next. */
static inline bool scan_char(Scan *s, char c)
{
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

/* A run of at least one character of @classes. */
static inline bool scan_run(Scan *s, unsigned classes, Text *run)
{
    const char *from = s->p;
    while (s->p < s->end && sip_char_is(*s->p, classes))
        s->p++;
    *run = text_between(from, s->p);
    return run->len > 0;
}

static inline Text scan_rest(const Scan *s)
{
    return text_between(s->p, s->end);
}

/* A quoted string, with its quotes; the scanner stands on the first one.  False when it does not end. */
bool scan_quoted(Scan *s, Text *quoted);

/* Past @c with white space on both sides (SLASH, EQUAL, SEMI, COLON of RFC 3261 §25.1). */
static inline bool scan_separator(Scan *s, char c)
{
    scan_space(s);
    if (!scan_char(s, c))
        return false;
    scan_space(s);
    return true;
}

/* hostname / IPv4address / IPv6reference at the scanner; @host without brackets.  In sip_host.c. */
bool sip_host_read(Scan *s, Text *host, SipHostKind *kind);

#endif
