/*
 * tests/sim/test_tap.c - taps that look, drop, change, delay, replay and inject; the recorder beside them.
 *
 * Source:  sim/net.h.
 */
#include "sim/ip.h"
#include "tests/sim/world.h"

typedef struct Attacker {
    World *world;
    GString *log;
    unsigned n;        /* packets seen */
    const char *about; /* act on datagrams that begin so; NULL: on all */
    SimTime delay;
    SimContext context;
} Attacker;

#define TEXT_AT (IP_HEADER_LEN + UDP_HEADER_LEN)

static bool is_about(const Attacker *attacker, const NetSighting *s)
{
    size_t len = attacker->about == NULL ? 0 : strlen(attacker->about);

    return len == 0 ||
           (s->packet->len >= TEXT_AT + len && memcmp(s->packet->data + TEXT_AT, attacker->about, len) == 0);
}

static void note(Attacker *attacker, const NetSighting *s)
{
    char name[40];

    attacker->n++;
    g_string_append_printf(attacker->log, "%s%c%" G_GUINT64_FORMAT "@%" G_GINT64_FORMAT " ",
                           net_segment_name(s->link, s->segment, name, sizeof name), s->dir == NET_UP ? '^' : 'v',
                           s->frame, s->at / SIM_US);
}

static NetTapVerdict look(void *ctx, const NetSighting *s)
{
    Attacker *attacker = ctx;

    g_assert_cmpint(s->at, ==, sim_now(attacker->world->sim));
    note(attacker, s);
    return NET_TAP_PASS;
}

static NetTapVerdict drop(void *ctx, const NetSighting *s)
{
    note(ctx, s);
    return is_about(ctx, s) ? NET_TAP_TAKE : NET_TAP_PASS;
}

/* Let it through later, unchanged. */
static NetTapVerdict delay(void *ctx, const NetSighting *s)
{
    Attacker *a = ctx;

    if (!is_about(a, s)) {
        return NET_TAP_PASS;
    }
    net_inject(a->world->net, s->link, s->segment, s->dir, s->packet->kind, s->packet->data, s->packet->len, a->delay,
               s->packet->context);
    return NET_TAP_TAKE;
}

/* The same once more. */
static NetTapVerdict replay(void *ctx, const NetSighting *s)
{
    Attacker *a = ctx;

    a->n++;
    net_inject(a->world->net, s->link, s->segment, s->dir, s->packet->kind, s->packet->data, s->packet->len, a->delay,
               a->context);
    return NET_TAP_PASS;
}

/* Another text of the same length, with a right checksum. */
static NetTapVerdict change(void *ctx, const NetSighting *s)
{
    NetPacket *p = s->packet;

    if (is_about(ctx, s)) {
        p->data[TEXT_AT] = 'X';
        put_u16(p->data + IP_HEADER_LEN + 6, 0);
        put_u16(p->data + IP_HEADER_LEN + 6,
                ip_checksum(p->data + 8, IP_UDP, p->data + IP_HEADER_LEN, p->len - IP_HEADER_LEN));
    }
    return NET_TAP_PASS;
}

static World *world(void)
{
    World *w = world_new(&(SimConfig){ .seed = 1 }, &world_cellular, "bob");

    net_udp_bind(w->a, 5060, world_log_datagram, w);
    net_udp_bind(w->b, 5060, world_log_datagram, w);
    return w;
}

static Attacker *attacker_new(World *w)
{
    Attacker *attacker = g_new0(Attacker, 1);

    attacker->world = w;
    attacker->log = g_string_new(NULL);
    return attacker;
}

static void attacker_free(Attacker *attacker)
{
    g_string_free(attacker->log, TRUE);
    g_free(attacker);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Attacker, attacker_free)

static void record(void *ctx, const NetSighting *s)
{
    note(ctx, s);
}

/* In time order on every segment, at the times the delays say; the frame is the number of the crossing. */
static void sees_segments_in_order(void)
{
    g_autoptr(World) w = world();
    g_autoptr(Attacker) eve = attacker_new(w);
    g_autoptr(Attacker) recorder = attacker_new(w);

    net_set_recorder(w->net, record, recorder);
    net_tap(w->net, "gn:*", look, eve);
    net_tap(w->net, "air:bob", look, eve);
    world_say(w->a, w->b, "up");   /* 50 octets: 6.25 ms of 64 kbit/s */
    world_say(w->b, w->a, "down"); /* 52: 3.25 ms of 128 kbit/s */
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpstr(eve->log->str, ==, "gn:bobv1@2000 air:bob^4@66250 air:bobv6@73250 gn:bob^8@76250 ");
    g_assert_cmpstr(recorder->log->str, ==,
                    "gn:bobv1@2000 iu:bobv2@5000 ran:bobv3@10000 air:bob^4@66250 ran:bob^5@71250 air:bobv6@73250 "
                    "iu:bob^7@74250 gn:bob^8@76250 ");
    g_assert_cmpstr(w->log->str, ==, "a@73250 down;b@76250 up;");
}

static void patterns(void)
{
    static const NetLinkSpec two = { .segment = { { .name = "gi" }, { .name = "g" } }, .n_segments = 2 };
    static const struct {
        const char *pattern;
        unsigned with_instance, without;
    } cases[] = {
        { "gi:bob", 1, 0 }, { "gi:*", 1, 0 }, { "gi", 0, 1 },    { "g:bob", 1, 0 },   { "g", 0, 1 },
        { "g:*", 1, 0 },    { "*", 0, 0 },    { "gi:bo", 0, 0 }, { "gi:bobb", 0, 0 }, { "air:bob", 0, 0 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (int named = 0; named < 2; named++) {
            for (int tap_first = 0; tap_first < 2; tap_first++) {
                g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, "unused");
                g_autoptr(Attacker) eve = attacker_new(w);
                if (tap_first != 0) {
                    net_tap(w->net, cases[i].pattern, look, eve);
                }
                net_route_default(w->a, net_link_new(w->net, &two, named != 0 ? "bob" : NULL, w->a, w->b));
                if (tap_first == 0) {
                    net_tap(w->net, cases[i].pattern, look, eve);
                }
                world_say(w->a, w->b, "x");
                sim_run(w->sim, SIM_NEVER, 0);
                g_assert_cmpuint(eve->n, ==, named != 0 ? cases[i].with_instance : cases[i].without);
            }
        }
    }
}

static void drops(void)
{
    g_autoptr(World) w = world();
    g_autoptr(Attacker) mallory = attacker_new(w);
    g_autoptr(Attacker) behind = attacker_new(w);

    mallory->about = "secret";
    net_tap(w->net, "ran:bob", drop, mallory);
    net_tap(w->net, "ran:bob", look, behind); /* taps of one segment in order of their addition */
    net_tap(w->net, "iu:bob", look, behind);
    world_say(w->a, w->b, "secret");
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(mallory->n, ==, 1);
    g_assert_cmpuint(behind->n, ==, 0);
    world_say(w->a, w->b, "harmless");
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(behind->n, ==, 2);
    g_assert_nonnull(strstr(w->log->str, "harmless"));
    g_assert_null(strstr(w->log->str, "secret"));
}

static void changes(void)
{
    g_autoptr(World) w = world();
    g_autoptr(Attacker) mallory = attacker_new(w);

    mallory->about = "open";
    net_tap(w->net, "iu:bob", change, mallory);
    world_say(w->a, w->b, "open");
    world_say(w->a, w->b, "other");
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpstr(w->log->str, ==, "b@76500 Xpen;b@83125 other;");
}

/* As late as he wants, and not a moment later. */
static void delays(void)
{
    for (SimTime late = 0; late <= 300 * SIM_MS; late += 300 * SIM_MS) {
        g_autoptr(World) w = world();
        g_autoptr(Attacker) mallory = attacker_new(w);
        g_autofree char *expected = g_strdup_printf("b@%d late;", (int)(76500 + late / SIM_US));
        mallory->delay = late;
        net_tap(w->net, "ran:bob", delay, mallory);
        world_say(w->a, w->b, "late");
        sim_run(w->sim, SIM_NEVER, 0);
        g_assert_cmpstr(w->log->str, ==, expected);
    }
}

/* The copy is on the segments behind, and does not come back to the tap that made it. */
static void replays(void)
{
    g_autoptr(World) w = world();
    g_autoptr(Attacker) mallory = attacker_new(w);
    g_autoptr(Attacker) recorder = attacker_new(w);

    mallory->delay = 300 * SIM_MS;
    net_set_recorder(w->net, record, recorder);
    net_tap(w->net, "iu:bob", replay, mallory);
    world_say(w->a, w->b, "once");
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(mallory->n, ==, 1);
    g_assert_cmpstr(w->log->str, ==, "b@76500 once;b@376500 once;");
    g_assert_cmpstr(recorder->log->str, ==,
                    "air:bob^1@66500 ran:bob^2@71500 iu:bob^3@74500 gn:bob^4@76500 iu:bob^5@374500 gn:bob^6@376500 ");
}

/* --- whose octets they are --- */

typedef struct Origins {
    World *world;
    GString *log;
} Origins;

static void log_origin(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    Origins *origins = ctx;
    SimContext context = sim_context(origins->world->sim);

    g_string_append_printf(origins->log, "%u/%u ", context.cause, context.origin);
    if (datagram->dport == 7) { /* a proxy: sends on in the same context */
        (void)net_udp_send(host, 7, &datagram->src, 8, "relayed", 7);
    }
}

static void contexts_go_with_packets(void)
{
    g_autoptr(World) w = world();
    g_autoptr(Attacker) mallory = attacker_new(w);
    g_autoptr(GString) log = g_string_new(NULL);
    Origins origins = { w, log };

    mallory->context = (SimContext){ .cause = 33, .origin = 44 };
    net_udp_bind(w->b, 7, log_origin, &origins);
    net_udp_bind(w->a, 8, log_origin, &origins);
    net_tap(w->net, "air:bob", replay, mallory); /* both directions: the answers are replayed as well */
    sim_set_context(w->sim, (SimContext){ .cause = 11 });
    net_udp_send(w->a, 8, net_host_addr(w->b), 7, "request", 7);
    sim_set_context(w->sim, (SimContext){ 0 });
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(mallory->n, ==, 3);
    g_assert_cmpstr(log->str, ==, "11/0 33/44 11/0 33/44 33/44 33/44 ");
}

static NetTapVerdict add_a_tap(void *ctx, const NetSighting *s)
{
    Attacker *a = ctx;

    for (int i = 0; a->n == 0 && i < 100; i++) {
        net_tap(a->world->net, "iu:bob", look, a);
    }
    return NET_TAP_PASS;
}

static void a_tap_may_add_taps(void)
{
    g_autoptr(World) w = world();
    g_autoptr(Attacker) eve = attacker_new(w);

    net_tap(w->net, "air:bob", add_a_tap, eve);
    world_say(w->a, w->b, "x");
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(eve->n, ==, 100);
}

/* An attacker who owns no host: octets out of nothing, in both directions, at the ends of the link. */
static void injects_at_the_ends(void)
{
    g_autoptr(World) w = world();
    uint8_t packet[TEXT_AT + 6];
    NetAddr from = *net_host_addr(w->a);

    ip_header(packet, &from, net_host_addr(w->b), IP_UDP, 14);
    put_u16(packet + 40, 5060);
    put_u16(packet + 42, 5060);
    put_u16(packet + 44, 14);
    put_u16(packet + 46, 0);
    memcpy(packet + 48, "forged", 6);
    put_u16(packet + 46, ip_checksum(packet + 8, IP_UDP, packet + 40, 14));
    net_inject(w->net, w->link, 3, NET_UP, NET_IP, packet, sizeof packet, 5 * SIM_MS, (SimContext){ 0 });
    net_inject(w->net, w->link, 0, NET_UP, NET_IP, packet, sizeof packet, 5 * SIM_MS, (SimContext){ 0 });
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpstr(w->log->str, ==, "b@5000 forged;b@15000 forged;");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sim/tap/sees-segments-in-order", sees_segments_in_order);
    g_test_add_func("/sim/tap/patterns", patterns);
    g_test_add_func("/sim/tap/drops", drops);
    g_test_add_func("/sim/tap/changes", changes);
    g_test_add_func("/sim/tap/delays", delays);
    g_test_add_func("/sim/tap/replays", replays);
    g_test_add_func("/sim/tap/contexts-go-with-packets", contexts_go_with_packets);
    g_test_add_func("/sim/tap/a-tap-may-add-taps", a_tap_may_add_taps);
    g_test_add_func("/sim/tap/injects-at-the-ends", injects_at_the_ends);
    return g_test_run();
}
