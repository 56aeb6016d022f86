/*
 * nodes/msg/mime.c - MIME entities and multipart bodies.
 */
#include "nodes/msg/mime.h"
#include "nodes/msg/sip_fields.h"

const char *mime_result_text(MimeResult result)
{
    switch (result) {
    case MIME_OK: return "well formed";
    case MIME_BAD_HEADER: return "a header line is malformed";
    case MIME_NO_BODY: return "no empty line ends the header";
    case MIME_TOO_MANY: return "too many header lines";
    case MIME_ENCODED: return "a transfer encoding that SIP does not need";
    }
    g_assert_not_reached();
}

/* --- reading an entity --- */

/* A line up to its CRLF, which is passed; a line that goes on behind it (folding) is one line.  False: no CRLF. */
static bool take_line(Text *rest, Text *line)
{
    Text from = *rest;
    for (Text at = from;;) {
        uint32_t lf = text_find(at, '\n');
        if (lf == at.len || lf == 0 || at.p[lf - 1] != '\r')
            return false;
        at = text_after(at, (size_t)lf + 1);
        bool empty = at.p - from.p == 2;
        if (!empty && at.len > 0 && (at.p[0] == ' ' || at.p[0] == '\t'))
            continue;
        *line = text_between(from.p, at.p - 2);
        *rest = at;
        return true;
    }
}

static bool is_token(Text text)
{
    for (uint32_t i = 0; i < text.len; i++)
        if (text.p[i] <= ' ' || text.p[i] >= 0x7f || strchr("()<>@,;:\\\"/[]?=", text.p[i]) != NULL)
            return false;
    return text.len > 0;
}

static bool split_line(Text line, Text *name, Text *value)
{
    uint32_t colon = text_find(line, ':');
    *name = text_first(line, colon);
    *value = text_trim(text_after(line, (size_t)colon + 1));
    return colon < line.len && is_token(*name) && text_find(*value, '\0') == value->len;
}

static bool is_plain_encoding(Text encoding)
{
    return !text_present(encoding) || text_is_nocase(encoding, "binary") || text_is_nocase(encoding, "8bit") ||
           text_is_nocase(encoding, "7bit");
}

MimeResult mime_entity_parse(Text octets, MimeEntity *out)
{
    Text rest = octets, line, name, value;

    *out = (MimeEntity){ .head = text_first(octets, 0), .body = text_first(octets, 0) };
    for (unsigned n = 0;; n++) {
        if (rest.len == 0)
            return MIME_NO_BODY;
        const char *at = rest.p;
        if (!take_line(&rest, &line))
            return MIME_BAD_HEADER;
        if (line.len == 0) {
            out->head = text_between(octets.p, at);
            out->body = rest;
            break;
        }
        if (n == MIME_HEADERS_MAX)
            return MIME_TOO_MANY;
        if (!split_line(line, &name, &value))
            return MIME_BAD_HEADER;
    }
    out->type = mime_header(out, "Content-Type");
    return is_plain_encoding(mime_header(out, "Content-Transfer-Encoding")) ? MIME_OK : MIME_ENCODED;
}

Text mime_header(const MimeEntity *entity, const char *wanted)
{
    Text rest = entity->head, line, name, value;
    while (take_line(&rest, &line))
        if (split_line(line, &name, &value) && text_is_nocase(name, wanted))
            return value;
    return TEXT_NONE;
}

/* --- values --- */

bool mime_is(Text type, const char *full)
{
    SipMediaType media;
    Text wanted = text_from(full);
    uint32_t slash = text_find(wanted, '/');
    return text_present(type) && sip_media_type_decode(type, &media) &&
           text_equal_nocase(media.type, text_first(wanted, slash)) &&
           text_equal_nocase(media.subtype, text_after(wanted, (size_t)slash + 1));
}

Text mime_value(Text value)
{
    return text_trim(text_first(value, text_find(value, ';')));
}

Text mime_parameter(Text type, const char *name)
{
    Text value;
    uint32_t semicolon = text_find(type, ';');
    if (semicolon == type.len || !sip_param(text_after(type, (size_t)semicolon + 1), name, &value))
        return TEXT_NONE;
    return sip_unquote(value);
}

/* --- writing an entity --- */

typedef struct Out {
    char *at;
    size_t left;
    bool full;
} Out;

static void put(Out *out, Text text)
{
    if (out->full || text.len > out->left) {
        out->full = true;
        return;
    }
    if (text.len > 0)
        memcpy(out->at, text.p, text.len);
    out->at += text.len;
    out->left -= text.len;
}

size_t mime_entity_write(const MimeHeader *headers, unsigned n, Text body, char *octets, size_t cap)
{
    Out out = { octets, cap, false };
    for (unsigned i = 0; i < n; i++) {
        put(&out, text_from(headers[i].name));
        put(&out, TEXT(": "));
        put(&out, headers[i].value);
        put(&out, TEXT("\r\n"));
    }
    put(&out, TEXT("\r\n"));
    put(&out, body);
    return out.full ? 0 : cap - out.left;
}

/* --- multipart --- */

bool mime_parts(MimeParts *it, Text type, Text body)
{
    SipMediaType media;
    *it = (MimeParts){ .rest = body, .boundary = mime_parameter(type, "boundary") };
    return text_present(type) && sip_media_type_decode(type, &media) && text_is_nocase(media.type, "multipart") &&
           it->boundary.len > 0 && it->boundary.len <= MIME_BOUNDARY_MAX;
}

/* The next delimiter line at the begin of a line of @text: @before ends where its CRLF begins, @behind begins after the
 * delimiter.  False: there is none. */
static bool find_delimiter(Text text, Text boundary, Text *before, Text *behind, bool *last)
{
    for (Text at = text; at.len >= boundary.len + 2; at = text_after(at, (size_t)text_find(at, '\n') + 1)) {
        Text line = text_first(at, text_find(at, '\n'));
        if (!text_starts(line, "--") || !text_equal(text_first(text_after(line, 2), boundary.len), boundary))
            continue;
        Text tail = text_after(line, boundary.len + (size_t)2);
        *last = text_starts(tail, "--");
        if (text_trim(text_after(tail, *last ? 2 : 0)).len > 0)
            continue; /* a longer boundary, not ours */
        uint32_t to = (uint32_t)(at.p - text.p);
        to -= to >= 2 && text.p[to - 1] == '\n' && text.p[to - 2] == '\r' ? 2 : 0;
        *before = text_first(text, to);
        *behind = text_after(at, (size_t)line.len + 1);
        return true;
    }
    return false;
}

bool mime_parts_next(MimeParts *it, Text *part)
{
    Text behind;
    bool last;

    if (!text_present(it->rest) || it->bad)
        return false;
    if (it->n == 0) { /* the preamble */
        if (!find_delimiter(it->rest, it->boundary, part, &behind, &last) || last) {
            it->bad = true;
            return false;
        }
        it->rest = behind;
    }
    if (it->n++ == MIME_PARTS_MAX || !find_delimiter(it->rest, it->boundary, part, &behind, &last)) {
        it->bad = true;
        return false;
    }
    it->rest = last ? TEXT_NONE : behind;
    return true;
}

static void put_delimiter(Out *out, Text boundary, const char *before, const char *behind)
{
    put(out, text_from(before));
    put(out, boundary);
    put(out, text_from(behind));
}

size_t mime_parts_write(const Text *parts, unsigned n, Text boundary, char *octets, size_t cap)
{
    Out out = { octets, cap, false };
    Text before, behind;
    bool last;

    if (boundary.len == 0 || boundary.len > MIME_BOUNDARY_MAX || n == 0 || n > MIME_PARTS_MAX)
        return 0;
    for (unsigned i = 0; i < n; i++) {
        if (find_delimiter(parts[i], boundary, &before, &behind, &last))
            return 0;
        put_delimiter(&out, boundary, i == 0 ? "--" : "\r\n--", "\r\n");
        put(&out, parts[i]);
    }
    put_delimiter(&out, boundary, "\r\n--", "--\r\n");
    return out.full ? 0 : cap - out.left;
}

/* --- dates --- */

const char *mime_date(int64_t unix_seconds, char out[MIME_DATE_MAX])
{
    static const char days[] = "MonTueWedThuFriSatSun", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(unix_seconds);
    int year = 1970, month = 1, day = 1;

    if (utc == NULL) /* beyond the year 9999 */
        return g_strlcpy(out, "Thu, 01 Jan 1970 00:00:00 GMT", MIME_DATE_MAX), out;
    g_date_time_get_ymd(utc, &year, &month, &day);
    g_snprintf(out, MIME_DATE_MAX, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
               days + 3 * (g_date_time_get_day_of_week(utc) - 1), day, months + 3 * (month - 1), year,
               g_date_time_get_hour(utc), g_date_time_get_minute(utc), g_date_time_get_second(utc));
    return out;
}
