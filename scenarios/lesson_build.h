/*
 * scenarios/lesson_build.h - making the items of a lesson; for its loader.
 *
 * Source:  scenarios/lesson.h.
 * Knows:   memory: every array owns what is added to it.
 */
#ifndef PRESEC_SCENARIOS_LESSON_BUILD_H
#define PRESEC_SCENARIOS_LESSON_BUILD_H

#include "scenarios/lesson.h"

/* Its texts "", its arrays empty; they take LessonRun *, LessonStep * and char *. */
Lesson *lesson_new(const char *file) G_GNUC_WARN_UNUSED_RESULT;

/* Of LessonPart *, LessonShow *, LessonChoice * and LessonBelief *, made with g_new0. */
GPtrArray *lesson_parts_new(void) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *lesson_shows_new(void) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *lesson_choices_new(void) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *lesson_beliefs_new(void) G_GNUC_WARN_UNUSED_RESULT;

#endif
