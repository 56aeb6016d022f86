/*
 * ui/dash/visit.h - a scenario that was run to be looked at: everything that must live as long as its dashboard.
 *
 * Knows:   how to run a scenario.
 */
#ifndef PRESEC_UI_DASH_VISIT_H
#define PRESEC_UI_DASH_VISIT_H

#include "ui/dash/story.h"

typedef struct Visit {
    Scenario *scenario;
    Option *option; /* NULL: the scenario's own */
    RunResult *result;
    Story *story;
} Visit;

/* @scenario, @option: taken.  NULL: a setting was wrong, @error. */
Visit *visit_new(Scenario *scenario, Option *option, const char *const *sets, uint64_t seed, GError **error);
void visit_free(Visit *visit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Visit, visit_free)

#endif
