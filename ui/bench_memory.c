/*
 * ui/bench_memory.c - `presec bench memory`: what a registered subscriber costs in memory, all nodes together.
 *
 * Source:  design, budgets: at most 2 KiB resident at 100,000 subscribers, with four security associations at both
 *          ends, one subscription and one publication each.
 * Knows:   ui/bench_world.h, and the sizes of what the P-CSCF keeps.
 */
#include "ui/bench.h"

#include "nodes/pcscf_internal.h"
#include "nodes/scscf_internal.h"
#include "nodes/stack/sad_private.h"
#include "nodes/ue_internal.h"
#include "ui/bench_world.h"
#include "ui/interrupt.h"

#include <malloc.h>

static const BenchLeg leg = { "rel6 with AES", 6, ESP_AES_CBC };

/* What the allocator has set aside for it, its own word included. */
static double block(const void *memory)
{
    return memory ? (double)malloc_usable_size((void *)(uintptr_t)memory) + sizeof(size_t) : 0;
}

static double strings(char *const *list)
{
    double sum = block(list);
    for (; list && *list; list++)
        sum += block(*list);
    return sum;
}

static double sad_octets(const Sad *sad)
{
    double sum = block(sad) + block(sad->set) + block(sad->free) + block(sad->ports);
    for (uint32_t i = 0; i < sad->n_slots; i++)
        sum += block(sad->set[i]);
    return sum;
}

static double contact_octets(const Pcscf *pcscf)
{
    double sum = 0;
    for (const Contact *c = pcscf->contacts; c; c = c->next)
        sum += block(c) + block(c->impi) + strings(c->impus) + block(c->service_route) + block(c->security_client) +
               block(c->security_server);
    return sum;
}

static double scscf_octets(const Scscf *scscf)
{
    double sum = block(scscf->all->pdata);
    const void *filters = NULL; /* counted once where neighbours share them */
    for (guint i = 0; i < scscf->all->len; i++) {
        const Subscriber *s = scscf->all->pdata[i];
        sum += block(s) + block(s->impi) + strings(s->impus) + block(s->contact) + block(s->path) + block(s->nonce) +
               block(s->call_id) + (s->filters != filters ? block(s->filters) : 0);
        filters = s->filters;
    }
    return sum;
}

static double ue_sad_octets(const BenchWorld *world)
{
    double sum = 0;
    for (size_t i = 0; i < world->n; i++)
        sum += sad_octets(world->ue[i].ue->sad);
    return sum;
}

typedef struct Ledger {
    Bench *bench;
    const BenchWorld *world;
    double heap; /* when last looked */
} Ledger;

static void item(const Ledger *ledger, double octets, const char *what)
{
    bench_row(ledger->bench, octets / (double)ledger->world->n, "octets", "%s", what);
}

static double grown(Ledger *ledger)
{
    const double before = ledger->heap;
    ledger->heap = bench_heap();
    return ledger->heap - before;
}

static void making_items(const Ledger *ledger)
{
    const BenchMakings *made = &ledger->world->made;
    item(ledger, made->identities, "names and identities");
    item(ledger, made->hss, "HSS: subscriber with two generators of vectors");
    item(ledger, made->hosts, "network: host and radio link");
    item(ledger, made->modems, "modem with its USIM");
    item(ledger, made->ues, "UE with its ISIM, not registered");
    item(ledger, made->access, "access network: radio link's state");
}

/* What registration adds, split by who keeps it. */
static void registration_items(Ledger *ledger, double ue_sads_before)
{
    const BenchWorld *world = ledger->world;
    const double all = grown(ledger), sads = ue_sad_octets(world) - ue_sads_before,
                 pcscf_sas = sad_octets(world->pcscf->sad), contacts = contact_octets(world->pcscf),
                 scscf = scscf_octets(world->scscf);
    item(ledger, sads, "registration: UE's four SAs");
    item(ledger, pcscf_sas, "registration: P-CSCF's four SAs");
    item(ledger, contacts, "registration: P-CSCF's contact");
    item(ledger, scscf, "registration: S-CSCF's subscriber");
    item(ledger, all - sads - pcscf_sas - contacts - scscf, "registration: UE's texts, tables and timers of all nodes");
}

static void phases(Bench *bench, BenchWorld *world)
{
    Ledger ledger = { .bench = bench, .world = world };
    making_items(&ledger);
    ledger.heap = bench_heap();
    bench_world_do(world, bench_act_attach);
    item(&ledger, grown(&ledger), "attached: addresses, routes, radio integrity");
    const double ue_sads = ue_sad_octets(world);
    bench_world_do(world, bench_act_register);
    registration_items(&ledger, ue_sads);
    bench_world_do(world, bench_act_subscribe);
    item(&ledger, grown(&ledger), "one subscription, at the UE and the Presence Server");
    bench_world_do(world, bench_act_publish);
    item(&ledger, grown(&ledger), "one publication, at the UE and the Presence Server");
}

static void check(Bench *bench, const BenchWorld *world)
{
    size_t registered_now;
    const UeCounters sum = bench_world_counters(world, &registered_now);
    if (registered_now != world->n || sum.subscribed != world->n || sum.published != world->n)
        bench_fault(bench, "of %zu subscribers %zu are registered, %zu subscribed, %zu published", world->n,
                    registered_now, (size_t)sum.subscribed, (size_t)sum.published);
    if (sad_count(world->pcscf->sad) != world->n)
        bench_fault(bench, "the P-CSCF has %zu sets of SAs for %zu subscribers", sad_count(world->pcscf->sad),
                    world->n);
}

void bench_memory(Bench *bench)
{
    const size_t n = bench_pick(bench, 3, 20000, 100000);
    term_progress(bench->term, "memory: %zu subscribers", n);
    malloc_trim(0);
    const double resident = bench_resident(), heap = bench_heap();
    BenchWorld *world = bench_world_new(&leg, n);
    phases(bench, world);
    if (!interrupt_requested()) {
        check(bench, world);
        const double busy = bench_resident() - resident;
        malloc_trim(0);
        const double idle = bench_resident() - resident;
        BenchRow *row =
            bench_row(bench, (bench_heap() - heap) / (double)n, "octets", "all of these: what the heap has given out");
        row = bench_row(bench, idle / (double)n, "octets", "resident, %zu registered subscribers", n);
        bench_note(row, "%.0f before the allocator was asked to give back what transactions had used",
                   busy / (double)n);
        bench_budget(row, idle / (double)n <= 2048, "at most 2,048 octets at 100,000");
    }
    bench_world_free(world);
}
