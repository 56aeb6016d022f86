/*
 * scenarios/lesson.c - lessons as values; their runs, and which answers they make right.
 *
 * Source:  scenarios/lesson.h.  Files are read in scenarios/lesson_load.c.
 * Knows:   runs and expectations.
 */
#include "scenarios/lesson.h"
#include "scenarios/data.h"
#include "scenarios/expect.h"
#include "scenarios/lesson_build.h"

#include <string.h>

#define FOLDER "scenarios/lessons/"

/* ---- memory ---- */

static void run_free(void *item)
{
    LessonRun *run = item;
    g_free(run->id);
    g_free(run->word);
    g_free(run->named);
    g_strfreev(run->sets);
    scenario_free(run->scenario);
    option_free(run->option);
    g_free(run);
}

static void show_free(void *item)
{
    LessonShow *show = item;
    char *texts[] = { show->says, show->message, show->sent_by, show->of };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_strfreev(show->only);
    g_strfreev(show->lines);
    g_free(show);
}

static void part_free(void *item)
{
    LessonPart *part = item;
    g_free(part->tell);
    g_clear_pointer(&part->show, show_free);
    g_free(part);
}

static void belief_free(void *item)
{
    LessonBelief *belief = item;
    g_ptr_array_unref(belief->expectations);
    g_free(belief);
}

static void choice_free(void *item)
{
    LessonChoice *choice = item;
    g_free(choice->says);
    g_ptr_array_unref(choice->beliefs);
    g_free(choice);
}

static void ask_free(LessonAsk *ask)
{
    g_free(ask->question);
    g_free(ask->hint);
    g_free(ask->explain);
    g_ptr_array_unref(ask->choices);
    g_ptr_array_unref(ask->shows);
    g_free(ask);
}

static void step_free(void *item)
{
    LessonStep *step = item;
    g_free(step->title);
    g_ptr_array_unref(step->parts);
    g_clear_pointer(&step->ask, ask_free);
    g_free(step);
}

Lesson *lesson_new(const char *file)
{
    Lesson *lesson = g_new0(Lesson, 1);
    lesson->file = g_strdup(file);
    lesson->id = g_strdup("");
    lesson->title = g_strdup("");
    lesson->about = g_strdup("");
    lesson->sources = g_ptr_array_new_with_free_func(g_free);
    lesson->runs = g_ptr_array_new_with_free_func(run_free);
    lesson->steps = g_ptr_array_new_with_free_func(step_free);
    return lesson;
}

void lesson_free(Lesson *lesson)
{
    if (!lesson)
        return;
    char *texts[] = { lesson->file, lesson->id, lesson->title, lesson->about };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_ptr_array_unref(lesson->sources);
    g_ptr_array_unref(lesson->runs);
    g_ptr_array_unref(lesson->steps);
    g_free(lesson);
}

GPtrArray *lesson_parts_new(void)
{
    return g_ptr_array_new_with_free_func(part_free);
}

GPtrArray *lesson_shows_new(void)
{
    return g_ptr_array_new_with_free_func(show_free);
}

GPtrArray *lesson_choices_new(void)
{
    return g_ptr_array_new_with_free_func(choice_free);
}

GPtrArray *lesson_beliefs_new(void)
{
    return g_ptr_array_new_with_free_func(belief_free);
}

/* ---- the runs ---- */

struct LessonStage {
    const Lesson *lesson;
    uint64_t seed;
    RunResult **results; /* NULL: not yet made */
};

LessonStage *lesson_stage_new(const Lesson *lesson, uint64_t seed)
{
    LessonStage *stage = g_new0(LessonStage, 1);
    stage->lesson = lesson;
    stage->seed = seed;
    stage->results = g_new0(RunResult *, lesson->runs->len);
    return stage;
}

void lesson_stage_free(LessonStage *stage)
{
    for (guint i = 0; i < stage->lesson->runs->len; i++)
        run_result_free(stage->results[i]);
    g_free(stage->results);
    g_free(stage);
}

const RunResult *lesson_stage_run(LessonStage *stage, guint run)
{
    if (stage->results[run])
        return stage->results[run];
    const LessonRun *item = stage->lesson->runs->pdata[run];
    RunConfig config = { .option = item->option, .seed = stage->seed, .flags = { .trace = true, .frames = true } };
    stage->results[run] = run_scenario(item->scenario, &config, NULL);
    g_assert(stage->results[run]); /* the settings were made and checked when the lesson was loaded */
    return stage->results[run];
}

/* ---- answers ---- */

static void finding_free(void *item)
{
    LessonFinding *finding = item;
    g_free(finding->result->expected);
    g_free(finding->result->got);
    g_free(finding->result);
    g_free(finding);
}

/* Every expectation is looked at, also behind one that is not met: all of it is evidence. */
static GPtrArray *findings_of(LessonStage *stage, const LessonChoice *choice, bool *met)
{
    GPtrArray *findings = g_ptr_array_new_with_free_func(finding_free);
    *met = true;
    for (guint i = 0; i < choice->beliefs->len; i++) {
        const LessonBelief *belief = choice->beliefs->pdata[i];
        const RunResult *result = lesson_stage_run(stage, belief->run);
        for (guint k = 0; k < belief->expectations->len; k++) {
            LessonFinding *finding = g_new0(LessonFinding, 1);
            finding->run = belief->run;
            finding->expectation = belief->expectations->pdata[k];
            finding->result = expect_check(result, finding->expectation);
            *met = *met && finding->result->met;
            g_ptr_array_add(findings, finding);
        }
    }
    return findings;
}

LessonJudgement *lesson_judge(LessonStage *stage, const LessonAsk *ask)
{
    LessonJudgement *judgement = g_new0(LessonJudgement, 1);
    judgement->right = -1;
    for (guint i = 0; i < ask->choices->len && i < LESSON_CHOICES_MAX; i++) {
        judgement->findings[i] = findings_of(stage, ask->choices->pdata[i], &judgement->met[i]);
        if (!judgement->met[i])
            continue;
        judgement->right = judgement->n_met == 0 ? (int)i : -1;
        judgement->n_met++;
    }
    return judgement;
}

void lesson_judgement_free(LessonJudgement *judgement)
{
    for (guint i = 0; i < LESSON_CHOICES_MAX; i++)
        g_clear_pointer(&judgement->findings[i], g_ptr_array_unref);
    g_free(judgement);
}

/* ---- shipped lessons ---- */

typedef struct {
    char *id;
    unsigned order;
} Shipped;

static gint by_order(gconstpointer a, gconstpointer b)
{
    const Shipped *x = a, *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return strcmp(x->id, y->id);
}

/* A shipped file that does not load is a bug; it is listed last, so that its name can be used to see why. */
static unsigned order_of(const DataFile *file)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Lesson) lesson = lesson_parse(file->path, file->octets, file->len, diagnostics);
    return lesson ? lesson->order : G_MAXUINT;
}

char **lesson_ids(void)
{
    g_autoptr(GArray) shipped = g_array_new(FALSE, FALSE, sizeof(Shipped));
    for (const DataFile *file = data_first(FOLDER); file; file = data_next(file, FOLDER)) {
        const char *name = file->path + strlen(FOLDER);
        Shipped item = { .id = g_strndup(name, strlen(name) - strlen(".xml")), .order = order_of(file) };
        g_array_append_val(shipped, item);
    }
    g_array_sort(shipped, by_order);
    char **ids = g_new0(char *, shipped->len + 1);
    for (guint i = 0; i < shipped->len; i++)
        ids[i] = g_array_index(shipped, Shipped, i).id;
    return ids;
}

size_t lesson_count_questions(const Lesson *lesson)
{
    size_t n = 0;
    for (guint i = 0; i < lesson->steps->len; i++)
        n += ((const LessonStep *)lesson->steps->pdata[i])->ask != NULL;
    return n;
}
