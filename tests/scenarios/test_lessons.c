/*
 * tests/scenarios/test_lessons.c - every shipped lesson loads, and each of its questions has exactly one answer that
 * the runs bear out, whatever the seed; lessons that are wrong are refused with every mistake and its place.
 */
#include "scenarios/lesson.h"

#include <string.h>

#define HEAD                                                                                                           \
    "<lesson xmlns=\"urn:presec:scenario:1\" id=\"t\" order=\"1\" minutes=\"1\"><title>t</title><about>a</about>\n"    \
    "<source document=\"S3\"/>\n"
#define RUN  "<run id=\"gap\" scenario=\"gap\"/>\n"
#define TAIL "</lesson>\n"

/* ---- shipped lessons ---- */

static Lesson *load(const char *id)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Lesson *lesson = lesson_load(id, diagnostics);
    g_autofree char *said = diagnostics_text(diagnostics);
    if (!lesson)
        g_error("%s", said);
    return lesson;
}

/* The letters of the choices that are met: "b"; "" none; "ac" several. */
static char *met_letters(const LessonJudgement *judgement)
{
    GString *letters = g_string_new(NULL);
    for (int i = 0; i < LESSON_CHOICES_MAX; i++)
        if (judgement->met[i])
            g_string_append_c(letters, (char)('a' + i));
    return g_string_free(letters, FALSE);
}

static void say_findings(const LessonJudgement *judgement)
{
    for (int i = 0; i < LESSON_CHOICES_MAX && judgement->findings[i]; i++) {
        for (guint k = 0; k < judgement->findings[i]->len; k++) {
            const LessonFinding *finding = judgement->findings[i]->pdata[k];
            g_test_message("  %c: %s %s; %s", 'a' + i, finding->result->met ? "met" : "not met",
                           finding->result->expected, finding->result->got);
        }
    }
}

/* The helper that every shipped question is tried with: true when exactly one choice is met. */
static bool has_one_answer(const Lesson *lesson, LessonStage *stage, const LessonStep *step)
{
    g_autoptr(LessonJudgement) judgement = lesson_judge(stage, step->ask);
    g_autofree char *letters = met_letters(judgement);
    bool one = judgement->n_met == 1 && strlen(letters) == 1 && judgement->right == letters[0] - 'a';
    if (one)
        return true;
    g_test_message("%s, line %u: the choices '%s' are met; allowed: exactly one", lesson->id, step->ask->place.line,
                   letters);
    say_findings(judgement);
    return false;
}

static void every_question_has_one_answer(const Lesson *lesson, uint64_t seed)
{
    g_autoptr(LessonStage) stage = lesson_stage_new(lesson, seed);
    for (guint i = 0; i < lesson->steps->len; i++) {
        const LessonStep *step = lesson->steps->pdata[i];
        if (step->ask && !has_one_answer(lesson, stage, step))
            g_test_fail();
    }
}

/* Answers are the runs': other secrets, keys and addresses change none of them. */
static void test_one_answer(const void *data)
{
    g_autoptr(Lesson) lesson = load(data);
    every_question_has_one_answer(lesson, 1);
    every_question_has_one_answer(lesson, 7);
}

static void mark_show(bool *used, const LessonShow *show)
{
    if (show)
        used[show->run] = true;
}

static void mark_ask(bool *used, const LessonAsk *ask)
{
    for (guint i = 0; i < ask->shows->len; i++)
        mark_show(used, ask->shows->pdata[i]);
    for (guint i = 0; i < ask->choices->len; i++) {
        const LessonChoice *choice = ask->choices->pdata[i];
        for (guint k = 0; k < choice->beliefs->len; k++)
            used[((const LessonBelief *)choice->beliefs->pdata[k])->run] = true;
    }
}

static void test_shape(const void *data)
{
    g_autoptr(Lesson) lesson = load(data);
    g_autofree bool *used = g_new0(bool, lesson->runs->len);
    size_t questions = lesson_count_questions(lesson);
    g_assert_cmpstr(lesson->id, ==, data);
    g_assert_cmpuint(questions, >=, 4);
    g_assert_cmpuint(questions, <=, 7);
    g_assert_cmpuint(lesson->minutes, >=, 5);
    g_assert_cmpuint(lesson->minutes, <=, 10);
    for (guint i = 0; i < lesson->steps->len; i++) {
        const LessonStep *step = lesson->steps->pdata[i];
        for (guint k = 0; k < step->parts->len; k++)
            mark_show(used, ((const LessonPart *)step->parts->pdata[k])->show);
        if (!step->ask)
            continue;
        mark_ask(used, step->ask);
        g_assert_true(strchr(step->ask->question, '?'));
        g_assert_cmpstr(step->ask->hint, !=, "");
        g_assert_cmpstr(step->ask->explain, !=, "");
    }
    for (guint i = 0; i < lesson->runs->len; i++)
        if (!used[i])
            g_error("%s: nothing looks at run %s", lesson->id, ((const LessonRun *)lesson->runs->pdata[i])->id);
}

static void test_shipped_in_order(void)
{
    static const char *const subjects[] = { "aka",   "null-leaks", "bid-down", "false-cell",
                                            "smime", "tls",        "steered",  "worst-watcher" };
    g_auto(GStrv) ids = lesson_ids();
    g_assert_cmpuint(g_strv_length(ids), >=, G_N_ELEMENTS(subjects));
    for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++)
        g_assert_cmpstr(ids[i], ==, subjects[i]);
}

/* ---- answers ---- */

static Lesson *parse(const char *text)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Lesson *lesson = lesson_parse("f", text, strlen(text), diagnostics);
    g_autofree char *said = diagnostics_text(diagnostics);
    if (!lesson)
        g_error("%s", said);
    return lesson;
}

#define ASK(choices)                                                                                                   \
    "<step title=\"s\"><ask><question>?</question><hint>h</hint>" choices "<explain>e</explain></ask></step>\n"
#define CHOICE(inside) "<choice says=\"c\"><expect>" inside "</expect></choice>"
#define REGISTERED     "<registered ue=\"alice\" is=\"yes\"/>"
#define UNREGISTERED   "<registered ue=\"alice\" is=\"no\"/>"

static void test_two_met_choices_are_refused(void)
{
    g_autoptr(Lesson) lesson =
        parse(HEAD RUN ASK(CHOICE(REGISTERED) CHOICE("<protection ue=\"alice\" is=\"null\"/>")) TAIL);
    g_autoptr(LessonStage) stage = lesson_stage_new(lesson, 1);
    const LessonStep *step = lesson->steps->pdata[0];
    g_autoptr(LessonJudgement) judgement = lesson_judge(stage, step->ask);
    g_assert_cmpuint(judgement->n_met, ==, 2);
    g_assert_cmpint(judgement->right, ==, -1);
    g_assert_false(has_one_answer(lesson, stage, step));
}

static void test_no_met_choice_is_refused(void)
{
    g_autoptr(Lesson) lesson = parse(HEAD RUN ASK(CHOICE(UNREGISTERED) CHOICE(REGISTERED UNREGISTERED)) TAIL);
    g_autoptr(LessonStage) stage = lesson_stage_new(lesson, 1);
    const LessonStep *step = lesson->steps->pdata[0];
    g_autoptr(LessonJudgement) judgement = lesson_judge(stage, step->ask);
    g_assert_cmpuint(judgement->n_met, ==, 0);
    g_assert_cmpint(judgement->right, ==, -1);
    g_assert_false(has_one_answer(lesson, stage, step));
}

/* The same question over another run has another answer: nothing of it is stored. */
static void test_the_run_decides(void)
{
    static const char *const runs[] = { "<run id=\"r\" scenario=\"gap\"/>",
                                        "<run id=\"r\" scenario=\"gap\" option=\"rel6\"/>",
                                        "<run id=\"r\" scenario=\"standard+AT-20\" option=\"rel6\"/>",
                                        "<run id=\"r\" scenario=\"gap\"><set field=\"ue-release\" value=\"6\"/>"
                                        "<set field=\"pcscf-release\" value=\"6\"/><set field=\"pcscf-encrypts\" "
                                        "value=\"yes\"/></run>" };
    static const int right[] = { 0, 1, 2, 1 };
    for (size_t i = 0; i < G_N_ELEMENTS(runs); i++) {
        g_autofree char *text = g_strconcat(HEAD, runs[i],
                                            ASK(CHOICE(REGISTERED "<protection ue=\"alice\" is=\"null\"/>")
                                                    CHOICE(REGISTERED "<protection ue=\"alice\" is=\"des-ede3-cbc\"/>")
                                                        CHOICE(UNREGISTERED)) TAIL,
                                            NULL);
        g_autoptr(Lesson) lesson = parse(text);
        g_autoptr(LessonStage) stage = lesson_stage_new(lesson, 1);
        g_autoptr(LessonJudgement) judgement = lesson_judge(stage, ((LessonStep *)lesson->steps->pdata[0])->ask);
        g_assert_cmpint(judgement->right, ==, right[i]);
    }
}

/* ---- mistakes ---- */

static void assert_says(const char *text, const char *said)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Lesson) lesson = lesson_parse("f", text, strlen(text), diagnostics);
    g_autofree char *got = diagnostics_text(diagnostics);
    g_assert_null(lesson);
    g_assert_cmpstr(got, ==, said);
}

static void test_every_mistake_is_said(void)
{
    assert_says(HEAD "<run id=\"gap\" scenario=\"gapp\"/> <run id=\"gap\" scenario=\"rel6\" optoin=\"rel6\"/>\n"
                     "<run id=\"x\" scenario=\"standard\"/> <run id=\"y\" scenario=\"gap\"><set field=\"acess\" "
                     "value=\"clear\"/></run>\n"
                     "<step title=\"s\"><show says=\"s\" run=\"gip\"><leder only=\"alice\"/></show></step>\n"
                     "<step title=\"e\"/>\n"
                     "<step title=\"q\"><show says=\"s\" run=\"y\"><learned by=\"nobody\"/><octets message=\"SM6\" "
                     "on=\"aire:alice\"/></show>\n"
                     "<ask run=\"y\"><question>?</question><hint>h</hint>\n"
                     "<choice says=\"c\"><expect><registered ue=\"alise\" is=\"yes\"/></expect></choice>\n"
                     "<explain>e</explain></ask></step>\n" TAIL,
                "f:3:15: there is no scenario 'gapp'; did you mean 'gap'?\n"
                "f:3:38: the id 'gap' is used twice; allowed: once\n"
                "f:3:63: run has no attribute 'optoin'; allowed: id, scenario, option; did you mean 'option'?\n"
                "f:4:1: standard has no option of its own; allowed: with an option attribute\n"
                "f:4:62: an option has no field 'acess'; did you mean 'access'?\n"
                "f:5:32: there is no run 'gip'; allowed: gap, x, y; did you mean 'gap'?\n"
                "f:5:42: show has no element 'leder'; allowed: ladder, story, text, octets, learned, state, judged, "
                "outcomes; did you mean 'ladder'?\n"
                "f:6:1: step is empty; allowed: tell, show, and an ask at the end\n"
                "f:7:49: there is no attacker 'nobody'; allowed: listener\n"
                "f:7:84: there is no segment 'aire:alice'; allowed: air, ran, iu, gn, gi, mw, mw2, isc, cx, inet, "
                "pcscf; did you mean 'air'?\n"
                "f:8:1: a question with 1 choice; allowed: 2 to 4\n"
                "f:9:26: there is no ue 'alise'; allowed: alice, bob; did you mean 'alice'?\n");
}

static void test_what_can_never_be_right(void)
{
    assert_says(HEAD RUN "<step title=\"s\">"
                         "<show says=\"s\"><ladder from=\"3s\" to=\"2s\"/><text message=\"SM6\" nth=\"0\"/>"
                         "<judged property=\"replayy\"/></show></step>\n"
                         "<step title=\"q\"><ask><question>?</question><hint>h</hint>\n" CHOICE("")
                             CHOICE(REGISTERED) "<explain>e</explain></ask></step>\n" TAIL,
                "f:4:50: 'to' lies before 'from'; allowed: later\n"
                "f:4:79: the first is 1; allowed: 1 and more\n"
                "f:4:96: there is no property 'replayy'; did you mean 'replay'?\n"
                "f:6:18: expect is empty, so that every run would do; allowed: at least one expectation\n");
}

static void test_what_is_missing_is_said_once(void)
{
    assert_says(
        "<lesson xmlns=\"urn:presec:scenario:1\" id=\"t\" order=\"1\" minutes=\"1\"><title>t</title><about>a</about>"
        "</lesson>",
        "f:1:1: lesson has no source; allowed: at least one\n"
        "f:1:1: lesson has no run; allowed: at least one\n"
        "f:1:1: lesson has no step; allowed: at least one\n");
    assert_says(HEAD RUN ASK("") "<step title=\"s\"><ask><question>?</question><hint>h</hint>\n"
                                 "<choice says=\"c\"/>" CHOICE(REGISTERED) "<explain>e</explain></ask></step>\n" TAIL,
                "f:4:17: a question with 0 choices; allowed: 2 to 4\n"
                "f:6:1: choice expects nothing, so that every run would do; allowed: at least one expect\n");
}

/* A lesson is looked at like any other hostile file: no device, and no work without a bound. */
static void test_bounds(void)
{
    g_autoptr(GString) text = g_string_new(HEAD);
    for (int i = 0; i < 34; i++)
        g_string_append_printf(text, "<run id=\"r%d\" scenario=\"gap\"/>", i);
    g_string_append(text, "\n<step title=\"s\"><tell>t</tell></step>" TAIL);
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Lesson) lesson = lesson_parse("f", text->str, text->len, diagnostics);
    g_assert_null(lesson);
    g_assert_cmpuint(diagnostics_count(diagnostics), ==, 2);
    assert_says(HEAD "<run id=\"r\" scenario=\"-\"/> <run id=\"s\" scenario=\"/dev/zero\"/>"
                     "<step title=\"s\"><tell>t</tell></step>" TAIL,
                "f:3:13: '-' is no file; allowed: a file, or what presec list scenarios names\n"
                "f:3:40: '/dev/zero' is no file; allowed: a file, or what presec list scenarios names\n");
}

static void test_a_scenario_is_one_run(void)
{
    static const char text[] = "<scenario xmlns=\"urn:presec:scenario:1\" id=\"t\" option=\"gap\"><title>t</title>"
                               "<ue id=\"alice\"/>\n<expect run=\"gap\"><registered ue=\"alice\" is=\"no\"/></expect>"
                               "</scenario>";
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Scenario) scenario = scenario_parse("f", text, strlen(text), diagnostics);
    g_autofree char *said = diagnostics_text(diagnostics);
    g_assert_null(scenario);
    g_assert_cmpstr(said, ==, "f:2:9: a scenario is one run; allowed: 'run' in lessons only\n");
}

static void test_other_files_are_no_lessons(void)
{
    assert_says("<option xmlns=\"urn:presec:scenario:1\" id=\"t\"/>",
                "f:1:1: this is no lesson; allowed here: a lesson\n");
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Scenario) scenario = scenario_load("scenarios/lessons/aka.xml", diagnostics);
    g_assert_null(scenario);
    g_assert_cmpuint(diagnostics_count(diagnostics), >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_auto(GStrv) ids = lesson_ids();
    g_test_add_func("/scenarios/lessons/shipped-in-order", test_shipped_in_order);
    g_test_add_func("/scenarios/lessons/two-met-choices-are-refused", test_two_met_choices_are_refused);
    g_test_add_func("/scenarios/lessons/no-met-choice-is-refused", test_no_met_choice_is_refused);
    g_test_add_func("/scenarios/lessons/the-run-decides", test_the_run_decides);
    g_test_add_func("/scenarios/lessons/every-mistake-is-said", test_every_mistake_is_said);
    g_test_add_func("/scenarios/lessons/what-can-never-be-right", test_what_can_never_be_right);
    g_test_add_func("/scenarios/lessons/what-is-missing-is-said-once", test_what_is_missing_is_said_once);
    g_test_add_func("/scenarios/lessons/bounds", test_bounds);
    g_test_add_func("/scenarios/lessons/a-scenario-is-one-run", test_a_scenario_is_one_run);
    g_test_add_func("/scenarios/lessons/other-files-are-no-lessons", test_other_files_are_no_lessons);
    for (char **id = ids; *id; id++) {
        g_autofree char *answers = g_strconcat("/scenarios/lessons/", *id, "/each-question-has-one-answer", NULL);
        g_autofree char *shape = g_strconcat("/scenarios/lessons/", *id, "/shape", NULL);
        g_test_add_data_func(answers, *id, test_one_answer);
        g_test_add_data_func(shape, *id, test_shape);
    }
    return g_test_run();
}
