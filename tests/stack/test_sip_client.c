/*
 * tests/stack/test_sip_client.c - client transactions: timers E, F and K, matching, TCP by size.
 *
 * Source:  RFC 3261 §17.1.2, §17.1.3, §18.1.1; TS 24.229 §7.7.
 */
#include "tests/stack/chain.h"

/* A host that only listens: when datagrams come, to the nanosecond. */
typedef struct Ear {
    Sim *sim;
    GArray *times; /* SimTime */
    GString *first;
    unsigned different;
} Ear;

static void hear(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    Ear *ear = ctx;
    SimTime now = sim_now(ear->sim);

    g_array_append_val(ear->times, now);
    if (ear->first->len == 0)
        g_string_append_len(ear->first, (const char *)datagram->octets, (gssize)datagram->len);
    else if (ear->first->len != datagram->len || memcmp(ear->first->str, datagram->octets, datagram->len) != 0)
        ear->different++;
}

static Ear *ear_new(Sim *sim, NetHost *host)
{
    Ear *ear = g_new0(Ear, 1);
    ear->sim = sim;
    ear->times = g_array_new(FALSE, FALSE, sizeof(SimTime));
    ear->first = g_string_new(NULL);
    g_assert_true(net_udp_bind(host, SIP_PORT, hear, ear));
    return ear;
}

static void ear_free(Ear *ear)
{
    g_array_unref(ear->times);
    g_string_free(ear->first, TRUE);
    g_free(ear);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ear, ear_free)

/* What whoever has seen the request can make. */
static char *response_to(const char *request, const char *status)
{
    const char *via = strstr(request, "Via: "), *from = strstr(request, "From: ");
    return g_strdup_printf("SIP/2.0 %s\r\n%.*s%.*sContent-Length: 0\r\n\r\n", status,
                           (int)(strstr(via, "\r\n") + 2 - via), via, (int)(strstr(from, "Content-Type") - from), from);
}

static void check_times(const Ear *ear, const SimTime *sent, size_t n)
{
    g_assert_cmpuint(ear->times->len, ==, n);
    for (size_t i = 0; i < n; i++)
        g_assert_cmpint(g_array_index(ear->times, SimTime, i), ==, sent[i] + 1 * SIM_MS);
    g_assert_cmpuint(ear->different, ==, 0);
}

static void test_core_timers(void)
{
    static const SimTime sent[] = { 0,
                                    500 * SIM_MS,
                                    1500 * SIM_MS,
                                    3500 * SIM_MS,
                                    7500 * SIM_MS,
                                    11500 * SIM_MS,
                                    15500 * SIM_MS,
                                    19500 * SIM_MS,
                                    23500 * SIM_MS,
                                    27500 * SIM_MS,
                                    31500 * SIM_MS };
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_new(chain, chain->a);
    g_autoptr(Ear) ear = ear_new(chain->sim, chain->p);

    node_send(a, chain->p, "MESSAGE", 10);
    chain_run(chain, 32 * SIM_SEC - 1);
    check_times(ear, sent, G_N_ELEMENTS(sent));
    expect_log(chain, "");
    g_assert_cmpuint(sip_endpoint_transactions(a->endpoint), ==, 1);
    chain_run(chain, 32 * SIM_SEC);
    expect_log(chain, "32.000 a gave up: timer F;");
    g_assert_cmpuint(sip_endpoint_transactions(a->endpoint), ==, 0);
    chain_run(chain, 200 * SIM_SEC);
    check_times(ear, sent, G_N_ELEMENTS(sent));
}

static void test_radio_timers(void)
{
    static const int seconds[] = { 0, 2, 6, 14, 30, 46, 62, 78, 94, 110, 126 };
    SimTime sent[G_N_ELEMENTS(seconds)];
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_with(chain, chain->a, &(SipEndpointConfig){ .timers = &sip_timers_radio });
    g_autoptr(Ear) ear = ear_new(chain->sim, chain->p);

    for (size_t i = 0; i < G_N_ELEMENTS(seconds); i++)
        sent[i] = seconds[i] * SIM_SEC;
    node_send(a, chain->p, "REGISTER", 0);
    chain_run(chain, 128 * SIM_SEC - 1);
    expect_log(chain, "");
    chain_run(chain, 300 * SIM_SEC);
    expect_log(chain, "128.000 a gave up: timer F;");
    check_times(ear, sent, G_N_ELEMENTS(sent));
}

static const SipTimers *slow_for_all(void *node, const SipFlow *flow)
{
    return flow->port == SIP_PORT ? &sip_timers_radio : NULL;
}

static void test_timers_by_flow(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_with(chain, chain->a, &(SipEndpointConfig){ .timers_for = slow_for_all });

    node_send(a, chain->p, "REGISTER", 0);
    chain_run(chain, 300 * SIM_SEC);
    expect_log(chain, "128.000 a gave up: timer F;");
}

static void test_provisional_slows_down(void)
{
    static const SimTime sent[] = { 0, 500 * SIM_MS, 4500 * SIM_MS, 8500 * SIM_MS };
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_new(chain, chain->a);
    g_autoptr(Ear) ear = ear_new(chain->sim, chain->p);

    node_send(a, chain->p, "SUBSCRIBE", 0);
    chain_run(chain, 100 * SIM_MS);
    g_autofree char *queued = response_to(ear->first->str, "182 Queued");
    net_udp_send(chain->p, SIP_PORT, net_host_addr(chain->a), SIP_PORT, queued, strlen(queued));
    chain_run(chain, 9 * SIM_SEC);
    expect_log(chain, "0.101 a got 182 over UDP;");
    check_times(ear, sent, G_N_ELEMENTS(sent));
    chain_run(chain, 40 * SIM_SEC);
    expect_log(chain, "32.000 a gave up: timer F;");
}

static void test_via(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_with(chain, chain->a, &(SipEndpointConfig){ .via_host = "a.home.example" });
    g_autoptr(Ear) ear = ear_new(chain->sim, chain->p);

    node_send(a, chain->p, "REGISTER", 0);
    chain_run(chain, 10 * SIM_MS);
    g_assert_true(g_regex_match_simple("^REGISTER sip:bob@home.example SIP/2.0\r\n"
                                       "Via: SIP/2.0/UDP a.home.example:5060;branch=z9hG4bK[a-z0-9]{16}\r\n"
                                       "Max-Forwards: 70\r\n",
                                       ear->first->str, 0, 0));
}

static void test_answer_and_k(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_new(chain, chain->a);
    g_autoptr(Node) p = node_new(chain, chain->p);

    p->answer = 200;
    p->first = 183;
    node_send(a, chain->p, "PUBLISH", 100);
    chain_run(chain, 2 * SIM_MS);
    expect_log(chain, "0.001 p got PUBLISH over UDP;0.002 a got 183 over UDP;0.002 a got 200 over UDP;");
    chain_run(chain, 2 * SIM_MS + 5 * SIM_SEC - 1);
    g_assert_cmpuint(sip_endpoint_transactions(a->endpoint), ==, 1);
    chain_run(chain, 2 * SIM_MS + 5 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_transactions(a->endpoint), ==, 0);
    g_assert_cmpuint(sip_endpoint_transactions(p->endpoint), ==, 1);
    chain_run(chain, 1 * SIM_MS + 32 * SIM_SEC - 1);
    g_assert_cmpuint(sip_endpoint_transactions(p->endpoint), ==, 1);
    chain_run(chain, 1 * SIM_MS + 32 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_transactions(p->endpoint), ==, 0);
    expect_log(chain, "");
}

static void test_forget(void)
{
    static const SimTime sent[] = { 0, 500 * SIM_MS };
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_new(chain, chain->a);
    g_autoptr(Ear) ear = ear_new(chain->sim, chain->p);
    SipClientTx *tx = node_send(a, chain->p, "REGISTER", 0);

    chain_run(chain, 1 * SIM_SEC);
    sip_client_forget(tx);
    g_assert_cmpuint(sip_endpoint_transactions(a->endpoint), ==, 0);
    chain_run(chain, 100 * SIM_SEC);
    check_times(ear, sent, G_N_ELEMENTS(sent));
    expect_log(chain, "");
}

static void test_no_route(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_new(chain, chain->a);

    net_route_default(chain->a, NULL);
    node_send(a, chain->p, "REGISTER", 0);
    expect_log(chain, ""); /* not before sip_send_request() has returned */
    chain_run(chain, 0);
    expect_log(chain, "0.000 a gave up: no route;");
    g_assert_cmpuint(sip_endpoint_transactions(a->endpoint), ==, 0);
}

static void test_free_while_waiting(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    Node *a = node_new(chain, chain->a);

    node_send(a, chain->p, "REGISTER", 0);
    node_send(a, chain->p, "PUBLISH", 2000);
    chain_run(chain, 1 * SIM_SEC);
    node_free(a);
    chain_run(chain, 100 * SIM_SEC);
    expect_log(chain, "");
}

static uint16_t protected_ports(void *node, const NetAddr *dst, uint16_t dport, uint16_t *via_port)
{
    *via_port = 6002;
    return 6001;
}

static void test_wrong_port(void)
{
    g_autoptr(Chain) chain = chain_new(true);
    g_autoptr(Node) a = node_with(chain, chain->a, &(SipEndpointConfig){ .source_port = protected_ports });
    g_autoptr(Ear) ear = ear_new(chain->sim, chain->p);

    g_assert_true(sip_endpoint_listen(a->endpoint, SIP_PORT));
    g_assert_true(sip_endpoint_listen(a->endpoint, 6002));
    node_send(a, chain->p, "REGISTER", 0);
    chain_run(chain, 100 * SIM_MS);
    g_autofree char *response = response_to(ear->first->str, "200 OK");
    g_assert_nonnull(strstr(ear->first->str, ":6002;branch"));
    net_udp_send(chain->p, SIP_PORT, net_host_addr(chain->a), SIP_PORT, response, strlen(response));
    chain_run(chain, 200 * SIM_MS);
    expect_log(chain, "");
    g_assert_cmpuint(trace_count_drops(sim_trace(chain->sim), "a", "sip-wrong-port"), ==, 1);
    net_udp_send(chain->p, SIP_PORT, net_host_addr(chain->a), 6002, response, strlen(response));
    net_udp_send(chain->p, SIP_PORT, net_host_addr(chain->a), 6002, response, strlen(response));
    chain_run(chain, 300 * SIM_MS);
    expect_log(chain, "0.201 a got 200 over UDP;"); /* once */
    chain_run(chain, 10 * SIM_SEC);
    net_udp_send(chain->p, SIP_PORT, net_host_addr(chain->a), 6002, response, strlen(response));
    chain_run(chain, 11 * SIM_SEC);
    expect_log(chain, "");
    g_assert_cmpuint(trace_count_drops(sim_trace(chain->sim), "a", "sip-stray-response"), ==, 1);
}

static void test_other_method(void)
{
    g_autoptr(Chain) chain = chain_new(true);
    g_autoptr(Node) a = node_new(chain, chain->a);
    g_autoptr(Ear) ear = ear_new(chain->sim, chain->p);

    node_send(a, chain->p, "PUBLISH", 0);
    chain_run(chain, 100 * SIM_MS);
    g_autofree char *response = response_to(ear->first->str, "200 OK");
    memcpy(strstr(response, "CSeq: 1 PUBLISH"), "CSeq: 1 MESSAGE", 15);
    net_udp_send(chain->p, SIP_PORT, net_host_addr(chain->a), SIP_PORT, response, strlen(response));
    chain_run(chain, 200 * SIM_MS);
    expect_log(chain, "");
    g_assert_cmpuint(trace_count_drops(sim_trace(chain->sim), "a", "sip-stray-response"), ==, 1);
}

/* ---- TCP ---- */

/* The body that makes a request of @whole octets, when one without a body has @bare. */
static size_t body_for(size_t bare, size_t whole)
{
    for (size_t body = whole - bare - 4; body < whole - bare; body++) {
        char digits[8];
        if (bare + body + (size_t)g_snprintf(digits, sizeof digits, "%zu", body) - 1 == whole)
            return body;
    }
    g_assert_not_reached();
}

static void test_size_decides(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_new(chain, chain->a);
    g_autoptr(Node) p = node_new(chain, chain->p);

    p->answer = 200;
    node_send(a, chain->p, "MESSAGE", 0);
    chain_run(chain, 100 * SIM_MS);
    g_string_truncate(chain->log, 0);
    g_assert_null(strstr(p->body, "received")); /* sent-by is the address it came from */
    size_t body = body_for(strlen(p->body), 1300);
    node_send(a, chain->p, "MESSAGE", body);
    chain_run(chain, 200 * SIM_MS);
    g_assert_cmpuint(strlen(p->body), ==, 1300);
    expect_log(chain, "0.101 p got MESSAGE over UDP;0.102 a got 200 over UDP;");
    node_send(a, chain->p, "MESSAGE", body + 1);
    chain_run(chain, 300 * SIM_MS);
    g_assert_cmpuint(strlen(p->body), ==, 1301);
    expect_log(chain, "0.203 p got MESSAGE over TCP;0.204 a got 200 over TCP;");
    g_assert_nonnull(strstr(p->body, "Via: SIP/2.0/TCP ["));
    node_send(a, chain->p, "MESSAGE", 3000); /* the connection is used again: no handshake */
    chain_run(chain, 400 * SIM_MS);
    expect_log(chain, "0.301 p got MESSAGE over TCP;0.302 a got 200 over TCP;");
    g_assert_cmpuint(sip_endpoint_connections(a->endpoint), ==, 1);
    g_assert_cmpuint(sip_endpoint_connections(p->endpoint), ==, 1);
}

static void test_connection_goes_when_idle(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_new(chain, chain->a);
    g_autoptr(Node) p = node_new(chain, chain->p);

    p->answer = 200;
    node_send(a, chain->p, "MESSAGE", 2000);
    chain_run(chain, 31 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_connections(a->endpoint), ==, 1);
    chain_run(chain, 40 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_connections(a->endpoint), ==, 0);
    g_assert_cmpuint(sip_endpoint_connections(p->endpoint), ==, 0);
    g_assert_cmpuint(sip_endpoint_transactions(a->endpoint), ==, 0);
    g_assert_cmpuint(sip_endpoint_transactions(p->endpoint), ==, 0);
    g_string_truncate(chain->log, 0);
    node_send(a, chain->p, "MESSAGE", 2000);
    chain_run(chain, 41 * SIM_SEC);
    expect_log(chain, "40.003 p got MESSAGE over TCP;40.004 a got 200 over TCP;");
}

static void test_refused_tcp_becomes_udp(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_new(chain, chain->a);
    g_autoptr(Ear) ear = ear_new(chain->sim, chain->p); /* UDP only: the SYN is answered with RST */

    node_send(a, chain->p, "MESSAGE", 2000);
    chain_run(chain, 100 * SIM_MS);
    g_assert_cmpuint(ear->times->len, ==, 1);
    g_assert_nonnull(strstr(ear->first->str, "Via: SIP/2.0/UDP ["));
    g_assert_cmpint(g_array_index(ear->times, SimTime, 0), ==, 3 * SIM_MS);
    g_autofree char *response = response_to(ear->first->str, "200 OK");
    net_udp_send(chain->p, SIP_PORT, net_host_addr(chain->a), SIP_PORT, response, strlen(response));
    chain_run(chain, 32 * SIM_SEC);
    expect_log(chain, "0.101 a got 200 over UDP;");
}

static void test_refused_tcp_that_was_asked_for(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_new(chain, chain->a);
    g_autofree char *text = request_text("MESSAGE", 0);
    SipFlow flow = flow_to(chain->p);

    flow.transport = SIP_TCP;
    sip_send_request(a->endpoint, &flow, text, strlen(text), false, node_done, a);
    chain_run(chain, 100 * SIM_SEC);
    expect_log(chain, "0.002 a gave up: TCP connection refused;");
    g_assert_cmpuint(sip_endpoint_transactions(a->endpoint), ==, 0);
}

static void test_blocked_tcp_ends_by_timer_f(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_new(chain, chain->a);
    g_autoptr(Node) p = node_new(chain, chain->p);

    net_block_protocol(chain->net, 6, 0);
    p->answer = 200;
    node_send(a, chain->p, "MESSAGE", 2000);
    chain_run(chain, 500 * SIM_SEC);
    expect_log(chain, "32.000 a gave up: timer F;");
    g_assert_cmpuint(sip_endpoint_transactions(a->endpoint), ==, 0);
    g_assert_cmpuint(sip_endpoint_connections(a->endpoint), ==, 0);
}

static void test_forgotten_connection_is_opened_again(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_new(chain, chain->a);
    Node *first = node_new(chain, chain->p);

    first->answer = 200;
    node_send(a, chain->p, "MESSAGE", 2000);
    chain_run(chain, 1 * SIM_SEC);
    sip_endpoint_unlisten(first->endpoint, SIP_PORT); /* closes: the other side notices */
    chain_run(chain, 2 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_connections(a->endpoint), ==, 0);
    g_assert_true(sip_endpoint_listen(first->endpoint, SIP_PORT));
    g_string_truncate(chain->log, 0);
    node_send(a, chain->p, "MESSAGE", 2000);
    chain_run(chain, 3 * SIM_SEC);
    expect_log(chain, "2.003 p got MESSAGE over TCP;2.004 a got 200 over TCP;");
    node_free(first);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stack/sip/client/core-timers-to-the-nanosecond", test_core_timers);
    g_test_add_func("/stack/sip/client/radio-timers-to-the-nanosecond", test_radio_timers);
    g_test_add_func("/stack/sip/client/timers-depend-on-the-flow", test_timers_by_flow);
    g_test_add_func("/stack/sip/client/a-provisional-slows-retransmission-down", test_provisional_slows_down);
    g_test_add_func("/stack/sip/client/via-on-top-with-a-fresh-branch", test_via);
    g_test_add_func("/stack/sip/client/k-and-j-end-a-completed-transaction", test_answer_and_k);
    g_test_add_func("/stack/sip/client/forgotten-stops", test_forget);
    g_test_add_func("/stack/sip/client/failure-is-told-later", test_no_route);
    g_test_add_func("/stack/sip/client/freed-while-waiting", test_free_while_waiting);
    g_test_add_func("/stack/sip/client/response-at-another-port-is-dropped", test_wrong_port);
    g_test_add_func("/stack/sip/client/response-to-another-method-is-dropped", test_other_method);
    g_test_add_func("/stack/sip/client/size-decides-between-udp-and-tcp", test_size_decides);
    g_test_add_func("/stack/sip/client/connection-is-closed-when-idle", test_connection_goes_when_idle);
    g_test_add_func("/stack/sip/client/tcp-refused-becomes-udp", test_refused_tcp_becomes_udp);
    g_test_add_func("/stack/sip/client/tcp-refused-fails-when-asked-for", test_refused_tcp_that_was_asked_for);
    g_test_add_func("/stack/sip/client/tcp-blocked-ends-by-timer-f", test_blocked_tcp_ends_by_timer_f);
    g_test_add_func("/stack/sip/client/closed-connection-is-opened-again", test_forgotten_connection_is_opened_again);
    return g_test_run();
}
