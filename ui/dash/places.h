/*
 * ui/dash/places.h - where things are: nodes, the segments between them, and who listens there, as the trace shows
 * them.
 *
 * Knows:   the trace's names and the scenario's attackers.  Computed once a story.
 */
#ifndef PRESEC_UI_DASH_PLACES_H
#define PRESEC_UI_DASH_PLACES_H

#include "ui/dash/story.h"

/* A user's way to the networks, or a link of the core. */
typedef struct Path {
    char *name;          /* "alice"; "mw" */
    GPtrArray *segments; /* char *: "air:alice", "ran:alice" ... in order from the user on; of the core one */
    GPtrArray *nodes;    /* char *: who sent or received on it, in order of appearance */
} Path;

typedef struct Places {
    GPtrArray *users; /* Path * */
    GPtrArray *core;  /* Path * */
    GPtrArray *nodes; /* char *: every node that sent or took a message, users first */
} Places;
Places *places_new(const Story *story) G_GNUC_WARN_UNUSED_RESULT;
void places_free(Places *places);

/* "air" of "air:alice" */
char *place_segment(const char *full) G_GNUC_WARN_UNUSED_RESULT;
/* The attackers of the scenario who listen there: "A1 A2"; "" = none. */
char *place_listeners(const Story *story, const char *segment) G_GNUC_WARN_UNUSED_RESULT;

#endif
