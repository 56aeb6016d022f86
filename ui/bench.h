/*
 * ui/bench.h - what the benchmarks of `presec bench` share: the clock, interleaved rounds, and the rows they report.
 *
 * Source:  the budgets of the design, which are ratios between two things measured in one run.
 * Knows:   the CPU clock of this process, which nothing below ui/ may read.
 */
#ifndef PRESEC_UI_BENCH_H
#define PRESEC_UI_BENCH_H

#include "ui/exit.h"
#include "ui/term.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    BENCH_QUICK, /* to see that everything works; the figures mean nothing */
    BENCH_USUAL,
    BENCH_LARGE, /* the sizes that the budgets name */
} BenchSize;

typedef enum { BENCH_NO_BUDGET, BENCH_MET, BENCH_MISSED } BenchVerdict;

/* One thing measured.  Owned by its Bench. */
typedef struct BenchRow {
    const char *bench;
    char *what;
    const char *unit; /* "ns", "us", "octets", "/s", "" */
    double value;
    double floor;         /* in the same unit; 0 = none */
    const char *floor_is; /* NULL: none */
    double ratio;         /* of value and floor, for rates of floor and value: above 1 means slower or more; 0 = none */
    unsigned rounds;      /* whose median this is; 0: counted, or measured once */
    BenchVerdict verdict;
    char *budget; /* NULL = none */
    char *note;   /* NULL = none */
} BenchRow;

typedef struct Bench {
    const Term *term;
    BenchSize size;
    const char *current; /* the benchmark's name */
    GPtrArray *rows;     /* BenchRow *, in order */
    GPtrArray *faults;   /* char *: what went wrong, not what was slow */
} Bench;

void bench_init(Bench *bench, const Term *term, BenchSize size);
void bench_clear(Bench *bench);

typedef struct BenchKind {
    const char *name;
    const char *summary;
    void (*run)(Bench *bench); /* comes back early when interrupt_requested() */
} BenchKind;
extern const BenchKind bench_kinds[]; /* ended by one without a name */

void bench_queue(Bench *bench);
void bench_udp_echo(Bench *bench);
void bench_sip(Bench *bench);
void bench_aka(Bench *bench);
void bench_esp(Bench *bench);
void bench_life(Bench *bench);
void bench_memory(Bench *bench);
void bench_tls(Bench *bench);

/* One of three numbers by the size of the run. */
uint64_t bench_pick(const Bench *bench, uint64_t quick, uint64_t usual, uint64_t large);

/* --- reporting --- */
BenchRow *bench_row(Bench *bench, double value, const char *unit, const char *what, ...) G_GNUC_PRINTF(4, 5);
void bench_floor(BenchRow *row, double floor, double ratio, const char *floor_is);
/* met: @met; the words say what is asked for and, where it is quoted, from where */
void bench_budget(BenchRow *row, bool met, const char *words, ...) G_GNUC_PRINTF(3, 4);
void bench_note(BenchRow *row, const char *words, ...) G_GNUC_PRINTF(2, 3);
/* Something is wrong with the work, whatever its speed: the exit status will be 1. */
void bench_fault(Bench *bench, const char *words, ...) G_GNUC_PRINTF(2, 3);

/* --- measuring --- */

/* CPU time of this process in nanoseconds. */
double bench_cpu_ns(void);
double bench_median(double *values, size_t n); /* sorts them */
double bench_resident(void);                   /* octets of this process that are in memory now; 0: not known */
double bench_heap(void);                       /* octets that the allocator has given out */

/* Do @n pieces of work. */
typedef void (*BenchWork)(void *ctx, uint64_t n);

typedef struct BenchPair {
    double ours, floor; /* nanoseconds for one piece, medians */
    double ratio;       /* the median of the rounds' own ratios: what slows both down falls out */
    unsigned rounds;
} BenchPair;
/* Rounds of ours, floor, ours, floor ... each as long as the clock needs.  False: interrupted, @out is not set. */
bool bench_pair(const Bench *bench, BenchWork ours, void *ours_ctx, BenchWork floor, void *floor_ctx, BenchPair *out);
/* The same as a row in nanoseconds; NULL: interrupted. */
BenchRow *bench_pair_row(Bench *bench, BenchWork ours, void *ours_ctx, BenchWork floor, void *floor_ctx,
                         const char *floor_is, const char *what);

/* Whether @work allocated anything at all, even if it gave it back.  Runs it in a thread of its own, whose allocator
 * is untouched until the first call.  Under a sanitizer the answer is always false. */
bool bench_allocates(BenchWork work, void *ctx, uint64_t n);

#endif
