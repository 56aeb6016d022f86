/*
 * ui/dash/matrix_run.c - a comparison made in a thread of its own.
 *
 * Source:  ui/dash/matrix_run.h.
 */
#include "ui/dash/matrix_run.h"

#include "ui/interrupt.h"

enum { JOBS_MAX = 8 };

struct MatrixRun {
    GThread *thread;
    const GPtrArray *options;
    uint64_t seed;
    gint done, finished, stop; /* atomic: the thread writes, the screen reads; stop the other way round */
    Comparison *comparison;    /* of the thread until it has ended */
};

static bool on_progress(void *ctx, unsigned done, unsigned total, const char *option)
{
    MatrixRun *run = ctx;
    g_atomic_int_set(&run->done, (gint)done);
    return g_atomic_int_get(&run->stop) == 0 && !interrupt_requested();
}

static gpointer compare(gpointer data)
{
    MatrixRun *run = data;
    CompareConfig config = { .options = (Option *const *)run->options->pdata,
                             .n_options = run->options->len,
                             .seed = run->seed,
                             .jobs = MIN(g_get_num_processors(), JOBS_MAX),
                             .progress = on_progress,
                             .ctx = run };
    run->comparison = compare_options(&config, NULL);
    g_atomic_int_set(&run->finished, 1);
    return NULL;
}

MatrixRun *matrix_run_new(const GPtrArray *options, uint64_t seed)
{
    MatrixRun *run = g_new0(MatrixRun, 1);
    run->options = options;
    run->seed = seed;
    run->thread = g_thread_new("compare", compare, run);
    return run;
}

bool matrix_run_progress(MatrixRun *run, unsigned *done, unsigned *total)
{
    *done = (unsigned)g_atomic_int_get(&run->done);
    *total = run->options->len;
    return g_atomic_int_get(&run->finished) != 0;
}

void matrix_run_stop(MatrixRun *run)
{
    g_atomic_int_set(&run->stop, 1);
}

Comparison *matrix_run_end(MatrixRun *run)
{
    g_thread_join(run->thread);
    Comparison *comparison = run->comparison;
    g_free(run);
    return comparison;
}
