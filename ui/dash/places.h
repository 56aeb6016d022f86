/*
 * ui/dash/places.h - where things are: nodes, the segments between them, and who listens there, as the trace shows
 * them.
 *
 * Knows:   the trace's names and the scenario's attackers.  Computed once a story, in one pass.
 */
#ifndef PRESEC_UI_DASH_PLACES_H
#define PRESEC_UI_DASH_PLACES_H

#include "ui/dash/story.h"

/* A user's way to the networks, or a link of the core; of a cell that many share, its way. */
typedef struct Path {
    char *name;          /* "alice"; "mw" */
    GPtrArray *segments; /* char *: "air:alice", "ran:alice" ... in order from the user on; of the core one */
    GPtrArray *nodes;    /* const char *, of the trace: who sent or received on it, in order of appearance */
    GArray *messages;    /* TraceId of the SENDs (but those of attaching) that crossed it */
} Path;

typedef struct Places {
    GPtrArray *users; /* Path *, those of the scenario first */
    GPtrArray *core;  /* Path * */
    GPtrArray *nodes; /* const char *, of the trace: every node that sent or took a message, but the users */
} Places;
Places *places_new(const Story *story) G_GNUC_WARN_UNUSED_RESULT;
void places_free(Places *places);

/* "air" of "air:alice" */
char *place_segment(const char *full) G_GNUC_WARN_UNUSED_RESULT;
/* Whether an attacker of the scenario listens on a segment. */
bool place_listens(const ScenarioAttacker *attacker, const char *segment);
bool place_is_tapped(const Story *story, const char *segment);
/* The other end of the newest message between a user and a P-CSCF up to the position; NULL: there was none. */
const char *place_pcscf(const Story *story, const Path *user, TraceId at);
/* Whether the octets of a FRAME show the message that they carry. */
bool place_shows(const TraceRecord *frame, const TraceRecord *sent);

#endif
