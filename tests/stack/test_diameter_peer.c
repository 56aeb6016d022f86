/*
 * tests/stack/test_diameter_peer.c - Cx exchanges over the simulated TCP.
 *
 * Source:  RFC 6733 §5.3, §6.2, §8.8; TS 29.228 §6.1; tshark as an independent reader.
 */
#include "nodes/stack/diameter_peer.h"
#include "sim/capture.h"
#include "sim/tcp.h"
#include "tests/stack/chain.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* An HSS at b, a CSCF at a. */
typedef struct Cx {
    Chain *chain;
    DiameterPeer *hss, *cscf;
    unsigned served;
    GString *sessions;
    bool silent;
    TraceId served_origin;
} Cx;

static void serve(void *node, DiameterRequest *request, const CxMessage *asked)
{
    Cx *cx = node;
    CxMessage answer = { .result = CX_SUCCESS };

    cx->served++;
    cx->served_origin = sim_context(cx->chain->sim).origin;
    g_string_append_printf(cx->sessions, TEXT_FMT " " TEXT_FMT "\n", TEXT_ARG(asked->session_id),
                           TEXT_ARG(asked->destination_host));
    if (cx->silent)
        return;
    if (asked->command == CX_LOCATION_INFO)
        answer.server_name = TEXT("sip:scscf.home.example");
    diameter_answer(request, &answer);
}

static Cx *cx_new(bool trace)
{
    Cx *cx = g_new0(Cx, 1);
    cx->chain = chain_new(trace);
    cx->sessions = g_string_new(NULL);
    cx->hss = diameter_peer_new(cx->chain->b, "b", "hss.home.example", "home.example", serve, cx);
    cx->cscf = diameter_peer_new(cx->chain->a, "a", "icscf.home.example", "home.example", NULL, cx);
    return cx;
}

static void cx_free(Cx *cx)
{
    diameter_peer_free(cx->hss);
    diameter_peer_free(cx->cscf);
    g_string_free(cx->sessions, TRUE);
    chain_free(cx->chain);
    g_free(cx);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cx, cx_free)

/* One request and what became of it. */
typedef struct Asked {
    Cx *cx;
    unsigned done;
    bool answered;
    uint32_t result;
    char server[64];
    SimTime at;
    SimContext context;
} Asked;

static void on_done(void *ctx, const CxMessage *answer)
{
    Asked *asked = ctx;

    asked->done++;
    asked->at = sim_now(asked->cx->chain->sim);
    asked->context = sim_context(asked->cx->chain->sim);
    asked->answered = answer != NULL;
    if (answer == NULL)
        return;
    asked->result = answer->result;
    g_snprintf(asked->server, sizeof asked->server, TEXT_FMT, TEXT_ARG(answer->server_name));
}

static void ask(Cx *cx, Asked *asked, const char *impu)
{
    CxMessage request = { .command = CX_LOCATION_INFO, .impu = text_from(impu) };
    asked->cx = cx;
    diameter_request(cx->cscf, net_host_addr(cx->chain->b), "hss.home.example", &request, on_done, asked);
}

static void test_exchange(void)
{
    g_autoptr(Cx) cx = cx_new(false);
    Asked first = { 0 }, second = { 0 }, third = { 0 };

    ask(cx, &first, "sip:alice@home.example");
    ask(cx, &second, "sip:bob@home.example"); /* both wait for the capabilities */
    g_assert_cmpuint(first.done, ==, 0);
    chain_run(cx->chain, 1 * SIM_SEC);
    g_assert_cmpuint(first.done, ==, 1);
    g_assert_cmpuint(second.done, ==, 1);
    g_assert_cmpuint(first.result, ==, CX_SUCCESS);
    g_assert_cmpstr(first.server, ==, "sip:scscf.home.example");
    g_assert_cmpint(first.at, ==, 18 * SIM_MS); /* handshake, CER and CEA, LIR and LIA: three round trips of 6 ms */
    ask(cx, &third, "sip:alice@home.example");  /* the connection is kept */
    chain_run(cx->chain, 2 * SIM_SEC);
    g_assert_cmpint(third.at, ==, 1 * SIM_SEC + 6 * SIM_MS);
    g_assert_cmpuint(cx->served, ==, 3);

    g_auto(GStrv) lines = g_strsplit(cx->sessions->str, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 4);
    for (unsigned i = 0; i < 3; i++) {
        g_autofree char *pattern =
            g_strdup_printf("^icscf\\.home\\.example;[0-9]+;[0-9]+;%u hss\\.home\\.example$", i + 1);
        g_assert_true(g_regex_match_simple(pattern, lines[i], 0, 0));
    }
    chain_run(cx->chain, 100 * SIM_SEC);
    g_assert_cmpuint(first.done + second.done + third.done, ==, 3);
}

static void test_no_answer(void)
{
    g_autoptr(Cx) cx = cx_new(true);
    Asked asked = { 0 };

    cx->silent = true;
    ask(cx, &asked, "sip:alice@home.example");
    chain_run(cx->chain, 10 * SIM_SEC - 1);
    g_assert_cmpuint(asked.done, ==, 0);
    chain_run(cx->chain, 10 * SIM_SEC);
    g_assert_cmpuint(asked.done, ==, 1);
    g_assert_false(asked.answered);
    g_assert_cmpuint(trace_count_drops(sim_trace(cx->chain->sim), "a", "diameter-no-answer"), ==, 1);
}

static void test_refused_and_unreachable(void)
{
    g_autoptr(Cx) cx = cx_new(false);
    Asked refused = { 0 }, unreachable = { 0 };
    CxMessage request = { .command = CX_LOCATION_INFO, .impu = TEXT("sip:alice@home.example") };

    refused.cx = unreachable.cx = cx;
    diameter_request(cx->cscf, net_host_addr(cx->chain->p), "p.home.example", &request, on_done, &refused);
    chain_run(cx->chain, 1 * SIM_SEC);
    g_assert_cmpuint(refused.done, ==, 1);
    g_assert_false(refused.answered);
    NetAddr nowhere = net_addr_make(UINT64_C(0x20010db8ffff0000), 9);
    diameter_request(cx->cscf, &nowhere, "nowhere", &request, on_done, &unreachable);
    chain_run(cx->chain, 20 * SIM_SEC);
    g_assert_cmpuint(unreachable.done, ==, 1);
    g_assert_false(unreachable.answered);
}

static unsigned freed;

static void count_free(void *ctx)
{
    freed++;
}

static void test_freed_while_waiting(void)
{
    g_autoptr(Cx) cx = cx_new(false);
    Asked asked = { 0 };

    freed = 0;
    diameter_peer_set_free(cx->cscf, count_free);
    ask(cx, &asked, "sip:alice@home.example");
    chain_run(cx->chain, 10 * SIM_MS);
    diameter_peer_free(g_steal_pointer(&cx->cscf));
    chain_run(cx->chain, 100 * SIM_SEC);
    g_assert_cmpuint(asked.done, ==, 0);
    g_assert_cmpuint(freed, ==, 1);
}

static void test_context(void)
{
    g_autoptr(Cx) cx = cx_new(true);
    Asked asked = { 0 };
    Sim *sim = cx->chain->sim;
    const Trace *trace = sim_trace(sim);
    TraceRecord move = { .kind = TRACE_MOVE, .node = "", .move = { .attacker = "m", .verb = "forges", .text = "" } };
    TraceId origin = trace_add(sim, &move);

    sim_set_context(sim, (SimContext){ .cause = origin, .origin = origin });
    ask(cx, &asked, "sip:alice@home.example");
    sim_set_context(sim, (SimContext){ 0 });
    chain_run(cx->chain, 1 * SIM_SEC);
    g_assert_cmpuint(cx->served_origin, ==, origin); /* a request keeps it */
    g_assert_cmpuint(asked.context.origin, ==, origin);
    const TraceRecord *cause = trace_get(trace, asked.context.cause);
    g_assert_cmpint(cause->kind, ==, TRACE_RECEIVE);
    g_assert_cmpstr(cause->message.label, ==, "LIA");
    g_assert_cmpuint(cause->origin, ==, 0); /* the server's own octets */

    static const char *const labels[] = { "CER", "CER", "CEA", "CEA", "LIR", "LIR", "LIA", "LIA" };
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        if (record->kind != TRACE_SEND && record->kind != TRACE_RECEIVE)
            continue;
        g_assert_cmpuint(n, <, G_N_ELEMENTS(labels));
        g_assert_cmpstr(record->message.label, ==, labels[n++]);
        g_assert_cmpint(record->message.protocol, ==, TRACE_DIAMETER);
    }
    g_assert_cmpuint(n, ==, G_N_ELEMENTS(labels));
}

/* ---- a stranger at the HSS's port ---- */

typedef struct Stranger {
    GByteArray *got;
    bool ended;
} Stranger;

static void stranger_connected(void *ctx, TcpConn *conn)
{
}

static void stranger_data(void *ctx, TcpConn *conn, const uint8_t *octets, size_t len)
{
    g_byte_array_append(((Stranger *)ctx)->got, octets, (guint)len);
}

static void stranger_ended(void *ctx, TcpConn *conn, TcpEnd why)
{
    ((Stranger *)ctx)->ended = true;
}

static const TcpEvents stranger_events = { stranger_connected, stranger_data, stranger_ended };

static size_t write_cer(uint8_t *out, size_t cap, uint32_t application)
{
    DiameterWriter w;
    DiameterMsg header = { .flags = DIAMETER_REQUEST, .command = DIAMETER_CER, .hop_by_hop = 1, .end_to_end = 2 };

    diameter_start(&w, out, cap, &header);
    diameter_put_text(&w, DIAMETER_ORIGIN_HOST, 0, TEXT("x.example"));
    diameter_put_text(&w, DIAMETER_ORIGIN_REALM, 0, TEXT("example"));
    diameter_put_u32(&w, DIAMETER_AUTH_APPLICATION_ID, 0, application);
    return diameter_finish(&w);
}

static uint32_t result_of(const GByteArray *got, uint32_t *command)
{
    DiameterMsg msg;
    DiameterAvp avp;
    uint32_t result = 0;

    g_assert_cmpint(diameter_parse(got->data, got->len, &msg), ==, DIAMETER_OK);
    g_assert_true(diameter_find(diameter_avps(&msg), DIAMETER_RESULT_CODE, 0, &avp));
    g_assert_true(diameter_u32(&avp, &result));
    *command = msg.command;
    return result;
}

static void talk(Cx *cx, TcpConn *conn, const uint8_t *octets, size_t len, bool in_pieces)
{
    for (size_t i = 0; in_pieces && i < len; i++)
        tcp_send(conn, octets + i, 1);
    if (!in_pieces)
        tcp_send(conn, octets, len);
    chain_run(cx->chain, sim_now(cx->chain->sim) + 1 * SIM_SEC);
}

static void test_strangers(void)
{
    g_autoptr(Cx) cx = cx_new(true);
    g_autoptr(GByteArray) got = g_byte_array_new();
    Stranger stranger = { .got = got };
    uint8_t octets[512];
    uint32_t command;

    TcpConn *conn =
        tcp_connect(cx->chain->a, 0, net_host_addr(cx->chain->b), DIAMETER_PORT, &stranger_events, &stranger);
    talk(cx, conn, octets, write_cer(octets, sizeof octets, 4), false); /* credit control: nothing in common */
    g_assert_cmpuint(result_of(got, &command), ==, 5010);
    g_assert_true(stranger.ended);

    stranger.ended = false;
    g_byte_array_set_size(got, 0);
    conn = tcp_connect(cx->chain->a, 0, net_host_addr(cx->chain->b), DIAMETER_PORT, &stranger_events, &stranger);
    talk(cx, conn, octets, write_cer(octets, sizeof octets, DIAMETER_APP_CX), true);
    g_assert_cmpuint(result_of(got, &command), ==, 2001);
    g_assert_cmpuint(command, ==, DIAMETER_CER);

    DiameterWriter w; /* an unknown command of Cx */
    DiameterMsg header = { .flags = DIAMETER_REQUEST, .command = 999, .application = DIAMETER_APP_CX, .hop_by_hop = 7 };
    g_byte_array_set_size(got, 0);
    diameter_start(&w, octets, sizeof octets, &header);
    diameter_put_text(&w, DIAMETER_SESSION_ID, 0, TEXT("x;1"));
    talk(cx, conn, octets, diameter_finish(&w), false);
    g_assert_cmpuint(result_of(got, &command), ==, 3001);
    g_assert_cmpuint(cx->served, ==, 0);

    header = (DiameterMsg){ .flags = DIAMETER_REQUEST, .command = CX_LOCATION_INFO, .application = DIAMETER_APP_CX };
    g_byte_array_set_size(got, 0); /* nothing in it */
    diameter_start(&w, octets, sizeof octets, &header);
    diameter_put_text(&w, DIAMETER_SESSION_ID, 0, TEXT("x;1"));
    talk(cx, conn, octets, diameter_finish(&w), false);
    g_assert_cmpuint(result_of(got, &command), ==, CX_MISSING_AVP);

    g_byte_array_set_size(got, 0); /* the watchdog */
    header = (DiameterMsg){ .flags = DIAMETER_REQUEST, .command = DIAMETER_DWR };
    diameter_start(&w, octets, sizeof octets, &header);
    diameter_put_text(&w, DIAMETER_ORIGIN_HOST, 0, TEXT("x.example"));
    talk(cx, conn, octets, diameter_finish(&w), false);
    g_assert_cmpuint(result_of(got, &command), ==, 2001);
    g_assert_cmpuint(command, ==, DIAMETER_DWR);

    talk(cx, conn, (const uint8_t *)"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27, false);
    g_assert_true(stranger.ended);
    g_assert_cmpuint(trace_count_drops(sim_trace(cx->chain->sim), "b", "diameter-bad"), ==, 3);
}

/* Nothing but a CER may come first. */
static void test_no_capabilities(void)
{
    g_autoptr(Cx) cx = cx_new(true);
    g_autoptr(GByteArray) got = g_byte_array_new();
    Stranger stranger = { .got = got };
    uint8_t octets[512];
    CxMessage request = { .command = CX_LOCATION_INFO,
                          .request = true,
                          .session_id = TEXT("x;1"),
                          .origin_host = TEXT("x"),
                          .origin_realm = TEXT("x"),
                          .destination_realm = TEXT("home.example"),
                          .impu = TEXT("sip:alice@home.example") };

    TcpConn *conn =
        tcp_connect(cx->chain->a, 0, net_host_addr(cx->chain->b), DIAMETER_PORT, &stranger_events, &stranger);
    talk(cx, conn, octets, cx_write(&request, octets, sizeof octets), false);
    g_assert_true(stranger.ended);
    g_assert_cmpuint(cx->served, ==, 0);
    g_assert_cmpuint(got->len, ==, 0);
}

static void test_tshark(void)
{
    g_autofree char *tshark = g_find_program_in_path("tshark");

    if (tshark == NULL) {
        g_test_skip("tshark is not installed");
        return;
    }
    g_autoptr(Cx) cx = cx_new(false);
    Asked asked = { 0 };
    Capture *capture = capture_new(cx->chain->net, false, true);
    ask(cx, &asked, "sip:alice@home.example");
    chain_run(cx->chain, 1 * SIM_SEC);

    g_autofree char *file = NULL;
    g_autoptr(GError) error = NULL;
    int fd = g_file_open_tmp("presec-XXXXXX.pcapng", &file, &error);
    g_assert_no_error(error);
    close(fd);
    size_t len;
    const uint8_t *image = capture_file(capture, &len);
    g_assert_true(g_file_set_contents(file, (const char *)image, (gssize)len, NULL));
    capture_free(capture);
    const char *argv[] = { tshark,
                           "-r",
                           file,
                           "-Y",
                           "diameter",
                           "-T",
                           "fields",
                           "-e",
                           "diameter.cmd.code",
                           "-e",
                           "diameter.flags.request",
                           "-e",
                           "_ws.malformed",
                           NULL };
    g_autofree char *out = NULL;
    int status;
    g_assert_true(g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL,
                               &status, &error));
    g_assert_no_error(error);
    g_remove(file);
    g_assert_cmpstr(out, ==, "257\t1\t\n257\t0\t\n302\t1\t\n302\t0\t\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stack/diameter/requests-wait-for-the-capabilities", test_exchange);
    g_test_add_func("/stack/diameter/no-answer-after-ten-seconds", test_no_answer);
    g_test_add_func("/stack/diameter/refused-and-unreachable", test_refused_and_unreachable);
    g_test_add_func("/stack/diameter/freed-while-waiting", test_freed_while_waiting);
    g_test_add_func("/stack/diameter/origin-and-causes", test_context);
    g_test_add_func("/stack/diameter/strangers-get-the-protocols-answers", test_strangers);
    g_test_add_func("/stack/diameter/nothing-before-the-capabilities", test_no_capabilities);
    g_test_add_func("/stack/diameter/tshark-reads-it", test_tshark);
    return g_test_run();
}
