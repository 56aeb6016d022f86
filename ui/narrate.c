/*
 * ui/narrate.c - a run told as sentences.
 *
 * Source:  ui/narrate.h.
 * Knows:   the folds of ui/ladder_fold.h and ui/ladder_notes.h.
 */
#include "ui/narrate.h"

#include "ui/ladder_cast.h"
#include "ui/ladder_notes.h"
#include "ui/report.h"
#include "ui/text.h"

#include <string.h>

enum { INDENT = 12, COLUMNS_ALL = 100000 };

/* "air ran: sealed | iu gn gi: in the clear" reads as it stands: "(air ran: sealed; iu gn gi: in the clear)". */
static void tell_message(const LadderFold *fold, const LadderCast *cast, const LadderMessage *message, GString *text)
{
    const TraceRecord *r = message->record;
    g_autofree char *label = ladder_label(fold, r->id);
    g_autofree char *sight = r->kind == TRACE_SEND ? ladder_sight(fold, r->id) : g_strdup("");
    const char *to = message->to >= 0 ? ladder_column_name(cast, message->to) : r->message.peer;
    g_string_append_printf(text, "%s sends %s to %s", ladder_column_name(cast, message->from), label, to);
    if (*sight) {
        g_auto(GStrv) parts = g_strsplit(sight, " | ", -1);
        g_autofree char *joined = g_strjoinv("; ", parts);
        g_string_append_printf(text, " (%s)", joined);
    }
    g_string_append(text, message->arrived ? "." : ", and it never arrives.");
}

static void append_sentence(const Term *term, GString *out, SimTime at, SimTime *shown, TermStyle style,
                            const char *text)
{
    g_autofree char *time = report_time(at);
    gsize start = out->len;
    text_fill(out, text, INDENT, term->columns);
    if (out->len <= start + INDENT)
        return;
    if (at != *shown) {
        g_autofree char *margin = g_strdup_printf("%*s", INDENT - 2, time);
        memcpy(out->str + start, margin, MIN(strlen(margin), (size_t)INDENT - 1));
    }
    *shown = at;
    if (style == STYLE_PLAIN)
        return;
    g_string_insert(out, (gssize)(start + INDENT), term_style(term, style));
    g_string_append(out, term_style(term, STYLE_PLAIN));
}

void narrate_append(const Term *term, GString *out, const Trace *trace, const LadderView *view)
{
    g_autoptr(LadderFold) fold = ladder_fold_new(trace);
    g_autoptr(LadderCast) cast = ladder_cast_new(fold, view->only, COLUMNS_ALL);
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    SimTime shown = -1;
    unsigned messages = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        LadderMessage message;
        LadderNote note;
        bool is_message = ladder_message(cast, r, &message);
        if (!ladder_view_wants(view, r, is_message, &messages))
            continue;
        if (is_message) {
            g_autoptr(GString) raw = g_string_new(NULL);
            g_autoptr(GString) text = g_string_new(NULL);
            tell_message(fold, cast, &message, raw);
            text_visible(text, raw->str, raw->len);
            append_sentence(term, out, r->at, &shown, message.forged ? STYLE_BAD : STYLE_PLAIN, text->str);
        } else if (ladder_wants_note(cast, r) && ladder_note(fold, r, &note)) {
            if (r->kind != TRACE_LEARN || g_hash_table_add(told, g_strdup(note.text->str))) {
                g_string_append_c(note.text, '.');
                append_sentence(term, out, r->at, &shown, note.style, note.text->str);
            }
            g_string_free(note.text, TRUE);
        }
    }
}

char *narrate_record(const LadderFold *fold, const LadderCast *cast, const TraceRecord *record)
{
    g_autoptr(GString) raw = g_string_new(NULL);
    GString *text = g_string_new(NULL);
    LadderMessage message;
    LadderNote note;

    if (ladder_message(cast, record, &message)) {
        tell_message(fold, cast, &message, raw);
    } else if (ladder_wants_note(cast, record) && ladder_note(fold, record, &note)) {
        g_string_append_printf(raw, "%s.", note.text->str);
        g_string_free(note.text, TRUE);
    }
    text_visible(text, raw->str, raw->len);
    return g_string_free(text, FALSE);
}
