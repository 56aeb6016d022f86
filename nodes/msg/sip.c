/*
 * nodes/msg/sip.c - split a message into its start line, header fields and body.
 *
 * Source:  RFC 3261 §7 (form), §7.3.1 (folding, lists), §18.3 (framing), §20.14 (Content-Length).
 * Knows:   lines and names, nothing of what a value means but Content-Length; sip_check.c does the rest.
 *          One pass; a line is found by memchr, a value is looked at sixteen octets at a time.
 *
 * A fault that leaves the structure readable (a bad request line, a nameless header) is remembered and splitting goes
 * on, so that a 400 can still be sent; one that does not (a bare LF, too many headers) stops it.
 */
#include "nodes/msg/sip.h"
#include "nodes/msg/sip_scan.h"

typedef enum {
    SPLIT_OK, /* up to the empty line; msg->error may be set */
    SPLIT_OUT_OF_OCTETS,
    SPLIT_UNREADABLE, /* msg->error is set, lines can no longer be told apart */
} SplitResult;

static void complain(SipMsg *msg, const char *at, unsigned status, const char *error)
{
    if (msg->error != NULL)
        return; /* the first one is the one to report */
    msg->error = error;
    msg->error_at = (uint32_t)(at - msg->all.p);
    msg->refuse_with = (uint16_t)status;
}

/* Sixteen octets at a time, as signed numbers: those of UTF-8 are negative. */
typedef int8_t Octets16 __attribute__((vector_size(16)));

static inline Octets16 unusual(const char *p)
{
    Octets16 x;
    memcpy(&x, p, sizeof x);
    return (x < 0x20) | (x == 0x7f);
}

/* Neither a control character nor DEL nor UTF-8: true of nearly every value. */
static bool all_printable(Text t)
{
    Octets16 found = { 0 };
    uint64_t halves[2];
    uint32_t i = 0;
    if (t.len < sizeof found) {
        for (; i < t.len; i++)
            if ((int8_t)t.p[i] < 0x20 || t.p[i] == 0x7f)
                return false;
        return true;
    }
    for (; i + sizeof found <= t.len; i += sizeof found)
        found |= unusual(t.p + i);
    found |= unusual(t.p + t.len - sizeof found); /* the rest, together with octets already seen */
    memcpy(halves, &found, sizeof halves);
    return (halves[0] | halves[1]) == 0;
}

/*
 * TEXT-UTF8 with folding, and control characters only as quoted-pairs (RFC 3261 §25.1; RFC 4475 §3.1.1.2 has NUL, BEL
 * and DEL so).  CR and LF only where they fold: the caller found the line ends, so a CR must be followed by LF here.
 */
static bool is_field_text(Text t)
{
    bool escaped = false;
    for (uint32_t i = 0; i < t.len; i++) {
        unsigned char c = (unsigned char)t.p[i];
        if (c == '\r') {
            if (i + 2 >= t.len || t.p[i + 1] != '\n' || (t.p[i + 2] != ' ' && t.p[i + 2] != '\t'))
                return false;
            i++;
        } else if (((c < 0x20 && c != '\t') || c == 0x7f) && !(escaped && c != '\n')) {
            return false;
        }
        escaped = c == '\\' && !escaped;
    }
    return text_is_utf8(t);
}

/* The LF that ends the line at @p; NULL when the octets end first, or with the error set when a CR is missing. */
static const char *line_end(SipMsg *msg, const char *p, const char *end)
{
    const char *lf = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
    if (lf != NULL && (lf == p || lf[-1] != '\r')) {
        complain(msg, lf, 400, "a line does not end in CRLF");
        return NULL;
    }
    return lf;
}

/* SIP-Version SP Status-Code SP Reason-Phrase */
static void split_status_line(SipMsg *msg, Text line)
{
    uint32_t status = 0;
    msg->is_request = false;
    if (!text_starts_nocase(line, "SIP/2.0 "))
        complain(msg, line.p, 505, "the version of the status line is not SIP/2.0");
    else if (line.len < 12 || line.p[11] != ' ' || !text_to_u32(text_first(text_after(line, 8), 3), 699, &status) ||
             status < 100)
        complain(msg, line.p + 8, 400, "the status code is not three digits from 100 to 699 and a space");
    else if (!all_printable(msg->reason = text_after(line, 12)) && !is_field_text(msg->reason))
        complain(msg, line.p + 12, 400, "the reason phrase is not UTF-8 text");
    msg->status = msg->error == NULL ? status : 0;
}

/* Method SP Request-URI SP SIP-Version, one space each */
static void split_request_line(SipMsg *msg, Text line)
{
    Scan s = scan_of(line);
    Text version;
    msg->is_request = true;
    if (!scan_run(&s, SIP_C_TOKEN, &msg->method_text) || !scan_char(&s, ' ')) {
        msg->method_text = TEXT_NONE;
        complain(msg, line.p, 400, "the start line is neither a request line nor a status line");
        return;
    }
    msg->method = sip_method_from(msg->method_text);
    Text rest = scan_rest(&s);
    msg->uri = text_first(rest, text_find(rest, ' '));
    version = text_after(rest, (size_t)msg->uri.len + 1);
    if (msg->uri.len == 0)
        complain(msg, s.p, 400, "the Request-URI is empty, or more than one space precedes it");
    else if (text_is_nocase(version, "SIP/2.0"))
        return;
    else if (text_starts_nocase(version, "SIP/") && text_find(version, ' ') == version.len)
        complain(msg, version.p, 505, "the version of the request line is not SIP/2.0");
    else
        complain(msg, version.p, 400, "the request line is not method, one space, URI, one space, version");
}

static SplitResult split_start_line(SipMsg *msg, const char **p, const char *end)
{
    const char *lf = line_end(msg, *p, end);
    if (lf == NULL)
        return msg->error != NULL ? SPLIT_UNREADABLE : SPLIT_OUT_OF_OCTETS;
    Text line = text_between(*p, lf - 1);
    msg->start_line = text_between(*p, lf + 1);
    if (text_starts_nocase(line, "SIP/"))
        split_status_line(msg, line);
    else
        split_request_line(msg, line);
    *p = lf + 1;
    return SPLIT_OK;
}

static void link_header(SipMsg *msg, SipHeader *header, unsigned number)
{
    SipHeaderId id = header->id;
    if (id == SIP_H_OTHER)
        return;
    if (msg->first[id] == 0)
        msg->first[id] = (uint8_t)number;
    else
        msg->headers[msg->last[id] - 1].next = (uint8_t)number;
    msg->last[id] = (uint8_t)number;
}

/* One header field with its continuation lines; *p moves to the next line. */
static SplitResult split_header(SipMsg *msg, const char **p, const char *end)
{
    const char *line = *p;
    const char *lf = line_end(msg, line, end);
    bool folded = false;
    while (lf != NULL && lf + 1 < end && (lf[1] == ' ' || lf[1] == '\t')) {
        folded = true;
        lf = line_end(msg, lf + 1, end);
    }
    if (lf == NULL)
        return msg->error != NULL ? SPLIT_UNREADABLE : SPLIT_OUT_OF_OCTETS;
    if (msg->n_headers == SIP_MAX_HEADERS) {
        complain(msg, line, 400, "more than 96 header fields");
        return SPLIT_UNREADABLE;
    }
    *p = lf + 1;
    Scan s = { line, lf - 1 };
    Text name;
    bool named = scan_run(&s, SIP_C_TOKEN, &name);
    scan_space(&s);
    if (!named || !scan_char(&s, ':')) {
        complain(msg, line, 400, "a header field is not a name and a colon");
        return SPLIT_OK;
    }
    Text value = text_trim(scan_rest(&s));
    if (!all_printable(value) && !is_field_text(value))
        complain(msg, value.p, 400, "a header field has octets that are no UTF-8 text");
    SipHeader *header = &msg->headers[msg->n_headers++];
    *header = (SipHeader){ .value = value,
                           .line = line,
                           .line_len = (uint16_t)(lf + 1 - line),
                           .name_len = (uint16_t)name.len,
                           .id = (uint8_t)sip_header_id(name),
                           .folded = folded };
    link_header(msg, header, msg->n_headers);
    return SPLIT_OK;
}

/* Start line and headers; *p moves to the first octet of the body. */
static SplitResult split_head(SipMsg *msg, const char **p, const char *end)
{
    SplitResult result = split_start_line(msg, p, end);
    while (result == SPLIT_OK) {
        if (end - *p >= 2 && (*p)[0] == '\r' && (*p)[1] == '\n') {
            *p += 2;
            return SPLIT_OK;
        }
        if (*p == end)
            return SPLIT_OUT_OF_OCTETS;
        result = split_header(msg, p, end);
    }
    return result;
}

/* Content-Length, if there is one that can be read; complains about one that cannot. */
static bool content_length(SipMsg *msg, uint32_t *length)
{
    const SipHeader *header = sip_first(msg, SIP_H_CONTENT_LENGTH);
    if (header == NULL)
        return false;
    if (header->next != 0) {
        complain(msg, header->line, 400, "more than one Content-Length");
        return false;
    }
    if (!text_to_u32(header->value, UINT32_MAX, length)) {
        complain(msg, header->value.p, 400, "Content-Length is not a number");
        return false;
    }
    msg->has_content_length = true;
    return true;
}

static void begin(SipMsg *msg, const char *octets, size_t len)
{
    memset(msg, 0, offsetof(SipMsg, headers)); /* the headers are written one by one */
    msg->all = text_of(octets, MIN(len, SIP_MAX_OCTETS));
    msg->body = text_of(octets, 0);
}

SipParseResult sip_split(SipMsg *msg, const char *octets, size_t len)
{
    uint32_t length = 0;
    begin(msg, octets, len);
    const char *p = octets, *end = text_end(msg->all);
    if (len > SIP_MAX_OCTETS) {
        complain(msg, octets, 413, "longer than 65535 octets");
        return SIP_BAD;
    }
    switch (split_head(msg, &p, end)) {
    case SPLIT_OUT_OF_OCTETS: complain(msg, end, 400, "no empty line ends the header fields"); return SIP_BAD;
    case SPLIT_UNREADABLE: return SIP_BAD;
    case SPLIT_OK: break;
    }
    msg->body = text_between(p, end);
    if (content_length(msg, &length)) {
        if (length > msg->body.len)
            complain(msg, sip_value(msg, SIP_H_CONTENT_LENGTH).p, 400, "the body is shorter than Content-Length");
        msg->body = text_first(msg->body, length); /* RFC 3261 §18.3: octets behind it are discarded */
    }
    msg->all.len = (uint32_t)(text_end(msg->body) - octets);
    return msg->error != NULL ? SIP_BAD : SIP_OK;
}

SipParseResult sip_parse(SipMsg *msg, const char *octets, size_t len)
{
    return sip_split(msg, octets, len) == SIP_OK ? sip_check(msg) : SIP_BAD;
}

/* The head of a stream's message is complete: frame the body. */
static SipParseResult frame(SipMsg *msg, const char *body, size_t skipped, size_t len, size_t *used)
{
    uint32_t length = 0;
    size_t head = (size_t)(body - msg->all.p);
    if (!content_length(msg, &length)) {
        complain(msg, msg->all.p, 400, "no Content-Length in a message from a stream"); /* RFC 3261 §18.3 */
        return SIP_BAD;
    }
    if (length > SIP_MAX_OCTETS - head) {
        complain(msg, sip_value(msg, SIP_H_CONTENT_LENGTH).p, 413, "longer than 65535 octets");
        return SIP_BAD;
    }
    if (skipped + head + length > len) {
        msg->needed = head + length;
        *used = skipped;
        return SIP_INCOMPLETE;
    }
    msg->body = text_of(body, length);
    msg->all.len = (uint32_t)(head + length);
    *used = skipped + msg->all.len;
    return msg->error != NULL ? SIP_BAD : sip_check(msg);
}

SipParseResult sip_parse_stream(SipMsg *msg, const char *octets, size_t len, size_t *used)
{
    size_t skipped = 0;
    while (len - skipped >= 2 && octets[skipped] == '\r' && octets[skipped + 1] == '\n')
        skipped += 2;
    const char *p = skipped > 0 ? octets + skipped : octets;
    *used = skipped;
    begin(msg, p, len - skipped);
    if (len == skipped || (len - skipped == 1 && *p == '\r'))
        return SIP_INCOMPLETE;
    *used = 0;
    switch (split_head(msg, &p, text_end(msg->all))) {
    case SPLIT_OK: return frame(msg, p, skipped, len, used);
    case SPLIT_UNREADABLE: return SIP_BAD;
    case SPLIT_OUT_OF_OCTETS:
        if (len - skipped < SIP_MAX_OCTETS) {
            *used = skipped;
            return SIP_INCOMPLETE;
        }
        complain(msg, octets, 413, "the header fields are longer than 65535 octets");
        return SIP_BAD;
    }
    return SIP_BAD;
}

const SipHeader *sip_find(const SipMsg *msg, const char *name)
{
    for (unsigned i = 0; i < msg->n_headers; i++)
        if (text_is_nocase(sip_name(&msg->headers[i]), name))
            return &msg->headers[i];
    return NULL;
}

/* An empty header has no value. */
static Text present_if_any(Text list)
{
    return list.len > 0 ? list : TEXT_NONE;
}

void sip_values(SipValues *it, const SipMsg *msg, SipHeaderId id)
{
    *it = (SipValues){ .msg = msg, .header = sip_first(msg, id) };
    if (it->header != NULL)
        it->rest = present_if_any(it->header->value);
}

void sip_values_text(SipValues *it, Text list)
{
    *it = (SipValues){ .rest = present_if_any(list) };
}

/* Up to the next comma that is neither in quotes nor in <>. */
static const char *value_end(Text list)
{
    const char *p = list.p, *end = text_end(list);
    if (text_find(list, ',') == list.len)
        return end;
    for (bool quoted = false, angle = false; p < end; p++) {
        if (quoted) {
            if (*p == '\\' && p + 1 < end)
                p++;
            else if (*p == '"')
                quoted = false;
        } else if (*p == '"') {
            quoted = true;
        } else if (*p == '<' || *p == '>') {
            angle = *p == '<';
        } else if (*p == ',' && !angle) {
            break;
        }
    }
    return p;
}

bool sip_values_next(SipValues *it, Text *value)
{
    while (it->rest.p == NULL) { /* this header is done */
        if (it->header == NULL || (it->header = sip_next(it->msg, it->header)) == NULL)
            return false;
        it->rest = present_if_any(it->header->value);
    }
    const char *end = value_end(it->rest);
    *value = text_trim(text_between(it->rest.p, end));
    it->rest = end < text_end(it->rest) ? text_between(end + 1, text_end(it->rest)) : TEXT_NONE;
    return true;
}

bool sip_lists(const SipMsg *msg, SipHeaderId id, const char *token)
{
    SipValues it;
    Text value;
    for (sip_values(&it, msg, id); sip_values_next(&it, &value);)
        if (text_is_nocase(value, token))
            return true;
    return false;
}
