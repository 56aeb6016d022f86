/*
 * nodes/attacker/plain.c - undoing what hides text without a key.
 *
 * Source:  RFC 3986 §2.1 (percent), XML 1.0 §4.1, §4.6 (references), RFC 2045 §6.7, §6.8 (transfer encodings),
 *          RFC 2046 §5.1 (multipart), RFC 3261 §23 (message/sip, S/MIME; what is in CMS is decode_cms.c's).
 * Knows:   text.  What is malformed stays as it is: a reader of octets reads on.
 */
#include "nodes/attacker/private.h"

#include "crypto/hash.h"
#include "nodes/msg/sip_fields.h"

#define PARTS_DEPTH_MAX 8 /* enveloped, signed, multipart, tunnelled: each is one deeper */

/* --- characters --- */

/* "&#233;", "&#xe9;" at the start of @rest: octets used, 0 when it is none. */
static uint32_t numeric_reference(Text rest, uint32_t *number)
{
    uint32_t at = 2, digits = 0;
    bool hex = rest.len > 2 && (rest.p[2] | 32) == 'x';
    if (rest.len < 4 || rest.p[1] != '#')
        return 0;
    *number = 0;
    for (at += hex; at < rest.len && digits < 8; at++, digits++) {
        int value = text_hex_digit(rest.p[at]);
        if (value < 0 || (!hex && value > 9))
            break;
        *number = *number * (hex ? 16 : 10) + (uint32_t)value;
    }
    return digits > 0 && at < rest.len && rest.p[at] == ';' && g_unichar_validate(*number) ? at + 1 : 0;
}

/* The character that the reference at the start of @rest stands for; octets used, 0 when it is none. */
static uint32_t reference(Text rest, uint32_t *character)
{
    static const struct {
        const char *text;
        char character;
    } named[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' }, { "&apos;", '\'' } };
    for (size_t i = 0; i < G_N_ELEMENTS(named); i++) {
        if (!text_starts(rest, named[i].text))
            continue;
        *character = (uint32_t)named[i].character;
        return (uint32_t)strlen(named[i].text);
    }
    return numeric_reference(rest, character);
}

static void append_octet(GString *out, char c)
{
    g_string_append_c(out, c == '\0' ? ' ' : c); /* texts stay C strings */
}

const char *plain_text(GStringChunk *texts, Text text)
{
    g_autoptr(GString) out = g_string_sized_new(text.len + 1);

    for (uint32_t i = 0; i < text.len; i++) {
        uint32_t character, used = text.p[i] == '&' ? reference(text_after(text, i), &character) : 0;
        if (used > 0 && character != 0) {
            g_string_append_unichar(out, character);
            i += used - 1;
        } else if (text.p[i] == '%' && i + 2 < text.len && text_hex_digit(text.p[i + 1]) >= 0 &&
                   text_hex_digit(text.p[i + 2]) >= 0) {
            append_octet(out, (char)(text_hex_digit(text.p[i + 1]) * 16 + text_hex_digit(text.p[i + 2])));
            i += 2;
        } else {
            append_octet(out, text.p[i]);
        }
    }
    return g_string_chunk_insert_len(texts, out->str, (gssize)out->len);
}

/* --- transfer encodings --- */

/* False: not base64; nothing was appended. */
static bool append_base64(GString *out, Text body)
{
    g_autoptr(GString) dense = g_string_sized_new(body.len + 1);
    for (uint32_t i = 0; i < body.len; i++)
        if (!text_is_space(body.p[i]))
            g_string_append_c(dense, body.p[i]);
    g_autofree uint8_t *octets = g_malloc(dense->len + 1);
    size_t len;
    if (!crypto_base64_decode(dense->str, dense->len, octets, dense->len + 1, &len))
        return false;
    g_string_append_len(out, (const char *)octets, (gssize)len);
    return true;
}

static void append_quoted_printable(GString *out, Text body)
{
    for (uint32_t i = 0; i < body.len; i++) {
        Text rest = text_after(body, i);
        if (text_starts(rest, "=\r\n")) { /* a soft line break */
            i += 2;
        } else if (text_starts(rest, "=\n")) {
            i += 1;
        } else if (rest.len >= 3 && rest.p[0] == '=' && text_hex_digit(rest.p[1]) >= 0 &&
                   text_hex_digit(rest.p[2]) >= 0) {
            g_string_append_c(out, (char)(text_hex_digit(rest.p[1]) * 16 + text_hex_digit(rest.p[2])));
            i += 2;
        } else {
            g_string_append_c(out, rest.p[0]);
        }
    }
}

/* Value of a header of an entity; absent when there is none.  @head: its lines. */
static Text entity_header(Text head, const char *name)
{
    for (Text line; text_cut(&head, '\n', &line);) {
        uint32_t colon = text_find(line, ':');
        if (colon < line.len && text_is_nocase(text_trim(text_first(line, colon)), name))
            return text_trim(text_after(line, colon + 1));
    }
    return TEXT_NONE;
}

/* Where the headers end and where the body begins; false: there is no empty line. */
static bool entity_split(Text entity, Text *head, Text *body)
{
    static const char *const ends[] = { "\r\n\r\n", "\n\n" };
    if (text_starts(entity, "\r\n")) { /* no header at all, RFC 2046 §5.1 */
        *head = text_first(entity, 0);
        *body = text_after(entity, 2);
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        uint32_t at = text_find_text(entity, text_from(ends[i]));
        if (at == entity.len)
            continue;
        *head = text_first(entity, at + 1); /* with the end of the last line */
        *body = text_after(entity, at + (uint32_t)strlen(ends[i]));
        return true;
    }
    return false;
}

static void append_content(Plain *plain, Text type, Text encoding, Text body, unsigned depth);

void plain_append_entity(Plain *plain, Text entity, unsigned depth)
{
    Text head, body;
    if (entity_split(entity, &head, &body))
        append_content(plain, entity_header(head, "Content-Type"), entity_header(head, "Content-Transfer-Encoding"),
                       body, depth + 1);
    else
        g_string_append_len(plain->out, entity.p, entity.len);
    g_string_append_c(plain->out, '\n');
}

/* What stands behind a delimiter.  The line end before the next one belongs to that (RFC 2046 §5.1.1). */
static void append_part(Plain *plain, Text part, unsigned depth)
{
    if (text_starts(part, "--")) { /* the last delimiter, and an epilogue */
        g_string_append_len(plain->out, part.p, part.len);
        return;
    }
    part = text_after(part, text_find(part, '\n') + 1);
    if (part.len > 0 && part.p[part.len - 1] == '\n')
        part.len -= part.len > 1 && part.p[part.len - 2] == '\r' ? 2 : 1;
    plain_append_entity(plain, part, depth);
}

/* False: no boundary, so it cannot be taken apart. */
static bool append_multipart(Plain *plain, const SipMediaType *type, Text body, unsigned depth)
{
    Text boundary;
    if (depth >= PARTS_DEPTH_MAX || !sip_param(type->params, "boundary", &boundary) || boundary.len == 0)
        return false;
    if (boundary.len >= 2 && boundary.p[0] == '"')
        boundary = text_first(text_after(boundary, 1), boundary.len - 2);
    g_autofree char *delimiter = g_strdup_printf("--" TEXT_FMT, TEXT_ARG(boundary));
    Text mark = text_from(delimiter);
    body = text_after(body, text_find_text(body, mark));
    while (body.len > mark.len) {
        Text rest = text_after(body, mark.len);
        uint32_t end = text_find_text(rest, mark);
        append_part(plain, text_first(rest, end), depth);
        body = text_after(rest, end);
    }
    return true;
}

/* A request or response in a body: RFC 3261 §23.4, §19.1.  Its start line and headers are readable as they stand. */
static bool append_message(Plain *plain, Text body, unsigned depth)
{
    Text head, inner;
    if (depth >= PARTS_DEPTH_MAX || !entity_split(body, &head, &inner))
        return false;
    g_string_append_len(plain->out, head.p, head.len);
    g_string_append_c(plain->out, '\n');
    append_content(plain, entity_header(head, "Content-Type"), entity_header(head, "Content-Transfer-Encoding"), inner,
                   depth + 1);
    return true;
}

static bool is_type(const SipMediaType *media, const char *type, const char *subtype)
{
    return text_is_nocase(media->type, type) && (subtype == NULL || text_is_nocase(media->subtype, subtype));
}

static bool is_cms(const SipMediaType *media)
{
    return is_type(media, "application", "pkcs7-mime") || is_type(media, "application", "x-pkcs7-mime") ||
           is_type(media, "application", "pkcs7-signature") || is_type(media, "application", "pkix-cert");
}

/* @body: without transfer encoding. */
static void append_typed(Plain *plain, Text type, Text body, unsigned depth)
{
    SipMediaType media;
    bool known = text_present(type) && sip_media_type_decode(type, &media);
    if (known && is_type(&media, "multipart", NULL) && append_multipart(plain, &media, body, depth))
        return;
    if (known && is_type(&media, "message", "sip") && append_message(plain, body, depth))
        return;
    if (known && is_cms(&media) && depth < PARTS_DEPTH_MAX && plain->cms != NULL && plain->cms(plain, body, depth))
        return;
    g_string_append_len(plain->out, body.p, body.len);
}

static void append_content(Plain *plain, Text type, Text encoding, Text body, unsigned depth)
{
    g_autoptr(GString) decoded = g_string_sized_new(body.len + 1);
    if (text_is_nocase(encoding, "base64") && append_base64(decoded, body))
        body = text_of(decoded->str, decoded->len);
    else if (text_is_nocase(encoding, "quoted-printable")) {
        append_quoted_printable(decoded, body);
        body = text_of(decoded->str, decoded->len);
    }
    append_typed(plain, type, body, depth);
}

const char *plain_body(Plain *plain, GStringChunk *texts, const SipMsg *msg)
{
    g_autoptr(GString) decoded = g_string_sized_new(msg->body.len + 1);
    plain->out = decoded;
    append_content(plain, sip_value(msg, SIP_H_CONTENT_TYPE), sip_value(msg, SIP_H_CONTENT_TRANSFER_ENCODING),
                   msg->body, 0);
    plain->out = NULL;
    return plain_text(texts, text_of(decoded->str, decoded->len));
}
