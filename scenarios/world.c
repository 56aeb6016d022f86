/*
 * scenarios/world.c - a world as a whole: made in order, run, finished, asked.
 *
 * Source:  scenarios/world.h.
 * Knows:   the order of making: legs and identities, core, participants, populations, attackers, timeline.  Attackers
 * come after the counters, so that a packet that they take away is still counted.
 */
#include "scenarios/world.h"
#include "scenarios/world_private.h"

#include <string.h>

#define EVENTS_MAX_DEFAULT UINT64_C(50000000)
enum { PORT_SIP = 5060, PORT_SIPS = 5061, NEXT_TCP = 6 };

/* ---- counting ---- */

static NetTapVerdict on_counted(void *ctx, const NetSighting *sighting)
{
    WorldCounter *counter = ctx;
    counter->traffic.frames++;
    counter->traffic.octets += sighting->packet->len;
    return NET_TAP_PASS;
}

static void count_segment(World *world, char *segment)
{
    WorldCounter *counter = g_new0(WorldCounter, 1);
    counter->segment = segment;
    g_ptr_array_add(world->counters, counter);
    net_tap(world->net, counter->segment, on_counted, counter);
}

static void counter_free(void *item)
{
    WorldCounter *counter = item;
    g_free(counter->segment);
    g_free(counter);
}

static void build_counters(World *world)
{
    static const char *const own[] = { "air", "ran", "iu", "gn", "gi" }, *const core[] = { "mw", "mw2", "isc", "cx" };
    for (guint i = 0; i < world->ues->len; i++)
        for (unsigned s = 0; s < G_N_ELEMENTS(own); s++)
            count_segment(world, g_strconcat(own[s], ":", ((WorldUe *)world->ues->pdata[i])->item->id, NULL));
    for (unsigned s = 0; s < G_N_ELEMENTS(core); s++)
        count_segment(world, g_strdup(core[s]));
}

WorldTraffic world_traffic(const World *world, const char *segment)
{
    WorldTraffic sum = { 0, 0 };
    size_t len = strlen(segment);
    for (guint i = 0; i < world->counters->len; i++) {
        const WorldCounter *counter = world->counters->pdata[i];
        bool same = strcmp(counter->segment, segment) == 0;
        if (!same && !(strncmp(counter->segment, segment, len) == 0 && counter->segment[len] == ':'))
            continue;
        sum.frames += counter->traffic.frames;
        sum.octets += counter->traffic.octets;
    }
    return sum;
}

/* ---- making ---- */

static World *world_alloc(const Scenario *scenario, const Option *option, uint64_t seed, const WorldFlags *flags)
{
    World *world = g_new0(World, 1);
    world->seed = seed;
    world->scenario = scenario;
    world->option = option;
    world->flags = *flags;
    world->sim = sim_new(&(SimConfig){ .seed = seed, .ties = flags->ties, .trace = flags->trace || flags->frames });
    world->net = net_new(world->sim);
    world->texts = g_string_chunk_new(1024);
    world->directory = directory_new();
    world->driver = sim_source(world->sim);
    world->ues = g_ptr_array_new_with_free_func(world_ue_free);
    world->spies = g_ptr_array_new_with_free_func(world_spy_free);
    world->populations = g_ptr_array_new_with_free_func(world_population_free);
    world->counters = g_ptr_array_new_with_free_func(counter_free);
    world->acts = g_array_new(FALSE, FALSE, sizeof(WorldAct));
    if (!flags->no_digest)
        world->capture = capture_new(world->net, flags->frames, flags->capture);
    return world;
}

/* Cx is SIP's business partner, not SIP. */
static void block_tcp(World *world)
{
    net_block_protocol(world->net, NEXT_TCP, PORT_SIP);
    net_block_protocol(world->net, NEXT_TCP, PORT_SIPS);
}

World *world_new(const Scenario *scenario, const Option *option, uint64_t seed, const WorldFlags *flags)
{
    World *world = world_alloc(scenario, option, seed, flags);
    world_plan_pki(world);
    world_plan_core(world);
    world_plan_ues(world);
    world_plan_populations(world);
    world_build_core(world);
    world_build_ues(world);
    sim_set_context(world->sim, (SimContext){ 0, 0 }); /* what was set up is nobody's cause */
    build_counters(world);
    world_build_populations(world);
    world_build_spies(world);
    if (scenario->block_tcp || option->home.udp_only)
        block_tcp(world);
    sim_set_context(world->sim, (SimContext){ 0, 0 });
    world_schedule(world);
    return world;
}

void world_free(World *world)
{
    if (!world)
        return;
    g_ptr_array_unref(world->spies);
    g_ptr_array_unref(world->populations);
    g_ptr_array_unref(world->ues);
    world_free_core(world);
    world_free_pki(world);
    if (world->capture)
        capture_free(world->capture);
    g_ptr_array_unref(world->counters);
    directory_free(world->directory);
    net_free(world->net);
    sim_free(world->sim);
    g_array_unref(world->acts);
    g_string_chunk_free(world->texts);
    g_free(world);
}

/* ---- running ---- */

SimTime world_end(const World *world)
{
    return scenario_end(world->scenario);
}

SimStop world_advance(World *world, SimTime until, uint64_t max_events)
{
    SimStop stop = sim_run(world->sim, MIN(until, world_end(world)), max_events);
    world_note_addresses(world);
    return stop;
}

void world_finish(World *world)
{
    if (world->finished)
        return;
    world->finished = true;
    world_note_addresses(world);
    for (guint i = 0; i < world->spies->len; i++)
        attacker_finish(((WorldSpy *)world->spies->pdata[i])->pub.attacker);
}

WorldStop world_run(World *world, uint64_t max_events)
{
    SimStop stop = world_advance(world, world_end(world), max_events ? max_events : EVENTS_MAX_DEFAULT);
    world_finish(world);
    switch (stop) {
    case SIM_IDLE:
    case SIM_REACHED_TIME: return WORLD_DONE;
    case SIM_REACHED_EVENTS: return WORLD_BOUND_REACHED;
    case SIM_STOPPED: return WORLD_INTERRUPTED;
    }
    g_assert_not_reached();
}

/* ---- asking ---- */

size_t world_n_participants(const World *world)
{
    return world->ues->len;
}

const WorldParticipant *world_participant(const World *world, size_t i)
{
    return &((const WorldUe *)world->ues->pdata[i])->pub;
}

const WorldParticipant *world_find(const World *world, const char *name)
{
    const WorldUe *ue = world_ue(world, name);
    return ue ? &ue->pub : NULL;
}

size_t world_n_attackers(const World *world)
{
    return world->spies->len;
}

const WorldAttacker *world_attacker(const World *world, size_t i)
{
    return &((const WorldSpy *)world->spies->pdata[i])->pub;
}

const WorldAttacker *world_find_attacker(const World *world, const char *name)
{
    for (guint i = 0; i < world->spies->len; i++)
        if (strcmp(world_attacker(world, i)->name, name) == 0)
            return world_attacker(world, i);
    return NULL;
}

Sim *world_sim(const World *world)
{
    return world->sim;
}

Net *world_net(const World *world)
{
    return world->net;
}

const Trace *world_trace(const World *world)
{
    return sim_trace(world->sim);
}

const char *world_digest(World *world)
{
    return world->capture ? capture_digest(world->capture) : "";
}

Capture *world_capture(World *world)
{
    return world->capture;
}

const Scenario *world_scenario(const World *world)
{
    return world->scenario;
}

const Option *world_option(const World *world)
{
    return world->option;
}

Hss *world_hss(const World *world)
{
    return world->hss;
}

Presence *world_presence(const World *world)
{
    return world->presence;
}

WorldCertificates world_certificates(const World *world)
{
    return world->certificates;
}

Pki *world_pki(const World *world)
{
    return world->pki;
}

static const char *spelt(const char *said)
{
    static const struct {
        const char *said, *name;
    } others[] = {
        { "P-CSCF", "pcscf" }, { "I-CSCF", "icscf" }, { "S-CSCF", "scscf" }, { "HSS", "hss" }, { "PS", "ps" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        if (g_ascii_strcasecmp(others[i].said, said) == 0)
            return others[i].name;
    return said;
}

const char *world_node_name(const World *world, const char *said)
{
    g_auto(GStrv) halves = g_strsplit(said, ":", 2);
    if (!halves[0] || !halves[1])
        return spelt(said);
    const WorldParticipant *participant = world_find(world, halves[1]);
    return participant && strcmp(spelt(halves[0]), "pcscf") == 0 ? pcscf_name(participant->pcscf) : said;
}
