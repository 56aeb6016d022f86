/*
 * Option 4 by RFC 3329: the first REGISTER in the clear offers tls before ipsec-3gpp, SM6's list decides, and SM7, on
 * SAs or inside TLS, shows every edit of the lists.
 *
 * Source: RFC 3329 §2.2, §2.3.1; TS 33.203 §7.2; threats K34, AT-18 to AT-20.
 */
#include "nodes/stack/endpoint.h"
#include "sim/ip.h"
#include "tests/nodes/support/little_ims.h"
#include <string.h>

/* Somebody on the path who puts @after where @before stands, which is as long, in datagrams in the clear. */
typedef struct Editor {
    const char *before[2], *after[2];
    unsigned edits;
} Editor;

static void edit(NetPacket *packet, char *at, const char *after)
{
    uint8_t *udp = packet->data + IP_HEADER_LEN;
    memcpy(at, after, strlen(after));
    put_u16(udp + 6, 0);
    put_u16(udp + 6, ip_checksum(packet->data + 8, IP_UDP, udp, packet->len - IP_HEADER_LEN));
}

static NetTapVerdict edit_clear(void *ctx, const NetSighting *sighting)
{
    Editor *editor = ctx;
    NetPacket *packet = sighting->packet;
    if (packet->kind != NET_IP || packet->data[6] != IP_UDP)
        return NET_TAP_PASS;
    for (unsigned i = 0; i < G_N_ELEMENTS(editor->before) && editor->before[i] != NULL; i++) {
        char *at = memmem(packet->data, packet->len, editor->before[i], strlen(editor->before[i]));
        if (at == NULL)
            continue;
        edit(packet, at, editor->after[i]);
        editor->edits++;
    }
    return NET_TAP_PASS;
}

static LittleIms *run(const LittleConfig *config, Editor *editor)
{
    LittleIms *ims = little_ims_new(config);
    if (editor != NULL)
        net_tap(ims->net, "gi:alice", edit_clear, editor);
    ue_register(ims->ue[0].ue);
    little_run(ims, 100);
    return ims;
}

static void assert_over_tls(const LittleIms *ims)
{
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_TLS, "alice", NULL), ==, 1);
    g_assert_cmpuint(little_count(ims, TRACE_SA, "alice", NULL), ==, 0);
}

static void test_tls_is_chosen(gconstpointer early)
{
    LittleConfig config = little_tls_config(UE_GM_NEGOTIATED, 1);
    config.ue[0].early_dialect = early != NULL;
    LittleIms *ims = run(&config, NULL);
    assert_over_tls(ims);
    g_assert_true(little_decided(ims, "alice", "ue-offers-tls"));
    g_assert_true(little_decided(ims, "pcscf", "pcscf-lists-tls"));
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "alice", "REGISTER"), ==, 2);
    g_assert_cmpuint(hss_vectors(ims->hss), ==, 1);
    ue_publish(ims->ue[0].ue, true, "x");
    little_run(ims, 10);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
    ue_reregister(ims->ue[0].ue);
    little_run(ims, 30);
    g_assert_cmpuint(little_outcomes(ims, "alice", "register"), ==, 2);
    assert_over_tls(ims);
    little_run(ims, 300); /* nothing is left of the SAs that SM6 promised */
    g_assert_cmpuint(trace_count_drops(sim_trace(ims->sim), "pcscf", "sa-await-timeout"), ==, 0);
    little_ims_finish(ims);
}

static void test_no_tls_in_the_list(void)
{
    LittleConfig config = little_tls_config(UE_GM_NEGOTIATED, 1);
    config.pcscf.lists_tls = false;
    LittleIms *ims = run(&config, NULL);
    g_assert_true(little_decided(ims, "alice", "ue-selects-ipsec"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_SA, "alice", NULL), >, 0);
    g_assert_cmpuint(little_count(ims, TRACE_TLS, "alice", NULL), ==, 0);
    little_ims_finish(ims);
}

static void test_ipsec_ue_and_a_list_with_tls(void)
{
    LittleConfig config = little_tls_config(UE_GM_IPSEC, 1);
    config.pcscf.lists_tls = true;
    LittleIms *ims = run(&config, NULL);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_SA, "alice", NULL), >, 0);
    little_ims_finish(ims);
}

/* From SAs to TLS when a later list prefers it. */
static void test_moves_from_sas(void)
{
    LittleConfig config = little_tls_config(UE_GM_NEGOTIATED, 1);
    config.ue[0].falls_back = true;
    LittleIms *ims = little_ims_new(&config);
    net_block_protocol(ims->net, 6, SIPS_PORT);
    ue_register(ims->ue[0].ue);
    little_run(ims, 60);
    g_assert_true(little_decided(ims, "alice", "ue-falls-back"));
    g_assert_true(ue_registered(ims->ue[0].ue));
    net_block_except(ims->net, 6, SIPS_PORT);
    ue_register(ims->ue[0].ue); /* its user asks for it anew */
    ue_reregister(ims->ue[0].ue);
    little_run(ims, 30);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_true(little_decided(ims, "pcscf", "pcscf-marks-tls"));
    ue_message(ims->ue[0].ue, ims->ue[0].impu, "hello");
    little_run(ims, 10);
    g_assert_cmpint(little_outcome(ims, "alice", "message"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "alice", NULL), ==, 1);
    little_ims_finish(ims);
}

static void assert_aborted(const LittleIms *ims, const Editor *editor)
{
    g_assert_cmpuint(editor->edits, >, 0);
    g_assert_true(little_decided(ims, "pcscf", "pcscf-echo-mismatch"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 494);
    g_assert_false(ue_registered(ims->ue[0].ue));
}

static const char sm1_before[] = "Security-Client: tls,", sm1_after[] = "Security-Client: xyz,";
static const char sm6_before[] = "Security-Server: tls;", sm6_after[] = "Security-Server: xyz;";

static void test_edit(const Editor *wanted, bool early)
{
    Editor editor = *wanted;
    LittleConfig config = little_tls_config(UE_GM_NEGOTIATED, 1);
    config.ue[0].early_dialect = early;
    LittleIms *ims = run(&config, &editor);
    assert_aborted(ims, &editor);
    little_ims_finish(ims);
}

static void test_edit_of_sm1(void)
{
    test_edit(&(Editor){ .before = { sm1_before }, .after = { sm1_after } }, false);
}

static void test_edit_of_sm6(void)
{
    test_edit(&(Editor){ .before = { sm6_before }, .after = { sm6_after } }, false);
    test_edit(&(Editor){ .before = { sm6_before }, .after = { sm6_after } }, true);
}

static void test_edit_of_both(void)
{
    const Editor both = { .before = { sm1_before, sm6_before }, .after = { sm1_after, sm6_after } };
    test_edit(&both, false);
    test_edit(&both, true); /* the P-CSCF's list does not depend on SM1's */
}

static void test_edit_of_preference(void)
{
    test_edit(&(Editor){ .before = { "tls;q=0.9" }, .after = { "tls;q=0.1" } }, false);
}

/* The seeds' SM7 does not repeat SM1's list: an edit of SM1 alone is not seen, and changes nothing. */
static void test_edit_of_sm1_in_the_early_dialect(void)
{
    Editor editor = { .before = { sm1_before }, .after = { sm1_after } };
    LittleConfig config = little_tls_config(UE_GM_NEGOTIATED, 1);
    config.ue[0].early_dialect = true;
    LittleIms *ims = run(&config, &editor);
    g_assert_cmpuint(editor.edits, >, 0);
    assert_over_tls(ims);
    little_ims_finish(ims);
}

/* The negative controls: no comparison, or a list that is the intersection. */
static void test_unchecked_echo_is_bid_down(void)
{
    Editor editor = { .before = { sm6_before }, .after = { sm6_after } };
    LittleConfig config = little_tls_config(UE_GM_NEGOTIATED, 1);
    config.pcscf.echo_check = ECHO_CHECK_NONE;
    LittleIms *ims = run(&config, &editor);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_SA, "alice", NULL), >, 0);
    little_ims_finish(ims);
}

static void test_intersection_is_bid_down(void)
{
    Editor editor = { .before = { sm1_before }, .after = { sm1_after } };
    LittleConfig config = little_tls_config(UE_GM_NEGOTIATED, 1);
    config.pcscf.list_is_intersection = true;
    config.ue[0].early_dialect = true;
    LittleIms *ims = run(&config, &editor);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_SA, "alice", NULL), >, 0);
    little_ims_finish(ims);
}

/* The challenge came outside TLS, where nobody asks for AKAv2. */
static void test_akav2_cannot_be_negotiated(void)
{
    LittleConfig config = little_tls_config(UE_GM_NEGOTIATED, 2);
    LittleIms *ims = run(&config, NULL);
    g_assert_true(little_decided(ims, "alice", "ue-refuses-version"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 401);
    little_ims_finish(ims);
}

/* AT-42: who is told to answer AKAv2 outside TLS does so if he is broken, and reads it out where nothing encrypts. */
static void test_akav2_outside(gconstpointer broken)
{
    Editor editor = { .before = { "AKAv1-MD5" }, .after = { "AKAv2-MD5" } };
    LittleConfig config = little_tls_config(UE_GM_IPSEC, 2);
    config.ue[0].akav2_outside = broken != NULL;
    LittleIms *ims = run(&config, &editor);
    g_assert_cmpuint(editor.edits, ==, 1);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "alice", "REGISTER"), ==, broken != NULL ? 2 : 1);
    g_assert_cmpint(little_decided(ims, "alice", "ue-refuses-version"), ==, broken == NULL);
    g_assert_false(ue_registered(ims->ue[0].ue));
    little_ims_finish(ims);
}

static void test_strict_nodes_challenge_for_ever(void)
{
    LittleConfig config = little_tls_config(UE_GM_NEGOTIATED, 1);
    config.pcscf.marks_tls = config.scscf.accepts_tls = false;
    LittleIms *ims = run(&config, NULL);
    g_assert_true(little_decided(ims, "alice", "ue-gives-up"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 401);
    g_assert_cmpuint(hss_vectors(ims->hss), ==, 4);
    little_ims_finish(ims);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func("/nodes/tls-negotiated/" name, function)
    g_test_add_data_func("/nodes/tls-negotiated/tls-is-chosen", NULL, test_tls_is_chosen);
    g_test_add_data_func("/nodes/tls-negotiated/tls-is-chosen-in-the-early-dialect", "early", test_tls_is_chosen);
    ADD("without-tls-in-the-list-ipsec-is-used", test_no_tls_in_the_list);
    ADD("an-ipsec-ue-takes-a-list-with-tls", test_ipsec_ue_and_a_list_with_tls);
    ADD("moves-from-sas-to-tls", test_moves_from_sas);
    ADD("edit-of-sm1-aborts", test_edit_of_sm1);
    ADD("edit-of-sm6-aborts", test_edit_of_sm6);
    ADD("edit-of-both-aborts", test_edit_of_both);
    ADD("edit-of-preference-aborts", test_edit_of_preference);
    ADD("edit-of-sm1-in-the-early-dialect-changes-nothing", test_edit_of_sm1_in_the_early_dialect);
    ADD("unchecked-echo-is-bid-down", test_unchecked_echo_is_bid_down);
    ADD("intersection-is-bid-down", test_intersection_is_bid_down);
    ADD("akav2-cannot-be-negotiated", test_akav2_cannot_be_negotiated);
    g_test_add_data_func("/nodes/tls-negotiated/akav2-is-not-answered-outside", NULL, test_akav2_outside);
    g_test_add_data_func("/nodes/tls-negotiated/akav2-is-answered-outside-by-a-broken-ue", "broken",
                         test_akav2_outside);
    ADD("strict-nodes-challenge-for-ever", test_strict_nodes_challenge_for_ever);
    return g_test_run();
}
