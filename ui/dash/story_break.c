/*
 * ui/dash/story_break.c - breakpoints on conditions of meaning.
 *
 * Source:  ui/dash/story.h.
 * Knows:   records and flips; a condition is a word and what follows its colon.
 */
#include "ui/dash/story.h"

#include <string.h>

static const struct {
    const char *word;
    BreakKind kind;
    bool needs_more;
} words[] = { { "node", BREAK_NODE, true },
              { "learns", BREAK_LEARNS, false },
              { "flips", BREAK_FLIP, false },
              { "text", BREAK_TEXT, true } };

static const char allowed[] = "a message (NOTIFY, 401), node:NAME, learns or learns:WHAT, flips or flips:PROPERTY, "
                              "text:WORDS";

static bool refuse(GError **error, const char *format, const char *what)
{
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, format, what, allowed);
    return false;
}

bool break_parse(const char *text, Break *out, GError **error)
{
    g_auto(GStrv) halves = g_strsplit(text, ":", 2);
    const char *more = halves[0] != NULL && halves[1] != NULL ? g_strstrip(halves[1]) : "";

    if (halves[0] == NULL || g_strstrip(halves[0])[0] == '\0')
        return refuse(error, "%snothing to stop at; allowed: %s", "");
    *out = (Break){ .kind = BREAK_MESSAGE };
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(halves[0], words[i].word) != 0)
            continue;
        if (words[i].needs_more && more[0] == '\0')
            return refuse(error, "'%s' needs what follows a colon; allowed: %s", words[i].word);
        if (words[i].kind == BREAK_FLIP && more[0] != '\0' && property_find(more) == NULL)
            return refuse(error, "'%s' is no property; allowed: %s", more);
        *out = (Break){ .kind = words[i].kind, .what = g_strdup(more) };
        return true;
    }
    if (halves[1] != NULL)
        return refuse(error, "'%s' is no condition; allowed: %s", halves[0]);
    out->what = g_strdup(halves[0]);
    return true;
}

void break_clear(Break *condition)
{
    g_clear_pointer(&condition->what, g_free);
}

char *break_text(const Break *condition)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (words[i].kind == condition->kind)
            return g_strdup_printf("%s%s%s", words[i].word, condition->what[0] != '\0' ? ":" : "", condition->what);
    return g_strdup(condition->what);
}

/* "NOTIFY" of a request, "401" and "401 Unauthorized" of an answer. */
static bool is_message(const Story *story, const TraceRecord *r, const char *what)
{
    if (r->kind != TRACE_SEND)
        return false;
    g_autofree char *label = ladder_label(story_fold(story), r->id);
    size_t len = strlen(what);
    const char *found = g_ascii_strncasecmp(label, what, len) == 0 ? label : r->message.label;
    return g_ascii_strncasecmp(found, what, len) == 0 && (found[len] == '\0' || found[len] == ' ');
}

static bool flips_at(const Story *story, TraceId at, const char *what)
{
    const GArray *flips = story_flips(story);
    for (guint i = 0; i < flips->len; i++) {
        const Flip *flip = &g_array_index(flips, Flip, i);
        if (flip->at == at && (what[0] == '\0' || property_find(what) == &property_info[flip->property]))
            return true;
    }
    return false;
}

bool story_breaks(Story *story, TraceId at, const Break *condition)
{
    const TraceRecord *r = trace_get(story_trace(story), at);
    if (r == NULL)
        return false;
    switch (condition->kind) {
    case BREAK_MESSAGE: return is_message(story, r, condition->what);
    case BREAK_NODE: return r->kind != TRACE_FRAME && strcmp(r->node, condition->what) == 0;
    case BREAK_LEARNS: return r->kind == TRACE_LEARN && strstr(r->learn.what, condition->what) != NULL;
    case BREAK_FLIP: return flips_at(story, at, condition->what);
    case BREAK_TEXT: {
        g_autofree char *words_of = story_narration(story, at);
        return strstr(words_of, condition->what) != NULL;
    }
    }
    return false;
}
