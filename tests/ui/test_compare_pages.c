/*
 * tests/ui/test_compare_pages.c - requirements, costs, coverage, several seeds, and the file for a browser.
 *
 * Source:  README.md, "The command".
 */
#include "tests/ui/comparison.h"
#include "tests/ui/golden.h"

#include "ui/compare_costs.h"
#include "ui/compare_coverage.h"
#include "ui/compare_html.h"
#include "ui/compare_requirements.h"
#include "ui/compare_seeds.h"

static const Term plain80 = { .columns = 80 };

/* ---- requirements ---- */

static void test_requirements_at_two_widths(void)
{
    Comparison *comparison = comparison_of();
    add_row(comparison, "rel6", "hhhhhvhhhvhhhhv", 0);
    add_row(comparison, "gap", "vvvvvvhhhvhhhnv", 0);
    add_row(comparison, "policy-deny", "vnvvvvhhhvdhhnh", 0);
    add_row(comparison, "block", "nnnnnnhhhvnnnhh", 0);
    add_row(comparison, "mandate", "hhhhhvhhvhhhhhv", 0);
    static const MessageFate fates[] = { MESSAGE_HIDDEN, MESSAGE_READ, MESSAGE_REFUSED_TOO_LATE, MESSAGE_NOT_SENT,
                                         MESSAGE_FAILED };
    for (guint i = 0; i < comparison->rows->len; i++)
        ((CompareRow *)comparison->rows->pdata[i])->message = fates[i];
    for (unsigned columns = 80; columns <= 120; columns += 40) {
        const Term term = { .columns = (int)columns };
        g_autofree char *name = g_strdup_printf("compare-requirements-%u", columns);
        g_autoptr(GString) out = g_string_new(NULL);
        compare_requirements_append(&term, out, comparison);
        golden_fits(out->str, (int)columns);
        golden_compare(name, out->str);
    }
    clear(comparison);
}

/* ---- costs ---- */

static void test_costs_at_two_widths(void)
{
    Comparison *comparison = comparison_of();
    add_row(comparison, "mandate-not-upgraded", "...............", 3302);
    add_row(comparison, "mandate", "...............", 3536);
    Costs *costs = &((CompareRow *)comparison->rows->pdata[1])->costs;
    costs->has_accesses = true;
    costs->on[COST_GPRS] = (CostTimes){ 12.345, 3, -1, 0.5 };
    costs->work[COST_UE] = (CostWork){ 123456, 234567, 111, 222, 33 };
    costs->work[COST_PS] = (CostWork){ 99, 1, 2, 3, 4 };
    costs->changes = COST_CHANGES_PCSCF | COST_CHANGES_PCSCF_REL5 | COST_CHANGES_PS;
    costs->certificates[COST_UE] = 2;
    for (unsigned columns = 80; columns <= 120; columns += 40) {
        const Term term = { .columns = (int)columns };
        g_autofree char *name = g_strdup_printf("compare-costs-%u", columns);
        g_autoptr(GString) out = g_string_new(NULL);
        compare_costs_append(&term, out, comparison);
        golden_fits(out->str, (int)columns);
        golden_compare(name, out->str);
    }
    clear(comparison);
}

/* ---- coverage ---- */

static Coverage *coverage_made_up(const Option *option)
{
    Coverage *coverage = g_new0(Coverage, 1);
    coverage->curves = g_ptr_array_new_with_free_func(g_free);
    coverage->seed = 3;
    coverage->together = 0.8;
    coverage->runs = 42;
    coverage->events = 12345;
    for (unsigned clustered = 0; clustered < 2; clustered++) {
        CoverageCurve *curve = g_new0(CoverageCurve, 1);
        *curve = (CoverageCurve){ .option = option, .clustered = clustered, .samples = 1000 };
        for (unsigned share = 0; share < COVERAGE_N_SHARES; share++) {
            curve->point[share].own_hidden = share * 200;
            for (unsigned i = 0; i < COVERAGE_N_CROWDS; i++)
                curve->point[share].crowd[i] =
                    (CoverageCrowd){ 1000, 900 - i, share * (190 - 50 * i) + clustered, 41000, 40000 };
        }
        g_ptr_array_add(coverage->curves, curve);
    }
    return coverage;
}

static void test_coverage_page(void)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Option) option = option_load("mandate", diagnostics);
    g_autoptr(Coverage) coverage = coverage_made_up(option);
    g_autoptr(GString) out = g_string_new(NULL);
    compare_coverage_append(&plain80, out, coverage);
    golden_fits(out->str, 80);
    golden_compare("compare-coverage", out->str);
    g_autoptr(JsonBuilder) builder = compare_coverage_json(coverage);
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    JsonArray *curves = json_object_get_array_member(json_node_get_object(root), "curves");
    g_assert_cmpuint(json_array_get_length(curves), ==, 2);
    JsonArray *points = json_object_get_array_member(json_array_get_object_element(curves, 1), "points");
    JsonArray *watchers = json_object_get_array_member(json_array_get_object_element(points, 4), "watchers");
    JsonObject *twenty = json_array_get_object_element(watchers, 2);
    g_assert_cmpint(json_object_get_int_member(twenty, "k"), ==, 20);
    g_assert_cmpfloat(json_object_get_double_member(json_object_get_object_member(twenty, "hidden"), "value"), ==, 1);
}

/* ---- several seeds ---- */

static Comparison *with_seed(uint64_t seed, const char *gap, const char *mandate)
{
    Comparison *comparison = comparison_of();
    comparison->seed = seed;
    add_row(comparison, "gap", gap, 0);
    add_row(comparison, "mandate", mandate, 0);
    return comparison;
}

static void test_forms_of_seeds(void)
{
    uint64_t first = 0, last = 0;
    g_assert_true(compare_seeds_parse("1..5", &first, &last));
    g_assert_cmpuint(first, ==, 1);
    g_assert_cmpuint(last, ==, 5);
    g_assert_true(compare_seeds_parse("7..7", &first, &last));
    static const char *const wrong[] = { "", "5", "1..", "..5", "5..1", "1-5", "1..2..3", "0..1000", "a..b", "-1..3" };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(compare_seeds_parse(wrong[i], &first, &last));
}

static void test_cells_that_differ_are_named(void)
{
    Comparison *one = with_seed(1, "vv.............", "hh............."),
               *two = with_seed(2, "vv.............", "hd............."),
               *three = with_seed(3, "vv.............", "hh.............");
    g_autoptr(CompareSeeds) seeds = compare_seeds_new();
    g_autoptr(GString) same = g_string_new(NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    compare_seeds_add(seeds, one);
    compare_seeds_append(&plain80, same, seeds, one);
    g_assert_cmpstr(same->str, ==, "Seeds 1 to 1: the same verdict in all 4 cells.\n");
    compare_seeds_add(seeds, two);
    compare_seeds_add(seeds, three);
    g_assert_cmpuint(compare_seeds_differing(seeds), ==, 1);
    compare_seeds_append(&plain80, out, seeds, one);
    g_assert_cmpstr(out->str, ==,
                    "Seeds 1 to 3: the same verdict in 3 of 4 cells; these differ (shown above are\n"
                    "those of seed 1):\n"
                    "  mandate P2: holds with 1, 3; depends with 2\n");
    clear(one);
    clear(two);
    clear(three);
}

/* ---- for a browser ---- */

static unsigned count(const char *text, const char *what)
{
    unsigned n = 0;
    for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
        n++;
    return n;
}

static void test_html_is_one_safe_file(void)
{
    Comparison *comparison = comparison_of();
    add_row(comparison, "gap", "vvvvvvhhhvhhhnv", 3302);
    add_row(comparison, "mandate+block-ue", "nnnnnnhhhvnnnhv", 0);
    CompareRow *row = comparison->rows->pdata[0];
    g_free(row->judgement[0]->reason);
    row->judgement[0]->reason = g_strdup("read \"<script>alert(1)</script>\" & more");
    row->judgement[0]->witness = g_new0(Witness, 1);
    static const char *const because[] = { "the <first> decision", NULL };
    *row->judgement[0]->witness = (Witness){ .scenario = g_strdup("standard"),
                                             .packet = 17,
                                             .segment = g_strdup("air:alice"),
                                             .excerpt = g_strdup("<note>at her desk\001</note>"),
                                             .because = g_strdupv((char **)because) };
    char *settings[] = { "za-enc=no", NULL };
    const CompareParts parts = { .requirements = false };
    g_autofree char *html = compare_html(comparison, &parts, settings);
    g_assert_true(g_str_has_prefix(html, "<!DOCTYPE html>"));
    g_assert_null(strstr(html, "<script"));
    g_assert_null(strstr(html, "://")); /* nothing is fetched */
    g_assert_nonnull(strstr(html, "&lt;note&gt;at her desk\\x01&lt;/note&gt;"));
    g_assert_nonnull(strstr(html, "<li>the &lt;first&gt; decision</li>"));
    g_assert_nonnull(strstr(html, "packet 17 on air:alice"));
    g_assert_nonnull(strstr(html, "za-enc=no"));
    g_assert_cmpuint(count(html, "<article id="), ==, 2 * N_PROPERTIES);
    g_assert_cmpuint(count(html, "<td class=\"violated\"><a href=\"#gap-P"), ==, 8);
    g_assert_nonnull(strstr(html, "<article id=\"mandate+block-ue-P16\">"));
    g_assert_cmpuint(count(html, "<table>"), ==, count(html, "</table>"));
    g_assert_cmpuint(count(html, "<tr>") + count(html, "<tr "), ==, count(html, "</tr>"));
    clear(comparison);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/compare-pages/requirements-at-two-widths", test_requirements_at_two_widths);
    g_test_add_func("/ui/compare-pages/costs-at-two-widths", test_costs_at_two_widths);
    g_test_add_func("/ui/compare-pages/coverage-page", test_coverage_page);
    g_test_add_func("/ui/compare-pages/forms-of-seeds", test_forms_of_seeds);
    g_test_add_func("/ui/compare-pages/cells-that-differ-are-named", test_cells_that_differ_are_named);
    g_test_add_func("/ui/compare-pages/html-is-one-safe-file", test_html_is_one_safe_file);
    return g_test_run();
}
