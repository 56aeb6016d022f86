/*
 * tests/nodes/radio_world.h - a home network's AuC, a host in the core and one cell with handsets on it, for the tests
 * of the radio side.
 *
 * Knows:   how such a world is wired; no scenario.
 */
#ifndef PRESEC_TESTS_RADIO_WORLD_H
#define PRESEC_TESTS_RADIO_WORLD_H

#include "nodes/access.h"
#include "nodes/modem.h"

#include <string.h>

enum { WORLD_UES_MAX = 3, WORLD_PORT = 5060 };

typedef struct WorldUe {
    const char *name, *imsi;
    AkaHe he;
    NetHost *host;
    NetLink *link;
    Modem *modem;
    NetAddr addr, pcscf;
    unsigned attached, failed;
    char why[120];
} WorldUe;

typedef struct World {
    Sim *sim;
    Net *net;
    Access *access;
    NetHost *core;
    NetLink *core_link;
    NetAddr core_addr;
    WorldUe ue[WORLD_UES_MAX];
    unsigned n_ues;
    GString *heard[2]; /* by the core, by the UE: what came in over UDP */
    GChecksum *digest; /* of every crossing */
    GString *watched;  /* octets that crossed segments whose name starts with watch, one after another */
    const char *watch;
    unsigned n_ciphered, n_clear_ip;
    unsigned vectors; /* given out */
    bool spoil_autn;  /* the AuC's key is another one */
} World;

#define WORLD_PREFIX      UINT64_C(0x20010db800010000)
#define WORLD_CORE_PREFIX UINT64_C(0x20010db8000c0000)

static const char *const world_names[WORLD_UES_MAX] = { "alice", "bob", "mallory" };
static const char *const world_imsis[WORLD_UES_MAX] = { "262019876543210", "262011111111111", "262012222222222" };

static inline void world_key(unsigned i, MilenageKey *key)
{
    for (unsigned octet = 0; octet < 16; octet++) {
        key->k[octet] = (uint8_t)(0x10 * (i + 1) + octet);
        key->opc[octet] = (uint8_t)(0x80 + 7 * i + octet);
    }
}

static inline bool world_vector(void *ctx, const char *imsi, const uint8_t *auts_rand, const uint8_t *auts, AkaAv *out)
{
    World *world = ctx;
    uint8_t rand[AKA_RAND_LEN];

    for (unsigned i = 0; i < WORLD_UES_MAX; i++) {
        if (strcmp(world_imsis[i], imsi) != 0)
            continue;
        if (auts != NULL)
            g_assert_cmpint(aka_he_resync(&world->ue[i].he, auts_rand, auts), ==, AKA_RESYNC_DONE);
        SimStream stream = sim_stream(world->sim, imsi, "RAND", world->vectors++);
        sim_random(world->sim, &stream, rand, sizeof rand);
        aka_he_av(&world->ue[i].he, rand, out);
        if (world->spoil_autn)
            out->autn[15] ^= 1;
        return true;
    }
    return false;
}

static inline void world_on_core(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    World *world = ctx;

    g_string_append_len(world->heard[0], (const char *)datagram->octets, (gssize)datagram->len);
    (void)net_udp_send(host, WORLD_PORT, &datagram->src, datagram->sport, "answer from the core", 20);
}

static inline void world_on_ue(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    World *world = ctx;

    g_string_append_len(world->heard[1], (const char *)datagram->octets, (gssize)datagram->len);
}

static inline void world_record(void *ctx, const NetSighting *sighting)
{
    World *world = ctx;
    char name[64];

    net_segment_name(sighting->link, sighting->segment, name, sizeof name);
    g_checksum_update(world->digest, (const guchar *)name, -1);
    g_checksum_update(world->digest, (const guchar *)&sighting->at, sizeof sighting->at);
    g_checksum_update(world->digest, sighting->packet->data, sighting->packet->len);
    if (world->watch == NULL || !g_str_has_prefix(name, world->watch))
        return;
    g_string_append_len(world->watched, (const char *)sighting->packet->data, (gssize)sighting->packet->len);
    world->n_ciphered += sighting->packet->kind == NET_CIPHERED;
    world->n_clear_ip += sighting->packet->kind == NET_IP;
}

static inline void world_attached(void *ctx, const NetAddr *addr, const NetAddr *pcscf)
{
    WorldUe *ue = ctx;

    ue->attached++;
    ue->addr = *addr;
    ue->pcscf = *pcscf;
}

static inline void world_failed(void *ctx, const char *why)
{
    WorldUe *ue = ctx;

    ue->failed++;
    g_strlcpy(ue->why, why, sizeof ue->why);
}

static const ModemEvents world_events = { world_attached, world_failed };

static inline void world_init(World *world, uint64_t seed, const AccessPolicy *policy)
{
    memset(world, 0, sizeof *world);
    world->sim = sim_new(&(SimConfig){ .seed = seed, .trace = true });
    world->net = net_new(world->sim);
    world->digest = g_checksum_new(G_CHECKSUM_SHA256);
    world->watched = g_string_new(NULL);
    world->heard[0] = g_string_new(NULL);
    world->heard[1] = g_string_new(NULL);
    world->core_addr = net_addr_make(WORLD_CORE_PREFIX, 5);
    world->core = net_host_new(world->net, "pcscf", &world->core_addr);
    AccessConfig config = {
        .name = "cell", .cell_id = 0x0101, .prefix = WORLD_PREFIX, .policy = *policy, .pcscf = world->core_addr
    };
    world->access = access_new(world->net, &config, world_vector, world);
    world->core_link =
        net_link_new(world->net, access_core_spec(policy->technology), NULL, access_host(world->access), world->core);
    net_route_default(access_host(world->access), world->core_link);
    net_route_default(world->core, world->core_link);
    g_assert_true(net_udp_bind(world->core, WORLD_PORT, world_on_core, world));
    net_set_recorder(world->net, world_record, world);
    for (unsigned i = 0; i < WORLD_UES_MAX; i++) {
        MilenageKey key;
        world_key(i, &key);
        aka_he_init(&world->ue[i].he, &key, AKA_IND_PS_FIRST, AKA_IND_PS_COUNT);
    }
}

/* Handset number @i, with its radio link to the cell; the modem is off.  @seq: what its card has already seen. */
static inline WorldUe *world_add_used(World *world, unsigned i, const ModemPolicy *policy, uint64_t seq)
{
    WorldUe *ue = &world->ue[i];
    MilenageKey key;
    AkaIsim usim;

    ue->name = world_names[i];
    ue->imsi = world_imsis[i];
    world_key(i, &key);
    aka_isim_init(&usim, &key);
    for (unsigned ind = 0; ind < AKA_IND_COUNT && seq > 0; ind++)
        aka_isim_set_seq(&usim, ind, seq);
    ue->host = net_host_new(world->net, ue->name, NULL);
    const NetLinkSpec *spec = access_radio_spec(policy->technology);
    ue->link = net_link_new(world->net, spec, ue->name, ue->host, access_host(world->access));
    ModemConfig config = { .name = ue->name, .imsi = ue->imsi, .usim = &usim, .policy = *policy };
    ue->modem = modem_new(ue->host, ue->link, &config, &world_events, ue);
    access_serve(world->access, ue->link);
    g_assert_true(net_udp_bind(ue->host, WORLD_PORT, world_on_ue, world));
    return ue;
}

static inline WorldUe *world_add(World *world, unsigned i, const ModemPolicy *policy)
{
    return world_add_used(world, i, policy, 0);
}

static inline void world_run(World *world, SimTime until)
{
    (void)sim_run(world->sim, until, 100000);
}

/* The UE says something to the core, which answers. */
static inline void world_talk(World *world, WorldUe *ue, const char *text, SimTime until)
{
    (void)net_udp_send(ue->host, WORLD_PORT, &world->core_addr, WORLD_PORT, text, strlen(text));
    world_run(world, until);
}

static inline bool world_saw(const GString *octets, const char *text)
{
    return memmem(octets->str, octets->len, text, strlen(text)) != NULL;
}

/* Begin to watch segments with this name, forgetting what was seen on others. */
static inline void world_watch(World *world, const char *segment)
{
    world->watch = segment;
    g_string_truncate(world->watched, 0);
    world->n_ciphered = world->n_clear_ip = 0;
}

static inline size_t world_count(const World *world, TraceKind kind, const char *node)
{
    const Trace *trace = sim_trace(world->sim);
    size_t n = 0;

    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        n += record->kind == kind && (node[0] == '\0' || strcmp(record->node, node) == 0);
    }
    return n;
}

/* Did @node decide by this rule? */
static inline size_t world_decisions(const World *world, const char *node, const char *rule)
{
    const Trace *trace = sim_trace(world->sim);
    size_t n = 0;

    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        n += record->kind == TRACE_DECISION && strcmp(record->node, node) == 0 &&
             strcmp(record->decision.rule, rule) == 0;
    }
    return n;
}

static inline void world_clear(World *world)
{
    for (unsigned i = 0; i < WORLD_UES_MAX; i++)
        modem_free(world->ue[i].modem);
    access_free(world->access);
    net_free(world->net);
    sim_free(world->sim);
    g_checksum_free(world->digest);
    g_string_free(world->watched, TRUE);
    g_string_free(world->heard[0], TRUE);
    g_string_free(world->heard[1], TRUE);
}

#endif
