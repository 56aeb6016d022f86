/*
 * tests/ui/test_search_command.c - `presec search` as its users meet it.
 *
 * Source:  README.md, "The command"; ui/exit.h.
 */
#include "tests/ui/child.h"
#include "tests/ui/golden.h"

#include "ui/exit.h"

#include <json-glib/json-glib.h>

static void test_page(void)
{
    Child child = child_run("$presec search");
    g_assert_cmpint(child.status, ==, EXIT_DONE);
    g_assert_cmpstr(child.err, ==, "");
    golden_fits(child.out, 80);
    golden_compare("search-80", child.out);
    child_clear(&child);
}

static void test_never_more_than_was_found(void)
{
    Child child = child_run("$presec search --goal clear; $presec help search");
    g_assert_null(strstr(child.out, "secure"));
    g_assert_null(strstr(child.out, "prove"));
    g_assert_nonnull(strstr(child.out, "none found within 2 moves"));
    child_clear(&child);
}

static void test_found_traces_are_scenarios(void)
{
    child_expect("d=$(mktemp -d) && $presec search --set echo-check=none -g clear --write $d > /dev/null && "
                 "$presec validate $d/rel6-clear-1.xml > /dev/null && $presec check $d; rm -r $d",
                 EXIT_DONE, "12 scenarios", NULL);
    child_expect("d=$(mktemp -d) && $presec search -g sm7 -w $d/found > /dev/null && grep -c 'option=\"rel6\"' "
                 "$d/found/rel6-sm7-1.xml; rm -r $d",
                 EXIT_DONE, "1\n", NULL);
}

static void test_same_for_any_number_of_threads(void)
{
    child_expect("a=$($presec search --json - -j1 | md5sum) && b=$($presec search --json - -j5 | md5sum) && "
                 "test \"$a\" = \"$b\" && echo same",
                 EXIT_DONE, "same", NULL);
}

static void test_json(void)
{
    Child child = child_run("$presec search --set list-is-intersection=yes --set early-dialect=yes -g clear --json -");
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonParser) parser = json_parser_new();
    g_assert_cmpint(child.status, ==, EXIT_DONE);
    g_assert_true(json_parser_load_from_data(parser, child.out, -1, &error));
    JsonObject *root = json_node_get_object(json_parser_get_root(parser));
    g_assert_cmpstr(json_object_get_string_member(root, "schema"), ==, "presec.search/1");
    JsonObject *goal = json_array_get_object_element(json_object_get_array_member(root, "goals"), 0);
    g_assert_cmpstr(json_object_get_string_member(goal, "goal"), ==, "clear");
    g_assert_cmpint(json_object_get_int_member(goal, "moves"), ==, 1);
    g_assert_cmpint(json_object_get_int_member(goal, "ways"), ==, 4);
    g_assert_cmpuint(json_array_get_length(json_object_get_array_member(goal, "traces")), ==, 4);
    child_clear(&child);
}

static void test_bounds_are_said(void)
{
    child_expect("$presec search --runs 20 -g clear", EXIT_INCONCLUSIVE, "nor among the longer ones", NULL);
    child_expect("$presec search --runs 38 -g sm7", EXIT_DONE, "found with 1 move", NULL);
    child_expect("timeout --foreground --preserve-status -s INT 1 $presec search --moves 5 --runs 4000000 -g clear",
                 EXIT_INTERRUPTED, "none found", "what is shown is complete up to");
}

static void test_refuses_nonsense(void)
{
    child_expect("$presec search --moves 0", EXIT_USAGE, NULL, "from 1 to 6");
    child_expect("$presec search --moves 7", EXIT_USAGE, NULL, "from 1 to 6");
    child_expect("$presec search --runs 0", EXIT_USAGE, NULL, "from 1 to");
    child_expect("$presec search -j 0", EXIT_USAGE, NULL, "from 1 to");
    child_expect("$presec search --goal ''", EXIT_USAGE, NULL, "there is no goal ''");
    child_expect("$presec search --goal clear,denail", EXIT_USAGE, NULL, "did you mean 'denial'?");
    child_expect("$presec search --at air:alice", EXIT_USAGE, NULL, "there are air");
    child_expect("$presec search --option gpa", EXIT_USAGE, NULL, "did you mean 'gap'?");
    child_expect("$presec search --option data/bad.xml", EXIT_INVALID, NULL, "data/bad.xml:4:");
    child_expect("$presec search --option /nonexistent.xml", EXIT_IO, NULL, "No such file");
    child_expect("$presec search --set za-encc=no", EXIT_USAGE, NULL, "did you mean 'za-enc'?");
    child_expect("$presec search rel6", EXIT_USAGE, NULL, "too many words");
    child_expect("$presec search -m1 --write /dev/null/x", EXIT_IO, NULL, "/dev/null/x");
    child_expect("$presec search -m1 --json /nonexistent/x", EXIT_IO, NULL, "not written");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/search/page", test_page);
    g_test_add_func("/ui/search/never-more-than-was-found", test_never_more_than_was_found);
    g_test_add_func("/ui/search/found-traces-are-scenarios", test_found_traces_are_scenarios);
    g_test_add_func("/ui/search/same-for-any-number-of-threads", test_same_for_any_number_of_threads);
    g_test_add_func("/ui/search/json", test_json);
    g_test_add_func("/ui/search/bounds-are-said", test_bounds_are_said);
    g_test_add_func("/ui/search/refuses-nonsense", test_refuses_nonsense);
    return g_test_run();
}
