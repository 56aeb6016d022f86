/*
 * tests/sim/test_capture.c - the file as tshark reads it, and the digest.
 *
 * Source:  sim/capture.h; draft-ietf-opsawg-pcapng.
 */
#include "sim/capture.h"
#include "sim/tcp.h"
#include "sim/trace.h"
#include "tests/sim/world.h"

#include <glib/gstdio.h>

static void ignore_connected(void *ctx, TcpConn *conn)
{
    tcp_send(conn, "OPTIONS sip:b SIP/2.0\r\n\r\n", 25);
    tcp_close(conn);
}
static void ignore_data(void *ctx, TcpConn *conn, const uint8_t *octets, size_t len)
{
}
static void ignore_ended(void *ctx, TcpConn *conn, TcpEnd why)
{
}
static const TcpEvents tcp_events = { ignore_connected, ignore_data, ignore_ended };

static void accept_all(void *ctx, TcpConn *conn)
{
    tcp_set_events(conn, &tcp_events, NULL);
}

/* A tap that replays what it sees, once, as an attacker's. */
static NetTapVerdict replay_once(void *ctx, const NetSighting *s)
{
    bool *done = ctx;

    if (!*done && s->packet->kind == NET_IP) {
        *done = true;
        net_inject(net_host_net(net_link_end(s->link, 0)), s->link, s->segment, s->dir, s->packet->kind,
                   s->packet->data, s->packet->len, SIM_MS, (SimContext){ .origin = 5 });
    }
    return NET_TAP_PASS;
}

/* Two datagrams, one of them replayed, link signalling and a connection. */
static void play(World *w, bool *done)
{
    net_udp_bind(w->b, 5060, world_log_datagram, w);
    net_tap(w->net, "air:bob", replay_once, done);
    tcp_listen(w->b, 5061, accept_all, NULL);
    world_say(w->a, w->b, "REGISTER sip:home SIP/2.0\r\n\r\n");
    net_link_send(w->link, w->a, (const uint8_t *)"attach", 6);
    tcp_connect(w->a, 0, net_host_addr(w->b), 5061, &tcp_events, NULL);
    sim_run(w->sim, SIM_NEVER, 0);
}

static char *digest_of(uint64_t seed, SimTies ties, bool file)
{
    bool done = false;
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = seed, .ties = ties }, &world_cellular, "bob");
    g_autoptr(Capture) capture = capture_new(w->net, false, file);

    play(w, &done);
    return g_strdup(capture_digest(capture));
}

static void digest(void)
{
    g_autofree char *once = digest_of(1, SIM_TIES_NATURAL, false);
    g_autofree char *again = digest_of(1, SIM_TIES_NATURAL, false);
    g_autofree char *with_file = digest_of(1, SIM_TIES_NATURAL, true);
    g_autofree char *other_seed = digest_of(2, SIM_TIES_NATURAL, false);

    g_assert_cmpuint(strlen(once), ==, 64);
    g_assert_cmpstr(once, ==, again);
    g_assert_cmpstr(once, ==, with_file);
    g_assert_cmpstr(once, !=, other_seed); /* TCP's initial numbers */
    g_assert_cmpstr(
        once, ==,
        "2848f4a1652c217d38bcba9b7d314d49350d292ed14f48db4903a50ab2bf2f30"); /* on every machine and in every build */
}

/* The digest can be asked for at any time, and goes on. */
static void digest_meanwhile(void)
{
    bool done = false;
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_cellular, "bob");
    g_autoptr(Capture) capture = capture_new(w->net, false, false);
    g_autofree char *empty = g_strdup(capture_digest(capture));
    g_autofree char *whole = digest_of(1, SIM_TIES_NATURAL, false);

    g_assert_cmpstr(empty, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"); /* of nothing */
    play(w, &done);
    g_assert_cmpstr(capture_digest(capture), ==, whole);
}

static void digest_off(void)
{
    bool done = false;
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_cellular, "bob");
    g_autoptr(Capture) capture = capture_new(w->net, false, false);

    capture_set_digest(capture, false);
    play(w, &done);
    g_assert_cmpstr(capture_digest(capture), ==, "");
    g_assert_cmpuint(capture_frames(capture), >, 0);
    g_assert_cmpuint(capture_lost(capture), ==, 0);
}

static void frames_in_the_trace(void)
{
    bool done = false;
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1, .trace = true }, &world_cellular, "bob");
    g_autoptr(Capture) capture = capture_new(w->net, true, false);
    const Trace *trace = sim_trace(w->sim);
    unsigned from_attacker = 0;

    play(w, &done);
    g_assert_cmpuint(trace_count(trace), ==, capture_frames(capture));
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        g_assert_cmpint(record->kind, ==, TRACE_FRAME);
        g_assert_cmpuint(record->frame.frame, ==, id);
        g_assert_true(id == 1 || record->at >= trace_get(trace, id - 1)->at);
        from_attacker += record->origin == 5;
    }
    g_assert_cmpuint(from_attacker, ==, 4);
    g_assert_cmpstr(trace_get(trace, 1)->frame.segment, ==, "air:bob");
}

/* --- as tshark reads it --- */

static char *tshark(Capture *capture, const char *fields)
{
    g_autofree char *program = g_find_program_in_path("tshark");
    g_autofree char *name = NULL;
    g_autofree char *command = NULL;
    char *out = NULL;
    size_t len;
    int status = -1;

    if (program == NULL) {
        g_test_skip("tshark is not installed");
        return NULL;
    }
    const uint8_t *octets = capture_file(capture, &len);
    int fd = g_file_open_tmp("presec-XXXXXX.pcapng", &name, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(name, (const char *)octets, (gssize)len, NULL));
    command =
        g_strdup_printf("tshark -r %s -N n -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE %s", name, fields);
    g_assert_true(g_spawn_command_line_sync(command, &out, NULL, &status, NULL));
    g_remove(name);
    g_assert_cmpint(status, ==, 0);
    return out;
}

static unsigned count(const char *text, const char *what)
{
    unsigned n = 0;

    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what)) {
        n++;
    }
    return n;
}

static void read_by_tshark(void)
{
    bool done = false;
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_cellular, "bob");
    g_autoptr(Capture) capture = capture_new(w->net, false, true);

    play(w, &done);
    g_autofree char *out =
        tshark(capture, "-T fields -e frame.interface_name -e frame.time_epoch -e frame.comment -e ipv6.src_host "
                        "-e frame.protocols -e udp.checksum.status -e tcp.checksum.status -e _ws.malformed");
    if (out == NULL) {
        return;
    }
    g_auto(GStrv) lines = g_strsplit(g_strchomp(out), "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, capture_frames(capture));
    g_assert_true(g_str_has_prefix(lines[0], "air:bob\t1052179200.069625000"));
    g_assert_nonnull(strstr(lines[0], "\ta\t"));
    g_assert_nonnull(strstr(lines[0], "raw:ipv6:udp:sip"));
    g_autofree char *again = g_strjoinv("\n", lines);
    g_assert_cmpuint(count(again, "made by an attacker"), ==, 4);
    g_assert_cmpuint(count(again, "user_dlt"), ==, 4); /* the link signalling */
    g_assert_cmpuint(count(again, ":tcp"), >=, 4 * 7);
    g_assert_cmpuint(count(again, "Malformed"), ==, 0);
    g_assert_cmpuint(count(again, "\t0\t"), ==, 0); /* checksum status 0 is bad */
}

static void tshark_finds_no_fault(void)
{
    bool done = false;
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, "bob");
    g_autoptr(Capture) capture = capture_new(w->net, false, true);

    play(w, &done);
    g_autofree char *out =
        tshark(capture, "-Y ipv6&&(tcp.analysis.flags||tcp.flags.reset==1||_ws.expert.severity>=6291456)");
    if (out != NULL) {
        g_assert_cmpstr(out, ==, "");
    }
}

/* What TLS makes of them is tests/stack/test_tls_capture.c's. */
static void secrets_once(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, "bob");
    g_autoptr(Capture) capture = capture_new(w->net, false, true);
    g_autoptr(Capture) without = capture_new(w->net, false, false);
    size_t before, first, again;

    capture_file(capture, &before);
    capture_add_secret(capture, "CLIENT_RANDOM 01 02");
    const uint8_t *file = capture_file(capture, &first);
    g_assert_cmpuint(first - before, ==, 4 * 5 + 20); /* type, length, kind, length, text, length */
    g_assert_cmpmem(file + before, 16, "\x0a\0\0\0\x28\0\0\0KSLT\x14\0\0\0", 16);
    g_assert_cmpmem(file + before + 16, 20, "CLIENT_RANDOM 01 02\n", 20);
    capture_add_secret(capture, "CLIENT_RANDOM 01 02");
    capture_file(capture, &again);
    g_assert_cmpuint(again, ==, first);
    capture_add_secret(without, "CLIENT_RANDOM 01 02");
    g_assert_null(capture_file(without, &again));
}

static void no_file_unless_asked(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_wire, "bob");
    g_autoptr(Capture) capture = capture_new(w->net, false, false);
    size_t len = 1;

    world_say(w->a, w->b, "x");
    sim_run(w->sim, SIM_NEVER, 0);
    g_assert_null(capture_file(capture, &len));
    g_assert_cmpuint(len, ==, 0);
    g_assert_cmpuint(capture_frames(capture), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sim/capture/digest", digest);
    g_test_add_func("/sim/capture/digest-meanwhile", digest_meanwhile);
    g_test_add_func("/sim/capture/digest-off", digest_off);
    g_test_add_func("/sim/capture/frames-in-the-trace", frames_in_the_trace);
    g_test_add_func("/sim/capture/read-by-tshark", read_by_tshark);
    g_test_add_func("/sim/capture/tshark-finds-no-fault", tshark_finds_no_fault);
    g_test_add_func("/sim/capture/secrets-once", secrets_once);
    g_test_add_func("/sim/capture/no-file-unless-asked", no_file_unless_asked);
    return g_test_run();
}
