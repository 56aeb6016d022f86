/*
 * tests/stack/test_sip_tamper.c - a proxy whose operator changes, withholds or lengthens what it forwards.
 *
 * Source:  threats A4; RFC 3261 §18.1.1 (the transport follows from the length).
 */
#include "tests/stack/chain.h"

typedef struct Operator {
    SipTamper tamper;
    Node *proxy;
    bool withholds;
    const char *sought; /* what he acts on: part of a message */
    const char *with;   /* put in its place */
    unsigned asked;
} Operator;

static SipTampering act(void *ctx, SipEndpoint *endpoint, const SipFlow *to, const char *octets, size_t len,
                        SipTampered *out)
{
    Operator *his = ctx;
    Sim *sim = his->proxy->chain->sim;
    const char *at = memmem(octets, len, his->sought, strlen(his->sought));

    his->asked++;
    if (at == NULL)
        return SIP_SENT_AS_IT_IS;
    if (his->withholds)
        return SIP_WITHHELD;
    out->octets = sim_text(sim, "%.*s%s%.*s", (int)(at - octets), octets, his->with,
                           (int)(len - (size_t)(at - octets) - strlen(his->sought)), at + strlen(his->sought));
    out->len = len - strlen(his->sought) + strlen(his->with);
    out->move =
        trace_add(sim, &(TraceRecord){ .kind = TRACE_MOVE,
                                       .node = "operator",
                                       .move = { .attacker = "operator", .verb = "edit", .text = "changes it" } });
    return SIP_SENT_CHANGED;
}

typedef struct Row {
    Chain *chain;
    Node *a, *p, *b;
    Operator boss;
} Row;

static Row *row_new(const char *sought, const char *with)
{
    Row *row = g_new0(Row, 1);
    row->chain = chain_new(true);
    row->a = node_new(row->chain, row->chain->a);
    row->p = node_new(row->chain, row->chain->p);
    row->b = node_new(row->chain, row->chain->b);
    row->b->answer = 200;
    row->p->forwards = true;
    row->p->next = flow_to(row->chain->b);
    row->boss = (Operator){ .tamper = { .outgoing = act }, .proxy = row->p, .sought = sought, .with = with };
    row->boss.tamper.ctx = &row->boss;
    sip_endpoint_add_tamper(row->p->endpoint, &row->boss.tamper);
    return row;
}

static void row_free(Row *row)
{
    node_free(row->a);
    node_free(row->p);
    node_free(row->b);
    chain_free(row->chain);
    g_free(row);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Row, row_free)

static void message(Row *row)
{
    static const char text[] = "MESSAGE sip:bob@home.example SIP/2.0\r\n"
                               "Max-Forwards: 70\r\n"
                               "From: <sip:alice@home.example>;tag=1\r\n"
                               "To: <sip:bob@home.example>\r\n"
                               "Call-ID: c1\r\n"
                               "CSeq: 1 MESSAGE\r\n"
                               "Subject: lunch\r\n"
                               "Content-Length: 0\r\n\r\n";
    SipFlow to = flow_to(row->chain->p);
    sip_send_request(row->a->endpoint, &to, text, strlen(text), false, node_done, row->a);
    chain_run(row->chain, 40 * SIM_SEC);
}

static void test_request_changed(void)
{
    g_autoptr(Row) row = row_new("lunch", "dinner");
    message(row);
    g_assert_nonnull(strstr(row->b->body, "Subject: dinner"));
    const TraceRecord *move = trace_get(sim_trace(row->chain->sim), row->b->origin);
    g_assert_nonnull(move);
    g_assert_cmpstr(move->move.attacker, ==, "operator"); /* the octets are his now */
    g_assert_nonnull(strstr(row->chain->log->str, "a got 200 over UDP"));
    g_assert_cmpuint(row->a->origin, ==, 0); /* the answer is b's own */
    g_assert_cmpuint(row->boss.asked, ==, 2);
}

static void test_response_changed(void)
{
    g_autoptr(Row) row = row_new("SIP/2.0 200 OK", "SIP/2.0 486 Busy");
    message(row);
    g_assert_nonnull(strstr(row->b->body, "Subject: lunch"));
    g_assert_nonnull(strstr(row->chain->log->str, "a got 486 over UDP"));
    g_assert_cmpuint(row->a->origin, !=, 0);
}

static void test_long_ones_go_over_tcp(void)
{
    g_autofree char *subject = g_strnfill(1300, 'x');
    g_autoptr(Row) row = row_new("lunch", subject);
    message(row);
    g_assert_nonnull(strstr(row->chain->log->str, "b got MESSAGE over TCP"));
    g_assert_nonnull(strstr(row->b->body, "SIP/2.0/TCP"));
    g_assert_nonnull(strstr(row->chain->log->str, "a got 200 over UDP"));
}

static void test_request_withheld(void)
{
    g_autoptr(Row) row = row_new("Subject", "");
    row->boss.withholds = true;
    message(row);
    g_assert_cmpuint(row->b->requests, ==, 0);
    g_assert_nonnull(strstr(row->chain->log->str, "a gave up: timer F"));
}

static void test_response_withheld(void)
{
    g_autoptr(Row) row = row_new("SIP/2.0 200", "");
    row->boss.withholds = true;
    message(row);
    g_assert_cmpuint(row->b->requests, ==, 1);
    g_assert_null(strstr(row->chain->log->str, "a got 200"));
}

static void test_what_is_no_message_is_not_sent(void)
{
    static const char *const sought[] = { "CSeq: 1 MESSAGE\r\n", "SIP/2.0 200 OK" };
    for (size_t i = 0; i < G_N_ELEMENTS(sought); i++) {
        g_autoptr(Row) row = row_new(sought[i], ":\r\n");
        message(row);
        g_assert_cmpuint(row->b->requests, ==, i);
        g_assert_null(strstr(row->chain->log->str, "a got 200"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stack/tamper/request-changed", test_request_changed);
    g_test_add_func("/stack/tamper/response-changed", test_response_changed);
    g_test_add_func("/stack/tamper/long-ones-go-over-tcp", test_long_ones_go_over_tcp);
    g_test_add_func("/stack/tamper/request-withheld", test_request_withheld);
    g_test_add_func("/stack/tamper/response-withheld", test_response_withheld);
    g_test_add_func("/stack/tamper/what-is-no-message-is-not-sent", test_what_is_no_message_is_not_sent);
    return g_test_run();
}
