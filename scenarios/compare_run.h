/*
 * scenarios/compare_run.h - one run of a cast under an option, kept with the evidence it left.
 */
#ifndef PRESEC_SCENARIOS_COMPARE_RUN_H
#define PRESEC_SCENARIOS_COMPARE_RUN_H

#include "scenarios/compare.h"
#include "scenarios/exhibits.h"

typedef struct CompareRun {
    Scenario *scenario; /* owned: a merge or a copy */
    Option *option;     /* owned */
    World *world;
    Exhibits exhibits;
} CompareRun;

/* @scenario and @option are taken.  @pki: borrowed, of this seed; NULL: the run makes its own.  @frames: keep the
 * frames, for costs. */
CompareRun *compare_run_new(Scenario *scenario, Option *option, uint64_t seed, Pki *pki, bool frames);
void compare_run_free(CompareRun *run);
/* The passive reader of a position: with a work budget, or without any; NULL: none. */
const char *compare_run_reader(const CompareRun *run, const char *position, bool without_work);

/* What the run of the standard cast cost. */
void costs_measure(const CompareRun *run, const char *presentity, const char *watcher, Costs *out);

#endif
