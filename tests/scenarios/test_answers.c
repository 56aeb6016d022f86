/*
 * tests/scenarios/test_answers.c - the worlds of answers 3 and 4: everybody gets what the option gives, and presence
 * works with it.
 *
 * Source:  S3 §2, options 3 and 4.
 */
#include "scenarios/exhibits.h"
#include "scenarios/judge.h"
#include "scenarios/world.h"

#include <string.h>

enum { SEED = 3 };
static const JudgeRoles roles = { "alice", "bob", "A1" };

static Option *option(const char *id, const char *settings)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Option *loaded = option_load(id, diagnostics);
    g_auto(GStrv) list = g_strsplit(settings, " ", -1);
    g_assert_nonnull(loaded);
    for (char **setting = list; *setting && **setting; setting++)
        g_assert_true(option_set_text(loaded, *setting, NULL));
    return loaded;
}

static Scenario *cast(const char *id)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Scenario *scenario = scenario_load(id, diagnostics);
    g_assert_nonnull(scenario);
    return scenario;
}

typedef struct Run {
    Scenario *scenario;
    Option *option;
    World *world;
    Exhibits exhibits;
} Run;

static void run_init(Run *run, const char *cast_id, const char *option_id, const char *settings, WorldFlags flags)
{
    run->scenario = cast(cast_id);
    run->option = option(option_id, settings);
    flags.trace = true;
    run->world = world_new(run->scenario, run->option, SEED, &flags);
    exhibits_of(run->world, world_run(run->world, 0), &run->exhibits);
}

static void run_clear(Run *run)
{
    exhibits_clear(&run->exhibits);
    world_free(run->world);
    option_free(run->option);
    scenario_free(run->scenario);
}

static const TraceRecord *decision(const Run *run, const char *rule)
{
    const Trace *trace = world_trace(run->world);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_DECISION && strcmp(r->decision.rule, rule) == 0)
            return r;
    }
    return NULL;
}

static unsigned done(const char *id, const char *settings)
{
    Run run;
    run_init(&run, "standard", id, settings, (WorldFlags){ .no_digest = true });
    unsigned bits = judge_done(&run.exhibits.evidence, &roles);
    g_test_message("%s %s: %u", id, settings, bits);
    run_clear(&run);
    return bits;
}

/* ---- what completes ---- */

static void test_presence_completes_over_tls(void)
{
    static const char *const settings[] = { "",
                                            "aka=akav2",
                                            "gm=tls-negotiated",
                                            "tls-authentication=client-cert",
                                            "tls-authentication=client-cert subscriber-keys=rsa",
                                            "tls-check=nothing",
                                            "tls-check=chain",
                                            "tls-version=1.1",
                                            "tls-version=1.2",
                                            "tls-version=1.3",
                                            "tls-suite=null",
                                            "fallback=yes",
                                            "credential=usim-reuse",
                                            "res-bits=32",
                                            "pcscf-location=home" };
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
        g_assert_cmpuint(done("tls-akav1", settings[i]), ==, DONE_ALL);
}

/* threats K39: nodes of Release 5 that know security associations only challenge for ever. */
static void test_strict_release_five_nodes_register_nobody_over_tls(void)
{
    g_assert_cmpuint(done("tls-akav1", "rel5-tls-mode=strict"), ==, 0);
    g_assert_cmpuint(done("tls-negotiated", "rel5-tls-mode=strict"), ==, 0);
}

static void test_presence_completes_with_smime(void)
{
    static const char *const settings[] = { "",
                                            "e2e=smime-tunnel",
                                            "certificate-source=cached",
                                            "certificate-source=included",
                                            "e2e=smime-tunnel certificate-source=included",
                                            "signature=no",
                                            "subscriber-keys=rsa",
                                            "freshness=no",
                                            "document=rich",
                                            "missing-certificate=clear",
                                            "certificates=missing missing-certificate=clear",
                                            "gm=tls aka=akav2" };
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
        g_assert_cmpuint(done("smime", settings[i]), ==, DONE_ALL);
    g_assert_cmpuint(done("policy-deny+smime", ""), ==, DONE_ALL);
    g_assert_cmpuint(done("access-uea1+smime", ""), ==, DONE_ALL);
    g_assert_cmpuint(done("rel6+smime", ""), ==, DONE_ALL);
}

/* threats K30: refuse or clear. */
static void test_strict_smime_without_certificates_sends_nothing(void)
{
    g_assert_cmpuint(done("smime", "certificates=missing") & (DONE_PUBLISH | DONE_NOTIFY), ==, 0);
}

static void test_watchers_have_their_passwords(void)
{
    g_assert_cmpuint(done("gap", "watcher-authentication=digest"), ==, DONE_ALL);
    g_assert_cmpuint(done("gap", "watcher-authentication=digest password=dictionary"), ==, DONE_ALL);
}

/* S3 §2, option 4: "TLS cannot be used with UDP". */
static void test_udp_alone_carries_ipsec_and_no_tls(void)
{
    g_assert_cmpuint(done("gap", "transport=udp"), ==, DONE_ALL);
    Run run;
    run_init(&run, "standard", "tls-akav1", "fallback=yes", (WorldFlags){ .no_digest = true });
    run.scenario->block_tcp = true;
    world_free(run.world);
    exhibits_clear(&run.exhibits);
    run.world = world_new(run.scenario, run.option, SEED, &(WorldFlags){ .trace = true });
    exhibits_of(run.world, world_run(run.world, 0), &run.exhibits);
    g_assert_cmpuint(judge_done(&run.exhibits.evidence, &roles), ==, DONE_ALL); /* it fell back */
    run_clear(&run);
}

/* ---- what is seen ---- */

static bool reads_body(const Run *run)
{
    return judge_what_is_clear(&run->exhibits.evidence, &roles) != 0;
}

static void test_tls_hides_and_null_suites_do_not(void)
{
    Run run;
    run_init(&run, "standard", "tls-akav1", "", (WorldFlags){ .no_digest = true });
    g_assert_false(reads_body(&run));
    run_clear(&run);
    run_init(&run, "standard", "tls-akav1", "tls-suite=null", (WorldFlags){ .no_digest = true });
    g_assert_true(reads_body(&run)); /* threats AT-46 */
    run_clear(&run);
}

static void test_smime_hides_documents_and_not_who_watches_whom(void)
{
    Run run;
    run_init(&run, "standard", "smime", "", (WorldFlags){ .no_digest = true });
    g_assert_cmpuint(judge_what_is_clear(&run.exhibits.evidence, &roles), ==, CLEAR_RELATION);
    run_clear(&run);
    run_init(&run, "standard", "smime", "certificates=missing missing-certificate=clear",
             (WorldFlags){ .no_digest = true });
    g_assert_cmpuint(judge_what_is_clear(&run.exhibits.evidence, &roles), ==, CLEAR_ALL);
    run_clear(&run);
}

/* The Presence Server protects what it sends on every leg; carol's UE, of Release 5, has no S/MIME and is shown nothing
 * (K30). */
static void test_the_other_watcher_is_sent_nothing_in_clear(void)
{
    static const JudgeRoles carol = { "alice", "carol", "A1" };
    Run run;
    run_init(&run, "other-watchers", "smime", "", (WorldFlags){ .no_digest = true });
    g_assert_cmpuint(judge_done(&run.exhibits.evidence, &carol), ==, DONE_ALL & ~DONE_NOTIFY);
    Judgement *judgement = judge_other_watchers(&run.exhibits.evidence, &carol);
    g_assert_cmpint(judgement->verdict, ==, VERDICT_HOLDS);
    judgement_free(judgement);
    run_clear(&run);
}

/* ---- certificates ---- */

static void test_a_client_certificate_names_its_user(void)
{
    Run run;
    run_init(&run, "standard", "tls-client-cert", "", (WorldFlags){ .no_digest = true });
    g_assert_null(decision(&run, "pcscf-certificate-mismatch"));
    g_assert_cmpuint(judge_done(&run.exhibits.evidence, &roles), ==, DONE_ALL);
    run_clear(&run);
}

/* ---- determinism ---- */

static void digest_of(const char *id, const char *settings, Pki *pki, char digest[65])
{
    Run run;
    run_init(&run, "watcher-rel6", id, settings, (WorldFlags){ .pki = pki });
    g_strlcpy(digest, world_digest(run.world), 65);
    run_clear(&run);
}

static void test_a_shared_authority_changes_no_octet(void)
{
    static const char *const ids[] = { "tls-client-cert", "tls-negotiated", "smime+tls-akav2" };
    Pki *pki = pki_new(SEED);
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        char alone[65], first[65], second[65];
        digest_of(ids[i], "", NULL, alone);
        digest_of(ids[i], "", pki, first);
        digest_of(ids[i], "", pki, second);
        g_assert_cmpuint(strlen(alone), ==, 64);
        g_assert_cmpstr(alone, ==, first);
        g_assert_cmpstr(alone, ==, second);
    }
    pki_unref(pki);
}

static void test_a_world_that_needs_no_authority_makes_none(void)
{
    Run run;
    run_init(&run, "standard", "gap", "", (WorldFlags){ .no_digest = true });
    g_assert_null(world_pki(run.world));
    run_clear(&run);
}

/* ---- one application on the card ---- */

static void test_a_single_counter_works_where_nobody_interferes(void)
{
    g_assert_cmpuint(done("gap", "hss-sqn=single"), ==, DONE_ALL);
    g_assert_cmpuint(done("gap", "hss-sqn=single credential=usim-reuse"), ==, DONE_ALL);
    g_assert_cmpuint(done("gap", "credential=usim-reuse isim-fault=wrong-key"), ==, 0);
}

#define ADD(name, function) g_test_add_func("/scenarios/answers/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("presence-completes-over-tls", test_presence_completes_over_tls);
    ADD("presence-completes-with-smime", test_presence_completes_with_smime);
    ADD("strict-smime-without-certificates-sends-nothing", test_strict_smime_without_certificates_sends_nothing);
    ADD("watchers-have-their-passwords", test_watchers_have_their_passwords);
    ADD("smime-hides-documents-and-not-who-watches-whom", test_smime_hides_documents_and_not_who_watches_whom);
    ADD("the-other-watcher-is-sent-nothing-in-clear", test_the_other_watcher_is_sent_nothing_in_clear);
    ADD("strict-release-five-nodes-register-nobody-over-tls", test_strict_release_five_nodes_register_nobody_over_tls);
    ADD("udp-alone-carries-ipsec-and-no-tls", test_udp_alone_carries_ipsec_and_no_tls);
    ADD("tls-hides-and-null-suites-do-not", test_tls_hides_and_null_suites_do_not);
    ADD("a-client-certificate-names-its-user", test_a_client_certificate_names_its_user);
    ADD("a-shared-authority-changes-no-octet", test_a_shared_authority_changes_no_octet);
    ADD("a-world-that-needs-no-authority-makes-none", test_a_world_that_needs_no_authority_makes_none);
    ADD("a-single-counter-works-where-nobody-interferes", test_a_single_counter_works_where_nobody_interferes);
    return g_test_run();
}
