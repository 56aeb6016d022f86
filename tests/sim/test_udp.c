/*
 * tests/sim/test_udp.c - datagrams between hosts.
 *
 * Source:  RFC 768, RFC 2460.
 */
#include "sim/ip.h"
#include "tests/sim/world.h"

static void arrives_after_delay(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);

    g_assert_true(net_udp_bind(w->b, 5060, world_log_datagram, w));
    g_assert_cmpint(world_say(w->a, w->b, "hello"), ==, NET_SENT);
    g_assert_cmpint(sim_run(w->sim, SIM_NEVER, 0), ==, SIM_IDLE);
    g_assert_cmpstr(w->log->str, ==, "b@1000 hello;");
    g_assert_cmpuint(net_host_counters(w->a)->sent, ==, 1);
    g_assert_cmpuint(net_host_counters(w->b)->received, ==, 1);
    g_assert_cmpuint(sim_events(w->sim), ==, 1);
}

static void a_port_is_bound_once(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);

    for (unsigned port = 9; port > 0; port--) {
        g_assert_true(net_udp_bind(w->b, (uint16_t)(port * 1000), world_log_datagram, w));
    }
    g_assert_false(net_udp_bind(w->b, 5000, world_log_datagram, w));
    net_udp_unbind(w->b, 5000);
    net_udp_unbind(w->b, 5000);
    net_udp_send(w->a, 1, net_host_addr(w->b), 5000, "no", 2);
    net_udp_send(w->a, 1, net_host_addr(w->b), 4000, "yes", 3);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpstr(w->log->str, ==, "b@1000 yes;");
    g_assert_cmpuint(net_host_counters(w->b)->no_port, ==, 1);
    g_assert_true(net_udp_bind(w->b, 5000, world_log_datagram, w));
}

static void too_long_is_refused(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autofree char *text = g_strnfill(65528, 'x');

    g_assert_true(net_udp_bind(w->b, 5060, world_log_datagram, w));
    g_assert_cmpint(net_udp_send(w->a, 5060, net_host_addr(w->b), 5060, text, 65528), ==, NET_TOO_LONG);
    g_assert_cmpint(net_udp_send(w->a, 5060, net_host_addr(w->b), 5060, text, 65527), ==, NET_SENT);
    g_assert_cmpint(net_udp_send(w->a, 5060, net_host_addr(w->b), 5060, NULL, 0), ==, NET_SENT);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(net_host_counters(w->b)->received, ==, 2);
}

static void to_itself(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);

    g_assert_true(net_udp_bind(w->a, 5060, world_log_datagram, w));
    g_assert_cmpint(world_say(w->a, w->a, "me"), ==, NET_SENT);
    g_assert_cmpstr(w->log->str, ==, "");
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpstr(w->log->str, ==, "a@0 me;");
}

static void unreachable(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);

    net_route_default(w->a, NULL);
    g_assert_cmpint(world_say(w->a, w->b, "x"), ==, NET_UNREACHABLE);
    g_assert_cmpuint(net_host_counters(w->a)->no_route, ==, 1);
}

/* A tap that flips a bit of the text: the checksum finds it. */
static NetTapVerdict flip(void *ctx, const NetSighting *sighting)
{
    sighting->packet->data[*(const size_t *)ctx] ^= 1;
    return NET_TAP_PASS;
}

static void bad_checksum_is_counted(void)
{
    /* addresses, ports, length, checksum, text */
    static const size_t places[] = { 8, 40, 44, 46, 48, 49, 52 };

    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
        net_udp_bind(w->b, 5060, world_log_datagram, w);
        net_tap(w->net, "mw", flip, (void *)&places[i]);
        world_say(w->a, w->b, "hello");
        sim_run(w->sim, SIM_NEVER, 0);
        g_assert_cmpstr(w->log->str, ==, "");
        g_assert_cmpuint(net_host_counters(w->b)->bad_checksum, ==, 1);
    }
}

/* RFC 1071 by the book, two octets at a time. */
static uint16_t checksum_by_the_book(const uint8_t *addresses, uint8_t next_header, const uint8_t *upper, size_t len)
{
    uint32_t sum = (uint32_t)len + next_header;

    for (size_t i = 0; i < 32; i += 2) {
        sum += get_u16(addresses + i);
    }
    for (size_t i = 0; i < len; i++) {
        sum += i % 2 == 0 ? (uint32_t)upper[i] << 8 : upper[i];
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void checksum_of_every_length(void)
{
    g_autoptr(Sim) sim = sim_new(&(SimConfig){ .seed = 3 });
    SimStream stream = sim_stream(sim, "test", "checksum", 0);
    uint8_t octets[32 + 300];

    for (size_t len = 0; len <= 300; len++) {
        sim_random(sim, &stream, octets, sizeof octets);
        if (len % 7 == 0) {
            memset(octets + 32, 0xff, len);
        }
        g_assert_cmpuint(ip_checksum(octets, IP_UDP, octets + 32, len), ==,
                         checksum_by_the_book(octets, IP_UDP, octets + 32, len));
    }
}

static NetTapVerdict seen_checksum_is_not_zero(void *ctx, const NetSighting *sighting)
{
    g_assert_cmpuint(get_u16(sighting->packet->data + 46), !=, 0);
    *(unsigned *)ctx += get_u16(sighting->packet->data + 46) == 0xffff;
    return NET_TAP_PASS;
}

/* Some of 65,536 texts sum up to zero: those are sent with 0xffff (RFC 768) and arrive. */
static void zero_checksum_is_never_sent(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    unsigned n_ones = 0;

    net_udp_bind(w->b, 5060, world_log_datagram, w);
    net_tap(w->net, "mw", seen_checksum_is_not_zero, &n_ones);
    for (unsigned i = 0; i < 65536; i++) {
        uint8_t octets[2] = { (uint8_t)(i >> 8), (uint8_t)i };
        net_udp_send(w->a, 5060, net_host_addr(w->b), 5060, octets, 2);
        sim_run(w->sim, SIM_NEVER, 0);
    }
    g_assert_cmpuint(n_ones, >=, 1);
    g_assert_cmpuint(net_host_counters(w->b)->received, ==, 65536);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sim/udp/arrives-after-delay", arrives_after_delay);
    g_test_add_func("/sim/udp/a-port-is-bound-once", a_port_is_bound_once);
    g_test_add_func("/sim/udp/too-long-is-refused", too_long_is_refused);
    g_test_add_func("/sim/udp/to-itself", to_itself);
    g_test_add_func("/sim/udp/unreachable", unreachable);
    g_test_add_func("/sim/udp/bad-checksum-is-counted", bad_checksum_is_counted);
    g_test_add_func("/sim/udp/checksum-of-every-length", checksum_of_every_length);
    g_test_add_func("/sim/udp/zero-checksum-is-never-sent", zero_checksum_is_never_sent);
    return g_test_run();
}
