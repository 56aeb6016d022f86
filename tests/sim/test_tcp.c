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
    bool echoes, closes_at_end;
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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sim/tcp/handshake-data-and-close", handshake_data_and_close);
    g_test_add_func("/sim/tcp/nobody-listens", nobody_listens);
    return g_test_run();
}
