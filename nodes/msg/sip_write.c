/*
 * nodes/msg/sip_write.c - messages into a buffer.
 *
 * Source:  RFC 3261 §7, §8.2.6, §12.1.1.
 * Knows:   text and numbers.
 */
#include "nodes/msg/sip_write.h"
#include "nodes/msg/sip_fields.h"

void sip_write_init(SipWriter *w, char *out, size_t cap)
{
    *w = (SipWriter){ .out = out, .cap = cap };
}

static inline void put(SipWriter *w, const char *p, size_t n)
{
    if (n > w->cap - w->len) {
        w->overflow = true;
        return;
    }
    if (n > 0)
        memcpy(w->out + w->len, p, n);
    w->len += n;
}

void sip_write_text(SipWriter *w, Text text)
{
    put(w, text.p, text.len);
}

void sip_write_z(SipWriter *w, const char *z)
{
    put(w, z, strlen(z));
}

void sip_write_uint(SipWriter *w, uint64_t value)
{
    char digits[20], *p = digits + sizeof digits;
    do {
        *--p = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    put(w, p, (size_t)(digits + sizeof digits - p));
}

void sip_write_hex(SipWriter *w, const uint8_t *octets, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        char pair[2] = { digits[octets[i] >> 4], digits[octets[i] & 15] };
        put(w, pair, 2);
    }
}

void sip_write_quoted(SipWriter *w, Text raw)
{
    put(w, "\"", 1);
    for (uint32_t i = 0; i < raw.len; i++) {
        if (raw.p[i] == '"' || raw.p[i] == '\\')
            put(w, "\\", 1);
        put(w, raw.p + i, 1);
    }
    put(w, "\"", 1);
}

void sip_write_crlf(SipWriter *w)
{
    put(w, "\r\n", 2);
}

void sip_write_request_line(SipWriter *w, Text method, Text uri)
{
    sip_write_text(w, method);
    put(w, " ", 1);
    sip_write_text(w, uri);
    put(w, " SIP/2.0\r\n", 10);
}

void sip_write_status_line(SipWriter *w, unsigned status, Text reason)
{
    put(w, "SIP/2.0 ", 8);
    sip_write_uint(w, status);
    put(w, " ", 1);
    sip_write_text(w, text_present(reason) ? reason : sip_reason(status));
    sip_write_crlf(w);
}

void sip_write_start(SipWriter *w, const char *name)
{
    sip_write_z(w, name);
    put(w, ": ", 2);
}

void sip_write_header(SipWriter *w, const char *name, Text value)
{
    sip_write_start(w, name);
    sip_write_text(w, value);
    sip_write_crlf(w);
}

void sip_write_header_uint(SipWriter *w, const char *name, uint64_t value)
{
    sip_write_start(w, name);
    sip_write_uint(w, value);
    sip_write_crlf(w);
}

void sip_write_copy(SipWriter *w, const SipMsg *from, SipHeaderId id)
{
    for (const SipHeader *h = sip_first(from, id); h != NULL; h = sip_next(from, h))
        sip_write_text(w, sip_line(h));
}

size_t sip_write_end(SipWriter *w, Text body)
{
    sip_write_header_uint(w, "Content-Length", body.len);
    sip_write_crlf(w);
    sip_write_text(w, body);
    return w->overflow ? 0 : w->len;
}

static void copy_first(SipWriter *w, const SipMsg *from, SipHeaderId id)
{
    const SipHeader *h = sip_first(from, id);
    if (h != NULL)
        sip_write_text(w, sip_line(h));
}

/* RFC 3261 §8.2.6.2: the To of the request, with our tag if it had none.  A To that cannot be read stays as it is. */
static void write_to(SipWriter *w, const SipMsg *request, unsigned status, Text to_tag)
{
    const SipHeader *to = sip_first(request, SIP_H_TO);
    SipNameAddr addr;
    if (to == NULL)
        return;
    if (status == 100 || !text_present(to_tag) || !sip_nameaddr_decode(to->value, &addr) || text_present(addr.tag)) {
        sip_write_text(w, sip_line(to));
        return;
    }
    sip_write_text(w, text_between(to->line, text_end(to->value)));
    put(w, ";tag=", 5);
    sip_write_text(w, to_tag);
    sip_write_crlf(w);
}

static bool may_make_dialog(SipMethod method, unsigned status)
{
    bool makes = method == SIP_INVITE || method == SIP_SUBSCRIBE || method == SIP_NOTIFY || method == SIP_REFER;
    return makes && status > 100 && status < 300;
}

void sip_reply_start(SipWriter *w, const SipMsg *request, unsigned status, Text reason, Text to_tag)
{
    sip_write_status_line(w, status, reason);
    sip_write_copy(w, request, SIP_H_VIA);
    if (may_make_dialog(request->method, status))
        sip_write_copy(w, request, SIP_H_RECORD_ROUTE);
    copy_first(w, request, SIP_H_FROM);
    write_to(w, request, status, to_tag);
    copy_first(w, request, SIP_H_CALL_ID);
    copy_first(w, request, SIP_H_CSEQ);
}
