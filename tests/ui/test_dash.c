/*
 * tests/ui/test_dash.c - the dashboard without a terminal: views drawn at many sizes, keys, pages, questions.
 *
 * Golden screens are in golden/dash-*.txt; see golden.h for how they are written.
 */
#include "dash.h"
#include "golden.h"

/* ---- screens ---- */

static void every_view_draws_the_same_after_going_on_and_back(void)
{
    enum { STRIDE = 13 };
    g_autoptr(Visit) seen = dash_visit("gap");
    TraceId length = story_length(seen->story);

    for (unsigned v = 0; app_views[v] != NULL; v++) {
        g_autoptr(App) app = app_new(seen->story, false);
        app_open_view(app, app_views[v]->name);
        g_autoptr(GPtrArray) forwards = g_ptr_array_new_with_free_func(g_free);
        for (TraceId at = 0; at <= length; at += STRIDE) {
            app_go(app, at);
            g_ptr_array_add(forwards, dash_screen(app, 24, 80));
        }
        for (guint i = forwards->len; i-- > 0;) {
            app_go(app, i * STRIDE);
            g_autofree char *backwards = dash_screen(app, 24, 80);
            if (strcmp(backwards, forwards->pdata[i]) != 0)
                g_error("%s at %u differs:\n%s\n%s", app_views[v]->name, i * STRIDE, (char *)forwards->pdata[i],
                        backwards);
        }
    }
}

/* In the gap where the NOTIFY is read; in an attack where the attacker acts. */
static void goldens(const char *scenario, const char *prefix, MomentKind moment, SimTime from, int rows, int columns)
{
    g_autoptr(Visit) seen = dash_visit(scenario);
    for (unsigned v = 0; app_views[v] != NULL; v++) {
        g_autoptr(App) app = app_new(seen->story, false);
        app_open_view(app, app_views[v]->name);
        app_go(app, story_seek(seen->story, story_at_time(seen->story, from), true, moment, ""));
        g_autofree char *shown = dash_screen(app, rows, columns);
        g_autofree char *name = g_strdup_printf("dash-%s%s-%d", prefix, app_views[v]->name, columns);
        golden_fits(shown, columns);
        golden_compare(name, shown);
    }
}

static void every_view_at_80_by_24(void)
{
    goldens("gap", "", MOMENT_FLIP, 50 * SIM_SEC, 24, 80);
    goldens("rogue-p-cscf", "attack-", MOMENT_MOVE, 0, 24, 80);
}

static void every_view_at_140_by_45(void)
{
    goldens("gap", "", MOMENT_FLIP, 50 * SIM_SEC, 45, 140);
}

/* Pages: why, a message, what was offered, the keys. */
static void every_page_at_80_by_24(void)
{
    static const struct {
        const char *name, *keys;
    } pages[] = { { "why", "6" }, { "message", "2" }, { "node", "1" }, { "lists", "3o" }, { "help", "1?" } };
    g_autoptr(Visit) seen = dash_visit("gap");

    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_autoptr(App) app = app_new(seen->story, false);
        app_go(app, story_seek(seen->story, story_at_time(seen->story, 50 * SIM_SEC), true, MOMENT_FLIP, ""));
        dash_press(app, pages[i].keys);
        if (strlen(pages[i].keys) == 1)
            app_press(app, APP_KEY_ENTER);
        g_autofree char *shown = dash_screen(app, 24, 80), *name = g_strdup_printf("dash-page-%s-80", pages[i].name);
        golden_fits(shown, 80);
        golden_compare(name, shown);
    }
}

static void any_size_is_drawn(void)
{
    static const int sizes[][2] = { { 1, 1 }, { 5, 30 }, { 15, 80 }, { 16, 60 }, { 17, 61 }, { 60, 300 }, { 24, 59 } };
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    for (unsigned v = 0; app_views[v] != NULL; v++)
        for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
            app_open_view(app, app_views[v]->name);
            app_go(app, story_length(seen->story));
            g_autofree char *shown = dash_screen(app, sizes[i][0], sizes[i][1]);
            golden_fits(shown, sizes[i][1]);
            bool small = sizes[i][0] < APP_ROWS_MIN || sizes[i][1] < APP_COLUMNS_MIN;
            if (small && sizes[i][1] >= 30)
                g_assert_nonnull(strstr(shown, "is too small"));
            if (!small)
                g_assert_nonnull(strstr(shown, "? help"));
        }
}

static void a_page_keeps_its_place_when_the_size_changes(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    dash_press(app, "2m");
    app_press(app, APP_KEY_ENTER);
    dash_press(app, "/");
    dash_type(app, "CSeq");
    dash_shows(app, "CSeq: 1 REGISTER");
    g_free(dash_screen(app, 16, 60));
    g_free(dash_screen(app, 50, 200));
    dash_shows(app, "REGISTER SM1");
}

static void ascii_means_ascii(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, true);

    app_go(app, story_length(seen->story));
    for (unsigned v = 0; app_views[v] != NULL; v++)
        for (const char *keys = " ?"; *keys != '\0'; keys++) {
            app_open_view(app, app_views[v]->name);
            if (*keys == '?')
                app_press(app, '?');
            g_autoptr(Grid) grid = grid_new(30, 100, true);
            app_draw(app, grid);
            g_autofree char *shown = grid_text(grid);
            g_assert_true(g_str_is_ascii(shown));
        }
}

static void no_meaning_is_in_a_style_alone(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    app_open_view(app, "properties");
    app_go(app, story_length(seen->story));
    dash_shows(app, "X VIOLATED");
    dash_shows(app, "+ holds");
    dash_shows(app, "[6 Verdicts]");
}

/* The selection is where the terminal's own cursor stands, for those who follow it by ear or magnifier. */
static void the_cursor_is_on_the_selection(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    for (unsigned v = 0; app_views[v] != NULL; v++) {
        g_autoptr(App) app = app_new(seen->story, false);
        app_open_view(app, app_views[v]->name);
        app_go(app, story_length(seen->story) / 2);
        g_autoptr(Grid) grid = grid_new(24, 80, false);
        app_draw(app, grid);
        int row, column, selected = 0;
        grid_cursor(grid, &row, &column);
        for (int y = 0; y < 24; y++)
            selected += grid_cell(grid, y, 0)->selected;
        if (selected > 0)
            g_assert_true(grid_cell(grid, row, column)->selected);
        g_assert_cmpint(row, >=, 2);
    }
}

/* ---- keys ---- */

static void to_the_first_flip_of_a_body_and_back(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    dash_press(app, "6b");
    dash_type(app, "flips:P1");
    dash_press(app, "cc"); /* published: holds; then read */
    dash_shows(app, "P1  publish-body-air       X VIOLATED");
    app_press(app, APP_KEY_ENTER);
    dash_shows(app, "Because");
    dash_press(app, "/");
    dash_type(app, "pcscf is Release 5");
    dash_shows(app, "pcscf is Release 5");
    app_press(app, APP_KEY_ESCAPE);
    app_press(app, APP_KEY_LEFT);
    dash_shows(app, "P1  publish-body-air       + holds");
}

static void a_verdict_leads_to_where_it_flips(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    dash_press(app, "6w");
    dash_shows(app, "*P1  publish-body-air       + holds");
    dash_press(app, "w");
    dash_shows(app, "*P1  publish-body-air       X VIOLATED");
    dash_press(app, "w");
    dash_shows(app, "P1 does not flip after this.");
}

static void a_message_is_opened_with_its_headers_and_octets(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    dash_press(app, "2m");
    app_press(app, APP_KEY_ENTER);
    dash_shows(app, "REGISTER SM1");
    dash_shows(app, "air:alice    packet 29");
    dash_shows(app, "^ listener");
    app_press(app, APP_KEY_END);
    dash_shows(app, "0d 0a");
    dash_press(app, "q");
    dash_hides(app, "0d 0a");
    g_assert_false(app_wants_to_leave(app));
}

static void the_ladder_shows_only_what_is_asked_for(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    dash_press(app, "2]");
    dash_shows(app, "S-CSCF");
    dash_press(app, "o");
    dash_type(app, "alice,pcscf");
    dash_shows(app, "Only alice,pcscf: 8 of");
    dash_hides(app, "S-CSCF  ");
    dash_press(app, "o");
    dash_type(app, "nobody");
    dash_shows(app, "No participant, protocol or segment is called nobody.");
    dash_press(app, "o");
    dash_type(app, "mw");
    dash_shows(app, "Only mw:");
    dash_hides(app, " alice ");
    dash_press(app, "o");
    dash_type(app, "diameter");
    dash_shows(app, "SAR");
    dash_hides(app, "PUBLISH");
    dash_press(app, "o");
    dash_type(app, "");
    dash_hides(app, "Only");
}

static void keys_are_shown_on_request_alone(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    dash_press(app, "]3");
    dash_shows(app, "Registrations");
    for (int i = 0; i < 3; i++)
        app_press(app, APP_KEY_DOWN);
    app_press(app, APP_KEY_ENTER);
    dash_shows(app, "SPI ");
    dash_hides(app, "IK  ");
    app_press(app, APP_KEY_ESCAPE);
    dash_press(app, "K");
    dash_shows(app, "IK  ");
    dash_shows(app, "CK  ");
}

static void the_selected_node_is_followed(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    app_press(app, APP_KEY_DOWN); /* bob */
    g_assert_cmpstr(app_node(app), ==, "bob");
    for (int i = 0; i < 5; i++) {
        TraceId before = app_position(app);
        dash_press(app, "n");
        g_assert_cmpuint(app_position(app), >, before);
        g_assert_cmpstr(trace_get(story_trace(seen->story), app_position(app))->node, ==, "bob");
    }
    dash_press(app, "nN");
    g_assert_cmpstr(trace_get(story_trace(seen->story), app_position(app))->node, ==, "bob");
}

static void search_finds_and_says_when_it_does_not(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    dash_press(app, "8/");
    dash_type(app, "SM6 lists no ealg");
    dash_shows(app, "lists no ealg");
    g_assert_cmpuint(app_position(app), >, 0);
    dash_press(app, "/");
    dash_type(app, "a purple elephant");
    dash_shows(app, "Not found: a purple elephant");
}

static void help_is_made_from_the_live_keys(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    dash_press(app, "3?");
    dash_shows(app, "In the view \"Security\"");
    dash_shows(app, "offered and listed");
    app_press(app, APP_KEY_ESCAPE);
    dash_shows(app, "Registrations");
    app_press(app, APP_KEY_ESCAPE);
    dash_shows(app, "q leaves the dashboard.");
    g_assert_false(app_wants_to_leave(app));
    dash_press(app, "q");
    g_assert_true(app_wants_to_leave(app));
}

static void what_is_shown_is_saved_as_it_is(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);
    g_autofree char *shown = dash_screen(app, 24, 80), *name = NULL, *none = NULL;

    dash_press(app, "s");
    g_autofree char *saved = app_take_save(app, &name);
    g_assert_cmpstr(saved, ==, shown);
    g_assert_cmpstr(name, ==, "presec-gap-network-0.txt");
    g_autofree char *again = app_take_save(app, &none);
    g_assert_null(again);
}

static void times_and_records_are_gone_to(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);
    static const char *const bad[] = { "soon", "-1", "1e99", "#100000", "#x", "nan" };

    dash_press(app, "t");
    dash_type(app, "30 s");
    g_assert_cmpuint(app_position(app), ==, story_at_time(seen->story, 30 * SIM_SEC));
    dash_press(app, "t");
    dash_type(app, "#300");
    g_assert_cmpuint(app_position(app), ==, 300);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        dash_press(app, "t");
        dash_type(app, bad[i]);
        g_assert_cmpuint(app_position(app), ==, 300);
        dash_shows(app, "A time is a number of seconds");
    }
}

static void running_to_a_breakpoint_stops_at_the_first_such_record(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    dash_press(app, "c");
    dash_shows(app, "No breakpoint is set");
    dash_press(app, "b");
    dash_type(app, "NOTIFY");
    dash_press(app, "c");
    const TraceRecord *r = trace_get(story_trace(seen->story), app_position(app));
    g_assert_cmpint(r->kind, ==, TRACE_SEND);
    g_assert_cmpstr(r->message.label, ==, "NOTIFY");
    for (TraceId id = 1; id < r->id; id++) {
        const TraceRecord *before = trace_get(story_trace(seen->story), id);
        g_assert_false(before->kind == TRACE_SEND && strcmp(before->message.label, "NOTIFY") == 0);
    }
    dash_press(app, "C");
    g_assert_cmpuint(app_position(app), ==, 0);
    dash_shows(app, "before the beginning");
}

static void playing_moves_with_virtual_time_and_stops_at_a_breakpoint(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    g_assert_cmpint(app_tick(app, 1000), ==, -1);
    dash_press(app, " ");
    g_assert_cmpint(app_tick(app, 2000), >=, 0);
    g_assert_cmpint(story_time(seen->story, app_position(app)), <=, 2 * SIM_SEC);
    g_assert_cmpint(story_time(seen->story, app_position(app) + 1), >, 2 * SIM_SEC);
    dash_press(app, "b");
    dash_type(app, "PUBLISH");
    dash_press(app, "+++");
    while (app_tick(app, 1000) >= 0)
        ;
    dash_shows(app, "Stopped at a breakpoint.");
    dash_press(app, " ");
    dash_press(app, "b");
    dash_type(app, "");
    while (app_tick(app, 1000) >= 0)
        ;
    g_assert_cmpuint(app_position(app), ==, story_length(seen->story));
}

static void every_key_everywhere_is_harmless(void)
{
    g_autoptr(Visit) seen = dash_visit("rogue-p-cscf");
    for (unsigned v = 0; app_views[v] != NULL; v++) {
        if (strcmp(app_views[v]->name, "matrix") == 0) /* its Enter runs the comparison */
            continue;
        for (gunichar key = ' '; key < 0x7f; key++) {
            g_autoptr(App) app = app_new(seen->story, false);
            app_open_view(app, app_views[v]->name);
            app_go(app, story_length(seen->story) / 2);
            app_press(app, key); /* typed ahead of the first drawing */
            app_press(app, APP_KEY_ENTER);
            app_press(app, APP_KEY_BACKSPACE);
            g_free(dash_screen(app, 24, 80));
        }
    }
}

static void a_click_selects_and_opens(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    g_free(dash_screen(app, 24, 80));
    app_click(app, 1, 12);
    dash_shows(app, "[2 Ladder]");
    app_click(app, 1, 56);
    dash_shows(app, "[6 Verdicts]");
    app_click(app, 6, 10);
    app_click(app, 6, 10);
    dash_shows(app, "P4 body-access-core");
    app_click(app, 6, 10); /* on the page: nothing */
    app_click(app, 500, -3);
    dash_shows(app, "P4 body-access-core");
}

static void an_attackers_run_can_be_entered_and_left(void)
{
    g_autoptr(Visit) seen = dash_visit("gap");
    g_autoptr(App) app = app_new(seen->story, false);

    app_enter(app, dash_visit("standard+AT-20"), "properties", 10, "This is another.");
    dash_shows(app, "standard+AT-20");
    dash_shows(app, "This is another.");
    app_press(app, APP_KEY_ESCAPE);
    dash_shows(app, "gap  ");
    g_assert_false(app_wants_to_leave(app));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/dash/every-view-draws-the-same-after-going-on-and-back",
                    every_view_draws_the_same_after_going_on_and_back);
    g_test_add_func("/ui/dash/every-view-at-80-by-24", every_view_at_80_by_24);
    g_test_add_func("/ui/dash/every-view-at-140-by-45", every_view_at_140_by_45);
    g_test_add_func("/ui/dash/every-page-at-80-by-24", every_page_at_80_by_24);
    g_test_add_func("/ui/dash/any-size-is-drawn", any_size_is_drawn);
    g_test_add_func("/ui/dash/a-page-keeps-its-place-when-the-size-changes",
                    a_page_keeps_its_place_when_the_size_changes);
    g_test_add_func("/ui/dash/ascii-means-ascii", ascii_means_ascii);
    g_test_add_func("/ui/dash/no-meaning-is-in-a-style-alone", no_meaning_is_in_a_style_alone);
    g_test_add_func("/ui/dash/the-cursor-is-on-the-selection", the_cursor_is_on_the_selection);
    g_test_add_func("/ui/dash/to-the-first-flip-of-a-body-and-back", to_the_first_flip_of_a_body_and_back);
    g_test_add_func("/ui/dash/a-verdict-leads-to-where-it-flips", a_verdict_leads_to_where_it_flips);
    g_test_add_func("/ui/dash/a-message-is-opened-with-its-headers-and-octets",
                    a_message_is_opened_with_its_headers_and_octets);
    g_test_add_func("/ui/dash/the-ladder-shows-only-what-is-asked-for", the_ladder_shows_only_what_is_asked_for);
    g_test_add_func("/ui/dash/keys-are-shown-on-request-alone", keys_are_shown_on_request_alone);
    g_test_add_func("/ui/dash/the-selected-node-is-followed", the_selected_node_is_followed);
    g_test_add_func("/ui/dash/search-finds-and-says-when-it-does-not", search_finds_and_says_when_it_does_not);
    g_test_add_func("/ui/dash/help-is-made-from-the-live-keys", help_is_made_from_the_live_keys);
    g_test_add_func("/ui/dash/what-is-shown-is-saved-as-it-is", what_is_shown_is_saved_as_it_is);
    g_test_add_func("/ui/dash/times-and-records-are-gone-to", times_and_records_are_gone_to);
    g_test_add_func("/ui/dash/running-to-a-breakpoint-stops-at-the-first-such-record",
                    running_to_a_breakpoint_stops_at_the_first_such_record);
    g_test_add_func("/ui/dash/playing-moves-with-virtual-time-and-stops-at-a-breakpoint",
                    playing_moves_with_virtual_time_and_stops_at_a_breakpoint);
    g_test_add_func("/ui/dash/every-key-everywhere-is-harmless", every_key_everywhere_is_harmless);
    g_test_add_func("/ui/dash/a-click-selects-and-opens", a_click_selects_and_opens);
    g_test_add_func("/ui/dash/an-attackers-run-can-be-entered-and-left", an_attackers_run_can_be_entered_and_left);
    return g_test_run();
}
