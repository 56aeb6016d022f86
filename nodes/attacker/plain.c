/*
 * nodes/attacker/plain.c - undoing what hides text without a key.
 *
 * Source:  RFC 3986 §2.1 (percent), XML 1.0 §4.1, §4.6 (references), RFC 2045 §6.7, §6.8 (transfer encodings),
 *          RFC 2046 §5.1 (multipart).
 * Knows:   text.  What is malformed stays as it is: a reader of octets reads on.
 */
#include "nodes/attacker/private.h"

#include "crypto/hash.h"
#include "nodes/msg/sip_fields.h"

#define PARTS_DEPTH_MAX 4

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

static void append_entity(GString *out, Text type, Text encoding, Text body, unsigned depth);

/* Value of a header of a body part; absent when there is none.  @head: its lines. */
static Text part_header(Text head, const char *name)
{
    for (Text line; text_cut(&head, '\n', &line);) {
        uint32_t colon = text_find(line, ':');
        if (colon < line.len && text_is_nocase(text_trim(text_first(line, colon)), name))
            return text_trim(text_after(line, colon + 1));
    }
    return TEXT_NONE;
}

static void append_part(GString *out, Text part, unsigned depth)
{
    static const char *const ends[] = { "\r\n\r\n", "\n\n" };
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        uint32_t at = text_find_text(part, text_from(ends[i]));
        if (at == part.len)
            continue;
        Text head = text_first(part, at);
        append_entity(out, part_header(head, "Content-Type"), part_header(head, "Content-Transfer-Encoding"),
                      text_after(part, at + strlen(ends[i])), depth + 1);
        g_string_append_c(out, '\n');
        return;
    }
    g_string_append_len(out, part.p, part.len);
}

/* False: no boundary, so it cannot be taken apart. */
static bool append_multipart(GString *out, const SipMediaType *type, Text body, unsigned depth)
{
    Text boundary;
    if (depth >= PARTS_DEPTH_MAX || !text_is_nocase(type->type, "multipart") ||
        !sip_param(type->params, "boundary", &boundary) || boundary.len == 0)
        return false;
    if (boundary.len >= 2 && boundary.p[0] == '"')
        boundary = text_first(text_after(boundary, 1), boundary.len - 2);
    g_autofree char *delimiter = g_strdup_printf("--" TEXT_FMT, TEXT_ARG(boundary));
    Text mark = text_from(delimiter);
    body = text_after(body, text_find_text(body, mark));
    while (body.len > mark.len) {
        Text rest = text_after(body, mark.len);
        uint32_t end = text_find_text(rest, mark);
        append_part(out, text_first(rest, end), depth);
        body = text_after(rest, end);
    }
    return true;
}

static void append_entity(GString *out, Text type, Text encoding, Text body, unsigned depth)
{
    SipMediaType media;
    if (text_is_nocase(encoding, "base64") && append_base64(out, body))
        return;
    if (text_is_nocase(encoding, "quoted-printable"))
        append_quoted_printable(out, body);
    else if (!text_present(type) || !sip_media_type_decode(type, &media) || !append_multipart(out, &media, body, depth))
        g_string_append_len(out, body.p, body.len);
}

const char *plain_body(GStringChunk *texts, const SipMsg *msg)
{
    g_autoptr(GString) decoded = g_string_sized_new(msg->body.len + 1);
    append_entity(decoded, sip_value(msg, SIP_H_CONTENT_TYPE), sip_value(msg, SIP_H_CONTENT_TRANSFER_ENCODING),
                  msg->body, 0);
    return plain_text(texts, text_of(decoded->str, decoded->len));
}
