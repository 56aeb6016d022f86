/*
 * ui/dash/story.c - a finished run as positions, moments and words.
 *
 * Source:  ui/dash/story.h.
 * Knows:   the trace and the judge of one run.
 */
#include "ui/dash/story_now.h"

#include "ui/ladder_notes.h"
#include "ui/narrate.h"

#include <string.h>

struct Story {
    const Scenario *scenario;
    const RunResult *result;
    const Trace *trace;
    LadderFold *fold;
    LadderCast *cast;
    NowIndex *now;
    GArray *moments[MOMENT_N]; /* TraceId, ascending */
    GArray *flips;             /* Flip, by position */
    GPtrArray *judgements;     /* Judgement *, of the flips */
};

enum { COLUMNS_ALL = 100000 };

/* ---- flips ---- */

typedef struct FlipSearch {
    Story *story;
    RunMoments *moments;
    Property property;
} FlipSearch;

static Judgement *judge_at(FlipSearch *search, TraceId at)
{
    return run_moments_judge(search->moments, search->property, at);
}

static void add_flip(FlipSearch *search, TraceId at, Judgement *why)
{
    Flip flip = { .at = at, .property = search->property, .verdict = why->verdict, .why = why };
    g_array_append_val(search->story->flips, flip);
    g_ptr_array_add(search->story->judgements, why);
}

/* Verdicts of a beginning go one way (nothing sent, then holds, then violated), so the changes between two positions
 * are found by halving.  @before: the verdict at @low. */
static void find_flips(FlipSearch *search, TraceId low, Verdict before, TraceId high, Judgement *at_high)
{
    if (at_high->verdict == before) {
        judgement_free(at_high);
        return;
    }
    if (high - low <= 1) {
        add_flip(search, high, at_high);
        return;
    }
    TraceId middle = low + (high - low) / 2;
    Judgement *at_middle = judge_at(search, middle);
    Verdict verdict = at_middle->verdict;
    find_flips(search, low, before, middle, at_middle);
    find_flips(search, middle, verdict, high, at_high);
}

static gint by_position(gconstpointer a, gconstpointer b)
{
    const Flip *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (int)x->property - (int)y->property;
}

static void judge_all(Story *story)
{
    g_autoptr(RunMoments) moments = run_moments_new(story->result);

    for (Property property = 0; property < N_PROPERTIES; property++) {
        FlipSearch search = { story, moments, property };
        Judgement *first = judge_at(&search, 0);
        if (first == NULL) /* no single run shows it */
            continue;
        Verdict verdict = first->verdict;
        add_flip(&search, 0, first);
        find_flips(&search, 0, verdict, story_length(story), judge_at(&search, story_length(story)));
    }
    g_array_sort(story->flips, by_position);
}

/* ---- moments ---- */

static bool is_failure(const TraceRecord *r)
{
    return r->kind == TRACE_DROP || (r->kind == TRACE_OUTCOME && (r->outcome.status < 200 || r->outcome.status >= 300));
}

static void note_moments(Story *story, const TraceRecord *r)
{
    LadderMessage message;
    if (ladder_message(story->cast, r, &message))
        g_array_append_val(story->moments[MOMENT_MESSAGE], r->id);
    if (is_failure(r))
        g_array_append_val(story->moments[MOMENT_FAILURE], r->id);
    if (r->kind == TRACE_LEARN)
        g_array_append_val(story->moments[MOMENT_GAIN], r->id);
    if (r->kind == TRACE_MOVE)
        g_array_append_val(story->moments[MOMENT_MOVE], r->id);
}

static void note_flips(Story *story)
{
    for (guint i = 0; i < story->flips->len; i++) {
        TraceId at = g_array_index(story->flips, Flip, i).at;
        GArray *known = story->moments[MOMENT_FLIP];
        if (at > 0 && (known->len == 0 || g_array_index(known, TraceId, known->len - 1) != at))
            g_array_append_val(known, at);
    }
}

/* The first index whose position is greater than @at. */
static guint after(const GArray *positions, TraceId at)
{
    guint low = 0, high = positions->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(positions, TraceId, middle) <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

TraceId story_seek(const Story *story, TraceId at, bool forward, MomentKind kind, const char *node)
{
    const GArray *positions = story->moments[kind];
    guint i = after(positions, forward || at == 0 ? at : at - 1);

    while (forward ? i < positions->len : i > 0) {
        TraceId position = g_array_index(positions, TraceId, forward ? i : i - 1);
        if (node[0] == '\0' || strcmp(trace_get(story->trace, position)->node, node) == 0)
            return position;
        i += forward ? 1 : (guint)-1;
    }
    return 0;
}

TraceId story_next_of_node(const Story *story, TraceId at, bool forward, const char *node)
{
    while (forward ? at < story_length(story) : at > 1) {
        at += forward ? 1 : (TraceId)-1;
        const TraceRecord *r = trace_get(story->trace, at);
        if (r->kind != TRACE_FRAME && strcmp(r->node, node) == 0)
            return at;
    }
    return 0;
}

TraceId story_at_time(const Story *story, SimTime time)
{
    TraceId low = 0, high = story_length(story);
    while (low < high) { /* records are in order of time */
        TraceId middle = low + (high - low) / 2;
        if (story_time(story, middle) < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- construction ---- */

Story *story_new(const Scenario *scenario, const RunResult *result)
{
    Story *story = g_new0(Story, 1);

    story->scenario = scenario;
    story->result = result;
    story->trace = world_trace(result->world);
    story->fold = ladder_fold_new(story->trace);
    story->cast = ladder_cast_new(story->fold, NULL, COLUMNS_ALL);
    story->now = now_index_new(story->trace);
    story->flips = g_array_new(FALSE, FALSE, sizeof(Flip));
    story->judgements = g_ptr_array_new_with_free_func((GDestroyNotify)judgement_free);
    for (unsigned kind = 0; kind < MOMENT_N; kind++)
        story->moments[kind] = g_array_new(FALSE, FALSE, sizeof(TraceId));
    judge_all(story);
    for (TraceId id = 1; id <= trace_count(story->trace); id++)
        note_moments(story, trace_get(story->trace, id));
    note_flips(story);
    return story;
}

void story_free(Story *story)
{
    for (unsigned kind = 0; kind < MOMENT_N; kind++)
        g_array_unref(story->moments[kind]);
    g_array_unref(story->flips);
    g_ptr_array_unref(story->judgements);
    now_index_free(story->now);
    ladder_cast_free(story->cast);
    ladder_fold_free(story->fold);
    g_free(story);
}

const Scenario *story_scenario(const Story *story)
{
    return story->scenario;
}

const RunResult *story_result(const Story *story)
{
    return story->result;
}

const Trace *story_trace(const Story *story)
{
    return story->trace;
}

const LadderFold *story_fold(const Story *story)
{
    return story->fold;
}

TraceId story_length(const Story *story)
{
    return (TraceId)trace_count(story->trace);
}

SimTime story_time(const Story *story, TraceId at)
{
    const TraceRecord *r = trace_get(story->trace, at);
    return r != NULL ? r->at : 0;
}

const GArray *story_now(Story *story, TraceId at, NowKind kind)
{
    return now_index_at(story->now, at, kind);
}

/* ---- properties ---- */

const GArray *story_flips(const Story *story)
{
    return story->flips;
}

const Flip *story_verdict(const Story *story, TraceId at, Property property)
{
    const Flip *last = NULL;
    for (guint i = 0; i < story->flips->len; i++) {
        const Flip *flip = &g_array_index(story->flips, Flip, i);
        if (flip->at > at)
            break;
        if (flip->property == property)
            last = flip;
    }
    return last;
}

/* ---- words ---- */

char *story_narration(Story *story, TraceId at)
{
    const TraceRecord *r = trace_get(story->trace, at);
    return r != NULL ? narrate_record(story->fold, story->cast, r) : g_strdup("");
}
