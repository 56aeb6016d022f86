/*
 * ui/dash/story_flips.c - when the verdict on each property changed in a run.
 *
 * Source:  ui/dash/story_flips.h; scenarios/run.h.
 * Knows:   that a judgement of the first n records can be had for any n, at a price that grows with n.
 */
#include "ui/dash/story_flips.h"

typedef struct FlipSearch {
    GArray *flips;
    RunMoments *moments;
    Property property;
} FlipSearch;

static Judgement *judge_at(const FlipSearch *search, TraceId at)
{
    return run_moments_judge(search->moments, search->property, at);
}

/* @why: taken */
static void add_flip(FlipSearch *search, TraceId at, Judgement *why)
{
    Flip flip = { .at = at, .property = search->property, .verdict = why->verdict, .why = why };
    g_array_append_val(search->flips, flip);
}

/* Verdicts of a beginning go one way (nothing sent, then holds, then violated), so the changes between two positions
 * are found by halving.  @before: the verdict at @low.  @at_high: taken */
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

static void flip_clear(gpointer data)
{
    judgement_free((Judgement *)((Flip *)data)->why);
}

GArray *story_flips_find(const RunResult *result, TraceId length)
{
    GArray *flips = g_array_new(FALSE, FALSE, sizeof(Flip));
    g_autoptr(RunMoments) moments = run_moments_new(result);

    for (Property property = 0; property < N_PROPERTIES; property++) {
        FlipSearch search = { flips, moments, property };
        Judgement *first = judge_at(&search, 0);
        if (first == NULL) /* no single run shows it */
            continue;
        Verdict verdict = first->verdict;
        add_flip(&search, 0, first);
        find_flips(&search, 0, verdict, length, judge_at(&search, length));
    }
    g_array_sort(flips, by_position);
    g_array_set_clear_func(flips, flip_clear);
    return flips;
}
