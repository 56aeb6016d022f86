/*
 * tests/sim/world.h - two hosts and a link, for the tests of the network.
 *
 * Knows:   sim/net.h.
 */
#ifndef PRESEC_TESTS_SIM_WORLD_H
#define PRESEC_TESTS_SIM_WORLD_H

#include "sim/net.h"

#include <string.h>

typedef struct World {
    Sim *sim;
    Net *net;
    NetHost *a, *b;
    NetLink *link;
    GString *log; /* what the tests' handlers saw */
} World;

/* As between a handset and its gateway: four segments, the first slow. */
static const NetLinkSpec world_cellular = {
    .segment = { { .name = "air", .delay = 60 * SIM_MS, .bits_per_second = { 64000, 128000 } },
                 { .name = "ran", .delay = 5 * SIM_MS },
                 { .name = "iu", .delay = 3 * SIM_MS },
                 { .name = "gn", .delay = 2 * SIM_MS, .bits_per_second = { 2000000, 2000000 } } },
    .n_segments = 4,
};
static const NetLinkSpec world_wire = { .segment = { { .name = "mw", .delay = 1 * SIM_MS } }, .n_segments = 1 };

static inline World *world_new(const SimConfig *config, const NetLinkSpec *spec, const char *instance)
{
    World *world = g_new0(World, 1);
    NetAddr a = net_addr_make(UINT64_C(0x20010db800010000), 1), b = net_addr_make(UINT64_C(0x20010db800020000), 2);

    world->sim = sim_new(config);
    world->net = net_new(world->sim);
    world->a = net_host_new(world->net, "a", &a);
    world->b = net_host_new(world->net, "b", &b);
    world->link = net_link_new(world->net, spec, instance, world->a, world->b);
    world->log = g_string_new(NULL);
    net_route_default(world->a, world->link);
    net_route_default(world->b, world->link);
    return world;
}

static inline void world_free(World *world)
{
    net_free(world->net);
    sim_free(world->sim);
    g_string_free(world->log, TRUE);
    g_free(world);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

/* "b@1.060s hello;" */
static inline void world_log_datagram(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    World *world = ctx;

    g_string_append_printf(world->log, "%s@%" G_GINT64_FORMAT " %.*s;", net_host_name(host),
                           sim_now(world->sim) / SIM_US, (int)datagram->len, (const char *)datagram->octets);
}

static inline NetSend world_say(NetHost *from, NetHost *to, const char *text)
{
    return net_udp_send(from, 5060, net_host_addr(to), 5060, text, strlen(text));
}

#endif
