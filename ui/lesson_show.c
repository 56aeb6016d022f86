/*
 * ui/lesson_show.c - what a lesson shows of a run, made from the run.
 *
 * Source:  ui/lesson_show.h.
 * Knows:   the folds over a trace that the ladder, the story and the dashboard use.
 */
#include "ui/lesson_show.h"

#include "ui/dash/story_now.h"
#include "ui/ladder.h"
#include "ui/ladder_fold.h"
#include "ui/message_text.h"
#include "ui/narrate.h"
#include "ui/narrate_words.h"
#include "ui/report.h"
#include "ui/text.h"

#include <string.h>

enum {
    INDENT = 4,
    IP_HEADER_LEN = 40, /* RFC 8200 §3; every packet has one and it says nothing new */
    ROWS = 8,
    ROW_LEN = 16,
    BECAUSE_MOST = 5,
};

static void append_filled(const Term *term, GString *out, const char *text, int indent)
{
    g_autoptr(GString) visible = g_string_new(NULL);
    text_visible(visible, text, strlen(text));
    text_fill_whole(out, visible->str, indent, term->columns);
}

/* "-" before the text, the rest of it under its beginning. */
static void append_item(const Term *term, GString *out, const char *text)
{
    gsize start = out->len;
    append_filled(term, out, text, INDENT + 2);
    if (out->len > start)
        out->str[start + INDENT] = '-';
}

/* ---- ladder and story ---- */

static bool show_sequence(const Term *term, GString *out, const LessonShow *show, const Trace *trace)
{
    static const LadderNotes notes[] = { [LESSON_NOTES_ALL] = LADDER_NOTES_ALL,
                                         [LESSON_NOTES_DECISIONS] = LADDER_NOTES_DECISIONS,
                                         [LESSON_NOTES_ATTACKERS] = LADDER_NOTES_ATTACKERS,
                                         [LESSON_NOTES_NONE] = LADDER_NOTES_NONE };
    bool all = !show->only[0];
    LadderView view = { .width = MIN(term->columns, TEXT_COLUMNS_MAX),
                        .only = all ? NULL : (const char *const *)show->only,
                        .from = show->from,
                        .until = MAX(show->to, 0),
                        .most = show->most,
                        .notes = notes[show->notes],
                        .bare = true };
    gsize before = out->len;
    if (show->view == LESSON_LADDER)
        ladder_append(term, out, trace, &view);
    else
        narrate_append(term, out, trace, &view);
    bool several_lines = strchr(out->str + before, '\n') && strchr(out->str + before, '\n')[1];
    return out->len > before && (show->view == LESSON_STORY || several_lines);
}

/* ---- one message ---- */

/* "SM6", "NOTIFY", "200 PUBLISH", "401" */
static bool is_called(const char *label, const char *name)
{
    size_t len = strlen(label), name_len = strlen(name);
    if (strcmp(label, name) == 0 || (g_str_has_prefix(label, name) && label[name_len] == ' '))
        return true;
    return len > name_len && label[len - name_len - 1] == ' ' && strcmp(label + len - name_len, name) == 0 &&
           g_str_has_prefix(name, "SM");
}

static const TraceRecord *find_message(const LadderFold *fold, const LessonShow *show)
{
    const Trace *trace = ladder_fold_trace(fold);
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind != TRACE_SEND || (show->sent_by[0] && strcmp(show->sent_by, r->node) != 0))
            continue;
        g_autofree char *label = ladder_label(fold, id);
        if (is_called(label, show->message) && ++n == show->nth)
            return r;
    }
    return NULL;
}

static bool wants_line(char *const *wanted, const char *name)
{
    for (; *wanted; wanted++)
        if (g_ascii_strcasecmp(*wanted, name) == 0)
            return true;
    return false;
}

/* Where to break a line that is too long: behind the last separator in its second half, else at its edge. */
static const char *break_at(const char *line, size_t room)
{
    if ((size_t)g_utf8_strlen(line, -1) <= room)
        return line + strlen(line);
    const char *edge = g_utf8_offset_to_pointer(line, (glong)room);
    for (const char *c = edge; c > g_utf8_offset_to_pointer(line, (glong)room / 2); c--)
        if (strchr(";, ", c[-1]))
            return c;
    return edge;
}

static void append_line(const Term *term, GString *out, const char *line)
{
    size_t width = (size_t)MIN(term->columns, TEXT_COLUMNS_MAX) - 1, indent = INDENT;
    while (*line) {
        const char *end = break_at(line, width - indent);
        g_autofree char *part = g_strchomp(g_strndup(line, (gsize)(end - line)));
        g_string_append_printf(out, "%*s%s\n", (int)indent, "", part);
        line = end;
        indent = INDENT + 4;
    }
}

/* The lines that are wanted; "..." stands for those between them that are not. */
static bool append_message_lines(const Term *term, GString *out, const LessonShow *show, const TraceRecord *r)
{
    g_auto(GStrv) lines = message_lines(r);
    bool in_body = false, skipped = false, any = false;
    for (char **line = lines; *line; line++) {
        g_autofree char *name = line == lines ? g_strdup("start-line")
                                : in_body     ? g_strdup("body")
                                              : message_line_name(*line);
        bool separator = !in_body && **line == '\0';
        in_body = in_body || separator;
        if (show->lines[0] && (separator || !wants_line(show->lines, name))) {
            skipped = skipped || !separator;
            continue;
        }
        if (skipped && any)
            g_string_append_printf(out, "%*s...\n", INDENT, "");
        skipped = false;
        any = true;
        append_line(term, out, *line);
    }
    return any;
}

static bool show_text(const Term *term, GString *out, const LessonShow *show, const Trace *trace)
{
    g_autoptr(LadderFold) fold = ladder_fold_new(trace);
    const TraceRecord *r = find_message(fold, show);
    return r && append_message_lines(term, out, show, r);
}

/* The packet that carries most of the message across the segment. */
static const TraceRecord *find_frame(const Trace *trace, const TraceRecord *send, const char *segment)
{
    const TraceRecord *found = NULL;
    for (TraceId id = send->id + 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_FRAME && r->cause == send->id && strcmp(r->frame.segment, segment) == 0 &&
            (!found || r->frame.len > found->frame.len))
            found = r;
    }
    return found;
}

static void append_row(GString *out, const uint8_t *octets, size_t at, size_t len)
{
    g_string_append_printf(out, "%*s%4zu  ", INDENT, "", at);
    for (size_t i = at; i < at + ROW_LEN; i++)
        g_string_append_printf(out, i < len ? "%02x " : "   ", i < len ? octets[i] : 0u);
    g_string_append_c(out, ' ');
    for (size_t i = at; i < MIN(at + ROW_LEN, len); i++)
        g_string_append_c(out, g_ascii_isprint(octets[i]) ? (char)octets[i] : '.');
    g_string_append_c(out, '\n');
}

static bool show_octets(const Term *term, GString *out, const LessonShow *show, const Trace *trace)
{
    g_autoptr(LadderFold) fold = ladder_fold_new(trace);
    const TraceRecord *send = find_message(fold, show);
    const TraceRecord *frame = send ? find_frame(trace, send, show->of) : NULL;
    if (!frame)
        return false;
    size_t rows = show->most > 0 ? show->most : ROWS, at = IP_HEADER_LEN;
    for (; rows > 0 && at < frame->frame.len; rows--, at += ROW_LEN)
        append_row(out, frame->frame.octets, at, frame->frame.len);
    if (at < frame->frame.len) {
        g_autofree char *rest = g_strdup_printf("and %zu octets more", frame->frame.len - at);
        append_filled(term, out, rest, INDENT + 6);
    }
    return true;
}

/* ---- state and knowledge ---- */

/* The last record that had happened by then. */
static TraceId position_at(const Trace *trace, SimTime time)
{
    TraceId id = (TraceId)trace_count(trace);
    while (time >= 0 && id > 0 && trace_get(trace, id)->at > time)
        id--;
    return id;
}

/* "keys", "PUBLISH", "401" */
static bool wants_learned(char *const *wanted, const TraceRecord *r)
{
    for (; *wanted; wanted++) {
        const char *text = r->learn.text;
        text += g_str_has_prefix(text, "SIP/2.0 ") ? strlen("SIP/2.0 ") : 0;
        if (strcmp(*wanted, r->learn.what) == 0 || g_str_has_prefix(text, *wanted))
            return true;
    }
    return false;
}

/* The same thing read from every packet is said once. */
static bool show_learned(const Term *term, GString *out, const LessonShow *show, const Trace *trace)
{
    g_autoptr(LadderFold) fold = ladder_fold_new(trace);
    g_autoptr(LadderCast) cast = ladder_cast_new(fold, NULL, G_MAXINT);
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    TraceId end = position_at(trace, show->to);
    bool any = false;
    for (TraceId id = 1; id <= end; id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind != TRACE_LEARN || strcmp(r->learn.attacker, show->of) != 0 ||
            (show->lines[0] && !wants_learned(show->lines, r)))
            continue;
        g_autofree char *text = narrate_record(fold, cast, r);
        if (*text && g_hash_table_add(told, g_strdup(text)))
            append_item(term, out, text);
        any = any || *text;
    }
    return any;
}

static bool is_of(const TraceRecord *r, const char *node)
{
    g_auto(GStrv) link = r->kind == TRACE_CIPHER ? g_strsplit(r->cipher.link, ":", 2) : NULL;
    return strcmp(r->node, node) == 0 || (link && link[0] && link[1] && strcmp(link[1], node) == 0);
}

static bool show_state(const Term *term, GString *out, const LessonShow *show, const Trace *trace)
{
    g_autoptr(LadderFold) fold = ladder_fold_new(trace);
    g_autoptr(LadderCast) cast = ladder_cast_new(fold, NULL, G_MAXINT);
    NowIndex *index = now_index_new(trace);
    TraceId end = position_at(trace, show->to);
    bool any = false;
    for (NowKind kind = 0; kind < NOW_N; kind++) {
        const GArray *records = now_index_at(index, end, kind);
        for (guint i = 0; i < records->len; i++) {
            const TraceRecord *r = trace_get(trace, g_array_index(records, TraceId, i));
            g_autofree char *text = is_of(r, show->of) ? narrate_record(fold, cast, r) : g_strdup("");
            if (*text)
                append_item(term, out, text);
            any = any || *text;
        }
    }
    now_index_free(index);
    return any;
}

/* ---- verdicts and ends ---- */

static void append_because(const Term *term, GString *out, const Witness *witness, unsigned most)
{
    size_t n = witness->because ? g_strv_length(witness->because) : 0, first = n > most ? n - most : 0;
    if (n > 0)
        g_string_append_printf(out, "%*sBecause%s\n", INDENT, "", first > 0 ? " (the last steps of the chain)" : "");
    for (size_t i = first; i < n; i++) {
        g_autofree char *who = g_strndup(witness->because[i], strcspn(witness->because[i], " "));
        g_autofree char *text = g_strconcat(ladder_node_name(who), witness->because[i] + strlen(who), NULL);
        g_autofree char *plain = narrate_plain(text);
        append_item(term, out, plain);
    }
}

static bool show_judged(const Term *term, GString *out, const LessonShow *show, const RunResult *result)
{
    Judgement *judgement = run_judge(result, show->property);
    if (!judgement)
        return false;
    g_string_append_printf(out, "%*s%s: ", INDENT, "", property_info[show->property].id);
    term_append(term, out, report_style(judgement->verdict), report_word(judgement->verdict));
    g_string_append_c(out, '\n');
    append_filled(term, out, judgement->reason, INDENT);
    if (judgement->witness)
        append_because(term, out, judgement->witness, show->most > 0 ? show->most : BECAUSE_MOST);
    judgement_free(judgement);
    return true;
}

static bool show_outcomes(const Term *term, GString *out, const Trace *trace)
{
    g_autoptr(LadderFold) fold = ladder_fold_new(trace);
    g_autoptr(LadderCast) cast = ladder_cast_new(fold, NULL, G_MAXINT);
    bool any = false;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        g_autofree char *text = r->kind == TRACE_OUTCOME ? narrate_record(fold, cast, r) : g_strdup("");
        if (*text)
            append_item(term, out, text);
        any = any || *text;
    }
    return any;
}

/* ---- all ---- */

static bool append_view(const Term *term, GString *out, const LessonShow *show, const RunResult *result)
{
    const Trace *trace = world_trace(result->world);
    switch (show->view) {
    case LESSON_LADDER:
    case LESSON_STORY: return show_sequence(term, out, show, trace);
    case LESSON_TEXT: return show_text(term, out, show, trace);
    case LESSON_OCTETS: return show_octets(term, out, show, trace);
    case LESSON_LEARNED: return show_learned(term, out, show, trace);
    case LESSON_STATE: return show_state(term, out, show, trace);
    case LESSON_JUDGED: return show_judged(term, out, show, result);
    case LESSON_OUTCOMES: return show_outcomes(term, out, trace);
    }
    g_assert_not_reached();
}

bool lesson_show_append(const Term *term, GString *out, const LessonShow *show, const RunResult *result)
{
    if (show->says[0]) {
        g_string_append(out, term_style(term, STYLE_NAME));
        append_filled(term, out, show->says, 0);
        g_string_append(out, term_style(term, STYLE_PLAIN));
    }
    bool any = append_view(term, out, show, result);
    if (!any)
        append_filled(term, out, "(nothing of that kind happened in this run)", INDENT);
    return any;
}
