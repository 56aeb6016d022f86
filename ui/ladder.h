/*
 * ui/ladder.h - a run as a message sequence, read like the flow of a specification.
 *
 * Source:  TS 33.203 §6.1.1 for the flow; README.md, "The command".
 * Knows:   the trace, nothing of nodes.
 *
 *             alice     bob     P-CSCF    I-CSCF
 *     0.907     |--REGISTER SM1-->|         |
 *               air ran iu gn gi: in the clear
 *               * P-CSCF is Release 5: SM6 lists no ealg [S3 §2]
 */
#ifndef PRESEC_UI_LADDER_H
#define PRESEC_UI_LADDER_H

#include "sim/trace.h"
#include "ui/term.h"

/* Which sentences stand between the messages. */
typedef enum {
    LADDER_NOTES_ALL,
    LADDER_NOTES_DECISIONS, /* what nodes decided and what they discarded */
    LADDER_NOTES_ATTACKERS, /* what attackers did and learned, and what nodes discarded */
    LADDER_NOTES_NONE,
} LadderNotes;

/* Zeroed but for the width: everything that is told. */
typedef struct {
    int width;               /* columns to use */
    const char *const *only; /* participants and protocols to show, ended by NULL; NULL: everything that is told */
    SimTime from, until;     /* only what happened then; until 0: to the end */
    unsigned most;           /* messages at most; 0: all */
    LadderNotes notes;
    bool bare; /* without a legend */
} LadderView;

/* Protocols that `only` may name besides participants: "sip", "diameter", "access", "dhcp"; ended by NULL. */
extern const char *const ladder_protocols[];

/* The participants of the trace by the names that `only` takes, ended by NULL; the array is the caller's, the names are
 * the trace's. */
const char **ladder_participants(const Trace *trace) G_GNUC_WARN_UNUSED_RESULT;

/* Whether `only` may name this: a protocol, or a participant by any of his names. */
bool ladder_knows(const Trace *trace, const char *word);

/* Whether a record is within what the view shows; one call for each record, in order.  @messages: 0 at first, counted
 * here.  False also for sentences of a kind that is not wanted. */
bool ladder_view_wants(const LadderView *view, const TraceRecord *record, bool is_message, unsigned *messages);

void ladder_append(const Term *term, GString *out, const Trace *trace, const LadderView *view);

#endif
