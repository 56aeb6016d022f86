/*
 * nodes/msg/sip_edit.c - splices over the octets of a message.
 *
 * Source:  RFC 3261 §16.6, §16.7 (what a proxy changes), §7.3.1 (header order among different names is free, values of
 * one are not). Knows:   positions and texts.
 */
#include "nodes/msg/sip_edit.h"

void sip_edit_init(SipEdit *edit, const SipMsg *msg)
{
    edit->msg = msg;
    edit->n = 0;
    edit->failed = false;
    edit->has_body = false;
    edit->body = TEXT_NONE;
    edit->n_digits = 0;
}

/*
 * Keep the splices in order of position.  At one position an insertion stands before a cut that begins there, and among
 * insertions the order of the calls decides.  Two cuts of one octet, or an insertion inside a cut, fail.
 */
static void add_splice(SipEdit *edit, const char *at, uint32_t cut, Text name, Text with)
{
    Text all = edit->msg->all;
    unsigned i = edit->n;
    if (edit->failed || i == SIP_EDIT_MAX || at < all.p || at > text_end(all) || cut > (size_t)(text_end(all) - at)) {
        edit->failed = true;
        return;
    }
    uint32_t offset = (uint32_t)(at - all.p);
    SipSplice *list = edit->splices;
    while (i > 0 && (list[i - 1].at > offset || (list[i - 1].at == offset && cut == 0 && list[i - 1].cut > 0))) {
        list[i] = list[i - 1];
        i--;
    }
    list[i] = (SipSplice){ .at = offset, .cut = cut, .name = name, .with = with };
    edit->n++;
    bool inside_last = i > 0 && list[i - 1].at + list[i - 1].cut > offset;
    bool over_next = i + 1 < edit->n && offset + cut > list[i + 1].at;
    if (inside_last || over_next)
        edit->failed = true;
}

void sip_edit_replace(SipEdit *edit, Text what, Text with)
{
    add_splice(edit, what.p, what.len, TEXT_NONE, with);
}

void sip_edit_insert_at(SipEdit *edit, const char *position, Text text)
{
    add_splice(edit, position, 0, TEXT_NONE, text);
}

void sip_edit_insert_before(SipEdit *edit, const SipHeader *header, Text name, Text value)
{
    add_splice(edit, header->line, 0, name, value);
}

void sip_edit_insert_after(SipEdit *edit, const SipHeader *header, Text name, Text value)
{
    add_splice(edit, header->line + header->line_len, 0, name, value);
}

/* Behind the last header line: the empty line. */
static const char *head_end(const SipMsg *msg)
{
    return msg->n_headers > 0 ? text_end(sip_line(&msg->headers[msg->n_headers - 1])) : text_end(msg->start_line);
}

void sip_edit_append(SipEdit *edit, Text name, Text value)
{
    add_splice(edit, head_end(edit->msg), 0, name, value);
}

void sip_edit_push(SipEdit *edit, SipHeaderId id, Text value)
{
    const SipHeader *first = sip_first(edit->msg, id);
    const char *at = first != NULL ? first->line : text_end(edit->msg->start_line);
    add_splice(edit, at, 0, sip_header_name(id), value);
}

void sip_edit_remove(SipEdit *edit, const SipHeader *header)
{
    add_splice(edit, header->line, header->line_len, TEXT_NONE, TEXT_NONE);
}

void sip_edit_remove_all(SipEdit *edit, SipHeaderId id)
{
    for (const SipHeader *h = sip_first(edit->msg, id); h != NULL; h = sip_next(edit->msg, h))
        sip_edit_remove(edit, h);
}

void sip_edit_pop(SipEdit *edit, SipHeaderId id)
{
    const SipHeader *header = sip_first(edit->msg, id);
    SipValues it;
    Text top, next;
    if (header == NULL) {
        edit->failed = true;
        return;
    }
    sip_values_text(&it, header->value);
    if (!sip_values_next(&it, &top) || !sip_values_next(&it, &next))
        sip_edit_remove(edit, header);
    else
        sip_edit_replace(edit, text_between(header->value.p, next.p), TEXT_NONE);
}

void sip_edit_set(SipEdit *edit, SipHeaderId id, Text value)
{
    const SipHeader *first = sip_first(edit->msg, id);
    if (first == NULL) {
        sip_edit_append(edit, sip_header_name(id), value);
        return;
    }
    sip_edit_replace(edit, first->value, value);
    for (const SipHeader *h = sip_next(edit->msg, first); h != NULL; h = sip_next(edit->msg, h))
        sip_edit_remove(edit, h);
}

/* Decimal digits at the end of @buffer; returns where they begin. */
static char *digits_of(uint64_t value, char *buffer, size_t size)
{
    char *p = buffer + size;
    do {
        *--p = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    return p;
}

void sip_edit_set_uint(SipEdit *edit, SipHeaderId id, uint32_t value)
{
    char buffer[10];
    char *from = digits_of(value, buffer, sizeof buffer);
    size_t n = (size_t)(buffer + sizeof buffer - from);
    if (n > sizeof edit->digits - edit->n_digits) {
        edit->failed = true;
        return;
    }
    memcpy(edit->digits + edit->n_digits, from, n);
    sip_edit_set(edit, id, text_of(edit->digits + edit->n_digits, n));
    edit->n_digits += (unsigned)n;
}

void sip_edit_set_uri(SipEdit *edit, Text uri)
{
    if (edit->msg->is_request)
        sip_edit_replace(edit, edit->msg->uri, uri);
    else
        edit->failed = true;
}

void sip_edit_remove_param(SipEdit *edit, const SipHeader *header, Text span, char separator)
{
    const char *from = span.p, *to = text_end(span);
    const char *begin = header->value.p, *end = text_end(header->value);
    const char *before = from;
    while (before > begin && text_is_space(before[-1]))
        before--;
    if (before > begin && before[-1] == separator) {
        from = before - 1;
    } else {
        const char *behind = to;
        while (behind < end && text_is_space(*behind))
            behind++;
        if (behind < end && *behind == separator) {
            to = behind + 1;
            while (to < end && text_is_space(*to))
                to++;
        }
    }
    sip_edit_replace(edit, text_between(from, to), TEXT_NONE);
}

void sip_edit_set_body(SipEdit *edit, Text body)
{
    edit->has_body = true;
    edit->body = body;
}

/* Where octets go; without a place they are only counted. */
typedef struct {
    char *out;
    size_t cap, len;
} Sink;

static inline void sink_put(Sink *sink, const char *p, size_t n)
{
    if (n > 0 && sink->out != NULL && n <= sink->cap - MIN(sink->len, sink->cap))
        memcpy(sink->out + sink->len, p, n);
    sink->len += n;
}

static void sink_splice(Sink *sink, const SipSplice *splice)
{
    if (!text_present(splice->name)) {
        sink_put(sink, splice->with.p, splice->with.len);
        return;
    }
    sink_put(sink, splice->name.p, splice->name.len);
    sink_put(sink, ": ", 2);
    sink_put(sink, splice->with.p, splice->with.len);
    sink_put(sink, "\r\n", 2);
}

static bool write_splices(const SipEdit *edit, Sink *sink)
{
    Text all = edit->msg->all;
    uint32_t done = 0;
    uint32_t stop = edit->has_body ? (uint32_t)(edit->msg->body.p - all.p) : all.len;
    for (unsigned i = 0; i < edit->n; i++) {
        const SipSplice *splice = &edit->splices[i];
        if (splice->at + splice->cut > stop)
            return false; /* a splice in a body that is replaced */
        sink_put(sink, all.p + done, splice->at - done);
        sink_splice(sink, splice);
        done = splice->at + splice->cut;
    }
    sink_put(sink, all.p + done, stop - done);
    return true;
}

static bool write_all(const SipEdit *edit, Sink *sink)
{
    if (edit->failed)
        return false;
    if (!edit->has_body)
        return write_splices(edit, sink);
    SipEdit with_length = *edit;
    sip_edit_set_uint(&with_length, SIP_H_CONTENT_LENGTH, edit->body.len);
    if (with_length.failed || !write_splices(&with_length, sink))
        return false;
    sink_put(sink, edit->body.p, edit->body.len);
    return true;
}

size_t sip_edit_size(const SipEdit *edit)
{
    Sink sink = { NULL, 0, 0 };
    return write_all(edit, &sink) ? sink.len : 0;
}

size_t sip_edit_write(const SipEdit *edit, char *out, size_t cap)
{
    Sink sink = { out, cap, 0 };
    return write_all(edit, &sink) && sink.len <= cap ? sink.len : 0;
}
