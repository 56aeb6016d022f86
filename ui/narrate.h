/*
 * ui/narrate.h - a run told as sentences, in order of time.
 *
 * Source:  README.md, "The command".
 * Knows:   the trace, nothing of nodes; the same folds as ui/ladder.h.
 */
#ifndef PRESEC_UI_NARRATE_H
#define PRESEC_UI_NARRATE_H

#include "ui/ladder.h"
#include "ui/ladder_cast.h"

/* One record as a sentence; "" when it is not told. */
char *narrate_record(const LadderFold *fold, const LadderCast *cast,
                     const TraceRecord *record) G_GNUC_WARN_UNUSED_RESULT;

void narrate_append(const Term *term, GString *out, const Trace *trace, const LadderView *view);

#endif
