/*
 * ui/dash/story_now.h - what exists at a position: each state record and the positions for which it holds.
 *
 * Knows:   the trace.  Nothing is rolled back: a record holds from its own position to that of the record which
 * replaces or ends it, so a state is looked up and not computed, forwards and backwards alike.
 */
#ifndef PRESEC_UI_DASH_STORY_NOW_H
#define PRESEC_UI_DASH_STORY_NOW_H

#include "ui/dash/story.h"

typedef struct NowIndex NowIndex;
NowIndex *now_index_new(const Trace *trace);
void now_index_free(NowIndex *index);
/* The records of this kind that hold after the first @at records, in order of their things' first records; borrowed
 * until the next call with this kind. */
const GArray *now_index_at(NowIndex *index, TraceId at, NowKind kind);
/* The newest of them at one place: a node, of a radio link the link ("air:bob").  0: there is none. */
TraceId now_index_newest(const NowIndex *index, TraceId at, NowKind kind, const char *place);

#endif
