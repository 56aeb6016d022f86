/*
 * ui/dash/story.c - a finished run as positions, moments and words.
 *
 * Source:  ui/dash/story.h.
 * Knows:   the trace and the judge of one run.
 */
#include "ui/dash/story.h"

#include "ui/dash/story_flips.h"
#include "ui/dash/story_index.h"
#include "ui/dash/story_now.h"
#include "ui/narrate.h"

#include <string.h>

struct Story {
    const Scenario *scenario;
    const RunResult *result;
    const Trace *trace;
    LadderFold *fold;
    LadderCast *cast;
    NowIndex *now;
    StoryIndex *index;
    GArray *flips; /* Flip, by position */
};

enum { COLUMNS_ALL = 100000 };

/* ---- construction ---- */

static void note_flips(Story *story)
{
    TraceId last = 0;
    for (guint i = 0; i < story->flips->len; i++) {
        TraceId at = g_array_index(story->flips, Flip, i).at;
        if (at != last)
            story_index_add_moment(story->index, MOMENT_FLIP, at);
        last = at;
    }
}

Story *story_new(const Scenario *scenario, const RunResult *result)
{
    Story *story = g_new0(Story, 1);

    story->scenario = scenario;
    story->result = result;
    story->trace = world_trace(result->world);
    story->fold = ladder_fold_new(story->trace);
    story->cast = ladder_cast_new(story->fold, NULL, COLUMNS_ALL);
    story->now = now_index_new(story->trace);
    story->index = story_index_new(story->fold, story->cast);
    story->flips = story_flips_find(result, story_length(story));
    note_flips(story);
    return story;
}

void story_free(Story *story)
{
    g_array_unref(story->flips);
    story_index_free(story->index);
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

/* ---- what is so at a position ---- */

const GArray *story_now(Story *story, TraceId at, NowKind kind)
{
    return now_index_at(story->now, at, kind);
}

const TraceRecord *story_newest(const Story *story, TraceId at, NowKind kind, const char *place)
{
    return trace_get(story->trace, now_index_newest(story->now, at, kind, place));
}

/* "2001:db8::1 5060" without the port */
static char *address_of(const char *text)
{
    return g_strndup(text, strcspn(text, " "));
}

uint32_t story_sequence(const Story *story, TraceId at, const TraceRecord *sa)
{
    g_autofree char *to = address_of(sa->sa.dst);
    return story_index_sequence(story->index, at, to, sa->sa.spi);
}

bool story_has_segment(const Story *story, const char *name)
{
    return story_index_has_segment(story->index, name);
}

const char *story_host(const Story *story, const char *address)
{
    g_autofree char *alone = address_of(address);
    return story_index_host(story->index, alone);
}

/* ---- positions ---- */

const GArray *story_told(const Story *story)
{
    return story_index_told(story->index);
}

const GArray *story_of_node(const Story *story, const char *node)
{
    return story_index_of_node(story->index, node);
}

const GArray *story_of_attacker(const Story *story, const char *name)
{
    return story_index_of_attacker(story->index, name);
}

const GArray *story_gains(const Story *story, const char *name)
{
    return story_index_gains(story->index, name);
}

const GArray *story_moments(const Story *story, MomentKind kind)
{
    return story_index_moments(story->index, kind);
}

TraceId positions_get(const GArray *positions, guint i)
{
    return g_array_index(positions, TraceId, i);
}

guint positions_until(const GArray *positions, TraceId at)
{
    guint low = 0, high = positions->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (positions_get(positions, middle) <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first after @at or the last before it; 0: there is none. */
static TraceId neighbour(const GArray *positions, TraceId at, bool forward)
{
    guint i = positions_until(positions, forward || at == 0 ? at : at - 1);
    if (forward)
        return i < positions->len ? positions_get(positions, i) : 0;
    return i > 0 && at > 0 ? positions_get(positions, i - 1) : 0;
}

TraceId story_seek(const Story *story, TraceId at, bool forward, MomentKind kind, const char *node)
{
    const GArray *positions = story_moments(story, kind);
    do
        at = neighbour(positions, at, forward);
    while (at != 0 && node[0] != '\0' && strcmp(trace_get(story->trace, at)->node, node) != 0);
    return at;
}

TraceId story_next_of_node(const Story *story, TraceId at, bool forward, const char *node)
{
    return neighbour(story_of_node(story, node), at, forward);
}

TraceId story_next_told(const Story *story, TraceId at, bool forward)
{
    return neighbour(story_told(story), at, forward);
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
