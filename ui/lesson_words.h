/*
 * ui/lesson_words.h - what a run says to an expectation, as a sentence.
 *
 * Source:  scenarios/scenario.h, Expectation.
 * Knows:   finished runs.
 */
#ifndef PRESEC_UI_LESSON_WORDS_H
#define PRESEC_UI_LESSON_WORDS_H

#include "scenarios/lesson.h"

/* "listener read alice's document in NOTIFY: frame 185 on air:bob, ESP with NULL encryption"; what is so in the run,
 * whether it was expected or not. */
char *lesson_finding_text(const LessonFinding *finding, const RunResult *result) G_GNUC_WARN_UNUSED_RESULT;

/* How somebody would have to put it who expects this: "listener reads alice's document in NOTIFY". */
char *lesson_expectation_text(const Expectation *expectation) G_GNUC_WARN_UNUSED_RESULT;

#endif
