/*
 * Registration from SM1 to SM12 over the air, the P-CSCF, the core and the HSS, with the failure cases of TS 33.203
 * §6.1.2, §6.1.3 and §7.3.
 */
#include "tests/nodes/support/little_ims.h"
#include <string.h>

static LittleIms *run_registration(const LittleConfig *config)
{
    LittleIms *ims = little_ims_new(config);
    ue_register(ims->ue[0].ue);
    little_run(ims, 60);
    if (g_test_verbose())
        little_print(ims);
    return ims;
}

/* The newest SA of a node: "des-ede3-cbc", "null", "" when none. */
static const char *newest_ealg(const LittleIms *ims, const char *node)
{
    const Trace *trace = sim_trace(ims->sim);
    const char *ealg = "";
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_SA && strcmp(r->node, node) == 0 && r->sa.made)
            ealg = r->sa.ealg;
    }
    return ealg;
}

static unsigned count_sas(const LittleIms *ims, const char *node, bool made)
{
    const Trace *trace = sim_trace(ims->sim);
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        n += r->kind == TRACE_SA && strcmp(r->node, node) == 0 && r->sa.made == made;
    }
    return n;
}

static void test_release6_encrypts(void)
{
    LittleConfig config = little_config(6, 6, true);
    LittleIms *ims = run_registration(&config);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_cmpstr(newest_ealg(ims, "alice"), ==, "des-ede3-cbc");
    g_assert_cmpstr(newest_ealg(ims, "pcscf"), ==, "des-ede3-cbc");
    little_ims_free(ims);
}

static void test_gap_selects_null(void)
{
    LittleConfig config = little_config(6, 5, false);
    LittleIms *ims = run_registration(&config);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_cmpstr(newest_ealg(ims, "alice"), ==, "null");
    little_ims_free(ims);
}

static void test_release5_ue_at_release6(void)
{
    LittleConfig config = little_config(5, 6, true);
    LittleIms *ims = run_registration(&config);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_cmpstr(newest_ealg(ims, "pcscf"), ==, "null");
    little_ims_free(ims);
}

static void test_required_encryption_locks_release5_out(void)
{
    LittleConfig config = little_config(5, 6, true);
    config.pcscf.requires_encryption = true;
    LittleIms *ims = run_registration(&config);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 494);
    little_ims_free(ims);
}

static void test_fail_closed_ue_sends_no_sm7(void)
{
    LittleConfig config = little_config(6, 5, false);
    config.ue[0].refuse_null = true;
    LittleIms *ims = run_registration(&config);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 0);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "alice", "REGISTER"), ==, 1);
    little_ims_free(ims);
}

static void test_wrong_key_is_a_mac_failure(void)
{
    LittleConfig config = little_config(6, 6, true);
    config.wrong_key = true;
    LittleIms *ims = run_registration(&config);
    g_assert_true(little_decided(ims, "alice", "ue-mac-failure"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 403);
    g_assert_cmpuint(count_sas(ims, "alice", true), ==, 0);
    little_ims_free(ims);
}

static void test_sync_failure_is_resynchronised(void)
{
    LittleConfig config = little_config(6, 6, true);
    config.sqn_ahead = 1000;
    LittleIms *ims = run_registration(&config);
    g_assert_true(little_decided(ims, "alice", "ue-sync-failure"));
    g_assert_true(little_decided(ims, "hss", "hss-resync"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_cmpuint(hss_vectors(ims->hss), ==, 2);
    little_ims_free(ims);
}

static void test_reregistration_has_new_keys_and_keeps_the_old(void)
{
    LittleConfig config = little_config(6, 6, true);
    LittleIms *ims = run_registration(&config);
    ue_reregister(ims->ue[0].ue);
    little_run(ims, 30);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_cmpuint(count_sas(ims, "alice", true), ==, 2 * count_sas(ims, "pcscf", true) / 2);
    unsigned made = count_sas(ims, "pcscf", true);
    little_run(ims, 200);
    g_assert_cmpuint(count_sas(ims, "pcscf", false), ==, 0); /* nothing was said on the new ones yet */
    g_assert_cmpuint(count_sas(ims, "alice", false), ==, 0);
    ue_publish(ims->ue[0].ue, true, "x");
    little_run(ims, 20);
    g_assert_cmpuint(count_sas(ims, "pcscf", false), ==, 0); /* pending transactions may still need them */
    g_assert_cmpuint(count_sas(ims, "alice", false), ==, 0);
    little_run(ims, 200);
    g_assert_cmpuint(count_sas(ims, "pcscf", false), ==, made / 2);
    g_assert_cmpuint(count_sas(ims, "alice", false), ==, made / 2);
    little_ims_free(ims);
}

static void test_deregistration_deletes_every_sa(void)
{
    LittleConfig config = little_config(6, 6, true);
    LittleIms *ims = run_registration(&config);
    ue_deregister(ims->ue[0].ue);
    little_run(ims, 300);
    if (g_test_verbose())
        little_print(ims);
    g_assert_cmpint(little_outcome(ims, "alice", "deregister"), ==, 200);
    g_assert_cmpuint(count_sas(ims, "alice", true), ==, count_sas(ims, "alice", false));
    g_assert_cmpuint(count_sas(ims, "pcscf", true), ==, count_sas(ims, "pcscf", false));
    little_ims_free(ims);
}

static NetTapVerdict drop_esp_up(void *ctx, const NetSighting *sighting)
{
    bool esp = sighting->packet->kind == NET_IP && sighting->packet->data[6] == 50;
    return esp && sighting->dir == NET_UP ? NET_TAP_TAKE : NET_TAP_PASS;
}

static void test_lost_sm7_ends_in_timeouts(void)
{
    LittleConfig config = little_config(6, 6, true);
    LittleIms *ims = little_ims_new(&config);
    net_tap(ims->net, "gi:alice", drop_esp_up, NULL);
    ue_register(ims->ue[0].ue);
    little_run(ims, 600);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, -1);
    /* it tried twice: the second challenge took the first one's associations away */
    g_assert_cmpuint(trace_count_drops(sim_trace(ims->sim), "pcscf", "sa-await-timeout"), ==, 1);
    g_assert_cmpuint(count_sas(ims, "pcscf", true), ==, count_sas(ims, "pcscf", false));
    little_ims_free(ims);
}

static void test_strange_requests_are_dropped(void)
{
    LittleConfig config = little_config(6, 6, true);
    LittleIms *ims = run_registration(&config);
    const char *publish = "PUBLISH sip:alice.x8f2m4q7p1zz@home.example SIP/2.0\r\nVia: SIP/2.0/UDP "
                          "[2001:db8::99]:5060;branch=z9hG4bKx\r\nMax-Forwards: 70\r\n"
                          "From: <sip:alice.x8f2m4q7p1zz@home.example>;tag=a\r\nTo: "
                          "<sip:alice.x8f2m4q7p1zz@home.example>\r\nCall-ID: a\r\nCSeq: 1 PUBLISH\r\n"
                          "Content-Length: 0\r\n\r\n";
    net_udp_send(ims->ue[0].host, 5060, net_host_addr(pcscf_host(ims->pcscf)), 5060, publish, strlen(publish));
    little_run(ims, 5);
    g_assert_cmpuint(trace_count_drops(sim_trace(ims->sim), "pcscf", "sip-unprotected"), ==, 1);
    little_ims_free(ims);
}

static void test_same_seed_same_octets(void)
{
    LittleConfig config = little_config(6, 6, true);
    LittleIms *a = run_registration(&config), *b = run_registration(&config);
    config.seed = 2;
    LittleIms *c = run_registration(&config);
    g_assert_cmpstr(capture_digest(a->capture), ==, capture_digest(b->capture));
    g_assert_cmpstr(capture_digest(a->capture), !=, capture_digest(c->capture));
    little_ims_free(a);
    little_ims_free(b);
    little_ims_free(c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodes/registration/release-6-encrypts", test_release6_encrypts);
    g_test_add_func("/nodes/registration/gap-selects-null", test_gap_selects_null);
    g_test_add_func("/nodes/registration/release-5-ue-at-release-6-is-served", test_release5_ue_at_release6);
    g_test_add_func("/nodes/registration/required-encryption-locks-release-5-out",
                    test_required_encryption_locks_release5_out);
    g_test_add_func("/nodes/registration/fail-closed-ue-sends-no-sm7", test_fail_closed_ue_sends_no_sm7);
    g_test_add_func("/nodes/registration/wrong-key-is-a-mac-failure", test_wrong_key_is_a_mac_failure);
    g_test_add_func("/nodes/registration/sync-failure-is-resynchronised", test_sync_failure_is_resynchronised);
    g_test_add_func("/nodes/registration/reregistration-has-new-keys-and-keeps-the-old",
                    test_reregistration_has_new_keys_and_keeps_the_old);
    g_test_add_func("/nodes/registration/deregistration-deletes-every-sa", test_deregistration_deletes_every_sa);
    g_test_add_func("/nodes/registration/lost-sm7-ends-in-time-outs", test_lost_sm7_ends_in_timeouts);
    g_test_add_func("/nodes/registration/strange-requests-are-dropped", test_strange_requests_are_dropped);
    g_test_add_func("/nodes/registration/same-seed-same-octets", test_same_seed_same_octets);
    return g_test_run();
}
