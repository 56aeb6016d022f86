/*
 * ui/dash/story_index.h - where in a run is what: positions in ascending order, by what happened and to whom.
 *
 * Knows:   the trace and the folds of the ladder.  Made in one pass when a story begins, so that every question later
 * is answered by halving; a million records cost some 20 MB.
 */
#ifndef PRESEC_UI_DASH_STORY_INDEX_H
#define PRESEC_UI_DASH_STORY_INDEX_H

#include "ui/dash/story.h"

typedef struct StoryIndex StoryIndex;
/* @fold, @cast: borrowed while it is made. */
StoryIndex *story_index_new(const LadderFold *fold, const LadderCast *cast) G_GNUC_WARN_UNUSED_RESULT;
void story_index_free(StoryIndex *index);

/* Positions in ascending order (of TraceId), borrowed; never NULL. */
const GArray *story_index_told(const StoryIndex *index);
const GArray *story_index_moments(const StoryIndex *index, MomentKind kind);
void story_index_add_moment(StoryIndex *index, MomentKind kind, TraceId at); /* in order */
const GArray *story_index_of_node(const StoryIndex *index, const char *node);
const GArray *story_index_of_attacker(const StoryIndex *index, const char *name); /* his moves and gains */
const GArray *story_index_gains(const StoryIndex *index, const char *name);

/* Whether packets crossed a segment, "air:bob" or, any, "air". */
bool story_index_has_segment(const StoryIndex *index, const char *name);

/* The node that sends from an address, "2001:db8::1"; NULL: nobody does. */
const char *story_index_host(const StoryIndex *index, const char *address);
/* The highest sequence number seen on the wire under an SA up to a position; 0: none. */
uint32_t story_index_sequence(const StoryIndex *index, TraceId at, const char *dst, uint32_t spi);

#endif
