/*
 * tests/nodes/test_access.c - what an access network gives a handset, and what a listener on each segment sees of it.
 */
#include "tests/nodes/radio_world.h"

#define SECRET "the note that nobody should read"

typedef struct Case {
    const char *path;
    AccessTechnology technology;
    RadioCipher cipher;
} Case;

static AccessPolicy network_of(const Case *c)
{
    return (AccessPolicy){ .technology = c->technology,
                           .cipher = c->cipher,
                           .strength = 50,
                           .ssid = c->technology == ACCESS_WLAN ? "hotspot" : NULL,
                           .wep_key = { 1, 2, 3, 4, 5 },
                           .protected_discovery = true };
}

static ModemPolicy handset_of(const Case *c)
{
    return (ModemPolicy){ .technology = c->technology,
                          .ssid = c->technology == ACCESS_WLAN ? "hotspot" : NULL,
                          .wep_key = { 1, 2, 3, 4, 5 } };
}

static const Case cases[] = {
    { "umts-uea1", ACCESS_UMTS, RADIO_UEA1 }, { "umts-uea0", ACCESS_UMTS, RADIO_NONE },
    { "gprs-gea0", ACCESS_GPRS, RADIO_NONE }, { "gprs-gea1", ACCESS_GPRS, RADIO_GEA1 },
    { "gprs-gea2", ACCESS_GPRS, RADIO_GEA2 }, { "gprs-gea3", ACCESS_GPRS, RADIO_GEA3 },
    { "wlan-open", ACCESS_WLAN, RADIO_NONE }, { "wlan-wep", ACCESS_WLAN, RADIO_WEP },
};

static void test_attach(const void *data)
{
    const Case *c = data;
    AccessPolicy network = network_of(c);
    ModemPolicy handset = handset_of(c);
    World world;

    world_init(&world, 7, &network);
    WorldUe *alice = world_add(&world, 0, &handset);
    modem_attach(alice->modem);
    world_run(&world, 20 * SIM_SEC);
    g_assert_cmpuint(alice->attached, ==, 1);
    g_assert_cmpuint(alice->failed, ==, 0);
    g_assert_true(net_addr_equal(&alice->pcscf, &world.core_addr));
    g_assert_cmphex(net_addr_prefix(&alice->addr), ==, WORLD_PREFIX);
    g_assert_cmpint(modem_technology(alice->modem), ==, c->technology);
    g_assert_true(modem_ciphered(alice->modem) == (c->cipher != RADIO_NONE));
    g_assert_cmpint(sim_run(world.sim, SIM_NEVER, 1000), ==, SIM_IDLE); /* nothing goes on for ever */
    world_talk(&world, alice, SECRET, SIM_NEVER);
    g_assert_true(world_saw(world.heard[0], SECRET));
    g_assert_true(world_saw(world.heard[1], "answer from the core"));
    world_clear(&world);
}

/* What a tap on @segment reads of one message each way. */
static void watch_one(const Case *c, const char *segment, bool clear)
{
    AccessPolicy network = network_of(c);
    ModemPolicy handset = handset_of(c);
    World world;

    world_init(&world, 7, &network);
    WorldUe *alice = world_add(&world, 0, &handset);
    modem_attach(alice->modem);
    world_run(&world, SIM_NEVER);
    world_watch(&world, segment);
    world_talk(&world, alice, SECRET, SIM_NEVER);
    g_assert_cmpuint(world.watched->len, >, 0);
    g_assert_true(world_saw(world.watched, SECRET) == clear);
    g_assert_true(world_saw(world.watched, "answer from the core") == clear);
    g_assert_cmpuint(world.n_ciphered, ==, clear ? 0 : 2);
    g_assert_cmpuint(world.n_clear_ip, ==, clear ? 2 : 0);
    world_clear(&world);
}

static void test_where_ciphering_ends(const void *data)
{
    const Case *c = data;
    bool clear = c->cipher == RADIO_NONE;
    const NetLinkSpec *radio = access_radio_spec(c->technology), *core = access_core_spec(c->technology);

    for (unsigned i = 0; i < radio->n_segments; i++)
        watch_one(c, radio->segment[i].name, clear);
    for (unsigned i = 0; i < core->n_segments; i++)
        watch_one(c, core->segment[i].name, true);
}

static void test_segments_of_the_design(void)
{
    g_assert_cmpuint(access_radio_spec(ACCESS_UMTS)->n_segments, ==, 2);
    g_assert_cmpstr(access_radio_spec(ACCESS_UMTS)->segment[1].name, ==, "ran");
    g_assert_cmpuint(access_core_spec(ACCESS_UMTS)->n_segments, ==, 3);
    g_assert_cmpstr(access_core_spec(ACCESS_UMTS)->segment[0].name, ==, "iu");
    g_assert_cmpstr(access_core_spec(ACCESS_GPRS)->segment[0].name, ==, "gn");
    g_assert_cmpuint(access_radio_spec(ACCESS_WLAN)->n_segments, ==, 1);
    g_assert_cmpstr(access_core_spec(ACCESS_WLAN)->segment[0].name, ==, "gi");
}

/* One run with @n subscribers; the digest of all crossings, and the first one's address. */
static char *digest_of(unsigned n, uint64_t seed, NetAddr *first)
{
    const Case *c = &cases[0];
    AccessPolicy network = network_of(c);
    ModemPolicy handset = handset_of(c);
    World world;

    world_init(&world, seed, &network);
    for (unsigned i = n; i-- > 0;)
        modem_attach(world_add(&world, i, &handset)->modem);
    world_run(&world, SIM_NEVER);
    world_talk(&world, &world.ue[0], SECRET, SIM_NEVER);
    *first = world.ue[0].addr;
    char *text = g_strdup(g_checksum_get_string(world.digest));
    world_clear(&world);
    return text;
}

static void test_same_seed_same_octets(void)
{
    NetAddr a, b, c;
    g_autofree char *first = digest_of(2, 7, &a);
    g_autofree char *second = digest_of(2, 7, &b);
    g_autofree char *other = digest_of(2, 8, &c);

    g_assert_cmpstr(first, ==, second);
    g_assert_cmpstr(first, !=, other);
    g_assert_true(net_addr_equal(&a, &b));
    g_assert_false(net_addr_equal(&a, &c));
}

static void test_others_do_not_shift_an_address(void)
{
    NetAddr alone, among_others;
    g_autofree char *first G_GNUC_UNUSED = digest_of(1, 7, &alone);
    g_autofree char *second G_GNUC_UNUSED = digest_of(3, 7, &among_others);

    g_assert_true(net_addr_equal(&alone, &among_others));
}

static void test_unknown_subscriber_is_rejected(void)
{
    AccessPolicy network = network_of(&cases[0]);
    ModemPolicy handset = handset_of(&cases[0]);
    World world;
    MilenageKey key;
    AkaIsim usim;

    world_init(&world, 7, &network);
    WorldUe *alice = world_add(&world, 0, &handset);
    modem_free(alice->modem);
    world_key(0, &key);
    aka_isim_init(&usim, &key);
    ModemConfig config = { .name = "alice", .imsi = "262010000000000", .usim = &usim, .policy = handset };
    alice->modem = modem_new(alice->host, alice->link, &config, &world_events, alice);
    modem_attach(alice->modem);
    world_run(&world, SIM_NEVER);
    g_assert_cmpuint(alice->attached, ==, 0);
    g_assert_cmpuint(alice->failed, ==, 1);
    g_assert_cmpstr(alice->why, ==, "unknown subscriber");
    world_clear(&world);
}

static void test_foreign_source_address_is_not_carried(void)
{
    AccessPolicy network = network_of(&cases[1]);
    ModemPolicy handset = handset_of(&cases[1]);
    World world;

    world_init(&world, 7, &network);
    WorldUe *alice = world_add(&world, 0, &handset);
    modem_attach(alice->modem);
    world_run(&world, SIM_NEVER);
    NetAddr other = net_addr_make(WORLD_PREFIX, 0x4711);
    net_host_set_addr(alice->host, &other);
    world_talk(&world, alice, SECRET, SIM_NEVER);
    g_assert_cmpuint(world.heard[0]->len, ==, 0);
    g_assert_cmpuint(trace_count_drops(sim_trace(world.sim), "cell", "radio-source"), ==, 1);
    world_clear(&world);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *attach = g_strdup_printf("/nodes/access/attach/%s", cases[i].path);
        g_autofree char *cover = g_strdup_printf("/nodes/access/where-ciphering-ends/%s", cases[i].path);
        g_test_add_data_func(attach, &cases[i], test_attach);
        g_test_add_data_func(cover, &cases[i], test_where_ciphering_ends);
    }
    g_test_add_func("/nodes/access/segments-of-the-design", test_segments_of_the_design);
    g_test_add_func("/nodes/access/same-seed-same-octets", test_same_seed_same_octets);
    g_test_add_func("/nodes/access/others-do-not-shift-an-address", test_others_do_not_shift_an_address);
    g_test_add_func("/nodes/access/unknown-subscriber-is-rejected", test_unknown_subscriber_is_rejected);
    g_test_add_func("/nodes/access/foreign-source-address-is-not-carried", test_foreign_source_address_is_not_carried);
    return g_test_run();
}
