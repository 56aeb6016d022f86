/*
 * tests/ui/test_compare_table.c - the page of a comparison and the view of one cell, at several widths.
 *
 * Source:  README.md, "The command": word and mark, never colour alone; what "holds" means stands on the page.
 */
#include "tests/ui/comparison.h"
#include "tests/ui/golden.h"

#include "ui/compare_data.h"
#include "ui/compare_table.h"
#include "ui/compare_why.h"

static const Term plain80 = { .columns = 80 }, plain120 = { .columns = 120 }, plain160 = { .columns = 160 };

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
    g_test_add_func("/ui/compare-table/json-has-every-cell", test_json_has_every_cell);
    g_test_add_func("/ui/compare-table/csv-is-a-line-for-each-cell", test_csv_is_a_line_for_each_cell);
    g_test_add_func("/ui/compare-table/difference-is-found-and-named", test_difference_is_found_and_named);
    return g_test_run();
}
