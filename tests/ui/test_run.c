/*
 * tests/ui/test_run.c - `presec compare`, `run` and `check` as their users meet them.
 *
 * Source:  README.md, "The command"; ui/exit.h.
 */
#include "tests/ui/child.h"

#include "ui/exit.h"

#include <json-glib/json-glib.h>
#include <stdbool.h>

static bool is_missing(const char *tool)
{
    g_autofree char *path = g_find_program_in_path(tool);
    if (path)
        return false;
    g_autofree char *why = g_strdup_printf("%s is not installed", tool);
    g_test_skip(why);
    return true;
}

/* ---- compare ---- */

static void test_compare_answers_on_one_page(void)
{
    child_expect("$presec compare --options gap,rel6 --properties P1,notify-body-air", EXIT_DONE, "VIOLATED", NULL);
    child_expect("$presec compare --options gap,rel6 -pP1,P2 -j2", EXIT_DONE, "holds means only: this attacker", NULL);
    child_expect("$presec compare --options gap -p p9b", EXIT_DONE, "identity-unlinkable (P9b)", NULL);
    child_expect("$presec compare --options gap,rel6 -p P1 --seed 5 --knowledge 2003", EXIT_DONE,
                 "Seed 5, attackers' knowledge of 2003", NULL);
    child_expect("$presec compare --options gap,rel6 -p P1 --set za-enc=no", EXIT_DONE,
                 "Set for every option: za-enc=no", NULL);
}

static void test_one_cell_in_full(void)
{
    child_expect("$presec compare --why gap:P2", EXIT_DONE, "selects NULL encryption", NULL);
    child_expect("$presec compare --why gap:P2", EXIT_DONE, "Attacker A1: Passive on the radio link", NULL);
    child_expect("$presec compare --why access-gea2:P1", EXIT_DONE, "work=46  VIOLATED", NULL);
    child_expect("$presec compare --why rel6:P2", EXIT_DONE, "rel6, notify-body-air (P2): holds", NULL);
}

static void test_other_pages(void)
{
    child_expect("$presec compare --options gap --requirements -pP1", EXIT_DONE, "R10, R11, R27: the document is read",
                 NULL);
    child_expect("$presec compare --options gap --costs -pP1", EXIT_DONE, "What is computed in the run", NULL);
    child_expect("$presec compare --options gap -pP1,P2 --seeds 1..2", EXIT_DONE, "the same verdict in all 2 cells",
                 NULL);
    child_expect("$presec compare --options block --coverage --samples 50", EXIT_DONE, "f of the P-CSCFs are upgraded",
                 NULL);
    child_expect("$presec compare --options gap -pP1 --html -", EXIT_DONE, "<a href=\"#gap-P1\"", NULL);
    child_expect("$presec compare --options gap -pP1 --seeds 1..2 --json -", EXIT_DONE, "\"differing\" : []", NULL);
}

static void test_compare_refuses_nonsense(void)
{
    child_expect("$presec compare --seeds 2..1", EXIT_USAGE, NULL, "FIRST..LAST");
    child_expect("$presec compare --seeds 1..2 --seed 3", EXIT_USAGE, NULL, "stands for --seed");
    child_expect("$presec compare --samples 5", EXIT_USAGE, NULL, "goes with --coverage");
    child_expect("$presec compare --coverage --samples 0", EXIT_USAGE, NULL, "from 1 to");
    child_expect("$presec compare --coverage --why gap:P1", EXIT_USAGE, NULL, "a page of its own");
    child_expect("$presec compare --html - --json -", EXIT_USAGE, NULL, "cannot both");
    child_expect("$presec compare --options gpa", EXIT_USAGE, NULL, "did you mean 'gap'?");
    child_expect("$presec compare --options ''", EXIT_USAGE, NULL, "no option was named");
    child_expect("$presec compare --properties P99", EXIT_USAGE, NULL, "there is no property 'P99'");
    child_expect("$presec compare --properties ''", EXIT_USAGE, NULL, "there is no property ''");
    child_expect("$presec compare --set za-encc=no", EXIT_USAGE, NULL, "did you mean 'za-enc'?");
    child_expect("$presec compare --set za-enc", EXIT_USAGE, NULL, "FIELD=VALUE");
    child_expect("$presec compare --set za-enc=perhaps", EXIT_USAGE, NULL, "is not a value of za-enc");
    child_expect("$presec compare --knowledge 1999", EXIT_USAGE, NULL, "2003 or 2021");
    child_expect("$presec compare --jobs 0", EXIT_USAGE, NULL, "from 1 to");
    child_expect("$presec compare --seed minus", EXIT_USAGE, NULL, "not a whole number");
    child_expect("$presec compare --why gap", EXIT_USAGE, NULL, "OPTION:PROPERTY");
    child_expect("$presec compare --why gap:P2 --options rel6", EXIT_USAGE, NULL, "leave --options");
    child_expect("$presec compare gap", EXIT_USAGE, NULL, "too many words");
    child_expect("$presec compare --json - --csv -", EXIT_USAGE, NULL, "cannot both");
    child_expect("$presec compare --options /nonexistent.xml", EXIT_IO, NULL, "No such file");
    child_expect("$presec compare --options data/bad.xml,gap", EXIT_INVALID, NULL, "data/bad.xml:4:");
    child_expect("$presec compare --options gap -pP1 --json /nonexistent/x", EXIT_IO, NULL, "not written");
}

static void test_own_option_is_compared(void)
{
    child_expect("d=$(mktemp -d) && $presec new option - > $d/mine.xml && $presec compare --options gap,$d/mine.xml -p "
                 "P1,P2; rm -r $d",
                 EXIT_DONE, " mine ", NULL);
}

static JsonNode *parse(const char *script)
{
    Child child = child_run(script);
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(child.status, ==, EXIT_DONE);
    JsonNode *root = json_from_string(child.out, &error);
    g_assert_no_error(error);
    child_clear(&child);
    return root;
}

static void test_json_is_the_documented_one(void)
{
    g_autoptr(JsonNode) root = parse("$presec compare --options gap -p P2,P10 --json -");
    JsonObject *whole = json_node_get_object(root);
    g_assert_cmpstr(json_object_get_string_member(whole, "schema"), ==, "presec.compare/1");
    JsonArray *options = json_object_get_array_member(whole, "options");
    JsonObject *gap = json_array_get_object_element(options, 0);
    g_assert_cmpstr(json_object_get_string_member(gap, "id"), ==, "gap");
    JsonObject *verdicts = json_object_get_object_member(gap, "verdicts");
    JsonObject *cell = json_object_get_object_member(verdicts, "notify-body-air");
    g_assert_cmpstr(json_object_get_string_member(cell, "verdict"), ==, "violated");
    g_assert_cmpstr(json_object_get_string_member(cell, "attacker"), ==, "A1");
    JsonObject *witness = json_object_get_object_member(cell, "witness");
    g_assert_cmpint(json_object_get_int_member(witness, "packet"), >, 0);
    g_assert_true(json_object_get_null_member(json_object_get_object_member(verdicts, "available"), "attacker"));
    g_assert_cmpint(json_object_get_int_member(json_object_get_object_member(gap, "costs"), "registration-octets-air"),
                    >, 0);
}

static void test_files_and_page_together(void)
{
    child_expect("d=$(mktemp -d) && $presec compare --options gap -p P1,P2 --json $d/a.json --csv $d/a.csv && "
                 "wc -l < $d/a.csv && head -c 1 $d/a.json; rm -r $d",
                 EXIT_DONE, "found nothing.\n3\n{", NULL);
}

/* The answer depends on neither the number of threads nor chance. */
static void test_compare_is_deterministic(void)
{
    child_expect("$presec compare --options gap,policy-deny -p P1,P2,P16 --check-determinism -j 2", EXIT_DONE, "gap",
                 "run twice, with the same results");
    child_expect("$presec compare --options gap,rel6,block -p P1,P7 -j1 --json - > /tmp/presec-a.$$; "
                 "$presec compare --options gap,rel6,block -p P1,P7 -j4 --json - | cmp - /tmp/presec-a.$$; s=$?; "
                 "rm /tmp/presec-a.$$; exit $s",
                 EXIT_DONE, NULL, NULL);
}

/* SIGTERM is taken like Ctrl-C, which a shell does not hand to what it runs in the background. */
static void test_interrupted_compare_keeps_what_is_finished(void)
{
    Child child = child_run("$presec compare -j1 & p=$!; sleep 1; kill -TERM $p; wait $p");
    if (child.status == EXIT_DONE)
        g_test_skip("it was finished before it could be interrupted");
    else {
        g_assert_cmpint(child.status, ==, EXIT_INTERRUPTED);
        g_assert_nonnull(strstr(child.err, "options were finished; missing: "));
        g_assert_nonnull(strstr(child.err, "compare: interrupted"));
    }
    child_clear(&child);
}

/* ---- run ---- */

static void test_run_says_what_came_of_it(void)
{
    child_expect("$presec run gap", EXIT_DONE, "met    listener reads the body of alice in NOTIFY", NULL);
    child_expect("$presec run gap", EXIT_DONE, "Option gap, seed 1", NULL);
    child_expect("$presec run gap --option rel6", EXIT_UNMET, "UNMET", NULL);
    child_expect("$presec run gap --check-determinism", EXIT_DONE, "Digest ", "the same octets");
    child_expect("$presec run standard+AT-21 --option rel6", EXIT_DONE, "mallory (A5)", NULL);
    child_expect("$presec run AT-21 --option rel6", EXIT_DONE, "mallory (A5)", NULL);
    child_expect("$presec new scenario - | $presec run -", EXIT_DONE, "mine: A listener", NULL);
}

static void test_ladder_reads_like_the_flow(void)
{
    child_expect("$presec run gap --ladder --only alice,pcscf", EXIT_DONE, "REGISTER SM1", NULL);
    child_expect("$presec run gap --ladder --only sip", EXIT_DONE, "200 SM12", NULL);
    child_expect("$presec run gap --ladder --only sip | grep -c MAR", EXIT_UNMET, "0", NULL);
    child_expect("$presec run gap --ladder", EXIT_DONE, "gi gn iu ran air: in the clear (ESP null", NULL);
    child_expect("$presec run rel6 --ladder", EXIT_DONE, "air ran iu gn gi: sealed (ESP des-ede3-cbc", NULL);
    child_expect("$presec run gap --ladder --width 120 | awk '/^[^ ]/ { next } length > 130 { exit 1 }'", EXIT_DONE,
                 NULL, NULL);
    child_expect("$presec run gap --narrate", EXIT_DONE, "alice sends REGISTER SM1 to P-CSCF", NULL);
}

static void test_run_refuses_nonsense(void)
{
    child_expect("$presec run", EXIT_USAGE, NULL, "SCENARIO");
    child_expect("$presec run replayed-subscibe", EXIT_USAGE, NULL, "did you mean 'replayed-subscribe'?");
    child_expect("$presec run qqqqqqq", EXIT_USAGE, NULL, "presec list scenarios");
    child_expect("$presec run gap --option nope", EXIT_USAGE, NULL, "there is no option 'nope'");
    child_expect("$presec run gap --set nope=1", EXIT_USAGE, NULL, "no field 'nope'");
    child_expect("$presec run gap --width 7", EXIT_USAGE, NULL, "from 40 to 500");
    child_expect("$presec run gap --ladder --only alcie", EXIT_USAGE, NULL, "did you mean 'alice'?");
    child_expect("$presec run /nonexistent.xml", EXIT_IO, NULL, "No such file");
    child_expect("$presec run data/bad.xml", EXIT_INVALID, NULL, "data/bad.xml:");
    child_expect("$presec run gap --capture /nonexistent/x.pcapng", EXIT_IO, NULL, "not written");
    child_expect("{ sleep 0.5; $presec run gap --ladder; echo status $? >&2; } | true", EXIT_DONE, NULL,
                 "Broken pipe\nstatus 74");
}

static void test_run_json(void)
{
    g_autoptr(JsonNode) root = parse("$presec run gap --json -");
    JsonObject *whole = json_node_get_object(root);
    g_assert_cmpstr(json_object_get_string_member(whole, "schema"), ==, "presec.run/1");
    g_assert_cmpuint(strlen(json_object_get_string_member(whole, "digest")), ==, 64);
    JsonArray *expectations = json_object_get_array_member(whole, "expectations");
    g_assert_cmpuint(json_array_get_length(expectations), >, 5);
    g_assert_true(json_object_get_boolean_member(json_array_get_object_element(expectations, 0), "met"));
    JsonObject *verdicts = json_object_get_object_member(whole, "verdicts");
    g_assert_true(json_object_has_member(verdicts, "notify-body-air"));
}

/* The packet that compare names holds what compare quotes, as an independent reader finds it. */
static void test_witness_is_in_the_capture(void)
{
    if (is_missing("tshark"))
        return;
    g_autoptr(JsonNode) root = parse("$presec compare --why gap:P2 --json -");
    JsonArray *options = json_object_get_array_member(json_node_get_object(root), "options");
    JsonObject *verdicts = json_object_get_object_member(json_array_get_object_element(options, 0), "verdicts");
    JsonObject *witness =
        json_object_get_object_member(json_object_get_object_member(verdicts, "notify-body-air"), "witness");
    g_auto(GStrv) words = g_strsplit(json_object_get_string_member(witness, "excerpt"), "desk ", 2);
    g_assert_nonnull(words[1]);
    words[1][12] = '\0'; /* the canary */
    g_autofree char *script = g_strdup_printf(
        "f=$(mktemp) && $presec run standard --option gap --capture $f > /dev/null && "
        "tshark -r $f -Y 'frame.number == %d && frame contains \"%s\"' -T fields -e frame.number 2>/dev/null; rm $f",
        (int)json_object_get_int_member(witness, "packet"), words[1]);
    g_autofree char *expected = g_strdup_printf("%d\n", (int)json_object_get_int_member(witness, "packet"));
    Child child = child_run(script);
    g_assert_cmpstr(child.out, ==, expected);
    child_clear(&child);
}

static void test_compare_captures_what_it_names(void)
{
    child_expect(
        "d=$(mktemp -d) && $presec compare --options gap,access-gea2 -p P1,P2,P7 --capture $d/sub > /dev/null; "
        "ls $d/sub; $presec run standard --option gap --capture $d/x > /dev/null; cmp $d/x "
        "$d/sub/gap-standard.pcapng; rm -r $d",
        EXIT_DONE, "access-gea2-standard-work=46.pcapng\ngap-standard.pcapng\n", NULL);
    child_expect("$presec compare --options gap -pP1 --capture /dev/null/x", EXIT_IO, NULL, "/dev/null/x: ");
}

/* ---- check ---- */

static void test_check_of_named_scenarios(void)
{
    child_expect("$presec check gap replayed-subscribe", EXIT_DONE, "2 scenarios", NULL);
    child_expect("$presec check gap --tap", EXIT_DONE, "TAP version 13\n1..1\nok 1 - gap: ", NULL);
    child_expect("$presec check nope", EXIT_USAGE, "NOT OK", "there is no scenario 'nope'");
    child_expect("$presec check data/bad.xml", EXIT_INVALID, "the file is not valid", "data/bad.xml:");
    child_expect("$presec check /nonexistent/", EXIT_IO, "cannot be read", "No such file");
    child_expect("$presec check gap --tap --junit -", EXIT_USAGE, NULL, "cannot both");
}

#define UNMET_FOLDER                                                                                                   \
    "d=$(mktemp -d) && $presec new scenario - | sed 's/is=\"200\"/is=\"403\"/' > $d/wrong.xml && "                     \
    "$presec new scenario - > $d/right.xml && "

static void test_check_of_a_folder_reports_what_was_not_met(void)
{
    child_expect(UNMET_FOLDER "$presec check $d; s=$?; rm -r $d; exit $s", EXIT_UNMET, "UNMET  bob: subscribe", NULL);
    child_expect(UNMET_FOLDER "$presec check $d/ --tap; s=$?; rm -r $d; exit $s", EXIT_UNMET, "not ok 2 - ", NULL);
    child_expect("d=$(mktemp -d); $presec check $d/; s=$?; rmdir $d; exit $s", EXIT_USAGE, NULL, "holds no scenario");
    if (is_missing("xmllint"))
        return;
    child_expect(UNMET_FOLDER "$presec check $d --junit $d/j.xml > /dev/null; xmllint --xpath "
                              "'string(//testsuite/@failures)' $d/j.xml; rm -r $d",
                 EXIT_DONE, "1", NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/compare/answers-on-one-page", test_compare_answers_on_one_page);
    g_test_add_func("/ui/compare/one-cell-in-full", test_one_cell_in_full);
    g_test_add_func("/ui/run/compare-other-pages", test_other_pages);
    g_test_add_func("/ui/compare/refuses-nonsense", test_compare_refuses_nonsense);
    g_test_add_func("/ui/compare/own-option-is-compared", test_own_option_is_compared);
    g_test_add_func("/ui/compare/json-is-the-documented-one", test_json_is_the_documented_one);
    g_test_add_func("/ui/compare/files-and-page-together", test_files_and_page_together);
    g_test_add_func("/ui/compare/is-deterministic", test_compare_is_deterministic);
    g_test_add_func("/ui/compare/interrupted-keeps-what-is-finished", test_interrupted_compare_keeps_what_is_finished);
    g_test_add_func("/ui/run/says-what-came-of-it", test_run_says_what_came_of_it);
    g_test_add_func("/ui/run/ladder-reads-like-the-flow", test_ladder_reads_like_the_flow);
    g_test_add_func("/ui/run/refuses-nonsense", test_run_refuses_nonsense);
    g_test_add_func("/ui/run/json", test_run_json);
    g_test_add_func("/ui/run/witness-is-in-the-capture", test_witness_is_in_the_capture);
    g_test_add_func("/ui/compare/captures-what-it-names", test_compare_captures_what_it_names);
    g_test_add_func("/ui/check/of-named-scenarios", test_check_of_named_scenarios);
    g_test_add_func("/ui/check/of-a-folder-reports-what-was-not-met", test_check_of_a_folder_reports_what_was_not_met);
    return g_test_run();
}
