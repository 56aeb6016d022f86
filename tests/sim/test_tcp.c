/*
 * tests/sim/test_tcp.c - connections: opening, data, loss, disorder, closing, resetting.
 *
 * Source:  RFC 793, RFC 2988.
 */
#include "sim/ip.h"
#include "sim/tcp.h"
#include "tests/sim/world.h"

/* One end's view, and what it does by itself. */
typedef struct Peer {
    World *world;
    const char *name;
    TcpConn *conn;
    GByteArray *got;
    GString *log;
    bool echoes;
    SimTime ended_at;
} Peer;

static void on_connected(void *ctx, TcpConn *conn)
{
    Peer *peer = ctx;

    g_string_append_printf(peer->log, "connected;");
}

static void on_data(void *ctx, TcpConn *conn, const uint8_t *octets, size_t len)
{
    Peer *peer = ctx;

    g_byte_array_append(peer->got, octets, (guint)len);
    if (peer->echoes) {
        tcp_send(conn, octets, len);
    }
}

static void on_ended(void *ctx, TcpConn *conn, TcpEnd why)
{
    static const char *const reasons[] = { "closed by peer;", "reset;", "timed out;" };
    Peer *peer = ctx;

    g_string_append(peer->log, reasons[why]);
    peer->ended_at = sim_now(peer->world->sim);
    peer->conn = NULL;
}

static const TcpEvents peer_events = { on_connected, on_data, on_ended };

static void on_accepted(void *ctx, TcpConn *conn)
{
    Peer *peer = ctx;

    g_string_append(peer->log, "accepted;");
    peer->conn = conn;
    tcp_set_events(conn, &peer_events, peer);
}

static Peer *peer_new(World *world, const char *name)
{
    Peer *peer = g_new0(Peer, 1);

    peer->world = world;
    peer->name = name;
    peer->got = g_byte_array_new();
    peer->log = g_string_new(NULL);
    return peer;
}

static void peer_free(Peer *peer)
{
    g_byte_array_free(peer->got, TRUE);
    g_string_free(peer->log, TRUE);
    g_free(peer);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Peer, peer_free)

static void dial(World *w, Peer *client, Peer *server)
{
    g_assert_true(tcp_listen(w->b, 5060, on_accepted, server));
    client->conn = tcp_connect(w->a, 0, net_host_addr(w->b), 5060, &peer_events, client);
    g_assert_nonnull(client->conn);
}

static GByteArray *some_octets(const Sim *sim, size_t len)
{
    GByteArray *octets = g_byte_array_new();
    SimStream stream = sim_stream(sim, "test", "tcp", len);

    g_byte_array_set_size(octets, (guint)len);
    sim_random(sim, &stream, octets->data, len);
    return octets;
}

static void assert_same(const GByteArray *a, const GByteArray *b)
{
    g_assert_cmpmem(a->data, a->len, b->data, b->len);
}

static void handshake_data_and_close(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autoptr(Peer) client = peer_new(w, "client");
    g_autoptr(Peer) server = peer_new(w, "server");
    g_autoptr(GByteArray) octets = some_octets(w->sim, 5000);

    server->echoes = true;
    dial(w, client, server);
    g_assert_cmpuint(tcp_peer_port(client->conn), ==, 5060);
    g_assert_cmpuint(tcp_local_port(client->conn), >=, 49152);
    tcp_send(client->conn, octets->data, octets->len); /* queued until the handshake is over */
    sim_run(w->sim, 100 * SIM_MS, 0);
    g_assert_cmpstr(client->log->str, ==, "connected;");
    g_assert_cmpstr(server->log->str, ==, "accepted;");
    assert_same(server->got, octets);
    assert_same(client->got, octets);
    tcp_close(client->conn);
    g_assert_cmpint(sim_run(w->sim, SIM_NEVER, 0), ==, SIM_IDLE);
    g_assert_cmpstr(server->log->str, ==, "accepted;closed by peer;");
    g_assert_cmpstr(client->log->str, ==, "connected;");
    g_assert_cmpint(sim_now(w->sim), <, 2 * SIM_SEC); /* TIME-WAIT is over, no timer is left */
}

static void nobody_listens(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autoptr(Peer) client = peer_new(w, "client");

    client->conn = tcp_connect(w->a, 0, net_host_addr(w->b), 5060, &peer_events, client);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpstr(client->log->str, ==, "reset;");
    g_assert_cmpint(client->ended_at, ==, 2 * SIM_MS);
}

/* --- hard times --- */

/* Loses, holds back or doubles segments at random, on one segment of the path. */
typedef struct Weather {
    World *world;
    SimStream stream;
    unsigned lose, hold, repeat; /* per cent */
    unsigned n;
} Weather;

static NetTapVerdict bad_weather(void *ctx, const NetSighting *s)
{
    Weather *weather = ctx;
    uint64_t dice = sim_random_below(weather->world->sim, &weather->stream, 100);
    bool held = dice >= weather->lose && dice < weather->lose + weather->hold;
    bool repeated = !held && dice >= weather->lose && dice < weather->lose + weather->hold + weather->repeat;

    weather->n++;
    if (held || repeated) {
        net_inject(weather->world->net, s->link, s->segment, s->dir, s->packet->kind, s->packet->data, s->packet->len,
                   held ? 30 * SIM_MS : SIM_MS, s->packet->context);
    }
    return held || dice < weather->lose ? NET_TAP_TAKE : NET_TAP_PASS;
}

static void transfer_in(unsigned lose, unsigned hold, unsigned repeat)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        g_autoptr(World) w = world_new(&(SimConfig){ .seed = seed }, &world_wire, NULL);
        g_autoptr(Peer) client = peer_new(w, "client");
        g_autoptr(Peer) server = peer_new(w, "server");
        g_autoptr(GByteArray) octets = some_octets(w->sim, 200000);
        Weather weather = { w, sim_stream(w->sim, "test", "weather", seed), lose, hold, repeat, 0 };
        server->echoes = true;
        net_tap(w->net, "mw", bad_weather, &weather);
        dial(w, client, server);
        for (size_t at = 0; at < octets->len; at += 5000) {
            tcp_send(client->conn, octets->data + at, 5000);
        }
        sim_run(w->sim, 3600 * SIM_SEC, 0);
        g_assert_cmpstr(client->log->str, ==, "connected;");
        assert_same(server->got, octets);
        assert_same(client->got, octets);
        tcp_close(client->conn);
        g_assert_cmpint(sim_run(w->sim, SIM_NEVER, 0), ==, SIM_IDLE);
        g_assert_cmpstr(server->log->str, ==, "accepted;closed by peer;");
    }
}

static void loss(void)
{
    transfer_in(5, 0, 0);
}

static void disorder(void)
{
    transfer_in(0, 20, 0);
}

static void duplicates(void)
{
    transfer_in(0, 0, 30);
}

static void everything_at_once(void)
{
    transfer_in(4, 10, 10);
}

/* --- giving up --- */

static void timed_out_connecting(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autoptr(Peer) client = peer_new(w, "client");
    g_autoptr(Peer) server = peer_new(w, "server");

    net_block_protocol(w->net, IP_TCP, 0);
    dial(w, client, server);
    g_assert_cmpint(sim_run(w->sim, SIM_NEVER, 0), ==, SIM_IDLE);
    g_assert_cmpstr(client->log->str, ==, "timed out;");
    g_assert_cmpuint(net_host_counters(w->a)->lost, ==, 7); /* SYN and six more: after 3, 6, 12, 24, 48, 60 and 60 s */
    g_assert_cmpint(client->ended_at, ==, 213 * SIM_SEC);
}

static void timed_out_established(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autoptr(Peer) client = peer_new(w, "client");
    g_autoptr(Peer) server = peer_new(w, "server");

    dial(w, client, server);
    sim_run(w->sim, SIM_SEC, 0);
    net_block_protocol(w->net, IP_TCP, 5060);
    tcp_send(client->conn, "lost", 4);
    g_assert_cmpint(sim_run(w->sim, SIM_NEVER, 0), ==, SIM_IDLE);
    g_assert_cmpstr(client->log->str, ==, "connected;timed out;");
    g_assert_cmpint(client->ended_at, ==,
                    1 * SIM_SEC + (1 + 2 + 4 + 8 + 16 + 32 + 60) * SIM_SEC); /* RTO at its least, 1 s */
    g_assert_cmpstr(server->log->str, ==, "accepted;"); /* it had nothing to send, it does not know */
}

/* A listener that forgets the handshake's end: the half-open connection goes away by itself. */
static NetTapVerdict take_acks(void *ctx, const NetSighting *s)
{
    return s->dir == NET_UP && s->packet->data[IP_HEADER_LEN + 13] == 16 ? NET_TAP_TAKE : NET_TAP_PASS;
}

static void half_open_goes_away(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autoptr(Peer) client = peer_new(w, "client");
    g_autoptr(Peer) server = peer_new(w, "server");

    net_tap(w->net, "mw", take_acks, NULL);
    dial(w, client, server);
    g_assert_cmpint(sim_run(w->sim, SIM_NEVER, 0), ==, SIM_IDLE);
    g_assert_cmpstr(server->log->str, ==, "");
}

/* --- ends --- */

static void abort_resets(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autoptr(Peer) client = peer_new(w, "client");
    g_autoptr(Peer) server = peer_new(w, "server");

    dial(w, client, server);
    sim_run(w->sim, SIM_SEC, 0);
    tcp_abort(server->conn);
    g_assert_cmpint(sim_run(w->sim, SIM_NEVER, 0), ==, SIM_IDLE);
    g_assert_cmpstr(client->log->str, ==, "connected;reset;");
    g_assert_cmpstr(server->log->str, ==, "accepted;");
}

static void both_close_at_once(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autoptr(Peer) client = peer_new(w, "client");
    g_autoptr(Peer) server = peer_new(w, "server");

    dial(w, client, server);
    sim_run(w->sim, SIM_SEC, 0);
    tcp_close(client->conn);
    tcp_close(server->conn);
    g_assert_cmpint(sim_run(w->sim, SIM_NEVER, 0), ==, SIM_IDLE);
    g_assert_cmpstr(client->log->str, ==, "connected;");
    g_assert_cmpstr(server->log->str, ==, "accepted;");
    g_assert_cmpint(sim_now(w->sim), <, 3 * SIM_SEC);
}

/* What was sent before closing still arrives. */
static void close_sends_what_is_queued(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autoptr(Peer) client = peer_new(w, "client");
    g_autoptr(Peer) server = peer_new(w, "server");
    g_autoptr(GByteArray) octets = some_octets(w->sim, 300000); /* more than a window */

    dial(w, client, server);
    sim_run(w->sim, SIM_SEC, 0);
    tcp_send(client->conn, octets->data, octets->len);
    tcp_close(client->conn);
    sim_run(w->sim, SIM_NEVER, 0);
    assert_same(server->got, octets);
    g_assert_cmpstr(server->log->str, ==, "accepted;closed by peer;");
}

/* The same ports again at once, as a handset with fixed protected ports does. */
static void same_ports_again(void)
{
    for (int client_closes = 0; client_closes < 2; client_closes++) {
        g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
        g_autoptr(Peer) client = peer_new(w, "client");
        g_autoptr(Peer) server = peer_new(w, "server");
        tcp_listen(w->b, 5060, on_accepted, server);
        client->conn = tcp_connect(w->a, 1234, net_host_addr(w->b), 5060, &peer_events, client);
        g_assert_null(tcp_connect(w->a, 1234, net_host_addr(w->b), 5060, &peer_events, client));
        sim_run(w->sim, SIM_SEC, 0);
        tcp_close(client_closes != 0 ? client->conn : server->conn);
        sim_run(w->sim, SIM_SEC + 100 * SIM_MS, 0);
        client->conn = tcp_connect(w->a, 1234, net_host_addr(w->b), 5060, &peer_events, client);
        g_assert_nonnull(client->conn);
        tcp_send(client->conn, "again", 5);
        sim_run(w->sim, SIM_NEVER, 0);
        g_assert_cmpmem(server->got->data, server->got->len, "again", 5);
    }
}

static void listening(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autoptr(Peer) client = peer_new(w, "client");
    g_autoptr(Peer) server = peer_new(w, "server");

    g_assert_true(tcp_listen(w->b, 5060, on_accepted, server));
    g_assert_false(tcp_listen(w->b, 5060, on_accepted, server));
    tcp_unlisten(w->b, 5060);
    tcp_unlisten(w->b, 5060);
    dial(w, client, server);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpstr(server->log->str, ==, "accepted;");
}

static void to_itself(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autoptr(Peer) client = peer_new(w, "client");
    g_autoptr(Peer) server = peer_new(w, "server");

    server->echoes = true;
    tcp_listen(w->a, 5060, on_accepted, server);
    client->conn = tcp_connect(w->a, 0, net_host_addr(w->a), 5060, &peer_events, client);
    tcp_send(client->conn, "me", 2);
    sim_run(w->sim, SIM_SEC, 0);
    g_assert_cmpmem(client->got->data, client->got->len, "me", 2);
}

static void accept_nothing(void *ctx, TcpConn *conn)
{
    ++*(int *)ctx;
}

static void accepted_by_nobody(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autoptr(Peer) client = peer_new(w, "client");
    int n = 0;

    tcp_listen(w->b, 5060, accept_nothing, &n);
    client->conn = tcp_connect(w->a, 0, net_host_addr(w->b), 5060, &peer_events, client);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpint(n, ==, 1);
    g_assert_cmpstr(client->log->str, ==, "connected;reset;");
}

/* A segment to b as if from a, with a right checksum. */
typedef struct Forged {
    uint16_t sport;
    uint32_t seq, ack;
    uint8_t flags;
    const uint8_t *options; /* of a length that is a multiple of 4 */
    size_t options_len, text_len;
} Forged;

static void inject_forged(World *w, const Forged *f)
{
    uint8_t packet[IP_HEADER_LEN + TCP_HEADER_LEN + 64] = { 0 };
    uint8_t *tcp = packet + IP_HEADER_LEN;
    size_t len = TCP_HEADER_LEN + f->options_len + f->text_len;

    ip_header(packet, net_host_addr(w->a), net_host_addr(w->b), IP_TCP, len);
    put_u16(tcp, f->sport);
    put_u16(tcp + 2, 5060);
    put_u32(tcp + 4, f->seq);
    put_u32(tcp + 8, f->ack);
    tcp[12] = (uint8_t)((TCP_HEADER_LEN + f->options_len) / 4 << 4);
    tcp[13] = f->flags;
    put_u16(tcp + 14, 1000);
    if (f->options_len > 0) {
        memcpy(tcp + TCP_HEADER_LEN, f->options, f->options_len);
    }
    put_u16(tcp + 16, ip_checksum(packet + 8, IP_TCP, tcp, len));
    net_inject(w->net, w->link, 0, NET_UP, NET_IP, packet, IP_HEADER_LEN + len, 0, (SimContext){ 0 });
}

/* What comes back from b is taken and measured. */
typedef struct MssProbe {
    uint32_t iss;
    size_t largest;
} MssProbe;

static NetTapVerdict probe_mss(void *ctx, const NetSighting *s)
{
    MssProbe *probe = ctx;
    const uint8_t *tcp = s->packet->data + IP_HEADER_LEN;
    size_t header = IP_HEADER_LEN + (size_t)(tcp[12] >> 4) * 4;

    if ((tcp[13] & 2) != 0) {
        probe->iss = get_u32(tcp + 4);
    }
    probe->largest = MAX(probe->largest, s->packet->len - header);
    return NET_TAP_TAKE;
}

/* A SYN whose options say: padding, something unknown, a maximum of 500; and others that make no sense. */
static void options_of_a_syn(void)
{
    static const struct {
        uint8_t options[8];
        unsigned mss;
    } cases[] = {
        { { 1, 2, 4, 1, 244, 0, 0, 0 }, 500 },    { { 8, 4, 9, 9, 2, 4, 0, 1 }, 64 },
        { { 2, 4, 255, 255, 0, 0, 0, 0 }, 1220 }, { { 9, 1, 2, 4, 1, 0, 0, 0 }, 1220 },
        { { 9, 9, 0, 0, 0, 0, 0, 0 }, 1220 },     { { 1, 1, 1, 1, 1, 1, 1, 2 }, 1220 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
        g_autoptr(Peer) server = peer_new(w, "server");
        MssProbe probe = { 0 };
        tcp_listen(w->b, 5060, on_accepted, server);
        net_tap(w->net, "mw", probe_mss, &probe);
        inject_forged(w,
                      &(Forged){ .sport = 9, .seq = 1000, .flags = 2, .options = cases[i].options, .options_len = 8 });
        sim_run(w->sim, 10 * SIM_MS, 0);
        inject_forged(w, &(Forged){ .sport = 9, .seq = 1001, .ack = probe.iss + 1, .flags = 16 });
        sim_run(w->sim, 20 * SIM_MS, 0);
        g_assert_nonnull(server->conn);
        g_autofree char *text = g_strnfill(3000, 't');
        tcp_send(server->conn, text, 3000);
        sim_run(w->sim, 30 * SIM_MS, 0);
        g_assert_cmpuint(probe.largest, ==, cases[i].mss);
        tcp_abort(server->conn);
    }
}

/* --- attackers --- */

static NetTapVerdict note_sequence(void *ctx, const NetSighting *s)
{
    const uint8_t *tcp = s->packet->data + IP_HEADER_LEN;

    if (s->dir == NET_UP && (tcp[13] & 2) != 0) { /* SYN: what follows has the next number */
        *(uint32_t *)ctx = get_u32(tcp + 4) + 1;
    }
    return NET_TAP_PASS;
}

static void a_reset_must_hit_the_window(void)
{
    for (int hits = 0; hits < 2; hits++) {
        g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
        g_autoptr(Peer) client = peer_new(w, "client");
        g_autoptr(Peer) server = peer_new(w, "server");
        uint32_t next = 0;
        net_tap(w->net, "mw", note_sequence, &next);
        dial(w, client, server);
        sim_run(w->sim, SIM_SEC, 0);
        inject_forged(w, &(Forged){ .sport = tcp_local_port(client->conn),
                                    .seq = hits != 0 ? next : next - 5,
                                    .flags = 4,
                                    .text_len = 3 }); /* RST */
        sim_run(w->sim, 2 * SIM_SEC, 0);
        g_assert_cmpstr(server->log->str, ==, hits != 0 ? "accepted;reset;" : "accepted;");
    }
}

/* Any flags, any numbers, towards an open connection: nothing crashes, nothing runs for ever. */
static void forged_segments(void)
{
    for (uint64_t seed = 1; seed <= 200; seed++) {
        g_autoptr(World) w = world_new(&(SimConfig){ .seed = seed }, &world_wire, NULL);
        g_autoptr(Peer) client = peer_new(w, "client");
        g_autoptr(Peer) server = peer_new(w, "server");
        SimStream stream = sim_stream(w->sim, "test", "forged", 0);
        uint32_t next = 0;
        net_tap(w->net, "mw", note_sequence, &next);
        dial(w, client, server);
        sim_run(w->sim, 10 * SIM_MS, 0);
        uint16_t port = tcp_local_port(client->conn);
        for (int i = 0; i < 20; i++) {
            uint32_t near = (uint32_t)sim_random_below(w->sim, &stream, 30) - 5;
            inject_forged(w, &(Forged){ .sport = port,
                                        .seq = next + near,
                                        .ack = (uint32_t)sim_random_u64(w->sim, &stream),
                                        .flags = (uint8_t)sim_random_below(w->sim, &stream, 64),
                                        .text_len = 3 });
        }
        if (server->conn != NULL && seed % 2 == 0) {
            tcp_close(server->conn);
        }
        g_assert_cmpint(sim_run(w->sim, SIM_NEVER, 10000), ==, SIM_IDLE);
    }
}

/* The attacker's octets are his in the middle of an honest stream, also when they came before their turn. */
typedef struct Taint {
    World *world;
    GString *log;
} Taint;

static void log_taint(void *ctx, TcpConn *conn, const uint8_t *octets, size_t len)
{
    Taint *taint = ctx;

    g_string_append_printf(taint->log, "%.*s:%u/%u ", (int)len, (const char *)octets,
                           sim_context(taint->world->sim).cause, sim_context(taint->world->sim).origin);
}

static const TcpEvents taint_events = { on_connected, log_taint, on_ended };

static void accept_taint(void *ctx, TcpConn *conn)
{
    tcp_set_events(conn, &taint_events, ctx);
}

static void say_in_context(World *w, TcpConn *conn, const char *text, TraceId cause, TraceId origin)
{
    sim_set_context(w->sim, (SimContext){ .cause = cause, .origin = origin });
    tcp_send(conn, text, strlen(text));
    sim_set_context(w->sim, (SimContext){ 0 });
}

static NetTapVerdict hold_first_data(void *ctx, const NetSighting *s)
{
    unsigned *n = ctx;

    if (s->dir == NET_DOWN || s->packet->len <= IP_HEADER_LEN + TCP_HEADER_LEN + 4 || ++*n > 1) {
        return NET_TAP_PASS;
    }
    net_inject(net_host_net(net_link_end(s->link, 0)), s->link, s->segment, s->dir, s->packet->kind, s->packet->data,
               s->packet->len, 50 * SIM_MS, s->packet->context);
    return NET_TAP_TAKE;
}

static void contexts_of_data(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, NULL);
    g_autoptr(Peer) client = peer_new(w, "client");
    g_autoptr(GString) log = g_string_new(NULL);
    Taint taint = { w, log };
    unsigned n = 0;

    net_tap(w->net, "mw", hold_first_data, &n);
    tcp_listen(w->b, 5060, accept_taint, &taint);
    client->conn = tcp_connect(w->a, 0, net_host_addr(w->b), 5060, &peer_events, client);
    sim_run(w->sim, SIM_SEC, 0);
    say_in_context(w, client->conn, "first", 1, 0);
    say_in_context(w, client->conn, "second", 2, 9);
    say_in_context(w, client->conn, "third", 3, 0);
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_cmpstr(log->str, ==, "first:1/0 second:2/9 third:3/0 ");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sim/tcp/handshake-data-and-close", handshake_data_and_close);
    g_test_add_func("/sim/tcp/nobody-listens", nobody_listens);
    g_test_add_func("/sim/tcp/loss", loss);
    g_test_add_func("/sim/tcp/disorder", disorder);
    g_test_add_func("/sim/tcp/duplicates", duplicates);
    g_test_add_func("/sim/tcp/everything-at-once", everything_at_once);
    g_test_add_func("/sim/tcp/timed-out-connecting", timed_out_connecting);
    g_test_add_func("/sim/tcp/timed-out-established", timed_out_established);
    g_test_add_func("/sim/tcp/half-open-goes-away", half_open_goes_away);
    g_test_add_func("/sim/tcp/abort-resets", abort_resets);
    g_test_add_func("/sim/tcp/both-close-at-once", both_close_at_once);
    g_test_add_func("/sim/tcp/close-sends-what-is-queued", close_sends_what_is_queued);
    g_test_add_func("/sim/tcp/same-ports-again", same_ports_again);
    g_test_add_func("/sim/tcp/listening", listening);
    g_test_add_func("/sim/tcp/to-itself", to_itself);
    g_test_add_func("/sim/tcp/accepted-by-nobody", accepted_by_nobody);
    g_test_add_func("/sim/tcp/options-of-a-syn", options_of_a_syn);
    g_test_add_func("/sim/tcp/a-reset-must-hit-the-window", a_reset_must_hit_the_window);
    g_test_add_func("/sim/tcp/forged-segments", forged_segments);
    g_test_add_func("/sim/tcp/contexts-of-data", contexts_of_data);
    return g_test_run();
}
