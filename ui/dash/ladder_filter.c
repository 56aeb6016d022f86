/*
 * ui/dash/ladder_filter.c - which messages a ladder shows.
 *
 * Source:  ui/dash/ladder_filter.h.
 */
#include "ui/dash/ladder_filter.h"

#include "ui/ladder_cast.h"

enum { COLUMNS_ALL = 100000, NAMES_MAX = 32 };

void ladder_filter_clear(LadderFilter *filter)
{
    g_clear_pointer(&filter->text, g_free);
    g_clear_pointer(&filter->only, g_strfreev);
    g_clear_pointer(&filter->segments, g_strfreev);
    g_clear_pointer(&filter->columns, g_strfreev);
    g_clear_pointer(&filter->messages, g_array_unref);
}

/* A message that crossed any of them, or with none named any message. */
static bool crossed(const LadderFilter *filter, const LadderFold *fold, const TraceRecord *r)
{
    TraceId sent = r->kind == TRACE_SEND ? r->id : 0;
    for (char **segment = filter->segments; segment != NULL && *segment != NULL; segment++)
        if (sent != 0 && ladder_crossed(fold, sent, *segment))
            return true;
    return filter->segments == NULL;
}

static void collect(LadderFilter *filter, const Story *story)
{
    const LadderFold *fold = story_fold(story);
    g_autoptr(LadderCast) cast = ladder_cast_new(fold, (const char *const *)filter->only, COLUMNS_ALL);

    filter->messages = g_array_new(FALSE, FALSE, sizeof(TraceId));
    for (TraceId id = 1; id <= story_length(story); id++) {
        const TraceRecord *r = trace_get(story_trace(story), id);
        LadderMessage message;
        if (ladder_message(cast, r, &message) && crossed(filter, fold, r))
            g_array_append_val(filter->messages, id);
    }
}

static char **taken(GPtrArray *words)
{
    if (words->len == 0)
        return NULL;
    g_ptr_array_add(words, NULL);
    return g_strdupv((char **)words->pdata);
}

static void add_name(GPtrArray *names, const char *name)
{
    if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
        g_ptr_array_add(names, (char *)name);
}

/* Who has no part in what crosses a segment gets no column, unless there are very many who have. */
static char **columns_of(const LadderFilter *filter, const Story *story)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (char **word = filter->only; word != NULL && *word != NULL; word++)
        g_ptr_array_add(names, *word);
    for (guint i = 0; filter->segments != NULL && i < filter->messages->len && names->len <= NAMES_MAX; i++) {
        TraceId sent = positions_get(filter->messages, i);
        const TraceRecord *came = trace_get(story_trace(story), ladder_received(story_fold(story), sent));
        add_name(names, trace_get(story_trace(story), sent)->node);
        if (came != NULL)
            add_name(names, came->node);
    }
    return names->len <= NAMES_MAX ? taken(names) : g_strdupv(filter->only);
}

char *ladder_filter_set(LadderFilter *filter, const Story *story, const char *line)
{
    g_auto(GStrv) words = g_strsplit_set(line, ", ", -1);
    g_autoptr(GPtrArray) only = g_ptr_array_new(), segments = g_ptr_array_new();

    for (char **word = words; *word != NULL; word++) {
        if (**word == '\0')
            continue;
        bool segment = story_has_segment(story, *word);
        if (!segment && !ladder_knows(story_trace(story), *word))
            return g_strdup(*word);
        g_ptr_array_add(segment ? segments : only, *word);
    }
    ladder_filter_clear(filter);
    if (only->len + segments->len == 0)
        return NULL;
    filter->text = g_strdup(line);
    filter->only = taken(only);
    filter->segments = taken(segments);
    collect(filter, story);
    filter->columns = columns_of(filter, story);
    return NULL;
}

const GArray *ladder_filter_messages(const LadderFilter *filter, const Story *story)
{
    return filter->messages != NULL ? filter->messages : story_moments(story, MOMENT_MESSAGE);
}
