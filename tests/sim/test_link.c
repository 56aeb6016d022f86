/*
 * tests/sim/test_link.c - time, loss, covers and blocking on links, watched and unwatched.
 *
 * Source:  sim/net.h, sim/link.c.
 */
#include "tests/sim/world.h"

static void ignore_sighting(void *ctx, const NetSighting *sighting)
{
    (*(uint64_t *)ctx)++;
}

static World *cellular(const NetLinkSpec *spec, bool watched, uint64_t *n_seen)
{
    World *w = world_new(&(SimConfig){ .seed = 11 }, spec, "bob");

    if (watched) {
        net_set_recorder(w->net, ignore_sighting, n_seen);
    }
    net_udp_bind(w->a, 5060, world_log_datagram, w);
    net_udp_bind(w->b, 5060, world_log_datagram, w);
    return w;
}

/* 52 octets of text make a packet of 100: 12.5 ms at 64 kbit/s, 6.25 ms at 128 kbit/s; 70 ms of delays. */
static void slowest_segment_is_a_queue(void)
{
    static const char text[] = "0123456789012345678901234567890123456789012345678901";

    for (int watched = 0; watched < 2; watched++) {
        uint64_t n_seen = 0;
        g_autoptr(World) w = cellular(&world_cellular, watched != 0, &n_seen);
        g_autofree char *expected =
            g_strdup_printf("a@76250 %s;b@82500 %s;b@95000 %s;b@195000 %s;", text, text, text, text);
        world_say(w->a, w->b, text);
        world_say(w->a, w->b, text);
        world_say(w->b, w->a, text); /* the other direction has a queue of its own */
        sim_run(w->sim, 112500 * SIM_US, 0);
        world_say(w->a, w->b, text); /* nothing is waiting any more */
        sim_run(w->sim, SIM_NEVER, 0);
        g_assert_cmpstr(w->log->str, ==, expected);
        g_assert_cmpuint(n_seen, ==, watched != 0 ? 16 : 0);
    }
}

static void unwatched_is_one_event(void)
{
    uint64_t n_seen = 0;
    g_autoptr(World) w = cellular(&world_cellular, false, &n_seen);

    world_say(w->a, w->b, "x");
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(sim_events(w->sim), ==, 1);
}

typedef struct Talk {
    World *world;
    SimStream stream;
} Talk;

static void say_something(Sim *sim, void *ctx, uint64_t arg)
{
    Talk *talk = ctx;
    World *w = talk->world;
    g_autofree char *text =
        g_strdup_printf("%u-%*s", (unsigned)arg, (int)sim_random_below(sim, &talk->stream, 900), "");

    g_strdelimit(text, " ", '.');
    world_say(arg % 3 == 0 ? w->b : w->a, arg % 3 == 0 ? w->a : w->b, text);
}

static char *random_talk(const NetLinkSpec *spec, bool watched, uint64_t *lost)
{
    uint64_t n_seen = 0;
    g_autoptr(World) w = cellular(spec, watched, &n_seen);
    Talk talk = { w, sim_stream(w->sim, "test", "talk", 0) };
    SimSource source = sim_source(w->sim);

    for (uint64_t i = 0; i < 300; i++) {
        sim_at(w->sim, source, (SimTime)sim_random_below(w->sim, &talk.stream, 8) * SIM_SEC, say_something, &talk, i);
    }
    sim_run(w->sim, SIM_NEVER, 0);
    *lost = net_host_counters(w->a)->lost + net_host_counters(w->b)->lost;
    return g_strdup(w->log->str);
}

/* Queues, losses, both directions, many at one time: what arrives when, and in which order, does not depend on who
 * looks. */
static void watching_changes_nothing(void)
{
    static const NetLinkSpec lossy = {
        .segment = { { .name = "air", .delay = 60 * SIM_MS, .bits_per_second = { 64000, 128000 }, .loss_ppm = 100000 },
                     { .name = "iu", .delay = 3 * SIM_MS, .bits_per_second = { 2000000, 2000000 }, .loss_ppm = 20000 },
                     { .name = "gn", .delay = 1 * SIM_MS, .bits_per_second = { 0, 100000 }, .loss_ppm = 50000 } },
        .n_segments = 3,
    };
    uint64_t lost[2];
    g_autofree char *unwatched = random_talk(&lossy, false, &lost[0]);
    g_autofree char *watched = random_talk(&lossy, true, &lost[1]);

    g_assert_cmpstr(watched, ==, unwatched);
    g_assert_cmpuint(lost[0], ==, lost[1]);
    g_assert_cmpuint(lost[0], >, 20);
    g_assert_cmpuint(lost[0], <, 90);
}

/* The losses of a link depend on its own packets only. */
static const NetLinkSpec half_lossy = { .segment = { { .name = "air", .delay = SIM_MS, .loss_ppm = 500000 } },
                                        .n_segments = 1 };

static char *losses_beside(unsigned others)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 3 }, &half_lossy, "bob");
    NetHost *c = NULL;

    for (unsigned i = 0; i < others; i++) {
        NetAddr addr = net_addr_make(7, i);
        c = net_host_new(w->net, "c", &addr);
        net_route_default(c, net_link_new(w->net, &half_lossy, "carol", c, w->b));
    }
    net_udp_bind(w->b, 5060, world_log_datagram, w);
    for (unsigned i = 0; i < 60; i++) {
        g_autofree char *text = g_strdup_printf("%u", i);
        world_say(w->a, w->b, text);
        if (c != NULL) {
            net_udp_send(c, 1, net_host_addr(w->b), 9999, "x", 1);
        }
    }
    sim_run(w->sim, SIM_NEVER, 0);
    return g_strdup(w->log->str);
}

static void losses_are_its_own(void)
{
    g_autofree char *alone = losses_beside(0);
    g_autofree char *beside = losses_beside(5);

    g_assert_cmpstr(alone, ==, beside);
    g_assert_cmpuint(strlen(alone), >, 10 * strlen("b@1000 10;"));
    g_assert_cmpuint(strlen(alone), <, 50 * strlen("b@1000 10;"));
}

/* --- covers --- */

typedef struct Cover {
    World *world;
    bool discards_seal, discards_open;
    unsigned n_sealed, n_opened;
} Cover;

static NetVerdict seal(void *ctx, NetLink *link, NetDir dir, NetPacket *packet)
{
    Cover *cover = ctx;

    g_assert_cmpint(packet->kind, ==, NET_IP);
    cover->n_sealed++;
    g_assert_false(net_packet_push(packet, NET_HEADROOM + 1)); /* there is so much room and no more */
    g_assert_false(net_packet_grow(packet, 100000));
    g_assert_false(net_packet_pull(packet, packet->len + 1));
    g_assert_true(net_packet_push(packet, 4));
    memcpy(packet->data, "SEAL", 4);
    packet->kind = NET_CIPHERED;
    return cover->discards_seal ? NET_DISCARD : NET_PASS;
}

static NetVerdict open_it(void *ctx, NetLink *link, NetDir dir, NetPacket *packet)
{
    Cover *cover = ctx;

    cover->n_opened++;
    if (packet->kind != NET_CIPHERED || packet->len < 4 || memcmp(packet->data, "SEAL", 4) != 0) {
        return NET_DISCARD;
    }
    g_assert_true(net_packet_pull(packet, 4));
    packet->kind = NET_IP;
    return cover->discards_open ? NET_DISCARD : NET_PASS;
}

static const char *label(void *ctx, NetLink *link)
{
    return "test cover";
}

/* "air:bob^*" : the segment, the direction, whether what is there is covered */
static void log_sighting(void *ctx, const NetSighting *sighting)
{
    World *w = ctx;
    char name[40];

    g_string_append_printf(w->log, "%s%c%s ", net_segment_name(sighting->link, sighting->segment, name, sizeof name),
                           sighting->dir == NET_UP ? '^' : 'v', sighting->packet->kind == NET_CIPHERED ? "*" : "");
}

static void cover_is_on_its_segments_only(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_cellular, "bob");
    Cover state = { .world = w };
    NetCover cover = { seal, open_it, label, &state };
    unsigned first, last;

    net_udp_bind(w->a, 5060, world_log_datagram, w);
    net_udp_bind(w->b, 5060, world_log_datagram, w);
    net_set_recorder(w->net, log_sighting, w);
    net_link_cover(w->link, 0, 1, &cover);
    g_assert_true(net_link_get_cover(w->link, &first, &last) == &cover);
    g_assert_cmpuint(first * 10 + last, ==, 1);
    world_say(w->a, w->b, "up");
    sim_run(w->sim, SIM_NEVER, 0);
    world_say(w->b, w->a, "down");
    sim_run(w->sim, SIM_NEVER, 0);
    net_link_cover(w->link, 1, 2, &cover);
    world_say(w->b, w->a, "middle");
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpstr(w->log->str, ==,
                    "air:bob^* ran:bob^* iu:bob^ gn:bob^ b@76250 up;"
                    "gn:bobv iu:bobv ran:bobv* air:bobv* a@149500 down;"
                    "gn:bobv iu:bobv* ran:bobv* air:bobv a@222875 middle;");
    g_assert_cmpuint(state.n_sealed, ==, 3);
    g_assert_cmpuint(state.n_opened, ==, 3);
}

static void cover_discards(void)
{
    for (int watched = 0; watched < 2; watched++) {
        uint64_t n_seen = 0;
        g_autoptr(World) w = cellular(&world_cellular, watched != 0, &n_seen);
        Cover state = { .world = w, .discards_seal = true };
        NetCover cover = { seal, open_it, label, &state };
        net_link_cover(w->link, 2, 3, &cover);
        world_say(w->a, w->b, "x");
        sim_run(w->sim, SIM_NEVER, 0);
        g_assert_cmpuint(net_host_counters(w->a)->cover_discards, ==, 1);
        state.discards_seal = false;
        state.discards_open = true;
        world_say(w->a, w->b, "y");
        sim_run(w->sim, SIM_NEVER, 0);
        g_assert_cmpuint(net_host_counters(w->b)->cover_discards, ==, 1);
        g_assert_cmpstr(w->log->str, ==, "");
        g_assert_cmpuint(n_seen, ==, watched != 0 ? 2 + 4 : 0); /* a packet that is not sealed gets as far as "ran" */
    }
}

/* Taken off while a packet is on its way: what sealed it opens it, watched or not. */
static void cover_taken_off_meanwhile(void)
{
    for (int watched = 0; watched < 2; watched++) {
        uint64_t n_seen = 0;
        g_autoptr(World) w = cellular(&world_cellular, watched != 0, &n_seen);
        Cover state = { .world = w };
        NetCover cover = { seal, open_it, label, &state };
        net_link_cover(w->link, 0, 1, &cover);
        world_say(w->a, w->b, "sealed");
        sim_run(w->sim, 10 * SIM_MS, 0);
        net_link_cover(w->link, 0, 1, NULL);
        world_say(w->a, w->b, "clear");
        sim_run(w->sim, SIM_NEVER, 0);
        g_assert_cmpstr(w->log->str, ==, "b@76750 sealed;b@86625 clear;");
        g_assert_cmpuint(state.n_opened, ==, 1);
    }
}

static void a_cover_that_is_never_opened_reaches_nobody(void)
{
    uint64_t n_seen = 0;
    g_autoptr(World) w = cellular(&world_wire, false, &n_seen);
    static const uint8_t noise[60] = "SEAL";

    net_inject(w->net, w->link, 0, NET_UP, NET_CIPHERED, noise, sizeof noise, 0, (SimContext){ 0 });
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(net_host_counters(w->b)->not_mine, ==, 1);
}

/* What is put into a covered stretch must open; what is put before it is sealed like the rest. */
static void injecting_into_a_cover(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_cellular, "bob");
    Cover state = { .world = w };
    NetCover cover = { seal, open_it, label, &state };
    uint8_t packet[200];

    net_link_cover(w->link, 0, 1, &cover);
    memset(packet, 0, sizeof packet);
    packet[0] = 6 << 4;
    net_inject(w->net, w->link, 1, NET_UP, NET_IP, packet, 100, 0, (SimContext){ 0 });
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(net_host_counters(w->b)->cover_discards, ==, 1);
    net_inject(w->net, w->link, 3, NET_DOWN, NET_IP, packet, 100, 0, (SimContext){ 0 });
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(state.n_sealed, ==, 1);
    g_assert_cmpuint(net_host_counters(w->a)->not_mine, ==, 1); /* it is addressed to nobody */
    net_inject(w->net, w->link, 2, NET_UP, NET_IP, packet, 100, 0, (SimContext){ 0 });
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(state.n_opened, ==, 2);
    g_assert_cmpuint(net_host_counters(w->b)->not_mine, ==, 1);
}

/* --- link signalling and blocking --- */

static void log_signalling(void *ctx, NetHost *host, NetLink *link, const uint8_t *octets, size_t len)
{
    World *w = ctx;

    g_assert_true(link == w->link);
    g_string_append_printf(w->log, "%s:%.*s;", net_host_name(host), (int)len, (const char *)octets);
}

static void signalling(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_cellular, "bob");

    net_host_set_link_handler(w->b, log_signalling, w);
    net_link_send(w->link, w->a, (const uint8_t *)"attach", 6);
    net_link_send(w->link, w->b, (const uint8_t *)"nobody", 6);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpstr(w->log->str, ==, "b:attach;");
    g_assert_cmpuint(net_host_counters(w->a)->not_mine, ==, 1);
}

static void blocking(void)
{
    uint64_t n_seen = 0;
    g_autoptr(World) w = cellular(&world_cellular, true, &n_seen);

    net_udp_bind(w->b, 9, world_log_datagram, w);
    net_block_protocol(w->net, 6, 0);
    net_block_protocol(w->net, 17, 9);
    world_say(w->a, w->b, "passes");
    net_udp_send(w->a, 5060, net_host_addr(w->b), 9, "to", 2);
    net_udp_send(w->a, 9, net_host_addr(w->b), 5060, "from", 4);
    net_link_send(w->link, w->a, (const uint8_t *)"", 0);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpstr(w->log->str, ==, "b@76750 passes;");
    g_assert_cmpuint(net_host_counters(w->a)->lost, ==, 2);
    g_assert_cmpuint(n_seen, ==, 8);
}

static void exceptions(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);

    net_udp_bind(w->b, 5060, world_log_datagram, w);
    net_udp_bind(w->b, 9, world_log_datagram, w);
    net_block_except(w->net, 17, 9);
    net_block_protocol(w->net, 17, 0);
    world_say(w->a, w->b, "blocked");
    net_udp_send(w->a, 5060, net_host_addr(w->b), 9, "passes", 6);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_nonnull(strstr(w->log->str, "passes;"));
    g_assert_null(strstr(w->log->str, "blocked"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sim/link/slowest-segment-is-a-queue", slowest_segment_is_a_queue);
    g_test_add_func("/sim/link/unwatched-is-one-event", unwatched_is_one_event);
    g_test_add_func("/sim/link/watching-changes-nothing", watching_changes_nothing);
    g_test_add_func("/sim/link/losses-are-its-own", losses_are_its_own);
    g_test_add_func("/sim/link/cover-is-on-its-segments-only", cover_is_on_its_segments_only);
    g_test_add_func("/sim/link/cover-discards", cover_discards);
    g_test_add_func("/sim/link/cover-taken-off-meanwhile", cover_taken_off_meanwhile);
    g_test_add_func("/sim/link/a-cover-that-is-never-opened", a_cover_that_is_never_opened_reaches_nobody);
    g_test_add_func("/sim/link/injecting-into-a-cover", injecting_into_a_cover);
    g_test_add_func("/sim/link/signalling", signalling);
    g_test_add_func("/sim/link/blocking", blocking);
    g_test_add_func("/sim/link/blocking-with-exceptions", exceptions);
    return g_test_run();
}
