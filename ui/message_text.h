/*
 * ui/message_text.h - the lines of a SIP message as it was sent, by the names of its headers.
 *
 * Source:  RFC 3261 §7.3 (a header may be folded, its name's case does not matter); §20 for the compact forms.
 * Knows:   text.  Values are for people: a message is parsed by nodes/msg/sip.h, never here.
 */
#ifndef PRESEC_UI_MESSAGE_TEXT_H
#define PRESEC_UI_MESSAGE_TEXT_H

#include "sim/trace.h"

#include <glib.h>

/* The lines of a message, start line first, an empty line before the body; ended by NULL.  What is no text is escaped,
 * so that a body in binary can be shown.  @record: SEND or RECEIVE */
char **message_lines(const TraceRecord *record) G_GNUC_WARN_UNUSED_RESULT;

/* The name in front of a header's colon; "" when the line is none.  g_free. */
char *message_line_name(const char *line) G_GNUC_WARN_UNUSED_RESULT;

/* The value of the first header of this name; NULL: it is not there. */
char *message_header(const TraceRecord *record, const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* The value of a parameter ("nonce", "expires") in a header's value, quotation marks taken off; NULL: it is not there.
 */
char *message_parameter(const char *value, const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* How many octets follow the headers. */
size_t message_body_len(const TraceRecord *record);

#endif
