/*
 * tests/stack/test_tls_transport.c - SIP over TLS: messages both ways, one connection for both, how they are cut, what
 * the trace says, what others change.
 *
 * Source:  RFC 3261 §17.1.2.2 (K = 0), §18, §26.2.1; RFC 5923; S3 option 4.
 */
#include "tests/stack/tls_chain.h"

static void talk(const TlsWish *wish, const char *suite)
{
    g_autoptr(TlsChain) t = tls_chain_new(wish);

    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    expect_log(t->chain, "");
    tls_run(t, SIM_SEC);
    g_assert_nonnull(strstr(t->chain->log->str, "a has opened 1 with pcscf.visited.example;"));
    g_assert_nonnull(strstr(t->chain->log->str, "p got MESSAGE over TLS;"));
    g_assert_true(g_str_has_suffix(t->chain->log->str, "a got 200 over TLS;"));
    g_assert_nonnull(strstr(t->p->body, "Via: SIP/2.0/TLS [2001:db8:1::1]:5060;branch=z9hG4bK"));
    g_assert_cmpuint(t->p->from.port, >=, 49152);
    g_assert_cmpuint(t->p->from.local_port, ==, SIPS_PORT);
    g_assert_cmpuint(t->p->from.connection, ==, t->p->connection);
    g_assert_cmpuint(t->a->from.connection, ==, t->a->connection);
    g_assert_cmpuint(sip_endpoint_transactions(t->a->endpoint) + sip_endpoint_transactions(t->p->endpoint), ==, 0);

    const Trace *trace = sim_trace(t->chain->sim); /* each end's record is why its messages are protected */
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id), *because = trace_get(trace, record->because);
        if (record->kind != TRACE_SEND && record->kind != TRACE_RECEIVE)
            continue;
        n++;
        g_assert_cmpstr(record->message.protection, ==, suite);
        g_assert_cmpint(because->kind, ==, TRACE_TLS);
        g_assert_cmpstr(because->node, ==, record->node);
        g_assert_true(because->tls.open);
        g_assert_true(g_str_has_suffix(suite, because->tls.suite));
    }
    g_assert_cmpuint(n, ==, 4);
}

static void test_versions(void)
{
    static const TlsSuite of_2003 = TLS_RSA_AES_128_CBC_SHA;
    talk(&(TlsWish){ .version = TLS_1_0, .rsa = true, .suite = &of_2003 }, "TLS 1.0 TLS_RSA_WITH_AES_128_CBC_SHA");
    talk(&(TlsWish){ .version = TLS_1_1 }, "TLS 1.1 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA");
    talk(&(TlsWish){ .version = TLS_1_2 }, "TLS 1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    talk(&(TlsWish){ .version = TLS_1_3 }, "TLS 1.3 TLS_AES_128_GCM_SHA256");
}

static void test_times(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ 0 });

    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC); /* TCP one round trip, TLS 1.0 two, the request and its answer one: 1 ms a way */
    expect_log(t->chain, "0.005 p has accepted 1 with nobody known;"
                         "0.006 a has opened 1 with pcscf.visited.example;"
                         "0.007 p got MESSAGE over TLS;0.008 a got 200 over TLS;");
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20); /* the connection is there */
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "1.001 p got MESSAGE over TLS;1.002 a got 200 over TLS;");
    tls_say(t->a, t->chain->p, t->a->connection, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "2.001 p got MESSAGE over TLS;2.002 a got 200 over TLS;");
    g_assert_cmpuint(sip_endpoint_connections(t->a->endpoint), ==, 1);
}

/* In the order in which they were said. */
static void test_requests_wait(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ 0 });

    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_say(t->a, t->chain->p, 0, "PUBLISH", 5000);
    sip_client_forget(tls_say(t->a, t->chain->p, 0, "SUBSCRIBE", 0)); /* nobody wants it any more */
    chain_run(t->chain, 3 * SIM_MS);
    tls_say(t->a, t->chain->p, 0, "NOTIFY", 0);
    g_assert_cmpuint(sip_endpoint_connections(t->a->endpoint), ==, 1);
    tls_run(t, SIM_SEC);
    g_assert_nonnull(strstr(t->chain->log->str, "0.007 p got MESSAGE over TLS;0.007 p got PUBLISH over TLS;"
                                                "0.007 p got NOTIFY over TLS;"));
    g_assert_null(strstr(t->chain->log->str, "SUBSCRIBE"));
    g_assert_cmpuint(t->p->requests, ==, 3);
}

/* RFC 5923: the only way to a's unheard-of port. */
static void test_downwards(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ 0 });
    SipFlow back;

    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_say(t->b, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    back = t->p->from; /* the later one's: b's */
    g_string_truncate(t->chain->log, 0);
    tls_say(t->p, t->chain->b, back.connection, "NOTIFY", 3000);
    tls_run(t, SIM_SEC);
    g_assert_cmpuint(t->b->requests, ==, 1);
    g_assert_cmpuint(t->a->requests, ==, 0);
    g_assert_nonnull(strstr(t->b->body, "Via: SIP/2.0/TLS [2001:db8:2::2]:5061;branch="));
    expect_log(t->chain, "1.002 b got NOTIFY over TLS;1.004 p got 202 over TLS;");

    SipFlow by_address = { .addr = back.addr, .port = back.port, .transport = SIP_TLS };
    g_autofree char *text = request_text("NOTIFY", 0);
    sip_send_request(t->p->endpoint, &by_address, text, strlen(text), false, node_done, t->p);
    tls_run(t, SIM_SEC);
    g_assert_cmpuint(t->b->requests, ==, 2);
    g_assert_cmpuint(sip_endpoint_connections(t->p->endpoint), ==, 2);
}

/* A proxy: in over TCP, out over TLS, and the response back. */
static void test_forwarded(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ 0 });

    tls_say(t->b, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    g_string_truncate(t->chain->log, 0);
    t->p->forwards = true;
    t->p->answer = 0;
    t->p->next = (SipFlow){ .transport = SIP_TLS, .connection = t->p->from.connection };
    node_send(t->a, t->chain->p, "MESSAGE", 10);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "1.001 p got MESSAGE over UDP;1.003 b got MESSAGE over TLS;1.006 a got 202 over UDP;");
    t->p->next.connection = 99;
    node_send(t->a, t->chain->p, "MESSAGE", 10);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "2.001 p got MESSAGE over UDP;2.002 a got 500 over UDP;");
}

static void test_large(void)
{
    TlsVersion versions[] = { TLS_1_0, TLS_1_2, TLS_1_3 };

    for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
        g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ .version = versions[i], .untraced = true });
        tls_say(t->a, t->chain->p, 0, "MESSAGE", 20000); /* more than a record */
        tls_run(t, 3 * SIM_SEC);
        g_assert_cmpuint(t->p->requests, ==, 1);
        g_assert_true(g_str_has_suffix(t->p->body, "xxxx"));
        tls_say(t->a, t->chain->p, 0, "MESSAGE", 20000);
        for (unsigned n = 0; n < 20; n++)
            tls_say(t->a, t->chain->p, 0, "MESSAGE", 70 * n);
        tls_run(t, 3 * SIM_SEC);
        g_assert_cmpuint(t->p->requests, ==, 22);
        g_assert_cmpuint(sip_endpoint_transactions(t->a->endpoint), ==, 0);
    }
}

/* Nothing is repeated but by TCP, and nothing lingers. */
static void test_reliable(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ 0 });

    t->p->answer = 0;
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, 20 * SIM_SEC);
    g_assert_cmpuint(t->p->requests, ==, 1);
    unsigned sends = 0;
    for (TraceId id = 1; id <= trace_count(sim_trace(t->chain->sim)); id++)
        sends += trace_get(sim_trace(t->chain->sim), id)->kind == TRACE_SEND;
    g_assert_cmpuint(sends, ==, 1);
    g_string_truncate(t->chain->log, 0);
    tls_run(t, 20 * SIM_SEC);
    expect_log(t->chain, "32.000 a gave up: timer F;");
    sip_server_drop(t->p->tx, "test");
    tls_run(t, 3600 * SIM_SEC); /* kept, however idle */
    tls_say(t->a, t->chain->p, t->a->connection, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    g_assert_cmpuint(t->p->requests, ==, 2);
}

/* A response that comes by another way than the connection is somebody else's. */
static void forge(void *ctx, NetHost *host, const char *branch)
{
    g_autofree char *text =
        g_strdup_printf("SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS [2001:db8:1::1]:5060;branch=%s\r\n"
                        "From: <sip:alice@home.example>;tag=1\r\nTo: <sip:bob@home.example>;tag=2\r\n"
                        "Call-ID: call-MESSAGE\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n",
                        branch);
    net_udp_send(host, SIP_PORT, net_host_addr(((TlsChain *)ctx)->chain->a), SIP_PORT, text, strlen(text));
}

static void test_forged_response(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ 0 });

    t->p->answer = 0;
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    g_string_truncate(t->chain->log, 0);
    g_autofree char *branch = g_strndup(strstr(t->p->body, "z9hG4bK"), 23);
    forge(t, t->chain->b, branch);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "");
    g_assert_cmpuint(trace_count_drops(sim_trace(t->chain->sim), "a", "sip-wrong-port"), ==, 1);
    sip_respond_status(t->p->tx, 200, NULL, NULL);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "2.001 a got 200 over TLS;");
}

static void test_client_certificate(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ .mutual = true });

    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    g_assert_nonnull(strstr(t->chain->log->str, "p has accepted 1 with sip:alice@home.example;"));
    g_assert_true(g_str_has_suffix(t->chain->log->str, "a got 200 over TLS;"));
    const Trace *trace = sim_trace(t->chain->sim);
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        if (record->kind != TRACE_TLS)
            continue;
        n++;
        g_assert_cmpstr(record->tls.certificate, ==,
                        g_str_equal(record->node, "p") ? "sip:alice@home.example" : "pcscf.visited.example");
    }
    g_assert_cmpuint(n, ==, 2);
}

/* ---- what others change: nothing ---- */

typedef struct Wire {
    GString *octets; /* of a's TCP payloads, with times */
    size_t n;
} Wire;

static NetTapVerdict keep_wire(void *ctx, const NetSighting *s)
{
    Wire *wire = ctx;
    g_string_append_printf(wire->octets, "%" G_GINT64_FORMAT " ", s->at);
    for (uint32_t i = 40; i < s->packet->len; i++)
        g_string_append_printf(wire->octets, "%02x", s->packet->data[i]);
    wire->n++;
    return NET_TAP_PASS;
}

static char *wire_of_a(TlsVersion version, bool with_b)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ .version = version, .untraced = true });
    Wire wire = { .octets = g_string_new(NULL) };

    net_tap(t->chain->net, "ap", keep_wire, &wire);
    if (with_b)
        tls_say(t->b, t->chain->p, 0, "PUBLISH", 500);
    chain_run(t->chain, 4 * SIM_MS);
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    if (with_b)
        tls_say(t->b, t->chain->p, 0, "PUBLISH", 5000);
    tls_run(t, SIM_SEC);
    if (with_b)
        tls_say(t->b, t->chain->p, 0, "PUBLISH", 50);
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    g_assert_cmpuint(t->p->requests, ==, with_b ? 5 : 2);
    g_assert_cmpuint(wire.n, >, 10);
    return g_string_free(wire.octets, FALSE);
}

static void test_same_octets(void)
{
    TlsVersion versions[] = { TLS_1_0, TLS_1_1, TLS_1_3 };

    for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
        g_autofree char *once = wire_of_a(versions[i], false), *again = wire_of_a(versions[i], false);
        g_autofree char *with_b = wire_of_a(versions[i], true);
        g_assert_cmpstr(once, ==, again);
        g_assert_cmpstr(once, ==, with_b);
    }
}

/* Nobody else's stream: two connections of one subscriber differ, too. */
static void test_streams_differ(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ .untraced = true });
    Wire wire = { .octets = g_string_new(NULL) };

    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    sip_endpoint_close_tls(t->a->endpoint, 1);
    tls_run(t, SIM_SEC);
    net_tap(t->chain->net, "ap", keep_wire, &wire);
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    g_assert_cmpuint(t->a->opened, ==, 2);
    g_autofree char *once = wire_of_a(TLS_1_0, false);
    g_autofree char *hello = g_strndup(strstr(wire.octets->str, "160301"), 11 * 2 + 64);
    g_assert_null(strstr(once, hello));
    g_string_free(wire.octets, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stack/tls/request-and-response-in-every-version", test_versions);
    g_test_add_func("/stack/tls/round-trips", test_times);
    g_test_add_func("/stack/tls/requests-wait-for-the-handshake", test_requests_wait);
    g_test_add_func("/stack/tls/requests-come-down-the-same-connection", test_downwards);
    g_test_add_func("/stack/tls/forwarded-into-it", test_forwarded);
    g_test_add_func("/stack/tls/cut-over-records-and-segments", test_large);
    g_test_add_func("/stack/tls/reliable-and-kept", test_reliable);
    g_test_add_func("/stack/tls/response-by-another-way-is-dropped", test_forged_response);
    g_test_add_func("/stack/tls/client-certificate-is-seen", test_client_certificate);
    g_test_add_func("/stack/tls/same-octets-whoever-else-is-there", test_same_octets);
    g_test_add_func("/stack/tls/a-stream-for-each-connection", test_streams_differ);
    return g_test_run();
}
