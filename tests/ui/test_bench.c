/*
 * tests/ui/test_bench.c - `presec bench`: every benchmark does its work; how fast is nobody's business here.
 *
 * Source:  README.md, "The command"; ui/help/bench.txt for the schema.
 */
#include "tests/ui/child.h"

#include "sim/poison.h"
#include "ui/bench.h"

#include <json-glib/json-glib.h>

/* Exit status 1 would mean that the work went wrong. */
static void test_each_one_works(void)
{
    for (const BenchKind *kind = bench_kinds; kind->name; kind++) {
        g_autofree char *script = g_strdup_printf("$presec bench --quick %s", kind->name);
        child_expect(script, EXIT_DONE, kind->name, NULL);
    }
}

static JsonObject *root_of(JsonParser *parser, const char *script)
{
    Child child = child_run(script);
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(child.status, ==, EXIT_DONE);
    json_parser_load_from_data(parser, child.out, -1, &error);
    g_assert_no_error(error);
    child_clear(&child);
    return json_node_get_object(json_parser_get_root(parser));
}

static void test_json(void)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonObject *root = root_of(parser, "$presec bench aka queue --quick --json -");
    JsonArray *results = json_object_get_array_member(root, "results");
    g_assert_cmpstr(json_object_get_string_member(root, "schema"), ==, "presec.bench/1");
    g_assert_true(json_object_get_boolean_member(root, "complete"));
    g_assert_cmpuint(json_array_get_length(json_object_get_array_member(root, "wrong")), ==, 0);
    g_assert_cmpuint(json_array_get_length(results), ==, 4);
    for (guint i = 0; i < json_array_get_length(results); i++) {
        JsonObject *row = json_array_get_object_element(results, i);
        const char *verdict = json_object_get_string_member(row, "verdict");
        g_assert_cmpstr(json_object_get_string_member(row, "benchmark"), ==, i < 2 ? "queue" : "aka");
        g_assert_cmpfloat(json_object_get_double_member(row, "value"), >, 0);
        g_assert_cmpfloat(json_object_get_double_member(row, "floor"), >, 0);
        g_assert_true(g_str_equal(verdict, "met") || g_str_equal(verdict, "missed"));
        g_assert_cmpstr(json_object_get_string_member(row, "budget"), !=, NULL);
    }
}

/* Every benchmark of the help's table is there, and the other way round. */
static void test_help_names_them_all(void)
{
    for (const BenchKind *kind = bench_kinds; kind->name; kind++) {
        g_autofree char *line = g_strdup_printf("    %s ", kind->name);
        child_expect("$presec help bench", EXIT_DONE, line, NULL);
    }
}

static void test_unknown_name(void)
{
    child_expect("$presec bench quue", EXIT_USAGE, NULL, "queue");
}

/* --- the measuring itself --- */

#ifndef PRESEC_ASAN
static void allocate_and_give_back(void *ctx, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        void *volatile memory = g_malloc(100 + i);
        g_free(memory);
    }
}
#endif

static void allocate_nothing(void *ctx, uint64_t n)
{
    *(uint64_t *)ctx += n;
}

static void test_allocations_are_noticed(void)
{
    uint64_t sum = 0;
#ifdef PRESEC_ASAN
    g_test_skip("the sanitizer's allocator gives no account");
#else
    g_assert_true(bench_allocates(allocate_and_give_back, NULL, 1));
    g_assert_true(bench_allocates(allocate_and_give_back, NULL, 1));
#endif
    g_assert_false(bench_allocates(allocate_nothing, &sum, 7));
    g_assert_cmpuint(sum, ==, 7);
}

static void test_median(void)
{
    double odd[] = { 5, 1, 9 }, even[] = { 4, 1, 2, 8 };
    g_assert_cmpfloat(bench_median(odd, 3), ==, 5);
    g_assert_cmpfloat(bench_median(even, 4), ==, 3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/bench/each-one-works", test_each_one_works);
    g_test_add_func("/ui/bench/json", test_json);
    g_test_add_func("/ui/bench/help-names-them-all", test_help_names_them_all);
    g_test_add_func("/ui/bench/unknown-name", test_unknown_name);
    g_test_add_func("/ui/bench/allocations-are-noticed", test_allocations_are_noticed);
    g_test_add_func("/ui/bench/median", test_median);
    return g_test_run();
}
