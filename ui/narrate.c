/*
 * ui/narrate.c - a run told as sentences.
 *
 * Source:  ui/narrate.h.
 * Knows:   the folds of ui/ladder_fold.h; what a message is for is said by ui/narrate_message.h, what a state means by
 *          ui/narrate_words.h, and where neither has words the ladder's notes stand in.
 */
#include "ui/narrate.h"

#include "ui/ladder_notes.h"
#include "ui/narrate_message.h"
#include "ui/narrate_words.h"
#include "ui/report.h"
#include "ui/text.h"

#include <string.h>

enum { INDENT = 12, COLUMNS_ALL = 100000 };

/* ---- sentences ---- */

/* "air, ran and iu" of "air ran iu" */
static char *listed(const char *words)
{
    g_auto(GStrv) names = g_strsplit(words, " ", -1);
    guint n = g_strv_length(names);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < n; i++)
        g_string_append_printf(out, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " and ", names[i]);
    return g_strdup(out->str);
}

/* " Sealed on air and ran; in the clear on iu, gn and gi." of "air ran: sealed | iu gn gi: in the clear" */
static void append_sight(GString *text, const char *sight)
{
    g_auto(GStrv) parts = g_strsplit(sight, " | ", -1);
    if (!*sight)
        return;
    for (char **part = parts; *part; part++) {
        char *colon = strstr(*part, ": ");
        if (!colon)
            continue;
        *colon = '\0';
        g_autofree char *where = listed(*part), *how = g_strdup(colon + 2);
        how[0] = part == parts ? g_ascii_toupper(how[0]) : how[0];
        g_string_append_printf(text, "%s%s on %s", part == parts ? " " : "; ", how, where);
    }
    g_string_append_c(text, '.');
}

static void tell_message(const LadderFold *fold, const LadderCast *cast, const LadderMessage *message, GString *text)
{
    const TraceRecord *r = message->record;
    g_autofree char *label = ladder_label(fold, r->id), *purpose = narrate_message_purpose(fold, r);
    g_autofree char *sight = r->kind == TRACE_SEND ? ladder_sight(fold, r->id) : g_strdup("");
    g_autofree char *to =
        message->to >= 0 ? g_strdup(ladder_column_name(cast, message->to)) : narrate_name(r->message.peer);
    g_string_append_printf(text, "%s sends %s to %s%s%s.%s", ladder_column_name(cast, message->from), label, to,
                           *purpose ? ": " : "", purpose, message->arrived ? "" : " It never arrives.");
    append_sight(text, sight);
}

/* What a node is called in the middle of a story. */
static char *node_of(const TraceRecord *r)
{
    const char *name = ladder_node_name(r->node);
    if (strcmp(name, "cell") == 0)
        return g_strdup_printf("%s's cell", r->node + strlen("cell:"));
    return g_strdup(name);
}

/* The note decides whether a record is told at all; the words are better ones where there are any. */
static bool tell_note(const LadderFold *fold, const TraceRecord *r, GString *text, TermStyle *style)
{
    LadderNote note;
    if (!ladder_note(fold, r, &note))
        return false;
    g_autofree char *node = node_of(r), *words = narrate_state(r, node);
    if (r->kind == TRACE_DISPLAY)
        g_string_replace(note.text, " shows of ", "'s screen shows of ", 1);
    g_autofree char *plain = narrate_plain(words ? words : note.text->str);
    g_string_append_printf(text, "%s.", plain);
    *style = note.style;
    g_string_free(note.text, TRUE);
    return true;
}

/* ---- the run ---- */

static void append_sentence(const Term *term, GString *out, SimTime at, SimTime *shown, TermStyle style,
                            const char *raw)
{
    g_autofree char *time = report_time(at);
    g_autoptr(GString) text = g_string_new(NULL);
    gsize start = out->len;
    text_visible(text, raw, strlen(raw));
    text_fill_whole(out, text->str, INDENT, term->columns);
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
        TermStyle style = STYLE_PLAIN;
        g_autoptr(GString) text = g_string_new(NULL);
        bool is_message = ladder_message(cast, r, &message);
        if (!ladder_view_wants(view, r, is_message, &messages))
            continue;
        if (is_message) {
            tell_message(fold, cast, &message, text);
            append_sentence(term, out, r->at, &shown, message.forged ? STYLE_BAD : STYLE_PLAIN, text->str);
        } else if (ladder_wants_note(cast, r) && tell_note(fold, r, text, &style)) {
            /* An attacker learns the same from every packet; it is told once. */
            if (r->kind != TRACE_LEARN || g_hash_table_add(told, g_strdup(text->str)))
                append_sentence(term, out, r->at, &shown, style, text->str);
        }
    }
}

char *narrate_record(const LadderFold *fold, const LadderCast *cast, const TraceRecord *record)
{
    g_autoptr(GString) raw = g_string_new(NULL);
    GString *text = g_string_new(NULL);
    LadderMessage message;
    TermStyle style;

    if (ladder_message(cast, record, &message))
        tell_message(fold, cast, &message, raw);
    else if (ladder_wants_note(cast, record))
        (void)tell_note(fold, record, raw, &style);
    text_visible(text, raw->str, raw->len);
    return g_string_free(text, FALSE);
}
