/*
 * nodes/msg/sip_fields.h - typed header fields: Via, CSeq, name-addr, Event, Subscription-State, numbers, Content-Type.
 *
 * Source:  RFC 3261 §20, §25.1; RFC 6665 §8.4; RFC 3581 (rport).
 * Knows:   values as text; every decoder is linear, allocates nothing and gives views into the message.
 *          false = absent or malformed.  What sip_parse checked (see there) cannot be malformed after SIP_OK.
 */
#ifndef PRESEC_NODES_MSG_SIP_FIELDS_H
#define PRESEC_NODES_MSG_SIP_FIELDS_H

#include "nodes/msg/sip.h"
#include "nodes/msg/sip_uri.h"

/* Parameters behind a value, one at a time: a=b;flag;c="quoted".  @params has no leading semicolon. */
typedef struct {
    Text rest; /* absent at the end */
    bool bad;  /* stopped at a malformed parameter */
} SipParams;

void sip_params(SipParams *it, Text params);
/* @value is absent for a flag; a quoted one keeps its quotes (sip_unquote). */
bool sip_params_next(SipParams *it, Text *name, Text *value);

/* Find one by name (ASCII case ignored): @value gets the token, host or quoted string; empty and present for a flag. */
bool sip_param(Text params, const char *name, Text *value);

/* Every parameter well formed. */
bool sip_params_valid(Text params);

/* "a \"b\"" to its content without the quotes, escapes still inside; other text unchanged. */
Text sip_unquote(Text text);
/* The same with the escapes removed and foldings made one space; returns the length, at most text.len. */
size_t sip_unquote_copy(Text text, char *out, size_t cap);

typedef struct {
    Text value;     /* the whole via-parm */
    Text transport; /* "UDP", any case */
    Text sent_by;   /* host[:port] as written */
    Text host;      /* without brackets */
    SipHostKind host_kind;
    uint16_t port; /* 0 = not given */
    Text params;
    Text branch; /* these four absent when not there */
    Text received;
    Text maddr;
    Text rport_text;
    bool has_rport; /* ;rport or ;rport=n */
    uint16_t rport; /* 0 without a value */
    int ttl;        /* -1 = none */
} SipVia;

bool sip_via_decode(Text value, SipVia *via) G_GNUC_WARN_UNUSED_RESULT;
/* The @n th Via of the message counted from the top, 0 first, over all headers.  To walk all of them use sip_values. */
bool sip_via(const SipMsg *msg, unsigned n, SipVia *via) G_GNUC_WARN_UNUSED_RESULT;
unsigned sip_via_count(const SipMsg *msg);

typedef struct {
    uint32_t number;
    SipMethod method;
    Text method_text;
} SipCseq;

bool sip_cseq(const SipMsg *msg, SipCseq *cseq) G_GNUC_WARN_UNUSED_RESULT;
bool sip_cseq_decode(Text value, SipCseq *cseq) G_GNUC_WARN_UNUSED_RESULT;

/* name-addr / addr-spec with its parameters: From, To, Contact, Route, Record-Route, Path, identities. */
typedef struct {
    Text value;
    Text display; /* as written, with quotes if it has them (sip_unquote); absent when there is none */
    Text uri;     /* without <> */
    Text params;  /* of the header, not of the URI; absent when there are none */
    Text tag;     /* absent when there is none */
    bool star;    /* Contact: * ; uri is "*" */
    bool angle;   /* written with <> */
} SipNameAddr;

bool sip_nameaddr_decode(Text value, SipNameAddr *addr) G_GNUC_WARN_UNUSED_RESULT;
/* First value of the header. */
bool sip_nameaddr(const SipMsg *msg, SipHeaderId id, SipNameAddr *addr) G_GNUC_WARN_UNUSED_RESULT;
/* The tag of From or To; absent when there is none. */
Text sip_tag(const SipMsg *msg, SipHeaderId id);

/* Max-Forwards (0..255), Expires, Min-Expires, Retry-After (0..2^32-1; a comment or parameters behind it are allowed).
 */
bool sip_number(const SipMsg *msg, SipHeaderId id, uint32_t *out) G_GNUC_WARN_UNUSED_RESULT;

/* What a registration or subscription asks for: the contact's expires, else Expires, else @otherwise.  @contact may be
 * NULL. */
uint32_t sip_expires(const SipMsg *msg, const SipNameAddr *contact, uint32_t otherwise);

typedef struct {
    Text package; /* "presence.winfo" */
    Text id;      /* absent when there is none */
    Text params;
} SipEvent;

bool sip_event_decode(Text value, SipEvent *event) G_GNUC_WARN_UNUSED_RESULT;
bool sip_event(const SipMsg *msg, SipEvent *event) G_GNUC_WARN_UNUSED_RESULT;

typedef enum { SIP_SUB_ACTIVE, SIP_SUB_PENDING, SIP_SUB_TERMINATED, SIP_SUB_OTHER } SipSubKind;

typedef struct {
    SipSubKind kind;
    Text state;
    Text reason; /* absent when there is none */
    bool has_expires, has_retry_after;
    uint32_t expires, retry_after; /* seconds */
    Text params;
} SipSubState;

bool sip_subscription_state_decode(Text value, SipSubState *state) G_GNUC_WARN_UNUSED_RESULT;
bool sip_subscription_state(const SipMsg *msg, SipSubState *state) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    Text type;    /* "application" */
    Text subtype; /* "pidf+xml" */
    Text params;  /* boundary, type, start ... */
} SipMediaType;

bool sip_media_type_decode(Text value, SipMediaType *type) G_GNUC_WARN_UNUSED_RESULT;
bool sip_content_type(const SipMsg *msg, SipMediaType *type) G_GNUC_WARN_UNUSED_RESULT;
/* Whether Content-Type is @full ("application/pidf+xml"), parameters aside. */
bool sip_content_is(const SipMsg *msg, const char *full);

/* Date: rfc1123-date, GMT only (RFC 3261 §20.17), to seconds since 1970. */
bool sip_date_decode(Text value, int64_t *unix_seconds) G_GNUC_WARN_UNUSED_RESULT;

#endif
