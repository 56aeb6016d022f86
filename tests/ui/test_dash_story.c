/*
 * tests/ui/test_dash_story.c - a finished run as the dashboard reads it: positions, what exists at them, moments,
 * breakpoints.
 */
#include "dash.h"

/* ---- what exists ---- */

static char *sum_of(Story *story, TraceId at, NowKind kind)
{
    const GArray *now = story_now(story, at, kind);
    return g_compute_checksum_for_data(G_CHECKSUM_SHA1, (const guchar *)now->data, now->len * sizeof(TraceId));
}

static void state_is_the_same_reached_from_either_side(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    TraceId length = story_length(seen->story);
    g_autoptr(GPtrArray) forwards = g_ptr_array_new_with_free_func(g_free);

    for (TraceId at = 0; at <= length; at++)
        for (NowKind kind = 0; kind < NOW_N; kind++)
            g_ptr_array_add(forwards, sum_of(seen->story, at, kind));
    for (TraceId at = length + 1; at-- > 0;)
        for (NowKind kind = NOW_N; kind-- > 0;) {
            g_autofree char *sum = sum_of(seen->story, at, kind);
            g_assert_cmpstr(sum, ==, forwards->pdata[at * NOW_N + kind]);
        }
}

static void what_was_made_and_ended_is_there_in_between(void)
{
    g_autoptr(Visit) seen = dash_visit("new-keys-at-every-registration");
    const Trace *trace = story_trace(seen->story);
    guint most = 0, ends = 0;

    for (TraceId at = 1; at <= story_length(seen->story); at++) {
        const TraceRecord *r = trace_get(trace, at);
        guint n = story_now(seen->story, at, NOW_SAS)->len;
        most = MAX(most, n);
        if (r->kind != TRACE_SA || r->sa.made)
            continue;
        g_assert_cmpuint(n, <, story_now(seen->story, at - 1, NOW_SAS)->len);
        ends++;
    }
    g_assert_cmpuint(ends, >, 0);
    g_assert_cmpuint(most, >=, 8);
    g_assert_cmpuint(story_now(seen->story, 0, NOW_SAS)->len, ==, 0);
}

static void the_newest_at_a_place_is_among_what_exists(void)
{
    g_autoptr(Visit) seen = dash_visit("new-keys-at-every-registration");
    Story *story = seen->story;

    for (TraceId at = 0; at <= story_length(story); at += 7) {
        const GArray *now = story_now(story, at, NOW_SAS);
        TraceId newest = 0;
        for (guint i = 0; i < now->len; i++) {
            TraceId id = positions_get(now, i);
            if (strcmp(trace_get(story_trace(story), id)->node, "alice") == 0)
                newest = MAX(newest, id);
        }
        const TraceRecord *found = story_newest(story, at, NOW_SAS, "alice");
        g_assert_cmpuint(found != NULL ? found->id : 0, ==, newest);
    }
}

static void sequence_numbers_are_those_on_the_wire(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    Story *story = seen->story;
    const TraceRecord *sa = story_newest(story, story_length(story), NOW_SAS, "alice");
    uint32_t last = 0, highest = 0;

    g_assert_nonnull(sa);
    for (TraceId at = 0; at <= story_length(story); at++) {
        const GArray *now = story_now(story, at, NOW_SAS);
        for (guint i = 0; i < now->len; i++) {
            const TraceRecord *r = trace_get(story_trace(story), positions_get(now, i));
            highest = MAX(highest, story_sequence(story, at, r));
        }
        g_assert_cmpuint(highest, >=, last);
        last = highest;
    }
    g_assert_cmpuint(highest, >=, 3); /* SM7, PUBLISH, PUBLISH */
    g_assert_cmpuint(story_sequence(story, sa->id, sa), ==, 0);
}

static void an_address_is_known_by_who_sends_from_it(void)
{
    static const char *const scenarios[] = { "gap", "umts-ciphered", "wlan-wep-broken" };
    for (size_t i = 0; i < G_N_ELEMENTS(scenarios); i++) {
        g_autoptr(Visit) seen = dash_visit(scenarios[i]);
        const TraceRecord *sa = story_newest(seen->story, story_length(seen->story), NOW_SAS, "alice");
        g_assert_cmpstr(story_host(seen->story, sa->sa.src), ==, "alice");
        g_assert_cmpstr(story_host(seen->story, sa->sa.dst), ==, "pcscf");
        g_assert_null(story_host(seen->story, "2001:db8:ffff::1"));
        g_assert_null(story_host(seen->story, "no address"));
    }
}

/* ---- positions ---- */

static void what_is_told_is_what_has_words(void)
{
    static const char *const scenarios[] = { "gap", "rogue-p-cscf", "umts-ciphered", "rules-change" };
    for (size_t s = 0; s < G_N_ELEMENTS(scenarios); s++) {
        g_autoptr(Visit) seen = dash_visit(scenarios[s]);
        const GArray *told = story_told(seen->story);
        guint n = 0;
        for (TraceId at = 1; at <= story_length(seen->story); at++) {
            g_autofree char *words = story_narration(seen->story, at);
            bool listed = n < told->len && positions_get(told, n) == at;
            if ((words[0] != '\0') != listed)
                g_error("%s, record %u: '%s'", scenarios[s], at, words);
            n += listed;
        }
        g_assert_cmpuint(n, ==, told->len);
    }
}

static void positions_of_a_node_are_its_records(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    const GArray *positions = story_of_node(seen->story, "pcscf");
    guint n = 0;

    for (TraceId at = 1; at <= story_length(seen->story); at++) {
        const TraceRecord *r = trace_get(story_trace(seen->story), at);
        if (r->kind == TRACE_FRAME || strcmp(r->node, "pcscf") != 0)
            continue;
        g_assert_cmpuint(positions_get(positions, n++), ==, at);
        g_assert_cmpuint(positions_until(positions, at), ==, n);
        g_assert_cmpuint(positions_until(positions, at - 1), ==, n - 1);
    }
    g_assert_cmpuint(n, ==, positions->len);
    g_assert_cmpuint(n, >, 0);
    g_assert_cmpuint(story_of_node(seen->story, "nobody")->len, ==, 0);
}

static void a_time_is_found_by_its_first_record(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    TraceId at = story_at_time(seen->story, 30 * SIM_SEC);
    g_assert_cmpint(story_time(seen->story, at), >=, 30 * SIM_SEC);
    g_assert_cmpint(story_time(seen->story, at - 1), <, 30 * SIM_SEC);
    g_assert_cmpuint(story_at_time(seen->story, 0), ==, 0);
    g_assert_cmpuint(story_at_time(seen->story, 100000 * SIM_SEC), ==, story_length(seen->story));
}

/* ---- moments ---- */

static void the_first_flip_is_where_its_reading_is(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    Story *story = seen->story;
    TraceId flip = 0;

    while ((flip = story_seek(story, flip, true, MOMENT_FLIP, "")) != 0) {
        const Flip *body = story_verdict(story, flip, PROPERTY_NOTIFY_BODY_AIR);
        if (body->verdict != VERDICT_VIOLATED)
            continue;
        g_assert_cmpuint(body->at, ==, flip);
        g_assert_cmpint(trace_get(story_trace(story), flip)->kind, ==, TRACE_LEARN);
        g_assert_cmpint(story_verdict(story, flip - 1, PROPERTY_NOTIFY_BODY_AIR)->verdict, !=, VERDICT_VIOLATED);
        g_assert_nonnull(body->why->witness);
        return;
    }
    g_assert_not_reached();
}

static void the_last_verdicts_are_those_of_the_whole_run(void)
{
    static const char *const scenarios[] = { "gap", "rogue-p-cscf", "replayed-subscribe" };
    for (size_t s = 0; s < G_N_ELEMENTS(scenarios); s++) {
        g_autoptr(Visit) seen = dash_visit(scenarios[s]);
        for (Property property = 0; property < N_PROPERTIES; property++) {
            Judgement *whole = run_judge(seen->result, property);
            const Flip *flip = story_verdict(seen->story, story_length(seen->story), property);
            g_assert_true((whole == NULL) == (flip == NULL));
            if (whole != NULL)
                g_assert_cmpint(whole->verdict, ==, flip->verdict);
            judgement_free(whole);
        }
    }
}

static void seeking_back_returns_where_seeking_on_came_from(void)
{
    g_autoptr(Visit) seen = dash_visit("rogue-p-cscf");
    for (MomentKind kind = 0; kind < MOMENT_N; kind++) {
        TraceId before = 0, at;
        for (TraceId from = 0; (at = story_seek(seen->story, from, true, kind, "")) != 0; from = at) {
            g_assert_cmpuint(at, >, from);
            g_assert_cmpuint(story_seek(seen->story, at, false, kind, ""), ==, before);
            before = at;
        }
        g_assert_cmpuint(story_moments(seen->story, kind)->len == 0, ==, before == 0);
    }
}

static void a_moment_of_one_node_is_its_own(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    TraceId at = 0;
    guint n = 0;
    while ((at = story_seek(seen->story, at, true, MOMENT_MESSAGE, "bob")) != 0) {
        g_assert_cmpstr(trace_get(story_trace(seen->story), at)->node, ==, "bob");
        n++;
    }
    g_assert_cmpuint(n, >=, 4); /* SM1, SM7, SUBSCRIBE, 200 NOTIFY */
}

/* ---- breakpoints ---- */

static void breakpoints_name_conditions_of_meaning(void)
{
    static const char *const good[] = { "NOTIFY", "401",   "node:pcscf", "learns:request",
                                        "learns", "flips", "flips:P2",   "text:refuses" };
    static const char *const bad[] = { "", "node:", "node", "flips:nothing", "colour:red", ":", "text:" };
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        Break condition;
        g_assert_true(break_parse(good[i], &condition, NULL));
        g_autofree char *text = break_text(&condition);
        g_assert_cmpstr(text, ==, good[i]);
        break_clear(&condition);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        Break condition;
        g_autoptr(GError) error = NULL;
        g_assert_false(break_parse(bad[i], &condition, &error));
        g_assert_nonnull(strstr(error->message, "allowed: a message"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/dash/state-is-the-same-reached-from-either-side", state_is_the_same_reached_from_either_side);
    g_test_add_func("/ui/dash/what-was-made-and-ended-is-there-in-between",
                    what_was_made_and_ended_is_there_in_between);
    g_test_add_func("/ui/dash/the-newest-at-a-place-is-among-what-exists", the_newest_at_a_place_is_among_what_exists);
    g_test_add_func("/ui/dash/sequence-numbers-are-those-on-the-wire", sequence_numbers_are_those_on_the_wire);
    g_test_add_func("/ui/dash/an-address-is-known-by-who-sends-from-it", an_address_is_known_by_who_sends_from_it);
    g_test_add_func("/ui/dash/what-is-told-is-what-has-words", what_is_told_is_what_has_words);
    g_test_add_func("/ui/dash/positions-of-a-node-are-its-records", positions_of_a_node_are_its_records);
    g_test_add_func("/ui/dash/a-time-is-found-by-its-first-record", a_time_is_found_by_its_first_record);
    g_test_add_func("/ui/dash/the-first-flip-is-where-its-reading-is", the_first_flip_is_where_its_reading_is);
    g_test_add_func("/ui/dash/the-last-verdicts-are-those-of-the-whole-run",
                    the_last_verdicts_are_those_of_the_whole_run);
    g_test_add_func("/ui/dash/seeking-back-returns-where-seeking-on-came-from",
                    seeking_back_returns_where_seeking_on_came_from);
    g_test_add_func("/ui/dash/a-moment-of-one-node-is-its-own", a_moment_of_one_node_is_its_own);
    g_test_add_func("/ui/dash/breakpoints-name-conditions-of-meaning", breakpoints_name_conditions_of_meaning);
    return g_test_run();
}
