/*
 * nodes/msg/sip_write.h - make a message in a caller's buffer, and begin an answer to a request.
 *
 * Source:  RFC 3261 §7, §8.2.6 (generating the response), §12.1.1 (Record-Route in it).
 * Knows:   text and numbers; no locale, no printf.  An overflow is remembered: check only what sip_write_end returns.
 *          Octets are written as they are given; escaping (sip_uri_escape_user, sip_write_quoted) is the caller's.
 *
 *   SipWriter w;
 *   sip_write_init(&w, buffer, sizeof buffer);
 *   sip_write_request_line(&w, sip_method_name(SIP_SUBSCRIBE), uri);
 *   sip_write_header(&w, "Event", TEXT("presence"));
 *   sip_write_start(&w, "Via"); sip_write_z(&w, "SIP/2.0/UDP ["); ... sip_write_crlf(&w);
 *   size_t len = sip_write_end(&w, TEXT_NONE);
 */
#ifndef PRESEC_NODES_MSG_SIP_WRITE_H
#define PRESEC_NODES_MSG_SIP_WRITE_H

#include "nodes/msg/sip.h"

typedef struct {
    char *out; /* borrowed */
    size_t cap, len;
    bool overflow;
} SipWriter;

void sip_write_init(SipWriter *w, char *out, size_t cap);

/* Pieces */
void sip_write_text(SipWriter *w, Text text);
void sip_write_z(SipWriter *w, const char *z);
void sip_write_uint(SipWriter *w, uint64_t value);
void sip_write_hex(SipWriter *w, const uint8_t *octets, size_t n); /* lower case */
void sip_write_quoted(SipWriter *w, Text raw);                     /* in quotes, with " and \ escaped */
void sip_write_crlf(SipWriter *w);

/* Lines */
void sip_write_request_line(SipWriter *w, Text method, Text uri);
void sip_write_status_line(SipWriter *w, unsigned status, Text reason); /* absent reason: sip_reason(status) */
void sip_write_header(SipWriter *w, const char *name, Text value);
void sip_write_header_uint(SipWriter *w, const char *name, uint64_t value);
void sip_write_start(SipWriter *w, const char *name); /* "name: "; end it with sip_write_crlf */
/* Every header with the id, lines as they are (folds kept). */
void sip_write_copy(SipWriter *w, const SipMsg *from, SipHeaderId id);

/* Content-Length, the empty line and the body (TEXT_NONE: none).  Returns the length of the message, 0 after an
 * overflow. */
size_t sip_write_end(SipWriter *w, Text body) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Begin an answer: status line, every Via, From, To, Call-ID, CSeq, and Record-Route where a dialog may come of it
 * (101 to 299 for INVITE, SUBSCRIBE, NOTIFY, REFER; RFC 3261 §12.1.1, RFC 6665 §4.4).  Then add headers and
 * sip_write_end.
 *
 * @reason: absent: sip_reason(status)
 * @to_tag: put into To when it has no tag and status is not 100; absent: never
 * The request may be one that sip_parse refused, if sip_can_answer(request).
 */
void sip_reply_start(SipWriter *w, const SipMsg *request, unsigned status, Text reason, Text to_tag);

#endif
