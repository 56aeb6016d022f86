/*
 * tests/sim/test_host.c - routes, routers, changing addresses, IP hooks.
 *
 * Source:  sim/net.h; RFC 2460 §3 (hop limit).
 */
#include "sim/ip.h"
#include "sim/tcp.h"
#include "tests/sim/world.h"

/* ue1 and ue2 - gateway - core, and a server behind it */
typedef struct Access {
    Sim *sim;
    Net *net;
    NetHost *ue[2], *gateway, *core, *server;
    NetLink *link[2], *trunk, *last;
    GString *log;
} Access;

static void on_datagram(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    Access *access = ctx;

    g_string_append_printf(access->log, "%s %.*s;", net_host_name(host), (int)datagram->len,
                           (const char *)datagram->octets);
}

static NetHost *host(Access *access, const char *name, uint64_t prefix, uint64_t interface_id)
{
    NetAddr addr = net_addr_make(prefix, interface_id);
    NetHost *made = net_host_new(access->net, name, &addr);

    net_udp_bind(made, 5060, on_datagram, access);
    return made;
}

static Access *access_new(void)
{
    Access *access = g_new0(Access, 1);

    access->sim = sim_new(&(SimConfig){ .seed = 1 });
    access->net = net_new(access->sim);
    access->log = g_string_new(NULL);
    access->gateway = host(access, "gateway", 0xa, 0xff);
    access->core = host(access, "core", 0xb, 1);
    access->server = host(access, "server", 0xc, 1);
    access->trunk = net_link_new(access->net, &world_wire, NULL, access->gateway, access->core);
    access->last = net_link_new(access->net, &world_wire, NULL, access->core, access->server);
    for (unsigned i = 0; i < 2; i++) {
        access->ue[i] = host(access, i == 0 ? "ue1" : "ue2", 0xa, i + 1);
        access->link[i] = net_link_new(access->net, &world_wire, NULL, access->ue[i], access->gateway);
        net_route_default(access->ue[i], access->link[i]);
        net_route_addr(access->gateway, net_host_addr(access->ue[i]), access->link[i]);
    }
    net_route_default(access->gateway, access->trunk);
    net_route_prefix(access->core, 0xa, access->trunk);
    net_route_prefix(access->core, 0xc, access->last);
    net_route_default(access->server, access->last);
    net_host_set_router(access->gateway, true);
    net_host_set_router(access->core, true);
    return access;
}

static void access_free(Access *access)
{
    net_free(access->net);
    sim_free(access->sim);
    g_string_free(access->log, TRUE);
    g_free(access);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Access, access_free)

static void through_routers(void)
{
    g_autoptr(Access) a = access_new();

    g_assert_cmpint(world_say(a->ue[0], a->server, "there"), ==, NET_SENT);
    sim_run(a->sim, SIM_NEVER, 0);
    g_assert_cmpint(sim_now(a->sim), ==, 3 * SIM_MS);
    world_say(a->server, a->ue[1], "back");
    world_say(a->ue[0], a->ue[1], "across");
    world_say(a->ue[0], a->gateway, "router");
    sim_run(a->sim, SIM_NEVER, 0);
    g_assert_cmpstr(a->log->str, ==, "server there;gateway router;ue2 across;ue2 back;");
}

static void no_way_on(void)
{
    g_autoptr(Access) a = access_new();
    NetAddr nowhere = net_addr_make(0xd, 1);

    net_udp_send(a->ue[0], 1, &nowhere, 5060, "x", 1); /* the core does not know it and has no default */
    sim_run(a->sim, SIM_NEVER, 0);
    g_assert_cmpuint(net_host_counters(a->core)->no_route, ==, 1);
    net_host_set_router(a->gateway, false);
    world_say(a->ue[0], a->server, "x");
    sim_run(a->sim, SIM_NEVER, 0);
    g_assert_cmpuint(net_host_counters(a->gateway)->not_mine, ==, 1);
    g_assert_cmpstr(a->log->str, ==, "");
}

/* The gateway sends up what the core sends down: until the hop limit is used up. */
static void loops_end(void)
{
    g_autoptr(Access) a = access_new();
    NetAddr unknown = net_addr_make(0xa, 77);

    net_udp_send(a->server, 1, &unknown, 5060, "x", 1);
    g_assert_cmpint(sim_run(a->sim, SIM_NEVER, 1000), ==, SIM_IDLE);
    g_assert_cmpuint(sim_events(a->sim), ==, IP_HOP_LIMIT);
    g_assert_cmpuint(net_host_counters(a->gateway)->no_route + net_host_counters(a->core)->no_route, ==, 1);
}

static void exact_before_prefix_before_default(void)
{
    g_autoptr(Access) a = access_new();
    NetAddr addr = net_addr_make(0xa, 1), neighbour = net_addr_make(0xa, 2), other = net_addr_make(0xe, 2);

    g_assert_null(net_route(a->core, &other));
    net_route_default(a->core, a->last);
    g_assert_true(net_route(a->core, &other) == a->last);
    g_assert_true(net_route(a->core, &addr) == a->trunk);
    net_route_addr(a->core, &addr, a->last);
    g_assert_true(net_route(a->core, &addr) == a->last);
    g_assert_true(net_route(a->core, &neighbour) == a->trunk);
    net_route_addr(a->core, &addr, a->trunk); /* the last call wins */
    net_route_prefix(a->core, 0xa, a->last);
    g_assert_true(net_route(a->core, &addr) == a->trunk);
    g_assert_true(net_route(a->core, &neighbour) == a->last);
    net_route_addr(a->core, &addr, NULL);
    net_route_prefix(a->core, 0xa, NULL);
    net_route_prefix(a->core, 0xa, NULL);
    net_route_default(a->core, NULL);
    g_assert_null(net_route(a->core, &addr));
    NetAddr server = *net_host_addr(a->server);
    g_assert_true(net_route(a->core, &server) == a->last);
}

static void many_addresses(void)
{
    g_autoptr(Access) a = access_new();
    enum { N = 20000 };

    for (uint64_t i = 0; i < N; i++) {
        NetAddr addr = net_addr_make(0xa000 + i % 3, i);
        net_route_addr(a->gateway, &addr, a->link[i % 2]);
    }
    for (uint64_t i = 0; i < N; i++) {
        NetAddr addr = net_addr_make(0xa000 + i % 3, i);
        g_assert_true(net_route(a->gateway, &addr) == a->link[i % 2]);
    }
}

/* A handset that gets another address: the old one leads nowhere any more. */
static void new_address(void)
{
    g_autoptr(Access) a = access_new();
    NetAddr old = *net_host_addr(a->ue[0]), fresh = net_addr_make(0xa, 99);

    g_assert_true(net_host_find(a->net, &old) == a->ue[0]);
    g_assert_true(net_host_by_name(a->net, "ue2") == a->ue[1]);
    g_assert_null(net_host_by_name(a->net, "ue3"));
    net_host_set_addr(a->ue[0], &fresh);
    net_route_addr(a->gateway, &fresh, a->link[0]);
    g_assert_null(net_host_find(a->net, &old));
    g_assert_true(net_host_find(a->net, &fresh) == a->ue[0]);
    g_assert_true(net_route(a->gateway, &old) == a->trunk);
    world_say(a->server, a->ue[0], "new");
    sim_run(a->sim, SIM_NEVER, 0);
    g_assert_cmpstr(a->log->str, ==, "ue1 new;");
}

static void hosts_made_later_are_found(void)
{
    g_autoptr(Access) a = access_new();
    NetAddr addr = net_addr_make(0xf, 1);

    g_assert_null(net_host_find(a->net, &addr));
    g_assert_null(net_host_by_name(a->net, "late"));
    NetHost *late = net_host_new(a->net, "late", NULL);
    g_assert_true(net_host_by_name(a->net, "late") == late);
    net_host_set_addr(late, &addr);
    g_assert_true(net_host_find(a->net, &addr) == late);
}

/* --- hooks --- */

/* A toy of ESP: the payload behind a header of 8 octets and before a trailer of 2, every octet turned over. */
static NetVerdict wrap(void *ctx, NetHost *from, NetPacket *p)
{
    uint8_t next_header = p->data[6];
    uint32_t payload = p->len - IP_HEADER_LEN;

    if (*(const int *)ctx < 0) {
        return NET_DISCARD;
    }
    g_assert_true(net_packet_push(p, 8));
    g_assert_true(net_packet_grow(p, 2));
    memmove(p->data, p->data + 8, IP_HEADER_LEN);
    memset(p->data + IP_HEADER_LEN, 0x5a, 8);
    for (uint32_t i = 0; i < payload; i++) {
        p->data[IP_HEADER_LEN + 8 + i] ^= 0xff;
    }
    p->data[p->len - 1] = next_header;
    p->data[6] = 50;
    put_u16(p->data + 4, (uint16_t)(p->len - IP_HEADER_LEN));
    return NET_PASS;
}

static NetVerdict unwrap(void *ctx, NetHost *to, NetPacket *p)
{
    if (p->data[6] != 50 || p->len < IP_HEADER_LEN + 10) {
        return NET_DISCARD;
    }
    uint8_t next_header = p->data[p->len - 1];
    p->len -= 2;
    memmove(p->data + 8, p->data, IP_HEADER_LEN);
    g_assert_true(net_packet_pull(p, 8));
    for (uint32_t i = IP_HEADER_LEN; i < p->len; i++) {
        p->data[i] ^= 0xff;
    }
    p->data[6] = next_header;
    put_u16(p->data + 4, (uint16_t)(p->len - IP_HEADER_LEN));
    p->sa = 77;
    return NET_PASS;
}

static void saw_esp(void *ctx, const NetSighting *s)
{
    *(bool *)ctx = s->packet->data[6] == 50;
}

static void note_sa(void *ctx, NetHost *to, const NetDatagram *datagram)
{
    g_assert_cmpuint(datagram->sa, ==, 77);
    g_assert_cmpmem(datagram->octets, datagram->len, "inside", 6);
    ++*(int *)ctx;
}

static void hooks_change_packets(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    int mode = 0, n = 0;
    bool esp = false;
    NetIpHook hook = { wrap, unwrap, &mode };

    net_udp_bind(w->b, 7, note_sa, &n);
    net_host_set_ip_hook(w->a, &hook);
    net_host_set_ip_hook(w->b, &hook);
    net_set_recorder(w->net, saw_esp, &esp);
    g_assert_cmpint(net_udp_send(w->a, 7, net_host_addr(w->b), 7, "inside", 6), ==, NET_SENT);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpint(n, ==, 1);
    g_assert_true(esp);
    mode = -1;
    g_assert_cmpint(net_udp_send(w->a, 7, net_host_addr(w->b), 7, "inside", 6), ==, NET_REFUSED);
    g_assert_cmpuint(net_host_counters(w->a)->hook_discards, ==, 1);
    net_host_set_ip_hook(w->a, NULL);
    g_assert_cmpint(net_udp_send(w->a, 7, net_host_addr(w->b), 7, "inside", 6), ==, NET_SENT);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(net_host_counters(w->b)->hook_discards, ==, 1);
    g_assert_cmpint(n, ==, 1);
}

/* A host without the protocol cannot hide it from the network either. */
static void blocked_before_the_hook(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    int mode = 0, n = 0;
    bool esp = false;
    NetIpHook hook = { wrap, unwrap, &mode };

    net_udp_bind(w->b, 7, note_sa, &n);
    net_host_set_ip_hook(w->a, &hook);
    net_host_set_ip_hook(w->b, &hook);
    net_set_recorder(w->net, saw_esp, &esp);
    net_block_protocol(w->net, IP_UDP, 8);
    g_assert_cmpint(net_udp_send(w->a, 8, net_host_addr(w->b), 7, "inside", 6), ==, NET_SENT);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpint(n, ==, 0);
    g_assert_false(esp);
    g_assert_cmpuint(net_host_counters(w->a)->lost, ==, 1);
    net_udp_send(w->a, 7, net_host_addr(w->b), 7, "inside", 6);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpint(n, ==, 1);
}

/* TCP behind the hooks: the checksum is made before and checked after. */
typedef struct Stream {
    TcpConn *server;
    GByteArray *got;
} Stream;

static void stream_connected(void *ctx, TcpConn *conn)
{
}

static void stream_data(void *ctx, TcpConn *conn, const uint8_t *octets, size_t len)
{
    Stream *stream = ctx;

    g_assert_cmpuint(tcp_sa(conn), ==, 77);
    g_byte_array_append(stream->got, octets, (guint)len);
}

static void stream_ended(void *ctx, TcpConn *conn, TcpEnd why)
{
    g_assert_cmpint(why, ==, TCP_CLOSED_BY_PEER);
    ((Stream *)ctx)->server = NULL;
}

static const TcpEvents stream_events = { stream_connected, stream_data, stream_ended };

static void stream_accepted(void *ctx, TcpConn *conn)
{
    ((Stream *)ctx)->server = conn;
    tcp_set_events(conn, &stream_events, ctx);
}

static void tcp_through_hooks(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autoptr(GByteArray) got = g_byte_array_new();
    g_autofree char *text = g_strnfill(20000, 't');
    int mode = 0;
    bool esp = false;
    NetIpHook hook = { wrap, unwrap, &mode };
    Stream stream = { NULL, got };

    net_host_set_ip_hook(w->a, &hook);
    net_host_set_ip_hook(w->b, &hook);
    net_set_recorder(w->net, saw_esp, &esp);
    tcp_listen(w->b, 5060, stream_accepted, &stream);
    TcpConn *conn = tcp_connect(w->a, 0, net_host_addr(w->b), 5060, &stream_events, &stream);
    tcp_send(conn, text, 20000);
    tcp_close(conn); /* in vain: there is no connection yet, and nothing is sent */
    sim_run(w->sim, SIM_SEC, 0);
    g_assert_null(stream.server);
    conn = tcp_connect(w->a, 0, net_host_addr(w->b), 5060, &stream_events, &stream);
    tcp_send(conn, text, 20000);
    sim_run(w->sim, 2 * SIM_SEC, 0);
    g_assert_nonnull(stream.server);
    g_assert_cmpmem(got->data, got->len, text, 20000);
    tcp_close(conn);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_null(stream.server);
    g_assert_true(esp);
    g_assert_cmpuint(net_host_counters(w->b)->bad_checksum, ==, 0);
}

/* --- hosts between networks, and hosts that an attacker runs --- */

static void sources_are_checked(void)
{
    g_autoptr(Access) a = access_new();

    net_host_set_source_check(a->core, true);
    world_say(a->ue[0], a->server, "honest");
    sim_run(a->sim, SIM_NEVER, 0);
    NetAddr foreign = net_addr_make(0xc, 9); /* an address of the server's network, used at the gateway */
    net_host_set_addr(a->ue[1], &foreign);
    world_say(a->ue[1], a->server, "spoofed");
    sim_run(a->sim, SIM_NEVER, 0);
    g_assert_cmpstr(a->log->str, ==, "server honest;");
    g_assert_cmpuint(net_host_counters(a->core)->spoofed, ==, 1);
}

typedef struct Watch {
    GString *log;
    TraceId origin;
} Watch;

static void watch(void *ctx, NetHost *at, NetDir dir, const NetPacket *packet, uint64_t frame)
{
    g_string_append_printf(((Watch *)ctx)->log, "%s%c%u:%" G_GUINT64_FORMAT " ", net_host_name(at),
                           dir == NET_UP ? '^' : 'v', packet->data[6], frame);
}

static void note_origin(void *ctx, NetHost *to, const NetDatagram *datagram)
{
    ((Watch *)ctx)->origin = sim_context(net_sim(net_host_net(to))).origin;
}

/* The watcher sees what is inside the hook; what the host sends is the attacker's. */
static void an_attacker_runs_the_host(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autoptr(GString) log = g_string_new(NULL);
    int mode = 0;
    bool esp = false;
    NetIpHook hook = { wrap, unwrap, &mode };
    Watch state = { log, 0 };

    net_host_set_ip_hook(w->a, &hook);
    net_host_set_ip_hook(w->b, &hook);
    net_set_recorder(w->net, saw_esp, &esp);
    net_host_watch(w->a, watch, &state);
    net_host_set_origin(w->a, 5);
    net_udp_bind(w->b, 7, note_origin, &state);
    net_udp_bind(w->a, 7, note_origin, &state);
    net_udp_send(w->a, 7, net_host_addr(w->b), 7, "x", 1);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(state.origin, ==, 5);
    net_udp_send(w->b, 7, net_host_addr(w->a), 7, "x", 1);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(state.origin, ==, 0);
    g_assert_cmpstr(log->str, ==, "a^17:1 av17:2 ");
}

/* Made elsewhere, put into a router's output: no hook is asked. */
static void forwarding(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    int mode = -1;
    NetIpHook hook = { wrap, NULL, &mode };
    uint8_t packet[IP_HEADER_LEN + 4] = { 0 };

    net_host_set_ip_hook(w->a, &hook);
    ip_header(packet, net_host_addr(w->a), net_host_addr(w->b), 59, 4);
    net_host_forward(w->a, packet, sizeof packet);
    net_host_forward(w->a, packet, 20); /* no packet */
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpuint(net_host_counters(w->b)->no_port, ==, 1);
    g_assert_cmpuint(net_host_counters(w->a)->not_mine, ==, 1);
}

/* Random octets from a link: nothing but a counter moves. */
static void noise(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    SimStream stream = sim_stream(w->sim, "test", "noise", 0);
    const unsigned n = 3000;

    net_udp_bind(w->b, 0, world_log_datagram, w);
    for (unsigned i = 0; i < n; i++) {
        uint8_t octets[80];
        size_t len = (size_t)sim_random_below(w->sim, &stream, sizeof octets + 1);
        sim_random(w->sim, &stream, octets, sizeof octets);
        if (len >= IP_HEADER_LEN && i % 2 == 0) { /* for this host, of this length, and sense ends there */
            ip_header(octets, net_host_addr(w->a), net_host_addr(w->b), i % 4 == 0 ? IP_UDP : IP_TCP,
                      i % 8 < 6 ? len - IP_HEADER_LEN : len);
        }
        net_inject(w->net, w->link, 0, NET_UP, NET_IP, octets, len, 0, (SimContext){ 0 });
    }
    sim_run(w->sim, SIM_NEVER, 0);
    const NetCounters *c = net_host_counters(w->b);
    g_assert_cmpuint(c->bad_checksum, >, n / 10);
    g_assert_cmpuint(c->not_mine + c->bad_checksum + c->no_port + c->received, ==, n);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sim/host/through-routers", through_routers);
    g_test_add_func("/sim/host/no-way-on", no_way_on);
    g_test_add_func("/sim/host/loops-end", loops_end);
    g_test_add_func("/sim/host/exact-before-prefix-before-default", exact_before_prefix_before_default);
    g_test_add_func("/sim/host/many-addresses", many_addresses);
    g_test_add_func("/sim/host/new-address", new_address);
    g_test_add_func("/sim/host/hosts-made-later-are-found", hosts_made_later_are_found);
    g_test_add_func("/sim/host/hooks-change-packets", hooks_change_packets);
    g_test_add_func("/sim/host/blocked-before-the-hook", blocked_before_the_hook);
    g_test_add_func("/sim/host/tcp-through-hooks", tcp_through_hooks);
    g_test_add_func("/sim/host/sources-are-checked", sources_are_checked);
    g_test_add_func("/sim/host/an-attacker-runs-the-host", an_attacker_runs_the_host);
    g_test_add_func("/sim/host/forwarding", forwarding);
    g_test_add_func("/sim/host/noise", noise);
    return g_test_run();
}
