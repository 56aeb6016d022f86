/*
 * Option 3 end to end: alice publishes for the Presence Server's certificate, bob is notified for his, over a P-CSCF
 * that encrypts nothing.
 */
#include "nodes/msg/sip_fields.h"
#include "tests/nodes/support/little_ims.h"
#include "tests/nodes/support/smime_pki.h"

#include <string.h>

#define URI(name) "sip:" name ".x8f2m4q7p1zz@home.example"

static TestPki *pki;
static Credentials has[LITTLE_UES], ps_has, ps_ec, other_ps, self_signed_bob;

static LittleConfig smime_config(SmimeMode mode, bool sign, SmimeSource source)
{
    LittleConfig config = little_config(6, 5, false);
    SmimePolicy policy = { .mode = mode, .sign = sign, .source = source, .checks_freshness = true };
    for (unsigned i = 0; i < LITTLE_UES; i++) {
        config.smime.ue[i] = policy;
        config.smime.ue_has[i] = has[i];
    }
    config.smime.ps = policy;
    config.smime.ps_has = ps_has;
    return config;
}

static LittleIms *used(const LittleConfig *config)
{
    LittleIms *ims = little_ims_registered(config, 10);
    ue_publish(ims->ue[0].ue, true, "canary000001");
    little_run(ims, 10);
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 3600);
    little_run(ims, 20);
    ue_publish(ims->ue[0].ue, false, "canary000002");
    little_run(ims, 20);
    return ims;
}

/* How many messages on their way, by anybody, have @text in them readably. */
static size_t readable(const LittleIms *ims, const char *text)
{
    const Trace *trace = sim_trace(ims->sim);
    size_t n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_SEND && r->message.protocol == TRACE_SIP)
            n += memmem(r->message.octets, r->message.len, text, strlen(text)) != NULL;
    }
    return n;
}

static size_t displayed(const LittleIms *ims, const char *node, const char *text)
{
    const Trace *trace = sim_trace(ims->sim);
    size_t n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        n += r->kind == TRACE_DISPLAY && strcmp(r->node, node) == 0 && strstr(r->display.content, text) != NULL;
    }
    return n;
}

static size_t sent(const LittleIms *ims, const char *node, const char *label)
{
    return little_count(ims, TRACE_SEND, node, label);
}

static void assert_served(const LittleIms *ims)
{
    if (g_test_verbose())
        little_print(ims);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
    g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 200);
    g_assert_cmpuint(displayed(ims, "bob", "canary000001"), ==, 1);
    g_assert_cmpuint(displayed(ims, "bob", "canary000002"), ==, 1);
    g_assert_cmpuint(readable(ims, "canary"), ==, 0);
}

static const Cert *user_cert(void *ctx, const char *impu)
{
    static const char *const uris[LITTLE_UES] = { URI("alice"), URI("bob"), URI("carol") };
    for (unsigned i = 0; i < LITTLE_UES; i++)
        if (strcmp(uris[i], impu) == 0)
            return has[i].cert;
    return NULL;
}

static void provision(LittleConfig *config)
{
    config->smime.ps_cert = ps_has.cert;
    config->smime.user_cert = user_cert;
}

static void test_every_form_serves(void)
{
    for (SmimeMode mode = SMIME_BODY; mode <= SMIME_TUNNEL; mode++)
        for (SmimeSource source = SMIME_FETCHED; source <= SMIME_INCLUDED; source++)
            for (int sign = 0; sign < 2; sign++) {
                LittleConfig config = smime_config(mode, sign, source);
                if (source == SMIME_CACHED)
                    provision(&config);
                LittleIms *ims = used(&config);
                assert_served(ims);
                little_ims_finish(ims);
            }
}

static void test_certificates_are_fetched_once(void)
{
    LittleConfig config = smime_config(SMIME_BODY, true, SMIME_FETCHED);
    LittleIms *ims = used(&config);
    g_assert_cmpuint(sent(ims, "alice", "OPTIONS"), ==, 1);
    g_assert_cmpuint(sent(ims, "bob", "OPTIONS"), ==, 1);
    g_assert_cmpuint(sent(ims, "ps", "OPTIONS"), ==, 1);
    g_assert_true(little_decided(ims, "ps", "ps-takes-certificate"));
    g_assert_true(little_decided(ims, "bob", "ue-takes-certificate"));
    little_ims_finish(ims);
}

static void test_provisioned_certificates_need_no_question(void)
{
    LittleConfig config = smime_config(SMIME_BODY, true, SMIME_CACHED);
    provision(&config);
    LittleIms *ims = used(&config);
    assert_served(ims);
    g_assert_cmpuint(sent(ims, "alice", "OPTIONS") + sent(ims, "bob", "OPTIONS") + sent(ims, "ps", "OPTIONS"), ==, 0);
    little_ims_finish(ims);
}

static void test_included_certificates_are_kept(void)
{
    LittleConfig config = smime_config(SMIME_BODY, true, SMIME_INCLUDED);
    LittleIms *ims = used(&config);
    assert_served(ims);
    g_assert_cmpuint(sent(ims, "alice", "OPTIONS"), ==, 1); /* she encrypts before anything has come */
    g_assert_cmpuint(sent(ims, "bob", "OPTIONS"), ==, 0);
    g_assert_cmpuint(sent(ims, "ps", "OPTIONS"), ==, 0);
    little_ims_finish(ims);
}

/* The longest request that @node sent, all methods or one. */
static uint32_t longest(const LittleIms *ims, const char *node, const char *label)
{
    const Trace *trace = sim_trace(ims->sim);
    uint32_t most = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_SEND && r->message.protocol == TRACE_SIP && (node == NULL || strcmp(r->node, node) == 0) &&
            (label == NULL || strcmp(r->message.label, label) == 0))
            most = MAX(most, r->message.len);
    }
    return most;
}

static bool is_request(const TraceRecord *r)
{
    return r->kind == TRACE_SEND && r->message.protocol == TRACE_SIP && !g_ascii_isdigit(r->message.label[0]);
}

static void test_minimal_unsigned_bodies_fit_a_datagram(void)
{
    LittleConfig config = smime_config(SMIME_BODY, false, SMIME_FETCHED);
    config.smime.ps_has = ps_ec; /* for an RSA key of 2048 bits an envelope is 138 octets longer */
    LittleIms *ims = used(&config);
    assert_served(ims);
    const Trace *trace = sim_trace(ims->sim);
    for (TraceId id = 1; id <= trace_count(trace); id++)
        if (is_request(trace_get(trace, id)) && strcmp(trace_get(trace, id)->node, "scscf") != 0) /* knows its MTU */
            g_assert_cmpuint(trace_get(trace, id)->message.len, <=, 1300);
    little_ims_finish(ims);
}

static void test_signed_and_rich_ones_do_not(void)
{
    for (int rich = 0; rich < 2; rich++) {
        LittleConfig config = smime_config(SMIME_BODY, !rich, SMIME_CACHED);
        provision(&config);
        config.ue[0].rich_documents = rich;
        LittleIms *ims = used(&config);
        assert_served(ims);
        g_assert_cmpuint(longest(ims, "alice", "PUBLISH"), >, 1300);
        g_assert_cmpuint(longest(ims, "pcscf", "NOTIFY"), >, 1300);
        little_ims_finish(ims);
    }
}

static void test_the_server_filters_and_shares_what_it_reads(void)
{
    LittleConfig config = smime_config(SMIME_BODY, true, SMIME_FETCHED);
    config.n_ues = 3;
    LittleIms *ims = used(&config);
    ue_register(ims->ue[2].ue);
    little_run(ims, 10);
    ue_subscribe(ims->ue[2].ue, ims->ue[0].impu, 3600);
    little_run(ims, 20);
    g_assert_cmpuint(displayed(ims, "carol", "canary000002"), ==, 1);
    const SmimeWork *work = presence_smime_work(ims->presence);
    g_assert_cmpuint(work->openings, ==, 2);
    g_assert_cmpuint(work->envelopes, ==, 3);
    g_assert_cmpuint(ue_smime_work(ims->ue[1].ue)->openings, ==, 2);
    g_assert_cmpuint(ue_smime_work(ims->ue[0].ue)->envelopes, ==, 2);
    little_ims_finish(ims);
}

static void test_watchers_of_watchers(void)
{
    for (SmimeMode mode = SMIME_BODY; mode <= SMIME_TUNNEL; mode++) {
        LittleConfig config = smime_config(mode, true, SMIME_FETCHED);
        LittleIms *ims = used(&config);
        ue_watch_watchers(ims->ue[0].ue, 3600);
        little_run(ims, 20);
        g_assert_cmpuint(displayed(ims, "alice", URI("bob")), ==, 1);
        little_ims_finish(ims);
    }
}

static void test_publication_lives_and_ends(void)
{
    for (SmimeMode mode = SMIME_BODY; mode <= SMIME_TUNNEL; mode++) {
        LittleConfig config = smime_config(mode, true, SMIME_FETCHED);
        LittleIms *ims = used(&config);
        little_run(ims, 2500); /* refreshed at 1800 s */
        g_assert_cmpuint(displayed(ims, "bob", "canary000002"), >=, 1);
        ue_unpublish(ims->ue[0].ue);
        little_run(ims, 20);
        g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
        ue_unsubscribe(ims->ue[1].ue, ims->ue[0].impu);
        little_run(ims, 20);
        g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 200);
        little_ims_finish(ims);
    }
}

static void test_a_fetch_waits_for_the_certificate(void)
{
    LittleConfig config = smime_config(SMIME_BODY, true, SMIME_FETCHED);
    LittleIms *ims = little_ims_registered(&config, 10);
    ue_publish(ims->ue[0].ue, true, "canary000001");
    little_run(ims, 10);
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 0);
    little_run(ims, 40);
    g_assert_cmpuint(displayed(ims, "bob", "canary000001"), ==, 1);
    little_ims_finish(ims);
}

/* --- without certificates --- */

static void test_strict_without_the_servers_certificate(void)
{
    for (int wrong = 0; wrong < 2; wrong++) {
        LittleConfig config = smime_config(SMIME_BODY, true, SMIME_FETCHED);
        config.smime.ps_has = wrong ? other_ps : (Credentials){ 0 };
        LittleIms *ims = used(&config);
        g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 0);
        g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 0);
        g_assert_true(little_decided(ims, "alice", "ue-smime-refuses"));
        g_assert_cmpuint(sent(ims, "alice", "PUBLISH"), ==, 0);
        g_assert_cmpuint(sent(ims, "alice", "OPTIONS"), ==, 2); /* a new publication asks anew */
        little_ims_finish(ims);
    }
}

static void test_opportunistic_without_the_servers_certificate(void)
{
    LittleConfig config = smime_config(SMIME_BODY, true, SMIME_FETCHED);
    for (unsigned i = 0; i < LITTLE_UES; i++)
        config.smime.ue[i].clear_without = true;
    config.smime.ps.clear_without = true;
    config.smime.ps_has = (Credentials){ 0 };
    LittleIms *ims = used(&config);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
    g_assert_cmpuint(displayed(ims, "bob", "canary000002"), ==, 1);
    g_assert_cmpuint(readable(ims, "canary"), >, 0);
    g_assert_true(little_decided(ims, "alice", "ue-smime-clear"));
    g_assert_true(little_decided(ims, "ps", "ps-smime-clear"));
    little_ims_finish(ims);
}

static void test_watcher_without_a_certificate(void)
{
    for (int opportunistic = 0; opportunistic < 2; opportunistic++)
        for (int kind = 0; kind < 3; kind++) { /* none, somebody else's, a Release 5 UE */
            LittleConfig config = smime_config(SMIME_BODY, true, SMIME_FETCHED);
            config.smime.ue_has[1] = kind == 1 ? self_signed_bob : (Credentials){ .trust = has[1].trust };
            if (kind == 2)
                config.smime.ue[1] = (SmimePolicy){ 0 };
            config.smime.ue[1].clear_without = config.smime.ps.clear_without = opportunistic;
            LittleIms *ims = used(&config);
            g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
            g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 200);
            g_assert_cmpuint(displayed(ims, "bob", "canary000002"), ==, opportunistic);
            g_assert_cmpuint(readable(ims, "canary") > 0, ==, opportunistic);
            g_assert_true(little_decided(ims, "ps", opportunistic ? "ps-smime-clear" : "ps-smime-without"));
            little_ims_finish(ims);
        }
}

static void test_strict_server_refuses_clear_publications(void)
{
    LittleConfig config = smime_config(SMIME_BODY, true, SMIME_FETCHED);
    config.smime.ue[0] = (SmimePolicy){ 0 };
    LittleIms *ims = used(&config);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 415);
    g_assert_cmpuint(trace_count_drops(sim_trace(ims->sim), "ps", "smime-clear"), ==, 2);
    little_ims_finish(ims);
}

static void test_strict_watcher_shows_nothing_clear(void)
{
    LittleConfig config = smime_config(SMIME_BODY, true, SMIME_CACHED);
    provision(&config);
    config.smime.ps = (SmimePolicy){ 0 };
    config.smime.ue[0] = (SmimePolicy){ 0 };
    LittleIms *ims = used(&config);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "bob", NULL), ==, 0);
    g_assert_cmpint(little_outcome(ims, "bob", "notify"), ==, 415);
    little_ims_finish(ims);
}

static void test_unsigned_documents_are_not_shown(void)
{
    LittleConfig config = smime_config(SMIME_BODY, true, SMIME_CACHED);
    provision(&config);
    config.smime.ps.sign = config.smime.ue[0].sign = false;
    LittleIms *ims = used(&config);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "bob", NULL), ==, 0);
    g_assert_cmpuint(trace_count_drops(sim_trace(ims->sim), "bob", "smime-unsigned"), >=, 1);
    little_ims_finish(ims);
}

static void test_the_wrong_key_gets_493(void)
{
    LittleConfig config = smime_config(SMIME_BODY, true, SMIME_CACHED);
    provision(&config);
    config.smime.ps_cert = other_ps.cert;
    config.smime.ue[0].ignores_names = true;
    LittleIms *ims = little_ims_registered(&config, 10);
    ue_publish(ims->ue[0].ue, true, "canary000001");
    little_run(ims, 10);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 493);
    g_assert_cmpuint(trace_count_drops(sim_trace(ims->sim), "ps", "smime-undecipherable"), ==, 1);
    little_ims_finish(ims);
}

/* O0d+O3b: the leg is clear and clear notifications are denied, but the document is enveloped for the watcher. */
static void test_smime_counts_as_confidential(void)
{
    for (int counts = 0; counts < 2; counts++)
        for (int has_cert = 0; has_cert < 2; has_cert++) {
            LittleConfig config = smime_config(SMIME_BODY, true, SMIME_FETCHED);
            config.presence.clear_notifications = false;
            config.presence.smime_is_confidential = counts;
            if (!has_cert)
                config.smime.ue_has[1] = (Credentials){ .trust = has[1].trust };
            LittleIms *ims = used(&config);
            g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, counts ? 200 : 403);
            g_assert_cmpuint(displayed(ims, "bob", "canary000002"), ==, counts && has_cert);
            g_assert_cmpuint(readable(ims, "canary"), ==, 0);
            little_ims_finish(ims);
        }
}

/* The other half of O0d+O3b: an encrypted leg serves those without S/MIME. */
static void test_an_encrypted_leg_counts_too(void)
{
    LittleConfig config = smime_config(SMIME_BODY, true, SMIME_FETCHED);
    LittleConfig encrypted = little_config(6, 6, true);
    config.pcscf = encrypted.pcscf;
    config.presence.clear_notifications = false;
    config.presence.smime_is_confidential = true;
    config.smime.ue[0] = config.smime.ue[1] = (SmimePolicy){ 0 };
    LittleIms *ims = used(&config);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
    g_assert_cmpuint(displayed(ims, "bob", "canary000002"), ==, 1);
    little_ims_finish(ims);
}

/* --- the tunnel --- */

static void test_the_tunnel_hides_who_but_not_whom(void)
{
    LittleConfig config = smime_config(SMIME_TUNNEL, true, SMIME_FETCHED);
    LittleIms *ims = used(&config);
    const Trace *trace = sim_trace(ims->sim);
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (!is_request(r) || strcmp(r->node, "bob") != 0 || strcmp(r->message.label, "SUBSCRIBE") != 0)
            continue;
        n++;
        g_assert_null(memmem(r->message.octets, r->message.len, "bob.x8f", 7));
        g_assert_nonnull(memmem(r->message.octets, r->message.len, "SUBSCRIBE " URI("alice"), 20)); /* K27 */
    }
    g_assert_cmpuint(n, ==, 1);
    little_ims_finish(ims);
}

static void test_strict_tunnels_want_tunnels(void)
{
    LittleConfig config = smime_config(SMIME_TUNNEL, true, SMIME_FETCHED);
    config.smime.ue[1] = (SmimePolicy){ 0 };
    LittleIms *ims = used(&config);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
    g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 415);
    little_ims_finish(ims);
}

/* --- Release 5, and time --- */

static void test_release_5_knows_no_smime(void)
{
    LittleConfig config = smime_config(SMIME_BODY, true, SMIME_FETCHED);
    config.ue[0].release = 5;
    LittleIms *ims = used(&config);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 415);
    g_assert_cmpuint(sent(ims, "alice", "OPTIONS"), ==, 0);
    little_ims_finish(ims);
}

static void test_same_seed_same_octets(void)
{
    LittleConfig config = smime_config(SMIME_TUNNEL, true, SMIME_FETCHED);
    LittleIms *a = used(&config), *b = used(&config);
    const Trace *one = sim_trace(a->sim), *two = sim_trace(b->sim);
    g_assert_cmpuint(trace_count(one), ==, trace_count(two));
    for (TraceId id = 1; id <= trace_count(one); id++) {
        const TraceRecord *x = trace_get(one, id), *y = trace_get(two, id);
        g_assert_cmpint(x->kind, ==, y->kind);
        if (x->kind == TRACE_SEND)
            g_assert_cmpmem(x->message.octets, x->message.len, y->message.octets, y->message.len);
    }
    little_ims_free(a);
    little_ims_free(b);
}

/* What alice and bob say, whether carol is there or not. */
static GString *said(LittleIms *ims)
{
    const Trace *trace = sim_trace(ims->sim);
    GString *all = g_string_new(NULL);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        bool hers = r->kind == TRACE_SEND && r->message.protocol == TRACE_SIP &&
                    (strcmp(r->node, "alice") == 0 || strcmp(r->node, "bob") == 0 ||
                     strcmp(r->message.peer, "alice") == 0 || strcmp(r->message.peer, "bob") == 0);
        if (hers)
            g_string_append_len(all, (const char *)r->message.octets, (gssize)r->message.len);
    }
    return all;
}

static LittleIms *with_carol(bool active)
{
    LittleConfig config = smime_config(SMIME_TUNNEL, true, SMIME_FETCHED);
    config.n_ues = 3;
    LittleIms *ims = little_ims_registered(&config, 10);
    if (active)
        ue_register(ims->ue[2].ue);
    little_run(ims, 10);
    ue_publish(ims->ue[0].ue, true, "canary000001");
    if (active)
        ue_subscribe(ims->ue[2].ue, ims->ue[1].impu, 3600);
    little_run(ims, 10);
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 3600);
    if (active)
        ue_publish(ims->ue[2].ue, true, "canary000009");
    little_run(ims, 30);
    return ims;
}

static void test_other_subscribers_change_nothing(void)
{
    LittleIms *alone = with_carol(false), *together = with_carol(true);
    g_autoptr(GString) a = said(alone);
    g_autoptr(GString) b = said(together);
    g_assert_cmpint(little_outcome(together, "carol", "publish"), ==, 200);
    g_assert_cmpmem(a->str, a->len, b->str, b->len);
    little_ims_free(alone);
    little_ims_free(together);
}

/* O3b+O4s2: both at once. */
static void test_inside_tls(void)
{
    LittleConfig config = smime_config(SMIME_TUNNEL, true, SMIME_FETCHED), tls = little_tls_config(UE_GM_TLS, 2);
    tls.smime = config.smime;
    LittleIms *ims = used(&tls);
    assert_served(ims);
    little_ims_finish(ims);
}

static void test_a_silent_server_does_not_hold_for_ever(void)
{
    LittleConfig config = smime_config(SMIME_BODY, true, SMIME_FETCHED);
    LittleIms *ims = little_ims_registered(&config, 10);
    net_block_protocol(ims->net, 17, SIP_PORT); /* the core; what is inside ESP passes */
    ue_publish(ims->ue[0].ue, true, "canary000001");
    little_run(ims, 150);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 0);
    little_ims_finish(ims);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    pki = test_pki_new();
    has[0] = test_pki_issue(pki, URI("alice"), false, false);
    has[1] = test_pki_issue(pki, URI("bob"), false, false);
    has[2] = test_pki_issue(pki, URI("carol"), false, false);
    ps_has = test_pki_issue(pki, "ps.home.example", true, false);
    ps_ec = test_pki_issue(pki, "ps.home.example", false, false);
    other_ps = test_pki_issue(pki, "ps.elsewhere.example", true, false);
    self_signed_bob = test_pki_issue(pki, URI("bob"), false, true);
#define ADD(path, test) g_test_add_func("/nodes/smime-flow/" path, test)
    ADD("every-form-serves", test_every_form_serves);
    ADD("certificates-are-fetched-once", test_certificates_are_fetched_once);
    ADD("provisioned-certificates-need-no-question", test_provisioned_certificates_need_no_question);
    ADD("included-certificates-are-kept", test_included_certificates_are_kept);
    ADD("minimal-unsigned-bodies-fit-a-datagram", test_minimal_unsigned_bodies_fit_a_datagram);
    ADD("signed-and-rich-ones-do-not", test_signed_and_rich_ones_do_not);
    ADD("the-server-filters-and-shares-what-it-reads", test_the_server_filters_and_shares_what_it_reads);
    ADD("watchers-of-watchers", test_watchers_of_watchers);
    ADD("publication-lives-and-ends", test_publication_lives_and_ends);
    ADD("a-fetch-waits-for-the-certificate", test_a_fetch_waits_for_the_certificate);
    ADD("strict-without-the-servers-certificate", test_strict_without_the_servers_certificate);
    ADD("opportunistic-without-the-servers-certificate", test_opportunistic_without_the_servers_certificate);
    ADD("watcher-without-a-certificate", test_watcher_without_a_certificate);
    ADD("strict-server-refuses-clear-publications", test_strict_server_refuses_clear_publications);
    ADD("strict-watcher-shows-nothing-clear", test_strict_watcher_shows_nothing_clear);
    ADD("unsigned-documents-are-not-shown", test_unsigned_documents_are_not_shown);
    ADD("the-wrong-key-gets-493", test_the_wrong_key_gets_493);
    ADD("smime-counts-as-confidential", test_smime_counts_as_confidential);
    ADD("an-encrypted-leg-counts-too", test_an_encrypted_leg_counts_too);
    ADD("the-tunnel-hides-who-but-not-whom", test_the_tunnel_hides_who_but_not_whom);
    ADD("strict-tunnels-want-tunnels", test_strict_tunnels_want_tunnels);
    ADD("release-5-knows-no-smime", test_release_5_knows_no_smime);
    ADD("same-seed-same-octets", test_same_seed_same_octets);
    ADD("other-subscribers-change-nothing", test_other_subscribers_change_nothing);
    ADD("inside-tls", test_inside_tls);
    ADD("a-silent-server-does-not-hold-for-ever", test_a_silent_server_does_not_hold_for_ever);
    int result = g_test_run();
    test_pki_free(pki);
    return result;
}
