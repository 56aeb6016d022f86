/*
 * nodes/attacker/edit.c - a SIP message changed as a move says.
 *
 * Source:  threats 5 (edit of SM1 and SM6 lists, of headers of unprotected messages); RFC 3261 §20.14.
 * Knows:   one message's text.
 */
#include "nodes/attacker/private.h"

#include "nodes/msg/sip_auth.h"
#include "nodes/msg/sip_edit.h"
#include "nodes/msg/sip_fields.h"

/* The values of @header without the entries that have @param; g_free. */
static char *without_entries(const SipMsg *msg, SipHeaderId id, const char *param)
{
    GString *kept = g_string_new(NULL);
    SipValues it;
    Text value, found;
    for (sip_values(&it, msg, id); sip_values_next(&it, &value);) {
        uint32_t semicolon = text_find(value, ';');
        if (semicolon < value.len && sip_param(text_after(value, semicolon + 1), param, &found))
            continue;
        g_string_append_printf(kept, "%s" TEXT_FMT, kept->len > 0 ? ", " : "", TEXT_ARG(value));
    }
    return g_string_free(kept, FALSE);
}

char *sec_entry_name(Text value)
{
    SipSecMechanism entry;
    if (!sip_sec_mechanism_decode(value, &entry))
        return text_dup(value);
    if (!text_present(entry.alg))
        return text_dup(entry.name);
    return g_strdup_printf(TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(entry.alg), text_present(entry.ealg) ? "+" : "",
                           TEXT_ARG(entry.ealg));
}

/* The first entry of that name that is still there, which is then gone; absent: none. */
static Text take_entry(GArray *entries, const char *name)
{
    for (guint i = 0; i < entries->len; i++) {
        Text value = g_array_index(entries, Text, i);
        g_autofree char *own = sec_entry_name(value);
        if (g_ascii_strcasecmp(own, name) != 0)
            continue;
        g_array_remove_index(entries, i);
        return value;
    }
    return TEXT_NONE;
}

/* The values of @header that @names names, in that order; g_free. */
static char *selected_entries(const SipMsg *msg, SipHeaderId id, const char *names)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(Text));
    g_auto(GStrv) wanted = g_strsplit(names, " ", -1);
    GString *kept = g_string_new(NULL);
    SipValues it;
    Text value;
    for (sip_values(&it, msg, id); sip_values_next(&it, &value);)
        g_array_append_val(entries, value);
    for (char **name = wanted; *name != NULL; name++) {
        Text entry = take_entry(entries, *name);
        if (text_present(entry))
            g_string_append_printf(kept, "%s" TEXT_FMT, kept->len > 0 ? ", " : "", TEXT_ARG(entry));
    }
    return g_string_free(kept, FALSE);
}

/* Where the parameters behind a value begin: not within <>. */
static uint32_t params_at(Text value)
{
    uint32_t close = text_find(value, '>');
    uint32_t from = close < value.len ? close : 0;
    return from + text_find(text_after(value, from), ';');
}

/* Every value with @param taken out (@with NULL) or set. */
static char *with_param(const SipMsg *msg, SipHeaderId id, const char *param, const char *with)
{
    GString *out = g_string_new(NULL);
    SipValues it;
    Text value;
    for (sip_values(&it, msg, id); sip_values_next(&it, &value);) {
        SipParams params;
        Text name, text;
        uint32_t semicolon = params_at(value);
        g_string_append_printf(out, "%s" TEXT_FMT, out->len > 0 ? ", " : "", TEXT_ARG(text_first(value, semicolon)));
        if (semicolon < value.len)
            for (sip_params(&params, text_after(value, semicolon + 1)); sip_params_next(&params, &name, &text);)
                if (!text_is_nocase(name, param))
                    g_string_append_printf(out, ";" TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(name), text.len > 0 ? "=" : "",
                                           TEXT_ARG(text));
        if (with != NULL)
            g_string_append_printf(out, ";%s=%s", param, with);
    }
    return g_string_free(out, FALSE);
}

/* A header without an id is put in or taken out, nothing finer. */
static void edit_other(SipEdit *edit, const SipMsg *msg, const MoveEdit *change)
{
    const SipHeader *header = sip_find(msg, change->header);
    if (change->kind == EDIT_REMOVE_HEADER && header != NULL)
        sip_edit_remove(edit, header);
    else if (change->kind == EDIT_SET_HEADER && header != NULL)
        sip_edit_replace(edit, header->value, text_from(change->value));
    else if (change->kind == EDIT_SET_HEADER)
        sip_edit_append(edit, text_from(change->header), text_from(change->value));
}

/* @kept: out, what the edit borrows until it is written; g_free. */
static void edit_known(SipEdit *edit, const SipMsg *msg, SipHeaderId id, const MoveEdit *change, char **kept)
{
    if (!sip_has(msg, id) && change->kind != EDIT_SET_HEADER)
        return;
    switch (change->kind) {
    case EDIT_REMOVE_HEADER: sip_edit_remove_all(edit, id); return;
    case EDIT_SET_HEADER: sip_edit_set(edit, id, text_from(change->value)); return;
    case EDIT_REMOVE_ENTRIES: *kept = without_entries(msg, id, change->param); break;
    case EDIT_REMOVE_PARAM: *kept = with_param(msg, id, change->param, NULL); break;
    case EDIT_SET_PARAM: *kept = with_param(msg, id, change->param, change->value); break;
    case EDIT_SELECT_ENTRIES: *kept = selected_entries(msg, id, change->param); break;
    case EDIT_REPLACE:
    case EDIT_OLD_BODY:
    case EDIT_FLIP_BODY:
    case EDIT_SEAL_BODY:
    case EDIT_SUBSTITUTE_CERT:
    case EDIT_RE_ENCRYPT:
    case EDIT_SPLICE_BODY: return;
    }
    if ((*kept)[0] == '\0')
        sip_edit_remove_all(edit, id);
    else
        sip_edit_set(edit, id, text_from(*kept));
}

/* One change of a header in @text; an impossible one leaves it as it is. */
static void edit_header(GString *text, const MoveEdit *change)
{
    g_autofree SipMsg *msg = g_new(SipMsg, 1);
    g_autofree SipEdit *edit = g_new(SipEdit, 1);
    g_autofree char *kept = NULL;
    SipHeaderId id = sip_header_id(text_from(change->header));

    if (sip_split(msg, text->str, text->len) != SIP_OK)
        return;
    sip_edit_init(edit, msg);
    if (id == SIP_H_OTHER)
        edit_other(edit, msg, change);
    else
        edit_known(edit, msg, id, change, &kept);
    size_t size = sip_edit_size(edit);
    g_autofree char *out = g_malloc(size + 1);
    if (size == 0 || sip_edit_write(edit, out, size) != size)
        return;
    g_string_truncate(text, 0);
    g_string_append_len(text, out, (gssize)size);
}

/* A wrong Content-Length would spoil the message (RFC 3261 §18.3).  The head is split alone: the body may seem cut
 * off. */
static void fix_content_length(GString *text)
{
    g_autofree SipMsg *msg = g_new(SipMsg, 1);
    const char *end = memmem(text->str, text->len, "\r\n\r\n", 4);
    if (end == NULL)
        return;
    size_t head = (size_t)(end - text->str) + 4;
    if (sip_split(msg, text->str, head) == SIP_INCOMPLETE || !sip_has(msg, SIP_H_CONTENT_LENGTH))
        return;
    Text old = sip_value(msg, SIP_H_CONTENT_LENGTH);
    g_autofree char *number = g_strdup_printf("%zu", text->len - head);
    gssize at = old.p - text->str;
    g_string_erase(text, at, (gssize)old.len);
    g_string_insert(text, at, number);
}

static void replace_all(GString *text, const MoveEdit *change)
{
    size_t n = strlen(change->param), at = 0;
    const char *hit;
    while (n > 0 && (hit = memmem(text->str + at, text->len - at, change->param, n)) != NULL) {
        at = (size_t)(hit - text->str);
        g_string_erase(text, (gssize)at, (gssize)n);
        g_string_insert(text, (gssize)at, change->value);
        at += strlen(change->value);
    }
    fix_content_length(text);
}

/* Another body, with its type; the message's framing follows. */
static void edit_body(GString *text, const MoveEdit *change, BodyEditor *editor)
{
    g_autofree SipMsg *msg = g_new(SipMsg, 1);
    g_autofree SipEdit *edit = g_new(SipEdit, 1);
    g_autofree char *type = NULL;

    if (editor == NULL || sip_split(msg, text->str, text->len) != SIP_OK)
        return;
    g_autoptr(GBytes) body = body_edited(editor, msg, change, &type);
    if (body == NULL)
        return;
    sip_edit_init(edit, msg);
    if (type != NULL)
        sip_edit_set(edit, SIP_H_CONTENT_TYPE, text_from(type));
    gsize len;
    const char *octets = g_bytes_get_data(body, &len);
    sip_edit_set_body(edit, text_of(octets, len));
    size_t size = sip_edit_size(edit);
    g_autofree char *out = g_malloc(size + 1);
    if (size == 0 || sip_edit_write(edit, out, size) != size)
        return;
    g_string_truncate(text, 0);
    g_string_append_len(text, out, (gssize)size);
}

char *edit_message(BodyEditor *editor, const SipMsg *msg, const MoveEdit *edits, unsigned n_edits, size_t *out_len)
{
    g_autoptr(GString) text = g_string_new_len(msg->all.p, msg->all.len);

    for (unsigned i = 0; i < n_edits; i++) {
        switch (edits[i].kind) {
        case EDIT_REPLACE: replace_all(text, &edits[i]); break;
        case EDIT_REMOVE_HEADER:
        case EDIT_SET_HEADER:
        case EDIT_REMOVE_PARAM:
        case EDIT_REMOVE_ENTRIES:
        case EDIT_SET_PARAM:
        case EDIT_SELECT_ENTRIES: edit_header(text, &edits[i]); break;
        case EDIT_OLD_BODY:
        case EDIT_FLIP_BODY:
        case EDIT_SEAL_BODY:
        case EDIT_SUBSTITUTE_CERT:
        case EDIT_RE_ENCRYPT:
        case EDIT_SPLICE_BODY: edit_body(text, &edits[i], editor); break;
        }
    }
    *out_len = text->len;
    if (text->len == msg->all.len && memcmp(text->str, msg->all.p, text->len) == 0)
        return NULL;
    return g_string_free(g_steal_pointer(&text), FALSE);
}

char *edit_sip(const SipMsg *msg, const MoveEdit *edits, unsigned n_edits, size_t *out_len)
{
    return edit_message(NULL, msg, edits, n_edits, out_len);
}
