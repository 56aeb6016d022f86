/*
 * tests/ui/test_selftest.c - `presec selftest`: the built-in answers, a user's file, a wrong one, a broken one.
 *
 * Source:  README.md, "The command"; tests/vectors/README.md.  Run from tests/ui.
 */
#include "tests/ui/child.h"

#include "ui/exit.h"

static void test_built_in_answers(void)
{
    child_expect("$presec selftest", EXIT_DONE, " 0 failed, 0 of a kind nobody knows, 0 unreadable", NULL);
    child_expect("$presec selftest --verbose | grep -c ': pass$'", EXIT_DONE, "", NULL);
    child_expect("$presec selftest --json - | grep -c '\"verdict\" : \"pass\"'", EXIT_DONE, "", NULL);
}

static void test_users_file(void)
{
    child_expect("$presec selftest ../vectors/milenage.txt", EXIT_DONE, "blocks passed", NULL);
    child_expect("$presec selftest - < ../vectors/milenage.txt", EXIT_DONE, "blocks passed", NULL);
}

static void test_wrong_answer_is_shown(void)
{
    child_expect("sed 's/^f2 = ../f2 = 00/' ../vectors/milenage.txt | $presec selftest -", EXIT_UNMET,
                 "\n    expected 00", NULL);
}

static void test_unknown_block_does_not_count_as_passed(void)
{
    child_expect("printf '[x]\\nnothing = 00\\n' | $presec selftest -", EXIT_UNMET, "1 of a kind nobody knows", NULL);
}

static void test_broken_file_is_invalid(void)
{
    child_expect("printf '[x]\\nkey = xyz\\n' | $presec selftest -", EXIT_INVALID, "standard input:2: ", NULL);
    child_expect("$presec selftest /nonexistent ../vectors/milenage.txt", EXIT_IO, "blocks passed", "No such file");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/selftest/built-in-answers", test_built_in_answers);
    g_test_add_func("/ui/selftest/users-file", test_users_file);
    g_test_add_func("/ui/selftest/wrong-answer-is-shown", test_wrong_answer_is_shown);
    g_test_add_func("/ui/selftest/unknown-block-does-not-count-as-passed", test_unknown_block_does_not_count_as_passed);
    g_test_add_func("/ui/selftest/broken-file-is-invalid", test_broken_file_is_invalid);
    return g_test_run();
}
