/*
 * scenarios/lesson.h - a guided lesson as data: what is told, what of a run is shown, what is asked; and which answer a
 *                      run makes the right one.
 *
 * Source:  scenarios/schema/presec.xsd, element lesson; scenarios/README.md explains it.
 * Knows:   data and runs.  No answer is stored anywhere: a choice states expectations (scenarios/scenario.h), and the
 *          right one is the one whose expectations the runs meet.  How it is shown is not known here.
 */
#ifndef PRESEC_SCENARIOS_LESSON_H
#define PRESEC_SCENARIOS_LESSON_H

#include "scenarios/run.h"

/* One run that the lesson looks at. */
typedef struct LessonRun {
    char *id;
    char *word;         /* "gap", "standard+AT-20": what `presec run` takes */
    Scenario *scenario; /* NULL: there is none of that name; the lesson is invalid then */
    char *named;        /* the option that is named; "": the scenario's own */
    char **sets;        /* "field=value", ended by NULL */
    Option *option;     /* with the settings made; NULL: the scenario's own, nothing was set */
    Place place;
} LessonRun;

typedef enum {
    LESSON_LADDER,   /* the message sequence */
    LESSON_STORY,    /* the same as sentences */
    LESSON_TEXT,     /* lines of one message */
    LESSON_OCTETS,   /* one message as it crosses a segment */
    LESSON_LEARNED,  /* what an attacker has read */
    LESSON_STATE,    /* what a node holds: associations, registrations, documents, the radio cipher */
    LESSON_JUDGED,   /* the verdict on a property, and because of what */
    LESSON_OUTCOMES, /* how everybody's actions ended */
} LessonView;

typedef enum { LESSON_NOTES_ALL, LESSON_NOTES_DECISIONS, LESSON_NOTES_ATTACKERS, LESSON_NOTES_NONE } LessonNotes;

/* What of a run is shown.  Strings are never NULL; which count is said by the view. */
typedef struct LessonShow {
    LessonView view;
    guint run;     /* index into the lesson's runs */
    char *says;    /* the line above it; "" under the same one as the show before */
    char **only;   /* ladder, story: participants and protocols; ended by NULL, empty: all */
    SimTime from;  /* ladder, story */
    SimTime to;    /* ladder, story, learned, state; negative: to the end */
    unsigned most; /* ladder, story: messages, 0: all; octets: rows, judged: reasons, 0: some */
    LessonNotes notes;
    char *message; /* text, octets: "SM6", "NOTIFY", "200 PUBLISH" */
    char *sent_by; /* text, octets: node; "" whoever sent the first */
    unsigned nth;  /* text, octets: the n-th of those, from 1 */
    char **lines;  /* text: names of headers, "start-line", "body"; ended by NULL, empty: everything */
    char *of;      /* octets: segment; learned: attacker; state: node */
    Property property;
    Place place;
} LessonShow;

/* One of the two. */
typedef struct LessonPart {
    char *tell; /* NULL: it shows */
    LessonShow *show;
} LessonPart;

/* What somebody who gives this answer expects of one run. */
typedef struct LessonBelief {
    guint run;
    GPtrArray *expectations; /* Expectation* */
} LessonBelief;

typedef struct LessonChoice {
    char *says;
    GPtrArray *beliefs; /* LessonBelief*, at least one */
    Place place;
} LessonChoice;

enum { LESSON_CHOICES_MIN = 2, LESSON_CHOICES_MAX = 4 };

typedef struct LessonAsk {
    char *question, *hint;
    GPtrArray *choices; /* LessonChoice* */
    GPtrArray *shows;   /* LessonShow*, after the answer */
    char *explain;
    Place place;
} LessonAsk;

/* A page. */
typedef struct LessonStep {
    char *title;
    GPtrArray *parts; /* LessonPart* */
    LessonAsk *ask;   /* NULL: it only shows */
} LessonStep;

typedef struct Lesson {
    char *file, *id, *title, *about;
    unsigned order, minutes;
    GPtrArray *sources; /* char*: "TS 33.203 §7.2" */
    GPtrArray *runs, *steps;
} Lesson;

/* A shipped id or a file name.  NULL: see @diagnostics. */
Lesson *lesson_load(const char *id_or_file, Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;
/* From octets; @file names them in diagnostics. */
Lesson *lesson_parse(const char *file, const void *octets, size_t len,
                     Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;
void lesson_free(Lesson *lesson);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lesson, lesson_free)

/* Shipped ids in the order they are meant to be taken, NULL-terminated; g_strfreev. */
char **lesson_ids(void) G_GNUC_WARN_UNUSED_RESULT;
size_t lesson_count_questions(const Lesson *lesson);

/* The runs of a lesson, each made when it is first looked at. */
typedef struct LessonStage LessonStage;
LessonStage *lesson_stage_new(const Lesson *lesson, uint64_t seed) G_GNUC_WARN_UNUSED_RESULT; /* @lesson: borrowed */
void lesson_stage_free(LessonStage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LessonStage, lesson_stage_free)
const RunResult *lesson_stage_run(LessonStage *stage, guint run); /* finished, with trace and frames */

/* One expectation of a choice, and what the run says to it. */
typedef struct LessonFinding {
    guint run;
    const Expectation *expectation;
    ExpectationResult *result;
} LessonFinding;

typedef struct LessonJudgement {
    GPtrArray *findings[LESSON_CHOICES_MAX]; /* LessonFinding*, of each choice; NULL: no such choice */
    bool met[LESSON_CHOICES_MAX];            /* all of its expectations */
    unsigned n_met;
    int right; /* the choice that is met, -1: none or several are, so that the question has no answer in these runs */
} LessonJudgement;
LessonJudgement *lesson_judge(LessonStage *stage, const LessonAsk *ask) G_GNUC_WARN_UNUSED_RESULT;
void lesson_judgement_free(LessonJudgement *judgement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LessonJudgement, lesson_judgement_free)

#endif
