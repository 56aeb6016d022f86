/*
 * ui/dash/matrix_run.h - a comparison made in a thread of its own, while the screen goes on.
 *
 * Knows:   scenarios/compare.h.
 */
#ifndef PRESEC_UI_DASH_MATRIX_RUN_H
#define PRESEC_UI_DASH_MATRIX_RUN_H

#include "scenarios/compare.h"

typedef struct MatrixRun MatrixRun;
/* @options: Option *, borrowed until it is freed */
MatrixRun *matrix_run_new(const GPtrArray *options, uint64_t seed) G_GNUC_WARN_UNUSED_RESULT;
/* How many options are done; true: all that will be. */
bool matrix_run_progress(MatrixRun *run, unsigned *done, unsigned *total);
/* Those not yet begun are left out. */
void matrix_run_stop(MatrixRun *run);
/* Waits for what is under way, then ends the run; what was compared is the caller's. */
Comparison *matrix_run_end(MatrixRun *run) G_GNUC_WARN_UNUSED_RESULT;

#endif
