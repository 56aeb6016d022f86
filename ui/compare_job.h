/*
 * ui/compare_job.h - one call of `presec compare`, for the files that make it up.
 *
 * Source:  README.md, "The command".
 * Knows:   what was asked for.
 */
#ifndef PRESEC_UI_COMPARE_JOB_H
#define PRESEC_UI_COMPARE_JOB_H

#include "scenarios/compare.h"
#include "ui/commands.h"
#include "ui/compare_seeds.h"

typedef struct CompareJob {
    const CommandCall *call;
    const CompareSettings *settings;
    GPtrArray *options; /* Option * */
    CompareConfig config;
    uint64_t last_seed;  /* the first is the configuration's */
    CompareSeeds *seeds; /* NULL: one seed alone */
    const char *what;    /* for the progress line */
} CompareJob;

/* Writes the files and the page; EXIT_INTERRUPTED after saying which rows are missing, EXIT_INCONCLUSIVE. */
ExitStatus compare_output(const CompareJob *job, const Comparison *comparison);

#endif
