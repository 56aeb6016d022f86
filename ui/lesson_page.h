/*
 * ui/lesson_page.h - the pages of a lesson as text: what is told and shown, a question, what comes of an answer.
 *
 * Source:  scenarios/lesson.h.
 * Knows:   lessons and their runs; nothing of who reads them.  Every page is plain lines from the top, so that a screen
 *          reader, a pipe and a file get the same.
 */
#ifndef PRESEC_UI_LESSON_PAGE_H
#define PRESEC_UI_LESSON_PAGE_H

#include "scenarios/lesson.h"
#include "ui/term.h"

enum { LESSON_NO_ANSWER = -1 };

/* What one will understand, how long it takes, where it comes from. */
void lesson_append_intro(const Term *term, GString *out, const Lesson *lesson);

/* The heading of a step, what it tells and shows.  False: something that is to be shown is not in the run. */
bool lesson_append_step(const Term *term, GString *out, LessonStage *stage, const Lesson *lesson, guint step);

/* @number: of the question in the lesson, from 1 */
void lesson_append_question(const Term *term, GString *out, const LessonAsk *ask, unsigned number, size_t questions);
void lesson_append_hint(const Term *term, GString *out, const LessonAsk *ask);

/* Whether that was right, and what in the runs says so; what is shown after it, and why it is so.
 * @given: the choice, or LESSON_NO_ANSWER: the right one is told.  False: as lesson_append_step(). */
bool lesson_append_answer(const Term *term, GString *out, LessonStage *stage, const Lesson *lesson,
                          const LessonAsk *ask, const LessonJudgement *judgement, int given);

#endif
