/*
 * tests/stack/test_tls_refused.c - TLS connections that never come about, that are lost, and what octets nobody meant
 * do to them.
 *
 * Source:  RFC 5246 §7.2; RFC 3261 §18.4, §26.3.1.
 * Knows:   nodes/stack/tls_private.h, to put octets below TLS and above TCP.
 */
#include "nodes/stack/tls_private.h"
#include "tests/stack/tls_chain.h"

static SipConn *conn_of(const Node *node)
{
    TlsEnd *end = tls_end_find(node->endpoint, node->connection);
    g_assert_nonnull(end);
    return end->conn;
}

static TlsChain *connected(const TlsWish *wish)
{
    TlsChain *t = tls_chain_new(wish);
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    g_assert_cmpuint(t->p->requests, ==, 1);
    g_string_truncate(t->chain->log, 0);
    return t;
}

static void expect_gone(const TlsChain *t)
{
    g_assert_cmpuint(sip_endpoint_connections(t->a->endpoint), ==, 0);
    g_assert_cmpuint(sip_endpoint_connections(t->p->endpoint), ==, 0);
    g_assert_cmpuint(sip_endpoint_transactions(t->a->endpoint), ==, 0);
}

/* The last TRACE_TLS record of a node. */
static const TraceRecord *last_record(const TlsChain *t, const char *node)
{
    const Trace *trace = sim_trace(t->chain->sim);
    for (TraceId id = (TraceId)trace_count(trace); id > 0; id--)
        if (trace_get(trace, id)->kind == TRACE_TLS && g_str_equal(trace_get(trace, id)->node, node))
            return trace_get(trace, id);
    return NULL;
}

/* ---- certificates ---- */

static void refused(const TlsWish *wish, const char *log, const char *certificate)
{
    g_autoptr(TlsChain) t = tls_chain_new(wish);

    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, log);
    expect_gone(t);
    g_assert_cmpuint(t->p->requests, ==, 0);
    const TraceRecord *at_a = last_record(t, "a"), *at_p = last_record(t, "p");
    g_assert_false(at_a->tls.open);
    g_assert_cmpstr(at_a->tls.certificate, ==, certificate);
    g_assert_nonnull(strstr(log, at_a->tls.text));
    g_assert_nonnull(strstr(log, at_p->tls.text));
    for (TraceId id = 1; id <= trace_count(sim_trace(t->chain->sim)); id++)
        g_assert_cmpint(trace_get(sim_trace(t->chain->sim), id)->kind, !=, TRACE_SEND); /* nothing was */
}

static void test_unknown_authority(void)
{
    refused(&(TlsWish){ .unknown = true },
            "0.004 a lost 1: the certificate comes from nobody we trust;"
            "0.004 a gave up: the certificate comes from nobody we trust;"
            "0.005 p lost 1: refused: unknown_ca;",
            "pcscf.visited.example");
}

static void test_wrong_name(void)
{
    refused(&(TlsWish){ .other = true },
            "0.004 a lost 1: the certificate speaks for somebody else;"
            "0.004 a gave up: the certificate speaks for somebody else;"
            "0.005 p lost 1: refused: bad_certificate;",
            "evil.example");
}

static void test_no_client_certificate(void)
{
    refused(&(TlsWish){ .mutual = true, .bare = true },
            "0.005 p lost 1: the client shows no certificate;"
            "0.006 a lost 1: refused: handshake_failure;"
            "0.006 a gave up: refused: handshake_failure;",
            "pcscf.visited.example");
}

/* RFC 8446 §4.4.2.4: the client is open already when it learns that it is refused. */
static void test_late_refusal(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ .version = TLS_1_3, .mutual = true, .bare = true });

    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "0.004 a has opened 1 with pcscf.visited.example;"
                         "0.005 p lost 1: the client shows no certificate;"
                         "0.006 a lost 1: refused: certificate_required;"
                         "0.006 a gave up: refused: certificate_required;");
    expect_gone(t);
}

static void test_nothing_shared(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ .version = TLS_1_2 });
    TlsPolicy old = { .lowest = TLS_1_0, .highest = TLS_1_0, .trust = t->papers->trust };
    TlsContext *context = tls_context_new(&old);

    use_tls(t->b, context, NULL);
    tls_say(t->b, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "0.006 p lost 1: no version or suite in common;"
                         "0.008 b lost 1: refused: protocol_version;0.008 b gave up: refused: protocol_version;");
    node_free(g_steal_pointer(&t->b));
    tls_context_free(context);
}

/* ---- nobody there ---- */

static void test_nobody(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ 0 });

    tls_say(t->a, t->chain->b, 0, "MESSAGE", 20); /* no TLS there */
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "0.006 a lost 1: nobody listens there;0.006 a gave up: nobody listens there;");
    tls_say(t->a, t->chain->p, 99, "MESSAGE", 20);
    expect_log(t->chain, "");
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "1.000 a gave up: the connection is gone;");
    tls_say(t->p, t->chain->a, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "2.000 p gave up: there is no TLS here;");
    net_block_protocol(t->chain->net, 6, 0);
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, 40 * SIM_SEC); /* 32 * T1 */
    expect_log(t->chain, "19.000 a lost 2: nobody answers;19.000 a gave up: nobody answers;");
    expect_gone(t);
}

static void idle(void *ctx, TcpConn *tcp)
{
}

static void hear(void *ctx, TcpConn *tcp, const uint8_t *octets, size_t len)
{
    if (ctx != NULL)
        g_byte_array_append(ctx, octets, (guint)len);
}

static void end_of(void *ctx, TcpConn *tcp, TcpEnd why)
{
}

static const TcpEvents quiet = { idle, hear, end_of };

static void accept_quietly(void *ctx, TcpConn *tcp)
{
    tcp_set_events(tcp, &quiet, NULL);
}

static void test_silence(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ 0 });

    g_assert_true(tcp_listen(t->chain->b, SIPS_PORT, accept_quietly, NULL));
    tls_say(t->a, t->chain->b, 0, "MESSAGE", 20);
    tcp_connect(t->chain->a, 0, net_host_addr(t->chain->p), SIPS_PORT, &quiet, NULL);
    tls_run(t, 40 * SIM_SEC);
    expect_log(t->chain, "16.000 a lost 1: nobody answers;16.000 a gave up: nobody answers;"
                         "16.003 p lost 1: nobody answers;");
    expect_gone(t);
}

/* ---- lost ---- */

static void test_reset(void)
{
    g_autoptr(TlsChain) t = connected(&(TlsWish){ 0 });
    SipConn *conn = conn_of(t->p);

    t->p->answer = 0;
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    g_string_truncate(t->chain->log, 0);
    tcp_abort(conn->tcp); /* the P-CSCF has lost everything and says so when it is asked */
    tls_tcp_events.ended(conn, conn->tcp, TCP_RESET);
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "2.000 p lost 1: the connection was lost;2.001 a lost 1: the connection was lost;"
                         "2.001 a gave up: the connection was lost;2.001 a gave up: the connection was lost;");
    expect_gone(t);
    g_assert_cmpstr(last_record(t, "a")->tls.text, ==, "the connection was lost");
    g_assert_cmpstr(last_record(t, "a")->tls.certificate, ==, "pcscf.visited.example");
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20); /* and begins anew when it is told to */
    sip_respond_status(t->p->tx, 200, NULL, NULL);
    g_assert_cmpuint(trace_count_drops(sim_trace(t->chain->sim), "p", "tls-gone"), ==, 1);
    tls_run(t, SIM_SEC);
    g_assert_cmpuint(t->a->connection, ==, 2);
}

static void test_cut_off(void)
{
    g_autoptr(TlsChain) t = connected(&(TlsWish){ 0 });
    SipConn *conn = conn_of(t->p);

    tcp_set_events(conn->tcp, &quiet, NULL);
    tcp_close(conn->tcp); /* FIN without close_notify: RFC 5246 §7.2.1 */
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "1.001 a lost 1: the connection was lost;");
    g_assert_cmpuint(sip_endpoint_connections(t->a->endpoint), ==, 0);
}

static void test_close(void)
{
    g_autoptr(TlsChain) t = connected(&(TlsWish){ 0 });

    t->p->answer = 0;
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    g_string_truncate(t->chain->log, 0);
    sip_endpoint_close_tls(t->a->endpoint, t->a->connection);
    sip_endpoint_close_tls(t->a->endpoint, t->a->connection);
    expect_log(t->chain, "");
    tls_run(t, 3 * SIM_SEC);
    expect_log(t->chain, "2.000 a gave up: the connection was closed;2.001 p lost 1: the other side closed it;");
    expect_gone(t);
    g_assert_cmpuint(t->a->ended, ==, 0);
    g_assert_cmpstr(last_record(t, "a")->tls.text, ==, "we closed it");
}

/* ---- a node that closes from inside its handlers ---- */

static void close_when_open(void *ctx, const SipTlsConnection *connection)
{
    Node *node = ctx;
    sip_endpoint_close_tls(node->endpoint, connection->number);
    told_open(ctx, connection); /* still there to be looked at */
}

static void close_when_ended(void *ctx, const SipTlsConnection *connection, const char *why)
{
    Node *node = ctx;
    sip_endpoint_close_tls(node->endpoint, connection->number);
    told_ended(ctx, connection, why);
    if (node->ended == 1)
        tls_say(node, node->chain->p, 0, "PUBLISH", 0); /* finds no trace of the lost one */
}

static void test_closed_in_handlers(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ 0 });
    const SipTls hasty = { .client = t->client, .open = close_when_open, .ended = close_when_ended };

    g_assert_true(sip_endpoint_use_tls(t->a->endpoint, &hasty));
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "0.005 p has accepted 1 with nobody known;0.006 a has opened 1 with pcscf.visited.example;"
                         "0.006 a gave up: the connection was closed;0.007 p lost 1: the other side closed it;");
    expect_gone(t);

    const SipTls later = { .client = t->client, .open = told_open, .ended = close_when_ended };
    g_assert_true(sip_endpoint_use_tls(t->a->endpoint, &later));
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    g_string_truncate(t->chain->log, 0);
    sip_endpoint_close_tls(t->p->endpoint, t->p->connection);
    tls_run(t, SIM_SEC);
    g_assert_nonnull(strstr(t->chain->log->str, "a lost 2: the other side closed it;"));
    g_assert_nonnull(strstr(t->chain->log->str, "a has opened 3 with"));
    g_assert_true(g_str_has_suffix(t->chain->log->str, "a got 200 over TLS;"));
}

/* ---- octets that nobody meant ---- */

static void expect_alert(const GByteArray *got, uint8_t number)
{
    g_assert_cmpuint(got->len, ==, 7);
    g_assert_cmpuint(got->data[0], ==, 21);
    g_assert_cmpuint(got->data[5], ==, 2);
    g_assert_cmpuint(got->data[6], ==, number);
}

static void say_garbage(const char *octets, size_t len, uint8_t alert, const char *log)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ 0 });
    g_autoptr(GByteArray) got = g_byte_array_new();
    TcpConn *tcp = tcp_connect(t->chain->a, 0, net_host_addr(t->chain->p), SIPS_PORT, &quiet, got);

    tcp_send(tcp, octets, len);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, log);
    if (alert != 0)
        expect_alert(got, alert);
    expect_gone(t);
    g_assert_cmpuint(trace_count_drops(sim_trace(t->chain->sim), "p", "tls-bad"), ==, 1);
    g_assert_cmpint(t->p->failure, ==, TLS_BAD_HANDSHAKE);
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20); /* and serves on */
    tls_run(t, SIM_SEC);
    g_assert_cmpuint(t->p->requests, ==, 1);
}

static void test_garbage_first(void)
{
    static const char bad[] = "0.003 p lost 1: what came is no TLS handshake;";
    static const char hello[] = "\x16\x03\x01\x00\x2f\x01\x00\x00\x2b\x03\x01";
    static const char nonsense[] = "\x16\x03\x01\x00\x08\x63\x00\x00\x04\x03\x01\x00\x00";
    g_autofree char *filled = g_malloc(52);

    say_garbage("REGISTER sip:home.example SIP/2.0\r\n\r\n", 37, 0, bad);
    say_garbage(nonsense, 13, 10, bad);
    memset(filled, 0xff, 52);
    memcpy(filled, hello, 11);
    say_garbage(filled, 52, 50, bad);
}

static void spoil(const char *octets, size_t len, uint8_t alert, const char *why)
{
    g_autoptr(TlsChain) t = connected(&(TlsWish){ 0 });
    g_autofree char *log = g_strdup_printf("1.001 p lost 1: %s;1.002 a lost 1: %s;", why, tls_why_alert(alert));

    tcp_send(conn_of(t->a)->tcp, octets, len);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, log);
    expect_gone(t);
    g_assert_cmpuint(trace_count_drops(sim_trace(t->chain->sim), "p", "tls-bad"), ==, 1);
}

static void test_garbage_later(void)
{
    spoil("\x17\x03\x01\x00\x20 this is not what a would have said", 37, 20, "a record is not from the other end");
    spoil("\x17\x03\x01\x00\x00", 5, 20, "a record is not from the other end");
    spoil("\x17\x03\x01\xff\xff a record too long for anybody", 30, 22, "a record is not from the other end");
    spoil("MESSAGE sip:bob@home.example SIP/2.0\r\n", 38, 22, "a record is not from the other end");
}

/* A record cut anywhere waits for its rest; lost in between, it is nobody's. */
static void test_half_a_record(void)
{
    g_autoptr(TlsChain) t = connected(&(TlsWish){ 0 });

    tcp_send(conn_of(t->a)->tcp, "\x17", 1);
    tls_run(t, SIM_SEC);
    tcp_send(conn_of(t->a)->tcp, "\x03\x01\x01\x00 first", 10);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "");
    sip_endpoint_close_tls(t->p->endpoint, t->p->connection);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "3.001 a lost 1: the other side closed it;");
    expect_gone(t);
}

static void test_no_sip(void)
{
    g_autoptr(TlsChain) t = connected(&(TlsWish){ 0 });

    transport_tls_send(conn_of(t->a), "no SIP at all\r\n\r\n", 17);
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "1.001 p lost 1: what came is no SIP;1.002 a lost 1: the other side closed it;");
    expect_gone(t);
    g_assert_cmpuint(trace_count_drops(sim_trace(t->chain->sim), "p", "sip-bad"), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stack/tls/refused/unknown-authority", test_unknown_authority);
    g_test_add_func("/stack/tls/refused/wrong-name", test_wrong_name);
    g_test_add_func("/stack/tls/refused/no-client-certificate", test_no_client_certificate);
    g_test_add_func("/stack/tls/refused/late-in-tls-1.3", test_late_refusal);
    g_test_add_func("/stack/tls/refused/nothing-shared", test_nothing_shared);
    g_test_add_func("/stack/tls/refused/nobody-there", test_nobody);
    g_test_add_func("/stack/tls/refused/silence", test_silence);
    g_test_add_func("/stack/tls/lost/reset", test_reset);
    g_test_add_func("/stack/tls/lost/cut-off", test_cut_off);
    g_test_add_func("/stack/tls/lost/closed-by-us", test_close);
    g_test_add_func("/stack/tls/lost/closed-in-handlers", test_closed_in_handlers);
    g_test_add_func("/stack/tls/garbage/before-and-in-the-handshake", test_garbage_first);
    g_test_add_func("/stack/tls/garbage/after-the-handshake", test_garbage_later);
    g_test_add_func("/stack/tls/garbage/half-a-record", test_half_a_record);
    g_test_add_func("/stack/tls/garbage/no-sip-inside", test_no_sip);
    return g_test_run();
}
