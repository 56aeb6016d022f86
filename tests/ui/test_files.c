/*
 * tests/ui/test_files.c - `presec validate`, `presec new` and what is listed: files as their writers meet them.
 *
 * Source:  README.md, "The command"; ui/exit.h.
 */
#include "tests/ui/child.h"

#include "ui/exit.h"

static void test_templates_are_valid(void)
{
    child_expect("$presec new scenario - | $presec validate -", EXIT_DONE, "standard input: valid", NULL);
    child_expect("$presec new option - | $presec validate -", EXIT_DONE, "standard input: valid", NULL);
    child_expect("$presec new scenaro -", EXIT_USAGE, NULL, "did you mean 'scenario'?");
    child_expect("$presec new option", EXIT_USAGE, NULL, "something is missing");
}

static void test_new_never_overwrites(void)
{
    child_expect("d=$(mktemp -d) && cd $d && $presec new option mine.xml 2>/dev/null && $presec validate ./mine.xml; "
                 "rm -r $d",
                 EXIT_DONE, "./mine.xml: valid", NULL);
    child_expect("d=$(mktemp -d) && cd $d && echo old > a.xml; $presec new option a.xml; s=$?; cat a.xml; rm -r $d; "
                 "exit $s",
                 EXIT_IO, "old\n", "is there already");
    child_expect("$presec new option /nonexistent/a.xml", EXIT_IO, NULL, "not written");
    child_expect("$presec new option /tmp", EXIT_IO, NULL, "/tmp: not written");
}

static void test_validate_says_every_mistake_with_its_place(void)
{
    child_expect("$presec validate data/bad.xml", EXIT_INVALID, NULL, "data/bad.xml:");
    child_expect("$presec validate data/bad.xml 2>&1 >/dev/null | grep -c '^data/bad.xml:[0-9]*:[0-9]*: '", EXIT_DONE,
                 "3\n", NULL);
    child_expect("$presec validate data/bad.xml", EXIT_INVALID, NULL, "did you mean 'pcscf-release'?");
}

static void test_validate_tells_unreadable_from_invalid(void)
{
    child_expect("$presec validate /nonexistent", EXIT_IO, NULL, "/nonexistent: No such file or directory");
    child_expect("$presec validate /tmp", EXIT_IO, NULL, "/tmp: Is a directory");
    child_expect("$presec new option - > /tmp/presec-test.$$; $presec validate /tmp/presec-test.$$ data/bad.xml; s=$?; "
                 "rm /tmp/presec-test.$$; exit $s",
                 EXIT_INVALID, ": valid", "data/bad.xml:");
    child_expect("f=$(mktemp) && truncate -s 17000000 $f; $presec validate $f; s=$?; rm $f; exit $s", EXIT_INVALID,
                 NULL, "longer than");
    child_expect("$presec validate /dev/null", EXIT_INVALID, NULL, "/dev/null:");
    child_expect("head -c 5000 /dev/urandom | $presec validate - 2>/dev/null", EXIT_INVALID, NULL, NULL);
    child_expect("$presec validate", EXIT_USAGE, NULL, "FILE...");
}

/* What is listed can be used: the ids are those of the files, with the files' titles. */
static void test_options_are_listed_from_their_files(void)
{
    child_expect("$presec list options", EXIT_DONE, "a Release 6 UE behind a Release 5 P-CSCF", NULL);
    child_expect("$presec list options | cut -d' ' -f1 | head -1", EXIT_DONE, "rel5\n", NULL);
    child_expect("$presec list options --json -", EXIT_DONE, "\"mandate+block-ue\"", NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/files/templates-are-valid", test_templates_are_valid);
    g_test_add_func("/ui/files/new-never-overwrites", test_new_never_overwrites);
    g_test_add_func("/ui/files/validate-says-every-mistake-with-its-place",
                    test_validate_says_every_mistake_with_its_place);
    g_test_add_func("/ui/files/validate-tells-unreadable-from-invalid", test_validate_tells_unreadable_from_invalid);
    g_test_add_func("/ui/files/options-are-listed-from-their-files", test_options_are_listed_from_their_files);
    return g_test_run();
}
