/*
 * scenarios/population.c - many subscribers with arrivals: made when they come, each with streams of its own.
 *
 * Source:  scenarios/scenario.h; J. von Neumann, "Various techniques used in connection with random digits", 1951, for
 * exponential gaps from comparisons alone: no logarithm whose last bit depends on the machine. Knows:   the block that
 * describes them.
 */
#include "scenarios/world_private.h"

#include <string.h>

#define SETTLE     (10 * SIM_SEC) /* from registering to using presence */
#define SETTLE_MAX 12             /* how often it looks whether it is registered: two minutes, timer F */

typedef struct Member {
    WorldPopulation *population;
    char *name;
    WorldCard card;
    Ue *ue;
    Modem *modem;
    SimStream activity;
    uint32_t index;
} Member;

struct WorldPopulation {
    World *world;
    const ScenarioPopulation *item;
    Option *values;
    WorldLeg *leg;
    SimSource source;
    SimStream arrivals;
    WorldCell *cell; /* that is being filled */
    unsigned in_cell;
    GPtrArray *members; /* Member*, in order of arrival */
};

/* Exponential with mean 1, as a fraction of 2^32 over whole parts: K + U where U is the first number of a descending
 * run of odd length, K the number of runs of even length before it. */
static double exponential(Sim *sim, SimStream *stream)
{
    for (unsigned whole = 0;; whole++) {
        uint32_t first = (uint32_t)(sim_random_u64(sim, stream) >> 32), last = first, next;
        unsigned run = 1;
        while ((next = (uint32_t)(sim_random_u64(sim, stream) >> 32)) < last) {
            last = next;
            run++;
        }
        if (run % 2 == 1)
            return whole + first / 4294967296.0;
    }
}

static SimTime gap(Member *member, SimTime mean)
{
    return (SimTime)(exponential(member->population->world->sim, &member->activity) * (double)mean);
}

/* ---- what a member does ---- */

static void on_publish(Sim *sim, void *ctx, uint64_t arg)
{
    Member *member = ctx;
    const ScenarioPopulation *item = member->population->item;
    char token[CANARY_LEN + 1];
    if (!ue_registered(member->ue))
        return;
    sim_random_token(sim, &member->activity, token, CANARY_LEN);
    ue_publish(member->ue, token[0] & 1, token);
    if (item->publish_gap > 0)
        sim_after(sim, member->population->source, gap(member, item->publish_gap), on_publish, member, arg);
}

/* It watches members who came before it: they have a name that the network knows. */
static void on_settled(Sim *sim, void *ctx, uint64_t arg)
{
    Member *member = ctx;
    WorldPopulation *population = member->population;
    if (!ue_registered(member->ue)) {
        if (arg < SETTLE_MAX)
            sim_after(sim, population->source, SETTLE, on_settled, member, arg + 1);
        return;
    }
    for (uint32_t i = 1; i <= MIN(population->item->watches, member->index); i++) {
        const Member *other = population->members->pdata[member->index - i];
        ue_subscribe(member->ue, other->card.impu, WATCH_SECONDS);
    }
    on_publish(sim, member, arg);
}

static void on_leave(Sim *sim, void *ctx, uint64_t arg)
{
    Member *member = ctx;
    (void)sim;
    (void)arg;
    ue_deregister(member->ue);
}

/* ---- arrivals ---- */

static void build_member(Member *member)
{
    WorldPopulation *population = member->population;
    World *world = population->world;
    AkaIsim isim, usim;
    world_card_enrol(world, &member->card, population->values->leg.isim_fault, &isim, &usim);
    NetHost *host = net_host_new(world->net, member->name, NULL);
    NetLink *radio = world_radio_link(world, population->cell, member->name, host);
    ModemConfig modem = { .name = member->name,
                          .imsi = member->card.imsi,
                          .usim = &usim,
                          .policy = world_modem_policy(population->values, population->cell) };
    member->modem = modem_new(host, radio, &modem, NULL, NULL);
    UeConfig config = { .name = member->name,
                        .impi = member->card.impi,
                        .impu = member->card.impu,
                        .home_domain = HOME_DOMAIN,
                        .isim = member->card.one_application ? NULL : &isim,
                        .policy = option_ue_policy(population->values),
                        .modem = member->modem,
                        .directory = world->directory };
    world_certify_ue(world, population->values, population->leg, &member->card, &config);
    member->ue = ue_new(world->net, &config);
    access_serve(population->cell->access, radio);
    aka_isim_clear(&isim);
    aka_isim_clear(&usim);
}

static void find_cell(WorldPopulation *population)
{
    World *world = population->world;
    if (population->cell && population->in_cell < population->item->per_cell)
        return;
    const char *name = world_text(world, "cell:%s-%u", population->item->id,
                                  population->members->len / population->item->per_cell + 1);
    population->cell = world_cell_new(world, name, "", (OptionAccess)population->values->leg.access, population->leg);
    population->in_cell = 0;
}

static void on_arrival(Sim *sim, void *ctx, uint64_t arg)
{
    WorldPopulation *population = ctx;
    const ScenarioPopulation *item = population->item;
    Member *member = g_new0(Member, 1);
    find_cell(population);
    population->in_cell++;
    member->population = population;
    member->index = population->members->len;
    member->name = g_strdup_printf("%s-%u", item->id, member->index + 1);
    member->activity = sim_stream(sim, member->name, "activity", 0);
    world_card_draw(population->world, &member->card, member->name);
    member->card.one_application = population->values->leg.usim_reuse;
    build_member(member);
    g_ptr_array_add(population->members, member);
    ue_register(member->ue);
    sim_after(sim, population->source, SETTLE + gap(member, SIM_SEC), on_settled, member, 0);
    if (item->stay > 0)
        sim_after(sim, population->source, SETTLE + gap(member, item->stay), on_leave, member, 0);
    if (population->members->len < item->count)
        sim_after(sim, population->source, (SimTime)(exponential(sim, &population->arrivals) * 1e9 / item->rate),
                  on_arrival, population, arg);
}

/* ---- the whole ---- */

void world_plan_populations(World *world)
{
    for (guint i = 0; i < world->scenario->populations->len; i++) {
        const ScenarioPopulation *item = world->scenario->populations->pdata[i];
        WorldPopulation *population = g_new0(WorldPopulation, 1);
        population->world = world;
        population->item = item;
        population->values = item->leg ? option_with_leg(world->option, item->leg) : option_copy(world->option);
        population->leg = world_leg_for(world, population->values);
        population->members = g_ptr_array_new();
        g_ptr_array_add(world->populations, population);
    }
}

void world_build_populations(World *world)
{
    for (guint i = 0; i < world->populations->len; i++) {
        WorldPopulation *population = world->populations->pdata[i];
        population->source = sim_source(world->sim);
        population->arrivals = sim_stream(world->sim, population->item->id, "arrivals", 0);
        sim_at(world->sim, population->source, population->item->from, on_arrival, population, 0);
    }
}

void world_population_free(void *item)
{
    WorldPopulation *population = item;
    for (guint i = 0; i < population->members->len; i++) {
        Member *member = population->members->pdata[i];
        ue_free(member->ue);
        modem_free(member->modem);
        world_card_clear(&member->card);
        g_free(member->name);
        g_free(member);
    }
    g_ptr_array_unref(population->members);
    option_free(population->values);
    g_free(population);
}

WorldCrowd world_crowd(const World *world)
{
    WorldCrowd crowd = { 0 };
    for (guint i = 0; i < world->populations->len; i++) {
        const WorldPopulation *population = world->populations->pdata[i];
        for (guint k = 0; k < population->members->len; k++) {
            const Member *member = population->members->pdata[k];
            const UeCounters *counters = ue_counters(member->ue);
            crowd.arrived++;
            crowd.registered_now += ue_registered(member->ue);
            crowd.sum.registered += counters->registered;
            crowd.sum.published += counters->published;
            crowd.sum.subscribed += counters->subscribed;
            crowd.sum.notified += counters->notified;
            crowd.sum.refused += counters->refused;
            crowd.sum.failed += counters->failed;
        }
    }
    return crowd;
}
