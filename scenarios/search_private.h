/*
 * scenarios/search_private.h - what the files of the search share.
 *
 * Knows:   as scenarios/search.h.
 */
#ifndef PRESEC_SCENARIOS_SEARCH_PRIVATE_H
#define PRESEC_SCENARIOS_SEARCH_PRIVATE_H

#include "scenarios/search.h"
#include "scenarios/world.h"

#define SEARCH_UE         "alice" /* whose access hop he sits on */
#define SEARCH_OTHER      "bob"   /* whom she watches; never registered, so that his messages cost nothing */
#define SEARCH_ATTACKER   "mallory"
#define SEARCH_EVENTS_MAX UINT64_C(1000000) /* of one run */

/* What is kept of one run. */
typedef struct SearchNote {
    bool done, all_acted;
    unsigned moves; /* made */
    unsigned goals; /* 1 << SearchGoal */
    SearchEnding ending;
    int end_status;
    char *end;
    char *how[SEARCH_N_GOALS]; /* NULL where the goal is not reached */
    unsigned clear;            /* Clear: what was read, moves or not */
    const char *sa_ealg;       /* a constant or a text of the note */
    GPtrArray *invited; /* SearchMove *: what the messages of this run make possible and no run before; NULL: nothing */
    uint64_t events;
    char *digest; /* NULL: nobody will ask */
} SearchNote;

/* --- search_goals.c --- */
/* @clear_before: what is read without moves */
void search_note(World *world, WorldStop stop, unsigned clear_before, SearchNote *note);
void search_note_clear(SearchNote *note);

/* --- search_edits.c, search_edits_tls.c: single moves --- */
typedef struct SearchPlan {
    GPtrArray *moves;        /* SearchMove * */
    GHashTable *known, *own; /* elements: of earlier runs, of these moves */
} SearchPlan;
/* All texts but @takes are taken. */
void search_plan_add(SearchPlan *plan, const char *takes, char *words, char *xml);
/* Where TLS is used: sessions of his own, and what they are good for; its port blocked, TLS ended on the path. */
void search_plan_sessions(SearchPlan *plan);
void search_plan_tls(SearchPlan *plan);
/* A contact of his own in a REGISTER that he can change. */
void search_plan_contacts(SearchPlan *plan);
/* Every single move that the messages of this run invite and that is not yet among @known (texts of elements). */
GPtrArray *search_moves_from(const World *world, GHashTable *known) G_GNUC_WARN_UNUSED_RESULT;
void search_move_free(gpointer move);
/* Both take the same message, so that the second never sees it. */
bool search_moves_collide(const SearchMove *a, const SearchMove *b);

/* --- search_write.c --- */
/*
 * A whole scenario file: the search's cast, these moves (elements; may be empty), what is expected (elements).
 * @option: an attribute (" option=\"rel6\"") or NULL; @settings: lines of an option element or NULL.
 */
typedef struct SearchText {
    const char *id, *title, *claim, *segment;
    const char *option, *settings;
    const char *moves, *expectations;
} SearchText;
char *search_write(const SearchText *text) G_GNUC_WARN_UNUSED_RESULT;
/* The cast with one attacker who has these moves; ours, so it parses. */
Scenario *search_parse(const char *segment, const GPtrArray *moves) G_GNUC_WARN_UNUSED_RESULT;

#endif
