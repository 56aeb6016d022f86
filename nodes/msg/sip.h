/*
 * nodes/msg/sip.h - a SIP message as views into its octets.
 *
 * Source:  RFC 3261 §7, §18.3, §20, §25; compact names from RFC 3261 §7.3.3, RFC 3515, RFC 6665, RFC 4028, RFC 3841.
 * Knows:   one message.  No allocation, no transport, no transaction.  The caller owns the SipMsg and the octets, which
 *          must stay where they are for as long as a view of them is used.
 *
 * The parts: sip.h (message, headers, lists), sip_uri.h, sip_fields.h (typed header fields), sip_auth.h (Digest and
 * Security-*), sip_edit.h (change a message), sip_write.h (make one, answer one), sip_describe.h.
 */
#ifndef PRESEC_NODES_MSG_SIP_H
#define PRESEC_NODES_MSG_SIP_H

#include "nodes/msg/text.h"

#define SIP_MAX_HEADERS 96
#define SIP_MAX_OCTETS  65535

typedef enum {
    SIP_METHOD_UNKNOWN, /* a legal token that we do not know; SipMsg.method_text has it */
    SIP_REGISTER,
    SIP_SUBSCRIBE,
    SIP_NOTIFY,
    SIP_PUBLISH,
    SIP_MESSAGE,
    SIP_INVITE,
    SIP_ACK,
    SIP_BYE,
    SIP_CANCEL,
    SIP_OPTIONS,
    SIP_INFO,
    SIP_PRACK,
    SIP_UPDATE,
    SIP_REFER,
    SIP_N_METHODS,
} SipMethod;

typedef enum {
    SIP_H_OTHER, /* a header without an id: compare its name */
    SIP_H_VIA,
    SIP_H_FROM,
    SIP_H_TO,
    SIP_H_CALL_ID,
    SIP_H_CSEQ,
    SIP_H_MAX_FORWARDS,
    SIP_H_CONTACT,
    SIP_H_ROUTE,
    SIP_H_RECORD_ROUTE,
    SIP_H_PATH,
    SIP_H_SERVICE_ROUTE,
    SIP_H_EXPIRES,
    SIP_H_MIN_EXPIRES,
    SIP_H_AUTHORIZATION,
    SIP_H_WWW_AUTHENTICATE,
    SIP_H_PROXY_AUTHENTICATE,
    SIP_H_PROXY_AUTHORIZATION,
    SIP_H_AUTHENTICATION_INFO,
    SIP_H_SECURITY_CLIENT,
    SIP_H_SECURITY_SERVER,
    SIP_H_SECURITY_VERIFY,
    SIP_H_REQUIRE,
    SIP_H_PROXY_REQUIRE,
    SIP_H_SUPPORTED,
    SIP_H_UNSUPPORTED,
    SIP_H_EVENT,
    SIP_H_SUBSCRIPTION_STATE,
    SIP_H_CONTENT_TYPE,
    SIP_H_CONTENT_LENGTH,
    SIP_H_CONTENT_ENCODING,
    SIP_H_CONTENT_TRANSFER_ENCODING,
    SIP_H_CONTENT_DISPOSITION,
    SIP_H_CONTENT_ID,
    SIP_H_MIME_VERSION,
    SIP_H_ACCEPT,
    SIP_H_ALLOW,
    SIP_H_ALLOW_EVENTS,
    SIP_H_SIP_ETAG,
    SIP_H_SIP_IF_MATCH,
    SIP_H_P_ASSERTED_IDENTITY,
    SIP_H_P_PREFERRED_IDENTITY,
    SIP_H_P_ASSOCIATED_URI,
    SIP_H_P_ACCESS_NETWORK_INFO,
    SIP_H_P_VISITED_NETWORK_ID,
    SIP_H_P_CHARGING_VECTOR,
    SIP_H_P_CHARGING_FUNCTION_ADDRESSES,
    SIP_H_P_CALLED_PARTY_ID,
    SIP_H_PRIVACY,
    SIP_H_REFER_TO,
    SIP_H_REPLY_TO,
    SIP_H_DATE,
    SIP_H_TIMESTAMP,
    SIP_H_RETRY_AFTER,
    SIP_H_WARNING,
    SIP_H_USER_AGENT,
    SIP_H_SERVER,
    SIP_H_ORGANIZATION,
    SIP_H_SUBJECT,
    SIP_N_HEADER_IDS,
} SipHeaderId;

/*
 * One header field.  Its line begins with the name and runs to the next header's name (or to the empty line), so the
 * lines of all headers put together are the header section, octet for octet.
 */
typedef struct {
    Text value;       /* trimmed; holds CRLF and white space where the field is folded */
    const char *line; /* first octet of the name */
    uint16_t line_len;
    uint16_t name_len;
    uint8_t id;   /* SipHeaderId */
    uint8_t next; /* 1 + index of the next header with this id; 0 = none (always 0 for SIP_H_OTHER) */
    bool folded;
} SipHeader;

typedef struct SipMsg {
    Text all;        /* this message alone: start line to end of body */
    Text start_line; /* with its CRLF */
    bool is_request;
    SipMethod method; /* of the request; of the CSeq in a response (set by the checks, not by sip_split) */
    Text method_text;
    Text uri;        /* Request-URI; absent in a response */
    unsigned status; /* 100 to 699; 0 in a request */
    Text reason;     /* may be empty */
    Text body;       /* may be empty, never absent */
    bool has_content_length;
    uint8_t n_headers;
    uint8_t first[SIP_N_HEADER_IDS]; /* 1 + index of the first header with the id; 0 = none */
    uint8_t last[SIP_N_HEADER_IDS];
    /* After SIP_BAD: what is wrong (static text), at which octet, and the status to refuse it with: 400, 413 or 505. */
    const char *error;
    uint32_t error_at;
    uint16_t refuse_with;
    /* After SIP_INCOMPLETE: octets the message will have (without CRLFs before it), or 0 while its head is not
     * complete. */
    size_t needed;
    SipHeader headers[SIP_MAX_HEADERS]; /* n_headers of them, in order */
} SipMsg;

typedef enum {
    SIP_OK,
    SIP_INCOMPLETE, /* stream only: read more and call again */
    SIP_BAD,        /* must be refused; see error, error_at and sip_can_answer */
} SipParseResult;

/**
 * Split and check one datagram (RFC 3261 §18.3): octets behind Content-Length are cut off (msg->all says where the
 * message ends), a body shorter than it is SIP_BAD, without the header the body runs to the end.
 *
 * Checked: start line, version, Request-URI, header syntax (CRLF, UTF-8, names), the mandatory headers once each, CSeq
 * against the method and the 31 bits of RFC 3261 §8.1.1.5, every Via, From, To, Contact, Route, Record-Route, Path,
 * Service-Route and identity value, Max-Forwards, Expires, Date, hosts and IPv6 references.  Not checked: that schemes,
 * methods, options or events are known.  On SIP_BAD the message is filled as far as reading got.
 *
 * @msg:    out; no need to clear it before
 * @octets: borrowed by @msg
 */
SipParseResult sip_parse(SipMsg *msg, const char *octets, size_t len) G_GNUC_WARN_UNUSED_RESULT;

/**
 * The same from a byte stream (RFC 3261 §18.3, §20.14): Content-Length is mandatory and frames.
 *
 * @used: out; octets to drop from the front of the stream.  SIP_OK and SIP_BAD: the message with the CRLFs before it
 *        (keep-alives, RFC 3261 §7.5), or 0 with SIP_BAD when it could not be framed: then close the connection.
 *        SIP_INCOMPLETE: those CRLFs alone.
 */
SipParseResult sip_parse_stream(SipMsg *msg, const char *octets, size_t len, size_t *used) G_GNUC_WARN_UNUSED_RESULT;

/* Only split a datagram: start line, headers, Content-Length; no typed field is looked at.  For decoders and benches.
 */
SipParseResult sip_split(SipMsg *msg, const char *octets, size_t len) G_GNUC_WARN_UNUSED_RESULT;

/* The second half of sip_parse: the checks on a message that sip_split took.  Only SIP_OK or SIP_BAD. */
SipParseResult sip_check(SipMsg *msg) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a 400 can be sent to what sip_parse refused: a request (not ACK) with readable Via, From, To, Call-ID, CSeq.
 */
bool sip_can_answer(const SipMsg *msg);

/* The headers with one id, in order: for (const SipHeader *h = sip_first(m, id); h != NULL; h = sip_next(m, h)) */
static inline const SipHeader *sip_first(const SipMsg *msg, SipHeaderId id)
{
    return msg->first[id] > 0 ? &msg->headers[msg->first[id] - 1] : NULL;
}

static inline const SipHeader *sip_next(const SipMsg *msg, const SipHeader *header)
{
    return header->next > 0 ? &msg->headers[header->next - 1] : NULL;
}

static inline bool sip_has(const SipMsg *msg, SipHeaderId id)
{
    return msg->first[id] > 0;
}

/* Value of the first header with the id; absent when there is none. */
static inline Text sip_value(const SipMsg *msg, SipHeaderId id)
{
    return msg->first[id] > 0 ? msg->headers[msg->first[id] - 1].value : TEXT_NONE;
}

/* As written: may be compact, any case. */
static inline Text sip_name(const SipHeader *header)
{
    return (Text){ header->line, header->name_len };
}

/* With its line end. */
static inline Text sip_line(const SipHeader *header)
{
    return (Text){ header->line, header->line_len };
}

/* First header of this name, for names without an id; also finds those with one.  NULL when there is none. */
const SipHeader *sip_find(const SipMsg *msg, const char *name);

/*
 * Every value of a comma list over all headers of one id, commas in quotes and in <> left alone (RFC 3261 §7.3.1).
 * Not for headers whose one value has commas: Date, Authorization and the other authentication headers (sip_auth.h).
 * An empty header has no value; between two commas there is an empty one, which every typed decoder refuses.
 *
 *   SipValues it; Text value;
 *   for (sip_values(&it, msg, SIP_H_ROUTE); sip_values_next(&it, &value);) ...
 */
typedef struct {
    const SipMsg *msg;
    const SipHeader *header; /* the one the last value came from */
    Text rest;
} SipValues;

void sip_values(SipValues *it, const SipMsg *msg, SipHeaderId id);
void sip_values_text(SipValues *it, Text list); /* over one text instead */
bool sip_values_next(SipValues *it, Text *value);

/* Whether @token is one of the values of the header (option tags, methods, event packages); ASCII case ignored. */
bool sip_lists(const SipMsg *msg, SipHeaderId id, const char *token);

SipMethod sip_method_from(Text name); /* case matters, RFC 3261 §7.1 */
Text sip_method_name(SipMethod method);
SipHeaderId sip_header_id(Text name); /* full or compact, any case */
Text sip_header_name(SipHeaderId id); /* as the RFCs write it */

/* Reason phrase of RFC 3261 §21 and the presence RFCs; "Error" and the like by class for others. */
Text sip_reason(unsigned status);

#endif
