/*
 * tests/sim/test_addr.c - addresses, their text, the table of addresses.
 *
 * Source:  RFC 4291 §2.2, RFC 5952 §4.
 */
#include "sim/addrtable.h"

#include <string.h>

static bool parse(const char *text, NetAddr *out)
{
    return net_addr_parse(text, strlen(text), out);
}

static void texts(void)
{
    /* read, and how it is written */
    static const char *const pairs[][2] = {
        { "::", "::" },
        { "::1", "::1" },
        { "1::", "1::" },
        { "2001:db8::a01:1", "2001:db8::a01:1" },
        { "2001:0DB8:0000:0000:0000:0000:0a01:0001", "2001:db8::a01:1" },
        { "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
        { "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
        { "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
        { "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
        { "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
        { "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
        { "fe80::", "fe80::" },
        { "::ffff:192.0.2.1", "::ffff:c000:201" },
        { "64:ff9b::198.51.100.255", "64:ff9b::c633:64ff" },
        { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        NetAddr addr;
        char text[NET_ADDR_TEXT_MAX];
        g_assert_true(parse(pairs[i][0], &addr));
        g_assert_cmpstr(net_addr_text(&addr, text), ==, pairs[i][1]);
    }
}

static void bad_texts(void)
{
    static const char *const bad[] = {
        "",
        ":",
        ":::",
        "1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "g::",
        "[::1]",
        "::1 ",
        " ::1",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1:",
        ":1",
        "::1.2.3",
        "::1.2.3.4.5",
        "::256.1.1.1",
        "::1.2.3.04",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1.2.3.4",
        "::1.2.3.4:5",
        "fe80::1%eth0",
        "::/0",
        "1:::2",
        "::.1.2.3",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        NetAddr addr;
        g_assert_false(parse(bad[i], &addr));
    }
}

/* Only the octets that are there are read. */
static void length_counts(void)
{
    NetAddr addr, expected = net_addr_make(UINT64_C(0x20010db800000000), 1);

    g_assert_true(net_addr_parse("2001:db8::15", 11, &addr));
    g_assert_true(net_addr_equal(&addr, &expected));
}

static void round_trip(void)
{
    g_autoptr(Sim) sim = sim_new(&(SimConfig){ .seed = 9 });
    SimStream stream = sim_stream(sim, "test", "addr", 0);

    for (int i = 0; i < 20000; i++) {
        NetAddr addr, back;
        char text[NET_ADDR_TEXT_MAX];
        uint8_t zeros;
        sim_random(sim, &stream, addr.octet, sizeof addr.octet);
        sim_random(sim, &stream, &zeros, 1);
        for (int group = 0; group < 8; group++) {
            if ((zeros >> group & 1) != 0) {
                memset(addr.octet + 2 * group, 0, 2);
            }
        }
        net_addr_text(&addr, text);
        g_assert_true(parse(text, &back));
        g_assert_true(net_addr_equal(&addr, &back));
    }
}

static void halves(void)
{
    NetAddr addr = net_addr_make(UINT64_C(0x20010db800010002), UINT64_C(0x0003000400050006));
    char text[NET_ADDR_TEXT_MAX];

    g_assert_cmpstr(net_addr_text(&addr, text), ==, "2001:db8:1:2:3:4:5:6");
    g_assert_cmphex(net_addr_prefix(&addr), ==, UINT64_C(0x20010db800010002));
    g_assert_cmphex(net_addr_interface(&addr), ==, UINT64_C(0x0003000400050006));
}

/* Added, replaced and removed in any order, against an array. */
static void table(void)
{
    g_autoptr(Sim) sim = sim_new(&(SimConfig){ .seed = 9 });
    SimStream stream = sim_stream(sim, "test", "table", 0);
    enum { N = 500 };
    static int values[N];
    void *expected[N] = { NULL };
    AddrTable t = { 0 };

    for (int i = 0; i < 50000; i++) {
        uint64_t k = sim_random_below(sim, &stream, N);
        NetAddr addr = net_addr_make(k / 7, k);
        if (sim_random_below(sim, &stream, 2) == 0) {
            expected[k] = &values[sim_random_below(sim, &stream, N)];
            addrtable_put(&t, &addr, expected[k]);
        } else {
            addrtable_remove(&t, &addr);
            expected[k] = NULL;
        }
        uint64_t other = sim_random_below(sim, &stream, N);
        NetAddr other_addr = net_addr_make(other / 7, other);
        g_assert_true(addrtable_get(&t, &addr) == expected[k]);
        g_assert_true(addrtable_get(&t, &other_addr) == expected[other]);
    }
    addrtable_clear(&t);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sim/addr/texts", texts);
    g_test_add_func("/sim/addr/bad-texts", bad_texts);
    g_test_add_func("/sim/addr/length-counts", length_counts);
    g_test_add_func("/sim/addr/round-trip", round_trip);
    g_test_add_func("/sim/addr/halves", halves);
    g_test_add_func("/sim/addr/table", table);
    return g_test_run();
}
