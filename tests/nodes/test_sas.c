/*
 * Which security associations carry what, and when they go: TS 33.203 §7.1, §7.3, §7.4.
 */
#include "tests/nodes/support/little_ims.h"
#include <string.h>

static LittleIms *registered(int64_t seconds)
{
    LittleConfig config = little_config(6, 6, true);
    config.scscf.registration_seconds = seconds;
    LittleIms *ims = little_ims_new(&config);
    ue_register(ims->ue[0].ue);
    ue_register(ims->ue[1].ue);
    little_run(ims, 20);
    g_assert_true(ue_registered(ims->ue[0].ue));
    return ims;
}

static unsigned sas(const LittleIms *ims, const char *node, bool made)
{
    const Trace *trace = sim_trace(ims->sim);
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        n += r->kind == TRACE_SA && strcmp(r->node, node) == 0 && r->sa.made == made;
    }
    return n;
}

static unsigned sas_now(const LittleIms *ims, const char *node)
{
    return sas(ims, node, true) - sas(ims, node, false);
}

/* One set of four SAs, as one node records it. */
static unsigned set_records(void)
{
    LittleIms *ims = registered(0);
    unsigned n = sas_now(ims, "alice");
    little_ims_finish(ims);
    return n;
}

static void test_lost_sas_end_with_the_registration(void)
{
    LittleIms *ims = registered(100);
    unsigned set = sas_now(ims, "alice");
    net_host_set_ip_hook(ims->ue[0].host, NULL); /* nothing of hers is understood any more */
    little_run(ims, 800);
    g_assert_cmpuint(set, >, 0);
    g_assert_false(ue_registered(ims->ue[0].ue));
    g_assert_cmpuint(sas_now(ims, "alice"), ==, 0);
    little_ims_finish(ims);
}

/* However often she re-registers, there are never more than three sets, of which two only linger. */
static void test_never_more_than_six_sas_in_a_direction(void)
{
    unsigned set = set_records();
    LittleIms *ims = registered(0);
    unsigned of_bob = set;
    for (unsigned i = 0; i < 6; i++) {
        ue_reregister(ims->ue[0].ue);
        little_run(ims, 10);
        ue_publish(ims->ue[0].ue, true, "still here");
        little_run(ims, 5);
        g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
        g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
        g_assert_cmpuint(sas_now(ims, "pcscf"), <=, of_bob + 3 * set);
    }
    little_run(ims, 300);
    g_assert_cmpuint(sas_now(ims, "pcscf"), ==, of_bob + set);
    g_assert_cmpuint(sas_now(ims, "alice"), ==, set);
    little_ims_finish(ims);
}

static NetTapVerdict drop_big_esp_down(void *ctx, const NetSighting *sighting)
{
    const bool *on = ctx;
    bool esp = sighting->packet->kind == NET_IP && sighting->packet->data[6] == 50;
    return *on && esp && sighting->dir == NET_DOWN ? NET_TAP_TAKE : NET_TAP_PASS;
}

/* SM12 does not arrive: the P-CSCF still reaches her on the old SAs, and she it. */
static void test_old_sas_serve_when_sm12_is_lost(void)
{
    LittleIms *ims = registered(0);
    bool on = false;
    net_tap(ims->net, "gi:alice", drop_big_esp_down, &on);
    ue_reregister(ims->ue[0].ue);
    little_run(ims, 0.5); /* SM6 came on the old SAs */
    while (little_count(ims, TRACE_RECEIVE, "alice", "401 Unauthorized") < 2)
        little_run(ims, 0.1);
    on = true; /* SM12 and what repeats it is lost */
    little_run(ims, 140);
    on = false;
    ue_message(ims->ue[1].ue, ims->ue[0].impu, "are you there?");
    little_run(ims, 10);
    g_assert_cmpint(little_outcome(ims, "bob", "message"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "alice", NULL), ==, 1);
    little_ims_finish(ims);
}

static char *clear_register(const LittleUe *u, const char *security, const char *more)
{
    char addr[NET_ADDR_TEXT_MAX];
    net_addr_text(net_host_addr(u->host), addr);
    return g_strdup_printf("REGISTER sip:home.example SIP/2.0\r\nVia: SIP/2.0/UDP [%s]:5060;branch=z9hG4bK%s\r\n"
                           "Max-Forwards: 70\r\nFrom: <%s>;tag=f\r\nTo: <%s>\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\n"
                           "Contact: <sip:[%s]:5065>\r\nAuthorization: Digest username=\"%s\",realm=\"home.example\","
                           "nonce=\"\",uri=\"sip:home.example\",response=\"\"\r\n%s"
                           "Security-Client: ipsec-3gpp;alg=hmac-sha-1-96;%s\r\nContent-Length: 0\r\n\r\n",
                           addr, more[0] != '\0' ? "b" : "a", u->impu, u->impu, addr, u->impi, more, security);
}

static void ask(LittleIms *ims, const char *octets)
{
    net_udp_send(ims->ue[0].host, 5060, net_host_addr(pcscf_host(ims->pcscf)), 5060, octets, strlen(octets));
    little_run(ims, 10);
}

static void test_port_uc_in_use_is_refused(void)
{
    LittleIms *ims = registered(0);
    g_autofree char *octets = clear_register(&ims->ue[0], "spi-c=5001;spi-s=5002;port-c=5066;port-s=5065", "");
    ask(ims, octets);
    g_assert_true(little_decided(ims, "pcscf", "pcscf-port-in-use"));
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "pcscf", "403 Forbidden"), ==, 1);
    little_ims_finish(ims);
}

static void test_unprotected_ports_are_not_offered(void)
{
    LittleIms *ims = registered(0);
    g_autofree char *octets = clear_register(&ims->ue[0], "spi-c=5001;spi-s=5002;port-c=5060;port-s=5065", "");
    ask(ims, octets);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "pcscf", "494 Security Agreement Required"), ==, 1);
    little_ims_finish(ims);
}

static void test_unknown_proxy_options_are_refused(void)
{
    LittleIms *ims = registered(0);
    g_autofree char *octets = clear_register(&ims->ue[0], "spi-c=5001;spi-s=5002;port-c=6001;port-s=5065",
                                             "Proxy-Require: sec-agree, teleport\r\n");
    ask(ims, octets);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "pcscf", "420 Bad Extension"), ==, 1);
    little_ims_finish(ims);
}

/* The same SAs, but the P-CSCF no longer knows them: the UE finds out and begins again. */
static void test_ue_begins_again_when_the_pcscf_forgot(void)
{
    LittleIms *ims = registered(0);
    net_host_set_ip_hook(pcscf_host(ims->pcscf), NULL); /* ESP is not understood there now */
    ue_reregister(ims->ue[0].ue);
    little_run(ims, 300);
    g_assert_true(little_decided(ims, "alice", "ue-starts-anew"));
    g_assert_cmpuint(little_count(ims, TRACE_RECEIVE, "pcscf", "REGISTER"), >, 4);
    little_ims_finish(ims);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodes/sas/they-end-with-the-registration", test_lost_sas_end_with_the_registration);
    g_test_add_func("/nodes/sas/never-more-than-six-in-a-direction", test_never_more_than_six_sas_in_a_direction);
    g_test_add_func("/nodes/sas/the-old-ones-serve-when-sm12-is-lost", test_old_sas_serve_when_sm12_is_lost);
    g_test_add_func("/nodes/sas/port-uc-in-use-is-refused", test_port_uc_in_use_is_refused);
    g_test_add_func("/nodes/sas/unprotected-ports-are-not-offered", test_unprotected_ports_are_not_offered);
    g_test_add_func("/nodes/sas/unknown-proxy-options-are-refused", test_unknown_proxy_options_are_refused);
    g_test_add_func("/nodes/sas/the-ue-begins-again-when-the-p-cscf-forgot",
                    test_ue_begins_again_when_the_pcscf_forgot);
    return g_test_run();
}
