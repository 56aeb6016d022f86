/*
 * ui/ladder.c - a run as a message sequence.
 *
 * Source:  ui/ladder.h.
 * Knows:   columns of characters.  Labels stand on their arrows where every label fits, else to the right of the
 *          lifelines.
 */
#include "ui/ladder.h"

#include "ui/ladder_cast.h"
#include "ui/ladder_fold.h"
#include "ui/ladder_notes.h"
#include "ui/text.h"

#include <string.h>

enum { LEFT = 10, PITCH_MIN = 6, PITCH_MAX = 9, LABEL_GAP = 2, ARROWS_PER_HEAD = 20, NOTE_INDENT = LEFT + 2 };

typedef struct {
    const Term *term;
    const LadderFold *fold;
    const LadderCast *cast;
    int width, pitch;
    bool embedded;    /* labels stand on the arrows */
    bool several;     /* more than one UE registers */
    SimTime shown;    /* the time that the last line had; -1: none */
    GHashTable *told; /* what attackers learned already */
    unsigned arrows;
} Ladder;

static int column_x(const Ladder *ladder, int column)
{
    return LEFT + column * ladder->pitch + ladder->pitch / 2;
}

/* ---- layout ---- */

static int widest_label(const LadderFold *fold, const LadderCast *cast)
{
    const Trace *trace = ladder_fold_trace(fold);
    size_t widest = 1;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        LadderMessage message;
        if (!ladder_message(cast, trace_get(trace, id), &message))
            continue;
        g_autofree char *label = ladder_label(fold, id);
        widest = MAX(widest, strlen(label));
    }
    return (int)widest;
}

static bool several_register(const LadderFold *fold)
{
    const Trace *trace = ladder_fold_trace(fold);
    const char *first = NULL;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const char *owner = trace_get(trace, id)->kind == TRACE_SEND ? ladder_owner(fold, id) : NULL;
        if (owner && first && strcmp(owner, first) != 0)
            return true;
        first = owner ? owner : first;
    }
    return false;
}

/* "|-LABEL->|" needs four columns beside the label. */
static void lay_out(Ladder *ladder)
{
    int label = widest_label(ladder->fold, ladder->cast), n = MAX(ladder_columns(ladder->cast), 1);
    int room = ladder->width - LEFT - 1;
    ladder->several = several_register(ladder->fold);
    ladder->embedded = label + 4 <= room / n;
    if (ladder->embedded)
        ladder->pitch = label + 4;
    else
        ladder->pitch = CLAMP((room - label - LABEL_GAP) / n, PITCH_MIN, PITCH_MAX);
}

/* ---- lines ---- */

static void append_time(Ladder *ladder, GString *out, SimTime at)
{
    SimTime ms = at / SIM_MS;
    if (at == ladder->shown)
        g_string_append_printf(out, "%*s", LEFT, "");
    else
        g_string_append_printf(out, "%5d.%03d ", (int)(ms / 1000), (int)(ms % 1000));
    ladder->shown = at;
}

/* The lifelines between the margin and the last column. */
static GString *lifelines(const Ladder *ladder)
{
    int columns = ladder_columns(ladder->cast);
    GString *row = g_string_new(NULL);
    g_string_printf(row, "%*s", columns > 0 ? column_x(ladder, columns - 1) + 1 : 0, "");
    for (int i = 0; i < columns; i++)
        row->str[column_x(ladder, i)] = '|';
    return row;
}

/* Names over their lifelines; on two lines, by turns, when one is too long for its column. */
static void append_head(Ladder *ladder, GString *out)
{
    int columns = ladder_columns(ladder->cast), longest = 0;
    for (int i = 0; i < columns; i++)
        longest = MAX(longest, (int)strlen(ladder_column_name(ladder->cast, i)));
    int lines = longest < ladder->pitch ? 1 : 2;
    for (int line = 0; line < lines; line++) {
        g_autoptr(GString) row = g_string_new(NULL);
        for (int i = line; i < columns; i += lines) {
            const char *name = ladder_column_name(ladder->cast, i);
            int at = column_x(ladder, i) - ((int)strlen(name) - 1) / 2;
            if ((int)row->len < at)
                g_string_append_printf(row, "%*s", at - (int)row->len, "");
            else if (row->len > 0)
                g_string_append_c(row, ' ');
            g_string_append(row, name);
        }
        if (line == 0 && row->len > 4 && memcmp(row->str, "    ", 4) == 0)
            memcpy(row->str, "  time", MIN(6, strspn(row->str, " ")));
        term_append(ladder->term, out, STYLE_HEADING, row->str);
        g_string_append_c(out, '\n');
    }
}

static void put_text(GString *row, int at, const char *text)
{
    for (int i = 0; text[i] && at + i < (int)row->len; i++)
        row->str[at + i] = text[i];
}

/* From one lifeline to the next; '=' for what an attacker made, 'x' instead of the head where it never arrives. */
static void draw_arrow(const Ladder *ladder, GString *row, const LadderMessage *message, const char *label)
{
    int columns = ladder_columns(ladder->cast);
    int from = column_x(ladder, message->from);
    int to = message->to >= 0 && message->to != message->from
                 ? column_x(ladder, message->to)
                 : from + (message->from + 1 < columns ? ladder->pitch : -ladder->pitch);
    int low = MIN(from, to), high = MAX(from, to);
    memset(row->str + low + 1, message->forged ? '=' : '-', (size_t)(high - low - 1));
    char head = !message->arrived ? 'x' : to > from ? '>' : '<';
    row->str[to > from ? high - 1 : low + 1] = head;
    int shaft = high - low - 2, start = to > from ? low + 1 : low + 2; /* without the head */
    if (label && shaft > (int)strlen(label))
        put_text(row, start + (shaft - (int)strlen(label)) / 2, label);
}

static void append_sight(Ladder *ladder, GString *out, const TraceRecord *r)
{
    g_autofree char *sight = r->kind == TRACE_SEND ? ladder_sight(ladder->fold, r->id) : g_strdup("");
    const char *protection = r->message.protection;
    const char *owner = r->kind == TRACE_SEND && ladder->several ? ladder_owner(ladder->fold, r->id) : NULL;
    g_autoptr(GString) text = g_string_new(sight);
    if (protection && *protection && strcmp(protection, "clear") != 0)
        g_string_append_printf(text, "%s(%s)", text->len > 0 ? " " : "", protection);
    if (owner && strcmp(owner, r->node) != 0 && strcmp(owner, r->message.peer) != 0)
        g_string_append_printf(text, "%sfor %s", text->len > 0 ? ", " : "", owner);
    if (text->len == 0)
        return;
    g_string_append(out, term_style(ladder->term, STYLE_ABSENT));
    text_fill(out, text->str, NOTE_INDENT, ladder->width);
    g_string_append(out, term_style(ladder->term, STYLE_PLAIN));
}

static void append_message(Ladder *ladder, GString *out, const LadderMessage *message)
{
    const TraceRecord *r = message->record;
    g_autofree char *raw = ladder_label(ladder->fold, r->id);
    g_autoptr(GString) label = g_string_new(NULL);
    text_visible(label, raw, strlen(raw));
    if (ladder->arrows > 0 && ladder->arrows % ARROWS_PER_HEAD == 0) {
        g_string_append_c(out, '\n');
        append_head(ladder, out);
    }
    ladder->arrows++;
    append_time(ladder, out, r->at);
    g_autoptr(GString) row = lifelines(ladder);
    draw_arrow(ladder, row, message, ladder->embedded ? label->str : NULL);
    term_append(ladder->term, out, message->forged ? STYLE_BAD : STYLE_PLAIN, row->str + LEFT);
    if (!ladder->embedded)
        g_string_append_printf(out, "%*s%s", LABEL_GAP, "", label->str);
    g_string_append(out, message->arrived ? "\n" : "  (lost)\n");
    append_sight(ladder, out, r);
}

/* ---- notes ---- */

/* An attacker learns the same from every packet; it is told once. */
static bool is_news(Ladder *ladder, const TraceRecord *r, const char *text)
{
    return r->kind != TRACE_LEARN || g_hash_table_add(ladder->told, g_strdup(text));
}

static void append_note(Ladder *ladder, GString *out, const TraceRecord *r)
{
    LadderNote note;
    if (!ladder_wants_note(ladder->cast, r) || !ladder_note(ladder->fold, r, &note))
        return;
    if (is_news(ladder, r, note.text->str)) {
        append_time(ladder, out, r->at);
        g_string_append(out, term_style(ladder->term, note.style));
        gsize start = out->len;
        text_fill(out, note.text->str, NOTE_INDENT + 2, ladder->width);
        if (out->len > start) {
            /* The first line begins behind the time, with the mark before the text. */
            g_string_erase(out, (gssize)start, LEFT);
            out->str[start + NOTE_INDENT - LEFT] = note.mark;
        }
        g_string_append(out, term_style(ladder->term, STYLE_PLAIN));
    }
    g_string_free(note.text, TRUE);
}

static void append_legend(Ladder *ladder, GString *out)
{
    g_string_append_c(out, '\n');
    text_fill(out, ladder_marks, 0, ladder->width);
    text_fill(out,
              "Under a message: what somebody at each segment finds in the octets that crossed it. ===> an attacker's; "
              "--x never arrived. Times are seconds from the start.",
              0, ladder->width);
}

static bool notes_want(LadderNotes notes, TraceKind kind)
{
    switch (notes) {
    case LADDER_NOTES_ALL: return true;
    case LADDER_NOTES_DECISIONS: return kind == TRACE_DECISION || kind == TRACE_DROP;
    case LADDER_NOTES_ATTACKERS: return kind == TRACE_MOVE || kind == TRACE_LEARN || kind == TRACE_DROP;
    case LADDER_NOTES_NONE: return false;
    }
    return false;
}

bool ladder_view_wants(const LadderView *view, const TraceRecord *record, bool is_message, unsigned *messages)
{
    if (record->at < view->from || (view->until > 0 && record->at > view->until))
        return false;
    if (view->most > 0 && *messages + is_message > view->most)
        return false;
    *messages += is_message;
    return is_message || notes_want(view->notes, record->kind);
}

void ladder_append(const Term *term, GString *out, const Trace *trace, const LadderView *view)
{
    g_autoptr(LadderFold) fold = ladder_fold_new(trace);
    g_autoptr(LadderCast) cast = ladder_cast_new(fold, view->only, (view->width - LEFT - 1) / PITCH_MIN - 3);
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Ladder ladder = { .term = term, .fold = fold, .cast = cast, .width = view->width, .shown = -1, .told = told };
    unsigned messages = 0;
    lay_out(&ladder);
    append_head(&ladder, out);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        LadderMessage message;
        bool is_message = ladder_message(cast, r, &message);
        if (!ladder_view_wants(view, r, is_message, &messages))
            continue;
        if (is_message)
            append_message(&ladder, out, &message);
        else
            append_note(&ladder, out, r);
    }
    if (!view->bare)
        append_legend(&ladder, out);
}
