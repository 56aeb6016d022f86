/*
 * ui/bench_sim.c - `presec bench queue` and `udp-echo`: the engine below everything.
 *
 * Source:  sim/bench.h; design, budgets: the hold model, and an echo of 800 octets between 1,000 pairs of hosts.
 * Knows:   the engine from outside.
 */
#include "ui/bench.h"

#include "sim/bench.h"
#include "sim/ip.h"
#include "ui/interrupt.h"

#include <string.h>

/* --- queue --- */

static void hold_work(void *ctx, uint64_t n)
{
    bench_hold_run(ctx, n);
}

/* Both kinds are given the same events: they must come out in the same order. */
static void check_order(Bench *bench, size_t pending)
{
    g_autoptr(BenchHold) ours = bench_hold_new(BENCH_QUEUE, pending), bare = bench_hold_new(BENCH_BARE_HEAP, pending);
    bench_hold_run(ours, 1000);
    bench_hold_run(bare, 1000);
    if (bench_hold_check(ours) != bench_hold_check(bare))
        bench_fault(bench, "the queue and the heap disagree about the order of events");
}

static void hold_rows(Bench *bench, size_t pending, const char *what)
{
    g_autoptr(BenchHold) ours = bench_hold_new(BENCH_QUEUE, pending), bare = bench_hold_new(BENCH_BARE_HEAP, pending);
    BenchRow *row =
        bench_pair_row(bench, hold_work, ours, hold_work, bare, "a bare 4-ary heap of the same events", what);
    if (!row)
        return;
    bench_note(row, "%.1f million events/s", 1e3 / row->value);
    bench_budget(row, row->ratio <= 1 / 0.9, "at least 0.9 of the heap's rate");
    const double octets = bench_hold_octets(ours);
    row = bench_row(bench, octets, "octets", "%s: memory for each", what);
    bench_floor(row, bench_hold_octets(bare), octets / bench_hold_octets(bare), "a bare 4-ary heap of the same events");
    bench_budget(row, octets <= 64, "at most 64 octets");
}

void bench_queue(Bench *bench)
{
    check_order(bench, bench_pick(bench, 100, 1000, 1000));
    hold_rows(bench, bench_pick(bench, 100, 1000, 1000), "hold model, 1,000 pending");
    if (bench->size == BENCH_QUICK || interrupt_requested())
        return;
    hold_rows(bench, 100000, "hold model, 100,000 pending");
    if (!interrupt_requested())
        hold_rows(bench, 1000000, "hold model, 1,000,000 pending");
}

/* --- UDP echo --- */

enum { ECHO_OCTETS = 800, ECHO_LEN = IP_HEADER_LEN + UDP_HEADER_LEN + ECHO_OCTETS };

/* What nobody can do without: the octets go in and come out once, and are summed at both ends. */
typedef struct EchoFloor {
    uint8_t text[ECHO_OCTETS], packet[ECHO_LEN], other[ECHO_OCTETS];
    unsigned sum;
} EchoFloor;

static void echo_floor(void *ctx, uint64_t n)
{
    EchoFloor *f = ctx;
    for (uint64_t i = 0; i < n; i++) {
        f->text[0] = (uint8_t)i;
        memcpy(f->packet + IP_HEADER_LEN + UDP_HEADER_LEN, f->text, sizeof f->text);
        f->sum += ip_checksum(f->packet + 8, IP_UDP, f->packet + IP_HEADER_LEN, UDP_HEADER_LEN + ECHO_OCTETS);
        memcpy(f->other, f->packet + IP_HEADER_LEN + UDP_HEADER_LEN, sizeof f->other);
        f->sum += ip_checksum(f->packet + 8, IP_UDP, f->packet + IP_HEADER_LEN, UDP_HEADER_LEN + ECHO_OCTETS);
    }
}

static void echo_work(void *ctx, uint64_t n)
{
    (void)bench_echo_run(ctx, n);
}

void bench_udp_echo(Bench *bench)
{
    const double asked = 620000; /* ten times ns-3's 62,000 on the same machine */
    g_autoptr(BenchEcho) echo = bench_echo_new(bench_pick(bench, 10, 1000, 1000), ECHO_OCTETS);
    g_autofree EchoFloor *f = g_new0(EchoFloor, 1);
    BenchPair pair;

    if (bench_echo_run(echo, 100) < 100)
        bench_fault(bench, "datagrams got lost");
    term_progress(bench->term, "%s", bench->current);
    if (!bench_pair(bench, echo_work, echo, echo_floor, f, &pair))
        return;
    BenchRow *row = bench_row(bench, 1e9 / pair.ours, "/s", "packets of 800 octets, 1,000 pairs of hosts");
    bench_floor(row, 1e9 / pair.floor, pair.ratio, "two copies and two checksums for each packet");
    row->rounds = pair.rounds;
    bench_note(row, "%.0f ns for a packet", pair.ours);
    bench_budget(row, row->value >= asked, "at least 620,000/s (ten times ns-3, quoted)");
}
