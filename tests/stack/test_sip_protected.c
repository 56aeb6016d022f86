/*
 * tests/stack/test_sip_protected.c - SIP through the four SAs: which ports each message takes, over UDP and TCP.
 *
 * Source:  TS 33.203 §7.1: over UDP everything leaves from the client port to the server port; a TCP connection is
 * opened from client port to server port and carries both directions.
 */
#include "nodes/stack/sad.h"
#include "tests/stack/chain.h"

enum { UC = 50001, US = 50002, PC = 50003, PS = 50004 };

/* a is the UE, p the P-CSCF. */
typedef struct Gm {
    Chain *chain;
    Node *ue, *pcscf;
    Sad *ue_sad, *pcscf_sad;
    SaSetId ue_set, pcscf_set;
    unsigned clear; /* packets on the air that are not ESP */
} Gm;

/* The callbacks get the Node only. */
static Gm *gm_of;

static Sad *sad_of(const Node *node)
{
    return node == gm_of->ue ? gm_of->ue_sad : gm_of->pcscf_sad;
}

static uint16_t ue_ports(void *node, const NetAddr *dst, uint16_t dport, uint16_t *via_port)
{
    *via_port = US;
    return UC;
}

static uint16_t pcscf_ports(void *node, const NetAddr *dst, uint16_t dport, uint16_t *via_port)
{
    *via_port = PS;
    return PC;
}

static const char *protection(void *ctx, const SipFlow *flow, TraceId *record)
{
    Sad *sad = sad_of(ctx);
    SaSetId id = flow->sa != 0 ? flow->sa : sad_outbound(sad, &flow->addr, flow->local_port, flow->port);
    *record = sad_record(sad, id);
    return id != 0 ? sad_protection(sad, id) : NULL;
}

static NetTapVerdict look(void *ctx, const NetSighting *sighting)
{
    Gm *gm = ctx;
    gm->clear += sighting->packet->data[6] != 50;
    return NET_TAP_PASS;
}

static Gm *gm_new(void)
{
    Gm *gm = gm_of = g_new0(Gm, 1);
    Chain *chain = gm->chain = chain_new(true);
    SaParams params = { .ue = *net_host_addr(chain->a),
                        .pcscf = *net_host_addr(chain->p),
                        .spi_uc = 1001,
                        .spi_us = 1002,
                        .spi_pc = 1003,
                        .spi_ps = 1004,
                        .port_uc = UC,
                        .port_us = US,
                        .port_pc = PC,
                        .port_ps = PS,
                        .alg = ESP_HMAC_SHA1_96,
                        .ealg = ESP_AES_CBC,
                        .user = "alice" };

    gm->ue_sad = sad_new(chain->a, "a", SAD_UE, NULL);
    gm->pcscf_sad = sad_new(chain->p, "p", SAD_PCSCF, NULL);
    gm->ue_set = sad_add(gm->ue_sad, &params, true);
    gm->pcscf_set = sad_add(gm->pcscf_sad, &params, true);
    gm->ue = node_with(chain, chain->a, &(SipEndpointConfig){ .source_port = ue_ports, .protection = protection });
    gm->pcscf =
        node_with(chain, chain->p, &(SipEndpointConfig){ .source_port = pcscf_ports, .protection = protection });
    g_assert_true(sip_endpoint_listen(gm->ue->endpoint, US));
    g_assert_true(sip_endpoint_listen(gm->pcscf->endpoint, PS));
    gm->ue->answer = gm->pcscf->answer = 200;
    net_tap(chain->net, "ap", look, gm);
    return gm;
}

static void gm_free(Gm *gm)
{
    node_free(gm->ue);
    node_free(gm->pcscf);
    sad_free(gm->ue_sad);
    sad_free(gm->pcscf_sad);
    chain_free(gm->chain);
    g_free(gm);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gm, gm_free)

static void request(Gm *gm, Node *from, NetHost *to, uint16_t port, size_t body)
{
    g_autofree char *text = request_text("MESSAGE", body);
    SipFlow flow = { .addr = *net_host_addr(to), .port = port };
    sip_send_request(from->endpoint, &flow, text, strlen(text), false, node_done, from);
    chain_run(gm->chain, sim_now(gm->chain->sim) + 1 * SIM_SEC);
}

static void test_udp(void)
{
    g_autoptr(Gm) gm = gm_new();

    request(gm, gm->ue, gm->chain->p, PS, 10);
    expect_log(gm->chain, "0.001 p got MESSAGE over UDP;0.002 a got 200 over UDP;");
    g_assert_cmpuint(gm->pcscf->from.port, ==, UC);
    g_assert_cmpuint(gm->pcscf->from.local_port, ==, PS);
    g_assert_cmpuint(gm->pcscf->from.sa, ==, gm->pcscf_set);
    g_assert_nonnull(strstr(gm->pcscf->body, "Via: SIP/2.0/UDP [2001:db8:1::1]:50002;branch="));
    g_assert_cmpuint(gm->ue->from.port, ==, PC); /* the answer comes through SA 3 */
    g_assert_cmpuint(gm->ue->from.local_port, ==, US);
    g_assert_cmpuint(gm->ue->from.sa, ==, gm->ue_set);

    request(gm, gm->pcscf, gm->chain->a, US, 10);
    expect_log(gm->chain, "1.001 a got MESSAGE over UDP;1.002 p got 200 over UDP;");
    g_assert_cmpuint(gm->ue->from.port, ==, PC);
    g_assert_cmpuint(gm->pcscf->from.port, ==, UC);
    g_assert_cmpuint(gm->pcscf->from.local_port, ==, PS);
    g_assert_cmpuint(gm->clear, ==, 0);
}

static void test_tcp(void)
{
    g_autoptr(Gm) gm = gm_new();

    request(gm, gm->ue, gm->chain->p, PS, 2000); /* pair 1 */
    expect_log(gm->chain, "0.003 p got MESSAGE over TCP;0.004 a got 200 over TCP;");
    g_assert_cmpuint(gm->pcscf->from.port, ==, UC);
    g_assert_cmpuint(gm->ue->from.port, ==, PS);
    g_assert_cmpuint(gm->ue->from.local_port, ==, UC);
    g_assert_cmpuint(gm->ue->from.sa, ==, gm->ue_set);
    request(gm, gm->pcscf, gm->chain->a, US, 2000); /* pair 2 */
    expect_log(gm->chain, "1.003 a got MESSAGE over TCP;1.004 p got 200 over TCP;");
    g_assert_cmpuint(gm->ue->from.port, ==, PC);
    g_assert_cmpuint(gm->pcscf->from.port, ==, US);
    g_assert_cmpuint(sip_endpoint_connections(gm->ue->endpoint), ==, 2);
    g_assert_cmpuint(gm->clear, ==, 0);
    chain_run(gm->chain, 200 * SIM_SEC); /* closing is protected too */
    g_assert_cmpuint(sip_endpoint_connections(gm->ue->endpoint), ==, 0);
    g_assert_cmpuint(sip_endpoint_connections(gm->pcscf->endpoint), ==, 0);
    g_assert_cmpuint(gm->clear, ==, 0);
    g_string_truncate(gm->chain->log, 0);
    request(gm, gm->ue, gm->chain->p, PS, 2000); /* from the same port again */
    expect_log(gm->chain, "200.003 p got MESSAGE over TCP;200.004 a got 200 over TCP;");
}

static void test_close_before_removing(void)
{
    g_autoptr(Gm) gm = gm_new();

    request(gm, gm->ue, gm->chain->p, PS, 2000);
    sip_endpoint_close_flow(gm->ue->endpoint, net_host_addr(gm->chain->p), PS, UC);
    chain_run(gm->chain, 2 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_connections(gm->pcscf->endpoint), ==, 0);
    sad_remove(gm->ue_sad, gm->ue_set);
    sad_remove(gm->pcscf_sad, gm->pcscf_set);
    chain_run(gm->chain, 400 * SIM_SEC);
    g_assert_cmpuint(gm->clear, ==, 0);
    g_assert_cmpuint(trace_count_drops(sim_trace(gm->chain->sim), "", "esp-no-outbound-sa"), ==, 0);
}

static void test_records(void)
{
    g_autoptr(Gm) gm = gm_new();
    const Trace *trace = sim_trace(gm->chain->sim);
    unsigned n = 0;

    request(gm, gm->ue, gm->chain->p, PS, 10);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        if (record->kind != TRACE_SEND && record->kind != TRACE_RECEIVE)
            continue;
        n++;
        g_assert_cmpstr(record->message.protection, ==, "ESP aes-cbc hmac-sha-1-96");
        const TraceRecord *sa = trace_get(trace, record->because);
        g_assert_nonnull(sa);
        g_assert_cmpint(sa->kind, ==, TRACE_SA);
        g_assert_cmpstr(sa->node, ==, record->node);
    }
    g_assert_cmpuint(n, ==, 4);
}

/* No SA any more: told at once, not after 32 s. */
static void test_without_sa(void)
{
    g_autoptr(Gm) gm = gm_new();

    sad_remove(gm->ue_sad, gm->ue_set);
    request(gm, gm->ue, gm->chain->p, PS, 10);
    expect_log(gm->chain, "0.000 a gave up: no security association for these ports;");
    g_assert_cmpuint(gm->clear, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stack/sip/protected/udp-takes-sa-1-and-3", test_udp);
    g_test_add_func("/stack/sip/protected/tcp-takes-both-pairs", test_tcp);
    g_test_add_func("/stack/sip/protected/connections-close-inside-their-sas", test_close_before_removing);
    g_test_add_func("/stack/sip/protected/records-name-the-sa", test_records);
    g_test_add_func("/stack/sip/protected/nothing-without-an-sa", test_without_sa);
    return g_test_run();
}
