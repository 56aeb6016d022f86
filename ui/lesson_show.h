/*
 * ui/lesson_show.h - what a lesson shows of a run, made from the run.
 *
 * Source:  scenarios/lesson.h, LessonShow.
 * Knows:   finished runs: their traces and verdicts.
 */
#ifndef PRESEC_UI_LESSON_SHOW_H
#define PRESEC_UI_LESSON_SHOW_H

#include "scenarios/lesson.h"
#include "ui/term.h"

/* The caption and the view under it.  False: the run has nothing of that kind, which is said instead. */
bool lesson_show_append(const Term *term, GString *out, const LessonShow *show, const RunResult *result);

#endif
