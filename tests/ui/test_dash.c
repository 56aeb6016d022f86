/*
 * tests/ui/test_dash.c - the dashboard without a terminal: positions, moments, views drawn at two sizes, keys.
 *
 * Golden screens are in golden/dash-*.txt; see golden.h for how they are written.
 */
#include "scenarios/scenario.h"
#include "ui/dash/app.h"
#include "ui/load.h"

#include "golden.h"

#include <string.h>

/* ---- what is looked at ---- */

static Visit *visit(const char *id)
{
    Scenario *scenario = NULL;
    g_assert_cmpint(load_scenario(id, &scenario), ==, EXIT_DONE);
    g_autoptr(GError) error = NULL;
    Visit *made = visit_new(scenario, NULL, NULL, 1, &error);
    g_assert_no_error(error);
    return made;
}

static char *screen(App *app, int rows, int columns)
{
    g_autoptr(Grid) grid = grid_new(rows, columns, false);
    app_draw(app, grid);
    return grid_text(grid);
}

static void press(App *app, const char *keys)
{
    for (const char *key = keys; *key != '\0'; key++)
        app_press(app, (gunichar)*key);
}

static void type_line(App *app, const char *text)
{
    press(app, text);
    app_press(app, APP_KEY_ENTER);
}

static void assert_shows(App *app, const char *text)
{
    g_autofree char *shown = screen(app, 24, 80);
    if (strstr(shown, text) == NULL)
        g_error("'%s' is not on the screen:\n%s", text, shown);
}

static void assert_hides(App *app, const char *text)
{
    g_autofree char *shown = screen(app, 24, 80);
    if (strstr(shown, text) != NULL)
        g_error("'%s' is on the screen:\n%s", text, shown);
}

/* ---- positions ---- */

static void state_is_the_same_reached_from_either_side(void)
{
    g_autoptr(Visit) seen = visit("gap");
    TraceId length = story_length(seen->story);
    g_autoptr(GPtrArray) forwards = g_ptr_array_new_with_free_func(g_free);

    for (TraceId at = 0; at <= length; at++)
        for (NowKind kind = 0; kind < NOW_N; kind++) {
            const GArray *now = story_now(seen->story, at, kind);
            g_ptr_array_add(forwards, g_compute_checksum_for_data(G_CHECKSUM_SHA1, (const guchar *)now->data,
                                                                  now->len * sizeof(TraceId)));
        }
    for (TraceId at = length + 1; at-- > 0;)
        for (NowKind kind = NOW_N; kind-- > 0;) {
            const GArray *now = story_now(seen->story, at, kind);
            g_autofree char *sum =
                g_compute_checksum_for_data(G_CHECKSUM_SHA1, (const guchar *)now->data, now->len * sizeof(TraceId));
            g_assert_cmpstr(sum, ==, forwards->pdata[at * NOW_N + kind]);
        }
}

static void every_view_draws_the_same_after_going_on_and_back(void)
{
    g_autoptr(Visit) seen = visit("gap");
    TraceId length = story_length(seen->story);

    for (unsigned v = 0; app_views[v] != NULL; v++) {
        g_autoptr(App) app = app_new(seen->story, false);
        app_open_view(app, app_views[v]->name);
        g_autoptr(GPtrArray) forwards = g_ptr_array_new_with_free_func(g_free);
        for (TraceId at = 0; at <= length; at += 13) {
            app_go(app, at);
            g_ptr_array_add(forwards, screen(app, 24, 80));
        }
        for (guint i = forwards->len; i-- > 0;) {
            app_go(app, i * 13);
            g_autofree char *backwards = screen(app, 24, 80);
            if (strcmp(backwards, forwards->pdata[i]) != 0)
                g_error("%s at %u differs:\n%s\n%s", app_views[v]->name, i * 13, (char *)forwards->pdata[i], backwards);
        }
    }
}

static void what_was_made_and_ended_is_there_in_between(void)
{
    g_autoptr(Visit) seen = visit("new-keys-at-every-registration");
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

/* ---- moments ---- */

static void the_first_flip_is_where_its_reading_is(void)
{
    g_autoptr(Visit) seen = visit("gap");
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
    g_autoptr(Visit) seen = visit("gap");
    for (Property property = 0; property < N_PROPERTIES; property++) {
        Judgement *whole = run_judge(seen->result, property);
        const Flip *flip = story_verdict(seen->story, story_length(seen->story), property);
        g_assert_true((whole == NULL) == (flip == NULL));
        if (whole != NULL)
            g_assert_cmpint(whole->verdict, ==, flip->verdict);
        judgement_free(whole);
    }
}

static void seeking_back_returns_where_seeking_on_came_from(void)
{
    g_autoptr(Visit) seen = visit("gap");
    for (MomentKind kind = 0; kind < MOMENT_N; kind++) {
        TraceId before = 0, at;
        for (TraceId from = 0; (at = story_seek(seen->story, from, true, kind, "")) != 0; from = at) {
            g_assert_cmpuint(at, >, from);
            g_assert_cmpuint(story_seek(seen->story, at, false, kind, ""), ==, before);
            before = at;
        }
    }
}

static void a_time_is_found_by_its_first_record(void)
{
    g_autoptr(Visit) seen = visit("gap");
    TraceId at = story_at_time(seen->story, 30 * SIM_SEC);
    g_assert_cmpint(story_time(seen->story, at), >=, 30 * SIM_SEC);
    g_assert_cmpint(story_time(seen->story, at - 1), <, 30 * SIM_SEC);
    g_assert_cmpuint(story_at_time(seen->story, 0), ==, 0);
    g_assert_cmpuint(story_at_time(seen->story, 100000 * SIM_SEC), ==, story_length(seen->story));
}

static void breakpoints_name_conditions_of_meaning(void)
{
    static const char *const good[] = { "NOTIFY", "401",   "node:pcscf", "learns:request",
                                        "learns", "flips", "flips:P2",   "text:refuses" };
    static const char *const bad[] = { "", "node:", "node", "flips:nothing", "colour:red", ":", "text:" };
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        Break condition;
        g_assert_true(break_parse(good[i], &condition, NULL));
        break_clear(&condition);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        Break condition;
        g_autoptr(GError) error = NULL;
        g_assert_false(break_parse(bad[i], &condition, &error));
        g_assert_nonnull(strstr(error->message, "allowed: a message"));
    }
}

static void running_to_a_breakpoint_stops_at_the_first_such_record(void)
{
    g_autoptr(Visit) seen = visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    press(app, "c");
    assert_shows(app, "No breakpoint is set");
    press(app, "b");
    type_line(app, "NOTIFY");
    press(app, "c");
    const TraceRecord *r = trace_get(story_trace(seen->story), app_position(app));
    g_assert_cmpint(r->kind, ==, TRACE_SEND);
    g_assert_cmpstr(r->message.label, ==, "NOTIFY");
    for (TraceId id = 1; id < r->id; id++) {
        const TraceRecord *before = trace_get(story_trace(seen->story), id);
        g_assert_false(before->kind == TRACE_SEND && strcmp(before->message.label, "NOTIFY") == 0);
    }
}

/* ---- screens ---- */

static void goldens(int rows, int columns)
{
    g_autoptr(Visit) seen = visit("gap");
    for (unsigned v = 0; app_views[v] != NULL; v++) {
        g_autoptr(App) app = app_new(seen->story, false);
        app_open_view(app, app_views[v]->name);
        app_go(app, story_seek(seen->story, story_at_time(seen->story, 50 * SIM_SEC), true, MOMENT_FLIP, ""));
        g_autofree char *shown = screen(app, rows, columns);
        g_autofree char *name = g_strdup_printf("dash-%s-%d", app_views[v]->name, columns);
        golden_fits(shown, columns);
        golden_compare(name, shown);
    }
}

static void every_view_at_80_by_24(void)
{
    goldens(24, 80);
}

static void every_view_at_140_by_45(void)
{
    goldens(45, 140);
}

static void any_size_is_drawn(void)
{
    static const int sizes[][2] = { { 1, 1 }, { 5, 30 }, { 15, 80 }, { 16, 60 }, { 17, 61 }, { 60, 300 }, { 24, 59 } };
    g_autoptr(Visit) seen = visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    for (unsigned v = 0; app_views[v] != NULL; v++)
        for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
            app_open_view(app, app_views[v]->name);
            app_go(app, story_length(seen->story));
            g_autofree char *shown = screen(app, sizes[i][0], sizes[i][1]);
            golden_fits(shown, sizes[i][1]);
            bool small = sizes[i][0] < APP_ROWS_MIN || sizes[i][1] < APP_COLUMNS_MIN;
            if (small && sizes[i][1] >= 30)
                g_assert_nonnull(strstr(shown, "is too small"));
        }
}

static void ascii_means_ascii(void)
{
    g_autoptr(Visit) seen = visit("gap");
    g_autoptr(App) app = app_new(seen->story, true);

    app_go(app, story_length(seen->story));
    for (unsigned v = 0; app_views[v] != NULL; v++) {
        app_open_view(app, app_views[v]->name);
        g_autoptr(Grid) grid = grid_new(30, 100, true);
        app_draw(app, grid);
        g_autofree char *shown = grid_text(grid);
        g_assert_true(g_str_is_ascii(shown));
    }
}

static void no_meaning_is_in_a_style_alone(void)
{
    g_autoptr(Visit) seen = visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    app_open_view(app, "properties");
    app_go(app, story_length(seen->story));
    assert_shows(app, "X VIOLATED");
    assert_shows(app, "+ holds");
    assert_shows(app, "[6 Verdicts]");
}

/* ---- keys ---- */

static void to_the_first_flip_of_a_body_and_back(void)
{
    g_autoptr(Visit) seen = visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    press(app, "6b");
    type_line(app, "flips:P1");
    press(app, "cc"); /* published: holds; then read */
    assert_shows(app, "P1  publish-body-air        X VIOLATED");
    app_press(app, APP_KEY_ENTER);
    assert_shows(app, "Because");
    app_press(app, APP_KEY_END);
    assert_shows(app, "pcscf is Release 5");
    app_press(app, APP_KEY_ESCAPE);
    app_press(app, APP_KEY_LEFT);
    assert_hides(app, "P1  publish-body-air        X VIOLATED");
}

static void a_message_is_opened_with_its_headers_and_octets(void)
{
    g_autoptr(Visit) seen = visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    press(app, "2m");
    app_press(app, APP_KEY_ENTER);
    assert_shows(app, "REGISTER SM1");
    app_press(app, APP_KEY_END);
    assert_shows(app, "0d 0a");
    press(app, "q");
    assert_hides(app, "Structure");
}

static void the_ladder_shows_only_what_is_asked_for(void)
{
    g_autoptr(Visit) seen = visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    press(app, "2]");
    assert_shows(app, "S-CSCF");
    press(app, "o");
    type_line(app, "alice,pcscf");
    assert_hides(app, "S-CSCF  ");
    press(app, "o");
    type_line(app, "nobody");
    assert_shows(app, "Nobody and no protocol is called nobody.");
}

static void search_finds_and_says_when_it_does_not(void)
{
    g_autoptr(Visit) seen = visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    press(app, "8/");
    type_line(app, "SM6 lists no ealg");
    assert_shows(app, "lists no ealg");
    g_assert_cmpuint(app_position(app), >, 0);
    press(app, "/");
    type_line(app, "a purple elephant");
    assert_shows(app, "Not found: a purple elephant");
}

static void help_is_made_from_the_live_keys(void)
{
    g_autoptr(Visit) seen = visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    press(app, "3?");
    assert_shows(app, "In the view \"Security\"");
    assert_shows(app, "offered and listed");
    app_press(app, APP_KEY_ESCAPE);
    assert_shows(app, "Registrations");
    g_assert_false(app_wants_to_leave(app));
    press(app, "q");
    g_assert_true(app_wants_to_leave(app));
}

static void what_is_shown_is_saved_as_it_is(void)
{
    g_autoptr(Visit) seen = visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);
    g_autofree char *shown = screen(app, 24, 80), *name = NULL;

    press(app, "s");
    g_autofree char *saved = app_take_save(app, &name);
    g_assert_cmpstr(saved, ==, shown);
    g_assert_cmpstr(name, ==, "presec-gap-network-0.txt");
    g_autofree char *none = NULL, *again = app_take_save(app, &none);
    g_assert_null(again);
}

static void playing_moves_with_virtual_time_and_ends(void)
{
    g_autoptr(Visit) seen = visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    g_assert_cmpint(app_tick(app, 1000), ==, -1);
    press(app, " ");
    g_assert_cmpint(app_tick(app, 2000), >=, 0);
    g_assert_cmpint(story_time(seen->story, app_position(app)), <=, 2 * SIM_SEC);
    g_assert_cmpint(story_time(seen->story, app_position(app) + 1), >, 2 * SIM_SEC);
    press(app, "+++");
    while (app_tick(app, 1000) >= 0)
        ;
    g_assert_cmpuint(app_position(app), ==, story_length(seen->story));
}

static void every_key_everywhere_is_harmless(void)
{
    g_autoptr(Visit) seen = visit("gap");
    for (unsigned v = 0; app_views[v] != NULL; v++) {
        if (strcmp(app_views[v]->name, "matrix") == 0) /* its Enter runs the comparison */
            continue;
        for (gunichar key = ' '; key < 0x7f; key++) {
            g_autoptr(App) app = app_new(seen->story, false);
            app_open_view(app, app_views[v]->name);
            app_go(app, story_length(seen->story) / 2);
            g_free(screen(app, 24, 80));
            app_press(app, key);
            app_press(app, APP_KEY_ENTER);
            app_press(app, APP_KEY_BACKSPACE);
            g_free(screen(app, 24, 80));
        }
    }
}

static void an_attackers_run_can_be_entered_and_left(void)
{
    g_autoptr(Visit) seen = visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    app_enter(app, visit("standard+AT-20"), "properties");
    assert_shows(app, "standard+AT-20");
    press(app, "q");
    assert_shows(app, "gap: ");
    g_assert_false(app_wants_to_leave(app));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/dash/state-is-the-same-reached-from-either-side", state_is_the_same_reached_from_either_side);
    g_test_add_func("/ui/dash/every-view-draws-the-same-after-going-on-and-back",
                    every_view_draws_the_same_after_going_on_and_back);
    g_test_add_func("/ui/dash/what-was-made-and-ended-is-there-in-between",
                    what_was_made_and_ended_is_there_in_between);
    g_test_add_func("/ui/dash/the-first-flip-is-where-its-reading-is", the_first_flip_is_where_its_reading_is);
    g_test_add_func("/ui/dash/the-last-verdicts-are-those-of-the-whole-run",
                    the_last_verdicts_are_those_of_the_whole_run);
    g_test_add_func("/ui/dash/seeking-back-returns-where-seeking-on-came-from",
                    seeking_back_returns_where_seeking_on_came_from);
    g_test_add_func("/ui/dash/a-time-is-found-by-its-first-record", a_time_is_found_by_its_first_record);
    g_test_add_func("/ui/dash/breakpoints-name-conditions-of-meaning", breakpoints_name_conditions_of_meaning);
    g_test_add_func("/ui/dash/running-to-a-breakpoint-stops-at-the-first-such-record",
                    running_to_a_breakpoint_stops_at_the_first_such_record);
    g_test_add_func("/ui/dash/every-view-at-80-by-24", every_view_at_80_by_24);
    g_test_add_func("/ui/dash/every-view-at-140-by-45", every_view_at_140_by_45);
    g_test_add_func("/ui/dash/any-size-is-drawn", any_size_is_drawn);
    g_test_add_func("/ui/dash/ascii-means-ascii", ascii_means_ascii);
    g_test_add_func("/ui/dash/no-meaning-is-in-a-style-alone", no_meaning_is_in_a_style_alone);
    g_test_add_func("/ui/dash/to-the-first-flip-of-a-body-and-back", to_the_first_flip_of_a_body_and_back);
    g_test_add_func("/ui/dash/a-message-is-opened-with-its-headers-and-octets",
                    a_message_is_opened_with_its_headers_and_octets);
    g_test_add_func("/ui/dash/the-ladder-shows-only-what-is-asked-for", the_ladder_shows_only_what_is_asked_for);
    g_test_add_func("/ui/dash/search-finds-and-says-when-it-does-not", search_finds_and_says_when_it_does_not);
    g_test_add_func("/ui/dash/help-is-made-from-the-live-keys", help_is_made_from_the_live_keys);
    g_test_add_func("/ui/dash/what-is-shown-is-saved-as-it-is", what_is_shown_is_saved_as_it_is);
    g_test_add_func("/ui/dash/playing-moves-with-virtual-time-and-ends", playing_moves_with_virtual_time_and_ends);
    g_test_add_func("/ui/dash/every-key-everywhere-is-harmless", every_key_everywhere_is_harmless);
    g_test_add_func("/ui/dash/an-attackers-run-can-be-entered-and-left", an_attackers_run_can_be_entered_and_left);
    return g_test_run();
}
