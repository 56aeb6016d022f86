/*
 * ui/dash/ladder_filter.h - which messages a ladder shows: those between participants, of protocols, over segments.
 *
 * Knows:   words; a word that is a segment's name counts as one, "air" or "air:bob".
 */
#ifndef PRESEC_UI_DASH_LADDER_FILTER_H
#define PRESEC_UI_DASH_LADDER_FILTER_H

#include "ui/dash/story.h"

/* Zeroed: every message that is told. */
typedef struct LadderFilter {
    char *text;       /* as it was asked for; NULL: everything */
    char **only;      /* participants and protocols, as ui/ladder_cast.h takes them; NULL: all */
    char **segments;  /* NULL: all */
    char **columns;   /* for the cast: @only, and who takes part in what is left; NULL: everybody */
    GArray *messages; /* TraceId, of what is left */
} LadderFilter;

/* @line: words, separated by blanks or commas; "" for everything.  Returns the first word that names nothing, then the
 * filter is as it was; NULL: set. */
char *ladder_filter_set(LadderFilter *filter, const Story *story, const char *line) G_GNUC_WARN_UNUSED_RESULT;
void ladder_filter_clear(LadderFilter *filter);
/* TraceId in ascending order; borrowed. */
const GArray *ladder_filter_messages(const LadderFilter *filter, const Story *story);

#endif
