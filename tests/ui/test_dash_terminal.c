/*
 * tests/ui/test_dash_terminal.c - the dashboard end to end: the built command on a pseudo-terminal, keys typed, the
 *                                 screen read, signals sent, the terminal looked at afterwards.
 */
#include "child.h"
#include "support/terminal.h"

#include <glib/gstdio.h>
#include <signal.h>

static const char *const xterm[] = { "TERM=xterm-256color", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", NULL };

static Terminal *open_with(const char *scenario, const char *const *environment)
{
    const char *argv[] = { PRESEC_COMMAND, "dash", scenario, NULL };
    return terminal_run(argv, environment, 24, 80);
}

static Terminal *open_gap(void)
{
    Terminal *terminal = open_with("gap", xterm);
    terminal_shows(terminal, "? help");
    g_assert_true(terminal_is_full_screen(terminal));
    return terminal;
}

static void assert_given_back(Terminal *terminal)
{
    g_assert_false(terminal_is_full_screen(terminal));
    g_assert_true(terminal_cursor_is_visible(terminal));
    g_assert_true(terminal_is_as_before(terminal));
}

/* ---- a session ---- */

static void to_the_first_flip_why_and_one_step_back(void)
{
    g_autoptr(Terminal) terminal = open_gap();

    terminal_type(terminal, "6");
    terminal_shows(terminal, "P9b identity-unlinkable    + holds");
    terminal_type(terminal, "p");
    terminal_shows(terminal, "*P9b identity-unlinkable    X VIOLATED");
    terminal_type(terminal, "jjjjjjjjj");
    terminal_comes_to_row(terminal, 12); /* the hardware cursor follows */
    terminal_type(terminal, "\r");
    terminal_shows(terminal, "P9b identity-unlinkable: X VIOLATED");
    terminal_shows(terminal, "Because");
    terminal_type(terminal, "\033");
    terminal_hides(terminal, "Because");
    terminal_type(terminal, "\033[D");
    terminal_shows(terminal, "P9b identity-unlinkable    + holds");
    terminal_type(terminal, "q");
    g_assert_cmpint(terminal_ends(terminal), ==, 0);
    assert_given_back(terminal);
}

static void keys_held_down_are_all_taken(void)
{
    g_autoptr(Terminal) terminal = open_gap();
    g_autoptr(GString) many = g_string_new("]");

    terminal_type(terminal, "t#300\r");
    terminal_shows(terminal, "300/494");
    for (int i = 0; i < 200; i++)
        g_string_append(many, i % 2 == 0 ? "\033[D" : "\033[C");
    terminal_type(terminal, many->str);
    terminal_type(terminal, "t#17\r");
    terminal_shows(terminal, "17/494");
    terminal_type(terminal, "q");
    g_assert_cmpint(terminal_ends(terminal), ==, 0);
}

static void a_saved_screen_is_a_file(void)
{
    g_autofree char *folder = g_dir_make_tmp("presec-dash-XXXXXX", NULL);
    g_autofree char *before = g_get_current_dir();
    g_assert_cmpint(g_chdir(folder), ==, 0);
    g_autoptr(Terminal) terminal = open_gap();
    g_assert_cmpint(g_chdir(before), ==, 0);

    terminal_type(terminal, "s");
    terminal_shows(terminal, "Saved as presec-gap-network-0.txt");
    g_autofree char *path = g_build_filename(folder, "presec-gap-network-0.txt", NULL), *saved = NULL;
    g_assert_true(g_file_get_contents(path, &saved, NULL, NULL));
    g_assert_nonnull(strstr(saved, "[1 Nodes]"));
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    terminal_type(terminal, "s");
    terminal_shows(terminal, "Not saved: ");
}

static void the_size_may_change(void)
{
    g_autoptr(Terminal) terminal = open_gap();

    for (int view = 1; view <= 8; view++) {
        char key[2] = { (char)('0' + view), '\0' };
        g_autofree char *tab = g_strdup_printf("[%d ", view);
        terminal_type(terminal, key);
        terminal_shows(terminal, tab);
        terminal_resize(terminal, 45, 140);
        terminal_shows(terminal, "behind a Release 5 P-CSCF  "); /* cut at 80 columns */
        terminal_resize(terminal, 5, 30);
        terminal_shows(terminal, "30x5 is too small:");
        terminal_shows(terminal, "60x16 is needed.");
        terminal_resize(terminal, 24, 80);
        terminal_shows(terminal, tab);
    }
    terminal_resize(terminal, 5, 30);
    terminal_shows(terminal, "q leaves.");
    terminal_type(terminal, "q");
    g_assert_cmpint(terminal_ends(terminal), ==, 0);
    assert_given_back(terminal);
}

/* ---- signals ---- */

static void ended_by_a_signal_the_terminal_is_given_back(void)
{
    static const struct {
        int number, status;
    } signals[] = { { SIGTERM, 130 },
                    { SIGINT, 130 },
                    { SIGHUP, 128 + SIGHUP },
                    { SIGQUIT, 128 + SIGQUIT },
                    { SIGSEGV, 128 + SIGSEGV } };
    for (size_t i = 0; i < G_N_ELEMENTS(signals); i++) {
        g_autoptr(Terminal) terminal = open_gap();
        terminal_signal(terminal, signals[i].number);
        g_assert_cmpint(terminal_ends(terminal), ==, signals[i].status);
        assert_given_back(terminal);
    }
}

static void control_c_is_an_interrupt(void)
{
    g_autoptr(Terminal) terminal = open_gap();
    terminal_type(terminal, "pp\003");
    g_assert_cmpint(terminal_ends(terminal), ==, 130);
    assert_given_back(terminal);
}

static void stopped_and_continued(void)
{
    g_autoptr(Terminal) terminal = open_gap();

    terminal_type(terminal, "\032");
    terminal_stops(terminal);
    g_assert_false(terminal_is_full_screen(terminal));
    g_assert_true(terminal_cursor_is_visible(terminal));
    terminal_signal(terminal, SIGCONT);
    terminal_shows(terminal, "? help");
    terminal_type(terminal, "2");
    terminal_shows(terminal, "[2 Ladder]");
    g_assert_true(terminal_is_full_screen(terminal));
    terminal_type(terminal, "q");
    g_assert_cmpint(terminal_ends(terminal), ==, 0);
    assert_given_back(terminal);
}

static void a_terminal_that_goes_away_ends_it(void)
{
    g_autoptr(Terminal) terminal = open_gap();
    terminal_hang_up(terminal);
    int status = terminal_ends(terminal);
    g_assert_true(status == 74 || status == 128 + SIGHUP);
}

/* While the comparison runs in its thread the keys are taken, and it can be left at once. */
static void the_matrix_can_be_left_while_it_runs(void)
{
    g_autoptr(Terminal) terminal = open_gap();

    terminal_type(terminal, "7a");
    terminal_shows(terminal, "Every attack is run against every option");
    terminal_type(terminal, "2m");
    terminal_shows(terminal, "[2 Ladder]");
    terminal_type(terminal, "7");
    terminal_shows(terminal, "Esc stops");
    terminal_type(terminal, "\003");
    g_assert_cmpint(terminal_ends(terminal), ==, 130);
    assert_given_back(terminal);
}

/* ---- what the terminal can show ---- */

/* A sequence that sets a colour: 30 to 37, 38;5;n, 90 to 97. */
static bool has_colour(const GString *output)
{
    return g_regex_match_simple("\\033\\[([0-9;]*;)?(3[0-8]|9[0-7])[;m]", output->str, G_REGEX_RAW, 0);
}

static void no_color_means_none(void)
{
    static const char *const plain[] = { "TERM=xterm-256color", "LC_ALL=C.UTF-8", "NO_COLOR=1", NULL };
    g_autoptr(Terminal) coloured = open_gap(), monochrome = open_with("gap", plain);

    terminal_shows(monochrome, "? help");
    terminal_type(monochrome, "6]");
    terminal_shows(monochrome, "X VIOLATED");
    g_assert_false(has_colour(terminal_output(monochrome)));
    terminal_type(coloured, "6]");
    terminal_shows(coloured, "X VIOLATED");
    g_assert_true(has_colour(terminal_output(coloured)));
}

static void a_locale_without_utf8_gets_ascii(void)
{
    static const char *const c[] = { "TERM=xterm", "LC_ALL=C", NULL }, *const nothing_said[] = { "TERM=xterm", NULL };
    g_autoptr(Terminal) ascii = open_with("gap", c), modern = open_with("gap", nothing_said);

    terminal_shows(ascii, "? help");
    terminal_type(ascii, "2]");
    terminal_shows(ascii, "=====");
    terminal_shows(ascii, "|");
    g_assert_true(g_str_is_ascii(terminal_output(ascii)->str));
    terminal_shows(modern, "? help");
    terminal_type(modern, "2]");
    terminal_shows(modern, "━━━━");
}

static void what_cannot_be_drawn_on_is_refused_in_one_line(void)
{
    static const char *const terms[] = { "TERM=dumb", "TERM=", "TERM=nothing-known", "NOTERM=1" };
    for (size_t i = 0; i < G_N_ELEMENTS(terms); i++) {
        const char *environment[] = { terms[i], "LC_ALL=C.UTF-8", NULL };
        g_autoptr(Terminal) terminal = open_with("gap", environment);
        g_assert_cmpint(terminal_ends(terminal), ==, 2);
        g_assert_null(strstr(terminal_output(terminal)->str, "\033[?1049h"));
        terminal_shows(terminal, "presec: dash: ");
        g_assert_true(terminal_is_as_before(terminal));
    }
}

static void without_a_terminal_it_is_refused(void)
{
    child_expect("TERM=xterm $presec dash gap </dev/null", 2, NULL, "it needs a terminal");
    child_expect("TERM=xterm $presec dash gap </dev/null | cat", 0, NULL, "it needs a terminal");
}

/* Before any screen: on a terminal that could be drawn on. */
static void a_bad_scenario_is_said_before_any_screen(void)
{
    static const struct {
        const char *scenario, *says;
        int status;
    } bad[] = { { "no-such-scenario", "no-such-scenario", 2 },
                { "/nonexistent/scenario.xml", "/nonexistent/scenario.xml", 74 },
                { "data/dash-broken.xml", "data/dash-broken.xml:", 3 } };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(Terminal) terminal = open_with(bad[i].scenario, xterm);
        g_assert_cmpint(terminal_ends(terminal), ==, bad[i].status);
        terminal_shows(terminal, bad[i].says);
        g_assert_null(strstr(terminal_output(terminal)->str, "\033[?1049h"));
        g_assert_true(terminal_is_as_before(terminal));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/dash/to-the-first-flip-why-and-one-step-back", to_the_first_flip_why_and_one_step_back);
    g_test_add_func("/ui/dash/keys-held-down-are-all-taken", keys_held_down_are_all_taken);
    g_test_add_func("/ui/dash/a-saved-screen-is-a-file", a_saved_screen_is_a_file);
    g_test_add_func("/ui/dash/the-size-may-change", the_size_may_change);
    g_test_add_func("/ui/dash/ended-by-a-signal-the-terminal-is-given-back",
                    ended_by_a_signal_the_terminal_is_given_back);
    g_test_add_func("/ui/dash/control-c-is-an-interrupt", control_c_is_an_interrupt);
    g_test_add_func("/ui/dash/stopped-and-continued", stopped_and_continued);
    g_test_add_func("/ui/dash/a-terminal-that-goes-away-ends-it", a_terminal_that_goes_away_ends_it);
    g_test_add_func("/ui/dash/the-matrix-can-be-left-while-it-runs", the_matrix_can_be_left_while_it_runs);
    g_test_add_func("/ui/dash/no-color-means-none", no_color_means_none);
    g_test_add_func("/ui/dash/a-locale-without-utf8-gets-ascii", a_locale_without_utf8_gets_ascii);
    g_test_add_func("/ui/dash/what-cannot-be-drawn-on-is-refused-in-one-line",
                    what_cannot_be_drawn_on_is_refused_in_one_line);
    g_test_add_func("/ui/dash/without-a-terminal-it-is-refused", without_a_terminal_it_is_refused);
    g_test_add_func("/ui/dash/a-bad-scenario-is-said-before-any-screen", a_bad_scenario_is_said_before_any_screen);
    return g_test_run();
}
