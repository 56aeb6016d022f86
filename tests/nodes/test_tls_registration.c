/*
 * Option 4: registration over TLS before the first REGISTER, the versions of Digest AKA, certificates, fallback, and
 * what a P-CSCF and an S-CSCF of Release 5 make of it.
 *
 * Source: S3 §2, option 4; RFC 3261 §26.3.1; RFC 3310; RFC 4169; threats K33, K35-K40, AT-45, AT-46.
 */
#include "nodes/stack/endpoint.h"
#include "tests/nodes/support/little_ims.h"
#include <string.h>

static LittleIms *run_for(const LittleConfig *config, double seconds)
{
    LittleIms *ims = little_ims_new(config);
    ue_register(ims->ue[0].ue);
    little_run(ims, seconds);
    return ims;
}

static size_t count_kind(const LittleIms *ims, TraceKind kind, const char *node)
{
    return little_count(ims, kind, node, NULL);
}

/* Whether @canary crossed a segment readable. */
typedef struct Ear {
    const char *canary;
    unsigned heard;
} Ear;

static NetTapVerdict listen_for(void *ctx, const NetSighting *sighting)
{
    Ear *ear = ctx;
    ear->heard += memmem(sighting->packet->data, sighting->packet->len, ear->canary, strlen(ear->canary)) != NULL;
    return NET_TAP_PASS;
}

static void test_direct(gconstpointer version)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, GPOINTER_TO_UINT(version));
    LittleIms *ims = little_ims_new(&config);
    Ear ear = { "k3j9x8f2q7aa", 0 };
    net_tap(ims->net, "gi:alice", listen_for, &ear);
    ue_register(ims->ue[0].ue);
    little_run(ims, 60);
    g_assert_true(ue_registered(ims->ue[0].ue));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "alice", "REGISTER"), ==, 2);
    g_assert_cmpuint(count_kind(ims, TRACE_SA, "alice"), ==, 0);
    g_assert_cmpuint(count_kind(ims, TRACE_SA, "pcscf"), ==, 0);
    g_assert_cmpuint(count_kind(ims, TRACE_TLS, "alice"), ==, 1);
    g_assert_cmpuint(ear.heard, ==, 0); /* K33: identities never travel in the clear */
    g_assert_cmpuint(hss_vectors(ims->hss), ==, 1);
    little_ims_finish(ims);
}

static void test_other_version_is_refused(gconstpointer own)
{
    unsigned version = GPOINTER_TO_UINT(own);
    LittleConfig config = little_tls_config(UE_GM_TLS, version);
    config.scscf.tls_aka = 3 - version;
    LittleIms *ims = run_for(&config, 60);
    g_assert_true(little_decided(ims, "alice", "ue-refuses-version"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 401);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "alice", "REGISTER"), ==, 1);
    g_assert_false(ue_registered(ims->ue[0].ue));
    little_ims_finish(ims);
}

static void test_wrong_key_is_a_mac_failure(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 2);
    config.wrong_key = true;
    LittleIms *ims = run_for(&config, 60);
    g_assert_true(little_decided(ims, "alice", "ue-mac-failure"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 403);
    little_ims_finish(ims);
}

static void test_sync_failure_is_resynchronised(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 2);
    config.sqn_ahead = 1000;
    LittleIms *ims = run_for(&config, 60);
    g_assert_true(little_decided(ims, "alice", "ue-sync-failure"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_cmpuint(hss_vectors(ims->hss), ==, 2);
    little_ims_finish(ims);
}

/* AT-45; the certificate is of the right CA. */
static void test_wrong_name_is_refused(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.tls.wrong_name = true;
    config.ue[0].falls_back = true;
    LittleIms *ims = run_for(&config, 200);
    g_assert_true(little_decided(ims, "alice", "ue-refuses-certificate"));
    g_assert_false(little_decided(ims, "alice", "ue-falls-back"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 0);
    g_assert_cmpuint(little_outcomes(ims, "alice", "register"), ==, 1);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "alice", "REGISTER"), ==, 0);
    little_ims_finish(ims);
}

static void test_unknown_ca_is_refused(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.tls.unknown_ca = true;
    LittleIms *ims = run_for(&config, 200);
    g_assert_true(little_decided(ims, "alice", "ue-refuses-certificate"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 0);
    little_ims_finish(ims);
}

static void test_name_is_not_looked_at(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.tls.wrong_name = config.tls.any_name = true;
    LittleIms *ims = run_for(&config, 60);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    little_ims_finish(ims);
}

/* --- the port of TLS is blocked --- */

static LittleIms *run_blocked(const LittleConfig *config)
{
    LittleIms *ims = little_ims_new(config);
    net_block_protocol(ims->net, 6, SIPS_PORT);
    ue_register(ims->ue[0].ue);
    little_run(ims, 60);
    return ims;
}

static void test_blocked_without_fallback(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    LittleIms *ims = run_blocked(&config);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, -1);
    g_assert_cmpuint(little_outcomes(ims, "alice", "register"), ==, 1);
    g_assert_false(ue_registered(ims->ue[0].ue));
    little_ims_finish(ims);
}

static void test_blocked_with_fallback(gconstpointer gm)
{
    LittleConfig config = little_tls_config(GPOINTER_TO_UINT(gm), 1);
    config.ue[0].falls_back = true;
    LittleIms *ims = run_blocked(&config);
    g_assert_true(little_decided(ims, "alice", "ue-falls-back"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_cmpuint(count_kind(ims, TRACE_SA, "alice"), >, 0);
    ue_publish(ims->ue[0].ue, true, "x");
    little_run(ims, 10);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
    little_ims_finish(ims);
}

/* A P-CSCF that knows no TLS: nobody listens, which is known at once. */
static void test_nobody_listens(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.ue[0].falls_back = true;
    config.pcscf_without_tls = true;
    LittleIms *ims = run_for(&config, 15);
    g_assert_true(little_decided(ims, "alice", "ue-falls-back"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    little_ims_finish(ims);
}

/* Who is to use TLS and has none does not use IPsec for that alone. */
static void test_no_context(gconstpointer may)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.tls.used = false;
    config.ue[0].falls_back = may != NULL;
    LittleIms *ims = run_for(&config, 15);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, may != NULL ? 200 : -1);
    g_assert_cmpint(little_decided(ims, "alice", "ue-falls-back"), ==, may != NULL);
    little_ims_finish(ims);
}

/* --- nodes of Release 5, K39 --- */

static void test_strict_nodes_challenge_for_ever(gconstpointer which)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.pcscf.marks_tls = GPOINTER_TO_UINT(which) & 1;
    config.scscf.accepts_tls = GPOINTER_TO_UINT(which) & 2;
    LittleIms *ims = run_for(&config, 120);
    g_assert_true(little_decided(ims, "scscf", "scscf-challenges-again"));
    g_assert_true(little_decided(ims, "alice", "ue-gives-up"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 401);
    g_assert_nonnull(strstr(little_outcome_text(ims, "alice", "register"), "challenged for ever"));
    g_assert_cmpuint(little_outcomes(ims, "alice", "register"), ==, 1);
    g_assert_cmpuint(hss_vectors(ims->hss), ==, 4); /* one a turn */
    g_assert_false(ue_registered(ims->ue[0].ue));
    little_ims_finish(ims);
}

/* --- later registrations --- */

static void test_same_connection_for_all(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 2);
    LittleIms *ims = run_for(&config, 60);
    ue_reregister(ims->ue[0].ue);
    little_run(ims, 30);
    g_assert_cmpuint(little_outcomes(ims, "alice", "register"), ==, 2);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    g_assert_cmpuint(hss_vectors(ims->hss), ==, 2);
    g_assert_cmpuint(count_kind(ims, TRACE_TLS, "alice"), ==, 1);
    ue_deregister(ims->ue[0].ue);
    little_run(ims, 30);
    g_assert_cmpint(little_outcome(ims, "alice", "deregister"), ==, 200);
    g_assert_cmpuint(count_kind(ims, TRACE_TLS, "alice"), ==, 2); /* closed */
    g_assert_cmpuint(count_kind(ims, TRACE_TLS, "pcscf"), ==, 2);
    ue_register(ims->ue[0].ue);
    little_run(ims, 30);
    g_assert_true(ue_registered(ims->ue[0].ue));
    g_assert_cmpuint(count_kind(ims, TRACE_TLS, "alice"), ==, 3);
    little_ims_finish(ims);
}

static void test_reregisters_by_itself(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.scscf.registration_seconds = 1000;
    LittleIms *ims = run_for(&config, 1800);
    g_assert_cmpuint(little_outcomes(ims, "alice", "register"), ==, 4);
    g_assert_true(ue_registered(ims->ue[0].ue));
    g_assert_cmpuint(count_kind(ims, TRACE_TLS, "alice"), ==, 1);
    little_ims_finish(ims);
}

/* --- presence --- */

static void test_presence_by_the_connection_of_the_ue(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.pcscf.indicates_confidentiality = true;
    config.ue[0].guard = config.ue[1].guard = UE_GUARD_ENCRYPTED;
    LittleIms *ims = little_ims_registered(&config, 60);
    Ear ear = { "canary00000", 0 };
    net_tap(ims->net, "gi:*", listen_for, &ear);
    ue_publish(ims->ue[0].ue, true, "canary000001");
    little_run(ims, 10);
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 3600);
    little_run(ims, 10);
    ue_publish(ims->ue[0].ue, false, "canary000002");
    little_run(ims, 20);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
    g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "bob", NULL), ==, 2);
    g_assert_cmpuint(count_kind(ims, TRACE_TLS, "bob"), ==, 1);
    g_assert_cmpuint(ear.heard, ==, 0);
    little_ims_finish(ims);
}

/* AT-46: integrity without confidentiality is not what the guard asks for. */
static void test_null_suite_does_not_encrypt(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.tls.null_suite = true;
    config.ue[0].guard = UE_GUARD_ENCRYPTED;
    LittleIms *ims = run_for(&config, 60);
    g_assert_true(ue_registered(ims->ue[0].ue));
    ue_publish(ims->ue[0].ue, true, "x");
    little_run(ims, 10);
    g_assert_true(little_decided(ims, "alice", "ue-guard"));
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 0);
    little_ims_finish(ims);
}

static bool indicated_confidential(const LittleIms *ims)
{
    const Trace *trace = sim_trace(ims->sim);
    bool last = false;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_REGISTRATION && r->registration.made)
            last = r->registration.confidentiality;
    }
    return last;
}

static void test_indication(gconstpointer null_suite)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.tls.null_suite = null_suite != NULL;
    config.pcscf.indicates_confidentiality = true;
    LittleIms *ims = run_for(&config, 60);
    g_assert_true(ue_registered(ims->ue[0].ue));
    g_assert_cmpint(indicated_confidential(ims), ==, null_suite == NULL);
    little_ims_finish(ims);
}

/* --- who else is served --- */

static void test_ipsec_beside_tls(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.ue[1].gm = UE_GM_IPSEC;
    LittleIms *ims = little_ims_registered(&config, 60);
    g_assert_cmpuint(count_kind(ims, TRACE_SA, "bob"), >, 0);
    ue_message(ims->ue[0].ue, ims->ue[1].impu, "hello");
    little_run(ims, 10);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "bob", NULL), ==, 1);
    little_ims_finish(ims);
}

static void test_same_seed_same_octets(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 2);
    LittleIms *a = little_ims_registered(&config, 60), *b = little_ims_registered(&config, 60);
    config.seed = 2;
    LittleIms *c = little_ims_registered(&config, 60);
    g_assert_cmpstr(capture_digest(a->capture), ==, capture_digest(b->capture));
    g_assert_cmpstr(capture_digest(a->capture), !=, capture_digest(c->capture));
    little_ims_free(a);
    little_ims_free(b);
    little_ims_free(c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)             g_test_add_func("/nodes/tls-registration/" name, function)
#define ADD_WITH(name, value, function) g_test_add_data_func("/nodes/tls-registration/" name, value, function)
    ADD_WITH("direct-with-akav1", GUINT_TO_POINTER(1), test_direct);
    ADD_WITH("direct-with-akav2", GUINT_TO_POINTER(2), test_direct);
    ADD_WITH("akav1-refuses-akav2", GUINT_TO_POINTER(1), test_other_version_is_refused);
    ADD_WITH("akav2-refuses-akav1", GUINT_TO_POINTER(2), test_other_version_is_refused);
    ADD("wrong-key-is-a-mac-failure", test_wrong_key_is_a_mac_failure);
    ADD("sync-failure-is-resynchronised", test_sync_failure_is_resynchronised);
    ADD("certificate-of-another-name-is-refused-without-fallback", test_wrong_name_is_refused);
    ADD("certificate-of-an-unknown-ca-is-refused", test_unknown_ca_is_refused);
    ADD("name-is-not-looked-at-where-only-the-chain-counts", test_name_is_not_looked_at);
    ADD("blocked-port-without-fallback", test_blocked_without_fallback);
    ADD_WITH("blocked-port-with-fallback", GUINT_TO_POINTER(UE_GM_TLS), test_blocked_with_fallback);
    ADD_WITH("blocked-port-with-fallback-after-negotiation", GUINT_TO_POINTER(UE_GM_NEGOTIATED),
             test_blocked_with_fallback);
    ADD("nobody-listens-is-known-at-once", test_nobody_listens);
    ADD_WITH("no-tls-in-the-ue", NULL, test_no_context);
    ADD_WITH("no-tls-in-the-ue-with-fallback", "may", test_no_context);
    ADD_WITH("release-5-proxies-challenge-for-ever", GUINT_TO_POINTER(0), test_strict_nodes_challenge_for_ever);
    ADD_WITH("release-5-scscf-challenges-for-ever", GUINT_TO_POINTER(1), test_strict_nodes_challenge_for_ever);
    ADD_WITH("release-5-pcscf-has-the-ue-challenged-for-ever", GUINT_TO_POINTER(2),
             test_strict_nodes_challenge_for_ever);
    ADD("one-connection-until-de-registration", test_same_connection_for_all);
    ADD("re-registers-by-itself", test_reregisters_by_itself);
    ADD("presence-by-the-connection-of-the-ue", test_presence_by_the_connection_of_the_ue);
    ADD("null-suite-does-not-encrypt", test_null_suite_does_not_encrypt);
    ADD_WITH("encryption-is-indicated", NULL, test_indication);
    ADD_WITH("null-suite-is-not-indicated", GUINT_TO_POINTER(1), test_indication);
    ADD("ipsec-beside-tls", test_ipsec_beside_tls);
    ADD("same-seed-same-octets", test_same_seed_same_octets);
    return g_test_run();
}
