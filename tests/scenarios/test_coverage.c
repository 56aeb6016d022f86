/*
 * tests/scenarios/test_coverage.c - what is protected while a share is upgraded, from networks that were run.
 *
 * Source:  scenarios/coverage.h; S4 §4.5.1 (Pw).
 */
#include "scenarios/coverage.h"
#include "scenarios/coverage_network.h"

#include <math.h>
#include <string.h>

enum { SAMPLES = 400 };

static Option *load(const char *id)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Option *option = option_load(id, diagnostics);
    g_assert_nonnull(option);
    return option;
}

static Coverage *measure(Option *option, unsigned jobs)
{
    Option *const options[] = { option };
    return coverage_measure(
        &(CoverageConfig){ .options = options, .n_options = 1, .samples = SAMPLES, .seed = 5, .jobs = jobs });
}

static const CoverageCurve *curve_of(const Coverage *coverage, bool clustered)
{
    const CoverageCurve *curve = coverage->curves->pdata[clustered];
    g_assert_cmpint(curve->clustered, ==, clustered);
    return curve;
}

static double value(unsigned n)
{
    return (double)n / SAMPLES;
}

/* Four standard errors either way: the seed is fixed, so this either holds for good or never. */
static void is_about(unsigned n, double expected)
{
    double error = sqrt(expected * (1 - expected) / SAMPLES);
    if (fabs(value(n) - expected) > 4 * error + 1e-9)
        g_error("%.3f instead of %.3f", value(n), expected);
}

/* She is exposed on the worst leg: with k watchers, k + 1 throws must all go well. */
static void check_independent(const CoverageCurve *curve)
{
    for (unsigned share = 0; share < COVERAGE_N_SHARES; share++) {
        double f = coverage_shares[share];
        is_about(curve->point[share].own_hidden, f);
        for (unsigned i = 0; i < COVERAGE_N_CROWDS; i++) {
            const CoverageCrowd *crowd = &curve->point[share].crowd[i];
            is_about(crowd->hidden, pow(f, coverage_crowds[i] + 1));
            g_assert_cmpuint(crowd->completed, ==, crowd->attempted);
            g_assert_cmpuint(crowd->attempted, ==, SAMPLES * (1 + 2 * coverage_crowds[i]));
        }
    }
}

/* Neighbours share their proxy: what is protected is protected together. */
static void check_clustered(const CoverageCurve *curve, const CoverageCurve *independent)
{
    const CoverageCrowd *alone = &independent->point[4].crowd[2], *together = &curve->point[4].crowd[2];
    g_assert_cmpfloat(coverage_shares[4], ==, 0.9);
    g_assert_cmpfloat(value(together->hidden), >, value(alone->hidden) + 0.3);
    g_assert_cmpuint(curve->point[4].own_hidden, ==, independent->point[4].own_hidden);
    g_assert_cmpuint(curve->point[0].crowd[0].hidden, ==, 0);
    g_assert_cmpuint(curve->point[5].crowd[2].hidden, ==, SAMPLES);
}

static void test_share_of_proxies(void)
{
    g_autoptr(Option) option = load("mandate");
    g_autoptr(Coverage) coverage = measure(option, 2);
    g_assert_cmpint(curve_of(coverage, false)->of, ==, COVERAGE_OF_PROXIES);
    check_independent(curve_of(coverage, false));
    check_clustered(curve_of(coverage, true), curve_of(coverage, false));
    g_assert_cmpuint(coverage->runs, <=, 42);
}

/* Nothing leaks where it is refused; what is lost is the service. */
static void test_refusal_costs_service(void)
{
    g_autoptr(Option) option = load("block");
    g_autoptr(Coverage) once = measure(option, 1), again = measure(option, 2);
    const CoverageCurve *curve = curve_of(once, false);
    g_assert_cmpuint(curve->point[0].crowd[0].hidden, ==, SAMPLES);
    g_assert_cmpuint(curve->point[0].crowd[0].completed, ==, 0);
    is_about(curve->point[4].crowd[1].served, pow(0.9, 6));
    g_assert_cmpuint(curve->point[5].crowd[2].both, ==, SAMPLES);
    g_assert_cmpint(memcmp(curve->point, curve_of(again, false)->point, sizeof curve->point), ==, 0);
    g_assert_cmpuint(once->events, ==, again->events);
}

/* Networks that are not run get the results of the one with as many upgraded watchers: this runs some of them. */
static void check_pattern(const Option *option, CoveragePattern pattern)
{
    Pki *pki = pki_new(9);
    CoverageResult run, sorted, back;
    CoverageOf of = coverage_of(option);
    coverage_network_run(option, of, pattern, 9, pki, &run);
    coverage_network_run(option, of, coverage_sorted(pattern), 9, pki, &sorted);
    coverage_network_sort_back(pattern, &sorted, &back);
    for (unsigned i = 0; i < COVERAGE_MEMBERS; i++) {
        g_assert_cmpint(run.member[i].read, ==, back.member[i].read);
        g_assert_cmpint(run.member[i].completed, ==, back.member[i].completed);
        g_assert_cmpint(run.member[i].shown, ==, back.member[i].shown);
    }
    pki_unref(pki);
}

static void test_who_is_who_does_not_matter(void)
{
    g_autoptr(Option) mandate = load("mandate"), deny = load("policy-deny"), smime = load("smime");
    check_pattern(mandate, 0x0a5a5b);
    check_pattern(mandate, 0x100002);
    check_pattern(deny, 0x133370);
    check_pattern(smime, 0x1c0ffe | 1);
}

static void test_what_is_rolled_out(void)
{
    static const struct {
        const char *option;
        CoverageOf of;
    } expected[] = { { "mandate", COVERAGE_OF_PROXIES },
                     { "policy-deny", COVERAGE_OF_PROXIES },
                     { "smime", COVERAGE_OF_HANDSETS },
                     { "tls-akav1", COVERAGE_OF_HANDSETS },
                     { "access-gea3", COVERAGE_OF_ACCESSES } };
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autoptr(Option) option = load(expected[i].option);
        g_assert_cmpint(coverage_of(option), ==, expected[i].of);
    }
}

/* A handset without a certificate gets nothing, and tells nothing. */
static void test_handsets_without_certificate(void)
{
    g_autoptr(Option) option = load("smime");
    Pki *pki = pki_new(2);
    CoverageResult result;
    coverage_network_run(option, COVERAGE_OF_HANDSETS, 0x7, 2, pki, &result);
    g_assert_true(result.member[0].completed);
    g_assert_true(result.member[1].shown && result.member[2].shown);
    g_assert_false(result.member[3].shown);
    for (unsigned i = 0; i < COVERAGE_MEMBERS; i++)
        g_assert_false(result.member[i].read);
    pki_unref(pki);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scenarios/coverage/share-of-proxies", test_share_of_proxies);
    g_test_add_func("/scenarios/coverage/refusal-costs-service", test_refusal_costs_service);
    g_test_add_func("/scenarios/coverage/who-is-who-does-not-matter", test_who_is_who_does_not_matter);
    g_test_add_func("/scenarios/coverage/what-is-rolled-out", test_what_is_rolled_out);
    g_test_add_func("/scenarios/coverage/handsets-without-certificate", test_handsets_without_certificate);
    return g_test_run();
}
