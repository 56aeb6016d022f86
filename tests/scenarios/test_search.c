/*
 * tests/scenarios/test_search.c - the search finds again what is known, with the known number of moves, and nothing
 * where nothing should be.
 *
 * Source:  threats 5 (S10 to S15 and the negative controls), Appendix A (E1).
 */
#include "scenarios/judge.h"
#include "scenarios/run.h"
#include "scenarios/search.h"

#include <string.h>

enum { JOBS = 2 };

static Option *option_with(const char *id, const char *sets)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Option *option = option_load(id, diagnostics);
    g_auto(GStrv) list = g_strsplit(sets, " ", -1);
    g_assert_nonnull(option);
    for (char **set = list; *set != NULL; set++)
        g_assert_true(option_set_text(option, *set, NULL));
    return option;
}

static Search *search_with(const Option *option, const char *goals, unsigned moves, const char *segment,
                           const char *only)
{
    g_auto(GStrv) words = only != NULL ? g_strsplit(only, ",", -1) : NULL;
    SearchConfig config = { .option = option,
                            .max_moves = moves,
                            .seed = 1,
                            .jobs = JOBS,
                            .segment = segment,
                            .only = (const char *const *)words };
    g_auto(GStrv) list = g_strsplit(goals, " ", -1);
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++)
        config.goals[goal] = g_strv_contains((const char *const *)list, search_goal_info[goal].id);
    return search_attacks(&config);
}

static Search *search(const Option *option, const char *goals, unsigned moves)
{
    return search_with(option, goals, moves, NULL, NULL);
}

/* A found trace is a scenario file that ends as it says. */
static void check_trace(const Search *found, const Option *option, SearchGoal goal, const SearchTrace *trace)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autofree char *xml = search_scenario(found, option, goal, trace, "trace");
    g_autoptr(Scenario) scenario = scenario_parse("trace.xml", xml, strlen(xml), diagnostics);
    g_autofree char *wrong = diagnostics_text(diagnostics);
    g_assert_cmpstr(wrong, ==, "");
    RunConfig config = { .seed = found->seed, .flags = { .trace = true } };
    g_autoptr(RunResult) result = run_scenario(scenario, &config, NULL);
    for (guint i = 0; i < result->expectations->len; i++) {
        const ExpectationResult *one = result->expectations->pdata[i];
        if (!one->met)
            g_test_message("%s; got: %s\n%s", one->expected, one->got, xml);
    }
    g_assert_true(result->met);
}

typedef struct Row {
    const char *id;            /* of threats 5 */
    const char *option, *sets; /* rel6: the seeds' rules */
    SearchGoal goal;
    unsigned bound, moves;      /* found with so many; 0: none within the bound */
    const char *segment, *only; /* NULL: air, all moves */
} Row;

#define RELAY "session,TCP,challenge,answer"

static const Row rows[] = {
    { "S10", "rel6", "list-is-intersection=yes early-dialect=yes", SEARCH_CLEAR, 2, 1, NULL, NULL },
    { "S11", "rel6", "falls-back-without-list=yes", SEARCH_UNPROTECTED, 2, 1, NULL, NULL },
    { "S11-and-a-refusal-turned", "rel6", "falls-back-without-list=yes", SEARCH_CLEAR, 2, 2, NULL, "SM6: ,200" },
    { "S12", "rel6", "tries-both=yes echo-check=none", SEARCH_CLEAR, 2, 1, NULL, NULL },
    { "S12-partial", "rel6", "tries-both=yes echo-check=no-ealg", SEARCH_CLEAR, 2, 1, NULL, NULL },
    { "S13", "rel6", "echo-check=none", SEARCH_CLEAR, 2, 2, NULL, " of Security-" },
    { "S13-no-ealg", "rel6", "echo-check=no-ealg", SEARCH_CLEAR, 2, 2, NULL, "every ealg" },
    { "AT-24", "rel6", "retries-without-encryption=yes", SEARCH_CLEAR, 2, 1, NULL, NULL },
    { "AT-30p", "rel6", "neighbour-pcscf=rel5", SEARCH_CLEAR, 2, 1, NULL, NULL },
    { "echo-betrays-the-intersection", "rel6", "list-is-intersection=yes", SEARCH_CLEAR, 1, 0, NULL, NULL },
    { "echo-betrays-both", "rel6", "tries-both=yes", SEARCH_CLEAR, 1, 0, NULL, NULL },
    { "S20", "tls-akav1", "fallback=yes", SEARCH_MASQUERADE, 5, 5, "gi", RELAY },
    { "S20-needs-a-fallback", "tls-akav1", "", SEARCH_MASQUERADE, 5, 0, "gi", RELAY },
    { "S20-not-with-akav2", "tls-akav2", "fallback=yes", SEARCH_MASQUERADE, 5, 0, "gi", RELAY },
    { "S22", "tls-unchecked", "", SEARCH_CLEAR, 2, 2, NULL, "on the path" },
    { "S22-contact", "tls-unchecked", "", SEARCH_MASQUERADE, 3, 3, NULL, "on the path,SM7: name" },
    { "S22-not-when-checked", "tls-akav1", "", SEARCH_CLEAR, 2, 0, NULL, "on the path" },
    { "S23", "tls-akav1", "fallback=yes", SEARCH_CLEAR, 2, 1, NULL, "TCP" },
    { "tls-cannot-be-taken-out", "tls-negotiated", "", SEARCH_CLEAR, 1, 0, NULL, "of Security-Server" },
};

static void test_row(const void *data)
{
    const Row *row = data;
    g_autoptr(Option) option = option_with(row->option, row->sets);
    g_autoptr(Search) found = search_with(option, search_goal_info[row->goal].id, row->bound, row->segment, row->only);
    const SearchAnswer *answer = &found->answers[row->goal];
    g_assert_false(answer->already);
    g_assert_cmpuint(answer->moves, ==, row->moves);
    g_assert_cmpuint(answer->traces->len, ==, MIN(answer->n, 12));
    g_assert_true((answer->n > 0) == (row->moves > 0));
    g_assert_false(search_is_inconclusive(found));
    for (guint i = 0; i < MIN(answer->traces->len, 2); i++)
        check_trace(found, option, row->goal, answer->traces->pdata[i]);
}

/* ---- the seeds' rules ---- */

static const SearchTrace *trace_with(const SearchAnswer *answer, const char *words)
{
    for (guint i = 0; i < answer->traces->len; i++) {
        const SearchTrace *trace = answer->traces->pdata[i];
        if (strstr(trace->moves[0]->words, words) != NULL)
            return trace;
    }
    g_error("no trace says '%s'", words);
}

/* No clear session by any pair; SM7 is readable with one edit of SM6 (S14), any edit denies (S15). */
static void test_seed_rules(void)
{
    g_autoptr(Option) rel6 = option_with("rel6", "");
    g_autoptr(Search) found = search(rel6, "clear sm7 unprotected denial masquerade", 2);
    static const unsigned moves[] = {
        [SEARCH_CLEAR] = 0, [SEARCH_SM7] = 1, [SEARCH_UNPROTECTED] = 0, [SEARCH_DENIAL] = 1, [SEARCH_MASQUERADE] = 0
    };
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++) {
        const SearchAnswer *answer = &found->answers[goal];
        g_assert_true(answer->asked);
        g_assert_false(answer->already);
        g_assert_cmpuint(answer->moves, ==, moves[goal]);
        for (guint i = 0; i < answer->traces->len; i++)
            check_trace(found, rel6, goal, answer->traces->pdata[i]);
    }
    g_assert_cmpuint(found->depths->len, ==, 2);
    const SearchDepth *pairs = &g_array_index(found->depths, SearchDepth, 1);
    g_assert_cmpuint(pairs->runs, ==, pairs->combinations);
    g_assert_cmpuint(pairs->made, ==, pairs->registered + pairs->silent + pairs->aborted);
    g_assert_cmpuint(pairs->reached[SEARCH_CLEAR], ==, 0);
}

/* Leak, denial, detected abort: three outcomes (threats 2.0). */
static void test_endings_are_told_apart(void)
{
    g_autoptr(Option) rel6 = option_with("rel6", "");
    g_autoptr(Search) found = search(rel6, "denial sm7", 1);
    const SearchAnswer *denial = &found->answers[SEARCH_DENIAL], *sm7 = &found->answers[SEARCH_SM7];
    const SearchTrace *at_18 = trace_with(denial, "SM1: keep only hmac-sha-1-96 of");
    const SearchTrace *at_21b = trace_with(denial, "SM1: remove Security-Client");
    const SearchTrace *at_19 = trace_with(sm7, "SM6: keep only hmac-sha-1-96 of");
    const SearchTrace *at_22 = trace_with(sm7, "SM6: relay the challenge");
    g_assert_cmpint(at_18->ending, ==, SEARCH_SILENT);
    g_assert_cmpuint(at_18->goals, ==, 1u << SEARCH_DENIAL);
    g_assert_cmpint(at_21b->ending, ==, SEARCH_ABORTED);
    g_assert_cmpint(at_21b->end_status, ==, 421);
    g_assert_cmpint(at_19->ending, ==, SEARCH_SILENT);
    g_assert_cmpuint(at_19->goals, ==, 1u << SEARCH_DENIAL | 1u << SEARCH_SM7);
    g_assert_cmpstr(at_19->sa_ealg, ==, "null");
    g_assert_cmpint(at_22->ending, ==, SEARCH_SILENT);
}

/* A UE that fails closed sends no SM7 that can be read, whatever is done to the lists. */
static void test_fail_closed(void)
{
    g_autoptr(Option) closed = option_with("rel6", "missing-encryption=refuse neighbour-pcscf=rel5");
    g_autoptr(Search) found = search(closed, "clear sm7 unprotected", 2);
    g_assert_cmpuint(found->answers[SEARCH_CLEAR].moves, ==, 0);
    g_assert_cmpuint(found->answers[SEARCH_SM7].moves, ==, 0);
    g_assert_cmpuint(found->answers[SEARCH_UNPROTECTED].moves, ==, 0);
    g_assert_false(search_is_inconclusive(found));
}

/* What is so anyhow is not found: S1; S5, where the document is sealed and the relation is not. */
static void test_already_so(void)
{
    g_autoptr(Option) tunnel = option_with("smime-tunnel", "");
    g_autoptr(Search) sealed = search(tunnel, "clear", 1);
    g_assert_cmpuint(sealed->clear_before, ==, CLEAR_RELATION);
    g_assert_false(sealed->answers[SEARCH_CLEAR].already);
    g_assert_cmpuint(sealed->answers[SEARCH_CLEAR].moves, ==, 0);
    g_autoptr(Option) gap = option_with("gap", "");
    g_autoptr(Search) found = search(gap, "clear sm7", 2);
    g_assert_true(found->answers[SEARCH_CLEAR].already);
    g_assert_true(found->answers[SEARCH_SM7].already);
    g_assert_cmpuint(found->answers[SEARCH_CLEAR].traces->len, ==, 0);
    g_assert_cmpuint(found->runs, ==, 1);
}

/* ---- the moves ---- */

static unsigned count_moves(const Search *found, const char *begin)
{
    unsigned n = 0;
    for (guint i = 0; i < found->moves->len; i++)
        n += g_str_has_prefix(((const SearchMove *)found->moves->pdata[i])->words, begin);
    return n;
}

static void no_move_twice(const Search *found)
{
    g_autoptr(GHashTable) xml = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) words = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < found->moves->len; i++) {
        const SearchMove *move = found->moves->pdata[i];
        g_assert_true(g_hash_table_add(xml, move->xml));
        g_assert_true(g_hash_table_add(words, move->words));
    }
}

/* Every ordered sub-list but the list itself, from the list that is really there. */
static void test_moves_are_read_from_the_messages(void)
{
    g_autoptr(Option) four =
        option_with("rel6", "offer=hmac-sha-1-96+des-ede3-cbc,hmac-sha-1-96+aes-cbc,hmac-md5-96+aes-cbc,hmac-sha-1-96");
    g_autoptr(Search) found = search(four, "clear", 1);
    unsigned plain = count_moves(found, "SM1: keep only ") + count_moves(found, "SM1: reorder ");
    unsigned rewritten = 0;
    for (guint i = 0; i < found->moves->len; i++) {
        const char *words = ((const SearchMove *)found->moves->pdata[i])->words;
        rewritten += g_str_has_prefix(words, "SM1: ") && strstr(words, "Security-Client, with") != NULL;
    }
    g_assert_cmpuint(plain - rewritten, ==, 4 + 12 + 24 + 23);
    g_assert_cmpuint(rewritten, >, 0);
    no_move_twice(found);
    g_assert_cmpuint(found->answers[SEARCH_CLEAR].moves, ==, 0);
    for (guint i = 0; i < found->moves->len; i++)
        g_assert_cmpuint(((const SearchMove *)found->moves->pdata[i])->item->move.n_edits, <=, 3);
}

static void test_long_lists_are_cut_and_turned(void)
{
    g_autoptr(Option) five =
        option_with("rel6", "offer=hmac-sha-1-96+des-ede3-cbc,hmac-sha-1-96+aes-cbc,hmac-md5-96+des-ede3-cbc,hmac-"
                            "md5-96+aes-cbc,hmac-sha-1-96");
    g_autoptr(Search) found = search(five, "clear", 1);
    no_move_twice(found);
    g_assert_cmpuint(count_moves(found, "SM1: reorder "), >=, 1);
    g_assert_cmpuint(count_moves(found, "SM1: keep only "), >=, 5 + 2 * (10 + 10 + 5));
}

/* Nothing of a ciphered radio link can be edited; behind it everything can. */
static void test_places(void)
{
    g_autoptr(Option) ciphered = option_with("access-uea1", "pcscf-release=6 pcscf-encrypts=yes echo-check=none");
    static const char *const only[] = { "Security-", "ciphered", NULL };
    SearchConfig config = {
        .option = ciphered, .goals = { [SEARCH_CLEAR] = true }, .seed = 1, .jobs = JOBS, .only = only
    };
    g_autoptr(Search) air = search_attacks(&config);
    config.segment = "gi";
    g_autoptr(Search) gi = search_attacks(&config);
    g_assert_cmpuint(count_moves(air, "SM"), ==, 0);
    g_assert_cmpuint(air->moves->len, >, 0);
    g_assert_cmpuint(air->answers[SEARCH_CLEAR].moves, ==, 0);
    g_assert_cmpuint(gi->answers[SEARCH_CLEAR].moves, ==, 2);
    check_trace(gi, ciphered, SEARCH_CLEAR, gi->answers[SEARCH_CLEAR].traces->pdata[0]);
}

/* ---- bounds ---- */

static char *digest(const Search *found)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < found->depths->len; i++) {
        const SearchDepth *depth = &g_array_index(found->depths, SearchDepth, i);
        g_string_append_printf(text, "%u %u %u %u\n", (unsigned)depth->runs, (unsigned)depth->made,
                               (unsigned)depth->silent, (unsigned)depth->aborted);
    }
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++)
        for (guint i = 0; i < found->answers[goal].traces->len; i++) {
            const SearchTrace *trace = found->answers[goal].traces->pdata[i];
            for (unsigned k = 0; k < trace->n_elements; k++)
                g_string_append_printf(text, "%s; %s; %s\n", trace->moves[k]->words, trace->how, trace->end);
        }
    return g_string_free(text, FALSE);
}

static void test_threads_change_nothing(void)
{
    g_autoptr(Option) option = option_with("rel6", "echo-check=no-ealg");
    SearchConfig config = { .option = option, .goals = { [SEARCH_CLEAR] = true }, .seed = 3, .max_runs = 150 };
    g_autofree char *first = NULL;
    for (unsigned jobs = 1; jobs <= 4; jobs += 3) {
        config.jobs = jobs;
        g_autoptr(Search) found = search_attacks(&config);
        g_autofree char *now = digest(found);
        if (first == NULL)
            first = g_steal_pointer(&now);
        else
            g_assert_cmpstr(now, ==, first);
    }
}

static void test_bound_on_runs(void)
{
    g_autoptr(Option) rel6 = option_with("rel6", "");
    SearchConfig config = { .option = rel6, .goals = { [SEARCH_CLEAR] = true }, .seed = 1, .max_runs = 50 };
    g_autoptr(Search) found = search_attacks(&config);
    g_assert_cmpuint(found->runs, ==, 50);
    g_assert_true(found->runs_exhausted);
    g_assert_true(search_is_inconclusive(found));
    config.goals[SEARCH_CLEAR] = false;
    config.goals[SEARCH_SM7] = true;
    g_autoptr(Search) answered = search_attacks(&config);
    g_assert_false(search_is_inconclusive(answered));
}

static bool stop_in_depth_2(void *ctx, unsigned moves, uint64_t done, uint64_t total)
{
    unsigned *calls = ctx;
    g_assert_cmpuint(done, <=, total);
    *calls += moves == 2;
    return moves < 2;
}

static void test_interrupted(void)
{
    unsigned calls = 0;
    g_autoptr(Option) rel6 = option_with("rel6", "");
    SearchConfig config = { .option = rel6, .seed = 1, .jobs = 1, .progress = stop_in_depth_2, .ctx = &calls };
    g_autoptr(Search) found = search_attacks(&config);
    const SearchDepth *pairs = &g_array_index(found->depths, SearchDepth, 1);
    g_assert_true(found->interrupted);
    g_assert_cmpuint(calls, ==, pairs->combinations); /* every one not begun is answered for */
    g_assert_cmpuint(pairs->runs, <, pairs->combinations);
    g_assert_cmpuint(found->answers[SEARCH_SM7].moves, ==, 1); /* what is complete is kept */
    g_assert_true(search_is_inconclusive(found));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strconcat("/scenarios/search/", rows[i].id, NULL);
        g_test_add_data_func(path, &rows[i], test_row);
    }
    g_test_add_func("/scenarios/search/seed-rules", test_seed_rules);
    g_test_add_func("/scenarios/search/endings-are-told-apart", test_endings_are_told_apart);
    g_test_add_func("/scenarios/search/fail-closed", test_fail_closed);
    g_test_add_func("/scenarios/search/already-so", test_already_so);
    g_test_add_func("/scenarios/search/moves-are-read-from-the-messages", test_moves_are_read_from_the_messages);
    g_test_add_func("/scenarios/search/long-lists-are-cut-and-turned", test_long_lists_are_cut_and_turned);
    g_test_add_func("/scenarios/search/places", test_places);
    g_test_add_func("/scenarios/search/threads-change-nothing", test_threads_change_nothing);
    g_test_add_func("/scenarios/search/bound-on-runs", test_bound_on_runs);
    g_test_add_func("/scenarios/search/interrupted", test_interrupted);
    return g_test_run();
}
