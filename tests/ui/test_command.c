/*
 * tests/ui/test_command.c - the command line as its users meet it: help, mistakes, streams, exit statuses.
 *
 * Source:  README.md, "The command"; ui/exit.h.
 */
#include "tests/ui/child.h"

#include "ui/exit.h"

#include <stdbool.h>

static void test_help_is_an_answer(void)
{
    child_expect("$presec --help", EXIT_DONE, "COMMANDS", NULL);
    child_expect("$presec -h", EXIT_DONE, "COMMANDS", NULL);
    child_expect("$presec help", EXIT_DONE, "EXIT STATUS", NULL);
    child_expect("$presec help explain", EXIT_DONE, "usage: presec explain ID|CLAUSE", NULL);
    child_expect("$presec explain --help", EXIT_DONE, "usage: presec explain ID|CLAUSE", NULL);
    child_expect("$presec --version", EXIT_DONE, "presec " PRESEC_VERSION, NULL);
}

/* Every command in the overview has a help with a text and an example. */
static void test_every_command_is_explained(void)
{
    Child overview = child_run("$presec help | sed -n '/^COMMANDS/,/^$/s/^    \\([a-z]*\\) .*/\\1/p'");
    g_auto(GStrv) names = g_strsplit(g_strchomp(overview.out), "\n", -1);
    g_assert_cmpuint(g_strv_length(names), >=, 3);
    for (char **name = names; *name; name++) {
        g_autofree char *script = g_strdup_printf("$presec help %s", *name);
        child_expect(script, EXIT_DONE, "EXAMPLES", NULL);
    }
    child_clear(&overview);
}

static void test_manual_page_has_no_faults(void)
{
    child_expect("$presec help --man", EXIT_DONE, ".TH PRESEC 1", NULL);
    g_autofree char *mandoc = g_find_program_in_path("mandoc");
    if (!mandoc) {
        g_test_skip("mandoc is not installed");
        return;
    }
    child_expect("$presec help --man | mandoc -T lint -W warning", EXIT_DONE, NULL, NULL);
    child_expect("$presec help --man | mandoc -T html -O fragment", EXIT_DONE, "SYNOPSIS", NULL);
}

static void test_nonsense_is_answered_with_the_nearest_name(void)
{
    child_expect("$presec", EXIT_USAGE, NULL, "presec help");
    child_expect("$presec explian", EXIT_USAGE, NULL, "did you mean 'explain'?");
    child_expect("$presec help lsit", EXIT_USAGE, NULL, "did you mean 'list'?");
    child_expect("$presec xyzzyplugh", EXIT_USAGE, NULL, "there are ");
    child_expect("$presec ''", EXIT_USAGE, NULL, "there is no command ''");
    child_expect("$presec --hlep", EXIT_USAGE, NULL, "did you mean '--help'?");
    child_expect("$presec list --jsno=x", EXIT_USAGE, NULL, "did you mean --json?");
    child_expect("$presec list -q", EXIT_USAGE, NULL, "there is no option -q");
    child_expect("$presec list atacks", EXIT_USAGE, NULL, "did you mean 'attacks'?");
    child_expect("$presec list attacks options", EXIT_USAGE, NULL, "too many");
    child_expect("$presec list --json", EXIT_USAGE, NULL, "--json");
    child_expect("$presec explain", EXIT_USAGE, NULL, "ID|CLAUSE");
    child_expect("$presec explain AT-2x", EXIT_USAGE, NULL, "did you mean 'AT-");
    child_expect("$presec explain \"$(head -c 100000 /dev/zero | tr '\\0' a)\"", EXIT_USAGE, NULL, "nothing is known");
}

static void test_messages_cannot_command_the_terminal(void)
{
    Child child = child_run("$presec \"$(printf 'a\\033[31mb\\377')\"");
    g_assert_cmpint(child.status, ==, EXIT_USAGE);
    g_assert_null(strchr(child.err, '\033'));
    g_assert_nonnull(strstr(child.err, "a\\x1b[31mb\\xff"));
    child_clear(&child);
}

static void test_explain(void)
{
    child_expect("$presec explain notify-body-air", EXIT_DONE, "also P2", NULL);
    child_expect("$presec explain p2", EXIT_DONE, "notify-body-air", NULL);
    child_expect("$presec explain at-22", EXIT_DONE, "rogue", NULL);
    child_expect("$presec explain A1", EXIT_DONE, "A1 (position)", NULL);
    child_expect("$presec explain S4 8.1.2.2", EXIT_DONE, "What cites S4 8.1.2.2", NULL);
    child_expect("$presec explain 'RFC 3329 §2.3.1'", EXIT_DONE, "AT-21", NULL);
    child_expect("$presec explain S3", EXIT_DONE, "SA3 discussion", NULL);
}

static void test_list_in_both_forms(void)
{
    child_expect("$presec list properties", EXIT_DONE, "other-watchers", NULL);
    child_expect("$presec list properties --json -", EXIT_DONE, "\"presec.list/1\"", NULL);
    child_expect("$presec list", EXIT_DONE, "AT-63l", NULL);
}

static void test_files_are_written_whole_or_not_at_all(void)
{
    child_expect("d=$(mktemp -d) && cd $d && $presec list sources --json a.json && ls && rm -r $d", EXIT_DONE,
                 "a.json\n", NULL);
    child_expect("$presec list --json /nonexistent/a.json", EXIT_IO, NULL, "/nonexistent/a.json: not written");
    child_expect("$presec list --json /tmp", EXIT_IO, NULL, "/tmp: not written: Is a directory");
    child_expect("$presec list --json /dev/null", EXIT_DONE, NULL, NULL);
    child_expect("$presec list --json /dev/full", EXIT_IO, NULL, "No space left");
    /* What was there stays when the new file cannot be made; a link stays a link. */
    child_expect("d=$(mktemp -d) && cd $d && echo old > real && ln -s real link && $presec list sources --json link && "
                 "test -L link && grep -c schema real; rm -r $d",
                 EXIT_DONE, "1\n", NULL);
}

static void test_output_that_cannot_be_written_is_an_error(void)
{
    child_expect("$presec list > /dev/full", EXIT_IO, NULL, "standard output: No space left");
    child_expect("$presec list >&-", EXIT_IO, NULL, "standard output: Bad file descriptor");
    child_expect("{ sleep 0.3; $presec list; echo status $? >&2; } | true", EXIT_DONE, NULL,
                 "standard output: Broken pipe\nstatus 74");
}

/* Nothing of the one who runs it may show: only a terminal changes the output, and only by colour and width. */
static void test_output_does_not_depend_on_the_environment(void)
{
    static const char *const environments[][4] = {
        { "LC_ALL=C", NULL },
        { "LC_ALL=tr_TR.UTF-8", "LANG=tr_TR.UTF-8", "LANGUAGE=de", NULL },
        { "TERM=xterm-256color", "COLUMNS=40", NULL },
        { "NO_COLOR=1", "TZ=Asia/Tokyo", NULL },
    };
    Child expected = child_run("$presec explain downgrade; $presec list; $presec help; $presec lits");
    for (size_t i = 0; i < G_N_ELEMENTS(environments); i++) {
        Child got =
            child_run_with("$presec explain downgrade; $presec list; $presec help; $presec lits", environments[i]);
        g_assert_cmpstr(got.out, ==, expected.out);
        g_assert_cmpstr(got.err, ==, expected.err);
        g_assert_cmpint(got.status, ==, expected.status);
        child_clear(&got);
    }
    child_clear(&expected);
}

static bool colours_on_terminal(const char *command, const char *environment)
{
    g_autofree char *script = g_strdup_printf("script -qec \"%s\" /dev/null < /dev/null", command);
    Child child = child_run_with(script, (const char *const[]){ environment, NULL });
    g_assert_cmpint(child.status, ==, EXIT_DONE);
    bool coloured = strchr(child.out, '\033') != NULL;
    child_clear(&child);
    return coloured;
}

static void test_colour_on_a_terminal_only_and_never_when_refused(void)
{
    g_autofree char *script = g_find_program_in_path("script");
    if (!script) {
        g_test_skip("script is not installed");
        return;
    }
    g_assert_true(colours_on_terminal("$presec list", "TERM=xterm-256color"));
    g_assert_false(colours_on_terminal("$presec list --no-color", "TERM=xterm-256color"));
    g_assert_false(colours_on_terminal("$presec --no-color list", "TERM=xterm-256color"));
    g_assert_false(colours_on_terminal("NO_COLOR=1 $presec list", "TERM=xterm-256color"));
    g_assert_true(colours_on_terminal("NO_COLOR= $presec list", "TERM=xterm-256color"));
    g_assert_false(colours_on_terminal("$presec list", "TERM=dumb"));
    child_expect("TERM=xterm-256color $presec help | grep -c \"$(printf '\\033')\"", EXIT_UNMET, "0", NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/command/help-is-an-answer", test_help_is_an_answer);
    g_test_add_func("/ui/command/every-command-is-explained", test_every_command_is_explained);
    g_test_add_func("/ui/command/manual-page-has-no-faults", test_manual_page_has_no_faults);
    g_test_add_func("/ui/command/nonsense-is-answered-with-the-nearest-name",
                    test_nonsense_is_answered_with_the_nearest_name);
    g_test_add_func("/ui/command/messages-cannot-command-the-terminal", test_messages_cannot_command_the_terminal);
    g_test_add_func("/ui/command/explain", test_explain);
    g_test_add_func("/ui/command/list-in-both-forms", test_list_in_both_forms);
    g_test_add_func("/ui/command/files-are-written-whole-or-not-at-all", test_files_are_written_whole_or_not_at_all);
    g_test_add_func("/ui/command/output-that-cannot-be-written-is-an-error",
                    test_output_that_cannot_be_written_is_an_error);
    g_test_add_func("/ui/command/output-does-not-depend-on-the-environment",
                    test_output_does_not_depend_on_the_environment);
    g_test_add_func("/ui/command/colour-on-a-terminal-only-and-never-when-refused",
                    test_colour_on_a_terminal_only_and_never_when_refused);
    return g_test_run();
}
