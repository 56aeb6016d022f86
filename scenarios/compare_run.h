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

/* Runs a scenario (taken) under an option (copied), with the trace and without frames. */
typedef struct CostRunner {
    CompareRun *(*run)(void *ctx, Scenario *scenario, const Option *option);
    void *ctx;
} CostRunner;
/* @base: the standard cast's run, with its frames.  @in_full: on every access, and compression: more runs. */
void costs_measure(const CompareRun *base, const CostRunner *runner, const char *presentity, const char *watcher,
                   bool in_full, Costs *out);

#endif
