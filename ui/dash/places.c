/*
 * ui/dash/places.c - nodes, segments and listeners as the trace shows them.
 *
 * Source:  ui/dash/places.h.
 */
#include "ui/dash/places.h"

#include <string.h>

static void path_free(gpointer data)
{
    Path *path = data;
    g_free(path->name);
    g_ptr_array_unref(path->segments);
    g_ptr_array_unref(path->nodes);
    g_free(path);
}

static Path *path_of(GPtrArray *paths, const char *name)
{
    for (guint i = 0; i < paths->len; i++) {
        Path *path = paths->pdata[i];
        if (strcmp(path->name, name) == 0)
            return path;
    }
    Path *path = g_new0(Path, 1);
    path->name = g_strdup(name);
    path->segments = g_ptr_array_new_with_free_func(g_free);
    path->nodes = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(paths, path);
    return path;
}

static void add_once(GPtrArray *names, const char *name)
{
    if (name[0] != '\0' && !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
        g_ptr_array_add(names, g_strdup(name));
}

/* From the user on: TS 23.060, TS 23.228. */
static unsigned rank_of(const char *segment)
{
    static const char *const order[] = { "air:", "ran:", "iu:", "gn:", "gi:" };
    unsigned rank = 0;
    while (rank < G_N_ELEMENTS(order) && !g_str_has_prefix(segment, order[rank]))
        rank++;
    return rank;
}

static void add_segment(Path *path, const char *segment)
{
    guint at = 0;
    if (g_ptr_array_find_with_equal_func(path->segments, segment, g_str_equal, NULL))
        return;
    while (at < path->segments->len && rank_of(path->segments->pdata[at]) <= rank_of(segment))
        at++;
    g_ptr_array_insert(path->segments, (gint)at, g_strdup(segment));
}

static void add_frame(Places *places, const Story *story, const TraceRecord *r)
{
    const char *colon = strchr(r->frame.segment, ':');
    Path *path = path_of(colon != NULL ? places->users : places->core, colon != NULL ? colon + 1 : r->frame.segment);
    const TraceRecord *send = trace_get(story_trace(story), r->cause);

    add_segment(path, r->frame.segment);
    if (send != NULL && send->kind == TRACE_SEND)
        add_once(path->nodes, send->node);
}

/* Users have a card; other nodes do not. */
static bool is_user(const Story *story, const char *node)
{
    return world_find(story_result(story)->world, node) != NULL;
}

static void add_nodes(Places *places, const Story *story, bool users)
{
    const Trace *trace = story_trace(story);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if ((r->kind == TRACE_SEND || r->kind == TRACE_RECEIVE) && is_user(story, r->node) == users)
            add_once(places->nodes, r->node);
    }
}

Places *places_new(const Story *story)
{
    Places *places = g_new0(Places, 1);
    const Trace *trace = story_trace(story);

    places->users = g_ptr_array_new_with_free_func(path_free);
    places->core = g_ptr_array_new_with_free_func(path_free);
    places->nodes = g_ptr_array_new_with_free_func(g_free);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_FRAME)
            add_frame(places, story, r);
    }
    add_nodes(places, story, true);
    add_nodes(places, story, false);
    return places;
}

void places_free(Places *places)
{
    g_ptr_array_unref(places->users);
    g_ptr_array_unref(places->core);
    g_ptr_array_unref(places->nodes);
    g_free(places);
}

char *place_segment(const char *full)
{
    return g_strndup(full, strcspn(full, ":"));
}

static bool listens(const ScenarioAttacker *attacker, const char *segment)
{
    for (char **at = attacker->at; at != NULL && *at != NULL; at++) {
        size_t len = strlen(*at);
        bool all = len > 1 && (*at)[len - 1] == '*';
        if (all ? strncmp(*at, segment, len - 1) == 0 : strcmp(*at, segment) == 0)
            return true;
    }
    return false;
}

char *place_listeners(const Story *story, const char *segment)
{
    GString *names = g_string_new(NULL);
    const GPtrArray *attackers = story_scenario(story)->attackers;
    for (guint i = 0; i < attackers->len; i++) {
        const ScenarioAttacker *attacker = attackers->pdata[i];
        if (listens(attacker, segment))
            g_string_append_printf(names, "%s%s", names->len > 0 ? " " : "", attacker->id);
    }
    return g_string_free(names, FALSE);
}
