/*
 * Publications and subscriptions over time at the UE: kept alive, replaced, lost and found, ended.
 */
#include "tests/nodes/support/little_ims.h"
#include <string.h>

static LittleIms *two_registered(void)
{
    LittleConfig config = little_config(6, 6, true);
    return little_ims_registered(&config, 20);
}

/* The newest document that a node displayed; "" when none. */
static const char *displayed(const LittleIms *ims, const char *node)
{
    const Trace *trace = sim_trace(ims->sim);
    const char *content = "";
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_DISPLAY && strcmp(r->node, node) == 0)
            content = r->display.content;
    }
    return content;
}

static void test_publication_is_refreshed(void)
{
    LittleIms *ims = two_registered();
    ue_publish(ims->ue[0].ue, true, "canary000001");
    little_run(ims, 3 * 3600);
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 3600);
    little_run(ims, 20);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "alice", "PUBLISH"), >=, 4);
    g_assert_cmpuint(ue_counters(ims->ue[0].ue)->published, ==, 1); /* its user published once */
    g_assert_nonnull(strstr(displayed(ims, "bob"), "canary000001"));
    little_ims_finish(ims);
}

static void test_quick_publications_replace_each_other(void)
{
    LittleIms *ims = two_registered();
    ue_publish(ims->ue[0].ue, true, "canary000001");
    ue_publish(ims->ue[0].ue, true, "canary000002");
    ue_publish(ims->ue[0].ue, false, "canary000003");
    little_run(ims, 20);
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 3600);
    little_run(ims, 20);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "alice", "PUBLISH"), ==, 2); /* the second was never sent */
    g_assert_nonnull(strstr(displayed(ims, "bob"), "canary000003"));
    g_assert_null(strstr(displayed(ims, "bob"), "canary000001"));
    little_ims_finish(ims);
}

static NetTapVerdict drop_esp_up(void *ctx, const NetSighting *sighting)
{
    const bool *on = ctx;
    bool esp = sighting->packet->kind == NET_IP && sighting->packet->data[6] == 50;
    return *on && esp && sighting->dir == NET_UP ? NET_TAP_TAKE : NET_TAP_PASS;
}

static void test_lost_publication_begins_anew(void)
{
    LittleIms *ims = two_registered();
    bool on = false;
    net_tap(ims->net, "gi:alice", drop_esp_up, &on);
    ue_publish(ims->ue[0].ue, true, "canary000001");
    little_run(ims, 20);
    on = true; /* no refresh arrives */
    little_run(ims, 4000);
    on = false;
    ue_publish(ims->ue[0].ue, true, "canary000002");
    little_run(ims, 30);
    g_assert_cmpuint(little_count(ims, TRACE_RECEIVE, "alice", "412 Conditional Request Failed"), ==, 1);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
    little_ims_finish(ims);
}

static void test_subscription_is_refreshed(void)
{
    LittleIms *ims = two_registered();
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 600);
    little_run(ims, 3600);
    ue_publish(ims->ue[0].ue, true, "canary000001");
    little_run(ims, 20);
    g_assert_nonnull(strstr(displayed(ims, "bob"), "canary000001"));
    ue_unsubscribe(ims->ue[1].ue, ims->ue[0].impu);
    little_run(ims, 200);
    ue_publish(ims->ue[0].ue, true, "canary000002");
    little_run(ims, 20);
    g_assert_null(strstr(displayed(ims, "bob"), "canary000002"));
    little_ims_finish(ims);
}

static void test_notify_of_an_unknown_dialog_is_refused(void)
{
    LittleIms *ims = two_registered();
    char addr[NET_ADDR_TEXT_MAX];
    net_addr_text(net_host_addr(ims->ue[0].host), addr);
    g_autofree char *octets = g_strdup_printf(
        "NOTIFY sip:[%s]:5065 SIP/2.0\r\nVia: SIP/2.0/UDP scscf.home.example:5060;branch=z9hG4bKstray\r\n"
        "Max-Forwards: 70\r\nFrom: <sip:bob@home.example>;tag=x\r\nTo: <%s>;tag=y\r\nCall-ID: stray\r\n"
        "CSeq: 1 NOTIFY\r\nEvent: presence\r\nSubscription-State: active\r\nContent-Length: 0\r\n\r\n",
        addr, ims->ue[0].impu);
    net_udp_send(scscf_host(ims->scscf), 5060, net_host_addr(pcscf_host(ims->pcscf)), 5060, octets, strlen(octets));
    little_run(ims, 10);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "alice", "481 Subscription Does Not Exist"), ==, 1);
    little_ims_finish(ims);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodes/presence-life/a-publication-is-refreshed", test_publication_is_refreshed);
    g_test_add_func("/nodes/presence-life/quick-publications-replace-each-other",
                    test_quick_publications_replace_each_other);
    g_test_add_func("/nodes/presence-life/a-lost-publication-begins-anew", test_lost_publication_begins_anew);
    g_test_add_func("/nodes/presence-life/a-subscription-is-refreshed", test_subscription_is_refreshed);
    g_test_add_func("/nodes/presence-life/a-notify-of-an-unknown-dialog-is-refused",
                    test_notify_of_an_unknown_dialog_is_refused);
    return g_test_run();
}
