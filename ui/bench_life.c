/*
 * ui/bench_life.c - `presec bench life`: whole lives of subscribers over all nodes, beside the bare cryptography that
 *                   the very same lives need.
 *
 * Source:  design, budgets: within 2.0 of the bare cryptography with AES, 1.2 with 3DES; at most half of the 49 us that
 *          Kamailio takes for a plain Digest REGISTER, ten times its 24,000 NOTIFY/s on two cores for each core
 *          (measured on loopback, Debian 12; quoted).
 * Knows:   ui/bench_world.h.
 */
#include "ui/bench.h"

#include "crypto/bench.h"
#include "ui/bench_world.h"
#include "ui/interrupt.h"

#include <string.h>

#define KAMAILIO_REGISTER_US     49.0
#define KAMAILIO_NOTIFY_PER_CORE 12000.0

static const char floor_is[] = "the bare EVP calls for the vectors, digests and ESP packets of these lives";

/* --- the bare cryptography --- */

enum { KEYS = 64, MD5_OF_A_DIGEST = 8 }; /* three at the UE and at the S-CSCF each, two more for rspauth */

static const uint16_t digest_len[MD5_OF_A_DIGEST] = { 50, 25, 133, 50, 25, 133, 20, 133 };

typedef struct LifeFloor {
    CryptoBench *bare;
    EspKeys keys[KEYS];
    EspEalg ealg;
} LifeFloor;

static void do_floor(LifeFloor *floor, const BenchNeeds *needs)
{
    for (uint64_t i = 0; i < needs->vectors; i++) {
        const EspKeys *keys = &floor->keys[i % KEYS];
        crypto_bench_vector(floor->bare, keys->ck, keys->ik);
        crypto_bench_answer(floor->bare, keys->ck, keys->ik);
        for (unsigned k = 0; k < MD5_OF_A_DIGEST; k++)
            crypto_bench_md5(floor->bare, digest_len[k]);
    }
    for (size_t i = 0; i < needs->n_sealed; i++) {
        const EspKeys *keys = &floor->keys[i % KEYS];
        crypto_bench_seal(floor->bare, ESP_HMAC_SHA1_96, floor->ealg, keys, needs->sealed[i]);
        crypto_bench_open(floor->bare, ESP_HMAC_SHA1_96, floor->ealg, keys, needs->sealed[i]);
    }
}

static void floor_init(LifeFloor *floor, EspEalg ealg)
{
    *floor = (LifeFloor){ .bare = crypto_bench_new(), .ealg = ealg };
    for (unsigned i = 0; i < KEYS; i++)
        for (unsigned k = 0; k < ESP_KEY_LEN; k++) {
            floor->keys[i].ik[k] = (uint8_t)(i * 37 + k * 11 + 1);
            floor->keys[i].ck[k] = (uint8_t)(i * 41 + k * 13 + 5);
        }
}

/* --- one crowd's lives --- */

typedef struct Cost {
    double ours, floor; /* nanoseconds of CPU time for all subscribers together */
    uint64_t packets, octets, vectors;
} Cost;

static void add_cost(Cost *sum, const Cost *cost)
{
    sum->ours += cost->ours;
    sum->floor += cost->floor;
    sum->packets += cost->packets;
    sum->octets += cost->octets;
    sum->vectors += cost->vectors;
}

/* A stretch of life, then the bare cryptography that it needed, and so on to the end of the phase. */
static Cost run_phase(BenchWorld *world, LifeFloor *floor, BenchAct act)
{
    Cost cost = { 0 };
    bool more = true;
    bench_world_begin(world, act);
    while (more && !interrupt_requested()) {
        const double start = bench_cpu_ns();
        more = bench_world_step(world);
        const double middle = bench_cpu_ns();
        const BenchNeeds needs = bench_world_take(world);
        do_floor(floor, &needs);
        const double end = bench_cpu_ns();
        cost.ours += middle - start;
        cost.floor += end - middle;
        cost.vectors += needs.vectors;
        cost.packets += needs.n_sealed;
        for (size_t i = 0; i < needs.n_sealed; i++)
            cost.octets += needs.sealed[i];
    }
    return cost;
}

typedef enum { PHASE_REGISTER, PHASE_SUBSCRIBE, PHASE_PUBLISH, PHASE_DEREGISTER, N_PHASES } Phase;
static const BenchAct phase_act[N_PHASES] = {
    [PHASE_REGISTER] = bench_act_register,
    [PHASE_SUBSCRIBE] = bench_act_subscribe,
    [PHASE_PUBLISH] = bench_act_publish,
    [PHASE_DEREGISTER] = bench_act_deregister,
};
static const char *const phase_name[N_PHASES] = {
    [PHASE_REGISTER] = "register",
    [PHASE_SUBSCRIBE] = "subscribe, first NOTIFY",
    [PHASE_PUBLISH] = "publish, NOTIFY",
    [PHASE_DEREGISTER] = "de-register",
};

typedef struct Lives {
    Cost attach, phase[N_PHASES], whole; /* attach is not in the whole: it is the access network's */
} Lives;

static void check_lives(Bench *bench, const BenchWorld *world, const char *leg)
{
    size_t registered_now;
    const UeCounters sum = bench_world_counters(world, &registered_now);
    const uint64_t n = world->n; /* each is notified when it subscribes and when its presentity publishes */
    if (sum.registered != n || sum.subscribed != n || sum.published != n || sum.notified != 2 * n || registered_now > 0)
        bench_fault(bench,
                    "%s: of %zu subscribers %zu registered, %zu subscribed, %zu published, %zu were notified, %zu did "
                    "not leave",
                    leg, world->n, (size_t)sum.registered, (size_t)sum.subscribed, (size_t)sum.published,
                    (size_t)sum.notified, registered_now);
}

static void live(Bench *bench, const BenchLeg *leg, LifeFloor *floor, size_t n, Lives *out)
{
    BenchWorld *world = bench_world_new(leg, n);
    *out = (Lives){ .attach = run_phase(world, floor, bench_act_attach) };
    for (Phase phase = PHASE_REGISTER; phase < N_PHASES && !interrupt_requested(); phase++) {
        out->phase[phase] = run_phase(world, floor, phase_act[phase]);
        add_cost(&out->whole, &out->phase[phase]);
    }
    if (!interrupt_requested())
        check_lives(bench, world, leg->name);
    bench_world_free(world);
}

/* --- rows --- */

enum { ROUNDS_MAX = 101 };

typedef struct Column {
    double ours[ROUNDS_MAX], floor[ROUNDS_MAX], ratio[ROUNDS_MAX]; /* us for one subscriber */
} Column;

static void enter(Column *column, unsigned round, const Cost *cost, size_t n)
{
    column->ours[round] = cost->ours / 1e3 / (double)n;
    column->floor[round] = cost->floor / 1e3 / (double)n;
    column->ratio[round] = cost->floor > 0 ? cost->ours / cost->floor : 0;
}

static BenchRow *column_row(Bench *bench, Column *column, unsigned rounds, const char *what)
{
    BenchRow *row = bench_row(bench, bench_median(column->ours, rounds), "us", "%s", what);
    const double floor = bench_median(column->floor, rounds);
    if (floor >= 0.1)
        bench_floor(row, floor, bench_median(column->ratio, rounds), floor_is);
    row->rounds = rounds;
    return row;
}

static void budget_of_leg(BenchRow *row, EspEalg ealg)
{
    switch (ealg) {
    case ESP_NULL: return;
    case ESP_DES_EDE3_CBC: bench_budget(row, row->ratio <= 1.2, "at most 1.2 of the floor with 3DES"); return;
    case ESP_AES_CBC: bench_budget(row, row->ratio <= 2.0, "at most 2.0 of the floor with AES"); return;
    }
}

typedef struct LifeTable {
    Column attach, phase[N_PHASES], whole;
    Cost last; /* of the last round, for its counts */
} LifeTable;

static void life_rows(Bench *bench, const BenchLeg *leg, LifeTable *table, unsigned rounds, size_t n)
{
    g_autofree char *who = g_strdup_printf("%s, %zu subscriber%s", leg->name, n, n == 1 ? "" : "s");
    g_autofree char *whole = g_strdup_printf("%s: a life", who);
    BenchRow *row = column_row(bench, &table->whole, rounds, whole);
    budget_of_leg(row, leg->ealg);
    bench_note(row, "a life is %.1f ESP packets of %.0f octets, %.1f vectors", (double)table->last.packets / (double)n,
               (double)table->last.octets / MAX(1, (double)table->last.packets),
               (double)table->last.vectors / (double)n);
    for (Phase phase = PHASE_REGISTER; phase < N_PHASES; phase++) {
        g_autofree char *what = g_strdup_printf("%s: %s", who, phase_name[phase]);
        row = column_row(bench, &table->phase[phase], rounds, what);
        if (phase == PHASE_REGISTER && leg->ealg == ESP_AES_CBC)
            bench_budget(row, row->value <= KAMAILIO_REGISTER_US / 2, "at most half of Kamailio's %.0f us (quoted)",
                         KAMAILIO_REGISTER_US);
    }
    g_autofree char *what = g_strdup_printf("%s: attach to the access network (not in the life)", who);
    (void)column_row(bench, &table->attach, rounds, what);
}

static void lives(Bench *bench, const BenchLeg *leg, size_t n, unsigned rounds)
{
    g_autofree LifeTable *table = g_new0(LifeTable, 1);
    LifeFloor floor;
    floor_init(&floor, leg->ealg);
    for (unsigned i = 0; i < rounds && !interrupt_requested(); i++) {
        Lives one;
        term_progress(bench->term, "life: %s, %zu subscribers, round %u of %u", leg->name, n, i + 1, rounds);
        live(bench, leg, &floor, n, &one);
        enter(&table->attach, i, &one.attach, n);
        enter(&table->whole, i, &one.whole, n);
        for (Phase phase = PHASE_REGISTER; phase < N_PHASES; phase++)
            enter(&table->phase[phase], i, &one.phase[phase], n);
        table->last = one.whole;
    }
    crypto_bench_free(floor.bare);
    if (!interrupt_requested())
        life_rows(bench, leg, table, rounds, n);
}

/* --- one presentity, many watchers --- */

static void first_publishes(BenchWorld *world, size_t i)
{
    if (i == 0)
        bench_act_publish(world, 0);
}

static void fan_out(Bench *bench, const BenchLeg *leg, size_t watchers, unsigned rounds)
{
    BenchWorld *world = bench_world_new(leg, watchers);
    Column column;
    LifeFloor floor;
    uint64_t notified = 0;
    floor_init(&floor, leg->ealg);
    bench_world_do(world, bench_act_attach);
    bench_world_do(world, bench_act_register);
    bench_world_do(world, bench_act_subscribe_to_first);
    for (unsigned i = 0; i < rounds && !interrupt_requested(); i++) {
        const uint64_t before = bench_world_counters(world, NULL).notified;
        const Cost cost = run_phase(world, &floor, first_publishes);
        enter(&column, i, &cost, watchers);
        notified = bench_world_counters(world, NULL).notified - before;
        if (notified != watchers)
            bench_fault(bench, "%zu of %zu watchers were notified", (size_t)notified, watchers);
    }
    crypto_bench_free(floor.bare);
    bench_world_free(world);
    if (interrupt_requested())
        return;
    const double us = bench_median(column.ours, rounds), bare = bench_median(column.floor, rounds);
    BenchRow *row = bench_row(bench, 1e6 / us, "/s", "%s: NOTIFY of one publication to %zu watchers, one core",
                              leg->name, watchers);
    bench_floor(row, 1e6 / bare, bench_median(column.ratio, rounds), floor_is);
    row->rounds = rounds;
    bench_note(row, "%.1f us for a NOTIFY from the Presence Server to the UE and its answer back, ESP at both ends",
               us);
    bench_budget(row, row->value >= 10 * KAMAILIO_NOTIFY_PER_CORE, "ten times Kamailio's %.0f/s a core (quoted)",
                 KAMAILIO_NOTIFY_PER_CORE);
}

void bench_life(Bench *bench)
{
    static const BenchLeg legs[] = {
        { "gap", 5, ESP_NULL },
        { "rel6 with 3DES", 6, ESP_DES_EDE3_CBC },
        { "rel6 with AES", 6, ESP_AES_CBC },
    };
    const size_t many = bench_pick(bench, 3, 2000, 20000), most = bench_pick(bench, 0, 20000, 100000);
    const unsigned rounds = (unsigned)bench_pick(bench, 1, 3, 3);
    for (size_t i = 0; i < G_N_ELEMENTS(legs) && !interrupt_requested(); i++) {
        lives(bench, &legs[i], 1, (unsigned)bench_pick(bench, 1, 51, ROUNDS_MAX));
        if (!interrupt_requested())
            lives(bench, &legs[i], many, rounds);
        if (!interrupt_requested() && most > 0)
            lives(bench, &legs[i], most, 1);
    }
    if (!interrupt_requested())
        fan_out(bench, &legs[2], many, (unsigned)bench_pick(bench, 1, 5, 5));
}
