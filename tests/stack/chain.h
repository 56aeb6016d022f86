/*
 * tests/stack/chain.h - three hosts in a row, "a", "p" and "b", with SIP endpoints where a test wants them.
 *
 * Knows:   nodes/stack/endpoint.h.  One way from a to p takes 1 ms, from p to b 2 ms.
 */
#ifndef PRESEC_TESTS_STACK_CHAIN_H
#define PRESEC_TESTS_STACK_CHAIN_H

#include "nodes/stack/endpoint.h"

#include <string.h>

typedef struct Node Node;

typedef struct Chain {
    Sim *sim;
    Net *net;
    NetHost *a, *p, *b;
    NetLink *ap, *pb;
    GString *log; /* what the nodes saw */
} Chain;

/* A node that logs and does what the test set up. */
struct Node {
    Chain *chain;
    NetHost *host;
    SipEndpoint *endpoint;
    unsigned answer; /* final status it answers requests with; 0: never */
    unsigned first;  /* a provisional status before, 0: none */
    bool forwards;   /* to @next instead */
    SipFlow next;
    unsigned requests; /* seen */
    SipServerTx *tx;   /* of the last request */
    char *body;        /* the last request or response as the node got it, whole */
    SipFlow from;
    TraceId origin;
    unsigned opened, ended; /* TLS connections */
    uint32_t connection;    /* the last opened */
    TlsFailure failure;     /* of the last ended */
};

static const NetLinkSpec chain_ap = { .segment = { { .name = "ap", .delay = 1 * SIM_MS } }, .n_segments = 1 };
static const NetLinkSpec chain_pb = { .segment = { { .name = "pb", .delay = 2 * SIM_MS } }, .n_segments = 1 };

static inline Chain *chain_new(bool trace)
{
    Chain *chain = g_new0(Chain, 1);
    NetAddr a = net_addr_make(UINT64_C(0x20010db800010000), 1), p = net_addr_make(UINT64_C(0x20010db800020000), 2),
            b = net_addr_make(UINT64_C(0x20010db800030000), 3);

    chain->sim = sim_new(&(SimConfig){ .seed = 1, .trace = trace });
    chain->net = net_new(chain->sim);
    chain->a = net_host_new(chain->net, "a", &a);
    chain->p = net_host_new(chain->net, "p", &p);
    chain->b = net_host_new(chain->net, "b", &b);
    net_host_set_router(chain->p, true);
    chain->ap = net_link_new(chain->net, &chain_ap, NULL, chain->a, chain->p);
    chain->pb = net_link_new(chain->net, &chain_pb, NULL, chain->p, chain->b);
    net_route_default(chain->a, chain->ap);
    net_route_default(chain->b, chain->pb);
    net_route_prefix(chain->p, net_addr_prefix(&a), chain->ap);
    net_route_prefix(chain->p, net_addr_prefix(&b), chain->pb);
    chain->log = g_string_new(NULL);
    return chain;
}

static inline void chain_free(Chain *chain)
{
    net_free(chain->net);
    sim_free(chain->sim);
    g_string_free(chain->log, TRUE);
    g_free(chain);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Chain, chain_free)

/* "0.500 " in seconds with milliseconds. */
static inline void chain_stamp(Chain *chain)
{
    SimTime now = sim_now(chain->sim);
    g_string_append_printf(chain->log, "%d.%03d ", (int)(now / SIM_SEC), (int)(now % SIM_SEC / SIM_MS));
}

static inline void chain_run(Chain *chain, SimTime until)
{
    sim_run(chain->sim, until, 0);
}

static inline void node_keep(Node *node, const SipMsg *msg)
{
    g_free(node->body);
    node->body = text_dup(msg->all);
    node->origin = sim_context(node->chain->sim).origin;
}

static inline const char *over(const SipFlow *flow)
{
    return flow->transport == SIP_TLS ? "TLS" : flow->transport == SIP_TCP ? "TCP" : "UDP";
}

static inline void node_request(void *ctx, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    Node *node = ctx;

    node->requests++;
    node->tx = tx;
    node->from = *from;
    node_keep(node, msg);
    chain_stamp(node->chain);
    g_string_append_printf(node->chain->log, "%s got " TEXT_FMT " over %s;", net_host_name(node->host),
                           TEXT_ARG(msg->method_text), over(from));
    if (node->forwards)
        sip_forward(tx, NULL, &node->next, NULL, NULL);
    if (node->first != 0)
        sip_respond_status(tx, node->first, NULL, NULL);
    if (node->answer != 0)
        sip_respond_status(tx, node->answer, NULL, NULL);
}

static inline void node_done(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why)
{
    Node *node = ctx;

    chain_stamp(node->chain);
    if (response != NULL) {
        node->from = *sip_client_response_flow(tx);
        node_keep(node, response);
        g_string_append_printf(node->chain->log, "%s got %u over %s;", net_host_name(node->host), response->status,
                               over(&node->from));
    } else {
        g_string_append_printf(node->chain->log, "%s gave up: %s;", net_host_name(node->host), why);
    }
}

static inline Node *node_with(Chain *chain, NetHost *host, const SipEndpointConfig *more)
{
    Node *node = g_new0(Node, 1);
    SipEndpointConfig config = *more;

    node->chain = chain;
    node->host = host;
    config.name = net_host_name(host);
    config.host = host;
    config.request = node_request;
    config.node = node;
    if (config.timers == NULL)
        config.timers = &sip_timers_core;
    if (config.tcp_above == 0)
        config.tcp_above = 1300;
    node->endpoint = sip_endpoint_new(&config);
    return node;
}

static inline Node *node_new(Chain *chain, NetHost *host)
{
    Node *node = node_with(chain, host, &(SipEndpointConfig){ 0 });
    g_assert_true(sip_endpoint_listen(node->endpoint, SIP_PORT));
    return node;
}

static inline void node_free(Node *node)
{
    sip_endpoint_free(node->endpoint);
    g_free(node->body);
    g_free(node);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Node, node_free)

static inline SipFlow flow_to(NetHost *host)
{
    return (SipFlow){ .addr = *net_host_addr(host), .port = SIP_PORT };
}

/* A request without a Via, its body @len octets long. */
static inline char *request_text(const char *method, size_t len)
{
    g_autofree char *body = g_strnfill(len, 'x');
    return g_strdup_printf("%s sip:bob@home.example SIP/2.0\r\n"
                           "Max-Forwards: 70\r\n"
                           "From: <sip:alice@home.example>;tag=1\r\n"
                           "To: <sip:bob@home.example>\r\n"
                           "Call-ID: call-%s\r\n"
                           "CSeq: 1 %s\r\n"
                           "Content-Type: text/plain\r\n"
                           "Content-Length: %zu\r\n\r\n%s",
                           method, method, method, len, body);
}

static inline SipClientTx *node_send(Node *node, NetHost *to, const char *method, size_t body_len)
{
    g_autofree char *text = request_text(method, body_len);
    SipFlow flow = flow_to(to);
    return sip_send_request(node->endpoint, &flow, text, strlen(text), false, node_done, node);
}

static inline void expect_log(Chain *chain, const char *expected)
{
    g_assert_cmpstr(chain->log->str, ==, expected);
    g_string_truncate(chain->log, 0);
}

#endif
