/*
 * tests/ui/test_lesson.c - `presec lesson`: the dialogue through a pipe, its pages at 80 columns, and what a lesson
 * does when its input ends, is wrong, or is interrupted.
 *
 * Source:  ui/help/lesson.txt; ui/lesson_page.h.
 */
#include "tests/ui/child.h"
#include "tests/ui/golden.h"

#include "ui/exit.h"
#include "ui/lesson_page.h"

enum { COLUMNS = 80, ROWS = 24, PROMPT_ROWS = 2 };

static const Term plain = { .columns = COLUMNS };

static Lesson *load(const char *id)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Lesson *lesson = lesson_load(id, diagnostics);
    g_assert_nonnull(lesson);
    return lesson;
}

/* ---- pages ---- */

static int rows_of(const GString *page)
{
    int rows = 0;
    for (const char *c = page->str; *c; c++)
        rows += *c == '\n';
    return rows;
}

static void assert_fits(const Lesson *lesson, guint step, const char *what, const GString *page)
{
    golden_fits(page->str, COLUMNS);
    if (rows_of(page) + PROMPT_ROWS > ROWS) {
        g_test_message("%s, step %u, %s: %d rows\n%s", lesson->id, step + 1, what, rows_of(page), page->str);
        g_test_fail();
    }
}

/* Everything that is to be shown is really in its run. */
static void assert_shown(const Lesson *lesson, guint step, bool shown)
{
    if (shown)
        return;
    g_test_message("%s, step %u shows something that its run does not have", lesson->id, step + 1);
    g_test_fail();
}

static void check_step(const Lesson *lesson, LessonStage *stage, guint i)
{
    const LessonStep *step = lesson->steps->pdata[i];
    g_autoptr(GString) page = g_string_new(NULL);
    assert_shown(lesson, i, lesson_append_step(&plain, page, stage, lesson, i));
    if (step->ask) {
        g_string_append_c(page, '\n');
        lesson_append_question(&plain, page, step->ask, 1, lesson_count_questions(lesson));
    }
    assert_fits(lesson, i, "question", page);
    if (!step->ask)
        return;
    g_autoptr(LessonJudgement) judgement = lesson_judge(stage, step->ask);
    for (int given = 0; given < (int)step->ask->choices->len; given++) {
        g_string_truncate(page, 0);
        assert_shown(lesson, i, lesson_append_answer(&plain, page, stage, lesson, step->ask, judgement, given));
        assert_fits(lesson, i, "answer", page);
    }
}

static void test_pages(const void *data)
{
    g_autoptr(Lesson) lesson = load(data);
    g_autoptr(LessonStage) stage = lesson_stage_new(lesson, 1);
    g_autoptr(GString) intro = g_string_new(NULL);
    lesson_append_intro(&plain, intro, lesson);
    assert_fits(lesson, 0, "intro", intro);
    for (guint i = 0; i < lesson->steps->len; i++)
        check_step(lesson, stage, i);
}

static void test_golden(void)
{
    Child child = child_run("$presec lesson steered --answers");
    g_assert_cmpint(child.status, ==, EXIT_DONE);
    g_assert_cmpstr(child.err, ==, "");
    golden_fits(child.out, COLUMNS);
    golden_compare("lesson-steered-80", child.out);
    child_clear(&child);
}

/* ---- the dialogue ---- */

/* The part of the first text that begins with the second. */
static const char *from(const char *text, const char *start)
{
    const char *found = strstr(text, start);
    if (!found)
        g_error("'%s' is not in:\n%s", start, text);
    return found;
}

static void test_right_wrong_and_hint(void)
{
    /* Two pages; no letter, a hint, a wrong answer; on; a page without a question; the right answer; the end. */
    Child child = child_run("printf '\\n\\nx\\n?\\na\\n\\n\\nC\\n' | $presec lesson null-leaks");
    g_assert_cmpint(child.status, ==, EXIT_DONE);
    const char *text = from(child.out, "Question 1 of 5.");
    text = from(text, "Please answer with a, b or c.");
    text = from(text, "Hint: ");
    text = from(text, "The run decided for c, not for a. It shows:");
    text = from(text, "alice is registered at the end");
    text = from(text, "For a it would have to be so that alice is not registered at the end.");
    text = from(text, "3 of 7: The same packet twice");
    text = from(text, "Question 2 of 5.");
    text = from(text, "Yes, c. The run shows:");
    text = from(text, "The input ended after step 4 of 7; the runs bore out 1 of 2 answers so far.");
    from(text, "presec lesson null-leaks --step 5 goes on from there.");
    g_assert_null(strstr(child.out, "\033"));
    child_clear(&child);
}

static void test_to_the_end(void)
{
    Child child = child_run("printf '\\nc\\n\\nc\\n\\na\\n' | $presec lesson worst-watcher --step 2");
    g_assert_cmpint(child.status, ==, EXIT_DONE);
    g_assert_null(strstr(child.out, "1 of 5:"));
    const char *text = from(child.out, "2 of 5:");
    text = from(text, "That was the lesson. The runs bore out 3 of your 3 answers.");
    from(text, "presec run the-other-leg --set forwards-indication=yes --set clear-notifications=deny");
    child_clear(&child);
}

static void test_leaving(void)
{
    child_expect("printf '\\nq\\n' | $presec lesson aka", EXIT_DONE, "You left in step 1 of 6.\n", NULL);
    child_expect("$presec lesson aka < /dev/null", EXIT_DONE, "The input ended in step 1 of 6.\n", NULL);
    child_expect("printf '\\n%0999d\\nb\\n' 7 | $presec lesson aka", EXIT_DONE, "Please answer with a, b or c.", NULL);
}

/* Somebody thinks about a question for a while, and presses Ctrl-C. */
static void test_interrupted(void)
{
    Child child = child_run("sleep 9 2>/dev/null | $presec lesson aka & sleep 2; kill -INT $!; wait $!");
    g_assert_cmpint(child.status, ==, EXIT_INTERRUPTED);
    g_assert_cmpstr(child.err, ==, "presec: lesson: interrupted\n");
    g_assert_nonnull(strstr(child.out, "AKA from inside"));
    child_clear(&child);
}

static void test_list_and_names(void)
{
    Child child = child_run("$presec lesson");
    g_auto(GStrv) ids = lesson_ids();
    g_assert_cmpint(child.status, ==, EXIT_DONE);
    golden_fits(child.out, COLUMNS);
    const char *text = child.out;
    for (char **id = ids; *id; id++)
        text = from(text, *id);
    child_clear(&child);
    child_expect("$presec lesson bid-dwn", EXIT_USAGE, NULL, "there is no lesson 'bid-dwn'; did you mean 'bid-down'?");
    child_expect("$presec lesson aka --step 99", EXIT_USAGE, NULL, "--step is a number from 1 to 6");
    child_expect("$presec lesson ./missing.xml", EXIT_IO, NULL, "missing.xml");
    child_expect("printf '<lesson/>' | $presec lesson -", EXIT_INVALID, NULL,
                 "-:1:1: lesson has no run; allowed: at least one");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_auto(GStrv) ids = lesson_ids();
    g_test_add_func("/ui/lesson/golden-with-answers", test_golden);
    g_test_add_func("/ui/lesson/right-wrong-and-hint", test_right_wrong_and_hint);
    g_test_add_func("/ui/lesson/to-the-end", test_to_the_end);
    g_test_add_func("/ui/lesson/leaving", test_leaving);
    g_test_add_func("/ui/lesson/interrupted", test_interrupted);
    g_test_add_func("/ui/lesson/list-and-names", test_list_and_names);
    for (char **id = ids; *id; id++) {
        g_autofree char *path = g_strconcat("/ui/lesson/", *id, "/pages-fit-80-by-24", NULL);
        g_test_add_data_func(path, *id, test_pages);
    }
    return g_test_run();
}
