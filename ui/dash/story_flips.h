/*
 * ui/dash/story_flips.h - when the verdict on each property changed in a run.
 *
 * Knows:   the judge, which looks at the beginning of a run as if it were all.
 */
#ifndef PRESEC_UI_DASH_STORY_FLIPS_H
#define PRESEC_UI_DASH_STORY_FLIPS_H

#include "ui/dash/story.h"

/* Flip in order of position, of every property that one run can show; the array owns what they point to. */
GArray *story_flips_find(const RunResult *result, TraceId length) G_GNUC_WARN_UNUSED_RESULT;

#endif
