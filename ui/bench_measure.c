/*
 * ui/bench_measure.c - the clock, interleaved rounds, and memory.
 *
 * Source:  ui/bench.h.
 * Knows:   POSIX and the C library's account of its heap.
 */
#include "ui/bench.h"

#include "ui/interrupt.h"

#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MAX = 31 };

double bench_cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_median(double *values, size_t n)
{
    g_assert(n > 0);
    qsort(values, n, sizeof *values, compare);
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

double bench_resident(void)
{
    char line[128] = "";
    FILE *statm = fopen("/proc/self/statm", "r");
    if (!statm)
        return 0;
    if (!fgets(line, sizeof line, statm))
        line[0] = '\0';
    fclose(statm);
    const char *resident = strchr(line, ' '); /* the second number, in pages */
    return resident ? (double)strtoul(resident, NULL, 10) * (double)sysconf(_SC_PAGESIZE) : 0;
}

double bench_heap(void)
{
    const struct mallinfo2 info = mallinfo2();
    return (double)info.uordblks + (double)info.hblkhd;
}

/* --- rounds --- */

static double timed(BenchWork work, void *ctx, uint64_t n)
{
    const double before = bench_cpu_ns();
    work(ctx, n);
    return bench_cpu_ns() - before;
}

/* How many pieces last about @ns; also warms up. */
static uint64_t calibrate(BenchWork work, void *ctx, double ns)
{
    for (uint64_t n = 1;; n *= 2) {
        const double took = timed(work, ctx, n);
        if (took >= ns / 4 || n >= UINT64_C(1) << 40 || interrupt_requested())
            return MAX(1, (uint64_t)((double)n * ns / MAX(took, 1)));
    }
}

bool bench_pair(const Bench *bench, BenchWork ours, void *ours_ctx, BenchWork floor, void *floor_ctx, BenchPair *out)
{
    const double ns = (double)bench_pick(bench, 10000, 30000000, 100000000);
    const unsigned rounds = (unsigned)bench_pick(bench, 3, 11, 21);
    double a[ROUNDS_MAX], b[ROUNDS_MAX], ratio[ROUNDS_MAX];
    const uint64_t n_ours = calibrate(ours, ours_ctx, ns), n_floor = calibrate(floor, floor_ctx, ns);

    for (unsigned i = 0; i < rounds; i++) {
        if (interrupt_requested())
            return false;
        a[i] = timed(ours, ours_ctx, n_ours) / (double)n_ours;
        b[i] = timed(floor, floor_ctx, n_floor) / (double)n_floor;
        ratio[i] = a[i] / MAX(b[i], 1e-3);
    }
    *out = (BenchPair){ .ours = bench_median(a, rounds),
                        .floor = bench_median(b, rounds),
                        .ratio = bench_median(ratio, rounds),
                        .rounds = rounds };
    return true;
}

BenchRow *bench_pair_row(Bench *bench, BenchWork ours, void *ours_ctx, BenchWork floor, void *floor_ctx,
                         const char *floor_is, const char *what)
{
    BenchPair pair;
    term_progress(bench->term, "%s: %s", bench->current, what);
    if (!bench_pair(bench, ours, ours_ctx, floor, floor_ctx, &pair))
        return NULL;
    BenchRow *row = bench_row(bench, pair.ours, "ns", "%s", what);
    bench_floor(row, pair.floor, pair.ratio, floor_is);
    row->rounds = pair.rounds;
    return row;
}

/* --- allocations --- */

typedef struct Trial {
    BenchWork work;
    void *ctx;
    uint64_t n;
    bool allocated;
} Trial;

/* The first allocation of a thread sets up its cache, which stays: so even what is given back at once shows. */
static void *try_it(void *ctx)
{
    Trial *trial = ctx;
    const double before = bench_heap();
    trial->work(trial->ctx, trial->n);
    trial->allocated = bench_heap() != before;
    return NULL;
}

bool bench_allocates(BenchWork work, void *ctx, uint64_t n)
{
    Trial trial = { .work = work, .ctx = ctx, .n = n };
    pthread_t thread;
    if (pthread_create(&thread, NULL, try_it, &trial) != 0)
        return true;
    pthread_join(thread, NULL);
    return trial.allocated;
}
