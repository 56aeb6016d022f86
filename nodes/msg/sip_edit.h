/*
 * nodes/msg/sip_edit.h - change a message and leave every other octet as it was.
 *
 * Source:  RFC 3261 §16.6 (what a proxy changes; it must not reorder or rewrite the rest, §7.3.1, §16.6 step 3).
 * Knows:   an edit is a list of splices over the original octets; writing copies the unchanged runs between them.
 *          No allocation: texts given must stay valid until sip_edit_write (numbers are kept inside the SipEdit).
 *          Splices may not overlap.  Too many (SIP_EDIT_MAX), overlapping or impossible ones make the edit fail for
 * good; sip_edit_write then gives 0, so that single calls need not be checked.
 */
#ifndef PRESEC_NODES_MSG_SIP_EDIT_H
#define PRESEC_NODES_MSG_SIP_EDIT_H

#include "nodes/msg/sip.h"

#define SIP_EDIT_MAX 64

typedef struct {
    uint32_t at, cut; /* octets of the original that go */
    Text name;        /* present: write "name: with CRLF"; absent: write with alone */
    Text with;
} SipSplice;

typedef struct {
    const SipMsg *msg;               /* borrowed */
    SipSplice splices[SIP_EDIT_MAX]; /* by position; at one position in the order of the calls */
    unsigned n;
    bool failed;
    bool has_body; /* a new body was given */
    Text body;
    unsigned n_digits;
    char digits[128]; /* numbers written by the edit itself */
} SipEdit;

void sip_edit_init(SipEdit *edit, const SipMsg *msg);

/* @what: a view into the message; @with: what stands there instead (TEXT_NONE or empty: nothing). */
void sip_edit_replace(SipEdit *edit, Text what, Text with);
/* Put @text right before or behind a view into the message, as it is. */
void sip_edit_insert_at(SipEdit *edit, const char *position, Text text);

/* Header lines: "name: value" before or behind the line of @header. */
void sip_edit_insert_before(SipEdit *edit, const SipHeader *header, Text name, Text value);
void sip_edit_insert_after(SipEdit *edit, const SipHeader *header, Text name, Text value);
/* Behind the last header. */
void sip_edit_append(SipEdit *edit, Text name, Text value);
/*
 * As the topmost value of @id: before the first header with it, else before the first header of the message.  Of
 * several pushes of one id the first call ends on top.
 */
void sip_edit_push(SipEdit *edit, SipHeaderId id, Text value);

void sip_edit_remove(SipEdit *edit, const SipHeader *header);
void sip_edit_remove_all(SipEdit *edit, SipHeaderId id);
/* Take the topmost value away: the line when it is the only one in it, else the value and its comma (RFC 3261 §16.4,
 * §16.7). */
void sip_edit_pop(SipEdit *edit, SipHeaderId id);

/* The first header with the id gets this value, others with the id go; appended when there is none. */
void sip_edit_set(SipEdit *edit, SipHeaderId id, Text value);
void sip_edit_set_uint(SipEdit *edit, SipHeaderId id, uint32_t value);

void sip_edit_set_uri(SipEdit *edit, Text uri);

/*
 * Remove @span, a parameter inside a value, with one separator next to it (the one before, or for the first of an
 * auth-param list the one behind it).  @separator is ';' or ','.
 */
void sip_edit_remove_param(SipEdit *edit, const SipHeader *header, Text span, char separator);

/* A new body (may be empty); Content-Length follows.  Without this, the body and Content-Length are left alone. */
void sip_edit_set_body(SipEdit *edit, Text body);

/* Octets that sip_edit_write will write; 0 when the edit failed. */
size_t sip_edit_size(const SipEdit *edit);
/* Returns the octets written, 0 when the edit failed or @cap is too small.  @out must not overlap the message. */
size_t sip_edit_write(const SipEdit *edit, char *out, size_t cap) G_GNUC_WARN_UNUSED_RESULT;

#endif
