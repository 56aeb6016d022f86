/*
 * ui/lesson_page.c - the pages of a lesson as text.
 *
 * Source:  ui/lesson_page.h.
 * Knows:   lessons and their runs.
 */
#include "ui/lesson_page.h"

#include "ui/lesson_show.h"
#include "ui/lesson_words.h"
#include "ui/narrate_words.h"
#include "ui/text.h"

#include <string.h>

enum { INDENT = 2, CHOICE_INDENT = 5, EVIDENCE_MOST = 5 };

/* ---- paragraphs ---- */

static void append_visible_filled(const Term *term, GString *out, const char *text, int indent)
{
    g_autoptr(GString) visible = g_string_new(NULL);
    text_visible(visible, text, strlen(text));
    text_fill_whole(out, visible->str, indent, term->columns);
}

/* Lines that begin with a blank stand as they are: pictures, formulas. */
static void append_text(const Term *term, GString *out, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) running = g_string_new(NULL);
    for (char **line = lines; *line; line++) {
        bool verbatim = **line == ' ';
        if (**line && !verbatim) {
            g_string_append_printf(running, "%s ", *line);
            continue;
        }
        append_visible_filled(term, out, running->str, 0);
        g_string_truncate(running, 0);
        text_visible(out, *line, strlen(*line));
        g_string_append_c(out, '\n');
    }
    append_visible_filled(term, out, running->str, 0);
}

static void append_heading(const Term *term, GString *out, const char *text)
{
    g_string_append(out, term_style(term, STYLE_HEADING));
    append_visible_filled(term, out, text, 0);
    g_string_append(out, term_style(term, STYLE_PLAIN));
}

/* "a) " before the text. */
static void append_choice(const Term *term, GString *out, guint i, const char *text)
{
    gsize start = out->len;
    append_visible_filled(term, out, text, CHOICE_INDENT);
    if (out->len < start + CHOICE_INDENT)
        return;
    out->str[start + INDENT] = (char)('a' + i);
    out->str[start + INDENT + 1] = ')';
}

/* ---- pages ---- */

void lesson_append_intro(const Term *term, GString *out, const Lesson *lesson)
{
    size_t questions = lesson_count_questions(lesson);
    g_autoptr(GString) sources = g_string_new("Sources: ");
    for (guint i = 0; i < lesson->sources->len; i++)
        g_string_append_printf(sources, "%s%s", i > 0 ? "; " : "", (const char *)lesson->sources->pdata[i]);
    append_heading(term, out, lesson->title);
    g_string_append_c(out, '\n');
    append_text(term, out, lesson->about);
    g_string_append_printf(out,
                           "\nAbout %u minutes, %zu question%s. Guess before you read on: every answer is\n"
                           "looked up in a run that is made while you read, not in a list of answers.\n\n",
                           lesson->minutes, questions, questions == 1 ? "" : "s");
    append_visible_filled(term, out, sources->str, 0);
}

bool lesson_append_step(const Term *term, GString *out, LessonStage *stage, const Lesson *lesson, guint step)
{
    const LessonStep *item = lesson->steps->pdata[step];
    g_autofree char *heading = g_strdup_printf("%u of %u: %s", step + 1, lesson->steps->len, item->title);
    bool all = true;
    append_heading(term, out, heading);
    for (guint i = 0; i < item->parts->len; i++) {
        const LessonPart *part = item->parts->pdata[i];
        if (i == 0 || part->tell || part->show->says[0])
            g_string_append_c(out, '\n');
        if (part->tell)
            append_text(term, out, part->tell);
        else
            all = lesson_show_append(term, out, part->show, lesson_stage_run(stage, part->show->run)) && all;
    }
    return all;
}

void lesson_append_question(const Term *term, GString *out, const LessonAsk *ask, unsigned number, size_t questions)
{
    g_autofree char *text = g_strdup_printf("Question %u of %zu. %s", number, questions, ask->question);
    append_heading(term, out, text);
    for (guint i = 0; i < ask->choices->len; i++)
        append_choice(term, out, i, ((const LessonChoice *)ask->choices->pdata[i])->says);
}

void lesson_append_hint(const Term *term, GString *out, const LessonAsk *ask)
{
    g_autofree char *text = g_strconcat("Hint: ", ask->hint, NULL);
    append_visible_filled(term, out, text, 0);
}

/* ---- what comes of an answer ---- */

static void append_bullet(const Term *term, GString *out, const char *text)
{
    gsize start = out->len;
    append_visible_filled(term, out, text, INDENT + 2);
    if (out->len > start)
        out->str[start + INDENT] = '-';
}

/* Several runs speak to one question: then each says which it is. */
static bool speak_together(const GPtrArray *findings)
{
    guint first = findings->len > 0 ? ((const LessonFinding *)findings->pdata[0])->run : 0;
    for (guint i = 1; i < findings->len; i++)
        if (((const LessonFinding *)findings->pdata[i])->run != first)
            return true;
    return false;
}

/* That a rule was never needed says little beside what was done. */
static bool is_worth_telling(const LessonFinding *finding, const GPtrArray *findings)
{
    bool nothing = finding->expectation->kind == EXPECT_COUNT && strcmp(finding->result->got, "0") == 0;
    return !nothing || findings->len == 1;
}

static char *run_prefix(const Lesson *lesson, const LessonFinding *finding, bool together)
{
    const LessonRun *run = lesson->runs->pdata[finding->run];
    return together ? g_strdup_printf("In run %s: ", run->id) : g_strdup("");
}

static void append_evidence(const Term *term, GString *out, LessonStage *stage, const Lesson *lesson,
                            const GPtrArray *findings)
{
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool together = speak_together(findings);
    for (guint i = 0; i < findings->len; i++) {
        const LessonFinding *finding = findings->pdata[i];
        if (!is_worth_telling(finding, findings))
            continue;
        g_autofree char *run = run_prefix(lesson, finding, together);
        g_autofree char *words = lesson_finding_text(finding, lesson_stage_run(stage, finding->run));
        g_autofree char *plain = narrate_plain(words), *text = g_strconcat(run, plain, NULL);
        if (!g_hash_table_add(told, g_strdup(text)))
            continue;
        if (g_hash_table_size(told) <= EVIDENCE_MOST)
            append_bullet(term, out, text);
    }
    if (g_hash_table_size(told) > EVIDENCE_MOST) {
        g_autofree char *rest = g_strdup_printf("and %u findings more", g_hash_table_size(told) - EVIDENCE_MOST);
        append_bullet(term, out, rest);
    }
}

/* What would have to be so for another answer, and is not. */
static void append_missing(const Term *term, GString *out, const Lesson *lesson, const GPtrArray *findings, char letter)
{
    for (guint i = 0; i < findings->len; i++) {
        const LessonFinding *finding = findings->pdata[i];
        if (finding->result->met)
            continue;
        g_autofree char *run = run_prefix(lesson, finding, speak_together(findings));
        g_autofree char *words = lesson_expectation_text(finding->expectation);
        g_autofree char *text = g_strdup_printf("%sFor %c it would have to be so that %s.", run, letter, words);
        append_visible_filled(term, out, text, 0);
        return;
    }
}

static void append_verdict(const Term *term, GString *out, const LessonJudgement *judgement, int given)
{
    char right = (char)('a' + judgement->right);
    bool hit = given == judgement->right;
    g_autofree char *text = given == LESSON_NO_ANSWER ? g_strdup_printf("The run says: %c.", right)
                            : hit
                                ? g_strdup_printf("Yes, %c. The run shows:", right)
                                : g_strdup_printf("The run decided for %c, not for %c. It shows:", right, 'a' + given);
    term_append(term, out, given == LESSON_NO_ANSWER ? STYLE_HEADING : hit ? STYLE_GOOD : STYLE_DOUBT, text);
    g_string_append_c(out, '\n');
}

bool lesson_append_answer(const Term *term, GString *out, LessonStage *stage, const Lesson *lesson,
                          const LessonAsk *ask, const LessonJudgement *judgement, int given)
{
    bool all = true;
    if (judgement->right < 0) {
        append_visible_filled(term, out,
                              judgement->n_met == 0 ? "In these runs none of the answers is right: the question has "
                                                      "none."
                                                    : "In these runs several of the answers are right: the question "
                                                      "has no single one.",
                              0);
    } else {
        append_verdict(term, out, judgement, given);
        append_evidence(term, out, stage, lesson, judgement->findings[judgement->right]);
        if (given >= 0 && given != judgement->right)
            append_missing(term, out, lesson, judgement->findings[given], (char)('a' + given));
    }
    for (guint i = 0; i < ask->shows->len; i++) {
        const LessonShow *show = ask->shows->pdata[i];
        if (show->says[0])
            g_string_append_c(out, '\n');
        all = lesson_show_append(term, out, show, lesson_stage_run(stage, show->run)) && all;
    }
    g_string_append_c(out, '\n');
    append_text(term, out, ask->explain);
    return all;
}
