/*
 * tests/stack/test_sip_proxy.c - a stateful proxy's step: what it changes, the way back, time-outs, origins.
 *
 * Source:  RFC 3261 §16.3, §16.6, §16.7, §16.8; sim/sim.h for contexts.
 */
#include "tests/stack/chain.h"

static const char odd[] = "MESSAGE sip:bob@home.example SIP/2.0\r\n"
                          "v:   SIP/2.0/UDP [2001:db8:1::1]:5060;branch=z9hG4bKone\r\n"
                          "X-Unknown:a,  b ,c\r\n"
                          "max-forwards :  70\r\n"
                          "From: \"A, B\" <sip:alice@home.example>;tag=1\r\n"
                          "t: <sip:bob@home.example>\r\n"
                          "Subject: folded\r\n  over two lines\r\n"
                          "CALL-ID: c1\r\n"
                          "P-Charging-Vector: icid-value=\"x;y\" ;orig-ioi=home\r\n"
                          "CSeq: 1 MESSAGE\r\n"
                          "l: 5\r\n\r\nhello";

/* What comes to the raw hosts at both ends. */
typedef struct Ends {
    GString *at_a, *at_b;
    unsigned n_a, n_b;
} Ends;

static void hear(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    Ends *ends = ctx;
    bool a = g_str_equal(net_host_name(host), "a");
    GString *text = a ? ends->at_a : ends->at_b;

    g_string_truncate(text, 0);
    g_string_append_len(text, (const char *)datagram->octets, (gssize)datagram->len);
    *(a ? &ends->n_a : &ends->n_b) += 1;
}

static Ends *ends_new(Chain *chain)
{
    Ends *ends = g_new0(Ends, 1);
    ends->at_a = g_string_new(NULL);
    ends->at_b = g_string_new(NULL);
    g_assert_true(net_udp_bind(chain->a, SIP_PORT, hear, ends));
    g_assert_true(net_udp_bind(chain->b, SIP_PORT, hear, ends));
    return ends;
}

static void ends_free(Ends *ends)
{
    g_string_free(ends->at_a, TRUE);
    g_string_free(ends->at_b, TRUE);
    g_free(ends);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ends, ends_free)

static void say(NetHost *from, NetHost *to, const char *text)
{
    net_udp_send(from, SIP_PORT, net_host_addr(to), SIP_PORT, text, strlen(text));
}

static Node *proxy_new(Chain *chain)
{
    Node *p = node_with(chain, chain->p, &(SipEndpointConfig){ .via_host = "p.home.example" });
    g_assert_true(sip_endpoint_listen(p->endpoint, SIP_PORT));
    p->forwards = true;
    p->next = flow_to(chain->b);
    return p;
}

/* The proxy's own Via line in what b got. */
static char *own_via(const char *text)
{
    const char *line = strstr(text, "Via: SIP/2.0/UDP p.home.example:5060;branch=z9hG4bK");
    g_assert_nonnull(line);
    return g_strndup(line, (gsize)(strstr(line, "\r\n") + 2 - line));
}

static void test_passes_every_octet(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p G_GNUC_UNUSED = proxy_new(chain);
    g_autoptr(Ends) ends = ends_new(chain);

    say(chain->a, chain->p, odd);
    chain_run(chain, 10 * SIM_MS);
    g_autofree char *via = own_via(ends->at_b->str);
    const char *theirs = strstr(odd, "v: "), *hops = strstr(odd, "70\r\n");
    g_autofree char *expected =
        g_strdup_printf("%.*s%s%.*s69%s", (int)(theirs - odd), odd, via, (int)(hops - theirs), theirs, hops + 2);
    g_assert_cmpstr(ends->at_b->str, ==, expected);
}

static void test_way_back(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p = proxy_new(chain);
    g_autoptr(Ends) ends = ends_new(chain);
    static const char rest[] = "v:   SIP/2.0/UDP [2001:db8:1::1]:5060;branch=z9hG4bKone\r\n"
                               "To : <sip:bob@home.example>;tag=77\r\nf: <sip:alice@home.example>;tag=1\r\n"
                               "i: c1\r\nCSeq:1   MESSAGE\r\nX-Odd:  y \r\nContent-Length: 2\r\n\r\nok";

    say(chain->a, chain->p, odd);
    chain_run(chain, 10 * SIM_MS);
    g_autofree char *via = own_via(ends->at_b->str);
    g_autofree char *response = g_strdup_printf("SIP/2.0 299 Odd reason\r\n%s%s", via, rest);
    g_autofree char *queued = g_strdup_printf("SIP/2.0 182 Queued\r\n%s%s", via, rest);
    g_autofree char *trying = g_strdup_printf("SIP/2.0 100 Trying\r\n%s%s", via, rest);
    g_autofree char *expected = g_strdup_printf("SIP/2.0 299 Odd reason\r\n%s", rest);

    say(chain->b, chain->p, trying); /* goes no further, RFC 3261 §16.7 */
    chain_run(chain, 20 * SIM_MS);
    g_assert_cmpuint(ends->n_a, ==, 0);
    say(chain->b, chain->p, queued);
    chain_run(chain, 30 * SIM_MS);
    g_assert_true(g_str_has_prefix(ends->at_a->str, "SIP/2.0 182 Queued\r\nv:   SIP"));
    say(chain->b, chain->p, response);
    chain_run(chain, 40 * SIM_MS);
    g_assert_cmpstr(ends->at_a->str, ==, expected);
    g_assert_cmpuint(ends->n_a, ==, 2);
    say(chain->b, chain->p, response); /* absorbed */
    chain_run(chain, 50 * SIM_MS);
    g_assert_cmpuint(ends->n_a, ==, 2);
    say(chain->a, chain->p, odd); /* answered from what is stored, not forwarded again */
    chain_run(chain, 60 * SIM_MS);
    g_assert_cmpuint(ends->n_a, ==, 3);
    g_assert_cmpstr(ends->at_a->str, ==, expected);
    g_assert_cmpuint(ends->n_b, ==, 1);
    chain_run(chain, 40 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_transactions(p->endpoint), ==, 0);
}

static void test_no_hop_left(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p = proxy_new(chain);
    g_autoptr(Ends) ends = ends_new(chain);
    g_autofree char *last = g_strdup(odd);

    memcpy(strstr(last, "70\r\n"), "00\r\n", 4);
    say(chain->a, chain->p, last);
    chain_run(chain, 10 * SIM_MS);
    g_assert_true(g_str_has_prefix(ends->at_a->str, "SIP/2.0 483 "));
    g_assert_cmpuint(ends->n_b, ==, 0);
    chain_run(chain, 40 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_transactions(p->endpoint), ==, 0);
}

static void test_without_max_forwards(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p G_GNUC_UNUSED = proxy_new(chain);
    g_autoptr(Ends) ends = ends_new(chain);

    say(chain->a, chain->p,
        "MESSAGE sip:b@b SIP/2.0\r\nVia: SIP/2.0/UDP [2001:db8:1::1];branch=z9hG4bKone\r\n"
        "From: <sip:a@b>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: c1\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n");
    chain_run(chain, 10 * SIM_MS);
    g_assert_nonnull(strstr(ends->at_b->str, "\r\nMax-Forwards: 70\r\n")); /* RFC 3261 §16.6 step 3 */
}

static void test_time_out(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p = proxy_new(chain);
    g_autoptr(Ends) ends = ends_new(chain);

    say(chain->a, chain->p, odd);
    chain_run(chain, 1 * SIM_MS + 32 * SIM_SEC);
    g_assert_cmpuint(ends->n_a, ==, 0);
    g_assert_cmpuint(ends->n_b, ==, 11);
    chain_run(chain, 2 * SIM_MS + 32 * SIM_SEC);
    g_assert_cmpuint(ends->n_a, ==, 1);
    g_assert_true(g_str_has_prefix(ends->at_a->str, "SIP/2.0 408 Request Timeout\r\nv:   SIP"));
    chain_run(chain, 70 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_transactions(p->endpoint), ==, 0);
}

static void test_unreachable(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p = proxy_new(chain);
    g_autoptr(Ends) ends = ends_new(chain);

    p->next.addr = net_addr_make(UINT64_C(0x20010db8ffff0000), 9);
    say(chain->a, chain->p, odd);
    chain_run(chain, 10 * SIM_MS);
    g_assert_true(g_str_has_prefix(ends->at_a->str, "SIP/2.0 500 "));
}

/* ---- a node's part ---- */

typedef struct Part {
    SipFlow next;
    unsigned calls, statuses;
    bool timed_out;
    bool answers_itself;
    SipFlow back;
    bool redirect;
} Part;

static void on_response(void *ctx, SipServerTx *tx, const SipMsg *response, SipEdit *edit, SipFlow *back)
{
    Part *part = ctx;

    part->calls++;
    g_assert_true((response == NULL) == (edit == NULL));
    part->timed_out = response == NULL;
    if (response != NULL) {
        part->statuses += response->status;
        g_assert_nonnull(sip_server_branch(tx));
        g_assert_cmpuint(sip_client_response_flow(sip_server_branch(tx))->port, ==, SIP_PORT);
        sip_edit_append(edit, TEXT("P-Added"), TEXT("back"));
    }
    if (part->redirect)
        *back = part->back;
    if (part->answers_itself)
        sip_respond_status(tx, 480, NULL, NULL);
}

static void forward_with_edits(void *ctx, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    Part *part = ctx;
    SipEdit edit;

    sip_edit_init(&edit, msg);
    sip_edit_push(&edit, SIP_H_RECORD_ROUTE, TEXT("<sip:p.home.example;lr>"));
    sip_edit_remove(&edit, sip_find(msg, "X-Unknown"));
    sip_forward(tx, &edit, &part->next, on_response, part);
}

static void part_of_node(Chain *chain, Part *part, Ends *ends, unsigned status)
{
    SipEndpointConfig config = { .name = "p",
                                 .host = chain->p,
                                 .via_host = "p.home.example",
                                 .timers = &sip_timers_core,
                                 .tcp_above = 1300,
                                 .request = forward_with_edits,
                                 .node = part };

    part->next = flow_to(chain->b);
    SipEndpoint *endpoint = sip_endpoint_new(&config);
    g_assert_true(sip_endpoint_listen(endpoint, SIP_PORT));
    say(chain->a, chain->p, odd);
    chain_run(chain, 10 * SIM_MS);
    g_assert_nonnull(strstr(ends->at_b->str, "\r\nRecord-Route: <sip:p.home.example;lr>\r\n"));
    g_assert_null(strstr(ends->at_b->str, "X-Unknown"));
    if (status != 0) {
        g_autofree char *via = own_via(ends->at_b->str);
        g_autofree char *response =
            g_strdup_printf("SIP/2.0 %u Odd\r\n%sVia: SIP/2.0/UDP [2001:db8:1::1]:5060;branch=z9hG4bKone\r\n"
                            "To: <sip:b@b>;tag=7\r\nFrom: <sip:a@b>;tag=1\r\nCall-ID: c1\r\nCSeq: 1 "
                            "MESSAGE\r\nContent-Length: 0\r\n\r\n",
                            status, via);
        say(chain->b, chain->p, response);
    }
    chain_run(chain, 100 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_transactions(endpoint), ==, 0);
    sip_endpoint_free(endpoint);
}

static void test_edits_both_ways(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Ends) ends = ends_new(chain);
    Part part = { 0 };

    part_of_node(chain, &part, ends, 200);
    g_assert_cmpuint(part.calls, ==, 1);
    g_assert_cmpuint(part.statuses, ==, 200);
    g_assert_nonnull(strstr(ends->at_a->str, "\r\nP-Added: back\r\n"));
    g_assert_null(strstr(ends->at_a->str, "p.home.example"));
}

static void test_back_elsewhere(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Ends) ends = ends_new(chain);
    Part part = { .redirect = true, .back = { .addr = *net_host_addr(chain->a), .port = 6001, .local_port = 6002 } };
    Ends other = { .at_a = g_string_new(NULL) };

    g_assert_true(net_udp_bind(chain->a, 6001, hear, &other));
    part_of_node(chain, &part, ends, 401);
    g_assert_cmpuint(ends->n_a, ==, 0);
    g_assert_cmpuint(other.n_a, ==, 1);
    g_assert_true(g_str_has_prefix(other.at_a->str, "SIP/2.0 401 Odd\r\n"));
    g_string_free(other.at_a, TRUE);
}

static void test_told_of_time_out(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Ends) ends = ends_new(chain);
    Part part = { 0 };

    part_of_node(chain, &part, ends, 0);
    g_assert_cmpuint(part.calls, ==, 1);
    g_assert_true(part.timed_out);
    g_assert_true(g_str_has_prefix(ends->at_a->str, "SIP/2.0 408 "));
}

static void test_answers_itself(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Ends) ends = ends_new(chain);
    Part part = { .answers_itself = true };

    part_of_node(chain, &part, ends, 200);
    g_assert_cmpuint(ends->n_a, ==, 1);
    g_assert_true(g_str_has_prefix(ends->at_a->str, "SIP/2.0 480 "));
}

/* ---- a long request grows over the limit on its way ---- */

static void test_grows_into_tcp(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) a = node_new(chain, chain->a);
    g_autoptr(Node) p = proxy_new(chain);
    g_autoptr(Node) b = node_new(chain, chain->b);

    b->answer = 200;
    node_send(a, chain->p, "MESSAGE", 1000);
    chain_run(chain, 100 * SIM_MS);
    expect_log(chain, "0.001 p got MESSAGE over UDP;0.007 b got MESSAGE over TCP;0.010 a got 200 over UDP;");
    chain_run(chain, 200 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_transactions(a->endpoint) + sip_endpoint_transactions(p->endpoint) +
                         sip_endpoint_transactions(b->endpoint),
                     ==, 0);
}

/* A datagram needs no Content-Length, a stream does. */
static void test_gets_a_length_for_tcp(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p G_GNUC_UNUSED = proxy_new(chain);
    g_autoptr(Node) b = node_new(chain, chain->b);
    g_autofree char *body = g_strnfill(1100, 'x');
    g_autofree char *text =
        g_strdup_printf("MESSAGE sip:b@b SIP/2.0\r\nVia: SIP/2.0/UDP [2001:db8:1::1];branch=z9hG4bKone\r\n"
                        "Max-Forwards: 7\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: c1\r\n"
                        "CSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\n\r\n%s",
                        body);

    say(chain->a, chain->p, text);
    chain_run(chain, 100 * SIM_MS);
    g_assert_cmpuint(b->requests, ==, 1);
    g_assert_cmpint(b->from.transport, ==, SIP_TCP);
    g_assert_nonnull(strstr(b->body, "\r\nContent-Length: 1100\r\n"));
    g_assert_true(g_str_has_suffix(b->body, body));
}

/* ---- contexts ---- */

/* An attacker on "ap": takes the first packet up and puts it back as his own. */
typedef struct Thief {
    Chain *chain;
    TraceId move;
    bool done;
} Thief;

static NetTapVerdict steal(void *ctx, const NetSighting *sighting)
{
    Thief *thief = ctx;
    Sim *sim = thief->chain->sim;

    if (thief->done || sighting->dir != NET_UP)
        return NET_TAP_PASS;
    thief->done = true;
    TraceRecord record = { .kind = TRACE_MOVE, .node = "", .move = { .attacker = "m", .verb = "replays", .text = "" } };
    thief->move = trace_add(sim, &record);
    net_inject(thief->chain->net, sighting->link, sighting->segment, sighting->dir, sighting->packet->kind,
               sighting->packet->data, sighting->packet->len, 0,
               (SimContext){ .cause = thief->move, .origin = thief->move });
    return NET_TAP_TAKE;
}

static const TraceRecord *record_of(Chain *chain, TraceKind kind, const char *node, const char *label)
{
    const Trace *trace = sim_trace(chain->sim);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        if (record->kind == kind && g_str_equal(record->node, node) && g_str_equal(record->message.label, label))
            return record;
    }
    g_error("no record of %s at %s", label, node);
}

static void test_origin(void)
{
    g_autoptr(Chain) chain = chain_new(true);
    g_autoptr(Node) a = node_new(chain, chain->a);
    g_autoptr(Node) p G_GNUC_UNUSED = proxy_new(chain);
    g_autoptr(Node) b = node_new(chain, chain->b);
    Thief thief = { .chain = chain };

    net_tap(chain->net, "ap", steal, &thief);
    b->answer = 200;
    node_send(a, chain->p, "MESSAGE", 10);
    chain_run(chain, 1 * SIM_SEC);
    g_assert_cmpuint(thief.move, !=, 0);
    g_assert_cmpuint(b->origin, ==, thief.move); /* relayed: still the attacker's */
    g_assert_cmpuint(record_of(chain, TRACE_SEND, "a", "MESSAGE")->origin, ==, 0);
    g_assert_cmpuint(record_of(chain, TRACE_RECEIVE, "p", "MESSAGE")->origin, ==, thief.move);
    g_assert_cmpuint(record_of(chain, TRACE_SEND, "p", "MESSAGE")->origin, ==, thief.move);
    g_assert_cmpuint(record_of(chain, TRACE_SEND, "b", "200 OK")->origin, ==, 0); /* b's answer is b's own */
    g_assert_cmpuint(record_of(chain, TRACE_SEND, "p", "200 OK")->origin, ==, 0);
    g_assert_cmpuint(a->origin, ==, 0);

    /* causes: each record leads to the one before it on the way */
    const TraceRecord *received = record_of(chain, TRACE_RECEIVE, "a", "200 OK");
    static const char *const path[] = { "p 200 OK", "p 200 OK", "b 200 OK", "b MESSAGE", "p MESSAGE", "p MESSAGE" };
    for (size_t i = 0; i < G_N_ELEMENTS(path); i++) {
        received = trace_get(sim_trace(chain->sim), received->cause);
        g_autofree char *step = g_strdup_printf("%s %s", received->node, received->message.label);
        g_assert_cmpstr(step, ==, path[i]);
    }
    g_assert_cmpuint(received->cause, ==, thief.move);
    g_assert_cmpstr(record_of(chain, TRACE_SEND, "p", "MESSAGE")->message.peer, ==, "b");
    g_assert_cmpstr(record_of(chain, TRACE_RECEIVE, "b", "MESSAGE")->message.peer, ==, "p");
    g_assert_cmpstr(record_of(chain, TRACE_RECEIVE, "b", "MESSAGE")->message.protection, ==, "clear");
}

/* What is sent again later keeps the context of its own octets. */
static void test_origin_of_what_is_sent_again(void)
{
    g_autoptr(Chain) chain = chain_new(true);
    g_autoptr(Node) a = node_new(chain, chain->a);
    g_autoptr(Node) p G_GNUC_UNUSED = proxy_new(chain);
    Thief thief = { .chain = chain };

    net_tap(chain->net, "ap", steal, &thief);
    node_send(a, chain->p, "MESSAGE", 10);
    chain_run(chain, 10 * SIM_SEC); /* nobody at b: p has sent it several times, a too */
    Node *b = node_new(chain, chain->b);
    b->answer = 200;
    chain_run(chain, 30 * SIM_SEC);
    g_assert_cmpuint(b->requests, ==, 1);
    g_assert_cmpuint(b->origin, ==, thief.move);
    node_free(b);
}

/* The same messages whether or not another subscriber's are there too. */
static char *what_b_gets(bool with_another)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p G_GNUC_UNUSED = proxy_new(chain);
    g_autoptr(Ends) ends = ends_new(chain);
    g_autofree char *other = g_strdup(odd);

    memcpy(strstr(other, "z9hG4bKone"), "z9hG4bKtwo", 10);
    if (with_another)
        say(chain->a, chain->p, other);
    say(chain->a, chain->p, odd);
    chain_run(chain, 10 * SIM_MS);
    return g_strdup(ends->at_b->str);
}

static void test_independent(void)
{
    g_autofree char *alone = what_b_gets(false), *in_company = what_b_gets(true);
    g_assert_cmpstr(alone, ==, in_company);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stack/sip/proxy/passes-every-octet", test_passes_every_octet);
    g_test_add_func("/stack/sip/proxy/responses-go-back-without-our-via", test_way_back);
    g_test_add_func("/stack/sip/proxy/no-hop-left-is-483", test_no_hop_left);
    g_test_add_func("/stack/sip/proxy/max-forwards-is-added", test_without_max_forwards);
    g_test_add_func("/stack/sip/proxy/time-out-is-408", test_time_out);
    g_test_add_func("/stack/sip/proxy/unreachable-is-500", test_unreachable);
    g_test_add_func("/stack/sip/proxy/edits-both-ways", test_edits_both_ways);
    g_test_add_func("/stack/sip/proxy/node-sends-back-elsewhere", test_back_elsewhere);
    g_test_add_func("/stack/sip/proxy/node-is-told-of-a-time-out", test_told_of_time_out);
    g_test_add_func("/stack/sip/proxy/node-answers-itself", test_answers_itself);
    g_test_add_func("/stack/sip/proxy/request-grows-into-tcp", test_grows_into_tcp);
    g_test_add_func("/stack/sip/proxy/stream-gets-a-content-length", test_gets_a_length_for_tcp);
    g_test_add_func("/stack/sip/proxy/origin-and-causes", test_origin);
    g_test_add_func("/stack/sip/proxy/origin-of-what-is-sent-again", test_origin_of_what_is_sent_again);
    g_test_add_func("/stack/sip/proxy/others-do-not-change-our-messages", test_independent);
    return g_test_run();
}
