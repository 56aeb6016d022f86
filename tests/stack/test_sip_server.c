/*
 * tests/stack/test_sip_server.c - server transactions: absorbing retransmissions, received and rport, framing,
 * refusals.
 *
 * Source:  RFC 3261 §17.2.2, §17.2.3, §18.2, §18.3; RFC 3581.
 */
#include "sim/tcp.h"
#include "tests/stack/chain.h"

#define FROM_TO                                                                                                        \
    "From: <sip:alice@home.example>;tag=1\r\nTo: <sip:bob@home.example>\r\nCall-ID: c1\r\nCSeq: 1 MESSAGE\r\n"

static const char plain[] = "MESSAGE sip:bob@home.example SIP/2.0\r\n"
                            "Via: SIP/2.0/UDP [2001:db8:1::1]:5060;branch=z9hG4bKone\r\n"
                            "Max-Forwards: 70\r\n" FROM_TO "Content-Length: 5\r\n\r\nhello";

/* What comes back to the raw sender. */
typedef struct Heard {
    Chain *chain;
    GString *text;
    unsigned n;
    uint16_t port;
} Heard;

static void hear(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    Heard *heard = ctx;
    g_string_assign(heard->text, "");
    g_string_append_len(heard->text, (const char *)datagram->octets, (gssize)datagram->len);
    heard->n++;
    heard->port = datagram->dport;
}

static Heard *heard_new(Chain *chain, uint16_t port)
{
    Heard *heard = g_new0(Heard, 1);
    heard->chain = chain;
    heard->text = g_string_new(NULL);
    g_assert_true(net_udp_bind(chain->a, port, hear, heard));
    return heard;
}

static void heard_free(Heard *heard)
{
    g_string_free(heard->text, TRUE);
    g_free(heard);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Heard, heard_free)

static void say(Chain *chain, uint16_t from, const char *text)
{
    net_udp_send(chain->a, from, net_host_addr(chain->p), SIP_PORT, text, strlen(text));
}

/* ---- UDP ---- */

static void test_absorbs(void)
{
    g_autoptr(Chain) chain = chain_new(true);
    g_autoptr(Node) p = node_new(chain, chain->p);
    g_autoptr(Heard) a = heard_new(chain, SIP_PORT);

    say(chain, SIP_PORT, plain);
    chain_run(chain, 10 * SIM_MS);
    say(chain, SIP_PORT, plain); /* still trying: nothing to say */
    chain_run(chain, 20 * SIM_MS);
    g_assert_cmpuint(a->n, ==, 0);
    g_assert_nonnull(sip_server_request(p->tx));
    sip_respond_status(p->tx, 200, NULL, "Expires: 60\r\n");
    chain_run(chain, 30 * SIM_MS);
    g_assert_cmpuint(a->n, ==, 1);
    g_autofree char *first = g_strdup(a->text->str);
    g_assert_nonnull(strstr(first, "SIP/2.0 200 OK\r\n"));
    g_assert_nonnull(strstr(first, "Expires: 60\r\n"));
    g_assert_nonnull(strstr(first, "To: <sip:bob@home.example>;tag="));
    say(chain, SIP_PORT, plain);
    chain_run(chain, 40 * SIM_MS);
    g_assert_cmpuint(a->n, ==, 2);
    g_assert_cmpstr(a->text->str, ==, first);
    g_assert_cmpuint(p->requests, ==, 1);

    size_t sends = 0, receives = 0; /* a repetition is a frame, not a message */
    for (TraceId id = 1; id <= trace_count(sim_trace(chain->sim)); id++) {
        sends += trace_get(sim_trace(chain->sim), id)->kind == TRACE_SEND;
        receives += trace_get(sim_trace(chain->sim), id)->kind == TRACE_RECEIVE;
    }
    g_assert_cmpuint(sends, ==, 1);
    g_assert_cmpuint(receives, ==, 1);

    chain_run(chain, 20 * SIM_MS + 32 * SIM_SEC - 1);
    g_assert_cmpuint(sip_endpoint_transactions(p->endpoint), ==, 1);
    chain_run(chain, 20 * SIM_MS + 32 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_transactions(p->endpoint), ==, 0);
    say(chain, SIP_PORT, plain); /* J is over: a request like any other */
    chain_run(chain, 33 * SIM_SEC);
    g_assert_cmpuint(p->requests, ==, 2);
    sip_server_drop(p->tx, "test");
    g_assert_cmpuint(sip_endpoint_transactions(p->endpoint), ==, 0);
}

static void test_provisional_is_repeated(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p = node_new(chain, chain->p);
    g_autoptr(Heard) a = heard_new(chain, SIP_PORT);

    p->first = 182;
    say(chain, SIP_PORT, plain);
    say(chain, SIP_PORT, plain);
    chain_run(chain, 10 * SIM_MS);
    g_assert_cmpuint(a->n, ==, 2);
    g_assert_nonnull(strstr(a->text->str, "SIP/2.0 182 "));
    sip_respond_status(p->tx, 200, NULL, NULL);
    sip_respond_status(p->tx, 500, NULL, NULL); /* RFC 3261 §17.2.2: discarded */
    chain_run(chain, 20 * SIM_MS);
    g_assert_cmpuint(a->n, ==, 3);
    g_assert_nonnull(strstr(a->text->str, "SIP/2.0 200 "));
}

static void test_what_names_a_transaction(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p = node_new(chain, chain->p);
    g_autofree char *other_port = g_strdup(plain), *other_branch = g_strdup(plain);

    memcpy(strstr(other_port, ":5060;"), ":5061;", 6);
    memcpy(strstr(other_branch, "z9hG4bKone"), "z9hG4bKtwo", 10);
    p->answer = 200;
    say(chain, SIP_PORT, plain);
    say(chain, SIP_PORT, other_port);
    say(chain, SIP_PORT, other_branch);
    say(chain, SIP_PORT, plain);
    chain_run(chain, 10 * SIM_MS);
    g_assert_cmpuint(p->requests, ==, 3);
}

static void test_old_clients(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p = node_new(chain, chain->p);
    g_autofree char *first = g_strdup(plain);

    memcpy(strstr(first, "z9hG4bKone"), "Z8hG4bKone", 10);
    g_autofree char *second = g_strdup(first);
    memcpy(strstr(second, "Call-ID: c1"), "Call-ID: c2", 11);
    p->answer = 200;
    say(chain, SIP_PORT, first);
    say(chain, SIP_PORT, second); /* another request with the same branch */
    say(chain, SIP_PORT, first);
    chain_run(chain, 10 * SIM_MS);
    g_assert_cmpuint(p->requests, ==, 2);
}

static void test_received(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p = node_new(chain, chain->p);
    g_autoptr(Heard) at_7000 = heard_new(chain, 7000);
    static const char named[] = "MESSAGE sip:bob@home.example SIP/2.0\r\n"
                                "Via: SIP/2.0/UDP ue.home.example:7000;branch=z9hG4bKone;x=1 , SIP/2.0/UDP other\r\n"
                                "Via: SIP/2.0/TCP third.example;received=192.0.2.1\r\n"
                                "Max-Forwards: 70\r\n" FROM_TO "Content-Length: 5\r\n\r\nhello";

    p->answer = 404;
    say(chain, 4321, named);
    chain_run(chain, 10 * SIM_MS);
    g_assert_nonnull(strstr(p->body,
                            "Via: SIP/2.0/UDP ue.home.example:7000;branch=z9hG4bKone;x=1;received=2001:db8:1::1 , "
                            "SIP/2.0/UDP other\r\n"
                            "Via: SIP/2.0/TCP third.example;received=192.0.2.1\r\n"
                            "Max-Forwards: 70\r\n" FROM_TO "Content-Length: 5\r\n\r\nhello"));
    g_assert_cmpuint(at_7000->n, ==, 1); /* sent-by's port at the source's address */
    g_assert_nonnull(strstr(at_7000->text->str, "x=1;received=2001:db8:1::1 , SIP/2.0/UDP other\r\n"));
}

static void test_rport(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p = node_new(chain, chain->p);
    g_autoptr(Heard) at_4321 = heard_new(chain, 4321);
    static const char asked[] = "MESSAGE sip:bob@home.example SIP/2.0\r\n"
                                "v: SIP/2.0/UDP [2001:db8:1::1]:7000;rport;branch=z9hG4bKone\r\n"
                                "Max-Forwards: 70\r\n" FROM_TO "Content-Length: 0\r\n\r\n";

    p->answer = 200;
    say(chain, 4321, asked);
    chain_run(chain, 10 * SIM_MS);
    g_assert_nonnull(
        strstr(at_4321->text->str,
               "SIP/2.0/UDP [2001:db8:1::1]:7000;rport=4321;branch=z9hG4bKone;received=2001:db8:1::1\r\n"));
}

static void test_set_flow(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p = node_new(chain, chain->p);
    g_autoptr(Heard) at_6001 = heard_new(chain, 6001);
    SipFlow flow = { .addr = *net_host_addr(chain->a), .port = 6001, .local_port = 6002 };

    say(chain, SIP_PORT, plain);
    chain_run(chain, 10 * SIM_MS);
    sip_server_set_flow(p->tx, &flow);
    sip_respond_status(p->tx, 403, NULL, NULL);
    chain_run(chain, 20 * SIM_MS);
    g_assert_cmpuint(at_6001->n, ==, 1);
}

static void test_bad(void)
{
    g_autoptr(Chain) chain = chain_new(true);
    g_autoptr(Node) p = node_new(chain, chain->p);
    g_autoptr(Heard) a = heard_new(chain, SIP_PORT);
    g_autofree char *no_cseq_match = g_strdup(plain);

    memcpy(strstr(no_cseq_match, "CSeq: 1 MESSAGE"), "CSeq: 1 PUBLISH", 15);
    p->answer = 200;
    say(chain, SIP_PORT, no_cseq_match);
    chain_run(chain, 10 * SIM_MS);
    g_assert_cmpuint(a->n, ==, 1);
    g_assert_nonnull(strstr(a->text->str, "SIP/2.0 400 "));
    say(chain, SIP_PORT, "no SIP at all\r\n\r\n");
    say(chain, SIP_PORT, "");
    chain_run(chain, 20 * SIM_MS);
    g_assert_cmpuint(a->n, ==, 1);
    g_assert_cmpuint(p->requests, ==, 0);
    g_assert_cmpuint(trace_count_drops(sim_trace(chain->sim), "p", "sip-bad"), ==, 3);
    g_assert_cmpuint(sip_endpoint_transactions(p->endpoint), ==, 0);
}

static void test_ack(void)
{
    g_autoptr(Chain) chain = chain_new(true);
    g_autoptr(Node) p = node_new(chain, chain->p);
    g_autoptr(Heard) a = heard_new(chain, SIP_PORT);

    say(chain, SIP_PORT,
        "ACK sip:bob@home.example SIP/2.0\r\nVia: SIP/2.0/UDP [2001:db8:1::1];branch=z9hG4bKone\r\n"
        "Max-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: c1\r\nCSeq: 1 ACK\r\n"
        "Content-Length: 0\r\n\r\n");
    chain_run(chain, 10 * SIM_MS);
    g_assert_cmpuint(a->n, ==, 0);
    g_assert_cmpuint(p->requests, ==, 0);
    g_assert_cmpuint(trace_count_drops(sim_trace(chain->sim), "p", "sip-ack"), ==, 1);
}

/* A request may be kept and answered in a later event. */
static void test_request_is_kept(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p = node_new(chain, chain->p);
    g_autoptr(Heard) a = heard_new(chain, SIP_PORT);

    say(chain, SIP_PORT, plain);
    chain_run(chain, 5 * SIM_SEC);
    const SipMsg *msg = sip_server_request(p->tx);
    g_assert_true(text_equal(msg->body, TEXT("hello")));
    g_assert_true(text_equal(sip_value(msg, SIP_H_CALL_ID), TEXT("c1")));
    g_assert_true(text_equal(msg->uri, TEXT("sip:bob@home.example")));
    g_assert_true(text_equal(sip_line(sip_first(msg, SIP_H_CSEQ)), TEXT("CSeq: 1 MESSAGE\r\n")));
    sip_respond_status(p->tx, 200, "Fine", NULL);
    chain_run(chain, 6 * SIM_SEC);
    g_assert_nonnull(strstr(a->text->str, "SIP/2.0 200 Fine\r\n"));
    g_assert_null(sip_server_request(p->tx)); /* given back; the response is what is kept */
}

/* ---- TCP ---- */

typedef struct Caller {
    GString *got;
    bool connected, ended;
} Caller;

static void on_connected(void *ctx, TcpConn *conn)
{
    ((Caller *)ctx)->connected = true;
}

static void on_data(void *ctx, TcpConn *conn, const uint8_t *octets, size_t len)
{
    g_string_append_len(((Caller *)ctx)->got, (const char *)octets, (gssize)len);
}

static void on_ended(void *ctx, TcpConn *conn, TcpEnd why)
{
    ((Caller *)ctx)->ended = true;
}

static const TcpEvents caller_events = { on_connected, on_data, on_ended };

static TcpConn *call(Chain *chain, Caller *caller)
{
    TcpConn *conn = tcp_connect(chain->a, 0, net_host_addr(chain->p), SIP_PORT, &caller_events, caller);
    chain_run(chain, sim_now(chain->sim) + 10 * SIM_MS);
    g_assert_true(caller->connected);
    return conn;
}

static unsigned count(const char *text, const char *what)
{
    unsigned n = 0;
    while ((text = strstr(text, what)) != NULL) {
        text++;
        n++;
    }
    return n;
}

static void test_stream_in_pieces(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p = node_new(chain, chain->p);
    g_autoptr(GString) got = g_string_new(NULL);
    Caller caller = { .got = got };
    TcpConn *conn = call(chain, &caller);
    g_autofree char *second = g_strdup(plain);

    memcpy(strstr(second, "z9hG4bKone"), "z9hG4bKtwo", 10);
    p->answer = 200;
    tcp_send(conn, "\r\n\r\n", 4);
    for (size_t i = 0; i < strlen(plain); i++) {
        tcp_send(conn, plain + i, 1);
        chain_run(chain, sim_now(chain->sim) + 5 * SIM_MS);
        g_assert_cmpuint(p->requests, ==, i + 1 == strlen(plain) ? 1 : 0);
    }
    g_assert_cmpuint(count(got->str, "SIP/2.0 200 OK\r\n"), ==, 1);
    g_assert_true(g_str_has_suffix(p->body, "hello"));

    g_autofree char *both = g_strconcat(second, plain, NULL); /* in one piece; the second is new: J is 0 over TCP */
    tcp_send(conn, both, strlen(both) - 3);
    tcp_send(conn, both + strlen(both) - 3, 3);
    chain_run(chain, sim_now(chain->sim) + 20 * SIM_MS);
    g_assert_cmpuint(p->requests, ==, 3);
    g_assert_cmpuint(count(got->str, "SIP/2.0 200 OK\r\n"), ==, 3);
    g_assert_cmpuint(sip_endpoint_transactions(p->endpoint), ==, 0);
    tcp_abort(conn);
    chain_run(chain, sim_now(chain->sim) + 20 * SIM_MS);
    g_assert_cmpuint(sip_endpoint_connections(p->endpoint), ==, 0);
}

static void test_bad_stream(void)
{
    g_autoptr(Chain) chain = chain_new(true);
    g_autoptr(Node) p = node_new(chain, chain->p);
    g_autoptr(GString) got = g_string_new(NULL);
    Caller caller = { .got = got };
    TcpConn *conn = call(chain, &caller);
    g_autofree char *bad = g_strdup(plain);

    memcpy(strstr(bad, "CSeq: 1 MESSAGE"), "CSeq: 1 PUBLISH", 15);
    tcp_send(conn, bad, strlen(bad));
    chain_run(chain, 1 * SIM_SEC);
    g_assert_nonnull(strstr(got->str, "SIP/2.0 400 "));
    g_assert_true(caller.ended);
    g_assert_cmpuint(sip_endpoint_connections(p->endpoint), ==, 0);
    g_assert_cmpuint(trace_count_drops(sim_trace(chain->sim), "p", "sip-bad"), ==, 1);
}

/* RFC 3261 §18.2.2: the connection is gone when the answer is there. */
static void test_answer_on_a_new_connection(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_new(chain, chain->a);
    g_autoptr(Node) p = node_new(chain, chain->p);

    node_send(a, chain->p, "MESSAGE", 2000);
    chain_run(chain, 1 * SIM_SEC);
    sip_endpoint_close_flow(p->endpoint, &p->from.addr, p->from.port, p->from.local_port);
    chain_run(chain, 2 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_connections(a->endpoint), ==, 0);
    g_string_truncate(chain->log, 0);
    sip_respond_status(p->tx, 200, NULL, NULL);
    chain_run(chain, 3 * SIM_SEC);
    expect_log(chain, "2.003 a got 200 over TCP;");
    chain_run(chain, 40 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_transactions(a->endpoint) + sip_endpoint_transactions(p->endpoint), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stack/sip/server/repeated-request-gets-the-stored-response", test_absorbs);
    g_test_add_func("/stack/sip/server/provisional-is-repeated", test_provisional_is_repeated);
    g_test_add_func("/stack/sip/server/branch-sent-by-and-method-name-it", test_what_names_a_transaction);
    g_test_add_func("/stack/sip/server/without-a-cookie-the-headers-name-it", test_old_clients);
    g_test_add_func("/stack/sip/server/received-is-added-and-nothing-else", test_received);
    g_test_add_func("/stack/sip/server/rport-is-filled-in", test_rport);
    g_test_add_func("/stack/sip/server/the-node-says-where-to", test_set_flow);
    g_test_add_func("/stack/sip/server/malformed-is-400-or-dropped", test_bad);
    g_test_add_func("/stack/sip/server/ack-is-dropped", test_ack);
    g_test_add_func("/stack/sip/server/request-is-kept-until-it-is-answered", test_request_is_kept);
    g_test_add_func("/stack/sip/server/stream-in-pieces", test_stream_in_pieces);
    g_test_add_func("/stack/sip/server/malformed-stream-is-closed", test_bad_stream);
    g_test_add_func("/stack/sip/server/lost-connection-is-replaced", test_answer_on_a_new_connection);
    return g_test_run();
}
