/*
 * sim/bench.h - workloads of the engine for the bench command and for tests; whoever calls them holds the clock.
 *
 * Source:  the hold model of queue studies: take the first event, add one a random time later.
 * Knows:   no clock; everything is derived from fixed seeds.
 */
#ifndef PRESEC_SIM_BENCH_H
#define PRESEC_SIM_BENCH_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* What is driven: our queue, or a 4-ary heap of the same events with nothing around it: no handles, no cancelling. */
typedef enum { BENCH_QUEUE, BENCH_BARE_HEAP } BenchQueueKind;

typedef struct BenchHold BenchHold;
BenchHold *bench_hold_new(BenchQueueKind kind, size_t pending);
void bench_hold_free(BenchHold *hold);
void bench_hold_run(BenchHold *hold, uint64_t operations);
double bench_hold_octets(const BenchHold *hold);  /* of memory for each pending event */
uint64_t bench_hold_check(const BenchHold *hold); /* depends on the order of all events; the same for both kinds */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BenchHold, bench_hold_free)

/* Pairs of hosts, one link each; every datagram that arrives is sent back.  All headers and checksums are real. */
typedef struct BenchEcho BenchEcho;
BenchEcho *bench_echo_new(size_t pairs, size_t octets);
void bench_echo_free(BenchEcho *echo);
/* Until at least @packets more have arrived; returns how many did. */
uint64_t bench_echo_run(BenchEcho *echo, uint64_t packets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BenchEcho, bench_echo_free)

#endif
