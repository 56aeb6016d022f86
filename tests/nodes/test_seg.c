/*
 * tests/nodes/test_seg.c - what a tap between two security gateways sees, and what it cannot do.
 */
#include "nodes/seg.h"
#include "sim/trace.h"

#include <string.h>

#define SECRET "ik=00112233445566778899aabbccddeeff"
enum { PORT = 5060, OUTER_LEN = 40, ESP_PROTOCOL = 50 };

typedef struct Domains {
    Sim *sim;
    Net *net;
    NetHost *visited, *home;
    NetLink *link;
    Seg *seg;
    GString *heard;   /* at home */
    GString *watched; /* on the wire */
    uint8_t last[2048];
    size_t last_len;
    unsigned packets, other_than_esp;
    int flip; /* xor 1 into this octet, counted from the end; 0: none */
} Domains;

static const NetLinkSpec wire = { .segment = { { "mw", 5 * SIM_MS, { 0, 0 }, 0 }, { "border", SIM_MS, { 0, 0 }, 0 } },
                                  .n_segments = 2 };

static NetTapVerdict watch(void *ctx, const NetSighting *sighting)
{
    Domains *d = ctx;
    NetPacket *packet = sighting->packet;

    g_assert_cmpuint(packet->len, <=, sizeof d->last);
    d->packets++;
    d->other_than_esp += packet->kind != NET_IP || packet->data[6] != ESP_PROTOCOL;
    memcpy(d->last, packet->data, packet->len);
    d->last_len = packet->len;
    g_string_append_len(d->watched, (const char *)packet->data, (gssize)packet->len);
    if (d->flip > 0 && (size_t)d->flip <= packet->len)
        packet->data[packet->len - (size_t)d->flip] ^= 1;
    return NET_TAP_PASS;
}

static void on_home(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    g_string_append_len(((Domains *)ctx)->heard, (const char *)datagram->octets, (gssize)datagram->len);
}

static void domains_init(Domains *d, uint64_t seed, bool encrypt)
{
    NetAddr a = net_addr_make(1, 1), b = net_addr_make(2, 1), gateway_a = net_addr_make(1, 0xff),
            gateway_b = net_addr_make(2, 0xff);

    memset(d, 0, sizeof *d);
    d->sim = sim_new(&(SimConfig){ .seed = seed, .trace = true });
    d->net = net_new(d->sim);
    d->visited = net_host_new(d->net, "visited", &a);
    d->home = net_host_new(d->net, "home", &b);
    d->link = net_link_new(d->net, &wire, NULL, d->visited, d->home);
    net_route_default(d->visited, d->link);
    net_route_default(d->home, d->link);
    d->seg = seg_new(d->net, d->link, &gateway_a, &gateway_b, encrypt);
    d->heard = g_string_new(NULL);
    d->watched = g_string_new(NULL);
    net_tap(d->net, "mw", watch, d);
    g_assert_true(net_udp_bind(d->home, PORT, on_home, d));
}

static void domains_clear(Domains *d)
{
    seg_free(d->seg);
    net_free(d->net);
    sim_free(d->sim);
    g_string_free(d->heard, TRUE);
    g_string_free(d->watched, TRUE);
}

static void say(Domains *d, const char *text, size_t len)
{
    g_assert_cmpint(net_udp_send(d->visited, PORT, net_host_addr(d->home), PORT, text, len), ==, NET_SENT);
    (void)sim_run(d->sim, SIM_NEVER, 1000);
}

static bool contains(const GString *octets, const char *text)
{
    return memmem(octets->str, octets->len, text, strlen(text)) != NULL;
}

static size_t drops(const Domains *d, const char *cause)
{
    return trace_count_drops(sim_trace(d->sim), "SEG", cause);
}

static void test_what_a_tap_reads(void)
{
    for (int encrypt = 0; encrypt <= 1; encrypt++) {
        Domains d;
        domains_init(&d, 7, encrypt);
        say(&d, SECRET, strlen(SECRET));
        g_assert_true(contains(d.heard, SECRET));
        g_assert_cmpuint(d.packets, ==, 1);
        g_assert_cmpuint(d.other_than_esp, ==, 0);
        g_assert_true(contains(d.watched, SECRET) == !encrypt);
        domains_clear(&d);
    }
}

static void test_every_length_passes(void)
{
    static const size_t lengths[] = { 1, 2, 3, 15, 16, 17, 1200, 1400 };
    g_autofree char *text = g_strnfill(1400, 'x');
    Domains d;

    domains_init(&d, 7, true);
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_string_truncate(d.heard, 0);
        say(&d, text, lengths[i]);
        g_assert_cmpuint(d.heard->len, ==, lengths[i]);
        g_assert_cmpuint(d.last_len % 4, ==, 0);
    }
    domains_clear(&d);
}

static void test_changed_octets_are_dropped(void)
{
    static const int places[] = { 1, 12, 13, 30, 60 }; /* ICV, trailer, ciphertext */

    for (int encrypt = 0; encrypt <= 1; encrypt++) {
        for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
            Domains d;
            domains_init(&d, 7, encrypt);
            d.flip = places[i];
            say(&d, SECRET, strlen(SECRET));
            g_assert_cmpuint(d.heard->len, ==, 0);
            g_assert_cmpuint(drops(&d, "seg-bad-icv"), ==, 1);
            domains_clear(&d);
        }
    }
}

static void inject(Domains *d, const uint8_t *octets, size_t len)
{
    net_inject(d->net, d->link, 0, NET_UP, NET_IP, octets, len, 0, (SimContext){ 0 });
    (void)sim_run(d->sim, SIM_NEVER, 1000);
}

static void test_replay_is_dropped(void)
{
    Domains d;

    domains_init(&d, 7, true);
    say(&d, SECRET, strlen(SECRET));
    size_t heard = d.heard->len;
    inject(&d, d.last, d.last_len);
    g_assert_cmpuint(d.heard->len, ==, heard);
    g_assert_cmpuint(drops(&d, "seg-replay"), ==, 1);
    domains_clear(&d);
}

static void test_clear_packets_do_not_enter(void)
{
    Domains d;
    uint8_t packet[48] = { 0x60, [5] = 8, [6] = 17, [7] = 64 };

    domains_init(&d, 7, true);
    memcpy(packet + 8, net_host_addr(d.visited)->octet, 16);
    memcpy(packet + 24, net_host_addr(d.home)->octet, 16);
    inject(&d, packet, sizeof packet);
    for (size_t len = 0; len < 100; len++) { /* and pieces of what did come through */
        say(&d, SECRET, strlen(SECRET));
        g_string_truncate(d.heard, 0);
        inject(&d, d.last, len);
        g_assert_cmpuint(d.heard->len, ==, 0);
    }
    g_assert_cmpuint(drops(&d, "seg-not-tunnelled"), >=, 48);
    domains_clear(&d);
}

/* The same text in another tunnel, of another link or another run: other octets. */
static void test_tunnels_have_keys_of_their_own(void)
{
    Domains a, b, c;
    NetAddr gateway_a = net_addr_make(1, 0xff), gateway_b = net_addr_make(3, 0xff), far = net_addr_make(3, 1);

    domains_init(&a, 7, true);
    domains_init(&b, 7, true);
    domains_init(&c, 8, true);
    say(&a, SECRET, strlen(SECRET));
    say(&b, SECRET, strlen(SECRET));
    say(&c, SECRET, strlen(SECRET));
    g_assert_cmpmem(a.last, a.last_len, b.last, b.last_len);
    g_assert_cmpuint(a.last_len, ==, c.last_len);
    g_assert_cmpint(memcmp(a.last + OUTER_LEN, c.last + OUTER_LEN, a.last_len - OUTER_LEN), !=, 0);
    NetHost *third = net_host_new(b.net, "third", &far);
    NetLink *other = net_link_new(b.net, &wire, NULL, b.visited, third);
    Seg *seg = seg_new(b.net, other, &gateway_a, &gateway_b, true);
    net_route_addr(b.visited, &far, other);
    (void)net_udp_send(b.visited, PORT, &far, PORT, SECRET, strlen(SECRET));
    (void)sim_run(b.sim, SIM_NEVER, 1000);
    g_assert_cmpuint(b.packets, ==, 2);
    g_assert_cmpint(memcmp(a.last + OUTER_LEN, b.last + OUTER_LEN, 4), !=, 0); /* the SPI */
    seg_free(seg);
    domains_clear(&a);
    domains_clear(&b);
    domains_clear(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodes/seg/what-a-tap-reads", test_what_a_tap_reads);
    g_test_add_func("/nodes/seg/every-length-passes", test_every_length_passes);
    g_test_add_func("/nodes/seg/changed-octets-are-dropped", test_changed_octets_are_dropped);
    g_test_add_func("/nodes/seg/replay-is-dropped", test_replay_is_dropped);
    g_test_add_func("/nodes/seg/clear-packets-do-not-enter", test_clear_packets_do_not_enter);
    g_test_add_func("/nodes/seg/tunnels-have-keys-of-their-own", test_tunnels_have_keys_of_their_own);
    return g_test_run();
}
