/*
 * ui/dash/places.c - nodes, segments and listeners as the trace shows them.
 *
 * Source:  ui/dash/places.h.
 */
#include "ui/dash/places.h"

#include <string.h>

enum { START_LEN = 48 }; /* octets of a message that are looked for in a packet */

/* While they are made. */
typedef struct Survey {
    Places *places;
    const Story *story;
    GHashTable *paths;    /* name -> Path */
    GHashTable *segments; /* the trace's pointer -> Path: a name is kept once there */
    GHashTable *nodes;    /* names seen */
} Survey;

/* ---- paths ---- */

static void path_free(gpointer data)
{
    Path *path = data;
    g_free(path->name);
    g_ptr_array_unref(path->segments);
    g_ptr_array_unref(path->nodes);
    g_array_unref(path->messages);
    g_free(path);
}

static Path *add_path(Survey *survey, GPtrArray *paths, const char *name)
{
    Path *path = g_new0(Path, 1);
    path->name = g_strdup(name);
    path->segments = g_ptr_array_new_with_free_func(g_free);
    path->nodes = g_ptr_array_new();
    path->messages = g_array_new(FALSE, FALSE, sizeof(TraceId));
    g_ptr_array_add(paths, path);
    g_hash_table_insert(survey->paths, path->name, path);
    return path;
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
    while (at < path->segments->len && rank_of(path->segments->pdata[at]) <= rank_of(segment))
        at++;
    g_ptr_array_insert(path->segments, (gint)at, g_strdup(segment));
}

/* "air:alice" is of alice's path, "mw" is one of the core, "iu:cell:crowd-1" too. */
static Path *path_of(Survey *survey, const char *segment)
{
    Path *path = g_hash_table_lookup(survey->segments, segment);
    if (path != NULL)
        return path;
    const char *colon = strchr(segment, ':'), *name = colon != NULL ? colon + 1 : segment;
    path = g_hash_table_lookup(survey->paths, name);
    bool shared = colon == NULL || g_str_has_prefix(name, "cell:"); /* a cell of many has its own way to the core */
    if (path == NULL)
        path = add_path(survey, shared ? survey->places->core : survey->places->users, name);
    add_segment(path, segment);
    g_hash_table_insert(survey->segments, (char *)segment, path);
    return path;
}

/* ---- one pass ---- */

static void add_node(Path *path, const char *node)
{
    for (guint i = 0; i < path->nodes->len; i++)
        if (strcmp(path->nodes->pdata[i], node) == 0)
            return;
    g_ptr_array_add(path->nodes, (char *)node);
}

static bool is_attaching(const TraceRecord *r)
{
    return r->message.protocol == TRACE_ACCESS || r->message.protocol == TRACE_DHCP;
}

static void survey_frame(Survey *survey, const TraceRecord *r)
{
    const Trace *trace = story_trace(survey->story);
    const TraceRecord *sent = trace_get(trace, r->cause);
    Path *path = path_of(survey, r->frame.segment);

    if (sent == NULL || sent->kind != TRACE_SEND || is_attaching(sent))
        return;
    guint n = path->messages->len;
    if (n > 0 && positions_get(path->messages, n - 1) == sent->id)
        return;
    g_array_append_val(path->messages, sent->id);
    const TraceRecord *arrival = trace_get(trace, ladder_received(story_fold(survey->story), sent->id));
    add_node(path, sent->node);
    if (arrival != NULL)
        add_node(path, arrival->node);
}

static void survey_node(Survey *survey, const TraceRecord *r)
{
    if (r->node[0] == '\0' || !g_hash_table_add(survey->nodes, (char *)r->node))
        return;
    g_ptr_array_add(survey->places->nodes, (char *)r->node);
}

static void survey_records(Survey *survey)
{
    const Trace *trace = story_trace(survey->story);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_FRAME)
            survey_frame(survey, r);
        else if (r->kind == TRACE_SEND || r->kind == TRACE_RECEIVE)
            survey_node(survey, r);
    }
}

/* Users stand with their paths, who never spoke not at all, and cells behind the others. */
static void tidy(Survey *survey)
{
    Places *places = survey->places;
    GPtrArray *nodes = g_ptr_array_new();

    for (guint i = places->users->len; i > 0; i--)
        if (((Path *)places->users->pdata[i - 1])->segments->len == 0)
            g_ptr_array_remove_index(places->users, i - 1);
    for (int cells = 0; cells < 2; cells++)
        for (guint i = 0; i < places->nodes->len; i++) {
            const char *node = places->nodes->pdata[i];
            if (g_str_has_prefix(node, "cell:") == (cells == 1) && !g_hash_table_contains(survey->paths, node))
                g_ptr_array_add(nodes, (char *)node);
        }
    g_ptr_array_unref(places->nodes);
    places->nodes = nodes;
}

Places *places_new(const Story *story)
{
    Places *places = g_new0(Places, 1);
    const GPtrArray *ues = story_scenario(story)->ues;
    Survey survey = { .places = places, .story = story };

    places->users = g_ptr_array_new_with_free_func(path_free);
    places->core = g_ptr_array_new_with_free_func(path_free);
    places->nodes = g_ptr_array_new();
    survey.paths = g_hash_table_new(g_str_hash, g_str_equal);
    survey.segments = g_hash_table_new(NULL, NULL);
    survey.nodes = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < ues->len; i++)
        add_path(&survey, places->users, ((const ScenarioUe *)ues->pdata[i])->id);
    survey_records(&survey);
    tidy(&survey);
    g_hash_table_destroy(survey.paths);
    g_hash_table_destroy(survey.segments);
    g_hash_table_destroy(survey.nodes);
    return places;
}

void places_free(Places *places)
{
    g_ptr_array_unref(places->users);
    g_ptr_array_unref(places->core);
    g_ptr_array_unref(places->nodes);
    g_free(places);
}

/* ---- questions ---- */

char *place_segment(const char *full)
{
    return g_strndup(full, strcspn(full, ":"));
}

bool place_listens(const ScenarioAttacker *attacker, const char *segment)
{
    for (char **at = attacker->at; at != NULL && *at != NULL; at++) {
        size_t len = strlen(*at);
        bool all = len > 1 && (*at)[len - 1] == '*';
        if (all ? strncmp(*at, segment, len - 1) == 0 : strcmp(*at, segment) == 0)
            return true;
    }
    return false;
}

bool place_is_tapped(const Story *story, const char *segment)
{
    const GPtrArray *attackers = story_scenario(story)->attackers;
    for (guint i = 0; i < attackers->len; i++)
        if (place_listens(attackers->pdata[i], segment))
            return true;
    return false;
}

const char *place_pcscf(const Story *story, const Path *user, TraceId at)
{
    for (guint i = positions_until(user->messages, at); i > 0; i--) {
        const TraceRecord *sent = trace_get(story_trace(story), positions_get(user->messages, i - 1));
        const TraceRecord *came = trace_get(story_trace(story), ladder_received(story_fold(story), sent->id));
        if (strcmp(sent->node, user->name) != 0)
            return sent->node;
        if (came != NULL)
            return came->node;
    }
    return NULL;
}

bool place_shows(const TraceRecord *frame, const TraceRecord *sent)
{
    size_t len = MIN(sent->message.len, (size_t)START_LEN);
    return len > 0 && frame->frame.octets != NULL && sent->message.octets != NULL &&
           memmem(frame->frame.octets, frame->frame.len, sent->message.octets, len) != NULL;
}
