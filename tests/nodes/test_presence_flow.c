/*
 * Presence end to end: publish, subscribe, notify, message, over the whole network.
 */
#include "tests/nodes/support/little_ims.h"
#include <string.h>

static LittleIms *two_registered(const LittleConfig *config)
{
    return little_ims_registered(config, 10);
}

static void use_presence(LittleIms *ims)
{
    ue_publish(ims->ue[0].ue, true, "canary000001");
    little_run(ims, 10);
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 3600);
    little_run(ims, 10);
    ue_publish(ims->ue[0].ue, false, "canary000002");
    little_run(ims, 20);
}

static void test_publish_subscribe_notify(void)
{
    LittleConfig config = little_config(6, 6, true);
    LittleIms *ims = two_registered(&config);
    use_presence(ims);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
    g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "bob", NULL), ==, 2);
    ue_unsubscribe(ims->ue[1].ue, ims->ue[0].impu);
    little_run(ims, 20);
    g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 200);
    little_ims_finish(ims);
}

static void test_everything_fits_one_datagram(void)
{
    LittleConfig config = little_config(6, 6, true);
    LittleIms *ims = two_registered(&config);
    use_presence(ims);
    const Trace *trace = sim_trace(ims->sim);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_SEND && r->message.protocol == TRACE_SIP &&
            (strcmp(r->node, "alice") == 0 || strcmp(r->message.peer, "bob") == 0))
            g_assert_cmpuint(r->message.len, <=, 1300);
    }
    little_ims_finish(ims);
}

static void test_message_is_delivered(void)
{
    LittleConfig config = little_config(6, 5, false);
    LittleIms *ims = two_registered(&config);
    ue_message(ims->ue[0].ue, ims->ue[1].impu, "hello");
    little_run(ims, 10);
    g_assert_cmpint(little_outcome(ims, "alice", "message"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "bob", NULL), ==, 1);
    little_ims_finish(ims);
}

static void test_guard_of_option_1(void)
{
    LittleConfig config = little_config(6, 5, false);
    config.ue[0].guard = UE_GUARD_ENCRYPTED;
    LittleIms *ims = two_registered(&config);
    ue_publish(ims->ue[0].ue, true, "x");
    little_run(ims, 5);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 0);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "alice", "PUBLISH"), ==, 0);
    little_ims_finish(ims);
}

static void test_network_guard_refuses_the_gap(void)
{
    LittleConfig config = little_config(6, 5, false);
    config.scscf.refuses_unindicated = true;
    LittleIms *ims = two_registered(&config);
    use_presence(ims);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 403);
    g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 403);
    little_ims_finish(ims);
}

static void test_network_guard_serves_encrypted_legs(void)
{
    LittleConfig config = little_config(6, 6, true);
    config.scscf.refuses_unindicated = true;
    LittleIms *ims = two_registered(&config);
    use_presence(ims);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "bob", NULL), ==, 2);
    little_ims_finish(ims);
}

static void test_policy_denies_clear_notifications(void)
{
    LittleConfig config = little_config(6, 5, false);
    config.presence.clear_notifications = false;
    LittleIms *ims = two_registered(&config);
    use_presence(ims);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
    g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 403);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "bob", NULL), ==, 0);
    little_ims_finish(ims);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodes/presence-flow/publish-subscribe-notify", test_publish_subscribe_notify);
    g_test_add_func("/nodes/presence-flow/everything-on-gm-fits-one-datagram", test_everything_fits_one_datagram);
    g_test_add_func("/nodes/presence-flow/message-is-delivered", test_message_is_delivered);
    g_test_add_func("/nodes/presence-flow/guard-of-option-1-sends-nothing", test_guard_of_option_1);
    g_test_add_func("/nodes/presence-flow/network-guard-refuses-the-gap", test_network_guard_refuses_the_gap);
    g_test_add_func("/nodes/presence-flow/network-guard-serves-encrypted-legs",
                    test_network_guard_serves_encrypted_legs);
    g_test_add_func("/nodes/presence-flow/policy-denies-clear-notifications", test_policy_denies_clear_notifications);
    return g_test_run();
}
