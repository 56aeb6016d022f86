/*
 * tests/attacker/test_own_node.c - moves inside a proxy that the attacker runs, whatever its transports are.
 *
 * Source:  threats A4, AT-12, AT-17; RFC 3261 §16.6.
 */
#include "nodes/attacker/private.h"
#include "nodes/msg/sip_fields.h"

#include <string.h>

static const NetLinkSpec wire = { .segment = { { .name = "wire", .delay = SIM_MS } }, .n_segments = 1 };

enum { CORE, PROXY, BOB, CAROL, N_HOSTS };

typedef struct Got {
    char *text;
    TraceId origin;
    bool tcp;
} Got;

typedef struct Row Row;
typedef struct Station {
    Row *row;
    unsigned who;
    SipEndpoint *endpoint;
    GPtrArray *got; /* Got *: requests */
} Station;

/* core - proxy - bob, carol: the links to them are called after them. */
struct Row {
    Sim *sim;
    Net *net;
    NetHost *host[N_HOSTS];
    Station station[N_HOSTS];
    Attacker *mallory;
    unsigned finals, timeouts;
};

static void got_free(gpointer data)
{
    Got *got = data;
    g_free(got->text);
    g_free(got);
}

static SipFlow flow_to(const Row *row, unsigned who)
{
    return (SipFlow){ .addr = *net_host_addr(row->host[who]), .port = SIP_PORT };
}

static void on_request(void *node, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    Station *station = node;
    Row *row = station->row;
    Got *got = g_new0(Got, 1);
    *got = (Got){ text_dup(msg->all), sim_context(row->sim).origin, from->transport == SIP_TCP };
    g_ptr_array_add(station->got, got);
    if (station->who != PROXY) {
        sip_respond_status(tx, 200, NULL, NULL);
        return;
    }
    SipFlow to = flow_to(row, text_starts(msg->uri, "sip:bob")     ? BOB
                              : text_starts(msg->uri, "sip:carol") ? CAROL
                                                                   : CORE);
    sip_forward(tx, NULL, &to, NULL, NULL);
}

static Row *row_new(const Move *move)
{
    static const char *const names[] = { "core", "proxy", "bob", "carol" };
    Row *row = g_new0(Row, 1);
    row->sim = sim_new(&(SimConfig){ .seed = 5, .trace = true });
    row->net = net_new(row->sim);
    for (unsigned i = 0; i < N_HOSTS; i++) {
        NetAddr addr = net_addr_make(UINT64_C(0x20010db800000000) + (i << 8), 1);
        row->host[i] = net_host_new(row->net, names[i], &addr);
        row->station[i] = (Station){ row, i, NULL, g_ptr_array_new_with_free_func(got_free) };
        row->station[i].endpoint = sip_endpoint_new(&(SipEndpointConfig){ .name = names[i],
                                                                          .host = row->host[i],
                                                                          .timers = &sip_timers_core,
                                                                          .tcp_above = 1300,
                                                                          .request = on_request,
                                                                          .node = &row->station[i] });
        g_assert_true(sip_endpoint_listen(row->station[i].endpoint, SIP_PORT));
        if (i == PROXY)
            continue;
        NetHost *proxy = net_host_by_name(row->net, "proxy");
        if (proxy == NULL) /* the core is there first */
            continue;
        NetLink *link = net_link_new(row->net, &wire, names[i], row->host[i], proxy);
        net_route_default(row->host[i], link);
        net_route_addr(proxy, &addr, link);
    }
    NetLink *link = net_link_new(row->net, &wire, NULL, row->host[CORE], row->host[PROXY]);
    net_route_default(row->host[CORE], link);
    net_route_default(row->host[PROXY], link);
    row->mallory = attacker_new(row->net, &(AttackerConfig){ .name = "mallory", .position = "A4" });
    attacker_run_node(row->mallory, "pcscf:bob", row->host[PROXY], row->station[PROXY].endpoint);
    attacker_add_move(row->mallory, move);
    return row;
}

static void row_free(Row *row)
{
    for (unsigned i = 0; i < N_HOSTS; i++) {
        sip_endpoint_free(row->station[i].endpoint);
        g_ptr_array_unref(row->station[i].got);
    }
    attacker_free(row->mallory);
    net_free(row->net);
    sim_free(row->sim);
    g_free(row);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Row, row_free)

static void on_done(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why)
{
    Row *row = ctx;
    row->timeouts += response == NULL;
    row->finals += response != NULL && response->status == 200;
}

static void say(Row *row, unsigned from, const char *method, const char *uri, size_t body)
{
    g_autofree char *filler = g_strnfill(body, 'x');
    g_autofree char *text = g_strdup_printf("%s %s SIP/2.0\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\n"
                                            "To: <sip:c@d>\r\nCall-ID: c1\r\nCSeq: 1 %s\r\nSubject: genuine\r\n"
                                            "Content-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%s",
                                            method, uri, method, body, filler);
    SipFlow to = flow_to(row, PROXY);
    sip_send_request(row->station[from].endpoint, &to, text, strlen(text), false, on_done, row);
    sim_run(row->sim, sim_now(row->sim) + 40 * SIM_SEC, 0);
}

static const Got *got(const Row *row, unsigned who, guint n)
{
    return n < row->station[who].got->len ? row->station[who].got->pdata[n] : NULL;
}

static const MoveEdit subject = { .kind = EDIT_SET_HEADER, .header = "Subject", .value = "his" };

static void test_edit_towards_one_user(void)
{
    static const Move move = { .verb = MOVE_EDIT,
                               .match = { .segment = "pcscf:bob", .message = "NOTIFY", .dir = NET_DOWN },
                               .edits = &subject,
                               .n_edits = 1 };
    g_autoptr(Row) row = row_new(&move);
    say(row, CORE, "NOTIFY", "sip:carol", 10);
    say(row, CORE, "NOTIFY", "sip:bob", 10);
    say(row, CORE, "MESSAGE", "sip:bob", 10);
    say(row, BOB, "NOTIFY", "sip:core", 10);
    g_assert_nonnull(strstr(got(row, CAROL, 0)->text, "Subject: genuine"));
    g_assert_cmpuint(got(row, CAROL, 0)->origin, ==, 0);
    g_assert_nonnull(strstr(got(row, BOB, 0)->text, "Subject: his"));
    const TraceRecord *record = trace_get(sim_trace(row->sim), got(row, BOB, 0)->origin);
    g_assert_cmpstr(record->move.verb, ==, "edit");
    g_assert_nonnull(strstr(got(row, BOB, 1)->text, "Subject: genuine"));
    g_assert_nonnull(strstr(got(row, CORE, 0)->text, "Subject: genuine"));
    g_assert_cmpuint(attacker_moves(row->mallory), ==, 1);
    g_assert_cmpuint(row->finals, ==, 4);
}

static void test_edit_from_one_user(void)
{
    static const Move move = { .verb = MOVE_EDIT,
                               .match = { .segment = "pcscf:bob", .message = "SUBSCRIBE", .dir = NET_UP },
                               .edits = &subject,
                               .n_edits = 1 };
    g_autoptr(Row) row = row_new(&move);
    say(row, CAROL, "SUBSCRIBE", "sip:core", 0);
    say(row, BOB, "SUBSCRIBE", "sip:core", 0);
    g_assert_nonnull(strstr(got(row, CORE, 0)->text, "Subject: genuine"));
    g_assert_nonnull(strstr(got(row, CORE, 1)->text, "Subject: his"));
}

static void test_edit_over_tcp(void)
{
    static const Move move = {
        .verb = MOVE_EDIT, .match = { .segment = "pcscf:bob", .dir = NET_DOWN }, .edits = &subject, .n_edits = 1
    };
    g_autoptr(Row) row = row_new(&move);
    say(row, CORE, "NOTIFY", "sip:bob", 5000);
    g_assert_true(got(row, BOB, 0)->tcp);
    g_assert_nonnull(strstr(got(row, BOB, 0)->text, "Subject: his"));
    g_assert_cmpuint(row->finals, ==, 1);
}

static void test_drop(void)
{
    static const Move move = { .verb = MOVE_DROP,
                               .match = { .segment = "pcscf:bob", .message = "NOTIFY", .dir = NET_DOWN, .first = 1 } };
    g_autoptr(Row) row = row_new(&move);
    say(row, CORE, "NOTIFY", "sip:bob", 0);
    say(row, CORE, "NOTIFY", "sip:bob", 0);
    g_assert_cmpuint(row->station[BOB].got->len, ==, 1);
    g_assert_cmpuint(row->finals, ==, 1);
}

/* AT-17: in a transaction of its own, so that no transaction layer takes it for a retransmission. */
static void test_replay(void)
{
    static const Move move = { .verb = MOVE_REPLAY,
                               .match = { .segment = "pcscf:bob", .message = "SUBSCRIBE", .dir = NET_UP },
                               .delay = 5 * SIM_SEC };
    g_autoptr(Row) row = row_new(&move);
    say(row, BOB, "SUBSCRIBE", "sip:core", 0);
    g_assert_cmpuint(row->station[CORE].got->len, ==, 2); /* and not a third for the second */
    g_assert_cmpuint(got(row, CORE, 0)->origin, ==, 0);
    const TraceRecord *record = trace_get(sim_trace(row->sim), got(row, CORE, 1)->origin);
    g_assert_cmpstr(record->move.verb, ==, "replay");
    char *first = strstr(got(row, CORE, 0)->text, "branch="), *second = strstr(got(row, CORE, 1)->text, "branch=");
    g_assert_true(strncmp(first, second, 30) != 0);
    g_assert_cmpstr(strstr(first, "Max-Forwards"), ==, strstr(second, "Max-Forwards"));
}

static void test_inject(void)
{
    static const Move move = { .verb = MOVE_INJECT,
                               .match = { .segment = "pcscf:bob", .dir = NET_UP },
                               .at = 60 * SIM_SEC,
                               .template_text = "PUBLISH sip:alice@home.example SIP/2.0\nMax-Forwards: 70\n"
                                                "From: <sip:a@b>;tag=${token}\nTo: <sip:c@d>\nCall-ID: ${token}\n"
                                                "CSeq: 1 PUBLISH\nP-Asserted-Identity: <sip:alice@home.example>\n\nx" };
    g_autoptr(Row) row = row_new(&move);
    say(row, BOB, "SUBSCRIBE", "sip:core", 0); /* from then on he knows where the core is */
    say(row, CAROL, "SUBSCRIBE", "sip:core", 0);
    const Got *his = got(row, CORE, 2);
    g_assert_nonnull(strstr(his->text, "P-Asserted-Identity"));
    const TraceRecord *record = trace_get(sim_trace(row->sim), his->origin);
    g_assert_cmpstr(record->move.verb, ==, "inject");
}

static void test_verbs_for_packets_do_nothing(void)
{
    static const MoveVerb verbs[] = { MOVE_FLIP, MOVE_REFLECT, MOVE_DELAY, MOVE_STEER, MOVE_ROGUE_PROXY };
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
        Move move = { .verb = verbs[i], .match = { .segment = "pcscf:bob", .dir = -1 } };
        g_autoptr(Row) row = row_new(&move);
        say(row, CORE, "NOTIFY", "sip:bob", 0);
        g_assert_cmpuint(row->finals, ==, 1);
        g_assert_cmpuint(attacker_moves(row->mallory), ==, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attacker/own-node/edit-towards-one-user", test_edit_towards_one_user);
    g_test_add_func("/attacker/own-node/edit-from-one-user", test_edit_from_one_user);
    g_test_add_func("/attacker/own-node/edit-over-tcp", test_edit_over_tcp);
    g_test_add_func("/attacker/own-node/drop", test_drop);
    g_test_add_func("/attacker/own-node/replay", test_replay);
    g_test_add_func("/attacker/own-node/inject", test_inject);
    g_test_add_func("/attacker/own-node/verbs-for-packets-do-nothing", test_verbs_for_packets_do_nothing);
    return g_test_run();
}
