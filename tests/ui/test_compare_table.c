/*
 * tests/ui/test_compare_table.c - the page of a comparison and the view of one cell, at several widths.
 *
 * Source:  README.md, "The command": word and mark, never colour alone; what "holds" means stands on the page.
 */
#include "tests/ui/golden.h"

#include "ui/compare_costs.h"
#include "ui/compare_coverage.h"
#include "ui/compare_data.h"
#include "ui/compare_requirements.h"
#include "ui/compare_table.h"
#include "ui/compare_why.h"

static const Term plain80 = { .columns = 80 }, plain120 = { .columns = 120 }, plain160 = { .columns = 160 };

static void free_row(void *data)
{
    CompareRow *row = data;
    for (size_t i = 0; i < N_PROPERTIES; i++)
        judgement_free(row->judgement[i]);
    option_free((Option *)row->option);
    g_free(row);
}

/* One letter a column: h, v, n, d, i, and "." for one that was not asked for. */
static void add_row(Comparison *comparison, const char *id, const char *verdicts, unsigned octets)
{
    static const char letters[] = "hvndi";
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    CompareRow *row = g_new0(CompareRow, 1);
    row->option = option_load(id, diagnostics);
    g_assert_nonnull(row->option);
    for (size_t i = 0; i < N_PROPERTIES; i++) {
        if (verdicts[i] == '.')
            continue;
        Verdict verdict = (Verdict)(strchr(letters, verdicts[i]) - letters);
        row->judgement[i] = judgement_new(verdict, property_info[i].attacker, "", "");
    }
    row->has_costs = octets > 0;
    row->costs = (Costs){ .air = { [COST_REGISTRATION] = { 1, octets, 4, 4 }, [COST_PUBLISH] = { 6, 1365, 2, 2 } },
                          .registration_round_trips = 2,
                          .times = { 0.805, 0.37, -1, -1 },
                          .vectors = 1 };
    g_ptr_array_add(comparison->rows, row);
}

static Comparison *comparison_of(void)
{
    Comparison *comparison = g_new0(Comparison, 1);
    comparison->rows = g_ptr_array_new_with_free_func(free_row);
    comparison->seed = 7;
    comparison->runs = 12;
    comparison->events = 3456;
    comparison->bound = g_strdup("3 attacks of 6 moves at most each");
    return comparison;
}

static void clear(Comparison *comparison)
{
    g_ptr_array_unref(comparison->rows);
    g_free(comparison->bound);
    g_free(comparison);
}

static Comparison *mixed(void)
{
    Comparison *comparison = comparison_of();
    add_row(comparison, "rel6", "hhhhhvhhhvhhhhv", 3608);
    add_row(comparison, "gap", "vvvvvvhhhvhhhnv", 3361);
    add_row(comparison, "block-ue", "nnnnnnhhhvnnnhv", 3363);
    add_row(comparison, "access-uea1", "hhhvvvhhhhhhndv", 3389);
    add_row(comparison, "access-gea2", "dddvvvhhhdhhnvv", 0);
    add_row(comparison, "mandate-not-upgraded", "vvvvvvhiivhhhnv", 3361);
    return comparison;
}

static char *table(const Term *term, const Comparison *comparison, char *const *settings)
{
    GString *out = g_string_new(NULL);
    compare_table_append(term, out, comparison, settings);
    return g_string_free(out, FALSE);
}

static void test_page_at_several_widths(void)
{
    Comparison *comparison = mixed();
    g_autofree char *narrow = table(&plain80, comparison, NULL), *middle = table(&plain120, comparison, NULL),
                    *wide = table(&plain160, comparison, NULL);
    golden_fits(narrow, 80);
    golden_fits(middle, 120);
    golden_fits(wide, 160);
    golden_compare("compare-80", narrow);
    golden_compare("compare-120", middle);
    golden_compare("compare-160", wide);
    clear(comparison);
}

/* Three columns have room for words even on a narrow terminal; what was not asked for is not there. */
static void test_few_columns_are_words(void)
{
    Comparison *comparison = comparison_of();
    add_row(comparison, "gap", "vv...........h.", 0);
    add_row(comparison, "access-gea2", "d............v.", 0);
    char *settings[] = { "za-enc=no", NULL };
    g_autofree char *text = table(&plain80, comparison, settings);
    golden_compare("compare-few", text);
    g_assert_null(strstr(text, "P7"));
    g_assert_nonnull(strstr(text, "za-enc=no"));
    clear(comparison);
}

/* Without its escape sequences a coloured page says the same. */
static void test_colour_adds_nothing(void)
{
    const Term coloured = { .colour = true, .columns = 80 };
    Comparison *comparison = mixed();
    g_autofree char *with = table(&coloured, comparison, NULL), *without = table(&plain80, comparison, NULL);
    g_autoptr(GRegex) escapes = g_regex_new("\033\\[[0-9;]*m", 0, 0, NULL);
    g_autofree char *stripped = g_regex_replace_literal(escapes, with, -1, 0, "", 0, NULL);
    g_assert_nonnull(strchr(with, '\033'));
    g_assert_null(strchr(without, '\033'));
    g_assert_cmpstr(stripped, ==, without);
    clear(comparison);
}

/* ---- one cell ---- */

static void add_condition(Judgement *judgement, const char *set, Verdict verdict, const char *attack)
{
    Condition *condition = g_new0(Condition, 1);
    *condition = (Condition){ .set = g_strdup(set), .verdict = verdict, .attack = g_strdup(attack) };
    g_ptr_array_add(judgement->conditions, condition);
}

static Judgement *depending(void)
{
    static const char *const because[] = { "alice obeys a command to use no ciphering (TS 43.020 Annex D)",
                                           "pcscf lists no encryption, and says so in words that are long enough to "
                                           "need a second line (S3 §2)",
                                           NULL };
    Judgement *judgement = judgement_new(VERDICT_DEPENDS, "A5", "AT-26", "the body is clear with the attacker");
    add_condition(judgement, "dual-mode=no", VERDICT_HOLDS, "");
    add_condition(judgement, "dual-mode=yes", VERDICT_VIOLATED, "AT-26");
    judgement->witness = g_new0(Witness, 1);
    *judgement->witness = (Witness){ .scenario = g_strdup("standard+AT-26"),
                                     .packet = 417,
                                     .segment = g_strdup("air:bob"),
                                     .time_ns = G_GINT64_CONSTANT(41704000000),
                                     .excerpt = g_strdup("<note>at her desk \033[31m</note>\nsecond line"),
                                     .because = g_strdupv((char **)because) };
    return judgement;
}

static void test_cell_in_full(void)
{
    Comparison *comparison = comparison_of();
    add_row(comparison, "access-uea1", "...............", 0);
    CompareRow *row = comparison->rows->pdata[0];
    row->judgement[PROPERTY_DOWNGRADE] = depending();
    g_autoptr(GString) out = g_string_new(NULL);
    compare_why_append(&plain80, out, comparison, row, PROPERTY_DOWNGRADE, NULL);
    golden_fits(out->str, 80);
    g_assert_null(strchr(out->str, '\033'));
    golden_compare("compare-why", out->str);
    clear(comparison);
}

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

/* ---- for programs ---- */

static void test_json_has_every_cell(void)
{
    Comparison *comparison = mixed();
    CompareRow *row = comparison->rows->pdata[3];
    judgement_free(row->judgement[PROPERTY_DOWNGRADE]);
    row->judgement[PROPERTY_DOWNGRADE] = depending();
    g_autoptr(JsonBuilder) builder = compare_json(comparison, &(CompareParts){ .requirements = false });
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    JsonObject *whole = json_node_get_object(root);
    g_assert_cmpstr(json_object_get_string_member(whole, "schema"), ==, "presec.compare/1");
    g_assert_cmpint(json_object_get_int_member(whole, "knowledge"), ==, 2021);
    JsonArray *options = json_object_get_array_member(whole, "options");
    g_assert_cmpuint(json_array_get_length(options), ==, 6);
    JsonObject *uea1 = json_array_get_object_element(options, 3);
    JsonObject *verdicts = json_object_get_object_member(uea1, "verdicts");
    g_assert_cmpuint(json_object_get_size(verdicts), ==, N_PROPERTIES);
    JsonObject *cell = json_object_get_object_member(verdicts, "downgrade");
    g_assert_cmpstr(json_object_get_string_member(cell, "verdict"), ==, "depends");
    JsonObject *branch = json_array_get_object_element(json_object_get_array_member(cell, "conditions"), 1);
    JsonObject *set = json_object_get_object_member(branch, "set");
    g_assert_cmpstr(json_object_get_string_member(set, "dual-mode"), ==, "yes");
    JsonObject *witness = json_object_get_object_member(cell, "witness");
    g_assert_cmpint(json_object_get_int_member(witness, "packet"), ==, 417);
    g_assert_cmpuint(json_array_get_length(json_object_get_array_member(witness, "because")), ==, 2);
    g_assert_true(json_object_has_member(uea1, "costs"));
    g_assert_false(json_object_has_member(json_array_get_object_element(options, 4), "costs"));
    clear(comparison);
}

static void test_csv_is_a_line_for_each_cell(void)
{
    Comparison *comparison = comparison_of();
    add_row(comparison, "gap", "v.............v", 0);
    CompareRow *row = comparison->rows->pdata[0];
    g_free(row->judgement[0]->reason);
    row->judgement[0]->reason = g_strdup("read \"this\", then\nthat");
    g_autofree char *csv = compare_csv(comparison);
    g_assert_cmpstr(csv, ==,
                    "option,row,property,column,verdict,attacker,attack,in-trust-model,conditions,scenario,packet,"
                    "segment,time-ns,reason\n"
                    "gap,GAP,publish-body-air,P1,violated,A1,,yes,,,,,,\"read \"\"this\"\", then\nthat\"\n"
                    "gap,GAP,other-watchers,P17,violated,A1,,yes,,,,,,\n");
    clear(comparison);
}

static void test_difference_is_found_and_named(void)
{
    Comparison *a = mixed(), *b = mixed();
    g_autofree char *nowhere = NULL, *where = NULL, *costs = NULL;
    g_assert_true(compare_same(a, b, &nowhere));
    g_assert_null(nowhere);
    ((CompareRow *)b->rows->pdata[2])->costs.vectors = 2;
    g_assert_false(compare_same(a, b, &costs));
    g_assert_cmpstr(costs, ==, "block-ue, costs");
    ((CompareRow *)b->rows->pdata[1])->judgement[PROPERTY_REPLAY]->verdict = VERDICT_VIOLATED;
    g_assert_false(compare_same(a, b, &where));
    g_assert_cmpstr(where, ==, "gap, P8");
    clear(a);
    clear(b);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/compare-table/page-at-several-widths", test_page_at_several_widths);
    g_test_add_func("/ui/compare-table/few-columns-are-words", test_few_columns_are_words);
    g_test_add_func("/ui/compare-table/colour-adds-nothing", test_colour_adds_nothing);
    g_test_add_func("/ui/compare-table/cell-in-full", test_cell_in_full);
    g_test_add_func("/ui/compare-table/requirements-at-two-widths", test_requirements_at_two_widths);
    g_test_add_func("/ui/compare-table/costs-at-two-widths", test_costs_at_two_widths);
    g_test_add_func("/ui/compare-table/coverage-page", test_coverage_page);
    g_test_add_func("/ui/compare-table/json-has-every-cell", test_json_has_every_cell);
    g_test_add_func("/ui/compare-table/csv-is-a-line-for-each-cell", test_csv_is_a_line_for_each_cell);
    g_test_add_func("/ui/compare-table/difference-is-found-and-named", test_difference_is_found_and_named);
    return g_test_run();
}
