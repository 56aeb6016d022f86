/*
 * nodes/msg/sip_uri.h - SIP, SIPS, tel and pres URIs.
 *
 * Source:  RFC 3261 §19.1, §25.1; RFC 3966; RFC 3859; RFC 3986 §3.1 for the rest.
 * Knows:   text.  A SipUri is views into the text it was read from.
 */
#ifndef PRESEC_NODES_MSG_SIP_URI_H
#define PRESEC_NODES_MSG_SIP_URI_H

#include "nodes/msg/text.h"

typedef enum {
    SIP_SCHEME_SIP,
    SIP_SCHEME_SIPS,
    SIP_SCHEME_TEL,
    SIP_SCHEME_PRES,
    SIP_SCHEME_IM,
    SIP_SCHEME_OTHER, /* legal, not ours: only all, scheme_text and opaque are set */
} SipScheme;

typedef enum { SIP_HOST_NONE, SIP_HOST_NAME, SIP_HOST_IPV4, SIP_HOST_IPV6 } SipHostKind;

typedef struct {
    Text all;
    SipScheme scheme;
    Text scheme_text;
    Text opaque; /* everything behind the colon */
    Text user;   /* as written, escapes and user parameters included; the number of a tel URI; may be absent */
    Text password;
    Text host; /* without the brackets of an IPv6 reference; absent in a tel URI */
    SipHostKind host_kind;
    uint16_t port; /* 0 = not given */
    Text params;   /* without the first semicolon; absent when there are none */
    Text headers;  /* without the question mark */
} SipUri;

/* Read a whole text as one absolute URI.  False: not a URI, bad escape, bad host, bad port, bad IPv6 reference. */
bool sip_uri(Text text, SipUri *uri) G_GNUC_WARN_UNUSED_RESULT;

/* A parameter of the URI; a flag such as ;lr gives an empty text.  False when there is none. */
bool sip_uri_param(const SipUri *uri, const char *name, Text *value);

/*
 * RFC 3261 §19.1.4 for sip and sips: user and password with case, the rest without; escapes of unreserved characters
 * are those characters; user, ttl, method, maddr and transport must be in both or in neither, other parameters only
 * agree where both have them; headers must agree.  IPv6 references are compared as addresses.  tel: RFC 3966 §4 (visual
 * separators do not count).  Other schemes: octets after the scheme.
 */
bool sip_uri_equal(const SipUri *a, const SipUri *b);

/* The same on two texts; false when one is not a URI. */
bool sip_uri_text_equal(Text a, Text b);

/*
 * Write the address-of-record as a key (RFC 3261 §10.3 step 5: no parameters, user unescaped to canonical form, host in
 * lower case): "sip:alice@home1.example".  Returns its length, 0 when it does not fit.  No terminating NUL.
 */
size_t sip_uri_canonical(const SipUri *uri, char *out, size_t cap);

/* Replace %HH; octets may come out that are no text (%00).  Returns the length (at most escaped.len), or -1 on a bad
 * escape. */
ptrdiff_t sip_uri_unescape(Text escaped, char *out, size_t cap);

/* Write @raw so that it may stand as the user part (RFC 3261 §25.1).  Returns the length, 0 when it does not fit. */
size_t sip_uri_escape_user(Text raw, char *out, size_t cap);

/* host / IPv4address / "[" IPv6 "]" alone; sets what was inside the brackets. */
bool sip_host(Text text, Text *host, SipHostKind *kind) G_GNUC_WARN_UNUSED_RESULT;

/* An IPv6 address in text (RFC 4291 §2.2, with an IPv4 tail or not), without brackets. */
bool sip_ipv6(Text text, uint8_t address[16]) G_GNUC_WARN_UNUSED_RESULT;

/* An IPv4 address in text: four decimal numbers of at most three digits, each at most 255. */
bool sip_ipv4(Text text, uint8_t address[4]) G_GNUC_WARN_UNUSED_RESULT;

#endif
