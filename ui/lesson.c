/*
 * ui/lesson.c - `presec lesson`: a guided lesson as a dialogue of lines.
 *
 * Source:  README.md, "The command"; the pages are ui/lesson_page.h.
 * Knows:   the command line, lines of input.  Nothing is drawn over: it works on every terminal, through pipes, and for
 *          screen readers.
 */
#include "ui/command.h"
#include "ui/commands.h"
#include "ui/interrupt.h"
#include "ui/lesson_page.h"
#include "ui/load.h"
#include "ui/output.h"
#include "ui/text.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_LEN = 256, NAME_COLUMN = 20 };

const CommandOption lesson_options[] = {
    { "answers", 'a', OPTION_FLAG, offsetof(LessonSettings, answers), NULL,
      "Ask nothing: show every page, with the answers that the runs give" },
    { "step", 0, OPTION_NUMBER, offsetof(LessonSettings, step), "N", "Begin at this step" },
    { "seed", 0, OPTION_NUMBER, offsetof(LessonSettings, seed), "N",
      "Draw every secret and key of the runs from this seed; 1" },
    { 0 },
};

typedef struct {
    const CommandCall *call;
    const Lesson *lesson;
    LessonStage *stage;
    bool interactive;
    unsigned asked, right; /* questions so far */
    unsigned missed_step;  /* of the first one that was not right, from 1; 0: none */
    guint step;
    bool step_done; /* all of it was seen, and its question answered */
} Class;

/* What somebody who was asked wants. */
typedef enum { WANTS_ON, WANTS_TO_LEAVE, WANTS_NOTHING_MORE, WANTS_INTERRUPTED } Wants;

/* ---- lines ---- */

static ExitStatus say(const GString *text)
{
    return output_print(text->str, text->len);
}

static ExitStatus say_text(const char *text)
{
    return output_print(text, strlen(text));
}

/* What does not fit into the line is read and left out. */
static bool read_line(char line[LINE_MAX_LEN])
{
    if (!fgets(line, LINE_MAX_LEN, stdin))
        return false;
    bool whole = strchr(line, '\n') != NULL;
    for (int c = 0; !whole && c != EOF && c != '\n';)
        c = getchar();
    g_strstrip(line);
    return true;
}

/* Whoever reads a file of the dialogue sees the prompt and what followed on lines of their own. */
static Wants prompt(const char *text, char line[LINE_MAX_LEN])
{
    line[0] = '\0';
    if (say_text(text) != EXIT_DONE)
        return WANTS_NOTHING_MORE;
    bool read = read_line(line);
    if (!read || !isatty(STDIN_FILENO))
        (void)!say_text("\n");
    if (interrupt_requested())
        return WANTS_INTERRUPTED;
    return !read ? WANTS_NOTHING_MORE : g_ascii_strcasecmp(line, "q") == 0 ? WANTS_TO_LEAVE : WANTS_ON;
}

static Wants wait_for_enter(void)
{
    char line[LINE_MAX_LEN];
    return prompt("\n[Enter goes on, q leaves] ", line);
}

/* ---- a question ---- */

/* "a, b or c" */
static char *letters_of(const LessonAsk *ask)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < ask->choices->len; i++)
        g_string_append_printf(text, "%s%c", i == 0 ? "" : i + 1 < ask->choices->len ? ", " : " or ", 'a' + (char)i);
    return g_strdup(text->str);
}

/* The choice that a line names, with or without its bracket; LESSON_NO_ANSWER: none. */
static int choice_of(const LessonAsk *ask, const char *line)
{
    int choice = g_ascii_tolower(line[0]) - 'a';
    bool alone = line[0] && (line[1] == '\0' || strcmp(line + 1, ")") == 0 || strcmp(line + 1, ".") == 0);
    return alone && choice >= 0 && choice < (int)ask->choices->len ? choice : LESSON_NO_ANSWER;
}

/* Asks until there is an answer.  @given: out, for WANTS_ON */
static Wants get_answer(const Class *class, const LessonAsk *ask, int *given)
{
    g_autofree char *letters = letters_of(ask);
    g_autofree char *text = g_strdup_printf("\nYour answer (%s; ? for a hint; q to leave): ", letters);
    for (;;) {
        char line[LINE_MAX_LEN];
        Wants wants = prompt(text, line);
        if (wants != WANTS_ON)
            return wants;
        *given = choice_of(ask, line);
        if (*given != LESSON_NO_ANSWER)
            return WANTS_ON;
        g_autoptr(GString) out = g_string_new(NULL);
        if (strcmp(line, "?") == 0)
            lesson_append_hint(class->call->term, out, ask);
        else
            g_string_append_printf(out, "Please answer with %s.\n", letters);
        if (say(out) != EXIT_DONE)
            return WANTS_NOTHING_MORE;
    }
}

static void count_answer(Class *class, bool right)
{
    class->asked++;
    class->right += right;
    if (!right && class->missed_step == 0)
        class->missed_step = class->step + 1;
}

/* Questions before this step; a lesson may be begun in its middle. */
static unsigned questions_before(const Lesson *lesson, guint step)
{
    unsigned n = 0;
    for (guint i = 0; i < step; i++)
        n += ((const LessonStep *)lesson->steps->pdata[i])->ask != NULL;
    return n;
}

static Wants ask_question(Class *class, const LessonAsk *ask)
{
    const Term *term = class->call->term;
    g_autoptr(LessonJudgement) judgement = lesson_judge(class->stage, ask);
    int given = LESSON_NO_ANSWER;
    if (class->interactive) {
        Wants wants = get_answer(class, ask, &given);
        if (wants != WANTS_ON)
            return wants;
        count_answer(class, given == judgement->right);
    }
    g_autoptr(GString) out = g_string_new("\n");
    if (!class->interactive) {
        lesson_append_hint(term, out, ask);
        g_string_append_c(out, '\n');
    }
    lesson_append_answer(term, out, class->stage, class->lesson, ask, judgement, given);
    return say(out) == EXIT_DONE ? WANTS_ON : WANTS_NOTHING_MORE;
}

/* ---- the lesson ---- */

static Wants take_step(Class *class)
{
    const Term *term = class->call->term;
    const LessonStep *step = class->lesson->steps->pdata[class->step];
    g_autoptr(GString) out = g_string_new("\n");
    class->step_done = false;
    term_progress(term, "running the scenarios of this step");
    lesson_append_step(term, out, class->stage, class->lesson, class->step);
    if (step->ask) {
        if (step->parts->len > 0)
            g_string_append_c(out, '\n');
        lesson_append_question(term, out, step->ask, questions_before(class->lesson, class->step) + 1,
                               lesson_count_questions(class->lesson));
    }
    term_progress_end(term);
    if (say(out) != EXIT_DONE)
        return WANTS_NOTHING_MORE;
    Wants wants = step->ask ? ask_question(class, step->ask) : WANTS_ON;
    bool last = class->step + 1 == class->lesson->steps->len;
    class->step_done = wants == WANTS_ON;
    return wants == WANTS_ON && class->interactive && !last ? wait_for_enter() : wants;
}

/* Where it stopped, and how to go on from there. */
static ExitStatus stop(const Class *class, const char *how)
{
    g_autoptr(GString) out = g_string_new(NULL);
    guint next = class->step + 1 + class->step_done;
    g_string_append_printf(out, "%s %s step %u of %u", how, class->step_done ? "after" : "in", class->step + 1,
                           class->lesson->steps->len);
    if (class->asked > 0)
        g_string_append_printf(out, "; the runs bore out %u of %u answers so far", class->right, class->asked);
    g_string_append_printf(out, ".\npresec lesson %s --step %u goes on from there.\n", class->call->args[0], next);
    return say(out);
}

static void append_runs(const Term *term, GString *out, const Lesson *lesson)
{
    g_string_append(out, "\nThe runs of this lesson, to look at yourself with --ladder or --narrate:\n");
    for (guint i = 0; i < lesson->runs->len; i++) {
        const LessonRun *run = lesson->runs->pdata[i];
        g_string_append_printf(out, "  %spresec run %s", term_style(term, STYLE_NAME), run->word);
        if (run->named[0])
            g_string_append_printf(out, " --option %s", run->named);
        for (char **set = run->sets; *set; set++)
            g_string_append_printf(out, " --set %s", *set);
        g_string_append_printf(out, "%s\n", term_style(term, STYLE_PLAIN));
    }
}

static const char *next_lesson(char *const *ids, const char *id)
{
    for (; *ids; ids++)
        if (strcmp(*ids, id) == 0)
            return ids[1];
    return NULL;
}

static ExitStatus finish(const Class *class)
{
    g_auto(GStrv) ids = lesson_ids();
    const char *next = next_lesson(ids, class->lesson->id);
    g_autoptr(GString) out = g_string_new("\n");
    if (class->interactive && class->asked > 0)
        g_string_append_printf(out, "That was the lesson. The runs bore out %u of your %u answers.\n", class->right,
                               class->asked);
    if (class->interactive && class->missed_step > 0)
        g_string_append_printf(out, "The others are where the most is learned: --step %u shows the first of them.\n",
                               class->missed_step);
    append_runs(class->call->term, out, class->lesson);
    if (next)
        g_string_append_printf(out, "The next lesson: presec lesson %s\n", next);
    return say(out);
}

static ExitStatus take_lesson(Class *class)
{
    g_autoptr(GString) intro = g_string_new(NULL);
    lesson_append_intro(class->call->term, intro, class->lesson);
    if (class->step == 0 && say(intro) != EXIT_DONE)
        return EXIT_IO;
    Wants wants = class->interactive && class->step == 0 ? wait_for_enter() : WANTS_ON;
    for (; wants == WANTS_ON && class->step < class->lesson->steps->len; class->step++) {
        wants = take_step(class);
        if (wants != WANTS_ON)
            break;
    }
    switch (wants) {
    case WANTS_ON: return finish(class);
    case WANTS_TO_LEAVE: return stop(class, "You left");
    case WANTS_NOTHING_MORE: return stop(class, "The input ended");
    case WANTS_INTERRUPTED: return EXIT_INTERRUPTED;
    }
    g_assert_not_reached();
}

/* ---- the list ---- */

static ExitStatus print_list(const Term *term)
{
    g_auto(GStrv) ids = lesson_ids();
    g_autoptr(GString) out = g_string_new(NULL);
    for (char **id = ids; *id; id++) {
        g_autoptr(Diagnostics) diagnostics = diagnostics_new();
        g_autoptr(Lesson) lesson = lesson_load(*id, diagnostics);
        g_string_append(out, term_style(term, STYLE_NAME));
        text_pad(out, *id, NAME_COLUMN);
        g_string_append(out, term_style(term, STYLE_PLAIN));
        if (lesson)
            g_string_append_printf(out, "%s (%u min)", lesson->title, lesson->minutes);
        g_string_append_c(out, '\n');
    }
    g_string_append(out, "\npresec lesson NAME begins one.\n");
    return say(out);
}

static ExitStatus load(const char *word, Lesson **lesson)
{
    g_auto(GStrv) ids = lesson_ids();
    bool file = load_is_file(word);
    if (!file && !g_strv_contains((const char *const *)ids, word))
        return command_unknown("lesson", word, (const char *const *)ids);
    ExitStatus status = file ? load_check_file(word) : EXIT_DONE;
    if (status != EXIT_DONE)
        return status;
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    *lesson = lesson_load(word, diagnostics);
    if (*lesson)
        return EXIT_DONE;
    load_say(diagnostics);
    return EXIT_INVALID;
}

ExitStatus lesson_run(const CommandCall *call)
{
    const LessonSettings *settings = call->settings;
    g_autoptr(Lesson) lesson = NULL;
    if (call->n_args == 0)
        return print_list(call->term);
    ExitStatus status = load(call->args[0], &lesson);
    if (status != EXIT_DONE)
        return status;
    if (settings->step.given && (settings->step.value < 1 || settings->step.value > lesson->steps->len)) {
        output_message("lesson: --step is a number from 1 to %u", lesson->steps->len);
        return EXIT_USAGE;
    }
    g_autoptr(LessonStage) stage = lesson_stage_new(lesson, settings->seed.given ? settings->seed.value : 1);
    Class class = { .call = call,
                    .lesson = lesson,
                    .stage = stage,
                    .interactive = !settings->answers,
                    .step = settings->step.given ? (guint)settings->step.value - 1 : 0 };
    return take_lesson(&class);
}
